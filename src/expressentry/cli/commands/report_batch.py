"""`report` for several people: a report for each, in as many processes as there are cores."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from expressentry.answers.clients import Row, answered_row, columns_on, failed_row
from expressentry.cli.commands.batch import report_failures
from expressentry.cli.many import Limits, Run, answer_all
from expressentry.cli.people import named, profile_of
from expressentry.cli.support import RAW_CELLS, STOPPED, context_of_run, note_record_age, note_warnings, print_json
from expressentry.errors import FileError, Problem
from expressentry.files import write_atomically
from expressentry.present.tables import write_table
from expressentry.profile.clients import Client
from expressentry.text import Text, same

SUMMARY = "summary.csv"
_MOST_BYTES = 200
_STOPPED = Text(
    "stopped; the reports that were finished are in {f}, without their summary",
    "arrêté; les rapports terminés sont dans {f}, sans leur sommaire",
)


@dataclass(frozen=True, slots=True)
class _Filed:
    """A client, and the file that the report goes to."""

    client: Client
    file: str
    folder: str


def report_batch(sources: Sequence[str], out: str, run: Run, limits: Limits, form: str) -> None:
    """Write a report for each client and a summary; exit status 1 where anyone failed."""
    context = context_of_run(run.law(), run.on)
    rules = context.rules(run.on)
    listed = named(sources, rules.crs.columns).clients
    filed = [_Filed(client, file, out) for client, file in zip(listed, _file_names(listed), strict=True)]
    _make_folder(Path(out))
    STOPPED.set(_STOPPED.fill(f=out))
    rows: list[Row] = []
    failures = []
    read_before = ("expressentry.advise.dossier", "expressentry.present.report")
    for client, found in zip(listed, answer_all(_begin, run, filed, sources[0], limits, read_before), strict=True):
        if isinstance(found, tuple):
            failures.append((client.name, found))
            rows.append({"report": None, **failed_row(client.name, found, rules, run.lang)})
        else:
            rows.append(found)
    write_table(rows, ["report", *columns_on(rules)], Path(out) / SUMMARY, run.on, raw=RAW_CELLS.get())
    report_failures(failures)
    note_warnings(rules)
    note_record_age(context.record, run.on)
    if form == "json":
        print_json({"out": out, "done": len(rows) - len(failures), "failed": len(failures), "rows": rows})
    else:
        from expressentry.present.text.clients import print_reports

        print_reports(rows, len(failures), out, rules, run.lang)
    if failures:
        raise click.exceptions.Exit(1)


def _begin(run: Run) -> Callable[[_Filed], Row]:
    """Read law and record, and give what writes one report."""
    from expressentry.advise.dossier import build_dossier
    from expressentry.present.report import report_pdf

    context = context_of_run(run.law(), run.on)

    def write(one: _Filed) -> Row:
        dossier = build_dossier(
            profile_of(one.client, context.law), run.on, context.record, context.law, draws=context.draws
        )
        write_atomically(Path(one.folder) / one.file, report_pdf(dossier, run.lang))
        return {"report": one.file, **answered_row(one.client.name, dossier.found, run.lang)}

    return write


def _file_names(clients: Sequence[Client]) -> list[str]:
    """A file name for each client, numbered where two would be one, capitals not counting."""
    taken: set[str] = set()
    found = []
    for client in clients:
        plain = client.path.stem if client.row is None else client.name
        stem = re.sub(r"[^\w.-]+", "_", plain).strip("._")
        # A name of the system has 255 bytes, and a number and the ending come behind it.
        stem = stem.encode(errors="replace")[:_MOST_BYTES].decode(errors="ignore") or "client"
        again, name = 1, stem
        while name.lower() in taken:
            again += 1
            name = f"{stem}-{again}"
        taken.add(name.lower())
        found.append(f"{name}.pdf")
    return found


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fix = Text("name a folder that can be written", "nommer un dossier où l'on peut écrire")
        raise FileError(Problem("unwritable", str(path), same(error.strerror or error), fix)) from None
