"""Days and months as whole columns of numbers: the rules of `dates`, a column at a time."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Days = NDArray[np.int32]
"""Days since 1970-01-01."""
NEVER = np.iinfo(np.int32).max
"""The day of what never happens."""
_EPOCH = date(1970, 1, 1).toordinal()


def number(day: date) -> int:
    """The number of a day.

    >>> number(date(1970, 1, 2))
    1
    """
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """The day of a number.

    >>> day_of(1)
    datetime.date(1970, 1, 2)
    """
    return date.fromordinal(int(number) + _EPOCH)


def numbers(column: pl.Series) -> Days:
    """A column of days as numbers; an empty one never comes."""
    found: Days = column.to_physical().cast(pl.Int32).fill_null(NEVER).to_numpy().copy()
    return found


def column(days: NDArray[Any]) -> pl.Series:
    """Numbers as a column of days; what never comes is empty."""
    series = pl.Series(days.astype(np.int32))
    return series.set(series == NEVER, None).cast(pl.Date)


def _calendar() -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], int]:
    """By day its month and its place in the month, both counted from 0; by month its first day and its length."""
    firsts = [date(year, month, 1) for year in range(_FIRST_YEAR, _LAST_YEAR + 1) for month in range(1, 13)]
    start = np.array([number(day) for day in firsts], dtype=np.int32)
    length = np.diff(start)
    month = np.repeat(np.arange(len(length), dtype=np.int32), length)
    within = np.arange(len(month), dtype=np.int32) - (start - start[0])[month]
    return month, within.astype(np.int32), start, length.astype(np.int32), int(start[0])


_FIRST_YEAR, _LAST_YEAR = 1850, 2250
_MONTH, _WITHIN, _START, _LENGTH, _BASE = _calendar()
_IN_MONTHS = (_MONTH << 5) + _WITHIN
"""Each day as its month times 32 and its place in it: whole months are differences over 32, rounded down."""


def _place(days: Days | int) -> Any:
    """Where days stand in the tables; what never comes stands at the last day that they have."""
    return np.minimum(days, _BASE + len(_MONTH) - 1) - _BASE


def months_on(days: Days, months: NDArray[Any] | int) -> Days:
    """`dates.months_on` of a whole column; what never comes still never does.

    >>> start = np.array([number(date(2026, 1, 31)), NEVER], dtype=np.int32)
    >>> [day_of(months_on(start, 1)[0]), int(months_on(start, 1)[1]) == NEVER]
    [datetime.date(2026, 3, 1), True]
    """
    at = _place(days)
    then = np.clip(_MONTH[at] + months, 0, len(_LENGTH) - 1)
    within = _WITHIN[at]
    found = np.where(within < _LENGTH[then], _START[then] + within, _START[then + 1])
    return np.where(days == NEVER, NEVER, found)


def months_between(start: Days, day: Days | int) -> NDArray[np.int32]:
    """Whole months from each day of a column to a day, by the same rule; below 0 where it comes later.

    >>> start = np.array([number(date(2026, 1, 31))], dtype=np.int32)
    >>> [int(months_between(start, number(day))[0]) for day in (date(2026, 2, 28), date(2026, 3, 1))]
    [0, 1]
    """
    found: NDArray[np.int32] = (_IN_MONTHS[_place(day)] - _IN_MONTHS[_place(start)]) >> 5
    return found
