"""Every day on which something changes for a person, and only those, with the answers before and after and why.

A day is listed where score, programs, categories, a fact or the law differ from the day before, or where a document
begins or ceases to be valid. Months of work in an occupation count where they decide a category. The days between are
not assessed: `same_until` gives the first day on which anything can change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from expressentry.advise.timeline.documents import Cause, document_dates
from expressentry.advise.timeline.reasons import reasons
from expressentry.advise.timeline.snapshot import DaySnapshot, DaySnapshots
from expressentry.assess.person.readings import Assessor
from expressentry.dates import anniversary, as_day, as_instant, long_day
from expressentry.errors import Problem, UsageError
from expressentry.factors.derive.days import derive, same_until
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.profile.model import Profile
from expressentry.rounds.windows import profile_ends, window_on
from expressentry.shown import Shown, between
from expressentry.text import Text

DEFAULT_YEARS = 2
MOST_YEARS = 20
MOST_EFFORT = 600_000
"""So many pieces of a profile are read at most: years of one with some open questions, weeks of one with many."""
_TO_BEGIN, _A_YEAR = 150_000, 25_000
"""How many for a few years: three times what the fullest of ordinary profiles takes. A page asks for two years, beside
all else that it shows."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, repr=False)
class TimelineEvent(Shown):
    """A day on which something changes, with the answers of the day before and those from it on."""

    date: date
    before: DaySnapshot
    after: DaySnapshot
    causes: tuple[Cause, ...]

    def _in_short(self) -> str:
        old, new = (between(one.totals[0], one.totals[-1]) for one in (self.before, self.after))
        why = "; ".join(cause.text.en for cause in self.causes)
        return f"{self.date}, {new} CRS points{'' if old == new else f' (before: {old})'}, {why}"

    @property
    def total(self) -> int | None:
        """The CRS score from the day on, None where readings differ."""
        return self.after.total

    @property
    def answers_change(self) -> bool:
        """Whether score, sections, programs or categories change, and not only what they rest on."""
        return not self.before.same_answers(self.after)

    @property
    def change(self) -> int | None:
        """How many points more, None where readings differ."""
        totals = self.before.total, self.after.total
        return None if totals[0] is None or totals[1] is None else totals[1] - totals[0]


class TimelineEvents(Shown, tuple[TimelineEvent, ...]):
    """The days on which something changes, oldest first, with the answers of the first day looked at.

    `first` has the answers of that day, `until` is the last day looked at.
    """

    first: DaySnapshot
    until: date

    def __new__(cls, events: Iterable[TimelineEvent], first: DaySnapshot, until: date) -> Self:
        """Keep the events, the answers of the first day, and the last day."""
        made = super().__new__(cls, events)
        made.first, made.until = first, until
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self), self.first, self.until

    def _in_short(self) -> str:
        now = between(self.first.totals[0], self.first.totals[-1])
        return f"{now} CRS points on {self.first.rules.day}, {len(self)} days with changes until {self.until}"


def timeline(
    profile: Profile,
    start: date | str,
    until: date | str,
    law: Law | None = None,
    *,
    submitted: datetime | str | None = None,
    invited: date | str | None = None,
) -> TimelineEvents:
    """Return every day after a first one on which something changes.

    Where so many questions are open that not every day can be looked at, the last event says from which day on.

    Args:
        profile: The dated facts.
        start: The first day, with which the others are compared: a `date`, or text written YYYY-MM-DD, like every day.
        until: The last day.
        law: The law of each day; the shipped law by default.
        submitted: The instant of submission (UTC): the day on which the profile expires is listed too.
        invited: The day of an invitation: the day after the deadline to apply is listed too.

    Raises:
        UsageError: `until` is before `start`, or more than twenty years after it; or what is given is no day.

    >>> from expressentry.profile.read import read_profile
    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1993-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> [event] = timeline(read_profile(facts), "2027-01-01", "2027-12-31")
    >>> print(event.date, event.before.crs, event.after.crs, event.causes[0].text.en)
    2027-04-12 88 83 you turn 34
    """
    start, until = as_day(start, "start"), as_day(until, "until")
    sent = None if submitted is None else as_instant(submitted)
    chosen = None if invited is None else as_day(invited, "invited")
    _check(start, until)
    law = law or load_law()
    dates = dict(document_dates(profile, start, until, law))
    for day, cause in _windows(sent, chosen, law):
        if start < day <= until:
            dates[day] = (*dates.get(day, ()), cause)
    snapshots = DaySnapshots()
    events: list[TimelineEvent] = []
    first: DaySnapshot | None = None
    last: DaySnapshot | None = None
    assessor = Assessor(profile, law)
    for day, snapshot in _looked_at(assessor, start, until, set(dates), snapshots):
        if last is not None and snapshot is None:
            events.append(TimelineEvent(day, last, last, (Cause("limit", CUT.fill(day=long_day(day)), "until"),)))
            break
        if snapshot is not None and last is not None and (day in dates or snapshot != last):
            before = _day_before(day, last, snapshot, assessor, snapshots)
            events.append(TimelineEvent(day, before, snapshot, reasons(before, snapshot, dates.get(day, ()))))
        last = snapshot
        first = first or snapshot
    return TimelineEvents(events, first or snapshots.of(assessor.on(start)), until)


