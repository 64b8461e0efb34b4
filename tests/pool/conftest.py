"""A fixture of the tests of roles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from expressentry.pool.server.connect import ROLES
from expressentry.pool.server.embedded import Embedded
from tests.pool.test_server import act_for


@pytest.fixture
def web(server: Embedded, name: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the web's role to the database `name`, acting for the second person in it."""
    with psycopg.connect(server.url(ROLES["web"], name), autocommit=True) as found:
        act_for(found, server, name, "p1")
        yield found
