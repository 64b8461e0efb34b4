"""What a person lacks for a program: each criterion that is not met, in figures where the law has any.

for one in shortfalls(found, "fsw"):
    one.say()                        66 of 67 points; $15,000 of $15,263
nearest_programs(found)              ("fsw",): the programs that are nearest
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from expressentry.assess.person.criteria import Answer, Finding
from expressentry.assess.person.programs import ProgramFinding
from expressentry.assess.person.readings import Assessment
from expressentry.law.criteria.model import Abilities, Criterion, Dollars, Known, Met, Points
from expressentry.law.criteria.programs import PROGRAMS
from expressentry.law.instruments import Cite
from expressentry.law.languages import ABILITY_NAMES
from expressentry.law.schema import MonthsTest, dollars, unit_after, value_of
from expressentry.text import Text, inner


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A criterion that is not met, or of which it is not known: what the person has, and what is needed.

    `have` and `need` are numbers in `unit` (points, dollars, years, months); for languages the four levels; for what is
    no number, values of the column, or None. `share` is how far it is: 0 is nearly there, 1 is everything still to do.
    `within` is the id of the outermost criterion of which this is one way among several; None where there is one way.
    `alike` is the title of ways that are equally far, such as the levels of two languages without a test in either.
    """

    criterion: Criterion
    answer: Answer
    have: Any
    need: Any
    unit: Text | None
    share: float
    within: str | None = None
    alike: Text | None = None

    @property
    def title(self) -> Text:
        """What is asked: the criterion's title, or the one of all ways that are alike."""
        return self.alike or self.criterion.title

    @property
    def place(self) -> Cite:
        """Where the law asks for it."""
        return self.criterion.cite

    def say(self) -> Text:
        """In a few words: what there is of what is needed; else the title of the criterion."""
        condition, title = self.criterion.condition, inner(self.title)
        if isinstance(condition, Abilities):
            return _levels(self.have, self.need, title)
        if isinstance(condition, Dollars):
            unknown, known = (
                Text("{b} in settlement funds", "{b} de fonds d'établissement"),
                Text("{a} of {b}", "{a} sur {b}"),
            )
            return (unknown if self.have is None else known).fill(a=dollars(self.have or 0), b=dollars(self.need))
        if self.unit is not None:
            unit = Text(unit_after(self.unit, self.need).en, unit_after(self.unit, max(self.have, 1)).fr)
            figures = Text("{a} of {b} {u}", "{a} {u} sur {b}").fill(a=self.have, b=self.need, u=unit)
            if isinstance(condition, Points):
                return figures
            return Text("{f} ({t})", "{f} ({t})").fill(f=figures, t=title)
        if isinstance(condition, Known) and isinstance(self.have, str):
            given = value_of(condition.column, self.have)
            return Text("{t} (you: {v})", "{t} (vous : {v})").fill(t=title, v=given)
        return title


def untested(one: Shortfall) -> bool:
    """Whether a criterion of language fails because no test counts today."""
    return isinstance(one.criterion.condition, Abilities) and all(level is None for level in one.have)


def _levels(have: tuple[int | None, ...], need: tuple[int, ...] | None, title: Text) -> Text:
    """The abilities below their levels: reading 6 of 7."""
    if need is None or all(level is None for level in have):
        return title
    short = [
        Text("{t} {a} of {b}", "{t} {a} sur {b}").fill(t=name, a=level or 0, b=least)
        for name, level, least in zip(ABILITY_NAMES.values(), have, need, strict=True)
        if (level or 0) < least
    ]
    return Text(", ", ", ").join(short)


def shortfalls(found: Assessment, program: str) -> tuple[Shortfall, ...]:
    """Each criterion of a program that is not met, or of which it is not known.

    Where readings of the facts differ, those of the first reading in which the program is not met.

    Of criteria of which any is enough, the nearest one is given; what asks for another program to be met gives what
    the nearest of these lacks.

    Args:
        found: The assessment of a person.
        program: `fsw`, `cec`, `fst` or `pnp`.

    >>> from datetime import date
    >>> from expressentry.assess.person.readings import assess_person
    >>> facts = {"age": 29, "accompanied": False, "education": "masters", "canadian_work_years": 0,
    ...          "foreign_work_years": 3, "certificate_of_qualification": False, "canadian_study": "none",
    ...          "sibling_in_canada": False, "provincial_nomination": False, "cec_years_3y": 0, "intends_quebec": False,
    ...          "english_listening": 9, "english_reading": 9, "english_writing": 9, "english_speaking": 9}
    >>> [one.say().en for one in shortfalls(assess_person(facts, date(2026, 10, 1)), "cec")]
    ['0 of 1 year (a year of skilled work in Canada in the last three years)']
    """
    readings = (one for one in found.readings if one.programs[program].answer is not True)
    programs = next(readings, found.first).programs
    return _of_program(programs, programs[program])