def _effort(start: date, until: date) -> int:
    """How many pieces of a profile are read at most for these days."""
    return min(MOST_EFFORT, _TO_BEGIN + _A_YEAR * (until - start).days // 365)


def snapshot_on(profile: Profile, on: date, law: Law | None = None) -> DaySnapshot:
    """The answers of one day, as events have them before and after."""
    return DaySnapshots().of(Assessor(profile, law).on(on))


def _day_before(
    day: date, last: DaySnapshot, snapshot: DaySnapshot, assessor: Assessor, snapshots: DaySnapshots
) -> DaySnapshot:
    """The day before one with a change: as the last that was looked at, but for months that decided nothing."""
    derived = derive(assessor.profile, day - _DAY, assessor.law)
    certain = len(last.found.derived.readings) == len(derived.readings) == 1
    if certain and last.categories == snapshot.categories:
        return last
    return snapshots.of(assessor.under(derived, assessor.law.on(day - _DAY)))


def _looked_at(
    assessor: Assessor, start: date, until: date, dates: set[date], snapshots: DaySnapshots
) -> Iterator[tuple[date, DaySnapshot | None]]:
    """Every day on which an answer may differ from that of the day before, the first included.

    The first day that is no longer looked at, as too many questions are open, has no snapshot.
    """
    profile, law = assessor.profile, assessor.law
    known = sorted(day for day in {*law.days, *law.selection_days, *dates} if start < day <= until)
    day, facts_hold, enough = start, start, assessor.up_to(_effort(start, until))
    while day <= until:
        if assessor.effort > enough:
            yield day, None
            return
        found = assessor.on(day)
        yield day, snapshots.of(found)
        if day >= facts_hold:
            facts_hold = same_until(profile, found.derived, law, asked=True)
        while known and known[0] <= day:
            known.pop(0)
        day = min([facts_hold, *known[:1]])


CUT = Text(
    "not looked at from {day} on: so many questions are open that each day takes long. Answer some of them, or begin "
    "on a later day",
    "non examiné à partir du {day} : tant de questions sont ouvertes que chaque jour demande beaucoup de calculs. "
    "Répondez à quelques-unes, ou commencez à un jour ultérieur",
)


def _windows(submitted: datetime | None, invited: date | None, law: Law) -> Iterator[tuple[date, Cause]]:
    """The end of a profile's twelve months and of the time to apply after an invitation."""
    if submitted is not None:
        words = Text(
            "the profile has expired: twelve months since its submission",
            "le profil a expiré : douze mois depuis sa soumission",
        )
        yield profile_ends(law, submitted), Cause("profile", words, "submitted")
    if invited is not None:
        window = window_on(law, invited)
        for last in sorted({window.last, window.last_at_most}):
            words = Text(
                "the deadline to apply after the invitation of {i} has passed ({l} was the last day)",
                "le délai pour présenter une demande après l'invitation du {i} est dépassé (dernier jour : le {l})",
            ).fill(i=long_day(invited), l=long_day(last))
            yield last + _DAY, Cause("invitation", words, "invited", window.doubt if last != window.last else None)


def _check(start: date, until: date) -> None:
    """Refuse a last day before the first, and a time longer than any plan."""
    if until < start:
        rule = Text("not before the first day, {d}", "pas avant le premier jour, le {d}").fill(d=start)
        fix = Text("give a later day", "donner un jour ultérieur")
        raise UsageError(Problem("ends_before_start", "until", rule, fix, until))
    latest = anniversary(start, MOST_YEARS)
    if until > latest:
        rule = Text("at most {n} years: up to {d}", "au plus {n} ans : jusqu'au {d}").fill(n=MOST_YEARS, d=latest)
        fix = Text("give an earlier day", "donner un jour antérieur")
        raise UsageError(Problem("too_long", "until", rule, fix, until))
