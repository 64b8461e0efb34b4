"""The days on which a document of a profile begins or ceases to be valid, in words.

The only law here is how long documents are valid.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from expressentry.dates import anniversary
from expressentry.factors.derive.jobs import job_name
from expressentry.law.evidence import Evidence
from expressentry.law.law import Law
from expressentry.profile.countries import CANADA
from expressentry.profile.labels import credential_name, entry_name, results_name
from expressentry.profile.model import Credential, Individual, Job, Nomination, Offer, Partner, Profile, Status
from expressentry.text import Text

KINDS = ("age", "document", "family", "work", "permit", "law", "fact", "open", "profile", "invitation", "limit")
"""What a cause is of: `fact` is a count that documents lead to, `open` an open question.

`limit` is none of the person's: the days from it on were not looked at."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason of a change: its kind, what happens in words, and the rule behind it where there is one.

    `field` is a place of the profile (`person.tests[1]`), a column, or the id of a law.
    """

    kind: str
    text: Text
    field: str | None = None
    why: Text | None = None


Dated = tuple[date, Cause]


def document_dates(profile: Profile, start: date, until: date, law: Law) -> dict[date, tuple[Cause, ...]]:
    """What begins or ends by the documents on each day after `start`, up to `until`.

    A document that is valid to a day ends on the day after.
    """
    found: dict[date, list[Cause]] = {}
    for day, cause in _all(profile, until, law):
        if start < day <= until:
            found.setdefault(day, []).append(cause)
    return {day: tuple(causes) for day, causes in sorted(found.items())}


def _all(profile: Profile, until: date, law: Law) -> Iterator[Dated]:
    evidence = law.evidence
    yield from _ages(profile, until, evidence)
    for owner, whose in profile.individuals().items():
        yield from _of_one(whose, owner, law, evidence.on(until).relative_adult_age)
    for at, one in enumerate(profile.person.certificates, 1):
        words = _CERTIFICATE.fill(a=one.authority)
        yield from _spell(words, one.issued_on, one.end, "document", f"person.certificates[{at}]")
    for at, nomination in enumerate(profile.nominations, 1):
        yield from _nomination(nomination, f"nominations[{at}]")
    for at, offer in enumerate(profile.job_offers, 1):
        yield from _spell(_OFFER.fill(e=offer.employers[0]), offer.start, offer.end, "document", f"job_offers[{at}]")
        yield from _lmia(offer, f"job_offers[{at}]")
    for at, funds in enumerate(profile.funds or (), 1):
        yield (
            funds.on,
            Cause("document", Text("a new statement of funds", "un nouveau relevé de fonds"), f"funds[{at}]"),
        )
    if profile.partner is not None:
        yield from _partner(profile.partner)


def _lmia(offer: Offer, field: str) -> Iterator[Dated]:
    """The days of the LMIA, where they are not those of the offer."""
    name = {"o": _OFFER.fill(e=offer.employers[0])}
    if offer.lmia_issued_on is not None:
        yield offer.lmia_issued_on, Cause("document", Text("{o}: the LMIA", "{o} : l'EIMT").fill(**name), field)
    if offer.lmia_expires_on is not None:
        words = Text("{o}: the LMIA has expired", "{o} : l'EIMT a expiré").fill(**name)
        yield offer.lmia_expires_on + timedelta(days=1), Cause("document", words, field)


def _partner(partner: Partner) -> Iterator[Dated]:
    """From when to when there is a partner, and what changes in between."""
    if partner.start is not None:
        words = Text("you have a partner from this day", "vous avez un conjoint à partir de ce jour")
        yield partner.start, Cause("family", words, "partner.from")
    if partner.end is not None:
        words = Text("you no longer have a partner", "vous n'avez plus de conjoint")
        yield partner.end + timedelta(days=1), Cause("family", words, "partner.to")
    for at, one in enumerate(partner.changes, 1):
        words = Text(
            "from this day it is declared otherwise whether your partner comes, or your partner's status in Canada",
            "dès ce jour, la venue de votre conjoint ou son statut au Canada est déclaré autrement",
        )
        yield one.start, Cause("family", words, f"partner.changes[{at}]")


def _of_one(whose: Individual, owner: str, law: Law, adult: int) -> Iterator[Dated]:
    """The documents of the person or of the partner."""
    yield from _tests(whose, owner, law.evidence)
    for at, one in enumerate(whose.credentials, 1):
        yield from _credential(one, owner, f"{owner}.credentials[{at}]", law)
    yield from _work(whose, owner)
    yield from _status(whose, owner)
    yield from _relatives(whose, owner, adult)


def _ages(profile: Profile, until: date, evidence: Evidence) -> Iterator[Dated]:
    born = profile.person.birth_date
    for years in range(1, until.year - born.year + 1):
        turns = Text("you turn {n}", "vous avez {n} ans").fill(n=years)
        yield anniversary(born, years), Cause("age", turns, "person.birth_date")
    for at, child in enumerate(profile.children, 1):
        field = f"children[{at}]"
        yield child.birth_date, Cause("family", Text("a child is born", "naissance d'un enfant"), field)
        if child.start is not None:
            yield child.start, Cause("family", Text("a child joins the family", "un enfant rejoint la famille"), field)
        if child.end is not None:
            words = Text("a child is no longer a dependent child", "un enfant n'est plus à charge")
            yield child.end + timedelta(days=1), Cause("family", words, field)
        for years in sorted({evidence.on(day).dependent_child_under for day in (child.birth_date, until)}):
            day = anniversary(child.birth_date, years)
            if child.dependent is None and evidence.on(day).dependent_child_under == years:
                words = Text(
                    "child {c} turns {n} and is no longer a dependent child",
                    "l'enfant {c} a {n} ans et n'est plus à charge",
                )
                yield day, Cause("family", words.fill(c=at, n=years), field)


def _tests(whose: Individual, owner: str, evidence: Evidence) -> Iterator[Dated]:
    for at, test in enumerate(whose.tests, 1):
        field = f"{owner}.tests[{at}]"
        name = results_name(owner, test.test, test.results_on)
        yield test.results_on, Cause("document", _RESULTS.fill(t=name), field)
        for years in _values(evidence, "language_valid_years"):
            ends = anniversary(test.results_on, years)
            if evidence.on(ends).language_valid_years == years:
                yield ends, Cause("document", _TEST_EXPIRES.fill(t=name, n=years), field)


def _credential(one: Credential, owner: str, field: str, law: Law) -> Iterator[Dated]:
    name, evidence = credential_name(owner, one.level, one.completed_on), law.evidence
    if one.completed_on is not None:
        words = Text("{c} is completed", "{c} : obtenu").fill(c=name)
        yield one.completed_on, Cause("document", words, field)
    if one.study is not None and one.study.to is not None and one.study.to != one.completed_on:
        yield one.study.to, Cause("document", Text("study in Canada ends", "fin d'études au Canada"), field)
    for at, assessment in enumerate(one.assessments or (), 1):
        body = law.bodies.code_of(assessment.body) or assessment.body
        place, named = f"{field}.assessments[{at}]", {"b": body, "c": name}
        words = Text("{b} assesses {c}", "{b} évalue {c}").fill(**named)
        yield assessment.on, Cause("document", words, place)
        for years in _values(evidence, "assessment_valid_years"):
            ends = anniversary(assessment.on, years)
            if evidence.on(ends).assessment_valid_years == years:
                yield ends, Cause("document", _ASSESSMENT_EXPIRES.fill(y=years, **named), place)


def _values(evidence: Evidence, rule: str) -> list[int]:
    """The different values that a rule of evidence ever had."""
    return sorted({int(entry.value) for entry in evidence.series[rule] if not isinstance(entry.value, date)})


def _work(whose: Individual, owner: str) -> Iterator[Dated]:
    for at, job in enumerate(whose.work, 1):
        field = f"{owner}.work[{at}]"
        name = job_name(field, job)
        yield from _spell(name, job.start, job.end, "work", field)
        for leave in job.leave:
            yield from _spell(_LEAVE.fill(j=name), leave.start, leave.end, "work", field)
        if job.qualified_on is not None:
            words = Text("qualified in the trade of {j}", "{j} : qualification dans le métier").fill(j=name)
            yield job.qualified_on, Cause("work", words, field)


def _status(whose: Individual, owner: str) -> Iterator[Dated]:
    entries = whose.status or ()
    for at, one in enumerate(entries, 1):
        what = _KIND[one.kind] if owner == "person" else _OF_PARTNER.fill(w=_KIND[one.kind])
        for day, cause in _spell(what, one.start, one.end, "permit", f"{owner}.status[{at}]"):
            unknown = _without(whose.work, entries, day, owner) if day != one.start else None
            yield day, cause
            if unknown is not None:
                yield day, unknown


def _without(work: tuple[Job, ...], entries: tuple[Status, ...], day: date, owner: str) -> Cause | None:
    """The open question where a permit ends, no other is held, and work in Canada goes on: whether it counts."""
    if any(one.start <= day and (one.end is None or one.end >= day) for one in entries):
        return None
    for at, job in enumerate(work, 1):
        if job.worked_in == CANADA and job.start < day and job.goes_on(day):
            words = Text(
                "{j} continues, and no permit is given for it: to count it, we need one more fact, the permit",
                "{j} continue sans permis indiqué : pour le compter, il nous manque un fait, le permis",
            )
            field = f"{owner}.work[{at}]"
            return Cause("open", words.fill(j=job_name(field, job)), field)
    return None


def _relatives(whose: Individual, owner: str, adult: int) -> Iterator[Dated]:
    for at, one in enumerate(whose.relatives, 1):
        field = f"{owner}.relatives[{at}]"
        name = entry_name(field)
        if one.birth_date is not None:
            words = Text("{r} turns {n}", "{r} : {n} ans").fill(r=name, n=adult)
            yield anniversary(one.birth_date, adult), Cause("family", words, field)
        if one.start is not None:
            words = Text("{r} now lives in Canada", "{r} : habite désormais au Canada").fill(r=name)
            yield one.start, Cause("family", words, field)
        if one.end is not None:
            words = Text("{r} no longer lives in Canada", "{r} : n'habite plus au Canada").fill(r=name)
            yield one.end + timedelta(days=1), Cause("family", words, field)


def _nomination(one: Nomination, field: str) -> Iterator[Dated]:
    place = {"p": one.province}
    if one.accepted_on is not None:
        words = Text("the nomination by {p} is accepted", "la désignation ({p}) est acceptée").fill(**place)
        yield one.accepted_on, Cause("document", words, field)
    if one.expires_on is not None:
        words = Text("the nomination by {p} has expired", "la désignation ({p}) a expiré").fill(**place)
        yield one.expires_on + timedelta(days=1), Cause("document", words, field)
    if one.withdrawn_on is not None:
        words = Text("the nomination by {p} is withdrawn", "la désignation ({p}) est retirée").fill(**place)
        yield one.withdrawn_on, Cause("document", words, field)


def _spell(what: Text, start: date, end: date | None, kind: str, field: str) -> Iterator[Dated]:
    """The first day of something, and the day after its last."""
    yield start, Cause(kind, Text("{w} begins", "{w} : début").fill(w=what), field)
    if end is not None:
        yield end + timedelta(days=1), Cause(kind, Text("{w} has ended", "{w} : terminé").fill(w=what), field)


_CERTIFICATE = Text("a certificate of qualification ({a})", "certificat de compétence ({a})")
_OFFER = Text("a job offer ({e})", "offre d'emploi ({e})")
_LEAVE = Text("leave from {j}", "congé, {j}")
_OF_PARTNER = Text("your partner: {w}", "votre conjoint : {w}")
_RESULTS = Text("{t} are received", "{t} : reçus")
_TEST_EXPIRES = Text("{t} expire after {n} years", "{t} expirent après {n} ans")
_ASSESSMENT_EXPIRES = Text(
    "the assessment of {c} by {b} expires after {y} years", "l'évaluation par {b} expire après {y} ans : {c}"
)
_KIND: dict[Any, Text] = {
    "study_permit": Text("a study permit", "permis d'études"),
    "post_graduation": Text("a post-graduation work permit", "permis de travail postdiplôme"),
    "employer_lmia": Text("a work permit with an LMIA", "permis de travail avec EIMT"),
    "employer_exempt": Text("an employer's work permit without an LMIA", "permis lié à un employeur, sans EIMT"),
    "employer_other": Text("another employer's work permit", "autre permis lié à un employeur"),
    "open": Text("an open work permit", "permis de travail ouvert"),
    "bridging": Text("a bridging work permit", "permis de travail transitoire"),
    "maintained": Text("maintained status", "statut maintenu"),
    "no_permit_needed": Text("work that needs no permit", "travail sans permis requis"),
    "refugee_claimant": Text("a refugee claim", "demande d'asile"),
    "visitor": Text("a stay as a visitor", "séjour comme visiteur"),
    "none": Text("a stay without status", "séjour sans statut"),
}
