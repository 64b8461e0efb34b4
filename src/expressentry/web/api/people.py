"""Routes about one person: assess, replay."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from expressentry.profile.read import is_profile
from expressentry.web import answers
from expressentry.web.api.answering import BODY, EVERY, PREFIX, body_of, told
from expressentry.web.api.schemas import body, ok
from expressentry.web.request import DayQuery, Instants, day_of, lang_of, query_parameters, read_query, state_of

router = APIRouter(prefix=PREFIX, tags=["people"])


class AssessQuery(DayQuery):
    """What an assessment is asked with."""

    brief: Annotated[bool, Field(description="Only score, sections and findings, without lines and reasons.")] = False


class ReplayQuery(DayQuery):
    """What a replay is asked with."""

    submitted: Annotated[
        Instants,
        Field(
            description="Instants (UTC) at which the profile was submitted, separated by commas.",
            examples=["2024-02-20T15:00:00Z"],
        ),
    ] = ()
    last: Annotated[int | None, Field(ge=1, le=1000, description="Only so many rounds, the newest.")] = None


@router.post(
    "/assess",
    summary="One person's score with every point cited, programs and categories",
    responses={200: ok("Assessment"), **EVERY, **BODY},
    openapi_extra={**body("Facts"), "parameters": query_parameters(AssessQuery)},
)
async def assess(request: Request) -> Response:
    """Assess one person on a day.

    Dated facts (an object with `person`), or the columns of docs/reference/factors.md as they stand that day.
    What rests on a fact that is not given cannot be told, and the answer says which.
    """
    query = read_query(request, AssessQuery)
    state, day, lang = state_of(request), day_of(request, query), lang_of(request)
    facts = answers.facts_of(await body_of(request))
    if is_profile(facts):
        return told(request, await state.work(answers.assess, state, facts, day, lang, brief=query.brief))
    return told(request, answers.assess(state, facts, day, lang, brief=query.brief))


@router.post(
    "/replay",
    summary="Which past rounds would have invited this person",
    responses={200: ok("Replay"), **EVERY, **BODY},
    openapi_extra=body("Profile"),
)
async def replay(request: Request, query: Annotated[ReplayQuery, Query()]) -> Response:
    """Replay every round up to a day under the law, charts and lists of its own day; the newest first."""
    state, day, lang = state_of(request), day_of(request, query), lang_of(request)
    person = answers.person_of(await body_of(request))
    job = state.work(answers.replayed, state, person, day, lang, submitted=query.submitted, last=query.last)
    return told(request, await job)
