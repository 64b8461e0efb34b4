"""Heads of the chain in a file that others keep, and events that nobody of ours wrote."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Collection
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from expressentry.cli import run
from expressentry.errors import FileError
from expressentry.pool import Pool, Terms, ndjson, open_pool
from expressentry.pool.acts.model import Head
from expressentry.pool.ops.heads import add_heads, read_heads
from expressentry.pool.ops.publish import feed
from expressentry.pool.ops.status import status_record
from expressentry.pool.store.memory import MemoryStore
from tests.pool.fake_law import DAY, FakeLaw, facts, noon

HASHES = [f"{n:064x}" for n in range(9)]


def chain_of(heads: list[Head]) -> Callable[[Collection[int]], dict[int, str]]:
    """The chain of a pool that has these events."""
    return lambda numbers: {one.event: one.hash for one in heads if one.event in numbers}


def memory_pool(people: int, first: int = 0) -> Pool:
    """A pool in memory with so many people, who come at instants of their own."""
    pool = Pool(MemoryStore(), FakeLaw())
    pool.init(DAY, noon(DAY), "operator", rehearsal=True)
    for n in range(people):
        pool.submit(UUID(int=n), f"person {n}", facts(400 + n), noon(DAY, first + n))
    return pool


class TestFile:
    """A file that only grows, and that contradicts another chain."""

    def test_it_grows(self, tmp_path: Path) -> None:
        """Heads are added once, in order, and those that stand in it stay; anyone may read it."""
        path = tmp_path / "heads.ndjson"
        first = [Head(3, HASHES[3], 1), Head(5, HASHES[5])]
        assert (add_heads(path, first, chain_of(first)), add_heads(path, first, chain_of(first))) == (2, 0)
        before, more = path.read_text(), [Head(3, HASHES[3], 1), Head(7, HASHES[7], 2)]
        assert add_heads(path, more, chain_of([*first, *more])) == 1

        assert path.read_text().startswith(before)
        assert read_heads(path) == [*first, Head(7, HASHES[7], 2)]
        assert stat.S_IMODE(path.stat().st_mode) & 0o444 == 0o444

    @pytest.mark.parametrize("heads", [[Head(3, HASHES[4], 1)], [Head(2, HASHES[2])], []])
    def test_another_chain_is_refused(self, tmp_path: Path, heads: list[Head]) -> None:
        """A pool with another event, or without it, adds nothing."""
        path = tmp_path / "heads.ndjson"
        kept = [Head(3, HASHES[3], 1)]
        add_heads(path, kept, chain_of(kept))
        before = path.read_bytes()
        with pytest.raises(FileError, match="event 3 of it is not in this pool"):
            add_heads(path, heads, chain_of(heads))

        assert path.read_bytes() == before

    @pytest.mark.parametrize(
        "line",
        [
            "", "{}", "[]", "null", "{", "[" * 900, '{"event": 1, "hash": "x", "round": null}',
            json.dumps({"event": "1", "hash": HASHES[1], "round": None}),
            json.dumps({"event": True, "hash": HASHES[1], "round": None}),
            json.dumps({"event": 1, "hash": HASHES[1], "round": "1"}),
            json.dumps({"event": 1, "hash": HASHES[1], "round": True}),
            json.dumps({"event": 0, "hash": HASHES[1], "round": None}),
            json.dumps({"event": 10**18, "hash": HASHES[1], "round": None}),
            json.dumps({"event": 1, "hash": HASHES[1]}), "9" * 5000, "\xff",
        ],
        ids=lambda line: line[:20] or "empty",
    )  # fmt: skip
    def test_what_is_no_head(self, tmp_path: Path, line: str) -> None:
        """A line that is no head is named; nothing of it is believed."""
        path = tmp_path / "heads.ndjson"
        good = json.dumps({"event": 1, "hash": HASHES[1], "round": None})
        path.write_bytes(f"{good}\n{line}\n".encode("latin-1"))
        with pytest.raises(FileError, match="is no head of a chain"):
            read_heads(path)


class TestForks:
    """Two chains with the same beginning, or none: the file of one takes no head of the other."""

    @pytest.mark.parametrize("people", [2, 3, 5])
    def test_a_head_between_two_rounds(self, tmp_path: Path, people: int) -> None:
        """The newest head of one day is no round of the next; a fork behind it, however long, is refused."""
        path, ours = tmp_path / "heads.ndjson", memory_pool(2)
        assert add_heads(path, ours.heads(), ours.hashes) == 1
        fork = memory_pool(people, first=30)
        fork.issue(UUID(int=99), Terms("general", 1, DAY), noon(DAY, 60), "operator")
        before = path.read_bytes()

        with pytest.raises(FileError, match="is not in this pool"):
            add_heads(path, fork.heads(), fork.hashes)
        assert path.read_bytes() == before
        assert not fork.verify(read_heads(path)).ok

    def test_the_same_chain_goes_on(self, tmp_path: Path) -> None:
        """The same pool with more events, and a round, adds its heads."""
        path, pool = tmp_path / "heads.ndjson", memory_pool(2)
        add_heads(path, pool.heads(), pool.hashes)
        pool.submit(UUID(int=50), "later", facts(480), noon(DAY, 30))
        pool.issue(UUID(int=99), Terms("general", 1, DAY), noon(DAY, 60), "operator")

        assert add_heads(path, pool.heads(), pool.hashes) == 1
        assert pool.verify(read_heads(path)).ok

    def test_heads_of_two_chains(self, tmp_path: Path) -> None:
        """A file with heads of a fork beside ours is not ours, whichever of them comes first."""
        ours, fork = memory_pool(3), memory_pool(3, first=30)
        for heads in ([*ours.heads(), *fork.heads()], [*fork.heads(), *ours.heads()]):
            path = tmp_path / "heads.ndjson"
            path.unlink(missing_ok=True)
            add_heads(path, heads, chain_of(heads))

            assert [one.en for one in ours.verify(read_heads(path)).wrong] == [
                f"event {heads[0].event} is not the one that was published"
            ]


def test_no_file_of_heads(tmp_path: Path) -> None:
    """A pipe would be waited for, and a device has no end: both are refused at once."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path, tmp_path / "none"):
        with pytest.raises(FileError):
            read_heads(path)


