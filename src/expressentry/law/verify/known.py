"""What the comparison with the statutes knows beforehand, from `data/verify`: addresses, wordings, reasons, results."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from expressentry.law.instruments import Instrument
from expressentry.law.source import DATA
from expressentry.text import Lang, Text

FOLDER = DATA.parent / "verify"
KEPT = "compared.toml"
"""The file with the result of the last comparison that was recorded: the package's own, or that of a user's folder."""
COMPARED = FOLDER / KEPT
_USERS: list[Path] = []


@dataclass(frozen=True, slots=True)
class Known:
    """A statute: its number, its files below an address, the address of a section, and its title."""

    id: str
    number: str
    files: Text
    section: Text
    title: Text

    def link(self, section: str, lang: Lang) -> str:
        """The address of a section at Justice Laws, in the language asked for."""
        return self.section.say(lang).replace("{s}", section)


@cache
def _data() -> Mapping[str, Any]:
    return tomli.loads((FOLDER / "statutes.toml").read_text("utf-8"))


@cache
def statutes() -> Mapping[str, Known]:
    """The statutes whose provisions places cite, by short name."""
    return {
        id_: Known(id_, one["number"], _text(one["files"]), _text(one["section"]), _text(one["title"]))
        for id_, one in _data()["statutes"].items()
    }


def _text(both: Mapping[str, str]) -> Text:
    return Text(both["en"], both["fr"])


def statute_of(instrument: Instrument) -> str | None:
    """The statute whose provisions the places of an instrument name; None for instructions and pages."""
    named: str | None = _data()["provisions_of"].get(instrument.id)
    if named is not None or instrument.kind not in ("act", "regulations"):
        return named
    parts = set(re.split(r"[/?#]", instrument.address))
    return next((id_ for id_, one in statutes().items() if one.number.replace("/", "-") in parts), None)


def named_in_words() -> Mapping[str, str]:
    """Provisions that answers name in their words, in English and in French."""
    found: Mapping[str, str] = _data()["named"]
    return found


def words_of(place: str) -> Mapping[str, Text]:
    """How the statute words the values of a place that have no number."""
    return {value: _text(both) for value, both in _data()["words"].get(place, {}).items()}


def reason(figure: str, lang: Lang) -> Text | None:
    """Why a figure is not in the place cited, where that is known."""
    from fnmatch import fnmatchcase

    for one in _data()["elsewhere"]:
        if one.get("lang", lang) == lang and (
            fnmatchcase(figure, one["figure"]) or fnmatchcase(figure, one["figure"] + ".*")
        ):
            return _text(one["why"])
    return None


def amendment(statute: str, day: date) -> Text | None:
    """What an amendment of a day did, where that is known."""
    for one in _data()["amended"]:
        if (one["statute"], one["day"]) == (statute, day):
            return _text(one["what"])
    return None


def look_in(folder: Path | None) -> None:
    """Let answers cite what a user recorded in a folder, where it is not older than the package's own comparison."""
    _USERS[:] = [folder / KEPT] if folder is not None else []
    compared.cache_clear()


@cache
def compared() -> Mapping[str, Any]:
    """The comparison that was last recorded: for each statute its consolidation and how much was found."""
    found = [one for path in (COMPARED, *_USERS) if (one := _recorded(path))]
    return max(found, key=lambda one: (_day(one), found.index(one)), default={})


def _recorded(path: Path) -> Mapping[str, Any]:
    """What a file has; nothing where it is missing or cannot be read, for the comparison can be made again."""
    try:
        found = tomli.loads(path.read_text("utf-8"))
        _day(found)
        all_there = all(set(_FIGURES) <= found["figures"].keys() and found[id_]["citations"] >= 0 for id_ in statutes())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return found if all_there else {}


def _day(found: Mapping[str, Any]) -> date:
    """The day of a comparison."""
    days: list[date] = [found[id_]["on"] for id_ in statutes()]
    if not all(type(day) is date for day in [*days, *(found[id_]["consolidated"] for id_ in statutes())]):
        raise TypeError(days)
    return max(days)


_FIGURES = ("found", "elsewhere", "earlier", "missing")
