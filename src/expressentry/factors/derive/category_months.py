"""Months by occupation, as categories ask them: in three years, all, in one run, and in Canada."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from expressentry.factors.derive.ledger import Interval, Ledger, YearRule

MOST_MONTHS = 36
MOST_OCCUPATIONS = 15


@dataclass(frozen=True, slots=True)
class Occupation:
    """The work of a person in one occupation."""

    all: Ledger
    canada: Ledger
    runs: Sequence[Interval]


def category_months(
    occupations: Mapping[str, Occupation], window: tuple[int, int], rule: YearRule
) -> list[dict[str, Any]]:
    """For each occupation with at least a month: whole months of 130 hours, longest run, and those in Canada.

    The fifteen with the most work where there are more.
    """
    found: list[dict[str, Any]] = []
    for code, work in sorted(occupations.items()):
        canada = work.canada.months(*window, rule)
        run = max((work.all.months(*clip, rule) for clip in clipped(work.runs, window)), default=0)
        # In calendar months the whole may begin in a longer month than a part of it; it is never less than the part.
        months = max(work.all.months(*window, rule), canada, run)
        if months:
            counts = {"months": months, "run": run, "canada_months": canada}
            found.append({"noc": code, **{name: min(count, MOST_MONTHS) for name, count in counts.items()}})
    return sorted(found, key=lambda one: -one["months"])[:MOST_OCCUPATIONS]


def clipped(spans: Sequence[Interval], window: Interval) -> list[Interval]:
    """The parts of intervals that lie in a window."""
    cut = [(max(start, window[0]), min(end, window[1])) for start, end in spans]
    return [(start, end) for start, end in cut if start < end]
