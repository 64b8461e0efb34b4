"""What an app is set up with, and what it has read: the clock, limits, law and record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expressentry.answers.context import Context, read_context
from expressentry.errors import Problem
from expressentry.profile.model import build_models
from expressentry.web.spending import Spending

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from expressentry.forecast.past import History
    from expressentry.web.workers.pool import Workers


# Before there is a second thread, and once for all workers: see `web.workers.pool`.
build_models()


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on everything a client can send or make the app do.

    `requests` are counted per `window_seconds` and client; each `cost_seconds` of processor time count as one more,
    whatever the route. 0 requests mean no limit, and no difference between clients.

    `workers` are the processes that read and compute what is sent; each may take `worker_bytes` more for a job than it
    began with. `queue` requests wait for one at most, for `queue_seconds`; of a client, `client_jobs` wait or are under
    way. 0 workers: everything is computed in the process that serves, which nothing can end; for tests. Facts of one
    day are assessed there too, up to `short_bytes`: that is quicker than to hand them over.

    `batch_held_bytes` are what all bodies of many people together may hold that are not scored yet.
    """

    body_bytes: int = 256 * 1024
    batch_bytes: int = 32 * 1024 * 1024
    batch_rows: int = 100_000
    batch_held_bytes: int = 64 * 1024 * 1024
    body_seconds: float = 10
    answer_seconds: float = 30
    batch_seconds: float = 300
    requests: int = 600
    window_seconds: int = 60
    cost_seconds: float = 0.05
    clients: int = 20_000
    workers: int = 2
    worker_bytes: int = 768 * 1024 * 1024
    queue: int = 32
    queue_seconds: float = 10
    client_jobs: int = 8
    short_bytes: int = 8 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """How an app is set up.

    `today` is the clock: it gives the day of an answer where none was asked for. `home` is the folder of what a user
    adds (rounds and law), None for the shipped data alone. `address` is the public address of the site, without a
    slash at its end; without one, links that must be absolute follow the request. `look_seconds` is how often the files
    of law and record are looked at, where the app was given what reads them. `draw_ahead` draws the charts when
    the app starts, in the background, so that the first visitor does not wait for them.
    """

    today: Callable[[], date]
    home: Path | None = None
    address: str | None = None
    limits: Limits = field(default_factory=Limits)
    log: bool = False
    look_seconds: float = 2.0
    draw_ahead: bool = False


class State:
    """Law and record of one app, what was drawn and forecast from them, and its workers.

    A request keeps the state that it began with. Where law or record are replaced, the app has another state, and the
    old one ends with the last of its requests: no answer is made of both.
    """

    def __init__(self, settings: Settings, context: Context | None = None, spending: Spending | None = None) -> None:
        self.settings = settings
        self.context = context or read_context(settings.home)
        self.law, self.record, self.rules = self.context.law, self.context.record, self.context.rules
        self.pictures: dict[str, bytes] = {}
        self.forecasts: dict[Any, Any] = {}
        self.history: History | None = None
        self.spending = spending or Spending(settings.limits)
        self.app: ASGIApp | None = None
        self.workers: Workers | None = None
        self.troubles: tuple[Problem, ...] = ()
        self._requests, self._replaced = 0, False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the state for one request."""
        self._requests += 1
        try:
            yield
        finally:
            self._requests -= 1
            self._end()

    def replace(self) -> None:
        """End the state with the last of its requests."""
        self._replaced = True
        self._end()

    def close(self) -> None:
        """End the workers."""
        if self.workers is not None:
            self.workers.close()
            self.workers = None

    def _end(self) -> None:
        if self._replaced and not self._requests:
            self.close()

    def today(self) -> date:
        """The day of an answer where none was asked for."""
        return self.settings.today()

    async def compute(self, client: str, function: Callable[..., Any], *args: Any, patient: bool = False) -> Any:
        """Call a function of a state and picklable arguments: in a worker with its own, here where there is none.

        Who is patient waits for a worker as long as it takes.

        Raises RequestError where no worker can.
        """
        if self.workers is None:
            return function(self, *args)
        return await self.workers.run(client, self.today(), function, *args, patient=patient)
