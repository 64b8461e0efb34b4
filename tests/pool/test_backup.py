"""Backups that come back: between versions of PostgreSQL, by an owner with few rights; nothing of a file runs."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from expressentry.cli import run
from expressentry.errors import FileError, PoolError
from expressentry.files import write_atomically
from expressentry.pool import Terms, migrate, open_pool
from expressentry.pool.ops import restore as restoring
from expressentry.pool.ops.backup import Saved, backup, read_saved
from expressentry.pool.ops.restore import restore
from expressentry.pool.server.connect import ROLES
from expressentry.pool.server.embedded import Embedded
from tests.pool.databases import NUMBERS
from tests.pool.fake_law import DAY, FakeLaw, facts, noon
from tests.pool.servers import only_if
from tests.pool.test_server import dumped
from tests.pool.versions import bare_server, installed


def filled(url: str) -> str:
    """A pool with two rounds, an answer, a new law and events that wait to be sealed; the answer is its head."""
    migrate(url)
    with open_pool(url, FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        for n in range(20):
            pool.submit(uuid4(), f"person {n} \\N é", facts(400 + n), noon(DAY, n))
        pool.issue(uuid4(), Terms("general", 3, DAY), noon(DAY, 60), "operator")
        pool.issue(uuid4(), Terms("general", 2, DAY), noon(DAY, 120), "operator")
        pool.seal()
        return pool.verify().head


def rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of a pool."""
    with psycopg.connect(url) as owner:
        names = owner.execute(
            "select c.relname from pg_class c where relnamespace = 'pool'::regnamespace and relkind = 'r'"
        ).fetchall()
        return {
            name: sorted(owner.execute(f"select t::text from pool.{name} t").fetchall()) for (name,) in sorted(names)
        }


def schema(url: str) -> str:
    """The schema, without the names that PostgreSQL 18 gives to what may not be null."""
    return re.sub(r" CONSTRAINT \w+_not_null NOT NULL", " NOT NULL", dumped(url))


VERSIONS = (15, 16, 17, 18)
"""The oldest that is supported, which Debian has, and those of the wheels."""
IN_TURN = {(15, 16), (16, 17), (17, 18), (18, 15)}
"""Each version saves once and brings back once in the usual run; the other pairs are in the long one."""
PAIRS = [
    pytest.param(of, to, marks=() if (of, to) in IN_TURN else pytest.mark.long) for of in VERSIONS for to in VERSIONS
]


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[int, str]]:
    """A bare server of each version."""
    there = installed()
    with ExitStack() as stack:
        yield {n: stack.enter_context(bare_server(there[n])) for n in VERSIONS if n in there}


def database_of(server: str, name: str, owner: str | None = None) -> str:
    """A new database on a bare server, as somebody who may make roles and nothing else, or as the superuser."""
    with psycopg.connect(server, autocommit=True) as admin:
        if owner:
            if not admin.execute("select 1 from pg_roles where rolname = %s", [owner]).fetchone():
                admin.execute(f"create role {owner} login createrole")
            for role in ROLES.values():
                if admin.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
                    admin.execute(f"grant {role} to {owner} with admin option")
        admin.execute(f"create database {name} owner {owner or 'postgres'}")
    return server.replace("postgres@/postgres", f"{owner or 'postgres'}@/{name}")


class TestVersions:
    """What one PostgreSQL saved another brings back, older or newer."""

    @pytest.mark.parametrize(("of", "to"), PAIRS)
    def test_from_one_to_another(self, servers: dict[int, str], tmp_path: Path, of: int, to: int) -> None:
        """Every row, every number to come and the schema are the same, and rounds go on; the owner is no superuser."""
        only_if({of, to} <= servers.keys(), f"PostgreSQL {of} and {to}")
        source = database_of(servers[of], f"made_for_{to}")
        head = filled(source)
        backup(source, tmp_path / "pool.dump")
        again = database_of(servers[to], f"back_from_{of}", "restorer")

        restore(again, read_saved(tmp_path / "pool.dump"))

        assert rows(again) == rows(source)
        assert schema(again) == schema(source)
        with open_pool(again, FakeLaw()) as pool:
            assert (pool.verify().wrong, pool.verify().head) == ([], head)
            assert pool.submit(uuid4(), "new", facts(), noon(DAY, 500)).interest == 21
            assert pool.issue(uuid4(), Terms("general", 5, DAY), noon(DAY, 901), "operator").answer == "issued"
            assert pool.verify().wrong == []

    def test_a_file_of_the_servers_own_program(self, servers: dict[int, str], tmp_path: Path) -> None:
        """A file that an operator made with the program of an older version is as good."""
        only_if(15 in servers, "PostgreSQL 15")
        source = database_of(servers[15], "by_hand")
        filled(source)
        command = [installed()[15]["pg_dump"], "--format=custom", f"--file={tmp_path / 'own.dump'}", source]
        subprocess.run(command, check=True)
        again = database_of(servers[15], "by_hand_again")

        restore(again, read_saved(tmp_path / "own.dump"))

        assert rows(again) == rows(source)


