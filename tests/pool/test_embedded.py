"""The embedded server: who holds it, who ends it, and what it outlives."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import time
from pathlib import Path
from random import Random

import psycopg
import pytest

from expressentry.errors import PoolError
from expressentry.files import Folder
from expressentry.pool.server.binaries import find_binaries
from expressentry.pool.server.embedded import Embedded, open_embedded
from expressentry.pool.server.locks import is_free
from tests.pool.servers import (
    NOBODY,
    Holder,
    copy_of,
    holding,
    only_if,
    processes,
    servers,
    sockets_of,
    uid_of,
    until,
    watchers,
)

IS_ROOT = os.geteuid() == 0
SERVER = NOBODY if IS_ROOT else os.geteuid()
LONG = 120


def asked(url: str, question: str) -> object:
    """The one value that answers a question."""
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row
    return row[0]


class TestOpen:
    """What stands behind an address."""

    def test_database(self, pool_folder: Path) -> None:
        """UTF-8 by PostgreSQL's own locale, durable at commit."""
        with open_embedded(pool_folder) as server:
            locale = asked(
                server.admin_url(),
                "SELECT (datlocprovider, datlocale, pg_encoding_to_char(encoding))::text "
                "FROM pg_database WHERE datname = current_database()",
            )
            assert locale == "(b,C.UTF-8,UTF8)"
            for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
                assert asked(server.admin_url(), f"SHOW {setting}") == "on"
            assert asked(server.admin_url(), "SELECT upper('é')") == "É"

    def test_only_a_private_socket(self, pool_folder: Path) -> None:
        """Nothing listens but one socket in a folder that is the server's alone; no process of it has another."""
        with open_embedded(pool_folder) as server:
            place = server.supervisor.cluster.socket()
            assert place is not None
            assert stat.S_IMODE(place.stat().st_mode) == 0o700
            assert place.stat().st_uid == SERVER
            assert asked(server.admin_url(), "SHOW listen_addresses") == ""
            inodes = set().union(*(sockets_of(pid) for pid in servers(pool_folder)))
            families = {
                family: {
                    f"socket:[{line.split()[column]}]"
                    for line in Path(f"/proc/net/{family}").read_text().splitlines()[1:]
                }
                for family, column in (("tcp", 9), ("tcp6", 9), ("udp", 9), ("udp6", 9), ("unix", 6))
                if Path(f"/proc/net/{family}").exists()
            }
        assert inodes & families["unix"]
        assert not inodes & set().union(*(found for family, found in families.items() if family != "unix"))

    def test_every_role_by_its_secret(self, pool_folder: Path) -> None:
        """A role enters with its own secret only; no secret is in a readable file or in the log."""
        with open_embedded(pool_folder) as server:
            server.ensure_role("web")
            server.ensure_role("ops", "CREATEDB")
            server.ensure_role("web")
            assert asked(server.url("web"), "SELECT current_user") == "web"
            assert asked(server.url("ops"), "SELECT rolcreatedb FROM pg_roles WHERE rolname = 'ops'") is True
            secrets = server.supervisor.cluster.secrets
            borrowed = server.url("web").replace("//web:", "//postgres:")
            with pytest.raises(psycopg.OperationalError, match="authentication failed"):
                psycopg.connect(borrowed)
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(server.url("web").replace(secrets.of("web"), ""))
            rules = asked(
                server.admin_url(), "SELECT string_agg(type || ' ' || auth_method, ',') FROM pg_hba_file_rules"
            )
            assert rules == "local scram-sha-256"
            assert stat.S_IMODE(secrets.path.stat().st_mode) == 0o600
            log = server.supervisor.cluster.log.read_text()
            assert not any(secret in log for secret in secrets.read().values())

    def test_unknown_role(self, pool_folder: Path) -> None:
        """A role that was never made has no address."""
        with open_embedded(pool_folder) as server, pytest.raises(PoolError) as caught:
            server.url("nobody_made_it")
        assert caught.value.problems[0].code == "no_such_role"
        assert "pool init" in caught.value.say("fr")

    def test_open_twice(self, pool_folder: Path) -> None:
        """Two holders in one process are two; closing one twice counts once."""
        first, second = open_embedded(pool_folder), open_embedded(pool_folder)
        first.close()
        first.close()
        assert asked(second.admin_url(), "SELECT 1") == 1
        second.close()
        assert servers(pool_folder) == {}

    def test_what_was_written_stays(self, pool_folder: Path) -> None:
        """A database that was closed is found again as it was."""
        with open_embedded(pool_folder) as server, psycopg.connect(server.admin_url()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS one")
        with open_embedded(pool_folder) as server:
            assert asked(server.admin_url(), "SELECT one FROM kept") == 7


class TestHolders:
    """Several processes, however they end."""

    def test_last_one_out(self, pool_folder: Path) -> None:
        """Whoever comes second uses the same server; it ends with the last of them."""
        with holding(pool_folder) as first, holding(pool_folder) as second:
            assert first.opened() == second.opened()
            assert first.close() == 0
            assert servers(pool_folder)
            assert second.close() == 0
        assert servers(pool_folder) == {}

    def test_six_at_once(self, pool_home: Path) -> None:
        """Six processes that want an empty folder's server at once get one server, which ends with the last."""
        six = [Holder(pool_home / "pool") for _ in range(6)]
        try:
            assert len({one.opened() for one in six}) == 1
        finally:
            codes = [one.close() for one in six]
        assert codes == [0] * 6
        assert servers(pool_home) == {}

    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda one: one.name)
    def test_owner_ended(self, pool_folder: Path, number: signal.Signals) -> None:
        """The server ends after its only holder, though that had no chance to close."""
        with holding(pool_folder) as owner:
            owner.opened()
            owner.kill(number)
            assert until(lambda: not processes(pool_folder))

    def test_owner_ended_beside_another(self, pool_folder: Path) -> None:
        """A server that another still holds goes on when its starter is killed."""
        with holding(pool_folder) as owner:
            pid = owner.opened()
            with open_embedded(pool_folder) as server:
                owner.kill()
                assert asked(server.admin_url(), "SELECT 1") == 1
                assert server.supervisor.cluster.pid() == pid
        assert servers(pool_folder) == {}

    def test_watcher_killed_too(self, pool_folder: Path) -> None:
        """A server that nobody was left to stop is found by the next one to come, and stopped by it."""
        with holding(pool_folder) as owner:
            pid = owner.opened()
            for watcher in watchers(pool_folder):
                os.kill(watcher, signal.SIGKILL)
            owner.kill()
        (lock,) = pool_folder.rglob("locks/watchdog")
        assert until(lambda: is_free(Folder(lock.parent), lock.name))  # SIGKILL ends a process soon, not at once
        assert pid in servers(pool_folder)
        with open_embedded(pool_folder) as server:
            assert server.supervisor.cluster.pid() == pid
            assert until(lambda: watchers(pool_folder))
        assert servers(pool_folder) == {}

    def test_killed_while_it_is_made(self, pool_home: Path) -> None:
        """A database that was left half made is made anew, once what was making it has ended."""
        with holding(pool_home / "pool") as owner:
            assert until(lambda: (pool_home / "pool/data.new").exists())
            owner.kill()
        assert not (pool_home / "pool/data/PG_VERSION").exists()
        with open_embedded(pool_home / "pool") as server:
            assert asked(server.admin_url(), "SELECT 1") == 1
        assert not (pool_home / "pool/data.new").exists()


