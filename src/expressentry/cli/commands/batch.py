"""`assess --batch`: a list of clients in, a table out; clients who cannot be assessed are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import click

from expressentry.answers.basis import law_record
from expressentry.answers.clients import Row, answered_row, columns_on, counted, failed_row
from expressentry.assess.person.readings import assess
from expressentry.cli.support import LANG, needs, note, note_warnings, print_json, progress, say
from expressentry.errors import ExpressEntryError, Problem, UsageError
from expressentry.law.law import Law
from expressentry.present.tables import check_table, write_table
from expressentry.profile.clients import Client, list_clients
from expressentry.text import Text


def assess_batch(clients: str, out: str | None, on: date, law: Law, form: str) -> None:
    """Assess a list of clients into a table; exit status 1 where anyone failed."""
    if out is None:
        rule = Text("--batch needs --out TABLE", "--batch demande --out TABLE")
        raise UsageError(Problem("missing_out", "out", rule, Text("name a table", "nommer une table")))
    check_table(Path(out))
    if Path(out).suffix.lower() == ".xlsx":
        needs("report", "xlsxwriter")
    rules = law.on(on)
    listed = list_clients(Path(clients), rules.crs.columns)
    with progress(clients, lambda: len(listed)) as advance:
        found = [_one(client, on, law, advance) for client in listed]
    rows, failures = [row for row, _ in found], [(row["client"], wrong) for row, wrong in found if wrong]
    write_table(rows, columns_on(law.on(on)), Path(out), on)
    report_failures(failures)
    note_warnings(rules)
    done = len(rows) - len(failures)
    if form == "json":
        counts = {"clients": len(rows), "done": done, "failed": len(failures)}
        print_json({"out": out, "law": law_record(rules, LANG.get()), **counts, "rows": rows})
    else:
        told = Text("{c}, on the {g}; table: {o}", "{c}, selon la {g}; table : {o}")
        click.echo(say(told.fill(c=counted(done, len(failures)), g=rules.label, o=out)))
    if failures:
        raise click.exceptions.Exit(1)


def _one(client: Client, on: date, law: Law, advance: Callable[[int], None] | None) -> tuple[Row, tuple[Problem, ...]]:
    """The row of a client, and what was wrong."""
    try:
        row = answered_row(client.name, assess(client.read(law), on, law), LANG.get())
        problems: tuple[Problem, ...] = ()
    except ExpressEntryError as error:
        row, problems = failed_row(client.name, error.problems, law.on(on), LANG.get()), error.problems
    if advance is not None:
        advance(1)
    return row, problems


def report_failures(failures: Iterable[tuple[str, Iterable[Problem]]]) -> None:
    """List the clients who failed, with everything that is wrong, on standard error."""
    for name, problems in failures:
        for problem in problems:
            note(Text("{n}: {p}", "{n} : {p}").fill(n=name, p=Text(problem.say("en"), problem.say("fr"))))
