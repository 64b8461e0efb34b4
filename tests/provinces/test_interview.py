"""What streams ask for, in the interview: only for the provinces that interest a person, and only what is open."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomli
from starlette.testclient import TestClient

from expressentry import assess_profile, read_profile
from expressentry.assess.person.stream_people import assess_streams
from expressentry.errors import FactorsError
from expressentry.law.streams import ASKED
from expressentry.profile.interview.answers import converted, value_of
from expressentry.profile.interview.answers_by_id import Questionnaire, ask, noticed, typed_of
from expressentry.profile.interview.provinces import _KINDS, _WHEN, questions_of
from expressentry.profile.interview.saving import profile_toml
from expressentry.profile.provinces import stated_columns
from expressentry.web.pages.candidate.carried import Carried, pack
from tests.provinces.people import DAY, LAW, RULES
from tests.web.serving import DAY as WEB_DAY
from tests.web.serving import made
from tests.web.site import person

ROOT = Path(__file__).parents[2]
QUESTIONS = {one.key: one for one in questions_of(LAW)}
STREAMS = LAW.streams


def asked_of(name: str, province: str, **typed: str) -> list[str]:
    """The columns that an example is asked about for one province."""
    answers, _ = typed_of(person(name))
    answers |= {"provinces[1]?": "yes", "provinces[1].province": province, "provinces[2]?": "no"}
    answers |= {f"provinces[1].{key}": value for key, value in typed.items()}
    steps = ask(answers, complete=True).steps
    return [step.ask.key for step in steps if step.place.startswith("provinces[1].")][1:]


def test_questions_are_the_laws() -> None:
    """Each is of a column that may be stated, in both languages, with the kind and the words of that column."""
    assert QUESTIONS.keys() == STREAMS.questions.keys() <= set(stated_columns(STREAMS))
    assert set(ASKED) == _WHEN.keys()
    for name, one in QUESTIONS.items():
        column = STREAMS.columns[name]
        assert one.kind == ("wage" if name == "offer_wage" else _KINDS[column.kind])
        assert one.labels == column.labels
        assert one.text.en.endswith("?")
        assert one.text.fr.endswith("?")
        assert one.text.en != one.text.fr
        assert one.empty is not None


def test_every_column_of_a_stream_can_be_answered() -> None:
    """What a stream in force reads is asked, or comes from documents, or is federal law's: nothing is out of reach."""
    silent = {name for one in RULES.streams for name in STREAMS.inputs(one) if name in STREAMS.own}
    assert (
        silent - STREAMS.questions.keys() == {"nominee_teer", "nominee_broad", "work_years_5y", "work_months"} & silent
    )


def test_nothing_is_asked_without_interest() -> None:
    """A person who says no is asked no question of a stream, and the profile says nothing of provinces."""
    typed, _ = typed_of(person("engineer"))
    asked = ask(typed, complete=True)

    assert [step.id for step in asked.steps if step.place.startswith("provinces")] == ["provinces[1]?"]
    assert "provinces" not in asked.facts


def test_only_what_the_streams_of_the_province_need() -> None:
    """Saskatchewan asks nothing of a wage, British Columbia does of who has an offer; nobody is asked what is known."""
    saskatchewan = asked_of("engineer", "SK")
    assert "settlement_plan" in saskatchewan
    assert not {"offer_wage", "bc_area", "offer", "legal_status", "relative_parent_or_sibling"} & set(saskatchewan)
    assert asked_of("engineer", "NU") == []
    assert "offer_wage" not in asked_of("electrician", "BC", offer="none")
    assert "offer_wage" in asked_of("electrician", "BC", offer="permanent")
    assert not {"partner_clb6", "partner_work_3y"} & set(asked_of("engineer", "PE"))


@pytest.mark.parametrize("province", sorted({one.province for one in RULES.streams}))
@pytest.mark.parametrize("name", ["engineer", "electrician", "couple", "nurse"])
def test_what_is_not_asked_is_not_missing(name: str, province: str) -> None:
    """With every question answered, no stream of the province misses a fact that the interview could have asked."""
    answers, left = typed_of(person(name))
    answers |= {"provinces[1]?": "yes", "provinces[1].province": province, "provinces[2]?": "no"}
    while True:
        found = ask(answers, complete=True, extra=left)
        steps = [step for step in found.steps if step.place.startswith("provinces[1].") and step.id not in answers]
        if not steps:
            break
        answers[steps[0].id] = _some_answer(steps[0].ask)
    profile = read_profile(found.facts)
    judged = [one for one in assess_streams(assess_profile(profile, DAY)) if one.stream.province == province]

    for one in judged:
        assert [fact for fact in one.missing if fact in STREAMS.own] == [], one.stream.key


