"""The route that scores many people at once, lines in and lines out."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Annotated, Any

from anyio import Event, create_task_group, current_time, sleep, sleep_forever
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
from expressentry.text import Lang, Text
from expressentry.web.api.answering import BODY, EVERY, PREFIX, body, check_media, ok
from expressentry.web.problems import RequestError
from expressentry.web.request import DayQuery, day_of, lang_of, state_of
from expressentry.web.state import State
from expressentry.web.workers.handing import payer
from expressentry.web.workers.pool import busy

router = APIRouter(prefix=PREFIX, tags=["people"])
MEDIA = "application/x-ndjson"
_AT_ONCE = 1000
_MOST_AT_ONCE = 1024 * 1024
_MOST_LINE = 256 * 1024
_SECONDS = 1.0
"""What a worker scores at a time."""
_ROOM_SECONDS = 0.1


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
    asked = (day_of(request, query), lang, query.programs, query.categories)
    client = payer(request)
    if state.workers is not None and state.workers.full(client):
        raise busy()
    lines = Lines(request)

    async def answers() -> AsyncIterator[bytes]:
        row = 0
        try:
            async for some in lines.groups():
                while some:
                    told, count = await state.compute(client, score_lines, asked, row, some, patient=True)
                    row, some = row + count, some[count:]
                    yield told
        except ExpressEntryError as error:
            # The answer has begun: its last line says what ends it.
            problems = [problem_record(one, lang) for one in error.problems]
            yield _written([{"row": row + 1, "problems": problems}])

    headers = {"Content-Language": lang, "Vary": "Accept-Language", "Cache-Control": "no-store"}
    return _Duplex(lines, answers(), media_type=MEDIA, headers=headers)


def score_lines(state: State, asked: tuple[date, Lang, bool, bool], rows: int, lines: list[bytes]) -> tuple[bytes, int]:
    """Score lines after so many rows for about a second; the answers, and how many lines they are for.

    What is not scored comes again, so that a worker is not held by one client while others wait.
    """
    on, lang, programs, categories = asked
    batch = Batch(state.context, on, lang, programs=programs, categories=categories)
    batch.rows, end = rows, time.monotonic() + _SECONDS
    found = batch.score(lines, enough=lambda: time.monotonic() > end)
    return _written(found), len(found)


def _written(answers: Sequence[ScoredRecord]) -> bytes:
    return b"".join(to_json(answer) + b"\n" for answer in answers)


class _Duplex(StreamingResponse):
    """An answer that is sent while its request is still read, and ends when the client leaves.

    The usual one listens for the client to leave, and so would take parts of the body from who reads them.
    """

    def __init__(self, lines: Lines, answers: AsyncIterator[bytes], **more: Any) -> None:
        super().__init__(answers, **more)
        self.lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read and send."""
        try:
            async with create_task_group() as tasks:

                async def read() -> None:
                    await self.lines.read()
                    tasks.cancel_scope.cancel()

                tasks.start_soon(read)
                await self.stream_response(send)
                tasks.cancel_scope.cancel()
        finally:
            self.lines.close()


class Lines:
    """The lines of a body, read while those before are scored.

    A client that sends everything before it reads anything must not wait for us while we wait for it: what is not
    scored yet is held. All bodies together hold a bounded number of bytes; beyond it only those that hold little are
    read on, and one that waits for longer than an answer may take is ended.
    """

    def __init__(self, request: Request) -> None:
        self.request, self.state = request, state_of(request)
        self.chunks: deque[bytes] = deque()
        self.wrong: ExpressEntryError | None = None
        self.ended, self.held_bytes, self.unread_bytes = False, 0, 0
        self.changed = Event()

    async def read(self) -> None:
        """Read the body, and then wait until the client leaves; returns when it has."""
        try:
            async for chunk in self.request.stream():
                await self._room()
                self.chunks.append(chunk)
                self.unread_bytes += len(chunk)
                self._hold(len(chunk))
                self.changed.set()
            self.ended = True
            self.changed.set()
            while (await self.request.receive())["type"] != "http.disconnect":
                pass
        except ExpressEntryError as error:
            self.wrong = error
            self.changed.set()
            await sleep_forever()  # what comes now is not read
        except ClientDisconnect:
            pass

    async def groups(self) -> AsyncIterator[list[bytes]]:
        """The lines, a thousand at once, or a megabyte.

        Raises RequestError for a line or a body that is too long, or for what ended the reading.
        """
        left, size = self.state.settings.limits.batch_rows, 0
        ready: list[bytes] = []
        async for line in self._whole():
            if not left:
                if ready:
                    yield ready
                raise _too_much(self.state.settings.limits.batch_rows)
            ready.append(line)
            left, size = left - 1, size + len(line)
            if len(ready) >= _AT_ONCE or size >= _MOST_AT_ONCE:
                yield ready
                ready, size = [], 0
        if ready:
            yield ready
        if self.wrong is not None:
            raise self.wrong

    async def _whole(self) -> AsyncIterator[bytes]:
        """Each line that is not empty; what was before a line is given back when the next is asked for."""
        begun, size = list[bytes](), 0
        while (chunk := await self._next()) is not None:
            first, *more = chunk.split(b"\n")
            begun.append(first)
            size += len(first)
            if size > _MOST_LINE:
                self.wrong = _too_much(self.state.settings.limits.batch_rows)
                return
            if more:
                for line in (b"".join(begun), *more[:-1]):
                    if line.strip():
                        yield line
                begun, size = [more[-1]], len(more[-1])
                self._hold(self.unread_bytes + size - self.held_bytes)
        if size and (line := b"".join(begun)).strip():
            yield line

    async def _next(self) -> bytes | None:
        """The next part of the body; None at its end."""
        while not self.chunks:
            if self.ended or self.wrong is not None:
                return None
            self.changed = Event()
            await self.changed.wait()
        chunk = self.chunks.popleft()
        self.unread_bytes -= len(chunk)
        return chunk

    async def _room(self) -> None:
        """Wait until there is room for more.

        Raises RequestError.
        """
        limits = self.state.settings.limits
        end = current_time() + limits.answer_seconds
        while self.state.spending.held_bytes > limits.batch_held_bytes and self.held_bytes > _MOST_LINE:
            if current_time() > end:
                raise busy()
            await sleep(_ROOM_SECONDS)

    def _hold(self, more: int) -> None:
        self.held_bytes += more
        self.state.spending.held_bytes += more

    def close(self) -> None:
        """Give back the room."""
        self.chunks.clear()
        self._hold(-self.held_bytes)


def _too_much(most: int) -> RequestError:
    rule = Text("at most {n} lines of {b} bytes", "au plus {n} lignes de {b} octets").fill(n=most, b=_MOST_LINE)
    return RequestError(413, Problem("too_large", "body", rule, Text("send less at once", "envoyer moins à la fois")))
