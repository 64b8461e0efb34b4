"""Limits on what a client can send and how long anything may take, stated in headers.

A body has a size and a time to arrive in, an answer a time to begin in, a client a number of requests a window. What
is over a limit is refused in the one shape of all errors.
"""

from __future__ import annotations

from collections.abc import Callable

import anyio
from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from expressentry.errors import Problem
from expressentry.text import Text
from expressentry.web import problems
from expressentry.web.problems import RequestError
from expressentry.web.spending import Metered, Spending, client_of
from expressentry.web.state import Limits

BATCH = "/api/v1/score"
FREE = ("/static/", "/health")


class Guard:
    """Refuses bodies that are too large or too slow, and answers that take too long."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app, self.limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on under its limits."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        batch = scope["path"] == BATCH
        most = self.limits.batch_bytes if batch else self.limits.body_bytes
        seconds = self.limits.batch_seconds if batch else self.limits.answer_seconds
        length, body, given = b"0", False, False
        for name, value in scope["headers"]:
            if name == b"content-length":
                length, given = value, True
            elif name == b"transfer-encoding":
                body = True
        if body and given:
            await _refuse(scope, receive, send, _TWO_LENGTHS)
            return
        if not length.isdigit() or int(length) > most:
            await _refuse(scope, receive, send, too_large(most))
            return
        started, begun = False, anyio.current_time()
        # One timer for both: while a body arrives it ends sooner than for the answer.
        waits = not batch and (body or int(length) > 0)
        first = min(self.limits.body_seconds, seconds) if waits else seconds
        with anyio.CancelScope(deadline=begun + first) as timer:

            async def sending(message: Message) -> None:
                nonlocal started
                started = True
                await send(message)

            def arrived() -> None:
                nonlocal waits
                waits, timer.deadline = False, begun + seconds

            await self.app(scope, _limited(receive, most, arrived), sending)
        if timer.cancelled_caught and not started:
            await _refuse(scope, receive, send, _SLOW_BODY if waits else too_slow())


def too_slow() -> RequestError:
    """The refusal of what takes longer than an answer may take, wherever that is noticed."""
    rule = Text("took longer than an answer may take", "a pris plus longtemps qu'une réponse ne peut prendre")
    return RequestError(503, Problem("too_slow", "request", rule, LESS), {"Retry-After": "30"})


LESS = Text("ask for less, or later", "demander moins, ou plus tard")


def too_large(most: int) -> RequestError:
    """The refusal of a body above a number of bytes."""
    rule = Text("at most {n} bytes", "au plus {n} octets").fill(n=most)
    fix = Text("send less at once", "envoyer moins à la fois")
    return RequestError(413, Problem("too_large", "body", rule, fix), {"Connection": "close"})


def _limited(receive: Receive, most: int, arrived: Callable[[], None]) -> Receive:
    """Receive a body no larger than allowed, and say when it is whole."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise too_large(most)
        if not message.get("more_body", False):
            arrived()
        return message

    return limited


class Rate:
    """Counts the requests of each client and their processor time, and states in every answer how many are left."""

    def __init__(self, app: ASGIApp, spending: Spending) -> None:
        self.app, self.spending, self.limits = app, spending, spending.limits
        self.policy = f"{self.limits.requests};w={self.limits.window_seconds}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it until the window ends."""
        if scope["type"] != "http" or not self.limits.requests or scope["path"].startswith(FREE):
            await self.app(scope, receive, send)
            return
        client = client_of(scope)
        if not self.spending.count(client):
            await _refuse(scope, receive, send, self._too_many(client))
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._told(client))
            await send(message)

        metered = Metered(self.app(scope, receive, sending))  # type: ignore[arg-type]
        try:
            await metered
        finally:
            self.spending.spend(client, metered.seconds)

    def _told(self, client: str) -> dict[str, str]:
        left, reset = self.spending.left(client)
        return {
            "RateLimit-Limit": str(self.limits.requests),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(reset),
            "RateLimit-Policy": self.policy,
        }

    def _too_many(self, client: str) -> RequestError:
        told = self._told(client)
        reset = told["RateLimit-Reset"]
        rule = Text("at most {n} requests in {s} seconds", "au plus {n} demandes en {s} secondes")
        fix = Text("try again in {r} seconds", "réessayer dans {r} secondes").fill(r=reset)
        rule = rule.fill(n=self.limits.requests, s=self.limits.window_seconds)
        return RequestError(429, Problem("too_many", "request", rule, fix), {"Retry-After": reset, **told})


async def _refuse(scope: Scope, receive: Receive, send: Send, error: RequestError) -> None:
    request = Request(scope, receive)
    await problems.answer(request, error.status, error.problems, body=False, headers=error.headers)(
        scope, receive, send
    )


_TWO_LENGTHS = RequestError(
    400,
    Problem(
        "two_lengths",
        "Content-Length",
        Text(
            "a body has a Content-Length or a Transfer-Encoding, not both",
            "un corps a un Content-Length ou un Transfer-Encoding, pas les deux",
        ),
        Text("send one of them", "envoyer l'un des deux"),
    ),
    {"Connection": "close"},
)
_SLOW_BODY = RequestError(
    408,
    Problem(
        "too_slow",
        "body",
        Text("did not arrive in time", "n'est pas arrivé à temps"),
        Text("send it at once", "l'envoyer d'un coup"),
    ),
    {"Connection": "close"},
)
