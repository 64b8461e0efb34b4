"""How long a profile and an invitation are valid.

window_on(law, day)           the days to apply after an invitation of a day, by the dated list
profile_ends(law, instant)    the first day on which a profile submitted at that instant is no longer valid
left_pool(law, instant)       the instant of its anniversary at which it leaves the pool
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from expressentry.dates import anniversary
from expressentry.law.law import Law
from expressentry.law.lists import Row
from expressentry.text import Text

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The days to apply after an invitation.

    `last` is surely in time, `last_at_most` is the latest day that may be; `days` is the number of days, or the two
    that are possible where the list has no number, and `doubt` says why.
    """

    invited: date
    days: tuple[int, ...]
    last: date
    last_at_most: date
    doubt: Text | None
    instrument: str

    @property
    def established(self) -> int | None:
        """The number of days, None where the list has no number."""
        return self.days[0] if len(self.days) == 1 else None

    def open_on(self, day: date) -> bool | None:
        """Whether a day is in time; None where it depends on which number of days holds."""
        if day < self.invited or day > self.last_at_most:
            return False
        return True if day <= self.last else None


def window_on(law: Law, invited: date) -> Window:
    """Return the window of an invitation.

    Args:
        law: The law whose list of windows is used.
        invited: The day of the invitation.

    >>> from expressentry.law.load import load_law
    >>> window = window_on(load_law(), date(2026, 10, 1))
    >>> print(window.days, window.last, window.last_at_most)
    (60,) 2026-11-30 2026-11-30
    """
    rows = law.list("invitation_windows")
    at = next(n for n, row in enumerate(rows) if row.holds(invited))
    row = rows[at]
    days = (int(row.values["days"]),) if row.values["days"] else _either(rows, at)
    doubt = Text(row.values["doubt_en"], row.values["doubt_fr"]) if row.values["doubt_en"] else None
    eve = invited - _DAY if law.evidence.on(invited).invitation_day_counts else invited
    last, at_most = (eve + number * _DAY for number in (min(days), max(days)))
    return Window(invited, days, last, at_most, doubt, row.instrument)


def _either(rows: tuple[Row, ...], at: int) -> tuple[int, ...]:
    """Where the list has no number: those before and after."""
    return tuple(sorted({int(rows[n].values["days"]) for n in (at - 1, at + 1)}))


def profile_ends(law: Law, submitted: datetime) -> date:
    """The first day on which a profile submitted at an instant is no longer valid; days are those of UTC.

    >>> from expressentry.law.load import load_law
    >>> print(profile_ends(load_law(), datetime(2024, 2, 29, 12, tzinfo=UTC)))
    2025-03-02
    """
    ends = _anniversary(law, submitted)
    counts = law.evidence.on(submitted.astimezone(UTC).date()).profile_anniversary_counts
    return ends + _DAY if counts else ends


def left_pool(law: Law, submitted: datetime) -> datetime:
    """The instant from which a profile is no longer valid: that of its receipt a year later, or the end of that day.

    >>> from expressentry.law.load import load_law
    >>> print(left_pool(load_law(), datetime(2025, 3, 2, 14, 30, tzinfo=UTC)))
    2026-03-02 14:30:00+00:00
    """
    ends = _anniversary(law, submitted)
    if law.evidence.on(ends).profile_ends_at_time:
        return datetime.combine(ends, submitted.astimezone(UTC).time(), UTC)
    return datetime.combine(profile_ends(law, submitted), time(), UTC)


def _anniversary(law: Law, submitted: datetime) -> date:
    sent = submitted.astimezone(UTC).date()
    return anniversary(sent, law.evidence.on(sent).profile_valid_years)
