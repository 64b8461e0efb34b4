"""The shipped scenarios compared ahead, as small data: what the site shows, and how it is made again.

    python -m expressentry.simulate.compare.ahead          makes `data/simulate/compared.json`; some minutes

Each comparison holds the digests of both scenarios and of their law, the seeds and how many people one stands for. A
comparison whose digests are not those of the scenarios that ship is of no use, and `current` says which these are.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from expressentry.files import PUBLIC, write_atomically
from expressentry.simulate.compare.record import comparison
from expressentry.simulate.compare.runs import Runs, compared_runs
from expressentry.simulate.run.days import day_of
from expressentry.simulate.run.law import law_of_scenario
from expressentry.simulate.run.score import stretches
from expressentry.simulate.run.setup import variants
from expressentry.simulate.scenario.compared import FILE
from expressentry.simulate.scenario.model import Scenario
from expressentry.simulate.scenario.read import read_scenario, shipped_scenarios

ONE_IN, SEEDS = 100, (1, 2)
_FIGURES = ("cutoffs", "invitations", "waiting", "groups")
_LONG = 16


def compared_scenarios() -> list[tuple[Scenario, list[Scenario]]]:
    """Each baseline with the scenarios that are held against it, as they are simulated here."""
    read = {name: _small(read_scenario(name)) for name in shipped_scenarios()}
    found: dict[str, list[Scenario]] = {}
    for one in read.values():
        if one.baseline is not None:
            found.setdefault(one.baseline, []).append(one)
    return [(read[name], several) for name, several in found.items()]


def _small(one: Scenario) -> Scenario:
    return replace(one, people=replace(one.people, one_in=ONE_IN))


def digests_of(one: Scenario) -> dict[str, str]:
    """What a comparison is of: the digest of a scenario, and that of its law over its days."""
    law = law_of_scenario(one)
    days = [day_of(first) for first, _ in stretches(law, one.first, one.last)]
    known = dict.fromkeys(law.on(day).digest.removeprefix("sha256:")[:_LONG] for day in days)
    return {"scenario": one.digest[:_LONG], "law": " ".join(known)}


def current(kept: Sequence[Mapping[str, Any]]) -> list[str]:
    """The scenarios whose kept comparison is missing or is of another scenario, baseline or law."""
    by_name = {(one["scenario"], json.dumps(one["numbers"])): one for one in kept}
    wrong = []
    for baseline, several in compared_scenarios():
        before = digests_of(baseline)
        for scenario in several:
            for one in variants(scenario):
                found = by_name.get((one.id, json.dumps(dict(one.law.numbers))))
                if found is None or found["digests"] != {"baseline": before, "scenario": digests_of(one)}:
                    wrong.append(one.id)
    return wrong


def compare_all(folder: Path, processes: int | None) -> Iterator[dict[str, Any]]:
    """Run every scenario beside its baseline; runs that are in the folder are not done again."""
    for baseline, several in compared_scenarios():
        found = compared_runs(baseline, several, SEEDS, folder, processes=processes)
        record = comparison(found, "en")
        before = digests_of(baseline)
        for runs, named in zip(found[1:], record["scenarios"], strict=True):
            yield {
                "scenario": runs.scenario.id,
                "baseline": baseline.id,
                "numbers": dict(runs.numbers),
                "digests": {"baseline": before, "scenario": digests_of(runs.scenario)},
                "one_in": ONE_IN,
                "seeds": list(SEEDS),
                "calibrations": record["calibrations"],
                "rounds": _held(found[0], runs),
                **{key: _of(record[key], named["name"]) for key in _FIGURES},
            }


def _of(rows: Sequence[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    return [{key: value for key, value in row.items() if key != "scenario"} for row in rows if row["scenario"] == name]


def _held(baseline: Runs, one: Runs) -> dict[str, list[int]]:
    """How many rounds of each list are held without and with the scenario."""
    names = dict.fromkeys(row["list"] for each in (baseline, one) for row in each.seeds[0].rounds)
    return {
        name: [sum(row["list"] == name for row in each.seeds[0].rounds) for each in (baseline, one)] for name in names
    }


def main() -> None:
    """Make the data again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, help="a folder where the runs are kept")
    parser.add_argument("--processes", type=int)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        rows = list(compare_all(given.work or Path(folder), given.processes))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    write_atomically(FILE, f"[\n{lines}\n]\n".encode(), mode=PUBLIC)


if __name__ == "__main__":
    main()