def nearest_programs(found: Assessment) -> tuple[str, ...]:
    """The programs, not met, that are nearest; several at a tie.

    Args:
        found: The assessment of a person.
    """
    far = {id_: distance(found, id_) for id_ in PROGRAMS if found.programs[id_] is not True}
    least = min(far.values(), default=(0, 0.0))
    return tuple(id_ for id_, one in far.items() if one == least)


def distance(found: Assessment, program: str) -> tuple[int, float]:
    """How far a person is from a program: how much of what is lacking others have to give, then the sum of the shares.

    A program that asks for another one to be met is as far as both together.

    Args:
        found: The assessment of a person.
        program: `fsw`, `cec`, `fst` or `pnp`.
    """
    lacks = shortfalls(found, program)
    return sum(_from_others(found, one) for one in lacks), _far(lacks)


_FROM_OTHERS = frozenset({"cec_years_3y", "fst_offer", "trade_certificate", "provincial_nomination"})
"""What an employer in Canada, or a province, has to give: nobody begins with it from abroad."""


def _from_others(found: Assessment, one: Shortfall) -> bool:
    """Whether others have to give what is lacking, and nothing of it is there: work in Canada may have begun."""
    condition = one.criterion.condition
    if one.answer is None or not isinstance(condition, Known) or condition.column.name not in _FROM_OTHERS:
        return False
    months = found.first.factors.values.get("category_months") or ()
    return condition.column.name != "cec_years_3y" or not any(work["canada_months"] for work in months)


Findings = dict[str, ProgramFinding]


def _of_program(programs: Findings, one: ProgramFinding) -> tuple[Shortfall, ...]:
    return tuple(_lacking(programs, one.findings))


def _lacking(programs: Findings, findings: Iterable[Finding]) -> list[Shortfall]:
    return [short for one in findings if one.answer is not True for short in _of(programs, one)]


def _of(programs: Findings, finding: Finding) -> list[Shortfall]:
    condition = finding.criterion.condition
    if condition is None and finding.criterion.how == "all":
        return _lacking(programs, finding.below)
    if condition is None and finding.criterion.how == "readings":
        # The law may be read in several ways: the worst one, which is open where another one is met.
        worst = max((_of(programs, one) for one in finding.below if one.answer is not True), key=_far)
        worst = [replace(one, answer=None) if finding.answer is None else one for one in worst]
        return _one_way(finding, worst)
    if condition is None:
        # Where it is open, what would close it is among what is open; where readings of the law differ, in the worst.
        kept = [one for one in finding.below if one.answer is finding.answer]
        kept = kept or [one for one in finding.below if one.answer is not True]
        ways = [_of(programs, one) for one in kept]
        alike = len(ways) > 1 and all(len(way) == 1 and untested(way[0]) for way in ways)
        nearest = min(ways, key=_far)
        return _one_way(finding, [replace(nearest[0], alike=finding.criterion.title)] if alike else nearest)
    if isinstance(condition, Met):
        asked = [programs[id_] for id_ in condition.programs if programs[id_].answer is finding.answer]
        return _one_way(finding, min((list(_of_program(programs, one)) for one in asked), key=_far))
    return [_figures(finding)]


def _one_way(finding: Finding, found: list[Shortfall]) -> list[Shortfall]:
    """What is lacking of one way to meet a criterion, marked with that criterion."""
    return [replace(one, within=finding.criterion.id) for one in found]


def _far(found: Iterable[Shortfall]) -> float:
    return sum(one.share for one in found)


def _figures(finding: Finding) -> Shortfall:
    """The value against the threshold."""
    condition, given, needed = finding.criterion.condition, finding.given, finding.needed
    have: Any = given
    need: Any = needed
    unit: Text | None = None
    if isinstance(condition, Points):
        have, unit = given[1], Text("points", "points")
    elif isinstance(condition, Dollars):
        need, unit = needed[0], Text("dollars", "dollars")
    elif isinstance(condition, MonthsTest):
        have, unit = given[1] if given else None, Text("months", "mois")
    elif isinstance(condition, Abilities):
        have = tuple(given)
        levels = condition.levels[0] if needed is None else needed
        lacking = sum(max(0, least - (level or 0)) for level, least in zip(have, levels, strict=True))
        return Shortfall(finding.criterion, finding.answer, have, needed, None, lacking / sum(levels))
    elif isinstance(condition, Known):
        need, unit = _least(condition), condition.column.unit
    counted = isinstance(have, int) and isinstance(need, int) and not isinstance(have, bool) and need > 0
    share = max(0, need - have) / need if counted else 1
    return Shortfall(finding.criterion, finding.answer, have, need, unit if counted else None, share)


def _least(condition: Known) -> Any:
    """The lowest value of a column from which on a condition holds; None where it is no such threshold."""
    first = condition.allowed.index(True) if True in condition.allowed else None
    if first is None or not condition.column.ordered or not all(condition.allowed[first:]):
        return None
    return condition.column.values[first]
