"""(b) `score` from file to file against Polars' own streamed copy; (c) the memory of fifty million rows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from bench.measure import alternate, report
from bench.people import people, plain, write
from expressentry import load_law, score_file

DAY = date(2026, 10, 1)
ROWS = 5_000_000
LARGE = 10
KIBIBYTE = 1024


def copying(source: Path, out: Path) -> Callable[[], object]:
    """Polars streams the file with one constant column more."""

    def copy() -> None:
        if source.suffix == ".csv":
            pl.scan_csv(source, infer_schema=False).with_columns(rule_set=pl.lit("crs-2025-03-25")).sink_csv(out)
        else:
            pl.scan_parquet(source).with_columns(rule_set=pl.lit("crs-2025-03-25")).sink_parquet(out)

    return copy


def scoring(source: Path, out: Path) -> Callable[[], object]:
    """The same file, checked and scored."""
    return lambda: score_file(source, out, DAY)


def bench() -> None:
    """Five million rows each way, then fifty million for the memory."""
    grid = load_law().on(DAY).crs
    with TemporaryDirectory() as name:
        folder = Path(name)
        frame = plain(people(grid, ROWS))
        for ending, rounds in ((".parquet", 7), (".csv", 5)):
            source, out = folder / f"in{ending}", folder / f"out{ending}"
            write(frame, source)
            taken = alternate({"copy": copying(source, out), "score": scoring(source, out)}, rounds)
            ratio = taken["score"] / taken["copy"]
            more = f"{taken['score']:.2f} s for {ROWS:,} rows, copy {taken['copy']:.2f} s"
            what = f"(b) score {ending[1:]} to {ending[1:]}, times a plain streamed copy"
            report(what, ratio, "×", "≤ 1.5", met=ratio <= 1.5, more=more)
            source.unlink(), out.unlink()
        source = folder / "large.parquet"
        write(frame, source, LARGE)
        del frame
        peak = resident(source, folder / "out.parquet")
        rows = f"{ROWS * LARGE:,} rows"
        report("(c) resident memory, parquet to parquet", peak, "GB", "< 1", met=peak < 1, more=rows)


def resident(source: Path, out: Path) -> float:
    """The peak resident memory, in GB, of a separate process that scores a file.

    Read from the kernel's own account of that process: `getrusage` starts from the peak of whoever started it.
    """
    code = (
        "import sys; from expressentry.cli import run; "
        "status = run(['score', sys.argv[1], '--out', sys.argv[2], '--on', '2026-10-01']); "
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(source), str(out)], capture_output=True, text=True, check=True
    )
    return int(done.stdout.split()[-1]) * KIBIBYTE / 1e9
