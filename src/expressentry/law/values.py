"""Values of columns in words."""

from __future__ import annotations

from typing import Any

from expressentry.law.schema import Column
from expressentry.text import Text, same

NOT_GIVEN = Text("not given", "non fourni")


def value_of(column: Column, value: Any) -> Text:
    """A value of a column in words."""
    if value is None:
        return NOT_GIVEN
    if isinstance(value, bool):
        return Text("yes", "oui") if value else Text("no", "non")
    if column.kind == "amount":
        return dollars(value)
    if value in column.labels:
        return column.labels[value]
    return Text("{v} {u}", "{v} {u}").fill(v=value, u=_of_one(column.unit, value)) if column.unit else same(value)


def _of_one(unit: Text, value: Any) -> Text:
    """A unit as it follows a number: of one there is one year, and in French of none too."""
    en = unit.en.removesuffix("s") if value == 1 else unit.en
    return Text(en, unit.fr.removesuffix("s") if value in (0, 1) else unit.fr)


def dollars(amount: int) -> Text:
    """An amount in Canadian dollars.

    >>> dollars(15263).fr
    '15 263 $'
    """
    grouped = f"{amount:,}"
    return Text(f"${grouped}", f"{grouped.replace(',', ' ')} $")
