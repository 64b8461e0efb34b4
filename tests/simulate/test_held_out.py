"""Held-out dates: nothing of the months that are forecast is known, and the published table is that of a run."""

from __future__ import annotations

from datetime import date

import held_out as page
import pytest

from expressentry.rounds.load import load_record
from expressentry.simulate.arrivals import shipped_arrivals
from expressentry.simulate.run.held_out import AHEAD, DAYS, arrivals_before, held_out, record_until

DAY = date(2025, 7, 6)


class TestNothingIsKnown:
    """What the people of a day are fitted to was published by then."""

    def test_days(self) -> None:
        """At least eight days, each with a distribution of its own, and three months of rounds after it."""
        record = load_record()
        known = {one.as_of for one in record.pool}

        assert len(set(DAYS)) >= 8
        assert set(DAYS) <= known
        assert max(DAYS) + AHEAD <= record.as_of

    def test_record(self) -> None:
        """No round of the day or later, no later distribution."""
        known = record_until(load_record(), DAY)

        assert max(one.date for one in known.rounds) < DAY == max(one.as_of for one in known.pool)
        assert {one.number for one in load_record() if one.date >= DAY}.isdisjoint(known.by_number)

    def test_arrivals(self) -> None:
        """No month of the day or later, no weight of its year: what comes then has the mean of the months before."""
        all_of_them = shipped_arrivals()
        known = arrivals_before(all_of_them, DAY)

        assert max(known.weekly) == date(2025, 6, 1)
        assert all(max(by_year) < 2025 for by_year in known.groups.values())
        assert known.on(date(2025, 9, 1)) != all_of_them.on(date(2025, 9, 1))


class TestTheTable:
    """What the page says of the held-out dates."""

    def test_every_day_is_in_it(self) -> None:
        """The page has a row for each day, whatever the result."""
        assert [str(day) for day in DAYS if f"| {day} |" not in page.shown()] == []

    @pytest.mark.long
    def test_same_again(self) -> None:
        """A new run gives the table of the page."""
        assert page.table(held_out(load_record())) == page.shown()

    @pytest.mark.long
    def test_the_replay_is_the_same_again(self) -> None:
        """So does a new replay of history give the table of its page."""
        assert page.history_table(page.replayed(), load_record()) == page.shown(page.HISTORY)

    def test_errors_of_the_replay(self) -> None:
        """Errors count by list, and those after the days that the arrivals were set with once more."""
        record = load_record()
        rows = [
            {"list": one.series, "number": one.number, "date": str(one.date), "cutoff": one.cutoff + off}
            for one, off in zip(
                (record.round("446"), record.round("293"), record.round("444")), (3, -4, 5), strict=True
            )
        ]
        made = page.history_table(rows, record).splitlines()

        assert "| STEM | 1 | 4 | 4 | 0 | – | – |" in made
        assert len(made) == 2 + len({row["list"] for row in rows})
