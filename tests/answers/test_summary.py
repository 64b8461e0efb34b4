"""The answer in three sentences: the verdict with its margin, the gap to a round that is open, what to do first."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from expressentry.advise.plan.request import PlanRequest
from expressentry.advise.plan.search import plan
from expressentry.answers.first_step import most
from expressentry.answers.summary import Summary, summarize
from expressentry.assess.person.readings import Assessment, assess_facts, assess_profile
from expressentry.cli import main
from expressentry.law.load import load_law
from expressentry.present.text.steps import eligibility_words, unmet_words
from expressentry.profile.read import read_document, read_profile
from expressentry.rounds.eligibility import eligibility
from expressentry.rounds.load import load_record
from expressentry.text import Text

CASES = Path(__file__).parent.parent / "cases"
DAY = date(2026, 11, 28)
LAW, RECORD = load_law(), load_record()

EXPECTED = {
    "nurse": (
        "You are eligible. Federal Skilled Worker: 74 of 67 points and $25,000 of $19,001.",
        "Your 353 is 122 below the last Healthcare cut-off (475, 4 September 2026).",
        "First: raise your English to CLB 9 in listening and writing, for 57 more points.",
    ),
    "developer": (
        "You are eligible. Canadian Experience Class (skilled work in Canada in three years: 1 year; levels 10 9 9 8, "
        "7 needed).",
        "Your 512 is 6 below the last Canadian Experience Class cut-off (518, 29 September 2026).",
        "First: raise your English to CLB 9 in speaking, for 8 more points: enough for that cut-off.",
    ),
    "cook": (
        "You are not eligible today. You have 66 of 67 points and $15,000 of $15,263.",
        "Your score would be 343. It counts only once you are eligible.",
        "First: raise your French to NCLC 9 in listening and save $263 more.",
    ),
    "welder": (
        "You are eligible. Canadian Experience Class (skilled work in Canada in three years: 3 years; levels 7 6 5 7, "
        "5 needed).",
        "Your 204 is 272 below the last Trades cut-off (476, 1 October 2026).",
        "First: raise your English to CLB 7 in reading and writing, for 44 more points.",
    ),
}


def found(name: str, day: date = DAY, **changes: Any) -> Assessment:
    """The assessment of a case, with some tables of the profile changed."""
    return assess_profile(read_profile({**read_document(CASES / f"{name}.toml"), **changes}), day, LAW)


def told(name: str, day: date = DAY, **changes: Any) -> Summary:
    """The summary of the same."""
    return summarize(found(name, day, **changes), RECORD)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_answer_stands_in_three_sentences(name: str) -> None:
    """Each case has its verdict and margin, its gap and its first step, in whole sentences of both languages."""
    sentences = told(name).sentences

    assert tuple(one.en for one in sentences) == EXPECTED[name]
    assert all(one.fr.endswith(".") and one.fr != one.en for one in sentences)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_gap_is_of_a_round_that_is_open(name: str) -> None:
    """The round is one of the last year that the person of today may enter, or there is none."""
    assessment, summary = found(name), told(name)

    if summary.round is None:
        assert summary.gap is None
        assert summary.verdict is not True
        return
    assert summary.gap == (assessment.totals[0] - summary.round.cutoff,) * 2
    assert DAY - timedelta(days=365) <= summary.round.date <= DAY
    assert eligibility(summary.round, assessment.first).answer is True


def test_the_truck_driver_begins_with_what_is_missing_for_sure() -> None:
    """Never in Canada: the first step is no work there, and no better test for levels that are not asked for.

    The points that remain are those with the diploma assessed.
    """
    person = read_profile(CASES / "truck_driver.toml")
    first = summarize(assess_profile(person, DAY), load_record()).first.en

    assert first.startswith("First: have your 2007 high school diploma assessed, improve your test (reading 6 of 7, ")
    assert first.endswith("writing 6 of 7), find 29 more of the 67 points in the plan and save $6,263 more.")


def test_the_first_step_makes_the_cook_eligible() -> None:
    """What the cook is told to do first is enough, and neither half of it is enough alone."""
    facts = dict(found("cook").first.factors.values)
    french, money = {"french_listening": 9}, {"funds_cad": 15_263}

    def eligible(changes: dict[str, Any]) -> bool | None:
        return assess_facts(LAW.on(DAY), {**facts, **changes}).programs["fsw"]

    assert eligible({**french, **money}) is True
    assert eligible(french) is False
    assert eligible(money) is False


@pytest.mark.parametrize("name", ["nurse", "developer", "welder"])
def test_the_first_step_gives_the_points_it_promises(name: str) -> None:
    """Raising the language as told gives exactly the points told."""
    assessment, first = found(name), told(name).first.en
    level, more = (int(word) for word in first.replace(":", "").replace(",", "").split() if word.isdigit())
    raised = {
        f"english_{ability}": level for ability in ("listening", "reading", "writing", "speaking") if ability in first
    }

    after = assess_facts(LAW.on(DAY), {**assessment.first.factors.values, **raised})

    assert after.first.total == assessment.first.total + more


def test_a_missing_fact_comes_first_with_its_question() -> None:
    """Without a word about the funds the nurse's FSW is open: the money is asked for, and no gap is given."""
    facts = read_document(CASES / "nurse.toml")
    del facts["funds"]
    summary = summarize(assess_profile(read_profile(facts), DAY, LAW), RECORD)

    assert summary.verdict is None
    assert summary.sentences[0].en == (
        "We need one more fact to know if you are eligible. It decides on: Federal Skilled Worker."
    )
    assert summary.first.en.startswith("First, tell us: ")
    assert (summary.gap, summary.fields) == (None, ("funds",))


