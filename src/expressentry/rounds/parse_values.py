"""Numbers, days and instants as the department spells them, in English and French, slips included."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from expressentry.dates import MONTHS
from expressentry.files import unaccented
from expressentry.text import Text


class Read(NamedTuple):
    """An instant as read, and what had to be presumed to read it."""

    value: datetime
    doubt: Text | None = None


_NUMBER = re.compile(r"\d{1,3}(?:[ , \u00a0\u202f]\d{3})+|\d+", re.ASCII)
_ENGLISH_DAY = re.compile(r"([a-z]+)\.? +(\d{1,2})(?:st|nd|rd|th)?\b[.,]? *(\d{4})?", re.ASCII)
_FRENCH_DAY = re.compile(r"(\d{1,2})(?:er)? +([a-z]+)\.? *(\d{4})?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}) *[:h] *(\d{2}) *(?::|min) *(\d{2})(?: *s)?\b *(am|pm)?", re.ASCII)
_NOON = 12
_DAY_APART = timedelta(days=1)

_NO_YEAR = Text(
    "Published without a year; the last such day before the round is used.",
    "Publié sans année; le dernier jour ainsi désigné avant la ronde est retenu.",
)
_OTHER_DAY = Text(
    "Published with a day that is not the round's ({raw}); the day of the round is used.",
    "Publié avec un jour qui n'est pas celui de la ronde ({raw}); le jour de la ronde est retenu.",
)


def read_number(text: str) -> int:
    """Read a whole number with or without a thousands separator: comma, blank or none.

    Raises ValueError for anything else.

    >>> read_number("5,000"), read_number("20 784"), read_number("779")
    (5000, 20784, 779)
    """
    plain = text.strip()
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"not a whole number: {text!r}")
    return int(re.sub(r"\D", "", plain))


def read_day(text: str) -> date:
    """Read a day written out: "August 16, 2026", "16 août 2026", or 2026-08-16.

    Raises ValueError for anything else.
    """
    plain = _plain(text)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", plain):
        return date.fromisoformat(plain)
    month, day, year = _day_of(plain)
    if year is None:
        raise ValueError(f"a day without a year: {text!r}")
    return date(year, month, day)


def read_instant(text: str, near: date, *, own: bool) -> Read:
    """Read an instant in UTC. `near` is the day of the round; `own` says that the instant is the round's own.

    A stray AM or PM beside a 24-hour clock is ignored. An instant without a year is the last such one before the
    round. The round's own time, published more than a day away from its day, keeps the time and takes the day; both
    presumptions come back as the doubt. Raises ValueError where no day or no time can be read.

    >>> read_instant("August 19th 2026 at 12:35:37 UTC", date(2026, 8, 19), own=True).value.isoformat()
    '2026-08-19T12:35:37+00:00'
    >>> read_instant("October 7 at 16:38:21 UTC", date(2021, 10, 27), own=False).value.year
    2021
    """
    plain = _plain(text)
    clock = _CLOCK.search(plain)
    if clock is None:
        raise ValueError(f"no time of day: {text!r}")
    hour, minute, second = (int(clock[at]) for at in (1, 2, 3))
    if clock[4] == "pm" and hour < _NOON:
        hour += _NOON
    month, day, year = _day_of(plain)
    given = year if year is not None else near.year
    value = datetime(given, month, day, hour, minute, second, tzinfo=UTC)
    doubt = None
    if year is None:
        value = value if value.date() <= near else value.replace(year=given - 1)
        doubt = _NO_YEAR
    if own and abs(value.date() - near) > _DAY_APART:
        value, doubt = value.replace(year=near.year, month=near.month, day=near.day), _OTHER_DAY.fill(raw=text.strip())
    return Read(value, doubt)


def _day_of(plain: str) -> tuple[int, int, int | None]:
    """Month, day and year of the first day named."""
    for pattern, month_at, day_at in ((_ENGLISH_DAY, 1, 2), (_FRENCH_DAY, 2, 1)):
        for found in pattern.finditer(plain):
            month = _MONTH_NUMBERS.get(found[month_at])
            if month is not None:
                return month, int(found[day_at]), int(found[3]) if found[3] else None
    raise ValueError(f"no day: {plain!r}")


def _plain(text: str) -> str:
    """Small letters without accents, single blanks; punctuation tells clocks from numbers and stays."""
    return re.sub(r"\s+", " ", unaccented(text)).strip().lower()


_MONTH_NUMBERS = {name: at for months in MONTHS for at, name in enumerate(_plain(months).split(), 1)}
