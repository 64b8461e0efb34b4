"""Routes of the law: instruments, grids and other parts, and what changed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from expressentry.answers import law
from expressentry.web.api.answering import EVERY, NAMED, PREFIX, ok, told
from expressentry.web.request import Query as Asked
from expressentry.web.request import lang_of, state_of

router = APIRouter(prefix=PREFIX, tags=["law"])
Name = Annotated[str, Field(max_length=60)]


class DiffQuery(Asked):
    """Two grids or two days."""

    a: Annotated[Name, Field(description="The earlier grid, or a day.", examples=["crs-2017-06-06"])]
    b: Annotated[Name, Field(description="The later grid, or a day.", examples=["crs-2020-10-20"])]


@router.get("/law", summary="Every instrument", responses={200: ok("Instruments"), **EVERY})
async def instruments(request: Request, query: Annotated[Asked, Query()]) -> Response:
    """List the instruments that numbers are cited to, with the grid that each made."""
    return told(request, law.instruments(state_of(request).law, lang_of(request)))


@router.get(
    "/law/diff", summary="What changed between two grids or days", responses={200: ok("Changes"), **EVERY, **NAMED}
)
async def changes(request: Request, query: Annotated[DiffQuery, Query()]) -> Response:
    """Every place and value that differs, before and after; between two days, also programs, categories and rules."""
    return told(request, law.law_changes(state_of(request).law, query.a, query.b, lang_of(request)))


@router.get(
    "/law/{id}",
    summary="One instrument, one whole grid, or another part of the law",
    responses={200: ok("Law"), **EVERY, **NAMED},
)
async def one_law(
    request: Request,
    id: Annotated[str, Path(max_length=60, examples=["crs-2025-03-25"])],  # noqa: A002
    query: Annotated[Asked, Query()],
) -> Response:
    """An instrument's record, a grid with the source of every number, or every version of another part."""
    return told(request, law.one_law(state_of(request).law, id, lang_of(request)))
