"""What an app is set up with, and what it has read: the clock, limits, law and record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from expressentry.answers.context import Context, read_context

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on everything a client can send or make the app do.

    `requests` are counted per `window_seconds` and client; a request that computes for long counts for `heavy_cost` of
    them. 0 requests mean no limit.
    """

    body_bytes: int = 256 * 1024
    batch_bytes: int = 32 * 1024 * 1024
    batch_rows: int = 100_000
    body_seconds: float = 10
    answer_seconds: float = 30
    batch_seconds: float = 300
    requests: int = 600
    window_seconds: int = 60
    heavy_cost: int = 10
    clients: int = 20_000
    workers: int = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """How an app is set up.

    `today` is the clock: it gives the day of an answer where none was asked for. `home` is the folder of what a user
    adds (rounds and law), None for the shipped data alone. `address` is the public address of the site, without a
    slash at its end; without one, links that must be absolute follow the request. `draw_ahead` draws the charts when
    the app starts, in the background, so that the first visitor does not wait for them.
    """

    today: Callable[[], date]
    home: Path | None = None
    address: str | None = None
    limits: Limits = field(default_factory=Limits)
    log: bool = False
    draw_ahead: bool = False


class State:
    """Law and record of one app, read when it starts, and the pictures it has drawn."""

    def __init__(self, settings: Settings, context: Context | None = None) -> None:
        self.settings = settings
        self.context = context or read_context(settings.home)
        self.law, self.record, self.rules = self.context.law, self.context.record, self.context.rules
        self.pictures: dict[str, bytes] = {}
        self._workers: CapacityLimiter | None = None

    def today(self) -> date:
        """The day of an answer where none was asked for."""
        return self.settings.today()

    async def work(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a job that computes for more than a moment in a thread, no more of them at once than there are workers.

        A job under a millisecond is quicker done at once than handed over.
        """
        if self._workers is None:
            self._workers = CapacityLimiter(self.settings.limits.workers)
        return await to_thread.run_sync(lambda: job(*args, **kwargs), limiter=self._workers, abandon_on_cancel=True)
