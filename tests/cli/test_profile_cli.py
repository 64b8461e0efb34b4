"""`expressentry profile check`, `show` and `schema`: all that is wrong at once, every factor with its reason."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry.cli import run
from expressentry.errors import FactorsError
from expressentry.profile.json_schema import TABLES, fields, profile_schema, tables
from expressentry.profile.labels import labels_of
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile
from expressentry.profile.validation import choices_in, key_of
from tests.often import often
from tests.profiles import dated_facts

ROOT = Path(__file__).parents[2]
GRADUATE = str(ROOT / "examples/people/graduate.toml")
EDUCATOR = """nominations = []
job_offers = []
children = []
[person]
birth_date = 1996-09-21
lives_in = "CA"
relatives = []
certificates = []
[[person.tests]]
test = "tcf"
taken_on = 2026-01-10
results_on = 2026-01-31
listening = 560
reading = 540
writing = 15
speaking = 16
[[person.credentials]]
level = "three_year"
country = "TN"
completed_on = 2018-06-30
[[person.credentials.assessments]]
body = "wes"
on = 2023-05-02
result = "three_year"
[[person.work]]
noc2021 = "42202"
from = 2019-09-02
to = 2023-06-30
hours_per_week = 40
worked_in = "TN"
[[person.work]]
noc2021 = "42202"
from = 2024-01-08
hours_per_week = 35
worked_in = "CA"
full_time_student = false
[[person.work.varying_hours]]
from = 2024-06-03
to = 2024-08-25
hours_per_week = 12
[[person.work.varying_hours]]
from = 2025-01-06
to = 2025-03-02
hours_per_week = 22.5
[[person.status]]
kind = "open"
from = 2024-01-02
to = 2027-01-01

[intent]
quebec = false
"""
"""An educator from Tunis on an open permit, with hours that vary from week to week."""

BAD = """
children = []
nominations = []
job_offers = []

[person]
birth_date = 1993-04-12
relatives = []
certificates = []
credentials = []

[[person.tests]] # before its first day
test = "pte"
taken_on = 2024-01-29
results_on = 2024-01-31
listening = 80
reading = 80
writing = 80
speaking = 80

[[person.tests]] # before birth
test = "celpip"
taken_on = 1990-02-01
results_on = 1990-02-08
listening = 9
reading = 13
writing = 9
speaking = 9

[[person.tests]] # the scores out of 699
test = "tef"
taken_on = 2025-02-01
results_on = 2025-02-20
listening = 512
reading = 497
writing = 440
speaking = 433

[[person.tests]] # two abilities of one report …
test = "ielts"
taken_on = 2025-03-01
results_on = 2025-03-10
listening = 8
reading = 7.25

[[person.tests]] # … and two of another
test = "ielts"
taken_on = 2025-06-01
results_on = 2025-06-10
writing = 7
speaking = 7

[[person.work]] # ends before it starts
noc2021 = "21231"
from = 2024-05-01
to = 2023-05-01
hours_per_week = 40
worked_in = "IN"

[[person.work]] # no such code
noc2021 = "21213"
from = 2024-05-01
hours_per_week = 0
worked_in = "India"

[[person.work]] # a code of 2016
noc2021 = "2173"
from = 2024-05-01
hours_per_week = 40
worked_in = "IN"
emploier = "Maple"

[[person.status]]
kind = "pgwp"
from = 2024-02-30x
"""
BAD = BAD.replace("2024-02-30x", '"2024-02-30"')

EXPECTED = {
    ("person.tests[1].taken_on", "test_not_accepted"),
    ("person.tests[2].taken_on", "impossible_day"),
    ("person.tests[2].taken_on", "test_not_accepted"),
    ("person.tests[2].reading", "off_the_scale"),
    ("person.tests[3].listening", "tef_new_scale"),
    ("person.tests[3].reading", "tef_new_scale"),
    ("person.tests[4].reading", "off_the_step"),
    ("person.tests[4].writing", "missing"),
    ("person.tests[4].speaking", "missing"),
    ("person.tests[5].listening", "missing"),
    ("person.tests[5].reading", "missing"),
    ("person.work[1].to", "impossible_day"),
    ("person.work[2].noc2021", "unknown_noc"),
    ("person.work[2].hours_per_week", "out_of_range"),
    ("person.work[2].worked_in", "wrong_value"),
    ("person.work[3].noc2021", "wrong_noc_version"),
    ("person.work[3].emploier", "unknown_key"),
    ("person.status[1].kind", "unknown_word"),
    ("person.status[1].from", "not_a_day"),
}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder and a user folder of the test's own."""
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("EXPRESSENTRY_LANG", "en")
    monkeypatch.chdir(tmp_path)
    return tmp_path


