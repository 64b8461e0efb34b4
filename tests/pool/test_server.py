"""The pool on PostgreSQL: many clients at once, roles that can do no more than their work, the schema as a whole."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from threading import Event as Flag
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from expressentry.errors import PoolError, UsageError
from expressentry.pool import Pool, PostgresStore, Submission, Terms, migrate, open_pool
from expressentry.pool.acts.compare import TABLES
from expressentry.pool.acts.model import Head
from expressentry.pool.server.binaries import find_binaries
from expressentry.pool.server.connect import ROLES
from expressentry.pool.server.embedded import Embedded
from expressentry.pool.store.schema import statements
from tests.pool.databases import ROOT, Make
from tests.pool.fake_law import DAY, FakeLaw, facts, noon

STORE = ROOT / "src/expressentry/pool/store"
SCHEMA = STORE / "schema.sql"


def opened(url: str, people: int = 0) -> Pool:
    """A pool with some people, their scores spread."""
    pool = open_pool(url, FakeLaw())
    pool.init(DAY, noon(DAY), "operator", rehearsal=True)
    rng = Random(7)
    given = [Submission(uuid4(), f"p{n}", facts(rng.randrange(300, 600))) for n in range(people)]
    for start in range(0, people, 500):
        pool.submit_many(given[start : start + 500], noon(DAY, start))
    return pool


def token_of(server: Embedded, name: str, person: str, seconds: int = 60) -> str:
    """A token by which the web acts for a person, as the login makes it."""
    with PostgresStore(server.url(ROLES["login"], name)) as login:
        return login.token(person, seconds)


def act_for(web: psycopg.Connection[Any], server: Embedded, name: str, person: str) -> None:
    """Let a connection of the web act for a person from now on."""
    web.execute("select set_config('pool.token', %s, false)", [token_of(server, name, person)])


def dumped(url: str) -> str:
    """The schema as pg_dump writes it, without what depends on the program's version."""
    command = [find_binaries()["pg_dump"], "--schema-only", "--schema=pool", "--no-owner", f"--dbname={url}"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = [line for line in text.splitlines() if not re.match(r"--|SET |SELECT pg_catalog|\\(un)?restrict", line)]
    # The roles of a policy come in the order in which their rows lie, which any change of a role alters.
    lines = [
        re.sub(r" TO ([\w, ]+) USING", lambda m: f" TO {', '.join(sorted(m[1].split(', ')))} USING", one)
        for one in lines
    ]
    return re.sub(r"\n{2,}", "\n\n", "\n".join(lines)).strip() + "\n"


class TestSchema:
    """One schema, however it came about."""

    def test_migrations_make_the_schema(self, database: str) -> None:
        """All migrations in order make the schema that stands in `schema.sql`; to run them again does nothing."""
        assert migrate(database) == []
        assert dumped(database) == SCHEMA.read_text(encoding="utf-8")

    def test_factors_have_the_columns_of_the_law(self, database: str) -> None:
        """The table of factors has a column for each column of the law's schema, and no other."""
        from expressentry.law.load import load_law

        with psycopg.connect(database) as owner:
            described = owner.execute("select * from pool.factors limit 0").description or []

        assert {column.name for column in described} - {"interest", "sure"} == set(load_law().columns.by_name)

    def test_every_statement_is_described_and_used(self) -> None:
        """Each block of SQL has a line that says what it is for, and the code names it."""
        code = "".join(file.read_text(encoding="utf-8") for file in STORE.glob("*.py"))
        texts = "".join(file.read_text(encoding="utf-8") for file in (STORE / "sql").glob("*.sql"))

        assert len(re.findall("^-- name: ", texts, re.MULTILINE)) == len(statements())
        rows = {f"rows_{table}" for table in TABLES}
        assert [name for name in statements() if f'"{name}"' not in code and name not in rows] == []

    @pytest.mark.parametrize(
        "change",
        [
            "update pool.interest set submitted_at = now()",
            "update pool.interest set state = 'applied' where state = 'in_pool'",
            "update pool.interest set id = default",
            "delete from pool.interest where state = 'withdrawn'",
            "truncate pool.interest cascade",
            "insert into pool.standing select rule_set, interest + 99, eligible, crs, submitted_at, program, lists"
            " from pool.standing",
            "update pool.event set actor = 'nobody'",
            "delete from pool.event",
            "truncate pool.event",
            "update pool.inbox set actor = 'nobody'",
            "delete from pool.inbox",
            "update pool.round set cutoff = 0",
            "delete from pool.round",
            "insert into pool.gate values (true)",
            "insert into pool.interest (person, submitted_at, expires_on)"
            " select person, submitted_at, expires_on from pool.interest where state = 'in_pool' limit 1",
        ],
    )
    def test_what_nobody_may_do(self, database: str, change: str) -> None:
        """Not even the owner moves a stamp, jumps a state, changes an event or a round, or doubles a person."""
        pool = opened(database, 3)
        pool.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 900), "operator")
        pool.withdraw(2, noon(DAY, 901))
        broken = (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)
        with psycopg.connect(database) as owner, pytest.raises(broken):
            owner.execute(change)


