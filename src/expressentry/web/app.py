"""Making the app."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date

from anyio import create_task_group
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from expressentry.answers.context import Context
from expressentry.answers.current import Current
from expressentry.law.verify.known import look_in
from expressentry.web import pages
from expressentry.web.middleware.headers import Headers, Packed
from expressentry.web.middleware.limits import Guard, Rate
from expressentry.web.renewal import Bound, keep_current
from expressentry.web.site import add_routes, described
from expressentry.web.state import Settings, State
from expressentry.web.workers.pool import Workers
from expressentry.web.workers.process import Clock

_WORTH_PACKING = 1000
"""Bytes from which on an answer is compressed."""

_COLLECT_AFTER = 10_000
"""New objects after which the collector looks at them: those of some tens of answers, most of them gone by then."""


class Site(FastAPI):
    """The app with its headers around all of it: the framework's own answer to an error of ours has them too."""

    def build_middleware_stack(self) -> ASGIApp:
        """Put the headers, and the state of each request, around what the framework makes."""
        bound = Bound(super().build_middleware_stack(), lambda: self.state.known)
        return Headers(bound, self.state.known.settings)


def create_app(settings: Settings, context: Context | None = None, current: Current | None = None) -> FastAPI:
    """Make the app: the API under /api/v1, the pages under /en and /fr.

    Args:
        settings: The clock, the user's folder, the public address, the limits.
        context: The law and the record to answer from; read from the user's folder unless given.
        current: What reads them instead, and again where their files change: the app then follows.

    Raises:
        LawError: A law file in the user's folder is wrong.
        RecordError: A file of rounds in the user's folder is wrong.
    """
    state = State(settings, context or (current.context if current else None))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        state.rules(state.today())  # the law of today is read before the first visitor asks
        if settings.limits.workers:
            state.workers = _workers(state)
        try:
            async with create_task_group() as tasks:

                async def begun(known: State) -> None:
                    if settings.draw_ahead:
                        if known.workers is not None:
                            await known.workers.warm()
                        tasks.start_soon(pages.draw_ahead, known)

                await begun(state)
                if current is not None:
                    tasks.start_soon(keep_current, app, current, _workers, begun)
                yield
                tasks.cancel_scope.cancel()
        finally:
            app.state.known.close()

    app = Site(
        **described(),
        lifespan=lifespan,
        middleware=[
            Middleware(Rate, spending=state.spending),
            Middleware(Packed, minimum_size=_WORTH_PACKING, compresslevel=5),
            Middleware(Guard, limits=settings.limits),
        ],
    )
    return add_routes(app, state)


def _workers(state: State) -> Workers:
    """The workers of an app; what they answer with is made from its settings, its law and its record."""
    fresh = replace(state.context)  # without what it has kept of days
    plain = replace(state.settings, today=Clock(), log=False, draw_ahead=False)
    return Workers(state.settings.limits, _state_of_worker, (plain, fresh, state.today()), state.spending.spend)


def _state_of_worker(clock: Callable[[], date], settings: Settings, context: Context, day: date) -> State:
    """What a worker answers with: the routes alone, for what is around them the parent has done."""
    state = State(replace(settings, today=clock), context)
    look_in(settings.home)
    state.rules(day)
    add_routes(FastAPI(**described()), state)
    return state


def settle() -> None:
    """Tell a process that only serves that what it has read so far stays: its garbage collector need not look at it."""
    import gc

    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 20)
