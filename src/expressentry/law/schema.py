"""The columns a grid may read: names, finite domains, and what an empty value means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from expressentry.law.source import Fields, Source
from expressentry.noc.codes import noc2021
from expressentry.text import FLAG_WORDS, Text, same, thousands

EMPTY_MEANINGS = ("refused", "no_test", "both_tried", "unknown", "not_applicable")
MOST_VALUES = 256
"""A code that a grid reads is one byte, so a domain has at most so many values."""
KINDS = ("integer", "boolean", "name", "amount", "occupation", "months")
MONTHS = ("months", "run", "canada_months")
"""What is counted of each occupation of a `months` column: all months, the longest run, those in Canada."""
NO_MONTHS = "none"
"""How a table writes that a `months` list has no entry; an empty cell is a list that is not known."""
MOST_MONTHS = 36
MOST_OCCUPATIONS = 15
"""A person has few occupations in three years; a frame counts the entries of a list in four bits."""

FIRST_LANGUAGE = "first_language"
"""The column whose values name the orders."""

NOT_GIVEN = Text("not given", "non fourni")
_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its domain; where that is finite, a value's *code* is its position in it.

    An `amount` (whole dollars) and a `months` list (occupations with months) have no codes, and no grid reads them.
    `when` names the true-or-false columns one of which must hold where this one may be given.
    """

    name: str
    kind: str
    values: tuple[Any, ...]
    ordered: bool
    empty: str
    title: Text
    meaning: Text
    when: tuple[str, ...] = ()
    unit: Text | None = None
    labels: Mapping[str, Text] = field(default_factory=dict)

    @property
    def may_be_empty(self) -> bool:
        """Whether an empty value is allowed (for a column with a `when`: where that holds)."""
        return self.empty != "refused"

    def code(self, value: object) -> int | None:
        """The position of a value in the domain; None for anything outside, 29.9 and "29" included."""
        if self.kind == "integer":
            low: int = self.values[0]
            return value - low if type(value) is int and low <= value <= self.values[-1] else None
        if self.kind == "boolean":
            return int(value) if type(value) is bool else None
        if self.kind in ("amount", "months"):
            return None
        try:
            return self.values.index(value) if type(value) is str else None
        except ValueError:
            return None

    def accepts(self, value: object) -> bool:
        """Whether a value is in the domain."""
        if self.kind == "amount":
            return type(value) is int and value >= 0
        if self.kind == "months":
            return isinstance(value, list) and len(value) <= MOST_OCCUPATIONS and all(map(self._is_entry, value))
        return self.code(value) is not None

    def _is_entry(self, entry: object) -> bool:
        """Whether an entry of a `months` list names a known occupation once counted in whole months that agree."""
        if not isinstance(entry, dict) or set(entry) != {"noc", *MONTHS} or entry["noc"] not in self.values:
            return False
        whole = all(type(entry[name]) is int and 0 <= entry[name] <= MOST_MONTHS for name in MONTHS)
        return whole and max(entry["run"], entry["canada_months"]) <= entry["months"]

    def expected(self) -> Text:
        """The rule of the domain, in words."""
        if self.kind == "integer":
            rule = Text("a whole number from {a} to {b}", "un nombre entier de {a} à {b}")
            rule = rule.fill(a=self.values[0], b=self.values[-1])
            return Text("{r} ({u})", "{r} ({u})").fill(r=rule, u=self.unit) if self.unit else rule
        if self.kind == "boolean":
            return Text("true or false", "true ou false")
        if self.kind == "amount":
            return Text("a whole number of dollars, 0 or more", "un nombre entier de dollars, 0 ou plus")
        if self.kind == "occupation":
            return Text("a code of the NOC in force that day", "un code de la CNP en vigueur ce jour-là")
        if self.kind == "months":
            return Text(
                "at most {n} occupations (noc: a code of the NOC 2021; months: whole, 0 to {m}; run and canada_months: "
                "no more than months)",
                "au plus {n} professions (noc : un code de la CNP 2021; months : mois entiers, de 0 à {m}; run et "
                "canada_months : pas plus que months)",
            ).fill(n=MOST_OCCUPATIONS, m=MOST_MONTHS)
        return Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(self.values))


