"""How long what a profile says surely stays the same, so that years are walked in few steps and no change is missed.

Every fact of a day is a comparison with a day of the documents, with an anniversary of one, or with a count of work:
see `crossing`. Windows move one day a day, but around a 29 February: that day and each 1 March are therefore looked at.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from pydantic import BaseModel

from expressentry.dates import anniversary
from expressentry.factors.derive.model import Doubt
from expressentry.law.law import Law
from expressentry.profile.model import Profile

_YEARLY = ("birth_date", "results_on", "on")
"""Dates whose anniversaries matter: ages, and documents that are valid for some years."""

_LEAP_DAY = date(2024, 2, 29)


class DocumentDays:
    """The days of the documents of a profile, of its open questions and of the rules of counting."""

    def __init__(self, profile: Profile, law: Law, doubts: Iterable[Doubt]) -> None:
        days = list(dated(profile))
        self._yearly = [day for name, day in days if name in _YEARLY] + [_LEAP_DAY, date(_LEAP_DAY.year, 3, 1)]
        fixed = {
            *law.evidence.days,
            *law.measures.days,
            *(day + timedelta(days=add) for _, day in days for add in (0, 1)),
        }
        self._from, self._to = date.max, date.min
        self._fixed = sorted(fixed.union(day for one in doubts for day in (one.since, one.until) if day is not None))

    def after(self, on: date) -> date:
        """The next day of the documents, day after one, anniversary, leap day, 1 March or change of rules."""
        if not self._from <= on < self._to:
            at = bisect_right(self._fixed, on)
            days = [anniversary(day, on.year - day.year + add) for day in self._yearly for add in (0, 1)]
            self._from, self._to = on, min([*self._fixed[at : at + 1], *(day for day in days if day > on)])
        return self._to


_PLAIN = frozenset((type(None), bool, int, float, str, Decimal))


@cache
def _names(kind: type[BaseModel]) -> tuple[str, ...]:
    return tuple(kind.model_fields)


def dated(entry: BaseModel) -> Iterator[tuple[str, date]]:
    """Every day in a part of a profile, with the name of its field."""
    for name in _names(type(entry)):
        value = getattr(entry, name)
        if type(value) in _PLAIN:
            continue
        if isinstance(value, date):
            yield name, value
        for below in value if isinstance(value, tuple) else (value,):
            if isinstance(below, BaseModel):
                yield from dated(below)
