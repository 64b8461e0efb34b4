"""The next rounds of a type: when they are likely, how large, and their cut-offs, as distributions.

Days are drawn from the gaps that the type had lately. Where the record ends before the day asked about, rounds may have
been held that it does not have: each drawn path says how many, and the cut-off is that of a round so much further on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import tomli

from expressentry.dates import anniversary
from expressentry.forecast.backtest import HORIZONS
from expressentry.forecast.distribution import LEVELS, Distribution, Floats, spread_over
from expressentry.forecast.models import BASELINE, FALLBACK, MODELS
from expressentry.forecast.models.base import Model
from expressentry.forecast.models.breaks import WithBreaks
from expressentry.forecast.models.sizes import likely_sizes
from expressentry.forecast.past import Ask, History, Ints, Past
from expressentry.forecast.settings import FOLDER, load_settings
from expressentry.rounds.record import DORMANT_AFTER_YEARS
from expressentry.text import Text

MOST_ROUNDS = HORIZONS[-1]
"""No forecast goes further: beyond it nothing was scored."""
PATHS = 1000
_SEED = 17
_GAPS = 20
_ENOUGH_GAPS = 6
_UNSEEN = 40
_PAUSE = 365 * DORMANT_AFTER_YEARS
"""A longer time between two rounds is a pause, and says nothing of the usual gaps."""


@dataclass(frozen=True, eq=False)
class Ahead:
    """One round to come; `days` are the drawn days, one a path, `places` which one it is after the last one known.

    `horizon` is the scored number of rounds ahead that most paths are nearest to, and `model` the one used for it.
    """

    series: str
    number: int
    days: Ints
    places: Ints
    sizes: Distribution
    cutoff: Distribution
    baseline: Distribution
    horizon: int
    model: str

    def day(self, level: float) -> date:
        """The day by which the round is issued with a probability."""
        return date.fromordinal(int(np.quantile(self.days, level, method="inverted_cdf")))


@cache
def chosen_models() -> Mapping[str, tuple[str, str]]:
    """The models that the backtest chose by period: for the next round, and for those after it."""
    data = tomli.loads((FOLDER / "chosen.toml").read_text(encoding="utf-8"))
    return {name: (one["next"], one["further"]) for name, one in data["period"].items()}


class Published(Model):
    """The model that forecasts are made with: for each type and horizon the chosen one, wider across a change of grid.

    Where the chosen one has too short a past, the last value is used.
    """

    id = "published"
    title = Text("published", "publié")

    def __init__(self, chosen: Mapping[str, tuple[str, str]]) -> None:
        self.chosen = chosen

    def name(self, series: str, horizon: int) -> str:
        """The chosen model of a type at a horizon."""
        period = load_settings().period_of(series)
        near, far = self.chosen.get(period.id, (FALLBACK, FALLBACK)) if period else (FALLBACK, FALLBACK)
        return near if horizon == 1 else far

    def forecast(self, past: Past, ask: Ask) -> Distribution | None:
        """The distribution of the chosen model; it is not kept, as those of its parts are."""
        return self.make(past, ask)

    def make(self, past: Past, ask: Ask) -> Distribution | None:
        """The distribution of the chosen model, else that of the last value."""
        chosen, base = (WithBreaks(MODELS[name]) for name in (self.name(ask.series, ask.horizon), BASELINE))
        return chosen.forecast(past, ask) or base.forecast(past, ask)


def next_rounds(
    history: History,
    series: str,
    on: date,
    grid: int,
    *,
    rounds: int = 1,
    chosen: Mapping[str, tuple[str, str]] | None = None,
) -> list[Ahead]:
    """The next rounds of a type from a day on; none for a type that had no round for a year: nothing says when.

    Args:
        history: The record as series.
        series: The type.
        on: The day; rounds from it on are ahead.
        grid: The number of the grid under which they are held.
        rounds: How many.
        chosen: The models by period, else those that are published.
    """
    past = history.past(on)
    published = Published(chosen_models() if chosen is None else chosen)
    if dormant(past, series, on):
        return []
    days = drawn_days(past, series, on, history.record.as_of)
    last = int(past.of(series).days[-1])
    found = []
    for number in range(1, rounds + 1):
        places = (days < on.toordinal()).sum(axis=1) + number
        when = days[np.arange(PATHS), places - 1]
        horizons = _scored(places, past.of(series).rows.size)
        parts, beside, sizes, weights, used = [], [], [], [], []
        for horizon in np.unique(horizons):
            mask = horizons == horizon
            ask = Ask(series, max(int(np.median(when[mask])), last + 1), int(horizon), grid)
            own, base = published.forecast(past, ask), WithBreaks(MODELS[BASELINE]).forecast(past, ask)
            if own is None or base is None:
                continue
            parts.append(own)
            beside.append(base)
            sizes.append(likely_sizes(past, series, int(horizon), LEVELS.size))
            weights.append(int(mask.sum()))
            used.append(int(horizon))
        if parts:
            size = mixture([Distribution(one) for one in sizes], weights)
            found.append(
                Ahead(
                    series,
                    number,
                    when,
                    places,
                    size,
                    mixture(parts, weights),
                    mixture(beside, weights),
                    used[int(np.argmax(weights))],
                    published.name(series, used[int(np.argmax(weights))]),
                )
            )
    return found


def dormant(past: Past, series: str, on: date) -> bool:
    """Whether a type had no round for a year before a day."""
    last = date.fromordinal(int(past.of(series).days[-1]))
    return anniversary(last, DORMANT_AFTER_YEARS) <= on


def drawn_days(past: Past, series: str, on: date, as_of: date) -> Ints:
    """The days of the rounds of a type after its last known one, on each drawn path.

    The first is after the last day for which the record is complete: none was issued up to it. The paths do not depend
    on how many rounds are asked for, so that the next round is the same in every answer.
    """
    own = past.of(series)
    last = int(own.days[-1])
    complete = min(as_of, on - timedelta(days=1)).toordinal()
    gaps = usual_gaps(past, series)
    longer = gaps[gaps > complete - last]
    drawn = np.random.default_rng(_SEED)
    steps = drawn.choice(gaps, (PATHS, _UNSEEN + MOST_ROUNDS))
    # Where it waits longer than it ever did, the usual gaps begin again.
    steps[:, 0] = drawn.choice(longer, PATHS) if longer.size else complete - last + steps[:, 0]
    found: Ints = last + np.cumsum(np.maximum(steps, 1), axis=1)
    return found


def usual_gaps(past: Past, series: str) -> Ints:
    """The gaps in days that a type had lately, pauses of a year left out; with few, those of all categories too."""
    own = np.diff(past.of(series).days)[-_GAPS:]
    own = own[own <= _PAUSE]
    if own.size >= _ENOUGH_GAPS:
        return np.asarray(own)
    others = [np.diff(past.of(one).days) for one in past.names if past.of(one).rows.size < _GAPS * 2]
    pooled = np.concatenate([np.empty(0), *others])
    pooled = pooled[(pooled <= _PAUSE) & (pooled > 0)]
    filled = spread_over(pooled, _ENOUGH_GAPS - own.size)
    found: Ints = np.concatenate([own, np.round(filled).astype(np.int64)])
    return found


def _scored(places: Ints, rounds: int) -> Ints:
    """The nearest horizon that was scored, no further than the type has rounds for."""
    known = np.array([one for one in HORIZONS if one == 1 or one < rounds], dtype=np.int64)
    found: Ints = known[np.abs(places[:, None] - known[None, :]).argmin(axis=1)]
    return found


def mixture(parts: Sequence[Distribution], weights: Sequence[int]) -> Distribution:
    """The distribution that is each part with its weight."""
    if len(parts) == 1:
        return parts[0]
    values = np.concatenate([one.quantiles for one in parts])
    shares: Floats = np.repeat(np.array(weights, dtype=np.float64), LEVELS.size)
    order = np.argsort(values, kind="stable")
    below = (np.cumsum(shares[order]) - shares[order] / 2) / shares.sum()
    return Distribution(np.interp(LEVELS, below, values[order]))
