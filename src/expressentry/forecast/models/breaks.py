"""A change of the points grid: forecasts across it are as wide as past changes were."""

from __future__ import annotations

import numpy as np

from expressentry.forecast.distribution import Distribution, Floats
from expressentry.forecast.models.base import Model
from expressentry.forecast.past import Ask, Past
from expressentry.rounds.eligibility import NOMINEES

_LEAST = 3


class WithBreaks(Model):
    """A model, wider where the grid changed since the last round: the moves at past changes are added.

    A synthetic pool that is scored again under the new grid would do better; this is the seam for it.
    """

    def __init__(self, inner: Model) -> None:
        self.inner, self.id, self.title, self.knows = inner, inner.id, inner.title, inner.knows

    def make(self, past: Past, ask: Ask) -> Distribution | None:
        """The model's own distribution, widened across a change."""
        found = self.inner.forecast(past, ask)
        own = past.of(ask.series)
        if found is None or own.grids.size == 0 or own.grids[-1] == ask.grid:
            return found
        moves = past.kept(("moves", past.days.size), lambda: moves_at_changes(past))
        if moves.size < _LEAST:
            return found
        # Whether scores rise or fall is not known before: the moves count both ways.
        both = np.concatenate([moves, -moves])
        return Distribution.smoothed((found.quantiles[4::10, None] + both).ravel())


def moves_at_changes(past: Past) -> Floats:
    """How far cut-offs moved from the last round under one grid to the first under the next, nominees left out."""
    found = [np.empty(0)]
    for series in past.names:
        own = past.of(series)
        if series != NOMINEES and own.grids.size > 1:
            found.append(np.diff(own.cutoffs)[np.diff(own.grids) > 0])
    return np.concatenate(found)
