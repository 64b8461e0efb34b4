"""(p) Nominee streams: all of one person beyond the assessment, and the grids of a frame."""

from __future__ import annotations

import random
import time
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from bench.measure import report
from expressentry import assess_profile, load_law, read_profile
from expressentry.assess.frame.streams import streams_frame
from expressentry.assess.person.stream_people import assess_streams
from expressentry.law.schema import Column

ROOT = Path(__file__).parent.parent
DAY = date(2026, 10, 9)
TIMES, ROWS, DRAWN = 30, 1_000_000, 10_000
PER_PERSON_MS, PER_SECOND = 3, 2_000_000


def bench() -> None:
    """Time every stream for each of the people of the examples, and each grid of a million rows."""
    law = load_law()
    for path in sorted((ROOT / "examples/people").glob("*.toml")):
        profile = read_profile(path, law)
        taken = min(_person(profile) for _ in range(TIMES))
        met = taken * 1e3 <= PER_PERSON_MS
        report(f"(p) every stream for {path.stem}", taken * 1e3, "ms", f"≤ {PER_PERSON_MS} beyond assess", met=met)
    for grid, key in {one.grids[0]: one.key for one in law.on(DAY).streams if one.grids}.items():
        frame = _frame(key)
        streams_frame(frame.head(1000), [key], DAY, law=law, federal=False)
        taken = [_rows(frame, key) for _ in range(3)]
        seconds, processor = min(one for one, _ in taken), min(one for _, one in taken)
        rate, met = ROWS / processor / 1e6, ROWS / processor >= PER_SECOND
        more = f"by processor time; by clock {ROWS / seconds / 1e6:.2f}; {len(frame.columns)} columns with criteria"
        report(f"(p) {grid}, a frame", rate, "million rows/s", "≥ 2", met=met, more=more)


def _person(profile: Any) -> float:
    found = assess_profile(profile, DAY)
    begun = time.process_time()
    assess_streams(found)
    return time.process_time() - begun


def _rows(frame: pl.DataFrame, key: str) -> tuple[float, float]:
    begun, processor = time.perf_counter(), time.process_time()
    streams_frame(frame, [key], DAY, federal=False)
    return time.perf_counter() - begun, time.process_time() - processor


def _frame(key: str) -> pl.DataFrame:
    """People drawn at random from the domains of the columns that a stream reads, some facts unknown."""
    law = load_law()
    stream = next(one for one in law.on(DAY).streams if one.key == key)
    rng, streams = random.Random(1), law.streams
    read = [streams.columns[name] for name in streams.columns.by_name if name in streams.inputs(stream)]
    drawn: dict[str, Any] = {column.name: [_value(column, rng) for _ in range(DRAWN)] for column in read}
    drawn |= {name: [rng.random() < 0.5 for _ in range(DRAWN)] for name in ("fsw", "cec", "fst")}
    drawn["crs"] = [rng.randrange(600) for _ in range(DRAWN)]
    drawn.setdefault("first_language", [None] * DRAWN)
    kinds = {name: pl.String for name in ("first_language", "nominee_noc") if name in drawn}
    small = pl.DataFrame(drawn, schema_overrides=kinds)
    return pl.concat([small] * (ROWS // DRAWN)).rechunk()


def _value(column: Column, rng: random.Random) -> Any:
    if column.empty != "refused" and rng.random() < 0.1:
        return None
    return 15263 if column.kind == "amount" else rng.choice(column.values)
