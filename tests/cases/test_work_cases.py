"""Cases of work and permits: what is right for people with the facts of public cases, worked out by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from expressentry.advise.plan.request import PlanRequest
from expressentry.advise.plan.search import plan
from expressentry.advise.timeline.days import timeline
from expressentry.assess.person.readings import Assessment, assess_profile
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile

HERE = Path(__file__).parent
D = date


def person(name: str) -> Profile:
    """The person of one of these files."""
    return read_profile(HERE / f"work_{name}.toml")


def case(name: str, on: date) -> Assessment:
    """What the person of one of these files has on a day."""
    return assess_profile(person(name), on)


class TestPermits:
    """What allowed the work."""

    def test_a_gap_between_permits(self) -> None:
        """Two years or one, by what was held from 1 to 31 August 2022; the days and the job are named."""
        found = case("gap_between_permits", D(2024, 6, 20))
        (doubt,) = found.doubts

        assert set(found.totals) == {425, 450}
        assert found.programs["cec"] is True
        assert "from 1 to 31 August 2022" in doubt.missing.en
        assert "job 2" in doubt.open.en

    def test_the_answer_closes_the_gap(self) -> None:
        """What was held is one more entry; either answer leaves one total."""
        asked = person("gap_between_permits")
        for kind, total in (("no_permit_needed", 450), ("none", 425)):
            whole = asked.model_dump(mode="json", by_alias=True, exclude_unset=True)
            whole["person"]["status"].append({"kind": kind, "from": "2022-08-01", "to": "2022-08-31"})

            assert assess_profile(read_profile(whole), D(2024, 6, 20)).totals == (total,)

    def test_maintained_status(self) -> None:
        """A year, the class and its 40 points: the expired work permit is what goes on."""
        found = case("maintained_after_a_visit", D(2023, 11, 1))

        assert found.totals == (269,)
        assert found.programs["cec"] is True

    def test_a_contract_longer_than_the_permit(self) -> None:
        """An end written down for later takes no doubt away."""
        found = case("contract_longer_than_permit", D(2027, 4, 1))

        assert found.programs["cec"] is None
        assert set(found.totals) == {212, 252}
        assert [doubt.id for doubt in found.doubts] == ["status"]

    def test_the_timeline_says_that_the_permit_ends_first(self) -> None:
        """The day after the permit says that the job goes on and that a fact is missing."""
        events = timeline(person("contract_longer_than_permit"), D(2026, 6, 1), D(2027, 12, 31))
        words = {event.date: " ".join(cause.text.en for cause in event.causes) for event in events}

        assert "continues, and no permit is given for it" in words[D(2027, 1, 1)]

    def test_a_contract_with_an_end_is_planned(self) -> None:
        """The year that the contract completes is in the plan, on its day and with its points."""
        plans = plan(person("contract_with_an_end"), D(2026, 10, 1), PlanRequest(size=1))
        found = {one.plan.moves: (one.plan.ready_on, one.plan.crs) for one in plans.front}

        assert found[("canadian_work_1",)] == (D(2026, 12, 1), 252)


class TestWork:
    """Which work counts."""

    def test_coop_work_beside_a_study_permit(self) -> None:
        """Whether the work was done while a full-time student is asked, with a work permit as without."""
        found = case("coop_beside_study", D(2023, 10, 1))

        assert found.programs["cec"] is None
        assert (min(found.totals), max(found.totals)) == (234, 274)
        assert "student" in [doubt.id for doubt in found.doubts]

    def test_work_for_an_employer_abroad(self) -> None:
        """Not the class; 388 as foreign work, 363 where it counts for nothing; no reading above."""
        found = case("for_an_employer_abroad", D(2025, 3, 15))

        assert found.programs["cec"] is False
        assert set(found.totals) == {363, 388}

    def test_work_of_a_refugee_claimant(self) -> None:
        """No points and no class, for sure."""
        found = case("refugee_claimant", D(2026, 10, 1))

        assert found.totals == (212,)
        assert found.programs["cec"] is False
        assert found.doubts == ()

    def test_foreign_work_in_two_occupations(self) -> None:
        """Three years or one: the doubt is told, and both are read."""
        found = case("two_occupations_abroad", D(2026, 10, 1))

        assert [one.factors.values["foreign_work_years"] for one in found.readings] == [3, 1]
        assert [doubt.id for doubt in found.doubts] == ["foreign_occupations"]

    @pytest.mark.parametrize(("day", "years"), [(D(2025, 5, 5), [0]), (D(2025, 5, 12), [1, 0])])
    def test_hours_that_vary(self, day: date, years: list[int]) -> None:
        """After seventy weeks 1,540 hours count; a few days later, at the usual hours, a year does."""
        found = case("hours_that_vary", day)

        assert list(dict.fromkeys(one.factors.values["canadian_work_years"] for one in found.readings)) == years
