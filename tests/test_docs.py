"""Documentation that cannot rot: what a page shows is run, every command has its page, every link leads somewhere."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from renew import (
    BLOCK,
    ROOT,
    lang_of,
    matches,
    prepare,
    run,
    session_of,
    shortened,
    steps,
    write_named,
    written_pages,
)

from tests.cli.test_cli import ALL

WRITTEN = written_pages()
PAGES = [*WRITTEN, *sorted((ROOT / "docs/reference").rglob("*.md"))]


@pytest.mark.docs
@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.stem)
def test_what_is_shown_is_what_runs(page: Path, tmp_path: Path) -> None:
    """Each console line of a page, run in order, writes what the page shows below it."""
    folder, text = prepare(tmp_path), page.read_text(encoding="utf-8")
    for step in steps(text, folder):
        output = run(step.command, folder, lang_of(page))
        assert matches(step.shown, output), f"{step.command}\n{output}"


@pytest.mark.parametrize("words", [words for words, _ in ALL], ids=" ".join)
def test_every_command_is_documented(words: tuple[str, ...]) -> None:
    """A command is in the reference and on at least one written page."""
    name = f"expressentry {' '.join(words)}"

    assert name in (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    assert any(name in page.read_text(encoding="utf-8") for page in WRITTEN)


SECURITY = (ROOT / "docs/explanation/security.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", SECURITY)


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)))
def test_every_test_that_is_named_exists(file: str, name: str) -> None:
    """The page on security names the test of each threat and finding."""
    path = ROOT / file

    assert path.is_file()
    assert not name or re.search(rf"^\s*def {name}\(", path.read_text(encoding="utf-8"), re.MULTILINE)


SOURCE = "https://github.com/expressentry/expressentry"
LINKED = [*PAGES, *(ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md"))]


def links(page: Path) -> list[tuple[str, str]]:
    """The links of a page to files of ours, with their anchors; addresses of our own repository are files too."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = []
    for link, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", text):
        ours = re.fullmatch(rf"{SOURCE}/(?:blob|raw)/main/(.+)", link)
        if ours or "://" not in link:
            found.append((str(ROOT / ours[1]) if ours else link, anchor))
    return found


def anchors(page: Path) -> set[str]:
    """The anchors of a page: its headings as small letters, with hyphens for spaces, and those set by hand."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    found: set[str] = set(re.findall(r'<a id="([^"]+)"', text))
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).casefold())
        slug, n = plain.strip().replace(" ", "-"), 0
        while (f"{slug}-{n}" if n else slug) in found:
            n += 1
        found.add(f"{slug}-{n}" if n else slug)
    return found


@pytest.mark.parametrize("page", LINKED, ids=lambda page: page.stem)
def test_links(page: Path) -> None:
    """Every link to a file of ours leads to one, and its anchor to a heading there."""
    for link, anchor in links(page):
        target = (page.parent / link) if link else page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{link}#{anchor}"


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "LISEZ-MOI.md"], ids=lambda page: page.stem)
def test_links_of_the_first_page_work_anywhere(page: Path) -> None:
    """What a registry shows of us has whole addresses only."""
    assert [link for link in re.findall(r"\]\(([^)]+)\)", page.read_text()) if "://" not in link] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_tables_are_whole(page: Path) -> None:
    """Each row of a table has as many cells as its heading: a type that is one of two splits none."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        widths = {row: len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}

        assert len(set(widths.values())) == 1, widths


def test_every_guide_is_in_both_languages() -> None:
    """Each guide has its French twin, and both name the other at their head."""
    guides = [page for page in (ROOT / "docs/how-to").glob("*.md") if not page.name.endswith(".fr.md")]

    assert len(guides) > 20
    for guide in guides:
        twin = guide.with_name(guide.name.replace(".md", ".fr.md"))
        assert f"([en français]({twin.name}))" in guide.read_text(encoding="utf-8").splitlines()[:4], guide.name
        assert f"([in English]({guide.name}))" in twin.read_text(encoding="utf-8").splitlines()[:4], guide.name


