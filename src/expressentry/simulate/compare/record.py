"""What a comparison says, as plain rows: each figure of a scenario, its change against the baseline, and two bands.

The change is taken seed by seed: the same people with the same luck under both. The band of seeds is the lowest and the
highest of these changes; the band of calibrations that of the other calibrations with the first seed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Any

from expressentry.simulate.compare.runs import Run, Runs
from expressentry.simulate.scenario.described import described
from expressentry.text import Lang

Figures = Mapping[tuple[str, ...], float]
"""Figures by what they are of: a list of rounds, or a dimension and a value."""


def comparison(runs: Sequence[Runs], lang: Lang) -> dict[str, Any]:
    """The whole record of a comparison; the first runs are those of the baseline."""
    baseline, *others = runs
    return {
        "baseline": described(baseline.scenario, lang),
        "scenarios": [
            {**described(one.scenario, lang), "name": name_of(one), "numbers": dict(one.numbers)} for one in others
        ],
        "seeds": [run.summary["seed"] for run in baseline.seeds],
        "calibrations": len(baseline.calibrations),
        "cutoffs": [row for one in others for row in _rows(one, baseline, cutoffs, ("list",))],
        "invitations": [row for one in others for row in _rows(one, baseline, invitations, ("list",))],
        "waiting": [row for one in others for row in _rows(one, baseline, waiting, ("list",))],
        "groups": [row for one in others for row in _rows(one, baseline, shares, ("dimension", "group"))],
    }


def name_of(one: Runs) -> str:
    """A scenario by its id, with the values of its open numbers where it has several."""
    numbers = ", ".join(f"{name}={value}" for name, value in one.numbers.items())
    return f"{one.scenario.id} ({numbers})" if numbers else one.scenario.id


def cutoffs(run: Run) -> Figures:
    """The mean cut-off of the rounds of each list."""
    found = defaultdict(list)
    for row in run.rounds:
        if row["cutoff"] is not None:
            found[row["list"],].append(row["cutoff"])
    return {key: fmean(values) for key, values in found.items()}


def invitations(run: Run) -> Figures:
    """The people invited in the rounds of each list."""
    found: dict[tuple[str, ...], float] = defaultdict(float)
    for row in run.rounds:
        found[row["list"],] += row["invited"]
    return found


def waiting(run: Run) -> Figures:
    """The mean days from entering the pool to the first invitation, by the list that invited."""
    return {
        (row["value"],): row["mean_days"]
        for row in run.groups
        if row["dimension"] == "round" and row["mean_days"] is not None
    }


def shares(run: Run) -> Figures:
    """The percentage of those who entered who were invited, by group."""
    return {
        (row["dimension"], row["value"]): 100 * row["invited"] / row["entered"]
        for row in run.groups
        if row["dimension"] != "round" and row["entered"]
    }


def _rows(one: Runs, baseline: Runs, figures: Callable[[Run], Figures], keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """A row for each figure that the baseline or the scenario has."""
    before, after = [figures(run) for run in baseline.seeds], [figures(run) for run in one.seeds]
    other_before = [figures(run) for run in baseline.calibrations]
    other_after = [figures(run) for run in one.calibrations]
    found = []
    for key in dict.fromkeys(key for each in (*before, *after) for key in each):
        seeds, calibrations = _changes(before, after, key), _changes(other_before, other_after, key)
        found.append(
            {
                "scenario": name_of(one),
                **dict(zip(keys, key, strict=True)),
                "baseline": _mean(before, key),
                "value": _mean(after, key),
                "change": round(fmean(seeds), 2) if seeds else None,
                "seeds": _band(seeds),
                "calibrations": _band(calibrations),
            }
        )
    return found


def _changes(before: Sequence[Figures], after: Sequence[Figures], key: tuple[str, ...]) -> list[float]:
    return [b[key] - a[key] for a, b in zip(before, after, strict=True) if key in a and key in b]


def _mean(several: Sequence[Figures], key: tuple[str, ...]) -> float | None:
    values = [one[key] for one in several if key in one]
    return round(fmean(values), 2) if values else None


def _band(changes: Sequence[float]) -> list[float] | None:
    return [round(min(changes), 2), round(max(changes), 2)] if changes else None
