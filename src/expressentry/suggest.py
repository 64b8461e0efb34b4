"""Near names: what a misspelt word, key or column was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable

from expressentry.files import fold
from expressentry.text import Text

MOST_LETTERS = 200
"""No name, word or search is longer: what is, is compared with nothing and shown cut."""

_SHORT, _MOST_SLIPS, _TOO_SHORT = 6, 3, 3
_ALIKE = 61.0
"""How like a name must be to be suggested, in hundredths."""


def near_miss(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` was probably meant to be, so that silence would be an error; or None.

    Case, accents, spaces and hyphens never make a new name. Beyond that one slip for every six letters is forgiven,
    three at most; two letters that changed places are one slip.

    >>> near_miss("foriegn_work_years", ["age", "foreign_work_years"])
    'foreign_work_years'
    >>> near_miss("Canadian Study", ["age", "canadian_study"])
    'canadian_study'
    >>> near_miss("wage", ["age"]) is None
    True
    """
    return Known(known).near(name)


class Known:
    """Known names, made ready to be compared with many others."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = [(name, _letters(name), min(len(name) // _SHORT, _MOST_SLIPS)) for name in names]

    def near(self, name: str) -> str | None:
        """The known name that another was probably meant to be; see `near_miss`."""
        if len(name) > MOST_LETTERS:
            return None
        letters = _letters(name)
        for candidate, other, most in self._names:
            if letters == other or (abs(len(letters) - len(other)) <= most and _slips(letters, other, most) <= most):
                return candidate
        return None


def shortened(name: str) -> str:
    """A name as it is shown: a long one cut.

    >>> shortened("abc"), len(shortened("a" * 100_000))
    ('abc', 201)
    """
    return name if len(name) <= MOST_LETTERS else f"{name[:MOST_LETTERS]}…"


def suggestion(name: str, known: Iterable[str]) -> str | None:
    """Return the nearest of the known names, for the fix of an error; None when nothing is near.

    >>> suggestion("celpip-general", ["celpip", "ielts", "tef"])
    'celpip'
    >>> suggestion("toefl", ["celpip", "ielts", "tef"]) is None
    True
    """
    from rapidfuzz import fuzz, process

    known, words = list(known), fold(name[: MOST_LETTERS + 1]).split()
    if len(name) > MOST_LETTERS:
        return None
    near = near_miss(name, known) or next((one for one in known if fold(one) in words), None)
    if near is not None:
        return near
    # Three letters are like too much: TOEFL is no slip for TEF.
    known = [one for one in known if len(one) > _TOO_SHORT]
    found = process.extractOne(name, known, scorer=fuzz.ratio, processor=fold, score_cutoff=_ALIKE)
    return found[0] if found else None


def did_you_mean(near: str | Text) -> Text:
    """The fix that names what was probably meant: a question, which an error says as a sentence of its own.

    >>> did_you_mean("age").fr
    'vouliez-vous dire age?'
    """
    return Text("did you mean {near}?", "vouliez-vous dire {near}?").fill(near=near)


def _letters(name: str) -> str:
    return fold(name).replace(" ", "")


def _slips(a: str, b: str, most: int) -> int:
    """Letters added, dropped, changed or swapped between two words; more than `most` once there are more."""
    from rapidfuzz.distance import OSA

    return OSA.distance(a, b, score_cutoff=most)
