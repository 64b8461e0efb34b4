"""The models: what they may see, what they do, and the numbers that were measured before them."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from math import erf, exp, pi, sqrt
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from scipy.optimize import linprog

from expressentry.dates import anniversary
from expressentry.errors import RecordError
from expressentry.forecast.ahead import Published, chosen_models, dormant, next_rounds
from expressentry.forecast.backtest import choose, make, make_all, scores, targets
from expressentry.forecast.distribution import LEVELS, Distribution, pinball
from expressentry.forecast.models import BASELINE, CANDIDATES, MODELS
from expressentry.forecast.models.base import Model
from expressentry.forecast.models.breaks import WithBreaks, moves_at_changes
from expressentry.forecast.models.flow import QUEUE, waiting_days
from expressentry.forecast.models.mixed import Scaled
from expressentry.forecast.models.quantiles import fit_quantiles
from expressentry.forecast.models.snapshot import _curve
from expressentry.forecast.past import Ask, History, Past, Snapshot
from expressentry.forecast.settings import Period, load_settings
from expressentry.rounds.record import Round
from expressentry.text import Text
from tests.forecast.histories import LAW, RECORD, changed_after, dropped, history, poisoned, shuffled

SETTINGS = load_settings()
ROOT = Path(__file__).parent.parent.parent
DAY = date(2025, 9, 3)
"""A day with a round by category the day after, and one of the Canadian Experience Class on it."""


class TestLastValue:
    """The rows that any forecast is compared with, as another program computed them from the same record."""

    ROWS = MappingProxyType(
        {
            "general": (36, 10.6, 8.34, 64, 92),
            "cec": (41, 5.2, 4.84, 93, 100),
            "french": (28, 21.1, 17.5, None, 96),
            "pnp": (66, 37.0, 27.1, None, 95),
            "healthcare": (15, 15.0, 12.1, None, None),
            "few": (18, 23.9, 19.2, None, None),
            "general_2016": (117, 7.0, 5.9, None, None),
        }
    )

    @pytest.mark.parametrize("period", SETTINGS.periods, ids=lambda one: one.id)
    def test_rows(self, period: Period) -> None:
        """Number of rounds, mean absolute error, CRPS and coverage come out to the digits that were given."""
        found = make(history(), MODELS[BASELINE], period, 1)
        n, mae, crps, inside80, inside95 = self.ROWS[found.period]

        assert found.rows.size == n
        assert abs(float(np.abs(found.values - found.points).mean()) - mae) < 0.051
        assert abs(float(found.crps.mean()) - crps) <= (0.006 if crps in (8.34, 4.84) else 0.051)
        assert inside80 is None or round(float(found.inside(80).mean()) * 100) == inside80
        assert inside95 is None or round(float(found.inside(95).mean()) * 100) == inside95


@cache
def elsewhere(change: Callable[[list[Round]], list[Round]]) -> History:
    """The record with its later rounds changed, as series."""
    return History.of(changed_after(DAY, change), LAW)


class TestPast:
    """Nothing looks ahead."""

    @pytest.mark.parametrize("change", [dropped, shuffled, poisoned])
    @pytest.mark.parametrize("name", [name for name, one in MODELS.items() if not name.startswith("auto")])
    def test_later_rounds_change_no_byte(self, name: str, change: Callable[[list[Round]], list[Round]]) -> None:
        """Later rounds left out, shuffled or poisoned: every model gives the same forecast to the byte."""
        other = elsewhere(change)
        for series, horizon in (("cec", 1), ("french", 2), ("pnp", 1)):
            ask = Ask(series, DAY.toordinal() + 14 * (horizon - 1), horizon, 5, 3000.0, _pool(history()))
            mine, theirs = (MODELS[name].forecast(one.past(DAY), ask) for one in (history(), other))

            assert (mine is None) == (theirs is None)
            if mine is not None and theirs is not None:
                assert mine.quantiles.tobytes() == theirs.quantiles.tobytes()

    @pytest.mark.parametrize("change", [dropped, shuffled, poisoned])
    def test_what_is_published_too(self, change: Callable[[list[Round]], list[Round]]) -> None:
        """Days, sizes and cut-offs of the next rounds are the same to the byte."""
        other = elsewhere(change)
        for series in ("cec", "healthcare", "trades"):
            for mine, theirs in zip(
                *(next_rounds(one, series, DAY, 5, rounds=3) for one in (history(), other)), strict=True
            ):
                assert mine.days.tobytes() == theirs.days.tobytes()
                assert mine.sizes.quantiles.tobytes() == theirs.sizes.quantiles.tobytes()
                assert mine.cutoff.quantiles.tobytes() == theirs.cutoff.quantiles.tobytes()

    def test_the_next_round_is_the_same_in_every_answer(self) -> None:
        """However many rounds are asked for, the first is the same to the byte."""
        late = date(2026, 11, 24)
        for series in ("cec", "pnp"):
            (alone,), first = (
                next_rounds(history(), series, late, 5),
                next_rounds(history(), series, late, 5, rounds=5)[0],
            )
            assert alone.days.tobytes() == first.days.tobytes()
            assert alone.sizes.quantiles.tobytes() == first.sizes.quantiles.tobytes()
            assert alone.cutoff.quantiles.tobytes() == first.cutoff.quantiles.tobytes()

    def test_a_past_gives_no_later_one(self) -> None:
        """A past refuses a day after its own, and holds no row of its day."""
        past = history().past(DAY)

        assert int(past.days.max()) < DAY.toordinal()
        assert all(row < past.days.size for row in past.snapshots)
        with pytest.raises(ValueError, match="is after"):
            past.before(DAY.toordinal() + 1)

    def test_what_was_asked_before_does_not_matter(self) -> None:
        """A forecast made after those of later days is that of a fresh start."""
        ask = Ask("cec", DAY.toordinal(), 1, 5)
        used, fresh = History.of(RECORD, LAW), History.of(RECORD, LAW)
        for day in (date(2026, 9, 1), date(2025, 12, 1)):
            for name in CANDIDATES:
                MODELS[name].forecast(used.past(day), Ask("cec", day.toordinal(), 1, 5))

        for name in CANDIDATES:
            mine, theirs = (MODELS[name].forecast(one.past(DAY), ask) for one in (used, fresh))
            assert mine is not None
            assert theirs is not None
            assert mine.quantiles.tobytes() == theirs.quantiles.tobytes()

    def test_a_gap_is_refused(self) -> None:
        """A record in which a number is missing is refused, and the number named."""
        short = replace(RECORD, rounds=tuple(one for one in RECORD.rounds if one.number != "443"))

        with pytest.raises(RecordError, match="443"):
            History.of(short, LAW)


def _pool(known: History) -> Snapshot:
    return known.whole.snapshots[max(row for row in known.whole.snapshots if row < 300)]


def test_dormant_from_the_anniversary_on() -> None:
    """A type is dormant from the anniversary of its last round on and not before, through leap years too."""
    whole = history().whole
    for series in whole.names:
        for day in map(date.fromordinal, whole.of(series).days.tolist()):
            past, year = whole.before(day.toordinal() + 1), anniversary(day, 1)

            assert not dormant(past, series, year - timedelta(days=1))
            assert dormant(past, series, year)


class TestDistribution:
    """Quantiles and their scores."""

    def test_crps_of_a_normal(self) -> None:
        """The CRPS is that of the formula for a normal distribution, up to its 99 levels."""
        made = Distribution.normal(500, 10)
        for value in (480.0, 500.0, 517.0):
            z = (value - 500) / 10
            density, below = exp(-z * z / 2) / sqrt(2 * pi), (1 + erf(z / sqrt(2))) / 2
            expected = 10 * (z * (2 * below - 1) + 2 * density - 1 / sqrt(pi))
            assert made.crps(value) == pytest.approx(expected, abs=0.15)

    def test_pinball_by_hand(self) -> None:
        """A quantile of 10 % costs a tenth of what it is too low, nine tenths of what it is too high."""
        assert pinball(np.array([500.0]), 510, np.array([0.1]))[0] == pytest.approx(1)
        assert pinball(np.array([500.0]), 490, np.array([0.1]))[0] == pytest.approx(9)

    def test_levels_rise(self) -> None:
        """Every model's quantiles rise with the level."""
        period = next(one for one in SETTINGS.periods if one.id == "few")
        for model in MODELS.values():
            for row in make(history(), model, period, 1).quantiles:
                assert (np.diff(row) >= -1e-9).all(), model.id


