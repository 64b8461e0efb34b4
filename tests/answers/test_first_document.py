"""What to do first about documents: renewals in time, an assessment that adds points, and no step that cannot help."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from expressentry.answers.first_document import assess_step, renewal
from expressentry.answers.first_step import become_eligible, raise_score
from expressentry.assess.person.readings import Assessment, assess_profile
from expressentry.profile.model import Profile
from tests.profiles import degree, job, made, report

D = date
BACHELOR = degree("three_year", D(2014, 6, 30), D(2021, 10, 1))
TEST_ENDS, ASSESSMENT_ENDS = D(2026, 10, 2), D(2026, 10, 1)


def accountant(**changes: Any) -> Profile:
    """Eligible with exactly 67 points until the assessment and the test expire, on two days in a row."""
    facts: dict[str, Any] = {
        "birth_date": D(1990, 1, 1),
        "tests": [report(D(2024, 10, 2), 9, 9, 9, 9)],
        "credentials": [BACHELOR],
        "work": [job(D(2023, 1, 1))],
        "status": [],
        "funds": [{"on": D(2024, 8, 1), "amount_cad": 15_263}],
        "intent": {"quebec": False},
    }
    return made(**(facts | changes))


def on(day: date, **changes: Any) -> Assessment:
    """The same person assessed."""
    return assess_profile(accountant(**changes), day)


class TestRenewal:
    """Documents that expire before a renewal is sure to be done come first, where something rests on them."""

    def test_both_documents(self) -> None:
        """391 points and the program are lost within a week: not "raise your English" comes first."""
        found = on(D(2026, 9, 25))
        first = raise_score(found, None)

        assert (found.total, found.programs["fsw"]) == (391, True)
        assert first.en == (
            "First: have your 2014 bachelor's (or three-year program) assessed again, because the assessment expires "
            "on 1 October 2026; take a language test again, because your CELPIP results of 2 October 2024 expire on "
            "2 October 2026."
        )
        assert first.fr == (
            "D'abord : faites réévaluer votre diplôme de 2014 (licence, bachelor ou programme de trois ans), car "
            "l'évaluation expire le 1er octobre 2026; repassez un test de langue, car vos résultats CELPIP du "
            "2 octobre 2024 expirent le 2 octobre 2026."
        )

    @pytest.mark.parametrize(
        ("ends", "longest", "words"),
        [(TEST_ENDS, 60, "take a language test again"), (ASSESSMENT_ENDS, 140, "assessed again")],
    )
    def test_both_sides_of_the_time_it_takes(self, ends: date, longest: int, words: str) -> None:
        """From the day on which the longest time just suffices, and not before it."""
        early, late = (renewal(on(ends - timedelta(days=days))) for days in (longest + 1, longest))

        assert early is None or words not in early.text.en
        assert late is not None
        assert words in late.text.en

    def test_what_it_keeps(self) -> None:
        """What is lost is what the person has less once both have expired, age and work being those of the day."""
        day = D(2026, 9, 25)
        step, without = renewal(on(day)), on(day, tests=[], credentials=[BACHELOR | {"assessments": []}])

        assert step is not None
        assert (step.points, step.keeps_program) == (391 - without.totals[0], True)

    def test_another_report_holds(self) -> None:
        """A newer report with the same levels takes the place of the one that expires."""
        both = [report(D(2024, 10, 2), 9, 9, 9, 9), report(D(2026, 1, 2), 9, 9, 9, 9)]

        assert renewal(on(D(2026, 9, 25), tests=both, credentials=[])) is None

    def test_few_points_do_not_come_first(self) -> None:
        """A second language of four points that expires is no reason to leave 12 points aside."""
        french = report(D(2024, 11, 1), 369, 375, 6, 6, test="tcf")
        found = on(D(2026, 10, 1), tests=[report(D(2026, 1, 2), 9, 9, 9, 9), french], credentials=[])
        step = renewal(found)

        assert step is not None
        assert (step.points, step.keeps_program) == (4, False)
        assert "take a language test again" not in raise_score(found, None).en


class TestAssessment:
    """A credential that the person has and that does not count yet is a step like a language is."""

    def test_more_than_a_test(self) -> None:
        """A bachelor's that was not assessed adds 120, and 25 beside language: more than any level within reach."""
        found = on(
            D(2026, 9, 25),
            tests=[report(D(2026, 1, 2), 9, 9, 9, 9)],
            credentials=[degree("three_year", D(2014, 6, 30))],
        )
        step = assess_step(found)

        assert step is not None
        assert step.points == 145
        assert raise_score(found, None).en == (
            "First: have your 2014 bachelor's (or three-year program) assessed, for 145 more points."
        )

    def test_enough_for_a_cut_off(self) -> None:
        """Where it is enough for the cut-off, it comes before lessons, though more points are within reach."""
        held = [degree("three_year", D(2014, 6, 30), D(2025, 10, 1)), degree("one_year", D(2016, 6, 30))]
        found = on(D(2026, 9, 25), tests=[report(D(2026, 1, 2), 8, 8, 8, 8)], credentials=held)
        step = assess_step(found)

        assert step is not None
        assert step.points == 8 + 12
        assert "raise your English" in raise_score(found, (-21, -21)).en
        assert raise_score(found, (-20, -20)).en == (
            "First: have your 2016 one-year diploma assessed, for 20 more points: enough for that cut-off."
        )

    def test_one_that_adds_nothing(self) -> None:
        """A high school diploma beside an assessed bachelor's adds nothing."""
        school = degree("secondary", D(2010, 6, 30))

        assert assess_step(on(D(2026, 9, 25), credentials=[BACHELOR, school])) is None


@pytest.mark.parametrize("dollars", [15_263, 100])
def test_quebec_comes_before_what_cannot_help(dollars: int) -> None:
    """No money helps a person who plans to live in Quebec."""
    found = on(D(2026, 9, 25), intent={"quebec": True}, funds=[{"on": D(2024, 8, 1), "amount_cad": dollars}])
    first = become_eligible(found, "fsw")

    assert first.en == (
        "First: note that these programs are only for people who plan to live outside Quebec; Quebec has its own "
        "programs."
    )
    assert first.fr.endswith("; le Québec a ses propres programmes.")
