"""Repeat the held-out dates of the simulator and renew their table in `explanation/simulation.md`.

Half a minute of processor time. `pytest -m long tests/simulate/test_held_out.py` compares the table with a new run.

    python docs/held_out.py
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from expressentry.rounds.load import load_record
from expressentry.simulate.run.held_out import Error, HeldOut, held_out

PAGE = Path(__file__).parent / "explanation/simulation.md"
_START, _END = "<!-- table, made by python docs/held_out.py -->", "<!-- end of the table -->"
_LISTS = {"cec": "CEC", "french": "French", "healthcare": "health care", "pnp": "nominees"}
_OTHER = "other lists"


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


def shown() -> str:
    """The table as the page has it."""
    return PAGE.read_text(encoding="utf-8").partition(_START)[2].partition(_END)[0].strip()


def write(made: str) -> None:
    """Put a table into the page."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(_START)
    after = rest.partition(_END)[2]
    PAGE.write_text(f"{before}{_START}\n\n{made}\n\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write(table(held_out(load_record())))
