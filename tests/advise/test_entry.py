"""To become eligible: what is lacking, the easiest steps, and plans that never leave a person ineligible."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry.advise.moves.case import PlanningCase
from expressentry.advise.moves.kinds import Step, moves_of, possible_steps
from expressentry.advise.moves.model import shipped_moves
from expressentry.advise.plan.entry import MOST_WAYS, effort, waiting_is_enough, ways
from expressentry.advise.plan.request import PlanRequest
from expressentry.advise.plan.search import plan
from expressentry.advise.plan.trial import Plan, try_all
from expressentry.assess.person.readings import assess_profile
from expressentry.assess.person.shortfalls import shortfalls
from expressentry.law.load import load_law
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile
from tests.profiles import dated_profiles, days, degree, job, made, report

CASES = Path(__file__).parent.parent / "cases"
DAY = date(2026, 11, 28)


def case(name: str) -> Profile:
    """One of the people of the cases."""
    return read_profile(CASES / f"{name}.toml")


def funded(cook: Profile, amount: int) -> Profile:
    """The cook with other funds."""
    assert cook.funds is not None
    return cook.model_copy(update={"funds": (cook.funds[0].model_copy(update={"amount_cad": amount}),)})


class TestCook:
    """A point and $263 short."""

    def test_what_is_lacking_and_what_meets_it(self) -> None:
        """Each criterion with its figures, and the steps that meet it alone."""
        entry = plan(case("cook"), DAY, PlanRequest(size=2)).entry
        assert entry is not None
        (lacking,) = entry.lacking
        points, funds = lacking.unmet

        assert lacking.program.program == "fsw"
        assert (points.shortfall.have, points.shortfall.need) == (66, 67)
        assert {step.move.id for step in points.steps} == {
            f"french_{a}_up" for a in ("listening", "reading", "writing")
        }
        assert [step.move.id for step in funds.steps] == ["savings"]

    def test_the_first_way(self) -> None:
        """A level of French and a few dollars saved: what the person can do alone, before a job in Canada."""
        entry = plan(case("cook"), DAY, PlanRequest(size=3)).entry
        assert entry is not None

        assert entry.ways[0].moves == ("french_listening_up", "savings")
        assert all(one.eligible for one in entry.ways)
        assert not any(step.move.needs for step in entry.ways[0].steps)

    def test_no_plan_that_leaves_ineligible_is_good(self) -> None:
        """The front holds only plans after which a program takes the person, and today is not among them."""
        found = plan(case("cook"), DAY, PlanRequest(size=3))

        assert found.front
        assert all(one.plan.eligible is not False for one in found.front)
        assert not any(one.plan is found.now for one in found.front)

    def test_with_the_funds_one_step_is_enough(self) -> None:
        """With $20,000 a level of listening makes the cook eligible, and both the ways and the step say so."""
        found = plan(funded(case("cook"), 20_000), DAY, PlanRequest(size=3))
        assert found.entry is not None
        (alone,) = [one for one in found.effects if one.step.move.id == "french_listening_up"]

        assert found.entry.ways[0].moves == ("french_listening_up",)
        assert alone.opens == ("fsw",)
        assert alone in found.ranked[:8]

    def test_nobody_eligible_has_such_a_section(self) -> None:
        """Who is eligible needs no way to become so."""
        assert plan(case("nurse"), DAY, PlanRequest(size=1)).entry is None

    def test_no_way(self) -> None:
        """Where no step helps there is no way, no good plan, and now stands for the best."""
        found = plan(case("cook"), DAY, PlanRequest(size=1, only=["wait_year", "french_again"]))
        assert found.entry is not None

        assert (found.entry.ways, found.front, found.best) == ((), (), found.now)


class TestTruckDriver:
    """Somebody who was never in Canada, far from every program."""

    def test_what_is_lacking_is_what_the_person_can_work_on(self) -> None:
        """The selection program and not a year of work in Canada; of more years of the same work only the first."""
        found = plan(case("truck_driver"), DAY, PlanRequest(size=1))
        entry = found.entry
        assert entry is not None
        assert [one.program.program for one in entry.lacking] == ["fsw"]

        (certificate,) = [one.step.move for one in found.effects if one.step.move.id == "certificate"]
        assert certificate.warning is not None
        assert "Ask the province's apprenticeship authority first" in certificate.warning.en

    def test_more_years_of_the_same_work_are_one_step(self) -> None:
        """A person who lacks work in Canada is offered the fewest years that are enough, and no others."""
        welder = case("welder")
        start = welder.person.work[0].start
        begun = plan(welder, start.replace(month=start.month + 6), PlanRequest(size=1)).entry
        assert begun is not None
        named = [[step.move.id for step in unmet.steps] for one in begun.lacking for unmet in one.unmet]

        assert any("canadian_work_1" in moves for moves in named)
        assert all(sum(one.startswith("canadian_work") for one in moves) <= 1 for moves in named)


class TestWhatTimeAloneGives:
    """A person whose present contract completes the year that is lacking."""

    def test_it_is_put_down_to_no_step(self) -> None:
        """The job kept is the one way until then; a better test of a later day made nobody eligible."""
        entry = plan(case("work_contract_with_an_end"), date(2026, 10, 1), PlanRequest(size=1)).entry
        assert entry is not None
        (lacking,) = entry.lacking

        assert entry.ways[0].moves == ("canadian_work_1",)
        assert not {"wait_half_year", "wait_year", "canadian_work_2", "english_listening_up"} & {
            move for one in entry.ways for move in one.moves
        }
        named = [step.move.id for unmet in lacking.unmet for step in unmet.steps]
        assert named == ["wait_half_year", "canadian_work_1"]


class TestOneWayAmongSeveral:
    """A level of English or French, of which the nearer one is lacking."""

    def test_a_step_that_brings_another_way_nearer_is_not_enough(self) -> None:
        """French at level 5 makes French the nearer way and English the other; neither is then at 7."""
        entry = plan(case("wedding_to_come"), date(2026, 10, 1), PlanRequest(size=1)).entry
        assert entry is not None
        (lacking,) = entry.lacking
        (level,) = [one for one in lacking.unmet if one.shortfall.criterion.title.en.startswith("English: CLB 7")]

        assert {step.move.id for step in level.steps} == {"english_7", "french_7", "english_9"}


class TestPartnerWhoDoesNotCount:
    """A partner who is a permanent resident gives no points."""

    def test_their_steps_are_not_listed(self) -> None:
        """They are among what cannot be done, with the reason, and no step adds nothing because of the partner."""
        nurse = case("nurse")
        assert nurse.partner is not None
        resident = {"citizen_or_resident": "permanent_resident", "living_in_canada": True}
        couple = nurse.model_copy(update={"partner": nurse.partner.model_copy(update=resident)})
        theirs = {one.id for one in moves_of(couple) if "partner" in one.id}
        found = plan(couple, DAY, PlanRequest(size=1))

        assert len(theirs) > 5
        assert not theirs & {one.step.move.id for one in found.effects}
        reasons = {one.reason.en for one in found.excluded if one.move.kind == "partner_test"}
        assert "your partner is a citizen or permanent resident: what they add gives no points" in reasons

        before = {one.step.move.id for one in plan(nurse, DAY, PlanRequest(size=1)).effects}
        assert theirs & before


class TestSavings:
    """Settlement funds as a step."""

    def step(self, profile: Profile) -> Step:
        """The savings of a profile."""
        possible, _ = possible_steps(PlanningCase(profile, DAY, load_law()), moves_of(profile))
        return next(step for step in possible if step.move.id == "savings")

    @pytest.mark.parametrize("amount", [0, 15_000, 15_262])
    def test_exactly_what_is_missing(self, amount: int) -> None:
        """After it the funds are met, to the dollar; the more is missing, the longer it takes."""
        profile = funded(case("cook"), amount)
        step = self.step(profile)
        after = step.apply(profile)
        assert after.funds is not None

        assert after.funds[-1].amount_cad == 15_263
        assert "$15,263" in step.move.title.en
        left = [one.criterion.id for one in shortfalls(assess_profile(after, step.ready_on), "fsw")]
        assert not any("funds" in id_ for id_ in left)
        assert step.ready_on > DAY

    def test_time_grows_with_the_amount(self) -> None:
        """$15,263 take longer than $263."""
        assert self.step(funded(case("cook"), 0)).ready_on > self.step(case("cook")).ready_on

    def test_not_possible(self) -> None:
        """Enough funds, or funds that are not given."""
        for profile, reason in (
            (case("nurse"), "you have the funds that are required"),
            (case("welder"), "your settlement funds are not given"),
        ):
            _, excluded = possible_steps(PlanningCase(profile, DAY, load_law()), moves_of(profile))
            assert {one.move.id: one.reason.en for one in excluded}["savings"] == reason


class TestOnRequest:
    """The partner is left at home only by who asks for it."""

    def test_never_proposed(self) -> None:
        """Neither in a plan nor by itself; among the others it says why."""
        found = plan(case("nurse"), DAY, PlanRequest(size=3))

        assert not any("partner_stays" in one.moves for one in found.trial.plans)
        assert "partner_stays" not in [one.step.move.id for one in found.effects]
        assert {one.move.id: one.reason.en for one in found.excluded}["partner_stays"] == "tried only if you ask for it"

    @pytest.mark.parametrize("asked", [{"also": ["partner-stays"]}, {"needed": ["partner-stays"]}])
    def test_asked_for(self, asked: dict[str, Any]) -> None:
        """Who asks has it tried."""
        found = plan(case("nurse"), DAY, PlanRequest(size=1, **asked))

        assert any("partner_stays" in one.plan.moves for one in found.front)

    def test_only_what_is_asked_of_the_person_is_on_request(self) -> None:
        """No other step is held back."""
        assert [move.id for move in shipped_moves().values() if move.on_request] == ["partner_stays"]


@pytest.mark.parametrize("name", ["nurse", "developer", "cook", "welder"])
class TestFirstAdvice:
    """What comes first is something that a person can do."""

    def first(self, name: str) -> tuple[Plan, ...]:
        """The way to become eligible, or the plans with steps that no other beats."""
        found = plan(case(name), DAY, PlanRequest(size=2))
        return found.entry.ways if found.entry else tuple(one.plan for one in found.front if one.plan.steps)

    def test_sensible(self, name: str) -> None:
        """The partner is not left behind, and the person stays or becomes eligible."""
        found = self.first(name)

        assert found[0].eligible is True
        assert all(one.eligible is not False and "partner_stays" not in one.moves for one in found)

    def test_the_time_fits_the_distance(self, name: str) -> None:
        """A step in a language takes at least the lessons of the farthest ability, at fifteen hours a week."""
        found = plan(case(name), DAY, PlanRequest(size=1))
        hours = {(7, 9): 200, (8, 9): 100, (0, 7): 500, (0, 9): 700, (0, 5): 350}
        for one in found.effects:
            move = one.step.move
            if move.kind == "floor":
                lowest = min(levels(one.step))
                least = hours.get((lowest, move.given["level"]), 0)
                assert (one.step.ready_on - DAY).days >= least / 15 * 7


def levels(step: Step) -> list[int]:
    """The levels from which a step in a language starts."""
    from expressentry.advise.moves.language import levels_now

    return list(levels_now(step.case, step.move).values())


def brute_ways(profile: Profile, start: date, steps: Sequence[Step], size: int) -> dict[frozenset[str], bool]:
    """Every combination after which a program takes the person, without those it could spare.

    Each with whether the person is eligible on its day without any step.
    """
    good: dict[frozenset[str], bool] = {}
    for n in range(size + 1):
        for chosen in combinations(steps, n):
            if any(one.move.conflicts_with(other.move) for one, other in combinations(chosen, 2)):
                continue
            changed, ready = profile, start
            for step in chosen:
                changed, ready = step.apply(changed), max(ready, step.ready_on)
            names = frozenset(step.move.id for step in chosen)
            if True in assess_profile(changed, ready).programs.values() and not any(one <= names for one in good):
                good[names] = True in assess_profile(profile, ready).programs.values()
    return good


def check_ways(profile: Profile, start: date, chance: Any, count: int, size: int) -> None:
    """The ways are those of brute force, in their order."""
    planning = PlanningCase(profile, start, load_law())
    found = [one for one in possible_steps(planning, moves_of(profile))[0] if not one.move.alone]
    short = [step for step in found if step.move.kind == "savings"]
    others = [step for step in found if step.move.kind != "savings"]
    few = [*short, *(others[n] for n in sorted(chance.sample(range(len(others)), min(count, len(others)))))]
    steps = [step for step in found if step in few]
    plans = try_all(planning, steps, size).plans
    expected = brute_ways(profile, start, steps, size)
    got = [one for one in ways(plans, partial(waiting_is_enough, planning)) if one.eligible]
    known = {frozenset(one.moves): one for one in plans}
    idle = sorted((known[names] for names, waits in expected.items() if waits), key=lambda one: one.ready_on)
    soonest = [one for one in sorted(idle, key=effort) if passive(one)]
    causes = [known[names] for names, waits in expected.items() if not waits]
    causes += sorted(soonest, key=lambda one: one.ready_on)[:1]

    assert {frozenset(one.moves) for one in got} <= expected.keys()
    assert [effort(one) for one in got] == sorted(map(effort, causes))[:MOST_WAYS]


def passive(one: Plan) -> bool:
    """Whether a plan only keeps the work that there is, or waits."""
    return all(
        step.move.kind == "wait" or re.search("[Kk]eeps? (your|the) present job", step.move.title.en)
        for step in one.steps
    )


class TestBruteForce:
    """The ways against a loop over one person."""

    @pytest.mark.parametrize("seed", [1, 2])
    def test_the_cook(self, seed: int) -> None:
        """Eight of the cook's steps, up to three at a time."""
        import random

        check_ways(case("cook"), DAY, random.Random(seed), 7, 3)

    @given(dated_profiles(), days(date(2024, 1, 1), date(2029, 1, 1)), st.randoms(use_true_random=False))
    @settings(max_examples=10)
    def test_any_profile(self, profile: Profile, start: date, chance: Any) -> None:
        """Any few steps of any profile."""
        check_ways(profile, start, chance, 5, 2)

    def test_short_of_everything(self) -> None:
        """Somebody with a test, a degree, a job and no money."""
        import random

        profile = made(
            tests=[report(date(2026, 6, 1), 6, 7, 7, 7)],
            credentials=[degree("two_year", date(2015, 6, 1), date(2026, 1, 1))],
            work=[job(date(2022, 1, 1))],
            funds=[{"on": date(2026, 6, 1), "amount_cad": 4000}],
            intent={"quebec": False},
        )
        check_ways(profile, DAY, random.Random(3), 7, 3)