def for_two(name: str, first: str, second: str, **stated: str) -> dict[str, str]:
    """The answers of an example that is interested in two provinces, with some of the first one's."""
    answers, _ = typed_of(person(name))
    answers |= {"provinces[1]?": "yes", "provinces[1].province": first, "provinces[2]?": "yes"}
    answers |= {"provinces[2].province": second, "provinces[3]?": "no"}
    return answers | {f"provinces[1].{key}": value for key, value in stated.items()}


def whole(answers: dict[str, str]) -> Questionnaire:
    """Every question that these answers lead to, the open ones of provinces answered somehow."""
    while True:
        found = ask(answers, complete=True)
        open_ = [step for step in found.steps if step.place.startswith("provinces") and step.id not in answers]
        if not open_:
            return found
        answers |= {step.id: _some_answer(step.ask) for step in open_}


@pytest.mark.parametrize("second", ["AB", "MB", "PE"])
@pytest.mark.parametrize("name", ["engineer", "electrician"])
def test_what_no_province_changes_is_asked_once(name: str, second: str) -> None:
    """Of the columns that are the same for every province each is asked once, and no stream of both misses it."""
    asked = whole(for_two(name, "SK", second))
    keys = [step.ask.key for step in asked.steps if step.place.startswith("provinces[") and not step.gate]
    profile = read_profile(asked.facts)
    judged = [one for one in assess_streams(assess_profile(profile, DAY)) if one.stream.province in ("SK", second)]

    assert keys.count("express_entry_profile") == 1
    assert [key for key in STREAMS.everywhere if keys.count(key) > 1] == []
    assert keys.count("intent" if second == "AB" else "settlement_plan") >= 1
    assert [fact for one in judged for fact in one.missing if fact in STREAMS.own] == []


def test_not_known_is_not_asked_again() -> None:
    """Who does not know it for the first province is not asked for the second."""
    asked = ask(for_two("engineer", "SK", "MB", express_entry_profile="unknown"), complete=True)

    assert "provinces[2].express_entry_profile" not in [step.id for step in asked.steps]
    assert all("express_entry_profile" not in one for one in asked.facts["provinces"])


def test_stated_once_it_counts_for_all() -> None:
    """A value that no province changes is known to every stream, wherever it was stated; others to their province."""
    own: dict[str, Any] = {"province": "SK", "express_entry_profile": True, "settlement_plan": True}
    once = read_profile({**person("engineer"), "provinces": [own]})
    each = [own, *({"province": one, "express_entry_profile": True} for one in ("MB", "BC", "ON", "NS"))]
    twice = read_profile({**person("engineer"), "provinces": each})
    found = [
        [
            (one.stream.province, one.answer, {name for finding in one.findings for name in finding.missing})
            for one in assess_streams(assess_profile(profile, DAY))
        ]
        for profile in (once, twice)
    ]

    assert found[0] == found[1]
    assert not any("express_entry_profile" in missing for _, _, missing in found[0])
    assert any("settlement_plan" in missing for province, _, missing in found[0] if province == "MB")
    assert not any("settlement_plan" in missing for province, _, missing in found[0] if province == "SK")


def test_two_values_of_one_fact() -> None:
    """The same fact with two values is refused, with both places, beside everything else that is wrong."""
    tables = [
        {"province": "SK", "highest_credential": "bachelor"},
        {"province": "BC", "highest_credential": "masters", "offer_wage": 83200},
    ]
    with pytest.raises(FactorsError) as caught:
        read_profile({**person("engineer"), "provinces": tables})
    found = {one.field: one for one in caught.value.problems}

    assert set(found) == {"provinces[2].highest_credential", "provinces[2].offer_wage"}
    assert "provinces[1].highest_credential says bachelor" in found["provinces[2].highest_credential"].rule.en


def test_a_file_that_states_it_twice_is_asked_once() -> None:
    """A profile that repeats a fact for each province gives one answer, which can then be changed."""
    each = [{"province": one, "express_entry_profile": True, "licence": "held"} for one in ("SK", "MB")]
    typed, left = typed_of({**person("engineer"), "provinces": each})
    said = ask(typed | {"provinces[1].express_entry_profile": "no"}, complete=True, extra=left).facts["provinces"]

    assert [path for path, _ in left if path[0] == "provinces"] == []
    assert said[0]["express_entry_profile"] is False
    assert said[1] == {"province": "MB", "licence": "held"}
    late = [{"province": "SK"}, {"province": "MB", "express_entry_profile": True}]
    assert typed_of({**person("engineer"), "provinces": late})[0]["provinces[1].express_entry_profile"] == "yes"


def _some_answer(one: Any) -> str:
    if one.kind == "noc":
        return "21231"
    if one.kind == "word":
        return str(next(iter(one.labels)))
    return {"yes_no": "no", "number": "0", "wage": "40"}[one.kind]


