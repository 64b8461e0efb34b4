"""A profile: what it takes, and everything that is wrong with one said at once, in both languages."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from expressentry.errors import FactorsError, FileError, Problem
from expressentry.profile.model import Profile
from expressentry.profile.read import is_profile, read_document, read_profile
from expressentry.profile.validation import meaning_of, model_in
from tests.profiles import (
    dated_facts,
    degree,
    facts,
    here,
    job,
    made,
    offer,
    partner,
    permit,
    relative,
    report,
    studied,
)

D = date
DAY = D(2026, 10, 1)

ANNA = """
note = "an invented person"
children = []
nominations = []
job_offers = []

[person]
birth_date = 1993-04-12
certificates = []
relatives = []

[[person.tests]]
test = "ielts"
taken_on = 2025-03-01
results_on = 2025-03-12
listening = 8.0
reading = 7.5
writing = 7
speaking = 7.5

[[person.credentials]]
level = "masters"
country = "IN"
completed_on = 2016-06-30
assessments = [{ body = "WES", on = 2024-05-02, result = "masters" }]

[[person.work]]
noc2021 = "21231"
from = 2019-07-01
hours_per_week = 40
worked_in = "IN"
"""


def problems(whole: Mapping[str, Any]) -> list[Problem]:
    """Everything that is wrong with a profile."""
    with pytest.raises(FactorsError) as caught:
        read_profile(whole)
    return list(caught.value.problems)


def codes(**changes: Any) -> list[tuple[str, str]]:
    """Field and code of each problem."""
    return [(problem.field, problem.code) for problem in problems(facts(**changes))]


class TestReading:
    """Where a profile comes from."""

    def test_toml(self, tmp_path: Path) -> None:
        """A file that a person can write by hand."""
        file = tmp_path / "anna.toml"
        file.write_text(ANNA, encoding="utf-8")
        profile = read_profile(file)

        assert profile.person.work[0].start == D(2019, 7, 1)
        assert profile.person.work[0].end is None
        assert is_profile(read_document(file))

    def test_json(self, tmp_path: Path) -> None:
        """The same in JSON, days as text."""
        toml, file = tmp_path / "anna.toml", tmp_path / "anna.json"
        toml.write_text(ANNA, encoding="utf-8")
        file.write_text(json.dumps(read_document(toml), default=str), encoding="utf-8")

        assert read_profile(file) == read_profile(toml)

    def test_not_readable(self, tmp_path: Path) -> None:
        """A file that is not there, or is not TOML, is a file error."""
        file = tmp_path / "bad.toml"
        file.write_text("= 3", encoding="utf-8")
        for path in (file, tmp_path / "none.toml"):
            with pytest.raises(FileError, match=path.name):
                read_profile(path)

    def test_told_from_factors(self) -> None:
        """A profile has a table `person`; a file of factors has none."""
        assert is_profile(facts())
        assert not is_profile({"age": 29})
        assert not is_profile({"person": 3})

    def test_factors_need_no_pydantic(self) -> None:
        """To assess a file of factors, pydantic is never imported."""
        program = (
            "import sys; from expressentry.cli import run; "
            "code = run(['assess', 'examples/engineer.toml', '--on', '2026-10-01', '--format', 'json']); "
            "assert not code and not [name for name in sys.modules if name.startswith('pydantic')]"
        )
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, cwd=Path(__file__).parents[2])

    @given(dated_facts())
    @settings(max_examples=50)
    def test_the_schema_accepts_what_is_read(self, whole: dict[str, Any]) -> None:
        """The JSON Schema of the model accepts every valid profile."""
        jsonschema.validate(json.loads(json.dumps(whole, default=str)), Profile.model_json_schema())


class TestLists:
    """What must be written, so that nothing is forgotten in silence."""

    @pytest.mark.parametrize("key", ["children", "nominations", "job_offers"])
    def test_top(self, key: str) -> None:
        """A list of the profile may be empty, and may not be left out."""
        whole = facts()
        del whole[key]

        (problem,) = problems(whole)
        assert (problem.field, problem.code) == (key, "missing")
        assert "[]" in problem.fix.en
        assert "[]" in problem.fix.fr

    @pytest.mark.parametrize("key", ["tests", "credentials", "work", "relatives", "certificates"])
    def test_person(self, key: str) -> None:
        """Nor may one of the person's."""
        whole = facts()
        del whole["person"][key]

        assert [(problem.field, problem.code) for problem in problems(whole)] == [(f"person.{key}", "missing")]

    def test_partner(self) -> None:
        """Nor one of the partner's."""
        whole = facts(partner={"accompanying": True, "citizen_or_resident": "none", "living_in_canada": False})

        assert [problem.field for problem in problems(whole)] == [
            f"partner.{key}" for key in ("tests", "credentials", "work", "relatives")
        ]

    def test_optional(self) -> None:
        """What may be unknown may be left out, and is not the same as none."""
        assert made().person.status is None
        assert made(status=[]).person.status == ()
        assert made().funds is None

    def test_a_foreign_credential_says_whether_it_was_assessed(self) -> None:
        """Without a word on assessments a foreign credential would count for nothing in silence."""
        credential = {"level": "masters", "country": "IN", "completed_on": D(2016, 1, 1)}

        assert codes(credentials=[credential]) == [("person.credentials[1].assessments", "missing")]


