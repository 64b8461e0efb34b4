"""`expressentry profile new`: questions as data, answers checked as a file is, back, drafts, terminals and pipes."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import select
import stat
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from expressentry.cli import run
from expressentry.profile.interview import Interview, Step
from expressentry.profile.interview.answers import value_of
from expressentry.profile.interview.model import Ask, Item, Many, OfLaw, Rare
from expressentry.profile.interview.provinces import STREAMS
from expressentry.profile.interview.questions import PARTNER as OF_PARTNER
from expressentry.profile.interview.questions import QUESTIONS
from expressentry.profile.interview.saving import InterviewDraft, profile_toml
from expressentry.profile.interview.wording import answered
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile
from expressentry.profile.validation import choices_in, key_of, meaning_of, model_in
from expressentry.text import Text
from tests.often import often
from tests.profiles import dated_facts

ENGINEER = """1993-04-12
India
yes
ielts
2025-03-01
2025-03-12
8
7.5
7
7,5
no
no
yes
masters
in
2016-06-30
y
WES
2024-05-02
masters
no
no
yes
21231
2019-07-01

40
no
Inde
yes
no
no
no
no
no
no
no
no
no
no
no
yes
"""
"""Every answer of someone alone and abroad, one a line."""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder and a user folder of the test's own."""
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("EXPRESSENTRY_LANG", "en")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """A run of `profile new` with its answers on standard input: exit status, standard output, standard error."""

    def talk(answers: str, *words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
        status = run(["profile", "new", *words])
        told = capsys.readouterr()
        return status, told.out, told.err

    return talk


def drafts() -> list[Path]:
    """The drafts in the user's folder."""
    return sorted((Path(os.environ["EXPRESSENTRY_HOME"]) / "drafts").glob("*"))


def asked(*answers: Any) -> Interview:
    """An interview after some answers, each of which is in order."""
    interview = Interview()
    for value in answers:
        assert interview.answer(value) == []
    return interview


def places(answers: dict[str, Any]) -> list[str]:
    """Every place that is asked about when each question is answered from a table by place, or else no or empty."""
    interview, seen = Interview(), []
    while (step := interview.step) is not None:
        name = f"{step.place}?" if step.gate else step.place
        seen.append(name)
        no = False if step.ask.kind == "yes_no" else 0 if step.ask.kind == "number" and not step.ask.empty else None
        problems = interview.answer(answers.get(name, no))
        assert problems == [], problems
    read_profile(interview.facts)
    return seen


ALONE = {"person.birth_date": "1993-04-12", "person.lives_in": "IN", "intent.quebec": False}
JOB = {
    "person.work[1]?": True,
    "person.work[1].noc2021": "21231",
    "person.work[1].from": "2019-07-01",
    "person.work[1].hours_per_week": 40,
    "person.work[1].worked_in": "IN",
    "person.work[1].paid": True,
    "person.work[1].self_employed": False,
}
PARTNER = {
    "partner?": True,
    "partner.accompanying": True,
    "partner.citizen_or_resident": "none",
    "partner.living_in_canada": False,
    "partner.birth_date": "1995-08-21",
}


KINDS: dict[type, str] = {date: "day", bool: "yes_no", int: "number", float: "number", str: "text"}


def plain_types(annotation: Any) -> Iterator[type]:
    """The types that an annotation is made of."""
    if isinstance(annotation, type):
        yield annotation
    for one in get_args(annotation):
        yield from plain_types(one)


class TestQuestions:
    """The table of questions fits the profile."""

    @staticmethod
    def every(items: tuple[Item, ...], model: type[BaseModel]) -> Iterator[tuple[Ask, Any, type[BaseModel]]]:
        """Every question with the field that it fills."""
        for item in items:
            if isinstance(item, Rare):
                yield from TestQuestions.every((*item.asks, *item.otherwise), model)
                continue
            if isinstance(item, OfLaw) or item is STREAMS:
                continue  # the law says which, and tests/provinces holds them to it
            known = {key_of(name, field): field for name, field in model.model_fields.items()}
            field = known[item.key]
            if isinstance(item, Ask):
                yield item, field, model
                continue
            table = model_in(field.annotation)
            assert table is not None
            assert isinstance(item, Many) == ("tuple" in str(field.annotation))
            yield from TestQuestions.every(item.asks, table)

    @staticmethod
    def kind(key: str, field: Any) -> str:
        """The kind of question that suits a field."""
        if choices_in(field.annotation):
            return "word"
        if field.annotation is Any:
            return "noc" if key == "noc2021" else "number"
        if "tuple" in str(field.annotation):
            return "texts"
        if key in ("body", "amount_cad"):
            return "body" if key == "body" else "money"
        (kind,) = {KINDS[one] for one in plain_types(field.annotation) if one in KINDS}
        return "country" if kind == "text" and "country" in meaning_of(field).en + key else kind

    def test_fit_the_profile(self) -> None:
        """Each question fills a key that exists, with a kind that suits it, and offers just the words it takes."""
        for ask, field, _ in self.every(QUESTIONS, Profile):
            assert ask.kind == self.kind(ask.key, field)
            assert tuple(ask.labels) == choices_in(field.annotation)
            assert ask.text.en != ask.text.fr
            assert ask.help.en != ask.help.fr

    def test_speak_of_the_partner(self) -> None:
        """What is asked about the partner never says "you" for the partner, in either language."""

        def wordings(items: Iterable[Item]) -> Iterator[Text]:
            for item in items:
                assert not isinstance(item, OfLaw)
                yield from (one for one in (item.text, item.help) if one is not None)
                if isinstance(item, Many):
                    yield item.another
                    yield from wordings([item.between] if item.between else [])
                if not isinstance(item, Ask):
                    yield from wordings(item.asks)
                yield from wordings(item.otherwise if isinstance(item, Rare) else ())

        you = re.compile(r"\b(you|your(?! partner)|vous|votre(?! conjoint)|vos)\b", re.IGNORECASE)
        allowed = {
            "we use the one that gives you most points",
            "If you leave it empty",
            "Do you know",
            "If you do not know",
        }
        allowed |= {"Savez-vous", "Si vous ne le savez pas"}
        lists = [item for item in OF_PARTNER.asks if isinstance(item, Many)]
        said = [one for text in wordings(lists) for one in text]
        for phrase in allowed:
            said = [one.replace(phrase, "") for one in said]

        assert lists
        assert [one for one in said if you.search(one)] == []

    def test_ask_whatever_must_be_given(self) -> None:
        """Every required key of every table is asked for, or is a list that is never left out."""
        for name, model in {model.__name__: model for _, _, model in self.every(QUESTIONS, Profile)}.items():
            keys = {ask.key for ask, _, table in self.every(QUESTIONS, Profile) if table is model}
            needed = {
                key_of(one, field)
                for one, field in model.model_fields.items()
                if field.is_required() and model_in(field.annotation) is None
            }
            assert needed <= keys, name


class TestOnlyWhatIsNeeded:
    """A question that cannot matter is not asked."""

    def test_the_least(self) -> None:
        """Who has nothing to tell answers fourteen questions."""
        assert places(ALONE) == [
            "person.birth_date",
            "person.lives_in",
            "person.tests[1]?",
            "person.credentials[1]?",
            "person.work[1]?",
            "person.certificates[1]?",
            "person.relatives[1]?",
            "partner?",
            "children[1]?",
            "nominations[1]?",
            "job_offers[1]?",
            "funds[1]?",
            "intent.quebec",
            "provinces[1]?",
        ]

    def test_permits_for_work_in_canada_only(self) -> None:
        """Work in Canada asks for employer, studies and permits; work abroad for none of them."""
        abroad = places(ALONE | JOB)
        here = places(ALONE | JOB | {"person.work[1].worked_in": "CA"})

        only_here = ("province", "employer", "employer_country", "self_employed", "full_time_student")
        assert set(here) - set(abroad) == {"person.status[1]?", *(f"person.work[1].{key}" for key in only_here)}

    def test_partner(self) -> None:
        """A partner is asked about where there is one; documents of the partner where the law counts them."""
        counted = places(ALONE | PARTNER)
        citizen = places(ALONE | PARTNER | {"partner.citizen_or_resident": "citizen"})

        assert {"partner.tests[1]?", "partner.credentials[1]?", "partner.work[1]?"} <= set(counted)
        assert "partner.birth_date" in counted  # so that "who should apply" can be tried
        assert [name for name in citizen if name.startswith("partner.")] == [*list(PARTNER)[1:-1], "partner.from?"]

    @pytest.mark.parametrize(
        ("noc", "country", "key", "is_asked"),
        [
            ("72200", "IN", "qualified_on", True),
            ("21231", "IN", "qualified_on", False),
            ("42102", "FR", "recognized_military", True),
            ("42102", "CA", "recognized_military", False),
        ],
    )
    def test_by_occupation(self, noc: str, country: str, key: str, is_asked: bool) -> None:
        """Some questions are for some occupations only."""
        found = places(ALONE | JOB | {"person.work[1].noc2021": noc, "person.work[1].worked_in": country})

        assert (f"person.work[1].{key}" in found) is is_asked

    def test_self_employed_physician(self) -> None:
        """Public pay is asked of a self-employed physician in Canada."""
        doctor = {"person.work[1].noc2021": "31102", "person.work[1].worked_in": "CA"}
        key = "person.work[1].publicly_funded_physician"

        assert key not in places(ALONE | JOB | doctor)
        assert key in places(ALONE | JOB | doctor | {"person.work[1].self_employed": True})

    def test_credential(self) -> None:
        """A foreign credential is asked for its assessment, a Canadian one for how it was studied."""
        first = "person.credentials[1]"
        foreign = ALONE | {f"{first}?": True, f"{first}.level": "masters", f"{first}.country": "IN"}
        foreign[f"{first}.completed_on"] = "2016-05-05"
        canadian = foreign | {f"{first}.country": "CA"}

        assert f"{first}.assessments[1]?" in places(foreign)
        assert f"{first}.study?" not in places(foreign)
        assert f"{first}.study?" in places(canadian)
        assert f"{first}.assessments[1]?" not in places(canadian)
        assert f"{first}.study?" not in places(canadian | {f"{first}.level": "secondary"})

    def test_relief(self) -> None:
        """Months of the pandemic are asked of study that reaches into it; the last day where there is no diploma."""
        first = "person.credentials[1]"
        study = ALONE | {f"{first}?": True, f"{first}.level": "two_year", f"{first}.country": "CA"}
        study |= {f"{first}.study?": True}
        study |= {f"{first}.study.{key}": 16 for key in ("present_months", "full_time_months")}
        study |= {f"{first}.study.academic_years": 2}
        old = places(study | {f"{first}.completed_on": "2019-05-05"})
        late = places(study | {f"{first}.completed_on": "2021-05-05"})
        left = places(study | {f"{first}.study.to": "2021-05-05"})

        assert f"{first}.study.relief_months" not in old
        assert f"{first}.study.relief_months" in late
        assert f"{first}.study.to" not in late
        assert {f"{first}.study.relief_months", f"{first}.study.to"} <= set(left)


class TestDatedFacts:
    """What is dated or rare is asked behind one yes, or where it matters."""

    def test_a_partner_who_joins_leaves_or_changes(self) -> None:
        """One question whether anything changes, then since when, until when, and what is different from which day."""
        changed = ALONE | PARTNER | {"partner.from?": True, "partner.from": "2020-05-05", "partner.to": "2026-09-30"}
        changed |= {"partner.changes[1]?": True, "partner.changes[1].from": "2024-05-05"}
        changed |= {"partner.changes[1].accompanying": True, "partner.changes[1].living_in_canada": True}
        found = [name for name in places(changed) if name.startswith("partner.")]

        assert [name for name in places(ALONE | PARTNER) if name.startswith("partner.")][4:6] == [
            "partner.from?",
            "partner.tests[1]?",
        ]
        assert found[4:13] == [
            "partner.from?",
            "partner.from",
            "partner.to",
            "partner.changes[1]?",
            "partner.changes[1].from",
            "partner.changes[1].accompanying",
            "partner.changes[1].citizen_or_resident",
            "partner.changes[1].living_in_canada",
            "partner.changes[2]?",
        ]

    def test_a_change_says_what_is_different(self) -> None:
        """A day on which nothing is different is refused at the last of its questions, and not before."""
        interview = asked("1993-04-12", "IN", *[False] * 5, True, True, "none", False, "1995-08-21", True)
        for value in (None, None, True, "2024-05-05", None, None):
            assert interview.answer(value) == []
        (problem,) = interview.answer(None)

        assert problem.code == "nothing_changes"
        assert interview.answer(value=True) == []

    def test_hours_that_vary(self) -> None:
        """Whether hours vary is asked of each job, and the days with others only after a yes."""
        first = "person.work[1].varying_hours"
        more = {f"{first}[1]?": True, f"{first}[1].from": "2020-01-06", f"{first}[1].hours_per_week": 14}

        assert f"{first}[1].from" not in places(ALONE | JOB)
        found = places(ALONE | JOB | more)
        assert found[found.index(f"{first}[1]?") :][:5] == [
            f"{first}[1]?",
            *(f"{first}[1].{key}" for key in ("from", "to", "hours_per_week")),
            f"{first}[2]?",
        ]

    def test_offer(self) -> None:
        """The days of an LMIA are asked where there is one; a length that permanent residence begins, or another."""
        first = "job_offers[1]"
        offer = ALONE | {f"{first}?": True, f"{first}.noc2021": "21231", f"{first}.employers": ["Maple"]}
        offer |= {f"{first}.from": "2026-05-05", f"{first}.hours_per_week": 40}
        without = places(offer)
        after = places(offer | {f"{first}.lmia": True, f"{first}.months_after_visa?": True})

        assert {f"{first}.lmia_issued_on", f"{first}.lmia_expires_on"} & set(without) == set()
        assert {f"{first}.lmia_issued_on", f"{first}.lmia_expires_on", f"{first}.months_after_visa"} <= set(after)
        assert f"{first}.duration_months" in without
        assert f"{first}.duration_months" not in after
        open_ = Interview()
        while open_.step is not None and open_.step.id != f"{first}.months_after_visa?":
            open_.take({**offer, f"{first}.lmia": True}.get(open_.step.id))
        open_.take(value=True)
        open_.take(None)  # the months have no answer yet: the other length is not asked for all that
        assert open_.step is not None
        assert open_.step.ask.key != "duration_months"
        assert f"{first}.publicly_funded_physician" in places(offer | {f"{first}.noc2021": "31102"})
        assert f"{first}.publicly_funded_physician" not in without

    PERMITS = JOB | {"person.work[1].worked_in": "CA", "person.work[1].from": "2022-05-16"}
    PERMITS |= {"person.status[1]?": True, "person.status[1].kind": "study_permit"}
    PERMITS |= {"person.status[1].from": "2020-08-18", "person.status[1].to": "2022-07-31"}
    PERMITS |= {"person.status[2]?": True, "person.status[2].kind": "post_graduation"}
    PERMITS |= {"person.status[2].from": "2022-09-01"}
    GAP = "person.status.gap:2022-08-01"

    def test_a_gap_between_permits(self) -> None:
        """What was held between two permits is asked where there was work, and becomes an entry of those days."""
        ids = [step.id for step in self.steps(self.PERMITS)]
        assert ids[ids.index("person.status[3]?") + 1] == self.GAP
        step = next(one for one in self.steps(self.PERMITS) if one.id == self.GAP)
        assert step.ask.text.en == "What did you hold from 1 to 31 August 2022?"
        assert step.ask.text.fr == "Qu'aviez-vous du 1er au 31 août 2022?"

        facts = self.interview(self.PERMITS | {self.GAP: "no_permit_needed"}).facts
        entry = {"kind": "no_permit_needed", "from": "2022-08-01", "to": "2022-08-31"}
        assert facts["person"]["status"][2] == entry
        assert len(self.interview(self.PERMITS).facts["person"]["status"]) == 2  # not known: nothing is added

    @pytest.mark.parametrize(
        "changed",
        [
            {"person.work[1].from": "2022-09-01"},
            {"person.work[1].to": "2022-07-31"},
            {"person.work[1].worked_in": "IN", "job_offers[1]?": True},
            {"person.status[1].to": "2022-08-31"},
            {"person.status[1].to": None},
        ],
    )
    def test_no_gap_that_matters(self, changed: dict[str, Any]) -> None:
        """Without work in Canada on those days, or without such days, nothing is asked."""
        assert not [step.id for step in self.steps(self.PERMITS | changed) if "gap:" in step.id]

    @staticmethod
    def interview(answers: dict[str, Any]) -> Interview:
        """An interview in which everything that has no answer in a table is answered with no or left empty."""
        interview = Interview()
        while (step := interview.step) is not None:
            no = False if step.ask.kind == "yes_no" else None
            interview.take({**ALONE, **answers}.get(step.id, no))
        return interview

    def steps(self, answers: dict[str, Any]) -> list[Step]:
        """Every question of such an interview."""
        return [step for step, _ in answered(self.interview(answers))]


class TestAnswers:
    """Every answer is checked as the file is, and refused in the same words."""

    @pytest.mark.parametrize(
        ("before", "answer", "told"),
        [
            ([], "12 April 1993", "person.birth_date: `12 April 1993` is not a day written YYYY-MM-DD. Fix: write it"),
            ([], None, "person.birth_date: this question needs an answer. Fix: answer it."),
            (["1993-04-12", "IN"], "perhaps", "person.tests[1]: `perhaps` is not yes or no."),
            (
                ["1993-04-12", "IN", True],
                "toefl",
                "`toefl` is not one of: celpip, ielts, pte, tef, tcf. Fix: use one of them.",
            ),
            (
                ["1993-04-12", "IN", True, "pte"],
                "2024-01-29",
                "PTE Core counts for Express Entry when taken from 2024-01-30",
            ),
            (
                ["1993-04-12", "IN", True, "pte"],
                "1992-01-29",
                "must not be before the birth on 1993-04-12, got `1992-01-29`",
            ),
            (["1993-04-12", "IN", True, "tef", "2025-02-01", "2025-02-20"], 512, "Équivalence ancien score"),
            (
                ["1993-04-12", "IN", False, False, True],
                "2173",
                "this is a code of the NOC 2016, not of the NOC 2021, got",
            ),
            (
                ["1993-04-12", "IN", False, False, True],
                None,
                "person.work[1].noc2021: this question needs an answer",
            ),
            (
                ["1993-04-12", "IN", False, False, True, "21231", "2024-05-01"],
                "2023-05-01",
                "must not be before its first",
            ),
        ],
    )
    def test_refused(self, before: list[Any], answer: Any, told: str) -> None:
        """A wrong answer is told of in the words of the file's check, and the question stays."""
        interview = asked(*before)
        step, facts = interview.step, json.dumps(interview.facts)
        problems = interview.answer(answer)

        assert told in problems[0].say("en")
        assert problems[0].say("en") != problems[0].say("fr")
        assert interview.step == step
        assert json.dumps(interview.facts) == facts
        assert len(interview.answers) == len(before)

    def test_a_choice_has_no_usual_value(self) -> None:
        """Nothing is assumed of a yes or no that is left empty, in the terminal either."""
        interview = asked(
            "1993-04-12", "IN", False, False, True, "21231", "2019-07-01", None, 40, False, "CA", None, None, None
        )
        for key in ("paid", "self_employed"):
            assert interview.step is not None
            assert interview.step.ask.key == key
            assert [one.code for one in interview.answer(None)] == ["missing"]
            assert interview.answer(key == "paid") == []
        assert interview.answer(None) == []  # full-time student: not known, and then read both ways
        assert "full_time_student" not in interview.facts["person"]["work"][0]

    def test_a_wrong_answer_about_what_was_said_before(self) -> None:
        """A leave that begins after the job's end is refused where it is given."""
        interview = asked(
            "1993-04-12", "IN", False, False, True, "21231", "2019-07-01", "2020-06-30", 40, False, "IN", True, True
        )
        assert interview.step is not None
        assert interview.step.place == "person.work[1].leave[1].from"
        (problem,) = interview.answer("2021-01-01")

        assert problem.field == "person.work[1].to"
        assert interview.answer("2020-01-01") == []

    def test_back(self) -> None:
        """One question back, what was answered there forgotten; at the first question nothing happens."""
        interview = asked("1993-04-12", "IN", True, "ielts")
        interview.back()
        interview.back()
        assert interview.step is not None
        assert (interview.step.place, interview.step.gate) == ("person.tests[1]", True)
        assert interview.facts == {"person": {"birth_date": "1993-04-12", "lives_in": "IN"}}
        interview.back()
        interview.back()
        interview.back()
        assert interview.step.place == "person.birth_date"

    @pytest.mark.parametrize(
        ("kind", "typed", "value"),
        [
            ("yes_no", "Oui", True),
            ("yes_no", "n", False),
            ("yes_no", "maybe", "maybe"),
            ("number", "7,5", 7.5),
            ("number", "15 263", 15263),
            ("number", "1e5", "1e5"),
            ("money", "25,000", 25000),
            ("money", "$25,000", 25000),
            ("money", "25 000", 25000),
            ("money", "25\u202f000 $", 25000),
            ("money", "$25 000", 25000),
            ("money", "1e5", "1e5"),
            ("money", "25,5", "25,5"),
            ("number", "1e999999999", "1e999999999"),
            ("number", "nan", "nan"),
            ("number", "many", "many"),
            ("country", "ca", "CA"),
            ("country", "Philippines", "PH"),
            ("country", "états-unis", "US"),
            ("country", "Filipinas", "Filipinas"),
            ("texts", "Maple, Quokka ,", ["Maple", "Quokka"]),
            ("day", " 2025-01-01 ", "2025-01-01"),
            ("text", "", None),
        ],
    )
    def test_typed(self, kind: Any, typed: str, value: Any) -> None:
        """What is typed becomes a value; what cannot be read stays text, for the check to refuse."""
        ask = next(step for step in (Interview().step,) if step is not None).ask

        assert value_of(Ask(ask.key, kind, ask.text, ask.help), typed) == value

    def test_words_by_number(self) -> None:
        """A word of a list can be given by its number."""
        interview = asked("1993-04-12", "IN", True)
        assert interview.step is not None

        assert value_of(interview.step.ask, "2") == "ielts"
        assert value_of(interview.step.ask, "IELTS") == "ielts"
        assert value_of(interview.step.ask, "6") == "6"
        assert value_of(interview.step.ask, "0") == "0"
        assert value_of(interview.step.ask, "2" * 5_000) == "2" * 5_000

    @given(st.data())
    @settings(max_examples=often(40))
    def test_any_conversation(self, data: st.DataObject) -> None:
        """Whatever is typed: no crash; a finished interview is a profile; a draft takes up where it was."""
        interview = Interview()
        for _ in range(60):
            if interview.step is None:
                break
            if data.draw(st.integers(0, 19)) == 0:
                interview.back()
                continue
            interview.answer(value_of(interview.step.ask, data.draw(typed(interview.step))))
        again = Interview(json.loads(json.dumps(interview.answers)))

        assert (again.step, again.facts, again.answers) == (
            interview.step,
            interview.facts,
            [tuple(one) for one in interview.answers],
        )
        while interview.step is not None and interview.step.gate:
            interview.answer(value=False)
        if interview.step is None:
            read_profile(interview.facts)

    def test_a_draft_of_other_questions(self) -> None:
        """Answers that do not fit the questions any more are let go from there on."""
        interview = Interview([("person.birth_date", "1993-04-12"), ("person.shoe_size", 43), ("partner?", False)])

        assert interview.answers == [("person.birth_date", "1993-04-12")]


def typed(step: Step) -> st.SearchStrategy[str]:
    """What someone may type: mostly something of the right kind."""
    right: dict[str, st.SearchStrategy[str]] = {
        "day": st.dates(date(1990, 1, 1), date(2026, 12, 31)).map(str),
        "yes_no": st.sampled_from(["yes", "no", "non", "oui"]),
        "word": st.sampled_from([*step.ask.labels, "1", "3"]),
        "number": st.sampled_from(["7", "8", "9", "12", "200", "30", "6.5", "0"]),
        "noc": st.sampled_from(["21231", "72200", "31102", "42102", "2173", "21213"]),
        "country": st.sampled_from(["ca", "IN", "France"]),
    }
    wrong = st.sampled_from(["", "x", "0", "-1", "yes", "2025-02-03", "\x00"])
    return st.one_of(right.get(step.ask.kind, st.just("Maple")), right.get(step.ask.kind, wrong), wrong)


class TestWriting:
    """The file that comes out."""

    @given(dated_facts(), st.sampled_from(["en", "fr"]))
    @settings(max_examples=often(60))
    def test_reads_back(self, whole: dict[str, Any], lang: Any) -> None:
        """Any profile written as TOML and read again is the same."""
        profile = read_profile(whole)

        assert read_profile(tomllib.loads(profile_toml(profile, lang))) == profile

    @pytest.mark.parametrize("name", ['a "quoted" name', "back\\slash", "tab\tand\nline", "é 漢 😀", "\x7f\x01", "#"])
    def test_any_text(self, name: str) -> None:
        """Whatever letters a text has."""
        facts = asked(*ALONE_ANSWERS).facts
        profile = read_profile({**facts, "note": name})

        assert read_profile(tomllib.loads(profile_toml(profile))).note == name

    def test_days_and_comments(self, pipe: Any, place: Path) -> None:
        """Days are days, words and codes are explained, in the language asked."""
        assert pipe(ENGINEER, "anna.toml", "--lang", "fr")[0] == 0
        text = (place / "anna.toml").read_text(encoding="utf-8")

        assert tomllib.loads(text)["person"]["birth_date"] == date(1993, 4, 12)
        assert "birth_date = 1993-04-12  # date de naissance" in text
        assert "# Ingénieurs/ingénieures et concepteurs/conceptrices en logiciel" in text
        assert "# maîtrise" in text


ALONE_ANSWERS = ("1993-04-12", "IN", *[False] * 11)


class TestPipe:
    """Answers through a pipe."""

    def test_whole(self, pipe: Any, place: Path) -> None:
        """Questions to standard error, the answer to standard output, the draft gone at the end."""
        status, out, err = pipe(ENGINEER, "anna.toml")

        assert status == 0
        assert out.startswith("anna.toml: written and checked\n")
        assert "What is your date of birth?" in err
        assert drafts() == []
        profile = read_profile(place / "anna.toml")
        assert profile.person.work[0].hours_per_week == 40
        assert profile.person.tests[0].speaking == 7.5
        assert profile.intent is not None
        assert not profile.intent.quebec
        assert sorted(path.name for path in place.iterdir()) == ["anna.toml"]

    def test_json(self, pipe: Any, place: Path) -> None:
        """A name that ends in .json gives JSON; `--format json` is about the answer."""
        status, out, _ = pipe(ENGINEER, "anna.json", "--format", "json")

        assert (status, json.loads(out)) == (0, {"file": "anna.json", "ok": True})
        assert json.loads((place / "anna.json").read_text())["person"]["birth_date"] == "1993-04-12"

    def test_other_endings(self, pipe: Any) -> None:
        """Another ending is misuse."""
        status, _, err = pipe(ENGINEER, "anna.yaml")

        assert status == 2
        assert "a name that ends in .toml or .json, got `anna.yaml`" in err

    def test_help_and_back(self, pipe: Any) -> None:
        """`?` names the document to look at, `back` asks the question before again."""
        _, _, err = pipe("?\n1993-04-12\nback\n", "anna.toml")

        assert "As on your passport" in err
        assert err.count("What is your date of birth?") == 2
        _, _, french = pipe("?\n1993-04-12\nretour\n", "autre.toml", "--lang", "fr")
        assert "Comme sur votre passeport" in french
        assert french.count("Quelle est votre date de naissance?") == 2

    def test_wrong_answers(self, pipe: Any) -> None:
        """A wrong answer is answered in the language of the run, and the question asked again."""
        _, _, err = pipe("hier\n1993-04-12\n", "anna.toml", "--lang", "fr")

        assert "`hier` n'est pas un jour écrit AAAA-MM-JJ. Correction : l'écrire comme 1996-07-15." in err
        assert "person." not in err

    def test_seen_together_before_they_are_written(self, pipe: Any, place: Path) -> None:
        """At the end every answer is shown; a no goes back to the last question, with the earlier answer there."""
        corrected = ENGINEER.removesuffix("yes\n") + "no\nback\nback\nyes\n2026-09-01\n$25 000\nno\nno\nno\nyes\n"
        status, _, err = pipe(corrected, "anna.toml")

        assert status == 0
        assert "In which country did you work? India" in err
        assert "Which organization assessed it? World Education Services" in err
        assert "Your earlier answer: no" in err
        funds = read_profile(place / "anna.toml").funds
        assert funds is not None
        assert [one.amount_cad for one in funds] == [25000]

    def test_a_day_that_is_probably_wrong(self, pipe: Any) -> None:
        """A test in the future is remarked on at once; a birth in the future is refused."""
        late = ENGINEER.replace("2025-03-01\n2025-03-12", "2062-03-01\n2062-03-12")
        _, _, err = pipe("2093-04-12\n" + late, "anna.toml")

        assert "This day is in the future" in err
        assert err.count("Please check: Your IELTS of 1 March 2062 is not counted: the date is in the future.") == 2

    def test_levels_keep_their_numbers(self, pipe: Any) -> None:
        """A level has the same number in both lists that ask for one, whatever the second has besides."""
        levels = {}
        interview = asked("1993-04-12", "IN", False, True)
        for name, before in (("level", []), ("result", ["masters", "IN", "2016-06-30", True, "WES", "2024-05-02"])):
            for answer in before:
                assert interview.answer(answer) == []
            step = interview.step
            assert step is not None
            assert step.ask.key == name
            levels[name] = list(step.ask.labels)

        assert levels["result"][: len(levels["level"])] == levels["level"]

    def test_occupation_by_words(self, pipe: Any, place: Path) -> None:
        """Words offer the five best occupations; a number takes one of them."""
        searched = ENGINEER.replace("\n21231\n", "\nsofware enginer\n9\nsoftware engineer\n1\n")
        status, _, err = pipe(searched, "anna.toml")

        assert status == 0
        assert "  1  21231  Software engineers and designers" in err
        assert "  5  " in err
        assert "`'9'` is not a code of the NOC 2021" in err  # 9 was not offered
        assert read_profile(place / "anna.toml").person.work[0].noc2021 == "21231"

    def test_occupation_by_groups(self, pipe: Any, place: Path) -> None:
        """Words that find nothing offer the ten broad groups, each number what is in it, down to an occupation."""
        searched = ENGINEER.replace("\n21231\n", "\nblockchain wizard\n3\n2\n99\n2\n3\n2\n")
        status, _, err = pipe(searched, "anna.toml")

        assert status == 0
        assert "No good match" in err
        assert "  10  9  Occupations in manufacturing and utilities" in err
        assert "`'99'` is not a code of the NOC 2021" in err  # and what was offered is still offered
        assert read_profile(place / "anna.toml").person.work[0].noc2021 == "21221"

    def test_interrupted_and_taken_up(self, pipe: Any, place: Path) -> None:
        """An input that ends keeps the answers; the next run takes them up, in any language."""
        lines = ENGINEER.splitlines(keepends=True)
        status, out, err = pipe("".join(lines[:7]), "anna.toml")
        assert (status, out) == (1, "")
        assert "your answers are kept" in err
        assert not (place / "anna.toml").exists()
        (draft,) = drafts()
        assert stat.S_IMODE(draft.stat().st_mode) == 0o600

        status, _, err = pipe("".join(lines[7:]), "anna.toml", "--lang", "fr")
        assert status == 0
        assert "Reprise de votre brouillon; réponses gardées : 7" in err
        assert "Quelle est votre date de naissance?" not in err.partition("Vos réponses :")[0]
        assert read_profile(place / "anna.toml").person.tests[0].listening == 8

    def test_restart(self, pipe: Any) -> None:
        """`--restart` forgets the draft."""
        pipe("1993-04-12\n", "anna.toml")
        _, _, err = pipe("", "anna.toml", "--restart")

        assert "What is your date of birth?" in err

    def test_drafts_of_two_people(self, pipe: Any, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A draft belongs to its file: one of the same name in another folder has its own."""
        pipe("1993-04-12\n", "profile.toml")
        (place / "other").mkdir()
        monkeypatch.chdir(place / "other")
        _, _, err = pipe("", "profile.toml")

        assert "What is your date of birth?" in err

    @pytest.mark.parametrize(("answer", "status"), [("no\n", 1), ("", 1), ("yes\n" + ENGINEER, 0)])
    def test_never_over_a_file_unasked(self, pipe: Any, place: Path, answer: str, status: int) -> None:
        """A file that exists is replaced after a yes only."""
        (place / "anna.toml").write_text("mine")
        found, _, err = pipe(answer, "anna.toml")

        assert found == status
        assert "anna.toml exists. Replace it? [yes/no]" in err
        assert ((place / "anna.toml").read_text() == "mine") is bool(status)

    def test_no_room(self, pipe: Any, place: Path) -> None:
        """A folder that is not there is an error that keeps the answers."""
        status, _, err = pipe(ENGINEER, "nowhere/anna.toml")

        assert status == 1
        assert "nowhere" in err
        assert len(drafts()) == 1

    def test_example(self, pipe: Any, place: Path) -> None:
        """`--example` asks nothing and writes a whole profile, in TOML or JSON, that is in order."""
        _, toml, _ = pipe("", "--example", "--lang", "fr")
        _, as_json, _ = pipe("", "--example", "--format", "json")
        (place / "me.toml").write_text(toml, encoding="utf-8")

        assert run(["profile", "check", "me.toml"]) == 0
        assert read_profile(json.loads(as_json)) == read_profile(place / "me.toml")


class TestDraft:
    """A draft is whole or not there."""

    def test_unreadable(self, tmp_path: Path) -> None:
        """A draft that cannot be read is none."""
        draft = InterviewDraft(tmp_path, tmp_path / "anna.toml")
        for text in ("{", "[]", '{"answers": [1]}', "{}"):
            draft.path.write_text(text)
            assert draft.read() == []

    def test_written_whole(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stopped in the middle of writing, the draft before is still there."""
        draft = InterviewDraft(tmp_path, tmp_path / "anna.toml")
        draft.write([("person.birth_date", "1993-04-12")])

        def stop(_: int) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(os, "fsync", stop)
        with pytest.raises(KeyboardInterrupt):
            draft.write([("person.birth_date", "1999-09-09")])

        assert draft.read() == [("person.birth_date", "1993-04-12")]


class Terminal:
    """The program on a terminal of its own."""

    # The child makes the terminal its own, so that Ctrl-C and closing it reach the program as a user's would.
    PROGRAM = (
        "import fcntl, os, signal, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
        "signal.signal(signal.SIGINT, signal.default_int_handler); "  # tests in the background have it ignored
        "from expressentry.cli import entry; entry()"
    )

    def __init__(self, *words: str) -> None:
        self.ours, theirs = pty.openpty()
        command = [sys.executable, "-c", self.PROGRAM, "profile", "new", *words]
        self.process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        self.seen = ""

    def interrupt(self, text: str) -> None:
        """Press Ctrl-C until a text is shown: one that comes just before the program waits for a line is lost."""
        for _ in range(20):
            self.type("\x03")
            end = time.monotonic() + 3
            while text not in self.seen and select.select([self.ours], [], [], max(0, end - time.monotonic()))[0]:
                self.seen += os.read(self.ours, 65536).decode()
            if text in self.seen:
                return
        raise AssertionError(self.seen)

    def expect(self, text: str) -> None:
        """Read until a text has been shown."""
        end = time.monotonic() + 60
        while text not in self.seen:
            assert select.select([self.ours], [], [], end - time.monotonic())[0], self.seen
            self.seen += os.read(self.ours, 65536).decode()
        self.seen = self.seen.partition(text)[2]

    def type(self, text: str) -> None:
        """Type on the keyboard."""
        os.write(self.ours, text.encode())

    def close(self) -> int:
        """Close the window, and return how the program ended."""
        os.close(self.ours)
        return self.process.wait(60)


def test_a_choice_by_its_beginning() -> None:
    """A word may be typed as far as only one choice begins so; what more than one begins with is no answer."""
    labels = {
        "three_year": Text("bachelor's degree", "licence"),
        "masters": Text("master's degree", "maîtrise"),
        "x": Text("mast", "mât"),
    }
    ask = Ask("level", "word", Text("Level?", "Niveau?"), Text("", ""), labels=labels)
    assert [value_of(ask, typed) for typed in ("Bachelor", "maitr", "mast", "ba")] == [
        "three_year",
        "masters",
        "x",
        "ba",
    ]


class TestTerminal:
    """On a real terminal."""

    def test_ctrl_c_then_closed_then_finished(self, place: Path) -> None:
        """Ctrl-C keeps the answers, so does a closed window; the third sitting ends with the file."""
        first = Terminal("anna.toml")
        first.expect("What is your date of birth?")
        first.expect("> ")
        first.type("1993-04-12\n")
        first.expect("Which country do you live in?")
        first.expect("> ")
        first.type("India\n")
        first.expect("Do you have language test results? [yes/no]")
        first.expect("> ")
        first.interrupt("your answers are kept; run `expressentry profile new anna.toml` to continue")
        assert first.process.wait(60) == 130
        first.close()

        second = Terminal("anna.toml")
        second.expect("Continuing your draft; answers kept: 2")
        second.expect("Do you have language test results?")
        second.type("no\n")
        second.expect("Do you have a diploma or degree, or did you study for one?")
        assert second.close() != 0
        assert len(drafts()) == 1

        third = Terminal("anna.toml")
        third.expect("Continuing your draft; answers kept: 3")
        for _ in range(9):
            third.expect("> ")
            third.type("no\n")
        third.expect("Do you plan to live in Quebec?")
        third.type("no\n")
        third.expect("Are you interested in a nomination by a province or territory?")
        third.type("no\n")
        third.expect("Is everything right?")
        third.type("yes\n")
        third.expect("anna.toml: written and checked")
        assert third.process.wait(60) == 0
        third.close()

        assert read_profile(place / "anna.toml").person.birth_date == date(1993, 4, 12)
        assert drafts() == []
