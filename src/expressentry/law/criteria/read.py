"""From the tables of a law file to criteria; refuses anything that is not stated exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from expressentry.law.criteria.model import (
    ASKED_OF,
    JOINED,
    Abilities,
    Ask,
    Condition,
    Criterion,
    Dollars,
    Known,
    Met,
    Points,
)
from expressentry.law.instruments import Instrument, read_cite
from expressentry.law.schema import MONTHS, Column, Columns, MonthsTest
from expressentry.law.source import Fields
from expressentry.noc.codes import teer as teer_of
from expressentry.text import Text, same

_CORRECT = Text("correct the value", "corriger la valeur")
_FOUR = 4
_WORDS = ("at_least", "is_in", *JOINED, "ask")
_MISSING = same("–")
TEERS = range(6)
POINTS = ("fsw",)
"""The grids of which a criterion may ask points."""
AMOUNTS = ("settlement_funds",)
"""The dated lists that hold amounts by family size."""
FEDERAL = ("fsw", "cec", "fst")
"""The programs that another may ask for."""
Members = Mapping[str, tuple[str, ...]]
"""The columns of four abilities, for each order of languages."""


@dataclass(frozen=True, slots=True)
class CriteriaReader:
    """Reads criteria against the columns and instruments; `occupations` are those that a test of months is about.

    `points` are the grids of which points may be asked, `lists` the lists of occupations that a criterion may name.
    """

    columns: Columns
    instruments: Mapping[str, Instrument]
    in_force: date
    occupations: frozenset[str] = frozenset()
    points: tuple[str, ...] = POINTS
    lists: Mapping[str, frozenset[str]] = field(default_factory=dict)

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
            fields.left["place"] = (place if all(place) else _MISSING)._asdict()  # the place above says what is wrong
        title = fields.text("title") or same("")
        begun = self.in_force if named is not None else None  # an inherited instrument was checked where it is named
        cite = read_cite(fields, instrument, self.instruments, begun, named=named is not None)
        words = [word for word in _WORDS if word in fields.left]
        if len(words) != 1:
            rule = Text("expected one of {all}", "attendu : un seul de {all}").fill(all=", ".join(_WORDS))
            fields.source.wrong("not_a_criterion", fields.path, rule, _CORRECT)
            return Criterion(id_, title, cite, "all", None)
        how, written = words[0], fields.take(words[0], dict, Text("expected a table", "table attendue"), required=True)
        fields.close()
        inner = Fields(fields.source, (*fields.path, how), written or {})
        if how in JOINED:
            below = self.criteria(inner, instrument, cite.place)
            inner.close()
            if not below:
                rule = Text("expected a criterion below", "critère attendu dessous")
                fields.source.wrong("no_criterion", inner.path, rule, _CORRECT)
            if how == "readings" and cite.doubt is None:
                rule = Text("readings have the doubt that makes them", "des lectures ont le doute qui les cause")
                fields.source.wrong("no_doubt", fields.path, rule, _CORRECT)
            return Criterion(id_, title, cite, how, None, below)
        read = {"at_least": self._at_least, "is_in": self._is_in, "ask": self._ask}
        condition = read[how](inner)
        inner.close()
        return Criterion(id_, title, cite, how, condition)

    def _at_least(self, fields: Fields) -> Condition | None:
        if "points" in fields.left:
            return Points(fields.choice("points", self.points), self._number(fields, "value"))
        if "abilities" in fields.left:
            return self._abilities(fields)
        if "months" in fields.left:
            return self._months(fields)
        column = self._column(fields, "column")
        if "list" in fields.left:
            name, by = fields.choice("list", AMOUNTS), self._column(fields, "by")
            return Dollars(column, name, by) if column and by else None
        value = fields.left.pop("value", None)
        return None if column is None else self._from(fields, column, value)

    def _months(self, fields: Fields) -> Condition | None:
        counted, measure = self._column(fields, "months"), fields.choice("measure", MONTHS)
        least = self._number(fields, "value")
        if least < 1:
            fields.wrong("outside_domain", "value", Text("one month or more", "un mois ou plus"), _CORRECT, least)
        if counted is not None and counted.kind != "months":
            rule = Text("a column of months by occupation", "une colonne de mois par profession")
            fields.wrong("wrong_type", "months", rule, _CORRECT, counted.name)
        return MonthsTest(counted.name, measure, least, self.occupations) if counted else None

    def _from(self, fields: Fields, column: Column, value: Any) -> Condition | None:
        """A value of an ordered column and all above it."""
        code = column.code(value)
        if code is None or not column.ordered:
            rule = Text("a value of an ordered column", "valeur d'une colonne ordonnée")
            fields.wrong("outside_domain", "value", rule, _CORRECT, value)
            return None
        return Known(column, tuple(at >= code for at in range(len(column.values))))

    def _abilities(self, fields: Fields) -> Condition | None:
        source = fields.string("abilities") or ""
        if source not in {*self.columns.groups, *self.columns.roles}:
            rule = Text("a group or a role", "un groupe ou un rôle")
            fields.wrong("unknown_column", "abilities", rule, _CORRECT, source)
            fields.left.clear()
            return None
        members = {order: self.columns.members(source, order) for order in self.columns.orders}
        if "by" not in fields.left:
            return Abilities(source, members, (self._four(fields, "value", fields.left.pop("value", None), members),))
        by = self._column(fields, "by")
        rows = fields.take("rows", list, Text("expected rows", "rangées attendues"), required=True) or []
        if by is None:
            return None
        return Abilities(source, members, self._by_rows(fields, rows, by, members), by)

    def _by_rows(self, fields: Fields, rows: list[Any], by: Column, members: Members) -> tuple[tuple[int, ...], ...]:
        """The levels for each value of a column: those of the last row that begins at or below it."""
        paired = [row for row in rows if isinstance(row, list) and len(row) == 2]
        codes = [by.code(row[0]) for row in paired]
        known = [code for code in codes if code is not None]
        if len(known) != len(rows) or known[:1] != [0] or sorted(set(known)) != known:
            rule = Text(
                "rows of a value and its levels, from the first value of the column, rising",
                "rangées d'une valeur et de ses niveaux, dès la première valeur de la colonne, en montant",
            )
            fields.wrong("not_rows", "rows", rule, _CORRECT, rows)
            return ((0,) * _FOUR,) * len(by.values)
        levels = {code: self._four(fields, "rows", row[1], members) for code, row in zip(known, paired, strict=True)}
        return tuple(levels[max(code for code in known if code <= at)] for at in range(len(by.values)))

    def _ask(self, fields: Fields) -> Condition:
        return Ask(fields.choice("who", ASKED_OF))

    def _is_in(self, fields: Fields) -> Condition | None:
        lists = Text("expected a list", "liste attendue")
        if "programs" in fields.left:
            named = fields.take("programs", list, lists, required=True) or []
            if not named or not set(named) <= set(FEDERAL):
                rule = Text("one or more of: {all}", "un ou plusieurs de : {all}").fill(all=", ".join(FEDERAL))
                fields.wrong("unknown_program", "programs", rule, _CORRECT, named)
            return Met(tuple(named))
        column = self._column(fields, "column")
        if column is None:
            fields.left.clear()
            return None
        if column.kind == "occupation":
            return self._occupations(fields, column)
        values = fields.take("values", list, lists, required=True) or []
        codes = {column.code(value) for value in values}
        if None in codes or not codes:
            fields.wrong("outside_domain", "values", column.expected(), _CORRECT, values)
        return Known(column, tuple(at in codes for at in range(len(column.values))))

    def _occupations(self, fields: Fields, column: Column) -> Known:
        """Occupations that begin with one of the `groups` or are on the `list`, but for those of `except` and its list.

        `teer` narrows them to the levels named; without groups and list every occupation of these levels is meant.
        """
        lists = Text("expected a list", "liste attendue")
        groups = tuple(fields.take("groups", list, lists, required=not fields.left.keys() & {"list", "teer"}) or ())
        but = tuple(fields.take("except", list, lists, required=False) or ())
        teer = tuple(fields.take("teer", list, lists, required=False) or ())
        for key, named in (("groups", groups), ("except", but)):
            if not all(any(code.startswith(group) for code in column.values) for group in named):
                rule = Text("groups with occupations in them", "groupes qui contiennent des professions")
                fields.wrong("unknown_group", key, rule, _CORRECT, list(named))
        if not set(teer) <= set(TEERS):
            fields.wrong("outside_domain", "teer", Text("0 to 5", "de 0 à 5"), _CORRECT, list(teer))
        listed = "list" in fields.left
        on, off = (self._list(fields, key) for key in ("list", "except_list"))
        whole = not groups and not listed

        def allowed(code: str) -> bool:
            inside = whole or code.startswith(groups) or code in on
            return inside and not (code.startswith(but) or code in off) and (not teer or teer_of(code) in teer)

        return Known(column, tuple(map(allowed, column.values)))

    def _list(self, fields: Fields, key: str) -> frozenset[str]:
        """The occupations of a list that is named; none where no list is."""
        name = fields.string(key, required=False)
        if name is not None and name not in self.lists:
            fields.wrong("unknown_list", key, Text("no such list", "liste inconnue"), _CORRECT, name)
        return self.lists.get(name or "", frozenset())

    def _column(self, fields: Fields, key: str) -> Column | None:
        name = fields.string(key)
        if name is not None and name not in self.columns.by_name:
            fields.wrong("unknown_column", key, Text("a column of the schema", "une colonne du schéma"), _CORRECT, name)
            return None
        return self.columns[name] if name is not None else None

    def _number(self, fields: Fields, key: str) -> int:
        return int(fields.take(key, int, Text("expected a whole number", "nombre entier attendu"), required=True) or 0)

    def _four(self, fields: Fields, key: str, value: Any, members: Members) -> tuple[int, ...]:
        """The levels of the four abilities: one number for all, or listening, reading, writing, speaking."""
        four = value if isinstance(value, list) else [value] * _FOUR
        names = next(iter(members.values()))
        inside = [self.columns[name].code(level) is not None for name, level in zip(names, four, strict=False)]
        if len(four) != _FOUR or not all(inside):
            fields.wrong("not_levels", key, Text("one level, or four", "un niveau, ou quatre"), _CORRECT, value)
            return (0,) * _FOUR
        return tuple(four)
