"""Routes of the published record: rounds and the pool."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from expressentry.answers import rounds as answers
from expressentry.web.api.answering import EVERY, NAMED, PREFIX, ok, told
from expressentry.web.request import DayQuery, QueryFirstDay, QueryLastDay, day_of, lang_of, state_of
from expressentry.web.request import Query as Asked

router = APIRouter(prefix=PREFIX, tags=["record"])
Type = Literal["no_program", "general", "cec", "fsw", "fst", "pnp", "category", "unknown"]
Crs = Annotated[int | None, Field(ge=0, le=1200)]


class RoundsQuery(Asked):
    """Which rounds are asked for; every filter must match."""

    other_names = MappingProxyType({"from": "since", "to": "until"})

    type: Type | None = None
    category: Annotated[str | None, Field(max_length=40, examples=["stem"])] = None
    since: Annotated[
        QueryFirstDay | None, Field(description="From this day, month or year (also `from`).", examples=["2024-03-01"])
    ] = None
    until: Annotated[
        QueryLastDay | None, Field(description="Up to this day, month or year (also `to`).", examples=["2024-04-11"])
    ] = None
    cutoff_min: Crs = None
    cutoff_max: Crs = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 1000


class PoolQuery(DayQuery):
    """Which distribution is asked for."""

    score: Annotated[Crs, Field(description="Give the rank of this score.", examples=[491])] = None


@router.get("/rounds", summary="Rounds of invitations, the newest first", responses={200: ok("Rounds"), **EVERY})
async def rounds(request: Request, query: Annotated[RoundsQuery, Query()]) -> Response:
    """List rounds since 2015; each has its source and, where there is one, its doubt."""
    state = state_of(request)
    found = answers.find_rounds(
        reversed(state.record.rounds),
        kind=query.type,
        category=query.category,
        since=query.since,
        until=query.until,
        cutoff_min=query.cutoff_min,
        cutoff_max=query.cutoff_max,
    )
    return told(request, [answers.round_row(one, lang_of(request)) for one in found[: query.limit]])


@router.get(
    "/rounds/{number}",
    summary="One round",
    responses={200: ok("Round"), **EVERY, **NAMED},
)
async def one_round(
    request: Request,
    number: Annotated[str, Path(max_length=10, examples=["293"])],
    query: Annotated[Asked, Query()],
) -> Response:
    """One round with the law of its day, the pool before it and its neighbours. 91a and 91b are two rounds."""
    return told(request, answers.one_round(state_of(request).context, number, lang_of(request)))


@router.get("/pool", summary="The pool, and the rank of a score in it", responses={200: ok("Pool"), **EVERY, **NAMED})
async def pool(request: Request, query: Annotated[PoolQuery, Query()]) -> Response:
    """The newest published distribution on a day."""
    day = day_of(request, query)
    return told(request, answers.pool(state_of(request).record, day, lang_of(request), query.score))
