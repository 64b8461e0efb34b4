"""A fact that was missing only narrows what is known, for every doubt."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from expressentry.assess.person.readings import Assessment, assess_profile
from expressentry.factors.derive import derive
from expressentry.factors.derive.days import prepared
from expressentry.factors.derive.status import ImmigrationStatus
from expressentry.factors.derive.work import PartnerWork, PersonWork
from expressentry.law.load import load_law
from expressentry.noc.codes import to_2016, to_2021
from expressentry.profile.model import Status
from expressentry.profile.read import read_profile
from tests.often import often
from tests.profiles import dated_facts, days, standings

ASSESSED = days(date(2015, 1, 1), date(2027, 12, 31))

Facts = dict[str, Any]
"""A profile as a file has it, and the places in it."""

Answers = st.SearchStrategy[Any]
Filling = tuple[Any, str, Answers]
"""Where a fact is missing, which one, and what could be said."""


class Alike(list[Facts]):
    """Entries about which one question is asked: one answer is that of all of them."""

    def __setitem__(self, name: Any, value: Any) -> None:
        for one in self:
            one[name] = value


def missing(facts: Facts, day: date) -> list[Filling]:
    """Every fact that a doubt of a day asks for: what closes one, or part of one.

    What would settle a doubt over an assessment is another assessment, which is a new fact and not a missing one.
    """
    parts = prepared(read_profile(facts), load_law()).parts
    # A job is one entry: whether it was held as a student is one answer only where all of it lies beside study.
    works = [part.component for part in parts if isinstance(part.component, PersonWork | PartnerWork)]
    beside = {task.field for work in works for task in work.tasks if all(span.studies for span in task.spans)}
    people = (("person", facts["person"]), ("partner", facts.get("partner")))
    return [
        *_of_the_whole(facts),
        *_divided(facts),
        *_offers(facts, day),
        *(one for owner, whose in people if whose is not None for one in _of(whose, owner, beside)),
    ]


def _of_the_whole(facts: Facts) -> Iterator[Filling]:
    if "intent" not in facts:
        yield facts, "intent", st.fixed_dictionaries({"quebec": st.booleans()})
    if "funds" not in facts:
        amounts = st.integers(0, 60_000)
        yield facts, "funds", amounts.map(lambda amount: [{"on": date(2009, 1, 1), "amount_cad": amount}])


def _divided(facts: Facts) -> Iterator[Filling]:
    """The code of the other version of the NOC, where that of one corresponds to several."""
    person, partner = facts["person"], facts.get("partner", {"work": []})
    entries = [*person["work"], *partner["work"], *facts["job_offers"], *person["certificates"]]
    for stated, asked, counterparts in (("noc2016", "noc2021", to_2021), ("noc2021", "noc2016", to_2016)):
        for code in sorted({one[stated] for one in entries if stated in one and asked not in one}):
            alike = Alike(one for one in entries if one.get(stated) == code and asked not in one)
            if codes := counterparts(code):
                yield alike, asked, st.sampled_from(codes)


def _offers(facts: Facts, day: date) -> Iterator[Filling]:
    """How long the work of an offer lasts after the visa, where that is open on the day."""
    open_ = {doubt.id for doubt in derive(read_profile(facts), day).doubts}
    for at, one in enumerate(facts["job_offers"], 1):
        if f"after_visa:job_offers[{at}]" in open_:
            yield one, "months_after_visa", st.integers(0, 60)


def _of(whose: Facts, owner: str, beside_study: set[str]) -> Iterator[Filling]:
    yield from _status(whose)
    for at, job in enumerate(whose["work"], 1):
        if "full_time_student" not in job and f"{owner}.work[{at}]" in beside_study:
            yield job, "full_time_student", st.booleans()
        if "qualified_on" not in job:
            yield job, "qualified_on", days(last=date(2028, 1, 1))
    for credential in whose["credentials"]:
        if credential["country"] == "CA" and "study" not in credential:
            yield credential, "study", studies()
    for relative in whose["relatives"]:
        if "birth_date" not in relative:
            yield relative, "birth_date", st.dates(date(1950, 1, 1), date(2010, 1, 1))


def _status(whose: Facts) -> Iterator[Filling]:
    """All permits where none are given; else one entry for a gap between two."""
    if "status" not in whose:
        yield whose, "status", st.lists(standings(), max_size=3)
        return
    entries = [Status.model_validate(one) for one in whose["status"]]
    spans = [*ImmigrationStatus(entries).gaps.values()]
    if entries:
        spans.append((date(2000, 1, 1), min(one.start for one in entries) - timedelta(days=1)))
    if ends := [one.end for one in entries if one.end is not None]:
        spans += [(max(ends) + timedelta(days=1), date(2040, 1, 1))] * (len(ends) == len(entries))
    for first, last in spans:
        held = st.sampled_from(("open", "no_permit_needed", "visitor", "none"))
        yield whose, "status", st.builds(_with, st.just(whose["status"]), held, st.just(first), st.just(last))


def _with(status: list[Facts], kind: str, first: date, last: date) -> list[Facts]:
    return [*status, {"kind": kind, "from": first, "to": last}]


@st.composite
def studies(draw: st.DrawFn) -> Facts:
    """How a Canadian credential was studied, whatever the answer."""
    percent = st.integers(0, 100).map(float)
    return {
        "present_months": draw(st.integers(0, 30)),
        "full_time_months": draw(st.integers(0, 30)),
        "academic_years": draw(st.integers(0, 4)),
        "distance_percent": draw(percent),
        "language_percent": draw(percent),
        "must_return": draw(st.booleans()),
    }


def narrower(before: Assessment, after: Assessment) -> None:
    """The range lies within the one before, and what was known stays so."""
    low, high = min(before.totals), max(before.totals)
    assert low <= min(after.totals)
    assert max(after.totals) <= high
    for then, now in ((before.programs, after.programs), (before.categories, after.categories)):
        assert {id_: now[id_] for id_, answer in then.items() if answer is not None} == {
            id_: answer for id_, answer in then.items() if answer is not None
        }


@settings(max_examples=often(150), deadline=None)
@given(data=st.data(), facts=dated_facts(), day=ASSESSED)
def test_a_fact_that_was_missing_only_narrows(data: st.DataObject, facts: Facts, day: date) -> None:
    """Whatever is answered, the score stays in the range given, and no finding that was sure changes."""
    filled = deepcopy(facts)
    fillings = missing(filled, day)
    assume(fillings)
    before = assess_profile(read_profile(facts), day)
    where, name, values = data.draw(st.sampled_from(fillings))
    where[name] = data.draw(values)

    narrower(before, assess_profile(read_profile(filled), day))
