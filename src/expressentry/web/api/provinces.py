"""Routes of nominee streams: which there are, one of them, those that a person meets, published rounds."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from expressentry.answers import provinces as answers
from expressentry.answers.context import facts_of
from expressentry.answers.streams import assess_provinces
from expressentry.web.api.answering import BODY, EVERY, NAMED, PREFIX, body, body_of, ok, told
from expressentry.web.request import DayQuery, day_of, lang_of, names_of, state_of
from expressentry.web.workers.handing import Handed

router = APIRouter(prefix=PREFIX, tags=["provinces"])
handed_over = APIRouter(prefix=PREFIX, tags=["provinces"], route_class=Handed)
_MOST_NAMES = 400


class StreamsQuery(DayQuery):
    """Which streams are asked for."""

    all: Annotated[bool, Field(description="Closed streams too, and those not encoded, with the reason.")] = False


class DrawsQuery(DayQuery):
    """Which rounds are asked for; `on` is the last day."""

    province: Annotated[str | None, Field(max_length=2, description="Only this province.", examples=["SK"])] = None
    stream: Annotated[str | None, Field(max_length=40, description="Only this stream.", examples=["sk-ee"])] = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 1000


class PersonQuery(DayQuery):
    """Which streams a person is judged by."""

    stream: Annotated[
        str | None,
        Field(max_length=_MOST_NAMES, description="Only these streams or provinces, by comma.", examples=["sk-ee,MB"]),
    ] = None


@router.get("/provinces", summary="The nominee streams of a day", responses={200: ok("Streams"), **EVERY})
async def streams(request: Request, query: Annotated[StreamsQuery, Query()]) -> Response:
    """List the streams that we know to be in force on a day; what changed after `checked` is not known."""
    day = day_of(request, query)
    return told(request, answers.stream_rows(state_of(request).law, day, lang_of(request), every=query.all))


@router.get(
    "/provinces/draws",
    summary="Published rounds of the provinces, the newest first",
    responses={200: ok("Draws"), **EVERY, **NAMED},
)
async def draws(request: Request, query: Annotated[DrawsQuery, Query()]) -> Response:
    """List rounds up to a day, each with its source and doubt; a score is comparable in its own scale only."""
    day, lang = day_of(request, query), lang_of(request)
    found = answers.find_draws(state_of(request).context, day, query.province, query.stream)
    return told(request, [answers.draw_record(one, lang) for one in found[: query.limit]])


@handed_over.post(
    "/provinces/assess",
    summary="Every nominee stream for one person: met, not met or undetermined, points, the newest round",
    responses={200: ok("StreamFindings"), **EVERY, **NAMED, **BODY},
    openapi_extra=body("StreamFacts"),
)
async def assess(request: Request, query: Annotated[PersonQuery, Query()]) -> Response:
    """Judge one person by the streams of a day, each criterion with its reason and source.

    Send dated facts or factors; what streams ask for besides is in `provinces`, an object for each province. What is
    left out is not known: points are a range, and `missing` says which facts are needed.
    """
    day, lang = day_of(request, query), lang_of(request)
    facts = facts_of(await body_of(request))
    return told(request, assess_provinces(state_of(request).context, facts, day, lang, names_of(query.stream)))


@router.get(
    "/provinces/{key}",
    summary="One nominee stream",
    responses={200: ok("Stream"), **EVERY, **NAMED},
)
async def stream(
    request: Request,
    key: Annotated[str, Path(max_length=40, examples=["sk-ee"])],
    query: Annotated[DayQuery, Query()],
) -> Response:
    """What a stream asks with the sources, its grids with every cell, its versions, its newest rounds."""
    day = day_of(request, query)
    return told(request, answers.stream_record(state_of(request).context, key, day, lang_of(request)))