class TestForm:
    """Fields of the wrong form."""

    @pytest.mark.parametrize(
        ("change", "field", "code"),
        [
            ({"birth_date": "1993-4-12"}, "person.birth_date", "not_a_day"),
            ({"birth_date": "1993-02-30"}, "person.birth_date", "not_a_day"),
            ({"birth_date": 1993}, "person.birth_date", "not_a_day"),
            ({"birth_date": "0093-04-12"}, "person.birth_date", "out_of_range"),
            ({"first_language": "englsh"}, "person.first_language", "unknown_word"),
            ({"tests": {}}, "person.tests", "wrong_type"),
            ({"tests": [7]}, "person.tests[1]", "wrong_type"),
            ({"work": [job(D(2020, 1, 1), hours_per_week="40")]}, "person.work[1].hours_per_week", "wrong_type"),
            ({"work": [job(D(2020, 1, 1), hours=0)]}, "person.work[1].hours_per_week", "out_of_range"),
            ({"work": [job(D(2020, 1, 1), hours=169)]}, "person.work[1].hours_per_week", "out_of_range"),
            ({"work": [job(D(2020, 1, 1), hours=float("nan"))]}, "person.work[1].hours_per_week", "out_of_range"),
            ({"work": [job(D(2020, 1, 1), hours=33.333)]}, "person.work[1].hours_per_week", "too_exact"),
            ({"work": [job(D(2020, 1, 1), paid=1)]}, "person.work[1].paid", "wrong_type"),
            ({"work": [job(D(2020, 1, 1), worked_in="Canada")]}, "person.work[1].worked_in", "wrong_value"),
            ({"work": [job(D(2020, 1, 1), wroked_in="CA")]}, "person.work[1].wroked_in", "unknown_key"),
            ({"funds": [{"on": D(2026, 1, 1), "amount_cad": 15263.5}]}, "funds[1].amount_cad", "wrong_type"),
            ({"funds": [{"on": D(2026, 1, 1), "amount_cad": -1}]}, "funds[1].amount_cad", "out_of_range"),
            ({"relatives": [relative("cousin")]}, "person.relatives[1].relation", "unknown_word"),
            ({"nominations": [{"kind": "enhanced", "province": "QC"}]}, "nominations[1].province", "unknown_word"),
            ({"job_offers": [offer(D(2026, 1, 1), employers=[])]}, "job_offers[1].employers", "out_of_range"),
            ({"children": [{"birth_date": D(2020, 1, 1)}] * 29}, "children", "out_of_range"),
            ({"nonsense": 1}, "nonsense", "unknown_key"),
        ],
    )
    def test_one(self, change: dict[str, Any], field: str, code: str) -> None:
        """Each names its field, and has a rule and a fix in both languages."""
        (problem,) = problems(facts(**change))

        assert (problem.field, problem.code) == (field, code)
        assert all((problem.rule.en, problem.rule.fr, problem.fix.en, problem.fix.fr))
        assert problem.rule.en != problem.rule.fr or ":" in problem.rule.en

    @pytest.mark.parametrize(
        ("written", "fix"),
        [
            ("UK", "did you mean GB (United Kingdom)?"),
            ("Philippines", "did you mean PH (Philippines)?"),
            ("Morroco", "did you mean MA (Morocco)?"),
            ("ind", "did you mean IN (India)?"),
            ("XA", "write the country's ISO code, for example PH"),
            ("EU", "write the country's ISO code, for example PH"),
        ],
    )
    def test_no_country(self, written: str, fix: str) -> None:
        """Codes of no country are refused, those left to users too; the country that was meant is named."""
        (problem,) = problems(facts(work=[job(D(2020, 1, 1), worked_in=written)]))

        assert (problem.code, problem.field, problem.fix.en) == ("wrong_value", "person.work[1].worked_in", fix)

    def test_kosovo(self) -> None:
        """XK is accepted: it is in use, and no other code names the country."""
        assert read_profile(facts(work=[job(D(2020, 1, 1), worked_in="XK")])).person.work[0].worked_in == "XK"

    def test_near_misses(self) -> None:
        """A misspelt key or word is told the right one; a far one, what there is."""
        near, word, far = problems(
            facts(work=[job(D(2020, 1, 1), hours_per_wek=3)], status=[permit(D(2020, 1, 1), kind="opn")], zzz=1)
        )[:3]

        assert near.fix.fr == "vouliez-vous dire hours_per_week?"
        assert word.fix.en == "did you mean open?"
        assert "person, partner" in far.fix.en

    def test_the_person_is_missing(self) -> None:
        """Without a person, the rest is checked all the same."""
        assert {problem.field for problem in problems({"person": 4, "funds": 1})} >= {"person", "funds", "children"}


