"""How many people arrive a week in each score band, month by month, and which groups they belong to: figures as data.

The figures in `data/simulate/arrivals.csv` are no publication: they are set so that a replay of the published rounds
leaves the pool that was published, band by band (see `docs/explanation/simulator.md`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import tomli

from expressentry.simulate.data import FOLDER

_LAST_MONTHS = 6


@dataclass(frozen=True)
class Arrivals:
    """People a week by month (the first day of it) and band; and the weight of each group of people by year."""

    weekly: Mapping[date, Mapping[tuple[int, int], float]]
    groups: Mapping[str, Mapping[int, float]]

    def on(self, day: date) -> Mapping[tuple[int, int], float]:
        """The rates of a day; before and after the months that are known, the mean of the six nearest."""
        month = day.replace(day=1)
        if month in self.weekly:
            return self.weekly[month]
        known = sorted(self.weekly)
        near = known[:_LAST_MONTHS] if month < known[0] else known[-_LAST_MONTHS:]
        return {band: sum(self.weekly[one][band] for one in near) / len(near) for band in self.weekly[near[0]]}


@cache
def shipped_arrivals() -> Arrivals:
    """The arrivals as they ship."""
    weekly: dict[date, dict[tuple[int, int], float]] = {}
    with (FOLDER / "arrivals.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            low, _, high = row["band"].partition("-")
            weekly.setdefault(date.fromisoformat(f"{row['month']}-01"), {})[int(low), int(high)] = float(row["weekly"])
    groups = tomli.loads((FOLDER / "arrivals.toml").read_text(encoding="utf-8"))["groups"]
    return Arrivals(
        weekly, {name: {int(year): float(weight) for year, weight in one.items()} for name, one in groups.items()}
    )
