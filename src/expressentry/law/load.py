"""Loading a law: the only place that reads the law shipped in `data/law`, and what a user adds to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from expressentry.errors import Problem, UsageError
from expressentry.law.instruments import Instrument, read_instruments
from expressentry.law.law import Law, unknown_id
from expressentry.law.overlay import Overlay
from expressentry.law.pieces import Piece, Pieces
from expressentry.law.schema import read_columns
from expressentry.law.source import DATA, Source
from expressentry.text import Text


def load_law(
    *overlays: str | Path,
    folder: Iterable[Path] = (),
    name: str | None = None,
    parameters: Mapping[str, int] | None = None,
) -> Law:
    """Load the shipped law and what a user adds to it, any kind of law included.

    Args:
        overlays: Law files; naming one counts as naming proposed law.
        folder: Law files that lie in a user's folder; proposed law among them waits to be named.
        name: The id of a proposal to use.
        parameters: Whole numbers that proposed law leaves open, by name.

    Returns:
        The law of every day. Without arguments it is the shipped one, always the same object.

    Raises:
        LawError: A file is wrong, or takes an id or a day that exists without saying `replaces`.
        UsageError: No such proposal, or a number that no named law asks for.

    >>> from datetime import date
    >>> load_law().on(date(2026, 10, 1)).id
    'crs-2025-03-25'
    """
    given, unnamed = dict(parameters or {}), list(folder)
    if not overlays and not unnamed and name is None and not given:
        return _shipped_law()
    pieces, asked = _shipped(), set[str]()
    waiting = dict(pieces.proposals)
    for path in unnamed:
        source = Source(path)
        if source.data.get("status") == "proposed":
            id_ = str(source.data.get("id"))
            waiting[id_] = Piece(id_, path, source=source, user=True)
            pieces = replace(pieces, proposals=waiting)
        else:
            pieces = _with(pieces, source, given, asked)
    for path in map(Path, overlays):
        pieces = _with(pieces, Source(path), given, asked)
    if name is not None:
        if name not in waiting:
            raise unknown_id(name, waiting)
        piece = waiting[name]
        pieces = _with(pieces, piece.open(), given, asked)
        if not piece.user and pieces.named is not None:
            pieces = replace(pieces, named=replace(pieces.named, user=False))
    left = sorted(given.keys() - asked)
    if left:
        rule = Text("no number that the named law leaves open", "aucun nombre que le texte nommé laisse ouvert")
        known = Text("one of: {a}", "l'un de : {a}").fill(a=", ".join(sorted(asked)) or "—")
        raise UsageError(Problem("unknown_parameter", "set", rule, known, ", ".join(left)))
    return Law(pieces)


def _with(pieces: Pieces, source: Source, given: Mapping[str, int], asked: set[str]) -> Pieces:
    """The pieces with a file added, and everything in it read, so that what is wrong is said at once."""
    overlay = Overlay(source, given)
    asked |= overlay.open
    found = overlay.into(pieces)
    Law(found).read_all_of(source)
    return found


@cache
def _shipped_law() -> Law:
    return Law(_shipped())


@cache
def _shipped() -> Pieces:
    """What is in `data/law`, by the names of its files."""
    columns, instruments = read_columns(Source(DATA / "columns.toml")), _instruments()
    categories = {path.stem: Piece(path.stem, path) for path in sorted((DATA / "categories").glob("*.toml"))}
    return Pieces(
        columns=columns,
        instruments=instruments,
        unestablished=tuple(one for one in instruments.values() if one.status == "unestablished"),
        crs=_dated("crs"),
        fsw=_dated("fsw"),
        programs=tuple(
            Piece(path.stem, path, date.fromisoformat(path.stem.partition("-")[2]))
            for path in sorted((DATA / "programs").glob("*.toml"))
        ),
        categories=categories,
        proposals={path.stem: Piece(path.stem, path) for path in sorted((DATA / "proposed").glob("*.toml"))},
        lists={path.stem: path for path in sorted((DATA / "lists").glob("*.csv"))},
        rows={},
        evidence=DATA / "evidence.toml",
        measures=DATA / "measures.toml",
        round_names=DATA / "round_names.toml",
        provinces=tuple(sorted((DATA / "provinces").glob("*.toml"))),
        stream_columns=DATA / "stream_columns.toml",
        entries=(),
        counted=(),
    )


def _dated(kind: str) -> tuple[Piece, ...]:
    files = sorted((DATA / kind).glob("*.toml"))
    return tuple(Piece(f"{kind}-{path.stem}", path, date.fromisoformat(path.stem)) for path in files)


def _instruments() -> dict[str, Instrument]:
    source = Source(DATA / "instruments.toml")
    found = read_instruments(source, source.data, (), user=False)
    source.finish()
    return found
