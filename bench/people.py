"""Invented people by the million, from a fixed seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from expressentry.law.grid.tree import Grid
from expressentry.law.schema import Column

TYPES = {"integer": pl.UInt8, "boolean": pl.Boolean}


def people(grid: Grid, count: int, seed: int = 1) -> pl.DataFrame:
    """Rows over the values where points change; two in five accompanied, three in ten with a French test."""
    rng = np.random.default_rng(seed)
    accompanied = rng.random(count) < 0.4
    tested = rng.random(count) < 0.3
    columns = {}
    for name, column in grid.inputs.items():
        if name == "first_language":
            continue
        values = _values(column, count, rng)
        if column.when:
            values = values.set(~pl.Series(accompanied), None)
        elif name.startswith("french"):
            values = values.set(~pl.Series(tested), None)
        columns[name] = pl.Series(accompanied) if name == grid.cases else values
    return pl.DataFrame(columns)


def _values(column: Column, count: int, rng: np.random.Generator) -> pl.Series:
    if column.kind == "boolean":
        return pl.Series(rng.random(count) < 0.1)
    if column.kind == "name":
        codes = pl.Series(rng.integers(0, len(column.values), count), dtype=pl.UInt8)
        return codes.cat.to(pl.Enum(column.values))
    low, high = {120: (17, 50), 12: (0, 13), 60: (0, 8)}[column.values[-1]]
    return pl.Series(rng.integers(low, high, count), dtype=pl.UInt8)


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows as most files have them: 64-bit integers and text."""
    return frame.with_columns(pl.col(pl.UInt8).cast(pl.Int64), pl.selectors.enum().cast(pl.String))


def write(frame: pl.DataFrame, path: Path, copies: int = 1) -> None:
    """Write a frame several times over into one Parquet or CSV file, streaming."""
    lazy = pl.concat([frame.lazy()] * copies)
    (lazy.sink_csv if path.suffix == ".csv" else lazy.sink_parquet)(path)
