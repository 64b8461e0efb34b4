"""Feeds and calendars that every program can read, whatever text is in them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from expressentry.advise.timeline.streams import stream_days
from expressentry.advise.watch.news import News
from expressentry.answers.context import Context
from expressentry.cli import run
from expressentry.law.load import load_law
from expressentry.present.feeds import atom, calendar_of
from expressentry.profile.read import read_profile
from expressentry.rounds.load import load_record
from expressentry.text import Lang, same, visible
from expressentry.web import Settings, create_app

DAY = date(2026, 10, 1)
ODD = [
    "a\x00b",
    "\x1b[2J",
    "\x0b",
    "\x85",
    "\ufffe",
    "\uffff",
    "a\r\nb",
    "a\nDTSTART:19700101",
    "\ud800",
    "😀" * 60,
    "é" * 90,
]
TEXT = st.one_of(st.sampled_from(ODD), st.text(st.characters(), max_size=100))


@cache
def event() -> Any:
    """A day of a timeline."""
    from expressentry.advise.timeline.days import timeline

    profile = read_profile(Path(__file__).parents[2] / "examples/people/engineer.toml")
    return timeline(profile, DAY, date(2027, 10, 1), law=load_law())[0]


@given(TEXT, TEXT)
@settings(max_examples=60)
def test_atom(text: str, who: str) -> None:
    """Any text makes a feed that a parser reads, and the text is in it, escaped where it must be."""
    news = News(id="n", person=who, kind="round", day=DAY, text=same(text))
    written = atom([news], "feed", DAY, "en")
    entry = ElementTree.fromstring(written).find("{http://www.w3.org/2005/Atom}entry")
    assert entry is not None
    content = entry.findtext("{http://www.w3.org/2005/Atom}content") or ""
    assert visible(text, lines=True) in content


@given(TEXT, TEXT)
@settings(max_examples=60)
def test_calendar(name: str, text: str) -> None:
    """Any name of a file and any cause make a calendar: lines of 75 octets that end as the format wants, one event."""
    one = event()
    odd = replace(one, causes=(replace(one.causes[0], text=same(text)), *one.causes[1:]))
    written = calendar_of([odd], DAY, name, "en")
    lines = written.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", b"".join(lines)) is None
    read: Any = Calendar.from_ical(written)
    assert [str(found["dtstart"].dt) for found in read.walk("VEVENT")] == [str(one.date)]
    assert visible(text) in str(read.walk("VEVENT")[0]["description"])
    assert str(read["x-wr-calname"]).endswith(visible(name)) or "\\" in name or ";" in name or "," in name


@pytest.mark.parametrize(("lang", "begins"), [("en", "Nominee streams: "), ("fr", "Volets des candidats : ")])
def test_days_of_streams(place: Path, lang: Lang, begins: str) -> None:
    """With streams each of their days has one more entry, in order and under an id of its own."""
    profile, until = place / "examples/people/engineer.toml", "2027-12-31"
    words = ["timeline", str(profile), "--ics", "t.ics", "--on", "2026-10-01", "--until", until, "--lang", lang]
    assert run(words) == 0
    plain: Any = Calendar.from_ical((place / "t.ics").read_bytes()).walk("VEVENT")
    assert run([*words, "--streams"]) == 0
    entries: Any = Calendar.from_ical((place / "t.ics").read_bytes()).walk("VEVENT")

    days = stream_days(read_profile(profile), "2026-10-01", until)
    found = [one for one in entries if str(one["summary"]).startswith(begins)]
    assert [one["dtstart"].dt for one in found] == sorted({one.date for one in days})
    assert len(entries) == len(plain) + len(found) > len(plain)
    assert [one["dtstart"].dt for one in entries] == sorted(one["dtstart"].dt for one in entries)
    assert len({str(one["uid"]) for one in entries}) == len(entries)
    told = "".join(str(one["description"]) for one in found)
    assert all(one.stream.title.say(lang) in told for one in days)
    assert all(change.say(lang) in told for one in days for change in one.changes)


def test_a_line_feed_in_the_name_of_a_file(place: Path) -> None:
    """The command writes a calendar for a profile of such a name."""
    odd = place / "a\nb\x07.toml"
    odd.write_bytes((place / "examples/people/engineer.toml").read_bytes())
    assert run(["timeline", str(odd), "--ics", "t.ics", "--on", "2026-10-01", "--until", "2026-12-01"]) == 0
    Calendar.from_ical((place / "t.ics").read_bytes())


@pytest.mark.parametrize("text", [one for one in ODD if "\ud800" not in one])
def test_site(text: str) -> None:
    """A round whose name has what XML may not have leaves the feed of the site readable."""
    record = load_record()
    odd = replace(record.rounds[-1], doubt=same(text))
    context = Context(load_law(), replace(record, rounds=(*record.rounds[:-1], odd)))
    with TestClient(create_app(Settings(lambda: DAY), context)) as client:
        answer = client.get("/en/feeds/all.atom")
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        assert visible(text, lines=True) in "".join(ElementTree.fromstring(answer.content).itertext())
