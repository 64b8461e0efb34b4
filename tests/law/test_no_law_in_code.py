"""Law is data: no date and no number with legal meaning is written in the code that answers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import expressentry

SOURCE = Path(expressentry.__file__).parent
ROOMS = ("factors", "assess", "advise", "rounds", "pool", "simulate")
"""What computes answers; `law` and `noc` read the data, the faces show them."""

EDITIONS = {2016, 2021}
"""The names of the two editions of the NOC; which one is in force on a day is data."""

ALLOWED: dict[str, tuple[set[float], str]] = {
    "advise/dossier": ({2}, "how many steps a report tries together"),
    "advise/moves": (
        {2, 3, 4, 7, 10, 20, 30.4, 31, 37.5, 366},
        "what a step supposes: usual hours, permits, margins of days; the calendar",
    ),
    "advise/moves/kinds": (set(range(2, 10)), "the order in which kinds of steps are shown"),
    "advise/plan": ({2, 3, 4, 5, 6, 100_000, 600_000}, "limits on combinations and on work, and how many are named"),
    "advise/plan/trial": ({20, 30, 60, 400, 1000, 5000}, "what a trial costs, in pieces read, and how many at once"),
    "advise/timeline": (
        {2, 20, 365, 1500, 25_000, 150_000, 200_000, 400_000, 600_000},
        "how many years a timeline covers, usual and most; limits on work; the calendar",
    ),
    "advise/watch": ({2, 60}, "how many days ahead news look; the version of the state"),
    "advise/what_if": ({3, 10, 12, 36}, "the choices that the page offers"),
    "assess/frame": ({2, 8, 10, 13, 16}, "bits of a code, and limits on what is printed"),
    "factors/derive/added": ({12}, "a limit on options tried"),
    "assess/person/readings": ({100, 800}, "what an assessment costs, in pieces read"),
    "factors/derive/combine": ({2, 4, 32, 40, 128, 8_000}, "limits on combinations, and what one costs"),
    "factors/derive/days": ({2, 8, 128, 400_000}, "limits on ways of counting"),
    "factors/derive/least_most": (
        {12, 1830, 1999, 2096},
        "the calendar: years and months, and the spans of leap years",
    ),
    "factors/derive/family": ({120}, "no age above is believed; the domain of the column"),
    "factors/derive/crossing": ({3, 12, 28}, "the calendar: lengths of months"),
    "factors/derive/horizon": ({2, 3, 29, 2024}, "the calendar: leap days"),
    "factors/derive/jobs": ({2, 4, 5}, "skill levels of the NOC 2016 as levels of the NOC 2021"),
    "factors/derive/language": ({2, 10, 16}, "the top of every chart, and a limit on choices"),
    "factors/derive/ledger": ({3, 4, 6, 7, 12, 28, 100, 365, 2200}, "the calendar, and hundredths of an hour"),
    "factors/derive/offers": ({12, 60}, "months of a year; the domain of the column"),
    "factors/derive/trade": ({3, 4}, "digits of a minor group of the NOC"),
    "factors/months": ({2, 4, 64}, "bits of a number"),
    "factors/streams": ({2, 3}, "years of a program by its level, and how many programs are two"),
    "factors/table": ({10}, "a limit on what is printed"),
    "pool/acts": (
        {9, 10, 16, 25, 50, 64, 120, 200, 500, 2000, 20_000, 40_000, 1_000_000},
        "limits, batches and lengths of digests",
    ),
    "pool/acts/compare": ({2, 3, 1000}, "where keys stand in rows, and how many differences are told"),
    "pool/acts/kinds": ({2, 4, 31, 63, 1200}, "the domains of the columns, and the length of a row"),
    "pool/ops": ({2, 3, 5, 10, 20, 60, 64, 1000, 4096}, "times, lengths and batches of operations"),
    "pool/server": (
        set(range(2, 65)) | {100, 120, 384, 448, 493, 4096, 5432, 10_000, 60_000, 100_000, 10_000_000},
        "times, modes, lengths, a port",
    ),
    "pool/store": ({2, 3, 8, 9, 10, 20, 30, 50, 300, 900, 5000, 100_000}, "tries, batches, limits and seconds"),
    "rounds/feed": (set(range(300, 602)) | {1200, 20_000_000}, "the bands in which the pool is published; limits"),
    "rounds/fetch": (set(range(200, 309)) | {3, 15, 32, 60, 4_294_967_295}, "HTTP, packing, time limits and addresses"),
    "rounds/parse_values": ({2, 3, 12}, "the clock of published times"),
    "rounds/position": ({10, 100, 1000}, "percentages to a tenth"),
    "rounds/province_form": ({10, 500, 20_000, 1_000_000, 5_000_000}, "the domains of a file's columns; limits"),
    "rounds/ranking": ({2}, "the columns of a frame"),
    "rounds/replay": ({600_000}, "a limit on work"),
    "rounds/updates": ({2000, 200_000_000}, "limits on what is kept"),
    "rounds/record": ({1200}, "the highest total that the record believes"),
    "simulate/arrivals": ({6}, "how many months give the rate of those that are not known"),
    "simulate/calibrate": (
        {2, 2.5, 6, 8.0, 12, 60, 365.25, 800},
        "prices, sweeps and digits of raking; days; the calendar",
    ),
    "simulate/compare/ahead": ({2, 16, 100}, "the size and the seeds of what is shipped; lengths of digests"),
    "simulate/compare/record": ({100}, "percentages"),
    "simulate/compare/runs": ({1.5, 2.0}, "by how much the other calibrations differ"),
    "simulate/data": ({2, 3}, "lengths of rows"),
    "simulate/facts": ({12, 32}, "months of a year, and more than the days of a month"),
    "simulate/population": (
        {2, 12, 18, 20, 24, 30.436875, 365.2425, 10_000, 5_000_000, 86_400_000_000},
        "the calendar, batches, and what a drawn life assumes",
    ),
    "simulate/run": (
        {2, 3, 5, 7, 8, 10, 12, 13, 20, 28, 30, 32, 720, 1000, 1850, 1970, 2250, 20_000, 60_000, 100_000, 1_000_000}
        | {86_400_000_000, 0xFFFFFFFF},
        "the calendar, packed numbers, sizes of draws",
    ),
    "simulate/run/folder": ({100_000_000}, "a limit on bytes"),
    "simulate/run/groups": ({5, 7, 9, 25, 30, 35, 40, 45}, "the groups of people that a comparison shows"),
    "simulate/run/resume": ({20, 64}, "a limit on bytes"),
    "simulate/run/score": ({92}, "how many days are scored ahead"),
    "simulate/run/state": (set(range(2, 9)), "the states of a person"),
    "simulate/run/tune": ({2.0, 4.0, 7, 12, 20, 100, 200.0}, "weeks, percent, steps and bounds of the search"),
    "simulate/scenario/read": (
        {2, 10, 12, 100, 366, 600, 1000, 1200, 10_000, 5_000_000},
        "the domains of a scenario's keys",
    ),
    "simulate/table": (
        {60, 1200, 1900, 2100, 5_000_000},
        "the domains of a population's columns, and a limit on people",
    ),
    "simulate/synthesis": ({4, 20_000}, "the size of the first draw, and digits"),
}
"""Numbers that are no law, by the file or folder that has them, each with its reason."""

CALENDAR = {"date(1970, 1, 1)", "date(2024, 2, 29)", "date(2200, 1, 1)", "date(1999, 1, 1)", "date(2096, 1, 1)"}
"""Days that are no law: the first of a machine's count, a leap day, the last day believed, the ends of spans."""

