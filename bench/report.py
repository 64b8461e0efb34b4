"""(r) Reports in a batch, on as many cores as there are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import tomllib
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import report
from expressentry.processes.child import cores

PEOPLE = Path(__file__).parent.parent / "examples" / "people"
REPORTS = 500
EACH = 2.5
"""Reports a second on one core: five on two."""


def clients(folder: Path, count: int) -> None:
    """Write so many people: the examples, each time a few weeks younger."""
    examples = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(PEOPLE.glob("*.toml"))]
    for n in range(count):
        person = json.loads(json.dumps(examples[n % len(examples)], default=str))
        born = date.fromisoformat(person["person"]["birth_date"]) + timedelta(days=n // len(examples) * 11)
        person["person"]["birth_date"] = born.isoformat()
        (folder / f"{n:03}.json").write_text(json.dumps(person), encoding="utf-8")


def bench(count: int = REPORTS) -> None:
    """Time one batch in a process of its own."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "clients"
        folder.mkdir()
        clients(folder, count)
        words = ["report", "--batch", str(folder), "--out", str(Path(name) / "out"), "--on", "2026-10-01"]
        begun = time.perf_counter()
        subprocess.run([str(Path(sys.executable).with_name("expressentry")), *words], check=True, capture_output=True)
        seconds = time.perf_counter() - begun
    rate, least = count / seconds, EACH * cores()
    # By the clock: the processes that draw are no children of the command, so that nobody adds up their time.
    more = f"{count} reports in {seconds:.0f} s on {cores()} cores; load {os.getloadavg()[0]:.1f}"
    report("(r) reports a second", rate, "1/s", f"≥ {least:g}", met=rate >= least, more=more)


if __name__ == "__main__":
    bench(int(sys.argv[1]) if len(sys.argv) > 1 else REPORTS)
