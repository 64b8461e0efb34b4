"""Days on which a stream changes for a person: equal to every day judged by itself."""

from __future__ import annotations

import json
import pickle
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry import load_law
from expressentry.advise.timeline import days as days_module
from expressentry.advise.timeline import streams as streams_module
from expressentry.advise.timeline.days import timeline
from expressentry.advise.timeline.streams import StreamDay, stream_days
from expressentry.assess.person.readings import assess_profile
from expressentry.assess.person.stream_people import assess_streams
from expressentry.cli import run
from expressentry.factors.streams import Documents, days_of_counts
from expressentry.law.streams import PROVINCES
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile
from tests.often import often
from tests.profiles import dated_facts
from tests.provinces.people import LAW
from tests.web.site import person

START, DAY = date(2026, 10, 1), timedelta(days=1)


@pytest.fixture(autouse=True)
def without_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at every day, however many questions are open."""
    monkeypatch.setattr(days_module, "_effort", lambda *_: 10**12)
    monkeypatch.setattr(streams_module, "MOST_EFFORT", 10**12)
    monkeypatch.setattr(streams_module, "_MOST_SUMS", 10**12)


def every_day(profile: Profile, start: date, until: date) -> list[tuple[Any, ...]]:
    """Each day judged by itself, and compared with the day before."""
    found, before, day = [], _judged(profile, start), start
    while day < until:
        day += DAY
        after = _judged(profile, day)
        keys = dict.fromkeys((*before, *after))
        found += [(day, key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)]
        before = after
    return found


def _judged(profile: Profile, day: date) -> dict[str, Any]:
    fresh = profile.model_copy()
    judged = assess_streams(assess_profile(fresh, day, LAW))
    return {one.stream.key: (one.answer, one.points[0].total if one.points else None) for one in judged}


def plain(days: tuple[StreamDay, ...]) -> list[tuple[Any, ...]]:
    """The same of what was found."""
    return [(one.date, one.stream.key, one.before, one.after) for one in days]


def moved(name: str, province: str | None = "MB") -> dict[str, Any]:
    """An example with what is stated for two provinces, and with its Canadian work in one."""
    facts = person(name)
    for job in facts["person"]["work"]:
        if job["worked_in"] == "CA" and province is not None:
            job["province"] = province
    codes = [job["noc2021"] for job in facts["person"]["work"]]
    stated = [{"province": "MB", "nominee_noc": codes[0], "offer": "permanent"}, {"province": "SK", "licence": "held"}]
    return {**facts, "provinces": stated}


@pytest.mark.parametrize(
    ("name", "days"), [("electrician", 150), pytest.param("electrician", 1100, marks=pytest.mark.long)]
)
def test_equal_to_every_day(name: str, days: int) -> None:
    """Work by place and window, birthdays, tests and permits: no day is missed, and none is too many."""
    profile, until = read_profile(moved(name)), START + timedelta(days=days)

    assert plain(stream_days(profile, START, until)) == every_day(profile, START, until)


@pytest.mark.long
@pytest.mark.parametrize("name", ["engineer", "couple", "nurse", "graduate"])
@pytest.mark.parametrize("province", ["MB", None])
def test_equal_for_every_example(name: str, province: str | None) -> None:
    """The same of the others, over a year and a half."""
    profile, until = read_profile(moved(name, province)), START + timedelta(days=550)

    assert plain(stream_days(profile, START, until)) == every_day(profile, START, until)


@settings(max_examples=often(2), deadline=None)
@given(dated_facts(), st.integers(0, 700))
def test_equal_for_anybody(facts: dict[str, Any], later: int) -> None:
    """The same of generated people, over some weeks."""
    start = START + timedelta(days=later)
    profile = read_profile({**facts, "provinces": [{"province": "SK", "nominee_noc": "21231"}]})

    assert plain(stream_days(profile, start, start + timedelta(days=12))) == every_day(
        profile, start, start + timedelta(days=12)
    )


@pytest.mark.parametrize("start", [date(2027, 12, 1), date(2028, 2, 20)])
def test_counts_around_a_leap_day(start: date) -> None:
    """A count differs from the day before exactly on the days that are told, a leap day's window included."""
    profile, until = read_profile(moved("electrician")), start + timedelta(days=100)
    (told, last), day = days_of_counts(profile, start, until, LAW), start
    assert last == until
    before = _counts(profile, start)
    while day < until:
        day += DAY
        after = _counts(profile, day)
        assert day in told or after == before, day
        before = after


