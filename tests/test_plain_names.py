"""No name from the code reaches a person: every page, every answer of the command line, the report, the calendar."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from expressentry.advise.dossier import build_dossier
from expressentry.cli import main
from expressentry.present.report import report_data
from expressentry.profile.interview.answers_by_id import typed_of
from expressentry.profile.read import read_document, read_profile
from expressentry.rounds.load import load_record
from expressentry.text import Lang
from expressentry.web.pages.candidate.carried import Carried, pack
from tests.names import code_names, page_names
from tests.web.serving import LATE, PAGES, made

ROOT = Path(__file__).parent.parent
PEOPLE = [
    *(ROOT / "tests" / "cases" / f"{name}.toml" for name in ("nurse", "developer", "cook", "welder")),
    *(ROOT / "examples" / "people" / f"{name}.toml" for name in ("couple", "graduate")),
]
FILES = pytest.mark.parametrize("file", PEOPLE, ids=lambda path: path.stem)
LANGS = pytest.mark.parametrize("lang", ["en", "fr"])
ON = ("--on", LATE.isoformat())

LAW = (r"[a-z]+(?:_[a-z0-9]+)+", r"(?:crs|mi)-20.*", r"partner\.\w+")
"""On a page about law the place in a grid and the id of a text: what one types in `law show` and in an address."""
API = (r"[a-z]+(?:_[a-z]+)+", "v1")
"""The page about the API names its parameters, and its addresses."""
STREAMS = (*LAW, "pnp")
"""On a page about streams the key of a series of rounds too, such as nl-pnp: what one types in `provinces draws`."""
ALLOWED: dict[str, tuple[str, ...]] = {"/law/": LAW, "/provinces/": STREAMS, "/api": API}

ALLOWED_STREAMS = (r"(?:crs|mi)-20.*", "pnp")
"""In what a command writes, the law to name as an assumption, and the type of rounds that invite nominees."""

FORMS: tuple[tuple[str, dict[str, str]], ...] = (
    ("candidate", {"do": "check"}),
    ("candidate", {"mode": "all", "do": "show"}),
    ("candidate/answer", {}),
    ("candidate/what-if", {"w:french": "7"}),
    ("candidate/what-if", {"w:age": "17"}),
    ("candidate/plan", {"size": "1", "series": "french"}),
    ("candidate/plan", {"target": "x"}),
)
COMMANDS = (
    ("assess",),
    ("assess", "--brief"),
    ("timeline",),
    ("rounds", "replay", "--all"),
    ("profile", "show"),
    ("invited", "--round", "447", "--received", "2026-11-20"),
)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A client of a site on a day when rules are missing and the record is old."""
    with TestClient(made(LATE)) as found:
        yield found


def output(lang: str, *words: str) -> str:
    """What a command writes, on either stream."""
    return CliRunner().invoke(main, ["--lang", lang, *words]).output


