"""The pieces of a law: which grids, programs, categories and lists there are, and where each is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from expressentry.law.evidence import Entry
from expressentry.law.instruments import Instrument
from expressentry.law.lists import Row
from expressentry.law.measures import Measure
from expressentry.law.schema import Columns
from expressentry.law.source import Source


@dataclass(frozen=True, eq=False)
class Piece:
    """One grid, program or category: where it is written, and what it says where that is not a whole file.

    `start` is its first day where the name already says it: nothing is read before it is needed. `user` says that a
    user added it; of a category, `versions` are those that a user added.
    """

    id: str
    file: Path
    start: date | None = None
    path: tuple[str, ...] = ()
    data: Mapping[str, Any] | None = field(default=None, repr=False)
    source: Source | None = field(default=None, repr=False)
    user: bool = False
    versions: frozenset[str] = frozenset()
    parameters: Mapping[str, int] = field(default_factory=dict)
    replaces: str | None = None

    def open(self) -> Source:
        """The file, read."""
        return Source(self.file) if self.source is None else self.source


@dataclass(frozen=True, eq=False)
class Pieces:
    """Everything that a law is made of. What a user adds is read at once; of the rest only the names are known.

    `unestablished` are instruments known to be in force whose content is not: a user's record of one does not say what
    it contains, only a grid in force from its day does. `lists` are CSV files, `rows` what a user adds to them,
    `entries` and `counted` the rules of evidence and the measures that a user adds, `declared` the columns.
    `provinces` are the files of nominee streams, `streams` and `stream_grids` what a user adds to them.
    """

    columns: Columns
    instruments: Mapping[str, Instrument]
    unestablished: tuple[Instrument, ...]
    crs: tuple[Piece, ...]
    fsw: tuple[Piece, ...]
    programs: tuple[Piece, ...]
    categories: Mapping[str, Piece]
    proposals: Mapping[str, Piece]
    lists: Mapping[str, Path]
    rows: Mapping[str, tuple[Row, ...]]
    evidence: Path
    measures: Path
    round_names: Path
    entries: tuple[Entry, ...]
    counted: tuple[Measure, ...]
    provinces: tuple[Path, ...]
    stream_columns: Path
    named: Piece | None = None
    streams: tuple[Piece, ...] = ()
    stream_grids: tuple[Piece, ...] = ()
    declared: frozenset[str] = frozenset()

    def without(self, kind: str, id_: str) -> tuple[Piece, ...]:
        """The pieces of a kind but one."""
        return tuple(piece for piece in getattr(self, kind) if piece.id != id_)