class TestImpossible:
    """What cannot be true."""

    def test_tests(self) -> None:
        """A test before the birth, and results before the test."""
        early = report(D(2025, 1, 1), 9, taken_on=D(2025, 1, 2))
        unborn = report(D(2025, 1, 1), 9, taken_on=D(1990, 1, 1))

        assert codes(tests=[early]) == [("person.tests[1].results_on", "impossible_day")]
        assert ("person.tests[1].taken_on", "impossible_day") in codes(tests=[unborn])

    def test_scores(self) -> None:
        """Scores off the scale, a TEF score of the scale to 699, a test not accepted then, an ability left out."""
        tef = report(D(2025, 1, 1), 434, 200, 300, 300, test="tef")
        pte = report(D(2024, 1, 29), 60, test="pte", taken_on=D(2024, 1, 29))
        ielts = {**report(D(2025, 1, 1), 9.5, 6.25, 6, 6, test="ielts")}
        del ielts["speaking"]

        assert codes(tests=[tef]) == [("person.tests[1].listening", "tef_new_scale")]
        assert codes(tests=[pte]) == [("person.tests[1].taken_on", "test_not_accepted")]
        assert codes(tests=[ielts]) == [
            ("person.tests[1].listening", "off_the_scale"),
            ("person.tests[1].reading", "off_the_step"),
            ("person.tests[1].speaking", "missing"),
        ]
        assert made(tests=[report(D(2024, 1, 30), 60, test="pte", taken_on=D(2024, 1, 30))])

    def test_abilities_of_two_reports(self) -> None:
        """A report has one score for each ability and no others, so two reports cannot be mixed in one."""
        mixed = report(D(2025, 1, 1), 9, writing_results_on=D(2024, 1, 1))

        assert codes(tests=[mixed]) == [("person.tests[1].writing_results_on", "unknown_key")]

    def test_retake(self) -> None:
        """Only IELTS has a retake of one skill."""
        assert codes(tests=[report(D(2025, 1, 1), 9, one_skill_retake=True)]) == [
            ("person.tests[1].one_skill_retake", "not_applicable")
        ]

    def test_credentials(self) -> None:
        """Before the birth, assessed before completion, assessed though Canadian, studied in Canada though foreign."""
        canadian = {
            **studied("masters", D(2020, 1, 1)),
            "assessments": [{"body": "WES", "on": DAY, "result": "masters"}],
        }
        foreign = {**degree("masters", D(2020, 1, 1)), "study": studied("masters", D(2020, 1, 1))["study"]}

        assert codes(credentials=[degree("masters", D(1990, 1, 1))]) == [
            ("person.credentials[1].completed_on", "impossible_day")
        ]
        assert codes(credentials=[degree("masters", D(2020, 1, 1), D(2019, 1, 1))]) == [
            ("person.credentials[1].assessments[1].on", "impossible_day")
        ]
        assert codes(credentials=[canadian]) == [("person.credentials[1].assessments", "not_applicable")]
        assert codes(credentials=[foreign]) == [("person.credentials[1].study", "not_applicable")]

    def test_study(self) -> None:
        """Not completed and without a last day; relief for months before there was any."""
        assert codes(credentials=[studied("masters", None)]) == [("person.credentials[1].study.to", "missing")]
        assert codes(credentials=[studied("masters", D(2019, 1, 1), relief_months=3)]) == [
            ("person.credentials[1].study.relief_months", "not_applicable")
        ]

    def test_jobs(self) -> None:
        """Ends before it starts, before the birth, a leave outside it."""
        leave = [{"from": D(2019, 1, 1), "to": D(2018, 1, 1)}]

        assert codes(work=[job(D(2020, 1, 2), D(2020, 1, 1))]) == [("person.work[1].to", "impossible_day")]
        assert codes(work=[job(D(1990, 1, 1))]) == [("person.work[1].from", "impossible_day")]
        assert codes(work=[job(D(2020, 1, 1), leave=leave)]) == [
            ("person.work[1].leave[1].from", "impossible_day"),
            ("person.work[1].leave[1].to", "impossible_day"),
        ]
        assert made(work=[job(D(2020, 1, 1), D(2020, 1, 1))])

    def test_occupations(self) -> None:
        """No code, an unknown one, one of the other version, one that lost its zeros."""
        none = {key: value for key, value in job(D(2020, 1, 1)).items() if key != "noc2021"}

        assert codes(work=[none]) == [("person.work[1].noc2021", "missing")]
        assert codes(work=[job(D(2020, 1, 1), noc="21239")]) == [("person.work[1].noc2021", "unknown_noc")]
        assert codes(work=[job(D(2020, 1, 1), noc="2173")]) == [("person.work[1].noc2021", "wrong_noc_version")]
        assert codes(work=[job(D(2020, 1, 1), noc2016="21231")]) == [("person.work[1].noc2016", "wrong_noc_version")]
        assert codes(work=[job(D(2020, 1, 1), noc2021=13)]) == [("person.work[1].noc2021", "noc_without_zeros")]

    def test_other_days(self) -> None:
        """Permits, certificates, nominations and offers that end before they begin."""
        held = {"noc2021": "72200", "authority": "ON", "issued_on": D(2025, 1, 1), "to": D(2024, 1, 1)}
        nomination = {"kind": "base", "province": "ON", "accepted_on": D(2025, 1, 1), "expires_on": D(2024, 1, 1)}

        assert codes(status=[permit(D(2025, 1, 1), D(2024, 1, 1))]) == [("person.status[1].to", "impossible_day")]
        assert codes(certificates=[held]) == [("person.certificates[1].to", "impossible_day")]
        assert codes(nominations=[nomination]) == [("nominations[1].expires_on", "impossible_day")]
        assert codes(job_offers=[offer(D(2025, 1, 1), to=D(2024, 1, 1))]) == [("job_offers[1].to", "impossible_day")]

    def test_employers(self) -> None:
        """Employers on an open permit; an employer written almost as on a permit."""
        named = permit(D(2020, 1, 1), kind="employer_lmia", employers=["Maple Software"])

        assert codes(status=[permit(D(2020, 1, 1), employers=["Maple"])]) == [
            ("person.status[1].employers", "not_applicable")
        ]
        assert codes(status=[named], work=[here(D(2020, 1, 1), employer="Maple Sofware")]) == [
            ("person.work[1].employer", "near_miss")
        ]
        assert made(status=[named], work=[here(D(2020, 1, 1), employer="MAPLE SOFTWARE")])

    def test_two_amounts_a_day(self) -> None:
        """Funds have one amount a day."""
        funds = [{"on": D(2026, 1, 1), "amount_cad": 1}, {"on": D(2026, 1, 1), "amount_cad": 2}]

        assert codes(funds=funds) == [("funds[2].on", "twice")]

    def test_overlapping_permits_and_jobs_are_fine(self) -> None:
        """Only what is surely impossible is refused."""
        assert made(status=[permit(D(2020, 1, 1))] * 2, work=[job(D(2020, 1, 1))] * 3, partner=partner())


