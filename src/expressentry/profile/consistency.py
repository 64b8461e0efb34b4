"""What cannot be true of a profile, across its fields. Only what is surely impossible is refused.

Where some fields of a profile cannot be read, the rest is checked all the same: such a field is None here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import singledispatch
from typing import Any

from expressentry.dates import START
from expressentry.errors import ABSENT, Problem, listed
from expressentry.law.languages import ABILITIES
from expressentry.law.law import Law
from expressentry.noc.codes import check_noc, noc2016, noc2021, to_2016, to_2021
from expressentry.profile.countries import CANADA
from expressentry.profile.fields import MOST_SPELLS
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
from expressentry.suggest import Known
from expressentry.text import Text

NAMED = ("employer_lmia", "employer_exempt", "employer_other")
"""The kinds of permit that name employers."""

_CHANGING = ("accompanying", "citizen_or_resident", "living_in_canada")

Part = tuple[str, Any, date | None]


def parts_of(profile: Profile) -> Iterator[Part]:
    """Every table in a list of a profile: its place, the table, and the birth date of the person it is about."""
    for owner, whose in profile.individuals().items():
        for name in ("tests", "credentials", "work", "relatives", "status", "certificates"):
            for position, entry in enumerate(getattr(whose, name, None) or (), 1):
                yield f"{owner}.{name}[{position}]", entry, whose.birth_date
    if profile.partner is not None:
        yield "partner", profile.partner, profile.partner.birth_date
    for name in ("children", "nominations", "job_offers", "funds"):
        for position, entry in enumerate(getattr(profile, name) or (), 1):
            yield f"{name}[{position}]", entry, None


def check_profile(parts: Iterable[Part], law: Law) -> list[Problem]:
    """Everything that cannot be true of the tables of a profile."""
    parts = list(parts)
    found = [problem for field, entry, birth in parts for problem in _wrong(entry, field, birth, law)]
    found += [*_employers(parts), *_same_day(parts), *_too_many(parts)]
    return listed(found, lambda problem: problem, "more", "profile")


def _too_many(parts: list[Part]) -> Iterator[Problem]:
    """More leaves and entries of varying hours than a life of work has, over all jobs."""
    jobs = [entry for _, entry, _ in parts if isinstance(entry, Job)]
    count = sum(len(one.leave or ()) + len(one.varying_hours or ()) for one in jobs)
    if count > MOST_SPELLS:
        rule = Text(
            "at most {n} entries of leave and of varying hours in all jobs",
            "au plus {n} congés et entrées d'heures variables dans tous les emplois",
        )
        fix = Text("join entries that follow each other", "réunir les entrées qui se suivent")
        yield Problem("too_long", "person.work", rule.fill(n=MOST_SPELLS), fix, count)


@singledispatch
def _wrong(entry: object, field: str, birth: date | None, law: Law) -> Iterator[Problem]:
    """Everything that is wrong with one table."""
    return iter(())


@_wrong.register
def _test(entry: Test, field: str, birth: date | None, law: Law) -> Iterator[Problem]:
    yield from _ordered(f"{field}.taken_on", entry.taken_on, birth, _BIRTH)
    yield from _ordered(f"{field}.results_on", entry.results_on, entry.taken_on, _TAKEN)
    scores = {ability: getattr(entry, ability) for ability in ABILITIES}
    if entry.test is not None and entry.taken_on is not None:
        yield from law.languages.check_scores(entry.test, entry.taken_on, scores, field)
    if entry.one_skill_retake and entry.test != "ielts":
        yield _not_here(
            f"{field}.one_skill_retake", Text("only the IELTS test has it", "seul l'IELTS l'offre"), value=True
        )


@_wrong.register
def _credential(entry: Credential, field: str, birth: date | None, law: Law) -> Iterator[Problem]:
    yield from _ordered(f"{field}.completed_on", entry.completed_on, birth, _BIRTH)
    for position, assessment in enumerate(entry.assessments or (), 1):
        place = f"{field}.assessments[{position}]"
        yield from _ordered(f"{place}.on", assessment.on, entry.completed_on or birth, _COMPLETED)
        if assessment.body is not None and (problem := law.bodies.problem(f"{place}.body", assessment.body)):
            yield problem
    if entry.country == CANADA and entry.assessments:
        rule = Text("a Canadian credential is not assessed", "un diplôme canadien n'est pas évalué")
        yield _not_here(f"{field}.assessments", rule)
    abroad = entry.country is not None and entry.country != CANADA
    if abroad and entry.assessments is None and entry.completed_on is not None:
        fix = Text("list the assessments; [] means none", "énumérer les évaluations; [] veut dire « aucune »")
        rule = Text("required for a credential from abroad", "obligatoire pour un diplôme étranger")
        yield Problem("missing", f"{field}.assessments", rule, fix)
    if entry.study is None:
        return
    if abroad:
        yield _not_here(f"{field}.study", Text("only for study in Canada", "seulement pour des études au Canada"))
    if entry.study.to is None and entry.completed_on is None:
        rule = Text("required when the program is not completed", "obligatoire quand le programme n'est pas complété")
        fix = Text("give the last day of study", "donner le dernier jour d'études")
        yield Problem("missing", f"{field}.study.to", rule, fix)
    yield from _ordered(f"{field}.study.to", entry.study.to, birth, _BIRTH)
    yield from _ordered(f"{field}.completed_on", entry.completed_on, entry.study.to, _STUDIED)
    last = entry.study.to or entry.completed_on
    rules = law.evidence.on(last or START)
    if entry.study.relief_months and last is not None and last < rules.study_relief_first:
        rule = Text("only for months from {a} to {b}", "seulement pour des mois du {a} au {b}")
        rule = rule.fill(a=rules.study_relief_first, b=rules.study_relief_last)
        yield _not_here(f"{field}.study.relief_months", rule, value=entry.study.relief_months)


@_wrong.register
def _job(entry: Job, field: str, birth: date | None, law: Law) -> Iterator[Problem]:
    yield from _ordered(f"{field}.from", entry.start, birth, _BIRTH)
    yield from _ordered(f"{field}.to", entry.end, entry.start, _BEGUN)
    yield from _ordered(f"{field}.qualified_on", entry.qualified_on, birth, _BIRTH)
    yield from _nocs(entry, field)
    yield from _hours(entry.hours_per_week, field)
    yield from _weeks(entry, field)
    for position, leave in enumerate(entry.leave or (), 1):
        place = f"{field}.leave[{position}]"
        yield from _ordered(f"{place}.from", leave.start, entry.start, _JOB)
        yield from _ordered(f"{place}.to", leave.end, leave.start, _BEGUN)
        yield from _ordered(f"{field}.to", entry.end, leave.start, _LEFT)


@_wrong.register
def _status(entry: Status, field: str, birth: date | None, law: Law) -> Iterator[Problem]:
    yield from _ordered(f"{field}.from", entry.start, birth, _BIRTH)
    yield from _ordered(f"{field}.to", entry.end, entry.start, _BEGUN)
    if entry.employers and entry.kind not in NAMED:
        rule = Text("only for permits of kind {all}", "seulement pour les permis de genre {all}")
        rule = rule.fill(all=", ".join(NAMED))
        yield _not_here(f"{field}.employers", rule)


@_wrong.register
def _certificate(entry: Certificate, field: str, birth: date | None, law: Law) -> Iterator[Problem]:
    yield from _ordered(f"{field}.issued_on", entry.issued_on, birth, _BIRTH)
    yield from _ordered(f"{field}.to", entry.end, entry.issued_on, _BEGUN)
    yield from _nocs(entry, field)
    if entry.noc2021 in noc2021() and not _in_trades(law, (entry.noc2021,), to_2016(entry.noc2021)):
        yield Problem("not_a_trade", f"{field}.noc2021", _A_TRADE, _NO_LICENCE, entry.noc2021)
    elif entry.noc2016 in noc2016() and not _in_trades(law, to_2021(entry.noc2016), (entry.noc2016,)):
        yield Problem("not_a_trade", f"{field}.noc2016", _A_TRADE, _NO_LICENCE, entry.noc2016)


@_wrong.register
def _partner(entry: Partner, field: str, birth: date | None, law: Law) -> Iterator[Problem]:
    yield from _ordered(f"{field}.to", entry.end, entry.start, _BEGUN)
    seen: set[date] = set()
    for position, one in enumerate(entry.changes or (), 1):
        place = f"{field}.changes[{position}]"
        if all(getattr(one, name) is None for name in _CHANGING):
            rule = Text("must say what is different from that day on", "doit dire ce qui est différent dès ce jour")
            fix = Text(
                "say whether the partner comes, the status in Canada, or whether the partner lives there",
                "dire si le conjoint vient, son statut au Canada, ou s'il y vit",
            )
            yield Problem("nothing_changes", place, rule, fix)
        if one.start is not None and one.start in seen:
            rule = Text("this day is given twice", "ce jour est donné deux fois")
            fix = Text("keep what was declared last", "garder la dernière déclaration")
            yield Problem("twice", f"{place}.from", rule, fix, one.start)
        seen.add(one.start)


@_wrong.register
def _child(entry: Child, field: str, birth: date | None, law: Law) -> Iterator[Problem]:
    yield from _ordered(f"{field}.from", entry.start, entry.birth_date, _BIRTH)
    yield from _ordered(f"{field}.to", entry.end, entry.start or entry.birth_date, _BEGUN)


@_wrong.register
def _relative(entry: Relative, field: str, birth: date | None, law: Law) -> Iterator[Problem]:
    yield from _ordered(f"{field}.to", entry.end, entry.start or entry.birth_date, _BEGUN)


@_wrong.register
def _nomination(entry: Nomination, field: str, birth: date | None, law: Law) -> Iterator[Problem]:
    yield from _ordered(f"{field}.expires_on", entry.expires_on, entry.accepted_on, _ACCEPTED)


@_wrong.register
def _offer(entry: Offer, field: str, birth: date | None, law: Law) -> Iterator[Problem]:
    yield from _ordered(f"{field}.to", entry.end, entry.start, _BEGUN)
    yield from _ordered(f"{field}.lmia_expires_on", entry.lmia_expires_on, entry.lmia_issued_on, _ISSUED)
    for key in ("lmia_issued_on", "lmia_expires_on"):
        if entry.lmia is False and (day := getattr(entry, key)) is not None:
            rule = Text("only for an offer with an LMIA", "seulement pour une offre avec EIMT")
            yield _not_here(f"{field}.{key}", rule, day)
    if entry.duration_months is not None and entry.months_after_visa is not None:
        rule = Text("the length is given twice", "la durée est donnée deux fois")
        yield _not_here(f"{field}.duration_months", rule, entry.duration_months)
    yield from _nocs(entry, field)
    yield from _hours(entry.hours_per_week, field)


def _in_trades(law: Law, new: Iterable[str], old: Iterable[str]) -> bool:
    """Whether one of some codes of either version is a trade of the class."""
    return not law.trades(2021).isdisjoint(new) or not law.trades(2016).isdisjoint(old)


def _ordered(field: str, day: date | None, after: date | None, rule: Text) -> Iterator[Problem]:
    """A problem where a day comes before another that must not be later."""
    if day is not None and after is not None and day < after:
        fix = Text("correct one of the two days", "corriger l'un des deux jours")
        yield Problem("impossible_day", field, rule.fill(day=after), fix, day)


def _nocs(entry: Job | Certificate | Offer, field: str) -> Iterator[Problem]:
    if entry.noc2021 is None and entry.noc2016 is None:
        rule = Text("required: noc2021, noc2016 or both", "obligatoire : noc2021, noc2016 ou les deux")
        fix = Text("find it with `expressentry occupations search`", "chercher avec `expressentry occupations search`")
        yield Problem("missing", f"{field}.noc2021", rule, fix)
    if entry.noc2021 is not None and (problem := check_noc(entry.noc2021, 2021, f"{field}.noc2021")):
        yield problem
    if entry.noc2016 is not None and (problem := check_noc(entry.noc2016, 2016, f"{field}.noc2016")):
        yield problem


def _hours(hours: float, field: str) -> Iterator[Problem]:
    if hours is not None and Decimal(repr(hours)) * 100 % 1:
        rule = Text("must have at most two decimals", "doit avoir au plus deux décimales")
        yield Problem("too_exact", f"{field}.hours_per_week", rule, Text("round it", "l'arrondir"), hours)


def _weeks(job: Job, field: str) -> Iterator[Problem]:
    """Hours that vary lie within the job, and no day has two."""
    before: date | None = None
    for position, one in enumerate(job.varying_hours or (), 1):
        place = f"{field}.varying_hours[{position}]"
        yield from _hours(one.hours_per_week, place)
        yield from _ordered(f"{place}.from", one.start, job.start, _JOB)
        yield from _ordered(f"{place}.to", one.end, one.start, _BEGUN)
        yield from _ordered(f"{field}.to", job.end, one.end or one.start, _VARYING)
        if before is not None and one.start is not None and one.start <= before:
            rule = Text("must come after the entry before it, {day}", "doit suivre l'entrée précédente, {day}")
            fix = Text("put them in order, each day once", "les mettre en ordre, chaque jour une seule fois")
            yield Problem("impossible_day", f"{place}.from", rule.fill(day=before), fix, one.start)
        before = one.end or one.start or before


def _employers(parts: list[Part]) -> Iterator[Problem]:
    """An employer's name spelled almost as on a permit, which would be taken for another employer."""
    named = {name for _, entry, _ in parts if isinstance(entry, Status) for name in entry.employers or ()}
    exact, known = {name.casefold() for name in named}, None
    for field, entry, _ in parts:
        if not isinstance(entry, Job) or not entry.employer or entry.worked_in != CANADA:
            continue
        if entry.employer.casefold() not in exact:
            known = known or Known(sorted(named))
            near = known.near(entry.employer)
            if near is not None:
                rule = Text("spelled differently on a permit", "écrit autrement sur un permis")
                fix = Text("write it as on the permit: {near}", "l'écrire comme sur le permis : {near}").fill(near=near)
                yield Problem("near_miss", f"{field}.employer", rule, fix, entry.employer)


