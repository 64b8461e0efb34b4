"""What the machine of the pool's tests stands on: how acts are chosen and done on both stores, and what must hold."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, TypeVar, get_args
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from expressentry.errors import ExpressEntryError
from expressentry.pool import MemoryStore, Pool, PostgresStore, Submission, Submitted, open_pool
from expressentry.pool.acts.model import CandidateScore, Event, Head, State
from expressentry.pool.server.embedded import Embedded
from tests.pool.databases import wipe
from tests.pool.fake_law import DAY, FakeLaw, facts, noon
from tests.pool.model import LIVE, Plain, Sent

LISTS = (("fsw", "general"), ("cec", "general"), ("cec", "general", "stem"), ("fsw", "general", "stem"))
PEOPLE = ("anna", "ben", "chloe", "dai", "emil", "fang", "gina", "hugo")
TERMS = (("general", None), ("nominee", None), ("program", "cec"), ("category", "stem"))
ONLY_SOMETIMES = ("bar_of_the_live", "bar_of_another", "erase", "accept", "any_law", "withdraw", "update")
ALL_STATES = get_args(State)
NAMING = ("lapsed", "expired", "ineligible")
"""Events that name several candidates: those are counted, not the events."""
UNCOUNTED = ("rescored", "due", "reviewed")
"""Events whose number follows from the size of batches."""

picks = st.integers(0, 20)
some_facts = st.builds(
    facts,
    crs=st.sampled_from((460, 480)),
    lists=st.sampled_from(LISTS),
    drops=st.one_of(st.none(), st.integers(1, 100)),
    ends=st.one_of(st.none(), st.integers(1, 50), st.integers(1, 50), st.sampled_from((0, 120))),
    taste=st.sampled_from((0, 0, 0, -2, 1, 2)),
    sure=st.booleans(),
)
"""Facts; `drops` and `ends` are days from when they are given."""


Condition = Callable[["Machine"], bool]
CHOICES: dict[str, tuple[int, dict[str, st.SearchStrategy[Any]]]] = {}
CONDITIONS: dict[str, Condition] = {}
Act = TypeVar("Act", bound=Callable[..., None])


def act(weight: int, **given: st.SearchStrategy[Any]) -> Callable[[Act], Act]:
    """Mark an act of the machine: how often it is chosen, and what it is given."""

    def mark(function: Act) -> Act:
        CHOICES[function.__name__] = weight, given
        return function

    return mark


def when(condition: Condition) -> Callable[[Act], Act]:
    """Mark when an act may be chosen."""

    def mark(function: Act) -> Act:
        CONDITIONS[function.__name__] = condition
        return function

    return mark


def always(_: Machine) -> bool:
    """Where there is no condition."""
    return True


class Machine(RuleBasedStateMachine):
    """A pool on PostgreSQL, one in memory, and the model of both."""

    server: ClassVar[Embedded]
    name: ClassVar[str]
    done: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        wipe(self.server.admin_url(self.name))
        self.model = Plain()
        self.pools: list[Pool] = [open_pool(self.server.admin_url(self.name), FakeLaw())]
        self.pools.append(open_pool(scorer=FakeLaw()))
        self.told: list[Counter[str]] = [Counter(), Counter()]
        self.seen = [0, 0]
        self.acts = 0
        self.without: set[str] = set()
        self.done["run"] += 1

    @initialize(
        given=st.lists(some_facts, min_size=3, max_size=4),
        without=st.sets(st.sampled_from(sorted(ONLY_SOMETIMES)), max_size=4),
    )
    def init(self, given: list[dict[str, Any]], without: set[str]) -> None:
        """A pool under the law of the first day, and a few who submit at the same instant; some acts never come."""
        self.without = without
        assert self.both(lambda pool: pool.init(DAY, noon(DAY), "operator", rehearsal=True))
        self.model.told += Counter(["rule_set_opened", "law_in_force"])
        self.submit_many([(person, self.dated(one)) for person, one in zip(PEOPLE, given, strict=False)])

    @rule(data=st.data())
    def one_act(self, data: st.DataObject) -> None:
        """One of the acts that can be done now, by its weight."""
        able = [
            name
            for name, (weight, _) in CHOICES.items()
            if name not in self.without and CONDITIONS.get(name, always)(self)
            for _ in range(weight)
        ]
        name = data.draw(st.sampled_from(able), "act")
        values = {key: data.draw(values, key) for key, values in CHOICES[name][1].items()}
        getattr(self, name)(**values)
        self.acts += 1

    def both(self, act: Callable[[Pool], Any]) -> Any:
        """Do an act on both stores; both answer the same, an error included."""
        found = [told(act, pool) for pool in self.pools]
        assert found[0] == found[1]
        return found[0]

    def dated(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Facts with days in place of how many days from now."""
        ahead = {
            name: given[name] if given[name] is None else str(self.model.day + timedelta(days=given[name]))
            for name in ("drops", "ends")
        }
        return {**given, **ahead}

    def submit_many(self, given: Sequence[tuple[str, dict[str, Any]]], early: int = 0, twin: bool = False) -> None:
        """Accepted, or refused with the reason that the model gives; sent again it is the same answer."""
        ids = [uuid4() for _ in given]
        rows = [Submission(id_, person, one) for id_, (person, one) in zip(ids, given, strict=True)]
        at = self.model.now() - timedelta(seconds=early)
        found = self.both(lambda pool: pool.submit_many([*rows, *rows[: int(twin)]], at))
        for row, one in zip(rows, found, strict=False):
            sent = Sent(row.client_id, row.person, dict(row.facts), "accepted", None, None)
            self.model.submit(sent, at, one.interest)
            assert (one.answer, one.reason, one.interest) == (sent.answer, sent.reason, sent.interest)
            self.done[f"{sent.answer} {sent.reason or ''}"] += 1
        if twin:
            assert (found[-1].answer, found[-1].interest, found[-1].again) == (found[0].answer, found[0].interest, True)
        if len(self.model.sent) % 3 == 0:
            self.again(len(self.model.sent) - 1)

    def again(self, at: int) -> None:
        """The stored answer once more; other facts under the same id differ."""
        sent = self.model.sent[at]
        found = self.both(lambda pool: pool.submit(sent.client_id, sent.person, sent.facts, self.model.now()))
        answers = (found.answer, found.reason, found.interest, found.again)
        assert answers == (sent.answer, sent.reason, sent.interest, True)
        other = self.both(
            lambda pool: pool.submit(sent.client_id, sent.person, {**sent.facts, "crs": 1}, self.model.now())
        )
        assert other == Submitted("differs")

    def state_of(self, person: str) -> str:
        """The state of a person's live expression of interest."""
        n = self.model.live(person)
        return "nobody live" if n is None else self.model.candidates[n].state

    def keys_stored(self) -> set[str]:
        """The persons whom a store still knows by name."""
        postgres_store, memory = (pool.store for pool in self.pools)
        assert isinstance(postgres_store, PostgresStore)
        assert isinstance(memory, MemoryStore)
        rows = postgres_store.connection.execute("select key from pool.person where key is not null").fetchall()
        return {row[0] for row in rows} | set(memory._data.keys)

    def answers_stored(self) -> int:
        """How many submissions can still be told from others by their facts."""
        store = self.pools[0].store
        assert isinstance(store, PostgresStore)
        row = store.connection.execute("select count(*) from pool.submission where digest <> ''").fetchone()
        return int(row[0]) if row else 0

    @invariant()
    def agrees(self) -> None:
        """States, standings and facts are the model's in both stores; each chain is whole, each round ranks again."""
        if not self.model.told:
            return
        states = {n: one.state for n, one in self.model.candidates.items()}
        live = {n: one for n, one in self.model.candidates.items() if one.state in LIVE}
        for at, pool in enumerate(self.pools):
            heads = [Head(one.rows[at].event, one.rows[at].head, one.rows[at].number) for one in self.model.rounds]
            assert pool.verify(heads).wrong == []
            snapshot, known, sets, events = pool.store.read(
                lambda tx: (
                    tx.snapshot(), tx.facts(list(states)), tx.rule_sets(), list(tx.events(self.seen[at]))  # noqa: B023
                )
            )  # fmt: skip
            assert snapshot.states == states
            assert known == dict(self.model.known())
            assert [one.law_day for one in sets] == [self.model.law_day, *filter(None, [self.model.building])]
            stored = snapshot.scores
            assert {n: rows[sets[0].id] for n, rows in stored.items()} == {
                n: self.model.score(one) for n, one in live.items()
            }
            if len(sets) == 2:
                found = {n: rows[sets[1].id] for n, rows in stored.items() if sets[1].id in rows}
                assert found == {n: self.model.to_come(live[n]) for n in found}
                assert {n for n in self.model.touched if n in live} <= set(found)
            self.counts(at, events)
            if at == 0:
                self.entries(stored)

    def counts(self, at: int, events: Sequence[Event]) -> None:
        """There is an event for all that happened, and no other."""
        for event in events:
            self.seen[at] = event.seq
            if event.kind not in UNCOUNTED:
                named = len(json.loads(event.body)["interests"]) if event.kind in NAMING else 1
                self.told[at][event.kind] += named
        assert self.told[at] == self.model.told

    def entries(self, scores: Mapping[int, Mapping[int, CandidateScore]]) -> None:
        """Those in the pool, and only those, have their entries in the lists."""
        store = self.pools[0].store
        assert isinstance(store, PostgresStore)
        rows = store.connection.execute("select rule_set, list, crs, submitted_at, interest from pool.entry").fetchall()
        in_pool = {n: one for n, one in self.model.candidates.items() if one.state == "in_pool"}
        assert sorted(rows) == sorted(
            (s, name, row.crs, in_pool[n].submitted_at, n)
            for n in in_pool
            for s, row in scores[n].items()
            for name in row.lists
        )

    def teardown(self) -> None:
        """Let go of the connection."""
        self.pools[0].close()
        self.done["runs of 50 acts"] += self.acts >= 50
        self.done["acts"] += self.acts


def told(act: Callable[[Pool], Any], pool: Pool) -> Any:
    """What an act answers, or the code of its error."""
    try:
        return act(pool)
    except ExpressEntryError as error:
        return error.problems[0].code
