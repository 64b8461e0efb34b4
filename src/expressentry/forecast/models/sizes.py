"""How many invitations a coming round may have: the last number of its type, times the ratios seen before."""

from __future__ import annotations

import numpy as np

from expressentry.forecast.distribution import Floats, spread_over
from expressentry.forecast.models.base import ENOUGH_ERRORS, OWN_ERRORS
from expressentry.forecast.past import Past

NUMBER = 19
"""So many sizes stand for the distribution."""


def likely_sizes(past: Past, series: str, horizon: int, number: int = NUMBER) -> Floats:
    """Sizes that are equally likely for a round so many rounds ahead; none where the type had no round."""
    sizes = past.of(series).sizes
    if sizes.size == 0:
        return np.empty(0)
    ratios = _log_ratios(past, series, horizon)[-OWN_ERRORS:]
    if ratios.size < ENOUGH_ERRORS:

        def pooled() -> Floats:
            return np.concatenate([np.empty(0), *(_log_ratios(past, one, horizon) for one in past.names)])

        others = past.kept(("size ratios", horizon, past.days.size), pooled)
        ratios = np.concatenate([ratios, spread_over(others, ENOUGH_ERRORS - ratios.size)])
    found: Floats = np.maximum(sizes[-1] * np.exp(spread_over(ratios, number)), 1.0)
    return found


def _log_ratios(past: Past, series: str, horizon: int) -> Floats:
    logs = np.log(past.of(series).sizes)
    found: Floats = logs[horizon:] - logs[:-horizon]
    return found
