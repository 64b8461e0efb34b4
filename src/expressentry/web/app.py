"""Making the app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio import create_task_group
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from expressentry.answers.context import Context
from expressentry.errors import ExpressEntryError
from expressentry.version import VERSION
from expressentry.web import api, pages
from expressentry.web.middleware.headers import Headers, Packed
from expressentry.web.middleware.limits import Guard, Rate
from expressentry.web.problems import on_crash, on_http_error, on_our_error, on_wrong_parameters
from expressentry.web.state import Settings, State

_WORTH_PACKING = 1000
"""Bytes from which on an answer is compressed."""

_COLLECT_AFTER = 10_000
"""New objects after which the collector looks at them: those of some tens of answers, most of them gone by then."""


def create_app(settings: Settings, context: Context | None = None) -> FastAPI:
    """Make the app: the API under /api/v1, the pages under /en and /fr.

    Args:
        settings: The clock, the user's folder, the public address, the limits.
        context: The law and the record to answer from; read from the user's folder unless given.

    Raises:
        LawError: A law file in the user's folder is wrong.
        RecordError: A file of rounds in the user's folder is wrong.
    """
    state = State(settings, context)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        state.rules(state.today())  # the law of today is read before the first visitor asks
        async with create_task_group() as tasks:
            if settings.draw_ahead:
                tasks.start_soon(pages.draw_ahead, state)
            yield
            tasks.cancel_scope.cancel()

    app = FastAPI(
        title="expressentry",
        version=VERSION,
        summary=api.SUMMARY,
        description=api.DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        swagger_ui_oauth2_redirect_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        middleware=[
            Middleware(Headers, settings=settings),
            Middleware(Rate, limits=settings.limits),
            Middleware(Packed, minimum_size=_WORTH_PACKING, compresslevel=5),
            Middleware(Guard, limits=settings.limits),
        ],
        exception_handlers={
            ExpressEntryError: on_our_error,
            RequestValidationError: on_wrong_parameters,
            HTTPException: on_http_error,
            Exception: on_crash,
        },
    )
    app.state.known = state
    api.add_to(app)
    pages.add_to(app)
    described: dict[str, Any] = {}
    app.openapi = lambda: described or described.update(api.describe(app, state)) or described  # type: ignore[method-assign]
    return app


def settle() -> None:
    """Tell a process that only serves that what it has read so far stays: its garbage collector need not look at it."""
    import gc

    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 20)
