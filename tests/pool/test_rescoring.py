"""A law that is half scored, and what happens meanwhile."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from expressentry.pool import open_pool
from expressentry.pool.acts import rescoring
from tests.pool.fake_law import DAY, LAWS, FakeLaw, facts, noon


class Stopped(Exception):  # noqa: N818
    """A crash between two batches."""


@pytest.mark.parametrize("kind", ["postgres", "memory"])
@pytest.mark.parametrize("sure", [True, False], ids=["in bulk", "one by one"])
def test_the_daily_upkeep_amid_a_rescoring(
    database: str, kind: str, sure: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is due and not yet scored under the coming law is scored under both; the re-scoring then goes on."""
    monkeypatch.setattr(rescoring, "BATCH", 2)
    monkeypatch.setattr(rescoring, "BULK", 2)
    day, coming = DAY + timedelta(days=10), LAWS[1]

    def stop(_: int) -> None:
        raise Stopped

    with open_pool(database if kind == "postgres" else None, FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        for n in range(6):
            pool.submit(uuid4(), f"p{n}", facts(500 + n, drops=str(day), taste=1, sure=sure), noon(DAY, n))
        with pytest.raises(Stopped):
            pool.rescore(coming, noon(DAY, 10), "operator", stop)
        half = pool.store.read(lambda tx: tx.snapshot()).scores
        done = pool.upkeep(day, noon(day))
        both = pool.store.read(lambda tx: tx.snapshot()).scores
        finished = pool.rescore(coming, noon(coming), "operator")

        assert sorted(len(rows) for rows in half.values()) == [1, 1, 1, 1, 2, 2]
        assert (done.looked_at, done.changed) == (6, 6)
        assert [one.crs for one in both[6].values()] == [505 - 50 + 10, 505 - 50 + 20]
        assert finished is not None
        assert finished.in_force
        assert pool.verify().wrong == []
