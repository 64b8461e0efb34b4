"""The house: public names, both languages, sizes, and what must never be in it."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

import expressentry
import expressentry.pool
import expressentry.spark
import expressentry.web
from expressentry.text import Text
from tests.conftest import SLOW
from tests.wording import WORDS, counted, phrases

ROOT = Path(__file__).parent.parent
PUBLIC = [expressentry, expressentry.pool, expressentry.spark, expressentry.web]
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def tracked() -> list[Path]:
    """The files of the project, as far as they are text."""
    names = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file() and not name.endswith((".gz", ".png", ".parquet"))]


class TestPublicNames:
    """`__init__` is the whole public API."""

    @pytest.mark.parametrize("package", PUBLIC, ids=lambda package: package.__name__)
    def test_every_name_is_there(self, package: ModuleType) -> None:
        """Every name in `__all__` exists, and `dir` shows just those."""
        assert dir(package) == package.__all__
        assert all(getattr(package, name) is not None for name in package.__all__)

    @pytest.mark.parametrize("package", PUBLIC, ids=lambda package: package.__name__)
    def test_types_see_the_same_names(self, package: ModuleType) -> None:
        """What a type checker imports is what `__getattr__` loads, from the same modules."""
        assert package.__file__ is not None
        tree = ast.parse(Path(package.__file__).read_text(encoding="utf-8"))
        block = next(node for node in tree.body if isinstance(node, ast.If))
        seen = {
            alias.asname or alias.name: f"{node.module}"
            for node in block.body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for node in block.body:
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.targets[0], ast.Name)
                and isinstance(node.value, ast.Name)
            ):
                seen[node.targets[0].id] = seen.pop(node.value.id)
        loaded = {name: f"{package.__name__}.{place.partition(':')[0]}" for name, place in package._PLACES.items()}

        assert seen == loaded

    def test_about_thirty(self) -> None:
        """The front door stays small: everything else is imported from its module."""
        assert len(expressentry.__all__) <= 34

    @pytest.mark.parametrize("package", PUBLIC, ids=lambda package: package.__name__)
    def test_unknown_name(self, package: ModuleType) -> None:
        """A name that does not exist is an attribute error."""
        with pytest.raises(AttributeError, match="no_such_name"):
            _ = package.no_such_name


class TestWords:
    """French is not later."""

    @pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.stem)
    def test_every_text_has_its_twin(self, file: Path) -> None:
        """Every Text written in the code has two wordings, neither empty, with the same blanks."""
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                if any(keyword.arg is None for keyword in node.keywords):
                    continue  # a table of data: it has both languages, or cannot be read
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


class TestShelves:
    """What `make quick` leaves out."""

    def test_every_slow_test_is_there(self) -> None:
        """slow.txt names tests that exist."""
        for line in SLOW:
            file, *names = line.split("::")
            text = (ROOT / file).read_text(encoding="utf-8")
            assert all(re.search(rf"(?:def|class) {name}\b", text) for name in names), line


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

        # The store in memory stands in for a database server, which has the clock that its acts are checked against.
        assert found == {"cli/options.py", "pool/store/memory.py"}
