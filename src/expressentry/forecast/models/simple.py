"""The models that need no more than the last cut-offs of a type."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from expressentry.forecast.distribution import Distribution
from expressentry.forecast.models.base import ENOUGH_ERRORS, OWN_ERRORS, Model, PointModel
from expressentry.forecast.past import Ask, Past
from expressentry.text import Text

_STEPS = 3
_TREND = 8
_SPREAD = 20
_PROGRAMS = ("general", "cec", "fsw", "fst", "pnp")


class LastValue(PointModel):
    """The last cut-off again."""

    id = "last_value"
    title = Text("last value", "dernière valeur")

    def point(self, past: Past, ask: Ask) -> float | None:
        """The last cut-off."""
        cutoffs = past.of(ask.series).cutoffs
        return float(cutoffs[-1]) if cutoffs.size else None


class LastOfCategory(LastValue):
    """The last cut-off, as wide as the steps of all categories are where the type has few of its own.

    Rounds by category are further apart than those for all programs, and move further.
    """

    id = "last_value_of_categories"
    title = Text("last value, errors of categories", "dernière valeur, erreurs des catégories")

    def alike(self, past: Past) -> Sequence[str]:
        """The categories, once they have errors enough; before that all types."""
        found = [one for one in past.names if one not in _PROGRAMS]
        steps = sum(past.of(one).rows.size - 1 for one in found)
        return found if steps >= ENOUGH_ERRORS else super().alike(past)


class MeanOfThree(PointModel):
    """The mean of the last three cut-offs."""

    id = "mean_of_three"
    title = Text("mean of the last three", "moyenne des trois dernières")

    def point(self, past: Past, ask: Ask) -> float | None:
        """The mean of the last three, or of fewer where there are fewer."""
        cutoffs = past.of(ask.series).cutoffs
        return float(cutoffs[-_STEPS:].mean()) if cutoffs.size else None


class TrendLine(PointModel):
    """A straight line through the last eight cut-offs, as many public trackers draw it."""

    id = "trend_line"
    title = Text("trend line through the last eight", "droite de tendance sur les huit dernières")

    def point(self, past: Past, ask: Ask) -> float | None:
        """The line, so many rounds further on."""
        cutoffs = past.of(ask.series).cutoffs[-_TREND:]
        if cutoffs.size < _STEPS:
            return None
        at = np.arange(cutoffs.size) - (cutoffs.size - 1) / 2
        slope = float((at * cutoffs).sum() / (at * at).sum())
        return float(cutoffs.mean() + slope * (at[-1] + ask.horizon))


class RandomWalk(Model):
    """A normal distribution around the last cut-off, as wide as the steps of the past make it."""

    id = "random_walk"
    title = Text("Gaussian random walk", "marche aléatoire gaussienne")

    def make(self, past: Past, ask: Ask) -> Distribution | None:
        """The last cut-off, with the root mean square of past steps."""
        cutoffs = past.of(ask.series).cutoffs
        steps = np.diff(cutoffs)[-OWN_ERRORS:]
        if steps.size < _STEPS:
            return None
        sd = max(float(np.sqrt((steps * steps).mean())), 1.0)
        return Distribution.normal(float(cutoffs[-1]), sd * sqrt(ask.horizon))


class SpreadOfType(Model):
    """The cut-offs that a type had lately, whatever the last one was: what remains to say far ahead."""

    id = "spread_of_type"
    title = Text("spread of the type's last cut-offs", "étendue des dernières notes du type")

    def make(self, past: Past, ask: Ask) -> Distribution | None:
        """The last cut-offs, each as likely as the next."""
        cutoffs = past.of(ask.series).cutoffs[-_SPREAD:]
        return Distribution.smoothed(cutoffs) if cutoffs.size >= _STEPS else None