class TestServerEnded:
    """The server itself is killed, or something looks as if it lived."""

    def test_killed(self, pool_folder: Path) -> None:
        """A killed server is started again at once, though its pid is still that of a zombie; nothing is lost."""
        with open_embedded(pool_folder) as server:
            with psycopg.connect(server.admin_url()) as connection:
                connection.execute("CREATE TABLE kept AS SELECT 7 AS one")
            pid = server.supervisor.cluster.pid()
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            server.ensure()
            assert server.supervisor.cluster.pid() != pid
            assert asked(server.admin_url(), "SELECT one FROM kept") == 7

    def test_killed_and_found_by_another(self, pool_folder: Path) -> None:
        """Whoever opens after the server was killed starts it for the earlier holder too."""
        with open_embedded(pool_folder) as first:
            pid = first.supervisor.cluster.pid()
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            with holding(pool_folder) as second:
                assert second.opened() != pid
                second.kill()
            assert asked(first.admin_url(), "SELECT 1") == 1

    def test_killed_under_a_busy_child(self, pool_folder: Path) -> None:
        """While a child of the killed server still computes, no second server starts on the same files."""
        with open_embedded(pool_folder) as server:
            busy = subprocess.Popen(
                [
                    server.binaries["psql"],
                    server.admin_url(),
                    "-c",
                    "SELECT sum(one) FROM generate_series(1, 6000000) one",
                ],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            active = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series%' AND state = 'active'"
            assert until(lambda: asked(server.admin_url(), active) == 2 or busy.poll() is not None)
            os.kill(server.supervisor.cluster.pid() or 0, signal.SIGKILL)
            server.ensure()
            assert busy.wait(60) is not None
            assert asked(server.admin_url(), "SELECT 1") == 1

    def test_stale_files_name_a_stranger(self, pool_folder: Path) -> None:
        """Files of a dead server that name a foreign process do not stop us, and it survives."""
        as_server = {"user": SERVER} if IS_ROOT else {}
        stranger = subprocess.Popen(["sleep", "300"], cwd="/", **as_server)  # type: ignore[call-overload]
        try:
            with open_embedded(pool_folder) as server:
                cluster = server.supervisor.cluster
                place = cluster.socket()
                assert place is not None
                left = cluster.data / "postmaster.pid"
                _, *rest = left.read_text().split("\n")
                lock_lines = (place / ".s.PGSQL.5432.lock").read_text().split("\n")[1:]
                os.kill(cluster.pid() or 0, signal.SIGKILL)
                assert until(lambda: not servers(pool_folder))
                left.write_text("\n".join([str(stranger.pid), *rest]))
                (place / ".s.PGSQL.5432.lock").write_text("\n".join([str(stranger.pid), *lock_lines]))
                with socket.socket(socket.AF_UNIX) as nobody_listens:
                    (place / ".s.PGSQL.5432").unlink(missing_ok=True)
                    nobody_listens.bind(str(place / ".s.PGSQL.5432"))
                for path in (left, place / ".s.PGSQL.5432.lock", place / ".s.PGSQL.5432"):
                    os.chown(path, SERVER, -1)
                server.ensure()
                assert asked(server.admin_url(), "SELECT 1") == 1
            assert servers(pool_folder) == {}
            assert stranger.poll() is None
        finally:
            stranger.kill()
            stranger.wait()

    def test_pid_file_is_not_believed(self, pool_folder: Path) -> None:
        """A server whose file names a stranger is left alone rather than the stranger killed."""
        stranger = subprocess.Popen(["sleep", "300"])
        try:
            server = open_embedded(pool_folder)
            left = server.supervisor.cluster.data / "postmaster.pid"
            true = left.read_text()
            left.write_text("\n".join([str(stranger.pid), *true.split("\n")[1:]]))
            with pytest.raises(PoolError) as caught:
                server.close()
            assert caught.value.problems[0].code == "stop_failed"
            assert stranger.poll() is None
            left.write_text(true)
            open_embedded(pool_folder).close()
            assert servers(pool_folder) == {}
        finally:
            stranger.kill()
            stranger.wait()

    def test_start_that_fails(self, pool_folder: Path) -> None:
        """What keeps the server from starting is told, and nothing goes on running."""
        (pool_folder / "data/postgresql.auto.conf").write_text("shared_buffers = 'much'\n")
        with pytest.raises(PoolError) as caught:
            open_embedded(pool_folder)
        assert caught.value.problems[0].code == "start_failed"
        assert "server.log" in caught.value.say("fr")
        assert until(lambda: not processes(pool_folder))


class TestPlaces:
    """Any path, any locale, any user."""

    @pytest.mark.parametrize(
        "name",
        ["with space", "été à l'École", "a" * LONG, "$(date) `x` \"q\", 'c' \\ #%"],
        ids=["space", "accent", "long", "odd"],
    )
    def test_path(self, pool_home: Path, pool_template: Path, name: str) -> None:
        """The folder may be called anything, and be deep down."""
        (pool_home / name).mkdir()
        folder = copy_of(pool_template, pool_home / name / "pool")
        with open_embedded(folder) as server:
            assert asked(server.admin_url(), "SELECT 1") == 1
            place = server.supervisor.cluster.socket()
            assert place is not None
        assert servers(pool_home) == {}
        assert not place.exists() or place.parent == folder

    def test_absent_locale(self, pool_home: Path) -> None:
        """A locale that this system does not have hinders neither making nor starting."""
        env = {"LC_ALL": "xx_YY.UTF-8", "LANG": "xx_YY.UTF-8", "LC_MESSAGES": "xx_YY.UTF-8"}
        with holding(pool_home / "pool", env=env) as owner:
            owner.opened()
            assert owner.close() == 0

    def test_as_root(self, pool_folder: Path) -> None:
        """Root's server runs as another user, who reads the data and not the secrets."""
        only_if(IS_ROOT, "needs root")
        with open_embedded(pool_folder) as server:
            owners = {uid_of(pid) for pid in servers(pool_folder)} - {None}
            assert owners == {NOBODY}
            assert server.supervisor.cluster.secrets.path.stat().st_uid == 0
            assert stat.S_IMODE(pool_folder.stat().st_mode) == 0o700
            assert pool_folder.stat().st_uid == 0

    def test_as_root_with_programs_of_its_own(self, pool_home: Path) -> None:
        """Programs in a folder closed to others are copied to where the server's user can run them, and go with it."""
        only_if(IS_ROOT, "needs root")
        hidden = find_binaries().copied_to(Folder(pool_home / "closed", make=True))  # so is the folder above it
        assert not hidden.is_open_to(NOBODY)
        with Embedded(pool_home / "pool", hidden) as server:
            with psycopg.connect(server.admin_url()) as admin:
                assert admin.execute("select 1").fetchone() == (1,)
            place = server.supervisor.cluster.socket()
            assert place is not None
            assert (place / "programs").is_dir()
            assert {uid_of(pid) for pid in servers(pool_home / "pool")} - {None} == {NOBODY}
        assert not place.exists()

    def test_as_ordinary_user(self, pool_home: Path) -> None:
        """An ordinary user makes, starts and stops it without anybody's help."""
        uid = NOBODY if IS_ROOT else None
        os.chown(pool_home, SERVER, -1)
        with holding(pool_home / "pool", uid=uid) as owner:
            pid = owner.opened()
            assert uid_of(pid) == SERVER
            assert owner.close() == 0
        assert servers(pool_home) == {}

    def test_root_in_the_folder_of_another(self, pool_home: Path, pool_template: Path) -> None:
        """Root in an ordinary user's folder leaves that user everything that is needed to go on without root."""
        only_if(IS_ROOT, "needs root")
        pool_home.chmod(0o755)
        pool = copy_of(pool_template, pool_home / "pool", uid=NOBODY)
        with open_embedded(pool) as server:
            server.ensure_role("web")
        with holding(pool, uid=NOBODY) as owner, open_embedded(pool) as server:
            assert owner.opened() == server.supervisor.cluster.pid()
            assert owner.close() == 0
        assert servers(pool_home) == {}
        assert {path.stat().st_uid for path in pool.rglob("*")} == {NOBODY}

    def test_folder_of_another(self, pool_folder: Path, pool_home: Path) -> None:
        """A user is refused the folder of another."""
        only_if(IS_ROOT, "needs root")
        pool_home.chmod(0o755)
        with holding(pool_folder, uid=NOBODY) as other:
            assert other.said() == "refused foreign_folder"


@pytest.mark.long
class TestManyFaults:
    """The same at many random instants."""

    def test_holders_killed_at_any_instant(self, pool_home: Path) -> None:
        """Killed while making, starting, holding or stopping: the next one works, and nothing is left."""
        random = Random(7)
        for turn in range(60):
            pool = pool_home / f"pool{turn // 10}"
            with holding(pool) as owner, holding(pool) as other:
                time.sleep(random.uniform(0, 2.5 if turn % 10 == 0 else 0.8))
                owner.process.send_signal(signal.SIGKILL)
                if random.random() < 0.5:
                    assert other.process.stdin
                    other.process.stdin.close()
                else:
                    other.process.send_signal(signal.SIGTERM)
            with open_embedded(pool) as server:
                assert asked(server.admin_url(), "SELECT 1") == 1
            assert until(lambda pool=pool: not processes(pool))  # type: ignore[misc]

    def test_server_killed_at_any_instant(self, pool_folder: Path) -> None:
        """Fifty times the server is killed under a writer: every commit that was acknowledged is there."""
        random = Random(7)
        with open_embedded(pool_folder) as server:
            with psycopg.connect(server.admin_url()) as connection:
                connection.execute("CREATE TABLE written (one integer)")
            acknowledged = 0
            for _ in range(50):
                pid = server.supervisor.cluster.pid()
                end = time.monotonic() + random.uniform(0, 0.3)
                try:
                    with psycopg.connect(server.admin_url(), autocommit=True) as connection:
                        while time.monotonic() < end:
                            connection.execute("INSERT INTO written VALUES (%s)", [acknowledged])
                            acknowledged += 1
                        os.kill(pid or 0, random.choice([signal.SIGKILL, signal.SIGQUIT]))
                        while True:
                            connection.execute("INSERT INTO written VALUES (%s)", [acknowledged])
                            acknowledged += 1
                except psycopg.OperationalError:
                    server.ensure()
                found = asked(server.admin_url(), "SELECT count(DISTINCT one) FROM written")
                assert found in (acknowledged, acknowledged + 1)
                acknowledged = int(str(found))
