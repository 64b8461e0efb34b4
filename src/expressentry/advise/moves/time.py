"""Moves that fill a person's days: work, study, a permit, a job in a listed occupation, leaving study."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from expressentry.advise.moves.case import NOW, Case, changed_papers, ended, with_status, without_open_jobs
from expressentry.advise.moves.model import Move
from expressentry.dates import anniversary, months_on
from expressentry.factors.derive.education import ORDER
from expressentry.factors.derive.jobs import SKILLED, teer
from expressentry.factors.derive.status import PERMIT, STUDY, ImmigrationStatus
from expressentry.law.schema import MonthsTest
from expressentry.profile.countries import CANADA
from expressentry.profile.fields import FIRST_DAY
from expressentry.profile.model import Credential, Job, Profile, Self, Status
from expressentry.text import Text

_HOURS = 37.5
_USUAL_NOC = "12200"
"""The occupation of a new job where no skilled one was held before: accounting technicians, as an example."""

_NO_PERMIT = ("study_permit", "refugee_claimant", "visitor", "none")
_PERMIT_YEARS = 2
_MARGIN = 31
MOST_YEARS = 10
"""Work counts for ten years."""

Papers = tuple[tuple[Job, ...], tuple[Status, ...] | None]


def impossible_work(case: Case, move: Move) -> Text | None:
    """A year of work needs a partner to do it, or a country."""
    if case.whose(move.given["who"]) is None:
        return Text("no partner", "pas de conjoint")
    if not move.given["canada"] and _country(case, "person") is None:
        return Text("no country outside Canada in the profile", "aucun pays hors du Canada au profil")
    goes_on = _goes_on_until(case, move, 1) is not None
    if (goes_on and _goes_on_until(case, move, move.given["years"]) is None) or _full(case, move):
        return Text("ten years hold no more", "dix ans n'en contiennent pas davantage")
    return None


def _full(case: Case, move: Move) -> bool:
    """Whether the years would be more than the ten that count."""
    years = case.facts.get(_column(move)) or 0
    return int(years) + int(move.given["years"]) > MOST_YEARS


def _column(move: Move) -> str:
    partner = "partner_" if move.given["who"] == "partner" else ""
    return f"{partner}{'canadian' if move.given['canada'] else 'foreign'}_work_years"


def ready_work(case: Case, move: Move) -> date:
    """The first day on which as many years more count: of a job that goes on, else of a new one."""
    years = move.given["years"]
    return _goes_on_until(case, move, years) or anniversary(case.after(move), years)


def apply_work(profile: Profile, case: Case, move: Move, ready: date) -> Profile:
    """A job that goes on is no new fact; a new job begins, and others end."""
    who, years = move.given["who"], move.given["years"]
    if _goes_on_until(case, move, years) is not None:
        return profile
    return _new_job(profile, case, who, anniversary(ready, -years), ready, canada=move.given["canada"])


def _goes_on_until(case: Case, move: Move, years: int) -> date | None:
    """The day on which a present job has given the years; None where there is none that counts."""
    key = f"{_column(move)}+{years}"
    if key not in case.goes_on:
        case.goes_on[key] = _counted_until(case, move, years)
    return case.goes_on[key]


def _counted_until(case: Case, move: Move, years: int) -> date | None:
    """Halve the days between: what counts is read off the days themselves, permits and study taken care of."""
    who, canada, column = move.given["who"], move.given["canada"], _column(move)
    if not any(case.skilled(job) for job in case.open_jobs(who, canada=canada)):
        return None
    going_on = _undisturbed(case, who)

    def counted(days: int) -> int:
        derived = case.variants.derive(going_on, case.start + timedelta(days=days))
        return min(int(reading.facts[column]) for reading in derived.readings)

    wanted, low, high = counted(0) + years, 0, 366 * years + _MARGIN
    if counted(high) < wanted:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if counted(middle) >= wanted else (middle, high)
    return case.start + timedelta(days=high)


def _undisturbed(case: Case, who: str) -> Profile:
    """The profile with authority to work to the end, study left, and the partner counted: what a job could give."""
    profile = apply_leave_study(case.profile, case, None, case.start)
    whose = profile.person if who == "person" else profile.partner
    assert whose is not None
    last = _last_permit(whose)
    begins = FIRST_DAY if whose.status is None else last.end + timedelta(days=1) if last and last.end else None
    if begins:
        more = Status.model_validate({"kind": "open", "from": begins})
        profile = changed_papers(profile, who, status=(*(whose.status or ()), more))
    if who == "partner":
        profile = changed_papers(profile, who, accompanying=True, citizen_or_resident="none")
    return profile


def _new_job(
    profile: Profile, case: Case, who: str, first: date, ready: date, *, canada: bool, noc: str | None = None
) -> Profile:
    """A full-time job from a day on, in the occupation of the last skilled one unless another is named."""
    whose = profile.person if who == "person" else profile.partner
    assert whose is not None
    held = sorted((job for job in whose.work if case.skilled(job)), key=lambda job: (job.end is None, job.start))
    occupation: dict[str, Any] = {"noc2021": noc or _USUAL_NOC}
    if noc is None and held:
        told = {"noc2021": held[-1].noc2021, "noc2016": held[-1].noc2016, "qualified_on": held[-1].qualified_on}
        occupation = {key: value for key, value in told.items() if value is not None}
    place = {"worked_in": CANADA, "full_time_student": False} if canada else {"worked_in": _country(case, who)}
    job = Job.model_validate({**occupation, **place, "from": first, "hours_per_week": _HOURS})
    papers: dict[str, Any] = {"work": (*without_open_jobs(whose.work, first), job)}
    if canada and not _may_work(whose, first, ready):
        more = Status.model_validate({"kind": "open", "from": first, "to": ready})
        papers["status"] = with_status(whose, more)
    return changed_papers(profile, who, **papers)


def _may_work(whose: Self, first: date, last: date) -> bool:
    """Whether the papers already let a person work on each of the days."""
    stretches = ImmigrationStatus(whose.status).stretches(
        first.toordinal(), last.toordinal() + 1, employer=None, continues=False
    )
    return all(state == PERMIT for _, _, state in stretches)


def _country(case: Case, who: str) -> str | None:
    """The country outside Canada of the last job, else of a credential."""
    whose = case.whose(who)
    jobs = sorted((job for job in (whose.work if whose else ()) if job.worked_in != CANADA), key=lambda job: job.start)
    degrees = [one.country for one in (whose.credentials if whose else ()) if one.country != CANADA]
    return jobs[-1].worked_in if jobs else next(iter(degrees), None)


# Study.


def impossible_study(case: Case, move: Move) -> Text | None:
    """A program that would be no step up, or that asks for a degree not held."""
    level, education = move.given["level"], case.facts["education"]
    needed = {"bachelor": "three_year", "masters": "masters"}
    for asked in move.asks:
        if ORDER.index(_highest(case)) < ORDER.index(needed[asked]):
            return Text("it asks for a degree that is not held", "il exige un diplôme qui n'est pas détenu")
    canadian = case.facts["canadian_study"]
    pays = move.kind == "study" and (canadian == "none" or (canadian == "one_or_two_year" and level in ORDER[6:]))
    second = education == "three_year" and level in ORDER[2:]
    if ORDER.index(level) > ORDER.index(education) or pays or second:
        if move.kind == "degree" and _country(case, "person") is None:
            return Text("no country outside Canada in the profile", "aucun pays hors du Canada au profil")
        return None
    return Text("no step up from what counts today", "pas un pas de plus que ce qui compte aujourd'hui")


def _highest(case: Case) -> str:
    """The highest level completed, assessed or not."""
    levels = {"professional": "masters", "under_one_year": "none"}
    held = [one for one in case.profile.person.credentials if one.completed_on and one.completed_on <= case.start]
    return max((levels.get(one.level, one.level) for one in held), key=ORDER.index, default="none")


def ready_study(case: Case, move: Move) -> date:
    """The day of the credential, or of its assessment."""
    return months_on(case.after(move), move.given["months"])


def apply_study(profile: Profile, case: Case, move: Move, ready: date) -> Profile:
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
    return changed_papers(
        profile,
        "person",
        credentials=(*person.credentials, credential),
        work=without_open_jobs(person.work, first),
        status=with_status(person, permit),
    )


def apply_degree(profile: Profile, case: Case, move: Move, ready: date) -> Profile:
    """Study at home beside work: a foreign credential, assessed on the day it is ready."""
    completed = months_on(case.start, move.given["months"])
    level = move.given["level"]
    assessment = {"body": "ECA", "on": ready, "result": level}
    country = _country(case, "person")
    facts: Mapping[str, Any] = {"level": level, "country": country, "assessments": [assessment]}
    credential = Credential.model_validate({**facts, "completed_on": min(completed, ready)})
    return changed_papers(profile, "person", credentials=(*profile.person.credentials, credential))


# Permits, and leaving study.


def impossible_permit(case: Case, move: Move) -> Text | None:
    """A permit is made longer where one ends and a job in Canada goes on."""
    last = _last_permit(case.profile.person)
    if last is None or last.end is None or last.end < case.start:
        return Text("no permit to work that ends", "aucun permis de travail qui prend fin")
    if not case.open_jobs("person", canada=True):
        return Text("no job in Canada that goes on", "aucun emploi au Canada qui continue")
    return None


def apply_permit(profile: Profile, case: Case, move: Move, ready: date) -> Profile:
    """An open permit from the end of the last one."""
    last = _last_permit(case.profile.person)
    assert last is not None
    assert last.end is not None
    permit = {"kind": "open", "from": last.end + timedelta(days=1), "to": anniversary(last.end, _PERMIT_YEARS)}
    status = with_status(profile.person, Status.model_validate(permit))
    return changed_papers(profile, "person", status=status)


def _last_permit(whose: Self) -> Status | None:
    """The permit to work that ends last."""
    permits = [one for one in whose.status or () if one.kind not in _NO_PERMIT]
    return max(permits, key=lambda one: one.end or date.max, default=None)


def impossible_leave_study(case: Case, move: Move) -> Text | None:
    """Study is left where a job in Canada is done beside it."""
    if any(_beside_study(case, job) for job in case.open_jobs("person", canada=True)):
        return None
    return Text("no job in Canada beside full-time study", "aucun emploi au Canada durant des études à temps plein")


def apply_leave_study(profile: Profile, case: Case, move: Move | None, ready: date) -> Profile:
    """From a day on the job is a new entry, no longer beside study."""
    work: list[Job] = []
    for job in profile.person.work:
        if job.end is not None or job.start > case.start or job.worked_in != CANADA or not _beside_study(case, job):
            work.append(job)
        elif job.start >= ready:
            work.append(job.model_copy(update={"full_time_student": False}))
        else:
            work.append(ended(job, ready - timedelta(days=1)))
            work.append(job.model_copy(update={"start": ready, "full_time_student": False, "leave": ()}))
    same = tuple(work) == profile.person.work
    return profile if same else changed_papers(profile, "person", work=tuple(work))


def _beside_study(case: Case, job: Job) -> bool:
    """Whether a job is done while a full-time student; where that is not said, a study permit says so."""
    if job.full_time_student is not None:
        return job.full_time_student
    day = case.start.toordinal()
    state = ImmigrationStatus(case.profile.person.status).stretches(day, day + 1, employer=None, continues=True)
    return state[0][2] == STUDY


# A job that a category lists.


def impossible_listed(case: Case, move: Move) -> Text | None:
    """A job in a listed occupation is for a category that lists some."""
    if case.category is None:
        return Text("no category is asked for (--type)", "aucune catégorie n'est demandée (--type)")
    if not _occupations(case):
        return Text("the category lists no occupation", "la catégorie ne liste aucune profession")
    if not _in_canada(case) and _country(case, "person") is None:
        return Text("no country outside Canada in the profile", "aucun pays hors du Canada au profil")
    return None


def ready_listed(case: Case, move: Move) -> date:
    """The day on which the job has given the months asked for, by hours and by the calendar."""
    return months_on(case.after(move), max(one.least for one in _asked(case))) + timedelta(days=4)


def apply_listed(profile: Profile, case: Case, move: Move, ready: date) -> Profile:
    """A new full-time job, where the category wants it."""
    own = [job.noc2021 for job in case.profile.person.work if job.noc2021 in _occupations(case)]
    skilled = [code for code in sorted(_occupations(case)) if teer(code, NOW) <= SKILLED]
    noc = str(next(iter((*own, *skilled)), min(_occupations(case))))
    return _new_job(profile, case, "person", case.after(move), ready, canada=_in_canada(case), noc=noc)


def _asked(case: Case) -> list[MonthsTest]:
    """What the category asks of months of work on the first day."""
    categories = case.law.on(case.start).selection.categories
    laws = [law for law in categories if law.category == case.category]
    conditions = [c for law in laws for criterion in law.criteria for c in criterion.conditions()]
    return [condition for condition in conditions if isinstance(condition, MonthsTest)]


def _occupations(case: Case) -> frozenset[str]:
    return frozenset().union(*(one.codes for one in _asked(case)))


def _in_canada(case: Case) -> bool:
    """Whether the job is in Canada: the category asks for it, or the person works there."""
    here = any(one.measure == "canada_months" for one in _asked(case))
    return here or bool(case.open_jobs("person", canada=True))


def apply_nothing(profile: Profile, case: Case, move: Move, ready: date) -> Profile:
    """Change no fact."""
    return profile
