"""From what is typed to the value of an answer; what cannot be read stays text, for the checks to refuse in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from expressentry.profile.interview.model import Ask, Kind

YES_NO: Mapping[str, bool] = MappingProxyType(
    dict.fromkeys(("yes", "y", "oui", "o", "true"), True) | dict.fromkeys(("no", "n", "non", "false"), False)
)

_MOST = 10**12


def value_of(ask: Ask, typed: str) -> Any:
    """The value of what was typed; None for an empty answer that leaves the key out.

    >>> from expressentry.text import Text
    >>> value_of(Ask("paid", "yes_no", Text("Paid?", "Payé?"), Text("", "")), "oui")
    True
    """
    typed = typed.strip()
    if not typed:
        return ask.default
    if ask.kind == "word":
        return _word(ask, typed)
    reader = _READERS.get(ask.kind)
    return reader(typed) if reader else typed


def _word(ask: Ask, typed: str) -> str:
    """One of the words, by itself or by its number in the list."""
    words = list(ask.labels)
    if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(words):
        return words[int(typed) - 1]
    return next((word for word in words if word.lower() == typed.lower()), typed)


def _number(typed: str) -> int | float | str:
    plain = typed.replace(" ", "").replace("\u202f", "").replace("\xa0", "").replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return typed
    if not number.is_finite() or not -_MOST < number < _MOST:
        return typed
    return float(plain) if "." in plain else int(number)


def _texts(typed: str) -> list[str]:
    return [part.strip() for part in typed.split(",") if part.strip()]


_READERS: Mapping[Kind, Callable[[str], Any]] = MappingProxyType(
    {
        "yes_no": lambda typed: YES_NO.get(typed.lower(), typed),
        "number": _number,
        "texts": _texts,
        "country": lambda typed: typed.upper() if len(typed) == len("CA") else typed,
    }
)
