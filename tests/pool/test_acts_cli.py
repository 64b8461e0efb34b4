"""The operator's acts on the command line: each leaves what it says, says what is wrong, and can be asked for twice."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from expressentry.cli import options, run
from expressentry.cli.options import moment
from tests.pool.databases import ROOT

DAY = ("--on", "2026-10-01")


@pytest.fixture(autouse=True)
def place(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A pool with two people in it, the better of whom is invited."""
    monkeypatch.setenv("EXPRESSENTRY_DATABASE", database)
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    assert run(["pool", "init", *DAY]) == 0
    for person, file in (("anna", "engineer"), ("chloe", "graduate")):
        assert run(["pool", "submit", f"examples/people/{file}.toml", "--person", person, *DAY]) == 0
    assert run(["pool", "round", "issue", "general", "1", *DAY]) == 0
    capsys.readouterr()


class Asked:
    """Commands of the pool and their answers."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *words: str, status: int = 0) -> Any:
        """The JSON answer of a command."""
        assert run(["pool", *words, "--format", "json"]) == status
        return json.loads(self.capsys.readouterr().out)

    def refused(self, *words: str, status: int = 2) -> str:
        """What a command that is refused says; it answers nothing."""
        assert run(["pool", *words]) == status
        said = self.capsys.readouterr()
        assert said.out == ""
        return said.err

    def kinds(self) -> list[tuple[str, str, str]]:
        """What happened since the round, by whom and why."""
        return [(one["kind"], one["actor"], one["reason"]) for one in self("events", "--after", "5")]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Asked:
    """Ask the pool."""
    return Asked(capsys)


def test_update(ask: Asked) -> None:
    """New facts give a new score at the old stamp; only somebody in the pool can be updated, and only by a profile."""
    before = ask("show", "2")
    found = ask("update", "2", "examples/people/engineer.toml", *DAY)
    after = ask("show", "2")

    assert found == {"interest": 2, "state": "in_pool", "crs": 467}
    assert after["submitted_at"] == before["submitted_at"]
    assert "must be in_pool, and is invited" in ask.refused("update", "1", "examples/people/engineer.toml", *DAY)
    assert "no such expression of interest" in ask.refused("update", "9", "examples/people/engineer.toml", *DAY)
    Path("wrong.toml").write_text('[person]\nbirth_date = "yesterday"\n')
    assert "birth_date" in ask.refused("update", "2", "wrong.toml", *DAY, status=1)
    for act in (("update", "2", "examples/engineer.toml"), ("submit", "examples/engineer.toml", "--person", "bob")):
        said = ask.refused(*act, *DAY)
        assert "a file of factors describes a single day" in said
        assert len(said.splitlines()) == 1
    assert ask.kinds() == [("updated", "operator", "")]


def test_rank_of_a_misspelt_list(ask: Asked) -> None:
    """A list that does not exist is refused with the nearest one: an empty table would say that nobody is in it."""
    assert [one["interest"] for one in ask("rank", "general")] == [2]
    assert ask("rank", "french") == []
    assert "Did you mean general?" in ask.refused("rank", "generl")


def test_nomination(ask: Asked) -> None:
    """Six hundred points come, to which the cap holds all additional points, and go; asked for twice is done once."""
    for _ in range(2):
        assert ask("nomination", "add", "2", "ON", *DAY) == {"interest": 2, "state": "in_pool", "crs": 1049}
    assert ask("rank", "pnp")[0]["interest"] == 2
    assert "there is no nomination of this province" in ask.refused("nomination", "end", "2", "BC", *DAY)
    for _ in range(2):
        assert ask("nomination", "end", "2", "ON", *DAY) == {"interest": 2, "state": "in_pool", "crs": 464}
    assert ask("rank", "pnp") == []
    assert "one of: AB, BC" in ask.refused("nomination", "add", "2", "QC", *DAY)
    assert ask.kinds() == [("nominated", "province", ""), ("nomination_withdrawn", "province", "")]


def test_nomination_that_ends_by_itself(ask: Asked) -> None:
    """A nomination with a last day no longer counts after it, once the day's upkeep is done."""
    assert ask("nomination", "add", "2", "ON", "--expires", "2026-10-20", *DAY)["crs"] == 1049
    ask("expire", "--on", "2026-10-20")
    assert ask("show", "2")["standings"][0]["crs"] == 1049
    ask("expire", "--on", "2026-10-21")
    assert ask("show", "2")["standings"][0]["crs"] == 464


