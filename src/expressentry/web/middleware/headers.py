"""Headers of every answer, the check of the Host header, and a log without anything personal in it."""

from __future__ import annotations

import logging
import re
import time

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from expressentry.web.state import Settings

LOG = logging.getLogger("expressentry.web")
HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), interest-cohort=()",
}

DATA = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


class Packed(GZipMiddleware):
    """Compresses answers for clients that accept it; the answer to a POST, which nobody keeps, is else left alone."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        posted = scope["type"] == "http" and scope["method"] == "POST"
        if posted and not any(name == b"accept-encoding" for name, _ in scope["headers"]):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class Headers:
    """The outermost layer: security headers on every answer, and one log line a request: method, path, status, time.

    HEAD is answered as GET is, without the body.

    Neither the query nor the body nor the address of the client is logged: a score or an age may be in the first
    two, and the third says who asked.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.log = app, settings.log
        told = dict(SECURITY)
        if settings.address and settings.address.startswith("https://"):
            told["Strict-Transport-Security"] = "max-age=31536000"
        # Data is neither framed nor followed; two of the headers are enough for it, and each costs time.
        self.data = [(name.lower().encode(), value.encode()) for name, value in DATA.items()]
        self.told = [(name.lower().encode(), value.encode()) for name, value in told.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told = self.data if scope["path"].startswith("/api/") else self.told
        begun, status, head = time.perf_counter(), 0, scope["method"] == "HEAD"
        asked = {**scope, "method": "GET"} if head else scope

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *told]
                if status == 405:
                    message["headers"] = [_with_head(*header) for header in message["headers"]]
            elif head:
                message = {**message, "body": b""}
            await send(message)

        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) > 1 or (hosts and not HOST.fullmatch(hosts[0].decode("latin-1"))):
            await PlainTextResponse("Bad Host header\n", 400)(asked, receive, sending)
            return
        try:
            await self.app(asked, receive, sending)
        finally:
            if self.log:
                spent = (time.perf_counter() - begun) * 1e3
                path = scope["path"].encode("unicode_escape").decode("ascii")[:200]
                LOG.info("%s %s %s %.1f ms", scope["method"], path, status or "-", spent)


def _with_head(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """A header; where it names the methods that an address takes, HEAD is one wherever GET is."""
    return (name, value.replace(b"GET", b"GET, HEAD")) if name == b"allow" and b"HEAD" not in value else (name, value)
