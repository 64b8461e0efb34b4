"""Misspelt column names: near enough to a name of the schema that silence would be an error."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SHORT = 6


def near_miss(name: str, known: Iterable[str]) -> str | None:
    """Return the schema name that `name` was probably meant to be, or None.

    Case, spaces and hyphens never make a new name; beyond that one slip for every six letters, a swap counting as one.

    >>> near_miss("foriegn_work_years", ["age", "foreign_work_years"])
    'foreign_work_years'
    >>> near_miss("Canadian Study", ["age", "canadian_study"])
    'canadian_study'
    >>> near_miss("wage", ["age"]) is None
    True
    """
    plain = _plain(name)
    for candidate in known:
        if plain == _plain(candidate) or 0 < _slips(plain, _plain(candidate)) <= min(len(candidate) // _SHORT, 3):
            return candidate
    return None


def suggestion(name: str, known: Iterable[str]) -> str | None:
    """Return the nearest of the known names for an error's fix, or None when nothing is near."""
    from difflib import get_close_matches

    known = list(known)
    return near_miss(name, known) or next(iter(get_close_matches(name, known, 1, 0.6)), None)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _slips(a: str, b: str) -> int:
    """Letters added, dropped, changed or swapped between two words (optimal string alignment)."""
    before, row = [0] * (len(b) + 1), list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i] + [0] * len(b)
        for j, y in enumerate(b, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                row[j] = min(row[j], older[j - 2] + 1)
    return row[-1]
