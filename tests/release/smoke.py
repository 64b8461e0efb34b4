"""What an installed expressentry must do, by what was installed: run by any Python, against any command.

    python tests/release/smoke.py EXTRA COMMAND…     EXTRA is bare, all, or an extra of pyproject.toml

The standard library is enough: nothing of the checkout is imported, and the working folder is an empty one.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

EXTRAS = ("bare", "charts", "lab", "notify", "pool", "pool-client", "report", "spark", "web", "all")
ENGINEER, DAY = "examples/people/engineer.toml", ["--on", "2024-04-11"]


class FailedError(Exception):
    """A command did not do what it must."""


class Installed:
    """The command, in an empty folder of its own."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self.command, self.folder = list(command), folder
        unset = {"EXPRESSENTRY_DATABASE", "EXPRESSENTRY_LANG", "PYTHONIOENCODING"}
        self.env = {name: value for name, value in os.environ.items() if name not in unset}
        self.env |= {"EXPRESSENTRY_HOME": str(folder / "home"), "LC_ALL": "C.UTF-8", "EXPRESSENTRY_LANG": "en"}

    def __call__(self, line: str, *, status: int = 0, has: str = "", **env: str) -> str:
        """Run a line; return what it wrote to both streams."""
        done = subprocess.run(
            [*self.command, *line.split()], cwd=self.folder, env={**self.env, **env}, capture_output=True, check=False
        )
        encoding = env.get("PYTHONIOENCODING", "utf-8")
        told = (done.stdout + done.stderr).decode(encoding)
        if done.returncode != status or has not in told or "Traceback" in told:
            raise FailedError(
                f"expressentry {line}: status {done.returncode}, wanted {status} and {has!r}\n{told[-2000:]}"
            )
        return done.stdout.decode(encoding)

    def imports(self, names: str) -> None:
        """Import modules in the Python that runs this."""
        words = [sys.executable, "-c", f"import {names}"]
        done = subprocess.run(words, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise FailedError(f"import {names}: {done.stderr[-2000:]}")

    def makes(self, line: str, name: str, begins: bytes) -> None:
        """Run a line that writes a file; the file begins as its kind does."""
        self(line)
        found = (self.folder / name).read_bytes()
        if not found.startswith(begins) or len(found) < 100:
            raise FailedError(f"expressentry {line}: {name} begins with {found[:20]!r}")


def bare(run: Installed) -> None:
    """What every installation does."""
    run("--version", has="Not a Government of Canada product")
    run("--help", has="assess")
    run("examples --out examples", has=ENGINEER)
    run(f"assess {ENGINEER} {' '.join(DAY)} --brief", has="CRS 491 points")
    found = json.loads(run(f"assess {ENGINEER} {' '.join(DAY)} --format json"))
    if (found["crs"]["total"], found["law"]["established"]) != (491, True):
        raise FailedError(f"assess: {found['crs']['total']}")
    run(f"timeline {ENGINEER} --on 2024-04-12 --until 2025-03-01", has="2025-02-03", PYTHONIOENCODING="cp1252")
    run("categories show stem --on 2026-10-01 --lang fr", has="é", PYTHONIOENCODING="cp1252")
    run("rounds show 293", has="491")
    run(f"rounds replay {ENGINEER} --submitted 2024-02-20T15:00:00Z --on 2024-04-12", has="293")
    run("convert ielts --date 2024-01-15 8 7 7 7", has="9")
    run("occupations show 21211", has="Data scientists")
    run("law check", has="law ok")
    run(f"plan {ENGINEER} --on 2024-04-12 --size 1")
    run(f"compare {ENGINEER} examples/people/nurse.toml --on 2026-10-01")
    run("provinces list --on 2026-10-01 --lang fr", has="Saskatchewan")
    run("score examples/people.csv --out scores.csv --on 2026-10-01")
    if "crs" not in (run.folder / "scores.csv").read_text(encoding="utf-8"):
        raise FailedError("score: no column crs")


def refused(run: Installed) -> None:
    """What needs an extra says which."""
    for line, extra in {
        "pool init": "pool",
        "serve --port 0": "web",
        "mcp": "web",
        f"report {ENGINEER} --out x.pdf {' '.join(DAY)}": "report",
        f"timeline {ENGINEER} --chart x.svg {' '.join(DAY)}": "charts",
        "simulate population --size 50 --out x.parquet": "lab",
    }.items():
        run(line, status=2, has=f'pip install "expressentry[{extra}]"')


def charts(run: Installed) -> None:
    """Pictures."""
    run.makes("rounds chart cutoffs --out cutoffs.png", "cutoffs.png", b"\x89PNG")
    run.makes(f"timeline {ENGINEER} --on 2024-04-12 --chart timeline.svg", "timeline.svg", b"<svg")


def lab(run: Installed) -> None:
    """Invented people, and forecasts."""
    run.makes("simulate population --size 500 --on 2026-10-01 --out people.parquet", "people.parquet", b"PAR1")
    run("forecast cec --on 2026-10-01", has="%")


def pool(run: Installed) -> None:
    """A round in a pool of its own."""
    run("pool init --on 2026-10-01")
    for person in ("engineer", "graduate"):
        run(f"pool submit examples/people/{person}.toml --person {person} --on 2026-10-01")
    run("pool round issue general 1 --on 2026-10-01", has="invited 1")
    run("pool verify", has="everything agrees")
    run.makes("pool backup --out pool.dump", "pool.dump", b"")


def pool_client(run: Installed) -> None:
    """Without programs of PostgreSQL the fix is named; with those of the system root may have to be somebody else."""
    for status in (0, 1):
        try:
            run("pool init --on 2026-10-01", status=status)
        except FailedError:
            continue
        return
    raise FailedError("pool init with pool-client")


def report(run: Installed) -> None:
    """A report, and a table for a spreadsheet."""
    run.makes(f"report {ENGINEER} --out report.pdf {' '.join(DAY)}", "report.pdf", b"%PDF")
    run.makes(f"assess {ENGINEER} {' '.join(DAY)} --out table.xlsx", "table.xlsx", b"PK")


def notify(run: Installed) -> None:
    """What sends messages is there."""
    run.imports("apprise")


def spark(run: Installed) -> None:
    """The functions for Spark can be imported; a session needs Java, which no wheel has."""
    run.imports("expressentry.spark, pyspark")


def web(run: Installed) -> None:
    """The site, the API and the tools of an assistant."""
    run("mcp --check", has="assess")
    server = subprocess.Popen(
        [*run.command, "serve", "--port", "0"], cwd=run.folder, env=run.env, stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stderr is not None
        told = server.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", told)
        if address is None:
            raise FailedError(f"serve: {told}")
        for path, has in (("/en", "Express Entry"), ("/fr", "Entrée express"), ("/health", ""), ("/api/v1/law", "crs")):
            with urllib.request.urlopen(address[0] + path, timeout=60) as answer:
                if answer.status != 200 or has not in answer.read().decode():
                    raise FailedError(f"serve: {path}")
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=60)
    if server.returncode != 0:
        raise FailedError(f"serve: status {server.returncode}")


def everything(run: Installed) -> None:
    """All extras at once."""
    for part in (charts, lab, pool, report, web):
        part(run)


PARTS: dict[str, Callable[[Installed], None]] = {
    "bare": refused,
    "charts": charts,
    "lab": lab,
    "notify": notify,
    "pool": pool,
    "pool-client": pool_client,
    "report": report,
    "spark": spark,
    "web": web,
    "all": everything,
}


def main(words: Sequence[str]) -> int:
    """Run what an extra must do; the exit status is 1 at the first failure."""
    extra, *command = words
    with tempfile.TemporaryDirectory() as folder:
        run = Installed(command, Path(folder))
        try:
            bare(run)
            PARTS[extra](run)
        except FailedError as failure:
            sys.stderr.write(f"{failure}\n")
            return 1
    sys.stdout.write(f"{extra}: ok\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
