"""Twenty million rows with many ties on two executors, one of which is killed: equal to one machine."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from expressentry.assess.frame.table import score_frame
from expressentry.pool import Terms
from expressentry.spark import assess_columns, select_round
from tests.spark.cluster import NO_JAVA, SOCKETS, cluster, executors
from tests.spark.people import ON, copies
from tests.spark.test_spark import PROGRAMS, ranked

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MILLIONS = int(os.environ.get("EXPRESSENTRY_SPARK_MILLIONS", "20"))
KEPT = ["person", "crs", *PROGRAMS, "category_french", "provincial_nomination", "submitted_at"]
ROUNDS = (Terms("general", MILLIONS * 150_000 + 1, ON), Terms("category", MILLIONS * 4_000 + 7, ON, "french"))

pytestmark = [pytest.mark.long, NO_JAVA, SOCKETS]


class TestTwentyMillion:
    """More than a worker holds at once."""

    def test_equal_though_an_executor_is_lost(self, tmp_path: Path) -> None:
        """Scores and findings of every row, the invited, cut-off and tie-break; an executor is killed in each part."""
        files = copies(tmp_path / "people", MILLIONS)
        expected = pl.concat(
            score_frame(pl.read_parquet(file), ON, programs=True, categories=True).select(KEPT) for file in files
        )
        with cluster(tmp_path) as spark:
            given = spark.read.parquet(str(tmp_path / "people"))
            with one_killed(spark, 20):
                assess_columns(given, on=ON).select(KEPT).write.parquet(str(tmp_path / "assessed"))
            found = pl.read_parquet(tmp_path / "assessed" / "*.parquet").sort("person")

            assert found.height == expected.height == MILLIONS * 10**6
            for name in KEPT:
                assert found[name].cast(expected[name].dtype).equals(expected[name]), name
            assessed = spark.read.parquet(str(tmp_path / "assessed"))
            for terms in ROUNDS:
                wanted = ranked(expected, terms)
                with one_killed(spark, 4):
                    got = select_round(assessed, terms, key="person")
                    got.invited.select("person").write.parquet(str(tmp_path / terms.list))
                invited = pl.read_parquet(tmp_path / terms.list / "*.parquet")["person"].sort()

                assert (got.number, got.cutoff, got.tie_break) == (terms.size, wanted.cutoff, wanted.tie_break)
                assert invited.equals(expected["person"].gather(wanted.invited).sort(), check_names=False)


@contextmanager
def one_killed(spark: SparkSession, after: float) -> Iterator[None]:
    """While this is open one executor of the session is killed, after so many seconds and while there is work."""
    over, killed = threading.Event(), list[int]()

    def kill() -> None:
        if not over.wait(after):
            deadline = time.monotonic() + 60
            while not (alive := executors(spark)) and time.monotonic() < deadline:
                time.sleep(0.1)
            os.kill(alive[0], signal.SIGKILL)
            killed.append(alive[0])

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    assert killed, "the work was done before an executor was killed"
