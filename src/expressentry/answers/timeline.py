"""Questions about one person's days to come: the timeline, and news since last time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from expressentry.answers.basis import law_record
from expressentry.answers.context import Context
from expressentry.answers.why import CATEGORY, CRITERION, PROGRAM
from expressentry.assess.person.criteria import Answer
from expressentry.dates import anniversary
from expressentry.text import Lang

if TYPE_CHECKING:
    from expressentry.advise.timeline.days import TimelineEvent
    from expressentry.advise.timeline.documents import Cause
    from expressentry.advise.timeline.snapshot import DaySnapshot
    from expressentry.advise.timeline.streams import State, StreamDay, StreamDays
    from expressentry.advise.watch.news import News
    from expressentry.answers.records.advice import (
        CauseRecord,
        EventRecord,
        FindingChangeRecord,
        NewsRecord,
        StreamDayRecord,
        StreamStateRecord,
        TimelineRecord,
    )
    from expressentry.profile.model import Profile


@dataclass(frozen=True, slots=True)
class Timeline:
    """The answers of the first day, and every day up to `until` on which something changes.

    `streams` are the days on which a nominee stream changes, None where they were not asked for.
    """

    first: DaySnapshot
    until: date
    events: tuple[TimelineEvent, ...]
    streams: StreamDays | None = None


def timeline(
    context: Context,
    person: Profile,
    on: date,
    *,
    until: date | None = None,
    submitted: datetime | None = None,
    invited: date | None = None,
    streams: bool = False,
) -> Timeline:
    """Every day on which something changes for a person, with what changes and why; two years unless `until` is given.

    With `streams` also the days on which a nominee stream opens, closes, or changes for the person.

    Raises:
        UsageError: The end is before the beginning, or too long after it.
    """
    from expressentry.advise.timeline.days import DEFAULT_YEARS, snapshot_on
    from expressentry.advise.timeline.days import timeline as events_of

    last = until or anniversary(on, DEFAULT_YEARS)
    events = events_of(person, on, last, context.law, submitted=submitted, invited=invited)
    changed = None
    if streams:
        from expressentry.advise.timeline.streams import stream_days

        changed = stream_days(person, on, last, context.law, events=events)
    return Timeline(snapshot_on(person, on, context.law), last, events, changed)


def timeline_record(found: Timeline, lang: Lang, events: Iterable[TimelineEvent] | None = None) -> TimelineRecord:
    """A timeline as plain data; `events` are those to show, all unless given."""
    first = found.first
    told: TimelineRecord = {
        "as_of": first.rules.day.isoformat(),
        "until": found.until.isoformat(),
        "law": law_record(first.rules, lang),
        "crs": {"total": first.total, "totals": list(first.totals)},
        "events": [event_record(event, lang) for event in (found.events if events is None else events)],
    }
    if found.streams is not None:
        told["streams"] = [stream_day_record(one, lang) for one in found.streams]
        told["streams_until"] = found.streams.until.isoformat()
    return told


def stream_day_record(one: StreamDay, lang: Lang) -> StreamDayRecord:
    """A day on which a nominee stream changes; a side is null where the stream is not known to be in force."""
    return {
        "date": one.date.isoformat(),
        "key": one.stream.key,
        "province": one.stream.province,
        "name": one.stream.title.say(lang),
        "before": _stream_state(one.before),
        "after": _stream_state(one.after),
        "changes": [text.say(lang) for text in one.changes],
        "causes": [cause_record(cause, lang) for cause in one.causes],
    }


def _stream_state(state: State | None) -> StreamStateRecord | None:
    if state is None:
        return None
    answer, points = state
    return {"finding": CRITERION[answer], "points": list(points) if points else None}


def event_record(event: TimelineEvent, lang: Lang) -> EventRecord:
    """One day; a score is null where readings differ, and `totals_…` have them all."""
    before, after = event.before, event.after
    return {
        "date": event.date.isoformat(),
        "crs_before": before.total,
        "crs_after": after.total,
        "totals_before": list(before.totals),
        "totals_after": list(after.totals),
        "sections": {
            id_: {"before": list(before.sections.get(id_, ())), "after": list(points)}
            for id_, points in after.sections.items()
            if before.sections.get(id_) != points
        },
        "programs": changed_findings(before.programs, after.programs, PROGRAM),
        "categories": changed_findings(before.categories, after.categories, CATEGORY),
        "answers_change": event.answers_change,
        "grid": after.rules.crs.id,
        "current": after.rules.established,
        "causes": [cause_record(cause, lang) for cause in event.causes],
    }


def cause_record(cause: Cause, lang: Lang) -> CauseRecord:
    """Why something changes."""
    return {
        "kind": cause.kind,
        "text": cause.text.say(lang),
        "field": cause.field,
        "why": cause.why.say(lang) if cause.why else None,
    }


def changed_findings(
    before: Mapping[str, Answer], after: Mapping[str, Answer], words: Mapping[Answer, Any]
) -> dict[str, FindingChangeRecord]:
    """The findings that change; null on the side where a category is not in force."""
    changed = [id_ for id_ in {**before, **after} if before.get(id_, "") is not after.get(id_, "")]
    return {
        id_: {
            "before": words[before[id_]] if id_ in before else None,
            "after": words[after[id_]] if id_ in after else None,
        }
        for id_ in changed
    }


def in_order(news: Iterable[News]) -> list[News]:
    """News by day, each once: what is for everyone is found for each person, and new rules on their day too."""
    once = {one.id: one for one in news}
    rules = {one.text for one in once.values() if one.kind == "law"}
    kept = (one for one in once.values() if one.kind == "law" or one.person is not None or one.text not in rules)
    return sorted(kept, key=lambda one: one.day)


def news_records(news: Sequence[News], lang: Lang) -> list[NewsRecord]:
    """News as plain data; `person` is null where a piece is for everyone."""
    return [
        {
            "id": urn(one.id),
            "kind": one.kind,
            "date": one.day.isoformat(),
            "person": one.person,
            "text": one.text.say(lang),
        }
        for one in news
    ]


def urn(key: str) -> str:
    """The address of a piece of news: the same on every day and in both languages."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'expressentry:watch:{key}')}"
