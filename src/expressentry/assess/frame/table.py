"""Scoring a table as one query: the good rows with their scores, the bad ones with their problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING

import polars as pl

from expressentry.assess.frame.criteria import fsw_stages, judged_categories, judged_programs, missing_names
from expressentry.assess.frame.criteria_expr import Stage
from expressentry.assess.frame.native import as_polars
from expressentry.assess.frame.stages import merged, picked, score_stages
from expressentry.errors import ABSENT, FactorsError, Problem
from expressentry.factors.check import outside
from expressentry.factors.table import check_names, code, code_name, rule_of, typed, wrong
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.law.rule_set import RuleSet
from expressentry.law.schema import Asked, Columns
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from narwhals.typing import IntoFrameT

FIRST_PROBLEMS = 10
PROBLEM = {"row": pl.UInt32, "column": pl.String, "value": pl.String, "rule": pl.String}
_ROW, _BAD = "~row", "~bad"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is added to a table beyond the score: its sections, the programs, the categories."""

    sections: bool = False
    programs: bool = False
    categories: bool = False


def score_frame(
    frame: IntoFrameT,
    on: date | str,
    *,
    law: Law | None = None,
    sections: bool = False,
    programs: bool = False,
    categories: bool = False,
) -> IntoFrameT:
    """Score every row of a frame on a day: adds `crs`, `first_language_used`, `rule_set`, and on request more.

    `sections` adds the points of the sections; `programs` adds `fsw`, `cec`, `fst`, `pnp` (true, false, null: cannot
    tell), `fsw_points_low` and `fsw_points_high`, `program` (the one an invitation names) and `programs_missing`;
    `categories` adds a column for each category of the day and `categories_missing` (see `missing_columns`). `frame`
    has the columns of the schema, one row a person; others travel along. It is a frame of Polars, pandas or
    PyArrow or a relation of DuckDB, and so is the answer. Raises FactorsError that names the first ten problems,
    UsageError for a day before 2015-01-01, for what is no day, and for a frame of another kind.

    >>> person = {"age": 29, "accompanied": False, "education": "masters", "canadian_work_years": 0,
    ...           "foreign_work_years": 3, "certificate_of_qualification": False, "canadian_study": "none",
    ...           "sibling_in_canada": False, "provincial_nomination": False,
    ...           "english_listening": 9, "english_reading": 9, "english_writing": 9, "english_speaking": 9}
    >>> score_frame(pl.DataFrame([person]), date(2026, 10, 1))["crs"].to_list()
    [469]
    """
    wanted = Wanted(sections, programs, categories)
    rules = (law or load_law()).on(on)
    read, back = as_polars(frame)
    with stopping(read.lazy(), asked(rules, wanted)):
        added = scored(read.lazy(), rules, wanted, Tally(stop=True), keep=False).collect(engine="streaming")
    whole: IntoFrameT = back(added.with_columns(rule_set=pl.lit(rules.crs.id)))
    return whole


def asked(rules: RuleSet, wanted: Wanted) -> Asked:
    """The columns that are read for what is wanted."""
    return rules.asked(programs=wanted.programs, categories=wanted.categories)


def missing_columns(mask: int, law: Law | None = None) -> tuple[str, ...]:
    """Name the columns behind a bit mask of `programs_missing` or `categories_missing`.

    `law` is the law that gave the mask; the shipped one, if left out.

    >>> missing_columns(1)
    ('primary_continuous_years',)
    """
    names = missing_names((law or load_law()).columns)
    return tuple(name for at, name in enumerate(names) if mask >> at & 1)


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
def stopping(lazy: pl.LazyFrame, asked: Asked) -> Iterator[None]:
    """Where a bad row ended the query, say which rows are bad; the table is read again for that, up to the tenth."""
    try:
        yield
    except _BadRowError:
        raise _refusal(_bad(lazy, asked).head(FIRST_PROBLEMS).collect(engine="streaming"), asked) from None


def checked_rows(lazy: pl.LazyFrame, asked: Asked) -> tuple[pl.LazyFrame, dict[tuple[str, str], pl.Expr]]:
    """The table with its columns' codes and a mark on bad rows; and the expressions of the problems behind it."""
    schema = lazy.collect_schema()
    coded = lazy.with_columns(
        code(column, schema.get(name), asked.tests).alias(code_name(name)) for name, column in asked.coded.items()
    )
    problems = wrong(asked, schema)
    return coded.with_columns(pl.any_horizontal(problems.values()).alias(_BAD)), problems


