"""Status in Canada: on which days a person could work there, and by what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from expressentry.factors.derive.ledger import OPEN
from expressentry.profile.model import Status

PERMIT, STUDY, CLAIMANT, NONE, UNKNOWN = "permit", "study", "claimant", "none", "unknown"
"""What allows work on a day in Canada: a work permit or s. 186; a study permit; a refugee claim; nothing; not known."""

_BEST_FIRST = (CLAIMANT, PERMIT, STUDY, NONE)
# A refugee claimant with a work permit has no temporary resident status, so the claim goes before the permit.
_KINDS = {"study_permit": STUDY, "refugee_claimant": CLAIMANT, "visitor": NONE, "none": NONE}


def ends(status: Status) -> int:
    """The day after the last one, OPEN where it continues."""
    return OPEN if status.end is None else status.end.toordinal() + 1


class ImmigrationStatus:
    """The permits of one person; `entries` is None where they are not known, and empty without a permit."""

    def __init__(self, status: Sequence[Status] | None) -> None:
        self.entries = None if status is None else tuple(sorted(status, key=lambda one: one.start))

    def holding(self, on: date) -> list[Status]:
        """The entries that are valid on a day."""
        day = on.toordinal()
        return [one for one in self.entries or () if one.start <= on and day < ends(one)]

    def stretches(self, start: int, end: int, *, employer: str | None, continues: bool) -> list[tuple[int, int, str]]:
        """Cut the days of a job in Canada by what allowed the work."""
        cuts = {start, end}
        for one in self.entries or ():
            cuts |= {day for day in (one.start.toordinal(), ends(one)) if start < day < end}
        found: list[tuple[int, int, str]] = []
        for begin, stop in pairwise(sorted(cuts)):
            state = self._state(begin, employer, continues=continues)
            if found and found[-1][2] == state:
                found[-1] = (found[-1][0], stop, state)
            else:
                found.append((begin, stop, state))
        return found

    def _state(self, day: int, employer: str | None, *, continues: bool) -> str:
        if self.entries is None:
            return UNKNOWN
        if not self.entries:
            return NONE
        states = {self._of(one, employer) for one in self.entries if one.start.toordinal() <= day < ends(one)}
        if states:
            return next(state for state in _BEST_FIRST if state in states)
        before = day < self.entries[0].start.toordinal()
        after = day >= max(ends(one) for one in self.entries)
        # The documents begin somewhere, and a job that continues may have a permit that is not in the profile yet.
        return UNKNOWN if before or (after and continues) else NONE

    def _of(self, one: Status, employer: str | None) -> str:
        if one.kind == "maintained":
            before = [other for other in self.entries or () if other.start < one.start and other.kind != "maintained"]
            return self._of(max(before, key=ends), employer) if before else PERMIT
        if one.employers and employer is not None and not named(employer, one):
            return NONE
        return _KINDS.get(one.kind, PERMIT)


def named(employer: str, status: Status) -> bool:
    """Whether a permit names an employer."""
    return employer.casefold() in {name.casefold() for name in status.employers or ()}
