"""`assess` of several people: a table on the screen or in a file; those who cannot be assessed are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

import click

from expressentry.answers.basis import law_record
from expressentry.answers.clients import Row, answered_row, columns_on, failed_row
from expressentry.assess.person.readings import assess
from expressentry.cli.people import apart, named
from expressentry.cli.support import LANG, RAW_CELLS, note, note_warnings, print_json, progress
from expressentry.errors import Problem, needs
from expressentry.law.law import Law
from expressentry.present.tables import check_table, write_table
from expressentry.profile.clients import Client
from expressentry.text import Text


def assess_batch(sources: Sequence[str], out: str | None, on: date, law: Law, form: str) -> None:
    """Assess several people into a table; exit status 1 where anyone failed."""
    if out is not None:
        check_table(Path(out))
        if Path(out).suffix.lower() == ".xlsx":
            needs("report", "xlsxwriter")
    rules = law.on(on)
    listed = named(sources, rules.crs.columns).clients
    with progress(sources[0], lambda: len(listed)) as advance:
        found = [_one(client, on, law, advance) for client in listed]
    rows, failures = [row for row, _ in found], [(row["client"], wrong) for row, wrong in found if wrong]
    if out is not None:
        write_table(rows, columns_on(rules), Path(out), on, raw=RAW_CELLS.get())
    report_failures(failures)
    note_warnings(rules)
    done = len(rows) - len(failures)
    if form == "json":
        counts = {"clients": len(rows), "done": done, "failed": len(failures)}
        print_json({"out": out, "law": law_record(rules, LANG.get()), **counts, "rows": rows})
    else:
        from expressentry.present.text.person import print_clients

        print_clients([row for row in rows if row["problems"] is None], rules, len(failures), out, LANG.get())
    if failures:
        raise click.exceptions.Exit(1)


def _one(client: Client, on: date, law: Law, advance: Callable[[int], None] | None) -> tuple[Row, tuple[Problem, ...]]:
    """The row of a client, and what was wrong."""
    found = apart(lambda: answered_row(client.name, assess(client.read(law), on, law), LANG.get()))
    if advance is not None:
        advance(1)
    return (found, ()) if isinstance(found, dict) else (failed_row(client.name, found, law.on(on), LANG.get()), found)


def report_failures(failures: Iterable[tuple[str, Iterable[Problem]]]) -> None:
    """List the clients who failed, with everything that is wrong, on standard error."""
    for name, problems in failures:
        for problem in problems:
            note(Text("{n}: {p}", "{n} : {p}").fill(n=name, p=Text(problem.say("en"), problem.say("fr"))))
