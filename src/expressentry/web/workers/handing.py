"""A request handed over to a worker, and its answer; work ends when the client leaves.

    router = APIRouter(route_class=Handed)      what is posted to its routes is read and computed in a worker
    router = APIRouter(route_class=AllHanded)   the same, and what is only asked for too
    await compute(request, function, *args)     a function called in a worker: function(state, *args)

In a worker itself, and in an app without workers, both compute where they are.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, ClassVar

import anyio
from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.types import Message

from expressentry.errors import Problem
from expressentry.processes.child import where
from expressentry.text import Text
from expressentry.web.problems import RequestError
from expressentry.web.request import state_of
from expressentry.web.spending import client_of
from expressentry.web.state import State

LOG = logging.getLogger("expressentry.web")
_SENT = (
    *("type", "asgi", "http_version", "method", "scheme", "path", "raw_path", "query_string", "root_path"),
    *("headers", "client", "server"),
)
"""What of a request goes to a worker beside its body."""


class Handed(APIRoute):
    """A route whose POST is answered by a worker: the body is read there, and nowhere before."""

    handed_over: ClassVar[tuple[str, ...]] = ("POST",)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """How the route answers."""
        here = super().get_route_handler()

        async def handler(request: Request) -> Response:
            if request.method not in self.handed_over or state_of(request).workers is None:
                return await here(request)
            return await handed(request)

        return handler


class AllHanded(Handed):
    """A route that a worker answers also where nothing is sent, because the answer takes long to work out."""

    handed_over = ("GET", "POST")


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as a worker gives it back; `fault` where the error was ours."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    fault: str = ""


async def handed(request: Request) -> Response:
    """The answer of a worker to a whole request."""
    scope = {name: request.scope[name] for name in _SENT if name in request.scope}
    found: Answered = await compute(request, answer, scope, await request.body())
    if found.fault:
        LOG.error("error of ours: %s", found.fault)
    told = Response(found.body, found.status)
    told.raw_headers = found.headers
    return told


async def compute(request: Request, function: Callable[..., Any], *args: Any) -> Any:
    """Call a function of a state and picklable arguments in a worker, as long as the client is there.

    The body of the request must have been read. Raises RequestError where no worker can, or the client left.
    """
    state = state_of(request)
    if state.workers is None:
        return function(state, *args)
    found, wrong, left = None, None, False
    async with anyio.create_task_group() as tasks:

        async def watch() -> None:
            nonlocal left
            while (await request.receive())["type"] != "http.disconnect":
                pass
            left = True
            tasks.cancel_scope.cancel()

        tasks.start_soon(watch)
        try:
            found = await state.compute(payer(request), function, *args)
        except Exception as error:  # raised outside: within, it would be one of a group
            wrong = error
        tasks.cancel_scope.cancel()
    if wrong is not None:
        raise wrong
    if left:
        raise RequestError(499, Problem("left", "request", _LEFT, _STAY))
    return found


def payer(request: Request) -> str:
    """Whom work counts for; nobody where clients are not distinguished."""
    return client_of(request.scope) if state_of(request).settings.limits.requests else ""


def answer(state: State, scope: dict[str, Any], body: bytes) -> Answered:
    """Answer a request in a worker."""
    parts: list[Message] = []
    bodies = [body]

    async def receive() -> Message:
        if bodies:
            return {"type": "http.request", "body": bodies.pop(), "more_body": False}
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        parts.append(message)

    fault = ""
    try:
        assert state.app is not None
        asyncio.run(state.app({**scope, "state": {}}, receive, send))  # type: ignore[arg-type]
    except MemoryError:
        raise
    except Exception as error:
        fault = where(error)
    begun, *rest = parts
    return Answered(begun["status"], list(begun["headers"]), b"".join(one.get("body", b"") for one in rest), fault)


_LEFT = Text("the client left", "le client est parti")
_STAY = Text("wait for the answer", "attendre la réponse")
