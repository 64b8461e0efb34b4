"""`score`: files of every format, whole or not at all, accepted + rejected = read."""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry import FactorsError, FileError, UsageError, load_law, score_file, score_frame
from expressentry.factors.table import dollars, truth
from expressentry.money import parse_dollars
from expressentry.text import YES_NO
from tests.people import ALONE, people, table
from tests.reference import score

DAY = date(2026, 10, 1)
GRID = load_law().on(DAY).crs
WRITE: dict[str, Any] = {
    ".csv": pl.DataFrame.write_csv,
    ".parquet": pl.DataFrame.write_parquet,
    ".ndjson": pl.DataFrame.write_ndjson,
    ".jsonl": pl.DataFrame.write_ndjson,
    ".arrow": pl.DataFrame.write_ipc,
    ".ipc": pl.DataFrame.write_ipc,
    ".feather": pl.DataFrame.write_ipc,
}
READ: dict[str, Any] = {
    ".csv": lambda path: pl.read_csv(path, infer_schema=False),
    ".parquet": pl.read_parquet,
    ".ndjson": pl.read_ndjson,
    ".jsonl": pl.read_ndjson,
    ".arrow": pl.read_ipc,
    ".ipc": pl.read_ipc,
    ".feather": pl.read_ipc,
}
AS_TYPED = ["25000", "25,000", "$25,000", "25 000 $", "true", "Oui", "NO", "vrai", "o", "1", "", "-5", "+5", "1e5"]
USUAL = {name: value for name, value in ALONE.items() if name != "job_offer"}