class TestQueue:
    """The queue beside brute force."""

    @pytest.mark.parametrize("share", [0.0, 0.3])
    def test_waiting_days(self, share: float) -> None:
        """Score by score and round by round, the days that wait are those counted one by one."""
        past = history().past(date(2025, 1, 10))
        found = waiting_days(past, "french", share)
        for score in (340, 400, 447, 480, 530):
            waits, day = 365.0, None
            for series, at, cutoff in zip(past.series, past.days, past.cutoffs, strict=True):
                waits = min(waits + (0 if day is None else float(at - day)), 365.0)
                day = at
                if score >= cutoff and series != "pnp":
                    waits = 0.0 if series == "french" else waits * (1 - share)
            assert found[score] == pytest.approx(waits)

    def test_more_invitations_reach_further_down(self) -> None:
        """The cut-off falls as the size grows."""
        past = history().past(DAY)
        found = [QUEUE.point(past, Ask("cec", DAY.toordinal(), 1, 5, size)) for size in (500.0, 2000.0, 8000.0)]

        assert None not in found
        assert sorted(found, reverse=True) == found  # type: ignore[type-var]


class TestSnapshot:
    """The published pool read score by score."""

    SHOT = Snapshot(np.array([601.0, 501.0, 491.0, 481.0, 471.0]), np.array([900.0, 8900.0, 12900.0, 17900.0, 22900.0]))
    """Highest band first: 900 nominees, 8,000 from 501 to 600, then 4,000, 5,000 and 5,000 in ten points each."""

    def test_bands_add_up(self) -> None:
        """At the ends of the bands the curve has what was published; it falls all the way."""
        scores, logs = _curve(self.SHOT)
        for low, above in zip(self.SHOT.lows, self.SHOT.above, strict=True):
            assert np.exp(np.interp(low, scores, logs)) == pytest.approx(above)

        assert (np.diff(scores) > 0).all()
        assert (np.diff(logs) < 0).all()

    def test_the_wide_band_goes_on_from_the_bands_below(self) -> None:
        """From 501 up the density is what the two bands below give at 501, and falls by the same share each point."""
        scores, logs = _curve(self.SHOT)
        above = np.exp(np.interp(np.arange(501, 602), scores, logs))
        density = -np.diff(above)
        shares = density[1:] / density[:-1]

        assert density[0] == pytest.approx(400 * sqrt(400 / 500), rel=0.04)
        assert shares == pytest.approx(np.full(99, shares[0]), rel=1e-6)
        assert shares[0] < 1

    def test_a_full_band_is_even(self) -> None:
        """A band with more candidates than its lower end explains is taken as even: it does not rise with the score."""
        scores, logs = _curve(Snapshot(self.SHOT.lows, self.SHOT.above + np.array([0, 90000, 90000, 90000, 90000])))
        density = -np.diff(np.exp(np.interp(np.arange(501, 602), scores, logs)))

        assert density == pytest.approx(np.full(100, 980.0), rel=0.01)

    def test_other_bands_are_left(self) -> None:
        """Where 501 to 600 is no band, straight lines are drawn between the bands."""
        shot = Snapshot(np.array([501.0, 451.0]), np.array([900.0, 9000.0]))
        scores, logs = _curve(shot)

        assert scores.tolist() == [451, 501, 1000]
        assert np.exp(logs).round().tolist() == [9000, 900, 1]


