"""Money as people write it: 25000, 25,000, $25,000, 25 000 $, CAD 25,000.00. One reader for forms, files and tables."""

from __future__ import annotations

import re
from typing import Final

_BLANK: Final = r"[ \u00a0\u2009\u202f]"
_SIGN: Final = r"(?:(?:CA|C)?\$(?:CA)?|CAD|CDN)"
_GROUPED: Final = "|".join(rf"[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+(?:[.,]00)?" for mark in (_BLANK, "['’]"))
# A comma before two figures is a decimal comma only where nobody can have meant thousands: 25,00 is refused.
_AMOUNT: Final = rf"[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.00)?|{_GROUPED}|[0-9]{{4,15}},00|[0-9]{{1,15}}(?:\.00)?"
DOLLARS: Final = rf"^{_BLANK}*(?:{_SIGN}{_BLANK}*)?({_AMOUNT})(?:{_BLANK}*{_SIGN})?{_BLANK}*$"
"""An amount; the first group has its figures, and what separates thousands and cents. Polars reads it too."""
CENTS: Final = "[.,]00$"
"""The cents of an amount's first group: there are none."""

_WRITTEN: Final = re.compile(DOLLARS, re.IGNORECASE)


def parse_dollars(text: str) -> int:
    r"""Read an amount of whole dollars as people write it in English or in French.

    Thousands are separated by a comma, a space or an apostrophe, the same one throughout; the sign may be before or
    after; cents may be written where they are 00. A point never separates thousands: 25.000 could be 25 dollars.

    Raises ValueError for anything else: other cents, a sign below zero, 1e5, groups that are not of three figures.

    >>> [parse_dollars(text) for text in ("25,000", "$25,000.00", "25\u202f000 $", "CAD 25000")]
    [25000, 25000, 25000, 25000]
    >>> parse_dollars("25.000")
    Traceback (most recent call last):
    ValueError: not an amount of whole dollars: '25.000'
    """
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f"not an amount of whole dollars: {text!r}")
    return int(re.sub("[^0-9]", "", re.sub(CENTS, "", found[1])))
