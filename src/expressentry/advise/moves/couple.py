"""The couple: who is the principal applicant, and whether the partner comes to Canada."""

from __future__ import annotations

from datetime import date
from typing import Any

from expressentry.advise.moves.case import PlanningCase, changed, with_documents
from expressentry.advise.moves.model import Move
from expressentry.profile.model import Partner, Person, Profile
from expressentry.text import Text

_SELF = ("tests", "credentials", "work", "relatives", "status")


def _no_partner_who_counts(case: PlanningCase) -> Text | None:
    """Why no partner is counted by the law."""
    partner = case.profile.partner
    if partner is None or not partner.is_one(case.start):
        return Text("you have no partner", "vous n'avez pas de conjoint")
    if partner.stated("citizen_or_resident", case.start) != "none":
        return Text(
            "your partner is a citizen or permanent resident", "votre conjoint est citoyen ou résident permanent"
        )
    return None


def partner_does_not_count(case: PlanningCase, move: Move) -> bool:
    """Whether a step is the partner's, who is a citizen or permanent resident on the first day."""
    partner = case.profile.partner
    theirs = move.kind == "partner_test" or move.given.get("who") in ("partner", "partner_")
    return theirs and partner is not None and partner.stated("citizen_or_resident", case.start) != "none"


PARTNER_DOES_NOT_COUNT = Text(
    "your partner is a citizen or permanent resident: what they add gives no points",
    "votre conjoint est citoyen ou résident permanent : ce qu'il ajoute ne donne pas de points",
)


def impossible_swap(case: PlanningCase, move: Move) -> Text | None:
    """A partner can apply who is no citizen or resident, and whose birth date is known."""
    reason = _no_partner_who_counts(case)
    if reason is None and case.profile.partner is not None and case.profile.partner.birth_date is None:
        return Text("your partner's birth date is not given", "la date de naissance de votre conjoint n'est pas donnée")
    return reason


def apply_swap(profile: Profile, case: PlanningCase, move: Move, ready: date) -> Profile:
    """Each has their own documents; what only a principal applicant has does not follow."""
    old, partner = profile.person, profile.partner
    assert partner is not None
    assert partner.birth_date is not None
    theirs = {name: getattr(partner, name) for name in _SELF}
    # Fields are built by the names that they have in a file.
    mine: dict[str, Any] = {name: getattr(old, name) for name in _SELF} | {"from": partner.start, "to": partner.end}
    person = Person.model_construct(
        **theirs, birth_date=partner.birth_date, certificates=(), first_language=None, lives_in=old.lives_in
    )
    other = Partner.model_construct(
        **mine,
        birth_date=old.birth_date,
        accompanying=partner.accompanying,
        changes=partner.changes,
        citizen_or_resident="none",
        living_in_canada=False,
    )
    return changed(profile, person=person, partner=other, nominations=(), job_offers=())


def impossible_accompany(case: PlanningCase, move: Move) -> Text | None:
    """Whether a partner comes along matters where the law counts one."""
    reason = _no_partner_who_counts(case)
    if reason is None and case.profile.partner and case.profile.partner.comes(case.start) is move.given["comes"]:
        return Text("this is already the case", "c'est déjà le cas")
    return reason


def apply_accompany(profile: Profile, case: PlanningCase, move: Move, ready: date) -> Profile:
    """The partner comes along, or does not."""
    return with_documents(profile, "partner", accompanying=move.given["comes"], changes=())
