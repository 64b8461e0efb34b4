"""The pool on the command line: what scripts rely on, a chain that others can compute, logs, a restored pool."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from expressentry.cli import run
from expressentry.pool import PostgresStore, open_pool
from expressentry.pool.acts.facts import facts_text
from expressentry.pool.ops.monitor import openmetrics
from expressentry.pool.ops.status import status_record
from expressentry.pool.store.postgres import LOGGER, log_to
from expressentry.profile.read import read_document
from tests.pool.databases import ROOT
from tests.pool.fake_law import DAY, FakeLaw, facts, noon


@pytest.fixture(autouse=True)
def place(sample: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small pool of the examples, and an empty working folder."""
    monkeypatch.setenv("EXPRESSENTRY_DATABASE", sample)
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)


def answer(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> object:
    """The JSON answer of a command."""
    assert run(["pool", *words, "--format", "json"]) == status
    return json.loads(capsys.readouterr().out)


def test_keys_of_a_round(capsys: pytest.CaptureFixture[str]) -> None:
    """`pool round issue` answers with the keys of its contract, first and in this order."""
    found = answer(capsys, "round", "issue", "french", "0", "--on", "2026-10-01")
    assert isinstance(found, dict)
    assert list(found)[:5] == ["answer", "number", "invited", "cutoff", "tie_break"]
    assert (found["answer"], found["invited"], found["cutoff"], found["tie_break"]) == ("issued", 0, None, None)
    again = answer(capsys, "round", "issue", "french", "0", "--on", "2026-10-01")
    assert isinstance(again, dict)
    assert (again["answer"], again["number"]) == ("already_issued", found["number"])


def test_refused_is_exit_1(capsys: pytest.CaptureFixture[str]) -> None:
    """A round that is refused ends with status 1, and says why; other terms under one id differ."""
    found = answer(capsys, "round", "issue", "general", "1", "--on", "2024-04-11", status=1)
    assert isinstance(found, dict)
    assert (found["answer"], found["code"]) == ("refused", "before_last")
    id_ = str(uuid4())
    assert run(["pool", "round", "issue", "fst", "0", "--on", "2026-10-01", "--request", id_]) == 0
    assert run(["pool", "round", "issue", "fst", "1", "--on", "2026-10-01", "--request", id_]) == 1
    assert run(["pool", "round", "issue", "fst", "1", "--request", "one"]) == 2


def turned(value: Any) -> Any:
    """The same facts as another program writes them: keys the other way round, whole numbers of a test with a point."""
    if isinstance(value, dict):
        scores = {"listening", "reading", "writing", "speaking"}
        found = [(key, float(one) if key in scores else turned(one)) for key, one in value.items()]
        return dict(reversed(found))
    return [turned(one) for one in value] if isinstance(value, list) else value


def test_the_same_facts_are_the_same_request(capsys: pytest.CaptureFixture[str]) -> None:
    """The order of keys, 8 or 8.0, TOML or JSON make no other submission; another fact does."""
    engineer = ROOT / "examples/people/engineer.toml"
    known = json.loads(facts_text(read_document(engineer)))
    Path("turned.json").write_text(json.dumps(turned(known)))
    known["person"]["birth_date"] = "1994-10-21"
    Path("other.json").write_text(json.dumps(known))
    assert "8.0" in Path("turned.json").read_text()

    def submitted(file: Path | str) -> dict[str, Any]:
        found = answer(capsys, "submit", str(file), "--person", "twice", "--on", "2026-10-01")
        assert isinstance(found, dict)
        return found

    first, again, other = submitted(engineer), submitted("turned.json"), submitted("other.json")
    assert (first["answer"], first["again"]) == ("accepted", False)
    assert again == {**first, "again": True}
    assert (other["id"] != first["id"], other["reason"]) == (True, "already_live")


@pytest.mark.parametrize("kind", ["memory", "postgres"])
def test_the_same_id_with_the_same_facts(kind: str, request: pytest.FixtureRequest) -> None:
    """A request sent again in another form of the same facts is answered as before; with other facts it differs."""
    url = request.getfixturevalue("database") if kind == "postgres" else None
    with open_pool(url, FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        id_, known = uuid4(), facts(500, weight=8, list=[1, 2.5])
        first = pool.submit(id_, "anna", known, noon(DAY))
        again = pool.submit(
            id_, "anna", dict(reversed({**known, "weight": 8.0, "list": [1.0, 2.5]}.items())), noon(DAY)
        )

        assert again == replace(first, again=True)
        assert pool.submit(id_, "anna", {**known, "weight": 9}, noon(DAY)).answer == "differs"
        assert pool.submit(id_, "anna", {**known, "list": [2.5, 1]}, noon(DAY)).answer == "differs"


def test_anyone_can_compute_the_chain(capsys: pytest.CaptureFixture[str]) -> None:
    """From the exported lines alone each hash comes out again, in the way that the help page tells."""
    assert run(["pool", "events", "--format", "ndjson"]) == 0
    head = "0" * 64
    lines = capsys.readouterr().out.splitlines()
    for line in map(json.loads, lines):
        names = ("seq", "inbox", "kind", "at", "actor", "reason", "body")
        parts = [part.encode() for part in (head, *(str(line[name]) for name in names))]
        head = hashlib.sha256(b"".join(b"%d:%b" % (len(part), part) for part in parts)).hexdigest()
        assert head == line["hash"]
    assert len(lines) > 5


def test_nothing_personal_in_the_events(capsys: pytest.CaptureFixture[str]) -> None:
    """No key, no birth date, no employer: only numbers, scores and digests."""
    assert run(["pool", "events", "--format", "ndjson"]) == 0
    out = capsys.readouterr().out

    assert not any(word in out for word in ("engineer", "1994-10-20", "noc", "birth"))


def test_without_a_pool(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is none, the command says how to make one, and starts no server."""
    monkeypatch.delenv("EXPRESSENTRY_DATABASE")
    assert run(["pool", "show"]) == 2
    assert "expressentry pool init" in capsys.readouterr().err
    assert not Path("home/pool").exists()


def test_saved_and_brought_back(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A backup of a server's pool becomes an embedded one, which verifies; what is no backup is refused."""
    assert run(["pool", "backup", "--out", "pool.dump"]) == 0
    before = answer(capsys, "show") if not capsys.readouterr().err else None
    monkeypatch.delenv("EXPRESSENTRY_DATABASE")
    assert run(["pool", "restore", "pool.dump"]) == 0
    assert "restored and verified" in capsys.readouterr().out
    after = answer(capsys, "show")
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert after["candidates"] == before["candidates"]
    Path("other").write_text("no backup")
    assert run(["pool", "restore", "other"]) == 1
    assert "not a saved pool" in capsys.readouterr().err


def test_openmetrics() -> None:
    """The page ends as the form asks, and has candidates by state."""
    pool = open_pool(scorer=FakeLaw())
    pool.init(DAY, noon(DAY), "operator", rehearsal=True)
    pool.submit(uuid4(), "anna", facts(), noon(DAY, 1))
    page = openmetrics(status_record(pool))

    assert 'expressentry_pool_candidates{state="in_pool"} 1.0\n' in page
    assert "expressentry_pool_unsealed_events 3.0\n" in page
    assert page.endswith("# EOF\n")


def test_logs_hold_nothing_personal(database: str, tmp_path: Path) -> None:
    """A line an act with what was done and how long it took; no key and no facts."""
    log_to(tmp_path / "log")
    try:
        with PostgresStore(database) as store:
            pool = open_pool(scorer=FakeLaw())
            pool.store = store
            pool.init(DAY, noon(DAY), "operator", rehearsal=True)
            pool.submit(uuid4(), "anna-secret", facts(512), noon(DAY, 1))
    finally:
        for handler in list(LOGGER.handlers):
            LOGGER.removeHandler(handler)
            handler.close()
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]

    assert [(line["act"], line["events"]) for line in lines] == [
        ("strong", ["law_in_force", "rule_set_opened"]),
        ("weak", ["submitted"]),
    ]
    assert "anna-secret" not in (tmp_path / "log").read_text()


def test_erased(database: str) -> None:
    """After erasure no fact, factor, finding or key of the person is left, and the chain still verifies."""
    with open_pool(database, FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        pool.submit(uuid4(), "anna", facts(512), noon(DAY, 1))
        pool.submit(uuid4(), "ben", facts(500), noon(DAY, 2))
        pool.erase("anna", noon(DAY, 3), "operator", "on request")
        assert pool.verify().wrong == []
        store = pool.store
        assert isinstance(store, PostgresStore)
        left = [
            store.connection.execute(f"select count(*) from pool.{table}").fetchone()
            for table in ("profile", "factors")
        ]
        keys = store.connection.execute("select key from pool.person where key is not null").fetchall()

    assert (left, keys) == ([(1,), (1,)], [("ben",)])
