"""Days and clocks on the command line: a real pool goes by its server, a rehearsal by the days that it is given."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from expressentry.cli import options, run
from expressentry.pool import open_pool
from tests.pool.fake_law import FakeLaw, facts

FAR = "2062-10-01"


@pytest.fixture(autouse=True)
def place(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty database, and an empty working folder."""
    monkeypatch.setenv("EXPRESSENTRY_DATABASE", database)
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def real(database: str) -> str:
    """A pool that goes by the clock, with somebody in it who is invited, and somebody who is not."""
    with open_pool(database, FakeLaw()) as pool:
        pool.init(datetime.now(UTC).date(), datetime.now(UTC), "operator")
        for n in range(2):
            pool.submit(uuid4(), f"p{n}", facts(500 - n), datetime.now(UTC))
    return database


def states(url: str) -> dict[str, int]:
    """How many candidates are in each state."""
    with open_pool(url, FakeLaw()) as pool:
        return pool.store.read(lambda tx: tx.state_counts())


def test_made_for_today(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a day it is a real pool; `show` and JSON say what it is."""
    assert run(["pool", "init", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert (json.loads(out)["rehearsal"], err) == (False, "")
    assert run(["pool", "show"]) == 0
    assert "rehearsal" not in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--on", "2026-10-01"], ["--on", "2026-10-01", "--at", "2026-10-01T08:00:00Z"]])
def test_made_for_another_day(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With a day or an instant of its own it is a rehearsal, and says so each time; it asks about no day."""
    assert run(["pool", "init", *words]) == 0
    assert "This pool is a rehearsal" in capsys.readouterr().err
    assert run(["pool", "init"]) == 0
    assert "This pool is a rehearsal" in capsys.readouterr().err
    assert run(["pool", "show", "--lang", "fr"]) == 0
    assert "une répétition" in capsys.readouterr().out
    assert run(["pool", "round", "issue", "general", "0", "--on", "2026-10-02"]) == 0


@pytest.mark.parametrize(
    "words",
    [
        ["round", "issue", "general", "0"],
        ["expire"],
        ["rescore"],
        ["bar", "p0", "--until", "2099-01-01", "--reason", "x"],
        ["erase", "p0", "--reason", "x"],
        ["cancel", "1", "--reason", "x"],
    ],
    ids=lambda words: words[0],
)
def test_what_cannot_be_undone(real: str, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A day that is not today is asked about; meant or not, a real pool takes none that is far away."""
    for day in (["--on", FAR], ["--at", f"{FAR}T00:00:00Z"]):
        assert run(["pool", *words, *day]) == 2
        assert f"{FAR} is not today, and this cannot be undone" in (said := capsys.readouterr().err)
        assert f"--yes-i-mean {FAR}" in said
        assert run(["pool", *words, *day, "--yes-i-mean", "2062-10-02"]) == 2
        capsys.readouterr()
        assert run(["pool", *words, *day, "--yes-i-mean", FAR]) in (0, 1, 2)
    assert states(real) == {"in_pool": 2}


def test_a_clock_that_is_wrong(real: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One run of the daily timer 400 days ahead ends nobody, and says whose clock is wrong."""
    ahead = datetime.now(UTC) + timedelta(days=400)

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return ahead

    monkeypatch.setattr(options, "datetime", Wrong)
    assert run(["pool", "expire", "--on", str(ahead.date())]) == 1
    assert "clock of the server" in (said := capsys.readouterr().err)
    assert "correct the clock" in said
    assert states(real) == {"in_pool": 2}


def test_a_round_of_another_day(real: str) -> None:
    """The day of a round is today by the server's clock, give or take one, whatever its instant is."""
    today = datetime.now(UTC).date()
    for day, status in ((date(2062, 10, 1), 1), (today + timedelta(days=3), 1)):
        words = ["round", "issue", "general", "0", "--on", str(day), "--at", f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"]
        assert run(["pool", *words, "--yes-i-mean", str(day)]) == status
    with open_pool(real, FakeLaw()) as pool:
        assert pool.store.read(lambda tx: tx.rounds()) == []


def test_a_token(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A token is one line; how long it holds is bounded, and so is the key."""
    assert run(["pool", "init"]) == 0
    assert run(["pool", "token", "anna"]) == 0
    assert capsys.readouterr().out.endswith(":anna\n")
    assert run(["pool", "token", "anna", "--format", "json", "--seconds", "60"]) == 0
    assert json.loads(capsys.readouterr().out)["person"] == "anna"
    assert run(["pool", "token", "anna", "--seconds", "7200"]) == 2
    assert run(["pool", "token", "an\nna"]) == 2
