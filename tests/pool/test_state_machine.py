"""The life of the pool against a plain model: on PostgreSQL and in memory at once, every step compared."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    run_state_machine_as_test,
)

from expressentry.dates import anniversary
from expressentry.pool import Pool, Terms
from expressentry.pool.acts import rescoring as rescoring_module
from expressentry.pool.acts import upkeep
from expressentry.pool.server.embedded import Embedded
from tests.often import often
from tests.pool.databases import Make
from tests.pool.fake_law import DAY, LAWS, law_number
from tests.pool.machine import ALL_STATES, PEOPLE, TERMS, Machine, act, picks, some_facts, told, when
from tests.pool.model import LIVE, Asked

PARTS = 10
"""So many tests share the runs of the long mode, so that two processors share the work."""
RARE = (
    "refused barred", "refused not_eligible", "refused already_live", "update False", "back in_pool",
    "back ineligible", "back expired", "bar invited", "erase invited", "lapsed", "expired", "too late",
    "rescore stopped", "act while re-scoring", "rescored, in force True", "rescored, in force False",
    "round nominee of some", "round program of some", "round category of some", "round general of nobody",
    "round refused before_last", "round refused other_law", "round refused stale", "round refused no_window",
)  # fmt: skip
"""What must have happened at least ten times in each of them."""


class Stopped(Exception):  # noqa: N818
    """A re-scoring that a crash stops between two batches."""


class PoolMachine(Machine):
    """Every act, in any order."""

    @act(1, person=st.sampled_from(PEOPLE), given=some_facts, early=st.sampled_from((0, 0, 5, 20000)))
    def enter(self, person: str, given: dict[str, Any], early: int) -> None:
        """Someone submits, perhaps who is in the pool; the clock may have been set back."""
        self.submit_many([(person, self.dated(given))], early)

    @when(lambda self: sum(self.model.live(person) is None for person in PEOPLE) > 1)
    @act(5, given=some_facts, early=st.sampled_from((0, 0, 5, 20000)))
    def enter_anew(self, given: dict[str, Any], early: int) -> None:
        """Someone submits who is not in the pool, and rather one who may."""
        out = [person for person in PEOPLE if self.model.live(person) is None]
        person = min(out, key=lambda one: self.model.day < self.model.barred.get(one, self.model.day))
        self.submit_many([(person, self.dated(given))], early)

    @act(1, given=st.lists(st.tuples(st.sampled_from(PEOPLE), some_facts), min_size=2, max_size=4), twin=st.booleans())
    def enter_together(self, given: list[tuple[str, dict[str, Any]]], twin: bool) -> None:
        """Several submit in one act, one of them twice perhaps."""
        self.submit_many([(person, self.dated(one)) for person, one in given], twin=twin)

    @when(lambda self: any(not sent.erased for sent in self.model.sent))
    @act(1, pick=picks)
    def send_again(self, pick: int) -> None:
        """A submission of long ago is sent again: the same answer. Of a person erased nothing is known any more."""
        known = [n for n, sent in enumerate(self.model.sent) if not sent.erased]
        self.again(known[pick % len(known)])

    @when(lambda self: self.model.some(0, *LIVE) is not None)
    @act(3, pick=picks, given=some_facts)
    def update(self, pick: int, given: dict[str, Any]) -> None:
        """New facts, the same stamp; who is no longer eligible leaves. Nominations stay the province's."""
        n = self.model.some(pick, "in_pool", "invited", "lapsed")
        if n is None:
            return
        one, new = self.model.candidates[n], self.dated(given)
        found = self.both(lambda pool: pool.update(n, new, self.model.now()))
        if one.state != "in_pool":
            assert found == "wrong_state"
            return
        assert found == self.model.change(n, {**new, "nominations": one.facts["nominations"]}, "updated")
        self.done[f"update {found}"] += 1

    @when(lambda self: self.model.some(0, *LIVE) is not None)
    @act(2, pick=picks, province=st.sampled_from(("ON", "BC")))
    def nominate(self, pick: int, province: str) -> None:
        """Six hundred points come."""
        n = self.model.some(pick, *LIVE)
        if n is None:
            return
        old = self.model.candidates[n].facts
        found = self.both(lambda pool: pool.nominate(n, {"province": province}, self.model.now()))
        if {"province": province} in old["nominations"]:
            assert found is True  # it stands already, and nothing is done
            return
        new = {**old, "nominations": [*old["nominations"], {"province": province}]}
        assert found == self.model.change(n, new, "nominated")
        self.done["nominate"] += 1

    @when(lambda self: any(n for n in self.model.nominees()))
    @act(4, pick=picks, province=st.sampled_from((None, "ON", "BC")))
    def end_nomination(self, pick: int, province: str | None) -> None:
        """Six hundred points go; a province that named nobody ends nothing."""
        found = self.model.nominees()
        n = found[pick % len(found)]
        old = self.model.candidates[n].facts
        current = [x["province"] for x in old["nominations"] if "withdrawn_on" not in x]
        of = province or current[0]
        answer = self.both(lambda pool: pool.withdraw_nomination(n, of, self.model.now()))
        if of not in current:
            again = {"province": of, "withdrawn_on": str(self.model.day)} in old["nominations"]
            assert answer == (True if again else "no_nomination")
            return
        ended = [
            {**x, "withdrawn_on": str(self.model.day)} if x["province"] == of and "withdrawn_on" not in x else x
            for x in old["nominations"]
        ]
        assert answer == self.model.change(n, {**old, "nominations": ended}, "nomination_withdrawn")
        self.done[f"end nomination {answer}"] += 1

    @when(lambda self: self.model.some(0, *LIVE) is not None)
    @act(1, pick=picks)
    def withdraw(self, pick: int) -> None:
        """Only from the pool."""
        n = self.model.some(pick, "in_pool", "invited", "expired")
        if n is None:
            return
        found = self.both(lambda pool: pool.withdraw(n, self.model.now()))
        if self.model.candidates[n].state != "in_pool":
            assert found == "wrong_state"
            return
        assert found is None
        self.model.leave(n, "withdrawn", "withdrawn")
        assert self.both(lambda pool: pool.withdraw(n, self.model.now())) is None  # asked again: done already
        self.done["withdraw"] += 1

    @act(1, days=st.sampled_from((1, 1, 3, 10, 61)))
    def pass_days(self, days: int) -> None:
        """Time passes."""
        self.go_to(self.model.day + timedelta(days=days))

    @act(2, pick=picks, offset=st.sampled_from((-1, 0, 0, 1)))
    def to_an_edge(self, pick: int, offset: int) -> None:
        """Time passes up to where something changes, the day before it, or the day after."""
        edges = self.model.edges()
        if edges:
            self.go_to(edges[min(pick % 4, len(edges) - 1)] + timedelta(days=offset))

    @when(lambda self: self.model.edges(only_invited=True) != [])
    @act(2)
    def to_an_edge_of_the_invited(self) -> None:
        """Time passes until the facts of someone change who is invited."""
        self.go_to(self.model.edges(only_invited=True)[0])

    def go_to(self, day: date) -> None:
        """Before the day's upkeep a round is refused and a late answer too; after it everything is as of the day."""
        if day <= self.model.day:
            return
        self.model.day, self.model.seconds = day, 0
        for n in self.model.has_overdue_invitations()[:1]:
            assert self.both(lambda pool: pool.accept(n, self.model.now())) == "too_late"  # noqa: B023
            assert self.both(lambda pool: pool.decline(n, self.model.now())) == "too_late"  # noqa: B023
            self.done["too late"] += 1
        if self.model.is_stale(day):
            terms, at = Terms("general", 1, day), self.model.now()
            why = self.model.refused(terms, at)
            for pool in self.pools:
                found = pool.issue(uuid4(), terms, at, "operator")
                assert (found.answer, found.reason) == ("refused", why)
            self.done[f"round refused {why}"] += 1
        at, half = self.model.now(), self.model.building is not None and not self.model.complete
        # Which are scored of a half-scored pool is the store's own affair, so that a first score counts as a change.
        found = self.both(lambda pool: replace(pool.upkeep(day, at), **({"changed": 0} if half else {})))
        done = self.model.upkeep()
        assert (found.lapsed, found.expired, found.looked_at, found.ineligible) == astuple(done)
        self.done.update({name: getattr(done, name) for name in ("lapsed", "expired", "looked_at")})

    @when(lambda self: not self.model.waits() or len(self.model.rounds) % 3 == 0)
    @act(1, number=st.integers(0, 3), days=st.sampled_from((0, 0, 2)))
    def any_law(self, number: int, days: int) -> None:
        """Another law, an earlier one perhaps; two are not scored at once."""
        self.rescore(LAWS[number] + timedelta(days=days))

    @when(lambda self: self.model.coming() is not None and not self.model.waits())
    @act(2)
    def new_law(self) -> None:
        """The whole pool is scored under the next law; it takes force when its day has come."""
        self.rescore(self.model.coming() or DAY)

    def rescore(self, on: date) -> None:
        """Score the pool under the law of a day to the end."""
        begun, at = self.model.begin(on), self.model.now()
        if begun != "building":
            refused = None if begun == "in_force" else begun
            assert self.both(lambda pool: pool.rescore(on, at, "operator")) == refused
            return
        self.finished([told(lambda pool: pool.rescore(on, at, "operator"), pool) for pool in self.pools])
        self.done["rescore"] += 1

    def finished(self, found: Sequence[Any]) -> None:
        """A re-scoring came to its end in both stores."""
        in_force, out = self.model.finish()
        assert [(one.in_force, one.ineligible) for one in found] == [(in_force, out)] * 2
        self.done[f"rescored, in force {in_force}"] += 1

    @when(lambda self: self.model.coming() is not None and not self.model.waits() and self.model.unscored() > 1)
    @act(4, batches=st.integers(1, 3), days=st.sampled_from((0, 20, 50)))
    def rescore_stopped(self, batches: int, days: int) -> None:
        """A crash stops a re-scoring between two batches; life goes on, and it is taken up again at any later time."""
        on, at = self.model.coming() or DAY, self.model.now()
        assert self.model.begin(on) == "building"

        def once(pool: Pool) -> Any:
            left = iter(range(batches - 1))

            def progress(_: int) -> None:
                if next(left, None) is None:
                    raise Stopped

            try:
                return pool.rescore(on, at, "operator", progress)
            except Stopped:
                return None

        found = [once(pool) for pool in self.pools]
        if found == [None, None]:
            self.done["rescore stopped"] += 1
            self.agrees()
            self.go_to(self.model.day + timedelta(days=days))
        else:  # one of them had no batch left to be stopped at
            self.finished(
                [one or pool.rescore(on, at, "operator") for one, pool in zip(found, self.pools, strict=True)]
            )

    @when(lambda self: self.model.coming() is not None and not self.model.waits() and self.model.unscored() > 1)
    @act(
        3,
        first=st.sampled_from((0, 0, 1)),
        acts=st.lists(
            st.tuples(st.sampled_from(("enter", "update", "withdraw", "nominate", "back", "issue")), picks, some_facts),
            min_size=1,
            max_size=4,
        ),
    )
    def rescore_meanwhile(self, first: int, acts: list[tuple[str, int, dict[str, Any]]]) -> None:
        """Between the batches of a re-scoring others act; a round among them ranks by the law in force."""
        on, at, left = self.model.coming() or DAY, self.model.now(), iter(acts)
        assert self.model.begin(on) == "building"

        def progress(_: int) -> None:
            name, pick, given = next(left, (None, 0, {}))
            if name is not None:
                self.act_by_name(name, pick, given)
                self.done["act while re-scoring"] += 1

        pools = [self.pools[first], self.pools[1 - first]]
        found = [pools[0].rescore(on, at, "operator", progress), pools[1].rescore(on, at, "operator")]
        self.finished(found)
        self.done["rescore meanwhile"] += 1

    def act_by_name(self, name: str, pick: int, given: dict[str, Any]) -> None:
        """Do one of the acts that may come between two batches."""
        if name == "enter":
            self.submit_many([(PEOPLE[pick % len(PEOPLE)], self.dated(given))])
        elif name == "issue":
            self.issue(TERMS[0], 1)
        elif self.model.some(0, *(LIVE if name != "back" else ("invited",))) is not None:
            others = {"update": (given,), "nominate": ("ON",), "withdraw": (), "back": (False,)}
            getattr(self, name)(pick, *others[name])

    @when(lambda self: self.model.some(0, "in_pool") is not None and self.model.may_issue())
    @act(5, size=st.integers(1, 3))
    def issue_general(self, size: int) -> None:
        """A general round, while there is someone to invite."""
        self.issue(TERMS[0], size)

    @when(lambda self: self.model.falling() != [] and self.model.may_issue())
    @act(2, pick=picks, then=st.sampled_from(("declined", "cancelled", "nothing")))
    def fall_while_invited(self, pick: int, then: str) -> None:
        """Someone is invited and is no longer eligible a while later; then the invitation is declined or cancelled."""
        found = self.model.falling()
        n = found[pick % len(found)]
        self.issue(TERMS[0], self.model.ranked("general").index(n) + 1)
        self.agrees()
        self.go_to(date.fromisoformat(self.model.candidates[n].facts["ends"]))
        self.agrees()
        if then != "nothing":
            self.come_back(n, then == "cancelled")

    @act(3, terms=st.sampled_from(TERMS), size=st.integers(0, 4), late=st.sampled_from((0, 0, 0, 3, 86400)))
    def any_round(self, terms: tuple[str, str | None], size: int, late: int) -> None:
        """A round of any kind, from an empty list perhaps, or by a clock set back."""
        if size > 2 and law_number(self.model.day) != law_number(self.model.law_day):
            self.rescore(self.model.coming() or self.model.day)  # smaller rounds are refused
            return
        self.issue(terms, size, late)

    @when(lambda self: self.model.lasting() != [])
    @act(1, pick=picks, then=st.sampled_from(("declined", "cancelled", "nothing")))
    def expire_while_invited(self, pick: int, then: str) -> None:
        """Someone is invited near the end of the twelve months and answers when they are over."""
        found = self.model.lasting()
        n = found[pick % len(found)]
        end = anniversary(self.model.candidates[n].since, 1)
        self.go_to(end - timedelta(days=20))
        while law_number(self.model.day) != law_number(self.model.law_day):
            self.rescore(self.model.coming() or self.model.day)
        if not self.model.may_issue() or n not in self.model.ranked("general"):
            return
        self.issue(TERMS[0], self.model.ranked("general").index(n) + 1)
        self.agrees()
        self.go_to(end)
        self.agrees()
        if then != "nothing":
            self.come_back(n, then == "cancelled")

    @when(lambda self: self.model.ranked("pnp") != [] and self.model.may_issue())
    @act(5, terms=st.sampled_from(TERMS))
    def round_beside_nominees(self, terms: tuple[str, str | None]) -> None:
        """A round while there are nominees: they enter only those that invite nominees."""
        self.issue(terms, 1)

    def issue(self, given: tuple[str, str | None], size: int, late: int = 0) -> None:
        """A round invites the first of its list, and nobody else; asked again it is the same round."""
        at = self.model.now() - timedelta(seconds=late)
        terms, request_id = Terms(given[0], size, at.date(), given[1]), uuid4()
        preview = self.both(lambda pool: pool.preview(terms))
        ranked = self.model.ranked(terms.list)
        scores = [self.model.score(self.model.candidates[n]).crs for n in ranked]
        assert preview.qualified == len(ranked)
        for (low, high), number in preview.distribution.items():
            assert number == sum(low <= crs <= high for crs in scores)
        found = [pool.issue(request_id, terms, at, "operator") for pool in self.pools]
        refused = self.model.refused(terms, at)
        if refused:
            assert [(one.answer, one.reason, one.round) for one in found] == [("refused", refused, None)] * 2
            self.done[f"round refused {refused}"] += 1
            return
        assert [one.answer for one in found] == ["issued"] * 2
        rows = [one.round for one in found if one.round is not None]
        last = self.model.candidates[ranked[:size][-1]] if ranked[:size] else None
        ends = (self.model.score(last).crs, last.submitted_at) if last else (None, None)
        self.model.invite(Asked(request_id, terms, at, rows))
        for row in rows:
            assert (row.number, row.terms, row.as_of) == (len(self.model.rounds), terms, at)
            assert (row.invited, row.cutoff, row.tie_break) == (len(ranked[:size]), *ends)
        assert (preview.invited, preview.cutoff, preview.tie_break) == (len(ranked[:size]), *ends)
        assert rows[0].invited_digest == rows[1].invited_digest
        assert rows[0].next_digest == rows[1].next_digest
        if len(self.model.rounds) % 2 == 0:
            self.ask_again(-1)
        self.done[f"round {terms.kind} {'of some' if ranked[:size] else 'of nobody'}"] += 1

    @when(lambda self: self.model.rounds != [])
    @act(1, pick=picks)
    def ask_again(self, pick: int) -> None:
        """The round that there is; other terms under the same id differ, in whatever they differ."""
        asked = self.model.rounds[pick % len(self.model.rounds)]
        terms = asked.terms
        for pool, row in zip(self.pools, asked.rows, strict=True):
            found = pool.issue(asked.request_id, terms, self.model.now(), "operator")
            assert (found.answer, found.round) == ("already_issued", row)
        kind, of = TERMS[(TERMS.index((terms.kind, terms.of)) + 1) % len(TERMS)]
        others = (
            Terms(terms.kind, terms.size + 1, terms.day, terms.of),
            Terms(terms.kind, terms.size, terms.day + timedelta(days=1), terms.of),
            Terms(kind, terms.size, terms.day, of),
        )
        other = others[pick % len(others)]
        at = self.model.now()
        assert self.both(lambda pool: pool.issue(asked.request_id, other, at, "operator").answer) == "differs"

    @when(lambda self: self.model.some(0, "invited") is not None)
    @act(1, pick=picks)
    def accept(self, pick: int) -> None:
        """The application begins; here it is over."""
        n = self.model.some(pick, "invited")
        if n is not None:
            assert self.both(lambda pool: pool.accept(n, self.model.now())) is None
            self.model.leave(n, "applied", "accepted")
            assert self.both(lambda pool: pool.accept(n, self.model.now())) is None  # asked again: done already
            assert self.both(lambda pool: pool.decline(n, self.model.now())) == "wrong_state"
            self.done["accept"] += 1

    @when(lambda self: self.model.some(0, "invited") is not None)
    @act(2, pick=picks, cancelled=st.booleans())
    def back(self, pick: int, cancelled: bool) -> None:
        """Declined, or cancelled when issued in error: back with the same stamp, if the profile still holds."""
        n = self.model.some(pick, "invited")
        if n is not None:
            self.come_back(n, cancelled)

    @when(lambda self: self.model.fallen() != [])
    @act(4, pick=picks, cancelled=st.booleans())
    def back_of_the_fallen(self, pick: int, cancelled: bool) -> None:
        """The same for those who are no longer eligible since they were invited, or whose term is over."""
        found = self.model.fallen()
        self.come_back(found[pick % len(found)], cancelled)

    def come_back(self, n: int, cancelled: bool) -> None:
        """Decline or cancel."""
        number = self.model.candidates[n].invitation or 0
        if cancelled:
            found = self.both(lambda pool: pool.cancel(number, self.model.now(), "operator", "in error"))
        else:
            found = self.both(lambda pool: pool.decline(n, self.model.now()))
        assert found is None
        self.model.back(n, "cancelled" if cancelled else "declined")
        self.done[f"back {self.model.candidates[n].state}"] += 1
        found = self.both(lambda pool: pool.cancel(number, self.model.now(), "operator", "in error"))
        assert found == (None if cancelled else "wrong_state")  # cancelled again: done already

    @when(lambda self: self.model.some(0, *LIVE) is not None)
    @act(1, pick=picks)
    def bar_of_the_live(self, pick: int) -> None:
        """Misrepresentation of someone who is in the pool or invited."""
        n = self.model.some(pick, *LIVE)
        if n is not None:
            self.bar(self.model.candidates[n].person)

    @when(lambda self: any(person not in self.model.barred for person in PEOPLE))
    @act(1)
    def bar_of_another(self) -> None:
        """Misrepresentation of someone not barred before, in the pool or not."""
        self.bar(next(person for person in reversed(PEOPLE) if person not in self.model.barred))

    def bar(self, person: str) -> None:
        """Out, and no way in until the bar ends."""
        until, at = self.model.day + timedelta(days=30), self.model.now()
        self.both(lambda pool: pool.bar(person, until, at, "operator", "misrepresentation"))
        self.done[f"bar {self.state_of(person)}"] += 1
        self.model.bar(person, until)

    @when(lambda self: self.model.some(0, *ALL_STATES) is not None)
    @act(1, pick=picks)
    def erase(self, pick: int) -> None:
        """Personal facts go; numbers and scores in the events stay, and so does the chain."""
        n = self.model.some(pick, *ALL_STATES)
        person = self.model.candidates[n or 1].person
        found = self.both(lambda pool: pool.erase(person, self.model.now(), "operator"))
        if self.model.day < self.model.barred.get(person, date.min):
            assert found == "barred"
            self.done["erase refused"] += 1
            return
        self.done[f"erase {self.state_of(person)}"] += 1
        self.model.erase(person)
        assert person not in self.keys_stored()
        assert self.answers_stored() == sum(not one.erased for one in self.model.sent)


