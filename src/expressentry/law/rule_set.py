"""The rule set of a day: all law that an answer rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from expressentry.dates import long_day
from expressentry.law.bodies import Body
from expressentry.law.criteria.categories import CategoryVersion
from expressentry.law.criteria.model import Condition, Criterion, Points, columns_of
from expressentry.law.criteria.programs import Program
from expressentry.law.evidence import EvidenceOn
from expressentry.law.grid.tree import Grid
from expressentry.law.instruments import Instrument
from expressentry.law.languages import Languages
from expressentry.law.lists import Row
from expressentry.law.schema import Asked, MonthsTest
from expressentry.shown import Shown
from expressentry.text import Text, same

if TYPE_CHECKING:
    from expressentry.law.law import Law
    from expressentry.law.streams import Stream


@dataclass(frozen=True, slots=True)
class LawWarning:
    """Something that must be shown beside the number."""

    code: str
    message: Text


@dataclass(frozen=True, eq=False)
class Selection:
    """What decides who may be invited on a day, whatever the score; days under the same law share one."""

    programs: tuple[Program, ...]
    fsw: Grid
    categories: tuple[CategoryVersion, ...]
    funds: Row
    order: Row

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of lists that belong to it."""
        return (self.funds, self.order)

    @cached_property
    def data(self) -> dict[str, Any]:
        """All of it as plain data, as written in the files: what a digest is made over."""
        return {
            "programs": [program.data for program in self.programs],
            "fsw": self.fsw.data,
            "categories": [[one.category, one.version, one.data] for one in self.categories],
            "lists": [[row.start, row.instrument, row.values] for row in self.rows],
        }

    @cached_property
    def tests(self) -> tuple[MonthsTest, ...]:
        """The tests of months in the categories, each once."""
        found = (c for one in self.categories for criterion in one.criteria for c in criterion.conditions())
        return tuple(dict.fromkeys(condition for condition in found if isinstance(condition, MonthsTest)))

    @cached_property
    def program_columns(self) -> frozenset[str]:
        """The columns that the programs look at, those of the 67-point grid among them."""
        return _columns(self.fsw, (criterion for program in self.programs for criterion in program.criteria))

    @cached_property
    def category_columns(self) -> frozenset[str]:
        """The columns that the categories of the day look at."""
        return _columns(self.fsw, (criterion for one in self.categories for criterion in one.criteria))


def _columns(fsw: Grid, criteria: Iterable[Criterion]) -> frozenset[str]:
    conditions: list[Condition] = [condition for criterion in criteria for condition in criterion.conditions()]
    grid = set(fsw.inputs) if any(isinstance(condition, Points) for condition in conditions) else set()
    return frozenset(grid.union(*map(columns_of, conditions)))


@dataclass(frozen=True, repr=False)
class RuleSet(Shown):
    """All law in force on a day; `established` is False where the content of law of that day is not known to us."""

    day: date
    crs: Grid
    established: bool
    warnings: tuple[LawWarning, ...]
    law: Law = field(repr=False)

    def _in_short(self) -> str:
        return f"{self.crs.id} on {self.day}{'' if self.established else ', newer law not established'}"

    @property
    def id(self) -> str:
        """The name of the rule set: that of its CRS grid."""
        return self.crs.id

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        """Every instrument on record, by id."""
        return self.law.instruments

    @cached_property
    def selection(self) -> Selection:
        """The programs, the 67-point grid, the categories, the funds and the order of programs, as one."""
        return self.law.selection_on(self.day)

    @property
    def programs(self) -> tuple[Program, ...]:
        """The programs in force, in the order in which they are shown."""
        return self.selection.programs

    @property
    def fsw(self) -> Grid:
        """The 67-point grid of the Federal Skilled Worker Program."""
        return self.selection.fsw

    @property
    def categories(self) -> tuple[CategoryVersion, ...]:
        """The version in force of each category."""
        return self.selection.categories

    @cached_property
    def streams(self) -> tuple[Stream, ...]:
        """The nominee streams that we know to be in force, by province."""
        return self.law.streams.on(self.day)

    @cached_property
    def streams_digest(self) -> str:
        """SHA-256 over everything that decides an answer about nominee streams on this day."""
        return self.law.streams_digest(self)

    @property
    def languages(self) -> Languages:
        """The language tests with every scale and chart; each converts by the chart of the day it was taken."""
        return self.law.languages

    @property
    def bodies(self) -> Mapping[str, Body]:
        """The bodies designated to assess credentials from abroad on this day, by code, each with its name."""
        return self.law.bodies.on(self.day)

    @property
    def evidence(self) -> EvidenceOn:
        """The numbers by which documents become facts on this day."""
        return self.law.evidence.on(self.day)

    def list(self, name: str) -> tuple[Row, ...]:
        """The rows of a dated list that hold on this day."""
        return tuple(row for row in self.law.list(name) if row.holds(self.day))

    def asked(self, *, programs: bool = False, categories: bool = False) -> Asked:
        """What is read of a person's facts: the columns of the grid, of the programs, of the categories."""
        return self.law.asked(
            self.crs,
            self.evidence.noc_version,
            self.selection if programs else None,
            self.selection if categories else None,
        )

    @cached_property
    def cited(self) -> tuple[Instrument, ...]:
        """The instruments that the grid cites, oldest first, and the one that made it."""
        ids = {node.cite.instrument.id for node in self.crs.root.walk()} | {self.crs.made_by.id}
        return tuple(self.instruments[id_] for id_ in sorted(ids))

    @cached_property
    def checked(self) -> date:
        """The day up to which every cited instrument was last compared with what the department shows."""
        return min(instrument.checked for instrument in self.cited)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything that decides an answer on this day; comments and layout do not count."""
        return self.law.digest(self)

    @property
    def label(self) -> Text:
        """The grid in words: "grid of 25 March 2025"."""
        if self.crs.in_force is None:
            return Text("{t} (proposed, not law)", "{t} (projet, pas la loi)").fill(t=self.crs.title)
        user = Text(", user law", ", droit ajouté par l'utilisateur") if self.crs.user else same("")
        return Text("grid of {day}{user}", "grille du {day}{user}").fill(day=long_day(self.crs.in_force), user=user)
