"""Roles that cannot stretch: each act is a function, which takes what its kind of event is, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from expressentry.errors import FactorsError, PoolError
from expressentry.pool import Pool, PostgresStore, Submission, Terms, open_pool
from expressentry.pool.acts.facts import factors_digest, factors_row, salted
from expressentry.pool.acts.kinds import CHANGES, KINDS, MOVES
from expressentry.pool.acts.model import canonical, instant_text
from expressentry.pool.server.connect import ROLES
from expressentry.pool.server.embedded import Embedded
from tests.pool.databases import Make
from tests.pool.fake_law import DAY, FakeLaw, facts, noon
from tests.pool.patterns import keys_of, pattern
from tests.pool.test_events import WRONG, body_of
from tests.pool.test_server import act_for, token_of

Connection = psycopg.Connection[Any]
DIGEST = "0" * 64
SCORE = {"1": [True, 1200, "cec", ["general"]]}
REFUSED = ("EE001", "EE002", "EE003", "42501", "22P02", "22003", "22007", "22008", "22P05", "54001", "22023")
"""How a server refuses: a code of the pool's own, a right that is missing, or a text that is no such value."""


@pytest.fixture(scope="module")
def name(server: Embedded, make_database: Make) -> str:
    """A database with three people in it, the best of whom is invited; nothing that is refused changes it."""
    name = make_database()
    with open_pool(server.admin_url(name), FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        for n in range(3):
            pool.submit(uuid4(), f"p{n}", facts(500 - n), noon(DAY, n))
        pool.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 9), "operator")
        pool.seal()
    return name


@pytest.fixture
def operator(server: Embedded, name: str) -> Iterator[Connection]:
    """A connection of the operator's role."""
    with psycopg.connect(server.url(ROLES["operator"], name), autocommit=True) as found:
        yield found


RECORD = (
    "select pool.record(%s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s, %s, %s, 1::smallint, %s)"
)


def record(by: Connection, kind: str, body: object, at: str = "2026-01-05T13:00:00Z", kept: Any = None) -> None:
    """Ask the server itself to record one event."""
    text = body if isinstance(body, str) else canonical(body)
    columns = [[values] for values in kept] if kept else [[], [], [], []]
    by.execute(RECORD, [[kind], [at], ["web"], [""], [text], *columns])


def refused(by: Connection, kind: str, body: object, **more: Any) -> str:
    """The code of the refusal of an event."""
    with pytest.raises(psycopg.Error) as caught:
        record(by, kind, body, **more)
    assert caught.value.sqlstate in REFUSED, caught.value
    return caught.value.sqlstate or ""


