"""Routes about a person's days to come: timeline, plan."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from expressentry.advise.plan.request import MOST_STEPS, SIZE, PlanRequest
from expressentry.answers import plan as plans
from expressentry.answers import timeline as timelines
from expressentry.answers.context import person_of
from expressentry.web.api.answering import BODY, EVERY, PREFIX, body, body_of, ok, told
from expressentry.web.request import DayQuery, QueryDay, day_of, lang_of, names_of, state_of
from expressentry.web.workers.handing import Handed

router = APIRouter(prefix=PREFIX, tags=["people"], route_class=Handed)


class TimelineQuery(DayQuery):
    """What a timeline is asked with."""

    until: Annotated[QueryDay | None, Field(description="The last day.", examples=["2028-10-01"])] = None
    streams: Annotated[bool, Field(description="Add the days on which a nominee stream changes; takes longer.")] = False


class PlanQuery(DayQuery):
    """What a plan is asked with."""

    by: Annotated[
        QueryDay | None, Field(description="The day by which all steps are done.", examples=["2027-10-01"])
    ] = None
    target: Annotated[int | None, Field(ge=0, le=1200, description="A score to reach.", examples=[510])] = None
    series: Annotated[
        str | None,
        Field(max_length=40, description="A type or category of round to be invited in.", examples=["french"]),
    ] = None
    size: Annotated[int, Field(ge=1, le=MOST_STEPS, description="The most steps in a plan.", examples=[3])] = SIZE
    with_: Annotated[
        str | None,
        Field(alias="with", max_length=400, description="Steps in every plan, by comma.", examples=["english-9"]),
    ] = None
    without: Annotated[
        str | None, Field(max_length=400, description="Steps in no plan, by comma.", examples=["nomination,swap"])
    ] = None
    also: Annotated[
        str | None,
        Field(
            max_length=400,
            description="Steps tried only where they are asked for, by comma.",
            examples=["partner-stays"],
        ),
    ] = None


@router.post(
    "/timeline",
    summary="Every day on which something changes for this person",
    responses={200: ok("Timeline"), **EVERY, **BODY},
    openapi_extra=body("Profile"),
)
async def timeline(request: Request, query: Annotated[TimelineQuery, Query()]) -> Response:
    """Birthdays, tests that expire, work that completes a year, known changes of law: each with cause and effect."""
    state, day, lang = state_of(request), day_of(request, query), lang_of(request)
    person = person_of(await body_of(request), state.law)
    found = timelines.timeline(state.context, person, day, until=query.until, streams=query.streams)
    return told(request, timelines.timeline_record(found, lang))


@router.post(
    "/plan",
    summary="What you could do: every combination of steps, and what it adds",
    responses={200: ok("Plans"), **EVERY, **BODY},
    openapi_extra=body("Profile"),
)
async def plan(request: Request, query: Annotated[PlanQuery, Query()]) -> Response:
    """Steps tried alone and together, the combinations that no other beats, and the points that each step adds."""
    state, day, lang = state_of(request), day_of(request, query), lang_of(request)
    person = person_of(await body_of(request), state.law)
    asked = PlanRequest(
        **query.model_dump(include={"by", "target", "series", "size"}),
        needed=names_of(query.with_),
        without=names_of(query.without),
        also=names_of(query.also),
    )
    found = plans.plan(state.context, person, day, asked)
    return told(request, plans.plans_record(found, lang))
