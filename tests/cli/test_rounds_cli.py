"""`expressentry rounds` as a user and a script see it: keys, filters, ages, pictures."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from expressentry.cli import run
from expressentry.present.charts.data import GROUPS, cutoffs, group, invitations
from expressentry.rounds.load import load_record
from tests.feeds import FOLDER, as_bytes, row

RECORD = load_record()
DAY = "2026-10-01"

pytestmark = pytest.mark.usefixtures("place")


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """The JSON that a command answers."""
    assert run(["rounds", *words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


class TestList:
    """Rounds, filtered."""

    def test_keys_are_a_contract(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The first seven keys and their values are what scripts rely on."""
        rows = answer(capsys, "list", "--on", DAY)
        first = ["number", "date", "type", "category", "invitations", "cutoff", "tie_break"]

        assert list(rows[0])[:7] == first
        stem = next(one for one in rows if one["number"] == "293")
        assert [stem[key] for key in first] == [
            "293", "2024-04-11", "category", "stem", 4500, 491, "2024-02-25T11:55:12Z",
        ]  # fmt: skip
        assert rows[-1]["tie_break"] is None
        assert len(rows) == 448

    @pytest.mark.parametrize(
        ("words", "numbers"),
        [
            (["--from", "2024-03-01", "--to", "2024-04-11"], ["293", "292", "291", "290", "289", "288"]),
            (["--category", "stem"], ["293", "274", "254"]),
            (["--type", "fsw"], ["240"]),
            (["--type", "pnp", "--cutoff-min", "850"], ["369", "91b"]),
            (["--type", "cec", "--cutoff-max", "100"], ["176"]),
            (["--category", "stem", "--cutoff-max", "490"], ["274", "254"]),
            (["--category", "stem", "--on", "2023-12-08"], ["274", "254"]),
            (["--category", "researchers"], []),
        ],
    )
    def test_filters(self, capsys: pytest.CaptureFixture[str], words: list[str], numbers: list[str]) -> None:
        """Filters join, days and scores included; nothing found is an empty list."""
        on = [] if "--on" in words else ["--on", DAY]

        assert [one["number"] for one in answer(capsys, "list", *words, *on)] == numbers

    def test_csv_has_every_column(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The same rows as CSV, doubts in the language asked for."""
        assert run(["rounds", "list", "--on", DAY, "--format", "csv", "--lang", "fr"]) == 0
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))

        assert sum(int(one["invitations"]) for one in rows) == sum(one.invitations for one in RECORD)
        assert next(one for one in rows if one["number"] == "208")["doubt"].startswith("Le fichier")

    def test_text_marks_doubts(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The table of March 2024 with its one doubt, and the sum."""
        assert run(["rounds", "list", "--from", "2024-03-01", "--to", "2024-04-11", "--on", DAY]) == 0
        shown = capsys.readouterr()

        assert re.search(r"293 +2024-04-11 +STEM \(version 1\) +4,500 +491 +2024-02-25 11:55:12", shown.out)
        assert "rounds: 6, invitations: 13,085" in shown.out
        assert "* 288: " in shown.out
        assert shown.err == ""
        assert run(["rounds", "list", "--on", DAY]) == 0
        assert "39 rounds have a doubt" in capsys.readouterr().out

    def test_a_category_is_a_kind_of_round(self, capsys: pytest.CaptureFixture[str]) -> None:
        """`--type french` finds the rounds of that category, as `plan --type french` does."""
        told = []
        for name in ("--type", "--category"):
            assert run(["rounds", "list", name, "french", "--on", DAY, "--format", "json"]) == 0
            told.append(json.loads(capsys.readouterr().out))

        assert told[0] == told[1]
        assert {row["category"] for row in told[0]} == {"french"}

    @pytest.mark.parametrize(
        "words", [["--type", "stm"], ["--category", "cec"], ["--from", "March"], ["--cutoff-min", "x"]]
    )
    def test_misuse(self, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
        """Words outside the closed sets are misuse."""
        assert run(["rounds", "list", *words]) == 2
        assert capsys.readouterr().out == ""


class TestShow:
    """One round."""

    def test_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        """What was invited, the law of that day, the pool before, the neighbours, the source."""
        found = answer(capsys, "show", "293")

        assert (found["number"], found["version"], found["cutoff"]) == ("293", "v1", 491)
        assert found["program_ids"] == ["fsw", "cec", "fst"]
        assert found["law"]["rule_set"] == "crs-2020-10-20"
        assert (found["pool_before"]["as_of"], found["pool_before"]["total"]) == ("2024-04-09", 216167)
        assert (found["previous"]["number"], found["next"]) == ("274", None)
        assert found["read_from"]["confidence"] == "primary"
        assert found["record"] == {"as_of": "2026-10-01", "newest_round": "447"}

    @pytest.mark.parametrize("number", ["1", "91a", "91b", "208", "223", "262", "357", "447"])
    def test_text_in_both_languages(self, capsys: pytest.CaptureFixture[str], number: str) -> None:
        """Each has its cut-off and, where there is one, its doubt."""
        one = RECORD.round(number)
        for lang, index in (("en", 0), ("fr", 1)):
            assert run(["rounds", "show", number, "--lang", lang]) == 0
            shown = " ".join(capsys.readouterr().out.split())
            assert str(one.cutoff) in shown
            assert one.doubt is None or one.doubt[index] in shown

    def test_91_is_two(self, capsys: pytest.CaptureFixture[str]) -> None:
        """91 names both and is misuse, as is a number that does not exist."""
        assert run(["rounds", "show", "91"]) == 2
        assert "91a, 91b" in capsys.readouterr().err
        assert run(["rounds", "show", "9999", "--lang", "fr"]) == 2
        assert "447" in capsys.readouterr().err


class TestPool:
    """The pool, and a score in it."""

    def test_rows_are_a_contract(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The bands that add up, with the keys that scripts rely on."""
        rows = answer(capsys, "pool", "--on", DAY)

        assert {tuple(one) for one in rows} == {("as_of", "crs_low", "crs_high", "candidates")}
        assert sum(one["candidates"] for one in rows) == 229_904
        assert rows[0] == {"as_of": "2026-09-27", "crs_low": 601, "crs_high": 1200, "candidates": 728}

    def test_any_day(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The newest distribution of a day, not a later one."""
        assert answer(capsys, "pool", "--on", "2024-04-11")[0]["as_of"] == "2024-04-09"
        assert answer(capsys, "pool", "--on", "2024-04-08")[0]["as_of"] < "2024-04-09"

    def test_score(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Bounds of rank and share, over the year, and how old the record is."""
        found = answer(capsys, "pool", "--score", "491", "--on", DAY)

        assert found["rank"] == [21_799, 34_544]
        assert found["lower_percent"] == [84.9, 85.0]
        assert found["year"][-1]["as_of"] == found["as_of"] == "2026-09-27"
        assert found["record"] == {"as_of": DAY, "newest_round": "447", "age_days": 0, "stale": False}
        assert run(["rounds", "pool", "--score", "491", "--on", DAY]) == 0
        assert "rank 21,799 to 34,544 of 229,904" in capsys.readouterr().out
        assert run(["rounds", "pool", "--score", "491", "--on", DAY, "--format", "csv"]) == 0
        assert capsys.readouterr().out.startswith("as_of,total,rank_best,rank_worst,")

    def test_before_the_feed(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Before 2022 a quotation is used and said; before any, the day is refused."""
        assert run(["rounds", "pool", "--on", "2020-03-01"]) == 0
        told = capsys.readouterr()
        assert "144,042" in told.out
        assert "Not from the department" in told.err
        found = answer(capsys, "pool", "--on", "2019-05-01", "--score", "450")
        assert found["total"] == 103_840
        assert found["ahead"] == [1903, 1903 + 4410 + 273]  # 273 stand in a band that was not quoted
        assert len(found["year"]) == 1
        assert run(["rounds", "pool", "--on", "2018-01-01"]) == 2
        assert run(["rounds", "pool", "--score", "1201"]) == 2


class TestAge:
    """Whoever asks on a day on which the record is old is told."""

    @pytest.mark.parametrize("words", [["list", "--category", "stem"], ["pool"], ["pool", "--score", "491"],
                                       ["chart", "cutoffs"], ["chart", "pool"], ["chart", "invitations"]])  # fmt: skip
    def test_old_record_is_said_beside_every_answer(self, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
        """On standard error from the thirty-first day on, and not before."""
        for on, lang, told in (
            ("2026-10-31", "en", ""),
            ("2026-11-01", "en", "rounds since 1 October 2026 are missing"),
            ("2026-11-01", "fr", "les rondes depuis le 1er octobre 2026 manquent"),
        ):
            assert run(["rounds", *words, "--on", on, "--lang", lang]) == 0
            error = capsys.readouterr().err
            assert told in error
            assert bool(told) == bool(error)

    def test_old_record_in_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Where the answer is an object it says so itself."""
        found = answer(capsys, "pool", "--score", "491", "--on", "2026-11-24")

        assert (found["record"]["age_days"], found["record"]["stale"]) == (54, True)


class TestUpdate:
    """From a file into the user's folder, and from there into every answer."""

    def feed(self, place: Path, **changes: str) -> str:
        """A file with one new round."""
        (place / "feed.json").write_bytes(as_bytes([row(**changes)]))
        return "feed.json"

    def test_new_round_is_in_every_answer(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """After an update the new round is listed, shown and counted; the same update again brings nothing."""
        found = answer(capsys, "update", self.feed(place))
        assert ([one["number"] for one in found["new"]], found["record"]["newest_round"]) == (["448"], "448")
        assert answer(capsys, "list", "--on", "2026-11-01")[0]["number"] == "448"
        assert answer(capsys, "show", "448")["previous"]["number"] == "446"
        assert answer(capsys, "update", "feed.json")["new"] == []

    def test_correction_says_both_values(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A later correction is shown with both values and which is used, and stays with the round."""
        assert run(["rounds", "update", self.feed(place)]) == 0
        assert run(["rounds", "update", self.feed(place, drawSize="1,100")]) == 0
        shown = capsys.readouterr().out
        assert all(word in shown for word in ("448", "invitations", "1000", "1100", "feed", "published later"))
        assert run(["rounds", "show", "448", "--lang", "fr"]) == 0
        assert "invitations 1000" in capsys.readouterr().out

    def test_unknown_name_is_loud(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A name that nobody knows yet is said on standard error and listed as unknown."""
        assert run(["rounds", "update", self.feed(place, drawName="Farm workers, 2027-Version 1")]) == 0
        assert "unknown name" in capsys.readouterr().err
        rows = answer(capsys, "list", "--type", "unknown", "--on", "2026-11-01")
        assert [(one["number"], one["label"]) for one in rows] == [("448", "Farm workers, 2027-Version 1")]

    def test_whole_published_feeds(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The feed of 2024, then 2026, then 2026 again, by command; every difference told once, the list the same."""
        before = answer(capsys, "list", "--on", DAY)
        told = []
        for day in ("2024-04-06", "2026-08-20", "2026-08-20"):
            data = gzip.decompress((FOLDER / f"ee_rounds_123_en_{day}.json.gz").read_bytes())
            (place / f"{day}.json").write_bytes(data)
            told.append(len(answer(capsys, "update", f"{day}.json")["differences"]))

        assert told == [24, 0, 0]
        assert answer(capsys, "list", "--on", DAY) == before

    @pytest.mark.parametrize("content", [b"<html>", b"{", b""])
    def test_bad_file(self, place: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
        """A file that is no feed is bad data, and nothing is stored."""
        (place / "feed.json").write_bytes(content)
        assert run(["rounds", "update", "feed.json"]) == 1
        assert capsys.readouterr().out == ""
        assert not (place.parent / "home").exists()

    def test_misuse(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A missing file is bad data, an address in the clear misuse."""
        assert run(["rounds", "update", "nowhere.json"]) == 1
        assert run(["rounds", "update", "http://www.canada.ca/feed.json"]) == 2
        assert "only https" in capsys.readouterr().err


class TestCharts:
    """Pictures in both languages, light and dark, each with its sentence and its table."""

    @pytest.mark.parametrize("kind", ["cutoffs", "pool", "invitations"])
    @pytest.mark.parametrize("lang", ["en", "fr"])
    def test_svg(self, place: Path, capsys: pytest.CaptureFixture[str], kind: str, lang: str) -> None:
        """A whole SVG with title, credit and day inside, nothing loaded from elsewhere, and a summary in text."""
        words = ["rounds", "chart", kind, "--out", "c.svg", "--on", DAY, "--lang", lang, *(["--dark"] * (lang == "fr"))]
        assert run(words) == 0
        text = (place / "c.svg").read_text(encoding="utf-8")
        root = ElementTree.fromstring(text)
        inside = " ".join(part for part in root.itertext() if part.strip())

        assert "IRCC" in inside
        assert ("1 October 2026" if lang == "en" else "1er octobre 2026") in inside
        assert 'href="http' not in text
        assert "undefined" not in text
        assert "NaN" not in text
        assert len(capsys.readouterr().out.splitlines()) > 8

    def test_png_and_html(self, place: Path) -> None:
        """A PNG of a sensible size; an HTML page that loads nothing, with the summary and the table in it."""
        for ending in ("png", "html"):
            assert run(["rounds", "chart", "pool", "--out", f"c.{ending}", "--on", DAY, "--lang", "fr"]) == 0
        width, height = struct.unpack(">II", (place / "c.png").read_bytes()[16:24])
        page = (place / "c.html").read_text(encoding="utf-8")

        assert (place / "c.png").read_bytes().startswith(b"\x89PNG")
        assert 600 < width < 2500
        assert 300 < height < 2000
        assert page.startswith('<!DOCTYPE html>\n<html lang="fr">')
        assert "229\u202f904 candidats le 27 septembre 2026" in page
        assert "<td>601–1200</td>" in page
        assert "<script src" not in page
        assert "<link" not in page

    def test_own_score(self, place: Path) -> None:
        """A person's score over time is drawn on top, and labelled."""
        own = ["--own", "2024-01-01=455", "--own", "2025-06-01=491"]
        assert run(["rounds", "chart", "cutoffs", "--out", "c.svg", "--on", DAY, *own]) == 0

        assert "your score" in (place / "c.svg").read_text(encoding="utf-8")

    def test_data_behind(self, capsys: pytest.CaptureFixture[str]) -> None:
        """JSON and CSV give the rows behind the picture; they add up to the record."""
        years = answer(capsys, "chart", "invitations", "--on", DAY)
        points = answer(capsys, "chart", "cutoffs", "--on", DAY)

        assert sum(one["invitations"] for one in years) == sum(one.invitations for one in RECORD)
        assert len(points) == 448
        assert run(["rounds", "chart", "pool", "--on", DAY, "--format", "csv"]) == 0
        assert capsys.readouterr().out.startswith("as_of,day,crs_low,crs_high,band,candidates")

    def test_groups(self) -> None:
        """Every round has a colour, and both charts count the same rounds."""
        assert {group(one) for one in RECORD} == set(GROUPS)
        drawn = {one["group"] for one in cutoffs(RECORD, RECORD.as_of, None, "fr").rows}
        assert drawn == {one["group"] for one in invitations(RECORD, RECORD.as_of, "fr").rows}

    @pytest.mark.parametrize(
        "words",
        [["--out", "c.gif"], ["--out", "c"], ["--own", "491"], ["--own", "2024-13-01=491"], ["--on", "2015-01-15"]],
    )
    def test_misuse(self, place: Path, words: list[str]) -> None:
        """Another ending, a score without a day, a day before the first round: misuse, and no file."""
        assert run(["rounds", "chart", "cutoffs", *words]) == 2
        assert list(place.iterdir()) == [place / "examples"]

    def test_unwritable(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A folder that does not exist is an error that names it."""
        assert run(["rounds", "chart", "pool", "--out", "no/where.svg", "--on", DAY]) == 1
        assert "where.svg" in capsys.readouterr().err


def test_cold_list_imports_little() -> None:
    """`rounds list` loads neither Polars nor Altair nor an HTTP client."""
    code = (
        "import sys; from expressentry.cli import run; run(['rounds', 'list', '--on', '2026-10-01']); "
        "print([n for n in ('polars', 'altair', 'httpx', 'vl_convert') if n in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stderr == "[]\n"