_TECHNICAL = ("timedelta", "round", "split", "rsplit", "ljust", "rjust", "zfill", "sleep", "wait", "Field", "lru_cache")


def files() -> list[Path]:
    """Every module of the rooms."""
    return [file for room in ROOMS for file in sorted((SOURCE / room).rglob("*.py"))]


def numbers_of(tree: ast.AST) -> Iterator[tuple[float, int]]:
    """Numbers above one, but for positions in sequences and arguments of technical calls."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            skipped |= {id(inner) for inner in ast.walk(node.slice)}
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in _TECHNICAL:
                skipped |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and id(node) not in skipped:
            yield from ((node.value, node.lineno),) if abs(node.value) > 1 else ()


def allowed(name: str) -> set[float]:
    """What the list allows a file: its own entry, and that of the folders around it."""
    found = set[float](EDITIONS)
    for prefix, (values, _) in ALLOWED.items():
        if name == prefix or name.startswith(f"{prefix}/"):
            found |= values
    return found


@pytest.mark.parametrize("file", files(), ids=lambda file: str(file.relative_to(SOURCE)))
def test_no_number_and_no_day_of_the_law(file: Path) -> None:
    """A number that no reason allows, or a day of the calendar other than a leap day, belongs into the data."""
    name = str(file.relative_to(SOURCE).with_suffix(""))
    tree = ast.parse(file.read_text(encoding="utf-8"))
    strange = [(value, line) for value, line in numbers_of(tree) if value not in allowed(name)]
    days = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("date", "datetime")
        and node.args
        and all(isinstance(one, ast.Constant) for one in node.args)
    ]

    assert strange == []
    assert set(days) <= CALENDAR


def test_every_reason_is_still_needed() -> None:
    """An entry of the list that no file uses any more is removed from it."""
    names = [str(file.relative_to(SOURCE).with_suffix("")) for file in files()]

    assert all(any(name == key or name.startswith(f"{key}/") for name in names) for key in ALLOWED)
    assert all(reason for _, reason in ALLOWED.values())


def test_it_would_fail() -> None:
    """What the test looks for is found where it is."""
    tree = ast.parse("if age < 18 and on >= date(2017, 10, 24): years = 2")

    assert {value for value, _ in numbers_of(tree)} == {18, 2017, 10, 24, 2}
