"""The time to apply after an invitation, by the dated list; counted both ways, as the first day is not settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from expressentry.law.law import Law
from expressentry.law.lists import Row
from expressentry.text import Text

_ONE_DAY = Text(
    "the list says days, not whether the day of the invitation is the first: the later last day counts it as none",
    "la liste dit des jours, non si celui de l'invitation est le premier : le dernier jour le plus tardif ne le compte "
    "pas",
)


@dataclass(frozen=True, slots=True)
class Window:
    """The days to apply after an invitation.

    `last` is a day that is in time however days are counted, `last_at_most` the latest that may be; `days` the number
    of days, or the two that are possible where the list does not tell.
    """

    invited: date
    days: tuple[int, ...]
    last: date
    last_at_most: date
    doubt: Text
    instrument: str

    def open_on(self, day: date) -> bool | None:
        """Whether a day is in time; None where it rests on how days are counted."""
        if day < self.invited or day > self.last_at_most:
            return False
        return True if day <= self.last else None


def window_days(invited: date, law: Law) -> Window:
    """The window of an invitation of a day.

    >>> from expressentry.law.load import load_law
    >>> window = window_days(date(2026, 10, 1), load_law())
    >>> print(window.days, window.last, window.last_at_most)
    (60,) 2026-11-29 2026-11-30
    """
    rows = law.list("invitation_windows")
    at = next(n for n, row in enumerate(rows) if row.holds(invited))
    row = rows[at]
    days = (int(row.values["days"]),) if row.values["days"] else _either(rows, at)
    doubt = _ONE_DAY
    if row.values["doubt_en"]:
        doubt = Text("{a} {b}", "{a} {b}").fill(a=Text(row.values["doubt_en"], row.values["doubt_fr"]), b=_ONE_DAY)
    last = invited + timedelta(days=min(days) - 1)
    return Window(invited, days, last, invited + timedelta(days=max(days)), doubt, row.instrument)


def _either(rows: Sequence[Row], at: int) -> tuple[int, ...]:
    """Where the list does not tell the number: those before and after."""
    return tuple(sorted({int(rows[n].values["days"]) for n in (at - 1, at + 1)}))
