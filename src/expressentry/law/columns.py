"""The columns a grid may read: names, finite domains, and what an empty value means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from expressentry.law.source import DATA, Fields, Source
from expressentry.words import Text

EMPTY_MEANINGS = ("refused", "no_test", "both_tried")
MOST_VALUES = 256
"""A code is one byte, so a domain has at most so many values."""

FIRST_LANGUAGE = "first_language"
"""The column whose values name the orders."""

_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its finite domain; a value's *code* is its position in the domain."""

    name: str
    kind: str
    values: tuple[Any, ...]
    ordered: bool
    empty: str
    title: Text
    meaning: Text
    when: str | None = None
    unit: Text | None = None
    labels: Mapping[str, Text] = field(default_factory=dict)

    @property
    def may_be_empty(self) -> bool:
        """Whether an empty value is allowed (for a column with a `when`: where that holds)."""
        return self.empty != "refused"

    def code(self, value: object) -> int | None:
        """The position of a value in the domain; None for anything outside, 29.9 and "29" included."""
        if self.kind == "integer":
            if type(value) is not int or not self.values[0] <= value <= self.values[-1]:
                return None
            return value - int(self.values[0])
        if self.kind == "boolean":
            return int(value) if type(value) is bool else None
        return self.values.index(value) if type(value) is str and value in self.values else None

    def expected(self) -> Text:
        """The rule of the domain, in words."""
        if self.kind == "integer":
            rule = Text("a whole number from {a} to {b}", "un nombre entier de {a} à {b}")
            rule = rule.fill(a=self.values[0], b=self.values[-1])
            return Text("{r} ({u})", "{r} ({u})").fill(r=rule, u=self.unit) if self.unit else rule
        if self.kind == "boolean":
            return Text("true or false", "true ou false")
        return Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(self.values))


@dataclass(frozen=True, slots=True)
class Columns:
    """All columns, the groups of four abilities, and the orders that bind the roles of a grid to groups."""

    by_name: Mapping[str, Column]
    groups: Mapping[str, tuple[str, ...]]
    orders: Mapping[str, Mapping[str, str]]

    def __getitem__(self, name: str) -> Column:
        return self.by_name[name]

    @property
    def roles(self) -> tuple[str, ...]:
        """The names that an order binds: `first`, `second`."""
        return tuple(next(iter(self.orders.values())))

    def members(self, source: str, order: str) -> tuple[str, ...]:
        """The column or columns that an input reads: a column's own name, a group's four, a role's four in an order."""
        group = self.orders[order].get(source, source)
        return self.groups.get(group, (source,))

    def with_more(self, more: Mapping[str, Column]) -> Columns:
        """The same columns and those that a law file declares of its own."""
        return Columns({**self.by_name, **more}, self.groups, self.orders)


def read_column(fields: Fields, name: str) -> Column:
    """Read one column's record."""
    kind = fields.choice("type", ("integer", "boolean", "name"))
    values: tuple[Any, ...] = (False, True)
    if kind == "integer":
        low_high = fields.take("range", list, Text("expected [low, high]", "attendu : [bas, haut]"), required=True)
        ends = low_high if low_high and len(low_high) == 2 and all(type(v) is int for v in low_high) else [0, 0]
        values = tuple(range(ends[0], ends[1] + 1))
        if not 1 < len(values) <= MOST_VALUES:
            expected = Text("expected [low, high], 2 to 256 values", "attendu : [bas, haut], de 2 à 256 valeurs")
            fields.wrong("wrong_range", "range", expected, Text("correct the range", "corriger l'intervalle"), low_high)
    elif kind == "name":
        names = fields.take("values", list, Text("expected a list of names", "liste de noms attendue"), required=True)
        values = tuple(dict.fromkeys(str(v) for v in names or ["?"]))
    column = Column(
        name=name,
        kind=kind,
        values=values,
        ordered=fields.flag("ordered") or kind == "integer",
        empty=fields.choice("empty", EMPTY_MEANINGS),
        title=fields.text("title") or _NOTHING,
        meaning=fields.text("meaning") or _NOTHING,
        when=fields.string("when", required=False),
        unit=fields.text("unit", required=False),
        labels=_labels(fields, values) if kind == "name" else {},
    )
    fields.close()
    return column


def _labels(fields: Fields, values: tuple[str, ...]) -> dict[str, Text]:
    table = fields.take("labels", dict, Text("expected a table", "table attendue"), required=True) or {}
    labels = Fields(fields.source, (*fields.path, "labels"), table)
    found = {value: labels.text(value) or _NOTHING for value in values}
    labels.close()
    return found


def read_columns(source: Source) -> Columns:
    """Read the schema file: columns, groups and orders."""
    columns = {
        name: read_column(Fields(source, ("columns", name), record), name)
        for name, record in source.data["columns"].items()
    }
    groups = {name: tuple(members) for name, members in source.data["groups"].items()}
    for group, members in groups.items():
        for member in members:
            if member not in columns:
                known = Text("a group names columns of this file", "un groupe nomme des colonnes de ce fichier")
                source.wrong(
                    "unknown_column", ("groups", group), known, Text("correct the name", "corriger le nom"), member
                )
    source.finish()
    return Columns(columns, groups, source.data["orders"])


def shipped_columns() -> Columns:
    """The columns that this package ships."""
    return read_columns(Source(DATA / "columns.toml"))
