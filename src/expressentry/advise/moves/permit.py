"""Permits: a longer permit to work, and full-time study left for a job."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import zip_longest

from expressentry.advise.moves.case import PlanningCase, ended, with_documents, with_status
from expressentry.advise.moves.model import Move
from expressentry.dates import anniversary
from expressentry.factors.derive.status import PERMIT, ImmigrationStatus
from expressentry.profile.countries import CANADA
from expressentry.profile.model import Individual, Job, Profile, Status, WeeklyHours
from expressentry.text import Text

_NO_PERMIT = ("study_permit", "refugee_claimant", "visitor", "none")
_PERMIT_YEARS = 2


def impossible_permit(case: PlanningCase, move: Move) -> Text | None:
    """A permit is made longer where one ends and a job in Canada goes on."""
    last = last_permit(case.profile.person)
    if last is None or last.end is None or last.end < case.start:
        return Text("you have no work permit that ends", "vous n'avez aucun permis de travail qui prend fin")
    if not case.open_jobs("person", canada=True):
        return Text("you have no current job in Canada", "vous n'avez pas d'emploi en cours au Canada")
    return None


def apply_permit(profile: Profile, case: PlanningCase, move: Move, ready: date) -> Profile:
    """An open permit from the end of the last one."""
    last = last_permit(case.profile.person)
    assert last is not None
    assert last.end is not None
    permit = {"kind": "open", "from": last.end + timedelta(days=1), "to": anniversary(last.end, _PERMIT_YEARS)}
    status = with_status(profile.person, Status.model_validate(permit))
    return with_documents(profile, "person", status=status)


def last_permit(whose: Individual) -> Status | None:
    """The permit to work that ends last."""
    permits = [one for one in whose.status or () if one.kind not in _NO_PERMIT]
    return max(permits, key=lambda one: one.end or date.max, default=None)


def may_work(whose: Individual, first: date, last: date) -> bool:
    """Whether a person is already allowed to work on each of the days."""
    held = ImmigrationStatus(whose.status).stretches(first.toordinal(), last.toordinal() + 1, employer=None)
    return all(one.state == PERMIT for one in held)


def impossible_leave_study(case: PlanningCase, move: Move) -> Text | None:
    """Study is left where a person works in Canada while studying."""
    if any(_beside_study(case, job) for job in case.open_jobs("person", canada=True)):
        return None
    return Text(
        "you have no job in Canada while studying full time",
        "vous n'avez pas d'emploi au Canada pendant des études à temps plein",
    )


def apply_leave_study(profile: Profile, case: PlanningCase, move: Move | None, ready: date) -> Profile:
    """From a day on the job is a new entry, no longer beside study."""
    work: list[Job] = []
    for job in profile.person.work:
        on = job.start <= case.start and job.goes_on(ready)
        if not on or job.worked_in != CANADA or not _beside_study(case, job):
            work.append(job)
        elif job.start >= ready:
            work.append(job.model_copy(update={"full_time_student": False}))
        else:
            work.append(ended(job, ready - timedelta(days=1)))
            hours = _hours_from(job, ready)
            new = {"start": ready, "full_time_student": False, "leave": (), "varying_hours": hours}
            work.append(job.model_copy(update=new))
    same = tuple(work) == profile.person.work
    return profile if same else with_documents(profile, "person", work=tuple(work))


def _hours_from(job: Job, first: date) -> tuple[WeeklyHours, ...]:
    """The varying hours of a job from a day on; hours without a last day hold until the next entry."""
    listed = sorted(job.varying_hours, key=lambda one: one.start)
    found = []
    for one, after in zip_longest(listed, listed[1:]):
        last = one.end or (after.start - timedelta(days=1) if after else None)
        if last is None or last >= first:
            found.append(one.model_copy(update={"start": max(one.start, first)}))
    return tuple(found)


def _beside_study(case: PlanningCase, job: Job) -> bool:
    """Whether a person works while a full-time student; where that is not given, a study permit decides."""
    if job.full_time_student is not None:
        return job.full_time_student
    day = case.start.toordinal()
    return ImmigrationStatus(case.profile.person.status).stretches(day, day + 1, employer=None)[0].studies
