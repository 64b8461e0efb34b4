"""Build the release, check it, and try the wheel in fresh environments: `make release`.

    python -m tests.release.matrix [--out dist] [--only CELL…]

A cell is PYTHON-EXTRA-VERSIONS, as `3.11-all-newest`. Each is installed by uv into an environment of its own, with no
checkout in reach, and must pass `smoke.py`. The oldest Python gets each extra, and the lowest versions that
`pyproject.toml` allows; the others get `bare` and `all`. A Python that this machine has not is SKIPPED, and said.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.release.smoke import EXTRAS

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PYTHONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
LONGEST_IMPORT_MS = 30
TOOLS = ROOT / ".venv/release/bin"
"""The programs of the group `release`, in an environment of their own."""


class Cell(NamedTuple):
    """One installation: which Python, which extra, newest or lowest versions."""

    python: str
    extra: str
    versions: str

    def __str__(self) -> str:
        return "-".join(self)


def cells() -> Iterator[Cell]:
    """Every installation that is tried."""
    oldest, *others = PYTHONS
    yield from (Cell(oldest, extra, "newest") for extra in EXTRAS)
    yield from (Cell(oldest, extra, "lowest") for extra in ("bare", "all"))
    yield from (Cell(python, extra, "newest") for python in others for extra in ("bare", "all"))


def find_python(version: str) -> str | None:
    """An interpreter of a version: in PATH, or among those of pyenv and uv."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    kept = Path.home() / ".local/share/uv/python"
    places = [
        shutil.which(f"python{version}"),
        *sorted(map(str, root.glob(f"{version}.*/bin/python"))),
        *sorted(map(str, kept.glob(f"cpython-{version}.*/bin/python"))),
    ]
    check = f"import sys, venv; sys.exit('%d.%d' % sys.version_info[:2] != '{version}')"
    for place in filter(None, places):
        if subprocess.run([place, "-c", check], capture_output=True, check=False).returncode == 0:
            return place
    return None


def run(words: Sequence[str | Path], **how: object) -> None:
    """Run a program that must succeed; its output is shown where it does not."""
    environ = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    done = subprocess.run(
        [str(word) for word in words], env=environ, text=True, stdout=-1, stderr=subprocess.STDOUT, **how
    )  # type: ignore[call-overload]
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, words))}\n{done.stdout[-4000:]}")


def build(out: Path) -> Path:
    """Build both archives with nothing else in the folder, check them, and return the wheel."""
    shutil.rmtree(out, ignore_errors=True)
    # The wheel is built from the sdist: what the sdist lacks would be missed.
    run([TOOLS / "python", "-m", "build", "--outdir", out, ROOT])
    run([TOOLS / "twine", "check", "--strict", *out.iterdir()])
    (wheel,) = out.glob("*.whl")
    return wheel


def install(cell: Cell, python: str, wheel: Path, folder: Path) -> None:
    """Make the environment of a cell."""
    uv, place = TOOLS / "uv", folder / "env"
    run([uv, "venv", "--quiet", "--no-project", "--python", python, place])
    wanted = f"{wheel}[{cell.extra}]" if cell.extra != "bare" else str(wheel)
    pip: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", place]
    if cell.versions == "lowest":
        # From the project itself: to uv only its own requirements are direct, and those of a wheel are not.
        extras = ["--extra", cell.extra] if cell.extra != "bare" else []
        run([uv, "pip", "compile", "--quiet", "--resolution", "lowest-direct", "--no-header", "--no-annotate",
             "--python", place, ROOT / "pyproject.toml", *extras, "--output-file", folder / "lowest.txt"])  # fmt: skip
        run([*pip, "--requirement", folder / "lowest.txt"])
    run([*pip, wanted])


def megabytes(folder: Path) -> int:
    """The size of an environment, each file once."""
    files = {(file.stat().st_dev, file.stat().st_ino): file.stat().st_size for file in folder.rglob("*")}
    return round(sum(files.values()) / 1e6)


def import_ms(python: Path) -> float:
    """The best of twenty times that `import expressentry` takes in a new process."""
    timed = "import time; t = time.perf_counter(); import expressentry; print((time.perf_counter() - t) * 1000)"
    runs = (
        subprocess.run([python, "-c", timed], cwd="/", capture_output=True, text=True, check=True) for _ in range(20)
    )
    return min(float(done.stdout) for done in runs)


def typed(python: Path, folder: Path) -> None:
    """The program of a user is right to mypy and to pyright, both strict, and runs."""
    program = folder / "typed_user.py"
    shutil.copy(HERE / "typed_user.py", program)
    run([TOOLS / "mypy", "--strict", "--no-incremental", "--python-executable", python, program], cwd=folder)
    (folder / "pyrightconfig.json").write_text(json.dumps({"typeCheckingMode": "strict", "include": [program.name]}))
    run([TOOLS / "basedpyright", "-p", folder, "--pythonpath", python])
    run([python, program, ROOT / "examples/people/engineer.toml"], cwd=folder)


def try_cell(cell: Cell, python: str, wheel: Path) -> str:
    """Install and try one cell; return its row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.perf_counter()
        install(cell, python, wheel, folder)
        took = time.perf_counter() - began
        command, interpreter = folder / "env/bin/expressentry", folder / "env/bin/python"
        size = megabytes(folder / "env")
        run([interpreter, HERE / "smoke.py", cell.extra, command], cwd=folder)
        row = f"{cell!s:22} ok   {took:5.0f} s to install  {size:5} MB"
        if cell.extra in ("bare", "all"):
            imported = import_ms(interpreter)
            if imported > LONGEST_IMPORT_MS:
                raise SystemExit(f"{cell}: import expressentry took {imported:.0f} ms, {LONGEST_IMPORT_MS} at most")
            row += f"  import {imported:.0f} ms"
        if cell.extra == "all":
            typed(interpreter, folder)
            row += "  typed"
        return row


def main(words: Sequence[str] | None = None) -> int:
    """Build, check and try; the exit status is 1 where anything fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--only", nargs="*", metavar="CELL")
    asked = parser.parse_args(words)
    wheel = build(asked.out)
    for archive in sorted(asked.out.iterdir()):
        say(f"{archive.name}  {archive.stat().st_size / 1e6:.1f} MB")
    skipped = []
    for cell in cells():
        if asked.only and str(cell) not in asked.only:
            continue
        python = find_python(cell.python)
        if python is None:
            skipped.append(cell)
            continue
        say(try_cell(cell, python, wheel))
    for cell in skipped:
        say(f"{cell!s:22} SKIPPED: no Python {cell.python} on this machine")
    return 0


def say(line: str) -> None:
    """Write a line that is seen at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
