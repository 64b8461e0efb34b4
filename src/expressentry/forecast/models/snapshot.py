"""The cut-off read off the pool published with the round: the score above which so many candidates are."""

from __future__ import annotations

import numpy as np

from expressentry.forecast.distribution import Floats
from expressentry.forecast.models.base import PointModel
from expressentry.forecast.past import Ask, Past, Snapshot
from expressentry.text import Text

_TOP = 1000.0
_NEWEST = 8
_NOMINEE_BAND = 601.0
"""Where the band of nominees begins, above the wide one that ends at 600."""
_RATES = np.geomspace(1e-3, 1e3, 600)
_LEFT = (1.0 - np.exp(-_RATES)) / _RATES
"""What a band holds that falls at such a rate, against one as dense all through as at its lower end."""


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
    """Scores upwards and the logarithm of the candidates at or above each: straight lines between the points."""
    scores, stock = np.append(shot.lows[::-1], _TOP), np.append(shot.above[::-1], 1.0)
    at = int(np.searchsorted(scores, _NOMINEE_BAND))
    if at >= 3 and scores[at] == _NOMINEE_BAND:
        inside, above = _wide_band(scores[at - 3 : at + 1], stock[at - 3 : at + 1])
        scores = np.concatenate([scores[: at - 1], inside, scores[at:]])
        stock = np.concatenate([stock[: at - 1], above, stock[at:]])
    return scores, np.log(np.maximum(stock, 1.0))


def _wide_band(scores: Floats, stock: Floats) -> tuple[Floats, Floats]:
    """The scores of the band up to 600, published as one number, and the candidates at or above each.

    Their density falls exponentially from what the two bands below give at its lower end, so that it adds up.
    """
    lowest, below, here = -np.diff(stock)
    density = np.maximum([lowest, below], 1e-9) / np.diff(scores)[:2]
    at_its_end = density[1] * np.sqrt(min(density[1] / density[0], 1.0))
    width = scores[3] - scores[2]
    rate = float(np.interp(-here / (at_its_end * width), -_LEFT, _RATES))
    inside = np.arange(scores[2], scores[3])
    left = np.exp(-rate * (inside - scores[2]) / width) - np.exp(-rate)
    return inside, stock[3] + here * left / (1.0 - np.exp(-rate))


def _log_above(shot: Snapshot, score: float) -> float:
    scores, logs = _curve(shot)
    return float(np.interp(score, scores, logs))
