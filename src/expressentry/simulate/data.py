"""The figures that populations are made with, read from `data/simulate` with closed keys; each says what it rests on.

kinds().archetypes["graduate"].share        0.27, an assumption of ours
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TypeGuard

from expressentry.law.lists import csv_records
from expressentry.law.source import Fields, Source
from expressentry.noc.codes import noc2021
from expressentry.text import Text

FOLDER = Path(__file__).parent.parent / "data" / "simulate"
ASSUMPTION = "assumption"
CONFIDENCE = ("report", "secondary", "computed")
FACTS = ("age", "education", "english", "french", "canadian", "foreign")
"""The facts that hang together by the copula, in its order."""

Points = tuple[tuple[float, float], ...]
"""Values with the share of people below each; straight lines between."""
Shares = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class FigureSource:
    """Where figures come from."""

    id: str
    title: Text
    address: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Common:
    """What is alike in every archetype."""

    ability_sd: float
    tested_within_days: float
    assessed_within_days: float
    nominated_within_days: float
    stopped_days: Points
    declined: float
    relative: float
    partner_tested: float
    partner_level: Points
    partner_canadian_years: tuple[float, ...]
    partner_study: float
    children: tuple[float, ...]
    funds_first_cad: float
    funds_each_cad: float
    funds_times: Points
    permit_days: Points
    submitted_days: Points
    partner_by_age: Points
    partner_status: Shares
    partner_education: Shares


@dataclass(frozen=True, slots=True)
class Archetype:
    """One kind of candidate; shares are of the people of this kind, and `share` is that of the kind in the pool.

    `canadian` and `foreign` are months of work of those who have any; `*_none` have none. `basis` is what the numbers
    rest on: the id of a source, or "assumption". `occupations` are shares of codes of the NOC 2021.
    """

    id: str
    title: Text
    basis: str
    share: float
    in_canada: bool
    nominee: bool
    first: str
    canadian_study: float
    age: Points
    education: Shares
    english: Points
    english_tested: float
    french: Points
    french_tested: float
    canadian: Points
    canadian_none: float
    works: float
    foreign: Points
    foreign_none: float
    sibling: float
    certificate: float
    job_offer: float
    occupations: Shares


@dataclass(frozen=True, slots=True)
class Kinds:
    """The archetypes, what they share, and the correlations of the copula, as pairs of facts."""

    basis: str
    common: Common
    archetypes: Mapping[str, Archetype]
    pairs: tuple[tuple[str, str, float], ...]


@cache
def figure_sources() -> Mapping[str, FigureSource]:
    """Every source of figures by its id."""
    source = Source(FOLDER / "sources.toml")
    found = {}
    for id_, table in Fields(source, (), source.data).take("sources", dict, _TABLE, required=True).items():
        rows = Fields(source, ("sources", id_), table)
        title, address = rows.text("title"), rows.string("address") or ""
        found[id_] = FigureSource(id_, title or Text(id_, id_), address, rows.choice("confidence", CONFIDENCE))
        rows.close()
    source.finish()
    return found


@cache
def kinds() -> Kinds:
    """The archetypes as they ship.

    Raises:
        LawError: The file has an unknown key, a share that is none, or a number that rests on nothing.
    """
    return read_kinds(FOLDER / "archetypes.toml", FOLDER / "occupations.csv")


def read_kinds(path: Path, occupations: Path) -> Kinds:
    """Read archetypes from a TOML file and their occupations from a CSV file; see the heads of the shipped ones."""
    source = Source(path)
    top = Fields(source, (), source.data)
    usual = basis(top, None)
    common = _read(Fields(source, ("common",), top.take("common", dict, _TABLE, required=True) or {}), Common, {})
    held = Fields(source, ("dependence",), top.take("dependence", dict, _TABLE, required=True) or {})
    pairs = tuple(_pair(held, one) for one in held.take("pairs", list, _PAIRS, required=True) or ())
    held.close()
    tables = top.take("archetypes", dict, _TABLE, required=True) or {}
    worked = _occupations(occupations, tuple(tables))
    found = {}
    for id_, table in tables.items():
        one = Fields(source, ("archetypes", id_), {"nominee": False, **table})
        known = {"id": id_, "basis": basis(one, usual), "title": one.text("title"), "occupations": worked[id_]}
        found[id_] = _read(one, Archetype, known)
    top.close()
    source.finish()
    return Kinds(usual, common, found, pairs)  # type: ignore[arg-type]  # read by the types of its fields


def basis(table: Fields, usual: str | None) -> str:
    """What the numbers of a table rest on; where the table does not say, what those around it do."""
    return table.choice("basis", (ASSUMPTION, *figure_sources()), usual)


def _read(table: Fields, kind: type, known: dict[str, object]) -> object:
    """An object of a class, each field read by its type."""
    values = dict(known)
    for one in fields(kind):
        if one.name in known:
            continue
        reader = _READERS[str(one.type)]
        values[one.name] = reader(table, one.name)
    table.close()
    return kind(**values)


def number(table: Fields, key: str) -> float:
    """Take a number, not below 0."""
    value = table.take(key, (int, float), _NUMBER, required=True)
    if value is not None and value < 0:
        table.wrong("outside_domain", key, _NUMBER, _CORRECT, value)
    return float(value or 0)


def _points(table: Fields, key: str) -> Points:
    rows = table.take(key, list, _POINTS, required=True) or [[0, 0.0]]
    pairs = all(
        isinstance(row, list) and len(row) == 2 and all(isinstance(one, int | float) for one in row) for row in rows
    )
    rising = pairs and all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(rows))
    if not rising or not all(0 <= row[1] <= 1 for row in rows):
        table.wrong("not_rising", key, _POINTS, _CORRECT, rows)
        return ((0.0, 0.0),)
    return tuple((float(a), float(b)) for a, b in rows)


def _shares(table: Fields, key: str) -> Shares:
    found = table.take(key, dict, _SHARES, required=True) or {"": 1.0}
    values = list(found.values())
    _add_up(table, key, values)
    return {name: float(value) for name, value in found.items()} if _numbers(values) else {}


def _list(table: Fields, key: str) -> tuple[float, ...]:
    values = table.take(key, list, _SHARES, required=True) or [1.0]
    _add_up(table, key, values)
    return tuple(float(value) for value in values) if _numbers(values) else ()


def _numbers(values: Sequence[object]) -> TypeGuard[Sequence[float]]:
    return all(isinstance(value, int | float) and value >= 0 for value in values)


def _add_up(table: Fields, key: str, values: Sequence[object]) -> None:
    if not _numbers(values) or abs(sum(values) - 1) > _ROUNDING:
        table.wrong("not_shares", key, _SHARES, _CORRECT, values)


def _pair(table: Fields, row: object) -> tuple[str, str, float]:
    a, b, value = row if isinstance(row, list) and len(row) == 3 else ("", "", None)
    if a not in FACTS or b not in FACTS or not isinstance(value, int | float) or not -1 < value < 1:
        table.wrong("not_a_pair", "pairs", _PAIRS, _CORRECT, row)
        return FACTS[0], FACTS[1], 0.0
    return a, b, float(value)


def _occupations(path: Path, names: Sequence[str]) -> Mapping[str, Shares]:
    """For each archetype the shares of its occupations."""
    rows = [record for _, record in csv_records(path)]
    found = {}
    for name in names:
        weights = {row["noc"]: float(row[name]) for row in rows if row["noc"] in noc2021() and float(row[name]) > 0}
        total = sum(weights.values())
        found[name] = {code: weight / total for code, weight in weights.items()}
    return found


_ROUNDING = 1e-6
_READERS = {
    "float": number,
    "bool": lambda table, key: table.flag(key),
    "str": lambda table, key: table.string(key) or "",
    "Points": _points,
    "Shares": _shares,
    "tuple[float, ...]": _list,
}
_TABLE = Text("expected a table", "table attendue")
_NUMBER = Text("expected a number, not below 0", "nombre attendu, pas sous 0")
_POINTS = Text(
    "expected values with rising shares from 0 to 1: [[20, 0.0], [30, 1.0]]",
    "valeurs attendues avec des parts croissantes de 0 à 1 : [[20, 0.0], [30, 1.0]]",
)
_SHARES = Text("expected shares that add up to 1", "parts attendues dont la somme est 1")
_PAIRS = Text(
    "expected two different facts and a number between -1 and 1; facts: {all}",
    "deux faits différents attendus et un nombre entre -1 et 1; faits : {all}",
).fill(all=", ".join(FACTS))
_CORRECT = Text("correct the value", "corriger la valeur")
