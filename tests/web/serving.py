"""An app on a pinned day, called without a network, or served on a free port of this machine."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from expressentry.web import Limits, Settings, create_app
from expressentry.web.server import Patient, protocol

DAY = date(2026, 10, 1)
LATE = date(2026, 11, 24)
OPEN = Limits(requests=0, workers=0)
"""No limit of requests, and no processes: what a test sends is computed where it runs."""

PAGES = (
    "",
    "/rounds",
    "/rounds?type=category&category=stem&cutoff_min=480",
    "/rounds/293",
    "/rounds/91a",
    "/rounds/91b",
    "/forecasts",
    "/forecasts/cec?assume=crs-2025-03-25",
    "/scenarios",
    "/scenarios/stem-back?score=491&lists=cec,stem",
    "/pool",
    "/pool?score=491",
    "/pool/2024-04-09",
    "/categories",
    "/categories/stem",
    "/categories/french",
    "/occupations",
    "/occupations?q=sofware+enginer",
    "/occupations/21211",
    "/occupations/2171",
    "/provinces",
    "/provinces/mb-swo",
    "/provinces/ns-ee-work",
    "/provinces/draws",
    "/provinces/draws?province=AB",
    "/law",
    "/law/sk-2026-06-20",
    "/law/sk-grid-page",
    "/law/mi-2025-03-25",
    "/law/mi-2026-11-03",
    "/law/crs-2025-03-25",
    "/law/programs/fsw",
    "/law/programs/fst",
    "/law/diff?a=crs-2017-06-06&b=crs-2020-10-20",
    "/how-right",
    "/about",
    "/privacy",
    "/rules-changed",
    "/health",
    "/api",
    "/feeds",
)
"""A page of each kind."""


def made(today: date = DAY, **settings: Any) -> FastAPI:
    """An app whose clock stands still."""
    return create_app(Settings(**{"today": lambda: today, "limits": OPEN, **settings}))


def routes_of(app: FastAPI) -> list[tuple[str, set[str]]]:
    """Every route of an app with its methods; the framework keeps those of a router inside that router."""

    def walk(routes: list[Any], prefix: str) -> Iterator[tuple[str, set[str]]]:
        for route in routes:
            if hasattr(route, "original_router"):
                yield from walk(route.original_router.routes, prefix + route.include_context.prefix)
            else:
                yield prefix + route.path, set(route.methods)

    return list(walk(app.routes, ""))


class Caller:
    """Calls an app without a network."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send one request."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.request(method, path, **more)

        return asyncio.run(send())

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Get one address."""
        return self("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """Post to one address."""
        return self("POST", path, **more)


@contextmanager
def served(app: FastAPI, http: type[Patient] | None = None) -> Iterator[str]:
    """An app on a free port of this machine, ended on leaving; its address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen(64)
        server = uvicorn.Server(
            uvicorn.Config(app, http=http or protocol(behind_proxy=False), log_level="error", lifespan="on")
        )
        thread = threading.Thread(target=lambda: server.run(sockets=[bound]), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)
