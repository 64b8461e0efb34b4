"""`expressentry watch`: what is new since last time, what is remembered, and the feed."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry import load_law, load_record, read_profile
from expressentry.advise.timeline import days as days_module
from expressentry.advise.timeline.days import timeline
from expressentry.advise.watch.news import WatchedPerson, watch
from expressentry.advise.watch.state import read_state, state_text
from expressentry.answers.published import keep_page
from expressentry.cli import run
from expressentry.cli.commands import watch as watch_module
from expressentry.errors import FileError
from expressentry.law.verify.pages.compare import compare_page
from expressentry.rounds.replay import replay
from tests.law.verify.department import make
from tests.often import often
from tests.profiles import dated_profiles

ROOT = Path(__file__).parents[2]
ENGINEER = "examples/people/engineer.toml"
ATOM = "{http://www.w3.org/2005/Atom}"

pytestmark = pytest.mark.usefixtures("place")


def told(capsys: pytest.CaptureFixture[str], *words: str, status: int) -> Any:
    """The JSON of a run that ends with a status."""
    capsys.readouterr()
    assert run(["watch", *words, "--format", "json"]) == status
    return json.loads(capsys.readouterr().out)


class TestNews:
    """What is told, and when."""

    def test_the_first_run_begins(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The first run is no news: it says who is watched and what lies ahead; the same day again says nothing."""
        first = told(capsys, ENGINEER, "--on", "2026-10-01", status=0)
        again = told(capsys, ENGINEER, "--on", "2026-10-01", status=0)

        assert (first["began"], first["news"]) == (["engineer"], [])
        assert [one["date"] for one in first["ahead"]] == ["2026-10-20", "2026-11-03"]
        assert (again["began"], again["news"], again["ahead"]) == ([], [], [])

    def test_law_added_while_it_runs(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        """With `--every` each look reads the folder of law again: a new category comes to those who are watched."""
        folder = Path(os.environ["EXPRESSENTRY_HOME"]) / "law"
        text = load_law().grid("crs-2025-03-25").text.replace("crs-2025-03-25", "crs-2026-09-30")

        def looks(turn: Any, *_: object) -> None:
            turn()
            folder.mkdir(parents=True)
            (folder / "mine.toml").write_text(text.replace("in_force = 2025-03-25", "in_force = 2026-09-30"))
            turn()

        monkeypatch.setattr(watch_module, "repeat", looks)
        monkeypatch.setattr(watch_module, "is_today", lambda _: True)
        days = iter([date(2026, 9, 29), date(2026, 10, 1)])
        monkeypatch.setattr(watch_module, "today", lambda: next(days))
        capsys.readouterr()
        assert run(["watch", ENGINEER, "--every", "1h"]) == 0

        assert "user law" in capsys.readouterr().out

    def test_a_round_that_would_have_invited(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Round 293 asked for 491 points of STEM: told to everyone, and to the engineer as their own."""
        told(capsys, ENGINEER, "--on", "2024-04-10", status=0)
        news = told(capsys, ENGINEER, "--on", "2024-04-11", status=10)["news"]
        kinds = {one["kind"]: one for one in news}

        assert "491" in kinds["round"]["text"]
        assert (kinds["round"]["person"], kinds["invited"]["person"]) == (None, "engineer")
        assert told(capsys, ENGINEER, "--on", "2024-04-11", status=0)["news"] == []

    def test_news_of_rounds_are_those_of_the_replay(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Over two years in steps each round is told once, and those that invite are those that `replay` finds."""
        rounds, invited = [], []
        told(capsys, ENGINEER, "--on", "2023-03-01", status=0)
        for day in ("2023-07-05", "2024-01-01", "2024-04-11", "2024-04-12", "2025-03-01"):
            news = told(capsys, ENGINEER, "--on", day, status=0 if day == "2024-04-12" else 10)["news"]
            rounds += [one["text"].split(",")[0] for one in news if one["kind"] == "round"]
            invited += [one["date"] for one in news if one["kind"] == "invited"]
        record, span = load_record(), (date(2023, 3, 1), date(2025, 3, 1))
        between = [one for one in record if span[0] < one.date <= span[1]]
        found = replay(read_profile(ROOT / ENGINEER), record, rounds=between)

        assert rounds == [f"round {one.number}" for one in between]
        assert invited == [one.round.date.isoformat() for one in found.rounds if one.answer is not False]

    def test_tests_die(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A test that expires is told once ahead and once when it is so, with what it costs."""
        told(capsys, ENGINEER, "--on", "2024-11-01", status=0)
        ahead = told(capsys, ENGINEER, "--on", "2024-12-20", status=10)["news"]
        later = told(capsys, ENGINEER, "--on", "2025-01-10", status=10)["news"]
        expired = told(capsys, ENGINEER, "--on", "2025-02-03", status=10)["news"]

        assert [(one["kind"], one["date"]) for one in ahead if one["kind"] == "ahead"] == [("ahead", "2025-02-03")]
        assert all(one["kind"] != "ahead" or one["date"] != "2025-02-03" for one in later)
        assert {"event", "score", "program"} <= {one["kind"] for one in expired}
        assert "486 → 300" in next(one["text"] for one in expired if one["kind"] == "score")

    def test_law_moves(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A grid that comes into force is news for everyone, once however many are watched."""
        two = (ENGINEER, "examples/people/couple.toml")
        told(capsys, *two, "--on", "2025-03-24", status=0)
        news = told(capsys, *two, "--on", "2025-03-25", status=10)["news"]

        assert [one["text"] for one in news if one["kind"] == "law"] == [
            "the score now uses new rules: grid of 25 March 2025"
        ]

    def test_law_not_established(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Law whose content is not known is news when it comes."""
        told(capsys, ENGINEER, "--on", "2026-11-02", status=0)
        news = told(capsys, ENGINEER, "--on", "2026-11-03", status=10)["news"]

        assert any("3 November 2026" in one["text"] for one in news if one["kind"] == "law")

    def test_new_rules_are_told_once(self, capsys: pytest.CaptureFixture[str]) -> None:
        """What the law does is told once for everyone, ahead and on its day, and not again for each client."""
        two = (ENGINEER, "examples/people/couple.toml", "examples/people/nurse.toml")
        ahead = told(capsys, *two, "--on", "2026-10-25", status=0)["ahead"]
        news = told(capsys, *two, "--on", "2026-11-03", status=10)["news"]

        for found in (ahead, news):
            rules = [one for one in found if "new rules" in one["text"]]
            assert [(one["person"], one["date"]) for one in rules] == [(None, "2026-11-03")]

    def test_a_count_that_moves_nothing_is_no_news(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Years that go from 3 to 3 or 4 while every answer stays are left out; what a document does is not."""
        people = sorted(str(path) for path in (ROOT / "examples/people").glob("*.toml"))
        ahead = told(capsys, *people, "--on", "2026-10-01", "--ahead", "700", status=0)["ahead"]
        law, shipped = load_law(), {Path(path).stem: read_profile(Path(path)) for path in people}

        silent = 0
        for name, profile in shipped.items():
            for event in timeline(profile, date(2026, 10, 1), date(2028, 8, 31), law):
                if not event.answers_change and all(cause.kind in ("fact", "law") for cause in event.causes):
                    silent += 1
                    assert (name, event.date.isoformat()) not in {(one["person"], one["date"]) for one in ahead}
        assert silent

    def test_the_file_changed(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Facts added to a file are news, with the score that they move."""
        text = (ROOT / ENGINEER).read_text()
        (place / "me.toml").write_text(text)
        told(capsys, "me.toml", "--on", "2026-10-01", status=0)
        (place / "me.toml").write_text(
            text.replace('level = "masters"', 'level = "doctoral"').replace('"masters"', '"doctoral"')
        )
        news = told(capsys, "me.toml", "--on", "2026-10-01", status=10)["news"]

        assert [one["kind"] for one in news] == ["profile", "score"]

    def test_threshold(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A cut-off that passes the score of someone who could enter is told."""
        nurse, record = read_profile(ROOT / "examples/people/nurse.toml"), load_record()
        law, seen = load_law(), None
        crossed = []
        person = WatchedPerson("nurse", "k", "d", nurse)
        for day in (date(2025, 9, 1), date(2025, 12, 31), date(2026, 10, 1)):
            found = watch(person, day, record, law, seen)
            crossed += [one.id.split("|")[2] for one in found.news if one.kind == "threshold"]
            seen = found.seen
        by_hand = []
        for one in record:
            before = record.neighbours(one)[0]
            if before is None or not date(2025, 9, 1) < one.date <= date(2026, 10, 1):
                continue
            pair = replay(nurse, record, rounds=[before, one]).rounds
            if len(pair) == 2 and all(each.margins for each in pair) and pair[1].entry is not False:
                high = [each.margins[0] >= 0 for each in pair]
                by_hand += [one.number] if high[0] is not high[1] else []

        assert crossed == by_hand
        assert crossed

    @settings(max_examples=often(20))
    @given(dated_profiles(), st.dates(date(2023, 1, 1), date(2026, 6, 1)), st.integers(0, 200), st.integers(0, 200))
    def test_stopping_on_the_way_loses_nothing(self, profile: Any, start: date, a: int, b: int) -> None:
        """What happened is told whether the watch ran in between or not; nothing is told twice."""
        law, record = load_law(), load_record()
        person = WatchedPerson("p", "k", "d", profile)
        days = [date.fromordinal(start.toordinal() + n) for n in (0, a, a + b)]
        with pytest.MonkeyPatch.context() as patch:
            # A timeline that stops at its limit stops on another day where it began on another.
            patch.setattr(days_module, "_effort", lambda *_: 10**12)
            first = watch(person, days[0], record, law, None).seen
            middle = watch(person, days[1], record, law, first)
            last = watch(person, days[2], record, law, middle.seen)
            at_once = watch(person, days[2], record, law, first)
        kinds = ("round", "invited", "threshold", "event")
        steps = [one.id for one in (*middle.news, *last.news) if one.kind in kinds]

        assert sorted(steps) == sorted(one.id for one in at_once.news if one.kind in kinds)
        assert last.seen == replace(at_once.seen, announced_until=last.seen.announced_until)


class TestPages:
    """The department's pages that were compared."""

    def test_a_page_that_differs_is_news_once(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Told with its day at the next run and not again; another change of the page is news again."""
        home, law = place.parent / "home", load_law()
        told(capsys, ENGINEER, "--on", "2026-09-30", status=0)
        for size, day in (("15,632", "2026-09-30"), ("15,999", "2026-10-01")):
            page = (
                make("funds", law, date(2026, 6, 22), "en").decode().replace("15,263", size).replace("2026-06-22", day)
            )
            found = compare_page(page.encode(), "page.html", law)
            keep_page(home, found, law, "https://www.canada.ca/proof-funds.html", date(2026, 10, 1))
            (news,) = (
                one for one in told(capsys, ENGINEER, "--on", "2026-10-01", status=10)["news"] if one["kind"] == "page"
            )
            assert (news["date"], news["person"]) == (day, None)
            assert "page of settlement funds changed on" in news["text"]
            assert told(capsys, ENGINEER, "--on", "2026-10-01", status=0)["news"] == []


class TestState:
    """What is remembered."""

    def test_no_fact_of_a_profile(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The state has no name, day of birth, occupation or employer, and is for its owner alone."""
        told(capsys, ENGINEER, "--since", "state.json", "--on", "2026-10-01", status=0)
        text = (place / "state.json").read_text()

        assert all(fact not in text for fact in ("engineer", "1994-10-20", "21211", "WES", str(ROOT)))
        assert stat.S_IMODE((place / "state.json").stat().st_mode) == 0o600
        assert state_text(read_state(place / "state.json")).decode() == text

    def test_people_are_remembered_one_by_one(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Who was not asked about keeps what was seen of them."""
        told(capsys, ENGINEER, "examples/people/nurse.toml", "--on", "2026-01-01", status=0)
        told(capsys, ENGINEER, "--on", "2026-06-01", status=10)
        news = told(capsys, "examples/people/nurse.toml", "--on", "2026-06-01", status=10)["news"]

        assert min(one["date"] for one in news if one["kind"] == "round") < "2026-02-01"

    @pytest.mark.parametrize(
        "text",
        ["", "[]", "{}", '{"version": 1, "people": {}}', '{"version": 2, "people": {"a": {"as_of": "soon"}}}', "\x00"],
    )
    def test_no_state(self, text: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A file that is not a state is refused and left as it was."""
        (place / "s.json").write_text(text)
        assert run(["watch", ENGINEER, "--since", "s.json", "--on", "2026-10-01"]) == 1
        assert "not a state file of `expressentry watch`" in capsys.readouterr().err
        assert (place / "s.json").read_text() == text
        with pytest.raises(FileError):
            read_state(place)

    def test_misuse(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A day before the last run, days out of range, and factors instead of dated facts are misuse."""
        told(capsys, ENGINEER, "--on", "2026-10-01", status=0)
        state = (place.parent / "home/watch.json").read_text()
        assert run(["watch", ENGINEER, "--on", "2026-09-30"]) == 2
        assert "not before the last run, 2026-10-01" in capsys.readouterr().err
        assert run(["watch", ENGINEER, "--on", "2026-10-01", "--ahead", "-1"]) == 2
        assert run(["watch", "examples/engineer.toml", "--on", "2026-10-01"]) == 2
        assert run(["watch", "examples/people.csv", "--on", "2026-10-01"]) == 2
        assert "give each person a file" in capsys.readouterr().err
        assert (place.parent / "home/watch.json").read_text() == state

    def test_some_cannot(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Those who cannot be watched are told, the others are watched; with news the status is that of news."""
        wrong = ["examples/engineer.toml", "nowhere.toml"]
        assert run(["watch", wrong[0], ENGINEER, wrong[1], "--on", "2026-01-01"]) == 1
        said = capsys.readouterr().err
        assert "examples/engineer.toml: this needs a profile with dates" in said
        assert "nowhere.toml: there is no such file" in said
        assert run(["watch", ENGINEER, "nowhere.toml", "--on", "2026-06-01"]) == 10
        said = capsys.readouterr().err
        assert "nowhere.toml: there is no such file" in said
        assert run(["watch", ENGINEER, "--on", "2026-06-01"]) == 0


class TestAtom:
    """The feed."""

    def test_it_is_valid(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Feed and entries have what RFC 4287 asks for: one id, title, updated; an author; ids that differ."""
        told(capsys, ENGINEER, "--on", "2024-04-10", status=0)
        assert run(["watch", ENGINEER, "--on", "2024-06-30", "--format", "atom", "--lang", "fr"]) == 10
        feed = ElementTree.fromstring(capsys.readouterr().out)
        entries = feed.findall(f"{ATOM}entry")

        assert feed.tag == f"{ATOM}feed"
        assert feed.find(f"{ATOM}author/{ATOM}name") is not None
        for one in (feed, *entries):
            assert [len(one.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
            assert (one.findtext(f"{ATOM}id") or "").startswith("urn:uuid:")
            assert (one.findtext(f"{ATOM}updated") or "").endswith("T00:00:00Z")
            assert (one.findtext(f"{ATOM}updated") or "") <= "2024-06-30T00:00:00Z"
        assert len({one.findtext(f"{ATOM}id") for one in entries}) == len(entries) > 3
        assert all(one.find(f"{ATOM}content") is not None for one in entries)

    def test_ids_stay(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The same news told again, in another language, has the same ids; JSON gives them too."""
        told(capsys, ENGINEER, "--since", "a.json", "--on", "2024-04-10", status=0)
        (place / "b.json").write_bytes((place / "a.json").read_bytes())
        words = [ENGINEER, "--on", "2024-04-30"]
        assert run(["watch", *words, "--since", "a.json", "--format", "atom", "--lang", "fr"]) == 10
        feed = ElementTree.fromstring(capsys.readouterr().out)
        found = told(capsys, *words, "--since", "b.json", status=10)["news"]

        assert [one["id"] for one in found] == [one.findtext(f"{ATOM}id") for one in feed.findall(f"{ATOM}entry")]
