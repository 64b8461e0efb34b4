"""One odd client never ends a batch: the others go on, and the odd one is told."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest

from expressentry.cli import run
from expressentry.documents import MOST_LEVELS, OutOfBoundsError, load_json, load_toml
from expressentry.errors import FileError, LawError
from expressentry.law.load import load_law
from expressentry.profile.clients import list_clients
from expressentry.profile.read import read_document

ROOT = Path(__file__).parents[2]
ON = ["--on", "2026-10-01"]
SOUND: dict[str, object] = {
    "age": 29,
    "accompanied": False,
    "education": "masters",
    "canadian_work_years": 0,
    "foreign_work_years": 3,
    "certificate_of_qualification": False,
    "canadian_study": "none",
    "sibling_in_canada": False,
    "provincial_nomination": False,
}
DEEP, LONG = 5000, "7" * 5000

pytestmark = pytest.mark.usefixtures("place")

ODD_LINES = {
    "levels": '{"age": ' + "[" * DEEP + "]" * DEEP + "}",
    "levels_within_the_parser": '{"client": "x", "age": ' + "[" * 200 + "]" * 200 + "}",
    "digits": '{"age": ' + LONG + "}",
    "digits_below_zero": '{"age": -' + "7" * 20 + "}",
    "infinity": '{"age": 1e999}',
    "nan": '{"age": NaN}',
    "half": '{"client": "x\\ud800", "age": 29}',
    "half_key": '{"\\udfff": 1, "age": 29}',
    "name": '{"client": "' + "n" * 400 + '", "age": 29}',
    "name_of_digits": '{"client": ' + LONG + ', "age": 29}',
    "no_object": "[1]",
    "text": "{",
}


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table that was written."""
    return list(csv.DictReader(io.StringIO(path.read_text())))


