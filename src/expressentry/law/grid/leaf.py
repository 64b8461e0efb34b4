"""Reading `table`, `grid`, `rows`, `columns` and `cap` into cells that cover the whole domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from expressentry.errors import ABSENT
from expressentry.law.grid.tree import Input, Leaf
from expressentry.law.schema import MOST_VALUES, Column, Columns
from expressentry.law.source import Fields
from expressentry.text import Text

_CASES = 2
_CORRECT = Text("correct the value", "corriger la valeur")


@dataclass(frozen=True, slots=True)
class LeafReader:
    """Reads leaves and caps against the columns and the parameters of one file."""

    columns: Columns
    parameters: Mapping[str, int]

    def leaf(self, fields: Fields) -> Leaf | None:
        """Read a leaf, if the node has one."""
        table, grid = fields.left.pop("table", None), fields.left.pop("grid", None)
        if table is None and grid is None:
            return None
        one = table is not None
        written = [table] if one else grid
        rows = fields.take("rows", list, Text("expected a list of rows", "liste de rangées attendue"), required=True)
        keys = [] if one else fields.take("columns", list, Text("expected a list", "liste attendue"), required=True)
        if (
            not isinstance(written, list)
            or len(written) != (1 if one else 2)
            or (table is not None and grid is not None)
        ):
            expected = Text(
                "expected one input for a table, two for a grid",
                "attendu : une entrée pour une table, deux pour une grille",
            )
            fields.left.pop("columns", None)
            fields.wrong("wrong_inputs", "table" if one else "grid", expected, _CORRECT, written)
            return None
        inputs = [self._input(fields, "table" if one else "grid", an_input) for an_input in written]
        known = [an_input for an_input in inputs if an_input is not None]
        if rows is None or keys is None or len(known) != len(written):
            return None
        width = len(keys) if keys else None
        lists = [
            row
            for row in rows
            if isinstance(row, list) and (len(row) in (2, 3) if one else len(row) == 1 + (width or 0))
        ]
        if len(lists) != len(rows) or not rows:
            expected = Text(
                "expected rows of a value and its points: one number, or two (alone, accompanied); "
                "in a grid one for each column",
                "attendu : des rangées d'une valeur et de ses points : un nombre, ou deux (seul, accompagné); "
                "dans une grille, un par colonne",
            )
            fields.wrong("wrong_row", "rows", expected, _CORRECT, next((r for r in rows if r not in lists), rows))
            return None
        return self._cells(fields, tuple(known), lists, keys)

    def cap(self, fields: Fields) -> tuple[int, ...] | None:
        """Read a cap: one number, or two (alone, accompanied)."""
        value = fields.left.pop("cap", None)
        return None if value is None else self._numbers(fields, "cap", value)

    def _input(self, fields: Fields, key: str, written: object) -> Input | None:
        """Read an input: `"column"`, `{ lowest = "group", empty = 0 }` or `{ each = "group", empty = 0 }`."""
        record = dict(written) if isinstance(written, dict) else {"value": written}
        how = next((word for word in ("value", "lowest", "each") if word in record), None)
        source, empty = record.pop(how, None) if how else None, record.pop("empty", None)
        groups = {*self.columns.groups, *self.columns.roles}
        known = groups if how in ("lowest", "each") else set(self.columns.by_name)
        if record or source not in known or (how == "each" and key == "grid"):
            rule = Text(
                'expected "column", { lowest = "group" } or, in a table, { each = "group" }; a value may add `empty`',
                'attendu : "colonne", { lowest = "groupe" } ou, dans une table, { each = "groupe" }; `empty` au besoin',
            )
            fields.wrong("wrong_input", key, rule, _CORRECT, written)
            return None
        members = {order: self.columns.members(str(source), order) for order in self.columns.orders}
        column = self.columns[next(iter(members.values()))[0]]
        if not 1 < len(column.values) <= MOST_VALUES:
            rule = Text("a grid reads columns of 2 to 256 values", "une grille lit des colonnes de 2 à 256 valeurs")
            fields.wrong("wrong_input", key, rule, _CORRECT, written)
            return None
        code = None if empty is None else column.code(empty)
        if (column.may_be_empty and column.empty != "unknown") != (code is not None):
            rule = Text(
                "`empty` is required where the column may be empty and is not unknown, and only there; "
                "it is a value of its domain",
                "`empty` est requis là où la colonne peut être vide sans être inconnue, et seulement là; "
                "c'est une valeur de son domaine",
            )
            fields.wrong("wrong_empty", key, rule, _CORRECT, ABSENT if empty is None else empty)
            return None
        return Input(str(source), how or "value", column, code, members)

    def _cells(self, fields: Fields, inputs: tuple[Input, ...], rows: list[list[Any]], keys: list[Any]) -> Leaf | None:
        down = self._spread(fields, "rows", inputs[0].column, [row[0] for row in rows])
        across = self._spread(fields, "columns", inputs[1].column, keys) if len(inputs) == _CASES else [0]
        if down is None or across is None:
            return None
        written = [[row[1:]] if len(inputs) == 1 else row[1:] for row in rows]
        numbers = [[self._numbers(fields, "rows", cell) for cell in row] for row in written]
        if any(pair is None for row in numbers for pair in row):
            return None
        pairs = [[pair or (0, 0) for pair in row] for row in numbers]
        cells = tuple(tuple(pairs[r][c][case] for r in down for c in across) for case in range(_CASES))
        return Leaf(inputs, cells, tuple(map(tuple, rows)), tuple(keys))

    def _spread(self, fields: Fields, key: str, column: Column, given: Sequence[object]) -> list[int] | None:
        """For each value of the domain, which line holds it; in an ordered domain a line holds "from this value on"."""
        codes = [column.code(value) for value in given]
        if None in codes:
            bad = given[codes.index(None)]
            fields.wrong(
                "outside_domain",
                key,
                column.expected(),
                Text("use values of the column", "prendre des valeurs de la colonne"),
                bad,
            )
            return None
        known = [code for code in codes if code is not None]
        if column.ordered:
            if known != sorted(set(known)) or known[0] != 0:
                rule = Text(
                    "lines rise from the lowest value of the column: {low}",
                    "les lignes montent depuis la plus petite valeur de la colonne : {low}",
                )
                fix = Text("begin with the lowest, then rise", "commencer par la plus petite, puis monter")
                fields.wrong("not_rising", key, rule.fill(low=column.values[0]), fix, list(given))
                return None
            return [max(i for i, code in enumerate(known) if code <= at) for at in range(len(column.values))]
        if sorted(known) != list(range(len(column.values))):
            rule = Text("each value of the column once: {all}", "chaque valeur de la colonne une fois : {all}")
            fix = Text("name every value once", "nommer chaque valeur une fois")
            fields.wrong("not_covered", key, rule.fill(all=", ".join(map(str, column.values))), fix, list(given))
            return None
        return [known.index(at) for at in range(len(column.values))]

    def _numbers(self, fields: Fields, key: str, value: object) -> tuple[int, ...] | None:
        """One number for both cases, or two; a word is a parameter of the file."""
        pair = value if isinstance(value, list) else [value]
        numbers = [self.parameters.get(v, v) if isinstance(v, str) else v for v in pair]
        points = [number for number in numbers if type(number) is int]
        if len(numbers) not in (1, _CASES) or len(points) != len(numbers):
            rule = Text(
                "expected a whole number of points, or two (alone, accompanied)",
                "attendu : un nombre entier de points, ou deux (seul, accompagné)",
            )
            fields.wrong("not_points", key, rule, _CORRECT, value)
            return None
        return tuple(points) if len(points) == _CASES else (points[0], points[0])
