"""Every doubt of the code is in the table of `docs/explanation/people.md`, with readings, authority and day."""

from __future__ import annotations

import ast
import re
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/people.md").read_text("utf-8")
TABLE = PAGE.partition("## Every doubt, with its authority")[2]
ROWS = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in TABLE.splitlines() if line[:2] == "| "]


MAKERS = ("Doubt", "law_doubt")


def ids() -> set[str]:
    """What the code calls its doubts; of those of one entry the words before the colon."""
    found = set()
    for path in sorted((ROOT / "src/expressentry/factors/derive").glob("*.py")):
        constants = vars(import_module(f"expressentry.factors.derive.{path.stem}"))
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MAKERS and call.args:
                first = call.args[0]
                first = first.values[0] if isinstance(first, ast.JoinedStr) else first
                name = first.value if isinstance(first, ast.Constant) else constants.get(getattr(first, "id", ""))
                if isinstance(name, str) and name:
                    found.add(name.partition(":")[0])
    return found


def test_the_code_is_read() -> None:
    """Doubts are found where they are made, else the table could lack any."""
    assert len(ids()) > 15


@pytest.mark.parametrize("id_", sorted(ids()))
def test_every_doubt_is_in_the_table(id_: str) -> None:
    """By its name."""
    assert any(re.match(rf"`{id_}(:[^`]*)?`", row[0]) for row in ROWS), id_


@pytest.mark.parametrize("row", ROWS[1:], ids=lambda row: row[0][:40])
def test_every_row_is_whole(row: tuple[str, ...]) -> None:
    """Readings, authority, and which text was read, on a day that is not of the future of the page."""
    _, readings, authority, read = row

    assert len(readings) > 3
    assert len(authority) > 10
    day, _, text = read.partition(": ")
    assert date(2026, 8, 1) <= date.fromisoformat(day) <= date(2027, 12, 31)
    assert len(text) > 3


@pytest.mark.parametrize("id_", sorted(ids()))
def test_every_doubt_says_which_reading_is_the_worst(id_: str) -> None:
    """But those whose readings are as many as the law or the codes have, and permits, which harm and help."""
    (row,) = (row for row in ROWS if re.match(rf"`{id_}(:[^`]*)?`", row[0]))

    assert "worst" in row[1] or id_ in ("noc", "permit", "added")
