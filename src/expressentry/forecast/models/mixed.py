"""Models made of others: with the distribution of sizes, the average of two, and a spread corrected by the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from expressentry.forecast.distribution import Distribution, pinball, spread_over
from expressentry.forecast.models.base import ENOUGH_ERRORS, Model, PointModel
from expressentry.forecast.models.sizes import likely_sizes
from expressentry.forecast.past import Ask, Past
from expressentry.text import Text

_SAMPLES = 199
_SCALES = np.geomspace(0.3, 3.0, 31)
_LEAST_SIDE = 0.5


class WithSizes(Model):
    """A model that needs the size of a round, asked with every likely size: size and errors both widen it."""

    def __init__(self, inner: PointModel) -> None:
        self.inner = inner
        self.id = f"{inner.id.removesuffix('_known_size')}_sizes"
        self.title = Text("{t}, size unknown", "{t}, taille inconnue").fill(t=inner.title)

    def make(self, past: Past, ask: Ask) -> Distribution | None:
        """The distribution over sizes and past errors."""
        sizes = likely_sizes(past, ask.series, ask.horizon)
        centres = [self.inner.point(past, replace(ask, size=float(size))) for size in sizes]
        known = np.array([one for one in centres if one is not None])
        errors = self.inner.errors(past, ask.series, ask.horizon)
        if not known.size or errors.size < 2:
            return None
        return Distribution.smoothed(spread_over((known[:, None] + errors).ravel(), _SAMPLES))


class Average(Model):
    """The average of the quantiles of models, where each gives a distribution."""

    def __init__(self, first: Model, second: Model) -> None:
        self.parts = (first, second)
        self.knows = first.knows | second.knows
        head = first.id.removesuffix("_known_size")
        self.id = f"{head}_averaged" if second.id == "last_value" else f"{head}_and_{second.id}"
        self.title = Text("{a}, averaged with {b}", "{a}, moyennée avec {b}").fill(a=first.title, b=second.title)

    def make(self, past: Past, ask: Ask) -> Distribution | None:
        """The average of both."""
        found = [one.forecast(past, ask) for one in self.parts]
        known = [one for one in found if one is not None]
        return Distribution.average(known) if len(known) == len(found) else None


class Scaled(Model):
    """A model, its spread multiplied by what would have served the newest rounds of the type.

    `scaled`: the factor with the least CRPS over the forecasts that the model made of them, each from its own past.
    `conformal`: the factor with which their 80 % intervals would have held 80 % of them. Either counts by the number of
    those rounds against as many that ask for no change.
    """

    def __init__(self, inner: Model, by: Literal["scaled", "conformal"] = "scaled") -> None:
        self.inner, self.knows, self.by = inner, inner.knows, by
        head = inner.id.removesuffix("_known_size")
        self.id = f"{head}_{by}{inner.id.removeprefix(head)}"
        self.title = _CORRECTED[by].fill(t=inner.title)

    def make(self, past: Past, ask: Ask) -> Distribution | None:
        """The model's own distribution, narrower or wider around its median."""
        found = self.inner.forecast(past, ask)
        if found is None:
            return None
        key = ("scale", self.id, ask.series, ask.horizon, past.days.size)
        scale = past.kept(key, lambda: self._scale(past, ask.series, ask.horizon))
        return Distribution(found.median + scale * (found.quantiles - found.median))

    def _scale(self, past: Past, series: str, horizon: int) -> float:
        """The factor for the spread; 1 where no round of the type was forecast yet."""
        own = past.of(series)
        off, made = [], []
        for at in range(max(horizon, own.rows.size - ENOUGH_ERRORS), own.rows.size):
            asked = past.target(series, at, horizon)
            one = None if asked is None else self.inner.forecast(*asked)
            if one is not None:
                off.append(own.cutoffs[at] - one.median)
                made.append(one)
        if not off:
            return 1.0
        best = _least_crps(off, made) if self.by == "scaled" else _held(off, made)
        return float(np.clip(best, _SCALES[0], _SCALES[-1]) ** (len(off) / (len(off) + ENOUGH_ERRORS)))


_CORRECTED = {
    "scaled": Text("{t}, spread corrected", "{t}, étendue corrigée"),
    "conformal": Text("{t}, intervals corrected", "{t}, intervalles corrigés"),
}


def _least_crps(off: Sequence[float], made: Sequence[Distribution]) -> float:
    """The factor for the spread of forecasts, so far off from their medians, that has the least CRPS."""
    spread = np.array([one.quantiles - one.median for one in made])
    lost = pinball(_SCALES[:, None, None] * spread, np.array(off)[:, None]).mean(axis=(1, 2))
    return float(_SCALES[int(lost.argmin())])


def _held(off: Sequence[float], made: Sequence[Distribution]) -> float:
    """The factor with which the 80 % intervals of forecasts, so far off from their medians, hold 80 % of the values."""
    ends = [(one.interval(80), one.median) for one in made]
    sides = [(high - middle) if by > 0 else (middle - low) for by, ((low, high), middle) in zip(off, ends, strict=True)]
    return float(np.quantile(np.abs(off) / np.maximum(sides, _LEAST_SIDE), 0.8))