class TestAtOnce:
    """Many at once."""

    def test_one_round_asked_for_by_eight(self, database: str) -> None:
        """The same round issued by eight clients at once: one issued, seven already issued, one round stored."""
        opened(database, 40)
        request_id, terms = uuid4(), Terms("general", 10, DAY)

        def ask(n: int) -> str:
            with PostgresStore(database) as store:
                return Pool(store, FakeLaw()).issue(request_id, terms, noon(DAY, 900), f"client {n}").answer

        with ThreadPoolExecutor(8) as clients:
            answers = Counter(clients.map(ask, range(8)))

        assert answers == {"issued": 1, "already_issued": 7}
        pool = open_pool(database, FakeLaw())
        assert [one.number for one in pool.store.read(lambda tx: tx.rounds())] == [1]
        assert pool.verify().wrong == []

    def test_eight_rounds_have_eight_numbers(self, database: str) -> None:
        """Different rounds at once are numbered without a gap, and nobody is invited twice."""
        opened(database, 100)

        def ask(n: int) -> str:
            with PostgresStore(database) as store:
                terms = Terms("general", 5, DAY)
                return Pool(store, FakeLaw()).issue(uuid4(), terms, noon(DAY, 900), f"client {n}").answer

        with ThreadPoolExecutor(8) as clients:
            assert set(clients.map(ask, range(8))) == {"issued"}
        pool = open_pool(database, FakeLaw())
        assert [one.number for one in pool.store.read(lambda tx: tx.rounds())] == list(range(1, 9))
        assert pool.verify().wrong == []

    def test_one_submission_sent_by_eight(self, database: str) -> None:
        """One client's id sent eight times at once is one expression of interest."""
        opened(database)
        client_id = uuid4()

        def send(_: int) -> tuple[str, int | None]:
            with PostgresStore(database) as store:
                found = Pool(store, FakeLaw()).submit(client_id, "anna", facts(), noon(DAY, 1))
                return found.answer, found.interest

        with ThreadPoolExecutor(8) as clients:
            assert len(set(clients.map(send, range(8)))) == 1

    def test_nobody_is_invited_below_someone_left_waiting(self, database: str) -> None:
        """Scores drop and people leave while rounds are issued: each round ranks again on the pool just before it."""
        opened(database, 300)
        stop = Flag()

        def disturb(seed: int) -> int:
            rng, done = Random(seed), 0
            with PostgresStore(database) as store:
                pool = Pool(store, FakeLaw())
                while not stop.is_set():
                    n, at = rng.randrange(1, 301), noon(DAY, 1000 + done)
                    try:
                        if rng.random() < 0.2:
                            pool.withdraw(n, at)
                        elif rng.random() < 0.1:
                            pool.submit(uuid4(), f"new {seed} {done}", facts(rng.randrange(300, 600)), at)
                        else:
                            pool.update(n, facts(rng.randrange(300, 600)), at)
                        done += 1
                    except UsageError:
                        continue
            return done

        with ThreadPoolExecutor(3) as clients:
            busy = [clients.submit(disturb, seed) for seed in range(3)]
            with PostgresStore(database) as store:
                pool = Pool(store, FakeLaw())
                try:
                    answers = [
                        pool.issue(uuid4(), Terms("general", 8, DAY), noon(DAY, 2000 + n), "operator").answer
                        for n in range(12)
                    ]
                finally:
                    stop.set()
            assert sum(one.result() for one in busy) > 0

        assert answers == ["issued"] * 12
        found = open_pool(database, FakeLaw()).verify()
        assert (found.wrong, found.rounds) == ([], 12)

    def test_a_new_law_beside_submissions(self, database: str) -> None:
        """While the pool is scored under another law people come, change and go; all of them stand under both."""
        pool = opened(database, 400)
        law_day = noon(DAY).date().replace(month=3, day=2)

        def come(seed: int) -> None:
            with PostgresStore(database) as store:
                mine = Pool(store, FakeLaw())
                for n in range(20):
                    mine.submit(uuid4(), f"late {seed} {n}", facts(400 + n, taste=1), noon(law_day, n))
                    mine.update(1 + seed * 20 + n, facts(500, taste=-1), noon(law_day, n))

        with ThreadPoolExecutor(3) as clients:
            busy = [clients.submit(come, seed) for seed in range(3)]
            done = pool.rescore(law_day, noon(law_day, 99), "operator")
            for one in busy:
                one.result()

        assert done is not None
        assert done.in_force
        assert pool.verify().wrong == []

    def test_verified_beside_submissions(self, database: str) -> None:
        """While people come and change, each look at the whole pool finds everything in order."""
        pool, stop, begun = opened(database, 50), Flag(), [Flag() for _ in range(3)]

        def come(seed: int) -> int:
            with PostgresStore(database) as store:
                mine = Pool(store, FakeLaw())
                for n in count():
                    if n:
                        begun[seed].set()
                    if stop.is_set():
                        return n
                    mine.submit(uuid4(), f"late {seed} {n}", facts(400), noon(DAY, 100 + n))
                    mine.update(1 + seed, facts(300 + n % 200), noon(DAY, 100 + n))
            raise AssertionError

        with ThreadPoolExecutor(3) as clients:
            busy = [clients.submit(come, seed) for seed in range(2)]
            busy.append(clients.submit(lambda: seal_until(database, stop, begun[2])))
            assert all(one.wait(120) for one in begun)
            found = [pool.verify().wrong for _ in range(15)]
            stop.set()
            assert min(one.result() for one in busy) > 0
        assert found == [[]] * 15


