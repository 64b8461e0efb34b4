"""Alternating runs and their median; what is printed is a ratio."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping


def alternate(jobs: Mapping[str, Callable[[], object]], rounds: int, burst: int = 1) -> dict[str, float]:
    """Run the jobs in turn, `rounds` times each after one turn to warm up; return the median seconds of each.

    With a `burst` each turn runs a job so often in a row and keeps its quickest: memory that the job before gave back
    to the system is then not charged to the next.
    """
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(rounds + 1):
        for name, job in jobs.items():
            gc.collect()
            seconds = min(_time(job) for _ in range(burst))
            if turn:
                taken[name].append(seconds)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def _time(job: Callable[[], object]) -> float:
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def report(what: str, found: float, unit: str, bound: str, *, met: bool, more: str = "") -> None:
    """Print one line: what, the figure, its bound, whether it is met, and the absolute figures behind it."""
    print(f"{'ok  ' if met else 'MISS'} {what:<58} {found:8.2f} {unit:<6} ({bound})  {more}", flush=True)
