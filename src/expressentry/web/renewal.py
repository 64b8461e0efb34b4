"""New law and new rounds without a restart: another state in the place of the old one, for the requests that follow.

A request is answered from one state alone, its workers included, so that nothing is made of old and new. The old state
ends with the last request that began with it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from anyio import sleep, to_thread
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from expressentry.answers.current import Current
from expressentry.law.verify.known import look_in
from expressentry.processes.child import where
from expressentry.web.request import KNOWN
from expressentry.web.state import State
from expressentry.web.workers.pool import Workers

LOG = logging.getLogger("expressentry.web")


class Bound:
    """Gives each request the state that the app has when it comes, and says in the answer how far its rounds go."""

    def __init__(self, app: ASGIApp, known: Callable[[], State]) -> None:
        self.app, self.known = app, known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = self.known()
        reach = (b"record-as-of", state.record.as_of.isoformat().encode())

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], reach]
            await send(message)

        with state.held():
            await self.app({**scope, KNOWN: state}, receive, sending)


async def keep_current(
    app: FastAPI, current: Current, make: Callable[[State], Workers], begun: Callable[[State], Awaitable[None]]
) -> None:
    """Look at the files of law and record every few seconds, and serve from them what could be read whole.

    `make` gives a state its workers; `begun` is called with each state that has taken the place of another.
    """
    while True:
        await sleep(app.state.known.settings.look_seconds)
        try:
            await _look(app, current, make, begun)
        except Exception as error:  # the site goes on with what it has, and the next look tries again
            LOG.error("error of ours: %s", where(error))


async def _look(
    app: FastAPI, current: Current, make: Callable[[State], Workers], begun: Callable[[State], Awaitable[None]]
) -> None:
    old: State = app.state.known
    await to_thread.run_sync(current.look)
    old.troubles = current.problems
    if current.context is old.context:
        return
    new = State(old.settings, current.context, old.spending)
    new.app, new.troubles = old.app, current.problems
    new.rules(new.today())
    if old.workers is not None:
        new.workers = make(new)
        await new.workers.warm()
    look_in(current.sources.home)
    app.state.known = new
    old.replace()
    await begun(new)
