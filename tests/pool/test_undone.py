"""An act that fails midway leaves nothing behind, in memory as on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from expressentry.pool import Pool, Submission, Terms, open_pool
from expressentry.pool.acts.events import new_event
from expressentry.pool.acts.ports import Store, T, Tx
from tests.pool.fake_law import DAY, LAWS, FakeLaw, facts, noon

LATER = date(2026, 4, 20)
WRITES = {
    "open", "persons", "next_interests", "answer", "issue", "record", "seal", "open_rule_set", "clear", "add_scored",
    "add_scores", "keep_batch",
}  # fmt: skip
"""Everything by which an act changes a store."""
KEYS = [f"p{n}" for n in range(9)] + ["new", "late 0", "late 1"]
SENT = [uuid4() for _ in range(12)]


class FaultError(Exception):
    """What fails."""


class FailingTx:
    """A transaction whose n-th change is done, and then fails."""

    def __init__(self, tx: Tx, store: FailingStore) -> None:
        self._tx, self._store = tx, store

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._tx, name)
        if name not in WRITES:
            return method

        def changed(*given: Any) -> Any:
            found = method(*given)
            self._store.left -= 1
            if self._store.left == 0:
                self._store.failed = name
                raise FaultError
            return found

        return changed


class FailingStore:
    """A store whose n-th change fails; it knows what was in it before the act that failed."""

    def __init__(self, store: Store, left: int) -> None:
        self._store, self.left, self.failed, self.before = store, left, "", seen(store)

    def write(self, work: Callable[[Tx], T], token: str | None = None) -> T:
        """One act, which may fail."""
        self.before = seen(self._store)
        return self._store.write(lambda tx: work(FailingTx(tx, self)), token)

    def write_exclusive(self, work: Callable[[Tx], T]) -> T:
        """One act alone, which may fail."""
        self.before = seen(self._store)
        return self._store.write_exclusive(lambda tx: work(FailingTx(tx, self)))

    def write_aside(self, work: Callable[[Tx], T]) -> T | None:
        """One act that can wait, which may fail."""
        self.before = seen(self._store)
        return self._store.write_aside(lambda tx: work(FailingTx(tx, self)))

    def read(self, work: Callable[[Tx], T]) -> T:
        """As it is."""
        return self._store.read(work)

    def clone(self) -> Store:
        """As it is."""
        return self._store.clone()

    def close(self) -> None:
        """As it is."""


def seen(store: Store) -> list[Any]:
    """Everything in a store that an act can read."""

    def work(tx: Tx) -> list[Any]:
        states = tx.snapshot().states
        ids = sorted(states)
        return [
            tx.snapshot(), tx.rule_sets(), tx.rounds(), list(tx.events()), tx.waiting(), tx.unsealed(),
            tx.interests(ids), tx.profiles(ids), tx.scores(ids), [tx.known(key) for key in KEYS], tx.answered(SENT),
            [tx.invitation(n) for n in range(1, 9)], [tx.open_invitation(id_) for id_ in ids],
        ]  # fmt: skip

    return store.write(work)


def start(pool: Pool) -> None:
    """A pool with people in it, some of them invited."""
    pool.init(DAY, noon(DAY), "operator", rehearsal=True)
    given = [
        Submission(id_, key, facts(500 + n, drops=str(LATER), sure=n % 2 == 0, nominations=[]))
        for n, (id_, key) in enumerate(zip(SENT, KEYS[:9], strict=False))
    ]
    pool.submit_many(given, noon(DAY, 1))
    pool.issue(UUID(int=1), Terms("general", 4, DAY), noon(DAY, 100), "operator")


AFTER = noon(DAY, 200)
ACTS: dict[str, Callable[[Pool], object]] = {
    "update": lambda pool: pool.update(1, facts(520), AFTER),
    "update into no program": lambda pool: pool.update(2, facts(520, ends=str(DAY)), AFTER),
    "nominate": lambda pool: pool.nominate(3, {"province": "ON"}, AFTER),
    "withdraw nomination": lambda pool: pool.withdraw_nomination(3, "ON", AFTER),
    "withdraw": lambda pool: pool.withdraw(4, AFTER),
    "accept": lambda pool: pool.accept(9, AFTER),
    "decline": lambda pool: pool.decline(8, AFTER),
    "cancel": lambda pool: pool.cancel(3, AFTER, "operator", "wrong list"),
    "bar": lambda pool: pool.bar("p5", date(2030, 1, 1), AFTER, "operator", "final decision"),
    "bar a stranger": lambda pool: pool.bar("new", date(2030, 1, 1), AFTER, "operator", "final decision"),
    "erase": lambda pool: pool.erase("p0", AFTER, "operator"),
    "issue": lambda pool: pool.issue(UUID(int=2), Terms("general", 1, DAY), AFTER, "operator"),
    "upkeep": lambda pool: pool.upkeep(LATER, noon(LATER)),
    "rescore": lambda pool: pool.rescore(LAWS[1], noon(LATER, 1), "operator"),
    "seal": lambda pool: pool.seal(),
    "submit": lambda pool: pool.submit(SENT[9], "late 0", facts(510), noon(LATER, 2)),
    "submit many": lambda pool: pool.submit_many(
        [Submission(SENT[10], "late 1", facts(520)), Submission(SENT[11], "p1", facts(530))], noon(LATER, 3)
    ),
}
"""Each act that changes a pool, in an order in which each can be done."""


def failures(pool: Pool, act: Callable[[Pool], object]) -> Iterator[str]:
    """Let an act fail at each of its changes in turn, until it is done; yields where it failed."""
    for turn in range(1, 100):
        store = FailingStore(pool.store, turn)
        with suppress(FaultError):
            act(Pool(store, pool.scorer))
            return
        assert seen(pool.store) == store.before, store.failed
        yield store.failed


@pytest.mark.parametrize("kind", ["memory", "postgres"])
def test_nothing_is_left(kind: str, request: pytest.FixtureRequest) -> None:
    """Every act, failing after each of its changes, leaves the store as it was; then it is done as if never failed."""
    url = request.getfixturevalue("database") if kind == "postgres" else None
    with open_pool(url, FakeLaw()) as pool, open_pool(scorer=FakeLaw()) as unharmed:
        for one in failures(pool, lambda pool: pool.init(DAY, noon(DAY), "operator", rehearsal=True)):
            assert one
        start(pool)
        start(unharmed)
        for name, act in ACTS.items():
            failed = list(failures(pool, act))
            act(unharmed)

            assert failed, name
            assert pool.store.read(lambda tx: tx.state_counts()) == unharmed.store.read(lambda tx: tx.state_counts())
        assert pool.verify().wrong == []


def test_reading_changes_nothing() -> None:
    """What is written where one only reads does not stay, as PostgreSQL refuses it."""
    pool = open_pool(scorer=FakeLaw())
    start(pool)
    before = seen(pool.store)
    gone = new_event("withdrawn", AFTER, "web", {"interests": [1], "state": "withdrawn"})
    pool.store.read(lambda tx: tx.record([gone]))

    assert seen(pool.store) == before
