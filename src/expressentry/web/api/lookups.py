"""Routes that look things up: language tests, occupations, categories."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from expressentry.answers import lookups
from expressentry.web.api.answering import BODY, EVERY, NAMED, PREFIX, ok, told
from expressentry.web.request import DayQuery, QueryDay, day_of, lang_of, state_of
from expressentry.web.request import Query as Asked

router = APIRouter(prefix=PREFIX, tags=["look-ups"])
Score = Annotated[str, Field(max_length=10, description="As printed on the report.")]


class ConvertQuery(Asked):
    """A report of a language test."""

    other_names = MappingProxyType({"date": "taken_on"})

    test: Literal["celpip", "ielts", "pte", "tef", "tcf"]
    taken_on: Annotated[
        QueryDay,
        Field(description="The day of the test, which chooses the chart (also `date`).", examples=["2026-01-15"]),
    ]
    listening: Score
    reading: Score
    writing: Score
    speaking: Score


class SearchQuery(Asked):
    """A search for occupations."""

    q: Annotated[str, Field(min_length=1, max_length=200, description="A job title, words of duties, or a code.")]
    limit: Annotated[int, Field(ge=1, le=100)] = 10


class CategoriesQuery(DayQuery):
    """Which categories are asked for."""

    all: Annotated[bool, Field(description="Every version since 2023.")] = False


@router.get(
    "/convert",
    summary="The levels (CLB, NCLC) that a test report comes to",
    responses={200: ok("Levels"), **EVERY, 422: BODY[422]},
)
async def convert(request: Request, query: Annotated[ConvertQuery, Query()]) -> Response:
    """Convert the four scores of one report. For TEF Canada: those of the column "Équivalence ancien score"."""
    scores = query.model_dump(include={"listening", "reading", "writing", "speaking"})
    found = lookups.convert(state_of(request).law, query.test, query.taken_on, scores)
    return told(request, lookups.levels_record(found, lang_of(request)))


@router.get(
    "/occupations",
    summary="Occupations of the NOC 2021 that a few words may mean",
    responses={200: ok("Occupations"), **EVERY},
)
async def occupations(request: Request, query: Annotated[SearchQuery, Query()]) -> Response:
    """Search titles, job titles and duties, in English and French; typing errors do not matter."""
    return told(request, lookups.find_occupations(query.q, lang_of(request), query.limit))


@router.get(
    "/occupations/{code}",
    summary="One occupation",
    responses={200: ok("Occupation"), **EVERY, **NAMED},
)
async def occupation(
    request: Request,
    code: Annotated[str, Path(max_length=20, examples=["21211"])],
    query: Annotated[Asked, Query()],
) -> Response:
    """All that is known of a unit group of the NOC 2021 (five digits) or 2016 (four)."""
    found = lookups.occupation(state_of(request).law, code)
    return told(request, lookups.occupation_record(found, lang_of(request)))


@router.get("/categories", summary="The categories of a day", responses={200: ok("Categories"), **EVERY})
async def categories(request: Request, query: Annotated[CategoriesQuery, Query()]) -> Response:
    """List the categories in force on a day, or every version, each with its newest round."""
    day = day_of(request, query)
    return told(request, lookups.category_rows(state_of(request).context, day, lang_of(request), every=query.all))


@router.get("/categories/{key}", summary="One category", responses={200: ok("Category"), **EVERY, **NAMED})
async def category(
    request: Request,
    key: Annotated[str, Path(max_length=40, examples=["stem"])],
    query: Annotated[DayQuery, Query()],
) -> Response:
    """The versions of a category, its occupations on a day, and what each version changed."""
    day = day_of(request, query)
    return told(request, lookups.category(state_of(request).context, key, day, lang_of(request)))
