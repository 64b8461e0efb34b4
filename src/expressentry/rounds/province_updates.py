"""The published rounds of provinces: those shipped, and what `provinces update` brings and keeps in a user's folder.

The result that was read later is used, and a weaker source never replaces another; what differs is reported. A file
with a mistake changes nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from expressentry.documents import read_text, text_cell
from expressentry.errors import Problem, RecordError
from expressentry.files import PUBLIC, write_into_folder
from expressentry.law.instruments import CONFIDENCES
from expressentry.rounds.load import rows_of
from expressentry.rounds.province_draws import COLUMNS, FILE, Draw, Draws, draw_of, in_order
from expressentry.rounds.province_form import MOST_BYTES, MOST_ROWS, read_draws
from expressentry.text import Text

_VALUES = ("until", "score_min", "score_max", "invitations", "fewer_than", "enhanced")
"""What two copies of one result are compared by."""
_FIX = Text("correct the file, or remove it", "corriger le fichier, ou l'enlever")


@dataclass(frozen=True, slots=True)
class DrawDifference:
    """One value that the file has otherwise than the record: which of the two is used, and why.

    `why` is filled (the record had nothing), corrected (read later), older (read earlier) or weaker (its source is).
    """

    draw: Draw
    field: str
    record: object
    file: object
    used: str
    why: str


@dataclass
class DrawsUpdate:
    """What a file brought: all results with it, what is new, what differs, and how many rows say what was known."""

    draws: Draws
    new: list[Draw] = field(default_factory=list)
    differences: list[DrawDifference] = field(default_factory=list)
    same: int = 0


def bring_draws(
    path: Path, known: Draws, shipped: Draws, folder: Path, names: Mapping[str, str], on: date
) -> DrawsUpdate:
    """Read a file of rounds, merge it into those known, and store what it brought.

    Args:
        path: A CSV file, as `docs/how-to/nominee-streams.md` describes it.
        known: The results known so far.
        shipped: Those of them that are shipped.
        folder: The folder `history` of the user.
        names: Each stream or group of streams whose rounds are published, with its province.
        on: The day of the update; a row cannot be later.

    Raises:
        RecordError: A row is wrong, or there would be too many with those stored already; then nothing is stored.
        FileError: The file cannot be read, or the folder cannot be written.
    """
    rows = read_draws(read_text(path, most=MOST_BYTES), str(path), names, on)
    update = merge_draws(known, rows)
    ours = set(shipped)
    own = [one for one in update.draws if one not in ours]
    if own:
        data = written(own).encode()
        if len(own) >= MOST_ROWS or len(data) > MOST_BYTES:  # then what is stored could not be read again
            rule = Text("too many rounds with those that are stored already", "trop de rondes avec celles déjà gardées")
            fix = Text("leave rounds out", "enlever des rondes")
            raise RecordError(Problem("too_large", str(path), rule, fix, len(own)))
        write_into_folder(folder / FILE, data, mode=PUBLIC)
    return update


def load_draws(folder: Path | None = None) -> Draws:
    """Every collected result of the provinces, oldest first, with what `provinces update` stored in a folder on top.

    Args:
        folder: Where `provinces update` stored what it brought; None, or a folder without it: nothing.

    Raises:
        RecordError: The stored file is wrong.

    >>> len(load_draws())
    435
    """
    if folder is None or not (folder / FILE).exists():
        return shipped_draws()
    return with_stored(shipped_draws(), folder / FILE)


@cache
def shipped_draws() -> Draws:
    """The shipped results of the provinces, read once; a test reads them by the rules of a user's file too."""
    return Draws(tuple(sorted(map(draw_of, rows_of(FILE)), key=in_order)))


def with_stored(shipped: Draws, path: Path) -> Draws:
    """The shipped results with those of a stored file on top, by the rule of the day on which they came.

    Raises RecordError where the file is wrong.
    """
    try:
        rows = read_draws(read_text(path, most=MOST_BYTES), str(path))
    except RecordError as error:
        problems = [replace(one, code="stored_record_broken", fix=_FIX) for one in error.problems]
        raise RecordError(problems) from None
    return merge_draws(shipped, rows).draws


def merge_draws(known: Draws, rows: Sequence[Draw]) -> DrawsUpdate:
    """Merge rows into known results."""
    update = DrawsUpdate(known)
    merged = list[Draw]()
    alike: dict[tuple[object, ...], list[int]] = {}
    same: dict[tuple[object, ...], int] = {}

    def add(one: Draw) -> None:
        alike.setdefault(_key(one), []).append(len(merged))
        same.setdefault((_key(one), _values(one)), len(merged))
        merged.append(one)

    for one in known:
        add(one)
    for one in rows:
        key = _key(one)
        place, places = same.get((key, _values(one))), alike.get(key, [])
        if place is None and len(places) == 1:
            [place] = places
        if place is None:  # also one more of several results of a day that only their figures tell apart
            update.new.append(one)
            add(one)
            continue
        before = merged[place]
        merged[place] = _settled(before, one, update)
        if _values(merged[place]) != _values(before):
            del same[key, _values(before)]
            same[key, _values(merged[place])] = place
    update.draws = Draws(tuple(sorted(merged, key=in_order)))
    return update


def _key(one: Draw) -> tuple[object, ...]:
    return one.province, one.stream, one.day, one.kind, one.scale, one.target


def _values(one: Draw) -> tuple[object, ...]:
    return tuple(getattr(one, name) for name in _VALUES)


def _settled(before: Draw, one: Draw, update: DrawsUpdate) -> Draw:
    """One result of two copies, value by value."""
    later = (one.checked or date.min) >= (before.checked or date.min)
    weaker = CONFIDENCES.index(one.confidence) > CONFIDENCES.index(before.confidence)
    used: dict[str, Any] = {}
    for name in _VALUES:
        known, given = getattr(before, name), getattr(one, name)
        if given is None or given == known:
            continue
        why = "filled" if known is None else "weaker" if weaker else "corrected" if later else "older"
        if why in ("filled", "corrected"):
            used[name] = given
        update.differences.append(DrawDifference(before, name, known, given, "file" if name in used else "record", why))
    update.same += not used
    read = max([day for day in (before.checked, one.checked) if day is not None], default=None)
    if not used and weaker:
        return before
    if used or later:
        used |= {"source": one.source, "confidence": one.confidence, "doubt": one.doubt}
    return replace(before, checked=read, **used)


def written(rows: Iterable[Draw]) -> str:
    """Rows as the text of a file of rounds."""
    to = io.StringIO(newline="")
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in rows:
        doubt = (one.doubt.en, one.doubt.fr) if one.doubt else (None, None)
        cells = (
            *(one.province, one.stream, one.day, one.until, one.kind, one.scale, one.score_min, one.score_max),
            *(one.invitations, one.fewer_than, one.enhanced, one.target, one.source, one.checked, one.confidence),
        )
        writer.writerow(["" if cell is None else text_cell(str(cell)) for cell in (*cells, *doubt)])
    return to.getvalue()
