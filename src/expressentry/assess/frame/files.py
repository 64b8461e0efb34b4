"""Scoring a file of any size into another, streaming; the output appears whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from expressentry.assess.frame.table import PROBLEM, Tally, Wanted, asked, listed, scored, stopping
from expressentry.documents import LOOKED_AT, SAVE_AS_UTF8, csv_problem, decode, encoding_of, separator_of, unreadable
from expressentry.errors import FileError, Problem, UsageError
from expressentry.factors.table import absent
from expressentry.files import open_file, replacing
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.law.rule_set import RuleSet
from expressentry.law.schema import Asked
from expressentry.shown import Shown
from expressentry.text import Lang, Text, same

FORMATS = {
    ".csv": "csv",
    ".parquet": "parquet",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".arrow": "ipc",
    ".ipc": "ipc",
    ".feather": "ipc",
}
_NO_SPACE = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


@dataclass(frozen=True, slots=True, repr=False)
class Scored(Shown):
    """The result: rows read, accepted and rejected, and the columns that the table lacked and that count as empty."""

    rules: RuleSet
    read: int
    accepted: int
    rejected: int
    absent: tuple[str, ...]

    def _in_short(self) -> str:
        return f"{self.read} rows read, {self.accepted} scored, {self.rejected} rejected"


def score_file(
    table: str | Path,
    out: str | Path,
    on: date | str,
    *,
    law: Law | None = None,
    sections: bool = False,
    programs: bool = False,
    categories: bool = False,
    rejects: str | Path | None = None,
    lang: Lang = "en",
    progress: Callable[[int], None] | None = None,
) -> Scored:
    """Score a CSV, Parquet, NDJSON or Arrow IPC file into another, of any size.

    Rows that break the schema go to `rejects` (row number from 1, column, value, rule in `lang`); without it the first
    ten problems are raised as FactorsError and nothing is written. The output appears whole or not at all. `progress`
    is called with the number of rows of each batch. Raises FileError where a file cannot be read or written.
    """
    rules, wanted = (law or load_law()).on(on), Wanted(sections, programs, categories)
    read = asked(rules, wanted)
    sources = [Path(table), Path(out), *([Path(rejects)] if rejects is not None else [])]
    check_paths(sources)
    tally = Tally(stop=rejects is None, progress=progress)
    with _whole(sources[0], sources[1:]) as temporary:
        open_file(sources[0]).close()  # a pipe would be waited for, and a device has no end
        _check_text(sources[0])
        lazy = _read(sources[0], read)
        text, plain = (FORMATS[path.suffix.lower()] == "csv" for path in sources[:2])
        lacking = absent(list(lazy.collect_schema()), read)
        with stopping(lazy, read):
            rows = scored(lazy, rules, wanted, tally, as_typed=text and not plain)
            sink(rows, temporary[0], sources[1]).collect(engine="streaming")
        if rejects is not None:
            none = pl.LazyFrame(schema=PROBLEM)
            listed_rows = listed(lazy, read, lang) if tally.rejected else none
            sink(listed_rows, temporary[1], sources[2]).collect(engine="streaming")
    return Scored(rules, tally.read, tally.read - tally.rejected, tally.rejected, tuple(lacking))


def row_count(table: str | Path) -> int | None:
    """How many rows a file has, where its own metadata say so; None for text formats."""
    path = Path(table)
    if FORMATS.get(path.suffix.lower()) not in ("parquet", "ipc"):
        return None
    try:
        return int(_scan(path).select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise file_error(error, path, []) from error


def check_paths(paths: list[Path]) -> None:
    """Refuse names that tell no format, and one file for two things.

    Raises UsageError.
    """
    problems = []
    for path in paths:
        if path.suffix.lower() not in FORMATS:
            rule = Text("a file ending in {all}", "un fichier finissant par {all}").fill(all=", ".join(FORMATS))
            people = path is paths[0] and (path.suffix.lower() in (".toml", ".json") or path.is_dir())
            sheet = path.suffix.lower() in (".xlsx", ".xls", ".ods")
            fix = _PEOPLE if people else _SHEET if sheet else _CONVERT
            problems.append(Problem("unknown_format", str(path), rule, fix))
    if len({os.path.realpath(path) for path in paths}) < len(paths):
        rule = Text(
            "the table, its output and the rejects must be different files",
            "la table, la sortie et les rejets doivent être des fichiers différents",
        )
        problems.append(
            Problem("same_file", "out", rule, Text("choose another name", "choisir un autre nom"), str(paths[1]))
        )
    if problems:
        raise UsageError(problems)


_PEOPLE = Text(
    "files of single people are for `expressentry assess`, which takes folders too",
    "les fichiers d'une personne sont pour `expressentry assess`, qui prend aussi des dossiers",
)
_SHEET = Text(
    "use CSV, which spreadsheet programs save and open (in Excel: CSV UTF-8)",
    "prendre le CSV, qu'un tableur enregistre et ouvre (dans Excel : CSV UTF-8)",
)
_CONVERT = Text("rename the file or convert it", "renommer le fichier ou le convertir")


def _scan(path: Path) -> pl.LazyFrame:
    kind = FORMATS[path.suffix.lower()]
    if kind == "csv":
        # As text, so that unlisted columns travel through untouched: 007 stays 007.
        return pl.scan_csv(path, infer_schema=False, separator=_separator(path))
    if kind == "ndjson":
        return pl.scan_ndjson(path, infer_schema_length=None)
    return pl.scan_parquet(path) if kind == "parquet" else pl.scan_ipc(path)


def _separator(path: Path) -> str:
    """What separates the columns of a CSV file, by its first line that is not blank."""
    with open_file(path) as file:
        heading = next((line for line in file.read(LOOKED_AT).splitlines() if line.strip()), b"")
    return separator_of(heading.decode(errors="replace"))


def _check_text(path: Path) -> None:
    """Refuse a text file in another form of Unicode than UTF-8: it is read as a stream, which knows no other.

    Raises FileError.
    """
    if FORMATS[path.suffix.lower()] not in ("csv", "ndjson"):
        return
    with open_file(path) as file:
        first = file.read(LOOKED_AT)
    encoding, _ = encoding_of(first)
    if encoding != "utf-8":
        rule = Text("in {e}, and only UTF-8 is read here", "en {e}, et seul l'UTF-8 est lu ici").fill(
            e=encoding[:6].upper()
        )
        raise FileError(Problem("not_utf8", str(path), rule, SAVE_AS_UTF8))
    if b"\0" in first:
        decode(first, str(path))  # says in which line


def _read(path: Path, asked: Asked) -> pl.LazyFrame:
    """Scan a file; in CSV blank lines are no rows, and quoted emptiness is emptiness in the columns that are read."""
    lazy = _scan(path)
    if FORMATS[path.suffix.lower()] != "csv":
        return lazy
    lazy = lazy.filter(~pl.all_horizontal(pl.all().is_null()))
    read = [name for name in lazy.collect_schema() if name in asked.coded]
    return lazy.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in read)


def sink(lazy: pl.LazyFrame, to: Path, named: Path) -> pl.LazyFrame:
    """A query that writes rows to a file, in the format that another name tells."""
    sinks: dict[str, Callable[..., Any]] = {
        "csv": lazy.sink_csv,
        "parquet": lazy.sink_parquet,
        "ndjson": lazy.sink_ndjson,
        "ipc": lazy.sink_ipc,
    }
    sink: pl.LazyFrame = sinks[FORMATS[named.suffix.lower()]](to, lazy=True)
    return sink


@contextmanager
def _whole(table: Path, targets: list[Path]) -> Iterator[list[Path]]:
    """Temporary names beside the targets: renamed when all went well, else removed; what fails is a FileError."""
    with ExitStack() as stack:
        temporary = [stack.enter_context(replacing(target)) for target in targets]
        try:
            yield temporary
        except (pl.exceptions.PolarsError, OSError) as error:
            raise file_error(error, table, targets) from error


def file_error(error: Exception, table: Path, targets: list[Path]) -> FileError:
    """Say which file an error of Polars or of the system is about, and how to fix it."""
    text = str(error).strip() or type(error).__name__
    if any(f"os error {number}" in text for number in _NO_SPACE) or getattr(error, "errno", None) in _NO_SPACE:
        fix = Text("free some space, or write elsewhere", "libérer de la place, ou écrire ailleurs")
        return FileError(
            Problem("disk_full", str(targets[0]), Text("no space left on the disk", "plus de place sur le disque"), fix)
        )
    wrong = csv_problem(table) if FORMATS.get(table.suffix.lower()) == "csv" and table.is_file() else None
    if wrong is not None:
        return FileError(wrong)
    written = next((target for target in targets if target.name in text or not target.parent.is_dir()), None)
    if written is not None:
        fix = Text("check the folder and its rights", "vérifier le dossier et ses droits")
        return FileError(Problem("unwritable", str(written), same(text.splitlines()[0]), fix))
    fix = Text("give a complete file in its format", "donner un fichier complet, du bon format")
    if isinstance(error, OSError):
        return unreadable(str(table), error, fix)
    if isinstance(error, pl.exceptions.NoDataError):
        return FileError(Problem("unreadable", str(table), Text("the file is empty", "le fichier est vide"), fix))
    return FileError(Problem("unreadable", str(table), same(text.splitlines()[0]), fix))
