"""A timeline as a calendar (iCalendar, RFC 5545): whole days, the same bytes for the same input."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from expressentry.advise.timeline.days import TimelineEvent
from expressentry.present.records.timeline import changes, score, signed
from expressentry.text import Lang, Text

_PRODUCT = "-//expressentry//timeline//{lang}"
_CREDIT = Text(
    "Computed by expressentry. Not a Government of Canada product, and no legal advice.",
    "Calculé par expressentry. Pas un produit du gouvernement du Canada, ni un avis juridique.",
)


def calendar_of(events: Sequence[TimelineEvent], made_on: date, name: str, lang: Lang) -> bytes:
    """Write the days as a calendar.

    `name` is what tells one person's calendar from another's: with it an entry keeps its id (UID) when the calendar is
    made again, so that a calendar program renews it. `made_on` stands where the format wants the time of writing.
    """
    from icalendar import Calendar
    from icalendar import Event as Entry

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT.format(lang=lang.upper()))
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", Text("Express Entry: {n}", "Entrée express : {n}").fill(n=name).say(lang))
    stamp = datetime.combine(made_on, time(), UTC)
    for event in events:
        entry = Entry()
        entry.add("uid", f"{_id(name, event.date)}@expressentry")
        entry.add("dtstamp", stamp)
        entry.add("dtstart", event.date)
        entry.add("dtend", event.date + timedelta(days=1))
        entry.add("summary", _title(event).say(lang))
        lines = [cause.text for cause in event.causes] + list(changes(event)) + [_CREDIT]
        entry.add("description", "\n".join(line.say(lang) for line in lines))
        entry.add("transp", "TRANSPARENT")
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _id(name: str, day: date) -> str:
    return f"{day.isoformat()}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def _title(event: TimelineEvent) -> Text:
    """The score and the first cause."""
    wording = Text("CRS {n}: {c}", "SCG {n} : {c}")
    moved = signed(event)
    total = score(event.after.totals)
    told = Text("{n} ({m})", "{n} ({m})").fill(n=total, m=moved) if moved else total
    return wording.fill(n=told, c=event.causes[0].text)
