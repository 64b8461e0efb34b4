"""What a site that was taken over can do: nothing in another's name or to the past, and no lie that stays hidden."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from expressentry.errors import UsageError
from expressentry.pool import Pool, PostgresStore, Submission, Terms, open_pool
from expressentry.pool.server.connect import ROLES
from expressentry.pool.server.embedded import Embedded
from tests.pool.databases import Make
from tests.pool.fake_law import DAY, FakeLaw, facts, noon
from tests.pool.test_server import act_for, token_of


@pytest.fixture
def name(server: Embedded, make_database: Make) -> str:
    """A database with three people in it, the best of whom is invited."""
    name = make_database()
    with open_pool(server.admin_url(name), FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        for n in range(3):
            pool.submit(uuid4(), f"p{n}", facts(500 - n), noon(DAY, n))
        pool.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 9), "operator")
    return name


@pytest.fixture
def web(server: Embedded, name: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection of the web's role that acts for the second person."""
    found = psycopg.connect(server.url(ROLES["web"], name))
    act_for(found, server, name, "p1")
    found.commit()
    return found


@pytest.mark.parametrize(
    "act",
    [
        "select * from pool.inbox",
        "select * from pool.rescore_batch",
        "update pool.inbox set actor = 'x'",
        "insert into pool.event select * from pool.event",
        "insert into pool.entry values (1, 'general', 1200, now(), 2)",
        "insert into pool.invitation (round, interest, place, crs, answer_by) values (1, 2, 2, 1, now())",
        "delete from pool.interest",
        "delete from pool.standing",
        "update pool.person set barred_until = null",
        "update pool.person set key = 'p0'",
        "update pool.rule_set set state = 'retired'",
        "update pool.interest set person = gen_random_uuid()",
        "lock table pool.gate in exclusive mode",
        "lock table pool.seal_gate in row exclusive mode",
        "select pool.open_rule_set('mine', now()::date, '')",
        "select pool.clear_rule_set(1::smallint)",
        "alter table pool.event disable trigger append_only",
        "set session_replication_role = replica",
        "set row_security = off; select * from pool.profile",
        "create table pool.mine (x int)",
        "copy pool.profile to program 'cat'",
        "update pool.interest set state = 'withdrawn'",
        "update pool.standing set crs = 1200",
        "update pool.invitation set state = 'accepted'",
        "update pool.profile set facts = '{}'",
        "insert into pool.person (key) values ('mallory')",
        "insert into pool.inbox (kind, at, actor, reason, body) values ('updated', now(), 'web', '', '{}')",
        "lock table pool.profile in access exclusive mode",
        "select * from pool.signing",
        "select pool.signature('x')",
        "select pool.token('p0', 60)",
        "select pool.write_events('{}', '{}')",
        "select pool.put_scores('{}')",
        "select pool.open_pool(true)",
        "create temporary table mine (x int)",
        "select lo_create(0)",
    ],
)
def test_the_web_may_not(web: psycopg.Connection[tuple[object, ...]], act: str) -> None:
    """Each way to a right that is not the web's is refused by the server."""
    with web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(act)


@pytest.mark.parametrize("table", ["person", "interest", "profile", "standing", "submission", "invitation"])
def test_the_web_cannot_reach_another(web: psycopg.Connection[tuple[object, ...]], table: str) -> None:
    """Of another person it sees no row."""
    own = {"person": "key = 'p1'", "interest": "id = 2"}
    with web:
        assert web.execute(
            f"select count(*) from pool.{table} where not ({own.get(table, 'interest = 2')})"
        ).fetchone() == (0,)


