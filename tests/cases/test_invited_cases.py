"""Language thresholds, invitations, replay and the causes of a change: the right value of each case, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from expressentry.advise.invitation.decide import Check, Invited, invited
from expressentry.advise.invitation.receipt import on_receipt
from expressentry.advise.plan.request import PlanRequest
from expressentry.advise.plan.search import plan
from expressentry.advise.timeline.days import timeline
from expressentry.advise.what_if import what_if
from expressentry.answers.findings import program_records, report_choice
from expressentry.assess.person.readings import Assessor, assess_profile
from expressentry.cli import run
from expressentry.law.load import load_law
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile
from expressentry.rounds.load import load_record
from expressentry.rounds.replay import replay
from tests.profiles import job, made, report

CASES = Path(__file__).parent
RECORD = load_record()


def person(name: str) -> Profile:
    """The invented person of a case."""
    return read_profile(CASES / f"{name}.toml")


def after(name: str, number: str, received: date, **more: Any) -> tuple[Invited, dict[str, Check]]:
    """An invitation of a round checked on the day of receipt, and its checks by id."""
    found = invited(person(name), RECORD.round(number), received, RECORD, **more)
    return found, {check.id: check for check in found.checks}


class TestThresholds:
    """English or French: IRPR 87.1(2)(d), (e) and 87.2(3)(a); for the FSW s. 75(2)(d) and the department differ."""

    def test_experience_class_by_the_second_language(self) -> None:
        """English is named first and is too low in one ability; French is high enough: eligible, with 318 points."""
        found = assess_profile(person("second_language_reaches_the_threshold"), date(2023, 11, 1))

        assert (found.total, found.programs["cec"], found.program) == (318, True, "cec")
        assert "French: levels 7 7 7 7" in program_records(found, "en")["cec"]["why"]

    def test_no_first_language_named(self) -> None:
        """Without a first language the order with more points is used: it no longer costs the program."""
        one = person("second_language_reaches_the_threshold")
        free = one.model_copy(update={"person": one.person.model_copy(update={"first_language": None})})

        assert assess_profile(free, date(2023, 11, 1)).total == 318

    @pytest.mark.parametrize(("first", "answer"), [("english", None), ("french", True)])
    def test_skilled_worker(self, first: str, answer: bool | None) -> None:
        """French alone reaches 7: named first it is met; named second, the law is open, and the answer says so."""
        day = date(2023, 11, 1)
        tests = [
            report(date(2023, 5, 1), 10, 10, 10, 6),
            report(date(2023, 5, 1), 523, 499, 13, 13, test="tcf"),
        ]
        work = [job(date(2015, 1, 5))]
        degrees = [{"level": "masters", "country": "CA", "completed_on": date(2014, 6, 1)}]
        funds = [{"on": date(2023, 1, 1), "amount_cad": 60000}]
        profile = made(
            tests=tests, work=work, credentials=degrees, funds=funds, intent={"quebec": False}, first_language=first
        )
        found = assess_profile(profile, day).first.programs["fsw"]
        language = next(one for one in found.findings if one.criterion.id == "language")

        assert language.answer is answer
        if answer is None:
            assert "first official language" in found.unsettled[0].en
            assert "première langue officielle" in found.unsettled[0].fr


class TestBirthday:
    """IRPA 11.2(2)(a) excuses a birthday as to score, criteria and category; the class counts the age on receipt."""

    def test_it_may_help(self) -> None:
        """Twenty on receipt gives five points more, the expired French test four less: 437, and 436 are needed."""
        found, checks = after("birthday_that_gains", "300", date(2024, 8, 10), program="cec")

        assert (found.ages, found.totals, found.answer) == ((19, 20), (437,), True)
        assert "points lost since: French" in checks["score"].why.en

    def test_it_never_harms_the_score(self) -> None:
        """Thirty-six on receipt would cost points; the score is that of thirty-five."""
        found, _ = after("points_lost_to_a_birthday", "287", date(2024, 4, 1))

        assert found.totals == (361,) > found.at_receipt.totals

    def test_the_points_of_the_class_are_open(self) -> None:
        """66 of 67 points at the age on receipt (IRPR 77, 81); a public policy lets an officer leave it out: open."""
        before, _ = after("points_lost_to_a_birthday", "287", date(2024, 3, 13))
        found, checks = after("points_lost_to_a_birthday", "287", date(2024, 4, 1))

        assert before.answer is True
        assert (found.answer, checks["program"].answer) == (None, None)
        assert "66 points at 36" in checks["program"].why.en
        assert "public policy" in checks["program"].why.en

    def test_without_the_policy(self) -> None:
        """Before the policy was reported, the regulations alone decide: not eligible."""
        law = load_law()
        receipt = on_receipt(Assessor(person("points_lost_to_a_birthday"), law), date(2024, 2, 29), date(2024, 4, 1))

        assert receipt.program("fsw") is None
        assert replace(receipt, birthday_left_out=False).program("fsw") is False
        before, since = (law.evidence.on(day).birthday_leaves_points for day in (date(2015, 7, 12), date(2015, 7, 13)))
        assert (before, since) == (False, True)


class TestProgramOfTheInvitation:
    """An unknown in one program never hides another that is met; no reason is empty."""

    def test_met_by_the_experience_class(self) -> None:
        """492 against 470: met by the CEC; what was declared for the FSW must be proved if it is the one named."""
        found, checks = after("funds_never_stated", "137", date(2020, 3, 20))

        assert (found.totals, found.answer, checks["program"].answer) == ((492,), True, True)
        assert "must still be proved: Settlement funds" in checks["program"].why.en

    def test_named_it_is_asked_for(self) -> None:
        """An invitation that names the FSW rests on funds that are not known."""
        _, checks = after("funds_never_stated", "137", date(2020, 3, 20), program="fsw")

        assert checks["program"].answer is None
        assert "Settlement funds" in checks["program"].why.en

    def test_which_program_decides(self) -> None:
        """The assessment expires: the score falls; each program is named with its finding, no reason is empty."""
        found, checks = after("assessment_that_expires", "262", date(2023, 9, 20))

        assert found.answer is False
        assert checks["program"].why.en.startswith("Canadian Experience Class: met; Federal Skilled Worker: not met")
        assert "Level of education: doctoral degree" in checks["score"].why.en


class TestCauses:
    """The cause named is the cause, by its factor."""

    def test_a_wedding(self) -> None:
        """442 against 459 because the partner comes along; no document of the partner was lost, none existed."""
        found, checks = after("married_after_the_invitation", "122", date(2019, 9, 1))

        assert (found.totals, found.answer) == ((442,), False)
        assert "Accompanied: no → yes (−27)" in checks["score"].why.en
        assert checks["documents"].answer is True
        assert not any("education" in change.cause.text.en for change in found.changes)

    def test_offers_no_longer_pay(self) -> None:
        """On 25 March 2025 the score falls by 50 because job offers give no more points."""
        [event] = timeline(person("offer_when_offers_stop_paying"), date(2025, 3, 1), date(2025, 4, 30))

        assert (event.date, event.change) == (date(2025, 3, 25), -50)
        told = [cause.text for cause in event.causes if cause.kind == "law"]
        assert any("job offer: no longer gives points (50 before)" in one.en for one in told)
        assert any("offre d'emploi" in one.fr.lower() for one in told)

    def test_a_new_grid_and_a_birthday_on_one_day(self) -> None:
        """What a birthday changes on the day of a new grid is not put down to the grid."""
        [event] = timeline(made(birth_date=date(1993, 3, 25)), date(2025, 3, 1), date(2025, 4, 30))

        assert not [cause for cause in event.causes if cause.kind == "law" and "gives" in cause.text.en]


class TestReports:
    """A choice between two reports, none of which is better in every ability, is told."""

    def test_told(self) -> None:
        """304 points with one, 286 with the other; the French category depends on the choice."""
        found = assess_profile(person("two_reports_none_better"), date(2023, 11, 1))
        told = report_choice(found)
        french = next(one for one in found.first.categories if one.law.category == "french")

        assert told is not None
        assert (found.total, "(304)" in told.en, "286 points" in told.en) == (304, True, True)
        assert found.categories["french"] is None
        assert "with test 1 you are a member" in french.unsettled[0].en

    def test_each_round_with_the_report_that_enters_it(self) -> None:
        """A French round is replayed with the report that makes a member, an open one with the one that pays more."""
        found = {one.round.number: one for one in replay(person("two_reports_none_better"), RECORD).rounds}

        assert (found["287"].entry, found["287"].scores) == (True, (286,))
        assert max(one.scores[0] for one in found.values() if one.round.type == "cec") > 286


class TestNoTrade:
    """Whoever works in no trade is not asked for one."""

    def test_a_nurse(self) -> None:
        """One job, 31301: "not met", and the occupation named; not "cannot tell"."""
        found = assess_profile(person("nurse"), date(2026, 10, 1)).first.programs["fst"]
        trade = next(one for one in found.findings if one.criterion.id == "trade")

        assert (trade.answer, trade.given) == (False, "31301")


def test_no_work_and_a_wish_for_work() -> None:
    """Whoever has no occupation and wishes for a year of work: which category it is of is not known."""
    found = what_if(made(), date(2026, 10, 1), {"canadian_work_years": 1}, RECORD)

    assert found.before.categories["stem"] is False
    assert found.after.categories["stem"] is None


def test_a_partner_still_to_come() -> None:
    """A plan of someone whose partner-to-be works in Canada is a plan, and no error."""
    found = plan(person("wedding_to_come"), date(2026, 10, 1), PlanRequest(size=1), record=RECORD)

    assert found.tried > 1


def test_nearest_miss(capsys: pytest.CaptureFixture[str]) -> None:
    """A replay that found no invitation says which round came nearest."""
    assert run(["rounds", "replay", str(CASES / "two_reports_none_better.toml"), "--on", "2024-11-01"]) == 0
    assert "The nearest miss: round 287" in capsys.readouterr().out


def test_a_second_language_that_expires_decides_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Its line says that it changed, and not that a requirement is not met."""
    words = ["--round", "300", "--received", "2024-08-10", "--program", "cec"]
    assert run(["invited", str(CASES / "birthday_that_gains.toml"), *words]) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("tests and assessments")]
    assert line.removeprefix("tests and assessments").split()[0] == "changed"
