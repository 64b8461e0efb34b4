"""(m) A year of simulation on one core: what it costs, whether it is linear in people, and seeds in processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import report
from expressentry.simulate.run.many import Job, run_all
from expressentry.simulate.scenario.model import FixedRounds, Scenario
from expressentry.simulate.scenario.read import read_scenario

FIRST, LAST = date(2025, 10, 1), date(2026, 9, 30)
ROUNDS = 100
SIZES = {"10 thousand": (74, None), "100 thousand": (8, None), "250 thousand": (3, None), "a million": (1, 500_000)}
"""How many people each simulated one stands for, and how many are there on the first day: some 740,000 take part in a
year, so that a million needs a fuller pool."""
SEEDS, SMALL = 30, 74


def year(one_in: int, size: int | None = None) -> Scenario:
    """A year with its 77 published rounds, and others of which there are 100 in all."""
    history = read_scenario("history")
    more = FixedRounds("cec", FIRST + timedelta(days=3), FIRST + timedelta(days=3 + 15 * 22), 15, 500)
    rounds = replace(history.rounds, fixed=(more,))
    people = replace(history.people, one_in=one_in, size=size)
    return replace(history, first=FIRST, last=LAST, people=people, rounds=rounds)


def bench() -> None:
    """Each size in a process of its own on one core, by seconds of processor; then thirty seeds."""
    found = {name: _alone(*given) for name, given in SIZES.items()}
    each = {name: one["run"] / (one["people"] * one["days"]) for name, one in found.items()}
    asked = found["250 thousand"]
    for name, bound, unit in (("run", 10, "s"), ("memory", 2, "GB")):
        told = f"{asked['people']:,} people, {asked['rounds']} rounds, made in {asked['make']:.1f} s"
        met = asked[name] <= bound
        report(f"(m) {name}: 250,000 people, one year", asked[name], unit, f"≤ {bound}", met=met, more=told)
    ratio = each["a million"] / each["100 thousand"]
    told = "; ".join(f"{one['people']:,}: {one['run']:.1f} s, {one['memory']:.2f} GB" for one in found.values())
    report("(m) a person and day, a million times 100 thousand", ratio, "×", "≤ 1.2", met=ratio <= 1.2, more=told)
    cores = len(os.sched_getaffinity(0))
    alone, together = _seeds(1), _seeds(cores)
    told = f"in one {alone:.1f} s: {alone / together:.2f} times as long"
    report(f"(m) {SEEDS} seeds of 10,000 people in {cores} processes", together, "s", "–", met=True, more=told)


def _seeds(processes: int) -> float:
    """Seconds by the clock for thirty seeds in so many processes, each with one thread."""
    code = f"from bench.simulate import several; several({processes})"
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    return time.perf_counter() - begun


def several(processes: int) -> None:
    """Simulate thirty seeds as `simulate run --seeds 30 --processes N` does."""
    with TemporaryDirectory() as folder:
        run_all([Job(year(SMALL), seed, Path(folder) / str(seed)) for seed in range(1, SEEDS + 1)], None, processes)


def _alone(one_in: int, size: int | None) -> dict[str, float]:
    """What one run costs in a process of its own, with one thread."""
    code = f"from bench.simulate import one; one({one_in}, {size})"
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def one(one_in: int, size: int | None = None) -> None:
    """Simulate one seed here and print what it cost."""
    import resource

    from expressentry.simulate.run.setup import make

    scenario = year(one_in, size)
    begun = time.process_time()
    simulation = make(scenario, 1)
    made = time.process_time()
    for _ in simulation.run():
        pass
    ended = time.process_time()
    told = {
        "people": len(simulation.cast),
        "days": (scenario.last - scenario.first).days + 1,
        "rounds": len(simulation.found.rounds),
        "make": made - begun,
        "run": ended - made,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }
    print(json.dumps(told))
