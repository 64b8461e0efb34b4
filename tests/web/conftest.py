"""One app for the tests that only read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.web.serving import LATE, Caller, made


@pytest.fixture(scope="session")
def call() -> Caller:
    """The app of 1 October 2026, called without a network."""
    return Caller(made())


@pytest.fixture(scope="session")
def late() -> Caller:
    """The app of a day on which the record is old and law not established."""
    return Caller(made(LATE))


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A client of the app of 1 October 2026, as browsers and scripts are: it follows redirects and keeps cookies."""
    with TestClient(made()) as found:
        yield found
