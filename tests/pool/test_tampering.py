"""Whoever owns the server can change any row: each change is found by `verify`, or by a head that others have kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from expressentry.pool import Pool, Terms, open_pool
from expressentry.pool.acts.model import Head
from expressentry.pool.server.connect import ROLES
from expressentry.pool.server.embedded import Embedded
from tests.pool.databases import NUMBERS, Make
from tests.pool.fake_law import DAY, FakeLaw, facts, noon

SEALED_ANEW = """
do $$ declare one record; before text := repeat('0', 64); n bigint := 0; begin
  for one in select * from pool.event order by seq loop
    n := n + 1;
    before := pool.hash_event(before, n, one.inbox, one.kind, one.at, one.actor, one.reason, one.body);
    update pool.event set seq = n, hash = before where inbox = one.inbox;
  end loop;
  update pool.round r set event = e.seq, head = e.hash from pool.event e
    where e.kind = 'round' and (e.body ->> 'number')::int = r.number;
end $$;
"""
"""The whole chain computed again, as only a superuser can, and the rounds with it."""

SWAPPED = """
update pool.event set seq = 1000 where seq = 4;
update pool.event set seq = 4 where seq = 5;
update pool.event set seq = 5 where seq = 1000;
"""

BY_VERIFY = {
    "person": [
        "update pool.person set key = 'somebody' where key = 'cleo'",
        "update pool.person set key = null where key = 'ana'; update pool.person set key = 'ana' where key = 'cleo';"
        "update pool.person set key = 'cleo' where key is null and salt is not null",
        "update pool.person set salt = 'x' where key = 'cleo'",
        "update pool.person set barred_until = null",
        "update pool.person set barred_until = '2031-01-01' where key = 'ana'",
        "insert into pool.person (key, barred_until) values ('new', '2031-01-01')",
        "delete from pool.person where key is null",
        "update pool.person set key = 'other' where key is null",
    ],
    "interest": [
        "update pool.interest set submitted_at = '2020-01-01' where id = 2",
        "update pool.interest set submitted_at = 'infinity' where id = 2",
        "update pool.interest set expires_on = '2099-01-01' where id = 2",
        "update pool.interest set expires_on = '20000-01-01' where id = 2",
        "update pool.interest set due = null where id = 2",
        "update pool.interest set person = (select id from pool.person where key = 'zed') where id = 2",
        "update pool.interest set state = 'withdrawn' where id = 2",
        "delete from pool.interest where id = 3",
        "insert into pool.interest (person, submitted_at, expires_on) select id, '2026-01-01', '2099-01-01'"
        " from pool.person where key = 'zed'",
    ],
    "stamp in all tables": [
        "update pool.interest set submitted_at = '2020-01-01' where id = 2;"
        "update pool.standing set submitted_at = '2020-01-01' where interest = 2;"
        "update pool.entry set submitted_at = '2020-01-01' where interest = 2",
    ],
    "profile": [
        """update pool.profile set facts = facts || '{"note": 1}' where interest = 2""",
        "update pool.profile set facts = '[]' where interest = 2",
        """update pool.profile set facts = (repeat('[', 3000) || repeat(']', 3000))::jsonb where interest = 2""",
        "update pool.profile set facts = ('{\"n\": ' || repeat('9', 5000) || '}')::jsonb where interest = 2",
        "delete from pool.profile where interest = 2",
        "update pool.profile set salt = 'x' where interest = 2",
        "update pool.profile set schema_version = 2 where interest = 2",
        "insert into pool.profile values (4, 1, '{}', 'x')",
    ],
    "factors": [
        "update pool.factors set age = 20 where interest = 2",
        "update pool.factors set sure = not sure where interest = 2",
        "delete from pool.factors where interest = 2",
        "insert into pool.factors (interest, sure) values (4, true)",
    ],
    "standing": [
        "update pool.standing set crs = 1200 where interest = 2",
        "update pool.standing set program = 'fst' where interest = 2",
        "update pool.standing set submitted_at = '2020-01-01' where interest = 2",
        "update pool.standing set lists = lists || array['stem'] where interest = 2",
        "update pool.standing set eligible = false, lists = '{}' where interest = 2",
        "delete from pool.standing where interest = 2",
        "insert into pool.standing select 1, 4, eligible, crs, submitted_at, program, lists from pool.standing"
        " where interest = 2",
    ],
    "entry": [
        "update pool.entry set crs = 1200 where interest = 2",
        "update pool.entry set submitted_at = '2020-01-01' where interest = 2",
        "delete from pool.entry where interest = 2 and list = 'general'",
        "insert into pool.entry select rule_set, 'stem', crs, submitted_at, interest from pool.entry"
        " where interest = 3 and list = 'general'",
        "insert into pool.entry select rule_set, list, crs + 1, submitted_at, interest from pool.entry"
        " where interest = 3",
    ],
    "submission": [
        """update pool.submission set answer = answer || '{"crs": 1}'""",
        "update pool.submission set digest = 'x' where interest = 2",
        "update pool.submission set client_id = gen_random_uuid() where interest = 2",
        "update pool.submission set interest = 3 where interest = 2",
        "update pool.submission set person = (select id from pool.person where key = 'zed') where interest = 2",
        "update pool.submission set answer = answer || '{\"crs\": 1}' where digest = ''",
        "delete from pool.submission",
        "delete from pool.submission where interest is null",
        "delete from pool.submission where digest = ''",
    ],
    "invitation": [
        "update pool.invitation set answer_by = '2099-01-01'",
        "update pool.invitation set state = 'declined'",
        "update pool.invitation set crs = 1",
        "update pool.invitation set program = 'pnp'",
        "update pool.invitation set place = 7",
        "update pool.invitation set interest = 2",
        "update pool.invitation set id = 9",
        "delete from pool.invitation",
        "insert into pool.invitation (id, round, interest, place, crs, answer_by)"
        " values (2, 1, 2, 2, 499, '2026-03-06')",
    ],
    "round": [
        *(
            f"update pool.round set {change}"
            for change in (
                "cutoff = 1", "actor = 'somebody'", "as_of = as_of + interval '1 second'", "as_of = 'infinity'",
                "request_id = gen_random_uuid()", "terms_digest = 'x'", "size = 7", "kind = 'category', list = 'stem'",
                "day = '2026-10-02'", "invited = 0, cutoff = null, tie_break = null", "head = 'x'",
                "event = 3", "rule_set_digest = 'x'", "invited_digest = 'x'", "next_digest = 'x'", "number = 2",
                "tie_break = tie_break - interval '1 second'",
            )
        ),
        "delete from pool.invitation; delete from pool.round",
    ],
    "rule set": [
        f"update pool.rule_set set {change}"
        for change in ("digest = 'x'", "law_day = '2020-01-01'", "name = 'mine'", "state = 'retired'")
    ],
    "event": [
        "update pool.event set body = '{}' where seq = 3",
        "update pool.event set actor = 'somebody' where seq = 3",
        "update pool.event set at = at + interval '1 second' where seq = 3",
        "update pool.event set reason = 'x' where seq = 9",
        "update pool.event set kind = 'updated' where seq = 3",
        "update pool.event set inbox = inbox + 1000 where seq = 3",
        "update pool.event set hash = 'x' where seq = 12",
        *(
            f"alter table pool.event drop constraint event_at_check; update pool.event set at = '{at}' where seq = 3"
            for at in ("infinity", "-infinity", "20000-01-01", "0044-03-15 BC")
        ),
        "update pool.event set body = (repeat('[', 5000) || repeat(']', 5000))::json where seq = 3",
        "update pool.event set body = ('{\"rule_set\": ' || repeat('9', 5000) || '}')::json where seq = 2",
        SWAPPED,
        "update pool.event set actor = actor || E'\\n' || split_part(reason, E'\\n', 1),"
        " reason = split_part(reason, E'\\n', 2) where kind = 'erased'",
        "delete from pool.event where seq = (select max(seq) from pool.event)",
        "delete from pool.event where seq > (select event from pool.round)",
        "delete from pool.event",
        "delete from pool.inbox",
    ],
    "event, sealed anew": [
        change + ";" + SEALED_ANEW
        for change in (
            "delete from pool.event where kind = 'refused'",
            "delete from pool.event where kind = 'barred'",
            "delete from pool.event where kind = 'erased'",
            "delete from pool.event where kind = 'round'",
            "delete from pool.event where kind = 'law_in_force'",
            "update pool.event set body = (body::jsonb || '{\"crs\": 1}')::json where kind = 'refused'",
            "update pool.event set body = replace(body::text, '[true,499', '[true,498')::json where seq = 4",
            "update pool.event set body = (body::jsonb || '{\"until\": \"2099-01-01\"}')::json where kind = 'barred'",
            "update pool.event set body = (body::jsonb || '{\"note\": 1}')::json where kind = 'erased'",
            "update pool.event set kind = 'note' where kind = 'erased'",
        )
    ],
    "schema": [
        "alter table pool.event disable trigger append_only",
        "alter table pool.interest disable trigger all",
        "alter table pool.round enable replica trigger append_only",
        "drop trigger check_invitation on pool.invitation",
        "create or replace function pool.check_interest() returns trigger language plpgsql as"
        " $$ begin return new; end $$",
        "alter function pool.seal() security invoker",
        "alter function pool.seal() set search_path = public",
        "create function pool.more() returns int language sql as 'select 1'",
        "alter table pool.profile disable row level security",
        "create policy more on pool.profile to expressentry_web using (true)",
        "drop policy own on pool.profile",
        "grant select on pool.event to expressentry_web",
        "grant all on all tables in schema pool to expressentry_web",
        "grant update (digest) on pool.rule_set to expressentry_operator",
        "grant select on pool.standing_1 to public",
        "grant create on schema pool to expressentry_operator",
        "grant execute on function pool.seal to expressentry_web",
        "revoke select on pool.event from expressentry_auditor",
        "alter table pool.profile owner to expressentry_operator",
        "alter function pool.seal() owner to expressentry_operator",
        "alter table pool.standing drop constraint standing_check",
        "alter table pool.inbox drop constraint inbox_at_check",
        "alter table pool.interest alter column person drop not null",
        "alter table pool.interest alter column state set default 'applied'",
        "alter table pool.interest add column more int",
        "alter table pool.interest alter column due type text",
        "drop index pool.one_live_interest",
        "drop index pool.one_open_invitation; create index one_open_invitation on pool.invitation (interest)",
        "create table pool.more (n int)",
        "create view pool.more as select * from pool.profile",
        "create rule more as on insert to pool.inbox do instead nothing",
        "alter type pool.interest_state add value 'chosen'",
        "alter default privileges in schema pool grant select on tables to expressentry_web",
        "alter table pool.standing_1 add constraint more check (crs > 0)",
    ],
}  # fmt: skip
BY_HEADS = {
    "the order of two submissions": SWAPPED + SEALED_ANEW,
    "the instant of an act": "update pool.event set at = at + interval '1 second' where kind = 'barred';" + SEALED_ANEW,
    "the actor of an act": "update pool.event set actor = 'somebody' where kind = 'erased';" + SEALED_ANEW,
    "the reason of an act": "update pool.event set reason = 'other' where kind = 'barred';" + SEALED_ANEW,
    "a bar, and its event": "update pool.person set barred_until = null; delete from pool.event where kind = 'barred';"
    + SEALED_ANEW,
    "a refusal, and its event": "delete from pool.submission where interest is null;"
    "delete from pool.event where kind = 'refused';" + SEALED_ANEW,
    "the number in the inbox": "update pool.event set inbox = inbox + 1000 where seq = 8;" + SEALED_ANEW,
    "a term, and its event": "update pool.interest set expires_on = '2099-01-01' where id = 2; update pool.event"
    ' set body = (body::jsonb || \'{"expires_on": "2099-01-01"}\')::json where seq = 4;' + SEALED_ANEW,
}
"""What somebody changes who changes the tables, the events and the chain alike: nothing in the pool can show it."""


def life(url: str) -> list[Head]:
    """A pool with something of everything, and its published heads; one act waits for the sealer."""
    with open_pool(url, FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        for n, key in enumerate(("ana", "ben", "cleo", "dario", "eve")):
            drops = str(DAY + timedelta(days=30 + n))
            pool.submit(uuid4(), key, facts(500 - n, drops=drops), noon(DAY, n))
        pool.bar("zed", DAY + timedelta(days=1000), noon(DAY, 10), "operator", "first line\nsecond line")
        pool.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 11), "operator")
        pool.submit(uuid4(), "zed", facts(), noon(DAY, 12))
        pool.erase("dario", noon(DAY, 13), "operator", "first line\nsecond line")
        heads = pool.heads()
        pool.withdraw(5, noon(DAY, 14))
        return heads


@pytest.fixture(scope="module")
def whole(server: Embedded, make_database: Make) -> tuple[str, list[Head]]:
    """The name of a database with that pool, and the heads."""
    name = make_database()
    return name, life(server.admin_url(name))


@pytest.fixture
def copy(server: Embedded, whole: tuple[str, list[Head]]) -> Iterator[str]:
    """The address of a copy of it, as its owner."""
    name = f"tampered_{next(NUMBERS)}"
    with psycopg.connect(server.admin_url(), autocommit=True) as admin:
        admin.execute(f"create database {name} template {whole[0]}")
        yield server.admin_url(name)
        admin.execute(f"drop database {name} with (force)")


def tamper(url: str, change: str) -> None:
    """Change what no act changes, past triggers and keys."""
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute(change.encode())


def found(url: str, heads: list[Head]) -> list[str]:
    """What a verification finds."""
    with open_pool(url, FakeLaw()) as pool:
        return [one.en for one in pool.verify(heads).wrong]


def test_nothing_is_found_where_nothing_was_changed(copy: str, whole: tuple[str, list[Head]]) -> None:
    """The pool as it was made agrees with itself and with its published heads, by --scores too."""
    assert found(copy, whole[1]) == []
    with open_pool(copy, FakeLaw()) as pool:
        assert pool.verify(whole[1], DAY).wrong == []


@pytest.mark.parametrize(
    "change", [pytest.param(one, id=f"{table} {n}") for table, ones in BY_VERIFY.items() for n, one in enumerate(ones)]
)
def test_found_by_verify(copy: str, change: str) -> None:
    """A change of a table, of an event or of the schema contradicts the others; no head is needed."""
    tamper(copy, change)

    assert found(copy, []) != []


@pytest.mark.parametrize("change", [pytest.param(change, id=name) for name, change in BY_HEADS.items()])
def test_found_by_heads(copy: str, whole: tuple[str, list[Head]], change: str) -> None:
    """A chain sealed anew over changed events agrees with itself, and not with what others have kept."""
    tamper(copy, change)

    assert found(copy, []) == []
    assert any("is not the one that was published" in one for one in found(copy, whole[1]))


def test_roles_read_what_they_may(server: Embedded, copy: str) -> None:
    """The operator compares everything; the auditor is told of what is not compared."""
    name = copy.rpartition("/")[2].partition("?")[0]
    with open_pool(server.url(ROLES["operator"], name), FakeLaw()) as pool:
        assert (pool.verify().wrong, pool.verify().unread) == ([], [])
    with open_pool(server.url(ROLES["auditor"], name), FakeLaw()) as pool:
        done = pool.verify()
        assert (done.wrong, [one.en for one in done.unread]) == ([], ["people", "answers", "facts", "derived facts"])


class TestOlderBackup:
    """A pool as it was before: whole in itself, and rounds are missing from it."""

    def test_a_round_that_is_missing_is_missed(
        self, server: Embedded, copy: str, whole: tuple[str, list[Head]]
    ) -> None:
        """Brought back to before its second round, the pool has another chain than the one published."""
        older = f"older_{next(NUMBERS)}"
        with psycopg.connect(server.admin_url(), autocommit=True) as admin:
            admin.execute(f"create database {older} template {whole[0]}")
        with open_pool(copy, FakeLaw()) as pool:
            pool.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 20), "operator")
            heads = pool.heads()
            assert pool.verify(heads).wrong == []
        with open_pool(server.admin_url(older), FakeLaw()) as pool:
            assert pool.verify().wrong == []
            missing = f"round 2 was published, and its event {heads[-1].event} is missing"
            assert [one.en for one in pool.verify(heads).wrong] == [missing]
            issued_again(pool)
            assert f"event {heads[-1].event} is not the one that was published" in found(server.admin_url(older), heads)


def issued_again(pool: Pool) -> None:
    """The same round once more, by another request."""
    assert pool.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 21), "operator").answer == "issued"


class TestScores:
    """`--scores` tells of what is missing, and goes on."""

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ("delete from pool.profile where interest = 2", "candidate 2: the facts are missing"),
            ("delete from pool.standing where interest = 2", "candidate 2: score: missing"),
            ("update pool.profile set facts = '{}' where interest = 2", "candidate 2: the facts cannot be read"),
            (
                """update pool.profile set facts = facts || '{"nominations": [{"province": "ON"}]}'
                where interest = 2""",
                "candidate 2: the nominations are others",
            ),
            ("update pool.rule_set set state = 'retired'", "rule set 1: state differs from the events"),
        ],
    )
    def test_what_is_missing_is_told(self, copy: str, change: str, told: str) -> None:
        """Facts, a score or the rule set in force: each has its line, and nothing ends in another error."""
        tamper(copy, change)
        with open_pool(copy, FakeLaw()) as pool:
            assert told in [one.en for one in pool.verify(scores_on=DAY).wrong]

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (BY_HEADS["a term, and its event"], f"candidate 2: the profile ends on {DAY.replace(year=DAY.year + 1)}"),
            (
                "update pool.invitation set answer_by = '2099-01-01'; update pool.event"
                " set body = (body::jsonb || '{\"answer_by\": \"2099-01-01\"}')::json where kind = 'round';"
                + SEALED_ANEW,
                f"round 1: the time to answer ends on {DAY + timedelta(days=60)}",
            ),
        ],
    )
    def test_what_the_law_does_not_say(self, copy: str, change: str, told: str) -> None:
        """A term or a window that is too long, in tables and events alike, is not what the law gives."""
        tamper(copy, change)
        with open_pool(copy, FakeLaw()) as pool:
            assert pool.verify().wrong == []
            assert [one.en for one in pool.verify(scores_on=DAY).wrong] == [told]

    def test_the_law_of_the_rule_set(self, copy: str) -> None:
        """A rule set that is not the law of its day is told of, though chain and tables agree on it."""

        class Other(FakeLaw):
            def law(self, day):  # type: ignore[no-untyped-def]
                return type(super().law(day))("fake-1", "another digest")

        with open_pool(copy, Other()) as pool:
            assert [one.en for one in pool.verify(scores_on=DAY).wrong] == [f"rule set 1 is not the law of {DAY}"]
