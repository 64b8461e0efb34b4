"""Facts other than those of the documents: answered as if a file held them; nothing moves where nothing is wished."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry.advise.what_if import along, what_if
from expressentry.assess.person.readings import assess_profile
from expressentry.errors import FactorsError
from expressentry.law.languages import ABILITIES
from expressentry.profile.model import Profile
from expressentry.profile.read import read_document, read_profile
from expressentry.rounds.load import load_record
from expressentry.rounds.replay import replay
from tests.often import often
from tests.profiles import dated_profiles

PEOPLE = Path(__file__).parents[2] / "examples" / "people"
NAMES = sorted(path.stem for path in PEOPLE.glob("*.toml"))
DAY = date(2026, 10, 1)
RECORD = load_record()


def facts_of(name: str) -> dict[str, Any]:
    """The dated facts of an example."""
    return read_document(PEOPLE / f"{name}.toml")


def person(name: str) -> Profile:
    """An example."""
    return read_profile(facts_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_no_wish_changes_nothing(name: str) -> None:
    """Without a wish the answers are those of `assess` and of `replay`, before and after."""
    profile = person(name)
    found, whole = what_if(profile, DAY, {}, RECORD), assess_profile(profile, DAY)
    replayed = {one.round.number: one for one in replay(profile, RECORD).rounds}

    assert found.before.totals == found.after.totals == whole.totals
    assert found.before.programs == found.after.programs == whole.programs
    assert found.before.categories == found.after.categories == whole.categories
    assert all(before == after for before, after in found.rounds)
    tested = [one for one, _ in found.rounds if one.round.number in replayed]
    assert tested
    assert all(one == replayed[one.round.number] for one in tested)
    assert not [one for one, _ in found.rounds if one not in tested and one.answer is not False]
    assert len({before.round.series for before, _ in found.newest}) == len(found.newest) > 5


@given(profile=dated_profiles(), chance=st.data())
@settings(max_examples=often(12))
def test_a_wish_for_what_is_changes_nothing(profile: Profile, chance: Any) -> None:
    """To wish for the facts as they are moves neither score nor finding, whoever the person is."""
    before = assess_profile(profile, DAY)
    if len(before.readings) > 1:
        return  # a wish settles what is open
    known = before.first.factors.values
    names = [name for name in known if name != "first_language" and known[name] is not None]
    wish = chance.draw(st.sampled_from(names))
    found = what_if(profile, DAY, {wish: known[wish]}, RECORD)

    assert found.after.totals == before.totals
    assert found.after.programs == before.programs
    assert found.after.categories == before.categories


TEF_SEVEN = {"listening": 250, "reading": 210, "writing": 320, "speaking": 320}


def test_a_language_is_as_if_it_were_tested() -> None:
    """French at level 7 gives what a dated report of that level gives: score, programs and categories."""
    facts = facts_of("engineer")
    report = {"test": "tef", "taken_on": date(2026, 1, 10), "results_on": date(2026, 1, 20), **TEF_SEVEN}
    tested = {**facts, "person": {**facts["person"], "tests": [*facts["person"]["tests"], report]}}
    in_a_file = assess_profile(read_profile(tested), DAY)
    levels = {in_a_file.first.factors.values[f"french_{ability}"] for ability in ABILITIES}
    found = what_if(read_profile(facts), DAY, {"french": levels.pop()}, RECORD)

    assert not levels
    assert found.after.totals == in_a_file.totals
    assert found.after.programs == in_a_file.programs
    assert found.after.categories == in_a_file.categories
    assert found.after.categories["french"] is True
    assert found.invited[1] > found.invited[0]


def test_a_nomination_is_a_way_of_its_own() -> None:
    """A nominee is invited by the rounds for nominees and by no other, as the law says of a nominee."""
    found = what_if(person("engineer"), DAY, {"provincial_nomination": True}, RECORD)

    assert found.after.programs["pnp"] is True
    assert found.after.totals[0] == found.before.totals[0] + 600
    assert {one.round.type for _, one in found.rounds if one.answer} == {"pnp"}


def test_a_year_in_canada() -> None:
    """A year of work in Canada, in the occupation of most of the work, opens the program for it."""
    found = what_if(person("engineer"), DAY, {"canadian_work_years": 1}, RECORD)

    assert (found.before.programs["cec"], found.after.programs["cec"]) == (False, True)
    assert found.after.first.factors.values["cec_main_teer"] == 1


def test_work_taken_away() -> None:
    """Without work abroad neither program nor category rests on it."""
    found = what_if(person("nurse"), DAY, {"foreign_work_years": 0}, RECORD)

    assert (found.before.programs["fsw"], found.after.programs["fsw"]) == (True, False)
    assert (found.before.categories["healthcare"], found.after.categories["healthcare"]) == (True, False)


def test_what_may_be_either_is_not_known() -> None:
    """Where a fact changed leaves another open, that one is not known, never guessed."""
    assert along({"canadian_study": "none"}, {"canadian_study": "one_or_two_year"}) == {"canadian_study_2y": None}
    assert along({"sibling_in_canada": True}, {"sibling_in_canada": False}) == {"relative_in_canada": None}
    assert along({"trade_noc": "72200"}, {"certificate_of_qualification": True}) == {"trade_certificate": None}
    assert along({"age": 30}, {"age": 30, "education": "masters"}) == {}


@given(profile=dated_profiles(), chance=st.data())
@settings(max_examples=often(15))
def test_work_stays_within_itself(profile: Profile, chance: Any) -> None:
    """Whatever work is wished for, no part of it is more than the whole, and the facts are facts of the schema."""
    here, abroad = (chance.draw(st.integers(0, 10)) for _ in range(2))
    found = what_if(profile, DAY, {"canadian_work_years": here, "foreign_work_years": abroad}, RECORD)
    for before, after in zip(found.before.readings, found.after.readings, strict=True):
        known = after.factors.values
        if (here, abroad) == profile_years(before.factors.values):
            continue
        assert (known["cec_years_3y"] or 0) <= min(here, 3)
        assert (known["work_years_10y"] or 0) <= here + abroad
        assert (known["primary_continuous_years"] or 0) <= here + abroad
        assert known["canadian_work_1y"] is (here >= 1)


def profile_years(values: Any) -> tuple[int, int]:
    """The years of work in Canada and abroad."""
    return values["canadian_work_years"] or 0, values["foreign_work_years"] or 0


@pytest.mark.parametrize("wishes", [{"age": -1}, {"education": "x"}, {"partner_education": "masters"}])
def test_wishes_that_are_no_facts(wishes: dict[str, Any]) -> None:
    """A value that the schema does not have, or that does not go with the others, is refused in words."""
    with pytest.raises(FactorsError):
        what_if(person("engineer"), DAY, wishes, RECORD)