def strings(value: Any) -> Iterator[str]:
    """Every string of the data of a report that is set as text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from () if key in ("kind", "link", "lang") else strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def test_a_name_is_found() -> None:
    """Each kind of name is found in a text and in a page; words of a language and examples for programs are not."""
    names = ("work[1]", "person.work", "three_year", "crs-2025-03-25", "mi-2026-11-03", "v3", "fsw")
    text = "job 1, three years, TEER 3, 2026-11-28, Version 3, pre-2020"

    assert [code_names(f"the {name} here") for name in names] == [{name} for name in names]
    assert code_names(text) == set()
    assert page_names(f"<p title='is v3'>{text}</p><pre>person.work[1]</pre><code>fsw</code>") == {"v3"}
    assert code_names("v3 and three_year", (r"v\d",)) == {"three_year"}


@LANGS
@pytest.mark.parametrize("path", PAGES)
def test_public_pages(client: TestClient, lang: str, path: str) -> None:
    """A page for everyone; the pages about law and about the API may name what one types."""
    allowed = next((names for start, names in ALLOWED.items() if path.startswith(start)), ())

    assert page_names(client.get(f"/{lang}{path}").text, allowed) == set()


@LANGS
@FILES
def test_pages_of_a_candidate(client: TestClient, file: Path, lang: str) -> None:
    """The questions, the check of the answers, the answer, what if, and the plan, wrong input included."""
    typed, left = typed_of(read_document(file))
    word = pack(Carried(typed, tuple(left), "one"))

    for path, fields in FORMS:
        html = client.post(f"/{lang}/{path}", data={"a": word, **fields}).text
        assert page_names(html) == set(), (path, fields)


@LANGS
@FILES
def test_commands(file: Path, lang: str) -> None:
    """What the commands that take one person write."""
    for words in COMMANDS:
        assert code_names(output(lang, *words, str(file), *ON)) == set(), words
    assert code_names(output(lang, "profile", "check", str(file))) == set()
    assert code_names(output(lang, "plan", str(file), "--size", "1", *ON)) == set()


@LANGS
def test_chances_and_streams(client: TestClient, lang: str) -> None:
    """The chances of one person, without and with an assumption, and the streams of provinces: page and command."""
    file = ROOT / "tests" / "cases" / "developer.toml"
    typed, left = typed_of(read_document(file))
    word = pack(Carried(typed, tuple(left), "one"))

    for fields in ({}, {"assume": "crs-2025-03-25", "raise": "yes"}):
        html = client.post(f"/{lang}/candidate/chances", data={"a": word, **fields}).text
        assert len(html) > 1000
        assert page_names(html) == set(), fields
    for words in (
        ("forecast", str(file), *ON, "--assume", "crs-2025-03-25"),
        ("forecast", "cec", *ON, "--assume", "crs-2025-03-25"),
        ("provinces", "assess", str(file), *ON),
        ("provinces", "show", "mb-swo", *ON),
        ("provinces", "draws", "--province", "AB"),
        ("timeline", str(file), "--streams", *ON),
    ):
        text = output(lang, *words)
        assert len(text) > 100, words
        assert code_names(text, ALLOWED_STREAMS) == set(), words


@LANGS
def test_commands_for_many(lang: str, tmp_path: Path) -> None:
    """Clients side by side and under two laws, what is new for them, and what a batch of reports tells."""
    files = [str(path) for path in PEOPLE]
    watching = ("watch", *files, "--since", str(tmp_path / "seen.json"))
    folder = tmp_path / "clients"
    folder.mkdir()
    for path in PEOPLE:
        shutil.copy(path, folder)

    for text in (
        output(lang, "compare", *files, *ON),
        output(lang, "changes", str(folder), "--law", "2024-01-01", "2026-10-01", "--all", *ON),
        output(lang, *watching, "--on", "2026-08-01"),
        output(lang, *watching, *ON),
        output(lang, "convert", "ielts", "--date", "2026-01-15", "7.5", "7", "6.5", "6"),
        output(lang, "occupations", "show", "21211"),
    ):
        assert len(text) > 100
        assert code_names(text) == set()


@LANGS
@FILES
def test_calendar(file: Path, lang: str, tmp_path: Path) -> None:
    """The days of the timeline as a calendar; what is folded is read as one line."""
    calendar = tmp_path / "days.ics"
    output(lang, "timeline", str(file), "--ics", str(calendar), *ON)
    lines = calendar.read_text().replace("\r\n ", "").splitlines()
    read = [line.partition(":")[2] for line in lines if line.startswith(("SUMMARY", "DESCRIPTION"))]

    assert read
    assert code_names("\n".join(read)) == set()


@FILES
def test_report(file: Path) -> None:
    """The report that is handed to a client, in both languages."""
    dossier = build_dossier(read_profile(file), date(2026, 11, 28), load_record())
    languages: tuple[Lang, Lang] = ("en", "fr")

    for lang in languages:
        assert code_names("\n".join(strings(report_data(dossier, lang)))) == set()
