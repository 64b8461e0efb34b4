"""The library as people type it: paths, days and numbers go in; what comes out can be looked at."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import expressentry
import expressentry.present.shown as shown
from expressentry import (
    Profile,
    UsageError,
    assess_person,
    assess_profile,
    derive,
    invited,
    load_law,
    load_record,
    occupation,
    plan,
    rank_round,
    read_profile,
    replay,
    score_frame,
    timeline,
)
from expressentry.advise.plan.request import PlanRequest
from expressentry.cli import run

FILE = str(Path(__file__).parents[1] / "examples/people/engineer.toml")
DAY = "2026-10-01"
FACTS: dict[str, Any] = {
    "age": 29,
    "accompanied": False,
    "education": "masters",
    "canadian_work_years": 0,
    "foreign_work_years": 3,
    "certificate_of_qualification": False,
    "canadian_study": "none",
    "sibling_in_canada": False,
    "provincial_nomination": False,
    **dict.fromkeys(("english_listening", "english_reading", "english_writing", "english_speaking"), 9),
}


@pytest.fixture(scope="module")
def engineer() -> Profile:
    """An invented engineer, read by the path as text."""
    return read_profile(FILE)


@pytest.fixture(scope="module")
def answers(engineer: Profile) -> dict[str, Any]:
    """Every kind of answer that the library gives."""
    record = load_record()
    return {
        "assess_profile": assess_profile(engineer, DAY),
        "assess_person": assess_person(FACTS, DAY),
        "reading": assess_profile(engineer, DAY).first,
        "derive": derive(engineer, DAY),
        "event": timeline(engineer, DAY, "2027-10-01")[0],
        "timeline": timeline(engineer, DAY, "2027-10-01"),
        "plan": plan(engineer, DAY, PlanRequest(size=1)),
        "best": plan(engineer, DAY, PlanRequest(size=1)).best,
        "invited": invited(engineer, 293, "2024-05-20", record),
        "replay": replay(engineer, record),
        "record": record,
        "round": record.round(293),
        "pool": record.pool_on(DAY),
        "rules": load_law().on(DAY),
        "grid": load_law().on(DAY).crs,
        "law": load_law(),
        "profile": engineer,
        "occupation": occupation(31301),
        "ranked": rank_round(pl.Series([500]), pl.Series([datetime(2026, 1, 1)]), 1),
    }


class TestTyped:
    """What is typed is understood, or refused with value, rule and fix."""

    def test_paths(self, engineer: Profile) -> None:
        """A path is text, a path object or anything that names one."""

        class Named:
            def __fspath__(self) -> str:
                return FILE

        assert read_profile(Path(FILE)) == read_profile(Named()) == engineer

    @pytest.mark.parametrize("day", ["2026-10-01", date(2026, 10, 1), datetime(2026, 10, 1, 23, 59)])
    def test_days(self, day: Any, engineer: Profile) -> None:
        """Every public function takes a day as text, as a date and as a datetime."""
        record, law = load_record(), load_law()
        later, last = "2027-10-01", date(2027, 10, 1)
        frame = pl.DataFrame([FACTS])

        assert assess_profile(engineer, day).total == 467
        assert assess_person(FACTS, day).total == 469
        assert derive(engineer, day).facts == derive(engineer, date(2026, 10, 1)).facts
        assert timeline(engineer, day, later) == timeline(engineer, date(2026, 10, 1), last)
        assert plan(engineer, day, PlanRequest(size=1)).start == date(2026, 10, 1)
        assert score_frame(frame, day)["crs"].to_list() == [469]
        assert law.on(day) == law.on(date(2026, 10, 1))
        assert record.pool_on(day) == record.pool_on(date(2026, 10, 1))
        assert record.last_round("stem", on=day) == record.last_round("stem", on=date(2026, 10, 1))
        assert record.stale(day) is False
        assert record.dormant("stem", on=day) is record.dormant("stem", on=date(2026, 10, 1))
        found = invited(engineer, "latest", day, record)
        assert (found.round, found.received) == (record.newest, date(2026, 10, 1))

    @pytest.mark.parametrize(
        "instant", ["2024-02-20T15:00:00Z", datetime(2024, 2, 20, 15), datetime(2024, 2, 20, 15, tzinfo=UTC)]
    )
    def test_instants(self, instant: Any, engineer: Profile) -> None:
        """An instant is text or a datetime, in UTC where it names no zone."""
        found = replay(engineer, load_record(), submitted=[instant])
        assert [one.round.number for one in found.invited] == ["293"]

    def test_numbers(self) -> None:
        """Rounds and occupations have numbers; the zeros of a code that came as a number are put back."""
        record = load_record()
        assert record.round(293) == record.round("293") == record.round(" #293 ")
        assert record.round("latest") == record.newest
        assert occupation(31301) == occupation("31301")
        assert occupation(112).noc == "0112"

    @pytest.mark.parametrize(
        ("call", "said"),
        [
            (lambda: read_profile(5), 'data: `5` is not the path of a profile, or its facts as a mapping. Fix: for'),  # type: ignore[arg-type]
            (lambda: assess_profile(FILE, DAY), "is not a profile that was read. Fix: read it first: read_profile("),  # type: ignore[arg-type]
            (lambda: derive({}, DAY), "profile: `dict` is not a profile that was read"),  # type: ignore[arg-type]
            (lambda: replay(FILE, load_record()), "is not a profile that was read"),  # type: ignore[arg-type]
            (lambda: plan(FILE, DAY), "is not a profile that was read"),  # type: ignore[arg-type]
            (lambda: assess_person(FACTS, "2026-02-30"), "on: `2026-02-30` is not a real day written YYYY-MM-DD. Fix:"),
            (lambda: load_law().on(20261001), "on: `20261001` is not a real day"),  # type: ignore[arg-type]
            (lambda: load_record().round(9999), "number: this round does not exist in our record, got `9999`."),
            (lambda: occupation(99999), "noc: `'99999'` is not a code of the NOC 2021"),
            (lambda: replay(read_profile(FILE), load_record(), submitted=[DAY]), "is not an instant in UTC"),
        ],
    )  # fmt: skip
    def test_refused(self, call: Callable[[], Any], said: str) -> None:
        """Anything else is misuse, in words: no trace of ours."""
        with pytest.raises(UsageError) as error:
            call()
        assert said in str(error.value)


class _Cells(HTMLParser):
    """Counts the rows of a table, and what is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.rows, self.open = 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.rows += tag == "tr"
        self.open += 1

    def handle_endtag(self, tag: str) -> None:
        self.open -= 1