class TestNobodyStretches:
    """What one could do with a right to write, and cannot do with a function."""

    @pytest.mark.parametrize(
        ("kind", "body"),
        [
            ("accepted", {"interests": [2], "state": "applied", "invitation": 1}),
            ("accepted", {"interests": [2], "state": "invited", "invitation": 1}),
            ("updated", {"interests": [2], "state": "invited"}),
            ("declined", {"interests": [2], "state": "in_pool", "invitation": 1}),
            ("withdrawn", {"interests": [2], "state": "applied"}),
            ("withdrawn", {"interests": [2, 2], "state": "withdrawn"}),
            ("withdrawn", {"interests": [3], "state": "withdrawn"}),
            ("withdrawn", {"interests": [1], "state": "withdrawn"}),
            ("ineligible", {"interests": [2], "state": "ineligible"}),
            ("nominated", {"interest": 2}),
            ("lapsed", {"interests": [1], "state": "lapsed", "invitations": [1], "day": "2099-01-01"}),
            ("erased", {"person": str(uuid4())}),
            ("law_in_force", {"rule_set": 1}),
            ("note", {"interests": [2], "state": "invited"}),
        ],
    )
    def test_the_web(self, web: Connection, kind: str, body: dict[str, Any]) -> None:
        """Its own person does not come to `applied` without a round, and nobody else moves at all."""
        assert refused(web, kind, body) in ("EE002", "42501")
        assert web.execute("select state::text from pool.interest").fetchall() == [("in_pool",)]

    @pytest.mark.parametrize(
        "act",
        [
            "insert into pool.invitation (id, round, interest, place, crs, answer_by)"
            " values (9, 1, 3, 2, 999, '2099-01-01')",
            "update pool.interest set state = 'invited' where id = 3",
            "insert into pool.inbox (kind, at, actor, reason, body) values ('round', now(), 'x', '', '{}')",
            "insert into pool.round select * from pool.round",
            "update pool.standing set crs = 1200",
            "delete from pool.profile",
            "update pool.person set barred_until = null",
            "update pool.rule_set set state = 'retired'",
            "insert into pool.opening (rehearsal) values (true)",
            "update pool.opening set rehearsal = true",
            "alter table pool.event disable trigger all",
            "set session_replication_role = replica",
            "create temporary table mine (x int)",
            "select lo_create(0)",
            "select lo_from_bytea(0, 'x')",
            "select * from pool.signing",
            "select pool.move('{}')",
            "select pool.forget_tokens()",
        ],
    )
    def test_the_operator(self, operator: Connection, act: str) -> None:
        """It invites nobody outside a round, writes no table, and makes nothing of its own."""
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            operator.execute(act)

    @pytest.mark.parametrize(
        ("change", "gate"),
        [
            ({"places": [[3, 498, "cec", instant_text(noon(DAY, 2))]]}, True),
            ({"places": [], "invited": 0}, True),
            ({"number": 3}, True),
            ({"answer_by": "2099-01-01"}, True),
            ({"first_invitation": 7}, True),
            ({"rule_set_digest": "another"}, True),
            ({"as_of": instant_text(noon(DAY))}, True),
            ({}, False),
        ],
    )
    def test_a_round_is_what_the_pool_gives(self, operator: Connection, change: dict[str, Any], gate: bool) -> None:
        """Other people, other places, a window without end, another number, or no gate: refused, as raw SQL too."""
        at = instant_text(noon(DAY, 60))
        body = {
            "number": 2, "request_id": str(uuid4()), "as_of": at, "rule_set": 1, "rule_set_digest": "digest-1",
            "terms": {"kind": "general", "of": None, "size": 1, "day": str(DAY)}, "invited": 1, "cutoff": 499,
            "tie_break": instant_text(noon(DAY, 1)), "invited_digest": DIGEST, "next_digest": DIGEST,
            "answer_by": "2026-03-06", "first_invitation": 2,
            "places": [[2, 499, "cec", instant_text(noon(DAY, 1))]],
        }  # fmt: skip
        issue = "select * from pool.issue(%s, 'x', '', %s, 'x')"
        with operator.transaction(force_rollback=True):
            operator.execute("lock table pool.gate in share row exclusive mode")
            assert operator.execute(issue, [at, canonical(body)]).fetchone()
        with operator.transaction(force_rollback=True):
            if gate:
                operator.execute("lock table pool.gate in share row exclusive mode")
            with pytest.raises(psycopg.Error) as caught:
                operator.execute(issue, [at, canonical({**body, **change})])
        assert caught.value.sqlstate == "EE002"
        assert refused(operator, "round", body) == "EE002"


