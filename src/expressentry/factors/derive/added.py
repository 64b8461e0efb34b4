"""Facts that added law asks for and a profile has no place for: unknown, never refused and never taken for zero."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from expressentry.factors.derive.model import Because, Choice, Doubt, Possible, Uncounted
from expressentry.law.grid.tree import Grid
from expressentry.law.law import Law
from expressentry.law.schema import Column, value_of
from expressentry.text import Text

_MOST_OPTIONS = 12
"""A column with more values is tried at those from which a row of the grid holds."""


class Added(Uncounted):
    """The columns that a user's law declares and no measure fills."""

    def __init__(self, law: Law) -> None:
        self.doubts: dict[str, Doubt] = {}
        self._columns: dict[str, tuple[Column, dict[str, Any]]] = {}
        for name, start in law.added_columns.items():
            column = law.columns[name]
            values = {str(value).lower(): value for value in _tried(column, law.user_grids)}
            self._columns[name] = (column, values)
            self.doubts[f"added:{name}"] = Doubt(
                f"added:{name}",
                Text("{t}, which added law asks for", "{t}, que demande le droit ajouté").fill(t=column.title),
                Text(
                    "a measure in the added law that says what `{n}` counts",
                    "une mesure dans le droit ajouté qui dit ce que `{n}` compte",
                ).fill(n=name),
                {option: value_of(column, value) for option, value in values.items()},
                since=start,
            )

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """Each column under the option that is assumed; none before the law that asks for it."""
        live = [name for name in self._columns if self.doubts[f"added:{name}"].matters(on)]
        return {name: self._columns[name][1][chosen[f"added:{name}"]] for name in live}

    @property
    def pieces(self) -> int:
        """The columns."""
        return len(self._columns)

    def possible(self, on: date) -> Possible:
        """Every value that is tried of each column: none depends on another."""
        live = [name for name in self._columns if self.doubts[f"added:{name}"].matters(on)]
        return {name: tuple(self._columns[name][1].values()) for name in live}

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """Not known."""
        words = Text("a profile does not give this fact", "un profil ne donne pas ce fait")
        return {name: Because(words) for name in self.facts(on, chosen)}


def _tried(column: Column, grids: Iterable[Grid]) -> list[Any]:
    """The values of a column that can make a difference: all of a short domain, else where rows of a grid begin."""
    if len(column.values) <= _MOST_OPTIONS:
        return list(column.values)
    leaves = [node.leaf for grid in grids for node in grid.root.walk() if node.leaf]
    read = [leaf for leaf in leaves if any(one.column.name == column.name for one in leaf.inputs)]
    found = {row[0] for leaf in read for row in leaf.rows if leaf.inputs[0].column.name == column.name}
    found |= {key for leaf in read for key in leaf.columns if leaf.inputs[0].column.name != column.name}
    return [value for value in column.values if value in found]
