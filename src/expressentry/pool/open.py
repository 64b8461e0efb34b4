"""The pool as one object: every act, on a store, under a law."""

from __future__ import annotations

from typing import Self

from expressentry.pool.acts.audit import Audit
from expressentry.pool.acts.candidates import Candidates
from expressentry.pool.acts.ports import Scorer
from expressentry.pool.acts.rescoring import Rescoring
from expressentry.pool.acts.rounds import Rounds
from expressentry.pool.acts.scorer import LawScorer
from expressentry.pool.acts.submissions import Submissions
from expressentry.pool.acts.upkeep import DailyUpkeep
from expressentry.pool.store.memory import MemoryStore


class Pool(Submissions, Candidates, DailyUpkeep, Rounds, Rescoring, Audit):
    """A pool of candidates: a store, and the law by which it scores."""

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_pool(url: str | None = None, scorer: Scorer | None = None) -> Pool:
    """Open a pool: on the PostgreSQL server of a URL, its schema made by `migrate`; without one, in memory.

    >>> from datetime import UTC, date, datetime
    >>> from expressentry.pool import Terms
    >>> pool = open_pool()
    >>> pool.init(date(2026, 10, 1), datetime(2026, 10, 1, tzinfo=UTC), "operator", rehearsal=True)
    True
    >>> pool.preview(Terms("general", 500, date(2026, 10, 1))).invited
    0
    """
    if url is None:
        return Pool(MemoryStore(), scorer or LawScorer())
    from expressentry.pool.store.postgres import PostgresStore

    return Pool(PostgresStore(url), scorer or LawScorer())
