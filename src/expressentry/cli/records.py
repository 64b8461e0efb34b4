"""The record of rounds of a run, and what must be said of its age."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from expressentry.cli.base import home, note
from expressentry.cli.laws import law_of_run
from expressentry.dates import long_day
from expressentry.law.law import refuse_before_start
from expressentry.rounds.load import load_record
from expressentry.rounds.record import Record
from expressentry.text import Text


def history_folder() -> Path:
    """Where `rounds update` stores what it brought."""
    return home() / "history"


def record_of_run(on: date) -> Record:
    """Load the shipped record and what the user's folder adds.

    Raises UsageError for a day before Express Entry began.
    """
    refuse_before_start(on)
    return stored_record()


def note_record_age(record: Record, on: date) -> None:
    """Say how old the record is, where it is older than 30 days on the day asked."""
    if record.stale(on):
        wording = Text(
            "Warning: the record of rounds ends on {day}, {n} days before {on}; `expressentry rounds update` brings "
            "what came since.",
            "Avertissement : le dossier des rondes finit le {day}, {n} jours avant le {on}; `expressentry rounds "
            "update` apporte la suite.",
        )
        note(wording.fill(day=long_day(record.as_of), n=(on - record.as_of).days, on=long_day(on)))


def stored_record() -> Record:
    """The shipped record with what `rounds update` stored, its rounds read by the names in the law of a run."""
    folder = history_folder()
    return load_record(folder, law_of_run().round_names if folder.is_dir() else None)