FIRST_SCREEN = (
    r"\n\n(?:Canada's Express Entry|Entrée express du Canada) .+\n",
    r"\n(?:For candidates|Pour les candidats)",
    r'\n\$ pip install "expressentry\[all\]"\n',
    r"`make demo`.+`make test`",
    r"\n\$ expressentry assess .+\n(?:.+\n){3,6}```",
    r"```python\n(?:.+\n){6,8}```",
    r"!\[.+\]\(https://.+png\)",
    r"(?:What makes it right|Ce qui le rend exact).+:\n\n(?:- \*\*\[[\d., sur des of]+\]\(https://.+\)\*\* .+\n){5}\n",
    r"(?:Not a Government of Canada product|n'est pas un produit du gouvernement du Canada)",
)
"""One line, for whom, how to install, the two commands of the source, a person assessed, Python, a picture, five
numbers with where they come from, and what it is not."""


@pytest.mark.parametrize("name", ["README.md", "LISEZ-MOI.md"])
def test_first_screen(name: str) -> None:
    """What a stranger sees first comes in this order, in both languages."""
    page, at = (ROOT / name).read_text(encoding="utf-8"), 0
    for part in FIRST_SCREEN:
        found = re.compile(part).search(page, at)
        assert found is not None, part
        at = found.start() + 1


def test_every_page_is_on_the_site() -> None:
    """The site's own menu has every page, and French pages beside the English page of the same name."""
    menu = set(re.findall(r"([\w./-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE))
    pages = {str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md")}
    french = {page for page in pages if page.endswith(".fr.md")}

    assert menu == pages - french
    assert {page.replace(".fr.md", ".md") for page in french} <= menu


@pytest.mark.docs
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_demo(lang: str, tmp_path: Path) -> None:
    """`make demo` prints fewer than thirty lines, from a person's score to policies compared, and no error."""
    folder = prepare(tmp_path)
    lines = re.findall(r"^\t@\$\(BIN\)/(expressentry .+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    lines = [line.replace("$$", "$") for line in lines]
    printed = "".join(run(f"set -o pipefail; {line} 2>/dev/null || echo FAILED {line}", folder, lang) for line in lines)
    compared = {"en": "Rounds for education: .* · Canad", "fr": "Des rondes pour l'éducation : .* · Catégorie"}

    assert "491 points" in printed
    assert "FAILED" not in printed
    assert len(re.findall(rf"^{compared[lang]}.* [\d.,]+ → [\d.,]+$", printed, re.MULTILINE)) == 1
    assert printed.count("\n") < 30


def test_every_page_is_reachable() -> None:
    """From docs/README.md links lead to every page of the docs."""
    seen: set[Path] = set()
    open_ = [ROOT / "docs/README.md"]
    while open_:
        page = open_.pop()
        if page in seen:
            continue
        seen.add(page)
        if page.suffix == ".md":
            links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
            open_ += [found for link in links if (found := (page.parent / link).resolve()).is_file()]
    pages = {page for page in (ROOT / "docs").rglob("*") if page.suffix in (".md", ".json")}

    assert sorted(pages - seen) == []


@pytest.mark.docs
@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.stem)
def test_python_sessions(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python sessions of a page, run in order as one, answer what the page shows."""
    folder, text = prepare(tmp_path), page.read_text(encoding="utf-8")
    monkeypatch.chdir(folder)
    for block in BLOCK.finditer(text):
        write_named(block, folder)
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(session_of(text, page.name), out=report.append)

    assert result.failed == 0, "".join(report)


class TestRenew:
    """`make docs` writes again what the pages show, shortened where they shorten it."""

    def test_what_still_matches_stays(self) -> None:
        """An output that a page shows already is left as it is written there."""
        shown = ["a  b", "…", "total …"]

        assert shortened(shown, "a b\nc\nd\ntotal 5\n") == shown

    def test_gaps_are_kept(self) -> None:
        """The lines around a gap are found again by likeness, and the gap stays a gap."""
        shown = ["CRS 491 points", "…", "Age  29  110", "…", "checked in 2026"]

        assert shortened(shown, "CRS 491 of 1200\nmore\nAge: 29  110\nmore\nmore\nlast check: 2026\n") == [
            "CRS 491 of 1200",
            "…",
            "Age: 29  110",
            "…",
            "last check: 2026",
        ]

    def test_a_shortened_line_is_shortened_again(self) -> None:
        """What a line leaves out is left out of the new line too."""
        assert shortened(["digest sha256:… (new)"], "the digest sha256:abc (new)\n") == ["the digest sha256:… (new)"]

    def test_without_gaps_everything_is_written(self) -> None:
        """A page that shows the whole output shows the whole new output."""
        assert shortened(["one"], "1\n2\n") == ["1", "2"]
