"""Days that are possible and look like typing errors: each kind, for the person and the partner, in both languages."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from expressentry.answers.context import Context
from expressentry.answers.person import assess, assessment_record
from expressentry.cli import run
from expressentry.law.load import load_law
from expressentry.profile.read import read_profile
from expressentry.profile.remarks import remarks, remarks_so_far
from expressentry.rounds.load import load_record

ON = date(2026, 11, 28)
TEST: dict[str, Any] = {"test": "ielts", "taken_on": "2026-03-14", "results_on": "2026-03-28"}
TEST |= {"listening": 7, "reading": 7.5, "writing": 6.5, "speaking": 7}
DEGREE = {"level": "three_year", "country": "PH", "completed_on": "2018-04-02", "assessments": []}
JOB = {"noc2021": "31301", "from": "2019-11-04", "hours_per_week": 40, "worked_in": "PH"}
NONE: dict[str, Any] = {"tests": [], "credentials": [], "work": [], "relatives": []}
PARTNER = {"accompanying": True, "citizen_or_resident": "none", "living_in_canada": False, "birth_date": "1995-08-21"}


def facts(owner: str = "person", changed: dict[str, Any] | None = None, birth: str = "1996-07-15") -> dict[str, Any]:
    """A profile in order, with some facts of the person or of a partner changed, or of the whole."""
    found: dict[str, Any] = {"person": {"birth_date": birth, **NONE, "certificates": []}}
    found |= {"children": [], "nominations": [], "job_offers": []}
    if owner == "partner":
        found["partner"] = {**PARTNER, **NONE}
    whose = found if owner == "whole" else found[owner]
    whose.update(changed or {})
    return found


def told(whole: dict[str, Any], on: date = ON) -> list[tuple[str, str]]:
    """The remarks on a profile: code and place."""
    return [(one.code, one.field) for one in remarks(read_profile(whole), on)]


LATE = "2062-05-03"
KINDS: list[tuple[str, dict[str, Any], str, str]] = [
    ("tests", {**TEST, "taken_on": "2062-03-14", "results_on": "2062-03-28"}, "future", "tests[1].taken_on"),
    ("tests", {**TEST, "taken_on": "2026-11-20", "results_on": "2026-12-04"}, "future", "tests[1].results_on"),
    ("tests", {**TEST, "taken_on": "2025-03-14"}, "far_apart", "tests[1].results_on"),
    ("credentials", {**DEGREE, "completed_on": LATE}, "future", "credentials[1].completed_on"),
    ("credentials", {**DEGREE, "completed_on": "2008-04-02"}, "too_young", "credentials[1].completed_on"),
    (
        "credentials",
        {**DEGREE, "assessments": [{"body": "WES", "on": LATE, "result": "three_year"}]},
        "future",
        "credentials[1].assessments[1].on",
    ),
    ("work", {**JOB, "from": LATE}, "future", "work[1].from"),
    ("work", {**JOB, "from": "2006-11-04"}, "too_young", "work[1].from"),
    ("work", {**JOB, "noc2021": "72106", "qualified_on": LATE}, "future", "work[1].qualified_on"),
    ("status", {"kind": "open", "from": LATE}, "future", "status[1].from"),
    ("status", {"kind": "open", "from": "2024-05-03", "to": "2042-05-02"}, "far_apart", "status[1].to"),
    (
        "work",
        {**JOB, "varying_hours": [{"from": LATE, "hours_per_week": 14}]},
        "future",
        "work[1].varying_hours[1].from",
    ),
    (
        "work",
        {**JOB, "varying_hours": [{"from": "2026-05-03", "to": LATE, "hours_per_week": 14}]},
        "future",
        "work[1].varying_hours[1].to",
    ),
    (
        "relatives",
        {"relation": "parent", "birth_date": "1999-01-01", "status": "citizen", "lives_in_canada": True},
        "age",
        "relatives[1].birth_date",
    ),
    (
        "relatives",
        {"relation": "grandchild", "birth_date": "1989-01-01", "status": "citizen", "lives_in_canada": True},
        "age",
        "relatives[1].birth_date",
    ),
    (
        "relatives",
        {"relation": "sibling", "birth_date": LATE, "status": "citizen", "lives_in_canada": True},
        "future",
        "relatives[1].birth_date",
    ),
]


class TestKinds:
    """Every kind of remark."""

    @pytest.mark.parametrize("owner", ["person", "partner"])
    @pytest.mark.parametrize(("table", "entry", "code", "place"), KINDS)
    def test_of_each_of_the_two(self, owner: str, table: str, entry: dict[str, Any], code: str, place: str) -> None:
        """The fact is named, whoever of the two it is about."""
        found = facts(owner, {table: [entry]})

        assert told(found) == [(code, f"{owner}.{place}")]
        text = remarks(read_profile(found), ON)[0].text
        assert text.en != text.fr
        if owner == "partner" and table != "relatives" and code != "far_apart" and "varying_hours" not in place:
            assert "partner" in text.en
            assert "conjoint" in text.fr

    @pytest.mark.parametrize(
        ("changed", "code", "place"),
        [
            ({"nominations": [{"kind": "enhanced", "province": "ON", "accepted_on": LATE}]}, "future", "accepted_on"),
            (
                {
                    "job_offers": [
                        {"noc2021": "31301", "employers": ["A"], "lmia": True, "from": LATE, "hours_per_week": 40}
                    ]
                },
                "future",
                "from",
            ),
            ({"funds": [{"on": LATE, "amount_cad": 25000}]}, "future", "on"),
            ({"children": [{"birth_date": LATE}]}, "future", "birth_date"),
        ],
    )
    def test_of_the_family(self, changed: dict[str, Any], code: str, place: str) -> None:
        """So are a nomination, an offer, a statement of funds and a child."""
        table = next(iter(changed))

        assert told(facts("whole", changed)) == [(code, f"{table}[1].{place}")]

    @pytest.mark.parametrize(
        ("changed", "code", "place"),
        [
            ({"lmia_issued_on": LATE}, "future", "lmia_issued_on"),
            ({"lmia_issued_on": "2026-01-05", "lmia_expires_on": "2036-07-05"}, "far_apart", "lmia_expires_on"),
            ({"lmia_expires_on": "2036-07-05"}, "far_apart", "lmia_expires_on"),
            ({"lmia_issued_on": "2016-01-05", "lmia_expires_on": "2016-07-05"}, "far_apart", "lmia_expires_on"),
            ({"lmia_issued_on": "2026-01-05", "lmia_expires_on": "2026-07-05"}, None, ""),
        ],
    )
    def test_of_an_lmia(self, changed: dict[str, Any], code: str | None, place: str) -> None:
        """The days of an LMIA lie near each other, and not after the offer that rests on it."""
        offer = {"noc2021": "31301", "employers": ["A"], "lmia": True, "from": "2026-02-03", "hours_per_week": 40}
        found = told(facts("whole", {"job_offers": [{**offer, **changed}]}))

        assert found == ([(code, f"job_offers[1].{place}")] if code else [])

    @pytest.mark.parametrize(
        ("changed", "code", "place"),
        [
            ({"from": "2007-05-03"}, "too_young", "from"),
            ({"from": LATE}, "future", "from"),
            ({"to": LATE}, "future", "to"),
            ({"changes": [{"from": LATE, "accompanying": False}]}, "future", "changes[1].from"),
            (
                {"to": "2025-05-03", "changes": [{"from": "2026-05-03", "accompanying": False}]},
                "far_apart",
                "changes[1].from",
            ),
            ({"from": "2027-05-03", "to": "2028-05-03"}, None, ""),
            ({"changes": [{"from": "2027-05-03", "accompanying": False}]}, None, ""),
        ],
    )
    def test_of_a_partner(self, changed: dict[str, Any], code: str | None, place: str) -> None:
        """A wedding to come is no typing error; one in many years, as a child, or a change after it all, is."""
        whole = facts("partner", changed)

        assert told(whole) == ([(code, f"partner.{place}")] if code else [])
        assert remarks_so_far(whole, ON) == remarks(read_profile(whole), ON)

    def test_funds_that_were_stated_before(self) -> None:
        """Where an earlier statement counts, a later one is for later days."""
        earlier = {"on": "2024-01-02", "amount_cad": 20000}

        assert told(facts("whole", {"funds": [earlier, {"on": LATE, "amount_cad": 25000}]})) == []

    @pytest.mark.parametrize(
        ("birth", "code"),
        [("2019-07-15", "age"), ("1926-07-15", "age"), ("2030-05-01", "future"), ("2010-11-28", None)],
    )
    def test_age(self, birth: str, code: str | None) -> None:
        """An age that a year wrong by a digit gives is asked about."""
        assert told(facts(birth=birth)) == ([(code, "person.birth_date")] if code else [])

    def test_a_child_too_old_for_both(self) -> None:
        """A child of the partner may be older than the person thinks; one too old for both is asked about."""
        old = {"children": [{"birth_date": "2000-01-01"}]}

        assert told(facts("whole", old)) == [("far_apart", "children[1].birth_date")]
        older = {**PARTNER, **NONE, "birth_date": "1980-01-01"}
        assert told(facts("whole", {**old, "partner": older})) == []

    def test_in_order(self) -> None:
        """A profile in order has no remark: the end of a permit or a job may lie ahead."""
        whole = facts("person", {"tests": [TEST], "credentials": [DEGREE], "work": [{**JOB, "to": "2027-12-31"}]})
        whole["person"]["status"] = [{"kind": "open", "from": "2026-01-01", "to": "2028-01-01"}]

        assert told(whole) == []

    def test_words(self) -> None:
        """The sentence names the document, its day and what follows from it."""
        entry = {**TEST, "taken_on": "2062-03-14", "results_on": "2062-03-28"}
        (found,) = remarks(read_profile(facts("person", {"tests": [entry]})), ON)

        assert found.text.en == "Your IELTS of 14 March 2062 is not counted: the date is in the future"
        assert found.text.fr == "Votre test IELTS du 14 mars 2062 ne compte pas : la date est dans le futur"

    def test_words_of_a_day_that_is_over(self) -> None:
        """What came after a past day asked about is said to be after it: it is in nobody's future."""
        entry = {**TEST, "taken_on": "2026-03-14", "results_on": "2026-03-28"}
        early = {**TEST, "taken_on": "2024-04-01", "results_on": "2024-04-20"}
        found = remarks(read_profile(facts("person", {"tests": [entry, early]})), date(2024, 4, 12), past=True)

        assert [one.text.en for one in found] == [
            "Your IELTS of 14 March 2026 is not counted: the date is after 12 April 2024",
            "Your IELTS of 1 April 2024 is not counted yet: its results of 20 April 2024 are after 12 April 2024",
        ]
        assert found[0].text.fr == "Votre test IELTS du 14 mars 2026 ne compte pas : la date est après le 12 avril 2024"
        assert found[1].text.fr.endswith("ses résultats du 20 avril 2024 sont après le 12 avril 2024")

    def test_words_in_an_answer_about_a_past_day(self) -> None:
        """An answer about a day before the law was last checked says so too."""
        entry = {**TEST, "taken_on": "2026-03-14", "results_on": "2026-03-28"}
        context = Context(load_law(), load_record())
        (found,) = assess(context, facts("person", {"tests": [entry]}), date(2024, 4, 12)).remarks

        assert found.text.en.endswith("the date is after 12 April 2024")


