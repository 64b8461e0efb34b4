"""From what is typed to the value of an answer; what cannot be read stays text, for the checks to refuse in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from expressentry.files import fold
from expressentry.money import parse_dollars
from expressentry.profile.countries import countries, named
from expressentry.profile.interview.model import Ask, Kind
from expressentry.text import YES_NO, Text, whole_number

CHOSEN: frozenset[Kind] = frozenset(("yes_no", "word", "country", "body"))
"""The kinds of question that a form shows as a choice."""

UNKNOWN = "unknown"
"""Typed where a question offers it: that it is not known, or does not apply. To leave a question out is no answer."""

_UNKNOWN = frozenset((UNKNOWN, "inconnu", "?"))
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:[.,][0-9]{1,6})?")
_BLANK = re.compile(r"[ \u00a0\u2009\u202f]")


def value_of(ask: Ask, typed: str) -> Any:
    """The value of what was typed; None for an answer that leaves the key out.

    >>> from expressentry.text import Text
    >>> value_of(Ask("paid", "yes_no", Text("Paid?", "Payé?"), Text("", "")), "oui")
    True
    """
    typed = typed.strip()
    if not typed or (ask.empty is not None and typed.lower() in _UNKNOWN):
        return None
    if ask.kind == "word":
        return _word(ask, typed)
    if ask.kind == "wage":
        return _hourly(ask, typed)[0]
    reader = _READERS.get(ask.kind)
    return reader(typed) if reader else typed


def _word(ask: Ask, typed: str) -> str:
    """One of the words: by itself, by its number in the list, by what the list calls it, or by how only it begins."""
    words = list(ask.labels)
    if number := whole_number(typed, len(words)):
        return words[number - 1]
    said = fold(typed)
    known = {word: [fold(one) for one in (word, *label)] for word, label in ask.labels.items()}
    begun = [word for word, names in known.items() if len(said) > 2 and any(one.startswith(said) for one in names)]
    return next((word for word, names in known.items() if said in names), begun[0] if len(begun) == 1 else typed)


def answers(ask: Ask, typed: str | None) -> bool:
    """Whether what was typed answers a question; nothing typed does where the question says what that means.

    A choice is an answer only when it was made: no button and no list answers by being left alone.
    """
    if typed is None:
        return False
    return bool(typed.strip()) or (ask.empty is not None and ask.kind not in CHOSEN)


def _number(typed: str) -> int | float | str:
    plain = _BLANK.sub("", typed)
    if not _NUMBER.fullmatch(plain):
        return typed
    plain = plain.replace(",", ".")
    return float(plain) if "." in plain else int(plain)


def _money(typed: str) -> int | str:
    try:
        return parse_dollars(typed)
    except ValueError:
        return typed


def _country(typed: str) -> str:
    """The code of a country that is written as its code, or as its name in either language."""
    return typed.upper() if typed.upper() in countries() else named(typed) or typed


def _hourly(ask: Ask, typed: str) -> tuple[int | str, int]:
    """A wage in whole dollars an hour, and the wage of a year that it was converted from, 0 for none."""
    amount = _number(typed.strip().lstrip("$").rstrip("$"))
    if isinstance(amount, str):
        return typed, 0
    if amount <= MOST_HOURLY or not ask.hours_a_year:
        return int(amount) if amount >= 0 else typed, 0
    return int(amount / ask.hours_a_year), int(amount)


def converted(ask: Ask, typed: str) -> Text | None:
    """Where a wage of a year was typed: what it comes to an hour."""
    if ask.kind != "wage":
        return None
    hourly, yearly = _hourly(ask, typed)
    if not yearly:
        return None
    wording = Text(
        "{y} dollars a year, divided by {h} hours, are {n} dollars an hour",
        "{y} dollars par an, divisés par {h} heures, font {n} dollars l'heure",
    )
    return wording.fill(y=yearly, h=ask.hours_a_year, n=hourly)


MOST_HOURLY = 255
"""What is more is a wage of a year: no hour that a stream asks about is paid so much."""


def _texts(typed: str) -> list[str]:
    return [part.strip() for part in typed.split(",") if part.strip()]


_READERS: Mapping[Kind, Callable[[str], Any]] = MappingProxyType(
    {
        "yes_no": lambda typed: YES_NO.get(typed.lower(), typed),
        "number": _number,
        "money": _money,
        "texts": _texts,
        "country": _country,
    }
)