def scored(
    lazy: pl.LazyFrame, rules: RuleSet, wanted: Wanted, tally: Tally, *, keep: bool = True, as_typed: bool = False
) -> pl.LazyFrame:
    """The good rows: with `keep` the whole table and its new columns, without it just the new ones; all are counted.

    With `as_typed` the columns that were read from text have the types of their values.
    """
    schema, read = lazy.collect_schema(), asked(rules, wanted)
    stages, results = _stages(rules, wanted, read.columns)
    check_names(list(schema), read, [*results, "rule_set"])
    checked, _ = checked_rows(lazy, read)
    counted = pl.col(_BAD).map_batches(tally, return_dtype=pl.Boolean, is_elementwise=True)
    scored = checked.with_columns(counted).filter(~pl.col(_BAD))
    for stage in stages:
        scored = scored.with_columns(**stage)
    added = [expr.alias(name) for name, expr in results.items()]
    if not keep:
        return scored.select(added)
    values = {name: typed(column) for name, column in read.coded.items()} if as_typed else {}
    table = [pl.col(name) if (value := values.get(name)) is None else value for name in schema]
    return scored.select(*table, *added, rule_set=pl.lit(rules.crs.id))


def _stages(rules: RuleSet, wanted: Wanted, columns: Columns) -> tuple[list[Stage], dict[str, pl.Expr]]:
    """The stages over coded columns, and the columns that are added, in their order."""
    stages, score = score_stages(rules.crs)
    sections = [section.id for section in rules.crs.root.children] if wanted.sections else []
    results = {name: score[name] for name in ("crs", *sections, "first_language_used")}
    if not wanted.programs:
        stages = [*stages, picked(rules.crs.orders)]
    else:
        programs = judged_programs(rules.selection, columns)
        pick = picked(rules.crs.orders, programs.eligible)
        stages = [*merged(stages, fsw_stages(rules.selection)), *programs.stages, pick]
        results |= programs.results
    if wanted.categories:
        categories = judged_categories(rules.selection, columns)
        stages = [*stages, *categories.stages]
        results |= categories.results
    return [stage for stage in stages if stage], results


def _bad(lazy: pl.LazyFrame, asked: Asked) -> pl.LazyFrame:
    """The bad rows: number, values as text, and a flag for each problem."""
    schema = lazy.collect_schema()
    checked, problems = checked_rows(lazy.with_row_index(_ROW, 1), asked)
    flags = [flag.alias(_flag(key)) for key, flag in problems.items()]
    raw = [_as_text(name, schema[name]) for name in asked.inputs if name in schema]
    return checked.filter(_BAD).select(_ROW, *raw, *flags)


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    """A value as its owner wrote it."""
    if isinstance(dtype, pl.List):
        text = pl.col(name).map_elements(lambda entries: str(list(entries)), return_dtype=pl.String)
        return text.alias(name)
    return pl.col(name).cast(pl.String, strict=False)


def _flag(key: tuple[str, str]) -> str:
    return f"~{key[1]}~{key[0]}"


def listed(lazy: pl.LazyFrame, asked: Asked, lang: Lang) -> pl.LazyFrame:
    """One row for each problem: row, column, value, rule."""
    return _bad(lazy, asked).map_batches(
        lambda batch: _problems(batch, asked, lang).drop("kind"), schema=PROBLEM, streamable=True
    )


def _problems(bad: pl.DataFrame, asked: Asked, lang: Lang) -> pl.DataFrame:
    found = [pl.DataFrame(schema={**PROBLEM, "kind": pl.String})]
    for flag in (name for name in bad.columns if name.startswith("~") and name != _ROW):
        _, kind, column = flag.split("~", 2)
        rows = bad.filter(pl.col(flag))
        value = pl.col(column) if column in bad.columns else pl.lit(None, dtype=pl.String)
        rule = pl.lit(rule_of(asked.columns[column], kind)[0].say(lang))
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


def _refusal(bad: pl.DataFrame, asked: Asked) -> FactorsError:
    """The error for a table whose bad rows are not wanted: its first ten problems, in both languages."""
    problems = []
    for row, column, value, _, kind in _problems(bad, asked, "en").rows():
        where = Text("row {n}", "ligne {n}").fill(n=row)
        if kind == "out_of_range":
            problems.append(outside(asked.columns[column], value, where))
            continue
        rule, fix = rule_of(asked.columns[column], kind)
        problems.append(Problem(kind, column, rule, fix, ABSENT if value is None else value, where))
    return FactorsError(problems[:FIRST_PROBLEMS])
