"""Assessments that do not count though the person has them, and credentials that count only once they are assessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from expressentry.dates import long_day
from expressentry.factors.derive.assessors import Assessors, valid_assessments
from expressentry.factors.derive.days import prepared
from expressentry.factors.derive.education import ORDER, row_of_level
from expressentry.law.law import Law
from expressentry.profile.countries import CANADA
from expressentry.profile.model import Credential, CredentialAssessment, Profile
from expressentry.profile.remarks import Remark
from expressentry.text import Text


def refused_assessments(profile: Profile, on: date, law: Law) -> tuple[Remark, ...]:
    """Each assessment that surely does not count on a day, of credentials of which none does, with the reason.

    Args:
        profile: The dated facts.
        on: The day asked about.
        law: The law of each day.

    >>> from expressentry.law.load import load_law
    >>> from expressentry.profile.read import read_profile
    >>> nobody = {"tests": [], "work": [], "relatives": [], "certificates": []}
    >>> degree = {"level": "masters", "country": "IN", "completed_on": "2016-06-30",
    ...           "assessments": [{"body": "WES", "on": "2020-05-02", "result": "masters"}]}
    >>> facts = {"person": {"birth_date": "1993-04-12", "credentials": [degree], **nobody},
    ...          "children": [], "nominations": [], "job_offers": []}
    >>> [one.text.en for one in refused_assessments(read_profile(facts), date(2026, 11, 28), load_law())]
    ['Your credential assessment (ECA) of 2 May 2020 is not counted: it is 5 years old or older']
    """
    found: list[Remark] = []
    for owner, field, one, assessors in _foreign(profile, law):
        counted = [a for a in valid_assessments(one, on, law.evidence.on(on)) if _may_count(assessors, field, a, on)]
        for at, assessment in enumerate(() if counted else one.assessments or (), 1):
            if assessment.on <= on:
                what = _WHOSE[owner].fill(day=long_day(assessment.on))
                why = _why(assessors, one, at - 1, on, law)
                place = f"{field}.assessments[{at}]"
                found.append(Remark("not_accepted", place, _NOT_COUNTED.fill(what=what, why=why)))
    return tuple(found)


class Unassessed(NamedTuple):
    """A credential that counts only once it is assessed: its row of the grid if it is found equal to its own level.

    `bodies` are those of which one must assess it; none where any designated body may.
    """

    credential: Credential
    row: str
    bodies: tuple[Text, ...]


def to_be_assessed(profile: Profile, on: date, law: Law) -> Unassessed | None:
    """The highest of the person's credentials that count only once they are assessed; None where there is none.

    Args:
        profile: The dated facts.
        on: The day asked about.
        law: The law of each day.
    """
    open_ = [
        (one, assessors)
        for owner, field, one, assessors in _foreign(profile, law)
        if owner == "person"
        and one.completed_on is not None
        and one.completed_on <= on
        and not any(_may_count(assessors, field, a, on) for a in valid_assessments(one, on, law.evidence.on(on)))
    ]
    if not open_:
        return None
    best, assessors = max(open_, key=lambda pair: ORDER.index(row_of_level(pair[0].level)))
    return Unassessed(best, row_of_level(best.level), assessors.named(on))


def _foreign(profile: Profile, law: Law) -> Iterator[tuple[str, str, Credential, Assessors]]:
    """Each credential from abroad, of both, with its place and whose assessments count."""
    for owner, whose in profile.individuals().items():
        assessors = prepared(profile, law).assessors if owner == "person" else Assessors(law)
        for at, one in enumerate(whose.credentials, 1):
            if one.country != CANADA:
                yield owner, f"{owner}.credentials[{at}]", one, assessors


def _may_count(assessors: Assessors, field: str, assessment: CredentialAssessment, on: date) -> bool:
    """Whether a valid assessment counts, or may by an open question: those are shown as open questions."""
    best = {**assessors.usual, "licence": "not_needed", f"other_field:{field}": "counts"}
    return any(assessors.accept(assessment, on, chosen) for chosen in (assessors.usual, best))


def _why(assessors: Assessors, one: Credential, at: int, on: date, law: Law) -> Text:
    assessment = (one.assessments or ())[at]
    years = law.evidence.on(on).assessment_valid_years
    if assessment not in valid_assessments(one, on, law.evidence.on(on)):
        return _OLD.fill(n=years)
    if not assessors.bodies.designated(assessment.body, assessment.on):
        return _NOT_DESIGNATED.fill(body=assessment.body, day=long_day(assessment.on))
    return _WRONG_BODY.fill(body=assessment.body, all=Text(" or ", " ou ").join(assessors.named(on)))


_WHOSE = {
    "person": Text("Your credential assessment (ECA) of {day}", "Votre évaluation de diplôme (EDE) du {day}"),
    "partner": Text(
        "Your partner's credential assessment (ECA) of {day}",
        "L'évaluation de diplôme (EDE) de votre conjoint du {day}",
    ),
}
_NOT_COUNTED = Text("{what} is not counted: {why}", "{what} ne compte pas : {why}")
_OLD = Text("it is {n} years old or older", "elle a {n} ans ou plus")
_NOT_DESIGNATED = Text("{body} was not designated on {day}", "{body} n'était pas désigné le {day}")
_WRONG_BODY = Text(
    "it is by {body}, but your occupation needs one by {all}",
    "elle est faite par : {body}, mais votre profession en exige une faite par : {all}",
)
