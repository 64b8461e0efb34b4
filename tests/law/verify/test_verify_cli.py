"""`expressentry law verify` on the command line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from expressentry.cli import run
from expressentry.law.load import load_law
from expressentry.law.verify import known
from tests.law.verify.department import make
from tests.law.verify.xml import cited, statutes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with small statutes that say what the law cites."""
    for name, data in statutes(cited(load_law())).items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


class TestStatutes:
    """With `--statutes`."""

    def test_the_same_is_status_0(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A law that agrees says so, in both languages, and as data."""
        assert run(["law", "verify", "--statutes", str(folder)]) == 0
        assert "The law agrees with the statutes." in capsys.readouterr().out
        assert run(["law", "verify", "--statutes", str(folder), "--lang", "fr"]) == 0
        assert "Le droit concorde avec les lois." in capsys.readouterr().out
        assert run(["law", "verify", "--statutes", str(folder), "--format", "json"]) == 0

        found = json.loads(capsys.readouterr().out)
        assert found["sound"] is True
        age = next(one for one in found["citations"] if one["id"] == "fsw.age")
        assert age["provisions"] == ["81"]
        assert age["url"] == "https://laws-lois.justice.gc.ca/eng/regulations/SOR-2002-227/section-81.html"

    def test_a_difference_is_status_3(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A figure that is not there is named with its place and the language."""
        file = folder / "irpr-fr.xml"
        file.write_text(file.read_text("utf-8").replace("12 points, 18 ans", "13 points, 18 ans"), "utf-8")

        assert run(["law", "verify", "--statutes", str(folder)]) == 3
        assert "12: not in these words (fr)" in capsys.readouterr().out

    def test_the_result_is_kept(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """With --record the result is written; without it nothing is."""
        kept = folder / "kept.toml"
        monkeypatch.setattr(known, "COMPARED", kept)
        assert run(["law", "verify", "--statutes", str(folder)]) == 0
        assert not kept.exists()
        assert run(["law", "verify", "--statutes", str(folder), "--record", "--on", "2026-11-28"]) == 0
        assert "on = 2026-11-28" in kept.read_text("utf-8")

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ([], "--statutes"),
            (["--statutes", "nowhere"], "no such folder"),
            (["--statutes", "http://example.org/"], "only https addresses"),
        ],
    )
    def test_what_is_missing_is_said(self, given: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Nothing to compare with, no folder, and an address that is not allowed are errors."""
        assert run(["law", "verify", *given]) in (1, 2)
        assert told in capsys.readouterr().err


class TestPages:
    """With `--page`."""

    def test_the_three_answers(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The same is 0, a difference 3 with both values, a page that was not understood 4 with what was expected."""
        file = tmp_path / "page.html"
        data = make("crs", load_law(), date(2026, 6, 22), "en")
        file.write_bytes(data)
        assert run(["law", "verify", "--page", str(file)]) == 0
        assert "The page and the law agree." in capsys.readouterr().out

        file.write_bytes(data.replace(b"<td>600</td>", b"<td>500</td>"))
        assert run(["law", "verify", "--page", str(file), "--format", "json"]) == 3
        (row,) = [one for one in json.loads(capsys.readouterr().out)["rows"] if one["finding"] != "same"]
        assert (row["place"], row["page"], row["law"]) == ("additional.nomination", "500", "600")

        file.write_bytes(data.replace(b"<td>600</td>", b"<td>many</td>"))
        assert run(["law", "verify", "--page", str(file), "--lang", "fr"]) == 4
        told = capsys.readouterr().out
        assert "un nombre de points à la ligne « Provincial or territorial nomination »" in told
        assert "La page et le droit concordent." not in told

    def test_two_at_once_is_misuse(self, tmp_path: Path) -> None:
        """One comparison a run, and only that with the statutes is kept."""
        assert run(["law", "verify", "--page", "a", "--statutes", "b"]) == 2
        assert run(["law", "verify", "--page", "a", "--record"]) == 2
        assert run(["law", "verify", "--page", str(tmp_path / "none.html")]) == 1
