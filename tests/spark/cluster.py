"""A cluster of two executors on this machine, as Spark starts it for tests; and the processes that belong to it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MASTER = "local-cluster[2,1,1024]"
QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Half of what a short job costs is the compiler of the JVM."""
NO_JAVA = pytest.mark.skipif(
    shutil.which("java") is None and not os.environ.get("CI"), reason="no Java, so NO TEST ON SPARK: make java"
)

SOCKETS = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
"""Spark leaves the closing of its sockets to the collector."""


@contextmanager
def cluster(folder: Path, master: str = MASTER, *, quick_start: bool = True) -> Iterator[SparkSession]:
    """A session on a cluster of its own, which is gone afterwards; its workers run the Python of this process."""
    options = QUICK_START if quick_start else ""
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("expressentry")
    for key, value in {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.extraJavaOptions": options,
        "spark.executor.extraJavaOptions": options,
        "spark.executor.memoryOverhead": "1g",
        "spark.executorEnv.POLARS_MAX_THREADS": "1",
        "spark.local.dir": str(folder),
        "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    try:
        yield session
    finally:
        session.stop()


def executors(session: SparkSession) -> list[int]:
    """The executors by their process id: the children of this session's driver."""
    driver = session.sparkContext._jvm.java.lang.ProcessHandle.current().pid()  # type: ignore[union-attr]
    return [process for process, (parent, _) in _processes().items() if parent == driver]


def spent() -> float:
    """The seconds of processor of this process and of everything below it, children that ended included."""
    processes, ours, total = _processes(), [os.getpid()], 0.0
    while ours:
        process = ours.pop()
        total += processes.get(process, (0, 0.0))[1]
        ours += [other for other, (parent, _) in processes.items() if parent == process]
    return total


def _processes() -> dict[int, tuple[int, float]]:
    """Every process with its parent and its seconds of processor."""
    found, tick = {}, os.sysconf("SC_CLK_TCK")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        found[int(folder.name)] = int(fields[1]), sum(map(int, fields[11:15])) / tick
    return found
