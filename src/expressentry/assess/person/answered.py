"""One person's answers on a day, whether the file has dated facts or factors: what lists and comparisons look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from expressentry.assess.person.criteria import Answer
from expressentry.assess.person.programs import CategoryFinding, ProgramFinding
from expressentry.assess.person.readings import ProfileAssessment, assess_profile
from expressentry.assess.person.score import Assessment, assess_person
from expressentry.law.law import Law

if TYPE_CHECKING:
    from expressentry.factors.derive import Doubt
    from expressentry.profile.model import Profile

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """What is said of one person; `whole` is there for dated facts, where several readings may differ.

    `first` is the assessment whose lines are shown, `totals` are the different scores of the readings, lowest first.
    """

    first: Assessment
    whole: ProfileAssessment | None = None

    @property
    def totals(self) -> tuple[int, ...]:
        """The scores of the readings, lowest first; one where nothing that is open moves it."""
        return self.whole.totals if self.whole else (self.first.total,)

    @property
    def total(self) -> int | None:
        """The score, None where readings differ."""
        return self.totals[0] if len(self.totals) == 1 else None

    @property
    def programs(self) -> Mapping[str, Answer]:
        """Each program: true, false, or None where it cannot be told."""
        return self.whole.programs if self.whole else {id_: one.answer for id_, one in self.first.programs.items()}

    @property
    def categories(self) -> Mapping[str, Answer]:
        """Each category of the day: true, false, or None where it cannot be told."""
        if self.whole:
            return self.whole.categories
        return {one.law.category: one.answer for one in self.first.categories}

    @property
    def program(self) -> str | None:
        """The program that an invitation would name, None where it cannot be told, or there is none."""
        reads = [read.assessment for read in self.whole.reads] if self.whole else [self.first]
        named = {one.invitation.program for one in reads}
        return named.pop() if len(named) == 1 else None

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns that are not known, and without which a program or a category cannot be told."""
        return missing_of(self.first)

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What is open for a person of dated facts."""
        return self.whole.derived.doubts if self.whole else ()


def missing_of(found: Assessment) -> tuple[str, ...]:
    """The columns without which a program or a category cannot be told, each once."""
    judged: list[ProgramFinding | CategoryFinding] = [*found.programs.values(), *found.categories]
    return tuple(dict.fromkeys(name for one in judged for name in one.missing))


def answer(person: Profile | Facts, on: date, law: Law | None = None) -> Answered:
    """Assess dated facts, or factors as they stand that day.

    Raises FactorsError for facts that are wrong.
    """
    if isinstance(person, Mapping):
        return Answered(assess_person(person, on, law))
    whole = assess_profile(person, on, law)
    return Answered(whole.first, whole)
