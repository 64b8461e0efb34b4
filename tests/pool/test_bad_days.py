"""Bad days of an operator: a server that goes away in the middle of an act, a broken law, what must be forgotten."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from expressentry.cli import run
from expressentry.errors import PoolError
from expressentry.pool import Pool, PostgresStore, Terms, open_pool
from expressentry.pool.acts.model import Scored
from expressentry.pool.server.binaries import find_binaries
from tests.pool.databases import ROOT
from tests.pool.fake_law import DAY, LAWS, FakeLaw, facts, noon
from tests.pool.kills import whole

LATER = DAY.replace(day=20)
NEW_LAW = LAWS[1]
REQUEST = uuid4()


class Cut(FakeLaw):
    """A scorer that, asked for the n-th time, has the connection of the act cut by the server."""

    def __init__(self, url: str, asked: int) -> None:
        self.url, self.left, self.store = url, asked, PostgresStore(url)

    def score(self, facts: Mapping[str, Any], day: date, law_days: Sequence[date]) -> list[Scored]:
        """Score, the connection cut perhaps."""
        self.cut()
        return super().score(facts, day, law_days)

    def answer_by(self, day: date) -> date | None:
        """Tell the last day to answer, the connection cut perhaps."""
        self.cut()
        return super().answer_by(day)

    def cut(self) -> None:
        """Cut the connection when its turn has come."""
        self.left -= 1
        if self.left == 0:
            with psycopg.connect(self.url, autocommit=True) as owner:
                owner.execute("select pg_terminate_backend(%s, 5000)", [self.store.connection.info.backend_pid])


def everything(url: str) -> list[Any]:
    """All rows that acts write."""
    tables = (
        "person",
        "interest",
        "submission",
        "profile",
        "standing",
        "entry",
        "round",
        "invitation",
        "inbox",
        "event",
    )
    with psycopg.connect(url) as owner:
        return [
            sorted(owner.execute(f"select t::text from pool.{table} t").fetchall())
            for table in (*tables, "rescore_batch")
        ]


ACTS: dict[str, tuple[int, Callable[[Pool], object]]] = {
    "update": (1, lambda pool: pool.update(2, facts(520), noon(DAY, 50))),
    "nominate": (1, lambda pool: pool.nominate(2, {"province": "ON"}, noon(DAY, 50))),
    "issue": (1, lambda pool: pool.issue(REQUEST, Terms("general", 2, DAY), noon(DAY, 50), "operator").answer),
    "expire": (3, lambda pool: pool.upkeep(LATER, noon(LATER))),
    "rescore": (3, lambda pool: pool.rescore(NEW_LAW, noon(NEW_LAW), "operator")),
}
"""For each act at which question of the law it is cut; each asks inside its transaction."""


@pytest.mark.parametrize("name", ACTS)
def test_cut_in_the_middle(database: str, name: str) -> None:
    """The connection is lost inside the act: nothing is left of it, the error has the fix, and again it succeeds."""
    asked, act = ACTS[name]
    with open_pool(database, FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        for n in range(5):
            pool.submit(uuid4(), f"p{n}", facts(500 + n, drops=str(LATER), sure=False), noon(DAY, n))
        if name == "rescore":
            pool.upkeep(NEW_LAW, noon(NEW_LAW))
            pool.store.write_exclusive(lambda tx: pool._begin(tx, NEW_LAW, noon(NEW_LAW), "operator"))
    before = everything(database)
    scorer = Cut(database, asked)
    with Pool(scorer.store, scorer) as pool:
        with pytest.raises(PoolError) as lost:
            act(pool)
        assert "do it again with the same id" in lost.value.problems[0].fix.en
        assert everything(database) == before
        assert act(pool)
        assert everything(database) != before
    whole(database)


class TestOnTheCommandLine:
    """The same words, the right exit status, and the pool as it was."""

    @pytest.fixture(autouse=True)
    def place(self, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A pool with one person in it."""
        monkeypatch.setenv("EXPRESSENTRY_DATABASE", database)
        monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("LC_ALL", "C.UTF-8")
        monkeypatch.chdir(tmp_path)
        self.submit = ["pool", "submit", str(ROOT / "examples/people/engineer.toml"), "--on", "2026-10-01", "--person"]
        assert run(["pool", "init", "--on", "2026-10-01"]) == 0
        assert run([*self.submit, "anna"]) == 0

    def test_a_law_file_that_fails_its_check(self, database: str, capsys: pytest.CaptureFixture[str]) -> None:
        """A re-scoring under a broken law begins nothing and names file and line; with the file mended it runs."""
        folder = Path("home/law")
        folder.mkdir(parents=True)
        (folder / "new.toml").write_text('id = "crs-new"\nin_force = 2026-13-01\n')
        before = everything(database)
        assert run(["pool", "rescore", "--on", "2026-12-01"]) == 1
        assert "new.toml:" in capsys.readouterr().err
        assert everything(database) == before
        (folder / "new.toml").unlink()
        assert run(["pool", "rescore", "--on", "2026-12-01"]) == 0

    def test_a_profile_of_five_megabytes(self, database: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Refused in a sentence, and nothing stored."""
        before = everything(database)
        Path("large.json").write_text(json.dumps({"person": {"note": "x" * 5_000_000}}))
        assert run(["pool", "submit", "large.json", "--person", "ben", "--on", "2026-10-01"]) == 1
        assert len(capsys.readouterr().err) < 2000
        assert everything(database) == before

    def test_nothing_is_left_of_someone_erased(self, database: str, capsys: pytest.CaptureFixture[str]) -> None:
        """After erasure a dump of the whole database has no key, no fact, no finding, and no id made from them."""
        from expressentry.profile.read import read_document

        known = json.loads(json.dumps(read_document(ROOT / "examples/people/engineer.toml"), default=str))
        known["person"]["birth_date"] = "1991-09-17"
        works = [{**one, "employer": "Ypsilon Works"} for one in known["person"]["work"]]
        known["person"]["work"] = works
        Path("ben.json").write_text(json.dumps(known))
        known["person"]["tests"] = []
        Path("refused.json").write_text(json.dumps(known))
        ids = []
        for file in ("refused.json", "ben.json"):
            capsys.readouterr()
            words = ["pool", "submit", file, "--person", "key-of-ben", "--on", "2026-10-01", "--format", "json"]
            assert run(words) == 0
            ids.append(json.loads(capsys.readouterr().out)["id"])
        marks = ["key-of-ben", "1991-09-17", "Ypsilon", "not met", *ids]
        assert [one for one in marks if one not in dumped(database)] == []
        assert run(["pool", "erase", "key-of-ben", "--reason", "on request", "--on", "2026-10-02"]) == 0
        assert [one for one in marks if one in dumped(database)] == []
        assert run(["pool", "verify"]) == 0


def dumped(url: str) -> str:
    """All that a database holds, as text."""
    command = [find_binaries()["pg_dump"], "--data-only", f"--dbname={url}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