def one_dollars(text: str) -> int | None:
    """One amount, None where it is none."""
    try:
        return parse_dollars(text)
    except ValueError:
        return None


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows to a file of the format of its ending."""
    WRITE[path.suffix](pl.DataFrame(rows, infer_schema_length=None), path)
    return path


def read(path: Path) -> pl.DataFrame:
    """Read a file of the format of its ending; CSV as text."""
    frame: pl.DataFrame = READ[path.suffix](path)
    return frame


def left_over(folder: Path) -> list[str]:
    """Temporary files that were left behind."""
    return [path.name for path in folder.iterdir() if path.name.endswith(".part")]


class TestFormats:
    """CSV, Parquet, NDJSON and Arrow IPC, in and out."""

    @pytest.mark.parametrize("ending", list(WRITE))
    def test_in_and_out(self, tmp_path: Path, ending: str) -> None:
        """Every format gives the scores of the independent calculator, in the order of the rows."""
        everyone = people(500, seed=3)
        frame = table(everyone, GRID)
        WRITE[ending](frame, tmp_path / f"in{ending}")
        found = score_file(tmp_path / f"in{ending}", tmp_path / f"out{ending}", DAY, sections=True)
        out = read(tmp_path / f"out{ending}")

        assert (found.read, found.accepted, found.rejected) == (500, 500, 0)
        added = ["crs", "core", "partner", "transferability", "additional", "first_language_used", "rule_set"]
        assert out.columns == [*frame.columns, *added]
        assert [int(n) for n in out["crs"]] == [score(one, "2025-03-25")["crs"] for one in everyone]
        assert out["rule_set"].unique().to_list() == ["crs-2025-03-25"]
        if ending != ".csv":
            assert out.select(frame.columns).equals(frame)

    def test_across_formats(self, tmp_path: Path) -> None:
        """The output's ending tells its format, whatever the input's."""
        score_file(write(tmp_path / "in.ndjson", [USUAL]), tmp_path / "out.parquet", DAY)

        assert pl.read_parquet(tmp_path / "out.parquet")["crs"].to_list() == [469]

    def test_unlisted_columns_travel_untouched(self, tmp_path: Path) -> None:
        """007 stays 007, spaces, quotes, accents and emptiness too."""
        travelling = {
            "id": ["007", "1.50", ""],
            "note": ["a, b", ' "é" ', "ligne\nsuivante"],
            "when": ["2024-01-01", "1e5", "NaN"],
        }
        frame = pl.DataFrame([USUAL] * 3).with_columns(**{k: pl.Series(v) for k, v in travelling.items()})
        frame.write_csv(tmp_path / "in.csv")
        score_file(tmp_path / "in.csv", tmp_path / "out.csv", DAY)
        with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))

        assert {name: [row[name] for row in rows] for name in travelling} == travelling

    @pytest.mark.parametrize(
        ("spelling", "kept"),
        [
            *(("true", True), ("True", True), ("TRUE", True), ("yes", True), ("No", True), ("Oui", True)),
            *(("NON", True), ("vrai", True), ("1", False), ("0", False), ("maybe", False), (" yes", False)),
        ],
    )
    def test_booleans_in_csv(self, tmp_path: Path, spelling: str, kept: bool) -> None:
        """The spellings of programs, and yes and no in both languages; a number is neither."""
        write(tmp_path / "in.csv", [{k: str(v).lower() for k, v in USUAL.items()} | {"sibling_in_canada": spelling}])
        found = score_file(tmp_path / "in.csv", tmp_path / "out.csv", DAY, rejects=tmp_path / "bad.csv")

        assert found.accepted == int(kept)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.one_of(st.sampled_from(AS_TYPED), st.text("0123456789,. $'CAD\u202f-+e", max_size=12))))
    def test_amounts_and_truth_are_read_as_everywhere(self, cells: list[str]) -> None:
        """A column of a table reads what the reader of one value reads, and nothing else."""
        text = pl.Series("x", cells, dtype=pl.String)

        assert dollars(text).to_list() == [one_dollars(cell) for cell in cells]
        assert truth(text).to_list() == [
            None if (found := YES_NO.get(cell.lower())) is None else int(found) for cell in cells
        ]

    @pytest.mark.parametrize("written", ["25,000", "$25,000", "25 000 $", "25\u202f000", "25000.00"])
    def test_money_in_tables(self, tmp_path: Path, written: str) -> None:
        """An amount may be written as people write it, and the findings are those of the plain number."""
        found = []
        for amount in (written, "25000"):
            row = {**USUAL, "funds_cad": amount, "family_size": 2}
            write(tmp_path / "in.csv", [row])
            score_file(tmp_path / "in.csv", tmp_path / "out.csv", DAY, programs=True)
            found.append(read(tmp_path / "out.csv").drop("funds_cad"))
        assert found[0].equals(found[1])

    @pytest.mark.parametrize("ending", [".parquet", ".ndjson", ".arrow"])
    def test_numbers_stay_numbers(self, tmp_path: Path, ending: str) -> None:
        """What came from CSV as text has the type of its column in a format that has types; other columns are text."""
        rows = [{**USUAL, "id": "007", "funds_cad": "25,000", "sibling_in_canada": "Oui"}]
        score_file(write(tmp_path / "in.csv", rows), tmp_path / f"out{ending}", DAY, programs=True)
        [out] = read(tmp_path / f"out{ending}").to_dicts()

        assert {name: out[name] for name in ("age", "funds_cad", "sibling_in_canada", "accompanied", "id")} == {
            "age": 29,
            "funds_cad": 25000,
            "sibling_in_canada": True,
            "accompanied": False,
            "id": "007",
        }

    def test_blank_lines_are_no_rows(self, tmp_path: Path) -> None:
        """A line that is blank, or has only commas, is nobody: neither a score nor a rejected row."""
        source = write(tmp_path / "in.csv", [USUAL, USUAL])
        header, one, two = source.read_text().splitlines()
        source.write_text("\n".join([header, "", one, "," * header.count(","), "", two, "", ""]))
        found = score_file(source, tmp_path / "out.csv", DAY, rejects=tmp_path / "bad.csv")

        assert (found.read, found.rejected) == (2, 0)
        assert read(tmp_path / "out.csv").height == 2

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (lambda row: row + ",1,2", "cells under"),
            (lambda row: '"' + row, "a quotation mark that is not closed"),
            (lambda row: "é" + row, "not text in UTF-8"),
        ],
    )
    def test_a_wrong_line_is_named(self, tmp_path: Path, change: Callable[[str], str], says: str) -> None:
        """A ragged, unclosed or undecodable CSV is refused with its line, in both languages."""
        header, row = write(tmp_path / "in.csv", [USUAL]).read_text().splitlines()
        (tmp_path / "in.csv").write_text(f"{header}\n{row}\n{change(row)}\n{row}\n", encoding="latin-1")
        with pytest.raises(FileError, match=says) as error:
            score_file(tmp_path / "in.csv", tmp_path / "out.csv", DAY)
        assert str(error.value).startswith("line 3: ")
        assert error.value.say("fr").startswith("ligne 3 : ")
        assert not (tmp_path / "out.csv").exists()

    def test_other_unicode(self, tmp_path: Path) -> None:
        """A byte order mark changes nothing; UTF-16 is named with how to save the file; nothing prints a NUL."""
        source = write(tmp_path / "in.csv", [USUAL])
        text = source.read_text()
        source.write_text(text, encoding="utf-8-sig")
        assert score_file(source, tmp_path / "out.csv", DAY).accepted == 1
        source.write_text(text, encoding="utf-16")
        with pytest.raises(FileError, match="in UTF-16, and only UTF-8 is read here") as error:
            score_file(source, tmp_path / "out.csv", DAY)
        assert "\0" not in str(error.value)

    def test_quoted_emptiness_is_emptiness(self, tmp_path: Path) -> None:
        """Writers that quote everything write "" for an empty value."""
        frame = table(people(50, seed=8), GRID)
        frame.write_csv(tmp_path / "in.csv", quote_style="always")
        score_file(tmp_path / "in.csv", tmp_path / "out.csv", DAY)
        expected = [str(score(one, "2025-03-25")["crs"]) for one in people(50, seed=8)]

        assert '""' in (tmp_path / "in.csv").read_text()
        assert read(tmp_path / "out.csv")["crs"].to_list() == expected

    def test_headings_of_csv(self, tmp_path: Path) -> None:
        """A heading that stands twice is said as such."""
        source = write(tmp_path / "in.csv", [USUAL])
        header, row = source.read_text().splitlines()
        source.write_text(f"{header},age\n{row},30\n")
        with pytest.raises(FactorsError) as refused:
            score_file(source, tmp_path / "out.csv", DAY)
        assert "twice" in [problem.code for problem in refused.value.problems]

    def test_semicolons(self, tmp_path: Path) -> None:
        """A table with semicolons, as spreadsheets in Europe write it, is read as one with commas."""
        source = write(tmp_path / "in.csv", people(20, seed=3))
        score_file(source, tmp_path / "out.csv", DAY)
        text = source.read_text()
        for heading in ("", "\n\n"):
            (tmp_path / "semi.csv").write_text(heading + text.replace(",", ";"))
            score_file(tmp_path / "semi.csv", tmp_path / "semi_out.csv", DAY)
            assert (tmp_path / "semi_out.csv").read_text() == (tmp_path / "out.csv").read_text()

    def test_a_frame_that_was_read_with_commas(self, tmp_path: Path) -> None:
        """A frame of one column with semicolons in its name has one problem, and not a missing column each."""
        with pytest.raises(FactorsError) as refused:
            score_frame(pl.DataFrame({"age;education": ["29;masters"]}), DAY)
        assert [problem.code for problem in refused.value.problems] == ["wrong_separator"]

    def test_absent_columns_are_told(self, tmp_path: Path) -> None:
        """A column that may be empty may be absent, and the answer names it."""
        found = score_file(write(tmp_path / "in.csv", [USUAL]), tmp_path / "out.csv", DAY)

        assert "french_reading" in found.absent
        assert "first_language" in found.absent
        assert "age" not in found.absent

    def test_empty_table(self, tmp_path: Path) -> None:
        """A table without rows gives a table without rows."""
        table([], GRID).write_parquet(tmp_path / "in.parquet")
        found = score_file(tmp_path / "in.parquet", tmp_path / "out.parquet", DAY)

        assert (found.read, pl.read_parquet(tmp_path / "out.parquet").height) == (0, 0)

    def test_progress_adds_up(self, tmp_path: Path) -> None:
        """Progress tells every row once, from whichever thread."""
        table(people(200, seed=1) * 1000, GRID).write_parquet(tmp_path / "in.parquet")
        told, lock = [], threading.Lock()

        def progress(rows: int) -> None:
            with lock:
                told.append(rows)

        found = score_file(tmp_path / "in.parquet", tmp_path / "out.parquet", DAY, progress=progress)

        assert sum(told) == found.read == 200_000
        assert len(told) > 1


class TestRejects:
    """Rows that break the schema."""

    def spoilt(self, folder: Path) -> tuple[Path, dict[int, set[str]]]:
        """A table of 1,000 rows with known bad ones: row number → columns."""
        rows = [{k: str(v).lower() for k, v in USUAL.items()} for _ in range(1000)]
        bad: dict[int, set[str]] = {}
        for number, column, value in [
            (3, "age", "29.9"),
            (3, "education", "phd"),
            (500, "english_reading", "99"),
            (501, "accompanied", ""),
            (1000, "age", ""),
        ]:
            rows[number - 1][column] = value
            bad.setdefault(number, set()).add(column)
        rows[700]["accompanied"] = "true"
        return write(folder / "in.csv", rows), bad

    def test_are_listed_with_row_column_value_and_rule(self, tmp_path: Path) -> None:
        """Accepted + rejected = read; every problem is listed, and no good row is."""
        source, bad = self.spoilt(tmp_path)
        found = score_file(source, tmp_path / "out.csv", DAY, rejects=tmp_path / "rejects.csv", lang="fr")
        out, rejects = read(tmp_path / "out.csv"), pl.read_csv(tmp_path / "rejects.csv", infer_schema=False)
        partner = {"partner_education", "partner_canadian_work_years"}

        assert (found.read, found.accepted, found.rejected) == (1000, 995, 5)
        assert (out.height, rejects["row"].n_unique()) == (995, 5)
        listed: dict[int, set[str]] = {}
        for row, column in rejects.select("row", "column").rows():
            listed.setdefault(int(row), set()).add(column)
        assert listed == {**bad, 701: partner}
        assert rejects.row(0) == ("3", "age", "29.9", "un nombre entier de 0 à 120 (ans)")

    def test_without_rejects_nothing_is_written(self, tmp_path: Path) -> None:
        """The first ten problems are told, with row numbers, and no file appears."""
        source, _ = self.spoilt(tmp_path)
        with pytest.raises(FactorsError) as refused:
            score_file(source, tmp_path / "out.csv", DAY)

        assert [problem.where.en for problem in refused.value.problems if problem.where][:3] == [
            "row 3",
            "row 3",
            "row 500",
        ]
        assert [problem.code for problem in refused.value.problems][-2:] == ["missing", "missing"]
        assert len(refused.value.problems) <= 10
        assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv"]

    def test_no_bad_rows_gives_an_empty_list(self, tmp_path: Path) -> None:
        """With nothing to reject the list of rejects is there, and empty."""
        score_file(write(tmp_path / "in.csv", [USUAL]), tmp_path / "out.csv", DAY, rejects=tmp_path / "bad.csv")

        assert (tmp_path / "bad.csv").read_text() == "row,column,value,rule\n"

    @pytest.mark.parametrize("ending", [".csv", ".parquet", ".ndjson", ".arrow"])
    def test_many_rows(self, tmp_path: Path, ending: str) -> None:
        """Counts hold over many batches, with bad rows in all of them."""
        frame = (
            table(people(100, seed=5) * 2000, GRID)
            .with_row_index("n")
            .with_columns(age=pl.when(pl.col("n") % 1000 == 0).then(999).otherwise("age"))
        )
        WRITE[ending](frame, tmp_path / f"in{ending}")
        out, rejects = tmp_path / f"out{ending}", tmp_path / f"rejects{ending}"
        found = score_file(tmp_path / f"in{ending}", out, DAY, rejects=rejects)

        assert (found.read, found.accepted, found.rejected) == (200_000, 199_800, 200)
        assert (read(out).height, read(rejects).height) == (199_800, 200)
        assert [int(n) for n in read(rejects)["row"]] == list(range(1, 200_000, 1000))


class TestColumns:
    """Names are checked before any row is read."""

    @pytest.mark.parametrize(
        ("change", "code", "field"),
        [
            ({"foriegn_work_years": 1}, "near_miss", "foriegn_work_years"),
            ({"crs": 1}, "column_taken", "crs"),
            ({"rule_set": "x"}, "column_taken", "rule_set"),
            ({"~age": 1}, "column_taken", "~age"),
            ({"french_reading": 5}, "missing_column", "french_listening"),
            ({"english_reading": ...}, "missing_column", "english_reading"),
            ({"age": ...}, "missing_column", "age"),
        ],
    )
    def test_refused(self, tmp_path: Path, change: dict[str, Any], code: str, field: str) -> None:
        """Misspelt, taken and missing columns."""
        row = {name: value for name, value in (USUAL | change).items() if value is not ...}
        with pytest.raises(FactorsError) as refused:
            score_file(write(tmp_path / "in.parquet", [row]), tmp_path / "out.parquet", DAY)

        assert (code, field) in [(problem.code, problem.field) for problem in refused.value.problems]
        assert not (tmp_path / "out.parquet").exists()

    def test_sections_are_taken_only_when_asked(self, tmp_path: Path) -> None:
        """A column `core` may travel unless the sections are written."""
        source = write(tmp_path / "in.parquet", [USUAL | {"core": "mine"}])
        score_file(source, tmp_path / "out.parquet", DAY)

        assert pl.read_parquet(tmp_path / "out.parquet")["core"].to_list() == ["mine"]
        with pytest.raises(FactorsError, match="core"):
            score_file(source, tmp_path / "out.parquet", DAY, sections=True)


class TestBadFiles:
    """Files that cannot be read or written."""

    def test_missing(self, tmp_path: Path) -> None:
        """A file that is not there."""
        with pytest.raises(FileError, match=r"nowhere\.csv"):
            score_file(tmp_path / "nowhere.csv", tmp_path / "out.csv", DAY)

    def test_truncated_parquet(self, tmp_path: Path) -> None:
        """Half a Parquet file."""
        whole = write(tmp_path / "in.parquet", [USUAL] * 100).read_bytes()
        (tmp_path / "in.parquet").write_bytes(whole[: len(whole) // 2])
        with pytest.raises(FileError, match=r"in\.parquet"):
            score_file(tmp_path / "in.parquet", tmp_path / "out.parquet", DAY)

        assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet"]

    def test_damaged_parquet(self, tmp_path: Path) -> None:
        """A Parquet file whose pages are damaged is found while streaming, and nothing is left."""
        whole = bytearray(write(tmp_path / "in.parquet", people(2000, seed=2)).read_bytes())
        for at in range(40, min(len(whole) - 3000, 4000), 3):
            whole[at] ^= 0xFF
        (tmp_path / "in.parquet").write_bytes(whole)
        with pytest.raises((FileError, FactorsError)):
            score_file(tmp_path / "in.parquet", tmp_path / "out.parquet", DAY)

        assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet"]

    def test_ragged_csv(self, tmp_path: Path) -> None:
        """A CSV row with too many fields."""
        source = write(tmp_path / "in.csv", [USUAL])
        source.write_text(source.read_text() + "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20\n")
        with pytest.raises(FileError):
            score_file(source, tmp_path / "out.csv", DAY)

        assert left_over(tmp_path) == []

    def test_not_what_its_name_says(self, tmp_path: Path) -> None:
        """Text under the name of a Parquet file."""
        (tmp_path / "in.parquet").write_text("age\n29\n")
        with pytest.raises(FileError):
            score_file(tmp_path / "in.parquet", tmp_path / "out.parquet", DAY)

    @pytest.mark.parametrize(
        ("table_", "out", "rejects"),
        [
            ("in.xlsx", "out.csv", None),
            ("in.csv", "out", None),
            ("in.csv", "in.csv", None),
            ("in.csv", "o.csv", "o.csv"),
        ],
    )
    def test_misuse(self, tmp_path: Path, table_: str, out: str, rejects: str | None) -> None:
        """Unknown endings, and one file under two names."""
        with pytest.raises(UsageError):
            score_file(tmp_path / table_, tmp_path / out, DAY, rejects=tmp_path / rejects if rejects else None)

    def test_no_folder(self, tmp_path: Path) -> None:
        """An output folder that is not there is named."""
        with pytest.raises(FileError, match=r"out\.csv"):
            score_file(write(tmp_path / "in.csv", [USUAL]), tmp_path / "no" / "out.csv", DAY)

    def test_out_is_a_folder(self, tmp_path: Path) -> None:
        """A folder in the place of the output stays as it is."""
        (tmp_path / "out.csv").mkdir()
        with pytest.raises(FileError, match=r"out\.csv"):
            score_file(write(tmp_path / "in.csv", [USUAL]), tmp_path / "out.csv", DAY)

        assert left_over(tmp_path) == []

    @pytest.mark.parametrize("ending", [".csv", ".parquet"])
    def test_full_disk(self, tmp_path: Path, ending: str) -> None:
        """A disk that is full (here: a limit on the size of files) leaves the old output as it was and nothing else."""
        rows = table(people(100, seed=9) * 300, GRID)
        WRITE[ending](
            rows.with_row_index("n").with_columns(t=pl.col("n").hash().cast(pl.String)), tmp_path / f"in{ending}"
        )
        out = tmp_path / f"out{ending}"
        out.write_text("old")
        code = "from expressentry.cli import entry; entry()"
        args = ["score", str(tmp_path / f"in{ending}"), "--out", str(out), "--on", "2026-10-01"]
        done = subprocess.run(
            [sys.executable, "-c", code, *args],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "EXPRESSENTRY_LANG": "en"},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        )

        assert done.returncode == 1
        assert "no space left" in done.stderr
        assert out.read_text() == "old"
        assert left_over(tmp_path) == []
