"""Scoring a table as one query: the good rows with their scores, the bad ones with their problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

import polars as pl

from expressentry.assess.frame import score_stages
from expressentry.candidate.table import check_names, code, code_name, rule_of, wrong
from expressentry.errors import ABSENT, FactorsError, Problem
from expressentry.law.rules import Law, load_law
from expressentry.law.tree import Grid
from expressentry.words import Lang, Text

FIRST_PROBLEMS = 10
PROBLEM = {"row": pl.UInt32, "column": pl.String, "value": pl.String, "rule": pl.String}
_ROW, _BAD = "~row", "~bad"


def score_frame(frame: pl.DataFrame, on: date, *, law: Law | None = None, sections: bool = False) -> pl.DataFrame:
    """Score every row of a frame on a day: adds `crs`, `first_language_used`, `rule_set`, and the sections on request.

    `frame` has the columns of the schema, one row a person; others travel along. Raises FactorsError that names the
    first ten problems, UsageError for a day before 2015-01-01.

    >>> person = {"age": 29, "accompanied": False, "education": "masters", "canadian_work_years": 0,
    ...           "foreign_work_years": 3, "certificate_of_qualification": False, "canadian_study": "none",
    ...           "sibling_in_canada": False, "provincial_nomination": False,
    ...           "english_listening": 9, "english_reading": 9, "english_writing": 9, "english_speaking": 9}
    >>> score_frame(pl.DataFrame([person]), date(2026, 10, 1))["crs"].to_list()
    [469]
    """
    rules = (law or load_law()).on(on)
    with stopping(frame.lazy(), rules.crs):
        added = scored(frame.lazy(), rules.crs, sections, Tally(stop=True), keep=False).collect(engine="streaming")
    return frame.hstack(added).with_columns(rule_set=pl.lit(rules.crs.id))


@dataclass(slots=True)
class Tally:
    """Counts rows as they pass through the query; with `stop` the first bad row ends it."""

    stop: bool
    progress: Callable[[int], None] | None = None
    read: int = 0
    rejected: int = 0
    lock: Lock = field(default_factory=Lock)

    def __call__(self, bad: pl.Series) -> pl.Series:
        """Take note of a batch of marks on bad rows, and hand it on."""
        found = int(bad.sum())
        with self.lock:
            self.read += len(bad)
            self.rejected += found
        if found and self.stop:
            raise _BadRowError
        if self.progress is not None:
            self.progress(len(bad))
        return bad


class _BadRowError(Exception):
    """Ends a query from within."""


@contextmanager
def stopping(lazy: pl.LazyFrame, grid: Grid) -> Iterator[None]:
    """Where a bad row ended the query, say which rows are bad; the table is read again for that, up to the tenth."""
    try:
        yield
    except _BadRowError:
        raise _refusal(_bad(lazy, grid).head(FIRST_PROBLEMS).collect(engine="streaming"), grid) from None


def _checked(lazy: pl.LazyFrame, grid: Grid) -> tuple[pl.LazyFrame, dict[tuple[str, str], pl.Expr]]:
    """The table with its columns' codes and a mark on bad rows; and the expressions of the problems behind it."""
    schema = lazy.collect_schema()
    coded = lazy.with_columns(
        code(column, schema.get(name)).alias(code_name(name)) for name, column in grid.inputs.items()
    )
    problems = wrong(grid, schema)
    return coded.with_columns(pl.any_horizontal(problems.values()).alias(_BAD)), problems


def scored(lazy: pl.LazyFrame, grid: Grid, sections: bool, tally: Tally, *, keep: bool = True) -> pl.LazyFrame:
    """The good rows: with `keep` the whole table and its new columns, without it just the scores; all are counted."""
    schema = lazy.collect_schema()
    wanted = ["crs", *([section.id for section in grid.root.children] if sections else []), "first_language_used"]
    check_names(list(schema), grid, [*wanted, "rule_set"])
    checked, _ = _checked(lazy, grid)
    counted = pl.col(_BAD).map_batches(tally, return_dtype=pl.Boolean, is_elementwise=True)
    scored = checked.with_columns(counted).filter(~pl.col(_BAD))
    stages, results = score_stages(grid)
    for stage in stages:
        scored = scored.with_columns(**stage)
    added = [results[name].alias(name) for name in wanted]
    return scored.select(*schema, *added, rule_set=pl.lit(grid.id)) if keep else scored.select(added)


def _bad(lazy: pl.LazyFrame, grid: Grid) -> pl.LazyFrame:
    """The bad rows: number, values as text, and a flag for each problem."""
    schema = lazy.collect_schema()
    checked, problems = _checked(lazy.with_row_index(_ROW, 1), grid)
    flags = [flag.alias(_flag(key)) for key, flag in problems.items()]
    raw = [pl.col(name).cast(pl.String, strict=False) for name in grid.inputs if name in schema]
    return checked.filter(_BAD).select(_ROW, *raw, *flags)


def _flag(key: tuple[str, str]) -> str:
    return f"~{key[1]}~{key[0]}"


def listed(lazy: pl.LazyFrame, grid: Grid, lang: Lang) -> pl.LazyFrame:
    """One row for each problem: row, column, value, rule."""
    return _bad(lazy, grid).map_batches(
        lambda batch: _problems(batch, grid, lang).drop("kind"), schema=PROBLEM, streamable=True
    )


def _problems(bad: pl.DataFrame, grid: Grid, lang: Lang) -> pl.DataFrame:
    found = [pl.DataFrame(schema={**PROBLEM, "kind": pl.String})]
    for flag in (name for name in bad.columns if name.startswith("~") and name != _ROW):
        _, kind, column = flag.split("~", 2)
        rows = bad.filter(pl.col(flag))
        value = pl.col(column) if column in bad.columns else pl.lit(None, dtype=pl.String)
        rule = pl.lit(rule_of(grid.columns[column], kind)[0].say(lang))
        found.append(
            rows.select(
                pl.col(_ROW).cast(pl.UInt32).alias("row"),
                column=pl.lit(column),
                value=value,
                rule=rule,
                kind=pl.lit(kind),
            )
        )
    return pl.concat(found).sort("row", maintain_order=True)


def _refusal(bad: pl.DataFrame, grid: Grid) -> FactorsError:
    """The error for a table whose bad rows are not wanted: its first ten problems, in both languages."""
    problems = []
    for row, column, value, _, kind in _problems(bad, grid, "en").rows():
        rule, cure = rule_of(grid.columns[column], kind)
        where = Text("row {n}", "ligne {n}").fill(n=row)
        problems.append(Problem(kind, column, rule, cure, ABSENT if value is None else value, where))
    return FactorsError(problems[:FIRST_PROBLEMS])
