"""Candidates waiting at each score: they arrive daily, and a round takes those above its cut-off.

Each day a(s) = A exp(-(s - 450) / θ) candidates of a type arrive at score s. A round of the type takes all at or above
its cut-off; a round of another type takes a share of those at or above its own. So what waits at score s is a(s) times
the days since it was last emptied, a year at most, and a round of n invitations has the cut-off above which n wait.
No snapshot of the pool is needed. A seam for a synthetic pool is `waiting_days`: arrivals by group and score that are
known from elsewhere replace a(s), and the rest is kept.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from expressentry.forecast.distribution import Floats
from expressentry.forecast.models.base import OWN_ERRORS, PointModel
from expressentry.forecast.past import Ask, Past
from expressentry.rounds.eligibility import NOMINEES
from expressentry.text import Text

_TOP = 1000
_YEAR = 365.0
"""A profile is valid for a year: nobody waits longer."""
_SCORES = np.arange(_TOP + 1, dtype=np.float64)
_THETAS = np.geomspace(6.0, 150.0, 24)
_SHAPES = np.exp(-(_SCORES[None, :] - 450.0) / _THETAS[:, None])
_LEAST = 3
"""So many rounds of a type since its last pause of a year, after the first one, and it is fitted."""
_NEAR = 5
_FLAT = 0.002


class Flow(PointModel):
    """The cut-off above which as many wait as are invited; two or three numbers are fitted for each type.

    Args:
        id_: The name of the model.
        title: The name in words.
        shares: The shares of candidates that rounds of other types may take; the best fitting one is used.
        memory: How much a round counts in the level of arrivals, against the one after it.
    """

    knows: frozenset[str] = frozenset({"size"})

    def __init__(self, id_: str, title: Text, shares: tuple[float, ...], memory: float) -> None:
        self.id, self.title, self.shares, self.memory = id_, title, shares, memory

    def point(self, past: Past, ask: Ask) -> float | None:
        """The cut-off for the size asked; rounds in between are taken to be as large as the last one."""
        own = past.of(ask.series)
        fitted = self._fit(past, ask.series)
        if ask.size is None or fitted is None:
            return None
        level, theta, share = fitted
        days = waiting_days(past, ask.series, share)
        last = int(past.days[-1]) if past.days.size else ask.day
        between = np.linspace(int(own.days[-1]), ask.day, ask.horizon + 1)[1:]
        found = 0.0
        for step, day in enumerate(between):
            days = np.minimum(days + max(day - last, 0.0), _YEAR)
            last = max(int(day), last)
            size = ask.size if step == ask.horizon - 1 else float(own.sizes[-1])
            found = _cutoff(days * _SHAPES[theta], size / level)
            days = np.where(found <= _SCORES, 0.0, days)
        return found

    def _fit(self, past: Past, series: str) -> tuple[float, int, float] | None:
        """The level of arrivals, the place of θ and the share taken by others that fit past sizes best."""

        def work_out() -> tuple[float, int, float] | None:
            own = past.of(series)
            # After a pause of a year nobody is left who waited before it: what was fitted then says nothing.
            begun = int(np.flatnonzero(np.diff(own.days, prepend=own.days[:1]) > _YEAR)[-1:].sum())
            first = max(begun + 1, own.rows.size - OWN_ERRORS)
            if own.rows.size - first < _LEAST:
                return None
            logs = np.log(own.sizes[first:])
            weights = self.memory ** np.arange(logs.size)[::-1]
            best: tuple[float, float, int, float] | None = None
            for share in self.shares:
                seen = np.array([self._stock(past, series, at, share) for at in range(first, own.rows.size)])
                off, steep = logs[:, None] - seen[:, 0], seen[:, 1]
                level = np.average(off, axis=0, weights=weights)
                # In points: how far the cut-off would have to move to make up for the number that is off.
                missed = np.average(np.abs(off - level) / steep, axis=0, weights=weights)
                theta = int(missed.argmin())
                if best is None or missed[theta] < best[0]:
                    best = (float(missed[theta]), float(np.exp(level[theta])), theta, share)
            return None if best is None else best[1:]

        return past.kept(("fit", self.id, series, past.days.size), work_out)

    def _stock(self, past: Past, series: str, at: int, share: float) -> Floats:
        """For each θ the logarithm of what waited at or above the cut-off of a past round, and its fall by point."""
        own = past.of(series)

        def work_out() -> Floats:
            earlier = past.before(int(own.days[at]))
            days = waiting_days(earlier, series, share)
            gap = float(own.days[at] - earlier.days[-1])
            waiting = np.minimum(days + gap, _YEAR)
            cut = int(own.cutoffs[at])
            above, near, upper = (_above(waiting, score) for score in (cut, max(cut - _NEAR, 0), cut + _NEAR))
            return np.array([above, np.maximum((near - upper) / (2 * _NEAR), _FLAT)])

        return past.kept(("stock", series, share, int(own.rows[at])), work_out)


def _above(waiting: Floats, score: int) -> Floats:
    found: Floats = np.log(np.maximum(_SHAPES[:, score:] @ waiting[score:], 1e-9))
    return found


def waiting_days(past: Past, series: str, share: float) -> Floats:
    """For each score, how many days of arrivals wait on the day of the last round of any type, after that round."""
    rows = past.days.size
    # By the number of rows that they rest on; a later past goes on from the nearest one.
    kept: dict[int, Floats] = past.kept(("waiting", series, share), lambda: {0: np.full(_TOP + 1, _YEAR)})
    if rows not in kept:
        begun = max(one for one in kept if one < rows)
        days = kept[begun]
        for row in range(begun, rows):
            if row:
                days = np.minimum(days + float(past.days[row] - past.days[row - 1]), _YEAR)
            own = past.series[row] == series
            if own or past.series[row] != NOMINEES:
                days = np.where(past.cutoffs[row] <= _SCORES, 0.0 if own else days * (1.0 - share), days)
        kept[rows] = days
    return kept[rows]


def _cutoff(density: NDArray[np.float64], size: float) -> float:
    """The score at or above which so many wait, between whole scores by the logarithm of the stock."""
    stock = np.maximum(np.cumsum(density[::-1])[::-1], 1e-12)
    # The stock falls as the score rises: turned round, it can be looked up.
    return float(np.interp(-np.log(max(size, 1e-12)), -np.log(stock), _SCORES))


QUEUE = Flow(
    "queue_known_size",
    Text("cleared-age queue", "file d'attente par ancienneté"),
    shares=(0.0,),
    memory=1.0,
)
FLOW = Flow(
    "flow_known_size",
    Text("flow and queue, with removals by other rounds", "flux et file d'attente, avec les départs des autres rondes"),
    shares=(0.0, 0.1, 0.3, 0.6),
    memory=0.8,
)
