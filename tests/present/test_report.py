"""The report: a tagged PDF that says what the other commands say, the same bytes for the same input."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from expressentry import assess_profile, load_record, read_profile
from expressentry.advise.dossier import Dossier, build_dossier
from expressentry.answers.findings import report_choice
from expressentry.cli import run
from expressentry.noc.codes import noc2021
from expressentry.present.report import report_data, report_pdf
from expressentry.present.report.blocks import tidy
from expressentry.processes import in_order
from expressentry.text import Lang
from tests.profiles import dated_profiles, degree, job, made, report

ROOT = Path(__file__).parents[2]
DAY = date(2026, 10, 1)
ON = ["--on", "2026-10-01"]
ENGINEER = "examples/people/engineer.toml"
MARGIN = 50
"""In points: a little less than the margins that the template sets."""

BOTH = pytest.mark.parametrize("lang", ["en", "fr"])

pytestmark = pytest.mark.usefixtures("place")


@cache
def dossier(name: str, day: date = DAY) -> Dossier:
    """The dossier of an example."""
    return build_dossier(read_profile(ROOT / f"examples/people/{name}.toml"), day, load_record())


def read(content: bytes) -> PdfReader:
    """A document as pypdf has it."""
    return PdfReader(io.BytesIO(content))


def words(content: bytes) -> str:
    """The text of a document, with one space between words and no soft hyphens."""
    text = " ".join(page.extract_text() for page in read(content).pages)
    return re.sub(r"\s+", " ", text.replace("\u00ad ", "").replace("\u00ad\n", "").replace("\u200b", ""))


def plain(text: str) -> str:
    """A text without blanks and hyphens, wherever its lines were broken."""
    return re.sub(r"[\s\u00ad\u200b-]", "", text)


def tags(content: bytes) -> Iterator[DictionaryObject]:
    """Every element of the structure tree."""
    waiting: list[Any] = [read(content).trailer["/Root"]["/StructTreeRoot"]]  # type: ignore[index]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, DictionaryObject) and ("/S" in one or one.get("/Type") == "/StructTreeRoot"):
            yield one
            waiting += [one["/K"]] if "/K" in one else []


def edges(found: list[float], text: str, outer: list[float], inner: list[float], *_: object) -> None:
    """Take note of where each run of text begins, in points from the left edge of its page."""
    if text.strip():
        found.append(inner[4] * outer[0] + inner[5] * outer[2] + outer[4])


class TestDocument:
    """What the document is."""

    @BOTH
    def test_tagged_titled_and_in_a_language(self, lang: Lang) -> None:
        """PDF/UA-1: marked, with a structure, a title that is shown, and the language of the report."""
        content = report_pdf(dossier("engineer"), lang)
        root = read(content).trailer["/Root"]
        kinds = {str(one.get("/S")) for one in tags(content)}

        assert bool(root["/MarkInfo"]["/Marked"])  # type: ignore[index]
        assert root["/Lang"] == {"en": "en-CA", "fr": "fr-CA"}[lang]  # type: ignore[index]
        assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])  # type: ignore[index]
        assert str(dict(read(content).metadata or {})["/Title"]).startswith(
            {"en": "Express Entry", "fr": "Rapport"}[lang]
        )
        assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/P", "/Figure", "/Link", "/L"} <= kinds
        assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()  # type: ignore[index]

    def test_the_chart_is_told(self) -> None:
        """The chart has its steps in words for who cannot see it."""
        figures = [one for one in tags(report_pdf(dossier("engineer"))) if one.get("/S") == "/Figure"]

        assert len(figures) == 1
        assert "467 points on 1 October 2026, 462 from 20 October 2026" in str(figures[0]["/Alt"])

    @BOTH
    def test_the_same_bytes(self, lang: Lang, place: Path) -> None:
        """The same file, day, language and name give the same bytes, in another process too."""
        asked = ["report", ENGINEER, *ON, "--lang", lang, "--name", "Anna"]
        assert run([*asked, "--out", "a.pdf"]) == 0
        code = "from expressentry.cli import entry; entry()"
        subprocess.run([sys.executable, "-c", code, *asked, "--out", "b.pdf"], check=True, capture_output=True)

        assert (place / "a.pdf").read_bytes() == (place / "b.pdf").read_bytes()
        assert b"2026" in (place / "a.pdf").read_bytes()
        made = dict(read((place / "a.pdf").read_bytes()).metadata or {})
        assert str(made["/CreationDate"]).startswith("D:20261001")

    def test_only_its_own_fonts(self) -> None:
        """The fonts are those that typst brings, embedded."""
        fonts = {
            str(font.get_object()["/BaseFont"]).split("+")[-1]
            for page in read(report_pdf(dossier("engineer"))).pages
            for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
        }

        assert fonts
        assert all(font.startswith("LibertinusSerif") for font in fonts)


class TestContent:
    """What the document says."""

    @BOTH
    @pytest.mark.parametrize("name", ["couple", "electrician", "graduate", "nurse"])
    def test_it_says_what_the_commands_say(self, name: str, lang: Lang) -> None:
        """Score, programs, categories and counts of rounds are those of the assessment and the replay."""
        found, text = dossier(name), words(report_pdf(dossier(name), lang))
        whole = assess_profile(found.profile, DAY)
        low, high = whole.totals[0], whole.totals[-1]

        assert (f"{low}–{high}" if low != high else f"{low}") in text
        for line in whole.first.lines[1:]:
            if line.status != "not_applicable":
                assert plain(line.title.say(lang)) in plain(text)
        for id_, one in whole.first.programs.items():
            assert plain(one.program.title.say(lang)) in plain(text), id_
        assert f"{len(found.replayed.rounds)} " in text
        assert {"en": "not legal advice", "fr": "ni un avis juridique"}[lang] in text

    def test_the_answer_comes_first(self) -> None:
        """The first page has day, score, programs and categories."""
        first = re.sub(r"\s+", " ", read(report_pdf(dossier("couple"))).pages[0].extract_text())

        assert "359 of 1,200 points in the Comprehensive Ranking System (CRS) on 1 October 2026" in first
        assert "You are eligible. Federal Skilled Worker: 78 of 67 points and $31,000 of $28,362." in first
        assert "Eligible: Federal Skilled Worker" in first
        assert "Trades" in first

    @BOTH
    def test_a_choice_between_reports_is_on_the_first_page(self, lang: Lang) -> None:
        """Where no test report is better in every ability, the one used is named, and the points with the other."""
        profile = read_profile(ROOT / "tests/cases/two_reports_none_better.toml")
        whole = report_choice(assess_profile(profile, date(2023, 11, 1)))
        first = json.dumps(
            report_data(build_dossier(profile, date(2023, 11, 1), load_record()), lang), ensure_ascii=False
        )

        assert whole is not None
        assert plain(whole.say(lang)) in plain(first)

    def test_law_that_is_not_established_is_said_on_the_first_page(self) -> None:
        """A number on a day whose law is not known carries its warning, and an old record its day."""
        first = read(report_pdf(dossier("nurse", date(2026, 11, 24)))).pages[0].extract_text()

        assert "3 November 2026" in first
        assert "1 October 2026" in first

    def test_a_name_is_text(self) -> None:
        """What looks like markup in a name comes out as it was typed."""
        name = "#strong[x] $y$ <z> @a *b* _c_ `d` \\ // ~ #panic()"
        content = report_pdf(dossier("engineer"), name=name)

        assert "#strong[x] $y$ <z> @a *b* _c_ `d` \\ // ~ #panic()" in words(content)
        assert name in str(dict(read(content).metadata or {})["/Title"])

    def test_no_name_unless_given(self) -> None:
        """The file's own remark is not printed, and a name is in no other report."""
        assert "note" not in json.dumps(report_data(dossier("engineer"), "en")).split()
        report_pdf(dossier("engineer"), name="Zebulon")
        assert "Zebulon" not in words(report_pdf(dossier("engineer")))

    @BOTH
    def test_long_names_and_twelve_jobs_are_not_cut(self, lang: Lang) -> None:
        """Sixty letters without a blank, and twelve jobs with long employers, stay within the page, whole."""
        codes = [code for code in noc2021() if code.startswith("2")][:12]
        employer = "Compagnie-générale-des-établissements-" + "x" * 40
        jobs = [
            job(date(2010 + n, 1, 4), date(2010 + n, 12, 20), noc=code, employer=f"{employer}{n}")
            for n, code in enumerate(codes)
        ]
        studied = [degree("masters", date(2009, 6, 1), date(2025, 6, 1))]
        person = made(work=jobs, credentials=studied, tests=[report(date(2026, 1, 9), 9)])
        content = report_pdf(build_dossier(person, DAY, load_record()), lang, name="W" * 60)
        told = plain(words(content))

        assert "W" * 60 in told
        assert all(plain(f"{employer}{n}") in told for n in range(12))
        for page in read(content).pages:
            found: list[float] = []
            page.extract_text(visitor_text=partial(edges, found))
            assert min(found) >= MARGIN
            assert max(found) <= float(page.mediabox.width) - MARGIN

    @settings(max_examples=8)
    @given(dated_profiles(), st.dates(date(2016, 1, 1), date(2027, 12, 31)), st.sampled_from(("en", "fr")))
    def test_anyone_on_any_day(self, profile: Any, day: date, lang: Lang) -> None:
        """Whatever is in a profile, a report of it can be made, with its score on the first page."""
        found = build_dossier(profile, day, load_record())
        first = read(report_pdf(found, lang)).pages[0].extract_text()

        assert str(found.found.totals[0]) in first

    def test_french_spaces(self) -> None:
        """In French no line breaks before a colon or within a number."""
        assert tidy({"text": "Total : 15 263 $ « oui »"}, "fr") == {
            "text": "Total\u00a0: 15\u00a0263\u00a0$ «\u00a0oui\u00a0»"
        }
        assert tidy("Total: 15 263", "en") == "Total: 15 263"


