"""The programs of Express Entry as dated criteria: FSW, CEC, FST, and nomination by a province."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from expressentry.law.criteria.model import Criterion, Points
from expressentry.law.criteria.read import CriteriaReader
from expressentry.law.instruments import Cite, Instrument, read_cite
from expressentry.law.lists import Row
from expressentry.law.schema import Columns
from expressentry.law.source import Fields, Source
from expressentry.text import Text, same

PROGRAMS = ("fsw", "cec", "fst", "pnp")
"""In the order in which they are shown; a program comes after those that it asks for."""


@dataclass(frozen=True)
class Program:
    """What a program asks from a day on: all of its criteria."""

    id: str
    program: str
    title: Text
    cite: Cite = field(repr=False)
    in_force: date
    criteria: tuple[Criterion, ...] = field(repr=False)
    data: Mapping[str, Any] = field(repr=False, compare=False)
    user: bool = False

    @cached_property
    def counts_points(self) -> bool:
        """Whether it asks for points on a grid."""
        return any(isinstance(one, Points) for criterion in self.criteria for one in criterion.conditions())


def read_program(
    source: Source,
    columns: Columns,
    instruments: Mapping[str, Instrument],
    *,
    id_: str | None = None,
    data: Mapping[str, Any] | None = None,
    user: bool = False,
) -> Program:
    """Read one program, from a file of its own or from a table `programs` of a law file.

    `columns` has the occupations in force on its first day; `id_` and `data` are those of the table. Raises LawError
    with every problem found, each with file and line.
    """
    path = () if data is None else ("programs", id_ or "")
    written = source.data if data is None else data
    head = Fields(source, path, written)
    in_force = head.day("in_force") or date.max
    reader = CriteriaReader(columns, instruments, in_force)
    instrument = head.string("instrument") or ""
    title, cite = head.text("title"), read_cite(head, instrument, instruments, in_force, named=True)
    table = head.take("criteria", dict, Text("expected a table", "table attendue"), required=True) or {}
    criteria = reader.criteria(Fields(source, (*path, "criteria"), table), instrument)
    if not criteria and table == {} and "criteria" in written:
        rule = Text("expected a criterion", "critère attendu")
        head.wrong("no_criterion", "criteria", rule, Text("add one", "en ajouter un"))
    program = head.choice("program", PROGRAMS)
    stem = id_ if data is not None else source.path.stem
    id_ = head.string("id", required=data is None) or stem or ""
    sound = written.get("program") == program and in_force != date.max
    if sound and (id_ != f"{program}-{in_force}" or stem != id_):
        rule = Text(
            "the id is the program and its first day, and so is the name of the file or table",
            "l'identifiant est le programme et son premier jour, comme le nom du fichier ou de la table",
        )
        head.wrong("wrong_id", "id", rule, Text("rename", "renommer"), id_)
    head.close()
    source.finish()
    return Program(id_, program, title or same(id_), cite, in_force, criteria, written, user)


def funds_needed(row: Row, size: int) -> int | None:
    """The settlement funds for a family size, in dollars; None where the list does not tell."""
    seven = 7
    if size <= seven:
        return int(row.values[f"size_{size}"])
    more = row.values["each_more"]
    return int(row.values[f"size_{seven}"]) + (size - seven) * int(more) if more else None


def funds_range(row: Row, size: int | None, largest: int) -> tuple[int, int | None]:
    """The least and the most that the list may ask, in dollars: equal where it tells, no most where it does not.

    A size that is not known may be any from one to the largest.
    """
    exact = None if size is None else funds_needed(row, size)
    if exact is not None:
        return exact, exact
    return int(row.values["size_1" if size is None else "size_7"]), funds_needed(row, largest)


def orders(row: Row) -> tuple[tuple[str, ...], ...]:
    """The orders in which an invitation may name the program: one, or two where it is not established."""
    return tuple(tuple(text.split()) for text in (row.values["order"], row.values["or"]) if text)
