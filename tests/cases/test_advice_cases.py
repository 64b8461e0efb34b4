"""Cases of advice: the right value of each, with why."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from expressentry.advise.plan.request import PlanRequest
from expressentry.advise.plan.search import plan
from expressentry.advise.timeline.days import timeline
from expressentry.answers.first_step import raise_score
from expressentry.answers.why import summary
from expressentry.assess.person.readings import assess_profile
from expressentry.profile.read import read_profile
from expressentry.text import Lang

FOLDER = Path(__file__).parent


TOTALS = {"nurse": 353, "developer": 512, "cook": 343, "welder": 204, "systems_analyst": 427, "electrician": 374}


@pytest.mark.parametrize(("name", "total"), TOTALS.items())
def test_totals(name: str, total: int) -> None:
    """The scores of the people of the trials, worked out by hand."""
    assert assess_profile(read_profile(FOLDER / f"{name}.toml"), date(2026, 11, 28)).totals == (total,)


@pytest.mark.parametrize("lives_in", [None, "CA", "BR"])
def test_a_year_of_work_at_home(lives_in: str | None) -> None:
    """A year abroad pays 25 with two Canadian years and 25 with level 9: 487 to 537, wherever the person lives.

    MI 23, 24 and 26: foreign work beside Canadian work, and beside language.
    """
    graduate = read_profile(FOLDER / "graduate_between_jobs.toml")
    person = graduate.person.model_copy(update={"lives_in": lives_in})
    found = plan(graduate.model_copy(update={"person": person}), date(2025, 3, 1), PlanRequest(size=1))
    (alone,) = [one for one in found.effects if one.step.move.id == "foreign_work_1"]
    place = "where you live (Brazil)" if lives_in == "BR" else "outside Canada"

    assert (found.now.crs, alone.crs, alone.gain) == (487, 537, 50)
    assert alone.step.move.title.en == f"Find a full-time job {place} and work: one more year"


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("name", ["systems_analyst", "electrician"])
def test_reasons_are_given_once(name: str, lang: Lang) -> None:
    """No reason stands twice, a test is not "levels 8 9 8 9, 1 needed", and a list has one "and"."""
    found = assess_profile(read_profile(FOLDER / f"{name}.toml"), date(2026, 11, 28))
    reasons = [summary(one, found.rules.crs.columns, one.answer).say(lang) for one in found.first.programs.values()]
    parts = [part for reason in reasons for part in reason.split("; ")]

    assert all(len(set(reason.split("; "))) == len(reason.split("; ")) for reason in reasons)
    assert not any(re.search(r", 1 (?:needed|exigé)", part) for part in parts)
    first = raise_score(found, (-102, 0)).say(lang)
    assert first.count({"en": " and ", "fr": " et "}[lang]) <= 1


def test_a_level_is_written_as_people_write_it() -> None:
    """NCLC 8, and not 8 NCLC, in what time changes too."""
    found = timeline(read_profile(FOLDER / "systems_analyst.toml"), date(2028, 4, 1), date(2028, 6, 1))
    texts = [cause.text.fr for event in found for cause in event.causes]

    assert "Français, compréhension de l'oral : NCLC 8 → non fourni" in texts