@pytest.mark.parametrize(
    ("typed", "value", "said"),
    [
        ("40", 40, None),
        ("38.75", 38, None),
        ("$38,75", 38, None),
        ("255", 255, None),
        ("83200", 40, "83200 dollars a year, divided by 2080 hours, are 40 dollars an hour"),
        ("83 200 $", 40, "83200 dollars a year, divided by 2080 hours, are 40 dollars an hour"),
        ("lots", "lots", None),
        ("-3", "-3", None),
    ],
)
def test_a_wage_of_a_year(typed: str, value: object, said: str | None) -> None:
    """A wage of a year is converted to one of an hour, and that is said; what is no number stays for the checks."""
    one = QUESTIONS["offer_wage"]
    told = converted(one, typed)

    assert value_of(one, typed) == value
    assert (told.en if told else None) == said


def test_the_site_says_what_it_converted() -> None:
    """The remark stands at the question, in both languages."""
    typed, _ = typed_of(person("electrician"))
    typed |= {"provinces[1]?": "yes", "provinces[1].province": "BC", "provinces[1].offer": "permanent"}
    typed |= {"provinces[1].offer_wage": "83200", "provinces[2]?": "no"}
    asked = ask(typed, complete=True)
    remarks = noticed(asked, WEB_DAY)

    assert asked.facts["provinces"][0]["offer_wage"] == 40
    assert [one.code for one in remarks["provinces[1].offer_wage"]] == ["converted"]
    answered = {step.id: typed.get(step.id) or _some_answer(step.ask) for step in asked.steps if "provinces" in step.id}
    with TestClient(made()) as client:
        word = pack(Carried(typed | answered, (), "one"))
        told = client.post("/fr/candidate", data={"a": word, "do": "check"}).text
        assert "83200 dollars par an, divisés par 2080 heures, font 40 dollars l" in told
        answer = client.post("/en/candidate/answer", data={"a": word}).text
        assert 'id="streams"' in answer


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_written_and_read_again(lang: Any) -> None:
    """A file with what was stated for provinces is the same profile again, and says what each value stands for."""
    facts = person("engineer")
    stated = [
        {"province": "SK", "nominee_noc": "21231", "licence": "not_needed", "settlement_plan": True},
        {"province": "BC", "offer": "permanent", "offer_wage": 40},
    ]
    profile = read_profile({**facts, "provinces": stated})
    text = profile_toml(profile, lang)

    assert read_profile(tomli.loads(text)) == profile
    assert ("pas requis" if lang == "fr" else "not needed") in text
    typed, left = typed_of(tomli.loads(text))
    assert ask(typed, complete=True, extra=left).facts["provinces"] == stated
    assert typed["provinces[1].nominee_noc"] == "21231"


def test_what_no_question_asks_for_travels() -> None:
    """A column that a file states and that is not asked here is kept with the answers."""
    facts = {**person("engineer"), "provinces": [{"province": "SK", "work_years_5y": 3, "offer": "term"}]}
    typed, left = typed_of(facts)

    assert ask(typed, complete=True, extra=left).facts["provinces"] == facts["provinces"]


def test_in_a_terminal(tmp_path: Path) -> None:
    """`profile new` asks, converts, says so, and writes the file."""
    typed, _ = typed_of(person("electrician"))
    typed |= {"provinces[1]?": "yes", "provinces[1].province": "BC", "provinces[1].offer": "permanent"}
    typed |= {"provinces[1].offer_wage": "83200", "provinces[2]?": "no"}
    steps = ask(typed, complete=True).steps
    lines = [typed.get(step.id, "") for step in steps]
    env = {**os.environ, "EXPRESSENTRY_HOME": str(tmp_path)}
    out = tmp_path / "me.toml"
    done = subprocess.run(
        [sys.executable, "-m", "expressentry", "profile", "new", str(out)],
        input="\n".join([*lines, "yes", ""]),
        text=True,
        capture_output=True,
        env=env,
        check=False,
    )

    assert "83200 dollars a year, divided by 2080 hours, are 40 dollars an hour." in done.stderr
    assert tomli.loads(out.read_text(encoding="utf-8"))["provinces"][0]["offer_wage"] == 40


def test_work_in_quebec_is_work_elsewhere() -> None:
    """A job may be in Quebec: work in another province for every stream."""
    facts = person("electrician")
    for job in facts["person"]["work"]:
        if job["worked_in"] == "CA":
            job["province"] = "QC"
    found = assess_streams(assess_profile(read_profile(facts), date(2026, 10, 9)))
    manitoba = next(one for one in found if one.stream.key == "mb-swm")

    assert manitoba.points[0].spans["risk"][1] < 0