class TestEvents:
    """Nothing is written that whoever verifies could not read."""

    @pytest.mark.parametrize("kind", sorted(KINDS))
    def test_no_value_of_another_type(self, operator: Connection, kind: str) -> None:
        """Each key of each kind with each wrong value, a key too many, a key too few, the same key twice."""
        good = body_of(kind)
        with operator.transaction(force_rollback=True):
            for key, type_ in KINDS[kind].items():
                wanted, _, null = type_.partition(" or ")
                for value in WRONG[wanted]:
                    if value is None and null:
                        continue
                    with operator.transaction(force_rollback=True):
                        long = isinstance(value, int) and value > 2**64  # which Python does not write
                        text = json.dumps(
                            {**good, key: "long" if long else value}, separators=(",", ":"), sort_keys=True
                        )
                        assert refused(operator, kind, text.replace('"long"', "9" * 5000))
            text = canonical(good)
            twice = text[:-1] + "," + text[1:]
            for odd in (
                canonical({**good, "more": 1}),
                canonical(dict(list(good.items())[1:])),
                twice,
                "[]",
                "",
                text + " ",
            ):
                with operator.transaction(force_rollback=True):
                    assert refused(operator, kind, odd)

    @pytest.mark.parametrize(
        ("at", "body"),
        [
            ("infinity", {"interest": 2}),
            ("20000-01-01", {"interest": 2}),
            ("0044-03-15 BC", {"interest": 2}),
            ("now", {"interest": "2", "standings": SCORE}),
            ("now", {"interests": ["2"], "state": "in_pool"}),
            ("now", {"interest": 2, "standings": {"1": [True, "x", "fsw", ["general"]]}}),
            ("now", {"interests": [2], "state": ["in_pool"]}),
            ("now", '{"interest":2,"x":' + "[" * 3000 + "]" * 3000 + "}"),
            ("now", '{"interest":2,"x":' + "9" * 5000 + "}"),
            ("now", '{"interest":2,"x":"\\ud800"}'),
            ("now", '{"interest":2,"x":"\\u0000"}'),
            ("now", {"interest": None, "standings": {}}),
        ],
    )
    def test_no_poison_by_the_web(self, server: Embedded, name: str, web: Connection, at: str, body: Any) -> None:
        """What would make the chain unreadable is refused, about its own person too, and the pool verifies."""
        refused(web, "updated", body, at=at)
        refused(web, "withdrawn", {"interests": [2], "state": "withdrawn"}, at="infinity")
        with open_pool(server.url(ROLES["auditor"], name), FakeLaw()) as pool:
            assert pool.verify().wrong == []

    @pytest.mark.parametrize("actor", ["x" * 201, "\x1b[2J", "line\nfeed"])
    def test_actor_and_reason(self, web: Connection, actor: str) -> None:
        """Who acts and why are plain short lines."""
        body = canonical({"interests": [2], "state": "withdrawn"})
        for words in ([[actor], [""]], [["web"], [actor.replace("\n", "\r") * 11]]):
            with pytest.raises(psycopg.Error) as caught:
                web.execute(RECORD, [["withdrawn"], [noon(DAY)], *words, [body], [], [], [], []])
            assert caught.value.sqlstate == "EE002"

    def test_one_table_of_kinds(self, operator: Connection, server: Embedded, name: str) -> None:
        """The server and whoever verifies have the same kinds, keys, types and changes of state."""
        with psycopg.connect(server.admin_url(name)) as owner:
            rows = owner.execute(
                "select kind, digests, names, body, moves_from::text[], moves_to::text[] from pool.event_kind"
            ).fetchall()
        assert {row[0] for row in rows} == set(KINDS)
        for kind, digests, names, body, before, after in rows:
            assert "{" + ",".join(digests) + "}" == keys_of(kind, "digest")
            assert "{" + ",".join(names) + "}" == keys_of(kind, "name")
            assert body == pattern(kind)
            assert set(before) == MOVES.get(kind, (CHANGES.get(kind, frozenset()), frozenset()))[0]
            assert set(after) == MOVES.get(kind, (frozenset(), frozenset()))[1]


class TestOwnFacts:
    """What the web gives of its own person."""

    def kept(self, given: dict[str, Any], *, lie: str = "") -> tuple[dict[str, Any], list[Any]]:
        """An update of the second person, with what is kept of it."""
        scored = FakeLaw().score(given, DAY, [DAY])[0]
        row, text, salt = factors_row({1: scored}), json.dumps(given, sort_keys=True), "00"
        body = {
            "interest": 2, "profile": salted(salt, f"1 {text}"), "factors": factors_digest(salt, row),
            "nominations": [[one["province"], None] for one in given["nominations"]], "review_on": None,
            "standings": {"1": [True, scored.score.crs, scored.score.program, list(scored.score.lists)]},
        }  # fmt: skip
        return body, [2, text + lie, salt, canonical(row)]

    def test_an_update(self, web: Connection) -> None:
        """The same by raw SQL as by the package is taken; so what follows is refused for what is wrong with it."""
        body, kept = self.kept(facts(480))
        with web.transaction(force_rollback=True):
            record(web, "updated", body, kept=kept)
            assert web.execute("select crs from pool.standing").fetchone() == (480,)

    def test_a_nomination_of_its_own(self, web: Connection) -> None:
        """Six hundred points come from the province only."""
        body, kept = self.kept(facts(480, nominations=[{"province": "ON"}]))
        assert refused(web, "updated", body, kept=kept) == "42501"
        assert refused(web, "updated", {**body, "nominations": []}, kept=kept) in ("EE002", "42501")
        assert refused(web, "nominated", body, kept=kept) == "42501"

    @pytest.mark.parametrize(
        "change",
        [
            {"profile": DIGEST}, {"factors": DIGEST}, {"interest": 3}, {"standings": {}},
            {"standings": {"7": SCORE["1"]}}, {"standings": {"1": [True, 1201, "cec", []]}},
            {"standings": {"1": [False, 480, "cec", ["general"]]}},
            {"standings": {"1": [True, 480, "law", ["general"]]}},
            {"standings": {"1": [True, 480, "cec", ["g" * 300]]}},
            {"review_on": "2026-02-30"},
        ],
    )  # fmt: skip
    def test_other_than_it_says(self, web: Connection, change: dict[str, Any]) -> None:
        """Facts, factors and scores are those of the event, and of each rule set."""
        body, kept = self.kept(facts(480))
        with pytest.raises(psycopg.Error):
            record(web, "updated", {**body, **change}, kept=kept)
        body, kept = self.kept(facts(480), lie=" ")
        assert refused(web, "updated", body, kept=kept) == "EE002"

    @pytest.mark.parametrize("kind", ["memory", "postgres"])
    def test_a_candidate_names_no_province(self, kind: str, request: pytest.FixtureRequest) -> None:
        """Neither by a submission nor by an update; the province's own stays, and may be sent back as it is."""
        named = facts(nominations=[{"province": "ON"}])
        with open_pool(request.getfixturevalue("database") if kind == "postgres" else None, FakeLaw()) as pool:
            pool.init(DAY, noon(DAY), "operator", rehearsal=True)
            with pytest.raises(FactorsError, match="only the province"):
                pool.submit(uuid4(), "p0", named, noon(DAY))
            with pytest.raises(FactorsError, match="only the province"):
                pool.submit_many([Submission(uuid4(), "p0", named)], noon(DAY))
            pool.submit(uuid4(), "p0", facts(), noon(DAY))
            with pytest.raises(FactorsError, match="only the province"):
                pool.update(1, named, noon(DAY, 1))
            assert pool.nominate(1, {"province": "ON"}, noon(DAY, 2))
            assert pool.update(1, named, noon(DAY, 3))
            with pytest.raises(FactorsError, match="only the province"):
                pool.update(1, facts(nominations=[{"province": "BC"}]), noon(DAY, 4))
            assert pool.verify(scores_on=DAY).wrong == []


