"""Setting the arrivals so that a replay of the published rounds leaves the published pool: `python -m` this module.

    python -m expressentry.simulate.run.tune --turns 12 --one-in 20 --until 2026-03-31

Each turn runs the history, compares the pool of each published day with the simulated one, and moves the arrivals of
the month in each band by what is missing. Groups (French, the categories) are weighted up where the simulated cut-offs
of their rounds are too low. Nominees are counted instead: their rounds invite everybody who is nominated, so that as
many arrive as are invited, without those nominated in the pool and those who decline and return. What comes out is
`data/simulate/arrivals.csv` and `arrivals.toml`, of the turn that came nearest. Days after `--until` are not looked at:
they are what the figures are tested on.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from expressentry.rounds.load import load_record
from expressentry.rounds.record import Record, Round
from expressentry.simulate.arrivals import Arrivals, shipped_arrivals
from expressentry.simulate.data import FOLDER
from expressentry.simulate.hazards import rates
from expressentry.simulate.run.engine import Simulation
from expressentry.simulate.run.held_out import record_until
from expressentry.simulate.run.setup import make
from expressentry.simulate.scenario.model import Scenario
from expressentry.simulate.scenario.read import read_scenario

Band = tuple[int, int]
_STEP, _POINTS = 0.5, 200.0
"""How much of what is missing is added in one turn; and the points of a cut-off that move a group by a factor of e."""
_LEAST, _MOST = 0.05, 20.0
_WEEK = 7
_CHANCE = frozenset({"pnp", "physicians", "military"})
_NEAR = timedelta(days=3)
"""How old the pool before a general round may be."""
_SPARE = 0.05
"""So many fewer nominees arrive: by chance some rounds have more than they invite, and these must not add up."""


def nominees(record: Record, rates: Mapping[str, float]) -> dict[date, float]:
    """Nominees who arrive in a week, by month: as many as the rounds for nominees and the general ones invite."""
    rounds = [one for one in record if one.series in ("pnp", "general")]
    by_month: dict[date, list[float]] = defaultdict(list)
    for before, one in pairwise(rounds):
        invited, days = _nominees_of(one, record), (one.date - before.date).days
        for at in range(days if invited is not None else 0):
            day = before.date + timedelta(days=at)
            by_month[day.replace(day=1)].append((invited or 0) / days * _WEEK)
    found = {}
    for month, each in by_month.items():
        pool = record.pool_on(max(month, record.pool[0].as_of))
        inside = rates["nominated_weekly"] * (pool.total or 0 if pool else 0)
        found[month] = max(0.0, sum(each) / len(each) * (1 - rates["declines"] - _SPARE) - inside)
    return found


def _nominees_of(one: Round, record: Record) -> int | None:
    """The nominees whom a round invites: everybody of one for nominees, those in the highest band of a general one."""
    if one.series == "pnp":
        return one.invitations
    pool = record.pool_on(one.date)
    return pool.finest[0][2] if pool is not None and one.date - pool.as_of <= _NEAR else None


def missing(simulation: Simulation, record: Record) -> dict[date, dict[Band, float]]:
    """By published day what the simulated pool lacks in each band, in people."""
    simulated: dict[date, dict[Band, float]] = defaultdict(dict)
    for row in simulation.found.pool:
        low, _, high = row["band"].partition("-")
        simulated[date.fromisoformat(row["date"])][int(low), int(high)] = row["candidates"]
    found = {}
    for day in record.pool:
        then = min((one for one in simulated if one >= day.as_of), default=None)
        if then is not None and (then - day.as_of).days <= _WEEK and day.as_of > simulation.scenario.first:
            found[day.as_of] = {(low, high): n - simulated[then].get((low, high), 0) for low, high, n in day.finest}
    return found


def turned(arrivals: Arrivals, lacks: dict[date, dict[Band, float]]) -> Arrivals:
    """The arrivals of each month moved by what was missing at its end beyond what was missing before it."""
    weekly = {month: dict(bands) for month, bands in arrivals.weekly.items()}
    before: dict[Band, float] = {}
    ends = {day.replace(day=1): day for day in sorted(lacks)}
    previous = None
    for month, day in sorted(ends.items()):
        if month not in weekly:
            continue
        weeks = max((day - previous).days / _WEEK, 2.0) if previous else 4.0
        for band, lack in lacks[day].items():
            # Half of what was missing before is expected to be made good by the change of the months before.
            change = (lack - before.get(band, 0.0)) / weeks
            weekly[month][band] = max(0.0, weekly[month].get(band, 0.0) + _STEP * change)
        before, previous = lacks[day], day
    return Arrivals(weekly, arrivals.groups)


def weighted(arrivals: Arrivals, errors: dict[tuple[str, int], list[int]]) -> Arrivals:
    """Groups weighted up in a year where the cut-offs of their rounds came out too low."""
    groups = {name: dict(by_year) for name, by_year in arrivals.groups.items()}
    for (name, year), found in errors.items():
        if name in groups:
            middle = sorted(found)[len(found) // 2]
            near = min(groups[name], key=lambda known: abs(known - year))
            moved = groups[name][near] * math.exp(-max(-_POINTS, min(_POINTS, middle)) / _POINTS)
            groups[name][year] = min(_MOST, max(_LEAST, moved))
    return Arrivals(arrivals.weekly, groups)


def cutoff_errors(simulation: Simulation, record: Record, until: date) -> dict[tuple[str, int], list[int]]:
    """Simulated minus published cut-offs by list and year, up to a day."""
    found: dict[tuple[str, int], list[int]] = defaultdict(list)
    for row in simulation.found.rounds:
        day = date.fromisoformat(row["date"])
        if day <= until and row["cutoff"] is not None:
            found[row["list"], day.year].append(row["cutoff"] - record.round(row["number"]).cutoff)
    return dict(found)


def write(arrivals: Arrivals, folder: Path, until: date) -> None:
    """Write the figures as they ship; months after the last one looked at are left to the mean."""
    with (folder / "arrivals.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["month", "band", "weekly"])
        for month, bands in sorted(arrivals.weekly.items()):
            if month <= until:
                for (low, high), number in bands.items():
                    out.writerow([f"{month:%Y-%m}", f"{low}-{high}", f"{number:.1f}"])
    lines = [
        f"[groups.{name}]\n" + "".join(f"{year} = {weight:.3f}\n" for year, weight in sorted(by_year.items()))
        for name, by_year in sorted(arrivals.groups.items())
    ]
    head = (folder / "arrivals.toml").read_text(encoding="utf-8").partition("[groups.")[0]
    (folder / "arrivals.toml").write_text(head + "\n".join(lines), encoding="utf-8")


def with_nominees(arrivals: Arrivals, weekly: Mapping[date, float]) -> Arrivals:
    """The arrivals with nominees as they are counted, in the highest band."""
    found = {month: dict(bands) for month, bands in arrivals.weekly.items()}
    for month in found.keys() & weekly.keys():
        found[month][max(found[month])] = weekly[month]
    return Arrivals(found, arrivals.groups)


def tune(scenario: Scenario, turns: int, until: date, seed: int = 1) -> None:
    """Run the history so many times, each with the arrivals moved by what the last one lacked, and write them."""
    record = load_record()
    counted = nominees(record_until(record, until), rates(scenario.hazards))
    arrivals = with_nominees(shipped_arrivals(), counted)
    scenario, nearest = replace(scenario, last=min(scenario.last, until)), math.inf
    for turn in range(turns):
        simulation = make(scenario, seed, record=record, arrivals=arrivals)
        for _ in simulation.run():
            pass
        lacks, errors = missing(simulation, record), cutoff_errors(simulation, record, until)
        far = distance(lacks, errors, record)
        if far < nearest:
            nearest = far
            write(arrivals, FOLDER, until)
        shown = {f"{name} {year}": round(sum(found) / len(found)) for (name, year), found in errors.items()}
        print(f"{turn + 1}: distance {far:.2f}; mean error of cut-offs {shown}", flush=True)  # noqa: T201
        arrivals = with_nominees(weighted(turned(arrivals, lacks), errors), counted)


def distance(
    lacks: Mapping[date, Mapping[Band, float]], errors: Mapping[tuple[str, int], list[int]], record: Record
) -> float:
    """How far a turn is from what was published: the mean error of cut-offs in points, and the percent in wrong bands.

    Lists whose cut-offs are chance have no part in it.
    """
    off = [abs(one) for (name, _), found in errors.items() if name not in _CHANCE for one in found]
    total = {day.as_of: sum(people for *_, people in day.finest) for day in record.pool}
    wrong = [100 * sum(map(abs, bands.values())) / total[day] for day, bands in lacks.items()]
    return sum(off) / max(len(off), 1) + sum(wrong) / max(len(wrong), 1)


def main() -> None:
    """Set the figures and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=12)
    parser.add_argument("--one-in", type=int, default=20)
    parser.add_argument("--until", type=date.fromisoformat, required=True)
    given = parser.parse_args()
    scenario = read_scenario("history")
    scenario = replace(scenario, people=replace(scenario.people, one_in=given.one_in))
    tune(scenario, given.turns, given.until)


if __name__ == "__main__":
    main()