def _counts(profile: Profile, day: date) -> list[Any]:
    documents, codes = Documents(profile.model_copy(), day, LAW), (None, "72200")
    counted = [documents.of(province, code) for province in PROVINCES for code in codes]
    return [[one[name] for name in LAW.streams.counts] for one in counted]


def test_a_stream_that_opens_or_closes(tmp_path: Path) -> None:
    """A stream that ends has no state from that day on, and says so; a version that follows is judged by its rules."""
    profile = read_profile(moved("engineer"))
    ends = [one for one in stream_days(profile, "2026-05-01", "2026-06-30") if one.after is None]
    begins = [one for one in stream_days(profile, "2026-05-01", "2026-06-30") if one.before is None]
    closed = [one for one in LAW.streams.versions if one.until and date(2026, 5, 1) < one.until <= date(2026, 6, 30)]

    assert {(one.date, one.stream.id) for one in ends} == {(one.until, one.id) for one in closed}
    assert {one.date for one in begins} == {one.stream.known for one in begins}
    assert all(one.causes[0].kind == "law" for one in (*ends, *begins))


@pytest.mark.parametrize(("limit", "most"), [("MOST_EFFORT", 30_000), ("_MOST_SUMS", 500)])
def test_it_stops_and_says_so(
    limit: str, most: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a limit on the work, the days up to where it stopped are the same, and the answer says where that is."""
    profile, until = read_profile(moved("electrician")), date(2028, 10, 1)
    whole = stream_days(profile, START, until)
    assert whole.until == until
    assert pickle.loads(pickle.dumps(whole)).until == until
    monkeypatch.setattr(streams_module, limit, most)
    short = stream_days(profile, START, until)

    assert START < short.until < until
    assert plain(short) == [one for one in plain(whole) if one[0] <= short.until]
    assert plain(stream_days(read_profile(moved("electrician")), START, until)) == plain(short)
    path = str(Path(__file__).parents[2] / "examples/people/electrician.toml")
    words = ["timeline", path, "--on", "2026-10-01", "--until", "2028-10-01", "--streams"]
    assert run([*words, "--lang", "fr"]) == 0
    assert "non examiné à partir du" in " ".join(capsys.readouterr().out.split())
    assert run([*words, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["streams_until"] < "2028-10-01"


def test_why() -> None:
    """Each day says what happens and what differs; the timeline's own causes stand where there are any."""
    profile, until = read_profile(moved("engineer")), date(2028, 10, 1)
    events = {one.date: one.causes for one in timeline(profile, START, until)}
    found = stream_days(profile, START, until)

    assert found
    for one in found:
        assert one.causes == events.get(one.date, one.causes)
        assert one.changes or None in (one.before, one.after)
        assert all(text.en != text.fr for text in one.changes)


def test_only_where_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """The streams are in the answer with `--streams` alone, in text and in JSON, and change nothing else."""
    path = str(Path(__file__).parents[2] / "examples/people/engineer.toml")
    words = ["timeline", path, "--on", "2026-10-01", "--until", "2027-12-31"]
    told = {}
    for more in ([], ["--streams"]):
        assert run([*words, *more, "--format", "json"]) == 0
        told[bool(more)] = json.loads(capsys.readouterr().out)
    days = told[True].pop("streams")
    assert told[True].pop("streams_until") == "2027-12-31"
    assert told[True] == told[False]
    profile = read_profile(person("engineer"))
    assert [(one["date"], one["key"]) for one in days] == [
        (str(one.date), one.stream.key) for one in stream_days(profile, START, date(2027, 12, 31), load_law())
    ]
    for lang in ("en", "fr"):
        assert run([*words, "--streams", "--lang", lang]) == 0
        assert "sk-ee" in capsys.readouterr().out
