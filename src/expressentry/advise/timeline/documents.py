"""The days on which a paper of a profile begins or ends to hold, in words; no law but how long papers hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from expressentry.advise.timeline.causes import Cause
from expressentry.dates import anniversary
from expressentry.law.evidence import Evidence
from expressentry.law.languages import NAMES
from expressentry.law.law import Law
from expressentry.profile.countries import CANADA
from expressentry.profile.model import Credential, Job, Nomination, Profile, Self, Status
from expressentry.text import Text, same

Dated = tuple[date, Cause]


def paper_days(profile: Profile, start: date, until: date, law: Law) -> dict[date, tuple[Cause, ...]]:
    """What begins or ends by the papers on each day after `start`, up to `until`.

    A paper that holds to a day ends on the day after.
    """
    found: dict[date, list[Cause]] = {}
    for day, cause in _all(profile, until, law.evidence):
        if start < day <= until:
            found.setdefault(day, []).append(cause)
    return {day: tuple(causes) for day, causes in sorted(found.items())}


def _all(profile: Profile, until: date, evidence: Evidence) -> Iterator[Dated]:
    yield from _ages(profile, until, evidence)
    for owner, whose in (("person", profile.person), ("partner", profile.partner)):
        if whose is not None:
            yield from _tests(whose, owner, evidence)
            yield from _credentials(whose, owner, evidence)
            yield from _work(whose, owner)
            yield from _status(whose, owner)
            yield from _relatives(whose, owner, evidence.on(until).relative_adult_age)
    for at, one in enumerate(profile.person.certificates, 1):
        words = _CERTIFICATE.fill(a=one.authority)
        yield from _spell(words, one.issued_on, one.end, "paper", f"person.certificates[{at}]")
    for at, nomination in enumerate(profile.nominations, 1):
        yield from _nomination(nomination, f"nominations[{at}]")
    for at, offer in enumerate(profile.job_offers, 1):
        yield from _spell(_OFFER.fill(e=offer.employers[0]), offer.start, offer.end, "paper", f"job_offers[{at}]")
    for at, funds in enumerate(profile.funds or (), 1):
        yield funds.on, Cause("paper", Text("a new statement of funds", "un nouveau relevé de fonds"), f"funds[{at}]")
    if profile.partner is not None and profile.partner.start is not None:
        yield profile.partner.start, Cause("family", Text("a partner since this day", "un conjoint dès ce jour"))


def _ages(profile: Profile, until: date, evidence: Evidence) -> Iterator[Dated]:
    born = profile.person.birth_date
    for years in range(1, until.year - born.year + 1):
        turns = Text("the person turns {n}", "la personne a {n} ans").fill(n=years)
        yield anniversary(born, years), Cause("age", turns, "person.birth_date")
    for at, child in enumerate(profile.children, 1):
        field = f"children[{at}]"
        yield child.birth_date, Cause("family", Text("a child is born", "un enfant naît"), field)
        for years in sorted({evidence.on(day).dependent_child_under for day in (child.birth_date, until)}):
            day = anniversary(child.birth_date, years)
            if child.dependent is None and evidence.on(day).dependent_child_under == years:
                words = Text(
                    "a child turns {n}: no longer a dependent child", "un enfant a {n} ans : il n'est plus à charge"
                )
                yield day, Cause("family", words.fill(n=years), field)


def _tests(whose: Self, owner: str, evidence: Evidence) -> Iterator[Dated]:
    for at, test in enumerate(whose.tests, 1):
        field, name = f"{owner}.tests[{at}]", NAMES[test.test]
        yield test.results_on, Cause("paper", _RESULTS.fill(t=name), field)
        for years in _values(evidence, "language_valid_years"):
            ends = anniversary(test.results_on, years)
            if evidence.on(ends).language_valid_years == years:
                yield ends, Cause("paper", _TEST_DIES.fill(t=name, n=years), field)


def _credentials(whose: Self, owner: str, evidence: Evidence) -> Iterator[Dated]:
    for at, one in enumerate(whose.credentials, 1):
        field = f"{owner}.credentials[{at}]"
        yield from _credential(one, field, evidence)


def _credential(one: Credential, field: str, evidence: Evidence) -> Iterator[Dated]:
    if one.completed_on is not None:
        yield one.completed_on, Cause("paper", Text("a credential is completed", "un diplôme est obtenu"), field)
    if one.study is not None and one.study.to is not None and one.study.to != one.completed_on:
        yield one.study.to, Cause("paper", Text("study in Canada ends", "des études au Canada finissent"), field)
    for at, assessment in enumerate(one.assessments or (), 1):
        place = f"{field}.assessments[{at}]"
        words = Text("{b} assesses a credential", "{b} évalue un diplôme").fill(b=assessment.body)
        yield assessment.on, Cause("paper", words, place)
        for years in _values(evidence, "assessment_valid_years"):
            ends = anniversary(assessment.on, years)
            expires = Text(
                "an assessment by {b} reaches {n} years: it counts no more", "une évaluation de {b} a {n} ans : périmée"
            ).fill(b=assessment.body, n=years)
            if evidence.on(ends).assessment_valid_years == years:
                yield ends, Cause("paper", expires, place)


def _values(evidence: Evidence, rule: str) -> list[int]:
    """The different values that a rule of evidence ever had."""
    return sorted({int(entry.value) for entry in evidence.series[rule] if not isinstance(entry.value, date)})


def _work(whose: Self, owner: str) -> Iterator[Dated]:
    for at, job in enumerate(whose.work, 1):
        field = f"{owner}.work[{at}]"
        name = same(job.noc2021 or job.noc2016)
        yield from _spell(_JOB.fill(c=name), job.start, job.end, "work", field)
        for leave in job.leave:
            yield from _spell(_LEAVE.fill(c=name), leave.start, leave.end, "work", field)
        if job.qualified_on is not None:
            words = Text("the trade of {c} may be practised", "le métier {c} peut être exercé").fill(c=name)
            yield job.qualified_on, Cause("work", words, field)


def _status(whose: Self, owner: str) -> Iterator[Dated]:
    entries = whose.status or ()
    for at, one in enumerate(entries, 1):
        for day, cause in _spell(_KIND[one.kind], one.start, one.end, "permit", f"{owner}.status[{at}]"):
            unknown = _without(whose.work, entries, day, owner) if day != one.start else None
            yield day, cause
            if unknown is not None:
                yield day, unknown


def _without(work: tuple[Job, ...], entries: tuple[Status, ...], day: date, owner: str) -> Cause | None:
    """What is said where a permit ends, no other follows, and work in Canada goes on: whether it counts is open."""
    if any(one.end is None or one.end >= day for one in entries):
        return None
    for at, job in enumerate(work, 1):
        if job.worked_in == CANADA and job.start < day and job.end is None:
            words = Text(
                "the work goes on with no permit known: whether it counts cannot be told",
                "le travail continue sans permis connu : s'il compte est indéterminé",
            )
            return Cause("open", words, f"{owner}.work[{at}]")
    return None


def _relatives(whose: Self, owner: str, adult: int) -> Iterator[Dated]:
    for at, one in enumerate(whose.relatives, 1):
        field = f"{owner}.relatives[{at}]"
        if one.birth_date is not None:
            words = Text("a relative turns {n}", "un parent a {n} ans").fill(n=adult)
            yield anniversary(one.birth_date, adult), Cause("family", words, field)
        if one.start is not None:
            yield one.start, Cause("family", Text("a relative lives in Canada", "un parent vit au Canada"), field)
        if one.end is not None:
            words = Text("a relative no longer lives in Canada", "un parent ne vit plus au Canada")
            yield one.end + timedelta(days=1), Cause("family", words, field)


def _nomination(one: Nomination, field: str) -> Iterator[Dated]:
    place = {"p": one.province}
    if one.accepted_on is not None:
        words = Text("a nomination by {p} is accepted", "une désignation ({p}) est acceptée").fill(**place)
        yield one.accepted_on, Cause("paper", words, field)
    if one.expires_on is not None:
        words = Text("a nomination by {p} has expired", "une désignation ({p}) est expirée").fill(**place)
        yield one.expires_on + timedelta(days=1), Cause("paper", words, field)
    if one.withdrawn_on is not None:
        words = Text("a nomination by {p} is withdrawn", "une désignation ({p}) est retirée").fill(**place)
        yield one.withdrawn_on, Cause("paper", words, field)


def _spell(what: Text, start: date, end: date | None, kind: str, field: str) -> Iterator[Dated]:
    """The first day of something, and the day after its last."""
    yield start, Cause(kind, Text("{w} begins", "{w} : début").fill(w=what), field)
    if end is not None:
        yield end + timedelta(days=1), Cause(kind, Text("{w} has ended", "{w} : fini").fill(w=what), field)


_CERTIFICATE = Text("a certificate of qualification ({a})", "certificat de compétence ({a})")
_OFFER = Text("a job offer ({e})", "offre d'emploi ({e})")
_JOB = Text("work in {c}", "travail ({c})")
_LEAVE = Text("a leave from work in {c}", "congé du travail ({c})")
_RESULTS = Text("results of {t} arrive", "résultats du {t}")
_TEST_DIES = Text(
    "results of {t} reach {n} years: they count no more", "les résultats du {t} ont {n} ans : ils ne comptent plus"
)
_KIND: dict[Any, Text] = {
    "study_permit": Text("a study permit", "permis d'études"),
    "post_graduation": Text("a post-graduation work permit", "permis de travail postdiplôme"),
    "employer_lmia": Text("a work permit on an LMIA", "permis de travail avec EIMT"),
    "employer_exempt": Text("an employer's work permit without an LMIA", "permis lié à un employeur, sans EIMT"),
    "employer_other": Text("another employer's work permit", "autre permis lié à un employeur"),
    "open": Text("an open work permit", "permis de travail ouvert"),
    "bridging": Text("a bridging work permit", "permis de travail transitoire"),
    "maintained": Text("maintained status", "statut maintenu"),
    "no_permit_needed": Text("work without need of a permit", "travail sans permis requis"),
    "refugee_claimant": Text("a refugee claim", "demande d'asile"),
    "visitor": Text("a stay as a visitor", "séjour comme visiteur"),
    "none": Text("a stay without status", "séjour sans statut"),
}