class _Fixed(Model):
    """The same normal distribution around the last cut-off, with a given standard deviation."""

    id, title = "fixed", Text("fixed", "fixe")

    def __init__(self, sd: float) -> None:
        self.sd = sd

    def forecast(self, past: Past, ask: Ask) -> Distribution | None:
        return self.make(past, ask)

    def make(self, past: Past, ask: Ask) -> Distribution | None:
        return Distribution.normal(float(past.of(ask.series).cutoffs[-1]), self.sd)


class TestScaled:
    """A spread corrected by the newest rounds of the type."""

    def test_the_factor_is_the_best_of_the_past(self) -> None:
        """Tried one by one on the twelve newest rounds, no factor scores better; it counts by half, 12 against 12."""
        past, sd = history().past(DAY), 40.0
        cutoffs = past.of("cec").cutoffs
        factors = [0.3 * 10 ** (at / 30) for at in range(31)]
        scores = [
            sum(Distribution.normal(cutoffs[at - 1], sd * one).crps(cutoffs[at]) for at in range(-12, 0))
            for one in factors
        ]
        made = Scaled(_Fixed(sd)).forecast(past, Ask("cec", DAY.toordinal(), 1, 5))
        expected = sqrt(factors[scores.index(min(scores))])

        assert made is not None
        assert made.median == cutoffs[-1]
        assert made.quantile(0.9) - made.median == pytest.approx(1.2816 * sd * expected, rel=1e-3)
        assert expected < 0.9

    def test_the_conformal_factor_by_hand(self) -> None:
        """Of a normal interval the factor is the 80 % quantile of past steps in units of its side, by half."""
        past, sd = history().past(DAY), 40.0
        steps = sorted(abs(float(one)) for one in np.diff(past.of("cec").cutoffs)[-12:])
        at = 0.8 * 11
        wanted = steps[int(at)] + (at - int(at)) * (steps[int(at) + 1] - steps[int(at)])
        made = Scaled(_Fixed(sd), "conformal").forecast(past, Ask("cec", DAY.toordinal(), 1, 5))

        assert made is not None
        assert made.quantile(0.9) - made.median == pytest.approx(1.2816 * sd * sqrt(wanted / (1.2816 * sd)), rel=1e-3)

    def test_too_narrow_widens(self) -> None:
        """A model that is much too sure of itself is given a wider interval."""
        made = Scaled(_Fixed(0.5)).forecast(history().past(DAY), Ask("cec", DAY.toordinal(), 1, 5))

        assert made is not None
        assert made.quantile(0.9) - made.median > 1.2816 * 0.5 * 1.5

    def test_without_a_past_nothing_changes(self) -> None:
        """A type with one round has no record: the spread is the model's own."""
        first = next(one for one in RECORD.rounds if one.type == "category" and one.category == "physicians")
        past = history().past(date.fromordinal(first.date.toordinal() + 1))
        made = Scaled(_Fixed(10)).forecast(past, Ask("physicians", first.date.toordinal() + 30, 1, 5))

        assert past.of("physicians").rows.size == 1
        assert made is not None
        assert made.quantile(0.9) - made.median == pytest.approx(12.816, rel=1e-3)