def test_cancel(ask: Asked) -> None:
    """An invitation in error is a new fact with its reason; back with the same stamp; none other can be cancelled."""
    assert [(one["invitation"], one["state"]) for one in ask("round", "show", "1")] == [(1, "open")]
    for _ in range(2):
        found = ask("cancel", "1", "--reason", "wrong list", *DAY)
        assert found == {"invitation": 1, "interest": 1, "round": 1, "state": "cancelled"}
    assert [one["interest"] for one in ask("rank", "general")] == [1, 2]
    assert ask("round", "show", "1")[0]["state"] == "cancelled"
    assert ask.kinds() == [("cancelled", "operator", "wrong list")]
    assert "no such invitation" in ask.refused("cancel", "7", "--reason", "x", *DAY)
    assert "reason: required" in ask.refused("cancel", "1", *DAY)
    assert "a reason is required" in ask.refused("cancel", "1", "--reason", " ", *DAY)


def test_cancel_what_was_answered(ask: Asked) -> None:
    """An accepted invitation is not cancelled."""
    ask("answer", "1", "accept", *DAY)
    assert "must be invited, and is applied" in ask.refused("cancel", "1", "--reason", "late", *DAY)


def test_bar(ask: Asked) -> None:
    """What is live ends, an open invitation too; until the day every submission is refused."""
    words = ("bar", "anna", "--until", "2031-10-01", "--reason", "final decision", *DAY)
    assert ask(*words) == {"person": "anna", "until": "2031-10-01", "ended": 1}
    assert ask(*words)["ended"] is None
    assert ask("round", "show", "1")[0]["state"] == "cancelled"
    again = ("submit", "examples/people/engineer.toml", "--person", "anna", "--on")
    assert ask(*again, "2031-09-30")["reason"] == "barred"
    assert ask(*again, "2031-10-01")["reason"] == "not_eligible"  # the tests expired long before
    assert ask.kinds()[:2] == [("barred", "operator", "final decision"), ("left_by_bar", "operator", "final decision")]
    assert "a day that has passed" in ask.refused("bar", "x", "--until", "2026-10-01", "--reason", "x", *DAY)
    assert "until: required" in ask.refused("bar", "x", "--reason", "x", *DAY)


def test_bar_of_someone_not_here(ask: Asked) -> None:
    """A person who never submitted can be barred."""
    assert ask("bar", "zoe", "--until", "2031-10-01", "--reason", "final decision", *DAY)["ended"] is None
    found = ask("submit", "examples/people/engineer.toml", "--person", "zoe", *DAY)
    assert (found["answer"], found["reason"]) == ("refused", "barred")


def test_erase(ask: Asked) -> None:
    """Nothing personal is left, the chain verifies, and a key that nobody has makes nobody."""
    assert ask("erase", "chloe", "--reason", "on request", *DAY) == {"person": "chloe", "erased": True, "cleared": True}
    assert ask("erase", "chloe", "--reason", "on request", *DAY) == {
        "person": "chloe",
        "erased": False,
        "cleared": False,
    }
    assert ask("show", "2")["state"] == "withdrawn"
    assert ask("verify")["ok"]
    ask("bar", "anna", "--until", "2031-10-01", "--reason", "final decision", *DAY)
    assert "must stay known" in ask.refused("erase", "anna", "--reason", "on request", *DAY)
    assert [one[0] for one in ask.kinds()] == ["left_by_erasure", "erased", "barred", "left_by_bar"]