def test_an_event_that_cannot_be_read_is_told_of(database: str) -> None:
    """Nonsense in the chain is reported with its number, and the rest is verified all the same."""
    with open_pool(database, FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        with psycopg.connect(database) as owner:
            owner.execute(
                "insert into pool.inbox (kind, at, actor, reason, body) values ('rescored', now(), 'x', '', '{}')"
            )
        found = pool.verify()

    assert [one.en for one in found.wrong] == ["event 3: cannot be read"]
    assert found.events == 3


@pytest.mark.parametrize("kind", ["postgres", "memory"])
def test_a_day_before_the_last_upkeep(database: str, kind: str) -> None:
    """Scores verified as of an earlier day: facts that were derived later are derived for their own day."""
    later = DAY + timedelta(days=20)
    with open_pool(database if kind == "postgres" else None, FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        pool.submit(uuid4(), "p0", facts(500, drops=str(later)), noon(DAY, 1))
        pool.submit(uuid4(), "p1", facts(400), noon(DAY, 2))
        assert pool.upkeep(later, noon(later)).changed == 1
        assert pool.verify(scores_on=DAY).wrong == []
        assert pool.verify(scores_on=later).wrong == []


@pytest.mark.parametrize("rehearsal", [True, False])
def test_whether_it_is_a_rehearsal_is_verified(database: str, rehearsal: bool) -> None:
    """A pool that goes by the clock is made no rehearsal unseen, nor the other way round."""
    with open_pool(database, FakeLaw()) as pool:
        pool.init(DAY, datetime.now(UTC), "operator", rehearsal=rehearsal)
        with psycopg.connect(database) as owner:
            owner.execute("set session_replication_role = replica")
            owner.execute("update pool.opening set rehearsal = not rehearsal")
        assert [one.en for one in pool.verify().wrong] == [
            "whether the pool is a rehearsal is not what its first event says"
        ]


class TestScores:
    """The web computes the score of its candidate; whoever verifies computes it again."""

    def test_a_false_score_is_found(
        self, server: Embedded, name: str, web: psycopg.Connection[tuple[object, ...]]
    ) -> None:
        """A score that does not follow from the facts passes the chain, and not the scores computed anew."""

        class Liar(FakeLaw):
            def score(self, facts, day, law_days):  # type: ignore[no-untyped-def]
                return super().score({**facts, "crs": 1200}, day, law_days)

        with PostgresStore(server.url(ROLES["web"], name)) as store:
            token = token_of(server, name, "p1")
            assert Pool(store, Liar()).update(2, facts(400), noon(DAY, 20), token=token)
        with open_pool(server.url(ROLES["operator"], name), FakeLaw()) as pool:
            assert pool.verify().wrong == []
            found = pool.verify(scores_on=DAY).wrong
            assert [one.en for one in found] == ["candidate 2: the facts give another score"]
            pool.update(2, facts(400), noon(DAY, 21), "operator")
            assert pool.verify(scores_on=DAY).wrong == []
        web.close()

    def test_numbers_that_the_server_writes_otherwise(self, database: str) -> None:
        """A share of -0.0, or a number in another form, is kept by the server in its own, and nothing has changed."""
        odd: dict[str, Any] = {"share": -0.0, "hours": 37.50, "more": [1e22, 1e-7, 8.0], "words": "é \u2028 \\ 1e5"}
        with open_pool(database, FakeLaw()) as pool:
            pool.init(DAY, noon(DAY), "operator", rehearsal=True)
            pool.submit(uuid4(), "p", facts(500, **odd), noon(DAY, 1))

            assert pool.verify(scores_on=DAY).wrong == []

    def test_changed_facts_are_found(self, server: Embedded, name: str) -> None:
        """Facts changed behind the pool's back are not those whose digest is in the chain."""
        with psycopg.connect(server.admin_url(name)) as owner:
            owner.execute("""update pool.profile set facts = facts || '{"note": 1}' where interest = 3""")
        with open_pool(server.url(ROLES["operator"], name), FakeLaw()) as pool:
            found = pool.verify(scores_on=DAY).wrong

        assert [one.en for one in found] == ["candidate 3: facts: digest differs from the events"]

    def test_everyone_in_memory_and_on_a_server(self, database: str) -> None:
        """What the pool computed itself comes out again, after upkeep, nominations and updates too."""
        later = DAY.replace(month=2)
        for pool in (open_pool(scorer=FakeLaw()), open_pool(database, FakeLaw())):
            pool.init(DAY, noon(DAY), "operator", rehearsal=True)
            for n in range(4):
                pool.submit(uuid4(), f"p{n}", facts(400 + n, drops=str(DAY.replace(day=20 + n))), noon(DAY, n))
            pool.nominate(1, {"province": "ON"}, noon(DAY, 5))
            pool.update(2, facts(450, note="hours 37.50"), noon(DAY, 6))
            assert pool.verify(scores_on=DAY).wrong == []
            with pytest.raises(UsageError, match="expressentry pool expire"):
                pool.verify(scores_on=later)
            pool.upkeep(later, noon(later))
            assert pool.verify(scores_on=later).wrong == []
            pool.close()


def test_many_by_the_operator(server: Embedded, make_database: Make) -> None:
    """Row security allows no COPY; the operator submits and seals many at once all the same."""
    with open_pool(server.url(ROLES["operator"], make_database()), FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        found = pool.submit_many([Submission(uuid4(), f"p{n}", facts(300 + n)) for n in range(120)], noon(DAY))

        assert {one.answer for one in found} == {"accepted"}
        assert pool.verify(scores_on=DAY).wrong == []


@pytest.mark.parametrize("answer", ["accept", "decline", "both"])
def test_the_web_answers_for_its_person(server: Embedded, name: str, answer: str) -> None:
    """Whoever is invited answers through the web; nobody else can answer for them."""
    token = token_of(server, name, "p0")
    with open_pool(server.url(ROLES["web"], name), FakeLaw()) as web:
        with pytest.raises(UsageError, match="no such expression of interest"):
            web.accept(1, noon(DAY, 20), token=token_of(server, name, "p1"))
        if answer == "accept":
            web.accept(1, noon(DAY, 21), token=token)
        else:
            web.decline(1, noon(DAY, 21), token=token)
        if answer == "both":
            gone = {**facts(), "ends": str(DAY)}
            assert not web.update(1, gone, noon(DAY, 22), token=token)
    with open_pool(server.url(ROLES["operator"], name), FakeLaw()) as pool:
        states = pool.store.read(lambda tx: tx.snapshot().states)
        assert states[1] == {"accept": "applied", "decline": "in_pool", "both": "ineligible"}[answer]
        assert pool.verify(scores_on=DAY).wrong == []
