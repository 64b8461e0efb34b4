"""The models: each is given a `Past` and what is asked, and gives a distribution, or None where it cannot.

    MODELS["last_value"].forecast(past, ask)

`knows` says what a model looks at that a user cannot have before the round: `size`, `pool`, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from expressentry.forecast.models.base import Model
from expressentry.forecast.models.flow import FLOW, QUEUE
from expressentry.forecast.models.mixed import Average, Scaled, WithSizes
from expressentry.forecast.models.quantiles import QuantileRegression
from expressentry.forecast.models.reference import REFERENCE
from expressentry.forecast.models.simple import (
    LastOfCategory,
    LastValue,
    MeanOfThree,
    RandomWalk,
    SpreadOfType,
    TrendLine,
)
from expressentry.forecast.models.size_gap import SizeGapRidge
from expressentry.forecast.models.snapshot import SnapshotInversion

BASELINE = "last_value"
"""The model that stands beside every other."""

FALLBACK = "last_value_of_categories"
"""The model of types with too few rounds to choose by."""

_RIDGE, _REGRESSION, _SNAPSHOT = SizeGapRidge(), QuantileRegression(), SnapshotInversion()
_QUEUE_SIZES, _FLOW_SIZES = WithSizes(QUEUE), WithSizes(FLOW)
_BEFORE_IT = (
    _REGRESSION,
    WithSizes(_RIDGE),
    _QUEUE_SIZES,
    Average(_QUEUE_SIZES, LastValue()),
    _FLOW_SIZES,
    Average(_FLOW_SIZES, LastValue()),
    Average(_REGRESSION, _QUEUE_SIZES),
)
_GIVEN_THE_SIZE = (
    _RIDGE,
    QUEUE,
    FLOW,
    _SNAPSHOT,
    Average(QUEUE, _RIDGE),
    Average(FLOW, _RIDGE),
    Average(FLOW, _SNAPSHOT),
)

MODELS: Mapping[str, Model] = {
    one.id: one
    for one in (
        LastValue(),
        LastOfCategory(),
        RandomWalk(),
        MeanOfThree(),
        SpreadOfType(),
        TrendLine(),
        *_BEFORE_IT,
        *(Scaled(one) for one in _BEFORE_IT),
        *(Scaled(one, "conformal") for one in _BEFORE_IT),
        *_GIVEN_THE_SIZE,
        *(Scaled(one) for one in _GIVEN_THE_SIZE),
        *REFERENCE,
    )
}
"""Every model by its name, in the order of the tables."""

CANDIDATES = tuple(
    name for name, one in MODELS.items() if not one.knows and one not in REFERENCE and name != "trend_line"
)
"""The models of which each type takes one: those that see only what a user has, and that need no further package."""
