"""Study: a program in Canada, and a degree at home beside work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from expressentry.advise.moves.case import ELSEWHERE, PlanningCase, with_documents, with_status, without_open_jobs
from expressentry.advise.moves.model import Move
from expressentry.dates import months_on
from expressentry.factors.derive.assessors import Assessors
from expressentry.factors.derive.education import ORDER
from expressentry.profile.countries import CANADA
from expressentry.profile.model import Credential, Profile, Status
from expressentry.text import Text


def impossible_study(case: PlanningCase, move: Move) -> Text | None:
    """A program that would add nothing, or that requires a degree the person does not have."""
    level, education = move.given["level"], case.facts["education"]
    needed = {"bachelor": "three_year", "masters": "masters"}
    for asked in move.asks:
        if ORDER.index(_highest(case)) < ORDER.index(needed[asked]):
            return Text("you do not have the degree that it requires", "vous n'avez pas le diplôme exigé")
    canadian = case.facts["canadian_study"]
    counts = move.kind == "study" and (canadian == "none" or (canadian == "one_or_two_year" and level in ORDER[6:]))
    second = education == "three_year" and level in ORDER[2:]
    if ORDER.index(level) > ORDER.index(education) or counts or second:
        return None
    return Text("it is no higher than what already counts", "il n'est pas plus élevé que ce qui compte déjà")


def _highest(case: PlanningCase) -> str:
    """The highest level completed, assessed or not."""
    levels = {"professional": "masters", "under_one_year": "none"}
    held = [one for one in case.profile.person.credentials if one.completed_on and one.completed_on <= case.start]
    return max((levels.get(one.level, one.level) for one in held), key=ORDER.index, default="none")


def ready_study(case: PlanningCase, move: Move) -> date:
    """The day of the credential, or of its assessment."""
    return months_on(case.after(move), move.given["months"])


def apply_study(profile: Profile, case: PlanningCase, move: Move, ready: date) -> Profile:
    """Study in Canada, full time on a study permit: a credential at the end, and no job meanwhile."""
    first, months, person = case.after(move), move.given["months"], profile.person
    study = {
        "present_months": months,
        "full_time_months": months,
        "academic_years": (months + 4) // 10,
        "distance_percent": 0.0,
        "language_percent": 0.0,
        "must_return": False,
    }
    credential = Credential.model_validate(
        {"level": move.given["level"], "country": CANADA, "completed_on": ready, "study": study}
    )
    permit = Status.model_validate({"kind": "study_permit", "from": first, "to": ready})
    return with_documents(
        profile,
        "person",
        credentials=(*person.credentials, credential),
        work=without_open_jobs(person.work, first),
        status=with_status(person, permit),
    )


def apply_degree(profile: Profile, case: PlanningCase, move: Move, ready: date) -> Profile:
    """Study at home beside work: a foreign credential, assessed on the day it is ready."""
    completed = months_on(case.start, move.given["months"])
    level = move.given["level"]
    assessment = {"body": Assessors(case.law).advised(case.start), "on": ready, "result": level}
    country = case.country_abroad("person") or ELSEWHERE
    facts: Mapping[str, Any] = {"level": level, "country": country, "assessments": [assessment]}
    credential = Credential.model_validate({**facts, "completed_on": min(completed, ready)})
    return with_documents(profile, "person", credentials=(*profile.person.credentials, credential))
