"""The life of the pool against a plain model: on PostgreSQL and in memory at once, every step compared."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from expressentry.dates import anniversary
from expressentry.errors import ExpressEntryError
from expressentry.pool import Pool, PostgresStore, Terms, open_pool
from expressentry.pool.embedded import Embedded
from expressentry.pool.model import Standing
from tests.pool.toy import DAY, LAWS, ToyScorer, facts, noon, standing
from tests.pool_database import Make, wipe

LISTS = (("general",), ("cec", "general"), ("cec", "general", "stem"), ("fsw", "general", "stem"))
PEOPLE = ("anna", "ben", "chloe", "dai", "emil")


@dataclass
class Candidate:
    """What the model knows of an expression of interest."""

    person: str
    facts: dict[str, Any]
    stamp: int
    since: date
    state: str = "in_pool"
    looked: date = DAY
    answer_by: date | None = None
    invitation: int | None = None
    erased: bool = False


@dataclass
class Model:
    """The pool in plain words: no store, no events."""

    candidates: dict[int, Candidate] = field(default_factory=dict)
    barred: dict[str, date] = field(default_factory=dict)
    sent: dict[UUID, tuple[str, str, int | None]] = field(default_factory=dict)
    rounds: list[tuple[UUID, Terms]] = field(default_factory=list)
    invitations: int = 0
    law_day: date = DAY

    def live(self, person: str) -> int | None:
        """The live expression of interest of a person."""
        return next(
            (
                n
                for n, one in self.candidates.items()
                if one.person == person and not one.erased and one.state in ("in_pool", "invited")
            ),
            None,
        )

    def standing(self, one: Candidate) -> Standing:
        """As the facts were when last looked at, under the law in force."""
        return standing(one.facts, one.looked, self.law_day)

    def ranked(self, list_: str) -> list[int]:
        """The one ranking rule, written once more."""
        inside = [
            n for n, one in self.candidates.items() if one.state == "in_pool" and list_ in self.standing(one).lists
        ]
        return sorted(inside, key=lambda n: (-self.standing(self.candidates[n]).crs, self.candidates[n].stamp, n))


class PoolMachine(RuleBasedStateMachine):
    """Every act, in any order."""

    server: ClassVar[Embedded]
    name: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.model, self.day, self.clock = Model(), DAY, 0
        wipe(type(self).server.admin_url(self.name))
        self.pools: list[Pool] = [open_pool(type(self).server.admin_url(self.name), ToyScorer())]
        self.pools.append(open_pool(scorer=ToyScorer()))

    some_facts = st.builds(
        facts,
        crs=st.integers(0, 3).map(lambda n: 440 + 20 * n),
        lists=st.sampled_from(LISTS),
        drops=st.one_of(st.none(), st.integers(1, 200).map(lambda n: str(DAY + timedelta(days=n)))),
        ends=st.one_of(st.none(), st.integers(1, 300).map(lambda n: str(DAY + timedelta(days=n)))),
        taste=st.integers(-2, 2),
    )

    @initialize(given=st.lists(some_facts, min_size=3, max_size=len(PEOPLE)))
    def init(self, given: list[dict[str, Any]]) -> None:
        """A pool under the law of the first day, and a few who submit at the same instant."""
        assert self.both(lambda pool: pool.init(DAY, noon(DAY), "operator"))
        for person, one in zip(PEOPLE, given, strict=False):
            self.submit(person, one)

    def both(self, act: Any) -> Any:
        """Do an act on both stores; both answer the same, an error included."""
        found = []
        for pool in self.pools:
            try:
                found.append(act(pool))
            except ExpressEntryError as error:
                found.append(error.problems[0].code)
        assert found[0] == found[1]
        return found[0]

    def now(self) -> Any:
        """The next instant."""
        self.clock += 1
        return noon(self.day, self.clock)

    def number(self, pick: int, *states: str) -> int | None:
        """One of the candidates in some states."""
        found = [n for n, one in self.model.candidates.items() if one.state in states and not one.erased]
        return found[pick % len(found)] if found else None

    @rule(person=st.sampled_from(PEOPLE), given=some_facts)
    def enter(self, person: str, given: dict[str, Any]) -> None:
        """Someone submits, perhaps who is in the pool."""
        self.submit(person, given)

    @precondition(lambda self: any(self.model.live(person) is None for person in PEOPLE))
    @rule(given=some_facts)
    def enter_anew(self, given: dict[str, Any]) -> None:
        """Someone submits who is not in the pool."""
        self.submit(next(person for person in PEOPLE if self.model.live(person) is None), given)

    def submit(self, person: str, given: dict[str, Any]) -> None:
        """Accepted, or refused with the reason that the model gives."""
        client_id, at = uuid4(), self.now()
        found = self.both(lambda pool: pool.submit(client_id, person, given, at))
        if self.day < self.model.barred.get(person, date.min):
            expected: tuple[str, str | None] = ("refused", "barred")
        elif self.model.live(person) is not None:
            expected = ("refused", "already_live")
        elif not standing(given, self.day, self.model.law_day).eligible:
            expected = ("refused", "not_eligible")
        else:
            expected = ("accepted", None)
            self.model.candidates[found.interest] = Candidate(person, given, self.clock, self.day, looked=self.day)
        assert (found.answer, found.reason) == expected
        self.model.sent[client_id] = (person, expected[0], found.interest)
        again = self.both(lambda pool: pool.submit(client_id, person, given, self.now()))
        assert (again.answer, again.interest, again.again) == (found.answer, found.interest, True)
        other = self.both(lambda pool: pool.submit(client_id, person, {**given, "crs": 1}, self.now()))
        assert other.answer == "differs"

    @precondition(lambda self: self.number(0, "in_pool", "invited") is not None)
    @rule(pick=st.integers(0, 20), given=some_facts)
    def update(self, pick: int, given: dict[str, Any]) -> None:
        """New facts, the same stamp; who is no longer eligible leaves. Nominations stay the province's."""
        n = self.number(pick, "in_pool", "invited", "lapsed")
        if n is None:
            return
        one = self.model.candidates[n]
        found = self.both(lambda pool: pool.update(n, given, self.now()))
        if one.state != "in_pool":
            assert found == "wrong_state"
            return
        one.facts = {**given, "nominations": one.facts["nominations"]}
        self.looked_at(n)
        assert found == (one.state == "in_pool")

    def looked_at(self, n: int) -> None:
        """The model derives facts anew."""
        one = self.model.candidates[n]
        one.looked = self.day
        if one.state == "in_pool" and not self.model.standing(one).eligible:
            one.state = "ineligible"

    @precondition(lambda self: self.number(0, "in_pool", "invited") is not None)
    @rule(pick=st.integers(0, 20), province=st.sampled_from(("ON", "BC")))
    def nominate(self, pick: int, province: str) -> None:
        """Six hundred points come."""
        n = self.number(pick, "in_pool", "invited")
        if n is not None:
            self.both(lambda pool: pool.nominate(n, {"province": province}, self.now()))
            nominations = self.model.candidates[n].facts["nominations"]
            self.model.candidates[n].facts = {
                **self.model.candidates[n].facts,
                "nominations": [*nominations, {"province": province}],
            }
            self.looked_at(n)

    @precondition(lambda self: self.number(0, "in_pool", "invited") is not None)
    @rule(pick=st.integers(0, 20), province=st.sampled_from(("ON", "BC")))
    def end_nomination(self, pick: int, province: str) -> None:
        """Six hundred points go."""
        n = self.number(pick, "in_pool", "invited")
        if n is None:
            return
        one = self.model.candidates[n]
        standing_ones = [x for x in one.facts["nominations"] if x["province"] == province and "withdrawn_on" not in x]
        found = self.both(lambda pool: pool.withdraw_nomination(n, province, self.now()))
        if not standing_ones:
            ended_today = {"province": province, "withdrawn_on": str(self.day)}
            again = ended_today in one.facts["nominations"]
            assert found == (True if again else "no_nomination")
            return
        ended = [{**x, "withdrawn_on": str(self.day)} if x in standing_ones else x for x in one.facts["nominations"]]
        one.facts = {**one.facts, "nominations": ended}
        self.looked_at(n)

    @precondition(lambda self: self.number(0, "in_pool", "invited") is not None)
    @rule(pick=st.integers(0, 20))
    def withdraw(self, pick: int) -> None:
        """Only from the pool."""
        n = self.number(pick, "in_pool", "invited", "expired")
        if n is not None:
            found = self.both(lambda pool: pool.withdraw(n, self.now()))
            if self.model.candidates[n].state == "in_pool":
                assert found is None
                self.model.candidates[n].state = "withdrawn"
            else:
                assert found == "wrong_state"

    @rule(days=st.sampled_from((1, 1, 1, 3, 10, 40, 61, 150)))
    def pass_days(self, days: int) -> None:
        """Time passes, and the day's upkeep is done."""
        self.day += timedelta(days=days)
        self.clock = 0
        found = self.both(lambda pool: pool.daily(self.day, self.now()))
        for n, one in self.model.candidates.items():
            if one.state == "invited" and one.answer_by is not None and one.answer_by < self.day:
                one.state = "lapsed"
            if one.state == "in_pool" and anniversary(one.since, 1) <= self.day:
                one.state = "expired"
            if one.state in ("in_pool", "invited"):
                self.looked_at(n)
        assert found.looked_at <= len(self.model.candidates)

    @precondition(lambda self: any(self.model.law_day < start for start in LAWS[1:]))
    @rule()
    def new_law(self) -> None:
        """The whole pool is scored under the next law; it takes force when its day has come."""
        coming = next(start for start in LAWS if self.model.law_day < start)
        found = self.both(lambda pool: pool.rescore(coming, self.now(), "operator"))
        assert found.in_force == (coming <= self.day)
        if found.in_force:
            self.model.law_day = coming
            for one in self.model.candidates.values():
                if one.state == "in_pool" and not self.model.standing(one).eligible:
                    one.state = "ineligible"

    terms = st.tuples(
        st.sampled_from((("general", None), ("nominee", None), ("program", "cec"), ("category", "stem"))),
        st.integers(0, 4),
    )

    @precondition(lambda self: self.number(0, "in_pool") is not None)
    @rule(size=st.integers(1, 3))
    def issue_general(self, size: int) -> None:
        """A general round, while there is someone to invite."""
        self.issue((("general", None), size))

    @rule(given=terms)
    def any_round(self, given: Any) -> None:
        """A round of any kind, from an empty list perhaps."""
        self.issue(given)

    def issue(self, given: Any) -> None:
        """A round invites the first of its list, and nobody else; asked again it is the same round."""
        (kind, of), size = given
        coming = next((start for start in LAWS if self.model.law_day < start <= self.day), None)
        if coming is not None and size != 1:  # else it is refused
            self.new_law()
            return
        terms, request_id, at = Terms(kind, size, self.day, of), uuid4(), self.now()
        preview = self.both(lambda pool: pool.preview(terms))
        ranked = self.model.ranked(terms.list)
        assert preview.qualified == len(ranked)
        found = [pool.issue(request_id, terms, at, "operator") for pool in self.pools]
        assert [one.answer for one in found] == [found[0].answer] * 2
        assert found[0].reason == found[1].reason
        law = sum(start <= self.day for start in LAWS) == sum(start <= self.model.law_day for start in LAWS)
        if not law or self.day.month == 7:
            assert (found[0].answer, found[0].reason) == ("refused", "no_window" if law else "other_law")
            return
        assert found[0].answer == "issued"
        rows = [one.round for one in found if one.round is not None]
        assert rows[0].invited_digest == rows[1].invited_digest
        assert rows[0].next_digest == rows[1].next_digest
        self.model.rounds.append((request_id, terms))
        assert rows[0].number == len(self.model.rounds)
        for n in ranked[:size]:
            self.model.invitations += 1
            one = self.model.candidates[n]
            one.state, one.invitation = "invited", self.model.invitations
            one.answer_by = self.day + timedelta(days=60)
        crs = [self.model.standing(self.model.candidates[n]).crs for n in ranked]
        cutoff = crs[:size][-1] if crs[:size] else None
        assert (rows[0].invited, rows[0].cutoff) == (len(crs[:size]), cutoff)
        assert (preview.invited, preview.cutoff) == (rows[0].invited, cutoff)
        assert all(one <= crs[:size][-1] for one in crs[size:] if size)
        again = self.both(lambda pool: pool.issue(request_id, terms, self.now(), "operator").answer)
        other = self.both(
            lambda pool: pool.issue(request_id, Terms("general", 9, self.day), self.now(), "operator").answer
        )
        assert (again, other) == ("already_issued", "differs")

    @precondition(lambda self: self.number(0, "invited") is not None)
    @rule(pick=st.integers(0, 20))
    def accept(self, pick: int) -> None:
        """The application begins; here it is over."""
        n = self.number(pick, "invited")
        if n is not None:
            assert self.both(lambda pool: pool.accept(n, self.now())) is None
            self.model.candidates[n].state = "applied"

    @precondition(lambda self: self.number(0, "invited") is not None)
    @rule(pick=st.integers(0, 20), cancelled=st.booleans())
    def back(self, pick: int, cancelled: bool) -> None:
        """Declined, or cancelled when issued in error: back with the same stamp, if the profile still holds."""
        n = self.number(pick, "invited")
        if n is None:
            return
        one = self.model.candidates[n]
        if cancelled:
            found = self.both(lambda pool: pool.cancel(one.invitation or 0, self.now(), "operator", "in error"))
        else:
            found = self.both(lambda pool: pool.decline(n, self.now()))
        assert found is None
        if anniversary(one.since, 1) <= self.day:
            one.state = "expired"
        else:
            one.state = "in_pool" if self.model.standing(one).eligible else "ineligible"

    @rule(person=st.sampled_from(PEOPLE))
    def bar(self, person: str) -> None:
        """Misrepresentation: out, and no way in until the bar ends."""
        until, at = self.day + timedelta(days=90), self.now()
        self.both(lambda pool: pool.bar(person, until, at, "operator", "misrepresentation"))
        live = self.model.live(person)
        self.model.barred[person] = until
        if live is not None:
            self.model.candidates[live].state = "barred"

    @rule(person=st.sampled_from(PEOPLE))
    def erase(self, person: str) -> None:
        """Personal facts go; numbers and scores in the events stay, and so does the chain."""
        found = self.both(lambda pool: pool.erase(person, self.now(), "operator"))
        if self.day < self.model.barred.get(person, date.min):
            assert found == "barred"
            return
        live = self.model.live(person)
        if live is not None:
            self.model.candidates[live].state = "withdrawn"
        for one in self.model.candidates.values():
            if one.person == person:
                one.erased = True
        self.model.barred.pop(person, None)

    @invariant()
    def agrees(self) -> None:
        """States and standings are the model's in both stores; each chain is whole and each round ranks again."""
        states = {n: one.state for n, one in self.model.candidates.items()}
        live = {n: self.model.standing(one) for n, one in self.model.candidates.items() if one.state in LIVE}
        for pool in self.pools:
            snapshot = pool.store.look(lambda tx: tx.snapshot())
            if snapshot.in_force is None:
                return
            assert snapshot.states == states
            assert {n: rows[snapshot.in_force] for n, rows in snapshot.standings.items()} == live
            assert pool.verify().wrong == []

    def teardown(self) -> None:
        """Only those in the pool have entries."""
        store = self.pools[0].store
        assert isinstance(store, PostgresStore)
        with suppress(psycopg.Error):
            entries = {row[0] for row in store.connection.execute("select distinct interest from pool.entry")}
            assert entries <= {n for n, one in self.model.candidates.items() if one.state == "in_pool"}
        store.close()


LIVE = ("in_pool", "invited")


def explore(server: Embedded, make: Make, examples: int, steps: int) -> None:
    """Run the machine so often with so many steps."""
    PoolMachine.server, PoolMachine.name = server, make()
    run_state_machine_as_test(
        PoolMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_life(server: Embedded, make_database: Make) -> None:
    """Any order of acts leaves both stores as the model says."""
    explore(server, make_database, examples=25, steps=40)


@pytest.mark.long
def test_long_life(server: Embedded, make_database: Make) -> None:
    """The same, two thousand runs of fifty steps."""
    explore(server, make_database, examples=2000, steps=50)
