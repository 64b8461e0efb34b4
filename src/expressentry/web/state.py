"""What the app has read: law and record, and the rule set of a day kept for the next request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.law.rule_set import RuleSet
from expressentry.rounds.load import load_record
from expressentry.rounds.record import Record
from expressentry.web.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

_DAYS_KEPT = 256
"""Rule sets kept: two weeks of days around today and every day of a replay fit several times."""


class State:
    """Law and record of one app, read when it starts."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        home = settings.home
        folder = home / "law" if home else None
        files = sorted(folder.glob("*.toml")) if folder and folder.is_dir() else []
        self.law: Law = load_law(folder=files)
        self.record: Record = load_record(home / "history" if home else None, self.law.round_names)
        self.rules: Callable[[date], RuleSet] = lru_cache(maxsize=_DAYS_KEPT)(self.law.on)
        self.pictures: dict[str, bytes] = {}
        self._workers: CapacityLimiter | None = None

    def today(self) -> date:
        """The day on which an answer is given where none was asked for."""
        return self.settings.today()

    async def work(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a job that computes for more than a moment in a thread, no more of them at once than there are workers.

        A job under a millisecond is quicker done at once than handed over.
        """
        if self._workers is None:
            self._workers = CapacityLimiter(self.settings.limits.workers)
        return await to_thread.run_sync(lambda: job(*args, **kwargs), limiter=self._workers, abandon_on_cancel=True)
