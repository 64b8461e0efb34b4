"""Write again what the pages show: the output of console lines and of Python sessions.

    python docs/renew.py              every written page
    python docs/renew.py PAGE…        these pages only; with --check say which differ, and change nothing

Each console line of a page is run, in order, in an empty folder. Where its output still matches what is shown (`…`
matches anything) the page stays as it is; elsewhere the new output replaces the old one, shortened at the same places.
Read the difference before you commit it: a place that was shortened is found again by likeness.
"""

from __future__ import annotations

import difflib
import doctest
import os
import re
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import chdir
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(?P<before>[^\n]*)\n\n?```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)
SKIPPED = ("make", ". .venv", "pip")


class Step(NamedTuple):
    """One console line of a page: where it stands in the page's text, the command and the lines shown below it."""

    start: int
    end: int
    command: str
    shown: list[str]


def written_pages() -> list[Path]:
    """The pages written by hand: the two READMEs and the docs without the reference that is generated."""
    return [
        ROOT / "README.md",
        ROOT / "LISEZ-MOI.md",
        *(page for page in sorted((ROOT / "docs").rglob("*.md")) if "reference" not in page.parts),
    ]


def pattern(shown: Sequence[str]) -> str:
    """The output that a page shows as a regular expression, `…` matching anything."""
    plain = [re.sub(" +", " ", line) for line in shown]  # columns are as wide as their longest cell
    lines = [".*" if line.strip() == "…" else re.escape(line).replace("…", ".*") for line in plain]
    return r"\s*" + r"\s+".join(lines) + r"\s*"


def matches(shown: Sequence[str], output: str) -> bool:
    """Whether a page shows this output."""
    return re.fullmatch(pattern(shown), re.sub(" +", " ", output), re.DOTALL) is not None


def run(command: str, folder: Path, lang: str) -> str:
    """Run one line of a page in bash, and return what it wrote to both streams."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environ = {**os.environ, "PATH": path, "EXPRESSENTRY_HOME": str(folder / "home"), "LC_ALL": "C.UTF-8"}
    environ |= {"EXPRESSENTRY_LANG": lang}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environ, check=False, text=True, stdout=-1, stderr=subprocess.STDOUT
    )
    return done.stdout


def lang_of(page: Path) -> str:
    """The language in which the commands of a page answer."""
    return "fr" if page.name == "LISEZ-MOI.md" or page.name.endswith(".fr.md") else "en"


def prepare(folder: Path) -> Path:
    """An empty folder as a page finds it: the examples are there."""
    (folder / "examples").symlink_to(ROOT / "examples")
    return folder


def write_named(block: re.Match[str], folder: Path) -> None:
    """Write a block of a page as the file that the line before it names."""
    named = re.search(r"`([\w.-]+\.(?:toml|csv|json|py))`[^`]*$", block["before"])
    if block["kind"] in ("toml", "csv", "json", "python") and named:
        (folder / named[1]).write_text(block["text"], encoding="utf-8")


def steps(page: str, folder: Path) -> Iterator[Step]:
    """The console lines of a page in order; the files that the page gives are written on the way."""
    for block in BLOCK.finditer(page):
        write_named(block, folder)
        if block["kind"] != "console":
            continue
        for found in re.finditer(r"^\$ (.*(?:\n(?!\$ ).*)*)", block["text"].rstrip("\n"), re.MULTILINE):
            command, *shown = found[1].split("\n")
            if not command.startswith(SKIPPED):
                yield Step(block.start("text") + found.start(1), block.start("text") + found.end(1), command, shown)


def shortened(shown: Sequence[str], output: str) -> list[str]:
    """The output as a page shows it: as it was where it still matches, else new and shortened at the same places."""
    if matches(shown, output):
        return list(shown)
    new = [line.rstrip() for line in output.rstrip("\n").split("\n")]
    if "…" not in (line.strip() for line in shown):
        found = [_line(old, line) for old, line in _pairs(shown, new)]
    else:
        found = _with_gaps(shown, new)
    return found if matches(found, output) else new


def _with_gaps(shown: Sequence[str], new: list[str]) -> list[str]:
    """Find every run of lines between two `…` where it is most alike; the first at the top, the last at the end."""
    runs: list[list[str]] = [[]]
    for line in shown:
        if line.strip() == "…":
            runs.append([])
        else:
            runs[-1].append(line)
    found: list[str] = []
    at = 0
    for index, run_ in enumerate(runs):
        last = len(new) - len(run_)
        if index == 0 or not run_:
            start = at
        elif index == len(runs) - 1:
            start = max(at, last)
        else:
            start = max(range(at, max(at, last) + 1), key=lambda s: _likeness(run_, new[s:]), default=at)
        if index:
            found.append("…")
        found += [_line(old, line) for old, line in zip(run_, new[start:], strict=False)]
        at = start + len(run_)
    return found