def explore(server: Embedded, make: Make, examples: int, steps: int, least: int = 0) -> Counter[str]:
    """Run the machine so often with so many steps, in small batches; return what happened how often."""
    PoolMachine.server, PoolMachine.name, PoolMachine.done = server, make(), Counter()
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (
            (rescoring_module, "BATCH"), (rescoring_module, "BULK"), (upkeep, "BATCH"), (upkeep, "REVIEW_BATCH"),
        ):  # fmt: skip
            patch.setattr(module, name, 2)
        run_state_machine_as_test(
            PoolMachine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                suppress_health_check=list(HealthCheck),
            ),
            _min_steps=least,
        )
    logging.getLogger(__name__).info("%s", PoolMachine.done)
    return PoolMachine.done


def test_life(server: Embedded, make_database: Make) -> None:
    """Any order of acts leaves both stores as the model says."""
    explore(server, make_database, examples=often(15), steps=40)


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_long_life(server: Embedded, make_database: Make, part: int) -> None:
    """The same, two thousand runs of fifty steps, in which everything happens often."""
    done = explore(server, make_database, examples=2000 // PARTS, steps=51, least=50)
    assert done["runs of 50 acts"] >= 2000 // PARTS
    rare = {name: done[name] for name in RARE if done[name] < 10}
    assert not rare, part
