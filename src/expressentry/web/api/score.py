"""The route that scores many people at once, lines in and lines out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import anyio
from fastapi import APIRouter, Query, Request
from pydantic import Field
from pydantic_core import to_json
from starlette.responses import Response, StreamingResponse

from expressentry.errors import ExpressEntryError, Problem
from expressentry.web.api.answering import BODY, EVERY, check_media
from expressentry.web.api.schemas import body, ok
from expressentry.web.asked import DayQuery, day_of, lang_of, state_of
from expressentry.web.batch import Batch
from expressentry.web.problems import RequestError, problem_record
from expressentry.words import Text

router = APIRouter(tags=["people"])
MEDIA = "application/x-ndjson"
_AT_ONCE = 1000
_MOST_LINE = 256 * 1024


class ScoreQuery(DayQuery):
    """What is wanted beside the score."""

    programs: Annotated[bool, Field(description="Add each program: eligible, not_eligible, cannot_tell.")] = False
    categories: Annotated[bool, Field(description="Add each category: member, not_member, cannot_tell.")] = False


@router.post(
    "/score",
    summary="The scores of many people: NDJSON in, NDJSON out, in the same order",
    responses={200: ok("Scored", MEDIA), **EVERY, **{status: BODY[status] for status in (408, 413, 415)}},
    openapi_extra=body("Line", MEDIA),
)
async def score(request: Request, query: Annotated[ScoreQuery, Query()]) -> Response:
    """Score one person a line: factors, or dated facts, and an `id` of your own that comes back.

    A line that is wrong is answered with its `problems` and stops nothing. Answers come while the body is still read.
    """
    check_media(request, MEDIA, "application/jsonl", "application/json")
    state, lang = state_of(request), lang_of(request)
    batch = Batch(state, day_of(request, query), lang, programs=query.programs, categories=query.categories)

    async def answers() -> AsyncIterator[bytes]:
        try:
            async for lines in _lines(request, batch, state.settings.limits.batch_rows):
                yield await state.work(batch.score, lines)
        except ExpressEntryError as error:
            # The answer has begun: what ends it is said in its last line.
            problems = [problem_record(one, lang) for one in error.problems]
            yield to_json({"row": batch.rows + 1, "problems": problems}) + b"\n"

    headers = {"Content-Language": lang, "Vary": "Accept-Language", "Cache-Control": "no-store"}
    return StreamingResponse(answers(), media_type=MEDIA, headers=headers)


async def _lines(request: Request, batch: Batch, most: int) -> AsyncIterator[list[bytes]]:
    """The lines of the body, a thousand at once.

    The body is read on while lines are scored: a client that sends everything before it reads anything must not wait
    for us while we wait for it. Raises RequestError for a line or a body that is too long.
    """
    send, receive = anyio.create_memory_object_stream[bytes](float("inf"))
    wrong: list[ExpressEntryError] = []

    async def read() -> None:
        async with send:
            try:
                async for chunk in request.stream():
                    send.send_nowait(chunk)
            except ExpressEntryError as error:
                wrong.append(error)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(read)
        rest, ready = b"", list[bytes]()
        async with receive:
            async for chunk in receive:
                *whole, rest = (rest + chunk).split(b"\n")
                ready += [line for line in whole if line.strip()]
                if len(rest) > _MOST_LINE or batch.rows + len(ready) > most:
                    tasks.cancel_scope.cancel()
                    wrong.append(_too_much(most))
                    break
                while len(ready) >= _AT_ONCE:
                    yield ready[:_AT_ONCE]
                    ready = ready[_AT_ONCE:]
    if rest.strip() and not wrong:
        ready.append(rest)
    if ready:
        yield ready
    if wrong:
        raise wrong[0]


def _too_much(most: int) -> RequestError:
    rule = Text("at most {n} lines of {b} bytes", "au plus {n} lignes de {b} octets").fill(n=most, b=_MOST_LINE)
    return RequestError(413, Problem("too_large", "body", rule, Text("send less at once", "envoyer moins à la fois")))
