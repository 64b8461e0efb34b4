"""The department's page of criteria of the Comprehensive Ranking System, cell by cell beside a grid."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from expressentry.law.grid.tree import Grid, Leaf, Node
from expressentry.law.verify.pages.html import Page, Table
from expressentry.law.verify.pages.labels import codes, fits, number, page_data, plain
from expressentry.law.verify.pages.model import ABSENT_TABLE, COLUMN, NOT_A_NUMBER, TWICE, Found, joined, shape
from expressentry.text import Lang, Text

ALONE, ACCOMPANIED = 0, 1
_BOTH = (ALONE, ACCOMPANIED)
_NO_POINTS = "–"
"""What the law has where a column does not apply to somebody."""


def compare_crs(page: Page, grid: Grid, found: Found) -> None:
    """Compare every table of the page with a grid."""
    reader = _Reader(page.lang, grid, found)
    for table in page.tables:
        reader.read(table)
    reader.finish()


@dataclass(frozen=True)
class _Columns:
    """The columns of points: for each position the cases that it is about."""

    cases: Mapping[int, tuple[int, ...]]


class _Reader:
    def __init__(self, lang: Lang, grid: Grid, found: Found) -> None:
        self.lang, self.grid, self.found, self.data = lang, grid, found, page_data()["crs"]
        self.nodes = {node.id: node for node in grid.root.walk()}
        self.seen: set[str] = set()
        self.covered: dict[str, set[tuple[int, ...]]] = {}
        self.heads: set[str] = set()

    # ---- which table is which

    def read(self, table: Table) -> None:
        """Find out what a table is about, and compare it."""
        section = self._section(table)
        if table.wrong is not None:
            self.found.not_read(table.name, shape(table.wrong))
        elif section is None:
            if any(re.search(r"\d", cell) for row in table.rows for cell in row):
                self.found.new_table("", table)
        elif fits(self.data["summary"], table.columns[0], self.lang):
            self._summary(section, table)
        elif section == "D" and self._additional_rows(table):
            self._additional(table)
        else:
            node = self._node(section, table)
            if node is None:
                self.found.new_table(self.data["section"][section], table)
            else:
                self._detail(section, node, table)

    def _section(self, table: Table) -> str | None:
        for heading in reversed(table.headings):
            letter = re.match(self.data["sections"][self.lang], plain(heading))
            if letter:
                section = letter[1].upper()
                self._maximum_of_heading(section, heading)
                return section
        return None

    def _maximum_of_heading(self, section: str, heading: str) -> None:
        most = self._maximum(heading)
        if most is not None and heading not in self.heads:
            self.heads.add(heading)
            place = self.data["section"][section]
            node = self.nodes.get(place)
            self.found.add(heading, _MAXIMUM.say(self.lang), "", most, max(node.maximum) if node else None, place)

    def _node(self, section: str, table: Table) -> Node | None:
        """The place of the grid that a table is about: by the first of header, caption and headings that names one."""
        across = " ".join(table.columns[1:])
        for words in table.about.split("\n")[:3]:
            for one in self.data["table"]:
                node = self.nodes.get(one["place"])
                fit = node is not None and one["section"] == section and fits(one["about"], words, self.lang)
                if fit and ("columns" not in one or fits(one["columns"], across, self.lang)):
                    return node
            for node in self._unnamed(section):
                if plain(node.title.say(self.lang)) == plain(words):
                    return node
        return None

    def _unnamed(self, section: str) -> list[Node]:
        """The leaves of a section that no pattern is about: those of law that somebody added."""
        named = {one["place"] for key in ("table", "additional") for one in self.data[key]}
        top = self.data["section"][section]
        return [n for n in self.nodes.values() if n.leaf and n.id.startswith(f"{top}.") and n.id not in named]

    # ---- columns and cells

    def _cases(self, section: str, table: Table) -> dict[int, tuple[int, ...]] | None:
        """Whom each column is about; None where a column is about something else."""
        cases: dict[int, tuple[int, ...]] = {}
        for at, header in enumerate(table.columns[1:], 1):
            if fits(self.data["without"], header, self.lang):
                cases[at] = (ALONE,)
            elif fits(self.data["with"], header, self.lang):
                cases[at] = (ACCOMPANIED,)
            elif fits(self.data["points"], header, self.lang):
                cases[at] = (ACCOMPANIED,) if section == "B" else _BOTH
            else:
                self.found.not_read(table.name, COLUMN.fill(column=header))
                return None
        told = [case for some in cases.values() for case in some]
        if len(told) != len(set(told)) or not told:
            self.found.not_read(table.name, _ONE_COLUMN_EACH)
            return None
        return cases

    def _cell(self, table: Table, row: Sequence[str], at: int) -> int | str | None:
        """A cell: points, no points for this column, or None with a note where it is neither."""
        text = plain(row[at])
        if text in self.data["none"]:
            return _NO_POINTS
        value = 0 if text in self.data["zero"] else number(row[at])
        if value is None:
            self.found.not_read(table.name, NOT_A_NUMBER.fill(row=row[0]))
        return value

    def _maximum(self, text: str) -> int | None:
        match = fits(self.data["maximum"], text, self.lang)
        return number(match[1]) if match else None

    def _law(self, node: Node, case: int, at: Sequence[int]) -> str:
        """What the law gives for some codes of a leaf; nothing where the place is not for this case."""
        if node.leaf is None or not self.nodes[node.id.partition(".")[0]].maximum[case]:
            return _NO_POINTS
        return joined(node.leaf.cells[case][one] for one in at)

    def _add(self, table: Table, label: str, column: str, value: int | str, law: str, place: str) -> None:
        if law == _NO_POINTS and value == 0:
            value = _NO_POINTS  # "0" and "n/a" say the same to somebody without a partner
        self.found.add(table.name, label, column, value, law, place)

    # ---- tables of one factor

    def _detail(self, section: str, node: Node, table: Table) -> None:
        leaf = node.leaf
        if leaf is None:
            return
        if node.id in self.seen:
            self.found.not_read(table.name, _ONE_TABLE)
            return
        self.seen.add(node.id)
        if len(leaf.inputs) == 1:
            self._one_input(section, node, leaf, table)
        else:
            self._two_inputs(section, node, leaf, table)

    def _one_input(self, section: str, node: Node, leaf: Leaf, table: Table) -> None:
        cases = self._cases(section, table)
        if cases is None:
            return
        for at, some in cases.items():
            most = self._maximum(table.columns[at])
            if most is not None:
                usual = node.maximum[some[0]]
                of_law = most if most * leaf.repeats == usual else usual
                self.found.add(table.name, _MAXIMUM.say(self.lang), table.columns[at], most, of_law, node.id)
        kept: dict[int, list[Any]] = {}
        column, taken = leaf.inputs[0].column, set[int]()
        for row in table.rows:
            at_codes = codes(column, row[0], section, self.lang)
            values = {at: self._cell(table, row, at) for at in cases}
            if None in values.values():
                return
            if at_codes is None:
                for at, value in values.items():
                    self.found.add(table.name, row[0], table.columns[at], value, None, node.id)
                continue
            if taken & set(at_codes):
                self.found.not_read(table.name, TWICE.fill(row=row[0]))
                return
            taken |= set(at_codes)
            for at, value in values.items():
                for case in cases[at]:
                    law = self._law(node, case, at_codes)
                    self._add(table, row[0], table.columns[at], value or 0, law, node.id)
            kept[at_codes[0]] = [column.values[at_codes[0]], *self._pair(cases, values)]
        self._left_over(node, table, [(at,) for at in range(len(column.values)) if at not in taken], whole=True)
        if kept:
            begin = [] if 0 in kept else [[column.values[0], 0, 0]]
            self.found.tables[node.id] = {"rows": begin + [kept[at] for at in sorted(kept)]}

    def _pair(self, cases: Mapping[int, tuple[int, ...]], values: Mapping[int, Any]) -> list[int]:
        """The points of a row for somebody alone and accompanied."""
        pair = [0, 0]
        for at, some in cases.items():
            for case in some:
                pair[case] = values[at] if isinstance(values[at], int) else 0
        return pair

    def _two_inputs(self, section: str, node: Node, leaf: Leaf, table: Table) -> None:
        down, across = leaf.inputs[0].column, leaf.inputs[1].column
        columns: dict[int, Sequence[int]] = {}
        for at, header in enumerate(table.columns[1:], 1):
            read = codes(across, header, section, self.lang)
            if read is None or any(set(read) & set(other) for other in columns.values()):
                self.found.not_read(table.name, COLUMN.fill(column=header))
                return
            columns[at] = read
            most = self._maximum(header)
            if most is not None:
                of_law = max(leaf.cells[ALONE][leaf.at((d, a))] for d in range(len(down.values)) for a in read)
                self.found.add(table.name, _MAXIMUM.say(self.lang), header, most, of_law, node.id)
        taken = set[int]()
        kept: dict[int, list[Any]] = {}
        for row in table.rows:
            rows = codes(down, row[0], section, self.lang)
            values = {at: self._cell(table, row, at) for at in columns}
            if None in values.values():
                return
            if rows is None:
                for at, value in values.items():
                    self.found.add(table.name, row[0], table.columns[at], value, None, node.id)
                continue
            if taken & set(rows):
                self.found.not_read(table.name, TWICE.fill(row=row[0]))
                return
            taken |= set(rows)
            for at, value in values.items():
                cells = [leaf.at((d, a)) for d in rows for a in columns[at]]
                law = joined([self._law(node, ALONE, cells), self._law(node, ACCOMPANIED, cells)])
                self._add(table, row[0], table.columns[at], value or 0, law, node.id)
            kept[rows[0]] = [down.values[rows[0]], *(v if isinstance(v, int) else 0 for v in values.values())]
        seen = {a for some in columns.values() for a in some}
        gone = [d for d in range(len(down.values)) if d not in taken and down.kind != "boolean"]
        self._left_over(node, table, [(d, a) for d in gone for a in sorted(seen)], whole=True)
        rest = [(d, a) for d in range(len(down.values)) for a in range(len(across.values)) if d not in gone]
        self._left_over(node, table, [one for one in rest if one[0] not in taken or one[1] not in seen], whole=False)
        self._keep_grid(node, across.values, columns, kept, down.values[0])

    def _keep_grid(
        self,
        node: Node,
        values: Sequence[Any],
        columns: Mapping[int, Sequence[int]],
        kept: Mapping[int, list[Any]],
        lowest: Any,
    ) -> None:
        """The table as a law file has it: columns and rows from the lowest value on."""
        order = sorted(columns, key=lambda at: columns[at][0])
        first = [] if columns[order[0]][0] == 0 else [values[0]]
        places = list(columns)
        rows = [
            [kept[at][0], *([0] if first else []), *(kept[at][1 + places.index(column)] for column in order)]
            for at in sorted(kept)
        ]
        if rows and 0 not in kept:
            rows.insert(0, [lowest, *[0] * (len(rows[0]) - 1)])
        self.found.tables[node.id] = {"columns": [*first, *(values[columns[at][0]] for at in order)], "rows": rows}

    def _left_over(self, node: Node, table: Table, left: Sequence[tuple[int, ...]], *, whole: bool) -> None:
        """What the law gives and no row of the page is about; of a table of one input no value may be left out."""
        if node.leaf is None:
            return
        points: dict[str, list[str]] = {}
        for at in left:
            cell = node.leaf.at(at)
            figures = joined(node.leaf.cells[case][cell] for case in _BOTH if node.maximum[case])
            if whole or figures != "0":
                named = [str(i.column.values[code]) for i, code in zip(node.leaf.inputs, at, strict=True)]
                points.setdefault(figures, []).append(" × ".join(named))
        for figures, labels in points.items():
            shown = labels[0] if len(labels) == 1 else f"{labels[0]} … {labels[-1]}"
            self.found.add(table.name, shown, "", None, figures, node.id)

    # ---- summaries

    def _summary(self, section: str, table: Table) -> None:
        cases = self._cases(section, table)
        if cases is None:
            return
        key = f"summary {section}"
        if key in self.seen:
            self.found.not_read(table.name, _ONE_TABLE)
            return
        self.seen.add(key)
        for row in table.rows:
            if len(set(row)) == 1 and self._group(section, table, row[0]):
                continue
            maximum = self._summed(section, row[0])
            if maximum is not None and f"summary {section} {maximum[0]}" in self.seen:
                self.found.not_read(table.name, TWICE.fill(row=row[0]))
                return
            for at, some in cases.items():
                value = self._cell(table, row, at)
                if value is None:
                    return
                if maximum is None:
                    self.found.add(table.name, row[0], table.columns[at], value, None, "")
                    continue
                place, most = maximum
                law = joined(_NO_POINTS if section == "B" and case == ALONE else most[case] for case in some)
                self._add(table, row[0], table.columns[at], value, law, place)
                self.seen.add(f"summary {section} {place}")
        self._missing_rows(section, table)

    def _missing_rows(self, section: str, table: Table) -> None:
        """Factors of the law that a summary does not have."""
        for one in self.data["row"]:
            if one["section"] == section and f"summary {section} {one['place']}" not in self.seen:
                maximum = self._most(one["place"])
                if maximum is not None:
                    self.found.add(table.name, one["place"], "", None, joined(maximum), one["place"])

    def _group(self, section: str, table: Table, label: str) -> bool:
        """Whether a row is a heading over the ones below it; a maximum in it is compared."""
        most = self._maximum(label)
        if most is None:
            return not re.search(r"\d", label)
        top = self.data["section"][section]
        nodes = [
            n for n in self.nodes.values() if n.id.startswith(top) and plain(n.title.say(self.lang)) in plain(label)
        ]
        law = max(max(n.maximum) for n in nodes) if nodes else None
        self.found.add(table.name, label, "", most, law, nodes[-1].id if nodes else "")
        return True

    def _summed(self, section: str, label: str) -> tuple[str, tuple[int, ...]] | None:
        for one in self.data["row"]:
            if one["section"] == section and fits(one["label"], label, self.lang):
                maximum = self._most(one["place"])
                return (one["place"], maximum) if maximum is not None else None
        node = next((n for n in self._unnamed(section) if plain(n.title.say(self.lang)) == plain(label)), None)
        return (node.id, node.maximum) if node is not None else None

    def _most(self, place: str) -> tuple[int, ...] | None:
        if place == "core.languages":
            both = [self.nodes[f"core.{which}_language"].maximum for which in ("first", "second")]
            return tuple(map(sum, zip(*both, strict=True)))
        node = self.nodes.get(place)
        return node.maximum if node is not None else None

    # ---- additional points

    def _additional_rows(self, table: Table) -> bool:
        """Whether at least one row is about additional points of the law."""
        return any(self._additional_place(row[0]) is not None for row in table.rows)

    def _additional_place(self, label: str) -> tuple[Node, list[int], list[str]] | None:
        """The place and the cells that a row is about, and the numbers that its label has to have."""
        for one in self.data["additional"]:
            node, match = self.nodes.get(one["place"]), fits(one["label"], label, self.lang)
            if node is None or node.leaf is None or match is None:
                continue
            value, leaf = one["value"], node.leaf
            if not isinstance(value, list):
                return node, [leaf.inputs[0].column.values.index(value)], []
            (d_low, d_high), (a_low, a_high) = value
            cells = [leaf.at((d, a)) for d in range(d_low, d_high + 1) for a in range(a_low, a_high + 1)]
            needed = [str(d_low), str(a_high if a_low == 0 else a_low)]
            return (node, cells, []) if list(match.groups()) == needed else None
        node = next((n for n in self._unnamed("D") if plain(n.title.say(self.lang)) == plain(label)), None)
        if node is not None and node.leaf is not None:
            top = max(range(len(node.leaf.cells[ALONE])), key=lambda at: node.leaf.cells[ALONE][at] if node.leaf else 0)
            return node, [top], []
        return None

    def _additional(self, table: Table) -> None:
        cases = self._cases("D", table)
        if cases is None or len(table.columns) != 2:
            if cases is not None:
                self.found.not_read(table.name, _ONE_COLUMN_EACH)
            return
        most = self._maximum(table.columns[1])
        if most is not None:
            of_law = max(self.nodes["additional"].maximum)
            self.found.add(table.name, _MAXIMUM.say(self.lang), table.columns[1], most, of_law, "additional")
        for row in table.rows:
            value = self._cell(table, row, 1)
            place = self._additional_place(row[0])
            if value is None:
                return
            if place is None:
                self.found.add(table.name, row[0], table.columns[1], value, None, "")
                continue
            node, cells, _ = place
            taken = self.covered.setdefault(node.id, set())
            if taken & {(one,) for one in cells}:
                self.found.not_read(table.name, TWICE.fill(row=row[0]))
                return
            taken |= {(one,) for one in cells}
            law = joined(node.leaf.cells[case][at] for case in _BOTH for at in cells) if node.leaf else ""
            self._add(table, row[0], table.columns[1], value, law, node.id)
            self._keep_additional(node, cells, value if isinstance(value, int) else 0)
        self.seen.add("additional")
        for node in self.nodes.values():
            if node.id.startswith("additional.") and node.leaf is not None:
                taken = self.covered.get(node.id, set())
                left = [at for at, points in enumerate(node.leaf.cells[ALONE]) if points and (at,) not in taken]
                if left:
                    not_there = joined(node.leaf.cells[ALONE][at] for at in left)
                    self.found.add(table.name, node.title.say(self.lang), "", None, not_there, node.id)

    def _keep_additional(self, node: Node, cells: Sequence[int], value: int) -> None:
        """The place as a law file has it, with what a row of the page gives."""
        leaf = node.leaf
        if leaf is None:
            return
        kept = self.found.tables.setdefault(node.id, {"rows": [list(row) for row in leaf.rows]})
        if len(leaf.inputs) == 1:
            named = leaf.inputs[0].column.values[cells[0]]
            kept["rows"][:] = [[row[0], value] if row[0] == named else row for row in kept["rows"]]
            return
        down, across = (an_input.column for an_input in leaf.inputs)
        for row in kept["rows"]:
            for at, from_ in enumerate(leaf.columns, 1):
                if leaf.at((down.values.index(row[0]), across.values.index(from_))) in cells:
                    row[at] = value
        kept["columns"] = list(leaf.columns)

    # ---- what has to be there

    def finish(self) -> None:
        """Note every table that was expected and not found."""
        for one in self.data["table"]:
            if one["place"] in self.nodes and one["place"] not in self.seen:
                node = self.nodes[one["place"]]
                self.found.not_read(f"{one['section']}: {node.title.say(self.lang)}", ABSENT_TABLE)
        for section in "ABC":
            if f"summary {section}" not in self.seen:
                title = self.nodes[self.data["section"][section]].title.say(self.lang)
                self.found.not_read(_SUMMARY.fill(s=section, t=title).say(self.lang), ABSENT_TABLE)
        if "additional" not in self.seen:
            self.found.not_read(f"D: {self.nodes['additional'].title.say(self.lang)}", ABSENT_TABLE)


_MAXIMUM = Text("maximum", "maximum")
_SUMMARY = Text("{s}: summary, {t}", "{s} : sommaire, {t}")
_ONE_TABLE = Text("one table of it; this is the second", "un seul tableau sur cela; c'est le deuxième")
_ONE_COLUMN_EACH = Text(
    "one column of points, or one with and one without a spouse or common-law partner",
    "une colonne de points, ou une avec et une sans époux ou conjoint de fait",
)
