"""Cases of advice: the right value of each, with why."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from expressentry.advise.plan.request import PlanRequest
from expressentry.advise.plan.search import plan
from expressentry.assess.person.readings import assess_profile
from expressentry.profile.read import read_profile

FOLDER = Path(__file__).parent


@pytest.mark.parametrize(("name", "total"), [("nurse", 353), ("developer", 512), ("cook", 343), ("welder", 204)])
def test_totals(name: str, total: int) -> None:
    """The scores of the four people, worked out by hand."""
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
