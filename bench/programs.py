"""Programs and categories: on a frame in memory, from file to file, and for one person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from bench.files import copying
from bench.measure import alternate, report
from bench.people import people, plain, write
from expressentry import assess_person, load_law, score_file
from expressentry.assess.frame.table import score_frame
from expressentry.law.schema import Asked, Column

DAY = date(2026, 10, 1)
ROWS = 5_000_000
TIMES = 500
LISTED = ("21220", "31301", "72310", "63201", "31102", "00012", "41200", "13110", "65200")
UNKNOWN = 0.02
"""The share of each fact that is not known."""


def candidates(asked: Asked, count: int, seed: int = 2) -> pl.DataFrame:
    """The invented people of the other benchmarks with what programs and categories look at, in narrow types."""
    rng = np.random.default_rng(seed)
    frame = people(load_law().on(DAY).crs, count)
    added = {}
    for name, column in asked.inputs.items():
        if column.empty == "unknown":
            values = _values(column, count, rng)
            empty = pl.Series(rng.random(count) < UNKNOWN)
            added[name] = values.set(empty, None) if values.dtype != pl.List else values
    frame = frame.with_columns(**added)
    alone = ~pl.col("accompanied")
    partner = [name for name, column in asked.inputs.items() if "accompanied" in column.when and name in added]
    return frame.with_columns(pl.when(alone).then(None).otherwise(pl.col(name)).alias(name) for name in partner)


def _values(column: Column, count: int, rng: np.random.Generator) -> pl.Series:
    if column.kind == "months":
        return _months(column, count, rng)
    if column.kind == "amount":
        return pl.Series(rng.integers(5_000, 80_000, count), dtype=pl.Int32)
    if column.kind == "boolean":
        return pl.Series(rng.random(count) < 0.2)
    if column.kind == "occupation":
        picked = pl.Series(rng.integers(0, len(LISTED), count), dtype=pl.UInt16)
        codes = pl.Series([column.values.index(code) for code in LISTED], dtype=pl.UInt16)
        return codes.gather(picked).cat.to(pl.Enum(column.values))
    if column.kind == "name":
        codes = pl.Series(rng.integers(0, len(column.values), count) * (rng.random(count) < 0.3), dtype=pl.UInt8)
        return codes.cat.to(pl.Enum(column.values))
    most = min(column.values[-1], 11)
    return pl.Series(rng.integers(column.values[0], most + 1, count), dtype=pl.UInt8)


def _months(column: Column, count: int, rng: np.random.Generator) -> pl.Series:
    """One occupation for most, two for some, none for a few."""
    lengths = rng.choice([0, 1, 1, 1, 2], count)
    entries = int(lengths.sum())
    months = rng.integers(0, 37, entries)
    codes = pl.Series([column.values.index(code) for code in LISTED], dtype=pl.UInt16)
    picked = codes.gather(pl.Series(rng.integers(0, len(LISTED), entries), dtype=pl.UInt32))
    entry = pl.DataFrame(
        {
            "noc": picked.cat.to(pl.Enum(column.values)),
            "months": pl.Series(months, dtype=pl.UInt8),
            "run": pl.Series(months // 2, dtype=pl.UInt8),
            "canada_months": pl.Series(months // 3, dtype=pl.UInt8),
            "row": np.repeat(np.arange(count), lengths),
        }
    )
    grouped = entry.group_by("row", maintain_order=True).agg(
        pl.struct("noc", "months", "run", "canada_months").alias("m")
    )
    rows = pl.DataFrame({"row": np.arange(count)})
    found = rows.join(grouped, on="row", how="left", maintain_order="left")["m"]
    return found.rename(column.name)


def scoring(source: Path, out: Path) -> Callable[[], object]:
    """The file checked, scored, and judged by every program and category."""
    return lambda: score_file(source, out, DAY, programs=True, categories=True)


def bench() -> None:
    """Five million rows in memory and from file to file; then one person."""
    frame = candidates(load_law().on(DAY).asked(programs=True, categories=True), ROWS)
    in_memory(frame)
    with TemporaryDirectory() as name:
        source = Path(name) / "in.parquet"
        write(plain(frame), source)
        person = {name: value for name, value in frame.row(0, named=True).items() if value is not None}
        del frame
        from_file_to_file(source)
    taken = alternate({"assess": lambda: [whole(person) for _ in range(TIMES)]}, 5)
    each = taken["assess"] / TIMES * 1e3
    report("(f) one person of flat facts: all of it, with reasons", each, "ms", "≤ 1", met=each <= 1)


def in_memory(frame: pl.DataFrame) -> None:
    """Rows a second, programs and categories beside the score."""
    jobs: dict[str, Callable[[], object]] = {
        "score": lambda: score_frame(frame, DAY),
        "all": lambda: score_frame(frame, DAY, programs=True, categories=True),
    }
    taken = alternate(jobs, 5, burst=2)
    rate = ROWS / taken["all"] / 1e6
    more = f"{taken['all']:.2f} s for {ROWS:,} rows; the score alone {taken['score']:.2f} s"
    report("(f) score, programs and categories on a frame", rate, "M/s", "≥ 5", met=rate >= 5, more=more)


def from_file_to_file(source: Path) -> None:
    """Against Polars' own streamed copy of the same file."""
    out = source.with_name("out.parquet")
    taken = alternate({"copy": copying(source, out), "score": scoring(source, out)}, 5)
    ratio = taken["score"] / taken["copy"]
    more = f"{taken['score']:.2f} s for {ROWS:,} rows, copy {taken['copy']:.2f} s"
    what = "(f) --programs --categories parquet to parquet, times a copy"
    report(what, ratio, "×", "≤ 2", met=ratio <= 2, more=more)


def whole(facts: dict[str, object]) -> object:
    """Everything of one person, worked out and not only promised."""
    found = assess_person(facts, DAY)
    return found.total, found.programs, found.categories, found.first.invitation, found.lines