def _same_day(parts: list[Part]) -> Iterator[Problem]:
    seen: set[date] = set()
    for field, entry, _ in parts:
        if isinstance(entry, Funds):
            if entry.on in seen:
                rule = Text("this day has two amounts", "ce jour a deux montants")
                fix = Text("give their total once", "donner leur somme une seule fois")
                yield Problem("twice", f"{field}.on", rule, fix, entry.on)
            seen.add(entry.on)


def _not_here(field: str, rule: Text, value: object = ABSENT) -> Problem:
    return Problem("not_applicable", field, rule, Text("leave it out", "le retirer"), value)


_BIRTH = Text("must not be before the birth on {day}", "ne doit pas précéder la naissance du {day}")
_TAKEN = Text("must not be before the test on {day}", "ne doit pas précéder le test du {day}")
_BEGUN = Text("must not be before its first day, {day}", "ne doit pas précéder le premier jour, {day}")
_JOB = Text("must not be before the job's first day, {day}", "ne doit pas précéder le premier jour de l'emploi, {day}")
_LEFT = Text("must not be before a leave from the job, {day}", "ne doit pas précéder un congé de l'emploi, {day}")
_VARYING = Text(
    "must not be before the last day of hours that vary, {day}",
    "ne doit pas précéder le dernier jour d'heures qui varient, {day}",
)
_COMPLETED = Text("must not be before the credential of {day}", "ne doit pas précéder le diplôme du {day}")
_STUDIED = Text(
    "must not be before the last day of study, {day}", "ne doit pas précéder le dernier jour d'études, {day}"
)
_ISSUED = Text("must not be before its issue on {day}", "ne doit pas précéder sa délivrance le {day}")
_A_TRADE = Text("must be a skilled trade of the trades class", "doit être un métier spécialisé de la catégorie")
_NO_LICENCE = Text(
    "leave it out: a licence or registration in another profession is no certificate of qualification in a trade",
    "le retirer : un permis ou une inscription dans une autre profession n'est pas un certificat de compétence",
)
_ACCEPTED = Text("must not be before the acceptance on {day}", "ne doit pas précéder l'acceptation du {day}")
