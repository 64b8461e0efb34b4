"""Scores, programs and categories of a Spark frame: each batch goes through the same frame as `score_frame`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.spark.carry import Carried, carry, one_thread, rules_of

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import DataType, StructType

    from expressentry.assess.frame.table import Wanted

ROWS = 200_000
"""Rows that are evaluated together: a call of the rule engine costs about as much as a hundred thousand rows."""


def score(df: DataFrame, *, on: date | str, law: Law | None = None) -> DataFrame:
    """Score every row of a Spark frame on a day: adds `crs`, `first_language_used` and `rule_set`.

    The frame has the columns of the schema (`docs/reference/factors.md`), one row a person; others travel along. As
    always in Spark nothing happens before the result is asked for; then a bad row ends the job with its problem.

    Args:
        df: The frame.
        on: The day.
        law: The law, the shipped one unless given; it goes with the job.

    Raises:
        FactorsError: A column is missing, is misspelt, is of a wrong type, or has the name of a result.
        UsageError: The day is not one, or is before 2015-01-01.

    >>> from expressentry.spark import score
    >>> score.__module__
    'expressentry.spark.columns'
    """
    return _added(df, on, law, all_of_it=False)


def assess_columns(df: DataFrame, *, on: date | str, law: Law | None = None) -> DataFrame:
    """Score every row, and add sections, programs, categories and the masks of what was missing, as `score_frame` does.

    Args:
        df: The frame; see `score`.
        on: The day.
        law: The law, the shipped one unless given; it goes with the job.

    Raises:
        FactorsError: A column is missing, is misspelt, is of a wrong type, or has the name of a result.
        UsageError: The day is not one, or is before 2015-01-01.

    >>> from expressentry.spark import assess_columns
    >>> assess_columns.__module__
    'expressentry.spark.columns'
    """
    return _added(df, on, law, all_of_it=True)


def _added(df: DataFrame, on: date | str, law: Law | None, *, all_of_it: bool) -> DataFrame:
    from pyspark.sql.types import StructType

    from expressentry.assess.frame.table import Wanted, asked

    rules, wanted = (law or load_law()).on(on), Wanted(all_of_it, all_of_it, all_of_it)
    read = asked(rules, wanted)
    new = _no_row(df, read.inputs, rules.day, rules.law, wanted)
    added = fields_of(new)
    given = [name for name in df.columns if name in read.inputs]
    work = partial(_scored, carry(rules), wanted, given, added.names)
    return df.mapInArrow(work, StructType([*df.schema.fields, *added.fields]))


def _no_row(df: DataFrame, inputs: Iterable[str], on: date, law: Law, wanted: Wanted) -> pl.DataFrame:
    """What is added to a frame of these columns without rows: its types; refuses what is wrong in every row."""
    import polars as pl
    from pyspark.sql.pandas.types import to_arrow_type

    inputs = set(inputs)
    empty = {
        field.name: pl.from_arrow(_arrow().array([], to_arrow_type(field.dataType)))
        if field.name in inputs
        else pl.Series(dtype=pl.Null)
        for field in df.schema.fields
    }
    return _scores(pl.DataFrame(empty), on, law, wanted).drop(df.columns)


def _scores(frame: pl.DataFrame, on: date, law: Law, wanted: Wanted) -> pl.DataFrame:
    from expressentry.assess.frame.table import score_frame

    return score_frame(
        frame, on, law=law, sections=wanted.sections, programs=wanted.programs, categories=wanted.categories
    )


def _scored(
    carried: Carried, wanted: Wanted, given: Sequence[str], added: Sequence[str], batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """On a worker: the batches with the new columns."""
    one_thread()
    import polars as pl

    rules = rules_of(carried)
    for table in joined(batches):
        frame = pl.DataFrame(pl.from_arrow(table.select(given)))
        found = as_arrow(_scores(frame, rules.day, rules.law, wanted).select(added))
        for name, column in zip(found.column_names, found.columns, strict=True):
            table = table.append_column(name, column)
        yield from table.combine_chunks().to_batches()


def joined(batches: Iterable[pa.RecordBatch], rows: int = ROWS) -> Iterator[pa.Table]:
    """Batches put together until they have so many rows; Spark's own are small."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(one.num_rows for one in held) >= rows:
            yield _arrow().Table.from_batches(held)
            held = []
    if held:
        yield _arrow().Table.from_batches(held)


def as_arrow(frame: pl.DataFrame) -> pa.Table:
    """A frame as Spark takes it: names as text, whole numbers with a sign."""
    import polars as pl

    pa = _arrow()
    kinds = {"string": pa.string(), "boolean": pa.bool_(), "int": pa.int32(), "bigint": pa.int64()}
    columns = {}
    for series in frame:
        kind = _kind(series.dtype)
        plain = series.cast(pl.String) if kind == "string" else series
        array = plain.to_arrow(compat_level=pl.CompatLevel.oldest())
        columns[series.name] = array if kind is None else array.cast(kinds[kind])
    return pa.table(columns)


def fields_of(frame: pl.DataFrame) -> StructType:
    """The fields of columns that are added, as Spark has them."""
    from pyspark.sql.types import BooleanType, IntegerType, LongType, StringType, StructField, StructType

    kinds: dict[str | None, DataType] = {
        "string": StringType(),
        "boolean": BooleanType(),
        "int": IntegerType(),
        "bigint": LongType(),
    }
    return StructType([StructField(name, kinds[_kind(dtype)]) for name, dtype in frame.schema.items()])


def _kind(dtype: pl.DataType) -> str | None:
    import polars as pl

    if dtype == pl.Boolean:
        return "boolean"
    if dtype.is_integer():
        return "bigint" if dtype in (pl.UInt32, pl.Int64, pl.UInt64) else "int"
    return "string" if dtype in (pl.String, pl.Categorical) or isinstance(dtype, pl.Enum) else None


def _arrow() -> Any:
    import pyarrow

    return pyarrow
