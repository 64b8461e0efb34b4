"""Cells of CSV: shown by every spreadsheet, worked out by none, and read back as what they were."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expressentry.cli import run
from expressentry.documents import cell_text, is_formula, text_cell
from expressentry.present.tables import comma_separated, write_table
from expressentry.profile.clients import list_clients

DAY = date(2026, 10, 1)
FORMULAS = [
    "=cmd|'/C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "'=1",
    "=",
    "-",
    "+1 613 555",
]
PLAIN = ["-5", "+12.50", "a=1", "'", "'a", "", " =1", "007", "1-2"]
TEXT = st.text(st.one_of(st.sampled_from("=+-@'\t\r\n＝;,\"0"), st.characters()), max_size=12)


def read(text: str) -> list[list[str]]:
    """A table as a spreadsheet opens it."""
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("cell", FORMULAS)
def test_formula(cell: str) -> None:
    """What a spreadsheet would run begins with an apostrophe, which it does not show; `raw` leaves it."""
    assert read(comma_separated([{cell: cell}], [cell])) == [[f"'{cell}"]] * 2
    assert read(comma_separated([{"a": cell}], ["a"], raw=True))[1] == [cell]


@pytest.mark.parametrize("cell", PLAIN)
def test_plain(cell: str) -> None:
    """Everything else is as it was, numbers too."""
    assert text_cell(cell) == cell
    assert read(comma_separated([{"a": -5, "b": 0.5, "c": True, "d": "-5"}], list("abcd")))[1] == [
        "-5",
        "0.5",
        "true",
        "-5",
    ]


@given(TEXT)
def test_any_text(text: str) -> None:
    """No text becomes a formula, and each is read back; half a character, which no file can have, is replaced."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    written = comma_separated([{"a": text, "b": 1}], ["a", "b"])
    cell = read(written.encode().decode())[1][0]
    assert not is_formula(cell) or cell.startswith("'")
    if whole == text:
        assert cell_text(cell) == text


def test_our_own_table_is_read_back(tmp_path: Path) -> None:
    """A table that we wrote names its clients as they were."""
    names = [name for name in FORMULAS + PLAIN if name]
    path = tmp_path / "t.csv"
    write_table([{"client": name, "age": 29} for name in names], ["client", "age"], path, DAY)
    assert [client.name for client in list_clients(path)] == names


@pytest.mark.parametrize("raw", [True, False])
def test_commands(raw: bool, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Files and answers in CSV, with and without `--raw-cells`; a run does not remember what another asked for."""
    more = ["--raw-cells"] if raw else []
    (place / "c.ndjson").write_text(json.dumps({"client": FORMULAS[0], "age": 1}) + "\n")
    run(["assess", "c.ndjson", "--out", "t.csv", "--on", "2026-10-01", *more])
    assert read((place / "t.csv").read_text())[1][0] == ("" if raw else "'") + FORMULAS[0]
    row = {"drawNumber": "900", "drawDate": "2026-11-20", "drawName": FORMULAS[0], "drawSize": "1", "drawCRS": "515"}
    (place / "feed.json").write_text(json.dumps({"rounds": [row]}))
    run(["rounds", "update", "feed.json", "--on", "2026-11-28"])
    capsys.readouterr()
    run(["rounds", "list", "--format", "csv", *more])
    assert (f",'{FORMULAS[0]}," in capsys.readouterr().out) is not raw