class TestTokens:
    """For whom the web acts is proved, and not said."""

    def test_of_one_person(self, server: Embedded, name: str) -> None:
        """One statement sees one person, whatever else is set; without a token nobody."""
        with psycopg.connect(server.url(ROLES["web"], name)) as web:
            assert web.execute("select count(*) from pool.profile").fetchone() == (0,)
            for setting in ("pool.person", "pool.acting_for"):
                web.execute("select set_config(%s, 'p0', true)", [setting])
            assert web.execute("select count(*) from pool.profile").fetchone() == (0,)
            act_for(web, server, name, "p2")
            assert web.execute("select key from pool.person").fetchall() == [("p2",)]

    @pytest.mark.parametrize(
        "odd", ["", "p1", "9999999999:{s}:p1", "{until}:{s}:p0", "0:{s}:p1", "{until}::p1", "x:{s}:p1"]
    )
    def test_forged(self, server: Embedded, name: str, odd: str) -> None:
        """No other person, no later end, no signature of one's own."""
        until, signature, _ = token_of(server, name, "p1").split(":")
        with PostgresStore(server.url(ROLES["web"], name)) as store:
            token = odd.format(until=until, s=signature)
            with pytest.raises(PoolError, match="no valid token") as caught:
                store.write(lambda tx: tx.persons(["p1"]), token)
        assert caught.value.problems[0].code == "no_token"

    def test_run_out(self, server: Embedded, name: str) -> None:
        """A token ends by the clock of the server; one is for an hour at most."""
        with psycopg.connect(server.admin_url(name)) as owner:
            owner.execute("select pool.token('p1', 60)")
            row = owner.execute(
                "select e || ':' || pool.signature(e || ':p1') || ':p1'"
                " from (select (extract(epoch from now())::bigint - 1)::text e)"
            ).fetchone()
            assert row is not None
            owner.execute("select set_config('pool.token', %s, true)", [row[0]])
            assert owner.execute("select pool.acting_for()").fetchone() == (None,)
        for person, seconds in (("p1", 0), ("p1", 3601), ("", 60), ("x" * 201, 60)):
            with pytest.raises(PoolError):
                token_of(server, name, person, seconds)

    def test_of_another_pool(self, server: Embedded, make_database: Make, name: str) -> None:
        """The keys of the signature are each pool's own, and can be forgotten."""
        other = make_database()
        token = token_of(server, other, "p1")
        with psycopg.connect(server.url(ROLES["web"], name)) as web:
            web.execute("select set_config('pool.token', %s, true)", [token])
            assert web.execute("select count(*) from pool.person").fetchone() == (0,)
        with psycopg.connect(server.admin_url(other)) as owner:
            owner.execute("select pool.forget_tokens(), set_config('pool.token', %s, true)", [token])
            assert owner.execute("select pool.acting_for()").fetchone() == (None,)

    def test_the_same_id_by_another(self, server: Embedded, name: str) -> None:
        """A request's id that another person took differs, for the web too, and nothing of theirs is told."""
        client_id = uuid4()
        tokens = {who: token_of(server, name, who) for who in ("a", "b")}
        with Pool(PostgresStore(server.url(ROLES["web"], name)), FakeLaw()) as web:
            answers = [web.submit(client_id, who, facts(), noon(DAY, 30), token=tokens[who]) for who in "aba"]
        assert [(one.answer, one.again) for one in answers] == [
            ("accepted", False),
            ("differs", False),
            ("accepted", True),
        ]
        assert answers[1].interest is None


