"""People for Spark: a table with all facts, ties in score and in the time of submission."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import polars as pl

from expressentry.law.load import load_law
from expressentry.simulate.facts import factors_on
from expressentry.simulate.population.make import eligible_people

ON = date(2026, 9, 1)
FIRST = datetime(2026, 3, 1, tzinfo=UTC)


@cache
def people(size: int = 2_000) -> pl.DataFrame:
    """People with the columns of the schema, a number each, and few times of submission."""
    frame, _ = eligible_people(size, (1, 1), ON, load_law())
    number = pl.int_range(size, dtype=pl.Int64)
    facts = factors_on(frame, ON, load_law().on(ON)).with_columns(person=number)
    return facts.with_columns(submitted_at=submissions(pl.col("person")))


def submissions(number: pl.Expr) -> pl.Expr:
    """A hundred instants on twenty days, some of them only microseconds apart."""
    mixed = (number * 7919) % 100
    offset = pl.duration(days=mixed % 20, seconds=mixed % 3, microseconds=mixed % 7)
    return (pl.lit(FIRST) + offset).dt.cast_time_unit("us")


def copies(folder: Path, millions: int, each: int = 500_000) -> list[Path]:
    """Files with so many million rows: the same 50,000 people again and again, each row a number of its own."""
    folder.mkdir(parents=True)
    some, files = people(50_000), list[Path]()
    for at in range(millions * 10**6 // each):
        frame = pl.concat([some] * (each // some.height)).drop("person", "submitted_at")
        number = pl.int_range(at * each, (at + 1) * each, dtype=pl.Int64)
        files.append(folder / f"{at:04}.parquet")
        frame.with_columns(person=number).with_columns(submitted_at=submissions(pl.col("person"))).write_parquet(
            files[-1]
        )
    return files
