"""The house: public names, both languages, sizes, and what must never be in it."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

import expressentry
from expressentry.text import Text
from tests.wording import WORDS, counted, phrases

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def tracked() -> list[Path]:
    """The files of the project, as far as they are text."""
    names = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file() and not name.endswith((".gz", ".png", ".parquet"))]


class TestPublicNames:
    """`__init__` is the whole public API."""

    def test_all_is_sorted_and_true(self) -> None:
        """Every name in `__all__` exists, and `dir` shows just those."""
        assert expressentry.__all__ == sorted(expressentry.__all__)
        assert dir(expressentry) == expressentry.__all__
        assert all(getattr(expressentry, name) is not None for name in expressentry.__all__)

    def test_unknown_name(self) -> None:
        """A name that does not exist is an attribute error."""
        with pytest.raises(AttributeError, match="no_such_name"):
            _ = expressentry.no_such_name


class TestWords:
    """French is not later."""

    @pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.stem)
    def test_every_text_has_its_twin(self, file: Path) -> None:
        """Every Text written in the code has two wordings, neither empty, with the same blanks."""
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                words = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                assert len(node.args) == 2
                blanks = [set(re.findall(r"\{(\w*)\}", str(word))) for word in words]
                assert len(words) < 2 or blanks[0] == blanks[1]

    def test_no_unwanted_word(self) -> None:
        """No place has more of the words of `words.toml` than are known there; `python -m tests.wording` lists them."""
        known = WORDS["known"]
        grown = {
            place: f"{n}, known {known.get(place, 0)}" for place, n in counted().items() if n > known.get(place, 0)
        }

        assert grown == {}

    def test_every_allowance_is_needed(self) -> None:
        """What is allowed in spite of the words is still written somewhere, and has its reason."""
        written = " ".join(phrase.text for phrase in phrases()).casefold()

        assert all(one["reason"] and one["text"].casefold() in written for one in WORDS["allow"])

    def test_fill(self) -> None:
        """Blanks are filled in each language."""
        assert Text("on {d}", "le {d}").fill(d=Text("1 May", "1er mai")) == Text("on 1 May", "le 1er mai")


class TestSizes:
    """Small modules, functions that fit a screen."""

    @pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.stem)
    def test_module(self, file: Path) -> None:
        """No module above 600 lines, no function above 60."""
        text = file.read_text(encoding="utf-8")
        assert text.count("\n") <= 600
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno <= 60, f"{file.name}: {node.name}"


class TestNever:
    """What is in no file."""

    def test_no_machine_paths_and_no_index_hosts(self) -> None:
        """No path of a machine and no name of a package index's host."""
        forbidden = re.compile(
            r"(?<![\w.])/(?:work|tmp|root|home)/[a-z]|"
            + "py"
            + r"pi\.org|files\.python"
            + r"hosted|--(?:extra-)?index-url"
        )
        found = [
            f"{file.relative_to(ROOT)}:{number}"
            for file in tracked()
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
            if forbidden.search(line) and file.name not in ("Makefile", Path(__file__).name)
        ]

        assert found == []

    def test_every_requirement_is_hashed(self) -> None:
        """The lock files pin and hash everything."""
        for lock in (ROOT / "requirements").glob("*.lock"):
            pins = re.findall(r"^[\w.-]+==\S+.*?(?=^[\w.-]+==|\Z)", lock.read_text(), re.MULTILINE | re.DOTALL)
            assert pins
            assert all("--hash=sha256:" in pin for pin in pins)

    def test_only_the_faces_read_the_clock(self) -> None:
        """No answer without a date: `today` and `now` stand only in the command line."""
        clock = re.compile(r"\b(?:date\.today|datetime\.now|time\.time)\b")
        found = {str(file.relative_to(ROOT / "src/expressentry")) for file in SOURCES if clock.search(file.read_text())}

        assert found == {"cli/options.py"}

    def test_no_law_in_the_code(self) -> None:
        """Nothing in Python names an age or a point: no number above 16 in the engine."""
        engine = (
            "assess/person/explain",
            "assess/frame/stages",
            "assess/frame/fuse",
            "law/grid/tree",
            "law/grid/leaf",
            "law/grid/read",
        )
        for name in (f"{module}.py" for module in engine):
            tree = ast.parse((ROOT / "src/expressentry" / name).read_text(encoding="utf-8"))
            numbers = [
                node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and type(node.value) is int
            ]
            assert max(numbers, default=0) <= 16, name
