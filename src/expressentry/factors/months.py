"""Lists of occupations with months, in a frame: what each row passes of the law's tests, packed into one number.

Four bits hold, for each test, how many entries of the row's list pass it; the lowest four count entries that are wrong.
A list has at most fifteen entries, so that no count can run over. The sum of a row is the difference of two running
sums over all entries, which is exact even where the running sum itself has wrapped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from expressentry.errors import LawError, Problem
from expressentry.law.schema import MONTHS, MOST_MONTHS, MOST_OCCUPATIONS, NO_MONTHS, Column, MonthsTest
from expressentry.text import Text

BITS = 4
MOST_TESTS = 64 // BITS - 1
"""A row's number has so much room: four bits for each test, and four for entries that are wrong."""

_ENTRY = ("noc", *MONTHS)


def packed(column: Column, dtype: pl.DataType, tests: Sequence[MonthsTest]) -> pl.Expr | None:
    """The packed number of each row of a list column, null where the list is empty or wrong; None for a wrong type.

    A list of structures with the fields noc, months, run, canada_months; or text: `21231:36:36:0 21211:6:6:6`, and
    `none` for the empty list.

    Raises:
        LawError: The law has more tests of months on this day than one number has room for.
    """
    if len(tests) > MOST_TESTS:
        raise LawError(Problem("too_many_tests", column.name, _ROOM.fill(n=MOST_TESTS), _FEWER, len(tests)))
    if dtype == pl.String:
        return pl.col(column.name).map_batches(_text(column, tests), return_dtype=pl.UInt64, is_elementwise=True)
    if dtype == pl.List(pl.Null):  # what NDJSON makes of a table without any entry
        empty = pl.col(column.name).list.len() == 0
        return pl.when(empty).then(pl.lit(0, pl.UInt64))
    inner = dtype.inner if isinstance(dtype, pl.List) else None
    if isinstance(inner, pl.Struct) and _is_entry({field.name: field.dtype for field in inner.fields}):
        return pl.col(column.name).map_batches(_packing(column, tests), return_dtype=pl.UInt64, is_elementwise=True)
    return None


_ROOM = Text(
    "at most {n} different tests of months on one day, by all categories together",
    "au plus {n} tests de mois différents un même jour, pour toutes les catégories ensemble",
)
_FEWER = Text(
    "let categories share the same months and occupations, or remove one",
    "donner à des catégories les mêmes mois et professions, ou en retirer une",
)


def _is_entry(fields: Mapping[str, Any]) -> bool:
    """Whether a structure has the fields of an entry: a code as text (a number has lost its zeros), and numbers."""
    return set(fields) == set(_ENTRY) and (
        isinstance(fields["noc"], (pl.String, pl.Enum, pl.Categorical, pl.Null))
        and all(fields[name].is_numeric() or fields[name] == pl.Null for name in MONTHS)
    )


def _whole(name: str, dtype: pl.DataType) -> pl.Expr:
    """A number of months; null for a part of one."""
    number = pl.col(name)
    whole = pl.when(number == number.floor()).then(number) if dtype.is_float() else number
    return whole.cast(pl.Int16, strict=False)


def passes(column: str, at: int) -> pl.Expr:
    """Whether any entry passes the test with this number; null where nothing is known."""
    field = pl.lit((2**BITS - 1) << (BITS * (at + 1)), pl.UInt64)
    return (pl.col(column) & field) != 0


def _text(column: Column, tests: Sequence[MonthsTest]) -> Callable[[pl.Series], pl.Series]:
    packing = _packing(column, tests)

    def read(series: pl.Series) -> pl.Series:
        entry = pl.element().str.split_exact(":", len(_ENTRY)).struct.rename_fields([*_ENTRY, "more"])
        words = series.str.strip_chars().str.split(" ")
        lists = words.to_frame("x").select(
            pl.when(pl.col("x") == [NO_MONTHS])
            .then(pl.lit([], dtype=words.dtype))
            .otherwise(pl.col("x"))
            .list.eval(entry)
        )
        return packing(lists.to_series())

    return read


def _packing(column: Column, tests: Sequence[MonthsTest]) -> Callable[[pl.Series], pl.Series]:
    occupations, value = pl.Enum(list(column.values)), _value(column, tests)

    def pack(series: pl.Series) -> pl.Series:
        lengths = series.list.len()
        entries = series.explode(empty_as_null=False, keep_nulls=False).struct.unnest()
        noc = pl.col("noc").cast(pl.String).cast(occupations, strict=False).to_physical()
        if isinstance(entries.schema["noc"], pl.Enum) and list(entries.schema["noc"].categories) == list(column.values):
            noc = pl.col("noc").to_physical()
        numbers = [_whole(name, entries.schema[name]) for name in MONTHS]
        extra = pl.col("more").is_null() if "more" in entries.columns else pl.lit(True)
        read = entries.select(noc.alias("noc"), *numbers, extra.alias("whole"))
        running = read.lazy().select(value.cum_sum()).collect().to_series()
        sums = pl.concat([pl.Series([0], dtype=pl.UInt64), running], rechunk=True)
        known = lengths.fill_null(0).cast(pl.UInt32)
        ends = known.cum_sum()
        row = sums.gather(ends) - sums.gather(ends - known)
        frame = pl.DataFrame({"row": row, "length": lengths})
        fits = (pl.col("length") <= MOST_OCCUPATIONS) & (pl.col("row") & (2**BITS - 1) == 0)
        return frame.select(pl.when(fits).then(pl.col("row"))).to_series().alias(series.name)

    return pack


def _value(column: Column, tests: Sequence[MonthsTest]) -> pl.Expr:
    """What one entry adds to its row's number."""
    ok = pl.col("noc").is_not_null() & pl.col("whole") & pl.col("months").is_between(0, MOST_MONTHS)
    for name in MONTHS[1:]:
        ok &= pl.col(name).is_between(0, pl.col("months"))
    total = pl.lit(0, pl.UInt64)
    for (measure, least), fields in _alike(column, tests).items():
        gathered = pl.lit(pl.Series(fields, dtype=pl.UInt64)).gather(pl.col("noc"))
        total += pl.when(pl.col(measure) >= least).then(gathered).otherwise(pl.lit(0, pl.UInt64))
    return pl.when(ok).then(total).otherwise(pl.lit(1, pl.UInt64))


def _alike(column: Column, tests: Sequence[MonthsTest]) -> Mapping[tuple[str, int], list[int]]:
    """For each measure and least number of months, what an entry of each occupation adds: one unit for each test."""
    places = {code: at for at, code in enumerate(column.values)}
    found: dict[tuple[str, int], list[int]] = {}
    for at, test in enumerate(tests):
        fields = found.setdefault((test.measure, test.least), [0] * len(places))
        for code in test.codes:
            fields[places[code]] += 1 << (BITS * (at + 1))
    return found
