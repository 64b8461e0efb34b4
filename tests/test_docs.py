"""Documentation that cannot rot: what a page shows is run, every command is told of, every link leads somewhere."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_cli import ALL

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "LISEZ-MOI.md", *sorted((ROOT / "docs").rglob("*.md"))]
WRITTEN = [page for page in PAGES if "reference" not in page.parts]
BLOCK = re.compile(r"(?P<before>[^\n]*)\n\n?```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)
SKIPPED = ("make", ". .venv", "pip")


def pattern(shown: list[str]) -> str:
    """The output that a page shows, `…` standing for anything."""
    plain = [re.sub(" +", " ", line) for line in shown]  # columns are as wide as their longest cell
    lines = [".*" if line.strip() == "…" else re.escape(line).replace("…", ".*") for line in plain]
    return r"\s*" + r"\s+".join(lines) + r"\s*"


def run(command: str, folder: Path, lang: str) -> str:
    """Run one line of a page in bash, and return what it wrote to both streams."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environ = {**os.environ, "PATH": path, "EXPRESSENTRY_HOME": str(folder / "home"), "LC_ALL": "C.UTF-8"}
    environ |= {"EXPRESSENTRY_LANG": lang}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environ, check=False, text=True, stdout=-1, stderr=subprocess.STDOUT
    )
    return done.stdout


def write_named(block: re.Match[str], folder: Path) -> None:
    """Write a block of a page as the file that the line before it names."""
    named = re.search(r"`([\w.-]+\.(?:toml|csv|json))`[^`]*$", block["before"])
    if block["kind"] in ("toml", "csv", "json") and named:
        (folder / named[1]).write_text(block["text"], encoding="utf-8")


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.stem)
def test_what_is_shown_is_what_runs(page: Path, tmp_path: Path) -> None:
    """Each console line of a page, run in order, writes what the page shows below it."""
    lang = "fr" if page.stem in ("LISEZ-MOI", "tutoriel") else "en"
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        write_named(block, tmp_path)
        if block["kind"] != "console":
            continue
        for step in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
            command, *shown = step.rstrip("\n").split("\n")
            if command.startswith(SKIPPED):
                continue
            found = re.sub(" +", " ", run(command, tmp_path, lang))
            assert re.fullmatch(pattern(shown), found, re.DOTALL), f"{command}\n{found}"


@pytest.mark.parametrize("words", [words for words, _ in ALL], ids=" ".join)
def test_every_command_is_told_of(words: tuple[str, ...]) -> None:
    """A command is in the reference and on at least one written page."""
    name = f"expressentry {' '.join(words)}"

    assert name in (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    assert any(name in page.read_text(encoding="utf-8") for page in WRITTEN)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links(page: Path) -> None:
    """Every relative link leads to a file."""
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert link.startswith("http") or (page.parent / link).exists(), link


@pytest.mark.parametrize(("page", "lang"), [("README.md", "en"), ("LISEZ-MOI.md", "fr")])
def test_first_screen(page: str, lang: str, tmp_path: Path) -> None:
    """The answers on the first screen are those that the demo prints, in fewer than thirty lines."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    shown = re.search(r"```text\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    demo = re.findall(r"^\t@\$\(BIN\)/(expressentry .+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    printed = "".join(run(f"{command} 2>/dev/null", tmp_path, lang) for command in demo)

    assert shown is not None
    assert printed == shown[1]
    assert printed.count("\n") < 29


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.stem)
def test_python_sessions(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python sessions of a page, run in order as one, answer what the page shows."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    blocks = [found["text"] for found in BLOCK.finditer(page.read_text(encoding="utf-8")) if found["kind"] == "python"]
    session = "\n".join(block for block in blocks if ">>> " in block)
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        write_named(block, tmp_path)
    test = doctest.DocTestParser().get_doctest(session, {}, page.name, str(page), 0)
    told: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=told.append)

    assert result.failed == 0, "".join(told)
