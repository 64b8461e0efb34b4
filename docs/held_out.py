"""Repeat the held-out dates and the replay of history, and renew their tables in `explanation/`.

A minute of processor time. `pytest -m long tests/simulate/test_held_out.py` compares the tables with a new run.

    python docs/held_out.py
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import mean, median
from typing import Any

from expressentry.rounds.load import load_record
from expressentry.rounds.record import Record
from expressentry.simulate.run.held_out import ONE_IN, SEED, Error, HeldOut, held_out
from expressentry.simulate.run.setup import make
from expressentry.simulate.scenario.read import read_scenario

PAGE = Path(__file__).parent / "explanation/simulation.md"
HISTORY = Path(__file__).parent / "explanation/simulator.md"
TUNED_UNTIL = date(2026, 3, 31)
"""The arrivals were set with what was published by then (`simulate.run.tune --until`)."""
_START, _END = "<!-- table, made by python docs/held_out.py -->", "<!-- end of the table -->"
_LISTS = {"cec": "CEC", "french": "French", "healthcare": "health care", "pnp": "nominees"}
_OTHER = "other lists"
_NAMES = {
    "cec": "Canadian Experience Class",
    "healthcare": "health care",
    "stem": "STEM",
    "transport": "transport",
    "education": "education",
    "general": "general",
    "agriculture": "agriculture",
    "french": "French",
    "trades": "trades",
    "senior_managers": "senior managers",
    "pnp": "nominees",
    "physicians": "physicians",
}


def table(found: Iterable[HeldOut]) -> str:
    """The table: in each cell the error of the simulation, and after it that of "nothing changes"."""
    days = list(found)
    heads = ["fitted on", "compared on", "people in the wrong band", "size of the pool", *_LISTS.values(), _OTHER]
    rows = [[str(one.day), str(one.until), _share(one.bands), _share(one.people), *_points(one)] for one in days]
    better = [["**better on**", "", *(_wins(days, at) for at in ("bands", "people")), *map(_won, _by_list(days))]]
    lines = [heads, ["---"] * len(heads), *rows, *better]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _share(error: Error) -> str:
    return f"{error[0]:.1%} ({error[1]:.1%})"


def _points(one: HeldOut) -> list[str]:
    return ["–" if error is None else f"{error[0]:.1f} ({error[1]:.1f})" for error in _lists_of(one)]


def _lists_of(one: HeldOut) -> list[Error | None]:
    """The error of each list, and that of all others together by their rounds."""
    others = [name for name in one.cutoffs if name not in _LISTS]
    rounds = sum(one.rounds[name] for name in others)
    sums = [sum(one.cutoffs[name][at] * one.rounds[name] for name in others) for at in (0, 1)]
    return [*map(one.cutoffs.get, _LISTS), (sums[0] / rounds, sums[1] / rounds) if rounds else None]


def _by_list(days: list[HeldOut]) -> list[list[Error]]:
    return [[error for error in column if error] for column in zip(*map(_lists_of, days), strict=True)]


def _wins(days: list[HeldOut], what: str) -> str:
    return _won([getattr(one, what) for one in days])


def _won(errors: list[Error]) -> str:
    return f"{sum(ours < same for ours, same in errors)} of {len(errors)} days"


def replayed() -> list[dict[str, Any]]:
    """The rounds of the shipped history, simulated."""
    history = read_scenario("history")
    simulation = make(replace(history, people=replace(history.people, one_in=ONE_IN)), SEED)
    for _ in simulation.run():
        pass
    return simulation.found.rounds


def history_table(rounds: Iterable[Mapping[str, Any]], record: Record) -> str:
    """The table of the replay: by list how far simulated cut-offs are from the published ones, in all and held out."""
    errors: dict[str, list[tuple[bool, int]]] = {}
    for row in rounds:
        if row["cutoff"] is not None:  # else it found nobody
            off = abs(row["cutoff"] - record.round(row["number"]).cutoff)
            errors.setdefault(row["list"], []).append((date.fromisoformat(row["date"]) > TUNED_UNTIL, off))
    heads = ["rounds", "number", "mean", "median", f"after {TUNED_UNTIL:%B %Y}", "mean", "median"]
    known = [name for name in _NAMES if name in errors]
    rows = [
        [
            _NAMES.get(name, name),
            *_spread(off for _, off in errors[name]),
            *_spread(off for new, off in errors[name] if new),
        ]
        for name in (*known, *(name for name in errors if name not in _NAMES))
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in (heads, ["---"] * len(heads), *rows))


def _spread(errors: Iterable[int]) -> list[str]:
    found = list(errors)
    return [str(len(found)), *(f"{of(found):.1f}".removesuffix(".0") if found else "–" for of in (mean, median))]


def shown(page: Path = PAGE) -> str:
    """The table as a page has it."""
    return page.read_text(encoding="utf-8").partition(_START)[2].partition(_END)[0].strip()


def write(made: str, page: Path = PAGE) -> None:
    """Put a table into a page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(_START)
    after = rest.partition(_END)[2]
    page.write_text(f"{before}{_START}\n\n{made}\n\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write(table(held_out(load_record())))
    write(history_table(replayed(), load_record()), HISTORY)
