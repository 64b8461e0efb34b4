"""The cut-off read off the pool published with the round: the score above which so many candidates are."""

from __future__ import annotations

import numpy as np

from expressentry.forecast.distribution import Floats
from expressentry.forecast.models.base import PointModel
from expressentry.forecast.past import Ask, Past, Snapshot
from expressentry.text import Text

_TOP = 1000.0
_NEWEST = 8


class SnapshotInversion(PointModel):
    """Needs the pool and the size, which are published with the cut-off itself: it measures the mechanism only.

    Of those above a cut-off only some may be invited by a type; the share is the median of the last rounds.
    """

    id = "snapshot_known_size"
    title = Text("read off the pool published with the round", "lue dans le bassin publié avec la ronde")
    knows: frozenset[str] = frozenset({"size", "pool"})

    def point(self, past: Past, ask: Ask) -> float | None:
        """The score above which as many candidates are, of the share that the type takes."""
        own = past.of(ask.series)
        shots = [(at, past.snapshots[int(row)]) for at, row in enumerate(own.rows) if int(row) in past.snapshots]
        if ask.size is None or ask.pool is None or len(shots) < 3:
            return None
        seen = [np.log(own.sizes[at]) - _log_above(shot, float(own.cutoffs[at])) for at, shot in shots[-_NEWEST:]]
        scores, logs = _curve(ask.pool)
        return float(np.interp(-(np.log(ask.size) - np.median(seen)), -logs, scores))


def _curve(shot: Snapshot) -> tuple[Floats, Floats]:
    """Scores upwards and the logarithm of the candidates at or above each: straight lines between the bands."""
    scores = np.concatenate([shot.lows[::-1], [_TOP]])
    logs = np.log(np.maximum(np.concatenate([shot.above[::-1], [1.0]]), 1.0))
    return scores, logs


def _log_above(shot: Snapshot, score: float) -> float:
    scores, logs = _curve(shot)
    return float(np.interp(score, scores, logs))
