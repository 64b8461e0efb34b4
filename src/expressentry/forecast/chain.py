"""The file of published forecasts, to which rows are only added.

Each row's hash is made over the row and the hash before it, so that a row that was changed, moved or taken out
afterwards shows, with its line. What is missing at the end, or was made again from the start, shows only to those who
have kept an end of the chain.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

from expressentry.dates import A_DAY, day_or_none
from expressentry.documents import csv_rows, read_text
from expressentry.errors import ABSENT, Problem, RecordError
from expressentry.files import PUBLIC, write_atomically
from expressentry.forecast.distribution import LEVELS
from expressentry.forecast.models import BASELINE
from expressentry.forecast.published import CUTOFF, DAYS, FEW_LEVELS, PUBLISHED, SIZE, Row, level_name
from expressentry.text import Text, same

COLUMNS = (
    "published_at", "model_id", "reference_date", "target", "type", "horizon", "output_type", "output_type_id",
    "value", "assumption", "chain",
)  # fmt: skip
START = "0" * 64
"""What stands before the first row of a chain."""
_MOST_BYTES = 100_000_000
_MOST_LETTERS = 200
_NAMES, _FEW_NAMES = frozenset(map(level_name, LEVELS)), frozenset(map(level_name, FEW_LEVELS))
_MODELS = frozenset((PUBLISHED, BASELINE))
_ONE = ("published_at", "reference_date", "type", "horizon", "assumption")
"""What tells the forecast of one round from another."""
_KEY = (*_ONE, "target", "model_id", "output_type_id")
_VALUE = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")


def append(path: Path, rows: Sequence[Row]) -> str:
    """Add the rows of a publication to a file, made where there is none, and give the new end of its chain.

    Raises:
        RecordError: The file was changed after its rows were published, or has rows of a later instant.
    """
    before = read(path) if path.exists() else []
    if before and rows and _instant(rows[0]["published_at"]) < _instant(before[-1]["published_at"]):
        raise RecordError(_wrong(path, len(before) + 1, "published_at", _LATER, _CLOCK, before[-1]["published_at"]))
    head = before[-1]["chain"] if before else START
    added = []
    for row in rows:
        head = _link(head, row)
        added.append({**row, "chain": head})
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows([*before, *added])
    write_atomically(path, out.getvalue(), mode=PUBLIC)
    return head


def read(path: Path, ends: Iterable[str] = ()) -> list[Row]:
    """The rows of a file, whose chain holds.

    Anybody can compute a chain, so what the rows say is checked too, and only an end of the chain that somebody else
    has kept shows that the whole was made again, or that rows are missing at its end.

    Args:
        path: The file.
        ends: Ends of its chain that were published.

    Raises:
        FileError: It is not there, cannot be read, or is larger than such a file is.
        RecordError: It has other columns; a row was changed, moved or taken out, or is no forecast, with the first such
            line; or an end of the chain that was published is not in it.
    """
    text = read_text(path, fix=_OURS, most=_MOST_BYTES)
    lines = csv_rows(io.StringIO(text, newline=""), str(path))
    if tuple(next(lines, (1, []))[1]) != COLUMNS:
        raise RecordError(_not_ours(path))
    head, rows, left = START, list[Row](), dict.fromkeys(ends)
    forecasts = _Forecasts(path)
    for line, cells in lines:
        row = dict(zip(COLUMNS, cells, strict=False))
        if len(cells) != len(COLUMNS) or _link(head, row) != row["chain"]:
            raise RecordError(_changed(path, line, row))
        forecasts.take(line, row)
        head = row["chain"]
        left.pop(head, None)
        rows.append(row)
    forecasts.end()
    if left:
        raise RecordError([_missing(path, one) for one in left])
    return rows


class _Forecasts:
    """Checks row by row that a file is what `publish` writes; each publication has every level once."""

    def __init__(self, path: Path) -> None:
        self._path, self._line, self._at = path, 1, datetime.min.replace(tzinfo=UTC)
        self._found: Counter[tuple[str, ...]] = Counter()

    def take(self, line: int, row: Row) -> None:
        """Check a row.

        Raises RecordError.
        """
        self._line = line
        if any(len(row[name]) > _MOST_LETTERS for name in COLUMNS[:-1]):
            self._refuse("value", Text("at most {n} letters", "{n} lettres au plus").fill(n=_MOST_LETTERS))
        try:
            at = _instant(row["published_at"])
        except ValueError:
            self._refuse("published_at", _AN_INSTANT, row["published_at"])
        if at < self._at:
            self._refuse("published_at", _LATER, row["published_at"])
        self._at = at
        if day_or_none(row["reference_date"]) is None:
            self._refuse("reference_date", A_DAY, row["reference_date"])
        if row["target"] not in (CUTOFF, SIZE, DAYS):
            self._refuse("target", Text("one that publish writes", "une cible que publish écrit"), row["target"])
        if row["output_type_id"] not in (_NAMES if row["target"] == CUTOFF else _FEW_NAMES):
            self._refuse("output_type_id", _A_LEVEL, row["output_type_id"])
        if not _VALUE.fullmatch(row["value"]):
            self._refuse("value", Text("a number", "un nombre"), row["value"])
        key = tuple(row[name] for name in _KEY)
        self._found[key] += 1
        if self._found[key] > 1:
            self._refuse("row", Text("the same as one before it", "la même qu'une précédente"))

    def end(self) -> None:
        """Check that no forecast of a cut-off lacks a level.

        Raises RecordError.
        """
        at = {name: place for place, name in enumerate(_KEY)}
        cutoffs = [key for key in self._found if key[at["target"]] == CUTOFF]
        heads = {tuple(key[at[name]] for name in _ONE) for key in cutoffs}
        if len(cutoffs) != len(heads) * 2 * len(LEVELS) or not {key[at["model_id"]] for key in cutoffs} <= _MODELS:
            self._refuse("row", Text("a forecast with all its levels", "une prévision avec tous ses niveaux"))

    def _refuse(self, field: str, rule: Text, value: object = ABSENT) -> NoReturn:
        raise RecordError(_wrong(self._path, self._line, field, rule, _OURS, value))


def _instant(text: str) -> datetime:
    """The instant of a row; ValueError where it is none, or names no zone."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def _link(head: str, row: Row) -> str:
    told = "\x1f".join(row[name] for name in COLUMNS[:-1])
    return sha256(f"{head}\n{told}".encode()).hexdigest()


