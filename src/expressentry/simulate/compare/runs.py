"""The runs that a comparison rests on: every scenario with the same seeds, and with other calibrations."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from expressentry.errors import Problem, ScenarioError, UsageError
from expressentry.rounds.load import load_record
from expressentry.simulate.run.many import Job, days_of, run_all
from expressentry.simulate.run.setup import variants
from expressentry.simulate.scenario.model import Scenario
from expressentry.text import Text
from expressentry.version import VERSION

CALIBRATIONS: Mapping[str, float] = {"cec": 2.0, "french": 1.5}
"""Groups whose share the published figures do not settle, and by how much it may be off, up or down."""
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Run:
    """The results of one run: its rounds and its groups, as the folder has them."""

    rounds: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    summary: dict[str, Any]


@dataclass(frozen=True)
class Runs:
    """One scenario (one value of its open numbers): a run for each seed, and one for each other calibration."""

    scenario: Scenario
    numbers: Mapping[str, int]
    seeds: list[Run]
    calibrations: list[Run]


@dataclass(frozen=True, slots=True)
class _Asked:
    scenario: Scenario
    jobs: list[Job]
    others: list[Job]


def compared_runs(
    baseline: Scenario,
    scenarios: Sequence[Scenario],
    seeds: Sequence[int],
    folder: Path,
    progress: Callable[[int], Progress | None] | None = None,
    processes: int | None = None,
    *,
    calibrations: bool = True,
    history: Path | None = None,
) -> list[Runs]:
    """Run the baseline and every scenario; the baseline comes first.

    Args:
        baseline: What the scenarios are held against.
        scenarios: The scenarios, over the same days.
        seeds: The seeds of each.
        folder: Where the runs are kept; one that is there is not done again.
        progress: Told the number of days of all runs, gives what is called with the days done.
        processes: How many processes, one for each core unless given.
        calibrations: Whether other calibrations are run too.
        history: Where `rounds update` stored what it brought.

    Raises:
        UsageError: A scenario is over other days, or has other people, than the baseline.
        ScenarioError: A run that is kept is of another version, or cannot be read.
    """
    problems = [_not_alike(one) for one in scenarios if not _alike(baseline, one)]
    if problems:
        raise UsageError(problems)
    asked = [
        _asked(one, seeds, folder, calibrations, history) for each in (baseline, *scenarios) for one in variants(each)
    ]
    jobs = {job.folder: job for one in asked for job in (*one.jobs, *one.others)}
    left = [job for job in jobs.values() if not _kept(job.folder)]
    run_all(left, progress(sum(map(days_of, left))) if progress else None, processes)
    return [
        Runs(one.scenario, one.scenario.law.numbers, [*map(_read, one.jobs)], [*map(_read, one.others)])
        for one in asked
    ]


def _alike(baseline: Scenario, one: Scenario) -> bool:
    return (one.first, one.last, one.people.one_in) == (baseline.first, baseline.last, baseline.people.one_in)


def _not_alike(one: Scenario) -> Problem:
    rule = Text(
        "over other days or with more or fewer people than the baseline",
        "sur d'autres jours ou avec plus ou moins de personnes",
    )
    fix = Text("compare it with its own baseline: {a}", "le comparer à sa référence : {a}").fill(a=one.baseline or "—")
    return Problem("not_alike", "scenario", rule, fix, one.id)


def _asked(one: Scenario, seeds: Sequence[int], folder: Path, calibrations: bool, history: Path | None) -> _Asked:
    """The runs of one scenario; their folders are named after what is simulated, so that what is alike is run once."""
    mark = f"-{load_record(history).as_of}" if history is not None and history.is_dir() else ""

    def job(scenario: Scenario, seed: int) -> Job:
        return Job(scenario, seed, folder / f"{scenario.digest[:16]}-{seed}{mark}", history)

    jobs = [job(one, seed) for seed in seeds]
    others = []
    for group, factor in CALIBRATIONS.items() if calibrations else ():
        for by in (factor, 1 / factor):
            weights = {**one.people.weights, group: one.people.weights.get(group, 1.0) * by}
            other = replace(one, people=replace(one.people, weights=weights))
            others.append(job(other, seeds[0]))
    return _Asked(one, jobs, others)


def _kept(folder: Path) -> bool:
    """Whether a run is there already; one of another version would be compared with runs of this one."""
    path = folder / "summary.json"
    if not path.is_file():
        return False
    version = _json(path, lambda text: str(json.loads(text)["version"]))
    if version != VERSION:
        rule = Text("a run of version {a}; this is {b}", "une simulation de la version {a}; ceci est la {b}")
        raise ScenarioError(Problem("other_version", str(path), rule.fill(a=version, b=VERSION), _REMOVE))
    return True


def _read(job: Job) -> Run:
    rounds, groups = (
        _json(job.folder / name, lambda text: [json.loads(line) for line in text.splitlines()])
        for name in ("rounds.ndjson", "groups.ndjson")
    )
    return Run(rounds, groups, _json(job.folder / "summary.json", json.loads))


def _json(path: Path, parse: Callable[[str], Any]) -> Any:
    """What a file of a kept run holds."""
    try:
        return parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        raise ScenarioError(Problem("unreadable", str(path), _DAMAGED, _REMOVE)) from None


_DAMAGED = Text("a kept run that cannot be read", "une simulation gardée qui ne se lit pas")
_REMOVE = Text("remove its folder, or give another one", "enlever son dossier, ou en donner un autre")