def test_by_the_command_line(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`heads` writes the file, `verify --heads` takes it; a head that the pool does not have ends with status 1."""
    with open_pool(database, FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        pool.submit(uuid4(), "a", facts(), noon(DAY))
        pool.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 1), "operator")
    monkeypatch.setenv("EXPRESSENTRY_DATABASE", database)
    file = str(tmp_path / "heads.ndjson")

    assert run(["pool", "heads", "--out", file]) == 0
    assert run(["pool", "verify", "--heads", file]) == 0
    assert "published heads checked: 1" in capsys.readouterr().out
    with Path(file).open("a") as more:
        more.write(json.dumps({"event": 99, "hash": HASHES[1], "round": 2}) + "\n")
    assert run(["pool", "verify", "--heads", file]) == 1
    assert "round 2 was published, and its event 99 is missing" in capsys.readouterr().out
    assert run(["pool", "heads", "--out", file]) != 0


ODD = [
    '{"interest": "1", "standings": {"1": [true, 400, "fsw", ["general"]]}}',
    '{"interests": ["1"], "state": "in_pool"}',
    '{"interests": [1], "state": ["in_pool"]}',
    '{"interest": 1, "x": ' + "[" * 3000 + "]" * 3000 + "}",
    '{"interest": 1, "x": ' + "9" * 5000 + "}",
    '{"interest": null, "standings": {}}',
    "[]",
    "null",
    '"x"',
    "1e400",
    '{"interest": 1, "x": "\\ud800"}',
    '{"interest": 1, "interest": 2}',
    '{"places": [[1, "x", null, ""]]}',
]


@pytest.mark.parametrize("kind", ["updated", "due", "round", "submitted", "note"])
def test_what_no_act_of_ours_wrote(database: str, kind: str) -> None:
    """Whatever stands in the inbox or in the chain: it is told of, and the pool can still be read and published."""
    insert = "insert into pool.inbox (kind, at, actor, reason, body) values (%s, now(), '', '', %s)"
    with open_pool(database, FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        pool.submit(uuid4(), "a", facts(), noon(DAY))
        with psycopg.connect(database) as owner:
            owner.execute("set session_replication_role = replica")
            for body in ODD:
                owner.execute(insert, [kind, body])
        assert status_record(pool)
        pool.seal()

        assert [one.en for one in pool.verify().wrong] == [f"event {4 + n}: cannot be read" for n in range(len(ODD))]
        assert pool.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 9), "operator").answer == "issued"
        assert len(feed(pool)) == 1
        assert len(list(ndjson(pool.events()))) == 4 + len(ODD)


def note(kind: str, **body: object) -> tuple[str, str]:
    """An event as JSON."""
    return kind, json.dumps(body)


@pytest.mark.parametrize(
    ("told", "events"),
    [
        (
            "event 6: candidate 2: not possible in the state of then",
            [note("accepted", interests=[2], state="applied", invitation=1)],
        ),
        ("event 6: candidate 2: eligible", [note("ineligible", interests=[2], state="ineligible")]),
        (
            "event 6: candidate 2: not possible in the state of then",
            [note("withdrawn", interests=[2], state="in_pool")],
        ),
        (
            "event 6: candidate 2: the profile had not expired",
            [note("expired", interests=[2], state="expired", day="2026-01-06")],
        ),
        (
            "event 6: candidate 1: the time to answer had not run out",
            [note("lapsed", interests=[1], state="lapsed", day="2026-01-06", invitations=[1])],
        ),
        (
            "event 6: candidate 1: another invitation was open",
            [note("accepted", interests=[1], state="applied", invitation=7)],
        ),
        (
            "event 6: candidate 1: not possible in the state of then",
            [note("declined", interests=[1], state="expired", invitation=1)],
        ),
        (
            "event 6: candidate 2: the person is not barred",
            [note("left_by_bar", interests=[2], state="barred", invitation=None)],
        ),
        (
            "event 6: candidate 2: only a province changes nominations",
            [
                note(
                    "updated", interest=2, profile=HASHES[1], factors=HASHES[1], nominations=[["ON", None]],
                    review_on=None, standings={"1": [True, 1100, "pnp", ["pnp"]]},
                )
            ],
        ),
        (
            "event 6: candidate 2: not scored under each rule set",
            [note("due", interest=2, day="2026-01-06", factors=HASHES[1], review_on=None, standings={})],
        ),
        (
            "event 6: candidate 9: only a province changes nominations",
            [
                note(
                    "submitted", interest=9, person="00000000-0000-0000-0000-000000000000", key=HASHES[1],
                    submitted_at="2026-01-05T00:00:00.000000Z", expires_on="2027-01-05", review_on=None,
                    profile=HASHES[1], factors=HASHES[1], nominations=[["ON", None]], answer=HASHES[1],
                    standings={"1": [True, 1100, "pnp", ["pnp"]]},
                )
            ],
        ),
        ("event 6: not the rule set that was being scored", [note("law_in_force", rule_set=2)]),
        (
            "event 6: not the rule set that was being scored",
            [note("rule_set_opened", rehearsal=True, rule_set=3, name="x", digest="x", law_day="2026-01-05")],
        ),
        (
            "event 6: the person could not be erased",
            [note("erased", person="00000000-0000-0000-0000-000000000000")] * 2,
        ),
    ],
)  # fmt: skip
def test_what_no_act_may_do(database: str, told: str, events: list[tuple[str, str]]) -> None:
    """An event of a known form that takes a candidate where none may go is told of, by whom it was ever written."""
    with open_pool(database, FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        for n in range(2):
            pool.submit(uuid4(), f"p{n}", facts(500 - n), noon(DAY, n))
        pool.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 9), "operator")
        with psycopg.connect(database) as owner:
            owner.execute("set session_replication_role = replica")
            for kind, body in events:
                owner.execute(
                    "insert into pool.inbox (kind, at, actor, reason, body) values (%s, '2026-01-05', '', '', %s)",
                    [kind, body],
                )

        assert told.replace("event 6", f"event {5 + len(events)}") in [one.en for one in pool.verify().wrong]
