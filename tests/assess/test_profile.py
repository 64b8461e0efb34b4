"""Persons of dated facts assessed: what all readings give, and what more facts may change."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry import FactorsError, assess_profile, read_profile, score_frame
from expressentry.assess.person.readings import Assessor
from expressentry.law.load import load_law
from tests.profiles import dated_facts, days, made, standings
from tests.program_people import frame_of

ASSESSED = days(date(2015, 1, 1), date(2027, 12, 31))


def answers(facts: dict[str, Any], day: date) -> dict[str, bool | None]:
    """Every finding of a person on a day."""
    found = assess_profile(read_profile(facts), day)
    return {**found.programs, **found.categories}


def fillings(facts: dict[str, Any]) -> list[tuple[Any, str, st.SearchStrategy[Any]]]:
    """The facts that a person left out: where, which, and what could be given."""
    person = facts["person"]
    found: list[tuple[Any, str, st.SearchStrategy[Any]]] = []
    if "intent" not in facts:
        found.append((facts, "intent", st.fixed_dictionaries({"quebec": st.booleans()})))
    if "funds" not in facts:
        funds = st.integers(0, 60_000).map(lambda amount: [{"on": date(2009, 1, 1), "amount_cad": amount}])
        found.append((facts, "funds", funds))
    if "status" not in person:
        found.append((person, "status", st.lists(standings(), max_size=3)))
    for job in person["work"]:
        if "full_time_student" not in job:
            found.append((job, "full_time_student", st.booleans()))
    for relative in person["relatives"]:
        if "birth_date" not in relative:
            found.append((relative, "birth_date", st.dates(date(1950, 1, 1), date(2010, 1, 1))))
    return found


@settings(max_examples=150)
@given(data=st.data(), facts=dated_facts(), day=ASSESSED)
def test_more_facts_never_make_less_known(data: st.DataObject, facts: dict[str, Any], day: date) -> None:
    """Filling in a fact that was missing never turns a finding into "cannot tell"."""
    before = answers(facts, day)
    filled = deepcopy(facts)
    missing = fillings(filled)
    if missing:
        where, name, values = data.draw(st.sampled_from(missing))
        where[name] = data.draw(values)
        after = answers(filled, day)
        known = {id_ for id_, answer in before.items() if answer is not None}

        assert {id_: after[id_] for id_ in known if after[id_] is None} == {}


@settings(max_examples=60)
@given(facts=dated_facts(), start=ASSESSED, more=st.lists(st.integers(0, 700), max_size=6))
def test_many_days_as_one_by_one(facts: dict[str, Any], start: date, more: list[int]) -> None:
    """An assessor that has seen other days answers as a fresh one."""
    profile = read_profile(facts)
    assessor = Assessor(profile)
    for after in more:
        day = date.fromordinal(start.toordinal() + after)
        one, again = assess_profile(profile, day), assessor.on(day)

        assert (one.totals, one.programs, one.categories) == (again.totals, again.programs, again.categories)
        assert again.rules.day == day
        assert one.first.lines == again.first.lines


@settings(max_examples=60)
@given(facts=dated_facts(), day=ASSESSED)
def test_a_profile_as_a_row(facts: dict[str, Any], day: date) -> None:
    """The factors of a reading, put in a table, are answered as the profile is."""
    found = assess_profile(read_profile(facts), day)
    asked = load_law().on(day).asked(programs=True, categories=True)
    [read, *_] = found.readings
    row = {name: read.factors.values.get(name) for name in asked.coded}
    scored = score_frame(frame_of([row], asked), day, programs=True, categories=True).row(0, named=True)

    assert scored["crs"] == read.total
    assert {id_: scored[id_] for id_ in read.programs} == {id_: one.answer for id_, one in read.programs.items()}
    members = {one.law.category: one.answer for one in read.categories}
    assert {id_: scored[f"category_{id_}"] for id_ in members} == members


def test_a_day_before_birth() -> None:
    """A day before the person was born is refused, in words."""
    with pytest.raises(FactorsError, match="birth"):
        assess_profile(made(birth_date=date(2020, 1, 1)), date(2019, 1, 1))


class TestDoubts:
    """An answer names what is open and changes it, and nothing else."""

    @settings(max_examples=60)
    @given(facts=dated_facts(), day=ASSESSED)
    def test_what_is_left_out_changes_nothing(self, facts: dict[str, Any], day: date) -> None:
        """Readings that differ only in doubts that are not named have the same score and findings."""
        found = assess_profile(read_profile(facts), day)
        named = {doubt.id for doubt in found.doubts}

        tried = [one for one in found.readings if not one.end]
        for one in tried:
            for other in tried:
                if all(one.assumed.get(id_) == other.assumed.get(id_) for id_ in named):
                    assert one.result == other.result

    def test_a_doubt_without_effect(self) -> None:
        """Work abroad in two occupations changes the years of work, and here no point."""
        nobody: dict[str, Any] = {"tests": [], "credentials": [], "relatives": [], "certificates": []}
        jobs = [
            {
                "noc2021": noc,
                "from": f"{year}-01-01",
                "to": f"{year + 1}-12-31",
                "hours_per_week": 40,
                "worked_in": "FR",
            }
            for noc, year in (("21231", 2018), ("21222", 2020))
        ]
        person = {"birth_date": "1993-04-12", **nobody, "work": jobs}
        profile = read_profile({"person": person, "children": [], "nominations": [], "job_offers": []})

        found = assess_profile(profile, date(2026, 10, 1))

        assert "foreign_occupations" in {doubt.id for doubt in found.derived.doubts}
        assert "foreign_occupations" not in {doubt.id for doubt in found.doubts}
