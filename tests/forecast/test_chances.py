"""The chance of an invitation, beside each drawn path walked day by day, the person assessed anew on each day."""

from __future__ import annotations

import copy
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest

from expressentry.answers import chances as module
from expressentry.answers.chances import chances, chances_record
from expressentry.answers.context import Context, person_of
from expressentry.answers.forecast import Basis, TypeForecast, basis_of, forecast, types_of
from expressentry.assess.person.readings import assess_profile
from expressentry.errors import UsageError
from expressentry.forecast.ahead import MOST_ROUNDS, PATHS
from expressentry.forecast.distribution import LEVELS
from expressentry.profile.model import Profile
from expressentry.rounds.eligibility import NOMINEES, Invites, enters
from tests.forecast.histories import LAW, RECORD, history

DAY = date(2026, 10, 2)
ASSUMED = "crs-2025-03-25"
CONTEXT = Context(LAW, RECORD)
FACTS: dict[str, Any] = {
    "person": {
        "birth_date": "1997-01-20",
        "lives_in": "CA",
        "relatives": [],
        "certificates": [],
        "tests": [
            {
                "test": "celpip",
                "taken_on": "2025-12-10",
                "results_on": "2025-12-18",
                "listening": 11,
                "reading": 11,
                "writing": 10,
                "speaking": 10,
            }
        ],
        "credentials": [
            {
                "level": "masters",
                "country": "CA",
                "completed_on": "2023-04-28",
                "study": {
                    "present_months": 20,
                    "full_time_months": 20,
                    "academic_years": 2,
                    "distance_percent": 0,
                    "language_percent": 0,
                    "must_return": False,
                },
            }
        ],
        "work": [
            {
                "noc2021": "21231",
                "from": "2024-11-15",
                "hours_per_week": 40,
                "worked_in": "CA",
                "employer": "Harbour Networks",
                "full_time_student": False,
            },
        ],
        "status": [{"kind": "post_graduation", "from": "2023-06-15", "to": "2027-12-31"}],
    },
    "children": [],
    "nominations": [],
    "job_offers": [],
    "intent": {"quebec": False},
}
"""In the pool for the Canadian Experience Class: two years of work in November, a birthday in January."""


def someone(**changes: Any) -> Profile:
    """The person, with some facts of the person's own table changed."""
    facts = copy.deepcopy(FACTS)
    facts["person"] |= changes
    return person_of(facts, LAW)


def old_test() -> dict[str, Any]:
    """A test that expires within the months asked about."""
    test = copy.deepcopy(FACTS["person"]["tests"][0])
    return {"tests": [{**test, "taken_on": "2024-12-05", "results_on": "2024-12-12"}]}


@cache
def basis() -> Basis:
    """What the forecasts of the day rest on."""
    return basis_of(CONTEXT, DAY, ASSUMED, history())


@cache
def forecasts() -> tuple[TypeForecast, ...]:
    """The forecasts of every type as far ahead as there are any."""
    found = [forecast(CONTEXT, basis(), one, rounds=MOST_ROUNDS) for one in types_of(basis())]
    return tuple(one for one in found if one.ahead)


def by_hand(person: Profile, limits: list[date]) -> list[float]:
    """The chance by each day: every path, every round of it, the person assessed on the round's own day."""
    known: dict[int, tuple[int, dict[str, Any]]] = {}

    def on(day: int) -> tuple[int, dict[str, Any]]:
        if day not in known:
            found = assess_profile(person, date.fromordinal(day), LAW)
            known[day] = (min(found.totals), {**found.programs, **found.categories})
        return known[day]

    last = limits[-1].toordinal()
    common = np.random.default_rng(module._SEED).standard_normal(PATHS)
    first = [10**9] * PATHS
    for at, one in enumerate(forecasts()):
        drawn = module._draw(one, at, common)
        for path in range(PATHS):
            for number in range(len(one.ahead)):
                day = int(drawn.days[path, number])
                if day > last:
                    continue
                score, answers = on(day)
                may = one.series in (*answers, "general", NOMINEES) and enters(
                    Invites.from_list(one.series), answers, nominee=False, only_as_nominee=True
                )
                if may is True and drawn.walk[path, number] <= score:
                    first[path] = min(first[path], day)
    return [sum(day <= limit.toordinal() for day in first) / PATHS for limit in limits]