def seal_until(url: str, stop: Flag, begun: Flag) -> int:
    """Seal all the time; return how many events that were."""
    sealed = 0
    with PostgresStore(url) as store:
        while not stop.is_set():
            sealed += store.seal()
            begun.set()
    return sealed


class TestRoles:
    """No role can do more than its work."""

    @pytest.fixture
    def name(self, server: Embedded, make_database: Make) -> str:
        """A database with a few people in it."""
        name = make_database()
        opened(server.admin_url(name), 3)
        return name

    @pytest.mark.parametrize(
        "act",
        [
            "update pool.event set actor = 'x'",
            "delete from pool.event",
            "delete from pool.inbox",
            "select * from pool.event",
            "lock table pool.gate in share row exclusive mode",
            "set role expressentry_operator",
            "select pool.seal()",
            "insert into pool.round select * from pool.round",
            "update pool.interest set submitted_at = now()",
            "update pool.interest set state = 'withdrawn'",
            "select * from pool.entry",
        ],
    )
    def test_the_web_may_not(self, server: Embedded, name: str, act: str) -> None:
        """The web cannot become another, touch events, or take the strong lock of the gate."""
        with psycopg.connect(server.url(ROLES["web"], name)) as web:
            act_for(web, server, name, "p0")
            with pytest.raises(psycopg.Error):
                web.execute(act)

    @pytest.mark.parametrize("table", ["person", "interest", "profile", "standing", "submission"])
    def test_the_web_sees_one_person(self, server: Embedded, name: str, table: str) -> None:
        """Row security: only the rows of the person whom the web acts for, and none where it acts for nobody."""
        with psycopg.connect(server.url(ROLES["web"], name), autocommit=True) as web:
            count = f"select count(*) from pool.{table}"
            nobody = web.execute(count).fetchone()
            act_for(web, server, name, "p1")
            one = web.execute(count).fetchone()

        assert (nobody, one) == ((0,), (1,))

    def test_the_web_cannot_connect_as_another(self, server: Embedded, name: str) -> None:
        """Its secret is no other role's."""
        url = server.url(ROLES["web"], name).replace(ROLES["web"], ROLES["operator"])
        with pytest.raises(psycopg.OperationalError, match="authentication failed"):
            psycopg.connect(url)

    def test_a_life_under_the_web_role(self, server: Embedded, name: str) -> None:
        """The web submits, updates and withdraws for one person; for another's it finds nothing."""
        web = open_pool(server.url(ROLES["web"], name), FakeLaw())
        anna, other = token_of(server, name, "anna"), token_of(server, name, "p1")
        found = web.submit(uuid4(), "anna", facts(), noon(DAY, 5), token=anna)
        assert found.answer == "accepted"
        assert found.interest is not None
        assert web.update(found.interest, facts(510), noon(DAY, 6), token=anna)
        with pytest.raises(UsageError, match="no such expression of interest"):
            web.withdraw(found.interest, noon(DAY, 7), token=other)
        with pytest.raises(PoolError):
            web.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 8), "web")
        web.withdraw(found.interest, noon(DAY, 9), token=anna)

        assert open_pool(server.url(ROLES["operator"], name), FakeLaw()).verify().wrong == []

    def test_the_operator_runs_the_pool_and_changes_no_event(self, server: Embedded, make_database: Make) -> None:
        """Rounds, upkeep and new law are the operator's; the past is nobody's."""
        name = make_database()
        pool = opened(server.url(ROLES["operator"], name), 5)
        assert pool.issue(uuid4(), Terms("general", 2, DAY), noon(DAY, 900), "operator").answer == "issued"
        march = DAY.replace(month=3, day=2)
        pool.upkeep(march, noon(march))
        assert pool.rescore(march, noon(march), "operator") is not None
        assert pool.verify().wrong == []
        with psycopg.connect(server.url(ROLES["operator"], name)) as operator, pytest.raises(psycopg.Error):
            operator.execute("update pool.event set actor = 'x'")

    def test_the_auditor_reads_nothing_personal(self, server: Embedded, name: str) -> None:
        """Events, rounds and standings, but no facts and no keys."""
        with psycopg.connect(server.url(ROLES["auditor"], name), autocommit=True) as auditor:
            assert auditor.execute("select count(*) from pool.standing").fetchone() == (3,)
            for table in ("person", "profile", "factors", "submission"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    auditor.execute(f"select * from pool.{table}")

    @pytest.mark.parametrize("table", ["interest", "event", "inbox", "round", "standing", "person"])
    def test_the_sealer_only_seals(self, server: Embedded, name: str, table: str) -> None:
        """It chains what waits and hears how long the chain is; it reads no table, its events neither."""
        with psycopg.connect(server.url(ROLES["sealer"], name), autocommit=True) as sealer:
            assert (sealer.execute("select pool.seal()").fetchone() or (0,))[0] > 0
            assert (sealer.execute("select seq from pool.chain_head()").fetchone() or (0,))[0] > 0
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                sealer.execute(f"select * from pool.{table}")

    def test_the_login_only_signs(self, server: Embedded, name: str) -> None:
        """It makes tokens, and reads nothing, the keys of the signature neither."""
        with psycopg.connect(server.url(ROLES["login"], name), autocommit=True) as login:
            assert login.execute("select pool.token('p1', 60)").fetchone() is not None
            for table in ("signing", "person", "interest", "event"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    login.execute(f"select * from pool.{table}")

    def test_the_auditor_shows(self, server: Embedded, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        """`pool show`, of the pool and of a candidate, is the auditor's too."""
        from expressentry.cli import run

        for words in (["show"], ["show", "1"], ["verify"]):
            assert run(["pool", *words, "--database", server.url(ROLES["auditor"], name)]) == 0
        assert "candidate 1: in the pool" in capsys.readouterr().out


class TestChain:
    """What the chain shows."""

    def test_a_changed_event_shows(self, database: str) -> None:
        """Whoever gets past the triggers still breaks the chain, and the rebuilt pool."""
        pool = opened(database, 4)
        pool.issue(uuid4(), Terms("general", 2, DAY), noon(DAY, 900), "operator")
        with psycopg.connect(database) as owner:
            owner.execute("set session_replication_role = replica")
            owner.execute("update pool.event set body = replace(body::text, '[true,', '[false,')::json where seq = 4")

        assert any("is broken at event 4" in one.en for one in pool.verify().wrong)

    def test_a_chain_made_anew_shows_by_a_published_head(self, database: str) -> None:
        """A head once published is not to be had again from other events."""
        pool = opened(database, 4)
        pool.issue(uuid4(), Terms("general", 2, DAY), noon(DAY, 900), "operator")

        assert pool.verify([Head(7, "0" * 64, 1)]).wrong != []

    def test_a_score_changed_in_the_tables_shows(self, database: str) -> None:
        """The tables are compared with what the events make of the pool."""
        pool = opened(database, 4)
        with psycopg.connect(database) as owner:
            owner.execute("update pool.standing set crs = 1200 where interest = 2")

        assert [one.en for one in pool.verify().wrong] == [
            "candidate 2: score: points differs from the events",
            "candidate 2: list: score differs from the events",
        ]

    def test_a_pool_saved_and_brought_back(self, server: Embedded, database: str, tmp_path: Path) -> None:
        """A backup restored into an empty database verifies, and its rounds go on."""
        from expressentry.pool.ops.backup import backup, read_saved
        from expressentry.pool.ops.restore import restore

        pool = opened(database, 30)
        pool.issue(uuid4(), Terms("general", 5, DAY), noon(DAY, 900), "operator")
        head = pool.verify().head
        with psycopg.connect(database) as owner:
            token = (owner.execute("select pool.token('p1', 60)").fetchone() or ("",))[0]
            owner.execute("update pool.event_kind set by_web = true, body = ''")
        assert backup(database, tmp_path / "pool.dump") > 0
        with psycopg.connect(server.admin_url(), autocommit=True) as admin:
            admin.execute("create database brought_back")
        again = server.admin_url("brought_back")
        restore(again, read_saved(tmp_path / "pool.dump"))
        found = open_pool(again, FakeLaw())

        assert (found.verify().wrong, found.verify().head) == ([], head)
        with psycopg.connect(again) as owner:  # what an event may be is ours, and no token of the file holds
            assert owner.execute("select count(*) from pool.event_kind where body = ''").fetchone() == (0,)
            owner.execute("select set_config('pool.token', %s, true)", [token])
            assert owner.execute("select pool.acting_for()").fetchone() == (None,)
        assert found.issue(uuid4(), Terms("general", 5, DAY), noon(DAY, 901), "operator").answer == "issued"
        with pytest.raises(PoolError, match="already"):
            restore(again, read_saved(tmp_path / "pool.dump"))

    def test_due_days_are_found_by_an_index(self, database: str) -> None:
        """Those whom a day touches are found without a scan of the pool."""
        opened(database, 2000)
        with psycopg.connect(database) as owner:
            owner.execute("analyze pool.interest")
            plan = owner.execute(
                "explain " + statements()["to_review"], {"day": DAY + timedelta(days=1), "most": 500, "without": []}
            ).fetchall()

        assert "interest_due" in str(plan)
        assert "Seq Scan" not in str(plan)
