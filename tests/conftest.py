"""What holds for every test: Hypothesis waits on a busy machine; and fixtures that several files use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.pool.databases import database, make_database, sample, server
from tests.pool.servers import copy_of, folder_of

__all__ = ["database", "make_database", "sample", "server"]

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


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