@dataclass(frozen=True, slots=True, eq=False)
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

    def with_occupations(self, codes: tuple[str, ...]) -> Columns:
        """The same columns, an occupation having the codes of one version of the NOC."""
        coded = {name: replace(c, values=codes) for name, c in self.by_name.items() if c.kind == "occupation"}
        return Columns({**self.by_name, **coded}, self.groups, self.orders)

    def with_more(self, more: Mapping[str, Column]) -> Columns:
        """The same columns and those that a law file declares of its own."""
        return Columns({**self.by_name, **more}, self.groups, self.orders)


@dataclass(frozen=True, slots=True)
class MonthsTest:
    """At least so many months (all, the longest run, or those in Canada) in one occupation of a list."""

    column: str
    measure: str
    least: int
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is read of a person's facts on a day: all columns known, those looked at, and the tests of months."""

    columns: Columns
    inputs: Mapping[str, Column]
    tests: tuple[MonthsTest, ...] = ()

    @property
    def coded(self) -> dict[str, Column]:
        """The columns whose codes are needed: those looked at, and the flags of their conditions."""
        names = {*self.inputs, *(flag for column in self.inputs.values() for flag in column.when)}
        return {name: column for name, column in self.columns.by_name.items() if name in names}


def read_column(fields: Fields, name: str) -> Column:
    """Read one column's record."""
    kind = fields.choice("type", KINDS)
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
    elif kind != "boolean":
        values = tuple(noc2021()) if kind == "months" else ()  # categories began after the NOC 2021
    column = Column(
        name=name,
        kind=kind,
        values=values,
        ordered=fields.flag("ordered") or kind == "integer",
        empty=fields.choice("empty", EMPTY_MEANINGS),
        title=fields.text("title") or _NOTHING,
        meaning=fields.text("meaning") or _NOTHING,
        when=read_flags(fields),
        unit=fields.text("unit", required=False),
        labels=_labels(fields, values) if kind == "name" else {},
    )
    fields.close()
    return column


def read_flags(fields: Fields) -> tuple[str, ...]:
    """The condition of a column or a place: one true-or-false column, or a list of which one must hold."""
    expected = Text("expected a column, or a list of columns", "colonne ou liste de colonnes attendue")
    value = fields.take("when", (str, list), expected, required=False)
    return (value,) if isinstance(value, str) else tuple(map(str, value or ()))


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


def months_text(entries: Iterable[Mapping[str, Any]]) -> str:
    """A `months` list in the form that tables have: code, months, months in a row and months in Canada.

    >>> months_text([{"noc": "21231", "months": 36, "run": 30, "canada_months": 0}]), months_text([])
    ('21231:36:30:0', 'none')
    """
    return " ".join(f"{one['noc']}:{one['months']}:{one['run']}:{one['canada_months']}" for one in entries) or NO_MONTHS


def value_of(column: Column, value: Any) -> Text:
    """A value of a column in words; a level of a language as people write it: CLB 9, not 9 CLB."""
    if value is None:
        return NOT_GIVEN
    if isinstance(value, bool):
        return FLAG_WORDS[value]
    if column.kind == "amount":
        return dollars(value)
    if value in column.labels:
        return column.labels[value]
    if column.unit is None:
        return same(value)
    wording = Text("{u} {v}", "{u} {v}") if column.unit.en.isupper() else Text("{v} {u}", "{v} {u}")
    return wording.fill(v=value, u=unit_after(column.unit, value))


def unit_after(unit: Text, number: object) -> Text:
    """A unit as it follows a number: of one there is one year, and in French of none too; a French month has its s.

    >>> unit_after(Text("years", "ans"), 1), unit_after(Text("months", "mois"), 0)
    (Text(en='year', fr='an'), Text(en='months', fr='mois'))
    """
    en = unit.en.removesuffix("s") if number == 1 else unit.en
    fr = unit.fr.removesuffix("s") if number in (0, 1) and unit.fr != "mois" else unit.fr
    return Text(en, fr)


def dollars(amount: int) -> Text:
    """An amount in Canadian dollars.

    >>> dollars(15263).fr
    '15 263 $'
    """
    return Text("${n}", "{n} $").fill(n=thousands(amount))
