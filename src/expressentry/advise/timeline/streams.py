"""Every day on which a nominee stream opens or closes for a person, or its finding or points change.

Facts of federal law change on the days of the timeline; what streams count besides (work by place and window) on days
of its own. The days between are not judged: nothing that a stream reads can differ on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from expressentry.advise.timeline.days import TimelineEvent, timeline
from expressentry.advise.timeline.documents import Cause
from expressentry.assess.person.criteria import Answer
from expressentry.assess.person.ends import Span
from expressentry.assess.person.readings import Assessor
from expressentry.assess.person.stream_people import assess_streams
from expressentry.assess.person.streams import StreamFinding
from expressentry.dates import as_day
from expressentry.factors.streams import days_of_counts
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.law.streams import Stream
from expressentry.profile.model import Profile
from expressentry.shown import between
from expressentry.text import Text, same

State = tuple[Answer, Span | None]
"""The finding, and the points on the grid that ranks."""

MOST_EFFORT = 400_000
"""So many pieces are read at most: three times what the fullest of ordinary profiles takes for two years."""
_OF_DAY, _MOST_SUMS = 1500, 200_000
"""What it costs to judge every stream on a day, in pieces read; how many sums of work are made at most."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StreamDay:
    """A day on which a stream changes for a person; None on a side where it is not known to be in force.

    `changes` are the criteria and the places of its grid that differ, `causes` what happens on the day.
    """

    date: date
    stream: Stream
    before: State | None
    after: State | None
    changes: tuple[Text, ...]
    causes: tuple[Cause, ...]


class StreamDays(tuple[StreamDay, ...]):
    """The days on which a nominee stream changes, oldest first.

    `until` is the last day looked at: earlier than asked where so many questions are open that each day takes long.
    """

    until: date

    def __new__(cls, days: Iterable[StreamDay], until: date) -> Self:
        """Keep the days, and the last one looked at."""
        made = super().__new__(cls, days)
        made.until = until
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self), self.until


def stream_days(
    profile: Profile,
    start: date | str,
    until: date | str,
    law: Law | None = None,
    *,
    events: Sequence[TimelineEvent] | None = None,
) -> StreamDays:
    """Return every day after a first one on which a nominee stream changes for a person, with what changes in it.

    Args:
        profile: The dated facts, what is stated for provinces included.
        start: The first day, with which the others are compared.
        until: The last day.
        law: The law of each day; the shipped law by default.
        events: The timeline of these days, where it is known already.

    Raises:
        UsageError: `until` is before `start`, or more than twenty years after it.

    >>> from expressentry.profile.read import read_profile
    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1991-10-20", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> found = stream_days(read_profile(facts), "2026-10-01", "2026-10-31")
    >>> [(str(one.date), one.stream.key, one.before[1], one.after[1]) for one in found if one.stream.key == "sk-ee"]
    [('2026-10-20', 'sk-ee', (12, 57), (10, 55))]
    """
    start, until = as_day(start, "start"), as_day(until, "until")
    law = law or load_law()
    known = timeline(profile, start, until, law) if events is None else events
    cut = next((one.date for one in known if one.causes[0].kind == "limit"), until + _DAY)
    causes = {one.date: one.causes for one in known}
    counted, last = days_of_counts(profile, start, min(until, cut - _DAY), law, _MOST_SUMS)
    days = {*causes, *counted, *law.streams.days, *law.selection_days}
    assessor, before = Assessor(profile, law), dict[str, StreamFinding]()
    found, enough = list[StreamDay](), assessor.up_to(MOST_EFFORT)
    for number, day in enumerate((start, *sorted(day for day in days if start < day <= last))):
        if assessor.effort + number * _OF_DAY > enough:
            return StreamDays(found, day - _DAY)
        after = {one.stream.key: one for one in assess_streams(assessor.on(day))}
        if day > start:
            found += _changed(day, before, after, causes.get(day, ()), law)
        before = after
    return StreamDays(found, last)


def _changed(
    day: date,
    before: dict[str, StreamFinding],
    after: dict[str, StreamFinding],
    causes: tuple[Cause, ...],
    law: Law,
) -> Iterator[StreamDay]:
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        was, now = _state(old), _state(new)
        if was == now:
            continue
        if old is not None and new is not None:
            why = causes or (Cause("work", _COUNTED, "person.work"),)
            yield StreamDay(day, new.stream, was, now, tuple(_changes(old, new, law)), why)
        elif new is not None:
            opens = Cause("law", _OPENS.fill(s=new.stream.title), new.stream.id)
            yield StreamDay(day, new.stream, was, now, (), (opens,))
        elif old is not None:
            closes = Cause("law", _CLOSES.fill(s=old.stream.title), old.stream.id)
            yield StreamDay(day, old.stream, was, now, (), (closes,))


def _state(one: StreamFinding | None) -> State | None:
    return None if one is None else (one.answer, one.points[0].total if one.points else None)


_OPENS = Text("{s}: known to be in force from this day", "{s} : en vigueur dès ce jour, à notre connaissance")
_CLOSES = Text("{s}: no longer in force", "{s} : n'est plus en vigueur")
_COUNTED = Text("the work that counts by place and window", "le travail compté par lieu et par période")


def _changes(old: StreamFinding, new: StreamFinding, law: Law) -> Iterator[Text]:
    """The criteria whose answer differs, and the places of the grid that ranks whose points do."""
    answers = {one.criterion.id: one.answer for one in old.findings}
    for one in new.findings:
        was = answers.get(one.criterion.id, one.answer)
        if was is not one.answer:
            yield _FROM_TO.fill(t=one.criterion.title, a=_WORDS[was], b=_WORDS[one.answer])
    if old.points and new.points and old.points[0].grid == new.points[0].grid:
        for node in law.streams.grids[new.points[0].grid].root.walk():
            a, b = old.points[0].spans[node.id], new.points[0].spans[node.id]
            if node.leaf is not None and a != b:
                yield _FROM_TO.fill(t=node.title, a=_span(a), b=_span(b))


def _span(span: Span) -> Text:
    return same(between(*span))


_FROM_TO = Text("{t}: {a} → {b}", "{t} : {a} → {b}")
_WORDS = {
    True: Text("met", "rempli"),
    False: Text("not met", "non rempli"),
    None: Text("undetermined", "indéterminé"),
}