class TestByHand:
    """Along the person's own timeline."""

    @pytest.mark.parametrize("changes", [{}, old_test()])
    def test_every_path_walked(self, changes: dict[str, Any]) -> None:
        """The chance of each month is the share of paths in which a round invites the person of that day."""
        person = someone(**changes)
        found = chances(CONTEXT, person, basis(), months=6, plans=False)

        assert [one[0] for one in found.chances] == pytest.approx(by_hand(person, list(found.ends)), abs=1e-12)
        assert 0.05 < found.chances[-1][0] < 0.95

    def test_an_expired_test_ends_the_chance(self) -> None:
        """After the day on which the only test expires nothing is added; before it nothing differs."""
        mine, theirs = (
            [one[0] for one in chances(CONTEXT, someone(**one), basis(), months=6, plans=False).chances]
            for one in ({}, old_test())
        )

        assert theirs[:2] == mine[:2]
        assert len(set(theirs[2:])) == 1
        assert mine[-1] > theirs[-1]

    def test_score_by_month(self) -> None:
        """The score of each month is that of an assessment on its last day."""
        found = chances(CONTEXT, someone(), basis(), months=6, plans=False)

        assert list(found.scores) == [min(assess_profile(someone(), day, LAW).totals) for day in found.ends]
        assert len(set(found.scores)) > 2


class TestPaths:
    """What is drawn follows the forecasts."""

    def test_each_round_has_its_own_distribution(self) -> None:
        """On each of the three kinds of paths the cut-offs of a round are spread as its forecast says."""
        common = np.random.default_rng(module._SEED).standard_normal(PATHS)
        for at, one in enumerate(forecasts()):
            drawn = module._draw(one, at, common)
            for number, ahead in enumerate(one.ahead):
                width = max(ahead.cutoff.quantiles[-1] - ahead.cutoff.quantiles[0], 1.0)
                for kind in ("walk", "alike", "free"):
                    cutoffs = getattr(drawn, kind)[:, number]
                    off = np.abs(np.quantile(cutoffs, LEVELS) - ahead.cutoff.quantiles)[9:90]
                    assert off.max() < 0.12 * width, (one.series, number, kind)

    def test_range_and_order(self) -> None:
        """The chance never falls from month to month and lies in its range; all types give more than one alone."""
        found = chances(CONTEXT, someone(), basis(), months=12, plans=False)
        middle = [one[0] for one in found.chances]

        assert middle == sorted(middle)
        assert all(0 <= low <= chance <= high <= 1 for chance, low, high in found.chances)
        assert middle[-1] >= max(chance for _, chance in found.by_type)

    def test_more_points_never_less_chance(self) -> None:
        """Lower scores in the test never give a higher chance in any month."""
        worse = copy.deepcopy(FACTS["person"]["tests"][0]) | {"writing": 9, "speaking": 9}
        better, lower = (
            chances(CONTEXT, someone(**one), basis(), months=6, plans=False).chances for one in ({}, {"tests": [worse]})
        )

        assert all(mine[0] >= theirs[0] for mine, theirs in zip(better, lower, strict=True))
        assert better[-1][0] > lower[-1][0]

    def test_what_raises_it(self) -> None:
        """Each plan shown raises the chance, the best first, and the record says by how much."""
        record = chances_record(chances(CONTEXT, someone(), basis(), months=6), "en")
        raised = [one["chance"] for one in record["raises"]]

        assert raised
        assert raised == sorted(raised, reverse=True)
        assert all(one["gain"] >= 0 for one in record["raises"])
        assert record["assumption"] == ASSUMED

    @pytest.mark.parametrize("months", [0, 13])
    def test_too_far(self, months: int) -> None:
        """More months than the record supports are refused."""
        with pytest.raises(UsageError, match="12"):
            chances(CONTEXT, someone(), basis(), months=months)
