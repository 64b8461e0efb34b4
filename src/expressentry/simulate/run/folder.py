"""A run in a folder: its results, written all at once or not at all, and where a run that was stopped goes on.

rounds.ndjson     date, number, list, size, invited, cutoff, tie_break, pool_before
pool.ndjson       date, band, candidates
summary.json      seed, law_digest, people, entries, exits, stock, effective_sample, residuals
groups.ndjson     who entered, who was invited and after how many days, by age, education and so on
scenario.json     what was simulated
"""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from expressentry.errors import Problem, ScenarioError
from expressentry.files import PUBLIC, open_file, replacing, unwritable, write_atomically
from expressentry.rounds.load import load_record
from expressentry.simulate.run.engine import Simulation
from expressentry.simulate.run.groups import groups_of
from expressentry.simulate.run.setup import make
from expressentry.simulate.run.state import Place, State
from expressentry.simulate.scenario.described import described
from expressentry.simulate.scenario.model import Scenario
from expressentry.text import LANGS, Text
from expressentry.version import VERSION

RESUME = ".unfinished.npz"
_ARRAYS = ("place", "crs", "lists", "invitations", "invited_on", "returns", "first_invited", "first_list")
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
        FactorsError: The file of people is of another version or day, or what must be reached cannot be.
        FileError: The folder cannot be written.
    """
    record = load_record(history)
    resume = folder / RESUME
    key = f"{_key(scenario, seed)} {record.as_of} {len(record.rounds)} {len(record.pool)}"
    kept = _kept(resume, key)
    simulation = make(scenario, seed, record=record)
    # Only now: a scenario that is refused leaves no folder behind.
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from None
    done = 0 if kept is None else _restore(simulation, *kept)
    if progress is not None:
        progress(done)
    for at in simulation.run(progress):
        if at < len(simulation.stretches):
            write_atomically(resume, _stopped(simulation, key), mode=PUBLIC)
    results = results_of(simulation, seed)
    write_all(folder, results)
    resume.unlink(missing_ok=True)
    return json.loads(results["summary.json"])  # type: ignore[no-any-return]


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


def _key(scenario: Scenario, seed: int) -> str:
    return f"{VERSION} {scenario.digest} {seed}"


def _stopped(simulation: Simulation, key: str) -> bytes:
    """Everything from which a run can go on."""
    state, found = simulation.state, simulation.found
    books = {
        "key": key,
        "done": simulation.done,
        "entries": state.entries,
        "exits": {int(how): number for how, number in state.exits.items()},
        "carried": state.carried,
        "rounds": found.rounds,
        "pool": found.pool,
        "law_digests": found.law_digests,
    }
    out = io.BytesIO()
    np.savez(out, books=np.frombuffer(json.dumps(books).encode(), np.uint8), **{n: getattr(state, n) for n in _ARRAYS})
    return out.getvalue()


def _kept(path: Path, key: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The books and the columns of a run that was stopped; None where there is none."""
    if not path.is_file():
        return None
    try:
        with open_file(path) as opened, np.load(opened, allow_pickle=False) as file:
            books = json.loads(bytes(file["books"]))
            arrays = {name: file[name] for name in _ARRAYS}
        found = str(books["key"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, BadZipFile, zlib.error):
        raise ScenarioError(Problem("unreadable", str(path), _DAMAGED, _REMOVE)) from None
    if found != key:
        other = _OTHER if found.split()[:1] == [VERSION] else _VERSION
        raise ScenarioError(Problem("another_run", str(path), other, _REMOVE))
    return books, arrays


def _restore(simulation: Simulation, books: dict[str, Any], arrays: dict[str, Any]) -> int:
    """Take up a run that was stopped; gives the number of days already done."""
    state = State(**arrays, entries=books["entries"], carried=books["carried"])
    state.exits = {Place(int(how)): number for how, number in books["exits"].items()}
    simulation.state, simulation.done = state, books["done"]
    simulation.found.rounds, simulation.found.pool = books["rounds"], books["pool"]
    simulation.found.law_digests = books["law_digests"]
    return simulation.stretches[simulation.done - 1][1] - simulation.stretches[0][0] + 1


_REMOVE = Text("remove this file, or give another folder", "enlever ce fichier, ou donner un autre dossier")
_DAMAGED = Text("an unfinished run that cannot be read", "une simulation inachevée qui ne se lit pas")
_OTHER = Text(
    "an unfinished run of another scenario or seed",
    "une simulation inachevée d'un autre scénario ou d'une autre graine",
)
_VERSION = Text("an unfinished run of another version", "une simulation inachevée d'une autre version")
