"""Held-out dates: people fitted on a day with what was published by then, three months simulated, and compared.

    for one in held_out(load_record()): one.day, one.bands, one.cutoffs["cec"]

Of the three months the law and the days, lists and sizes of the rounds are known. Arrivals are those of the months
before the day, and groups have the weights of the years before it. Each error is shown with that of saying that
nothing changes: the bands of the day, and the last cut-off of each list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from expressentry.rounds.record import PoolDay, Record
from expressentry.simulate.arrivals import Arrivals, shipped_arrivals
from expressentry.simulate.run.engine import Simulation
from expressentry.simulate.run.setup import make
from expressentry.simulate.scenario.read import read_scenario

DAYS = tuple(map(date.fromisoformat, (
    "2025-01-08", "2025-03-03", "2025-05-13", "2025-07-06", "2025-09-01", "2025-10-26", "2025-12-15", "2026-02-15",
    "2026-04-12", "2026-06-21",
)))  # fmt: skip
"""The days on which people are fitted: days of a published distribution, two months apart."""
AHEAD = timedelta(days=91)
ONE_IN, SEED = 20, 1
_WEEK = timedelta(days=7)
Error = tuple[float, float]
"""That of the simulation, and that of saying that nothing changes."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """One day: the share of the pool that is in the wrong band three months later, and the cut-offs by list.

    `cutoffs` has, for each list with a round in the three months and one before the day, the mean error in points;
    `rounds` how many rounds these are. `people` is the error of the size of the pool, as a share.
    """

    day: date
    until: date
    bands: Error
    people: Error
    rounds: Mapping[str, int]
    cutoffs: Mapping[str, Error]


def held_out(record: Record, days: Sequence[date] = DAYS, one_in: int = ONE_IN, seed: int = SEED) -> Iterator[HeldOut]:
    """Fit, simulate and compare, one day after the other.

    Args:
        record: The published rounds and distributions.
        days: Days of a published distribution, three months before the end of the record at the latest.
        one_in: How many people one simulated person stands for.
        seed: The seed.
    """
    history = read_scenario("history")
    for day in days:
        end = _end(record, day)
        people = replace(history.people, one_in=one_in)
        scenario = replace(history, first=day, last=end.as_of + _WEEK, people=people)
        known, arrivals = record_until(record, day), arrivals_before(shipped_arrivals(), day)
        simulation = make(scenario, seed, record=record, arrivals=arrivals, known=known)
        for _ in simulation.run():
            pass
        yield _compared(simulation, record, known, end)


def record_until(record: Record, day: date) -> Record:
    """What was published up to a day: its distribution, and the rounds before it."""
    return replace(
        record,
        rounds=tuple(one for one in record.rounds if one.date < day),
        pool=tuple(one for one in record.pool if one.as_of <= day),
        quoted=tuple(one for one in record.quoted if one.as_of <= day),
        as_of=min(record.as_of, day),
    )


def arrivals_before(arrivals: Arrivals, day: date) -> Arrivals:
    """The arrivals of the months before that of a day, and the weights of the years before it."""
    weekly = {month: bands for month, bands in arrivals.weekly.items() if month < day.replace(day=1)}
    groups = {
        name: {year: weight for year, weight in by_year.items() if year < day.year}
        for name, by_year in arrivals.groups.items()
    }
    return Arrivals(weekly, {name: by_year for name, by_year in groups.items() if by_year})


def _end(record: Record, day: date) -> PoolDay:
    """The distribution three months later, or the last one before that."""
    return max((one for one in record.pool if one.as_of <= day + AHEAD), key=lambda one: one.as_of)


def _compared(simulation: Simulation, record: Record, known: Record, end: PoolDay) -> HeldOut:
    start = known.pool[-1]
    days = sorted({row["date"] for row in simulation.found.pool})
    then = next(day for day in days if date.fromisoformat(day) >= end.as_of)
    bands = {row["band"]: row["candidates"] for row in simulation.found.pool if row["date"] == then}
    published, before = (
        {f"{low}-{high}": people for low, high, people in one.finest if f"{low}-{high}" in bands}
        for one in (end, start)
    )
    total = sum(published.values())
    last = {one.series: one.cutoff for one in known}
    errors: dict[str, list[Error]] = {}
    for row in simulation.found.rounds:
        true = record.round(row["number"])
        if true.date <= end.as_of and true.series in last and row["cutoff"] is not None:
            found = (abs(row["cutoff"] - true.cutoff), abs(last[true.series] - true.cutoff))
            errors.setdefault(row["list"], []).append((float(found[0]), float(found[1])))
    return HeldOut(
        simulation.scenario.first,
        end.as_of,
        (_wrong(bands, published, total), _wrong(before, published, total)),
        (abs(sum(bands.values()) - total) / total, abs(sum(before.values()) - total) / total),
        {name: len(all_of_them) for name, all_of_them in errors.items()},
        {name: _mean(all_of_them) for name, all_of_them in errors.items()},
    )


def _wrong(bands: Mapping[str, float], published: Mapping[str, float], total: float) -> float:
    """The people in the wrong band, as a share of all."""
    return sum(abs(bands.get(band, 0) - people) for band, people in published.items()) / total


def _mean(errors: Sequence[Error]) -> Error:
    ours, same = (sum(one[at] for one in errors) / len(errors) for at in (0, 1))
    return ours, same