class TestLookedAt:
    """A prompt shows one line, `print` the text of the command line, a notebook a table."""

    def test_one_line(self, answers: dict[str, Any]) -> None:
        """Every answer is one short line at a prompt, and says what it is."""
        for name, answer in answers.items():
            assert "\n" not in repr(answer), name
            assert len(repr(answer)) < 120, name
            assert repr(answer).startswith(f"<{type(answer).__name__}"), name
        assert repr(answers["record"]) == f"<Record: {len(load_record().rounds)} rounds to {load_record().as_of}>"
        assert repr(answers["assess_profile"]) == "<Assessment: 467 CRS points on 2026-10-01>"
        assert "1994" not in repr(answers["profile"])

    def test_total(self, answers: dict[str, Any]) -> None:
        """Every answer about a person has a total."""
        person = ("assess_profile", "assess_person", "reading", "event", "plan", "best", "invited", "replay")
        totals = {name: answers[name].total for name in person}
        assert totals["assess_profile"] == totals["reading"] == totals["plan"] == totals["replay"] == 467
        assert totals["assess_person"] == 469
        assert totals["best"] == answers["plan"].best.crs
        assert totals["event"] == answers["event"].after.total
        assert totals["invited"] == 491

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("assess_profile", ["assess", FILE, "--on", DAY]),
            ("replay", ["rounds", "replay", FILE, "--on", DAY]),
            ("derive", ["profile", "show", FILE, "--on", DAY]),
            ("plan", ["plan", FILE, "--size", "1", "--on", DAY]),
            ("timeline", ["timeline", FILE, "--on", DAY, "--until", "2027-10-01"]),
        ],
    )
    def test_text(
        self,
        name: str,
        words: list[str],
        answers: dict[str, Any],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """`str` is what the command line prints, and `say` the same in French."""
        monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path))
        for lang, text in (("en", str(answers[name])), ("fr", answers[name].say("fr"))):
            capsys.readouterr()
            assert run([*words, "--lang", lang]) == 0
            assert capsys.readouterr().out.rstrip("\n") == text

    def test_html(self, answers: dict[str, Any]) -> None:
        """A notebook shows a table, well formed, with nothing that could be markup of its own."""
        for name in ("assess_profile", "derive", "invited", "plan", "pool", "replay", "record", "timeline"):
            html = _Cells()
            html.feed(answers[name]._repr_html_())
            assert html.rows > 3, name
            assert html.open == 0, name
        assert answers["round"]._repr_html_().startswith("<pre>&lt;Round: 293")

    def test_sources_and_charts(self, answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
        """Lines are cited with a link; a timeline and a plan have their chart, where what draws it is installed."""
        cited = answers["assess_profile"]._repr_html_()
        assert cited.count('<a href="https://') > 10
        assert answers["assess_profile"].lines[1].cites[0].instrument.id in cited
        for name in ("timeline", "plan"):
            assert answers[name]._repr_html_().startswith("<svg")
        monkeypatch.setattr(shown, "find_spec", lambda name: None)
        for name in ("timeline", "plan"):
            assert answers[name]._repr_html_().startswith("<table>")

    def test_a_timeline_is_its_events(self, answers: dict[str, Any]) -> None:
        """It is the tuple of its events, also after it was sent to another process."""
        found = answers["timeline"]
        made = type(found)(("event",), 1, 2)
        again = pickle.loads(pickle.dumps(made))
        assert isinstance(found, tuple)
        assert found[0] == answers["event"]
        assert (tuple(again), again.first, again.until) == (("event",), 1, 2)

    def test_version(self) -> None:
        """The version is where everyone looks for it."""
        assert expressentry.__version__ == version("expressentry")
