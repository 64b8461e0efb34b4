"""What the next step of each factor would add to the score: tried exactly, caps included. No Polars here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from expressentry.assess.person.explain import leaves_of
from expressentry.assess.person.readings import Assessment
from expressentry.assess.person.score import AssessedReading, better_order, totals_by_order
from expressentry.law.grid.tree import Codes, Input


@dataclass(frozen=True, slots=True)
class NextStep:
    """The smallest rise of a factor that moves a line and the total.

    `columns` rise to `value` at least (all four abilities of a test, or one column); `total` and `change` are of the
    whole score.
    """

    line: str
    columns: tuple[str, ...]
    value: Any
    total: int
    change: int


def next_steps(found: Assessment) -> list[NextStep]:
    """For each line, the next step of each factor it reads; a step listed at an earlier line is not repeated."""
    steps: dict[tuple[tuple[str, ...], Any], NextStep] = {}
    first = found.first
    applicable = {line.id for line in first.lines if line.status != "not_applicable"}
    for node in first.rules.crs.root.walk():
        for an_input in node.leaf.inputs if node.leaf and node.id in applicable else ():
            for columns in _together_and_alone(an_input, first.first_language):
                step = _step(first, node.id, columns)
                if step is not None:
                    steps.setdefault((step.columns, step.value), step)
    return list(steps.values())


def _together_and_alone(an_input: Input, order: str) -> list[tuple[str, ...]]:
    """Four abilities rise together; where each gives points by itself, also one by one."""
    names = an_input.members[order]
    return [names, *((name,) for name in names)] if an_input.how == "each" else [names]


def _step(found: AssessedReading, line: str, columns: tuple[str, ...]) -> NextStep | None:
    grid, now = found.rules.crs, found.factors.codes
    case, column = int(bool(now[grid.cases])), grid.columns[columns[0]]
    points = leaves_of(grid, found.first_language)[line]
    before = points(now, case)
    changing = []
    for code, codes in _rises(now, columns, len(column.values)):
        if points(codes, case) == before:
            continue  # most values change nothing: the whole grid is looked at only for those that do
        totals = totals_by_order(grid, codes)
        total = totals[better_order(totals, found.given_language)]
        if total != found.total:
            changing.append(NextStep(line, columns, column.values[code], total, total - found.total))
            if column.ordered:
                break
    return max(changing, key=lambda step: step.change, default=None)


def _rises(now: Codes, columns: tuple[str, ...], size: int) -> Iterator[tuple[int, Codes]]:
    """Every higher value of the columns, lowest first: all of them at least so high."""
    codes = {name: -1 if (code := now[name]) is None else code for name in columns}
    for code in range(min(codes.values()) + 1, size):
        yield code, {**now, **{name: max(code, own) for name, own in codes.items()}}