def test_the_question_of_quebec_is_a_question() -> None:
    """Where only the plan to live in Quebec is open, it is asked for; the plan says to tell it, not that no step is."""
    facts = read_document(CASES / "nurse.toml")
    facts.pop("intent", None)
    profile = read_profile(facts)
    summary = summarize(assess_profile(profile, DAY, LAW), RECORD)
    entry = plan(profile, DAY, PlanRequest(size=1)).entry

    assert summary.first == Text(
        "First, tell us: whether you plan to live in Quebec.", "D'abord, dites-nous : si vous prévoyez vivre au Québec."
    )
    assert summary.fields == ("intent.quebec",)
    assert entry is not None
    [(said, steps)] = [one for one in unmet_words(entry.lacking[0]) if "Quebec" in one[0].en]
    assert said.en == "intends to live outside Quebec"
    assert [one.en for one in steps] == ["tell us if it is so: we do not know it yet"]


def test_without_a_valid_test_the_test_comes_first() -> None:
    """When the nurse's test has expired, a test comes before all else."""
    summary = told("nurse", date(2028, 4, 1))

    assert summary.verdict is False
    assert "a valid language test" in summary.margin.en
    assert summary.first.en == "First: take an approved language test."


def test_whoever_is_above_the_cut_off_submits() -> None:
    """With a nomination the developer is above the last round for nominees: the first step is to submit."""
    nomination = {"kind": "enhanced", "province": "ON", "accepted_on": date(2026, 11, 1)}
    summary = told("developer", nominations=[nomination])

    assert summary.round is not None
    assert (summary.round.type, summary.gap is not None and summary.gap[0] > 0) == ("pnp", True)
    assert summary.first.en == "First: submit your profile, and keep it up to date."


@pytest.mark.parametrize("name", EXPECTED)
def test_terminal_and_json_say_the_same(name: str) -> None:
    """The command line writes the three sentences below the score, and its JSON has them as data."""
    path, day = str(CASES / f"{name}.toml"), DAY.isoformat()
    text = CliRunner().invoke(main, ["assess", path, "--on", day]).output
    data = json.loads(CliRunner().invoke(main, ["assess", path, "--on", day, "--format", "json"]).stdout)["summary"]

    for sentence in EXPECTED[name]:
        assert sentence in text
    assert (f"{data['headline']}. {data['margin']}", data["standing"], data["first"]) == EXPECTED[name]
    assert data["verdict"] == {True: "eligible", False: "not_eligible"}[told(name).verdict is True]


@pytest.mark.parametrize(("name", "trade"), [("nurse", False), ("cook", True)])
def test_what_would_add_most_is_open_to_the_person(name: str, trade: bool) -> None:
    """Neither age, a sibling nor a nomination is listed as a step; a certificate only for someone in a trade."""
    columns = {step.columns[0] for step in most(found(name))}

    assert columns
    assert not columns & {"age", "sibling_in_canada", "provincial_nomination"}
    assert ("certificate_of_qualification" in columns) is trade


class TestPlanNamesTheFact:
    """A plan after which eligibility is open says which fact would settle it."""

    @pytest.mark.parametrize(
        ("left_out", "english", "french"),
        [
            ("status", "your permits on those days", "vos permis à ces dates"),
            ("intent", "whether you plan to live in Quebec", "si vous prévoyez vivre au Québec"),
        ],
    )
    def test_in_words(self, left_out: str, english: str, french: str) -> None:
        """The fact is one that was left out: with it the plan has none."""
        facts = read_document(CASES / "welder.toml")
        (facts if left_out == "intent" else facts["person"]).pop(left_out)
        now = plan(read_profile(facts), DAY, PlanRequest(size=1)).now

        assert now.eligible is None
        assert [(text.en, text.fr) for text in now.missing] == [(english, french)]
        assert eligibility_words(now).en == f"eligibility: we need one more fact: {english}"
        whole = plan(read_profile(CASES / "welder.toml"), DAY, PlanRequest(size=1)).now
        assert (whole.eligible, whole.missing, eligibility_words(whole).en) == (True, (), "")
