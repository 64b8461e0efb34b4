"""`expressentry timeline`: text, JSON, calendar and picture."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import icalendar
import pytest

from expressentry.advise.timeline.days import snapshot_on, timeline
from expressentry.answers.timeline import event_record
from expressentry.cli import run
from expressentry.present.charts.timeline import timeline_data
from expressentry.present.text.timeline import signed
from expressentry.profile.read import read_profile

ROOT = Path(__file__).parents[2]
PEOPLE = ROOT / "examples/people"
ENGINEER = str(PEOPLE / "engineer.toml")
WORDS = ("timeline", ENGINEER, "--on", "2026-10-01")

pytestmark = pytest.mark.usefixtures("place")


class TestAnswer:
    """Text and JSON."""

    def test_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The keys that scripts rely on; two years unless another day is named."""
        assert run([*WORDS, "--format", "json"]) == 0
        answer = json.loads(capsys.readouterr().out)

        assert (answer["as_of"], answer["until"], answer["crs"]["total"]) == ("2026-10-01", "2028-10-01", 467)
        assert all({"date", "crs_before", "crs_after", "causes"} <= set(event) for event in answer["events"])
        first = answer["events"][0]
        assert (first["date"], first["crs_before"], first["crs_after"]) == ("2026-10-20", 467, 462)
        assert first["causes"][0]["text"] == "you turn 32"
        assert first["sections"] == {"core": {"before": [367], "after": [362]}}

    def test_until_and_brief(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The last day is included; in brief only days that change an answer are shown."""
        assert run([*WORDS, "--until", "2026-10-20", "--format", "json"]) == 0
        assert len(json.loads(capsys.readouterr().out)["events"]) == 1
        assert run([*WORDS, "--until", "2026-10-19", "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out)["events"] == []
        assert run([*WORDS, "--brief", "--format", "json"]) == 0
        assert all(event["answers_change"] for event in json.loads(capsys.readouterr().out)["events"])

    def test_readings(self) -> None:
        """Where readings differ a score is null and its range is told."""
        profile = read_profile(PEOPLE / "graduate.toml")
        [event] = timeline(profile, date(2026, 6, 14), date(2026, 6, 15))
        record = event_record(event, "en")

        assert (record["crs_before"], record["crs_after"], record["totals_after"]) == (464, None, [464, 475])
        assert signed(event) == "+0/+11"

    def test_program_lost(self) -> None:
        """Programs and categories gained and lost are told with both findings."""
        profile = read_profile(Path(ENGINEER))
        [event] = timeline(profile, date(2027, 9, 11), date(2027, 9, 12))

        assert event_record(event, "en")["programs"]["fsw"] == {"before": "eligible", "after": "not_eligible"}

    def test_windows(self, capsys: pytest.CaptureFixture[str]) -> None:
        """With submission and invitation their ends are days too."""
        more = ["--submitted", "2026-09-01T10:00:00Z", "--invited", "2026-09-20", "--until", "2027-10-01"]
        assert run([*WORDS, *more, "--format", "json"]) == 0
        kinds = [cause["kind"] for event in json.loads(capsys.readouterr().out)["events"] for cause in event["causes"]]

        assert kinds.count("profile") == 1
        assert kinds.count("invitation") == 1

    def test_misuse(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A last day before the first, too long a time, factors in place of a profile, an unknown ending."""
        assert run([*WORDS, "--until", "2026-09-30"]) == 2
        assert run([*WORDS, "--until", "2099-01-01"]) == 2
        assert run(["timeline", str(ROOT / "examples/engineer.toml"), "--on", "2026-10-01"]) == 2
        assert run([*WORDS, "--chart", "score.gif"]) == 2
        assert capsys.readouterr().out == ""


class TestCalendar:
    """`--ics`."""

    def test_whole_days(self, place: Path) -> None:
        """One entry a day, whole days, with the score and the reason, in the language asked for."""
        assert run([*WORDS, "--ics", "days.ics", "--lang", "fr"]) == 0
        entries = icalendar.Calendar.from_ical((place / "days.ics").read_bytes()).walk("VEVENT")

        assert len(entries) == len(timeline(read_profile(Path(ENGINEER)), date(2026, 10, 1), date(2028, 10, 1)))
        first = entries[0]
        assert first.decoded("dtstart") == date(2026, 10, 20)
        assert first.decoded("dtend") == date(2026, 10, 21)
        assert str(first["summary"]) == "SCG 462 (−5) : vous avez 32 ans"
        assert len({str(entry["uid"]) for entry in entries}) == len(entries)

    def test_the_same_bytes(self, place: Path) -> None:
        """The same input gives the same file; on another day an entry keeps its id."""
        for name, day in (("a.ics", "2026-10-01"), ("b.ics", "2026-10-01"), ("c.ics", "2026-10-05")):
            assert run(["timeline", ENGINEER, "--on", day, "--until", "2027-10-01", "--ics", name]) == 0
        a, b, c = ((place / name).read_bytes() for name in ("a.ics", "b.ics", "c.ics"))
        ids = [[str(e["uid"]) for e in icalendar.Calendar.from_ical(one).walk("VEVENT")] for one in (a, c)]

        assert a == b
        assert a != c
        assert ids[0] == ids[1]

    def test_nowhere(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A folder that does not exist is bad data, and nothing is left."""
        assert run([*WORDS, "--ics", "nowhere/days.ics"]) == 1
        assert "nowhere/days.ics" in capsys.readouterr().err


class TestChart:
    """`--chart`."""

    @pytest.mark.parametrize("ending", ["svg", "png", "html"])
    def test_files(self, place: Path, ending: str) -> None:
        """Each kind of picture is written, light in English and dark in French."""
        assert run([*WORDS, "--chart", f"e.{ending}"]) == 0
        assert run([*WORDS, "--chart", f"f.{ending}", "--dark", "--lang", "fr"]) == 0
        assert (place / f"e.{ending}").stat().st_size > 1000
        assert (place / f"e.{ending}").read_bytes() != (place / f"f.{ending}").read_bytes()

    def test_the_stair(self) -> None:
        """The rows begin at the first day, step on each event, and reach the last day."""
        profile, on, until = read_profile(Path(ENGINEER)), date(2026, 10, 1), date(2028, 10, 1)
        events = timeline(profile, on, until)
        data = timeline_data(snapshot_on(profile, on), events, until, "en")

        assert [row["date"] for row in data.rows] == [
            "2026-10-01", *(event.date.isoformat() for event in events), "2028-10-01",
        ]  # fmt: skip
        assert data.rows[0]["high"] == 467
        assert (
            data.summary.en == "467 points on 1 October 2026, 88 on 1 October 2028; days on which the score changes: 4."
        )
