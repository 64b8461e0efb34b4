"""What a comparison of a page with the law finds: rows with both values, and what was not understood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from expressentry.law.verify.pages.html import Table
from expressentry.text import Lang, Text, same

SAME, DIFFERENT, NEW, VANISHED = "same", "different", "new", "vanished"
FINDINGS = (SAME, DIFFERENT, NEW, VANISHED)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of a page beside that of the law; `place` is where the law has it, "" where it has none.

    `maximum` where the figure is the most that a place gives.
    """

    table: str
    label: str
    column: str
    page: str | None
    law: str | None
    finding: str
    place: str = ""
    maximum: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """A table, or a part of one, that was not understood, and what was expected in its place."""

    table: str
    expected: Text


@dataclass
class Found:
    """Everything that was found on one page.

    `tables` are the tables of the law as the page has them, by place, `caps` the maxima of places that have one in the
    law, for each case every figure that the page names, and `added` the tables that the law does not have: of these a
    draft is made.
    """

    kind: str
    lang: Lang
    day: date | None
    law: str
    rows: list[Row] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    caps: dict[str, dict[int, set[int]]] = field(default_factory=dict)
    added: list[tuple[str, Table]] = field(default_factory=list)

    @property
    def same(self) -> bool:
        """Whether everything was understood and every figure is that of the law."""
        return not self.unread and bool(self.rows) and all(one.finding == SAME for one in self.rows)

    def count(self, finding: str) -> int:
        """How many rows have a finding."""
        return sum(one.finding == finding for one in self.rows)

    def add(
        self, table: str, label: str, column: str, page: object, law: object, place: str, *, maximum: bool = False
    ) -> None:
        """Add a figure that both have, or that only one of them has (the other being None)."""
        finding = NEW if law is None else VANISHED if page is None else SAME if str(page) == str(law) else DIFFERENT
        shown = (None if page is None else str(page)), (None if law is None else str(law))
        self.rows.append(Row(table, label, column, *shown, finding, place, maximum))

    def cap(self, place: str, cases: Iterable[int], figure: int) -> None:
        """Keep the maximum that the page names for a place, for somebody alone (0) or accompanied (1)."""
        for case in cases:
            self.caps.setdefault(place, {}).setdefault(case, set()).add(figure)

    def not_read(self, table: str, expected: Text) -> None:
        """Note what was not understood."""
        self.unread.append(Unread(table, expected))

    def new_table(self, section: str, table: Table) -> None:
        """Add a table that the law does not have, row by row."""
        self.added.append((section, table))
        for row in table.rows:
            for column, cell in zip(table.columns[1:], row[1:], strict=True):
                self.add(table.name, row[0], column, cell, None, "")


def joined(values: Iterable[object]) -> str:
    """Several values of the law where a page has one."""
    return " / ".join(dict.fromkeys(map(str, values)))


NOT_A_NUMBER = Text("a number of points in the row “{row}”", "un nombre de points à la ligne « {row} »")
ABSENT_TABLE = Text("a table of it; none was found", "un tableau sur cela; aucun n'a été trouvé")
TWICE = Text("one row for each value; two are about “{row}”", "une ligne par valeur; deux portent sur « {row} »")
COLUMN = Text("no column “{column}”", "pas de colonne « {column} »")
BAD_SHAPE = Text("a table that can be read; this has {why}", "un tableau lisible; celui-ci a {why}")


def shape(why: Text) -> Text:
    """What was expected of a table that is built in a way that cannot be read."""
    return BAD_SHAPE.fill(why=why)


def text_of(value: object) -> Text:
    """A value as text of both languages."""
    return value if isinstance(value, Text) else same(value)