class TestAllAtOnce:
    """Everything that is wrong is said at once."""

    def test_form_and_truth_together(self) -> None:
        """A key that is unknown does not hide a day that is impossible beside it, nor in another table."""
        whole = facts(
            work=[job(D(2020, 1, 2), D(2020, 1, 1), hours_per_wek=3, noc="2173")],
            tests=[report(D(2025, 1, 1), 434, 200, 300, 300, test="tef"), {"test": "ielst"}],
            funds=[{"on": "soon", "amount_cad": 1}],
        )

        assert {(problem.field, problem.code) for problem in problems(whole)} == {
            ("person.work[1].hours_per_wek", "unknown_key"),
            ("person.work[1].to", "impossible_day"),
            ("person.work[1].noc2021", "wrong_noc_version"),
            ("person.tests[1].listening", "tef_new_scale"),
            ("person.tests[2].test", "unknown_word"),
            ("person.tests[2].taken_on", "missing"),
            ("person.tests[2].results_on", "missing"),
            ("funds[1].on", "not_a_day"),
        }

    def test_said_in_french(self) -> None:
        """The whole is said in French."""
        with pytest.raises(FactorsError) as caught:
            read_profile(facts(work=[job(D(2020, 1, 2), D(2020, 1, 1))]))

        assert caught.value.say("fr") == (
            "person.work[1].to : ne doit pas précéder le premier jour, 2020-01-02, reçu `2020-01-01`. "
            "Correction : corriger l'un des deux jours."
        )

    @given(dated_facts(), st.data())
    @settings(max_examples=150)
    def test_any_wreck_is_refused_in_words(self, whole: dict[str, Any], data: st.DataObject) -> None:
        """Whatever one value is replaced by, the profile is read or refused with its field named, and never crashes."""
        wrecked = deepcopy(whole)
        places = list(leaves(wrecked))
        table, key = data.draw(st.sampled_from(places))
        table[key] = data.draw(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just([]) | st.just({})
        )
        refused: tuple[Problem, ...] = ()
        try:
            read_profile(wrecked)
        except FactorsError as error:
            refused = error.problems

        assert all(problem.field and problem.say("en") and problem.say("fr") for problem in refused)


def test_the_page_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The profile and the answers on the page about people are those that one gets."""
    page = Path(__file__).parents[2] / "docs" / "explanation" / "people.md"
    text = page.read_text(encoding="utf-8")
    (tmp_path / "anna.toml").write_text(text.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert doctest.testfile(str(page), module_relative=False) == (0, text.count(">>> "))


def leaves(value: Any) -> Any:
    """Every place in nested tables and lists."""
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield value, key
            yield from leaves(one)


def test_every_field_says_what_it_asks() -> None:
    """Each field of each table has a wording in both languages, for forms and schemas."""
    waiting: list[type[BaseModel]] = [Profile]
    seen: list[type[BaseModel]] = []
    while waiting:
        table = waiting.pop()
        seen.append(table)
        for name, field in table.model_fields.items():
            assert meaning_of(field) in field.metadata, (table, name)
            below = model_in(field.annotation)
            if below is not None and below not in (*seen, *waiting):
                waiting.append(below)

    assert len(seen) == 19
