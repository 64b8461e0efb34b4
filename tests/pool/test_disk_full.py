"""A disk that is really full: the act leaves nothing, the error says so with its fix, and with room it succeeds."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from expressentry.errors import PoolError
from expressentry.pool import Pool, Submission, Terms, migrate, open_embedded, open_pool
from expressentry.pool.server.connect import ROLES
from expressentry.pool.server.embedded import Embedded
from tests.pool.fake_law import DAY, LAWS, FakeLaw, facts, noon
from tests.pool.kills import whole
from tests.pool.servers import folder_of, only_if, servers, swept, until


class Disk:
    """A small disk of its own, and the file that fills it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave not one page free."""
        with self._ballast.open("ab", buffering=0) as file, suppress(OSError):
            while file.write(b"\0" * 4096) == 4096:
                pass
        assert shutil.disk_usage(self.folder).free < 8192

    def make_room(self) -> None:
        """Take the filling away."""
        self._ballast.unlink()


def mounted(megabytes: int) -> Iterator[Disk]:
    """A disk in memory of so many megabytes; only root can have one."""
    only_if(os.geteuid() == 0, "only root can mount a small disk")
    with folder_of("disk") as home:
        home.chmod(0o711)  # the server of a root is another user
        folder = home / "small"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0711", "tmpfs", str(folder)]
        only_if(subprocess.run(command, check=False, capture_output=True).returncode == 0, "no mount here")
        try:
            yield Disk(folder)
            assert swept(folder) == []
        finally:
            unmount(folder)


def unmount(folder: Path) -> None:
    """Take the disk away; a server that was just ended may hold it for a moment."""
    for _ in range(100):
        if subprocess.run(["umount", str(folder)], check=False, capture_output=True).returncode == 0:
            return
        time.sleep(0.1)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def small_disk() -> Iterator[Disk]:
    """Room for a database, its log elsewhere."""
    yield from mounted(32)


@pytest.fixture
def whole_disk() -> Iterator[Disk]:
    """Room for a server with all that it has."""
    yield from mounted(128)


@pytest.fixture
def database_there(server: Embedded, small_disk: Disk) -> Iterator[str]:
    """An empty pool in a database whose tables are on the small disk."""
    place = small_disk.folder / "tables"
    place.mkdir(mode=0o700)
    os.chown(place, server.supervisor.privileges.server_uid, server.supervisor.privileges.server_gid)
    with psycopg.connect(server.admin_url(), autocommit=True) as admin:
        admin.execute(f"create tablespace small location '{place}'")
        admin.execute("create database on_small template migrated tablespace small")
        try:
            yield server.admin_url("on_small")
        finally:
            admin.execute("drop database on_small with (force)")
            admin.execute("drop tablespace small")


def people(count: int, start: int = 0, kilobytes: int = 0) -> list[Submission]:
    """Submissions, each with a note that does not get smaller by compression."""
    return [
        Submission(uuid4(), f"p{n}", facts(400 + n % 100, note=secrets.token_hex(kilobytes * 512)))
        for n in range(start, start + count)
    ]


def counts(url: str) -> list[Any]:
    """How much there is of everything that an act writes."""
    tables = ("person", "interest", "submission", "profile", "standing", "entry", "round", "invitation", "inbox")
    with psycopg.connect(url) as owner:
        return [owner.execute(f"select count(*) from pool.{table}").fetchone() for table in tables]


def is_disk_full(error: PoolError) -> bool:
    """Whether an error says that the disk is full, and what to do."""
    problem = error.problems[0]
    return problem.code == "53100" and "free space" in problem.fix.en and "libérer de l'espace" in problem.fix.fr


class TestTables:
    """No room for another page of a table."""

    def test_submissions(self, database_there: str, small_disk: Disk) -> None:
        """A batch that does not fit is not stored in part; with room the same ids are accepted, once."""
        given = people(40, 20, kilobytes=200)
        with open_pool(database_there, FakeLaw()) as pool:
            pool.init(DAY, noon(DAY), "operator", rehearsal=True)
            pool.submit_many(people(20), noon(DAY, 1))
            small_disk.fill()
            before = counts(database_there)
            with pytest.raises(PoolError) as refused:
                pool.submit_many(given, noon(DAY, 2))
            assert is_disk_full(refused.value)
            assert counts(database_there) == before
            small_disk.make_room()
            assert {one.answer for one in pool.submit_many(given, noon(DAY, 3))} == {"accepted"}
            assert {one.again for one in pool.submit_many(given, noon(DAY, 4))} == {True}
        whole(database_there)

    def test_a_round(self, database_there: str, small_disk: Disk) -> None:
        """No half round and nobody invited; with room the same request is issued, and the number has no gap."""
        request_id, terms = uuid4(), Terms("general", 400, DAY)
        with open_pool(database_there, FakeLaw()) as pool:
            pool.init(DAY, noon(DAY), "operator", rehearsal=True)
            pool.submit_many(people(500), noon(DAY, 1))
            small_disk.fill()
            before = counts(database_there)
            with pytest.raises(PoolError) as refused:
                pool.issue(request_id, terms, noon(DAY, 2), "operator")
            assert is_disk_full(refused.value)
            assert counts(database_there) == before
            small_disk.make_room()
            found = pool.issue(request_id, terms, noon(DAY, 3), "operator")
            assert (found.answer, found.round and found.round.number) == ("issued", 1)
        assert whole(database_there) == 1

    def test_a_new_law(self, database_there: str, small_disk: Disk) -> None:
        """A re-scoring stops with the law in force as it was; with room it goes on and takes force."""
        day = LAWS[1]
        with open_pool(database_there, FakeLaw()) as pool:
            pool.init(DAY, noon(DAY), "operator", rehearsal=True)
            pool.submit_many(people(500), noon(DAY, 1))
            small_disk.fill()
            with pytest.raises(PoolError) as refused:
                pool.rescore(day, noon(day), "operator")
            assert is_disk_full(refused.value)
            assert pool.store.read(lambda tx: tx.rule_sets())[0].law_day == DAY
            small_disk.make_room()
            done = pool.rescore(day, noon(day, 1), "operator")
            assert done is not None
            assert done.in_force
            assert pool.verify(scores_on=day).wrong == []


class TestEverything:
    """No room for the server's own log of changes either: it ends itself."""

    def test_the_server_ends_and_comes_back(self, whole_disk: Disk) -> None:
        """What was answered before is there, what was refused is absent; with room the server goes on."""
        with open_embedded(whole_disk.folder / "pool") as server:
            migrate(server.admin_url())
            for role in ROLES.values():
                server.ensure_role(role)
            with open_pool(server.url(ROLES["operator"]), FakeLaw()) as pool:
                pool.init(DAY, noon(DAY), "operator", rehearsal=True)
                accepted, refused = people(20), people(5, 20, kilobytes=100)
                pool.submit_many(accepted, noon(DAY, 1))
                whole_disk.fill()
                assert self.code_of(pool, refused) == "53100"
                self.write_log_until_gone(server)
                assert self.code_of(pool, refused) in ("53100", "no_connection", "connection_lost", "57P02", "57P03")
                try:
                    server.ensure()
                except PoolError as error:
                    assert "free space on its disk" in error.say()  # noqa: PT017
                whole_disk.make_room()
                server.ensure()
                assert {one.again for one in pool.submit_many(accepted, noon(DAY, 2))} == {True}
                assert {one.again for one in pool.submit_many(refused, noon(DAY, 3))} == {False}
            whole(server.admin_url())

    @staticmethod
    def write_log_until_gone(server: Embedded) -> None:
        """Fill the log of changes, which has its room in advance; no more of it can be written, and the server ends.

        It tries to start again by itself, which may succeed once or twice while its log has some room left.
        """
        much = "select count(pg_logical_emit_message(false, '', repeat('x', 1000000))) from generate_series(1, 200)"
        ended = 0
        for _ in range(5):
            try:
                with psycopg.connect(server.admin_url()) as owner:
                    owner.execute(much)
            except psycopg.OperationalError:
                ended += 1
            if until(lambda: not servers(server.supervisor.folder), 2):
                break
        assert ended > 0

    @staticmethod
    def code_of(pool: Pool, given: list[Submission]) -> str:
        """The code with which submissions are refused."""
        with pytest.raises(PoolError) as refused:
            pool.submit_many(given, noon(DAY, 1))
        return refused.value.problems[0].code