class TestShown:
    """Where they are shown."""

    def test_in_the_answer(self) -> None:
        """The record of an answer has them, in its language."""
        entry = {**TEST, "taken_on": "2062-03-14", "results_on": "2062-03-28"}
        context = Context(load_law(), load_record())
        found = assess(context, facts("person", {"tests": [entry]}), ON)

        (remark,) = assessment_record(found, context.record, "fr")["remarks"]
        assert remark["field"] == "person.tests[1].taken_on"
        assert remark["text"].startswith("Votre test IELTS du 14 mars 2062 ne compte pas")

    def test_in_profile_check(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """`profile check` lists them, and the file is as good as before."""
        file = tmp_path / "nurse.json"
        entry = {**TEST, "taken_on": "2062-03-14", "results_on": "2062-03-28"}
        file.write_text(json.dumps(facts("person", {"tests": [entry]})), encoding="utf-8")

        assert run(["profile", "check", str(file), "--on", "2026-11-28"]) == 0
        assert "Your IELTS of 14 March 2062 is not counted" in capsys.readouterr().out
        assert run(["profile", "check", str(file), "--on", "2026-11-28", "--format", "json"]) == 0
        (remark,) = json.loads(capsys.readouterr().out)["remarks"]
        assert (remark["code"], remark["field"]) == ("future", "person.tests[1].taken_on")
