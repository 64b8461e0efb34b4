"""Working out a dossier: the assessment of the day, the rounds before it, what changes after it, and what pays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from expressentry.advise.dossier import Dossier, nearest
from expressentry.advise.plan.search import plan
from expressentry.advise.timeline.days import DEFAULT_YEARS, timeline
from expressentry.advise.timeline.snapshot import Snapshots
from expressentry.assess.person.readings import assess_profile
from expressentry.dates import anniversary
from expressentry.law.law import Law
from expressentry.rounds.record import Record
from expressentry.rounds.replay import replay

if TYPE_CHECKING:
    from expressentry.profile.model import Profile

FEW_MOVES = 2
"""How many moves a report combines: `expressentry plan` tries more, and takes longer."""


def gather(
    profile: Profile, on: date, record: Record, law: Law | None = None, *, submitted: Sequence[datetime] = ()
) -> Dossier:
    """Work out all that a report on a person says on a day; rounds after that day are not looked at.

    Raises FactorsError for facts that are wrong, UsageError for a day before 2015-01-01.
    """
    found = assess_profile(profile, on, law)
    before = [one for one in record.rounds if one.date <= on]
    replayed = replay(profile, record, submitted=submitted, rounds=before, law=law)
    until = anniversary(on, DEFAULT_YEARS)
    events = timeline(profile, on, until, law, submitted=max(submitted, default=None))
    near = nearest(replayed, on)
    number = near.round.number if near else None
    plans = plan(profile, on, size=FEW_MOVES, round_number=number, record=record, law=law)
    return Dossier(profile, found, record, replayed, Snapshots().of(found), events, until, plans)
