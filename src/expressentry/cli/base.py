"""What every command shares: the language of the run, the user's folder, and output."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path

import click

from expressentry.text import Lang, Text

LANG: ContextVar[Lang] = ContextVar("LANG", default="en")


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


def print_json(record: object) -> None:
    """Write JSON for people and pipes."""
    import json

    click.echo(json.dumps(record, ensure_ascii=False, indent=2))


def print_csv(rows: Sequence[Mapping[str, object]], columns: Sequence[str] = ()) -> None:
    """Write rows as CSV with a header; `columns` names them where there may be no row."""
    import csv

    writer = csv.DictWriter(sys.stdout, columns or (list(rows[0]) if rows else []), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: str(v).lower() if isinstance(v, bool) else v for name, v in row.items()})


def note(text: Text | str) -> None:
    """Write a warning or a remark to standard error."""
    click.echo(say(text) if isinstance(text, Text) else text, err=True)
