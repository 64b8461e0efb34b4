"""Every day on which something changes for a person, and only those, with the answers before and after and why.

A day is listed where score, programs, categories, a fact or the law differ from the day before, or where a paper begins
or ends to hold. Months of work in an occupation count where they decide a category. The days between are not assessed:
`ChangeHorizon` says how far ahead nothing can change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from expressentry.advise.invitation.window import window_days
from expressentry.advise.timeline.causes import Cause
from expressentry.advise.timeline.documents import paper_days
from expressentry.advise.timeline.reasons import reasons
from expressentry.advise.timeline.snapshot import Snapshot, Snapshots
from expressentry.assess.person.readings import Assessor
from expressentry.dates import anniversary, long_day
from expressentry.errors import Problem, UsageError
from expressentry.factors.derive.horizon import ChangeHorizon
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.profile.model import Profile
from expressentry.text import Text

DEFAULT_YEARS = 2
MOST_YEARS = 20
"""A profile lives for twelve months from its submission (instructions, s. 4)."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Event:
    """A day on which something changes, with what was said the day before and what is said from it on."""

    date: date
    before: Snapshot
    after: Snapshot
    causes: tuple[Cause, ...]

    @property
    def answers_change(self) -> bool:
        """Whether score, sections, programs or categories change, and not only what they rest on."""
        return not self.before.same_answers(self.after)

    @property
    def change(self) -> int | None:
        """How many points more, None where readings differ."""
        totals = self.before.total, self.after.total
        return None if totals[0] is None or totals[1] is None else totals[1] - totals[0]


def timeline(
    profile: Profile,
    start: date,
    until: date,
    law: Law | None = None,
    *,
    submitted: datetime | None = None,
    invited: date | None = None,
) -> tuple[Event, ...]:
    """Every day after `start`, up to `until`, on which something changes.

    `submitted` is the instant of the profile's submission, `invited` the day of an invitation: with them their windows
    end on a day too. Raises UsageError for an `until` before `start` or more than twenty years after it.

    >>> from expressentry.profile.read import read_profile
    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1993-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> [event] = timeline(read_profile(facts), date(2027, 1, 1), date(2027, 12, 31))
    >>> print(event.date, event.before.crs, event.after.crs, event.causes[0].text.en)
    2027-04-12 88 83 the person turns 34
    """
    _check(start, until)
    law = law or load_law()
    papers = dict(paper_days(profile, start, until, law))
    for day, cause in _windows(submitted, invited, law):
        if start < day <= until:
            papers[day] = (*papers.get(day, ()), cause)
    snapshots = Snapshots()
    events, last = [], None
    for day, snapshot in _looked_at(profile, law, start, until, set(papers), snapshots):
        if last is not None and (day in papers or snapshot != last):
            events.append(Event(day, last, snapshot, reasons(last, snapshot, papers.get(day, ()))))
        last = snapshot
    return tuple(events)


def snapshot_on(profile: Profile, on: date, law: Law | None = None) -> Snapshot:
    """What is said of a person on one day, as events have it before and after."""
    return Snapshots().of(Assessor(profile, law).on(on))


def _looked_at(
    profile: Profile, law: Law, start: date, until: date, papers: set[date], snapshots: Snapshots
) -> Iterator[tuple[date, Snapshot]]:
    """Every day on which an answer may differ from that of the day before, the first included."""
    assessor, horizon = Assessor(profile, law), ChangeHorizon(profile, law)
    known = sorted(day for day in {*law.days, *law.selection_days, *papers} if start < day <= until)
    day, facts_hold = start, start
    while day <= until:
        found = assessor.on(day)
        yield day, snapshots.of(found)
        if day >= facts_hold:
            facts_hold = horizon.until(found.derived)
        while known and known[0] <= day:
            known.pop(0)
        day = min([facts_hold, *known[:1]])


def _windows(submitted: datetime | None, invited: date | None, law: Law) -> Iterator[tuple[date, Cause]]:
    """The ends of a profile's year and of an invitation's window."""
    if submitted is not None:
        sent = submitted.astimezone(UTC).date()
        day = anniversary(sent, law.evidence.on(sent).profile_valid_years)
        words = Text(
            "the profile has expired: twelve months since its submission",
            "le profil est expiré : douze mois depuis sa soumission",
        )
        yield day, Cause("profile", words, "submitted")
    if invited is not None:
        window = window_days(invited, law)
        for last in sorted({window.last, window.last_at_most}):
            words = Text(
                "the time to apply after the invitation of {i} has run out ({l} was the last day)",
                "le délai pour présenter une demande après l'invitation du {i} est écoulé (dernier jour : le {l})",
            ).fill(i=long_day(invited), l=long_day(last))
            yield last + _DAY, Cause("invitation", words, "invited", window.doubt if last != window.last else None)


def _check(start: date, until: date) -> None:
    """Refuse a time that runs backwards, or is longer than any plan."""
    if until < start:
        rule = Text("not before the first day, {d}", "pas avant le premier jour, le {d}").fill(d=start)
        fix = Text("give a later day", "donner un jour ultérieur")
        raise UsageError(Problem("ends_before_start", "until", rule, fix, until))
    latest = anniversary(start, MOST_YEARS)
    if until > latest:
        rule = Text("at most {n} years: up to {d}", "au plus {n} ans : jusqu'au {d}").fill(n=MOST_YEARS, d=latest)
        fix = Text("give an earlier day", "donner un jour antérieur")
        raise UsageError(Problem("too_long", "until", rule, fix, until))
