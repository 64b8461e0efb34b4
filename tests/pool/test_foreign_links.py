"""Root runs a pool command on an ordinary user's folder, who has put links in root's way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from expressentry.errors import PoolError
from expressentry.files import Folder
from expressentry.pool.server.embedded import open_embedded
from expressentry.pool.server.locks import Lock
from tests.pool.servers import NOBODY, copy_of, only_if


@pytest.fixture
def pool(pool_home: Path, pool_template: Path) -> Iterator[Path]:
    """The user's database at rest; beside it `roots`, a folder of root's own with a file in it, that stays as it is."""
    only_if(os.geteuid() == 0, "needs root")
    roots = pool_home / "roots"
    for folder in (pool_home, roots):
        folder.mkdir(mode=0o755, exist_ok=True)
        folder.chmod(0o755)
    (roots / "passwd").write_text("root")
    (roots / "passwd").chmod(0o600)
    yield copy_of(pool_template, pool_home / "pool", uid=NOBODY)
    assert [(path.name, path.read_text(), path.stat().st_uid) for path in roots.iterdir()] == [("passwd", "root", 0)]
    assert roots.stat().st_uid == 0


@pytest.mark.parametrize("name", ["locks", "data", ""])
def test_link_instead_of_a_folder(pool: Path, name: str) -> None:
    """Root makes nothing where a link leads, gives nothing away, and says why."""
    (pool / name).rename(pool.parent / "away")
    (pool / name).symlink_to(pool.parent / "roots")
    if not name:
        os.chown(pool.parent, NOBODY, NOBODY)
    with pytest.raises(PoolError) as refused:
        open_embedded(pool)
    assert refused.value.problems[0].code in ("foreign_link", "not_a_cluster")


@pytest.mark.parametrize("name", ["gate", "clients", "server", "watchdog"])
@pytest.mark.parametrize("hard", [True, False])
def test_link_instead_of_a_lock(pool: Path, name: str, hard: bool) -> None:
    """A file of root's under the name of a lock is not given away."""
    lock = pool / "locks" / name
    lock.unlink(missing_ok=True)
    (lock.hardlink_to if hard else lock.symlink_to)(pool.parent / "roots/passwd")
    with pytest.raises(PoolError, match=r"no lock of ours|symbolic links"):
        Lock(Folder(pool / "locks"), name, (NOBODY, NOBODY))


def test_link_instead_of_a_secret(pool: Path) -> None:
    """A file of root's under the name of the secrets is not read."""
    (pool / "secrets.json").unlink()
    (pool / "secrets.json").symlink_to(pool.parent / "roots/passwd")
    with pytest.raises(PoolError, match=r"secrets\.json"):
        open_embedded(pool)


def test_link_instead_of_the_log(pool: Path) -> None:
    """The log is looked at, moved and read by its own name only."""
    (pool / "data/server.log").unlink(missing_ok=True)
    (pool / "data/server.log").symlink_to(pool.parent / "roots/passwd")
    with pytest.raises(PoolError):
        open_embedded(pool)


@pytest.mark.parametrize("named", ["roots", "link"])
def test_socket_elsewhere(pool: Path, named: str) -> None:
    """A folder of a socket that is not the server's alone, or that a link leads to, is not used and not removed."""
    (pool / "link").symlink_to(pool.parent / "roots")
    (pool / "socket").write_text(str(pool.parent / "roots" if named == "roots" else pool / "link"))
    with open_embedded(pool) as server:
        assert server.supervisor.cluster.socket() not in (pool / "link", pool.parent / "roots", None)
