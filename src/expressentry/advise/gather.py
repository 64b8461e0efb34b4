"""Working out a dossier: the assessment of the day and the rounds before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from expressentry.advise.dossier import Dossier
from expressentry.assess.profile import assess_profile
from expressentry.law.rules import Law
from expressentry.rounds.record import Record
from expressentry.rounds.replay import replay

if TYPE_CHECKING:
    from expressentry.candidate.profile import Profile


def gather(
    profile: Profile, on: date, record: Record, law: Law | None = None, *, submitted: Sequence[datetime] = ()
) -> Dossier:
    """Work out all that a report on a person says on a day; rounds after that day are not looked at.

    Raises FactorsError for facts that are wrong, UsageError for a day before 2015-01-01.
    """
    found = assess_profile(profile, on, law)
    before = [one for one in record.rounds if one.date <= on]
    return Dossier(profile, found, record, replay(profile, record, submitted=submitted, rounds=before, law=law))
