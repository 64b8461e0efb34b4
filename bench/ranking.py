"""(f) The first 5,000 of ten million, against DuckDB and Polars sorting the same columns."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import polars as pl

from bench.measure import alternate, report
from expressentry.rounds.ranking import rank_round

ROWS = 10_000_000
INVITED = 5_000
SECONDS = 300 * 86_400
FIRST = datetime(2026, 1, 1)


def pool() -> pl.DataFrame:
    """Scores around 430 and submissions over 300 days, to the microsecond."""
    rng = np.random.default_rng(1)
    crs = np.clip(rng.normal(430, 60, ROWS), 0, 1200).astype(np.int16)
    submitted = np.datetime64(FIRST, "us") + rng.integers(0, SECONDS * 10**6, ROWS).astype("timedelta64[us]")
    return pl.DataFrame({"row": pl.arange(ROWS, dtype=pl.UInt32, eager=True), "crs": crs, "submitted": submitted})


def bench() -> None:
    """Compare on the same columns; all three must invite the same people."""
    frame = pool()
    with duckdb.connect() as database, TemporaryDirectory() as folder:
        file = Path(folder) / "pool.parquet"
        frame.write_parquet(file)
        database.execute(f"CREATE TABLE pool AS SELECT * FROM read_parquet('{file}')")
        order = f"ORDER BY crs DESC, submitted LIMIT {INVITED}"
        jobs = {
            "ours": lambda: rank_round(frame["crs"], frame["submitted"], INVITED).invited.to_list(),
            "DuckDB": lambda: [row for (row,) in database.execute(f"SELECT row FROM pool {order}").fetchall()],
            "Polars": lambda: (
                frame.lazy()
                .sort("crs", "submitted", descending=[True, False])
                .limit(INVITED)
                .collect()["row"]
                .to_list()
            ),
        }
        answers = {name: job() for name, job in jobs.items()}
        if len({tuple(sorted(answer)) for answer in answers.values()}) > 1:
            raise SystemExit("the three rankings disagree")
        taken = alternate(jobs, 15)
    peer = min("DuckDB", "Polars", key=taken.__getitem__)
    ratio = taken["ours"] / taken[peer]
    more = ", ".join(f"{name} {seconds * 1e3:.1f} ms" for name, seconds in taken.items())
    report(f"(f) 5,000 of ten million, times {peer}", ratio, "×", "≤ 0.5", met=ratio <= 0.5, more=more)
