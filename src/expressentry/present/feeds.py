"""Answers for other programs: a timeline as a calendar (iCalendar, RFC 5545), news as an Atom feed (RFC 4287).

Both are the same bytes for the same input. What neither format may have, such as a control character, is escaped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from xml.etree import ElementTree

from expressentry.advise.timeline.days import TimelineEvent
from expressentry.advise.timeline.streams import StreamDay
from expressentry.advise.watch.news import News
from expressentry.answers.timeline import urn
from expressentry.dates import long_day
from expressentry.present.text.timeline import KINDS, changes, score, sides, signed
from expressentry.text import Lang, Text, visible

_ATOM = "http://www.w3.org/2005/Atom"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PRODUCT = "-//expressentry//timeline//{lang}"
_CREDIT = Text(
    "Computed by expressentry. Not a Government of Canada product, and no legal advice.",
    "Calculé par expressentry. Pas un produit du gouvernement du Canada, ni un avis juridique.",
)


def calendar_of(
    events: Sequence[TimelineEvent], made_on: date, name: str, lang: Lang, streams: Sequence[StreamDay] = ()
) -> bytes:
    """Write the days as a calendar; those on which nominee streams change have an entry of their own.

    `name` is what tells one person's calendar from another's: with it an entry keeps its id (UID) when the calendar is
    made again, so that a calendar program renews it. `made_on` is given where the format wants the time of writing.
    """
    from icalendar import Calendar
    from icalendar import Event as Entry

    name, calendar = visible(name), Calendar()
    calendar.add("prodid", _PRODUCT.format(lang=lang.upper()))
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", Text("Express Entry: {n}", "Entrée express : {n}").fill(n=name).say(lang))
    stamp = datetime.combine(made_on, time(), UTC)
    for day, kind, title, lines in sorted((*_federal(events), *_provincial(streams)), key=lambda one: one[:2]):
        entry = Entry()
        entry.add("uid", f"{day.isoformat()}-{hashlib.sha256(name.encode()).hexdigest()[:16]}{kind}@expressentry")
        entry.add("dtstamp", stamp)
        entry.add("dtstart", day)
        entry.add("dtend", day + timedelta(days=1))
        entry.add("summary", visible(title.say(lang)))
        entry.add("description", "\n".join(visible(line.say(lang)) for line in (*lines, _CREDIT)))
        entry.add("transp", "TRANSPARENT")
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


_Entry = tuple[date, str, Text, list[Text]]
"""A day, what tells its entry from another of the day, its title and its lines."""


def _federal(events: Sequence[TimelineEvent]) -> Iterator[_Entry]:
    for event in events:
        yield event.date, "", _event_title(event), [*(cause.text for cause in event.causes), *changes(event)]


def _provincial(streams: Sequence[StreamDay]) -> Iterator[_Entry]:
    """A day with every stream that changes on it, under the first cause."""
    for day, listed in groupby(streams, key=lambda one: one.date):
        found = list(listed)
        causes = dict.fromkeys(cause.text for one in found for cause in one.causes)
        title = Text("Nominee streams: {c}", "Volets des candidats : {c}").fill(c=next(iter(causes), _CHANGE))
        lines = list(causes)
        for one in found:
            finding, points = sides(one)
            lines.append(_STREAM.fill(s=one.stream.title, f=finding, p=points))
            lines += one.changes
        yield day, "-streams", title, lines


_CHANGE = Text("a change", "un changement")
_STREAM = Text("{s}: {f}; points: {p}", "{s} : {f}; points : {p}")


def _event_title(event: TimelineEvent) -> Text:
    """The score and the first cause."""
    wording = Text("CRS {n}: {c}", "SCG {n} : {c}")
    moved = signed(event)
    total = score(event.after.totals)
    told = Text("{n} ({m})", "{n} ({m})").fill(n=total, m=moved) if moved else total
    return wording.fill(n=told, c=event.causes[0].text)


def atom(news: Sequence[News], feed: str, on: date, lang: Lang) -> bytes:
    """News as an Atom feed (RFC 4287): one entry each, under ids that stay.

    `feed` is what the feed's own id is made of. Days are midnights UTC; coming days are dated by the day of writing.
    """
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed", {_XML_LANG: lang})
    _add(root, "id", urn(f"feed|{feed}"))
    _add(root, "title", Text("expressentry: what is new", "expressentry : ce qui est nouveau").say(lang))
    _add(root, "updated", _midnight(on))
    _add(ElementTree.SubElement(root, f"{{{_ATOM}}}author"), "name", "expressentry")
    _add(root, "generator", "expressentry")
    for one in news:
        entry = ElementTree.SubElement(root, f"{{{_ATOM}}}entry")
        _add(entry, "id", urn(one.id))
        _add(entry, "title", news_title(one, lang))
        _add(entry, "updated", _midnight(min(one.day, on)))
        ElementTree.SubElement(entry, f"{{{_ATOM}}}category", {"term": one.kind, "label": KINDS[one.kind].say(lang)})
        content = _add(entry, "content", f"{long_day(one.day).say(lang)} · {one.text.say(lang)}")
        content.set("type", "text")
    ElementTree.indent(root, " ")
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def news_title(one: News, lang: Lang) -> str:
    """Whom a piece of news is about, its kind and its text in one line."""
    who = f"{one.person} · " if one.person else ""
    return f"{who}{KINDS[one.kind].say(lang)} · {one.text.say(lang)}"


def written(one: News, lang: Lang) -> tuple[str, str]:
    """A piece of news as a message: its title and its text, with where it comes from."""
    title = Text("Express Entry: {t}", "Entrée express : {t}").fill(t=news_title(one, lang)).say(lang)
    lines = (f"{long_day(one.day).say(lang)} · {one.text.say(lang)}", "", _CREDIT.say(lang))
    return visible(title), "\n".join(visible(line) for line in lines)


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}")
    element.text = visible(text, lines=True)
    return element


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
