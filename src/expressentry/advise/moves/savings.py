"""Savings: the settlement funds that are missing, put aside month by month."""

from __future__ import annotations

from datetime import date

from expressentry.advise.moves.case import PlanningCase, changed
from expressentry.advise.moves.model import Move
from expressentry.law.criteria.programs import funds_range
from expressentry.profile.model import Funds, Profile
from expressentry.text import Text


def required(case: PlanningCase, day: date) -> int | None:
    """The funds that the law of a day asks for the family; None where its size is not known."""
    size = case.facts.get("family_size")
    return None if size is None else funds_range(case.law.on(day).selection.funds, size, size)[0]


def missing(case: PlanningCase) -> int:
    """How much is missing on the first day."""
    have, needed = case.facts.get("funds_cad"), required(case, case.start)
    return 0 if have is None or needed is None else max(0, needed - have)


def impossible_savings(case: PlanningCase, move: Move) -> Text | None:
    """Savings grow to what is required from an amount that is known and too low."""
    if case.facts.get("funds_cad") is None:
        return Text("your settlement funds are not given", "vos fonds d'établissement ne sont pas donnés")
    if not missing(case):
        return Text("you have the funds that are required", "vous avez les fonds exigés")
    return None


def apply_savings(profile: Profile, case: PlanningCase, move: Move, ready: date) -> Profile:
    """A statement of the amount that the law of the day requires."""
    amount = required(case, ready)
    assert amount is not None
    before = tuple(one for one in profile.funds or () if one.on <= ready)
    return changed(profile, funds=(*before, Funds(on=ready, amount_cad=amount)))
