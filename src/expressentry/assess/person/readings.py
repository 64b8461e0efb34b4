"""A person of dated facts on a day: every reading of the facts assessed, and what they agree on. No Polars here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from expressentry.assess.person.criteria import Answer
from expressentry.assess.person.score import Assessment, assess_factors
from expressentry.factors.check import read_factors
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.law.rule_set import RuleSet

if TYPE_CHECKING:
    from expressentry.factors.derive import Derived, Reading
    from expressentry.profile.model import Profile


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
        found = [{one.law.category: one.answer for one in a.categories} for a in self._assessments]
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

    >>> from expressentry.profile.read import read_profile
    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1993-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> assess_profile(read_profile(facts), date(2026, 4, 11)).totals
    (94,)
    """
    return Assessor(profile, law).on(on)


class Assessor:
    """Assesses one person on many days; days with the same facts under the same law share their findings."""

    def __init__(self, profile: Profile, law: Law | None = None) -> None:
        self.profile, self.law = profile, law or load_law()
        self._known: dict[tuple[int, int, str], Assessment] = {}

    def on(self, day: date) -> ProfileAssessment:
        """Assess the person on a day."""
        from expressentry.factors.derive import derive

        return self.under(derive(self.profile, day, self.law), self.law.on(day))

    def under(self, derived: Derived, rules: RuleSet) -> ProfileAssessment:
        """Assess the facts of a day under given law, that of another day perhaps."""
        return ProfileAssessment(derived, tuple(self._read(reading, rules) for reading in derived.readings))

    def _read(self, reading: Reading, rules: RuleSet) -> Read:
        """Assess a reading; of several test reports the ones are used that pay most among those that leave eligible."""
        if not reading.report_choices:
            return Read(reading, self._assess(reading.facts, rules), ())
        tried = [
            Read(reading, self._assess({**reading.facts, **choice.facts}, rules), choice.reports)
            for choice in reading.report_choices
        ]
        return max(tried, key=_rank)

    def _assess(self, facts: Mapping[str, Any], rules: RuleSet) -> Assessment:
        key = (id(rules.crs), id(rules.selection), repr(facts))
        if key not in self._known:
            factors = read_factors(facts, rules.asked(programs=True, categories=True))
            self._known[key] = assess_factors(rules, factors)
        known = self._known[key]
        if known.rules.day == rules.day:
            return known
        again = copy(known)  # what was worked out of it comes along
        object.__setattr__(again, "rules", rules)
        return again


def _rank(read: Read) -> tuple[Any, ...]:
    answers = [found.answer for found in read.assessment.programs.values()]
    return (True in answers, read.assessment.total)
