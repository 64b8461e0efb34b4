"""Limits on what a client can send and how long anything may take, stated in headers.

A body has a size and a time to arrive in, an answer a time to begin in, a client a number of requests a window. What
is over a limit is refused in the one shape of all errors.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

import anyio
from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from expressentry.errors import Problem
from expressentry.text import Text
from expressentry.web import problems
from expressentry.web.problems import RequestError
from expressentry.web.state import Limits

BATCH = "/api/v1/score"
HEAVY = (
    BATCH,
    "/api/v1/replay",
    "/api/v1/timeline",
    "/api/v1/plan",
    *(f"/{lang}/candidate/{page}" for lang in ("en", "fr") for page in ("answer", "plan", "report")),
)
FREE = ("/static/", "/health")


def _is_heavy(scope: Scope) -> bool:
    """Whether a request computes for long: a chart of filtered rounds is drawn for the one who asks."""
    return scope["path"] in HEAVY or (scope["path"].endswith(".svg") and bool(scope["query_string"]))


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
        length, body = b"0", False
        for name, value in scope["headers"]:
            if name == b"content-length":
                length = value
            elif name == b"transfer-encoding":
                body = True
        if not length.isdigit() or int(length) > most:
            await _refuse(scope, receive, send, too_large(most))
            return
        started, begun = False, anyio.current_time()
        # One timer for both: while a body arrives it ends sooner than for the answer.
        waits = not batch and (body or int(length) > 0)
        first = begun + (min(self.limits.body_seconds, seconds) if waits else seconds)
        with anyio.CancelScope(deadline=first) as timer:

            async def sending(message: Message) -> None:
                nonlocal started
                started = True
                await send(message)

            def arrived() -> None:
                timer.deadline = begun + seconds

            await self.app(scope, _limited(receive, most, arrived), sending)
        if timer.cancelled_caught and not started:
            slow = waits and timer.deadline == first
            await _refuse(scope, receive, send, _SLOW_BODY if slow else _TOO_SLOW)


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
    """Counts the requests of each client in a window of time, and states in every answer how many are left.

    Ours, and not the library `limits`: its store in memory knows no bound on the clients it remembers and no clock but
    the wall's, and where it would gain, several processes that share a Redis, `serve` is one process. Both cost about
    5 µs a request.
    """

    def __init__(self, app: ASGIApp, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.app, self.limits, self.clock = app, limits, clock
        self.used: OrderedDict[str, tuple[float, int]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it until the window ends."""
        if scope["type"] != "http" or not self.limits.requests or scope["path"].startswith(FREE):
            await self.app(scope, receive, send)
            return
        left, reset = self._count(scope)
        told = {
            "RateLimit-Limit": str(self.limits.requests),
            "RateLimit-Remaining": str(max(left, 0)),
            "RateLimit-Reset": str(reset),
            "RateLimit-Policy": f"{self.limits.requests};w={self.limits.window_seconds}",
        }
        if left < 0:
            rule = Text("at most {n} requests in {s} seconds", "au plus {n} demandes en {s} secondes")
            fix = Text("try again in {r} seconds", "réessayer dans {r} secondes").fill(r=reset)
            rule = rule.fill(n=self.limits.requests, s=self.limits.window_seconds)
            error = RequestError(429, Problem("too_many", "request", rule, fix), {"Retry-After": str(reset), **told})
            await _refuse(scope, receive, send, error)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        await self.app(scope, receive, sending)

    def _count(self, scope: Scope) -> tuple[int, int]:
        """Count a request; how many are left (below 0: refused), and the seconds until the window ends."""
        client, now = client_of(scope), self.clock()
        begun, used = self.used.pop(client, (now, 0))
        if now - begun >= self.limits.window_seconds:
            begun, used = now, 0
        used += self.limits.heavy_cost if _is_heavy(scope) else 1
        reset = max(1, round(begun + self.limits.window_seconds - now))
        left = self.limits.requests - used
        # Refused requests do not count further: a client that waits for the end of the window is served again.
        self.used[client] = (begun, min(used, self.limits.requests))
        while len(self.used) > self.limits.clients:
            self.used.popitem(last=False)
        return left, reset


def client_of(scope: Scope) -> str:
    """The client: its address, of IPv6 the network of 64 bits that one household has."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(address)[: len(host)] if not isinstance(address, IPv6Address) else str(int(address) >> 64)


async def _refuse(scope: Scope, receive: Receive, send: Send, error: RequestError) -> None:
    request = Request(scope, receive)
    await problems.answer(request, error.status, error.problems, body=False, headers=error.headers)(
        scope, receive, send
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
_TOO_SLOW = RequestError(
    503,
    Problem(
        "too_slow",
        "request",
        Text("took longer than an answer may take", "a pris plus longtemps qu'une réponse ne peut prendre"),
        Text("ask for less, or later", "demander moins, ou plus tard"),
    ),
    {"Retry-After": "30"},
)
