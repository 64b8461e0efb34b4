"""The route that scores many people at once, lines in and lines out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from pydantic_core import to_json
from starlette.requests import ClientDisconnect
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from expressentry.answers.problems import problem_record
from expressentry.answers.records.person import ScoredRecord
from expressentry.answers.score import Batch
from expressentry.errors import ExpressEntryError, Problem
from expressentry.text import Text
from expressentry.web.api.answering import BODY, EVERY, PREFIX, body, check_media, ok
from expressentry.web.problems import RequestError
from expressentry.web.request import DayQuery, day_of, lang_of, state_of

router = APIRouter(prefix=PREFIX, tags=["people"])
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
    """Score one person per line: factors, or dated facts, and an `id` of your own that comes back.

    A line that is wrong is answered with its `problems` and stops nothing. Answers come while the body is still read.
    """
    check_media(request, MEDIA, "application/jsonl", "application/json")
    state, lang = state_of(request), lang_of(request)
    batch = Batch(state.context, day_of(request, query), lang, programs=query.programs, categories=query.categories)

    def answer(lines: Sequence[bytes]) -> bytes:
        return _written(batch.score(lines))

    async def answers() -> AsyncIterator[bytes]:
        try:
            async for lines in _lines(request, state.settings.limits.batch_rows):
                yield await state.work(answer, lines)
        except ExpressEntryError as error:
            # The answer has begun: its last line says what ends it.
            problems = [problem_record(one, lang) for one in error.problems]
            yield _written([{"row": batch.rows + 1, "problems": problems}])

    headers = {"Content-Language": lang, "Vary": "Accept-Language", "Cache-Control": "no-store"}
    return _Duplex(answers(), media_type=MEDIA, headers=headers)


def _written(answers: Sequence[ScoredRecord]) -> bytes:
    return b"".join(to_json(answer) + b"\n" for answer in answers)


class _Duplex(StreamingResponse):
    """An answer that is sent while its request is still read.

    The usual one listens for the client to leave, and so would take parts of the body from who reads them.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer."""
        await self.stream_response(send)


async def _lines(request: Request, most: int) -> AsyncIterator[list[bytes]]:
    """The lines of the body, a thousand at once.

    The body is read on while lines are scored: a client that sends everything before it reads anything must not wait
    for us while we wait for it. Raises RequestError for a line or a body that is too long.
    """
    chunks: asyncio.Queue[bytes | ExpressEntryError | None] = asyncio.Queue()

    async def read() -> None:
        try:
            async for chunk in request.stream():
                chunks.put_nowait(chunk)
            chunks.put_nowait(None)
        except ExpressEntryError as error:
            chunks.put_nowait(error)
        except ClientDisconnect:
            chunks.put_nowait(None)

    reading = asyncio.create_task(read())
    rest, ready, seen = b"", list[bytes](), 0
    wrong: ExpressEntryError | None = None
    try:
        while isinstance(chunk := await chunks.get(), bytes):
            *whole, rest = (rest + chunk).split(b"\n")
            ready += [line for line in whole if line.strip()]
            if len(rest) > _MOST_LINE or seen + len(ready) > most:
                ready, rest, wrong = ready[: most - seen], b"", _too_much(most)
                break
            while len(ready) >= _AT_ONCE:
                yield ready[:_AT_ONCE]
                seen, ready = seen + _AT_ONCE, ready[_AT_ONCE:]
        else:
            wrong = chunk
    finally:
        reading.cancel()
    if rest.strip() and wrong is None:
        ready.append(rest)
        if seen + len(ready) > most:
            ready, wrong = ready[: most - seen], _too_much(most)
    if ready:
        yield ready
    if wrong is not None:
        raise wrong


def _too_much(most: int) -> RequestError:
    rule = Text("at most {n} lines of {b} bytes", "au plus {n} lignes de {b} octets").fill(n=most, b=_MOST_LINE)
    return RequestError(413, Problem("too_large", "body", rule, Text("send less at once", "envoyer moins à la fois")))
