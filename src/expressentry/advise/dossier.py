"""Everything that a report on one person rests on, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from expressentry.advise.timeline.days import Event
from expressentry.advise.timeline.snapshot import Snapshot
from expressentry.assess.person.readings import Assessment
from expressentry.dates import anniversary
from expressentry.rounds.record import Record
from expressentry.rounds.replay import Replay, Replayed

if TYPE_CHECKING:
    from expressentry.advise.plan.search import Plans
    from expressentry.profile.model import Profile


@dataclass(frozen=True, slots=True)
class Dossier:
    """A person on a day: the assessment, past rounds replayed up to that day, and the days that change something.

    `now` is what is said on the day, as `events` have it before and after; they reach to `until`. `plans` combine few
    moves, with the cut-off of the nearest round as their target.
    """

    profile: Profile
    found: Assessment
    record: Record
    replayed: Replay
    now: Snapshot
    events: tuple[Event, ...]
    until: date
    plans: Plans

    @property
    def day(self) -> date:
        """The day asked about."""
        return self.found.rules.day


def nearest(replayed: Replay, day: date) -> Replayed | None:
    """Of the newest rounds of each kind in the year before a day that the person could enter, the lowest cut-off."""
    since = anniversary(day, -1)
    newest = {one.round.series: one for one in replayed.rounds if one.entry and one.round.date > since}
    return min(newest.values(), key=lambda one: one.round.cutoff, default=None)
