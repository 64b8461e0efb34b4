"""Test reports and categories as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from expressentry.law.criteria.categories import CategoryVersion
from expressentry.law.languages import NAMES, Converted
from expressentry.noc.codes import noc2021
from expressentry.present.records.person import cite_record
from expressentry.rounds.record import Record
from expressentry.text import Lang


def converted_record(found: Converted, lang: Lang = "en") -> dict[str, Any]:
    """The levels of a test report, then what they rest on."""
    return {
        **found.levels,
        "at_most": list(found.at_most),
        "test": found.test,
        "name": NAMES[found.test],
        "language": found.language,
        "taken_on": found.taken_on.isoformat(),
        "line": found.line.say(lang) if found.line else None,
        "chart": found.chart,
        "cites": [cite_record(cite, lang) for cite in found.cites],
    }


def version_record(one: CategoryVersion, lang: Lang = "en") -> dict[str, Any]:
    """One version of a category as a row: when, how many occupations, and what it asks for in words."""
    return {
        "id": one.category,
        "version": one.version,
        "title": one.title.say(lang),
        "from": one.start.isoformat(),
        "until": one.until.isoformat() if one.until else None,
        "occupations": len(one.occupations),
        "condition": "; ".join(condition.say(lang) for condition in one.conditions),
    }


def round_record(one: CategoryVersion, record: Record, on: date) -> dict[str, Any]:
    """The newest round of the category up to a day, whatever the version, and whether the category is dormant."""
    last = record.last_round(one.category, on=on)
    return {
        "last_round": last.number if last else None,
        "last_round_date": last.date.isoformat() if last else None,
        "last_round_version": last.version if last else None,
        "dormant": record.dormant(one.category, on=on),
    }


VERSION_COLUMNS = (
    *("id", "version", "title", "from", "until", "occupations", "condition"),
    *("last_round", "last_round_date", "last_round_version", "dormant"),
)
OCCUPATION_COLUMNS = ("category", "version", "noc", "title", "teer")


def occupation_records(one: CategoryVersion, lang: Lang = "en") -> list[dict[str, Any]]:
    """The occupations of a version, one a row."""
    groups = noc2021()
    return [
        {
            "category": one.category,
            "version": one.version,
            "noc": code,
            "title": groups[code].title.say(lang),
            "teer": groups[code].teer,
        }
        for code in sorted(one.occupations)
    ]


@dataclass(frozen=True, slots=True)
class Change:
    """What a version added to the list before it and removed from it."""

    before: CategoryVersion
    after: CategoryVersion
    added: tuple[str, ...]
    removed: tuple[str, ...]


def changes(versions: tuple[CategoryVersion, ...]) -> list[Change]:
    """The change from each version to the next."""
    return [
        Change(
            before,
            after,
            tuple(sorted(after.occupations - before.occupations)),
            tuple(sorted(before.occupations - after.occupations)),
        )
        for before, after in pairwise(versions)
    ]
