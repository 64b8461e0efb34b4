"""The record as typed frames."""

from __future__ import annotations

from typing import Any, overload

import polars as pl

from expressentry.assess.frame.native import as_kind
from expressentry.law.load import load_law
from expressentry.law.round_names import RoundNames
from expressentry.rounds.load import load_record
from expressentry.rounds.record import Record
from expressentry.text import Lang

_INSTANT = pl.Datetime("us", "UTC")
Schema = dict[str, pl.DataType | type[pl.DataType]]
ROUNDS: Schema = {
    "number": pl.String,
    "date": pl.Date,
    "type": pl.Enum([]),
    "category": pl.Enum([]),
    "invitations": pl.Int32,
    "cutoff": pl.Int16,
    "tie_break": _INSTANT,
    "version": pl.String,
    "at": _INSTANT,
    "name": pl.String,
    "first_name": pl.String,
    "programs": pl.String,
    "source": pl.String,
    "checked": pl.Date,
    "doubt": pl.String,
}
POOL: Schema = {
    "as_of": pl.Date,
    "crs_low": pl.Int16,
    "crs_high": pl.Int16,
    "candidates": pl.Int32,
    "kind": pl.Enum(["band", "subtotal", "total"]),
    "source": pl.String,
    "checked": pl.Date,
    "doubt": pl.String,
}


def rounds_schema(names: RoundNames) -> Schema:
    """The columns of a frame of rounds: the types and categories are those of a law."""
    return {**ROUNDS, "type": pl.Enum(list(names.types)), "category": pl.Enum(list(names.categories))}


@overload
def rounds_frame(record: Record | None = None, lang: Lang = "en") -> pl.DataFrame: ...


@overload
def rounds_frame(record: Record | None = None, lang: Lang = "en", *, kind: str) -> Any: ...


def rounds_frame(record: Record | None = None, lang: Lang = "en", *, kind: str = "polars") -> Any:
    """Every round as a typed frame, oldest first.

    Args:
        record: The record; the shipped one where none is given.
        lang: The language of `doubt`.
        kind: `polars`, `pandas`, `pyarrow` or `duckdb`.

    Raises:
        UsageError: There is no such kind of frame, or what makes it is not installed.

    >>> rounds_frame().filter(pl.col("date").dt.year() == 2023)["invitations"].sum()
    110266
    """
    record, rows = record or load_record(), []
    names = next((one.names for one in record if one.names), None) or load_law().round_names
    for one in record:
        row = {name: getattr(one, name) for name in ROUNDS}
        rows.append({**row, "doubt": one.doubt.say(lang) if one.doubt else None})
    return as_kind(pl.DataFrame(rows, schema=rounds_schema(names)), kind)


def pool_frame(record: Record | None = None, lang: Lang = "en", *, quoted: bool = False) -> pl.DataFrame:
    """Every distribution as a typed frame, one row a band; only rows of kind `band` add up.

    With `quoted` those that third parties quoted or filled in are among them; their sources say so.
    """
    record = record or load_record()
    days = sorted((*record.pool, *(record.quoted if quoted else ())), key=lambda day: day.as_of)
    rows = [
        (
            day.as_of,
            *band,
            candidates,
            day.kind(band),
            day.source,
            day.checked,
            day.doubt.say(lang) if day.doubt else None,
        )
        for day in days
        for band, candidates in day.bands.items()
    ]
    return pl.DataFrame(rows, schema=POOL, orient="row")