def _not_ours(path: Path) -> Problem:
    rule = Text("is not a file of published forecasts", "n'est pas un fichier de prévisions publiées")
    return Problem("not_published_forecasts", str(path), rule, _OURS)


def _wrong(path: Path, line: int, field: str, rule: Text, fix: Text, value: object) -> Problem:
    return Problem("not_a_forecast", field, rule, fix, value, where=_AT.fill(p=path, n=line))


def _changed(path: Path, line: int, row: Row) -> Problem:
    rule = Text(
        "was changed after it was published: the chain of hashes breaks here ({t}, published {d})",
        "a été modifié après sa publication : la chaîne d'empreintes se rompt ici ({t}, publié le {d})",
    ).fill(t=row.get("type") or "?", d=row.get("published_at") or "?")
    return Problem("chain_broken", "forecasts", rule, _COPY, where=_AT.fill(p=path, n=line))


def _missing(path: Path, end: str) -> Problem:
    rule = Text(
        "this end of the chain was published, and is not in the file",
        "cette fin de la chaîne a été publiée, et n'est pas dans le fichier",
    )
    return Problem("chain_missing", "chain", rule, _COPY, end, where=same(path))


_AT = Text("{p}:{n}", "{p}:{n}")
_OURS = Text("name a file written by forecast publish", "nommer un fichier écrit par forecast publish")
_COPY = Text("restore the file from a copy", "rétablir le fichier à partir d'une copie")
_LATER = Text("not before the rows above it", "pas avant les lignes au-dessus")
_CLOCK = Text("check the clock of this machine", "vérifier l'horloge de cette machine")
_AN_INSTANT = Text("an instant with its zone", "un instant avec son fuseau")
_A_LEVEL = Text("a level that publish writes", "un niveau que publish écrit")
