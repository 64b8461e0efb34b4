"""Routes about one person: assess, replay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from expressentry.answers import person as people
from expressentry.answers import rounds
from expressentry.answers.context import Context, facts_of, person_of
from expressentry.answers.records.person import AssessmentRecord
from expressentry.profile.read import is_profile
from expressentry.text import Lang
from expressentry.web.api.answering import BODY, EVERY, PREFIX, body, body_of, ok, told
from expressentry.web.request import DayQuery, Instants, day_of, lang_of, query_parameters, read_query, state_of
from expressentry.web.workers.handing import Handed, handed

router = APIRouter(prefix=PREFIX, tags=["people"])
handed_over = APIRouter(prefix=PREFIX, tags=["people"], route_class=Handed)


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
    summary="One person's score with the source of every point, programs and categories",
    responses={200: ok("Assessment"), **EVERY, **BODY},
    openapi_extra={**body("Facts"), "parameters": query_parameters(AssessQuery)},
)
async def assess(request: Request) -> Response:
    """Assess one person on a day.

    Send dated facts (an object with `person`), or the columns of docs/reference/factors.md as they are that day.
    Where a fact is missing, the finding is `cannot_tell` and `missing` says which fact is needed.
    """
    query = read_query(request, AssessQuery)
    state, day, lang = state_of(request), day_of(request, query), lang_of(request)
    if state.workers is not None and len(await request.body()) > state.settings.limits.short_bytes:
        return await handed(request)
    facts = facts_of(await body_of(request))
    if state.workers is not None and is_profile(facts):
        return await handed(request)
    return told(request, _assessed(state.context, facts, day, lang, brief=query.brief))


def _assessed(context: Context, facts: Mapping[str, Any], on: date, lang: Lang, *, brief: bool) -> AssessmentRecord:
    record = people.brief_record if brief else people.assessment_record
    return record(people.assess(context, facts, on), context.record, lang)


@handed_over.post(
    "/replay",
    summary="Which past rounds would have invited this person",
    responses={200: ok("Replay"), **EVERY, **BODY},
    openapi_extra=body("Profile"),
)
async def replay(request: Request, query: Annotated[ReplayQuery, Query()]) -> Response:
    """Replay every round up to a day, each under the law, charts and lists of its own day; the newest first."""
    state, day, lang = state_of(request), day_of(request, query), lang_of(request)
    person = person_of(await body_of(request), state.law)
    found = rounds.replay(state.context, person, day, submitted=query.submitted, last=query.last)
    return told(request, rounds.replay_record(found, state.record, day, lang))
