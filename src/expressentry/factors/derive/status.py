"""Status in Canada: on which days a person could work there, and by what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from expressentry.dates import gaps
from expressentry.factors.derive.ledger import OPEN
from expressentry.profile.model import Status

PERMIT, STUDY, CLAIMANT, NONE, UNKNOWN = "permit", "study", "claimant", "none", "unknown"
"""What allows work on a day in Canada: a work permit or s. 186; a study permit; a refugee claim; nothing; not known."""

NOT_GIVEN = "status"
"""The doubt over days before the first entry or after the last, and over all days where no permits are given."""

_BEST_FIRST = (CLAIMANT, PERMIT, STUDY, UNKNOWN, NONE)
# A refugee claimant with a work permit has no temporary resident status, so the claim goes before the permit.
_KINDS = {"study_permit": STUDY, "refugee_claimant": CLAIMANT, "visitor": NONE, "none": NONE}


class Authority(NamedTuple):
    """Days with the same authority to work: `studies` where a study permit is held too, `doubt` where it is not known.

    A doubt is named by its id, which says whose days they are read with.
    """

    start: int
    end: int
    state: str
    studies: bool = False
    doubt: str = ""


def ends(status: Status) -> int:
    """The day after the last one, OPEN where it continues."""
    return OPEN if status.end is None else status.end.toordinal() + 1


class ImmigrationStatus:
    """The permits of one person; `entries` is None where they are not known, and empty without a permit."""

    def __init__(self, status: Sequence[Status] | None) -> None:
        self.entries = None if status is None else tuple(sorted(status, key=lambda one: one.start))
        self.gaps = {
            f"gap:{first}": (first, last) for first, last in gaps((one.start, one.end) for one in self.entries or ())
        }
        """For each doubt over a gap between two entries, its first and its last day."""

    def holding(self, on: date) -> list[Status]:
        """The entries that are valid on a day."""
        return self._holding(on.toordinal())

    def _holding(self, day: int) -> list[Status]:
        return [one for one in self.entries or () if one.start.toordinal() <= day < ends(one)]

    def stretches(self, start: int, end: int, *, employer: str | None) -> list[Authority]:
        """Cut the days of a job in Canada by what allowed the work."""
        cuts = {start, end}
        for one in self.entries or ():
            cuts |= {day for day in (one.start.toordinal(), ends(one)) if start < day < end}
        found: list[Authority] = []
        for begin, stop in pairwise(sorted(cuts)):
            held = self._authority(begin, stop, employer)
            if found and found[-1][2:] == held[2:]:
                found[-1] = found[-1]._replace(end=stop)
            else:
                found.append(held)
        return found

    def _authority(self, start: int, end: int, employer: str | None) -> Authority:
        """What allowed work on days that begin and end with the entries."""
        if self.entries is None:
            return Authority(start, end, UNKNOWN, doubt=NOT_GIVEN)
        if not self.entries:
            return Authority(start, end, NONE)
        states = {self._of(one, employer) for one in self._holding(start)}
        if not states:
            # Documents begin and end somewhere, and leave gaps: what was held on other days is asked, never assumed.
            return Authority(start, end, UNKNOWN, doubt=self._gap(start))
        state = next(state for state in _BEST_FIRST if state in states)
        return Authority(start, end, state, STUDY in states, NOT_GIVEN if state == UNKNOWN else "")

    def _gap(self, day: int) -> str:
        """The doubt over a day that no entry covers."""
        on = date.fromordinal(day)
        return next((name for name, (first, last) in self.gaps.items() if first <= on <= last), NOT_GIVEN)

    def _of(self, one: Status, employer: str | None) -> str:
        if one.kind == "maintained":
            return self._carried_on(one, employer)
        if one.employers and employer is not None and not named(employer, one):
            return NONE
        return _KINDS.get(one.kind, PERMIT)

    def _carried_on(self, one: Status, employer: str | None) -> str:
        """What maintained status carries on: what was held on the day before, of several the work permit (R186(u)).

        Where nothing was held on that day, what ended last before it; where nothing ended before, it is not known.
        """
        before = [other for other in self.entries or () if other.start < one.start]
        held = [other for other in before if ends(other) >= one.start.toordinal()]
        if not held and before:
            last = max(map(ends, before))
            held = [other for other in before if ends(other) == last]
        states = {self._of(other, employer) for other in held}
        return next((state for state in _BEST_FIRST if state in states), UNKNOWN)


def named(employer: str, status: Status) -> bool:
    """Whether a permit names an employer."""
    return employer.casefold() in {name.casefold() for name in status.employers or ()}