class TestNothingRuns:
    """A saved pool may come from somebody else: of the file only rows are read."""

    def test_a_check_of_the_file_does_not_run(self, server: Embedded, database: str, tmp_path: Path) -> None:
        """A function and a check in the file are left aside; the pool comes back with our own schema."""
        proof = tmp_path / "proof"
        filled(database)
        ours = dumped(database)
        with psycopg.connect(database) as owner:
            owner.execute(f"""create function pool.f(text) returns boolean language plpgsql as $$ begin
                copy (select 1) to program 'id > {proof}'; return true; end $$""")
            owner.execute("alter table pool.rule_set add check (pool.f(name)) not valid")
        backup(database, tmp_path / "pool.dump")
        again = empty(server)

        restore(again, read_saved(tmp_path / "pool.dump"))

        assert not proof.exists()
        assert dumped(again) == ours
        assert open_pool(again, FakeLaw()).verify().wrong == []

    @pytest.mark.parametrize(
        "change",
        [
            "create table pool.extra (n int)",
            'create table pool."drop table x" (n int)',
            "alter table pool.person add column more text",
            "drop table pool.rescore_batch",
            "create table pool.standing_77 (n int)",
        ],
    )
    def test_what_no_pool_has_is_refused(self, server: Embedded, database: str, tmp_path: Path, change: str) -> None:
        """A table or column too many or too few is named, and the database is left as it was found."""
        filled(database)
        with psycopg.connect(database) as owner:
            owner.execute(change)
        backup(database, tmp_path / "pool.dump")
        again = empty(server)

        with pytest.raises(FileError):
            restore(again, read_saved(tmp_path / "pool.dump"))

        with psycopg.connect(again) as found:
            left = found.execute(
                "select relname from pg_class where relnamespace::regnamespace::text in ('pool', 'public')"
            )
            assert left.fetchall() == []
        filled(again)

    def test_rows_that_break_a_rule_are_refused(self, server: Embedded, database: str, tmp_path: Path) -> None:
        """Rows go through every constraint of ours."""
        filled(database)
        with psycopg.connect(database) as owner:
            owner.execute("alter table pool.standing drop constraint standing_crs_check")
            owner.execute("update pool.standing set crs = 9999 where interest = 12")
        backup(database, tmp_path / "pool.dump")

        with pytest.raises(PoolError, match="standing_crs_check"):
            restore(empty(server), read_saved(tmp_path / "pool.dump"))


COPIED = b"SET client_encoding = 'UTF8';\nCOPY public._yoyo_migration (migration_hash, migration_id) FROM stdin;\n"


