"""Everything that a report on one person rests on, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from expressentry.advise.snapshot import Snapshot
from expressentry.advise.timeline import Event
from expressentry.assess.profile import ProfileAssessment
from expressentry.rounds.record import Record
from expressentry.rounds.replay import Replay

if TYPE_CHECKING:
    from expressentry.candidate.profile import Profile


@dataclass(frozen=True, slots=True)
class Dossier:
    """A person on a day: the assessment, past rounds replayed up to that day, and the days that change something.

    `now` is what is said on the day, as `events` have it before and after; they reach to `until`.
    """

    profile: Profile
    found: ProfileAssessment
    record: Record
    replayed: Replay
    now: Snapshot
    events: tuple[Event, ...]
    until: date

    @property
    def day(self) -> date:
        """The day asked about."""
        return self.found.first.rules.day