class TestClock:
    """A pool goes by the clock of its server, unless it was made for a rehearsal."""

    @pytest.mark.parametrize("kind", ["memory", "postgres"])
    @pytest.mark.parametrize(
        "away", [timedelta(minutes=2), timedelta(days=400), timedelta(days=-1), timedelta(days=-2000)]
    )
    def test_other_instants(self, kind: str, away: timedelta, request: pytest.FixtureRequest) -> None:
        """Neither a stamp of another time nor a clock gone wrong is taken, and nothing happened then."""
        with open_pool(request.getfixturevalue("database") if kind == "postgres" else None, FakeLaw()) as pool:
            now = datetime.now(UTC)
            assert pool.init(now.date(), now, "operator")
            assert not pool.is_rehearsal()
            assert pool.submit(uuid4(), "p0", facts(), datetime.now(UTC)).answer == "accepted"
            later = now + away
            for act in (
                lambda: pool.submit(uuid4(), "p1", facts(), later),
                lambda: pool.update(1, facts(510), later),
                lambda: pool.withdraw(1, later),
                lambda: pool.issue(uuid4(), Terms("general", 1, now.date()), later, "operator"),
                lambda: pool.bar("p0", later.date() + timedelta(days=900), later, "operator", "x"),
            ):
                with pytest.raises(PoolError, match="clock of the server") as caught:
                    act()
                assert caught.value.problems[0].code == "clock"
            assert pool.store.read(lambda tx: tx.state_counts()) == {"in_pool": 1}
            assert (
                pool.issue(uuid4(), Terms("general", 1, now.date()), datetime.now(UTC), "operator").answer == "issued"
            )

    def test_the_upkeep_of_a_day_far_ahead(self, database: str) -> None:
        """A timer under a wrong clock ends nobody."""
        with open_pool(database, FakeLaw()) as pool:
            now = datetime.now(UTC)
            pool.init(now.date(), now, "operator")
            pool.submit(uuid4(), "p0", facts(), datetime.now(UTC))
            far = now + timedelta(days=400)
            for at in (far, datetime.now(UTC)):
                with pytest.raises(PoolError):
                    pool.upkeep(far.date(), at)
            assert pool.store.read(lambda tx: tx.state_counts()) == {"in_pool": 1}

    def test_never_made_a_rehearsal(self, database: str) -> None:
        """What a pool is, is said when it is made, in its first event too, and no more."""
        with open_pool(database, FakeLaw()) as pool:
            now = datetime.now(UTC)
            pool.init(now.date(), now, "operator")
            assert not pool.init(DAY, noon(DAY), "operator", rehearsal=True)
            with pytest.raises(PoolError):
                pool.store.write(lambda tx: tx.open(True))
            pool.seal()
            assert json.loads(pool.events()[0].body)["rehearsal"] is False
        with psycopg.connect(database) as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("update pool.opening set rehearsal = true")


class TestFunctions:
    """The functions themselves."""

    def test_none_can_be_turned(self, server: Embedded, name: str) -> None:
        """Each that runs with the owner's rights has its own search path, and none is everybody's."""
        with psycopg.connect(server.admin_url(name)) as owner:
            found = owner.execute(
                "select proname, prosecdef, proconfig, has_function_privilege('public', oid, 'execute')"
                " from pg_proc where pronamespace = 'pool'::regnamespace"
            ).fetchall()
        assert len(found) > 30
        assert [row[0] for row in found if row[1] and "search_path=pool, pg_temp" not in (row[2] or [])] == []
        assert [row[0] for row in found if row[3]] == []

    def test_no_role_writes_a_table(self, server: Embedded, name: str) -> None:
        """Of all tables only the gates, always empty, can be written, which is what locking them takes."""
        with psycopg.connect(server.admin_url(name)) as owner:
            found = owner.execute(
                "select distinct relname from pg_class, unnest(%s::text[]) r,"
                " unnest('{insert,update,delete,truncate}'::text[]) p"
                " where relnamespace = 'pool'::regnamespace and relkind in ('r', 'p')"
                " and has_table_privilege(r, oid, p)",
                [list(ROLES.values())],
            ).fetchall()
            columns = owner.execute(
                "select count(*) from pg_attribute a join pg_class c on c.oid = attrelid"
                " where relnamespace = 'pool'::regnamespace and attacl is not null"
            ).fetchone()
        assert sorted(found) == [("gate",), ("seal_gate",)]
        assert columns == (0,)
