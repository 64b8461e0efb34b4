"""What a model is, and how a single number becomes a distribution: by the errors it made before."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from expressentry.forecast.distribution import Distribution, Floats, spread_over
from expressentry.forecast.past import Ask, Past
from expressentry.rounds.eligibility import NOMINEES
from expressentry.text import Text

OWN_ERRORS = 40
"""So many errors of a type, the newest, make its spread."""
ENOUGH_ERRORS = 12
"""With fewer of its own, a type is given errors of others too, up to so many."""
_APART = (NOMINEES,)
"""Types whose errors say nothing of others: the scores of nominees have 600 points more."""


class Model(ABC):
    """A way to forecast a cut-off."""

    id: str
    title: Text
    knows: frozenset[str] = frozenset()
    one_ahead: bool = False
    """Whether it is only asked for the next round: it takes long, or shows the mechanism."""

    def forecast(self, past: Past, ask: Ask) -> Distribution | None:
        """The distribution of a cut-off, None where the past is too short."""
        if self.knows:
            return self.make(past, ask)
        key = ("forecast", type(self).__name__, self.id, ask.series, ask.day, ask.horizon, ask.grid, past.day)
        return past.kept(key, lambda: self.make(past, ask))

    @abstractmethod
    def make(self, past: Past, ask: Ask) -> Distribution | None:
        """Work out the distribution that `forecast` keeps."""


class PointModel(Model):
    """A model that gives one number; its own past errors, at the same horizon, make the distribution."""

    @abstractmethod
    def point(self, past: Past, ask: Ask) -> float | None:
        """The cut-off expected, None where the past is too short."""

    def make(self, past: Past, ask: Ask) -> Distribution | None:
        """The expected cut-off with the errors made before."""
        centre = self.point(past, ask)
        errors = self.errors(past, ask.series, ask.horizon)
        return None if centre is None or errors.size < 2 else Distribution.smoothed(centre + errors)

    def errors(self, past: Past, series: str, horizon: int) -> Floats:
        """The newest errors of a type at a horizon, topped up with those of all types where there are few."""
        own = self._own_errors(past, series, horizon, OWN_ERRORS)
        if own.size >= ENOUGH_ERRORS:
            return own

        def pooled() -> Floats:
            names = self.alike(past)
            return np.concatenate([np.empty(0), *(self._own_errors(past, one, horizon) for one in names)])

        others = past.kept(("pooled", self.id, horizon, past.day), pooled)
        return np.concatenate([own, spread_over(others, ENOUGH_ERRORS - own.size)])

    def alike(self, past: Past) -> Sequence[str]:
        """The types whose errors are used where a type has few of its own."""
        return [one for one in past.names if one not in _APART]

    def _own_errors(self, past: Past, series: str, horizon: int, newest: int | None = None) -> Floats:
        number = past.of(series).cutoffs.size
        first = horizon if newest is None else max(horizon, number - newest)
        found = [self._error(past, series, at, horizon) for at in range(first, number)]
        return np.array([one for one in found if one is not None], dtype=np.float64)

    def _error(self, past: Past, series: str, at: int, horizon: int) -> float | None:
        own = past.of(series)

        def work_out() -> float | None:
            asked = past.target(series, at, horizon)
            centre = None if asked is None else self.point(*asked)
            return None if centre is None else float(own.cutoffs[at]) - centre

        # All that it rests on was known when the round was held, so every later past has the same.
        return past.kept(("error", self.id, horizon, int(own.rows[at])), work_out)
