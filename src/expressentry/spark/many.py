"""Every seed of a scenario on Spark: one run a task, the results as text, equal to the files of `simulate run`."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from expressentry.documents import read_bytes, read_text
from expressentry.errors import Problem, UsageError
from expressentry.simulate.data import FOLDER
from expressentry.simulate.run.days import day_of
from expressentry.simulate.run.folder import results_of
from expressentry.simulate.run.law import law_of_scenario
from expressentry.simulate.run.score import stretches
from expressentry.simulate.run.setup import make, variants
from expressentry.simulate.scenario.model import Scenario
from expressentry.spark.carry import one_thread, refuse_another
from expressentry.text import Text
from expressentry.version import VERSION

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

SCHEMA = "seed long, numbers string, file string, content string"
_MOST_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class _Job:
    """One run on its way to a worker: a scenario with the content of the files that it names."""

    scenario: Scenario
    seed: int
    files: Mapping[Path, bytes]
    law: Mapping[date, str]
    data: str
    version: str


def simulate_many(spark: SparkSession, scenario: Scenario, seeds: Sequence[int]) -> DataFrame:
    """Run a scenario with every seed, one run a task; a run needs one core and about 0.3 GB beside its people.

    The frame has a row for each file of each run: `seed`, `numbers` (what the scenario leaves open, as JSON), `file`
    (`rounds.ndjson`, `pool.ndjson`, `groups.ndjson`, `summary.json`, `scenario.json`) and `content`, to the byte what
    `simulate run` writes. A run that is lost with its worker is made again, to the same bytes.

    Args:
        spark: The session.
        scenario: The scenario; one with ranges is run once for each of its values.
        seeds: The seeds.

    Raises:
        UsageError: No seed is given, or the files that the scenario names are too large to go with every task.
        LawError: A law file of the scenario is wrong.

    >>> from expressentry.spark import simulate_many
    >>> simulate_many.__module__
    'expressentry.spark.many'
    """
    if not seeds:
        rule, fix = Text("no seed is given", "aucune graine n'est donnée"), Text("give at least one", "en donner une")
        raise UsageError(Problem("missing", "seeds", rule, fix))
    jobs = [_packed(one, seed) for one in variants(scenario) for seed in seeds]
    rows = spark.createDataFrame([(at, pickle.dumps(job)) for at, job in enumerate(jobs)], "at long, job binary")
    # A range of numbers gives each task one run: a hash would put several into one.
    return rows.repartitionByRange(len(jobs), "at").mapInArrow(_runs, SCHEMA)


def _packed(scenario: Scenario, seed: int) -> _Job:
    law = law_of_scenario(scenario)
    days = [day_of(first) for first, _ in stretches(law, scenario.first, scenario.last)]
    lists = [
        beside for path in scenario.law.files for beside in path.parent.glob("*.csv") if beside.name in read_text(path)
    ]
    named = [*scenario.law.files, *lists, *([scenario.people.file] if scenario.people.file else [])]
    if sum(path.stat().st_size for path in named) > _MOST_BYTES:
        rule = Text("more than 64 MB of files go with each task", "plus de 64 Mo de fichiers vont avec chaque tâche")
        fix = Text("let the scenario draw its people itself", "laisser le scénario tirer ses personnes lui-même")
        raise UsageError(Problem("too_large", "people.file", rule, fix))
    files = {path: read_bytes(path, most=_MOST_BYTES) for path in named}
    return _Job(scenario, seed, files, {day: law.on(day).digest for day in days}, data_digest(), VERSION)


def _runs(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """On a worker: every run of a task, one after the other."""
    one_thread()
    import pyarrow

    for batch in batches:
        for packed in batch.column("job").to_pylist():
            job: _Job = pickle.loads(packed)
            files = _run(job)
            numbers = json.dumps(dict(job.scenario.law.numbers))
            rows = {
                "seed": [job.seed] * len(files),
                "numbers": [numbers] * len(files),
                "file": list(files),
                "content": list(files.values()),
            }
            yield pyarrow.RecordBatch.from_pydict(rows)


def _run(job: _Job) -> dict[str, str]:
    refuse_another("another_version", job.version, VERSION)
    refuse_another("other_figures", job.data, data_digest())
    with TemporaryDirectory() as folder:
        scenario = _unpacked(job, Path(folder))
        law = law_of_scenario(scenario)
        for day, digest in job.law.items():
            refuse_another("another_law", digest, law.on(day).digest)
        simulation = make(scenario, job.seed)
        for _ in simulation.run():
            pass
        return results_of(simulation, job.seed)


def _unpacked(job: _Job, folder: Path) -> Scenario:
    """The scenario with its files where this worker has them, under the names that they had."""
    # What lay in one folder lies in one folder here: a law file names lists beside it.
    parents = {parent: folder / str(at) for at, parent in enumerate(dict.fromkeys(path.parent for path in job.files))}
    places = {path: parents[path.parent] / path.name for path in job.files}
    for path, content in job.files.items():
        places[path].parent.mkdir(exist_ok=True)
        places[path].write_bytes(content)
    law, people = job.scenario.law, job.scenario.people
    return replace(
        job.scenario,
        law=replace(law, files=tuple(places[path] for path in law.files)),
        people=replace(people, file=places[people.file] if people.file else None),
    )


@cache
def data_digest() -> str:
    """Over the figures and the record with which simulations are made, as they ship."""
    found = hashlib.sha256()
    for folder in (FOLDER, FOLDER.parent / "history"):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            found.update(f"{path.relative_to(folder.parent)}\n".encode() + path.read_bytes())
    return f"sha256:{found.hexdigest()}"
