"""Everything about one person on one day: every reading of the facts, and what they agree on. No Polars here.

A table of factors has one reading. Dated facts have several where the law or the documents leave something open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from expressentry.assess.person.criteria import Answer
from expressentry.assess.person.explain import Line
from expressentry.assess.person.score import AssessedReading, assess_factors, better
from expressentry.dates import as_day
from expressentry.factors.check import read_factors
from expressentry.law.grid.tree import Grid
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.law.rule_set import RuleSet, Selection
from expressentry.profile.read import as_profile
from expressentry.shown import Shown, between
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.factors.derive import Derived, Doubt, Reading
    from expressentry.factors.derive.days import Prepared
    from expressentry.profile.model import Profile
    from expressentry.profile.remarks import Remark

Facts = Mapping[str, Any]


@dataclass(frozen=True, repr=False)
class Assessment(Shown):
    """The answer for one person on one day: the CRS score, programs and categories.

    `readings` are the readings of the facts, the usual one first; factors have one. What all of them give is known.
    Where they differ, the answer is "cannot tell" and the score is a range. Where there are too many to assess each,
    the last two are the ends between which all of them lie, and `bounded` says why. `dated` has the factors of a
    profile and where each comes from, and `profile` is that profile; both are None for a person given by factors.
    """

    readings: tuple[AssessedReading, ...]
    dated: Derived | None = None
    profile: Profile | None = None

    def _in_short(self) -> str:
        return f"{between(self.totals[0], self.totals[-1])} CRS points on {self.rules.day}"

    @property
    def first(self) -> AssessedReading:
        """The first reading: the one whose lines and reasons are shown."""
        return self.readings[0]

    @property
    def rules(self) -> RuleSet:
        """The law of the day."""
        return self.first.rules

    @cached_property
    def totals(self) -> tuple[int, ...]:
        """The different CRS scores of the readings, lowest first; one score where they agree."""
        return tuple(sorted({reading.total for reading in self.readings}))

    @property
    def total(self) -> int | None:
        """The CRS score, None where the readings differ."""
        return self.totals[0] if len(self.totals) == 1 else None

    @cached_property
    def programs(self) -> Mapping[str, Answer]:
        """Each program: true, false, or None where it is open; the reasons are in `first.programs`."""
        return _joint({id_: one.answer for id_, one in found.programs.items()} for found in self.readings)

    @cached_property
    def categories(self) -> Mapping[str, Answer]:
        """Each category of the day: true, false, or None; the reasons are in `first.categories`."""
        return _joint({one.law.category: one.answer for one in found.categories} for found in self.readings)

    @property
    def program(self) -> str | None:
        """The program that an invitation would name, None where there is none or the readings differ."""
        named = {reading.invitation.program for reading in self.readings}
        return named.pop() if len(named) == 1 else None

    @cached_property
    def remarks(self) -> tuple[Remark, ...]:
        """What looks like a typing error in the profile on this day, and assessments that do not count, with why.

        There is nothing for a person given by factors.
        """
        if self.profile is None:
            return ()
        # With the models of profiles, which factors do not need.
        from expressentry.factors.derive.refused import refused_assessments
        from expressentry.profile.remarks import remarks

        # No clock: a day up to which the law was checked is over, so that an answer reads the same for ever.
        typed = remarks(self.profile, self.rules.day, past=self.rules.day < self.rules.checked)
        return (*typed, *refused_assessments(self.profile, self.rules.day, self.rules.law))

    @property
    def bounded(self) -> Text | None:
        """Why the answers are no more exact than a range; None where every reading was assessed."""
        return BOUNDED if self.dated is not None and self.dated.bounded else None

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns whose values an open program or category needs, in the first reading."""
        return self.first.missing

    @property
    def derived(self) -> Derived:
        """The factors of a profile on the day, and where each comes from.

        Raises ValueError for a person given by factors, which come from nowhere else.
        """
        if self.dated is None:
            raise ValueError("a person given by factors has no dated facts")
        return self.dated

    @cached_property
    def doubts(self) -> tuple[Doubt, ...]:
        """What is open in the facts and changes this answer; nothing for a person given by factors.

        What changes a fact and neither a score nor a finding is left out: `derived.doubts` has it too.
        """
        if self.dated is None:
            return ()
        if self.dated.bounded:  # not every combination was tried
            return self.dated.doubts
        every = {doubt.id for doubt in self.dated.doubts}
        changing = tuple(doubt for doubt in self.dated.doubts if self._several(every - {doubt.id}))
        # Readings with the same facts were joined, and none shows which doubt it is: then all of them are named.
        if self._several({doubt.id for doubt in changing}):
            return self.dated.doubts
        return changing

    def _several(self, held: set[str]) -> bool:
        """Whether readings that assume the same of the doubts held give several results."""
        found: dict[tuple[tuple[str, str], ...], set[object]] = {}
        for reading in self.readings:
            same = tuple(sorted((name, option) for name, option in reading.assumed.items() if name in held))
            found.setdefault(same, set()).add(reading.result)
        return any(len(results) > 1 for results in found.values())

    @property
    def lines(self) -> tuple[Line, ...]:
        """A cited line for every place of the grid, in the first reading."""
        return self.first.lines

    @property
    def sections(self) -> tuple[Line, ...]:
        """The lines just below the whole grid, in the first reading."""
        return self.first.sections

    @property
    def first_language(self) -> str:
        """The language scored as first, in the first reading."""
        return self.first.first_language

    @property
    def other_total(self) -> int | None:
        """The score with the other language first, None where the person chose or has no test in it."""
        return self.first.other_total


