"""Quantile regression over all types together: each change of a cut-off in units of its type's usual change."""

from __future__ import annotations

from functools import partial

import numpy as np

from expressentry.forecast.distribution import LEVELS, Distribution, Floats
from expressentry.forecast.models.base import Model
from expressentry.forecast.past import Ask, Past
from expressentry.text import Text

_ROWS = 250
_LEAST_ROWS = 60
_LEAST_OWN = 4
_FITTED = np.array([0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98])
_STEPS = 60
_NEAR = 0.02
_PENALTY = 1.0


class QuantileRegression(Model):
    """Quantiles of the change by the last change, the distance from the mean of three, gap and last size."""

    id = "quantile_regression"
    title = Text("quantile regression over all types", "régression quantile sur tous les types")

    def make(self, past: Past, ask: Ask) -> Distribution | None:
        """The quantiles of the change, in points of the type, on the last cut-off."""
        own = past.of(ask.series)
        if own.cutoffs.size < _LEAST_OWN:
            return None
        asked = _features(past, ask)
        slopes = past.kept(("slopes", ask.horizon, past.day), lambda: _slopes(past, ask.horizon))
        if slopes is None:
            return None
        found = np.sort(slopes @ asked) * _scale(past, ask.series, ask.horizon)
        return Distribution(float(own.cutoffs[-1]) + _all_levels(found))


def _slopes(past: Past, horizon: int) -> Floats | None:
    """The coefficients of each fitted quantile, from all rounds of the past."""
    found = []
    for series in past.names:
        for at in range(_LEAST_OWN + horizon - 1, past.of(series).rows.size):
            row = int(past.of(series).rows[at])
            found.append((row, past.kept(("row", series, row, horizon), partial(_row, past, series, at, horizon))))
    rows = [row for _, row in sorted(found, key=lambda one: one[0])][-_ROWS:]
    if len(rows) < _LEAST_ROWS:
        return None
    both = np.array(rows)
    return fit_quantiles(both[:, 1:], both[:, 0], _FITTED)


def _row(past: Past, series: str, at: int, horizon: int) -> Floats:
    asked = past.target(series, at, horizon)
    if asked is None:
        raise IndexError(at)
    earlier, ask = asked
    change = float(past.of(series).cutoffs[at] - earlier.of(series).cutoffs[-1])
    return np.concatenate([[change / _scale(earlier, series, horizon)], _features(earlier, ask)])


def _features(past: Past, ask: Ask) -> Floats:
    own = past.of(ask.series)
    scale = _scale(past, ask.series, 1)
    last, sizes = own.cutoffs[-3:], np.log(own.sizes[-8:])
    usual = float(np.median(np.diff(own.days)[-8:]))
    gap = np.log(max(ask.day - float(own.days[-1]), 1.0) / max(usual * ask.horizon, 1.0))
    return np.array(
        [1.0, (last[-1] - last[-2]) / scale, (last[-1] - last.mean()) / scale, gap, sizes[-1] - sizes.mean()]
    )


def _scale(past: Past, series: str, horizon: int) -> float:
    """The usual change of a type over so many rounds."""
    cutoffs = past.of(series).cutoffs
    if cutoffs.size <= horizon:
        horizon = 1
    return max(float(np.abs(cutoffs[horizon:] - cutoffs[:-horizon])[-20:].mean()), 1.0)


def fit_quantiles(x: Floats, y: Floats, levels: Floats) -> Floats:
    """The coefficients of linear quantile regressions, one line a level.

    Each step solves weighted least squares that bound the pinball loss from above (Hunter and Lange), all levels at
    once; a small ridge on the slopes keeps them at hand where few rows speak.
    """
    penalty = _PENALTY * np.diag([0.0, *np.ones(x.shape[1] - 1)])
    start = np.linalg.solve(x.T @ x + penalty + 1e-9 * np.eye(x.shape[1]), x.T @ y)
    slopes = np.tile(start, (levels.size, 1))
    slopes[:, 0] += np.quantile(y - x @ start, levels)
    for _ in range(_STEPS):
        off = y[None, :] - slopes @ x.T
        weights = 1.0 / (_NEAR + np.abs(off))
        left = np.einsum("ln,np,nq->lpq", weights, x, x, optimize=True) + 2 * penalty
        pull = weights * y[None, :] + (2 * levels[:, None] - 1)
        slopes = np.linalg.solve(left, (pull @ x)[:, :, None])[:, :, 0]
    return slopes


def _all_levels(found: Floats) -> Floats:
    """All levels from the fitted ones: straight lines between them, and on at the ends."""
    inside = np.interp(LEVELS, _FITTED, found)
    low, high = _FITTED[0] > LEVELS, _FITTED[-1] < LEVELS
    for outside, a, b in ((low, 0, 1), (high, -1, -2)):
        slope = (found[a] - found[b]) / (_FITTED[a] - _FITTED[b])
        inside[outside] = found[a] + (LEVELS[outside] - _FITTED[a]) * slope
    return np.asarray(inside)
