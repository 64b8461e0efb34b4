"""What the pool is made to agree with, read from data with closed keys: margins, their ranges, what is left open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from expressentry.law.source import Fields, Source
from expressentry.simulate.data import FOLDER, basis, number
from expressentry.text import Text

OF = ("pool", "submissions", "invitations")
USES = ("fit", "must", "held_out")
_YEAR_DAYS = 365.25

Where = Mapping[str, Any]
"""Conditions that all hold: a column with true or false, a list of names, or the lowest and highest number."""


@dataclass(frozen=True, slots=True)
class Margin:
    """A share of the people, with the day it is of and how far it may be missed.

    `of` says whose share it is, `use` whether it is fitted ("must": not reaching it is an error) or only compared.
    """

    id: str
    title: Text
    of: str
    day: date
    share: float
    tolerance: float
    drift: float
    use: str
    basis: str
    where: Where

    def range_on(self, day: date) -> tuple[float, float]:
        """The lowest and highest share that agrees with the figure on another day."""
        free = self.tolerance + self.drift * abs((day - self.day).days) / _YEAR_DAYS
        return max(self.share - free, 0.0), min(self.share + free, 1.0)


@dataclass(frozen=True, slots=True)
class Group:
    """People of whom a share is shown, or whose weights are shifted; `among` are those it is a share of."""

    id: str
    title: Text
    where: Where
    among: Where


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything that a population is made to agree with, and what is shown of what this leaves open."""

    band_tolerance: float
    within_days: int
    round_tolerance: float
    each_day: float
    margins: Mapping[str, Margin]
    times: tuple[float, ...]
    shifted: tuple[Group, ...]
    shown: tuple[Group, ...]


@cache
def shipped_wanted() -> Wanted:
    """What ships."""
    return read_wanted(FOLDER / "margins.toml")


def with_margins(path: Path, wanted: Wanted) -> Wanted:
    """What ships and a user's margins; one of the same id takes the place of the shipped one.

    Raises:
        LawError: The file has an unknown key, a wrong value, or a figure that rests on nothing.
    """
    source = Source(path)
    top = Fields(source, (), source.data)
    found = _margins(source, top)
    top.close()
    source.finish()
    return replace(wanted, margins={**wanted.margins, **found})


def read_wanted(path: Path) -> Wanted:
    """Read margins, the tolerances of bands and rounds, and what is shown as left open."""
    source = Source(path)
    top = Fields(source, (), source.data)
    bands, rounds, left = (_table(source, top, name) for name in ("bands", "rounds", "left_open"))
    for one in (rounds, left):
        basis(one, None)
    groups = {name: _groups(source, left, name) for name in ("shifted", "shown")}
    found = Wanted(
        number(bands, "tolerance"),
        int(number(rounds, "within_days")),
        number(rounds, "tolerance"),
        number(rounds, "each_day"),
        _margins(source, top),
        tuple(float(one) for one in left.take("times", list, _NUMBERS, required=True) or ()),
        groups["shifted"],
        groups["shown"],
    )
    for one in (bands, rounds, left, top):
        one.close()
    source.finish()
    return found


def holds(where: Where) -> pl.Expr:
    """Whether all conditions hold for a person; what is empty does not."""
    tests = [_holds(pl.col(name), test) for name, test in where.items()]
    return pl.all_horizontal(tests or [pl.lit(True)]).fill_null(False)


def _holds(column: pl.Expr, test: Any) -> pl.Expr:
    if isinstance(test, bool):
        return column == test
    if all(isinstance(one, str) for one in test):
        return column.cast(pl.String).is_in(test)
    return column.is_between(*test)


def _table(source: Source, top: Fields, name: str) -> Fields:
    return Fields(source, (*top.path, name), top.take(name, dict, _TABLE, required=True) or {})


def _margins(source: Source, top: Fields) -> dict[str, Margin]:
    found = {}
    for id_, table in (top.take("margins", dict, _TABLE, required=True) or {}).items():
        one = Fields(source, ("margins", id_), table)
        found[id_] = Margin(
            id_,
            one.text("title") or Text(id_, id_),
            one.choice("of", OF),
            one.day("day") or date.max,
            _share(one, "share"),
            _share(one, "tolerance"),
            number(one, "drift"),
            one.choice("use", USES),
            basis(one, None),
            _where(one, "where", required=True),
        )
        if found[id_].of == "invitations" and found[id_].use != "held_out":
            one.wrong("not_a_target", "use", _ONLY_COMPARED, _HOLD_OUT, found[id_].use)
        one.close()
    return found


def _groups(source: Source, left: Fields, name: str) -> tuple[Group, ...]:
    found = []
    for id_, table in (left.take(name, dict, _TABLE, required=True) or {}).items():
        one = Fields(source, (*left.path, name, id_), table)
        where, among = _where(one, "where", required=True), _where(one, "among", required=False)
        found.append(Group(id_, one.text("title") or Text(id_, id_), where, among))
        one.close()
    return tuple(found)


def _share(table: Fields, key: str) -> float:
    value = number(table, key)
    if value > 1:
        table.wrong("not_a_share", key, _SHARE, _CORRECT, value)
    return value


def _where(table: Fields, key: str, *, required: bool) -> Where:
    found: dict[str, Any] = table.take(key, dict, _WHERE, required=required) or {}
    for name, test in found.items():
        numbers = isinstance(test, list) and len(test) == 2 and all(type(one) is int for one in test)
        words = isinstance(test, list) and test and all(isinstance(one, str) for one in test)
        if not (isinstance(test, bool) or numbers or words):
            table.wrong("not_a_condition", f"{key}.{name}", _WHERE, _CORRECT, test)
    return found


_TABLE = Text("expected a table", "table attendue")
_NUMBERS = Text("expected numbers", "nombres attendus")
_SHARE = Text("a share from 0 to 1", "une part de 0 à 1")
_WHERE = Text(
    "expected columns with true or false, a list of names, or [lowest, highest]",
    "colonnes attendues avec true ou false, une liste de noms, ou [minimum, maximum]",
)
_CORRECT = Text("correct the value", "corriger la valeur")
_ONLY_COMPARED = Text(
    "a figure of the invitations of a year is no share of the pool",
    "un chiffre des invitations d'un an n'est pas une part du bassin",
)
_HOLD_OUT = Text('write use = "held_out"', 'écrire use = "held_out"')
