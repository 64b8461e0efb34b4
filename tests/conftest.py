"""What holds for every test: how Hypothesis draws and waits; and fixtures that several files use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.often import LONG
from tests.pool.databases import database, make_database, sample, server
from tests.pool.servers import copy_of, folder_of

__all__ = ["database", "make_database", "sample", "server"]

# Slow machines are waited for. The usual run draws the same examples each time, so that a failure is of the change that
# is tested; the long one draws others each time.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=not LONG)
settings.load_profile("house")

ROOT = Path(__file__).parent.parent
DATABASE = {"database", "make_database", "pool_folder", "pool_home", "pool_template", "sample", "server"}
"""A test that asks for one of these fixtures needs PostgreSQL."""
SERVERS = tuple(f"tests/pool/test_{name}.py" for name in ("disk_full", "faults", "own_server", "storm"))
"""Tests that start servers of their own."""
SLOW = frozenset(line for line in (ROOT / "tests/slow.txt").read_text().splitlines() if not line.startswith("#"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark with `db` what needs a database, and with `slow` what slow.txt names; the other markers are in the files."""
    for item in items:
        file, _, _ = item.nodeid.partition("::")
        command = item.callspec.params.get("words") if hasattr(item, "callspec") else None
        if DATABASE & set(getattr(item, "fixturenames", ())) or file in SERVERS or (command and command[0] == "pool"):
            item.add_marker(pytest.mark.db)
        if item.nodeid.partition("[")[0] in SLOW or file in SLOW:
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty user folder, English, and a working folder with the examples."""
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("EXPRESSENTRY_LANG", raising=False)
    work = tmp_path / "work"
    work.mkdir()
    (work / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(work)
    return work


@pytest.fixture(scope="session")
def pool_template() -> Iterator[Path]:
    """An embedded database at rest, made once, to be copied."""
    from expressentry.pool.server.embedded import open_embedded

    with folder_of("template") as home:
        open_embedded(home / "pool").close()
        yield home / "pool"


@pytest.fixture
def pool_home() -> Iterator[Path]:
    """A folder of a test, in which nothing runs afterwards."""
    with folder_of("test") as home:
        yield home


@pytest.fixture
def pool_folder(pool_home: Path, pool_template: Path) -> Path:
    """An embedded database of a test's own, at rest."""
    return copy_of(pool_template, pool_home / "pool")
