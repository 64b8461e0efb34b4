"""Models made of others: one that needs the size, given its distribution; and the average of two."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from expressentry.forecast.distribution import Distribution, spread_over
from expressentry.forecast.models.base import Model, PointModel
from expressentry.forecast.models.sizes import likely_sizes
from expressentry.forecast.past import Ask, Past
from expressentry.text import Text

_SAMPLES = 199


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
        self.id = f"{first.id}_averaged" if second.id == "last_value" else f"{first.id}_and_{second.id}"
        self.title = Text("{a}, averaged with {b}", "{a}, moyennée avec {b}").fill(a=first.title, b=second.title)

    def make(self, past: Past, ask: Ask) -> Distribution | None:
        """The average of both."""
        found = [one.forecast(past, ask) for one in self.parts]
        known = [one for one in found if one is not None]
        return Distribution.average(known) if len(known) == len(found) else None
