"""What looks wrong about the days of a profile on a day: possible, but probably a typing error.

Each remark is about one fact, so that a question, a check and an answer can show it where that fact is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import singledispatch
from typing import Literal

from expressentry.dates import anniversary, completed_years, long_day, months_on
from expressentry.law.languages import NAMES
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
    Self,
    Status,
    Test,
)
from expressentry.text import Text

Code = Literal["future", "age", "too_young", "far_apart"]

# What is rare enough to be asked about again. None of this decides anything.
YOUNGEST, OLDEST = 16, 85
FIRST_DEGREE_AGE, FIRST_JOB_AGE, FIRST_PARENT_AGE = 15, 13, 12
MOST_MONTHS_TO_RESULTS = 6


@dataclass(frozen=True, slots=True)
class Remark:
    """One fact that is probably a typing error.

    Attributes:
        code: `future`: the day is after the day asked, so the fact is not counted; `age`: an unlikely age;
            `too_young`: a credential or a job too early in life; `far_apart`: two days that are seldom so far apart.
        field: The place of the fact in the profile; entries of a list count from 1.
        text: The remark in a sentence, without a full stop.
    """

    code: Code
    field: str
    text: Text


def remarks(profile: Profile, on: date) -> tuple[Remark, ...]:
    """Everything that looks like a typing error in the days of a profile, in the order of the profile.

    Args:
        profile: The dated facts.
        on: The day asked about: a later day is in the future.

    Returns:
        The remarks; what is impossible is not among them, because a profile with it is refused.

    >>> from expressentry.profile.read import read_profile
    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "2019-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> [one.text.en for one in remarks(read_profile(facts), date(2026, 11, 28))]
    ['You are 7 years old by the date of birth of 12 April 2019']
    """
    found: list[Remark] = []
    for owner, whose in (("person", profile.person), ("partner", profile.partner)):
        if whose is not None:
            found += _of(owner, whose, on)
    for at, child in enumerate(profile.children, 1):
        found += _child(f"children[{at}].birth_date", child, profile, on)
    for name, entries in (
        ("nominations", profile.nominations),
        ("job_offers", profile.job_offers),
        ("funds", profile.funds),
    ):
        for at, entry in enumerate(entries or (), 1):
            found += _entry(entry, f"{name}[{at}]", None, on, False)
    return tuple(found)


def _of(owner: str, whose: Self, on: date) -> Iterator[Remark]:
    """The remarks about the person or the partner."""
    partner = isinstance(whose, Partner)
    birth: date | None = getattr(whose, "birth_date", None)
    if birth is not None:
        yield from _age(f"{owner}.birth_date", birth, on, partner)
    for name in ("tests", "credentials", "work", "status", "certificates", "relatives"):
        for at, entry in enumerate(getattr(whose, name, None) or (), 1):
            yield from _entry(entry, f"{owner}.{name}[{at}]", birth, on, partner)


def _age(field: str, birth: date, on: date, partner: bool) -> Iterator[Remark]:
    whose = _YOUR_PARTNER if partner else _YOU
    if birth > on:
        yield Remark("future", field, _UNBORN.fill(day=long_day(birth)))
    elif not YOUNGEST <= completed_years(birth, on) <= OLDEST:
        text = _AGE.fill(who=whose, age=completed_years(birth, on), day=long_day(birth))
        yield Remark("age", field, text)


def _child(field: str, child: Child, profile: Profile, on: date) -> Iterator[Remark]:
    parents = [profile.person.birth_date, *([profile.partner.birth_date] if profile.partner else [])]
    if child.birth_date > on:
        yield Remark("future", field, _not_counted(_CHILD, child.birth_date))
    elif all(one is not None and child.birth_date < anniversary(one, FIRST_PARENT_AGE) for one in parents):
        yield Remark("far_apart", field, _OLD_CHILD.fill(day=long_day(child.birth_date)))


@singledispatch
def _entry(entry: object, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    """The remarks about one table."""
    return iter(())


@_entry.register
def _test(entry: Test, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    name = (_THEIR_TEST if partner else _TEST).fill(test=NAMES[entry.test].removesuffix(" General Training"))
    if entry.taken_on > on:
        yield Remark("future", f"{field}.taken_on", _not_counted(name, entry.taken_on))
    elif entry.results_on > on:
        text = _RESULTS.fill(what=name, day=long_day(entry.taken_on), then=long_day(entry.results_on))
        yield Remark("future", f"{field}.results_on", text)
    if entry.results_on > months_on(entry.taken_on, MOST_MONTHS_TO_RESULTS):
        text = _FAR.fill(a=long_day(entry.taken_on), b=long_day(entry.results_on), n=MOST_MONTHS_TO_RESULTS)
        yield Remark("far_apart", f"{field}.results_on", text)


@_entry.register
def _credential(entry: Credential, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    what = _THEIR_DEGREE if partner else _DEGREE
    done = entry.completed_on
    if done is not None and done > on:
        yield Remark("future", f"{field}.completed_on", _not_counted(what, done))
    if done is not None and birth is not None and done < anniversary(birth, FIRST_DEGREE_AGE):
        yield Remark("too_young", f"{field}.completed_on", _young(what, done, birth, partner))
    for at, assessment in enumerate(entry.assessments or (), 1):
        if assessment.on > on:
            place = f"{field}.assessments[{at}].on"
            yield Remark("future", place, _not_counted(_THEIR_ECA if partner else _ECA, assessment.on))


@_entry.register
def _job(entry: Job, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    what = _THEIR_JOB if partner else _JOB
    if entry.start > on:
        yield Remark("future", f"{field}.from", _not_counted(what, entry.start))
    if birth is not None and entry.start < anniversary(birth, FIRST_JOB_AGE):
        yield Remark("too_young", f"{field}.from", _young(what, entry.start, birth, partner))
    if entry.qualified_on is not None and entry.qualified_on > on:
        text = _not_counted(_THEIR_LICENCE if partner else _LICENCE, entry.qualified_on)
        yield Remark("future", f"{field}.qualified_on", text)


@_entry.register
def _status(entry: Status, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    if entry.start > on:
        yield Remark("future", f"{field}.from", _not_counted(_THEIR_PERMIT if partner else _PERMIT, entry.start))


@_entry.register
def _certificate(entry: Certificate, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    if entry.issued_on > on:
        yield Remark("future", f"{field}.issued_on", _not_counted(_CERTIFICATE, entry.issued_on))


@_entry.register
def _relative(entry: Relative, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    born = entry.birth_date
    if born is None:
        return
    if born > on:
        yield Remark("future", f"{field}.birth_date", _not_counted(_RELATIVE, born))
    elif birth is not None and entry.relation in _OLDER and born > birth:
        yield Remark("age", f"{field}.birth_date", _YOUNGER_PARENT.fill(day=long_day(born)))
    elif birth is not None and entry.relation in _YOUNGER and born < birth:
        yield Remark("age", f"{field}.birth_date", _OLDER_CHILD.fill(day=long_day(born)))


@_entry.register
def _nomination(entry: Nomination, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    if entry.accepted_on is not None and entry.accepted_on > on:
        yield Remark("future", f"{field}.accepted_on", _not_counted(_NOMINATION, entry.accepted_on))


@_entry.register
def _offer(entry: Offer, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    if entry.start > on:
        yield Remark("future", f"{field}.from", _not_counted(_OFFER, entry.start))


@_entry.register
def _funds(entry: Funds, field: str, birth: date | None, on: date, partner: bool) -> Iterator[Remark]:
    if entry.on > on:
        yield Remark("future", f"{field}.on", _not_counted(_FUNDS, entry.on))


def _not_counted(what: Text, day: date) -> Text:
    return _FUTURE.fill(what=what.fill(day=long_day(day)))


def _young(what: Text, day: date, birth: date, partner: bool) -> Text:
    age = completed_years(birth, day)
    who = _PARTNER_AGED if partner else _YOU_AGED
    return _EARLY.fill(what=what.fill(day=long_day(day)), who=who.fill(age=age))


_OLDER, _YOUNGER = ("parent", "grandparent"), ("child", "grandchild")

_FUTURE = Text("{what} is not counted: the date is in the future", "{what} ne compte pas : la date est dans le futur")
_RESULTS = Text(
    "{what} is not counted yet: its results of {then} are in the future",
    "{what} ne compte pas encore : ses résultats du {then} sont dans le futur",
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
_UNBORN = Text("The date of birth, {day}, is in the future", "La date de naissance, le {day}, est dans le futur")

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
