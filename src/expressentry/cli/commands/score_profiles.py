"""`score` of dated facts: a line of JSON for each profile, on every core; factors and scores in a table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import polars as pl

from expressentry.answers.dated import DatedRows, Wishes, columns_of
from expressentry.assess.frame.files import FORMATS, Scored, check_paths, file_error, sink
from expressentry.assess.frame.table import FIRST_PROBLEMS, PROBLEM
from expressentry.cli.many import Limits, Run, answer_each
from expressentry.documents import GIVE_FILE, LOOKED_AT, MOST_BYTES, unreadable
from expressentry.errors import ABSENT, FactorsError, Problem
from expressentry.files import open_file, replacing
from expressentry.law.schema import MONTHS
from expressentry.text import Text

Line = tuple[int, bytes]
Row = bytes

_TYPES = {
    "text": pl.String(),
    "integer": pl.Int64(),
    "boolean": pl.Boolean(),
    "months": pl.List(pl.Struct({"noc": pl.String, **dict.fromkeys(MONTHS, pl.Int64)})),
}


def has_profiles(table: Path) -> bool:
    """Whether a table is of dated facts: its first line is an object with a `person`."""
    if FORMATS.get(table.suffix.lower()) != "ndjson":
        return False
    try:
        with open_file(table) as file:
            first = next((line for line in _lines(file) if line), b"")
    except OSError as error:
        raise unreadable(str(table), error, GIVE_FILE) from None
    try:
        return isinstance(json.loads(first[:MOST_BYTES]).get("person"), dict)
    except (ValueError, AttributeError, RecursionError):
        return False


def line_count(table: Path) -> int:
    """How many lines a file has, at most one of them without end."""
    with open_file(table) as file:
        return sum(block.count(b"\n") for block in iter(partial(file.read, 1 << 20), b"")) + 1


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines without those that are blank; of one that is too long only so much that it is seen to be."""
    number = 0
    while line := file.readline(MOST_BYTES + 1):
        if len(line) > MOST_BYTES:
            while (rest := file.readline(LOOKED_AT)) and not rest.endswith(b"\n"):
                pass
        if not number:
            line = line.removeprefix(b"\xef\xbb\xbf")
        number += 1
        if line.strip():
            yield line


def score_profiles(
    table: Path,
    out: Path,
    rejects: Path | None,
    wishes: Wishes,
    run: Run,
    limits: Limits,
    progress: Callable[[int], None] | None,
) -> Scored:
    """Score a table of profiles into a table of factors and scores; it appears whole or not at all.

    Raises:
        FactorsError: Some cannot be scored, and there is no place for their problems; it has the first ten.
        FileError: A file cannot be read or written.
    """
    targets = [out, *([] if rejects is None else [rejects])]
    check_paths([table, *targets])
    columns = columns_of(run.law().on(run.on), wishes)
    read, wrong = 0, 0
    refused: list[Problem] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="expressentry-")))
        parts = [stack.enter_context(replacing(target)) for target in targets]
        file = stack.enter_context(open_file(table))
        good, bad = (stack.enter_context((folder / name).open("wb")) for name in ("rows", "problems"))
        numbered = enumerate(_lines(file), 1)
        for found in answer_each(partial(_begin, wishes), run, numbered, limits):
            read += 1
            if isinstance(found, bytes):
                good.write(found)
            else:
                wrong += 1
                bad.write(b"".join(_problem_line(read, one, run) for one in found))
                refused += [_placed(one, read) for one in found][: FIRST_PROBLEMS - len(refused)]
            if rejects is None and len(refused) >= FIRST_PROBLEMS:
                break
            if progress is not None:
                progress(1)
        if refused and rejects is None:
            raise FactorsError(refused)
        good.close()
        bad.close()
        schemas: list[dict[str, Any]] = [{name: _TYPES[kind] for name, kind in columns.items()}, PROBLEM]
        try:
            for name, schema, part, target in zip(("rows", "problems"), schemas, parts, targets, strict=False):
                _write(folder / name, schema, part, target)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise file_error(error, table, targets) from error
    return Scored(run.law().on(run.on), read, read - wrong, wrong, ())


def _begin(wishes: Wishes, run: Run) -> Callable[[Line], Row]:
    rows = DatedRows(run.law(), run.on, wishes)

    def scored(line: Line) -> Row:
        number, text = line
        if len(text) > MOST_BYTES:
            rule = Text("a line of more than {n} bytes", "une ligne de plus de {n} octets").fill(n=MOST_BYTES)
            raise FactorsError(Problem("too_long", "", rule, Text("shorten it", "l'abréger")))
        return json.dumps(rows.row(number, text), ensure_ascii=False).encode() + b"\n"

    return scored


def _problem_line(row: int, problem: Problem, run: Run) -> bytes:
    value = None if problem.value is ABSENT else str(problem.value)
    told = {"row": row, "column": problem.field, "value": value, "rule": problem.rule.say(run.lang)}
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def _placed(problem: Problem, row: int) -> Problem:
    """A problem with its row."""
    where = Text("row {n}", "ligne {n}").fill(n=row)
    if problem.where is not None:
        where = Text("{r}, {w}", "{r}, {w}").fill(r=where, w=problem.where)
    return Problem(problem.code, problem.field, problem.rule, problem.fix, problem.value, where)


def _write(lines: Path, schema: dict[str, Any], part: Path, named: Path) -> None:
    """Write lines of JSON as the format that a file's name tells."""
    lazy = pl.scan_ndjson(lines, schema=schema) if lines.stat().st_size else pl.LazyFrame(schema=schema)
    if FORMATS[named.suffix.lower()] == "csv":
        lazy = lazy.with_columns(_as_text(name) for name in _nested(schema))
    sink(lazy, part, named).collect(engine="streaming")


def _nested(schema: dict[str, Any]) -> Sequence[str]:
    return [name for name, kind in schema.items() if isinstance(kind, pl.List)]


def _as_text(name: str) -> pl.Expr:
    """A list of months by occupation as CSV has it: `21231:12:6:0`, and `none` for none."""
    entry = pl.concat_str([pl.element().struct.field(one) for one in ("noc", *MONTHS)], separator=":")
    joined = pl.col(name).list.eval(entry).list.join(" ")
    return pl.when(pl.col(name).list.len() == 0).then(pl.lit("none")).otherwise(joined).alias(name)
