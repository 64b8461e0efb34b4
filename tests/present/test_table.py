"""Tables in a terminal of any width: nothing is lost, no key is cut, and what does not fit becomes a list."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from expressentry.present.text.console import table

WORDS = st.lists(st.text("abcdefgh-é", min_size=1, max_size=24), max_size=6).map(" ".join)
ROWS = st.integers(1, 8).flatmap(lambda wide: st.lists(st.lists(WORDS, min_size=wide, max_size=wide), max_size=4))
STREAMS = [
    ["ab-aees-priority", "Alberta Express Entry Stream, priority sectors", "open", "2024-09-30", "–", "three sources"],
    ["sk-ee", "International Skilled Worker: Saskatchewan Express Entry", "paused", "2026-06-20", "60", "official"],
]
HEADINGS = ["stream", "name", "status", "since", "points needed", "source"]


def drawn(headings: list[str], rows: list[list[str]], width: int, right: tuple[int, ...] = ()) -> list[str]:
    """The lines of a table in a terminal of so many columns."""
    console = Console(file=StringIO(), width=width, color_system=None, markup=False, highlight=False)
    with console.capture() as captured:
        console.print(table(headings, rows, right))
    return captured.get().split("\n")[:-1]


@given(rows=ROWS, width=st.integers(24, 160))
def test_nothing_is_lost(rows: list[list[str]], width: int) -> None:
    """Every letter of every cell is there at any width, and no line is longer than the terminal."""
    lines = drawn([f"h{n}" for n, _ in enumerate(rows[0] if rows else [""])], rows, width)

    assert all(len(line) <= width for line in lines)
    kept = "".join(sorted("".join(lines).replace(" ", "")))
    for letter in "abcdefg-é":  # h is in the headings too
        assert kept.count(letter) == sum(cell.count(letter) for row in rows for cell in row)


@pytest.mark.parametrize("width", range(24, 120, 4))
def test_keys_and_days_are_whole(width: int) -> None:
    """What one would copy or read as one is never cut: it stands on one line."""
    text = "\n".join(drawn(HEADINGS, STREAMS, width, right=(4,)))

    for row in STREAMS:
        assert row[0] in text
        assert row[3] in text


def test_a_table_where_it_fits() -> None:
    """At 80 columns it is a table with its headings once; at 40 each cell has its heading."""
    wide, narrow = drawn(HEADINGS, STREAMS, 80), drawn(HEADINGS, STREAMS, 40)

    assert sum("stream" in line for line in wide) == 1
    assert narrow[0] == "stream: ab-aees-priority"
    assert narrow.count("") == 1
    assert narrow[narrow.index("") + 1] == "stream: sk-ee"


def test_a_wide_terminal_wraps_nothing() -> None:
    """Where there is room a row is a line, with two spaces between the columns."""
    rows = [HEADINGS, *STREAMS]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(wide) for cell, wide in zip(row, widths, strict=True)) for row in rows]
    assert [line.rstrip() for line in drawn(HEADINGS, STREAMS, 200)] == [line.rstrip() for line in lines]