def test_quantile_regression_is_that_of_linear_programming() -> None:
    """The slopes give the loss that a linear program gives, where the ridge has nothing to hold."""
    drawn = np.random.default_rng(3)
    x = np.column_stack([np.ones(400), drawn.standard_normal(400)])
    y = 2 + x[:, 1] + drawn.standard_t(4, 400)
    levels = np.array([0.1, 0.5, 0.9])
    for slopes, level in zip(fit_quantiles(x, y, levels), levels, strict=True):
        program = linprog(
            np.concatenate([np.zeros(2), np.full(400, level), np.full(400, 1 - level)]),
            A_eq=np.hstack([x, np.eye(400), -np.eye(400)]),
            b_eq=y,
            bounds=[(None, None)] * 2 + [(0, None)] * 800,
        )
        off = y - x @ slopes
        assert np.maximum(level * off, (level - 1) * off).sum() == pytest.approx(program.fun, rel=0.01)


def test_a_change_of_grid_widens() -> None:
    """Across a change the interval is wider than the model's own, by the moves at past changes."""
    past = history().past(date(2026, 10, 2))
    same, other = (Ask("cec", date(2026, 11, 10).toordinal(), 1, grid) for grid in (5, 6))
    model: Model = WithBreaks(MODELS["quantile_regression"])
    before, across = model.forecast(past, same), model.forecast(past, other)

    assert before is not None
    assert across is not None
    assert moves_at_changes(past).size >= 5
    width = [high - low for low, high in (one.interval(80) for one in (before, across))]
    assert width[1] > 2 * width[0]


def test_few_rounds_scored_as_committed() -> None:
    """A backtest of the categories with few rounds gives the committed scores again."""
    from expressentry.answers.forecast import scored

    few = replace(SETTINGS, periods=tuple(one for one in SETTINGS.periods if one.id == "few"))
    models = {name: MODELS[name] for name in (BASELINE, "last_value_of_categories", "mean_of_three")}
    for row in scores(make_all(history(), few, models, (1, 2)), few):
        kept = scored()[row.model, row.type, row.horizon, row.regime]
        assert row.crps == pytest.approx(kept["crps"], abs=2e-4)
        assert row.skill_low == pytest.approx(kept["skill_low"], abs=2e-4)


def test_the_pages_show_what_is_kept() -> None:
    """The tables of the two pages follow from the committed scores."""
    assert runpy.run_path(str(ROOT / "docs" / "backtest.py"))["current"]()


@pytest.mark.long
def test_the_whole_backtest_as_committed() -> None:
    """The whole backtest chooses the committed models again, and gives their scores."""
    from expressentry.answers.forecast import scored

    found = make_all(history(), SETTINGS, {name: MODELS[name] for name in MODELS if not name.startswith("auto")})
    chosen = choose(found, SETTINGS)
    found += make_all(history(), SETTINGS, {"published": Published(chosen)})

    assert chosen == chosen_models()
    for row in scores(found, SETTINGS):
        kept = scored()[row.model, row.type, row.horizon, row.regime]
        assert row.n == kept["n"], row
        assert row.crps == pytest.approx(kept["crps"], abs=2e-4), row
        assert row.coverage80 == pytest.approx(kept["coverage80"], abs=2e-4)


def test_levels_are_whole_percents() -> None:
    """There are 99 levels, of one percent each."""
    assert LEVELS.round(2).tolist() == [at / 100 for at in range(1, 100)]


def test_targets_ask_on_the_right_morning() -> None:
    """Two rounds ahead of a round is the morning of the one before it: that one is not known."""
    period = next(one for one in SETTINGS.periods if one.id == "cec")
    own = history().whole.of("cec")
    for one in targets(history(), period, 2):
        at = own.rows.tolist().index(one.row)
        past: Past = one.past

        assert past.day == own.days[at - 1]
        assert past.of("cec").rows.size == at - 1
        assert one.last == own.cutoffs[at - 2]
