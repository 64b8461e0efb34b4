"""The record as typed frames."""

from __future__ import annotations

import polars as pl

from expressentry.rounds.parse_names import CATEGORIES, TYPES
from expressentry.rounds.record import Record, load_record
from expressentry.text import Lang

_INSTANT = pl.Datetime("us", "UTC")
ROUNDS: dict[str, pl.DataType | type[pl.DataType]] = {
    "number": pl.String,
    "date": pl.Date,
    "type": pl.Enum(list(TYPES)),
    "category": pl.Enum(list(CATEGORIES)),
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
POOL: dict[str, pl.DataType | type[pl.DataType]] = {
    "as_of": pl.Date,
    "crs_low": pl.Int16,
    "crs_high": pl.Int16,
    "candidates": pl.Int32,
    "kind": pl.Enum(["band", "subtotal", "total"]),
    "source": pl.String,
    "checked": pl.Date,
    "doubt": pl.String,
}


def rounds_frame(record: Record | None = None, lang: Lang = "en") -> pl.DataFrame:
    """Every round as a typed frame, oldest first; `doubt` is in `lang`.

    >>> rounds_frame().filter(pl.col("date").dt.year() == 2023)["invitations"].sum()
    110266
    """
    rows = []
    for one in record or load_record():
        row = {name: getattr(one, name) for name in ROUNDS}
        rows.append({**row, "doubt": one.doubt.say(lang) if one.doubt else None})
    return pl.DataFrame(rows, schema=ROUNDS)


def pool_frame(record: Record | None = None, lang: Lang = "en", *, quoted: bool = False) -> pl.DataFrame:
    """Every distribution as a typed frame, one row a band; only rows of kind `band` add up.

    With `quoted` those that third parties quoted or filled in stand among them; their sources say so.
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
