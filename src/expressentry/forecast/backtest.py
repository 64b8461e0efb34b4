"""Every forecast that the models would have made, with its score: rolling origin, each from the past of its own day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from expressentry.forecast.distribution import LEVELS, Distribution, Floats, pinball
from expressentry.forecast.models import BASELINE, CANDIDATES, FALLBACK, MODELS
from expressentry.forecast.models.base import Model, PointModel
from expressentry.forecast.past import Ask, History, Past
from expressentry.forecast.settings import Period, Settings

HORIZONS = (1, 2, 3, 5, 8, 12)
"""How many rounds ahead is scored."""
OFFSETS = (-30, -10, 0, 10, 30)
"""P(cut-off ≤ x) is scored at the last cut-off and so far from it."""
_DRAWS = 2000
_SEED = 17
_ENOUGH_TO_CHOOSE = 12
_AS_GOOD = 1.02


@dataclass(frozen=True, slots=True)
class Target:
    """One round that was to be forecast: what was asked, what was known, and what came."""

    series: str
    row: int
    day: int
    past: Past
    ask: Ask
    value: float
    last: float
    changed: bool


@dataclass(frozen=True, eq=False)
class Made:
    """The forecasts of one model for the rounds of one period at one horizon."""

    model: str
    period: str
    horizon: int
    rows: NDArray[np.int64]
    days: NDArray[np.int64]
    changed: NDArray[np.bool_]
    values: Floats
    lasts: Floats
    points: Floats
    quantiles: Floats

    @cached_property
    def losses(self) -> Floats:
        """The pinball loss of each forecast at each level."""
        return pinball(self.quantiles, self.values[:, None])

    @cached_property
    def crps(self) -> Floats:
        """The score of each forecast."""
        found: Floats = 2 * self.losses.mean(axis=1)
        return found

    def inside(self, percent: float) -> NDArray[np.bool_]:
        """Whether each value was in the central interval."""
        low, high = self.ends(percent)
        return (low <= self.values) & (self.values <= high)

    def ends(self, percent: float) -> tuple[Floats, Floats]:
        """The ends of the central interval of each forecast."""
        both = [Distribution(one).interval(percent) for one in self.quantiles]
        return np.array([low for low, _ in both]), np.array([high for _, high in both])

    @cached_property
    def events(self) -> tuple[Floats, Floats]:
        """The probabilities given to "at most x", and 1 or 0 for what came, for each forecast and x."""
        at = self.lasts[:, None] + np.array(OFFSETS)
        given = np.array([[Distribution(q).at_most(x) for x in row] for q, row in zip(self.quantiles, at, strict=True)])
        return given.reshape(at.shape), (self.values[:, None] <= at).astype(np.float64)


def targets(history: History, period: Period, horizon: int) -> Iterator[Target]:
    """The rounds of a period, each with the past of the day on which it was so many rounds ahead."""
    whole = history.whole
    for series in period.types:
        own = whole.of(series)
        for at in range(own.rows.size):
            day = date.fromordinal(int(own.days[at]))
            with_pool = int(own.rows[at]) in whole.snapshots
            asked = whole.target(series, at, horizon)
            if asked is None or not period.start <= day < period.until or (period.with_pool and not with_pool):
                continue
            past, ask = asked
            known = past.of(series)
            if known.rows.size == 0:
                continue
            changed = bool(known.grids[-1] != own.grids[at])
            yield Target(
                series, int(own.rows[at]), int(own.days[at]), past, ask, own.cutoffs[at], known.cutoffs[-1], changed
            )


def make(history: History, model: Model, period: Period, horizon: int) -> Made:
    """The forecasts of a model for a period, where it gives one."""
    kept, found, points = [], [], []
    for one in targets(history, period, horizon):
        made = model.forecast(one.past, one.ask)
        if made is None:
            continue
        point = model.point(one.past, one.ask) if isinstance(model, PointModel) else None
        kept.append(one)
        found.append(made.quantiles)
        points.append(made.median if point is None else point)
    return Made(
        model.id,
        period.id,
        horizon,
        np.array([one.row for one in kept], dtype=np.int64),
        np.array([one.day for one in kept], dtype=np.int64),
        np.array([one.changed for one in kept], dtype=bool),
        np.array([one.value for one in kept]),
        np.array([one.last for one in kept]),
        np.array(points),
        np.array(found).reshape(len(kept), LEVELS.size),
    )


def make_all(
    history: History,
    settings: Settings,
    models: Mapping[str, Model] = MODELS,
    horizons: Sequence[int] = HORIZONS,
    told: Callable[[int, int], None] = lambda done, of: None,
) -> list[Made]:
    """The forecasts of all models for all periods; `told` hears how many of how many parts are done."""
    # What needs the size of a round shows the mechanism, not what can be known further ahead.
    parts = [
        (period, horizon, one)
        for period in settings.periods
        for horizon in horizons
        for one in models.values()
        if horizon == 1 or not (one.knows or one.one_ahead)
    ]
    found = []
    for at, (period, horizon, model) in enumerate(parts, 1):
        made = make(history, model, period, horizon)
        if made.rows.size:
            found.append(made)
        told(at, len(parts))
    return found


def regimes(made: Made, settings: Settings) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """The parts of a period that are scored apart: all, before and after the day of choice, across changes of grid."""
    everything = np.ones(made.rows.size, dtype=bool)
    later = made.days >= settings.chosen_before.toordinal()
    yield "all", everything
    if later.any():
        yield "chosen_on", ~later
        yield "held_out", later
    if made.changed.any():
        yield "same_grid", ~made.changed
        yield "grid_change", made.changed


@dataclass(frozen=True, slots=True)
class Score:
    """How a model did on the rounds of a period, beside the last value on the same rounds."""

    model: str
    type: str
    horizon: int
    regime: str
    n: int
    crps: float
    crps_last_value: float
    mae: float
    median_error: float
    pinball10: float
    pinball50: float
    pinball90: float
    coverage80: float
    width80: float
    coverage95: float
    width95: float
    brier: float
    skill: float
    skill_low: float
    skill_high: float


def scores(found: Sequence[Made], settings: Settings) -> list[Score]:
    """The scores of all models by type, horizon and regime."""
    base = {(one.period, one.horizon): one for one in found if one.model == BASELINE}
    rows = []
    for made in found:
        beside = base[made.period, made.horizon]
        place = {int(row): at for at, row in enumerate(beside.rows)}
        # Far ahead the last value has too few errors for the first rounds: those are not compared.
        both = np.array([int(row) in place for row in made.rows], dtype=bool)
        other = np.array([beside.crps[place[int(row)]] if int(row) in place else np.nan for row in made.rows])
        for regime, chosen in regimes(made, settings):
            if (chosen & both).any():
                rows.append(_score(made, other, regime, chosen & both))
    return rows


def _score(made: Made, other: Floats, regime: str, chosen: NDArray[np.bool_]) -> Score:
    off = np.abs(made.values - made.points)[chosen]
    mine, theirs, losses = made.crps[chosen], other[chosen], made.losses[chosen].mean(axis=0)
    widths, covered = {}, {}
    for percent in (80, 95):
        low, high = made.ends(percent)
        widths[percent] = float((high - low)[chosen].mean())
        covered[percent] = float(made.inside(percent)[chosen].mean())
    given, came = made.events
    low_skill, high_skill = skill_interval(mine, theirs)
    return Score(
        made.model,
        made.period,
        made.horizon,
        regime,
        int(chosen.sum()),
        float(mine.mean()),
        float(theirs.mean()),
        float(off.mean()),
        float(np.median(off)),
        float(losses[9]),
        float(losses[49]),
        float(losses[89]),
        covered[80],
        widths[80],
        covered[95],
        widths[95],
        float(((given - came)[chosen] ** 2).mean()),
        float(1 - mine.mean() / theirs.mean()),
        low_skill,
        high_skill,
    )


def skill_interval(mine: Floats, theirs: Floats) -> tuple[float, float]:
    """The 95 % interval of 1 - CRPS / CRPS of the last value, by drawing the same rounds for both again and again."""
    drawn = np.random.default_rng(_SEED).integers(0, mine.size, (_DRAWS, mine.size))
    ratio = 1 - mine[drawn].mean(axis=1) / np.maximum(theirs[drawn].mean(axis=1), 1e-9)
    low, high = np.quantile(ratio, [0.025, 0.975])
    return float(low), float(high)


def choose(found: Sequence[Made], settings: Settings) -> dict[str, tuple[str, str]]:
    """For each period the model for the next round, and that for rounds further on; by the rounds before the choice.

    Of the models with the smallest mean CRPS, or one within 2 % of it, on the rounds that all candidates forecast, the
    one whose 80 % interval holds nearest to 80 %. With few such rounds `FALLBACK`.
    """
    limit = settings.chosen_before.toordinal()
    near, far = (_best(found, limit, horizons) for horizons in (HORIZONS[:1], HORIZONS[1:4]))
    return {period.id: (near.get(period.id, FALLBACK), far.get(period.id, FALLBACK)) for period in settings.periods}


def _best(found: Sequence[Made], limit: int, horizons: Sequence[int]) -> dict[str, str]:
    best = {}
    for period in dict.fromkeys(one.period for one in found):
        parts = [_common([one for one in found if (one.period, one.horizon) == (period, n)], limit) for n in horizons]
        names = set.intersection(*(set(part) for part in parts))
        if names:
            crps = {name: sum(float(part[name][0].mean()) for part in parts) for name in names}
            off = {name: abs(float(np.concatenate([part[name][1] for part in parts]).mean()) - 0.8) for name in names}
            close = [name for name in names if crps[name] <= min(crps.values()) * _AS_GOOD]
            best[period] = min(close, key=lambda name: (off[name], crps[name]))
    return best


def _common(found: Sequence[Made], limit: int) -> dict[str, tuple[Floats, NDArray[np.bool_]]]:
    """The score and the hit of the 80 % interval of each candidate, on the early rounds that all of them forecast."""
    early = {one.model: (one, one.rows[one.days < limit]) for one in found if one.model in CANDIDATES}
    early = {name: pair for name, pair in early.items() if pair[1].size >= _ENOUGH_TO_CHOOSE}
    common = set.intersection(*(set(rows.tolist()) for _, rows in early.values())) if early else set()
    if len(common) < _ENOUGH_TO_CHOOSE:
        return {}
    masks = {name: np.isin(one.rows, list(common)) for name, (one, _) in early.items()}
    return {name: (one.crps[masks[name]], one.inside(80)[masks[name]]) for name, (one, _) in early.items()}


@dataclass(frozen=True, slots=True)
class Reliability:
    """Of the forecasts that gave about one probability: how many, the mean given, and how often it came true."""

    type: str
    low: float
    n: int
    given: float
    came: float


def reliability(found: Sequence[Made]) -> list[Reliability]:
    """The probabilities given by a model in ten classes, for each period and for all together."""
    rows = []
    every = [(made.period, *made.events) for made in found if made.rows.size]
    groups = [
        (name, [(g, c) for period, g, c in every if period == name]) for name in dict.fromkeys(p for p, *_ in every)
    ]
    for name, parts in [("all", [(g, c) for _, g, c in every]), *groups]:
        given = np.concatenate([g.ravel() for g, _ in parts])
        came = np.concatenate([c.ravel() for _, c in parts])
        classes = np.minimum((given * 10).astype(int), 9)
        for at in range(10):
            mask = classes == at
            if mask.any():
                rows.append(
                    Reliability(name, at / 10, int(mask.sum()), float(given[mask].mean()), float(came[mask].mean()))
                )
    return rows