BOUNDED = Text(
    "So many questions are open that not every combination of answers was tried. The score lies between the lowest and "
    "the highest given, and what depends on an open question is not decided. Answer some of the questions to get exact "
    "answers",
    "Tant de questions sont ouvertes que toutes les combinaisons de réponses n'ont pas été essayées. La note se situe "
    "entre la plus basse et la plus haute indiquées, et ce qui dépend d'une question ouverte n'est pas tranché. "
    "Répondez à quelques-unes des questions pour obtenir des réponses exactes",
)
"""Why answers are a range."""


def _joint(answers: Iterable[Mapping[str, Answer]]) -> dict[str, Answer]:
    """What all readings agree on."""
    first, *others = answers
    return {id_: answer if all(one[id_] is answer for one in others) else None for id_, answer in first.items()}


def assess_person(facts: Facts, on: date | str, law: Law | None = None) -> Assessment:
    """Assess one person by factors on a day: the score with every point cited, programs and categories.

    With tests in both languages and none chosen as first, the language is used that gives more CRS points among those
    that leave the person eligible for a program.

    Args:
        facts: The factors, by column of the schema.
        on: The day whose law is used: a `date`, or text written YYYY-MM-DD.
        law: The law, else the law that this package ships.

    Raises:
        FactorsError: Something is wrong with the facts; it lists everything that is.
        UsageError: The day is before 2015-01-01, or is none.

    >>> facts = {"age": 29, "accompanied": False, "education": "masters", "canadian_work_years": 0,
    ...          "foreign_work_years": 3, "certificate_of_qualification": False, "canadian_study": "none",
    ...          "sibling_in_canada": False, "provincial_nomination": False,
    ...          "english_listening": 9, "english_reading": 9, "english_writing": 9, "english_speaking": 9}
    >>> found = assess_person(facts, date(2026, 10, 1))
    >>> found.total
    469
    >>> print(found.programs["cec"], found.first.programs["cec"].missing)
    None ('cec_years_3y', 'intends_quebec')
    """
    return assess_facts((law or load_law()).on(on), facts)


def assess_facts(rules: RuleSet, facts: Facts) -> Assessment:
    """Assess one person by factors under the law of a day.

    Raises FactorsError with all that is wrong with the facts.
    """
    return Assessment((assess_factors(rules, read_factors(facts, rules.asked(programs=True, categories=True))),))


