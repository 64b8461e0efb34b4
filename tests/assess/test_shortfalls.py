"""What a person lacks for a program, in figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry.assess.person.readings import Assessment, assess_person, assess_profile
from expressentry.assess.person.shortfalls import nearest_programs, shortfalls
from expressentry.law.languages import ABILITIES, LANGUAGE_NAMES
from expressentry.profile.read import read_profile
from tests.often import often
from tests.people import people

CASES = Path(__file__).parent.parent / "cases"
DAY = date(2026, 11, 28)


def case(name: str) -> Assessment:
    """One of the people of the cases, assessed."""
    return assess_profile(read_profile(CASES / f"{name}.toml"), DAY)


def lacks(found: Assessment, program: str) -> list[str]:
    """What is lacking, in words."""
    return [one.say().en for one in shortfalls(found, program)]


class TestFigures:
    """The value against the threshold."""

    def test_the_cook_is_a_point_and_a_few_dollars_short(self) -> None:
        """66 of 67 points, $15,000 of $15,263: in numbers, in words of both languages, with their places."""
        found = case("cook")
        points, funds = shortfalls(found, "fsw")

        assert (points.have, points.need, funds.have, funds.need) == (66, 67, 15000, 15263)
        assert lacks(found, "fsw") == ["66 of 67 points", "$15,000 of $15,263"]
        assert [one.say().fr for one in (points, funds)] == ["66 points sur 67", "15 000 $ sur 15 263 $"]
        assert (points.place.place.en, funds.place.place.en) == ("s. 76(1)(a)", "s. 76(1)(b)(i)")
        assert nearest_programs(found) == ("fsw",)

    def test_levels_name_the_abilities_below(self) -> None:
        """Only what is below its level is named; education is no number."""
        language, education, points, funds = shortfalls(case("welder"), "fsw")

        assert language.say().en == "reading 6 of 7, writing 5 of 7"
        assert education.say().en.endswith("(you: less than secondary school, or none assessed)")
        assert (points.have, points.need) == (39, 67)
        assert (funds.answer, funds.have, funds.say().en) == (None, None, "$15,263 in settlement funds")

    def test_what_others_have_to_give_is_farther(self) -> None:
        """Abroad, 33 of 67 points are nearer than a year of work in Canada; once that work has begun it is nearer."""
        assert nearest_programs(case("truck_driver")) == ("fsw",)
        facts = dict(case("truck_driver").first.factors.values)
        begun = [{"noc": "73300", "months": 6, "run": 6, "canada_months": 6}]
        assert nearest_programs(assess_person({**facts, "category_months": begun}, DAY)) == ("cec",)

    def test_of_two_ways_the_nearer_one(self) -> None:
        """Funds of the cook are nearer than arranged employment, and a nominee needs another program too."""
        assert [one.criterion.id for one in shortfalls(case("cook"), "fsw")][-1].endswith("held")
        assert lacks(case("cook"), "pnp")[1:] == ["66 of 67 points", "$15,000 of $15,263"]

    def test_ways_that_are_alike_are_named_together(self) -> None:
        """Without any test neither language is nearer: both are named, and English is not put first."""
        facts = {**case("cook").first.factors.values}
        none = {f"{language}_{name}": None for language in LANGUAGE_NAMES for name in ABILITIES}

        assert "CLB or NCLC 7 in English or French" in lacks(assess_person({**facts, **none}, DAY), "fsw")

    def test_years(self) -> None:
        """Years have their unit and say of what they are."""
        assert lacks(case("cook"), "cec") == ["0 of 1 year (a year of skilled work in Canada in the last three years)"]


@given(st.sampled_from(people(200, seed=5)), st.sampled_from(["fsw", "cec", "fst", "pnp"]))
@settings(max_examples=often(150))
def test_empty_only_where_met(person: dict[str, Any], program: str) -> None:
    """Whoever lacks nothing meets the program, and whoever meets it lacks nothing; each share is from 0 to 1."""
    found = assess_person(person, DAY)
    lacking = shortfalls(found, program)

    assert (lacking == ()) is (found.programs[program] is True)
    assert all(0 <= one.share <= 1 and one.say().en and one.say().fr for one in lacking)
    assert any(one.answer is False for one in lacking) is (found.programs[program] is False)


@pytest.mark.parametrize("name", ["nurse", "developer", "cook", "welder"])
def test_nearest_is_never_one_that_is_met(name: str) -> None:
    """The nearest programs are among those not met."""
    found = case(name)

    assert all(found.programs[program] is not True for program in nearest_programs(found))
