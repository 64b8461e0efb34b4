"""All acts at once, by all roles, while clients are killed and stopped and the server crashes: nothing is lost."""

from __future__ import annotations

import logging
import os

import pytest

from tests.pool.servers import folder_of
from tests.pool.storm import Found, storm

SECONDS = float(os.environ.get("EXPRESSENTRY_STORM_SECONDS", "1800"))
"""How long the long storm lasts."""
_LONGEST = 60
"""How many seconds an act may wait for clients that stopped, each of which is cut after ten, on a busy machine."""


def told(seconds: float, clients: int, pause: float) -> Found:
    """Let a storm pass over a pool of its own."""
    with folder_of("storm") as home:
        found = storm(home / "pool", seconds, clients, pause=pause)
    logging.getLogger(__name__).warning("%s", found)
    return found


def test_a_squall() -> None:
    """A short storm of four clients."""
    found = told(6, 4, 0.5)

    assert found.events > 2


@pytest.mark.long
def test_a_storm() -> None:
    """Half an hour of eight clients; a client that stopped delays the others by no more than its limit."""
    found = told(SECONDS, 8, 1.0)

    assert {"kill", "stop", "cancel", "terminate", "crash"} <= found.strikes.keys()
    assert found.rounds
    assert max(found.waits["issue"]) < _LONGEST * 1000
    assert max(found.waits["submit"]) < _LONGEST * 1000
