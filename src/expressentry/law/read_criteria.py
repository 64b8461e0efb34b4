"""From the tables of a law file to criteria; refuses whatever is not said exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from expressentry.law.cite import read_cite
from expressentry.law.columns import MONTHS, Column, Columns, MonthsTest
from expressentry.law.criteria import Abilities, Condition, Criterion, Dollars, Known, Met, Points
from expressentry.law.instruments import Instrument
from expressentry.law.source import Fields
from expressentry.words import Text, same

_CORRECT = Text("correct the value", "corriger la valeur")
_FOUR = 4


@dataclass(frozen=True, slots=True)
class CriteriaReader:
    """Reads criteria against the columns and instruments; `occupations` are those that a test of months is about."""

    columns: Columns
    instruments: Mapping[str, Instrument]
    in_force: date
    occupations: frozenset[str] = frozenset()

    def criteria(self, fields: Fields, parent: str, place: Text | None = None) -> tuple[Criterion, ...]:
        """Read every table below as a criterion; each inherits its instrument, and its place where it has none."""
        return tuple(
            self._criterion(Fields(fields.source, (*fields.path, id_), table), id_, parent, place)
            for id_, table in fields.tables().items()
        )

    def _criterion(self, fields: Fields, id_: str, parent: str, place: Text | None) -> Criterion:
        named = fields.string("instrument", required=False)
        instrument = named or parent
        if place is not None and "place" not in fields.left:
            fields.left["place"] = place._asdict()
        title = fields.text("title") or same("")
        cite = read_cite(fields, instrument, self.instruments, self.in_force, named=named is not None)
        words = [word for word in ("at_least", "is_in", "all", "any") if word in fields.left]
        if len(words) != 1:
            rule = Text("expected one of at_least, is_in, all, any", "attendu : un seul de at_least, is_in, all et any")
            fields.source.wrong("not_a_criterion", fields.path, rule, _CORRECT)
            return Criterion(id_, title, cite, "all", None)
        how, written = words[0], fields.take(words[0], dict, Text("expected a table", "table attendue"), required=True)
        fields.close()
        inner = Fields(fields.source, (*fields.path, how), written or {})
        if how in ("all", "any"):
            below = self.criteria(inner, instrument, cite.place)
            inner.close()
            return Criterion(id_, title, cite, how, None, below)
        condition = self._at_least(inner) if how == "at_least" else self._is_in(inner)
        inner.close()
        return Criterion(id_, title, cite, how, condition)

    def _at_least(self, fields: Fields) -> Condition | None:
        if "points" in fields.left:
            return Points(fields.string("points") or "", self._number(fields, "value"))
        if "abilities" in fields.left:
            return self._abilities(fields)
        if "months" in fields.left:
            counted, measure = fields.string("months") or "", fields.choice("measure", MONTHS)
            return MonthsTest(counted, measure, self._number(fields, "value"), self.occupations)
        column, name = self._column(fields, "column"), fields.string("list", required=False)
        if name is not None:
            by = self._column(fields, "by")
            return Dollars(column, name, by) if column and by else None
        value = fields.left.pop("value", None)
        code = column.code(value) if column else None
        if column is None or code is None or not column.ordered:
            fields.wrong(
                "outside_domain",
                "value",
                Text("a value of an ordered column", "valeur d'une colonne ordonnée"),
                _CORRECT,
                value,
            )
            return None
        return Known(column, tuple(at >= code for at in range(len(column.values))))

    def _abilities(self, fields: Fields) -> Condition | None:
        source = fields.string("abilities") or ""
        if source not in {*self.columns.groups, *self.columns.roles}:
            fields.wrong(
                "unknown_column", "abilities", Text("a group or a role", "un groupe ou un rôle"), _CORRECT, source
            )
            return None
        members = {order: self.columns.members(source, order) for order in self.columns.orders}
        by = self._column(fields, "by") if "by" in fields.left else None
        if by is None:
            return Abilities(source, members, (self._four(fields, fields.left.pop("value", None)),))
        rows = fields.take("rows", list, Text("expected rows", "rangées attendues"), required=True) or [[0, 0]]
        codes = [by.code(row[0]) for row in rows]
        levels = tuple(
            self._four(
                fields,
                next(
                    row[1]
                    for row, code in zip(reversed(rows), reversed(codes), strict=True)
                    if code is not None and code <= at
                ),
            )
            for at in range(len(by.values))
        )
        return Abilities(source, members, levels, by)

    def _is_in(self, fields: Fields) -> Condition | None:
        if "programs" in fields.left:
            return Met(
                tuple(fields.take("programs", list, Text("expected a list", "liste attendue"), required=True) or ())
            )
        column = self._column(fields, "column")
        if column is None:
            fields.left.clear()
            return None
        if column.kind == "occupation":
            groups = tuple(fields.take("groups", list, Text("expected a list", "liste attendue"), required=True) or ())
            but = tuple(fields.take("except", list, Text("expected a list", "liste attendue"), required=False) or ())
            return Known(column, tuple(code.startswith(groups) and not code.startswith(but) for code in column.values))
        values = fields.take("values", list, Text("expected a list", "liste attendue"), required=True) or []
        codes = {column.code(value) for value in values}
        if None in codes or not codes:
            fields.wrong("outside_domain", "values", column.expected(), _CORRECT, values)
        return Known(column, tuple(at in codes for at in range(len(column.values))))

    def _column(self, fields: Fields, key: str) -> Column | None:
        name = fields.string(key)
        if name is not None and name not in self.columns.by_name:
            fields.wrong("unknown_column", key, Text("a column of the schema", "une colonne du schéma"), _CORRECT, name)
            return None
        return self.columns[name] if name is not None else None

    def _number(self, fields: Fields, key: str) -> int:
        return int(fields.take(key, int, Text("expected a whole number", "nombre entier attendu"), required=True) or 0)

    def _four(self, fields: Fields, value: Any) -> tuple[int, ...]:
        """The levels of the four abilities: one number for all, or listening, reading, writing, speaking."""
        four = value if isinstance(value, list) else [value] * _FOUR
        if len(four) != _FOUR or not all(type(level) is int for level in four):
            fields.wrong("not_levels", "value", Text("one level, or four", "un niveau, ou quatre"), _CORRECT, value)
            return (0,) * _FOUR
        return tuple(four)
