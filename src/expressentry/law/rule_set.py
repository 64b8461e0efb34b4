"""The rule set of a day: what an answer rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from expressentry.dates import long_day
from expressentry.law.grid.tree import Grid
from expressentry.law.instruments import Instrument
from expressentry.law.schema import Asked
from expressentry.noc.codes import codes_on
from expressentry.text import Text, same

if TYPE_CHECKING:
    from expressentry.law.selection import Selection


@dataclass(frozen=True, slots=True)
class LawWarning:
    """Something that must stand beside the number."""

    code: str
    message: Text


@dataclass(frozen=True)
class RuleSet:
    """All law in force on a day; `established` is False where the content of law of that day is not known to us."""

    day: date
    crs: Grid
    established: bool
    warnings: tuple[LawWarning, ...]
    instruments: Mapping[str, Instrument] = field(repr=False)

    @property
    def id(self) -> str:
        """The name of the rule set: that of its CRS grid."""
        return self.crs.id

    @cached_property
    def selection(self) -> Selection:
        """The programs, categories and lists of the day: shipped law, whatever grid the score rests on."""
        from expressentry.law.selection import selection_on

        return selection_on(self.day)

    def asked(self, *, programs: bool = False, categories: bool = False) -> Asked:
        """What is read of a person's facts: the columns of the grid, of the programs, of the categories."""
        codes = codes_on(self.day)
        return _asked(self.crs, codes, self.selection if programs else None, self.selection if categories else None)

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
        """SHA-256 over the grid, its parameters, columns and cited instruments; comments and layout do not count."""
        import hashlib  # a cold start that shows no digest does not pay for it
        import json

        parts = {
            "grid": self.crs.data,
            "parameters": self.crs.parameters,
            "columns": {name: (column.values, column.empty, column.when) for name, column in self.crs.inputs.items()},
            "orders": self.crs.columns.orders,
            "instruments": [instrument.record() for instrument in self.cited],
            "selection": self.selection.data,
        }
        text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()

    @property
    def label(self) -> Text:
        """The grid in words: "grid of 25 March 2025"."""
        if self.crs.in_force is None:
            return Text("{t} (proposed, not law)", "{t} (projet, pas la loi)").fill(t=self.crs.title)
        user = Text(", user law", ", droit ajouté par l'utilisateur") if self.crs.user else same("")
        return Text("grid of {day}{user}", "grille du {day}{user}").fill(day=long_day(self.crs.in_force), user=user)


@lru_cache(maxsize=64)
def _asked(crs: Grid, codes: tuple[str, ...], programs: Selection | None, categories: Selection | None) -> Asked:
    """The columns of the grid and of a selection's programs and categories; days under the same law share them."""
    names = {*crs.inputs, *(programs.program_columns if programs else ())}
    names |= categories.category_columns if categories else set()
    columns = crs.columns.with_occupations(codes)
    inputs = {name: column for name, column in columns.by_name.items() if name in names}
    return Asked(columns, inputs, categories.tests if categories else ())