def _likeness(old: list[str], new: list[str]) -> float:
    return sum(difflib.SequenceMatcher(None, a, b).ratio() for a, b in zip(old, new, strict=False))


def _pairs(old: Sequence[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Each new line with the old one that shows it, or with nothing."""
    left = list(old)
    for line in new:
        hit = next((one for one in left if matches([one], line)), None)
        if hit is None:
            close = difflib.get_close_matches(line, left, n=1, cutoff=0.5)
            hit = close[0] if close else ""
        if hit:
            left.remove(hit)
        yield hit, line


def _line(old: str, new: str) -> str:
    """A new line, shortened inside where the old one was."""
    if matches([old], new):
        return old
    pieces, at = old.split("…"), 0
    for left, right in pairwise(pieces):
        start = next(
            (new.find(left[-k:], at) + k for k in range(min(12, len(left)), 2, -1) if left[-k:] in new[at:]), None
        )
        if start is None:
            return new
        end = next(
            (new.find(right[:k], start) for k in range(min(12, len(right)), 0, -1) if right[:k] in new[start:]), -1
        )
        if right and end < 0:
            return new
        new = f"{new[:start]}…{new[end:] if right else ''}"
        at = start + 1
    return new


class _Runner(doctest.DocTestRunner):
    """Keeps what each example answered, whatever was expected."""

    def __init__(self) -> None:
        super().__init__(optionflags=doctest.ELLIPSIS, verbose=False)
        self.got: dict[int, str] = {}

    def report_failure(self, out: Any, test: doctest.DocTest, example: doctest.Example, got: str) -> None:
        """Keep the answer."""
        self.got[test.examples.index(example)] = got

    def report_unexpected_exception(
        self, out: Any, test: doctest.DocTest, example: doctest.Example, exc_info: Any
    ) -> None:
        """Keep the error as doctest shows it."""
        error = "".join(traceback.format_exception_only(exc_info[1]))
        self.got[test.examples.index(example)] = f"Traceback (most recent call last):\n    ...\n{error}"


def session_of(page: str, name: str) -> doctest.DocTest:
    """The Python sessions of a page, joined as one."""
    blocks = [found["text"] for found in BLOCK.finditer(page) if found["kind"] == "python"]
    joined = "\n".join(block for block in blocks if ">>> " in block)
    return doctest.DocTestParser().get_doctest(joined, {}, name, name, 0)


def renewed_sessions(page: str, folder: Path) -> str:
    """The page with the answers of its Python sessions as they are today."""
    for block in BLOCK.finditer(page):
        write_named(block, folder)
    test, runner = session_of(page, "page"), _Runner()
    with chdir(folder):
        runner.run(test, out=lambda _: None, clear_globs=False)
    at = 0
    for index, example in enumerate(test.examples):
        first, *more = example.source.rstrip("\n").split("\n")
        code = "\n".join([f">>> {first}", *(f"... {line}".rstrip() for line in more)]) + "\n"
        at = page.index(code, at) + len(code)
        if index in runner.got and page.startswith(example.want, at):
            got = runner.got[index]
            if got.startswith("Traceback"):
                got = f"Traceback (most recent call last):\n    ...\n{got.rstrip().splitlines()[-1]}\n"
            page = page[:at] + got + page[at + len(example.want) :]
            at += len(got)
    return page


def renewed_console(page: str, folder: Path, lang: str) -> str:
    """The page with the output of its console lines as it is today."""
    parts, at = [], 0
    for step in steps(page, folder):
        lines = shortened(step.shown, run(step.command, folder, lang))
        parts += [page[at : step.start], "\n".join(filter(None, [step.command, "\n".join(lines).strip("\n")]))]
        at = step.end
    return "".join([*parts, page[at:]])


def renewed(path: Path) -> str:
    """A page's text with everything it shows as it is today."""
    text = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        text = renewed_console(text, prepare(Path(folder)), lang_of(path))
    with tempfile.TemporaryDirectory() as folder:
        return renewed_sessions(text, prepare(Path(folder)))


def main(words: list[str]) -> int:
    """Renew the pages that are named, or all; return 1 where `--check` finds one that differs."""
    check = "--check" in words
    pages = [Path(word).resolve() for word in words if word != "--check"] or written_pages()
    changed = 0
    with ProcessPoolExecutor() as workers:
        found = list(workers.map(renewed, pages))
    for page, text in zip(pages, found, strict=True):
        if text == page.read_text(encoding="utf-8"):
            continue
        changed += 1
        print(f"{'differs' if check else 'renewed'}: {page.relative_to(ROOT)}", file=sys.stderr)
        if not check:
            page.write_text(text, encoding="utf-8")
    return int(check and changed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
