"""The record as series, and what was known of it on a day.

A `Past` is a copy of the rows before its day: it has no later round, and refuses a later day.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from expressentry.errors import Problem, RecordError
from expressentry.forecast.distribution import Floats
from expressentry.forecast.settings import Settings, load_settings, series_of
from expressentry.law.law import Law
from expressentry.rounds.record import PoolDay, Record, Round, number_order
from expressentry.text import Text

Ints = NDArray[np.int64]
Found = TypeVar("Found")


class Snapshot(NamedTuple):
    """A published distribution: the lowest score of each band, highest band first, and the candidates from it up."""

    lows: Floats
    above: Floats


class Own(NamedTuple):
    """The rounds of one series: the day (ordinal), invitations, cut-off and grid of each, and its row in the past."""

    days: Ints
    sizes: Floats
    cutoffs: Floats
    grids: Ints
    rows: Ints


@dataclass(frozen=True, slots=True)
class Ask:
    """Which cut-off is asked for: that of a series on a day, so many rounds ahead, under a grid.

    `size` and `pool` are what a user cannot have before the round; only models that say so look at them.
    """

    series: str
    day: int
    horizon: int = 1
    grid: int = 0
    size: float | None = None
    pool: Snapshot | None = None


@dataclass(frozen=True, eq=False)
class Past:
    """Everything published before a day, oldest first."""

    day: int
    series: NDArray[np.str_]
    days: Ints
    sizes: Floats
    cutoffs: Floats
    grids: Ints
    snapshots: Mapping[int, Snapshot]
    _kept: dict[Hashable, Any] = field(repr=False)

    def before(self, day: int) -> Past:
        """What was known on an earlier day.

        Raises:
            ValueError: The day is later than this past.
        """
        if day > self.day:
            raise ValueError(f"{date.fromordinal(day)} is after {date.fromordinal(self.day)}")
        return self if day == self.day else self.kept(("past", day), lambda: self._cut(day))

    def _cut(self, day: int) -> Past:
        n = int(np.searchsorted(self.days, day, side="left"))
        shots = {row: shot for row, shot in self.snapshots.items() if row < n}
        return Past(
            day,
            np.array(self.series[:n]),
            np.array(self.days[:n]),
            np.array(self.sizes[:n]),
            np.array(self.cutoffs[:n]),
            np.array(self.grids[:n]),
            shots,
            self._kept,
        )

    def kept(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """What was worked out before under a key; a key names the row or day before which all of it was known."""
        if key not in self._kept:
            self._kept[key] = make()
        found: Found = self._kept[key]
        return found

    def of(self, series: str) -> Own:
        """The rounds of one series."""

        def pick() -> Own:
            rows = np.flatnonzero(self.series == series)
            return Own(self.days[rows], self.sizes[rows], self.cutoffs[rows], self.grids[rows], rows)

        return self.kept(("own", series, self.days.size), pick)

    @property
    def names(self) -> tuple[str, ...]:
        """The series that had a round."""
        return self.kept(("names", self.days.size), lambda: tuple(sorted(set(self.series.tolist()))))

    def target(self, series: str, at: int, horizon: int) -> tuple[Past, Ask] | None:
        """The question that a round of the past answered, and what was known when it was so many rounds ahead.

        Args:
            series: The series.
            at: The place of the round among those of its series.
            horizon: How many rounds ahead; 1 asks on the morning of the round itself.
        """
        own = self.of(series)
        if at < horizon:
            return None
        row = int(own.rows[at])
        shot = self.snapshots.get(row)
        ask = Ask(series, int(own.days[at]), horizon, int(own.grids[at]), float(own.sizes[at]), shot)
        return self.before(int(own.days[at - horizon + 1])), ask


@dataclass(frozen=True, eq=False)
class History:
    """The whole record as series; models never see it, they are given a `Past` of it."""

    record: Record
    rounds: tuple[Round, ...]
    grids: tuple[date, ...]
    whole: Past

    @staticmethod
    def of(record: Record, law: Law, settings: Settings | None = None) -> History:
        """Arrange a record in series.

        Raises:
            RecordError: The record has a gap: a number is missing between two rounds.
        """
        _complete(record)
        settings = settings or load_settings()
        kept = [one for one in record.rounds if not any(out.holds(one) for out in settings.left_out)]
        rounds = tuple(sorted(kept, key=lambda one: one.date))
        grids = tuple(sorted(one.in_force for one in law.grids if one.in_force and one.status != "proposed"))
        days = np.array([one.date.toordinal() for one in rounds], dtype=np.int64)
        by_number = {number: _snapshot(day) for day in record.pool for number in day.rounds}
        whole = Past(
            int(days[-1]) + 1,
            np.array([series_of(one) for one in rounds]),
            days,
            np.array([one.invitations for one in rounds], dtype=np.float64),
            np.array([one.cutoff for one in rounds], dtype=np.float64),
            np.array([_grid_on(grids, one.date) for one in rounds], dtype=np.int64),
            {at: by_number[one.number] for at, one in enumerate(rounds) if one.number in by_number},
            {},
        )
        return History(record, rounds, grids, whole)

    def past(self, day: date) -> Past:
        """What was known on the morning of a day."""
        return self.whole.before(min(day.toordinal(), self.whole.day))

    def grid_on(self, day: date) -> int:
        """The number of the grid in force on a day: how many had begun."""
        return _grid_on(self.grids, day)


def _grid_on(grids: tuple[date, ...], day: date) -> int:
    return sum(start <= day for start in grids)


def _snapshot(day: PoolDay) -> Snapshot:
    lows, counts = zip(*((low, count) for low, _, count in day.finest), strict=True)
    return Snapshot(np.array(lows, dtype=np.float64), np.cumsum(np.array(counts, dtype=np.float64)))


def _complete(record: Record) -> None:
    """Refuse a record in which a number is missing: gaps between rounds would be wrong, and all forecasts with them."""
    numbers = sorted({number_order(one.number)[0] for one in record.rounds})
    missing = sorted(set(range(1, numbers[-1] + 1)) - set(numbers)) if numbers else [1]
    if missing:
        rule = Text(
            "the history of rounds has a gap; numbers that are missing: {n}",
            "l'historique des rondes a un trou; numéros qui manquent : {n}",
        ).fill(n=", ".join(map(str, missing[:5])))
        fix = Text("bring it up to date: expressentry rounds update", "le mettre à jour : expressentry rounds update")
        raise RecordError(Problem("record_gap", "rounds", rule, fix))
