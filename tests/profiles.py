"""Invented dated profiles for the tests: builders by hand, and Hypothesis strategies for valid ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from expressentry.factors.derive import Derived, derive
from expressentry.law.languages import ABILITIES, TESTS
from expressentry.law.lists import Row
from expressentry.law.load import load_law
from expressentry.noc.codes import Version, noc2016, noc2021
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile

DAY = date(2026, 10, 1)
BORN = date(1993, 4, 12)

_PERSON = ("birth_date", "tests", "credentials", "work", "relatives", "certificates", "status", "first_language")
_NONE: dict[str, Any] = {"tests": [], "credentials": [], "work": [], "relatives": []}


def facts(**changes: Any) -> dict[str, Any]:
    """A profile of someone who has nothing, with some changes: keys of the person go to the person."""
    person = {"birth_date": BORN, "certificates": [], **_NONE}
    whole: dict[str, Any] = {"children": [], "nominations": [], "job_offers": []}
    for key, value in changes.items():
        (person if key in _PERSON else whole)[key] = value
    return {"person": person, **whole}


def made(**changes: Any) -> Profile:
    """The same, read."""
    return read_profile(facts(**changes))


def derived(day: date, **changes: Any) -> Derived:
    """What such a profile says on a day."""
    return derive(made(**changes), day)


def says(day: date, column: str, **changes: Any) -> Any:
    """The value of one column, where all readings agree on it."""
    found = [reading.facts[column] for reading in derived(day, **changes).readings]
    assert all(value == found[0] for value in found), found
    return found[0]


def could_say(day: date, column: str, **changes: Any) -> list[Any]:
    """Every value of one column in the readings of a day, in order."""
    found = [reading.facts[column] for reading in derived(day, **changes).readings]
    return [value for n, value in enumerate(found) if value not in found[:n]]


def job(start: date, end: date | None = None, *, hours: float = 40, noc: str = "21231", **more: Any) -> dict[str, Any]:
    """A job abroad, full time, of an occupation of TEER 1, unless it says otherwise."""
    code = {} if {"noc2016", "noc2021"} & set(more) else {"noc2021": noc}
    last = {} if end is None else {"to": end}
    return {"worked_in": "IN", **code, "from": start, **last, "hours_per_week": hours, **more}


def here(start: date, end: date | None = None, **more: Any) -> dict[str, Any]:
    """The same in Canada."""
    return job(start, end, worked_in="CA", **more)


def permit(start: date, end: date | None = None, kind: str = "open", **more: Any) -> dict[str, Any]:
    """An open work permit, or another status."""
    return {"kind": kind, "from": start, **({} if end is None else {"to": end}), **more}


def report(results_on: date, *scores: float, test: str = "celpip", **more: Any) -> dict[str, Any]:
    """A test report: one score for all abilities, or four in the order listening, reading, writing, speaking."""
    four = scores if len(scores) == 4 else scores * 4
    taken = more.pop("taken_on", results_on - timedelta(days=7))
    printed = dict(zip(ABILITIES, four, strict=True))
    return {"test": test, "taken_on": taken, "results_on": results_on, **printed, **more}


def degree(
    level: str, completed_on: date, assessed_on: date | None = None, result: str | None = None, **more: Any
) -> dict[str, Any]:
    """A foreign credential, assessed as what it is unless it says otherwise; without a day, not assessed."""
    assessments = [] if assessed_on is None else [{"body": "WES", "on": assessed_on, "result": result or level}]
    return {"level": level, "country": "IN", "completed_on": completed_on, "assessments": assessments, **more}


def studied(level: str, completed_on: date | None, **study: Any) -> dict[str, Any]:
    """A Canadian credential, studied there full time for two years unless it says otherwise."""
    usual = {
        "present_months": 16,
        "full_time_months": 16,
        "academic_years": 2,
        "distance_percent": 0.0,
        "language_percent": 0.0,
        "must_return": False,
    }
    completed = {} if completed_on is None else {"completed_on": completed_on}
    return {"level": level, "country": "CA", **completed, "study": {**usual, **study}}


def relative(relation: str = "sibling", **more: Any) -> dict[str, Any]:
    """A grown-up citizen who lives in Canada."""
    usual = {"relation": relation, "birth_date": date(1990, 1, 1), "status": "citizen", "lives_in_canada": True}
    return {**usual, **more}


def partner(**changes: Any) -> dict[str, Any]:
    """A partner who comes along and has nothing."""
    usual = {"accompanying": True, "citizen_or_resident": "none", "living_in_canada": False}
    return {**usual, **_NONE, **changes}


def offer(start: date, **more: Any) -> dict[str, Any]:
    """A permanent full-time offer of TEER 1 with an LMIA."""
    usual = {"noc2021": "21231", "employers": ["Maple"], "lmia": True, "from": start, "hours_per_week": 40}
    return {**usual, **more}


# Hypothesis

FIRST, LAST = date(2008, 1, 1), date(2030, 12, 31)
_CODES = ("00013", "21211", "21231", "31100", "31301", "42102", "62200", "63200", "65100", "72200", "72410", "85100")
_OLD = ("0013", "1253", "2171", "2172", "2173", "3012", "6322", "6711", "7241", "7237", "8252")


def days(first: date = FIRST, last: date = LAST) -> st.SearchStrategy[date]:
    """Any day, the ends of months and leap days more often."""
    edges = [day for day in (date(2020, 2, 29), date(2024, 2, 29), date(2022, 11, 16)) if first <= day <= last]
    any_day = st.dates(first, last)
    return st.one_of(any_day, st.sampled_from(edges)) if edges else any_day


@cache
def _scales() -> Mapping[tuple[str, str], Row]:
    rows = load_law().list("language_scales")
    return {(row.values["test"], row.values["ability"]): row for row in rows}


@st.composite
def tests(draw: st.DrawFn) -> dict[str, Any]:
    """A report of any test, scores anywhere on its scale."""
    test = draw(st.sampled_from(TESTS))
    first = max(_scales()[test, ability].start for ability in ABILITIES)
    taken = draw(days(max(first, date(2014, 4, 1)), date(2029, 12, 1)))
    scores: dict[str, Any] = {}
    for ability in ABILITIES:
        low, high, step = (Decimal(_scales()[test, ability].values[name]) for name in ("low", "high", "step"))
        score = low + step * draw(st.integers(0, int((high - low) / step)))
        scores[ability] = int(score) if step == 1 else float(score)
    retaken = {"one_skill_retake": draw(st.booleans())} if test == "ielts" else {}
    results = taken + timedelta(days=draw(st.integers(0, 40)))
    return {"test": test, "taken_on": taken, "results_on": results, **scores, **retaken}


_LEVELS = ("under_one_year", "secondary", "one_year", "two_year", "three_year", "masters", "professional", "doctoral")


_RESULTS = ("none", "post_bachelors", "postgraduate", *_LEVELS)


@st.composite
def credentials(draw: st.DrawFn) -> dict[str, Any]:
    """A credential of any level, from Canada or abroad."""
    completed = draw(days(last=date(2029, 1, 1)))
    level, canada = draw(st.sampled_from(_LEVELS)), draw(st.booleans())
    if not canada:
        assessed = draw(st.none() | days(completed, date(2030, 1, 1)))
        found = degree(level, completed, assessed, draw(st.sampled_from(_RESULTS)))
        for one in found["assessments"]:
            one["body"] = draw(st.sampled_from(("WES", "ICES", "MCC", "PEBC", "CACB")))
        return found
    found = studied(
        level,
        completed if draw(st.booleans()) else None,
        to=completed - timedelta(days=draw(st.integers(0, 90))),
        present_months=draw(st.integers(0, 20)),
        full_time_months=draw(st.integers(0, 20)),
        academic_years=draw(st.integers(0, 4)),
        distance_percent=float(draw(st.integers(0, 100))),
        language_percent=float(draw(st.integers(0, 100))),
        must_return=draw(st.booleans()),
        relief_months=draw(st.integers(0, 12)) if completed >= date(2020, 6, 1) else 0,
    )
    if "completed_on" in found and draw(st.booleans()):
        del found["study"]
    return found


@st.composite
def spells(draw: st.DrawFn) -> dict[str, Any]:
    """A first day and, for most, a last one."""
    start = draw(days(last=date(2029, 1, 1)))
    long = draw(st.none() | st.integers(0, 1500))
    return {"from": start} if long is None else {"from": start, "to": start + timedelta(days=long)}


@st.composite
def occupations(draw: st.DrawFn) -> dict[str, Any]:
    """An occupation in one version of the NOC, or in both; a few that matter to programs come more often."""
    new = st.sampled_from(_CODES) | st.sampled_from(sorted(noc2021()))
    old = st.sampled_from(_OLD) | st.sampled_from(sorted(noc2016()))
    given_in = draw(st.sampled_from(("2021", "2021", "2016", "both")))
    found = {"noc2021": draw(new)} if given_in != "2016" else {}
    return found | ({"noc2016": draw(old)} if given_in != "2021" else {})


EMPLOYERS = ("Maple", "Borealis", "Quokka")


@st.composite
def jobs(draw: st.DrawFn) -> dict[str, Any]:
    """A job anywhere, of any kind."""
    found = {**draw(spells()), **draw(occupations())}
    found["hours_per_week"] = draw(st.sampled_from((7.25, 15, 20, 30, 37.5, 40, 60)))
    found["worked_in"] = draw(st.sampled_from(("CA", "IN")))
    optional: dict[str, st.SearchStrategy[Any]] = {
        "employer": st.sampled_from(EMPLOYERS),
        "employer_country": st.sampled_from(("CA", "IN")),
        "paid": st.sampled_from((True, True, False)),
        "self_employed": st.booleans(),
        "publicly_funded_physician": st.booleans(),
        "full_time_student": st.booleans(),
        "recognized_military": st.booleans(),
        "qualified_on": days(last=date(2028, 1, 1)),
    }
    found |= {name: draw(value) for name, value in optional.items() if draw(st.booleans())}
    if draw(st.booleans()):
        last = found.get("to", found["from"] + timedelta(days=400))
        first = draw(st.dates(found["from"], last))
        found["leave"] = [{"from": first, "to": draw(st.dates(first, last))}]
    if draw(st.booleans()):
        found["varying_hours"] = draw(weeks(found["from"], found.get("to", found["from"] + timedelta(days=400))))
    return found


@st.composite
def weeks(draw: st.DrawFn, first: date, last: date) -> list[dict[str, Any]]:
    """Hours that vary: some days of a job, in order, with or without a last day."""
    starts = sorted(draw(st.sets(st.dates(first, last), min_size=1, max_size=4)))
    found = []
    for start, following in zip(starts, [*starts[1:], last + timedelta(days=1)], strict=True):
        entry: dict[str, Any] = {"from": start, "hours_per_week": draw(st.sampled_from((0.5, 14, 29.75, 35)))}
        if draw(st.booleans()):
            entry["to"] = draw(st.dates(start, following - timedelta(days=1)))
        found.append(entry)
    return found


_KINDS = (
    *("study_permit", "post_graduation", "employer_lmia", "employer_exempt", "employer_other", "open", "bridging"),
    *("maintained", "no_permit_needed", "refugee_claimant", "visitor", "none"),
)


@st.composite
def standings(draw: st.DrawFn) -> dict[str, Any]:
    """A permit or other standing."""
    kind = draw(st.sampled_from(_KINDS))
    names = kind.startswith("employer") and draw(st.booleans())
    return {"kind": kind, **draw(spells()), **({"employers": [draw(st.sampled_from(EMPLOYERS))]} if names else {})}


@st.composite
def relatives(draw: st.DrawFn) -> dict[str, Any]:
    """A relative of any kind."""
    found = relative(
        draw(st.sampled_from(("parent", "grandparent", "child", "sibling", "aunt_or_uncle", "niece_or_nephew"))),
        status=draw(st.sampled_from(("citizen", "permanent_resident", "other"))),
        lives_in_canada=draw(st.booleans()),
    )
    born = draw(st.none() | days(date(1950, 1, 1), date(2015, 1, 1)))
    return {
        **{key: value for key, value in found.items() if key != "birth_date"},
        **({"birth_date": born} if born else {}),
    }


@st.composite
def offers(draw: st.DrawFn) -> dict[str, Any]:
    """A job offer of any kind."""
    found = {**draw(spells()), **draw(occupations())}
    found["employers"] = draw(st.lists(st.sampled_from(EMPLOYERS), min_size=1, max_size=2))
    found["lmia"] = draw(st.booleans())
    found["hours_per_week"] = draw(st.sampled_from((20, 30, 40)))
    length = draw(st.sampled_from((None, "duration_months", "months_after_visa")))
    if length is not None:
        found[length] = draw(st.integers(0, 60))
    if found["lmia"] and draw(st.booleans()):
        found["lmia_expires_on"] = draw(days(found["from"], date(2030, 1, 1)))
    funded = {"publicly_funded_physician": draw(st.booleans())}
    return {**found, **funded, "canadian_forces": draw(st.booleans())}


@st.composite
def trades(draw: st.DrawFn) -> dict[str, Any]:
    """A certificate in a trade, named in either version of the NOC."""
    version: Version = draw(st.sampled_from((2016, 2021)))
    code = draw(st.sampled_from(sorted(load_law().trades(version))))
    return {f"noc{version}": code, "authority": "ON", "issued_on": draw(days(last=date(2029, 1, 1)))}


@st.composite
def ends(draw: st.DrawFn) -> dict[str, Any]:
    """From when to when a person is one of the family: with a first day, a last one, both or none."""
    first, last = draw(st.none() | days(date(2016, 1, 1), date(2020, 1, 1))), draw(st.none() | days(date(2020, 1, 2)))
    return {**({"from": first} if first else {}), **({"to": last} if last else {})}


def _some(one: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(one, max_size=most)


def _person() -> dict[str, st.SearchStrategy[Any]]:
    return {
        "tests": _some(tests()),
        "credentials": _some(credentials()),
        "work": _some(jobs(), 4),
        "relatives": _some(relatives(), 2),
    }


def _standing() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "accompanying": st.booleans(),
            "citizen_or_resident": st.sampled_from(("none", "citizen", "permanent_resident")),
            "living_in_canada": st.booleans(),
        }
    )


@st.composite
def dated_facts(draw: st.DrawFn) -> dict[str, Any]:
    """Valid dated facts of a person, with or without a partner; optional parts given or left out."""
    person = draw(st.fixed_dictionaries({**_person(), "birth_date": days(date(1960, 1, 1), date(2000, 1, 1))}))
    person["certificates"] = draw(_some(trades(), 2))
    optional: dict[str, Any] = {
        "status": _some(standings(), 4),
        "first_language": st.sampled_from(("english", "french")),
    }
    person |= {name: draw(value) for name, value in optional.items() if draw(st.booleans())}
    whole: dict[str, Any] = {"person": person}
    whole["children"] = draw(
        _some(
            st.builds(lambda day, spell: {"birth_date": day, **spell}, days(date(1995, 1, 1), date(2015, 1, 1)), ends())
        )
    )
    whole["job_offers"] = draw(_some(offers(), 2))
    nomination = st.builds(
        lambda kind, day: {"kind": kind, "province": "ON", "accepted_on": day},
        st.sampled_from(("enhanced", "base")),
        days(),
    )
    whole["nominations"] = draw(_some(nomination, 1))
    if draw(st.booleans()):
        standing, again = draw(_standing()), draw(_standing())
        theirs = draw(st.fixed_dictionaries(_person()))
        status = {"status": draw(_some(standings()))} if draw(st.booleans()) else {}
        changed = [
            {"from": day, **{name: standing[name] if draw(st.booleans()) else again[name] for name in standing}}
            for day in draw(st.sets(days(), max_size=2))
        ]
        whole["partner"] = {**standing, **draw(ends()), "changes": changed, **theirs, **status}
    if draw(st.booleans()):
        whole["funds"] = [{"on": draw(days()), "amount_cad": draw(st.integers(0, 100_000))}]
    if draw(st.booleans()):
        whole["intent"] = {"quebec": draw(st.booleans())}
    return whole


def dated_profiles() -> st.SearchStrategy[Profile]:
    """The same, read."""
    return dated_facts().map(read_profile)
