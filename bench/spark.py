"""(l) Spark on this machine's two cores against one process on the same: rows a second, and where a cluster pays."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from tests.spark.cluster import cluster, spent
from tests.spark.people import ON, copies
from tests.spark.test_spark import PROGRAMS

from bench.measure import report
from expressentry.assess.frame.table import score_frame
from expressentry.pool import Terms
from expressentry.rounds.ranking import rank_round
from expressentry.spark import assess_columns, select_round

MILLIONS = 2
SMALL = 100_000
KEPT = ["person", "crs", *PROGRAMS, "provincial_nomination", "submitted_at"]


def bench() -> None:
    """Assess and write the same files both ways, and issue a round of 5,000; seconds of processor of all processes."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = copies(folder / "people", MILLIONS)
        some = pl.read_parquet(files[0]).head(SMALL)
        some.write_parquet(folder / "some.parquet")
        one_small = _cost(lambda: _on_one(some, folder / "one"))
        one = _cost(lambda: [_on_one(pl.read_parquet(file), folder / f"one-{file.name}") for file in files])
        frame = pl.concat(pl.read_parquet(folder / f"one-{file.name}", columns=KEPT) for file in files)
        one_round = _cost(lambda: rank_round(frame["crs"], frame["submitted_at"], 5_000, key=frame["person"]))
        with cluster(folder / "spark", quick_start=False) as spark:
            read, some_rows = (
                spark.read.parquet(str(folder / "people")),
                spark.read.parquet(str(folder / "some.parquet")),
            )
            first = _cost(lambda: _on_spark(some_rows, folder / "first"))
            small = _cost(lambda: _on_spark(some_rows, folder / "small"))
            many = _cost(lambda: _on_spark(read, folder / "assessed"))
            assessed = spark.read.parquet(str(folder / "assessed"))
            ranked = _cost(lambda: select_round(assessed, Terms("general", 5_000, ON), key="person"))
    rows = MILLIONS * 10**6
    each, alone = (many[1] - small[1]) / (rows - SMALL), (one[1] - one_small[1]) / (rows - SMALL)
    ratio = each / alone
    told = f"Spark {1 / each:,.0f}, one process {1 / alone:,.0f} rows a second of processor; "
    told += f"wall {many[0]:.1f} s, one process {one[0]:.1f} s"
    report(
        f"(l) Spark, {MILLIONS} million rows assessed, times one process", ratio, "×", "≤ 2", met=ratio <= 2, more=told
    )
    told = (
        f"the first job of {SMALL:,} rows {first[1]:.1f} s, the next {small[1]:.1f} s, one process {one_small[1]:.1f} s"
    )
    report("(l) cores from which a cluster is faster than two", 2 * ratio, "cores", "–", met=True, more=told)
    told = f"Spark {ranked[0]:.1f} s, one process {one_round[0]:.2f} s by the clock"
    report("(l) a round of 5,000 of them, times one process", ranked[0] / one_round[0], "×", "–", met=True, more=told)
    hours = each * 10**9 / 3600
    report(
        "(l) a billion rows assessed on Spark",
        hours,
        "h core",
        "–",
        met=True,
        more=f"one process {alone * 1e9 / 3600:.1f}",
    )


def _cost(job: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and seconds of processor of this process and all that it started."""
    begun, before = time.perf_counter(), spent()
    job()
    return time.perf_counter() - begun, spent() - before


def _on_one(frame: pl.DataFrame, out: Path) -> None:
    score_frame(frame, ON, sections=True, programs=True, categories=True).write_parquet(out, compression="snappy")


def _on_spark(frame: Any, out: Path) -> None:
    assess_columns(frame, on=ON).write.parquet(str(out))
