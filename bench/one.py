"""(d) One person, explained and cited; (e) `assess` from a cold shell; (g) dated facts; (h) every round replayed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bench.measure import alternate, report
from expressentry import assess_person, assess_profile, load_record, read_profile, replay
from expressentry.assess.person.readings import Assessment
from expressentry.profile.read import read_document

DAY = date(2026, 10, 1)
ROOT = Path(__file__).parent.parent
FACTORS = ROOT / "examples" / "engineer.toml"
PEOPLE = sorted((ROOT / "examples" / "people").glob("*.toml"))
TIMES = 2000


def bench() -> None:
    """Time one person in-process, then the command from a cold shell."""
    facts = read_document(FACTORS)
    taken = alternate({"assess": lambda: [assess_person(facts, DAY).lines for _ in range(TIMES)]}, 5)
    each = taken["assess"] / TIMES * 1e3
    report("(d) one person: checked, scored, every line cited", each, "ms", "≤ 0.3", met=each <= 0.3)
    dated()
    cold()


def dated() -> None:
    """Dated facts from the file's content to every finding, and one person through every round."""
    documents = [read_document(path) for path in PEOPLE]
    jobs = {
        "assess": lambda: [whole(assess_profile(read_profile(document), DAY)) for document in documents],
        "replay": lambda: replay(read_profile(documents[2]), record),
    }
    record = load_record()
    taken = alternate(jobs, 15)
    each = taken["assess"] / len(documents) * 1e3
    report("(g) dated facts: read, derived, assessed, explained", each, "ms", "≤ 5", met=each <= 5)
    spent = taken["replay"] * 1e3
    rounds = len(replay(read_profile(documents[2]), record).rounds)
    report(
        "(h) replay of one person", spent, "ms", "≤ 150", met=spent <= 150, more=f"{rounds} rounds since the first test"
    )


def whole(found: Assessment) -> None:
    """Work out everything that an answer shows."""
    _ = found.totals, found.programs, found.categories, found.lines, found.derived.because


def cold() -> None:
    """The command from a cold shell, for factors and for dated facts."""
    program = Path(sys.executable).with_name("expressentry")
    jobs = {
        "pass": shell(sys.executable, "-c", "pass"),
        "libraries": shell(sys.executable, "-c", "import click, rich.console, rich.table"),
        "factors": shell(str(program), "assess", str(FACTORS), "--on", "2026-10-01"),
        "pydantic": shell(sys.executable, "-c", "import click, rich.console, rich.table, pydantic"),
        "dated": shell(str(program), "assess", str(PEOPLE[2]), "--on", "2026-10-01"),
    }
    taken = alternate(jobs, 21)
    for name, libraries, bound, what in (
        ("factors", "libraries", 12, "(e) cold assess of factors, times python -c pass"),
        ("dated", "pydantic", 20, "(i) cold assess of dated facts, times python -c pass"),
    ):
        ratio, alone = taken[name] / taken["pass"], taken[libraries] / taken["pass"]
        more = f"{taken[name] * 1e3:.0f} ms; the libraries alone {alone:.1f}"
        report(what, ratio, "×", f"≤ {bound}", met=ratio <= bound, more=more)


def shell(*words: str) -> Callable[[], object]:
    """Run a program in a separate process."""
    # Compiled modules may be written, as for any user; the run that warms up writes them.
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return lambda: subprocess.run(words, capture_output=True, check=True, env=environ)
