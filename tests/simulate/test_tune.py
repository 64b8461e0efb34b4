"""Setting the arrivals: nominees are counted from their rounds, and nothing after the last day is looked at."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import numpy as np
import pytest

from expressentry.rounds.load import load_record
from expressentry.simulate.arrivals import Arrivals
from expressentry.simulate.hazards import rates
from expressentry.simulate.run.held_out import record_until
from expressentry.simulate.run.setup import _LIKE, _NOMINEES, _whom_arrivals_are_like
from expressentry.simulate.run.tune import distance, nominees, turned, weighted, with_nominees

NOBODY_ELSE = {"nominated_weekly": 0.0, "declines": 0.0}
TOP, LOW = (601, 1200), (0, 600)


class TestNominees:
    """As many nominees arrive as their rounds invite."""

    def test_rounds_invite_everybody_nominated(self) -> None:
        """What this rests on: a round for nominees invites as many as had over 600 points a day or two before."""
        record, shares = load_record(), []
        for one in record:
            pool = record.pool_on(one.date)
            if (
                one.series == "pnp"
                and pool is not None
                and pool.as_of.year >= 2025
                and (one.date - pool.as_of).days < 3
            ):
                shares.append(one.invitations / pool.finest[0][2])

        assert pool is not None
        assert pool.finest[0][:2] == TOP
        assert len(shares) > 40
        assert np.median(shares) == pytest.approx(1, abs=0.02)
        assert np.mean(np.abs(np.array(shares) - 1) < 0.1) > 0.85

    def test_as_many_as_are_invited(self) -> None:
        """Where nobody is nominated in the pool and nobody returns, a year's arrivals are its invitations, less 5%."""
        record = load_record()
        found = nominees(record, NOBODY_ELSE)
        arrived = sum(found[month] * monthrange(2025, month.month)[1] / 7 for month in found if month.year == 2025)
        invited = sum(one.invitations for one in record if one.series == "pnp" and one.date.year == 2025)

        assert arrived == pytest.approx(0.95 * invited, rel=0.05)

    def test_general_rounds(self) -> None:
        """Before there were rounds for nominees alone, those of the highest band were invited by general rounds."""
        found = nominees(load_record(), NOBODY_ELSE)

        assert all(100 < found[date(2024, month, 1)] < 700 for month in range(1, 7))

    def test_others_come_off(self) -> None:
        """Those nominated in the pool, and those who return, do not arrive as well; nobody arrives less than not."""
        record = load_record()
        all_, shipped = nominees(record, NOBODY_ELSE), nominees(record, rates({}))
        many = nominees(record, {**NOBODY_ELSE, "nominated_weekly": 1.0})

        assert all(shipped[month] < all_[month] for month in all_ if month.year >= 2024)
        assert {many[month] for month in many if month.year >= 2024} == {0.0}

    def test_nothing_later_is_looked_at(self) -> None:
        """What is published after a day changes no month before it."""
        until = date(2025, 6, 30)
        known, all_ = nominees(record_until(load_record(), until), rates({})), nominees(load_record(), rates({}))

        assert max(known) <= until
        assert all(known[month] == all_[month] for month in known if month < date(2025, 6, 1))

    def test_only_the_highest_band(self) -> None:
        """Other bands, other months and groups stay."""
        before = Arrivals(
            {date(2025, 1, 1): {LOW: 5.0, TOP: 1.0}, date(2025, 2, 1): {LOW: 6.0, TOP: 2.0}}, {"cec": {2025: 1.0}}
        )
        after = with_nominees(before, {date(2025, 1, 1): 70.0, date(2026, 1, 1): 9.0})

        assert after.weekly == {date(2025, 1, 1): {LOW: 5.0, TOP: 70.0}, date(2025, 2, 1): {LOW: 6.0, TOP: 2.0}}
        assert after.groups == before.groups

    def test_low_scores_are_there(self) -> None:
        """Among those whom arrivals are like are nominees enough that some have very low scores."""
        _, scores = _whom_arrivals_are_like(1, date(2026, 1, 5))
        nominated = scores["provincial_nomination"].to_numpy()

        assert scores.height == _LIKE + _NOMINEES
        assert nominated[_LIKE:].all()
        assert scores["crs"].to_numpy()[nominated].min() < 800


class TestTurn:
    """One turn moves what was missing."""

    def test_bands(self) -> None:
        """A band that lacks people at a month's end gets more in that month, and one with too many fewer."""
        month = date(2025, 1, 1)
        before = Arrivals({month: {LOW: 100.0, TOP: 100.0}}, {})
        after = turned(before, {date(2025, 1, 29): {LOW: 80.0, TOP: -4000.0}})

        assert after.weekly[month] == {LOW: 110.0, TOP: 0.0}

    def test_groups(self) -> None:
        """A group whose cut-offs came out too low is weighted up, too high down, and a year without rounds stays."""
        groups = {"french": {2024: 1.0, 2025: 1.0}, "stem": {2024: 1.0}}
        after = weighted(
            Arrivals({}, groups), {("french", 2024): [-100, -100], ("french", 2025): [900], ("cec", 2024): [5]}
        )

        assert after.groups["french"][2024] == pytest.approx(np.exp(0.5))
        assert after.groups["french"][2025] == pytest.approx(np.exp(-1))
        assert after.groups["stem"] == {2024: 1.0}

    def test_nearest(self) -> None:
        """A turn is nearer with smaller errors of cut-offs or fewer people in the wrong band; chance has no part."""
        record = load_record()
        day = record.pool[-1]
        wrong = {day.as_of: {TOP: -0.01 * sum(people for *_, people in day.finest)}}
        errors = {("cec", 2025): [4, -2], ("pnp", 2025): [300]}

        assert distance({}, errors, record) == pytest.approx(3)
        assert distance(wrong, errors, record) == pytest.approx(4)