class TestCommand:
    """`report` on the command line."""

    def test_letters_that_no_font_has(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A letter without a font anywhere is an error that names it; nothing is written."""
        assert run(["report", ENGINEER, "--out", "r.pdf", *ON, "--name", "\U000e0b7f\ufdd0"]) == 2
        assert not (place / "r.pdf").exists()
        assert run(["report", ENGINEER, "--out", "r.pdf", *ON, "--name", "A\u1242F"]) in (0, 2)

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            (["--out", "r.doc", ENGINEER], ".pdf"),
            (["--out", "r.pdf"], "PROFILE: required"),
            (["--out", "r.pdf", ENGINEER, "--name", " "], "one line of 1 to 200 letters"),
            (["--out", "r.pdf", ENGINEER, "--name", "a\nb"], "one line of 1 to 200 letters"),
            (["--out", "r.pdf", ENGINEER, "--name", "x" * 201], "one line of 1 to 200 letters"),
            (["--out", "o", "--batch", "examples/people", "--name", "x"], "not for several"),
            (["--out", "o", "--batch", "examples/people", "--jobs", "0"], "is not 1 or more"),
            (["--out", "r.pdf", ENGINEER, "--jobs", "2"], "jobs: for several people"),
            (["--out", "r.pdf", ENGINEER, "--most-seconds", "2"], "most_seconds: for several people"),
            (["--out", "r.pdf", "examples/engineer.toml"], "a profile with dates"),
        ],
    )
    def test_misuse(self, more: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
        """What does not fit together is misuse, and nothing is written."""
        assert run(["report", *more, *ON]) == 2
        assert said in capsys.readouterr().err
        assert [path.name for path in Path().iterdir()] == ["examples"]

    def test_submitted_decides_the_tie(self, place: Path) -> None:
        """With the instant of submission the round that turned on it is told of as it was."""
        words_ = ["report", ENGINEER, "--on", "2024-04-12", "--submitted", "2024-02-20T15:00:00Z", "--out", "r.pdf"]
        assert run(words_) == 0
        told = plain(words((place / "r.pdf").read_bytes()))

        assert plain("by the tie-break: 20 February 2024 15:00:00 against 25 February 2024 11:55:12 UTC") in told
        assert plain("Your CELPIP-General of 15 November 2025 is not counted: the date is after 12 April 2024.") in told
        assert plain("in the future") not in told


class TestBatch:
    """`report --batch`."""

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_a_report_each(
        self, jobs: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Each client has the very report that one alone would get; failures are listed; the summary has everyone."""
        monkeypatch.setattr(in_order, "_can_be_stopped", lambda: False)  # so short a list would be done here
        folder = place / "clients"
        folder.mkdir()
        for path in (ROOT / "examples/people").glob("*.toml"):
            (folder / path.name).write_bytes(path.read_bytes())
        (folder / "engineer.json").write_text('{"person": {}}')
        (folder / "factors.toml").write_bytes((ROOT / "examples/engineer.toml").read_bytes())
        assert run(["report", "--batch", "clients", "--out", "out", "--jobs", jobs, *ON]) == 1
        told = capsys.readouterr()
        written = (place / "out/summary.csv").read_text(encoding="utf-8")
        rows = {row["client"]: row for row in csv.DictReader(io.StringIO(written))}

        assert "clients 7, done 5, failed 2" in told.out
        assert "clients/engineer.json: person.birth_date" in told.err
        assert "factors: " in told.err
        twice = {"clients/engineer.json", "clients/engineer.toml"}  # two files of one name are told apart
        assert set(rows) == {path.stem for path in folder.iterdir() if path.stem != "engineer"} | twice
        assert rows["clients/engineer.toml"]["report"] == "engineer-2.pdf"
        assert rows["clients/engineer.json"]["problems"]
        names = {path.name for path in (place / "out").iterdir()}
        assert names == {"summary.csv", *(row["report"] for row in rows.values() if row["report"])}
        assert run(["report", "clients/nurse.toml", "--out", "alone.pdf", *ON]) == 0
        assert (place / "alone.pdf").read_bytes() == (place / "out/nurse.pdf").read_bytes()

    def test_folder_that_cannot_be(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A folder that cannot be made is one error, before any work."""
        (place / "file").write_text("")
        assert run(["report", "--batch", "examples/people", "--out", "file/x", *ON]) == 1
        assert "file/x" in capsys.readouterr().err


class TestExtra:
    """Without the extra."""

    def test_it_is_named(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """Where typst or xlsxwriter is not installed the extra is named, before any work."""
        monkeypatch.setattr("expressentry.cli.support.find_spec", lambda name: None)
        assert run(["report", ENGINEER, "--out", "r.pdf", *ON]) == 2
        assert run(["assess", "--batch", "examples/people", "--out", "t.xlsx", *ON]) == 2
        assert capsys.readouterr().err.count("expressentry[report]") == 2
        assert run(["assess", "--batch", "examples/people", "--out", "t.csv", *ON]) == 0
