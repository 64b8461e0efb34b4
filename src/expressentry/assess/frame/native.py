"""Frames of pandas, PyArrow, DuckDB and Polars: read as Polars, and given back as what they were.

What a frame has stays as it is, its index too; the new columns come behind. narwhals tells the kinds apart.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from expressentry.errors import Problem, UsageError
from expressentry.text import Text, same

KINDS = ("polars", "pandas", "pyarrow", "duckdb")
_RULE = Text(
    "a frame of Polars, pandas or PyArrow, or a relation of DuckDB",
    "une table de Polars, de pandas ou de PyArrow, ou une relation de DuckDB",
)
_FIX = Text("convert it to one of them", "la convertir en l'une d'elles")
Back = Callable[[pl.DataFrame], Any]
"""From the new columns to the whole frame, of the kind that was given."""


def as_polars(frame: Any) -> tuple[pl.DataFrame, Back]:
    """A frame as Polars, and the way back for it with new columns.

    Raises:
        UsageError: It is no frame that is known here, or what reads it is not installed.

    >>> frame, back = as_polars(pl.DataFrame({"age": [29]}).lazy())
    >>> back(pl.DataFrame({"crs": [469]})).collect().row(0)
    (29, 469)
    """
    if isinstance(frame, pl.DataFrame):
        return frame, frame.hstack
    import narwhals as nw

    try:
        known = nw.from_native(frame)
    except TypeError:
        raise UsageError(Problem("unknown_frame", "frame", _RULE, _FIX, type(frame).__name__)) from None
    kind = known.implementation.value
    if kind not in KINDS:
        raise UsageError(Problem("unknown_frame", "frame", _RULE, _FIX, kind))
    try:
        read = (known.collect("polars") if isinstance(known, nw.LazyFrame) else known).to_polars()
    except ModuleNotFoundError as error:
        raise _lacks(error) from None
    return read, lambda added: _back(frame, kind, read, added)


def as_kind(frame: pl.DataFrame, kind: str) -> Any:
    """A Polars frame as one of another kind.

    Raises:
        UsageError: There is no such kind, or what makes it is not installed.

    >>> as_kind(pl.DataFrame({"number": ["1"]}), "pyarrow").column_names
    ['number']
    """
    if kind not in KINDS:
        rule = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(KINDS))
        raise UsageError(Problem("unknown_frame", "kind", rule, Text("use one of them", "prendre l'un d'eux"), kind))
    try:
        if kind == "polars":
            return frame
        if kind == "pandas":
            return frame.to_pandas()
        if kind == "pyarrow":
            return _arrow(frame)
        return _module(kind).from_arrow(_arrow(frame))
    except ModuleNotFoundError as error:
        raise _lacks(error) from None


def _back(frame: Any, kind: str, read: pl.DataFrame, added: pl.DataFrame) -> Any:
    if kind == "polars":
        return read.hstack(added).lazy()
    if kind == "pandas":
        return frame.assign(**{one.name: _values(one) for one in added})
    if kind == "pyarrow":
        for name, column in zip(added.columns, _arrow(added).columns, strict=True):
            frame = frame.append_column(name, column)
        return frame
    return as_kind(read.hstack(added), kind)


def _values(column: pl.Series) -> Any:
    """A column for pandas: its nullable types where a value is empty, so that a number stays a whole number."""
    pandas, kinds = _module("pandas"), {True: "boolean", False: "Int64"}
    listed = column.to_list()
    if column.null_count() and (column.dtype == pl.Boolean or column.dtype.is_integer()):
        return pandas.array(listed, dtype=kinds[column.dtype == pl.Boolean])
    if column.dtype.is_integer():
        return column.cast(pl.Int64).to_numpy()
    return pandas.array(listed)


def _module(kind: str) -> Any:
    """The module of a kind of frame."""
    from narwhals import Implementation

    return Implementation[kind.upper()].to_native_namespace()


def _arrow(frame: pl.DataFrame) -> Any:
    """An Arrow table, with text and lists of the usual width, which every program reads."""
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())


def _lacks(error: ModuleNotFoundError) -> UsageError:
    rule = Text("needs `{m}`", "demande `{m}`").fill(m=error.name or "pyarrow")
    return UsageError(Problem("extra_missing", "frame", rule, same(f"pip install {error.name or 'pyarrow'}")))
