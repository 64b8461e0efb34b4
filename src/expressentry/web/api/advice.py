"""Routes about a person's days to come: timeline, plan."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from expressentry.web import answers
from expressentry.web.api.answering import BODY, EVERY, PREFIX, body_of, told
from expressentry.web.api.schemas import body, ok
from expressentry.web.request import DayQuery, QueryDay, day_of, lang_of, state_of

router = APIRouter(prefix=PREFIX, tags=["people"])


class TimelineQuery(DayQuery):
    """What a timeline is asked with."""

    until: Annotated[QueryDay | None, Field(description="The last day.", examples=["2028-10-01"])] = None


class PlanQuery(DayQuery):
    """What a plan is asked with."""

    by: Annotated[QueryDay | None, Field(description="The day by which.", examples=["2027-10-01"])] = None
    target: Annotated[int | None, Field(ge=0, le=1200, description="A score to reach.", examples=[510])] = None
    series: Annotated[
        str | None, Field(max_length=40, description="A kind of round to be invited in.", examples=["french"])
    ] = None


@router.post(
    "/timeline",
    summary="Every day on which something changes for this person",
    responses={200: ok("Timeline"), **EVERY, **BODY},
    openapi_extra=body("Profile"),
)
async def timeline(request: Request, query: Annotated[TimelineQuery, Query()]) -> Response:
    """Birthdays, tests that end, work that completes a year, law to come: each with its cause and what it changes."""
    state, day, lang = state_of(request), day_of(request, query), lang_of(request)
    person = answers.person_of(await body_of(request))
    return told(request, await state.work(answers.timeline, state, person, day, lang, until=query.until))


@router.post(
    "/plan",
    summary="What to do: every combination of moves, and what it brings",
    responses={200: ok("Plans"), **EVERY, **BODY},
    openapi_extra=body("Profile"),
)
async def plan(request: Request, query: Annotated[PlanQuery, Query()]) -> Response:
    """Moves tried alone and together, the front of those that no other beats, and what each pays."""
    state, day, lang = state_of(request), day_of(request, query), lang_of(request)
    person = answers.person_of(await body_of(request))
    asked = query.model_dump(include={"by", "target", "series"})
    return told(request, await state.work(answers.plan, state, person, day, lang, **asked))
