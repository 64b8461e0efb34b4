"""What every command shares: the language of the run, the user's folder, law and record, and output.

What costs time to import is imported inside the function that needs it: a cold command pays for what it uses.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from expressentry.errors import Problem, UsageError, needs
from expressentry.terminal import fitting, takes_all_letters, unguarded
from expressentry.text import Lang, Text, visible

if TYPE_CHECKING:
    from expressentry.answers.context import Context
    from expressentry.law.law import Law
    from expressentry.law.rule_set import LawWarning, RuleSet
    from expressentry.profile.model import Profile
    from expressentry.rounds.record import Record

LAWS: ContextVar[dict[tuple[object, ...], Law] | None] = ContextVar("LAWS", default=None)
"""The laws that this run has read: options and commands share them. None outside a run, where nothing is kept."""
RAW_CELLS: ContextVar[bool] = ContextVar("RAW_CELLS", default=False)
"""Whether `--raw-cells` was given: text stays in CSV as it is, also where a spreadsheet would work it out."""
LANG: ContextVar[Lang] = ContextVar("LANG", default="en")
STOPPED: ContextVar[Text | None] = ContextVar("STOPPED", default=None)
"""What is said where a run is ended in the middle, by a command that writes as it goes; of others nothing stays."""


def say(text: Text) -> str:
    """A text in the language of this run."""
    return text.say(LANG.get())


def language(args: Sequence[str], environ: Mapping[str, str]) -> Lang:
    """The language of a run: `--lang`, else EXPRESSENTRY_LANG, else the locale; else English."""
    for at, arg in enumerate(args):
        value = (
            arg[7:] if arg.startswith("--lang=") else args[at + 1] if arg == "--lang" and at + 1 < len(args) else None
        )
        if value in ("en", "fr"):
            return "fr" if value == "fr" else "en"
    for name in ("EXPRESSENTRY_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return "fr" if environ[name].lower().startswith("fr") else "en"
    return "en"


def home() -> Path:
    """The one folder of what a user adds: EXPRESSENTRY_HOME, else the platform's data folder."""
    given = os.environ.get("EXPRESSENTRY_HOME")
    if given:
        return Path(given)
    from platformdirs import user_data_path

    return user_data_path("expressentry")


def law_of_run(laws: Sequence[str] = (), numbers: Iterable[str] = ()) -> Law:
    """The law of a run: the shipped law, the files in the user's folder `law/`, and what `--law` and `--set` name."""
    from expressentry.answers.context import read_law

    known, key = LAWS.get(), (home(), tuple(laws), tuple(numbers))
    if known is None or key not in known:
        law = read_law(key[0], laws, parse_numbers(key[2]))
        if known is None:
            return law
        known[key] = law
    return known[key]


def parse_numbers(given: Iterable[str]) -> dict[str, int]:
    """Read `NAME=NUMBER` pairs."""
    found, problems = {}, []
    for pair in given:
        name, _, number = pair.partition("=")
        try:
            found[name] = int(number)
        except ValueError:
            rule = Text("NAME=WHOLE NUMBER", "NOM=NOMBRE ENTIER")
            problems.append(Problem("not_a_number", "set", rule, Text("for example a=25", "par exemple a=25"), pair))
    if problems:
        raise UsageError(problems)
    return found


def record_of_run(law: Law, on: date | None = None) -> Record:
    """The record of rounds of a run: the shipped record and what the user's folder adds, by the names in its law.

    Raises:
        UsageError: The day asked about is before Express Entry began.
    """
    from expressentry.answers.context import read_record
    from expressentry.law.law import refuse_before_start

    if on is not None:
        refuse_before_start(on)
    return read_record(home(), law)


def context_of_run(law: Law, on: date | None = None) -> Context:
    """The law and the record that the answers of a run rest on.

    Raises:
        UsageError: The day asked about is before Express Entry began.
    """
    from expressentry.answers.context import Context

    return Context(law, record_of_run(law, on), history_folder())


def history_folder() -> Path:
    """Where `rounds update` stores what it brought."""
    from expressentry.answers.context import HISTORY_FOLDER

    return home() / HISTORY_FOLDER


def read_person(path: str, law: Law) -> Profile:
    """Read a profile, whose test scores fit the charts of the law of the run.

    Raises:
        UsageError: The file has factors, which say nothing of another day.
        FactorsError: The facts are wrong.
    """
    from expressentry.profile.read import read_profile

    return read_profile(dated_facts(path), law)


