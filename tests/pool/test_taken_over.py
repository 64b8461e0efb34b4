"""What a role that was taken over could do to everybody else by plain SQL, beside stretching its own rights."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from expressentry.errors import UsageError
from expressentry.pool import Pool, PostgresStore, Terms, migrate, open_pool
from expressentry.pool.acts.facts import answer_digest, salted
from expressentry.pool.acts.model import canonical
from expressentry.pool.server.connect import ROLES
from expressentry.pool.server.embedded import Embedded
from expressentry.pool.store import postgres
from expressentry.profile.read import read_document
from tests.pool.databases import ROOT, Make
from tests.pool.fake_law import DAY, FakeLaw, facts, noon
from tests.pool.test_roles import REFUSED, record
from tests.pool.test_server import act_for

Connection = psycopg.Connection[Any]
SALT = "0" * 32
SCORE = {"1": [True, 400, "cec", ["general"]]}


@pytest.fixture
def name(server: Embedded, make_database: Make) -> str:
    """A database with two people in it."""
    name = make_database()
    with open_pool(server.admin_url(name), FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        for n in range(2):
            pool.submit(uuid4(), f"p{n}", facts(500 - n), noon(DAY, n))
    return name


def verified(server: Embedded, name: str) -> list[str]:
    """What does not agree."""
    with open_pool(server.admin_url(name), FakeLaw()) as pool:
        return [one.en for one in pool.verify().wrong]


TODAY, TOMORROW = date(2026, 10, 1), date(2026, 10, 2)
PERSON = read_document(ROOT / "examples/people/engineer.toml")


def moment(second: int) -> datetime:
    """An instant of the day."""
    return noon(TODAY, second)


FACTORS = canonical({"sure": True})


class TestNothingThatVerifyCannotCheck:
    """What the web stores gives its digest back, so that `verify` does not tell of it for ever."""

    @pytest.mark.parametrize(
        ("text", "factors"),
        [
            ('{"b": 1, "a": 2}', FACTORS),
            ('{"a":2}', FACTORS),
            ('{"a": 1, "a": 2}', FACTORS),
            ('{"a": 8.0}', FACTORS),
            ('{"a": -0}', FACTORS),
            ('{"a": 0.12345678901234567890}', FACTORS),
            ('{"a": ' + "9" * 5000 + "}", FACTORS),
            ('{"a": "\\u00e9"}', FACTORS),
            ('{"a": ' + "[" * 60 + "]" * 60 + "}", FACTORS),
            ('{"a": "' + "x" * 1_000_001 + '"}', FACTORS),
            ('{"a": 2}', '{"junk":1,"sure":true}'),
            ('{"a": 2}', '{"sure": true}'),
            ('{"a": 2}', '{"age":null,"sure":true}'),
            ('{"a": 2}', '{"interest":1,"sure":true}'),
            ('{"a": 2}', canonical({"education": "x" * 200_000, "sure": True})),
        ],
    )
    def test_facts(self, server: Embedded, name: str, web: Connection, text: str, factors: str) -> None:
        """Facts in another form than their digest is computed from, or too large, are refused."""
        body = {
            "interest": 2, "profile": salted(SALT, f"1 {text}"), "nominations": [], "review_on": None,
            "factors": salted(SALT, factors), "standings": SCORE,
        }  # fmt: skip
        with pytest.raises(psycopg.Error) as caught:
            record(web, "updated", body, kept=(2, text, SALT, factors))

        assert caught.value.sqlstate in REFUSED
        assert verified(server, name) == []

    def test_any_facts_in_their_form(self, server: Embedded, name: str, web: Connection) -> None:
        """Facts of every kind of value, written as this package writes them, are taken."""
        given = {"é\u2028": [1, 6.5, -3, True, None, {"b": '"\\\n\x7f☃', "B": ""}], "crs": 7, "n": 123456789012345678}
        text = json.dumps(given, sort_keys=True, ensure_ascii=False)
        body = {
            "interest": 2, "profile": salted(SALT, f"1 {text}"), "nominations": [], "review_on": None,
            "factors": salted(SALT, FACTORS), "standings": SCORE,
        }  # fmt: skip
        record(web, "updated", body, kept=(2, text, SALT, FACTORS))

        assert verified(server, name) == []

    @pytest.mark.parametrize("change", ["no answer", "no event", "another", "another reason", "not findings", None])
    def test_answers(self, server: Embedded, name: str, web: Connection, change: str | None) -> None:
        """An answer goes with its event, and an event with its answer."""
        row = web.execute("select id, salt from pool.person").fetchone()
        assert row is not None
        (person, salt), id_, key = row, str(uuid4()), "a" * 64
        answer: dict[str, Any] = {"answer": "refused", "reason": "already_live", "crs": None, "findings": []}
        told = {**answer, "crs": 3} if change == "another" else answer
        body = {
            "answer": answer_digest(salt, id_, key, told),
            "crs": None,
            "key": salted(salt, "p1"),
            "person": str(person),
            "why": "barred" if change == "another reason" else "already_live",
        }
        if change == "not findings":
            answer["findings"] = {}
            body["answer"] = answer_digest(salt, id_, key, answer)
        none: list[Any] = []
        event = [none] * 5 if change == "no event" else [["refused"], [noon(DAY, 9)], ["web"], [""], [canonical(body)]]
        given = [none] * 5 if change == "no answer" else [[id_], [person], [key], [canonical(answer)], [None]]

        def do() -> None:
            web.execute(
                "select pool.record(%s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], '{}', '{}',"
                " '{}', null, '{}', %s::uuid[], %s::uuid[], %s::text[], %s::jsonb[], %s::bigint[])",
                [*event, *given],
            )

        if change is None:
            do()
        elif change == "no event":
            do()
            assert web.execute("select count(*) from pool.submission").fetchone() == (1,)
        else:
            with pytest.raises(psycopg.Error) as caught:
                do()
            assert caught.value.sqlstate == "EE002"
        assert verified(server, name) == []


class TestRoomForOthers:
    """No role takes what all share."""

    @pytest.mark.parametrize("role", ROLES.values())
    @pytest.mark.parametrize(
        "statement",
        [
            "select pg_advisory_lock(1)",
            "select pg_try_advisory_xact_lock_shared(1, 2)",
            "select pg_logical_emit_message(false, 'x', 'x')",
            "select lo_create(0)",
            "create temporary table mine (x int)",
            "set temp_file_limit = -1",
            "set log_min_messages = log",
        ],
    )
    def test_it_is_refused(self, server: Embedded, name: str, role: str, statement: str) -> None:
        """Locks that are nobody's, the log of changes, large objects, temporary tables, limits of files and log."""
        with (
            psycopg.connect(server.url(role, name)) as one,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            one.execute(statement)

    @pytest.mark.parametrize("database", ["postgres", "template1"])
    def test_no_other_database(self, server: Embedded, database: str) -> None:
        """In a database beside that of the pool each role could do all of it."""
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(server.url(ROLES["web"], database))

    def test_sorting_fills_no_disk(self, server: Embedded, name: str) -> None:
        """A sort that needs more room than any act is ended."""
        with psycopg.connect(server.url(ROLES["web"], name)) as one:
            one.execute("set work_mem = '64kB'")
            with pytest.raises(psycopg.errors.ConfigurationLimitExceeded):
                one.execute(
                    "select g, repeat('x', 1000) from generate_series(1, 300000) g order by 2, 1 desc offset 299999"
                )

    def test_the_log_has_no_text_of_a_role(self, server: Embedded, name: str) -> None:
        """Neither an error nor a message that a role asks for is written into the log of the server."""
        with psycopg.connect(server.url(ROLES["web"], name), autocommit=True) as one:
            one.execute("do $$ begin raise log 'what a stranger wrote'; end $$")
            with pytest.raises(psycopg.Error):
                one.execute("select 'what a stranger wrote'::int")
        assert "stranger" not in server.supervisor.cluster.log.read_text(errors="replace")


class TestItsOwnLimits:
    """A role can lift its limits of time; it is seen, and holds up nobody for long."""

    def test_settings_are_seen_and_set_again(self, server: Embedded, name: str) -> None:
        """Settings that a role gives itself for later are told of by `verify`, and gone once the schema is renewed."""
        try:
            with psycopg.connect(server.url(ROLES["web"], name), autocommit=True) as one:
                one.execute("alter role current_user set statement_timeout = 0")
                one.execute("alter role current_user set default_transaction_read_only = on")
            seen = verified(server, name)
        finally:
            migrate(server.admin_url(name))

        assert sorted(one.partition(": ")[2] for one in seen) == [
            "+ limit expressentry_web default_transaction_read_only=on",
            "+ limit expressentry_web statement_timeout=0",
            "- limit expressentry_web statement_timeout=30s",
        ]
        assert verified(server, name) == []

    def test_what_it_will_never_make(self, server: Embedded, name: str) -> None:
        """What a role grants of objects to come, which it cannot make, is no change of the schema."""
        for role in ROLES.values():
            with psycopg.connect(server.url(role, name), autocommit=True) as one:
                one.execute("alter default privileges grant select on tables to public")
        assert verified(server, name) == []

    def test_who_holds_the_gate_is_ended(
        self, server: Embedded, name: str, web: Connection, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A round that waited in vain ends the session that holds the gate, and is issued; so does the sealer."""
        monkeypatch.setitem(postgres.LIMITS, "strong", (2, 300, 10))
        with psycopg.connect(server.admin_url(name), autocommit=True) as owner:
            row = owner.execute("select pg_get_functiondef('pool.cut_long'::regproc)").fetchone()
            assert row is not None
            owner.execute(row[0].replace("40)", "1)"))
        web.execute("set idle_in_transaction_session_timeout = 0; set lock_timeout = 0; set statement_timeout = 0")
        web.execute("begin; lock table pool.gate in row exclusive mode")
        with open_pool(server.url(ROLES["operator"], name), FakeLaw()) as pool:
            issued = pool.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 9), "operator")
        assert issued.answer == "issued"
        with pytest.raises(psycopg.OperationalError):
            web.execute("select 1")

    @pytest.mark.parametrize("role", ["web", "login", "auditor"])
    def test_not_everybody_ends_sessions(self, server: Embedded, name: str, role: str) -> None:
        """Only those who run the pool may."""
        with psycopg.connect(server.url(ROLES[role], name)) as one, pytest.raises(psycopg.errors.InsufficientPrivilege):
            one.execute("select pool.cut_long()")

    def test_nobody_is_ended_early(self, server: Embedded, name: str, web: Connection) -> None:
        """An act under way goes on beside the sealer."""
        web.execute("begin; lock table pool.gate in row exclusive mode")
        with PostgresStore(server.url(ROLES["sealer"], name)) as store:
            store.seal()
        assert web.execute("select 1").fetchone() == (1,)


class TestNobodyIsHeldUp:
    """Facts of one person that no law can read hold up no other: the site that was taken over stored them."""

    @pytest.fixture
    def pool(self, server: Embedded, make_database: Make) -> Iterator[Pool]:
        """Four people whose facts change tomorrow; those of the second and the third cannot be read."""
        name = make_database()
        with open_pool(server.admin_url(name)) as pool:
            pool.init(TODAY, moment(0), "operator", rehearsal=True)
            for n in range(4):
                pool.submit(uuid4(), f"p{n}", PERSON, moment(n))
            for n, (text, factors) in enumerate(
                [('{"a": 2}', '{"sure":false}'), ('{"a": 3}', '{"age":-5,"education":"nonsense","sure":true}')], 1
            ):
                body = {
                    "interest": n + 1, "profile": salted(SALT, f"1 {text}"), "nominations": [],
                    "review_on": str(TODAY + timedelta(days=1)), "factors": salted(SALT, factors), "standings": SCORE,
                }  # fmt: skip
                with psycopg.connect(server.url(ROLES["web"], name), autocommit=True) as web:
                    act_for(web, server, name, f"p{n}")
                    record(web, "updated", body, at=moment(9).isoformat(), kept=(n + 1, text, SALT, factors))
            yield pool

    def test_upkeep(self, pool: Pool) -> None:
        """All others are looked at, and these are named, with what to do; then rounds go on."""
        for n in (1, 4):
            pool.update(n, {**PERSON, "funds": []}, moment(20))
        later = TODAY + timedelta(days=100)
        with pytest.raises(UsageError, match="2 candidates cannot be read") as caught:
            pool.upkeep(later, moment(30))
        due = [one.id for one in pool.store.read(lambda tx: tx.look_at([1, 2, 3, 4])) if one.review_on == TOMORROW]
        assert caught.value.problems[0].value == "2, 3"
        assert due == [2, 3]
        for n in (1, 2):
            pool.bar(f"p{n}", date(2031, 1, 1), moment(40), "operator", "the facts cannot be read")
        assert pool.upkeep(later, moment(50)).looked_at == 0
        assert pool.verify(scores_on=later).wrong == []

    def test_another_law(self, pool: Pool) -> None:
        """All others are scored under it, in bulk and one by one; it comes into force once these are gone."""
        with pytest.raises(UsageError, match="2 candidates cannot be read"):
            pool.rescore(date(2024, 1, 1), moment(30), "operator")
        scores = pool.store.read(lambda tx: tx.scores([1, 2, 3, 4]))
        assert {n: sorted(one) for n, one in scores.items()} == {1: [1, 2], 2: [1], 3: [1], 4: [1, 2]}
        for n in (1, 2):
            pool.bar(f"p{n}", date(2031, 1, 1), moment(40), "operator", "the facts cannot be read")
        found = pool.rescore(date(2024, 1, 1), moment(50), "operator")
        assert found is not None
        assert found.in_force
