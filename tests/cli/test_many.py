"""Lists of people on every core: the same answers as one by one, and no odd one holds the others."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import expressentry.answers.dated as dated
import expressentry.cli.commands.batch as batch
import expressentry.cli.commands.score_profiles as score_profiles
from expressentry import assess_profile, load_law, read_profile, score_frame
from expressentry.cli import run
from expressentry.processes import in_order as module
from expressentry.profile.read import read_document

ROOT = Path(__file__).parents[2]
DAY = date(2026, 10, 1)
ON = ["--on", "2026-10-01"]
PEOPLE = {path.stem: read_document(path) for path in sorted((ROOT / "examples/people").glob("*.toml"))}
WRONG = ["{", "[1]", '{"age": 29}', '{"person": {"birth_date": "1993-02-30"}}']


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the examples."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    return tmp_path


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """With two jobs, no work is done in this process."""
    monkeypatch.setattr(module, "_can_be_stopped", lambda: False)


def lines() -> str:
    """The examples as lines."""
    return "".join(json.dumps({"client": name, **facts}, default=str) + "\n" for name, facts in PEOPLE.items())


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def never(odd: Callable[[Any], bool], work: Callable[..., Any]) -> Callable[..., Any]:
    """The same work, which for odd ones has no end."""

    def done(*given: Any) -> Any:
        while odd(given[0]):
            time.sleep(0.01)
        return work(*given)

    return done


class TestScore:
    """`score` of a table of profiles."""

    WISHES = ("--sections", "--programs", "--categories")

    def test_rows(self, place: Path) -> None:
        """Each row is what `assess` says, and its factors, scored as a table, give the same again."""
        (place / "p.ndjson").write_text(lines(), encoding="utf-8")
        assert run(["score", "p.ndjson", "--out", "o.ndjson", *self.WISHES, *ON]) == 0
        found = rows(place / "o.ndjson")
        law = load_law()
        factors = list(law.on(DAY).asked(programs=True, categories=True).inputs)
        table = pl.read_ndjson(place / "o.ndjson", infer_schema_length=None).select(factors)
        scored = score_frame(table, DAY, sections=True, programs=True, categories=True)

        assert [row["client"] for row in found] == list(PEOPLE)
        assert any(row["crs"] is None for row in found)
        for row, again in zip(found, scored.iter_rows(named=True), strict=True):
            told = assess_profile(read_profile(PEOPLE[row["client"]], law), DAY, law)
            names = [*told.programs, *(f"category_{name}" for name in told.categories)]
            assert (row["crs"], row["crs_low"], row["crs_high"]) == (told.total, told.totals[0], told.totals[-1])
            assert [row[name] for name in names] == [*told.programs.values(), *told.categories.values()]
            if row["crs"] is not None:
                same = ("crs", "core", "partner", "transferability", "additional", "first_language_used", *names)
                assert [row[name] for name in same] == [again[name] for name in same]

    def test_formats(self, place: Path) -> None:
        """CSV and Parquet have the same rows."""
        (place / "p.ndjson").write_text(lines(), encoding="utf-8")
        for ending in ("ndjson", "csv", "parquet"):
            assert run(["score", "p.ndjson", "--out", f"o.{ending}", *self.WISHES, *ON]) == 0
        expected = rows(place / "o.ndjson")
        written = (place / "o.csv").read_text(encoding="utf-8").splitlines()
        table = [dict(row) for row in csv.DictReader(written)]

        assert pl.read_parquet(place / "o.parquet").to_dicts() == expected
        assert list(table[0]) == list(expected[0])
        assert [row["crs"] for row in table] == ["" if row["crs"] is None else str(row["crs"]) for row in expected]
        assert {row["category_months"] for row in table} >= {"70010:36:36:0"}

    def test_one_wrong_line(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Wrong lines go to the rejects with their number, and the others are scored; without rejects, nothing is."""
        told = lines().splitlines()
        mixed = [told[0], *WRONG[:2], told[1], *WRONG[2:], *told[2:]]
        (place / "p.ndjson").write_text("\ufeff" + "\n\n".join(mixed), encoding="utf-8")
        assert run(["score", "p.ndjson", "--out", "o.ndjson", "--rejects", "r.csv", *ON]) == 0
        assert "rows read 9, scored 5 on the grid of 25 March 2025, rejected 4" in capsys.readouterr().out
        rejects = list(csv.DictReader((place / "r.csv").read_text(encoding="utf-8").splitlines()))
        assert [row["client"] for row in rows(place / "o.ndjson")] == list(PEOPLE)
        assert {row["row"] for row in rejects} == {"2", "3", "5", "6"}
        assert "person.birth_date" in {row["column"] for row in rejects}
        (place / "o.ndjson").unlink()
        assert run(["score", "p.ndjson", "--out", "o.ndjson", *ON]) == 1
        assert "row 2" in capsys.readouterr().err
        assert [path.name for path in place.iterdir() if path.name.startswith(("o", "."))] == []

    @pytest.mark.usefixtures("elsewhere")
    def test_processes(self, place: Path) -> None:
        """In other processes the bytes are the same."""
        told = lines().splitlines()
        (place / "p.ndjson").write_text("\n".join([*told, WRONG[3], *told] * 4), encoding="utf-8")
        for jobs in ("1", "2"):
            more = ["--rejects", f"r{jobs}.ndjson", "--jobs", jobs, "--lang", "fr"]
            assert run(["score", "p.ndjson", "--out", f"o{jobs}.ndjson", *more, *ON]) == 0

        assert (place / "o1.ndjson").read_bytes() == (place / "o2.ndjson").read_bytes()
        assert (place / "r1.ndjson").read_bytes() == (place / "r2.ndjson").read_bytes()
        assert len(rows(place / "o2.ndjson")) == 40
        assert {row["row"] for row in rows(place / "r2.ndjson")} == {6, 17, 28, 39}

    def test_bounds(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A line that is too long, and a person who takes too long, are rejects like the others."""
        monkeypatch.setattr(score_profiles, "MOST_BYTES", 20_000)
        slow = PEOPLE["nurse"]["person"]["birth_date"]
        work = never(lambda profile: profile.person.birth_date == slow, dated.__dict__["assess_profile"])
        monkeypatch.setattr(dated, "assess_profile", work)
        told = lines().splitlines()
        long = told[0][:-1] + ', "note": "' + "x" * 50_000 + '"}'
        (place / "p.ndjson").write_text("\n".join([told[0], long, *told[1:]]), encoding="utf-8")
        more = ["--rejects", "r.ndjson", "--jobs", "1", "--most-seconds", "0.5"]
        assert run(["score", "p.ndjson", "--out", "o.ndjson", *more, *ON]) == 0
        rejects = {row["row"]: row["rule"] for row in rows(place / "r.ndjson")}

        assert rejects == {2: "a line of more than 20000 bytes", 6: "takes longer than 0.5 seconds"}
        assert [row["client"] for row in rows(place / "o.ndjson")] == [name for name in PEOPLE if name != "nurse"]

    def test_options_of_profiles(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Processes and seconds are refused for a table of factors, which is scored all at once."""
        assert run(["score", "examples/people.csv", "--out", "o.csv", "--jobs", "2", *ON]) == 2
        assert "jobs: for a table of profiles" in capsys.readouterr().err


class TestOthers:
    """`assess`, `changes` and `watch` of several people."""

    COMMANDS = (
        ("assess", "c", "--out", "o.ndjson", "--format", "json"),
        ("changes", "c", "--law", "crs-2020-10-20", "crs-2025-03-25", "--all"),
        ("changes", "c", "--law", "2025-01-01", "2026-10-01", "--format", "json", "--lang", "fr"),
        ("watch", "c", "--since", "s.json", "--format", "json"),
    )

    @pytest.mark.usefixtures("elsewhere")
    @pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
    def test_processes(self, command: Sequence[str], place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """In other processes answers and status are the same, and a wrong file is told beside the others."""
        (place / "c").mkdir()
        for path in (ROOT / "examples/people").glob("*.toml"):
            (place / "c" / path.name).write_bytes(path.read_bytes())
        (place / "c/wrong.json").write_text('{"person": {}}')
        found = []
        for jobs in ("1", "2"):
            (place / "s.json").unlink(missing_ok=True)
            status = run([*command, "--jobs", jobs, *ON])
            found.append((status, *capsys.readouterr()))

        assert found[0] == found[1]
        assert found[0][0] == 1
        assert "wrong" in found[0][2]

    def test_late(self, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """One who takes too long is a row that says so."""
        facts = read_document(ROOT / "examples/engineer.toml")
        (place / "c.ndjson").write_text("".join(json.dumps({**facts, "age": age}) + "\n" for age in (28, 29, 30)))
        monkeypatch.setattr(batch, "assess", never(lambda facts: facts["age"] == 29, batch.__dict__["assess"]))
        assert run(["assess", "c.ndjson", "--out", "o.ndjson", "--most-seconds", "0.3", "--jobs", "1", *ON]) == 1
        found = rows(place / "o.ndjson")

        assert [row["problems"] is None for row in found] == [True, False, True]
        assert "takes longer than 0.3 seconds" in capsys.readouterr().err
        assert run(["assess", "c.ndjson", "--most-seconds", "0.3", "--jobs", "1", "--lang", "fr", *ON]) == 1
        assert "prend plus de 0.3 secondes" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "wrong", [["--jobs", "0"], ["--jobs", "x"], ["--most-seconds", "0"], ["--most-seconds", "inf"]]
    )
    def test_misuse(self, wrong: list[str], place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """No process and no time are misuse."""
        assert run(["assess", "examples/people", *wrong, *ON]) == 2
        assert wrong[0].lstrip("-") in capsys.readouterr().err
