"""The change of the cut-off by the change of size and the gap since the last round, by ridge regression."""

from __future__ import annotations

import numpy as np

from expressentry.forecast.models.base import OWN_ERRORS, PointModel
from expressentry.forecast.past import Ask, Past
from expressentry.text import Text

_LEAST = 6
_PENALTY = 1.0


class SizeGapRidge(PointModel):
    """Larger rounds reach further down, longer gaps let more candidates arrive; fitted for each type alone."""

    id = "size_gap_known_size"
    title = Text("size and gap (ridge)", "taille et intervalle (ridge)")
    knows: frozenset[str] = frozenset({"size"})

    def point(self, past: Past, ask: Ask) -> float | None:
        """The last cut-off and the change that size and gap explain."""
        own = past.of(ask.series)
        lag = ask.horizon
        if ask.size is None or own.days.size < _LEAST + lag:
            return None
        sizes, days = np.log(own.sizes), own.days.astype(np.float64)
        change = (own.cutoffs[lag:] - own.cutoffs[:-lag])[-OWN_ERRORS:]
        x = np.column_stack([sizes[lag:] - sizes[:-lag], np.log(np.maximum(days[lag:] - days[:-lag], 1.0))])
        x = x[-OWN_ERRORS:]
        asked = np.array([np.log(ask.size) - sizes[-1], np.log(max(ask.day - days[-1], 1.0))])
        centre, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
        z = (x - centre) / scale
        slopes = np.linalg.solve(z.T @ z + _PENALTY * np.eye(2), z.T @ (change - change.mean()))
        return float(own.cutoffs[-1] + change.mean() + ((asked - centre) / scale) @ slopes)
