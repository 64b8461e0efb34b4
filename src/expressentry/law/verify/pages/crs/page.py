"""A page of criteria beside a grid: its columns and cells, and what the grid has for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from expressentry.law.grid.tree import Grid, Node
from expressentry.law.verify.pages.html import Table
from expressentry.law.verify.pages.labels import fits, number, page_data, plain
from expressentry.law.verify.pages.model import COLUMN, NOT_A_NUMBER, Found, joined
from expressentry.text import Lang, Text

ALONE, ACCOMPANIED = 0, 1
BOTH = (ALONE, ACCOMPANIED)
NO_POINTS = "–"
"""What the law has where a column does not apply to somebody."""


class CrsPage:
    """What is known of a page and a grid while they are compared, and what was found so far.

    `seen` are the tables and rows of summaries that were compared, `covered` the cells of additional points.
    """

    def __init__(self, lang: Lang, grid: Grid, found: Found) -> None:
        self.lang, self.grid, self.found, self.data = lang, grid, found, page_data()["crs"]
        self.nodes = {node.id: node for node in grid.root.walk()}
        self.seen: set[str] = set()
        self.covered: dict[str, set[int]] = {}
        self.heads: set[str] = set()

    def unnamed(self, section: str) -> list[Node]:
        """The leaves of a section that no pattern is about: those of law that somebody added."""
        named = {one["place"] for key in ("table", "additional") for one in self.data[key]}
        top = self.data["section"][section]
        return [n for n in self.nodes.values() if n.leaf and n.id.startswith(f"{top}.") and n.id not in named]

    def cases(self, section: str, table: Table) -> dict[int, tuple[int, ...]] | None:
        """Whom each column is about; None where a column is about something else."""
        cases: dict[int, tuple[int, ...]] = {}
        for at, header in enumerate(table.columns[1:], 1):
            if fits(self.data["without"], header, self.lang):
                cases[at] = (ALONE,)
            elif fits(self.data["with"], header, self.lang):
                cases[at] = (ACCOMPANIED,)
            elif fits(self.data["points"], header, self.lang):
                cases[at] = (ACCOMPANIED,) if section == "B" else BOTH
            else:
                self.found.not_read(table.name, COLUMN.fill(column=header))
                return None
        told = [case for some in cases.values() for case in some]
        if len(told) != len(set(told)) or not told:
            self.found.not_read(table.name, ONE_COLUMN_EACH)
            return None
        return cases

    def cell(self, table: Table, row: Sequence[str], at: int) -> int | str | None:
        """A cell: points, no points for this column, or None with a note where it is neither."""
        text = plain(row[at])
        if text in self.data["none"]:
            return NO_POINTS
        value = 0 if text in self.data["zero"] else number(row[at])
        if value is None:
            self.found.not_read(table.name, NOT_A_NUMBER.fill(row=row[0]))
        return value

    def maximum(self, text: str) -> int | None:
        """The maximum that a heading or a header names."""
        match = fits(self.data["maximum"], text, self.lang)
        return number(match[1]) if match else None

    def most(self, place: str) -> tuple[int, ...] | None:
        """The most that a place gives alone and accompanied; both languages are one row of a summary."""
        if place == "core.languages":
            both = [self.nodes[f"core.{which}_language"].maximum for which in ("first", "second")]
            return tuple(map(sum, zip(*both, strict=True)))
        node = self.nodes.get(place)
        return node.maximum if node is not None else None

    def cap(self, node: Node | None, cases: Iterable[int], figure: int) -> None:
        """Keep the maximum that the page names, where the place has a cap in the law."""
        if node is not None and node.cap is not None:
            self.found.cap(node.id, [case for case in cases if node.maximum[case]], figure)

    def law(self, node: Node, case: int, at: Sequence[int]) -> str:
        """What the law gives for some codes of a leaf; nothing where the place is not for this case."""
        if node.leaf is None or not self.nodes[node.id.partition(".")[0]].maximum[case]:
            return NO_POINTS
        return joined(node.leaf.cells[case][one] for one in at)

    def add(
        self, table: Table, label: str, column: str, value: int | str, law: str, place: str, *, maximum: bool = False
    ) -> None:
        """Add a figure of the page beside that of the law."""
        if law == NO_POINTS and value == 0:
            value = NO_POINTS  # "0" and "n/a" say the same to somebody without a partner
        self.found.add(table.name, label, column, value, law, place, maximum=maximum)


MAXIMUM = Text("maximum", "maximum")
ONE_TABLE = Text("one table of it; this is the second", "un seul tableau sur cela; c'est le deuxième")
ONE_COLUMN_EACH = Text(
    "one column of points, or one with and one without a spouse or common-law partner",
    "une colonne de points, ou une avec et une sans époux ou conjoint de fait",
)
