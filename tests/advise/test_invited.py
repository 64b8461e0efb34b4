"""After an invitation: both sides of everything that must still hold on the day of receipt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry.advise.invitation.checklist import checklist
from expressentry.advise.invitation.decide import Invited, invited
from expressentry.answers.invitation import reason
from expressentry.cli import run
from expressentry.errors import UsageError
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile
from expressentry.rounds.load import load_record
from expressentry.text import Text
from tests.often import often
from tests.profiles import dated_profiles, degree, here, job, made, partner, permit, report

ROOT = Path(__file__).parents[2]
RECORD = load_record()
ENGINEER = read_profile(ROOT / "examples/people/engineer.toml")
STEM = date(2024, 4, 11)
DAY = timedelta(days=1)


def after(profile: Profile, number: str, received: date, **more: Any) -> Invited:
    """An invitation of a round checked on a day."""
    return invited(profile, RECORD.round(number), received, RECORD, **more)


def findings(found: Invited) -> dict[str, bool | None]:
    """The checks by id."""
    return {check.id: check.answer for check in found.checks}


def engineer(**changes: Any) -> Profile:
    """Someone like the engineer of the examples, with changes; at the cut-off of round 293."""
    usual: Mapping[str, Any] = {
        "birth_date": date(1994, 10, 20),
        "tests": [
            report(date(2023, 2, 3), 8.5, 8, 7.5, 7.5, test="ielts"),
            report(date(2023, 7, 5), 301, 214, 240, 190, test="tef"),
        ],
        "credentials": [degree("masters", date(2018, 5, 25), date(2022, 9, 12))],
        "work": [job(date(2018, 7, 2), date(2021, 12, 31)), job(date(2022, 1, 1), noc="21211")],
        "funds": [{"on": date(2024, 1, 15), "amount_cad": 18500}],
        "intent": {"quebec": False},
    }
    return made(**{**usual, **changes})


def _statement(amount: int) -> dict[str, Any]:
    return {"on": date(2024, 1, 15), "amount_cad": amount}


class TestStands:
    """An invitation that stands, and each way in which it falls."""

    def test_birth(self) -> None:
        """A child born since makes a family that the funds may not be enough for; the day before it is none yet."""
        profile = engineer(children=[{"birth_date": date(2024, 5, 10)}], funds=[_statement(14000)])
        before, after_it = (after(profile, "293", day) for day in (date(2024, 5, 9), date(2024, 5, 10)))

        assert (findings(before)["program"], findings(after_it)["program"]) == (True, False)
        assert [(change.day, change.cause.field) for change in after_it.changes] == [
            (date(2024, 5, 10), "children[1]"),
            (None, "family_size"),
        ]

    def test_nothing_changed(self) -> None:
        """Everything as it was: it stands."""
        found = after(ENGINEER, "293", date(2024, 5, 20))

        assert found.answer is True
        assert (found.at_invitation.totals, found.totals, found.margins) == ((491,), (491,), (0,))
        assert found.programs == ("fsw",)
        assert found.changes == ()
        assert set(findings(found)) == {"at_invitation", "score", "program", "category", "documents", "window"}

    def test_a_birthday_does_not_count(self) -> None:
        """A birthday that would cost points costs none, on the day before it and on it."""
        born = date(1993, 5, 1)
        profile = engineer(birth_date=born)
        before, on = (after(profile, "293", day) for day in (date(2024, 4, 30), date(2024, 5, 1)))

        assert (before.ages, on.ages) == ((30, 30), (30, 31))
        assert before.totals == on.totals > on.at_receipt.totals
        assert [change.cause.kind for change in on.changes] == ["age"]

    def test_grid_of_the_invitation(self) -> None:
        """Points that the law took away between do not count: the grid is that of the invitation."""
        one = RECORD.rounds[[found.number for found in RECORD.rounds].index("338")]
        assert one.date < date(2025, 3, 25)
        found = after(engineer(tests=[report(date(2025, 1, 2), 10)]), one.number, date(2025, 4, 15))

        assert found.at_receipt.rules.crs.id == "crs-2020-10-20"

    def test_test_expires(self) -> None:
        """A test that expires takes score and program with it; on its last day both still hold."""
        tests = [report(date(2022, 5, 20), 8.5, 8, 7.5, 7.5, test="ielts")]
        valid, expired = (after(engineer(tests=tests), "293", day) for day in (date(2024, 5, 19), date(2024, 5, 20)))

        assert findings(valid)["documents"] is True
        assert (findings(expired)["documents"], findings(expired)["score"], findings(expired)["program"]) == (
            False,
            False,
            False,
        )
        assert expired.answer is False
        assert any("expire after 2 years" in change.cause.text.en for change in expired.changes)

    def test_assessment_expires(self) -> None:
        """An assessment that reaches five years takes the Federal Skilled Worker program with it."""
        credentials = [degree("masters", date(2018, 5, 25), date(2019, 5, 20))]
        valid, expired = (
            after(engineer(credentials=credentials), "293", day) for day in (date(2024, 5, 19), date(2024, 5, 20))
        )

        assert findings(valid)["program"] is True
        assert (findings(expired)["program"], findings(expired)["documents"]) == (False, False)

    def test_fewer_points_may_be_enough(self) -> None:
        """A marriage that costs points leaves the invitation standing as long as the cut-off is reached."""
        alone = engineer()
        margin = after(alone, "293", date(2024, 5, 1)).margins[0]
        married = engineer(partner=partner(**{"from": date(2024, 4, 20)}))
        found = after(married, "293", date(2024, 5, 1))

        assert found.at_invitation.totals == after(alone, "293", date(2024, 5, 1)).at_invitation.totals
        assert found.margins[0] < margin
        assert findings(found)["score"] is (found.margins[0] >= 0)
        assert any(change.cause.kind == "family" and change.day == date(2024, 4, 20) for change in found.changes)
        assert any(change.cause.field == "accompanied" for change in found.changes)

    def test_job_lost(self) -> None:
        """A job lost since is named with its day; work that counted before still does."""
        work = [job(date(2018, 7, 2), date(2024, 4, 30), noc="21211")]
        found = after(engineer(work=work), "293", date(2024, 5, 20))

        assert [(change.day, change.cause.kind) for change in found.changes] == [(date(2024, 5, 1), "work")]
        assert findings(found)["category"] is True

    def test_category_window_is_counted_back_from_receipt(self) -> None:
        """Six months in a row in three years: they leave the window between invitation and receipt."""
        work = [job(date(2018, 7, 2), date(2021, 10, 20), noc="21211"), job(date(2021, 10, 21), noc="00013")]
        kept, gone = (after(engineer(work=work), "293", day) for day in (date(2024, 4, 12), date(2024, 6, 1)))

        assert findings(kept)["category"] is True
        assert findings(gone)["category"] is False
        assert gone.answer is False

    def test_funds_not_given(self) -> None:
        """What rests on a fact that is not given cannot be told, and is named."""
        found = after(engineer(funds=None), "293", date(2024, 5, 1))
        check = next(check for check in found.checks if check.id == "program")

        assert found.answer is None
        assert check.answer is None
        assert "Settlement funds" in check.why.en

    @pytest.mark.parametrize(("last", "holds"), [(date(2025, 9, 1), True), (date(2025, 8, 31), False)])
    def test_nomination(self, last: date, holds: bool) -> None:
        """A nomination must be valid on the day of receipt, its last day included."""
        held = {"kind": "enhanced", "province": "ON", "accepted_on": date(2025, 1, 10), "expires_on": last}
        one = next(found for found in RECORD.rounds if found.type == "pnp" and found.date > date(2025, 8, 1))
        profile = engineer(tests=[report(date(2025, 1, 2), 9)], nominations=[held])
        found = after(profile, one.number, date(2025, 9, 1))

        assert found.programs == ("pnp",)
        assert findings(found)["nomination"] is holds
        assert findings(found)["program"] is holds

    def test_days(self) -> None:
        """Sixty days, the day of the invitation not counted: in time to the sixtieth, then late."""
        answers = [findings(after(ENGINEER, "293", STEM + timedelta(days=n)))["window"] for n in (0, 59, 60, 61)]

        assert answers == [True, True, True, False]


class TestCouldNot:
    """An invitation that the record contradicts."""

    def test_below_the_cutoff(self) -> None:
        """A score below the cut-off on the day: said plainly."""
        found = after(engineer(tests=[report(date(2023, 2, 3), 7)]), "293", date(2024, 5, 1))
        check = found.checks[0]

        assert (check.id, check.answer) == ("at_invitation", False)
        assert "no invitation was possible" in check.why.en
        assert found.answer is False

    def test_no_test(self) -> None:
        """Without a language test there was no profile."""
        assert findings(after(engineer(tests=[]), "293", date(2024, 5, 1)))["at_invitation"] is False

    def test_tie_break(self) -> None:
        """Of a known submission the tie-break is checked to the second; of an unknown one the invitation tells."""
        tie = RECORD.round("293").tie_break
        assert tie is not None
        answers = [
            findings(after(ENGINEER, "293", date(2024, 5, 1), submitted=instant))["at_invitation"]
            for instant in (None, tie, tie + timedelta(seconds=1))
        ]

        assert answers == [True, True, False]

    def test_program_of_the_round(self) -> None:
        """An invitation names a program of its round, whatever else the person meets."""
        one = next(found for found in reversed(RECORD.rounds) if found.type == "cec" and found.date < date(2026, 1, 1))
        found = after(engineer(tests=[report(date(2025, 1, 2), 9)]), one.number, one.date + 5 * DAY)

        assert found.programs == ()
        assert findings(found)["program"] is False


class TestRefused:
    """What cannot be asked."""

    def test_before_the_invitation(self) -> None:
        """Received before the round."""
        with pytest.raises(UsageError, match="2024-04-11"):
            after(ENGINEER, "293", date(2024, 4, 10))

    def test_program_not_invited(self) -> None:
        """A program that the round does not invite; both problems are said at once."""
        with pytest.raises(UsageError) as raised:
            after(ENGINEER, "293", date(2024, 4, 10), program="pnp")
        assert [problem.code for problem in raised.value.problems] == ["before_invitation", "not_invited_program"]


class TestChecklist:
    """What the application needs."""

    def test_dated(self) -> None:
        """Papers that hold have their last day; funds their amount; what no source tells is marked."""
        found = after(ENGINEER, "293", date(2024, 5, 20))
        items = checklist(ENGINEER, found)
        by_field = {item.field: item.last for item in items if item.field}

        assert by_field == {
            "person.tests[1]": date(2025, 2, 2),
            "person.tests[2]": date(2025, 7, 4),
            "person.credentials[1]": date(2027, 9, 11),
            "person.credentials[2]": date(2027, 9, 11),
        }
        assert items[0].last == date(2024, 6, 10)
        assert "$13,757" in next(item.text.en for item in items if item.id == "funds")
        assert {item.id for item in items if not item.sourced} == {
            "proof_of_work", "police", "medical", "biometrics", "identity", "fees",
        }  # fmt: skip
        assert all((item.place is not None) is item.sourced for item in items)

    def test_no_funds_for_the_experience_class(self) -> None:
        """The Canadian Experience Class asks for no funds."""
        one = next(found for found in reversed(RECORD.rounds) if found.type == "cec" and found.date < date(2026, 1, 1))
        work = [here(one.date - timedelta(days=800), full_time_student=False)]
        status = [permit(one.date - timedelta(days=900))]
        profile = made(work=work, status=status, tests=[report(one.date - 100 * DAY, 10)], intent={"quebec": False})
        found = after(profile, one.number, one.date + DAY)

        assert found.programs == ("cec",)
        assert "funds" not in {item.id for item in checklist(profile, found)}

    @pytest.mark.parametrize(("comes", "status"), [(True, "none"), (False, "none"), (True, "citizen")])
    def test_only_what_counts(self, comes: bool, status: str) -> None:
        """No degree that nobody assessed, and nothing of a partner who does not come or is a citizen."""
        held = [degree("masters", date(2018, 5, 25)), degree("three_year", date(2015, 5, 25), date(2023, 5, 25))]
        other = partner(accompanying=comes, citizen_or_resident=status, tests=[report(date(2023, 9, 1), 8)])
        profile = engineer(credentials=held, partner=other)
        fields = {item.field for item in checklist(profile, after(profile, "293", date(2024, 5, 20))) if item.field}

        assert "person.credentials[1]" not in fields
        assert "person.credentials[2]" in fields
        assert ("partner.tests[1]" in fields) is (comes and status == "none")


@given(dated_profiles(), st.data())
@settings(max_examples=often(60))
def test_any_invitation(profile: Profile, data: st.DataObject) -> None:
    """Any profile, round and day of receipt has an answer with reasons; no birthday lowers the score that counts."""
    one = data.draw(st.sampled_from(RECORD.rounds))
    found = invited(profile, one, one.date + timedelta(days=data.draw(st.integers(0, 90))), RECORD)

    assert {check.answer for check in found.checks} <= {True, False, None}
    assert min(found.totals) >= min(found.at_receipt.totals)
    assert all(_has_words(check.why) and _has_words(reason(found, check)) for check in found.checks)
    assert checklist(profile, found)
    if found.received == one.date:
        assert found.totals == found.at_receipt.totals == found.at_invitation.totals


def _has_words(why: Text) -> bool:
    """Whether a reason says something in both languages, and ends in no colon."""
    return all(said.strip() and not said.rstrip().endswith(":") for said in why)


class TestCommand:
    """`expressentry invited`."""

    WORDS = ("invited", str(ROOT / "examples/people/engineer.toml"), "--round", "293")

    def test_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The keys that scripts rely on."""
        assert run([*self.WORDS, "--received", "2024-05-20", "--on", "2024-05-01", "--format", "json"]) == 0
        answer = json.loads(capsys.readouterr().out)

        assert (answer["answer"], answer["programs"], answer["window"]["left"]) == ("stands", ["fsw"], 41)
        assert answer["crs"]["grid"] == "crs-2020-10-20"
        assert {"declining", "lapsing", "going_on", "checklist", "changes", "checks"} <= set(answer)

    def test_received_today(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Without a day of receipt it is that of `--on`."""
        assert run([*self.WORDS, "--on", "2024-05-01", "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out)["received"] == "2024-05-01"

    def test_submitted_dates_the_year(self, capsys: pytest.CaptureFixture[str]) -> None:
        """With the submission known, declining says to which day the profile is still valid."""
        words = [*self.WORDS, "--on", "2024-05-01", "--submitted", "2024-02-20T15:00:00Z"]
        assert run(words) == 0
        assert "to 20 February 2025" in capsys.readouterr().out.replace("\n", " ")

    def test_contradicted(self, capsys: pytest.CaptureFixture[str]) -> None:
        """An invitation that the record contradicts is said so before all else."""
        assert run([*self.WORDS[:3], "292", "--on", "2024-05-01"]) == 0
        assert capsys.readouterr().out.startswith(
            "This invitation is not possible, according to the published rounds · round 292"
        )

    def test_misuse(self, capsys: pytest.CaptureFixture[str]) -> None:
        """No round, an unknown round, a day before it, factors in place of a profile: misuse."""
        assert run([*self.WORDS[:2], "--on", "2024-05-01"]) == 2
        assert run([*self.WORDS[:3], "9999", "--on", "2024-05-01"]) == 2
        assert run([*self.WORDS, "--on", "2024-04-10"]) == 2
        assert run(["invited", str(ROOT / "examples/engineer.toml"), "--round", "293", "--on", "2024-05-01"]) == 2
        assert "profile new" in capsys.readouterr().err
