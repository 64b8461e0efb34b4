"""Everything that a report on one person rests on, worked out once.

build_dossier(profile, on, record)      the assessment, past rounds, what changes, and what would raise the score
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from expressentry.advise.plan.request import PlanRequest
from expressentry.advise.timeline.days import DEFAULT_YEARS, TimelineEvent, timeline
from expressentry.advise.timeline.snapshot import DaySnapshot, DaySnapshots
from expressentry.assess.person.readings import Assessment, assess_profile
from expressentry.assess.person.stream_people import assess_streams
from expressentry.assess.person.streams import StreamFinding
from expressentry.dates import anniversary
from expressentry.law.law import Law
from expressentry.rounds.province_draws import Draws
from expressentry.rounds.province_updates import load_draws
from expressentry.rounds.record import Record
from expressentry.rounds.replay import Replay, Replayed, replay

if TYPE_CHECKING:
    from expressentry.advise.plan.search import Plans
    from expressentry.profile.model import Profile

FEW_STEPS = 2
"""How many steps a report combines: `expressentry plan` tries more, and takes longer."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A person on a day: the assessment, past rounds replayed up to that day, and the days that change something.

    `now` has the answers of the day, as `events` have them before and after; they reach to `until`. `plans` combine few
    steps, with the cut-off of the nearest round as their target. `streams` are the nominee streams of the day, `draws`
    their published rounds.
    """

    profile: Profile
    found: Assessment
    record: Record
    replayed: Replay
    now: DaySnapshot
    events: tuple[TimelineEvent, ...]
    until: date
    plans: Plans
    streams: tuple[StreamFinding, ...]
    draws: Draws

    @property
    def day(self) -> date:
        """The day asked about."""
        return self.found.rules.day


def build_dossier(
    profile: Profile,
    on: date,
    record: Record,
    law: Law | None = None,
    *,
    submitted: Sequence[datetime] = (),
    draws: Draws | None = None,
) -> Dossier:
    """Work out everything that a report on a person contains on a day; later rounds are not looked at.

    Args:
        profile: The dated facts.
        on: The day of the report.
        record: The rounds that are replayed.
        law: The law of each day; the shipped law by default.
        submitted: The instants at which the profile was submitted.
        draws: The published rounds of provinces; those shipped by default.

    Raises:
        FactorsError: The facts are wrong.
        UsageError: The day is before 2015-01-01.
    """
    from expressentry.advise.plan.search import plan

    found = assess_profile(profile, on, law)
    before = [one for one in record.rounds if one.date <= on]
    replayed = replay(profile, record, submitted=submitted, rounds=before, law=law)
    until = anniversary(on, DEFAULT_YEARS)
    events = timeline(profile, on, until, law, submitted=max(submitted, default=None))
    near = nearest(replayed, on)
    request = PlanRequest(size=FEW_STEPS, round_number=near.round.number if near else None)
    plans = plan(profile, on, request, record=record, law=law)
    streams = tuple(assess_streams(found))
    now = DaySnapshots().of(found)
    return Dossier(profile, found, record, replayed, now, events, until, plans, streams, draws or load_draws())


def nearest(replayed: Replay, day: date) -> Replayed | None:
    """Of the newest rounds of each kind in the year before a day that the person could enter, the lowest cut-off."""
    since = anniversary(day, -1)
    newest = {one.round.series: one for one in replayed.rounds if one.entry and one.round.date > since}
    return min(newest.values(), key=lambda one: one.round.cutoff, default=None)
