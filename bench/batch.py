"""(x) Many people of dated facts: NDJSON of profiles in, factors and score out, on every core."""

from __future__ import annotations

import gc
import json
import os
import random
import time
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import report
from bench.one import DAY, PEOPLE
from expressentry.answers.dated import DatedRows, Wishes
from expressentry.cli import run
from expressentry.law.load import load_law
from expressentry.processes.child import cores
from expressentry.processes.in_order import _Spread
from expressentry.processes.lane import Work
from expressentry.profile.read import read_document

COUNT = 6000
TURNS = 5
_EACH = 1000


def lines(count: int) -> list[bytes]:
    """The five people of the examples in turn, each with another birth date."""
    documents = [read_document(path) for path in PEOPLE]
    drawn, found = random.Random(1), []
    for number in range(count):
        facts = json.loads(json.dumps(documents[number % len(documents)], default=str))
        born = date.fromisoformat(facts["person"]["birth_date"]) + timedelta(days=drawn.randrange(-900, 900))
        facts["person"]["birth_date"] = born.isoformat()
        found.append(json.dumps({"client": f"c{number}", **facts}).encode())
    return found


def bench() -> None:
    """Rows a second by the clock, and what a profile costs in processor time, here and in its process."""
    made = lines(COUNT)
    each, more = _row_seconds(made), _hand_seconds(made)
    with TemporaryDirectory() as folder:
        table = Path(folder) / "people.ndjson"
        table.write_bytes(b"\n".join(made) + b"\n")
        told = {jobs: _clock(table, jobs) for jobs in (1, cores())}
    by_clock = COUNT / told[cores()]
    two = 2 / (each + more)
    report("(x) dated profiles a second on two cores, by processor time", two, "/s", "≥ 1500", met=two >= 1500)
    print(f"     a row {each * 1e3:.2f} ms; handing it over and back {more * 1e6:.0f} µs, all in processor time")
    print(
        f"     by the clock, the start too: {by_clock:.0f}/s on {cores()} cores, {COUNT / told[1]:.0f}/s on one", end=""
    )
    print(f"; load {os.getloadavg()[0]:.1f}")


def _row_seconds(made: list[bytes]) -> float:
    """The least processor time that a row takes of its process, over some turns."""
    rows = DatedRows(load_law(), DAY, Wishes())
    gc.freeze()  # as the processes that make the rows do
    taken = []
    for turn in range(TURNS + 1):
        begun = time.process_time()
        for number, line in enumerate(made[turn * _EACH : (turn + 1) * _EACH]):
            json.dumps(rows.row(number, line), ensure_ascii=False)
        taken.append((time.process_time() - begun) / _EACH)
    return min(taken[1:])


def _hand_seconds(made: list[bytes]) -> float:
    """The processor time that it takes this process to hand a line over and to take the row back."""
    begun = time.process_time()
    assert sum(1 for _ in _Spread(Work(_begin), made, cores(), 0.001).answers()) == len(made)
    return (time.process_time() - begun) / len(made)


def _begin() -> object:
    return _echo


def _echo(line: bytes) -> bytes:
    return line


def _clock(table: Path, jobs: int) -> float:
    begun = time.perf_counter()
    out = str(table.with_name("out.ndjson"))
    assert run(["score", str(table), "--out", out, "--jobs", str(jobs), "--on", DAY.isoformat()]) == 0
    return time.perf_counter() - begun
