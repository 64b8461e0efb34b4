"""A person of dated facts on a day: every reading of the facts assessed, and what they agree on. No Polars here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from expressentry.assess.findings import Answer
from expressentry.assess.person import Assessment, assess_person
from expressentry.law.rules import Law

if TYPE_CHECKING:
    from expressentry.candidate.derive import Derived, Reading
    from expressentry.candidate.profile import Profile


@dataclass(frozen=True, slots=True)
class Read:
    """One reading of the facts and its assessment; `reports` are the test reports used where there was a choice."""

    reading: Reading
    assessment: Assessment
    reports: tuple[str, ...]


@dataclass(frozen=True)
class ProfileAssessment:
    """Everything about one person on one day.

    Where the law or the papers leave something open there are several readings, the usual one first. What all of them
    give is known; where they differ the answer is "cannot tell", and the score a range.
    """

    derived: Derived
    reads: tuple[Read, ...]

    @property
    def first(self) -> Assessment:
        """The assessment of the first reading: the one whose lines are shown."""
        return self.reads[0].assessment

    @cached_property
    def totals(self) -> tuple[int, ...]:
        """The different CRS scores of the readings, lowest first; one where nothing that is open moves it."""
        return tuple(sorted({read.assessment.total for read in self.reads}))

    @cached_property
    def programs(self) -> Mapping[str, Answer]:
        """Each program: true, false, or None where it cannot be told."""
        return _joint([{id_: found.answer for id_, found in a.programs.items()} for a in self._assessments])

    @cached_property
    def categories(self) -> Mapping[str, Answer]:
        """Each category of the day: true, false, or None where it cannot be told."""
        found = [{one.law.version.category: one.answer for one in a.categories} for a in self._assessments]
        return _joint(found)

    @property
    def _assessments(self) -> list[Assessment]:
        return [read.assessment for read in self.reads]


def _joint(answers: Iterable[Mapping[str, Answer]]) -> dict[str, Answer]:
    """What all readings agree on."""
    first, *others = answers
    return {id_: answer if all(one[id_] is answer for one in others) else None for id_, answer in first.items()}


def assess_profile(profile: Profile, on: date, law: Law | None = None) -> ProfileAssessment:
    """Assess a person of dated facts on a day, under the law, charts and lists of that day.

    Raises FactorsError for a day before the person was born, UsageError for a day before 2015-01-01.

    >>> from expressentry.candidate.profile import read_profile
    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1993-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> assess_profile(read_profile(facts), date(2026, 4, 11)).totals
    (94,)
    """
    from expressentry.candidate.derive import derive

    derived = derive(profile, on)
    return ProfileAssessment(derived, tuple(_read(reading, on, law) for reading in derived.readings))


def _read(reading: Reading, on: date, law: Law | None) -> Read:
    """Assess a reading; of several test reports the ones are used that pay most among those that leave eligible."""
    if not reading.report_choices:
        return Read(reading, assess_person(reading.facts, on, law), ())
    tried = [
        Read(reading, assess_person({**reading.facts, **choice.facts}, on, law), choice.reports)
        for choice in reading.report_choices
    ]
    return max(tried, key=_rank)


def _rank(read: Read) -> tuple[Any, ...]:
    answers = [found.answer for found in read.assessment.programs.values()]
    return (True in answers, read.assessment.total)