def assess_profile(profile: Profile, on: date | str, law: Law | None = None) -> Assessment:
    """Assess a person of dated facts on a day, under the law, charts and lists of that day.

    Args:
        profile: The dated facts.
        on: The day, a `date` or text written YYYY-MM-DD; facts and law are those of this day.
        law: The law, else the law that this package ships.

    Raises:
        FactorsError: The day is before the person was born.
        UsageError: The day is before 2015-01-01, or is none.

    >>> from expressentry.profile.read import read_profile
    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1993-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> assess_profile(read_profile(facts), "2026-04-11").totals
    (94,)
    """
    return Assessor(profile, law).on(as_day(on))


def assess(person: Profile | Facts, on: date | str, law: Law | None = None) -> Assessment:
    """Assess a person on a day, by dated facts or by factors.

    Raises FactorsError for facts that are wrong.
    """
    return assess_person(person, on, law) if isinstance(person, Mapping) else assess_profile(person, on, law)


_OF_READING, _OF_ENDS = 100, 800
"""What it costs to assess a set of facts, and the ends of what is possible, in pieces read."""


class Assessor:
    """Assesses one person on many days; days with the same facts under the same law share their findings."""

    def __init__(self, profile: Profile, law: Law | None = None) -> None:
        self.profile, self.law = as_profile(profile), law or load_law()
        # A grid and a selection are the same where they are the same object; facts, where they read the same.
        self._known: dict[tuple[Grid, Selection, str], AssessedReading] = {}
        self._own_effort = 0

    @property
    def effort(self) -> int:
        """What was worked out of the profile so far, in pieces read."""
        return self._own_effort + self._prepared.effort.pieces

    def up_to(self, pieces: int) -> int:
        """Begin a walk over many days: the effort at which it is to stop.

        It costs what it costs anybody: what an earlier question left behind makes it no cheaper.
        """
        self._prepared.forget()
        return self.effort + pieces

    @property
    def _prepared(self) -> Prepared:
        from expressentry.factors.derive.days import prepared

        return prepared(self.profile, self.law)

    def on(self, day: date) -> Assessment:
        """Assess the person on a day."""
        from expressentry.factors.derive import derive

        return self.under(derive(self.profile, day, self.law), self.law.on(day))

    def under(self, derived: Derived, rules: RuleSet) -> Assessment:
        """Assess the facts of a day under given law, that of another day perhaps."""
        found = tuple(self._best(reading, rules) for reading in derived.readings)
        return Assessment((*found, *self._ends(found[0], derived)), derived, self.profile)

    def ends(self, derived: Derived, rules: RuleSet) -> tuple[AssessedReading, ...]:
        """The ends between which all readings of a day lie; none where every reading is given."""
        return self._ends(self._best(derived.readings[0], rules), derived) if derived.bounded else ()

    def _ends(self, first: AssessedReading, derived: Derived) -> tuple[AssessedReading, ...]:
        if derived.possible is None:
            return ()
        from expressentry.assess.person.ends import ends

        self._own_effort += _OF_ENDS
        return ends(first, derived.possible)

    def _best(self, reading: Reading, rules: RuleSet) -> AssessedReading:
        """Assess a reading; of several test reports, those that give most points and leave the person eligible."""
        reports = [choice.reports for choice in reading.report_choices] or [()]
        tried = [
            replace(self.assess_facts(facts, rules), rules=rules, reading=reading, reports=used)
            for facts, used in zip(reading.choices(), reports, strict=True)
        ]
        best = better(tried)
        return replace(best, others=tuple(one for one in tried if one is not best)) if len(tried) > 1 else best

    def assess_facts(self, facts: Facts, rules: RuleSet) -> AssessedReading:
        """Assess facts, or find them assessed for another day."""
        key = (rules.crs, rules.selection, repr(facts))
        if key not in self._known:
            self._own_effort += _OF_READING
            factors = read_factors(facts, rules.asked(programs=True, categories=True))
            self._known[key] = assess_factors(rules, factors)
        return self._known[key]
