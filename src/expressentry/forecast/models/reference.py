"""AutoETS and AutoARIMA of statsforecast, which only the benchmarks install."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import numpy as np

from expressentry.forecast.distribution import Distribution
from expressentry.forecast.models.base import Model
from expressentry.forecast.past import Ask, Past
from expressentry.text import Text, same

_LEAST = 12
_NEWEST = 60


class Statsforecast(Model):
    """One automatic model on the cut-offs of a type, as if they were evenly spaced; its interval taken as normal."""

    one_ahead = True

    def __init__(self, name: str, title: Text) -> None:
        self.name, self.title, self.id = name, title, name.lower()

    def make(self, past: Past, ask: Ask) -> Distribution | None:
        """The normal distribution of the model, None where statsforecast is not installed."""
        cutoffs = past.of(ask.series).cutoffs[-_NEWEST:]
        if cutoffs.size < _LEAST or not REFERENCE_INSTALLED:
            return None

        def work_out() -> Distribution:
            made = getattr(import_module("statsforecast.models"), self.name)(season_length=1)
            found = made.forecast(y=cutoffs, h=ask.horizon, level=[80])
            mean, high = (float(np.asarray(found[key])[-1]) for key in ("mean", "hi-80"))
            return Distribution.normal(mean, max((high - mean) / 1.2815515655446004, 1.0))

        return past.kept((self.id, ask.series, ask.horizon, past.of(ask.series).rows.size), work_out)


REFERENCE_INSTALLED = find_spec("statsforecast") is not None
REFERENCE: tuple[Model, ...] = (
    Statsforecast("AutoETS", same("AutoETS")),
    Statsforecast("AutoARIMA", same("AutoARIMA")),
)
