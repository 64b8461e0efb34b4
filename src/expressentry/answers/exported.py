"""Rounds, pool, categories, occupations and law as tables for other programs, with what each column means.

for table in tables(context):
    table.name, table.title, table.fields, table.rows()

No day is asked about: every table has all days, and says from when until when a row holds.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import resources
from typing import Any, Literal

from expressentry.answers.context import Context
from expressentry.law.grid.tree import Grid
from expressentry.law.parts import parts
from expressentry.noc.codes import noc2016, noc2021
from expressentry.rounds.record import Record
from expressentry.text import Text

Kind = Literal["string", "integer", "boolean", "date", "datetime"]
Rows = Iterable[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name, the type of its values, what it is, and its unit where it has one."""

    name: str
    kind: Kind
    title: Text
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose data it is, and under which licence it may be used."""

    title: Text
    licence: str
    licence_title: Text
    path: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, what it is, whose it is, its columns, those that tell rows apart, and its rows."""

    name: str
    title: Text
    owner: Owner
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    rows: Callable[[], Rows]


def tables(context: Context) -> list[Table]:
    """Every table, in the order in which they are exported.

    >>> from expressentry.law.load import load_law
    >>> from expressentry.rounds.load import load_record
    >>> found = {one.name: one for one in tables(Context(load_law(), load_record()))}
    >>> next(iter(found["rounds"].rows()))[:3]
    ('1', datetime.date(2015, 1, 31), 'no_program')
    """
    made: dict[str, Callable[[], Rows]] = {
        "rounds": partial(_rounds, context.record),
        "pool": partial(_pool, context.record),
        "sources": partial(_sources, context.record),
        "categories": partial(_categories, context),
        "category_occupations": partial(_listed, context),
        "occupations": _occupations,
        "instruments": partial(_instruments, context),
        "law": partial(_law, context),
        "points": partial(_points, context),
    }
    about = tomllib.loads((resources.files("expressentry") / "data/export.toml").read_text(encoding="utf-8"))
    owners = {
        id_: Owner(Text(**one["title"]), one["licence"], Text(**one["licence_title"]), one["path"])
        for id_, one in about["owners"].items()
    }
    return [_table(name, one, owners, made[name]) for name, one in about["tables"].items()]


def _table(name: str, about: dict[str, Any], owners: dict[str, Owner], rows: Callable[[], Rows]) -> Table:
    fields = tuple(Field(one, kind, Text(en, fr), *unit) for one, kind, en, fr, *unit in about["fields"])
    return Table(
        name, Text(**about["title"]), owners[about["owner"]], fields, tuple(about["key"]), partial(_some, rows)
    )


def _some(rows: Callable[[], Rows]) -> Rows:
    """Rows whose empty texts are nothing: a table has one way to say that there is none."""
    for row in rows():
        yield tuple(None if value == "" else value for value in row)


def _pair(text: Text | None) -> tuple[str | None, str | None]:
    return (None, None) if text is None else (text.en, text.fr)


def _rounds(record: Record) -> Rows:
    for one in record:
        about = one.number, one.date, one.type, one.category, one.version, one.name, one.programs
        yield (*about, one.invitations, one.cutoff, one.tie_break, one.at, one.source, one.checked, *_pair(one.doubt))


def _pool(record: Record) -> Rows:
    for day in sorted((*record.pool, *record.quoted), key=lambda day: day.as_of):
        for band, candidates in day.bands.items():
            yield (day.as_of, *band, candidates, day.kind(band), day.source, day.checked, *_pair(day.doubt))


def _sources(record: Record) -> Rows:
    for id_, one in sorted(record.sources.items()):
        yield (id_, *one.title, one.address, one.seen, one.confidence, *_pair(one.doubt))


def _categories(context: Context) -> Rows:
    for one in context.law.all_versions:
        conditions = Text("; ", "; ").join(one.conditions)
        yield (one.category, one.version, *one.title, one.start, one.until, len(one.occupations), *conditions)


def _listed(context: Context) -> Rows:
    for one in context.law.all_versions:
        for code in sorted(one.occupations):
            yield (one.category, one.version, code, *noc2021()[code].title, noc2021()[code].teer)


def _occupations() -> Rows:
    for code, group in noc2021().items():
        yield (code, 2021, *group.title, group.teer, None)
    for code, older in noc2016().items():
        yield (code, 2016, *older.title, None, older.skill_level)


def _instruments(context: Context) -> Rows:
    for id_, one in sorted(context.law.instruments.items()):
        days = one.signed, one.published, one.in_force, one.checked
        yield (id_, one.kind, one.status, *one.title, *days, one.confidence, one.address, *_pair(one.doubt), one.user)


def _law(context: Context) -> Rows:
    for number, one in enumerate(parts(context.law), 1):
        days, cite = (one.start, one.until), one.cite
        said = (*one.title, *one.says, cite.instrument.id, *cite.place, *_pair(cite.doubt), one.user)
        yield (number, one.kind, one.id, one.key or None, *days, *said)


def _points(context: Context) -> Rows:
    cells = (cell for grid in (*context.law.grids, *context.law.fsw_grids) for cell in _grid(grid))
    for number, cell in enumerate(cells, 1):
        yield (number, *cell)


def _grid(grid: Grid) -> Iterator[tuple[Any, ...]]:
    for node in grid.root.walk():
        if node.leaf is None:
            continue
        alone, accompanied = node.leaf.cells[0], node.leaf.cells[-1]
        for codes, one, two in zip(node.leaf.combinations(), alone, accompanied, strict=True):
            read = [
                (an_input.source, an_input.how, _value(an_input.column.values[code]))
                for an_input, code in zip(node.leaf.inputs, codes, strict=True)
            ]
            first, second = read[0], read[1] if len(read) > 1 else (None, None, None)
            place = (grid.id, grid.in_force, node.id, *node.title)
            yield (*place, *first, *second, one, two, node.cite.instrument.id, *node.cite.place)


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