@pytest.mark.parametrize("odd", ODD_LINES)
def test_line(odd: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line of NDJSON that cannot be taken is a row with its reason; those around it have their scores."""
    sound = json.dumps(SOUND)
    (place / "c.ndjson").write_text(f"{sound}\n{ODD_LINES[odd]}\n{sound}\n")
    assert run(["assess", "c.ndjson", "--out", "out.csv", *ON]) == 1

    found = rows(place / "out.csv")
    assert [bool(row["crs"]) for row in found] == [True, False, True]
    assert found[1]["problems"]
    assert capsys.readouterr().err.startswith("2: ")


@pytest.mark.parametrize("cell", ["x" * 140_000, LONG, "-" + LONG, "n" * 400 + "|", "٣" * 30])
def test_cell(cell: str, place: Path) -> None:
    """A cell of CSV beyond the library's own limit, or a number of many figures, is one client's problem."""
    name, bar, _ = cell.partition("|")
    rest = ",".join(str(value) for key, value in SOUND.items() if key != "age")
    row = f"{name},29,{rest}" if bar else f"b,{cell},{rest}"
    (place / "c.csv").write_text(f"client,{','.join(SOUND)}\na,29,{rest}\n{row}\nc,29,{rest}\n")
    assert run(["assess", "c.csv", "--out", "out.csv", *ON]) == 1
    found = rows(place / "out.csv")
    assert [bool(row["crs"]) for row in found] == [True, False, True]


def test_reports(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name as long as the system takes names a report; an odd file is told; the summary is there."""
    folder = place / "clients"
    folder.mkdir()
    sound = (ROOT / "examples/people/engineer.toml").read_text()
    (folder / ("é" * 120 + ".toml")).write_text(sound)
    (folder / "deep.json").write_text(ODD_LINES["levels"])
    (folder / "digits.toml").write_text(f"age = {LONG}\n")
    os.mkfifo(folder / "pipe.toml")
    (place / "rows.ndjson").write_text(ODD_LINES["name"] + "\n")
    monkeypatch.setattr("expressentry.present.report.report_pdf", lambda *_: b"%PDF")
    assert run(["report", "clients", "rows.ndjson", "--out", "out", "--jobs", "1", *ON]) == 1

    found = rows(place / "out/summary.csv")
    assert [bool(row["report"]) for row in found] == [False, False, True, False]
    assert (place / "out" / found[2]["report"]).read_bytes() == b"%PDF"


def test_unforeseen(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What nobody foresaw is one client's too, and its message, which could repeat the file, is not shown."""
    (place / "c.ndjson").write_text(f"{json.dumps(SOUND)}\n" * 2)
    calls = iter([ValueError("born 1993-04-12"), None])
    import expressentry.cli.commands.batch as batch

    assess = batch.__dict__["assess"]

    def odd(*given: object) -> object:
        if (error := next(calls)) is not None:
            raise error
        return assess(*given)

    monkeypatch.setattr(batch, "assess", odd)
    assert run(["assess", "c.ndjson", *ON]) == 1
    told = capsys.readouterr()
    assert "could not be worked out (ValueError)" in told.err
    assert "1993" not in told.err
    assert "clients 2, done 1, failed 1" in told.out


class TestBounds:
    """One reader for all that people write."""

    @pytest.mark.parametrize("text", [*ODD_LINES.values()][:8])
    def test_json(self, text: str) -> None:
        """JSON that no program needs is refused with what is wrong."""
        with pytest.raises(OutOfBoundsError):
            load_json(text)

    @pytest.mark.parametrize("value", [LONG, "[" * DEEP, "[" * 60 + "]" * 60, "nan", "-inf", "9" * 19, "{a=" * 200])
    def test_toml(self, value: str) -> None:
        """So is TOML; what is cut besides may be told as that."""
        with pytest.raises(ValueError, match=r"."):
            load_toml(f"x = {value}")

    def test_as_many_levels_as_allowed(self) -> None:
        """The bound is the last that is taken."""
        load_json("[" * MOST_LEVELS + "]" * MOST_LEVELS)
        with pytest.raises(OutOfBoundsError):
            load_json("[" * (MOST_LEVELS + 1) + "]" * (MOST_LEVELS + 1))

    @pytest.mark.parametrize("name", ["p.toml", "p.json", "law.toml", "feed.json"])
    @pytest.mark.parametrize("text", ["x", "levels", "digits"])
    def test_every_file(self, name: str, text: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Profile, law and feed: an error of ours with the file, never a traceback."""
        value = {"x": "]", "levels": "[" * DEEP, "digits": LONG}[text]
        path = place / name
        path.write_text(f"x = {value}" if name.endswith("toml") else f'{{"rounds": {value}}}')
        command = {"law.toml": ["law", "check", name], "feed.json": ["rounds", "update", name]}.get(
            name, ["assess", name]
        )
        assert run(command) == 1
        assert capsys.readouterr().err

    @pytest.mark.parametrize("command", [["assess"], ["profile", "check"], ["law", "check"], ["rounds", "update"]])
    @pytest.mark.parametrize("name", ["pipe.toml", "/dev/zero", "large.toml"])
    def test_no_file_at_all(
        self, command: list[str], name: str, place: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A pipe is not waited for, a device not read to its end, a file too large not held."""
        os.mkfifo(place / "pipe.toml")
        with (place / "large.toml").open("wb") as file:
            file.truncate(30_000_000)
        assert run([*command, name]) in (1, 2)
        told = capsys.readouterr().err
        assert "not a file" in told or "larger than" in told or "finishing in" in told or "bytes" in told

    def test_law_file(self, place: Path) -> None:
        """A law file is bounded like a profile, and says which file it is."""
        (place / "law.toml").write_text(f"id = {LONG}\n")
        with pytest.raises(LawError, match=r"law\.toml: a number of more than 18 figures"):
            load_law("law.toml")

    def test_names_that_no_system_takes(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A name of 400 letters, or with a NUL, is a file that is not there."""
        for name in ("a" * 400 + ".toml", "a" * 400):
            assert run(["assess", name, *ON]) == 1
        with pytest.raises(FileError):
            read_document(Path("a\0.toml"))

    def test_name_that_is_no_text(self, place: Path) -> None:
        """A file whose name is no UTF-8 has a name that can be written."""
        folder = place / "clients"
        folder.mkdir()
        (folder / os.fsdecode(b"zo\xe9.toml")).write_text("age = 29")
        assert [client.name for client in list_clients(folder)] == ["zo\\udce9"]
