"""From a law file to a grid; refuses anything that is not stated exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from expressentry.law.grid.leaf import LeafReader
from expressentry.law.grid.tree import Grid, Node, uncapped_maximum
from expressentry.law.instruments import ADD_INSTRUMENT, Instrument, read_cite
from expressentry.law.schema import Columns, read_flags
from expressentry.law.source import Fields, Source
from expressentry.text import Text, same

OTHER_TABLES = (
    *("instruments", "columns", "measures", "lists", "programs", "categories", "evidence", "fsw"),
    *("grids", "streams"),
)
"""The tables of a law file that are no part of its CRS grid."""

_NO_TEXT = same("")
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is the same for every node of one file."""

    columns: Columns
    instruments: Mapping[str, Instrument]
    cases: str
    root: str
    in_force: date | None
    leaves: LeafReader

    def node(self, fields: Fields, id_: str, parent: str | None) -> Node:
        """Read a node and all below it; `parent` is the instrument that it inherits."""
        named = fields.string("instrument", required=parent is None)
        instrument = named or parent or ""
        title = fields.text("title") or _NO_TEXT
        cite = read_cite(fields, instrument, self.instruments, self.in_force, named=named is not None)
        when = read_flags(fields)
        for flag in when:
            if flag not in self.columns.by_name or self.columns[flag].kind != "boolean":
                rule = Text("expected a true-or-false column", "colonne vrai ou faux attendue")
                fields.wrong("unknown_column", "when", rule, Text("correct the name", "corriger le nom"), flag)
                when = ()
        cap, best_of = self.leaves.cap(fields), fields.flag("best_of")
        meant = fields.left.keys() & {"table", "grid"}
        leaf = self.leaves.leaf(fields)
        children = tuple(
            self.node(Fields(fields.source, (*fields.path, key), table), f"{id_}.{key}".removeprefix("."), instrument)
            for key, table in fields.tables().items()
        )
        fields.close()
        if bool(meant) == bool(children) and id_:
            rule = Text(
                "expected either a table, a grid, or tables below it",
                "attendu : soit une table, soit une grille, soit des tables en dessous",
            )
            fields.source.wrong("not_a_node", fields.path, rule, Text("write one of them", "écrire l'un d'eux"))
        if best_of and (len(children) < _SEVERAL or not id_):
            rule = Text(
                "the highest of two or more places below; a whole grid is a sum",
                "la plus élevée de deux places ou plus en dessous; une grille entière est une somme",
            )
            fields.wrong("wrong_best_of", "best_of", rule, Text("write the places", "écrire les places"))
            best_of = False
        node = Node(
            id_ or self.root, title, cite, cap, when, leaf, children, (0, 0), named is not None, best_of=best_of
        )
        return replace(node, maximum=self._maximum(node))

    def _maximum(self, node: Node) -> tuple[int, ...]:
        """The most that a place gives in each case; a place with a condition may always give nothing."""
        found = []
        for case in (0, 1):
            most = uncapped_maximum(node, case)
            most = min(most, node.cap[case]) if node.cap else most
            most = max(most, 0) if node.when else most
            found.append(0 if node.when == (self.cases,) and case == 0 else most)
        return tuple(found)


def read_grid(
    source: Source,
    columns: Columns,
    instruments: Mapping[str, Instrument],
    *,
    user: bool = False,
    parameters: Mapping[str, int] | None = None,
    kind: str = "crs",
    path: tuple[str, ...] = (),
    data: Mapping[str, Any] | None = None,
) -> Grid:
    """Read a grid from its file; `parameters` gives the numbers that the file leaves open, `kind` begins its id.

    `path` and `data` are those of the table that holds the grid, where it is not the whole file. Raises LawError with
    every problem found, each with file and line.
    """
    written = source.data if data is None else data
    head = Fields(source, path, {key: value for key, value in written.items() if key not in OTHER_TABLES})
    status = head.choice("status", ("in_force", "published", "proposed"), default="in_force")
    made_by = instruments.get(head.string("made_by") or "")
    if made_by is None:
        unknown = Text("unknown instrument", "instrument inconnu")
        head.wrong("unknown_instrument", "made_by", unknown, ADD_INSTRUMENT, written.get("made_by"))
        made_by = next(iter(instruments.values()))
    given = _parameters(head, parameters or {})
    cases = head.string("cases") or next(name for name, column in columns.by_name.items() if column.kind == "boolean")
    id_, in_force = head.string("id") or "", head.day("in_force", required=status != "proposed")
    reading = _Reading(columns, instruments, cases, id_.split("-")[0], in_force, LeafReader(columns, given))
    if not id_.startswith(f"{kind}-"):
        rule = Text("the id of a grid begins with {k}-", "l'identifiant d'une grille commence par {k}-").fill(k=kind)
        head.wrong("wrong_id", "id", rule, Text("rename it", "le renommer"), id_)
    replaces = head.string("replaces", required=False)
    root = reading.node(head, "", None)
    source.finish()
    title = root.title
    return Grid(
        id_,
        title,
        root,
        status,
        in_force,
        made_by,
        cases,
        columns,
        given,
        written,
        source.text,
        user,
        replaces,
    )


def _parameters(head: Fields, given: Mapping[str, int]) -> dict[str, int]:
    """Match the numbers given with the parameters that the file names; none may be missing."""
    table = head.take("parameters", dict, Text("expected a table", "table attendue"), required=False) or {}
    for name, record in table.items():
        fields = Fields(head.source, ("parameters", name), record)
        fields.text("title")
        fields.close()
        if name not in given:
            rule = Text("a number that this law leaves open", "un nombre que ce texte laisse ouvert")
            head.source.wrong("parameter_missing", ("parameters", name), rule, same(f"--set {name}=…"))
    return {name: given.get(name, 0) for name in table}
