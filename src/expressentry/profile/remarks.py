"""What looks wrong about the days of a profile on a day: possible, but probably a typing error.

Each remark is about one fact, so that a question, a check and an answer can show it where that fact is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import singledispatch
from typing import Any, Literal

from expressentry.dates import anniversary, completed_years, day_or_none, long_day, months_on
from expressentry.errors import Problem
from expressentry.law.languages import NAMES
from expressentry.profile.consistency import Part, parts_of
from expressentry.profile.model import (
    Certificate,
    Child,
    Credential,
    Funds,
    Job,
    Nomination,
    Offer,
    Partner,
    Profile,
    Relative,
    Status,
    Test,
)
from expressentry.profile.validation import sound_parts
from expressentry.text import Text

Code = Literal["future", "age", "too_young", "far_apart", "not_accepted", "converted"]

# What is rare enough to be asked about again. None of this decides anything.
YOUNGEST, OLDEST = 16, 85
FIRST_DEGREE_AGE, FIRST_JOB_AGE, FIRST_PARENT_AGE, FIRST_PARTNER_AGE = 15, 13, 12, 15
MOST_MONTHS_TO_RESULTS = 6
MOST_YEARS_AHEAD, MOST_YEARS_OF_AN_LMIA, MOST_YEARS_OF_A_PERMIT = 3, 3, 10


@dataclass(frozen=True, slots=True)
class Remark:
    """One fact that is probably a typing error, or that surely does not count.

    Attributes:
        code: `future`: the day is after the day asked, so the fact is not counted; `age`: an unlikely age;
            `too_young`: a credential or a job too early in life; `far_apart`: two days that are seldom so far apart;
            `not_accepted`: an assessment that does not count, by its age or by who made it;
            `converted`: a wage of a year, taken as one of an hour.
        field: The place of the fact in the profile; entries of a list count from 1.
        text: The remark in a sentence, without a full stop.
    """

    code: Code
    field: str
    text: Text


def remarks(profile: Profile, on: date, *, past: bool = False) -> tuple[Remark, ...]:
    """Everything that looks like a typing error in the days of a profile, in the order of the profile.

    Args:
        profile: The dated facts.
        on: The day asked about: a later day is not counted.
        past: Whether the day asked about is over; what is later is then said to be after it, not in the future.

    Returns:
        The remarks; what is impossible is not among them, because a profile with it is refused.

    >>> from expressentry.profile.read import read_profile
    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "2019-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> [one.text.en for one in remarks(read_profile(facts), date(2026, 11, 28))]
    ['You are 7 years old by the date of birth of 12 April 2019']
    """
    births = (profile.person.birth_date, profile.partner.birth_date if profile.partner else None)
    return _remarks(parts_of(profile), births, on, past=past)


def remarks_so_far(facts: Mapping[str, Any], on: date) -> tuple[Remark, ...]:
    """The same of facts that are no whole profile yet: what cannot be read has no remark."""
    births = [_value_of(facts, owner) for owner in ("person", "partner")]
    return _remarks(sound_parts(facts, Profile), (births[0], births[1]), on)


def unborn(facts: Mapping[str, Any], on: date) -> list[Problem]:
    """The problems of a person or a partner whose birth is still to come: such a person has no answer on that day."""
    found = ((f"{owner}.birth_date", _value_of(facts, owner)) for owner in ("person", "partner"))
    return [Problem("not_born", field, _NOT_BORN, _LOOK) for field, day in found if day and day > on]


def _value_of(facts: Mapping[str, Any], owner: str) -> date | None:
    """The birth date of one of the two, where it can be read."""
    table = facts.get(owner)
    value = table.get("birth_date") if isinstance(table, Mapping) else None
    return day_or_none(value) if isinstance(value, str) else value if isinstance(value, date) else None


def _remarks(
    parts: Iterable[Part], births: tuple[date | None, date | None], on: date, *, past: bool = False
) -> tuple[Remark, ...]:
    found = [
        remark
        for owner, birth in zip(("person", "partner"), births, strict=True)
        if birth is not None
        for remark in _age(f"{owner}.birth_date", birth, on, partner=owner == "partner")
    ]
    listed = list(parts)
    stated = any(isinstance(entry, Funds) and entry.on is not None and entry.on <= on for _, entry, _ in listed)
    for field, entry, birth in listed:
        if isinstance(entry, Funds) and stated:
            continue  # an earlier statement counts, and later ones are for later days
        if isinstance(entry, Child):
            found += _child(f"{field}.birth_date", entry.birth_date, births, on)
        else:
            found += _entry(entry, field, birth, on, field.startswith("partner"))
    when = _AFTER.fill(day=long_day(on)) if past else _AHEAD
    return tuple(replace(one, text=one.text.fill(when=when)) if one.code == "future" else one for one in found)


def _age(field: str, birth: date, on: date, *, partner: bool) -> Iterator[Remark]:
    if birth > on:
        yield Remark("future", field, _UNBORN.fill(day=long_day(birth)))
    elif not YOUNGEST <= completed_years(birth, on) <= OLDEST:
        who = _YOUR_PARTNER if partner else _YOU
        yield Remark("age", field, _AGE.fill(who=who, age=completed_years(birth, on), day=long_day(birth)))


def _child(field: str, born: date | None, births: Iterable[date | None], on: date) -> Iterator[Remark]:
    if born is None:
        return
    if born > on:
        yield Remark("future", field, _not_counted(_CHILD, born))
    elif all(born < anniversary(one, FIRST_PARENT_AGE) for one in births if one is not None):
        yield Remark("far_apart", field, _OLD_CHILD.fill(day=long_day(born)))


@singledispatch
def _entry(entry: object, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    """The remarks about one table."""
    return iter(())


@_entry.register
def _test(entry: Test, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    test: str | None = entry.test  # None, as every field, where it cannot be read
    taken: date | None = entry.taken_on
    results: date | None = entry.results_on
    if test is None or taken is None:
        return
    name = (_THEIR_TEST if partner else _TEST).fill(test=NAMES[test].removesuffix(" General Training"))
    if taken > on:
        yield Remark("future", f"{field}.taken_on", _not_counted(name, taken))
    elif results is not None and results > on:
        text = _RESULTS.fill(what=name.fill(day=long_day(taken)), then=long_day(results))
        yield Remark("future", f"{field}.results_on", text)
    if results is not None and results > months_on(taken, MOST_MONTHS_TO_RESULTS):
        text = _FAR.fill(a=long_day(taken), b=long_day(results), n=MOST_MONTHS_TO_RESULTS)
        yield Remark("far_apart", f"{field}.results_on", text)


@_entry.register
def _credential(entry: Credential, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    what = _THEIR_DEGREE if partner else _DEGREE
    yield from _future(f"{field}.completed_on", entry.completed_on, on, what)
    yield from _early(f"{field}.completed_on", entry.completed_on, birth, FIRST_DEGREE_AGE, what, partner)
    for at, assessment in enumerate(entry.assessments or (), 1):
        place = f"{field}.assessments[{at}].on"
        yield from _future(place, assessment.on, on, _THEIR_ECA if partner else _ECA)


@_entry.register
def _job(entry: Job, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    what = _THEIR_JOB if partner else _JOB
    yield from _future(f"{field}.from", entry.start, on, what)
    yield from _early(f"{field}.from", entry.start, birth, FIRST_JOB_AGE, what, partner)
    yield from _future(f"{field}.qualified_on", entry.qualified_on, on, _THEIR_LICENCE if partner else _LICENCE)
    for at, hours in enumerate(entry.varying_hours or (), 1):
        for key, day in (("from", hours.start), ("to", hours.end)):
            yield from _far_ahead(f"{field}.varying_hours[{at}].{key}", day, on)


@_entry.register
def _status(entry: Status, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    yield from _future(f"{field}.from", entry.start, on, _THEIR_PERMIT if partner else _PERMIT)
    yield from _long(f"{field}.to", entry.start, entry.end, MOST_YEARS_OF_A_PERMIT, _LONG_PERMIT)


@_entry.register
def _partner(entry: Partner, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    yield from _early(f"{field}.from", entry.start, entry.birth_date, FIRST_PARTNER_AGE, _PARTNERS, partner)
    for key, day in (("from", entry.start), ("to", entry.end)):
        yield from _far_ahead(f"{field}.{key}", day, on)
    for at, change in enumerate(entry.changes or (), 1):
        place = f"{field}.changes[{at}].from"
        yield from _far_ahead(place, change.start, on)
        if change.start is not None and not entry.is_one(change.start):
            yield Remark("far_apart", place, _NOT_PARTNERS.fill(day=long_day(change.start)))


@_entry.register
def _certificate(entry: Certificate, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    yield from _future(f"{field}.issued_on", entry.issued_on, on, _CERTIFICATE)


@_entry.register
def _relative(entry: Relative, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    born, place = entry.birth_date, f"{field}.birth_date"
    if born is None:
        return
    if born > on:
        yield Remark("future", place, _not_counted(_RELATIVE, born))
    elif birth is not None and entry.relation in _OLDER and born > birth:
        yield Remark("age", place, _YOUNGER_PARENT.fill(day=long_day(born)))
    elif birth is not None and entry.relation in _YOUNGER and born < birth:
        yield Remark("age", place, _OLDER_CHILD.fill(day=long_day(born)))


@_entry.register
def _nomination(entry: Nomination, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    yield from _future(f"{field}.accepted_on", entry.accepted_on, on, _NOMINATION)


@_entry.register
def _offer(entry: Offer, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    yield from _future(f"{field}.from", entry.start, on, _OFFER)
    issued, expires = entry.lmia_issued_on or entry.start, entry.lmia_expires_on
    yield from _future(f"{field}.lmia_issued_on", entry.lmia_issued_on, on, _LMIA)
    yield from _long(f"{field}.lmia_expires_on", issued, expires, MOST_YEARS_OF_AN_LMIA, _LONG_LMIA)
    if expires is not None and entry.start is not None and expires < entry.start:
        text = _LATE_OFFER.fill(a=long_day(expires), b=long_day(entry.start))
        yield Remark("far_apart", f"{field}.lmia_expires_on", text)


@_entry.register
def _funds(entry: Funds, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    yield from _future(f"{field}.on", entry.on, on, _FUNDS)


def _future(field: str, day: date | None, on: date, what: Text) -> Iterator[Remark]:
    if day is not None and day > on:
        yield Remark("future", field, _not_counted(what, day))


def _far_ahead(field: str, day: date | None, on: date) -> Iterator[Remark]:
    """A day of a plan so far ahead that its year is probably wrong."""
    if day is not None and day > anniversary(on, MOST_YEARS_AHEAD):
        yield Remark("future", field, _FAR_AHEAD.fill(day=long_day(day), n=MOST_YEARS_AHEAD))


def _long(field: str, first: date | None, last: date | None, years: int, text: Text) -> Iterator[Remark]:
    """A document that would be valid for longer than such documents are."""
    if first is not None and last is not None and last > anniversary(first, years):
        yield Remark("far_apart", field, text.fill(a=long_day(first), b=long_day(last), n=years))


def _early(field: str, day: date | None, birth: date | None, age: int, what: Text, partner: bool) -> Iterator[Remark]:
    if day is not None and birth is not None and birth <= day < anniversary(birth, age):
        who = (_PARTNER_AGED if partner else _YOU_AGED).fill(age=completed_years(birth, day))
        yield Remark("too_young", field, _EARLY.fill(what=what.fill(day=long_day(day)), who=who))


def _not_counted(what: Text, day: date) -> Text:
    return _FUTURE.fill(what=what.fill(day=long_day(day)))


_OLDER, _YOUNGER = ("parent", "grandparent"), ("child", "grandchild")

_AHEAD, _AFTER = Text("in the future", "dans le futur"), Text("after {day}", "après le {day}")
_FUTURE = Text("{what} is not counted: the date is {{when}}", "{what} ne compte pas : la date est {{when}}")
_RESULTS = Text(
    "{what} is not counted yet: its results of {then} are {{when}}",
    "{what} ne compte pas encore : ses résultats du {then} sont {{when}}",
)
_FAR = Text(
    "The test of {a} has results of {b}, more than {n} months later: check the years",
    "Le test du {a} a des résultats du {b}, plus de {n} mois après : vérifiez les années",
)
_EARLY = Text("{what}: {who}. Check the year", "{what} : {who}. Vérifiez l'année")
_YOU_AGED = Text("you were {age} years old then", "vous aviez alors {age} ans")
_PARTNER_AGED = Text("your partner was {age} years old then", "votre conjoint avait alors {age} ans")
_YOU, _YOUR_PARTNER = Text("You are", "Vous avez"), Text("Your partner is", "Votre conjoint a")
_AGE = Text(
    "{who} {age} years old by the date of birth of {day}", "{who} {age} ans selon la date de naissance du {day}"
)
_UNBORN = Text("The date of birth, {day}, is {{when}}", "La date de naissance, le {day}, est {{when}}")

_TEST = Text("Your {test} of {{day}}", "Votre test {test} du {{day}}")
_THEIR_TEST = Text("Your partner's {test} of {{day}}", "Le test {test} de votre conjoint du {{day}}")
_DEGREE = Text("Your diploma or degree of {day}", "Votre diplôme du {day}")
_THEIR_DEGREE = Text("Your partner's diploma or degree of {day}", "Le diplôme de votre conjoint du {day}")
_ECA = Text("Your credential assessment (ECA) of {day}", "Votre évaluation de diplôme (EDE) du {day}")
_THEIR_ECA = Text(
    "Your partner's credential assessment (ECA) of {day}", "L'évaluation de diplôme (EDE) de votre conjoint du {day}"
)
_JOB = Text("Your job from {day}", "Votre emploi depuis le {day}")
_THEIR_JOB = Text("Your partner's job from {day}", "L'emploi de votre conjoint depuis le {day}")
_LICENCE = Text("Your qualification in your trade of {day}", "Votre qualification dans votre métier du {day}")
_THEIR_LICENCE = Text(
    "Your partner's qualification in a trade of {day}", "La qualification de votre conjoint dans un métier du {day}"
)
_PERMIT = Text("Your permit or status from {day}", "Votre permis ou statut depuis le {day}")
_THEIR_PERMIT = Text("Your partner's permit or status from {day}", "Le permis ou statut de votre conjoint du {day}")
_CERTIFICATE = Text("Your certificate of {day}", "Votre certificat du {day}")
_RELATIVE = Text("Your relative born on {day}", "Le membre de votre famille né le {day}")
_CHILD = Text("The child born on {day}", "L'enfant né le {day}")
_NOMINATION = Text("Your nomination accepted on {day}", "Votre désignation acceptée le {day}")
_OFFER = Text("Your job offer of {day}", "Votre offre d'emploi du {day}")
_FUNDS = Text("Your statement of funds of {day}", "Votre relevé de fonds du {day}")
_LMIA = Text("Your LMIA of {day}", "Votre EIMT du {day}")
_LONG_LMIA = Text(
    "The LMIA of {a} expires on {b}, more than {n} years later: check the years",
    "L'EIMT du {a} expire le {b}, plus de {n} ans après : vérifiez les années",
)
_LATE_OFFER = Text(
    "The LMIA expires on {a}, before the job offer of {b}: check the years",
    "L'EIMT expire le {a}, avant l'offre d'emploi du {b} : vérifiez les années",
)
_LONG_PERMIT = Text(
    "The permit or status from {a} ends on {b}, more than {n} years later: check the years",
    "Le permis ou statut du {a} finit le {b}, plus de {n} ans après : vérifiez les années",
)
_PARTNERS = Text("Partners from {day}", "Conjoints depuis le {day}")
_NOT_PARTNERS = Text(
    "The change of {day} is on a day on which you are not partners: check the days",
    "Le changement du {day} tombe un jour où vous n'êtes pas conjoints : vérifiez les jours",
)
_FAR_AHEAD = Text(
    "The day {day} is more than {n} years ahead: check the year",
    "Le {day} est dans plus de {n} ans : vérifiez l'année",
)
_NOT_BORN = Text("this day is in the future", "ce jour est dans le futur")
_LOOK = Text("check the year", "vérifiez l'année")
_YOUNGER_PARENT = Text(
    "A parent or grandparent born on {day} would be younger than the child: check the year",
    "Un parent ou grand-parent né le {day} serait plus jeune que l'enfant : vérifiez l'année",
)
_OLDER_CHILD = Text(
    "A child or grandchild born on {day} would be older than the parent: check the year",
    "Un enfant ou petit-enfant né le {day} serait plus âgé que le parent : vérifiez l'année",
)
_OLD_CHILD = Text(
    "A child born on {day} would be too old for its parents: check the year",
    "Un enfant né le {day} serait trop âgé pour ses parents : vérifiez l'année",
)
