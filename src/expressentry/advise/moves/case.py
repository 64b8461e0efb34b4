"""The person for whom plans are made, and what is the same for every kind of move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from expressentry.advise.moves.model import Move
from expressentry.assess.person.readings import Assessment, Assessor
from expressentry.dates import START
from expressentry.factors.derive import Variants
from expressentry.factors.derive.jobs import codes
from expressentry.factors.derive.language import Report
from expressentry.law.law import Law
from expressentry.noc.codes import Version, skilled
from expressentry.profile.countries import CANADA
from expressentry.profile.fields import FIRST_DAY
from expressentry.profile.model import Individual, Job, Person, Profile, Status

NOW: Version = 2021
"""The version of the NOC in which plans are made."""

ELSEWHERE = "US"
"""Stands for any country outside Canada where the person's own is not known: no grid reads which one it is."""


@dataclass
class PlanningCase:
    """A person on the day on which plans begin; `days` are the user's own durations, by move.

    What is still valid on the `horizon` need not be renewed. `variants`, `goes_on`, `reports` and `alone` keep what was
    worked out.
    """

    profile: Profile
    start: date
    law: Law
    days: Mapping[str, int] = field(default_factory=dict)
    category: str | None = None
    horizon: date = START
    goes_on: dict[str, date | None] = field(default_factory=dict, repr=False)
    reports: dict[tuple[str, str | None], Report | None] = field(default_factory=dict, repr=False)
    alone: dict[str, Assessment] = field(default_factory=dict, repr=False)

    def lead(self, move: Move) -> int:
        """The days that a move takes: the user's own, else the typical ones."""
        return self.days.get(move.id, move.days[1])

    def after(self, move: Move) -> date:
        """The day that lies as many days after the start."""
        return self.start + timedelta(days=self.lead(move))

    @cached_property
    def variants(self) -> Variants:
        """Derives variants of the profile, sharing what they have in common."""
        return Variants(self.law)

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """The factors of the first day."""
        return self.variants.derive(self.profile, self.start).facts

    def assess(self, profile: Profile, day: date) -> Assessment:
        """Assess a variant of the profile on a day; variants with the same facts share their findings."""
        return self.assessor.under(self.variants.derive(profile, day), self.law.on(day))

    @cached_property
    def assessor(self) -> Assessor:
        """What assesses the variants of the profile."""
        return Assessor(self.profile, self.law)

    def whose(self, who: str) -> Individual | None:
        """The documents of the person or of the partner."""
        return self.profile.individuals().get(who)

    def open_jobs(self, who: str, *, canada: bool) -> list[Job]:
        """The paid jobs that have begun and go on, in Canada or abroad."""
        whose = self.whose(who)
        return [
            job
            for job in (whose.work if whose else ())
            if job.paid and job.start <= self.start and job.goes_on(self.start) and (job.worked_in == CANADA) is canada
        ]

    def skilled(self, job: Job) -> bool:
        """Whether a job's occupation is of TEER 0 to 3."""
        return skilled(codes(job, NOW)[0], NOW)

    def country_abroad(self, who: str) -> str | None:
        """The country outside Canada where the person lives, else that of the last job, else of a credential.

        None where no document names one.
        """
        whose, home = self.whose(who), self.profile.person.lives_in
        if who == "person" and home not in (None, CANADA):
            return home
        jobs = [job for job in (whose.work if whose else ()) if job.worked_in != CANADA]
        degrees = [one.country for one in (whose.credentials if whose else ()) if one.country != CANADA]
        last = max(reversed(jobs), key=lambda job: job.start, default=None)
        return last.worked_in if last else next(iter(degrees), None)


def changed(profile: Profile, **parts: Any) -> Profile:
    """A profile with parts replaced."""
    return profile.model_copy(update=parts)


def with_documents(profile: Profile, who: str, **documents: Any) -> Profile:
    """A profile with documents of the person or of the partner replaced."""
    return changed(profile, **{who: profile.individuals()[who].model_copy(update=documents)})


def with_status(whose: Individual, entry: Status) -> tuple[Status, ...]:
    """The status in Canada with one more entry; where there was none, the days before stay without status."""
    if whose.status != ():
        return (*(whose.status or ()), entry)
    born = whose.birth_date if isinstance(whose, Person) else None
    before = Status.model_validate({"kind": "none", "from": born or FIRST_DAY, "to": entry.start - timedelta(days=1)})
    return (before, entry)


def without_open_jobs(jobs: tuple[Job, ...], first: date) -> tuple[Job, ...]:
    """Jobs that go on end on the day before another thing begins; those that begin later are left alone."""
    last = first - timedelta(days=1)
    return tuple(ended(job, last) if job.goes_on(first) and job.start <= last else job for job in jobs)


def ended(job: Job, last: date) -> Job:
    """A job that ends on a day; later leave and later hours are left out, and what reaches beyond it ends with it."""
    kept = {
        name: tuple(
            one.model_copy(update={"end": last}) if one.end and one.end > last else one
            for one in getattr(job, name)
            if one.start <= last
        )
        for name in ("leave", "varying_hours")
    }
    return job.model_copy(update={"end": last, **kept})
