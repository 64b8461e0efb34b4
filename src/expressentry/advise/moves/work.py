"""Work: years of a job that goes on or of a new one, and a job in an occupation that a category lists."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from expressentry.advise.moves.case import ELSEWHERE, NOW, PlanningCase, with_documents, with_status, without_open_jobs
from expressentry.advise.moves.model import Move
from expressentry.advise.moves.permit import apply_leave_study, last_permit, may_work
from expressentry.dates import anniversary, months_on
from expressentry.law.schema import MonthsTest
from expressentry.noc.codes import skilled
from expressentry.profile.countries import CANADA
from expressentry.profile.fields import FIRST_DAY
from expressentry.profile.model import Job, Profile, Status
from expressentry.text import Text

_HOURS = 37.5
_USUAL_NOC = "12200"
"""The occupation of a new job where no skilled one was held before: accounting technicians, as an example."""

_MARGIN = 31
MOST_YEARS = 10
"""Work counts for ten years."""


def impossible_work(case: PlanningCase, move: Move) -> Text | None:
    """A year of work needs a partner to do it, and room in the ten years that count."""
    if case.whose(move.given["who"]) is None:
        return Text("you have no partner", "vous n'avez pas de conjoint")
    # A job with a last day may end before the years are complete: then a new one gives them.
    lasting = any(job.end is None for job in case.open_jobs(move.given["who"], canada=move.given["canada"]))
    goes_on = lasting and _goes_on_until(case, move, 1) is not None
    if (goes_on and _goes_on_until(case, move, move.given["years"]) is None) or _full(case, move):
        return Text("only ten years of work count", "seules dix années de travail comptent")
    return None


def _full(case: PlanningCase, move: Move) -> bool:
    """Whether the years would be more than the ten that count."""
    years = case.facts.get(_column(move)) or 0
    return int(years) + int(move.given["years"]) > MOST_YEARS


def _column(move: Move) -> str:
    partner = "partner_" if move.given["who"] == "partner" else ""
    return f"{partner}{'canadian' if move.given['canada'] else 'foreign'}_work_years"


def ready_work(case: PlanningCase, move: Move) -> date:
    """The first day on which as many years more count: of a job that goes on, else of a new one."""
    years = move.given["years"]
    return _goes_on_until(case, move, years) or anniversary(case.after(move), years)


def apply_work(profile: Profile, case: PlanningCase, move: Move, ready: date) -> Profile:
    """A job that goes on is no new fact; a new job begins, and others end."""
    who, years = move.given["who"], move.given["years"]
    if _goes_on_until(case, move, years) is not None:
        return profile
    return _new_job(profile, case, who, anniversary(ready, -years), ready, canada=move.given["canada"])


def goes_on(case: PlanningCase, move: Move) -> bool:
    """Whether a present job gives the years."""
    return _goes_on_until(case, move, move.given["years"]) is not None


def _goes_on_until(case: PlanningCase, move: Move, years: int) -> date | None:
    """The day on which a present job has given the years; None where there is none that counts."""
    key = f"{_column(move)}+{years}"
    if key not in case.goes_on:
        case.goes_on[key] = _counted_until(case, move, years)
    return case.goes_on[key]


def _counted_until(case: PlanningCase, move: Move, years: int) -> date | None:
    """Halve the days between: what counts is read off the days themselves, permits and study taken care of."""
    who, canada, column = move.given["who"], move.given["canada"], _column(move)
    if not any(case.skilled(job) for job in case.open_jobs(who, canada=canada)):
        return None
    going_on = _undisturbed(case, who)

    def counted(days: int) -> int:
        return min(map(int, case.variants.derive(going_on, case.start + timedelta(days=days)).values(column)))

    wanted, low, high = counted(0) + years, 0, 366 * years + _MARGIN
    if counted(high) < wanted:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if counted(middle) >= wanted else (middle, high)
    return case.start + timedelta(days=high)


def _undisturbed(case: PlanningCase, who: str) -> Profile:
    """The profile with authority to work to the end, study left, and the partner counted: what a job could give."""
    profile = apply_leave_study(case.profile, case, None, case.start)
    whose = profile.individuals()[who]
    last = last_permit(whose)
    begins = FIRST_DAY if whose.status is None else last.end + timedelta(days=1) if last and last.end else None
    if begins:
        more = Status.model_validate({"kind": "open", "from": begins})
        profile = with_documents(profile, who, status=(*(whose.status or ()), more))
    if who == "partner":
        # A partner still to come is taken to be one already: their work counts from its own days on.
        counted = {"accompanying": True, "citizen_or_resident": "none", "changes": (), "start": None, "end": None}
        profile = with_documents(profile, who, **counted)
    return profile


def _new_job(
    profile: Profile, case: PlanningCase, who: str, first: date, ready: date, *, canada: bool, noc: str | None = None
) -> Profile:
    """A full-time job from a day on, in the occupation of the last skilled one unless another is named."""
    whose = profile.individuals()[who]
    held = sorted(
        (job for job in whose.work if case.skilled(job)), key=lambda job: (job.goes_on(case.start), job.start)
    )
    occupation: dict[str, Any] = {"noc2021": noc or _USUAL_NOC}
    if noc is None and held:
        known = {"noc2021": held[-1].noc2021, "noc2016": held[-1].noc2016, "qualified_on": held[-1].qualified_on}
        occupation = {key: value for key, value in known.items() if value is not None}
    place = (
        {"worked_in": CANADA, "full_time_student": False}
        if canada
        else {"worked_in": case.country_abroad(who) or ELSEWHERE}
    )
    job = Job.model_validate({**occupation, **place, "from": first, "hours_per_week": _HOURS})
    documents: dict[str, Any] = {"work": (*without_open_jobs(whose.work, first), job)}
    if canada and not may_work(whose, first, ready):
        more = Status.model_validate({"kind": "open", "from": first, "to": ready})
        documents["status"] = with_status(whose, more)
    return with_documents(profile, who, **documents)


# A job in an occupation that a category lists.


def impossible_listed(case: PlanningCase, move: Move) -> Text | None:
    """A job in a listed occupation is for a category that lists some."""
    if case.category is None:
        return Text("no category was chosen", "aucune catégorie n'a été choisie")
    if not _occupations(case):
        return Text("the category lists no occupation", "la catégorie ne vise aucune profession")
    return None


def ready_listed(case: PlanningCase, move: Move) -> date:
    """The day on which the job has given the months required, by hours and by the calendar."""
    return months_on(case.after(move), max(one.least for one in _asked(case))) + timedelta(days=4)


def apply_listed(profile: Profile, case: PlanningCase, move: Move, ready: date) -> Profile:
    """A new full-time job, where the category wants it."""
    own = [job.noc2021 for job in case.profile.person.work if job.noc2021 in _occupations(case)]
    fitting = [code for code in sorted(_occupations(case)) if skilled(code, NOW)]
    noc = str(next(iter((*own, *fitting)), min(_occupations(case))))
    return _new_job(profile, case, "person", case.after(move), ready, canada=_in_canada(case), noc=noc)


def _asked(case: PlanningCase) -> list[MonthsTest]:
    """What the category asks of months of work on the first day."""
    categories = case.law.on(case.start).selection.categories
    laws = [law for law in categories if law.category == case.category]
    conditions = [c for law in laws for criterion in law.criteria for c in criterion.conditions()]
    return [condition for condition in conditions if isinstance(condition, MonthsTest)]


def _occupations(case: PlanningCase) -> frozenset[str]:
    return frozenset().union(*(one.codes for one in _asked(case)))


def _in_canada(case: PlanningCase) -> bool:
    """Whether the job is in Canada: the category asks for it, or the person works there."""
    here = any(one.measure == "canada_months" for one in _asked(case))
    return here or bool(case.open_jobs("person", canada=True))
