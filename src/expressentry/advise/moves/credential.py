"""Documents that are added: the assessment of a credential, a certificate of qualification, a nomination."""

from __future__ import annotations

from datetime import date
from typing import Literal

from expressentry.advise.moves.case import NOW, PlanningCase, changed, with_documents
from expressentry.advise.moves.model import Move, for_profile, shipped_moves
from expressentry.dates import anniversary
from expressentry.factors.derive.assessors import Assessors, valid_assessments
from expressentry.factors.derive.days import prepared
from expressentry.factors.derive.jobs import codes
from expressentry.profile.countries import CANADA, countries
from expressentry.profile.labels import SHORT_LEVELS
from expressentry.profile.model import Certificate, Credential, CredentialAssessment, Job, Nomination, Profile
from expressentry.text import Text

_PROVINCE: Literal["ON"] = "ON"
_AUTHORITY = "Ontario"
"""Where a nomination or a certificate comes from, as an example: no grid reads it."""

_ASSESSED = {
    "person": Text("Have your {y} {l} assessed", "Faire évaluer votre diplôme de {y} ({l})"),
    "partner": Text("Have your partner's {y} {l} assessed", "Faire évaluer le diplôme de {y} de votre conjoint ({l})"),
}


def assessments(profile: Profile) -> list[Move]:
    """A move for each foreign credential that was completed."""
    pattern, found = shipped_moves()["{who}assess_{position}"], []
    for owner, whose in profile.individuals().items():
        for position, one in enumerate(whose.credentials, 1):
            if one.country == CANADA or one.completed_on is None:
                continue
            alike = [other for other in whose.credentials if _named(other) == _named(one)]
            level = SHORT_LEVELS[one.level]
            if len(alike) > 1:
                level = Text("{l}, {c}", "{l}, {c}").fill(l=level, c=countries()[one.country])
            title = _ASSESSED[owner].fill(y=one.completed_on.year, l=level)
            whom = "" if owner == "person" else "partner_"
            found.append(for_profile(pattern, who=whom, position=position, credential=title))
    return found


def _named(one: Credential) -> tuple[str, int | None]:
    """What the title of an assessment tells of a credential."""
    return one.level, one.completed_on.year if one.completed_on else None


def _credential(profile: Profile, move: Move) -> tuple[str, Credential]:
    owner = "partner" if move.given["who"] else "person"
    return owner, profile.individuals()[owner].credentials[move.given["position"] - 1]


def _assessors(case: PlanningCase, owner: str) -> Assessors:
    """Whose assessments count for the person; a partner may go to any designated body."""
    return prepared(case.profile, case.law).assessors if owner == "person" else Assessors(case.law)


def impossible_assessment(case: PlanningCase, move: Move) -> Text | None:
    """A credential is assessed that is not, or whose assessment expires while the plans are carried out."""
    owner, one = _credential(case.profile, move)
    if one.completed_on is None or one.completed_on > case.start:
        return Text("not completed yet", "pas encore obtenu")
    evidence, assessors = case.law.evidence.on(case.start), _assessors(case, owner)
    valid = valid_assessments(one, case.start, evidence)
    counted = [a.on for a in valid if assessors.accept(a, case.start, assessors.usual)]
    if any(anniversary(day, evidence.assessment_valid_years) > case.horizon for day in counted):
        return Text("already assessed", "déjà évalué")
    return None


def _assessed_on(case: PlanningCase, one: Credential) -> list[date]:
    return [done.on for done in one.assessments or () if done.on <= case.start]


def assessed_before(case: PlanningCase, move: Move) -> bool:
    """Whether the credential was assessed before."""
    return bool(_assessed_on(case, _credential(case.profile, move)[1]))


def bodies_needed(case: PlanningCase, move: Move) -> tuple[Text, ...]:
    """The names of the bodies of which one must assess the credential; none where any designated body may."""
    owner, _ = _credential(case.profile, move)
    return _assessors(case, owner).named(case.start)


def apply_assessment(profile: Profile, case: PlanningCase, move: Move, ready: date) -> Profile:
    """An assessment that finds the credential equal to its own level."""
    owner, one = _credential(profile, move)
    return assessed(profile, owner, one, _assessors(case, owner).advised(case.start), ready)


def assessed(profile: Profile, owner: str, one: Credential, body: str, on: date) -> Profile:
    """The profile once a body has found a credential equal to its own level."""
    done = CredentialAssessment(body=body, on=on, result=one.level)
    with_it = one.model_copy(update={"assessments": (*(one.assessments or ()), done)})
    held = profile.individuals()[owner].credentials
    return with_documents(profile, owner, credentials=tuple(with_it if each is one else each for each in held))


def trade_of(case: PlanningCase) -> str | None:
    """The occupation of the last job in a skilled trade."""
    job = _trade_job(case)
    return codes(job, NOW)[0] if job else None


def _trade_job(case: PlanningCase) -> Job | None:
    jobs = [job for job in case.profile.person.work if codes(job, NOW)[0] in case.law.trades(NOW)]
    return max(jobs, key=lambda job: job.start, default=None)


def impossible_certificate(case: PlanningCase, move: Move) -> Text | None:
    """A certificate is for a trade that was practised."""
    if case.facts["certificate_of_qualification"]:
        return Text("you already have a certificate", "vous avez déjà un certificat")
    if _trade_job(case) is None:
        return Text("you have no work in a skilled trade", "vous n'avez pas travaillé dans un métier spécialisé")
    return None


def apply_certificate(profile: Profile, case: PlanningCase, move: Move, ready: date) -> Profile:
    """A certificate in the trade of the last job in one."""
    noc = trade_of(case)
    assert noc is not None
    one = Certificate(noc2021=noc, authority=_AUTHORITY, issued_on=ready)
    return with_documents(profile, "person", certificates=(*profile.person.certificates, one))


def impossible_nomination(case: PlanningCase, move: Move) -> Text | None:
    """One nomination is enough."""
    held = case.facts["provincial_nomination"]
    return Text("you already have a nomination", "vous avez déjà une désignation") if held else None


def apply_nomination(profile: Profile, case: PlanningCase, move: Move, ready: date) -> Profile:
    """An enhanced nomination, accepted."""
    one = Nomination(kind="enhanced", province=_PROVINCE, accepted_on=ready)
    return changed(profile, nominations=(*profile.nominations, one))
