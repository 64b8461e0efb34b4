"""Loading the record: what this package ships, and on top of it what updates stored."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

import tomli

from expressentry.law.round_names import RoundNames
from expressentry.rounds.record import PoolDay, Record, RecordSource, Round
from expressentry.text import Text

HISTORY = Path(__file__).parent.parent / "data" / "history"


def load_record(folder: str | Path | None = None, names: RoundNames | None = None) -> Record:
    """Load the shipped record and, on top of it, what `rounds update` stored in a folder.

    Args:
        folder: Where `rounds update` stored what it brought; None, or a folder that is not there: nothing.
        names: The names of rounds under the law that is used, else under the shipped law.

    Raises:
        RecordError: A file of the folder cannot be read.

    >>> load_record().round("293").tie_break.isoformat()
    '2024-02-25T11:55:12+00:00'
    """
    if folder is None or not Path(folder).is_dir():
        return shipped_record()
    from expressentry.rounds.updates import with_updates  # what reads a feed costs a cold start too much

    return with_updates(shipped_record(), Path(folder), names)


@cache
def shipped_record() -> Record:
    """The shipped record, read once."""
    head = tomli.loads((HISTORY / "sources.toml").read_text(encoding="utf-8"))
    sources = {
        id_: RecordSource(
            id_,
            _text(one["title"]),
            one["address"],
            one["seen"],
            one["confidence"],
            _text(one["doubt"]) if "doubt" in one else None,
        )
        for id_, one in head["sources"].items()
    }
    rounds = tuple(_round(row) for row in rows_of("rounds.csv"))
    pool, quoted = (tuple(_pool_day(row) for row in rows_of(name)) for name in ("pool.csv", "pool_quoted.csv"))
    return Record(rounds, pool, quoted, head["as_of"], sources)


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a table of `data/history`."""
    with (HISTORY / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _round(row: Mapping[str, str]) -> Round:
    return Round(
        number=row["number"],
        date=date.fromisoformat(row["date"]),
        at=_instant(row["datetime_utc"]),
        type=row["type"],
        category=row["category"] or None,
        version=row["version"] or None,
        name=row["name"],
        first_name=row["first_name"] or None,
        programs=row["programs"] or None,
        invitations=int(row["invitations"]),
        cutoff=int(row["cutoff"]),
        tie_break=_instant(row["tie_break"]),
        source=row["source"],
        checked=date.fromisoformat(row["checked"]),
        at_raw=row["datetime_raw"] or None,
        tie_break_raw=row["tie_break_raw"] or None,
        corrected=dict(pair.split("=", 1) for pair in row["corrected"].split(";") if pair),
        doubt=_doubt(row),
    )


def _pool_day(row: Mapping[str, str]) -> PoolDay:
    bands = {}
    for name, candidates in row.items():
        low, dash, high = name.partition("-")
        if dash and candidates:
            bands[int(low), int(high)] = int(candidates)
    numbers = tuple(row["rounds"].split())
    checked = date.fromisoformat(row["checked"])
    return PoolDay(date.fromisoformat(row["as_of"]), bands, numbers, row["source"], checked, _doubt(row))


def _text(one: Mapping[str, str]) -> Text:
    return Text(one["en"], one["fr"])


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _doubt(row: Mapping[str, str]) -> Text | None:
    return Text(row["doubt_en"], row["doubt_fr"]) if row["doubt_en"] else None