class TestCrafted:
    """A file that is cut short, or that somebody made to hold up whoever restores it."""

    @pytest.mark.parametrize("left", [0.02, 0.5, 0.8, 0.97])
    def test_cut_short(self, server: Embedded, database: str, tmp_path: Path, left: float) -> None:
        """Wherever the file ends, that is an error, and the database is left as it was found."""
        filled(database)
        path = tmp_path / "pool.dump"
        backup(database, path)
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * left)])
        again = empty(server)

        with pytest.raises((FileError, PoolError)):
            restore(again, read_saved(path))

        with psycopg.connect(again) as found:
            assert found.execute("select 1 from pg_namespace where nspname = 'pool'").fetchall() == []

    @pytest.mark.parametrize(
        "out",
        [
            COPIED,
            COPIED + b"a\tb\n",
            COPIED + b"a\tb",
            COPIED + b"a\n\\.\n",
            COPIED + b"a\tb\tc\n\\.\n",
            COPIED + b"x" * 5000,
            COPIED.replace(b"migration_id", b"id") + b"\\.\n",
            COPIED.replace(b"UTF8", b"LATIN1"),
            COPIED.replace(b"public", b"pool"),
            b"",
            b"x" * 5000,
        ],
    )
    def test_odd_rows(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: bytes) -> None:
        """Rows without end, a row longer than any, too few cells or other columns: refused, and never waited for."""
        monkeypatch.setattr(restoring, "running", lambda *_: nullcontext(BytesIO(out)))
        monkeypatch.setattr(restoring, "_LONGEST", 1000)
        with pytest.raises(FileError, match="something that no pool has"):
            set(restoring._migrations(Saved(tmp_path / "pool.dump", ())))

    def test_rows_go_on_in_blocks(self) -> None:
        """However long or short rows are, blocks hold about as much, and together what the rows hold."""
        for size, count in ((1, 5000), (1000, 5000), (restoring._BLOCK + 1, 3)):
            lines = [b"x" * size] * count
            blocks = list(restoring._blocks(iter(lines)))

            assert b"".join(blocks) == b"".join(lines)
            assert max(map(len, blocks)) < restoring._BLOCK + size + 1

    def test_no_file(self, tmp_path: Path) -> None:
        """A pipe, a device and a folder, which PostgreSQL's program would read, are refused at once."""
        os.mkfifo(tmp_path / "pipe")
        for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path, tmp_path / "none", tmp_path / "a\0b"):
            with pytest.raises(FileError):
                read_saved(path)

    @pytest.mark.parametrize("name", ["--file=owned", "-f", "--use-list=pool.dump"])
    def test_a_name_that_is_an_option(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        """A file whose name begins with a dash is a file."""
        monkeypatch.chdir(tmp_path)
        Path(name).write_bytes(b"no dump")
        with pytest.raises(FileError, match="not a saved pool"):
            read_saved(Path(name))

        assert [path.name for path in tmp_path.iterdir()] == [name]


def empty(server: Embedded) -> str:
    """The address of a database with nothing in it."""
    name = f"empty_{next(NUMBERS)}"
    with psycopg.connect(server.admin_url(), autocommit=True) as admin:
        admin.execute(f"create database {name}")
    return server.admin_url(name)


class TestPrivate:
    """Personal data and secrets are read by their owner, and nobody else."""

    def test_the_file_is_its_owners(self, database: str, tmp_path: Path) -> None:
        """Whatever the mask: the file has everybody's profile."""
        backup(database, tmp_path / "pool.dump")

        assert stat.S_IMODE((tmp_path / "pool.dump").stat().st_mode) == 0o600

    def test_no_link_is_followed(self, database: str, tmp_path: Path) -> None:
        """A link where the unfinished file or the file itself will be is replaced, never followed."""
        victim = tmp_path / "victim"
        victim.write_text("precious")
        for name in ("pool.dump", "pool.dump.part", ".pool.dump.part", f".pool.dump.{os.getpid()}.part"):
            (tmp_path / name).symlink_to(victim)

        backup(database, tmp_path / "pool.dump")
        write_atomically(tmp_path / "pool.dump.part", "new")

        assert victim.read_text() == "precious"
        assert not (tmp_path / "pool.dump").is_symlink()

    def test_the_password_is_in_no_argument(
        self, server: Embedded, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The program gets it in its environment, which only its owner sees."""
        seen: list[list[str]] = []
        real = subprocess.Popen

        def watched(command: list[str], **how: Any) -> Any:
            seen.append(command)
            return real(command, **how)

        monkeypatch.setattr(subprocess, "Popen", watched)
        backup(database, tmp_path / "pool.dump")
        secret = server.supervisor.cluster.secrets.of("postgres")

        assert seen
        assert secret not in str(seen)

    @pytest.mark.parametrize(
        "address",
        [
            "host=db password=hunter2",
            "postgres//op:hunter2@db/pool",
            " postgresql://op:hunter2@db/pool",
            "postgresql://op:hunter2%zz@db/pool",
            "postgresql://op:hun?ter2@db/pool",
            "postgresql://op:hun@hunter2@db/pool",
            "postgresql://op@db/pool?password=hunter2",
            "mysql://op:hunter2@db/pool",
        ],
    )
    def test_no_error_shows_a_password(self, address: str, capfd: pytest.CaptureFixture[str]) -> None:
        """However the address is wrong, or right and nobody answers."""
        assert run(["pool", "stats", "--database", address]) == 1
        said = capfd.readouterr()

        assert not re.search("hun", said.out + said.err)
