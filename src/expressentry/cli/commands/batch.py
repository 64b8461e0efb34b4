"""`assess` of several people: a table on the screen or in a file; those who cannot be assessed are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import click

from expressentry.answers.basis import law_record
from expressentry.answers.clients import Row, answered_row, columns_on, failed_row
from expressentry.assess.person.readings import assess
from expressentry.cli.many import Limits, Run, answer_all
from expressentry.cli.people import named
from expressentry.cli.support import LANG, RAW_CELLS, note, note_warnings, print_json
from expressentry.errors import Problem, needs
from expressentry.present.tables import check_table, write_table
from expressentry.profile.clients import Client
from expressentry.text import Text


def assess_batch(sources: Sequence[str], out: str | None, run: Run, limits: Limits, form: str) -> None:
    """Assess several people into a table; exit status 1 where anyone failed."""
    if out is not None:
        check_table(Path(out))
        if Path(out).suffix.lower() == ".xlsx":
            needs("report", "xlsxwriter")
    rules = run.law().on(run.on)
    listed = named(sources, rules.crs.columns).clients
    rows: list[Row] = []
    failures = []
    for client, found in zip(listed, answer_all(_begin, run, listed, sources[0], limits), strict=True):
        if isinstance(found, tuple):
            failures.append((client.name, found))
            rows.append(failed_row(client.name, found, rules, run.lang))
        else:
            rows.append(found)
    if out is not None:
        write_table(rows, columns_on(rules), Path(out), run.on, raw=RAW_CELLS.get())
    report_failures(failures)
    note_warnings(rules)
    done = len(rows) - len(failures)
    if form == "json":
        counts = {"clients": len(rows), "done": done, "failed": len(failures)}
        print_json({"out": out, "law": law_record(rules, LANG.get()), **counts, "rows": rows})
    else:
        from expressentry.present.text.clients import print_clients

        print_clients([row for row in rows if row["problems"] is None], rules, len(failures), out, LANG.get())
    if failures:
        raise click.exceptions.Exit(1)


def _begin(run: Run) -> Callable[[Client], Row]:
    law = run.law()
    return lambda client: answered_row(client.name, assess(client.read(law), run.on, law), run.lang)


def report_failures(failures: Iterable[tuple[str, Iterable[Problem]]]) -> None:
    """List the clients who failed, with everything that is wrong, on standard error."""
    for name, problems in failures:
        for problem in problems:
            note(Text("{n}: {p}", "{n} : {p}").fill(n=name, p=Text(problem.say("en"), problem.say("fr"))))
