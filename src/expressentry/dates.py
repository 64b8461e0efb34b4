"""Days, ages and anniversaries: all date arithmetic is here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TypeGuard

from expressentry.errors import Problem, UsageError
from expressentry.text import Text

START = date(2015, 1, 1)
"""The first day of Express Entry."""

MONTHS = Text(
    "January February March April May June July August September October November December",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
)
"""The names of the months, in order."""
A_DAY = Text("a real day written YYYY-MM-DD", "un jour réel écrit AAAA-MM-JJ")
LIKE_A_DAY = Text("for example 2026-10-01", "par exemple 2026-10-01")
AN_INSTANT = Text("an instant in UTC: YYYY-MM-DDTHH:MM:SSZ", "un instant UTC : AAAA-MM-JJTHH:MM:SSZ")
LIKE_AN_INSTANT = Text("for example 2024-02-20T15:00:00Z", "par exemple 2024-02-20T15:00:00Z")
_ISO_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_OF_MONTH = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)?")
_ISO_PERIOD = re.compile(r"(\d{4})(?:-(\d{2}))?")


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

    Raises ValueError for anything else: impossible days, no year of four digits, 05/04/2024 with its two readings.

    >>> parse_period("2026"), parse_period("April 2024")[1]
    ((datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)), datetime.date(2024, 4, 30))
    >>> parse_period("1er novembre 2026") == parse_period("2026-11-01") == parse_period("November 1, 2026")
    True
    """
    if _ISO_DAY.fullmatch(text.strip()):
        day = parse_day(text.strip())
        return day, day
    if period := _ISO_PERIOD.fullmatch(text.strip()):
        year, month, days = int(period[1]), int(period[2] or 1), []
    else:
        parts = re.sub(r"[\s,.]+", " ", text.lower()).split()
        years = [int(part) for part in parts if re.fullmatch(r"\d{4}", part)]
        days = [int(found[1]) for part in parts if (found := _DAY_OF_MONTH.fullmatch(part))]
        months = [_month(part) for part in parts if part.isalpha()]
        if len(years) != 1 or len(months) != 1 or len(days) > 1 or len(days) + 2 != len(parts):
            raise ValueError(f"not a year, a month or a day: {text!r}")
        year, month, period = years[0], months[0], None
    first = date(year, month, days[0] if days else 1)
    if days:
        return first, first
    return first, months_on(first, 12 if period and not period[2] else 1) - timedelta(days=1)


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


def first_day(text: str) -> date:
    """The day written YYYY-MM-DD, or the first one of a month or a year: a period begins with it.

    Raises ValueError for anything else.

    >>> first_day("2026"), first_day("2026-02")
    (datetime.date(2026, 1, 1), datetime.date(2026, 2, 1))
    """
    return parse_period(text)[0]


def last_day(text: str) -> date:
    """The day written YYYY-MM-DD, or the last one of a month or a year: a period ends with it.

    Raises ValueError for anything else.

    >>> last_day("2026"), last_day("2026-02")
    (datetime.date(2026, 12, 31), datetime.date(2026, 2, 28))
    """
    return parse_period(text)[1]


def is_day(value: object) -> TypeGuard[date]:
    """Whether a value is a day; Python's instants are days too, which cannot be compared with them.

    >>> is_day(date(2026, 10, 1)), is_day(datetime(2026, 10, 1)), is_day("2026-10-01")
    (True, False, False)
    """
    return isinstance(value, date) and not isinstance(value, datetime)


def as_day(value: date | str, field: str = "on") -> date:
    """The day that a caller gave: a `date`, the day of a `datetime`, or text written YYYY-MM-DD.

    Args:
        value: What was given.
        field: The name of the argument, for the error.

    Raises:
        UsageError: It is no day, or none that exists.

    >>> as_day("2026-10-01"), as_day(datetime(2026, 10, 1, 9, 30))
    (datetime.date(2026, 10, 1), datetime.date(2026, 10, 1))
    """
    if type(value) is date:
        return value
    if isinstance(value, datetime):
        return value.date()
    try:
        return value if isinstance(value, date) else parse_day(value)
    except (TypeError, ValueError):
        raise UsageError(Problem.outside(field, A_DAY, value, LIKE_A_DAY, code="not_a_day")) from None


def as_instant(value: datetime | str, field: str = "submitted") -> datetime:
    """The instant that a caller gave: a `datetime`, in UTC where it names no zone, or text (YYYY-MM-DDTHH:MM:SSZ).

    Args:
        value: What was given.
        field: The name of the argument, for the error.

    Raises:
        UsageError: It is no instant: a day has no time.

    >>> as_instant("2024-02-20T15:00:00Z") == as_instant(datetime(2024, 2, 20, 15))
    True
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        return parse_instant(value)
    except (TypeError, ValueError):
        raise UsageError(Problem.outside(field, AN_INSTANT, value, LIKE_AN_INSTANT, code="not_an_instant")) from None


def day_or_id(text: str, field: str) -> date | None:
    """The day that a name of law is, None for an id; what begins like a day must be one.

    Raises:
        UsageError: It is no day that exists.

    >>> day_or_id("crs-2025-03-25", "a")
    """
    return as_day(text, field) if text[:4].isdecimal() else None


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


def gaps(spans: Iterable[tuple[date, date | None]]) -> list[tuple[date, date]]:
    """The days between spans that none of them covers: first and last day of each gap; a span may have no end.

    >>> day = parse_day
    >>> gaps([(day("2022-09-01"), None), (day("2020-08-18"), day("2022-07-31"))])
    [(datetime.date(2022, 8, 1), datetime.date(2022, 8, 31))]
    """
    found, covered = list[tuple[date, date]](), None
    for start, end in sorted(spans, key=lambda span: span[0]):
        if covered is not None and start > covered + timedelta(days=1):
            found.append((covered + timedelta(days=1), start - timedelta(days=1)))
        covered = max(covered or date.min, end or date.max)
        if covered == date.max:
            break
    return found


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


_ISO_IN_TEXT = re.compile(r"\b\d{4}-\d{2}-\d{2}\b(?!T)")


def spelled(text: Text) -> Text:
    """The same text with its days written in words, as everywhere else on a page.

    >>> spelled(Text("until 2026-11-01", "jusqu'au 2026-11-01")).fr
    "jusqu'au 1er novembre 2026"
    """
    return Text(
        _ISO_IN_TEXT.sub(lambda found: long_day(date.fromisoformat(found[0])).en, text.en),
        _ISO_IN_TEXT.sub(lambda found: long_day(date.fromisoformat(found[0])).fr, text.fr),
    )


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


def long_days(first: date, last: date) -> Text:
    """Write the days from one to another in words, month and year once where they are the same.

    >>> long_days(date(2022, 8, 1), date(2022, 8, 31)).en
    'from 1 to 31 August 2022'
    >>> long_days(date(2022, 8, 1), date(2022, 8, 31)).fr
    'du 1er au 31 août 2022'
    >>> long_days(date(2022, 8, 1), date(2022, 8, 1)).en
    'on 1 August 2022'
    """
    if first == last:
        return Text("on {d}", "le {d}").fill(d=long_day(first))
    start, end = long_day(first), long_day(last)
    if first.year == last.year:
        kept = 1 if first.month == last.month else 2
        start = Text(" ".join(start.en.split()[:kept]), " ".join(start.fr.split()[:kept]))
    return Text("from {a} to {b}", "du {a} au {b}").fill(a=start, b=end)
