"""`report` for several people: a report for each, in as many processes as there are cores."""

from __future__ import annotations

import gc
import os
import re
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import click

from expressentry.answers.clients import Row, answered_row, columns_on, failed_row
from expressentry.answers.context import Context
from expressentry.cli.commands.batch import report_failures
from expressentry.cli.people import apart, named, profile_of
from expressentry.cli.support import (
    LANG,
    RAW_CELLS,
    context_of_run,
    law_of_run,
    note_record_age,
    note_warnings,
    print_json,
    progress,
)
from expressentry.errors import FileError, Problem
from expressentry.files import write_atomically
from expressentry.present.tables import write_table
from expressentry.profile.clients import Client
from expressentry.text import Lang, Text, same

SUMMARY = "summary.csv"
_MOST_BYTES = 200
_FEW = 4
"""Below so many clients a second process takes longer to start than it saves."""

Done = tuple[Row, tuple[Problem, ...]]


@dataclass(frozen=True, slots=True)
class Order:
    """What a batch is asked for: everything that a process needs to write a report as the others do."""

    clients: tuple[str, ...]
    out: str
    on: date
    lang: Lang
    laws: tuple[str, ...]
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a process keeps from one report to the next."""

    order: Order
    context: Context


_DESK: list[_Desk] = []


def report_batch(order: Order, jobs: int | None, form: str) -> None:
    """Write a report for each client and a summary; exit status 1 where anyone failed."""
    context = _context(order)
    rules = context.rules(order.on)
    listed = named(order.clients, rules.crs.columns).clients
    filed = list(zip(listed, _file_names(listed), strict=True))
    _make_folder(Path(order.out))
    with progress(order.clients[0], lambda: len(filed)) as advance:
        found = []
        for done in _all(order, filed, jobs or _cores()):
            found.append(done)
            if advance is not None:
                advance(1)
    rows = [row for row, _ in found]
    columns = ["report", *columns_on(rules)]
    write_table(rows, columns, Path(order.out) / SUMMARY, order.on, raw=RAW_CELLS.get())
    failures = [(row["client"], wrong) for row, wrong in found if wrong]
    report_failures(failures)
    note_warnings(rules)
    note_record_age(context.record, order.on)
    if form == "json":
        print_json({"out": order.out, "done": len(rows) - len(failures), "failed": len(failures), "rows": rows})
    else:
        from expressentry.present.text.person import print_reports

        print_reports(rows, len(failures), order.out, rules, LANG.get())
    if failures:
        raise click.exceptions.Exit(1)


def _all(order: Order, filed: Sequence[tuple[Client, str]], jobs: int) -> Iterator[Done]:
    """Every report in the order of the clients; Ctrl-C ends the other processes too."""
    if jobs == 1 or len(filed) < _FEW:
        _open_desk(order)
        yield from map(_write, filed)
        return
    # New processes: copies of one that already runs threads may wait for ever.
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (order,))
    try:
        yield from pool.map(_write, filed, chunksize=_FEW)
    except BaseException:
        pool.shutdown(wait=True, cancel_futures=True)
        raise
    pool.shutdown()


def _begin(order: Order) -> None:
    """Begin in a process of its own: the keyboard's Ctrl-C is its parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # There is a process for each core already: threads of Polars and typst would only wait for one another.
    os.environ |= dict.fromkeys(("POLARS_MAX_THREADS", "RAYON_NUM_THREADS"), "1")
    LANG.set(order.lang)
    _open_desk(order)
    gc.freeze()  # law and record stay to the end; they need not be looked at again and again


def _open_desk(order: Order) -> None:
    _DESK[:] = [_Desk(order, _context(order))]


def _context(order: Order) -> Context:
    return context_of_run(law_of_run(order.laws, order.numbers), order.on)


def _write(filed: tuple[Client, str]) -> Done:
    """Write one report; what is wrong with one client is that client's row."""
    from expressentry.advise.dossier import build_dossier
    from expressentry.present.report import report_pdf

    (client, file), desk = filed, _DESK[0]
    order = desk.order

    def written() -> Row:
        person = profile_of(client, desk.context.law)
        dossier = build_dossier(person, order.on, desk.context.record, desk.context.law, draws=desk.context.draws)
        write_atomically(Path(order.out) / file, report_pdf(dossier, order.lang))
        return {"report": file, **answered_row(client.name, dossier.found, order.lang)}

    found = apart(written)
    if isinstance(found, dict):
        return found, ()
    return {"report": None, **failed_row(client.name, found, desk.context.rules(order.on), order.lang)}, found


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


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