def dated_facts(path: str) -> dict[str, Any]:
    """The facts of a profile as they are written, not checked yet.

    Raises:
        UsageError: The file has factors, which say nothing of another day.
        FactorsError: The file is neither TOML nor JSON.
    """
    from expressentry.answers.context import not_a_profile
    from expressentry.profile.read import is_profile, read_document

    facts = read_document(Path(path))
    if not is_profile(facts):
        raise UsageError(not_a_profile(path, WRITE_A_PROFILE))
    return facts


WRITE_A_PROFILE = Text("write a profile: expressentry profile new", "écrire un profil : expressentry profile new")


def print_json(record: object) -> None:
    """Write JSON for people and pipes."""
    import json

    # Escaped as JSON does it, so that what is read back is what it was.
    click.echo(visible(json.dumps(record, ensure_ascii=not takes_all_letters(sys.stdout), indent=2), lines=True))


def print_file(text: str) -> None:
    """Write what is a file in UTF-8 by its kind (TOML, Atom, NDJSON), also where the output has another encoding."""
    click.echo(text if takes_all_letters(sys.stdout) else visible(text, lines=True).encode(), nl=False)


def print_csv(rows: Sequence[Mapping[str, object]], columns: Sequence[str] = ()) -> None:
    """Write rows as CSV with a header; `columns` names them where there may be no row."""
    from expressentry.present.tables import comma_separated

    # In a pipe it is data, and stays as it is.
    to = sys.stdout if sys.stdout.isatty() else unguarded(sys.stdout)
    to.write(fitting(comma_separated(rows, columns or (list(rows[0]) if rows else []), raw=RAW_CELLS.get()), to))


def print_rows(rows: Sequence[Mapping[str, object]], form: str, columns: Sequence[str] = ()) -> None:
    """Write rows as JSON or as CSV."""
    if form == "json":
        print_json(rows)
    else:
        print_csv(rows, columns)


def note(text: Text | str) -> None:
    """Write a warning or a remark to standard error."""
    click.echo(say(text) if isinstance(text, Text) else text, err=True)


def note_warnings(rules: RuleSet, more: Iterable[LawWarning] = ()) -> None:
    """Write the warnings that belong beside every number of a rule set, and more of them."""
    for warning in (*more, *rules.warnings):
        note(Text("Warning: {m}", "Avertissement : {m}").fill(m=warning.message))


def note_record_age(record: Record, on: date) -> None:
    """Say that newer rounds are missing, where the record ends more than 30 days before the day asked about."""
    from expressentry.dates import long_day

    if record.stale(on):
        wording = Text(
            "Warning: rounds since {day} are missing. `expressentry rounds update` brings them.",
            "Avertissement : les rondes depuis le {day} manquent. `expressentry rounds update` les apporte.",
        )
        note(wording.fill(day=long_day(record.as_of)))


EXTRA_OF = {
    "altair": "charts",
    "apprise": "notify",
    "vl_convert": "charts",
    "numpy": "lab",
    "scipy": "lab",
    "prometheus_client": "pool",
    "psycopg": "pool",
    "yoyo": "pool",
    "typst": "report",
    "xlsxwriter": "report",
    "pyspark": "spark",
    "anyio": "web",
    "fastapi": "web",
    "jinja2": "web",
    "limits": "web",
    "markupsafe": "web",
    "mcp": "web",
    "starlette": "web",
    "uvicorn": "web",
}
"""The modules that only an extra installs, for what is imported where it is used."""


def drawable(path: str) -> None:
    """Refuse a picture where what draws it is not installed, or the ending is not that of a picture."""
    needs("charts", "altair", "vl_convert")
    from expressentry.present.charts.save import check_ending

    check_ending(Path(path))


@contextmanager
def progress(title: str, total: Callable[[], int | None]) -> Iterator[Callable[[int], None] | None]:
    """Show how many are done, and how long it still takes, on standard error.

    None where that is no terminal, and then `total` is not asked; where there is no total, the time gone is shown.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    all_of_them = total()
    clock = TimeElapsedColumn() if all_of_them is None else TimeRemainingColumn()
    columns = (
        TextColumn(visible(title), markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        clock,
    )
    with Progress(*columns, console=Console(file=unguarded(sys.stderr)), transient=True) as bar:
        task = bar.add_task(title, total=all_of_them)
        yield lambda done: bar.advance(task, done)
