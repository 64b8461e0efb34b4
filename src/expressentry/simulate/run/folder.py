"""A run in a folder: its results, written all at once or not at all, and where a run that was stopped goes on.

rounds.ndjson     date, number, list, size, invited, cutoff, tie_break, pool_before
pool.ndjson       date, band, candidates
summary.json      seed, law_digest, people, entries, exits, stock, effective_sample, residuals
groups.ndjson     who entered, who was invited and after how many days, by age, education and so on
scenario.json     what was simulated
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from expressentry.documents import load_json, read_text
from expressentry.errors import Problem, ScenarioError
from expressentry.files import PUBLIC, replacing, unwritable, write_atomically
from expressentry.rounds.load import load_record
from expressentry.simulate.run.engine import Simulation
from expressentry.simulate.run.groups import groups_of
from expressentry.simulate.run.resume import RESUME, resumed, stopped
from expressentry.simulate.run.setup import make
from expressentry.simulate.run.state import Place
from expressentry.simulate.scenario.described import described
from expressentry.simulate.scenario.model import Scenario
from expressentry.text import LANGS, Text
from expressentry.version import VERSION

_MOST_BYTES = 100_000_000
_ROUND = {"date", "number", "list", "size", "invited", "cutoff", "tie_break", "pool_before"}
_GROUP = {"dimension", "value", "entered", "invited", "mean_days"}
Progress = Callable[[int], None]


def run_into(
    scenario: Scenario, seed: int, folder: Path, progress: Progress | None = None, history: Path | None = None
) -> dict[str, Any]:
    """Simulate one seed and write the results; gives the summary.

    A run that was stopped leaves a file in the folder, and the same call goes on from there to the same bytes.

    Args:
        scenario: A scenario without ranges.
        seed: The seed.
        folder: Where the results go; it is made where it is not there.
        progress: Called with the number of days done.
        history: Where `rounds update` stored what it brought, on top of the shipped record.

    Raises:
        RecordError: What was stored cannot be read.
        ScenarioError: The folder holds an unfinished run of something else.
        FileError: The folder cannot be written.
    """
    record = load_record(history)
    simulation = make(scenario, seed, record=record)  # before anything is made: a scenario may be wrong
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from None
    key = f"{VERSION} {scenario.digest} {seed} {record.as_of} {len(record.rounds)} {len(record.pool)}"
    resume = folder / RESUME
    done = resumed(simulation, resume, key)
    if progress is not None:
        progress(done)
    for at in simulation.run(progress):
        if at < len(simulation.stretches):
            write_atomically(resume, stopped(simulation, key), mode=PUBLIC)
    results = results_of(simulation, seed)
    write_all(folder, results)
    resume.unlink(missing_ok=True)
    summary: dict[str, Any] = json.loads(results["summary.json"])
    return summary


def results_of(simulation: Simulation, seed: int) -> dict[str, str]:
    """Every file of the results by its name."""
    return {
        "rounds.ndjson": _lines(simulation.found.rounds),
        "pool.ndjson": _lines(simulation.found.pool),
        "groups.ndjson": _lines(groups_of(simulation)),
        "summary.json": json.dumps(summary_of(simulation, seed), indent=2) + "\n",
        "scenario.json": json.dumps(_documented(simulation.scenario), ensure_ascii=False, indent=2) + "\n",
    }


def summary_of(simulation: Simulation, seed: int) -> dict[str, Any]:
    """The books of a run in people: who entered, who left and how, who is still here."""
    state, one_in = simulation.state, simulation.scenario.people.one_in
    digests = "\n".join(simulation.found.law_digests)
    return {
        "seed": seed,
        "law_digest": f"sha256:{hashlib.sha256(digests.encode()).hexdigest()}",
        "scenario_digest": f"sha256:{simulation.scenario.digest}",
        "version": VERSION,
        "first": simulation.scenario.first.isoformat(),
        "last": simulation.scenario.last.isoformat(),
        "one_in": one_in,
        "people": len(simulation.cast) * one_in,
        "entries": state.entries * one_in,
        "exits": {how.name.lower(): number * one_in for how, number in state.exits.items()},
        "refused": state.count(Place.REFUSED) * one_in,
        "stock": state.stock * one_in,
        "effective_sample": simulation.effective_sample,
        "residuals": simulation.residuals,
    }


def read_results(
    scenario: Scenario, seed: int, folder: Path
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]:
    """The rounds, the groups and the summary of a run that is kept in a folder.

    Raises:
        FileError: A file is missing, or is larger than any.
        ScenarioError: A file is none of ours, or the run is of another scenario, seed or version.
    """
    summary = _object(folder / "summary.json", read_text(folder / "summary.json", most=_MOST_BYTES))
    of = summary.get("version"), summary.get("scenario_digest"), summary.get("seed")
    if of != (VERSION, f"sha256:{scenario.digest}", seed):
        raise ScenarioError(Problem("another_run", str(folder), _ANOTHER, _REMOVE))
    rounds, groups = (
        _rows(folder / name, keys) for name, keys in (("rounds.ndjson", _ROUND), ("groups.ndjson", _GROUP))
    )
    return rounds, groups, summary


def _rows(path: Path, keys: set[str]) -> list[dict[str, Any]]:
    """The rows of a file of results: each has these keys, and numbers where there are numbers."""
    rows = [_object(path, line) for line in read_text(path, most=_MOST_BYTES).split("\n") if line]
    for row in rows:
        numbers = [row.get(name) for name in ("cutoff", "invited", "entered", "mean_days", "size", "pool_before")]
        words = [row.get(name) for name in ("date", "number", "list", "dimension", "value")]
        if (
            row.keys() != keys
            or any(not isinstance(one, int | float | None) for one in numbers)
            or any(not isinstance(one, str | None) for one in words)
        ):
            raise ScenarioError(Problem("unreadable", str(path), _NOT_OURS, _REMOVE))
    return rows


def _object(path: Path, text: str) -> dict[str, Any]:
    try:
        found = load_json(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ScenarioError(Problem("unreadable", str(path), _NOT_OURS, _REMOVE))
    return found


def write_all(folder: Path, files: Mapping[str, str]) -> None:
    """Write several files: first all of them beside their names, then the names.

    Raises:
        FileError: One cannot be written; none of them has changed.
    """
    with ExitStack() as stack:
        for name, text in files.items():
            part = stack.enter_context(replacing(folder / name, mode=PUBLIC))
            part.write_text(text, encoding="utf-8")


def _documented(scenario: Scenario) -> dict[str, Any]:
    return {lang: described(scenario, lang) for lang in LANGS}


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


_NOT_OURS = Text("not a result of `simulate run`", "pas un résultat de `simulate run`")
_ANOTHER = Text("a run of another scenario, seed or version", "une simulation d'un autre scénario, graine ou version")
_REMOVE = Text("remove this folder, or give another one", "enlever ce dossier, ou en donner un autre")
