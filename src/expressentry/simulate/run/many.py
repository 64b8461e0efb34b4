"""Several seeds, and several values of an open number: one folder each, in processes of their own."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expressentry.errors import FileError, Problem
from expressentry.processes.child import begin_process, cores, deaf_to_ctrl_c
from expressentry.simulate.run.folder import run_into, write_all
from expressentry.simulate.run.setup import variants
from expressentry.simulate.scenario.model import Scenario
from expressentry.text import Text

MOST_SEEDS = 1000
_HEARD_SECONDS = 0.2
"""Ctrl-C is heard between two waits: another thread may take the signal, and then a wait without an end sleeps on."""
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Job:
    """One run to be done: a scenario without ranges, a seed, and where its results go.

    `history` is where `rounds update` stored what it brought; None where there is none.
    """

    scenario: Scenario
    seed: int
    folder: Path
    history: Path | None = None


def jobs_of(scenario: Scenario, seeds: Sequence[int], folder: Path, history: Path | None = None) -> list[Job]:
    """The runs of a scenario: one in the folder itself, several in folders of their own below it."""
    each = [(one, seed) for one in variants(scenario) for seed in seeds]
    if len(each) == 1:
        return [Job(*each[0], folder, history)]
    return [Job(one, seed, folder / _name(one, seed, scenario), history) for one, seed in each]


def _name(one: Scenario, seed: int, scenario: Scenario) -> str:
    """`seed-2`, with the numbers that vary before it: `high_wage_2=50,seed-2`."""
    numbers = [f"{name}={one.law.numbers[name]}" for name in scenario.law.ranges]
    return ",".join([*numbers, f"seed-{seed}"])


def run_all(
    jobs: Sequence[Job], progress: Progress | None = None, processes: int | None = None
) -> list[dict[str, Any]]:
    """Do every run, one after the other or in so many processes; gives their summaries in order.

    Raises:
        ExpressEntryError: What the first run that failed refuses; those under way are finished, and go on from there
            when they are asked for again.
        FileError: A process was ended from outside, as a system does that has no memory left.
    """
    several = min(processes or cores(), len(jobs))
    if several <= 1:
        return [run_into(job.scenario, job.seed, job.folder, progress, job.history) for job in jobs]
    # One core a process: the rule engine would start as many threads as there are cores in each of them.
    before = os.environ.get("POLARS_MAX_THREADS")
    os.environ["POLARS_MAX_THREADS"] = "1"
    try:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(several, mp_context=context, initializer=begin_process) as pool, _ended_with_us():
            with deaf_to_ctrl_c():
                futures = [pool.submit(run_into, job.scenario, job.seed, job.folder, None, job.history) for job in jobs]
            left = set(futures)
            while left:
                done, left = wait(left, _HEARD_SECONDS, FIRST_COMPLETED)
                for future in done:
                    if future.exception() is not None:
                        pool.shutdown(wait=True, cancel_futures=True)
                    elif progress is not None:
                        job = jobs[futures.index(future)]
                        progress(days_of(job))
            return [future.result() for future in futures if not future.cancelled()]
    except BrokenProcessPool:
        raise FileError(Problem("ended", "processes", _ENDED, _FEWER, several)) from None
    finally:
        if before is None:
            del os.environ["POLARS_MAX_THREADS"]
        else:
            os.environ["POLARS_MAX_THREADS"] = before


@contextmanager
def _ended_with_us() -> Iterator[None]:
    """End the processes started within where the run is stopped: the pool would do all that was asked of it first."""
    before = multiprocessing.active_children()
    try:
        yield
    except KeyboardInterrupt:
        for one in multiprocessing.active_children():
            if one not in before:
                one.kill()
        raise


def days_of(job: Job) -> int:
    """The days that a run goes through."""
    return (job.scenario.last - job.scenario.first).days + 1


def write_index(jobs: Sequence[Job], folder: Path) -> None:
    """Say which folder has which seed and which numbers."""
    rows = [{"folder": job.folder.name, "seed": job.seed, "numbers": dict(job.scenario.law.numbers)} for job in jobs]
    write_all(folder, {"runs.json": json.dumps(rows, indent=2) + "\n"})


_ENDED = Text(
    "one of them was ended from outside, perhaps for lack of memory",
    "l'un d'eux a été arrêté de l'extérieur, peut-être faute de mémoire",
)
_FEWER = Text(
    "use fewer at once (--processes 1), or more people for one (one_in)",
    "en prendre moins à la fois (--processes 1), ou plus de personnes pour une (one_in)",
)