class TestBadInput:
    """Everything wrong at once: field, value, rule and fix, in both languages."""

    def test_all_at_once(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Each of the mistakes people make is found beside all the others, and no other is."""
        (place / "bad.toml").write_text(BAD, encoding="utf-8")
        assert run(["profile", "check", "bad.toml", "--format", "json"]) == 1
        answer = json.loads(capsys.readouterr().out)

        assert answer["ok"] is False
        assert {(problem["field"], problem["code"]) for problem in answer["problems"]} == EXPECTED
        assert all(problem["rule"] and problem["fix"] for problem in answer["problems"])

    @pytest.mark.parametrize(
        ("lang", "line"),
        [
            ("en", "person.tests[1].taken_on: PTE Core counts for Express Entry when taken from 2024-01-30 on, got"),
            ("fr", "person.tests[1].taken_on : PTE Core compte pour Entrée express passé dès le 2024-01-30, reçu"),
            ("en", "person.tests[2].taken_on: must not be before the birth on 1993-04-12, got `1990-02-01`. Fix: "),
            ("fr", "person.tests[2].taken_on : ne doit pas précéder la naissance du 1993-04-12, reçu `1990-02-01`."),
            ("en", "person.tests[2].reading: CELPIP-General: a whole number from 0 to 12, got `13`. Fix: give"),
            ("en", 'Fix: give the column "Équivalence ancien score" of the statement'),
            ("fr", "Correction : donner la colonne « Équivalence ancien score » de l'attestation"),
            ("en", "person.tests[4].writing: required: all four abilities come from one report. Fix: give the score"),
            ("fr", "person.tests[4].writing : obligatoire : les quatre habiletés viennent d'une attestation. Corr"),
            ("en", "person.work[1].to: must not be before its first day, 2024-05-01, got `2023-05-01`. Fix:"),
            ("fr", "person.work[1].to : ne doit pas précéder le premier jour, 2024-05-01, reçu `2023-05-01`."),
            (
                "en",
                "`'21213'` is not a code of the NOC 2021 (5 digits). Did you mean 21210 Mathematicians, stati",
            ),
            ("fr", "n'est pas un code de la CNP 2021 (5 chiffres). Vouliez-vous dire 21210 Mathématiciens"),
            (
                "en",
                "got `'2173'`. Fix: use one that corresponds to it: 21211 Data scientists; 21231 S",
            ),
            ("en", "person.work[3].emploier: unknown key, got `Maple`. Did you mean employer?"),
            ("en", "person.status[1].from: `2024-02-30` is not a day written YYYY-MM-DD. Fix: write it"),
            ("fr", "person.status[1].from : `2024-02-30` n'est pas un jour écrit AAAA-MM-JJ."),
        ],
    )
    def test_in_words(self, place: Path, capsys: pytest.CaptureFixture[str], lang: str, line: str) -> None:
        """Each problem is a line on standard error that says what to do."""
        (place / "bad.toml").write_text(BAD, encoding="utf-8")
        assert run(["profile", "check", "bad.toml", "--lang", lang]) == 1
        told = capsys.readouterr()

        assert told.out == ""
        assert line in told.err

    @pytest.mark.parametrize("words", [["check"], ["show", "--on", "2026-10-01"]])
    def test_a_file_of_factors_is_no_profile(self, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        """A file of factors is told from a profile that lacks everything."""
        assert run(["profile", words[0], str(ROOT / "examples/engineer.toml"), *words[1:]]) == 1
        assert "a file of factors, not a profile with dates" in capsys.readouterr().err

    def test_empty(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """An empty file is a profile in which everything is missing."""
        (place / "empty.toml").write_text("")
        assert run(["profile", "check", "empty.toml"]) == 1
        assert "person: required. Fix: add it: the person." in capsys.readouterr().err

    def test_numbers_that_json_has_no_form_for(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A value that is no number is refused as the file is read, and told in JSON."""
        (place / "bad.toml").write_text(BAD.replace("hours_per_week = 0", "hours_per_week = nan"), encoding="utf-8")
        assert run(["profile", "check", "bad.toml", "--format", "json"]) == 1
        rules = [problem["rule"] for problem in json.loads(capsys.readouterr().out)["problems"]]

        assert rules == ["no number (NaN or infinity)"]


class TestShow:
    """What a profile says on a day, and why."""

    def test_reasons(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A factor is followed by the documents and the rule, and where the rule stands."""
        assert run(["profile", "show", GRADUATE, "--on", "2026-10-01"]) == 0
        text = " ".join(capsys.readouterr().out.split())

        assert "Factors on 1 October 2026" in text
        assert "Canadian work experience 3 years 4688 hours since 2016-10-01 and" in text
        assert "before 2026-10-01: job 2" in text
        assert "instructions, s. 15: ten years, TEER" in text

    def test_what_is_open(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A doubt is told with what would settle it, and each reading with the factors that differ."""
        assert run(["profile", "show", GRADUATE, "--on", "2026-10-01", "--lang", "fr"]) == 0
        text = capsys.readouterr().out

        assert "si une année de travail est de 1 560 heures ou de douze mois civils" in text
        assert (
            "douze mois civils : Expérience de travail au Canada = 2 ans; Travail continu dans une profession = 2 ans"
            in text
        )

    def test_nothing_open(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Where nothing is open, that is said: the engineer with one of the two occupations abroad."""
        before, _, rest = (ROOT / "examples/people/engineer.toml").read_text(encoding="utf-8").partition("[[person.wo")
        _, mark, after = rest.partition("[[person.wo")
        (tmp_path / "one.toml").write_text(before + mark + after, encoding="utf-8")
        assert run(["profile", "show", str(tmp_path / "one.toml"), "--on", "2026-10-01"]) == 0
        assert capsys.readouterr().out.endswith("There is no open question.\n")

    def test_each_answer_is_one_line(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Readings that say the same are told once: a permit that ends, and a year that is whole by hours alone."""
        (tmp_path / "me.toml").write_text(EDUCATOR, encoding="utf-8")
        assert run(["profile", "show", str(tmp_path / "me.toml"), "--on", "2027-03-20"]) == 0
        lines = capsys.readouterr().out.partition("What each answer gives:")[2].splitlines()
        assert sum(line.startswith("  it was not authorised: ") for line in lines) == 1
        assert len(set(lines)) == len(lines)

    def test_decimal_comma(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A score with a comma, as it is printed in French, is shown as it is to be written."""
        (tmp_path / "me.toml").write_text("listening = 8,5  # printed so\n", encoding="utf-8")
        assert run(["profile", "check", str(tmp_path / "me.toml"), "--lang", "fr"]) == 1
        said = capsys.readouterr().err
        assert "listening : `8,5` n'est pas un nombre avec un point décimal. Correction : écrire 8.5." in said

    def test_money_in_quotation_marks(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """An amount as people write it is read in a file; one that is none is refused, with what to write instead."""
        facts = EDUCATOR + '\n[[funds]]\non = 2026-11-01\namount_cad = "$25,000"\n'
        (tmp_path / "me.toml").write_text(facts, encoding="utf-8")
        assert [one.amount_cad for one in read_profile(tmp_path / "me.toml").funds or ()] == [25000]
        (tmp_path / "me.toml").write_text(facts.replace("$25,000", "25.000 dollars"), encoding="utf-8")
        capsys.readouterr()
        assert run(["profile", "check", str(tmp_path / "me.toml")]) == 1
        assert capsys.readouterr().err == (
            "funds[1].amount_cad: `25.000 dollars` is not a whole number. "
            "Fix: write its figures alone, without quotation marks.\n"
        )

    def test_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The keys that scripts rely on."""
        assert run(["profile", "show", GRADUATE, "--on", "2026-10-01", "--format", "json"]) == 0
        answer = json.loads(capsys.readouterr().out)

        assert list(answer) == ["as_of", "facts", "because", "doubts", "readings", "bounded"]
        assert (answer["as_of"], answer["facts"]["canadian_work_years"], answer["bounded"]) == ("2026-10-01", 3, False)
        assert set(answer["because"]) <= set(answer["facts"])
        assert answer["because"]["age"] == {
            "text": "born on 2000-10-02",
            "place": "completed years on the day; IRPR 81",
        }
        assert [doubt["id"] for doubt in answer["doubts"]] == ["year_of_work"]
        assert list(answer["doubts"][0]["options"]) == ["hours", "calendar"]
        assert [reading["assumed"] for reading in answer["readings"]] == [
            {"year_of_work": "hours"},
            {"year_of_work": "calendar"},
        ]
        assert answer["readings"][0]["differs"] == {}
        assert answer["readings"][1]["differs"]["canadian_work_years"] == 2

    def test_before_birth(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A day outside the person's life is refused."""
        assert run(["profile", "show", str(ROOT / "examples/people/graduate.toml"), "--on", "2130-01-01"]) == 1
        assert "person.birth_date" in capsys.readouterr().err


class TestSchema:
    """The JSON Schema of a profile."""

    @pytest.mark.parametrize("lang", ["en", "fr"])
    def test_is_a_schema(self, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
        """It is valid JSON Schema 2020-12, and every table and key is described in the language asked."""
        assert run(["profile", "schema", "--lang", lang]) == 0
        schema = json.loads(capsys.readouterr().out)

        jsonschema.Draft202012Validator.check_schema(schema)
        for table in (schema, *schema["$defs"].values()):
            assert table["title"]
            for key, described in table["properties"].items():
                assert key == "$schema" or (described["title"] and described["description"])
        assert schema["title"] == {"en": "A profile of dated facts", "fr": "Un profil de faits datés"}[lang]

    def test_every_table_has_a_name(self) -> None:
        """Every table of the model is named in both languages, and every closed list has its words explained."""
        named = dict(tables(Profile))
        assert set(named) == {"Profile", *Profile.model_json_schema()["$defs"]} == set(TABLES)
        for model in named.values():
            for _, field in fields(model):
                words = choices_in(field.annotation)
                assert not words or set(labels_of(words)) == set(words)
            assert [key_of(name, field) for name, field in model.model_fields.items()] == [
                key for key, _ in fields(model)
            ]

    def test_a_json_file_may_name_it(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The key `$schema` of a JSON file is for editors and changes nothing."""
        assert run(["profile", "new", "--example", "--format", "json"]) == 0
        example = json.loads(capsys.readouterr().out)
        (place / "me.json").write_text(json.dumps({"$schema": "profile.schema.json", **example}))

        assert run(["profile", "check", "me.json"]) == 0
        jsonschema.validate({"$schema": "profile.schema.json", **example}, profile_schema())

    @pytest.mark.parametrize("path", sorted((ROOT / "examples/people").glob("*.toml")), ids=lambda path: path.stem)
    def test_examples(self, path: Path) -> None:
        """The schema accepts the examples."""
        from expressentry.profile.read import read_document

        jsonschema.validate(json.loads(json.dumps(read_document(path), default=str)), profile_schema())

    @given(dated_facts())
    @settings(max_examples=often(60))
    def test_accepts_every_profile(self, whole: dict[str, Any]) -> None:
        """Every valid profile is valid by the schema."""
        jsonschema.validate(json.loads(json.dumps(whole, default=str)), SCHEMA)

    @given(dated_facts(), st.data())
    @settings(max_examples=often(150))
    def test_refuses_only_what_is_refused(self, whole: dict[str, Any], data: st.DataObject) -> None:
        """Whatever the schema refuses, in a profile spoilt at any place, the file check refuses too."""
        spoilt = json.loads(json.dumps(whole, default=str))
        spoil(spoilt, data)
        if not list(VALIDATOR.iter_errors(spoilt)):
            return
        with pytest.raises(FactorsError):
            read_profile(spoilt)


SCHEMA = profile_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 0, -1, 1.5, 3, 999, 10**10, "", "x", "CA", "ca", "none", "21231", "2173", "2025-02-03", [], {}]
)


def spoil(whole: dict[str, Any], data: st.DataObject) -> None:
    """Change one value, take one away, or add one, anywhere in a profile."""
    places = list(containers(whole))
    container = data.draw(st.sampled_from(places))
    if isinstance(container, list):
        container.append(deepcopy(data.draw(VALUES)))
        return
    key = data.draw(st.sampled_from([*container, "to", "noc2021", "unheard_of"]))
    if data.draw(st.booleans()):
        container.pop(key, None)
    else:
        container[key] = deepcopy(data.draw(VALUES))


def containers(value: Any) -> Any:
    """Every table and list in a document."""
    if isinstance(value, dict | list):
        yield value
        for one in value.values() if isinstance(value, dict) else value:
            yield from containers(one)


def test_days_are_days() -> None:
    """A day is a TOML date or text of the form YYYY-MM-DD: both are one."""
    from tests.profiles import facts

    assert read_profile(facts(birth_date="1993-04-12")).person.birth_date == date(1993, 4, 12)
