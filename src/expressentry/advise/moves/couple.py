"""Moves about who applies, who comes along, and papers that are simply added."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from expressentry.advise.moves.case import NOW, Case, changed, changed_papers
from expressentry.advise.moves.model import Move, for_profile, shipped_moves
from expressentry.dates import anniversary
from expressentry.factors.derive.education import credential_row
from expressentry.factors.derive.jobs import codes
from expressentry.profile.countries import CANADA
from expressentry.profile.model import (
    Certificate,
    Credential,
    CredentialAssessment,
    Job,
    Nomination,
    Partner,
    Person,
    Profile,
)
from expressentry.text import Text

_PROVINCE: Literal["ON"] = "ON"
_AUTHORITY = "Ontario"
"""Where a nomination or a certificate comes from, as an example: no grid reads it."""

_ASSESSED = {
    "person": Text("An assessment of", "Une évaluation de"),
    "partner": Text("Partner: an assessment of", "Conjoint : une évaluation de"),
}
_SELF = ("tests", "credentials", "work", "relatives", "status")


# Assessments: one move for each credential.


def assessments(profile: Profile) -> list[Move]:
    """A move for each foreign credential that was completed."""
    pattern, found = shipped_moves()["{who}assess_{position}"], []
    for owner, whose in (("person", profile.person), ("partner", profile.partner)):
        for position, one in enumerate(whose.credentials if whose else (), 1):
            if one.country == CANADA or one.completed_on is None:
                continue
            mine = owner == "person"
            found.append(
                for_profile(
                    pattern,
                    who="" if mine else "partner_",
                    whose=_ASSESSED[owner],
                    position=position,
                    credential=f"{owner}.credentials[{position}] ({one.level}, {one.completed_on.year})",
                )
            )
    return found


def _credential(profile: Profile, move: Move) -> tuple[str, Credential]:
    owner = "partner" if move.given["who"] else "person"
    whose = profile.person if owner == "person" else profile.partner
    assert whose is not None
    return owner, whose.credentials[move.given["position"] - 1]


def impossible_assessment(case: Case, move: Move) -> Text | None:
    """A credential is assessed that is not, or whose assessment dies while the plans are carried out."""
    _, one = _credential(case.profile, move)
    if one.completed_on is None or one.completed_on > case.start:
        return Text("not yet completed", "pas encore complété")
    evidence = case.law.evidence.on(case.start)
    until = [
        anniversary(done.on, evidence.assessment_valid_years) for done in one.assessments or () if done.on <= case.start
    ]
    if credential_row(one, case.start, evidence) is not None and max(until) > case.horizon:
        return Text("assessed already", "déjà évalué")
    return None


def apply_assessment(profile: Profile, case: Case, move: Move, ready: date) -> Profile:
    """An assessment that finds the credential equal to its own level."""
    owner, one = _credential(profile, move)
    done = CredentialAssessment(body="ECA", on=ready, result=one.level)
    assessed = one.model_copy(update={"assessments": (*(one.assessments or ()), done)})
    whose = profile.person if owner == "person" else profile.partner
    assert whose is not None
    at = move.given["position"] - 1
    credentials = (*whose.credentials[:at], assessed, *whose.credentials[at + 1 :])
    return changed_papers(profile, owner, credentials=credentials)


# A certificate, a nomination.


def _trade_job(case: Case) -> Job | None:
    jobs = [job for job in case.profile.person.work if codes(job, NOW)[0] in case.law.trades(NOW)]
    return max(jobs, key=lambda job: job.start, default=None)


def impossible_certificate(case: Case, move: Move) -> Text | None:
    """A certificate is for a trade that was practised."""
    if case.facts["certificate_of_qualification"]:
        return Text("a certificate is held already", "un certificat est déjà détenu")
    if _trade_job(case) is None:
        return Text("no work in a skilled trade", "aucun travail dans un métier spécialisé")
    return None


def apply_certificate(profile: Profile, case: Case, move: Move, ready: date) -> Profile:
    """A certificate in the trade of the last job in one."""
    job = _trade_job(case)
    assert job is not None
    noc = codes(job, NOW)[0]
    one = Certificate(noc2021=noc, authority=_AUTHORITY, issued_on=ready)
    return changed_papers(profile, "person", certificates=(*profile.person.certificates, one))


def impossible_nomination(case: Case, move: Move) -> Text | None:
    """One nomination is enough."""
    held = case.facts["provincial_nomination"]
    return Text("a nomination is held already", "une désignation est déjà détenue") if held else None


def apply_nomination(profile: Profile, case: Case, move: Move, ready: date) -> Profile:
    """An enhanced nomination, accepted."""
    one = Nomination(kind="enhanced", province=_PROVINCE, accepted_on=ready)
    return changed(profile, nominations=(*profile.nominations, one))


# The couple.


def impossible_swap(case: Case, move: Move) -> Text | None:
    """A partner applies who needs to, and whose birth date is known."""
    partner = case.profile.partner
    if partner is None or (partner.start is not None and partner.start > case.start):
        return Text("no partner", "pas de conjoint")
    if partner.citizen_or_resident != "none":
        return Text("the partner is a citizen or resident", "le conjoint est citoyen ou résident")
    if partner.birth_date is None:
        return Text("the partner's birth date is not given", "la naissance du conjoint n'est pas donnée")
    return None


def apply_swap(profile: Profile, case: Case, move: Move, ready: date) -> Profile:
    """Each has their own papers; what only a principal applicant has does not follow."""
    old, partner = profile.person, profile.partner
    assert partner is not None
    assert partner.birth_date is not None
    theirs = {name: getattr(partner, name) for name in _SELF}
    # Fields are built by the names that they have in a file.
    mine: dict[str, Any] = {name: getattr(old, name) for name in _SELF} | {"from": partner.start}
    person = Person.model_construct(**theirs, birth_date=partner.birth_date, certificates=(), first_language=None)
    other = Partner.model_construct(
        **mine,
        birth_date=old.birth_date,
        accompanying=partner.accompanying,
        citizen_or_resident="none",
        living_in_canada=False,
    )
    return changed(profile, person=person, partner=other, nominations=(), job_offers=())


def impossible_accompany(case: Case, move: Move) -> Text | None:
    """Whether a partner comes along matters where the law counts one."""
    partner = case.profile.partner
    if partner is None or (partner.start is not None and partner.start > case.start):
        return Text("no partner", "pas de conjoint")
    if partner.citizen_or_resident != "none":
        return Text("the partner is a citizen or resident", "le conjoint est citoyen ou résident")
    if partner.accompanying is move.given["comes"]:
        return Text("it is so already", "c'est déjà le cas")
    return None


def apply_accompany(profile: Profile, case: Case, move: Move, ready: date) -> Profile:
    """The partner comes along, or does not."""
    return changed_papers(profile, "partner", accompanying=move.given["comes"])


def impossible_first(case: Case, move: Move) -> Text | None:
    """A first language is changed where one was chosen; else the better one is taken."""
    chosen = case.profile.person.first_language
    if chosen is None:
        return Text("none is chosen: the better one is taken", "aucune n'est choisie : la meilleure est prise")
    if chosen == move.given["language"]:
        return Text("it is so already", "c'est déjà le cas")
    return None


def apply_first(profile: Profile, case: Case, move: Move, ready: date) -> Profile:
    """Choose a language as first."""
    return changed_papers(profile, "person", first_language=move.given["language"])