def test_actors(ask: Asked) -> None:
    """Who did it stands in the event."""
    ask("cancel", "1", "--reason", "in error", "--actor", "desk 4", *DAY)
    assert ask.kinds() == [("cancelled", "desk 4", "in error")]


def test_health(ask: Asked) -> None:
    """Overdue is the law, the upkeep or the sealer; each with its fix, and exit status 1."""

    def found(on: str, status: int, *more: str) -> dict[str, bool]:
        answer = ask("health", "--on", on, *more, status=status)
        assert answer["ok"] == (status == 0)
        assert all((one["fix"] is None) == one["ok"] for one in answer["checks"])
        return {one["check"]: one["ok"] for one in answer["checks"]}

    assert found("2026-10-01", 0) == {"law": True, "upkeep": True, "sealer": True}
    ask("answer", "1", "decline", "--on", "2026-10-01", "--at", "2026-10-01T13:00:00Z")
    assert found("2026-10-01", 0, "--at", "2026-10-01T13:01:00Z")["sealer"]
    assert not found("2026-10-01", 1, "--at", "2026-10-01T13:01:01Z")["sealer"]
    ask("seal")
    assert found("2026-10-01", 0, "--at", "2026-10-01T13:01:01Z")["sealer"]
    assert not found("2027-09-01", 1)["upkeep"]
    assert not found("2024-04-11", 1)["law"]
    ask("expire", "--on", "2026-10-02")
    ask("seal")
    assert found("2026-10-02", 0)["upkeep"]


def test_health_of_open_invitations(ask: Asked) -> None:
    """An invitation whose window has passed is overdue though nobody in the pool is."""
    ask("answer", "2", "withdraw", *DAY)
    last = ask("round", "show", "1")[0]["answer_by"]
    assert ask("health", "--on", last, status=1)["checks"][1]["ok"]
    assert not ask("health", "--on", "2026-12-15", status=1)["checks"][1]["ok"]


def test_rounds(ask: Asked) -> None:
    """Each round with its head, the newest first; a round that is not there is said."""
    rounds = ask("round", "list")
    assert [(one["number"], one["list"], one["invited"], one["cutoff"]) for one in rounds] == [(1, "general", 1, 467)]
    assert rounds[0]["head"] == ask("verify")["head"]
    ask("round", "issue", "fsw", "0", *DAY)
    assert [(one["number"], one["cutoff"]) for one in ask("round", "list")] == [(2, None), (1, 467)]
    assert ask("round", "show", "2") == []
    assert "no such round" in ask.refused("round", "show", "3")


def test_scores_anew(ask: Asked) -> None:
    """`verify --scores` computes every score again, and asks for the day's upkeep first."""
    assert ask("verify", "--scores", *DAY)["ok"]
    assert "expressentry pool expire" in ask.refused("verify", "--scores", "--on", "2027-09-01")


def test_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is now, also where it is another day in UTC already; another day is its noon; an instant is itself."""
    now = datetime.now(UTC)
    for here in (now.date(), now.date() - timedelta(days=1), now.date() + timedelta(days=1)):
        monkeypatch.setattr(options, "today", lambda here=here: here)
        assert timedelta(0) <= moment(here, None) - now < timedelta(minutes=5)
    assert moment(date(2026, 10, 1), None) == datetime(2026, 10, 1, 12, tzinfo=UTC)
    assert moment(date(2026, 10, 1), now) == now


def test_a_rehearsal_stays_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Who asks for a pool where a rehearsal is hears that it stays one, and not to leave out what was left out."""
    assert run(["pool", "init"]) == 0
    said = capsys.readouterr()

    assert said.out.startswith("there is a pool already")
    assert "and stays one" in said.err
    assert "leave out" not in said.err
