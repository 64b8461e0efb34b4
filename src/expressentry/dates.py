"""Days, ages and anniversaries: all date arithmetic is here."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from expressentry.text import Text

START = date(2015, 1, 1)
"""The first day of Express Entry."""

MONTHS = Text(
    "January February March April May June July August September October November December",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
)
"""The names of the months, in order."""
_ISO_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_day(text: str) -> date:
    """Read a day written YYYY-MM-DD, and no other way.

    Raises ValueError for anything else, impossible days included.

    >>> parse_day("2026-10-01")
    datetime.date(2026, 10, 1)
    """
    if not _ISO_DAY.fullmatch(text):
        raise ValueError(f"not a day written YYYY-MM-DD: {text!r}")
    return date.fromisoformat(text)


def parse_period(text: str) -> tuple[date, date]:
    """Read a year, a month or a day as people write it, in English or French: its first and its last day.

    Raises ValueError for anything else, impossible days included.

    >>> parse_period("April 2024")
    (datetime.date(2024, 4, 1), datetime.date(2024, 4, 30))
    >>> parse_period("1er novembre 2026") == parse_period("2026-11-01") == parse_period("November 1, 2026")
    True
    """
    parts = re.sub(r"[\s,./-]+", " ", text.strip().lower()).split()
    numbers = [int(re.sub(r"(?<=\d)(er|st|nd|rd|th)$", "", part)) for part in parts if part[:1].isdigit()]
    months = [_month(part) for part in parts if not part[:1].isdigit()]
    if not numbers or len(months) > 1 or len(numbers) + len(months) > 3:
        raise ValueError(f"not a year, a month or a day: {text!r}")
    year = next((one for one in numbers if one > 31), numbers[0])
    numbers.remove(year)
    if months:
        month, rest = months[0], numbers
    elif len(numbers) == 2 and not _ISO_DAY.fullmatch(text.strip()):
        raise ValueError(f"day and month cannot be told apart: {text!r}")
    else:
        month, rest = (numbers or [0])[0], numbers[1:]
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    if rest:
        return date(year, month, rest[0]), date(year, month, rest[0])
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _month(word: str) -> int:
    """The number of a month by its name, or by three letters of it or more, in either language."""
    for names in MONTHS:
        for number, name in enumerate(names.lower().split(), 1):
            if len(word) >= 3 and name.startswith(word):
                return number
    raise ValueError(f"not a month: {word!r}")


def day_or_none(text: str) -> date | None:
    """The day that a text is, None for any other text.

    >>> day_or_none("crs-2025-03-25")
    """
    try:
        return parse_day(text)
    except ValueError:
        return None


def anniversary(day: date, years: int) -> date:
    """The same day so many years on, or back; 29 February falls on 1 March in a common year.

    >>> anniversary(date(2024, 2, 29), 1)
    datetime.date(2025, 3, 1)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def completed_years(start: date, day: date) -> int:
    """Whole years from a day to another: an age, where the first is a birth.

    A person born on 29 February is a year older on 1 March of a common year.

    >>> completed_years(date(1996, 2, 29), date(2026, 2, 28)), completed_years(date(1996, 2, 29), date(2026, 3, 1))
    (29, 30)
    """
    return day.year - start.year - ((day.month, day.day) < (start.month, start.day))


def months_on(day: date, months: int) -> date:
    """The same day so many months on, or the first of the next month where that month is too short.

    >>> months_on(date(2026, 1, 31), 1)
    datetime.date(2026, 3, 1)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:
        return date(year + (month == 11), (month + 1) % 12 + 1, 1)


def parse_instant(text: str) -> datetime:
    """Read an instant in UTC written YYYY-MM-DDTHH:MM:SSZ, and no other way.

    Raises ValueError for anything else, impossible instants included.

    >>> parse_instant("2024-02-25T11:55:12Z").isoformat()
    '2024-02-25T11:55:12+00:00'
    """
    if not _ISO_INSTANT.fullmatch(text):
        raise ValueError(f"not an instant written YYYY-MM-DDTHH:MM:SSZ: {text!r}")
    return datetime.fromisoformat(text)


def long_day(day: date) -> Text:
    """Write a day in words.

    >>> long_day(date(2026, 11, 1)).fr
    '1er novembre 2026'
    """
    ordinal = "1er" if day.day == 1 else str(day.day)
    return Text(
        f"{day.day} {MONTHS.en.split()[day.month - 1]} {day.year}",
        f"{ordinal} {MONTHS.fr.split()[day.month - 1]} {day.year}",
    )
