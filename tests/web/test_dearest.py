"""No request of any route that a directed search finds takes more than seconds of processor and 300 MB."""

from __future__ import annotations

import os
import sys

import pytest

from tests.web.dearest import ROUTES, climb

SECONDS = float(os.environ.get("EXPRESSENTRY_SEARCH_SECONDS", "1200"))
"""How long the search of all routes takes together."""
_CPU, _MIB = 2.0, 300
_LOADED = 3
"""Processor time is longer where other programs share the caches and cores; the figure itself is printed."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="peaks of memory are read from /proc")


def _searched(name: str, seconds: float) -> None:
    found = climb(name, seconds)
    dearest, largest = found[0], max(found, key=lambda one: one.mib)
    told = f"{name}: {len(found)} requests, {dearest.cpu:.2f} s (status {dearest.status}), {largest.mib:.0f} MiB"
    print(told)  # noqa: T201

    assert dearest.cpu < _CPU * _LOADED, (told, dearest.shape)
    assert largest.mib < _MIB, (told, largest.shape)
    assert all(one.status < 500 or one.status == 503 for one in found)


@pytest.mark.long
@pytest.mark.parametrize("name", ROUTES)
def test_a_directed_search(name: str) -> None:
    """Whatever the search sends: an answer within its bounds, or a refusal, never an error of ours."""
    _searched(name, SECONDS / len(ROUTES))


@pytest.mark.parametrize("name", ["timeline", "page of the answer", "occupations"])
def test_its_first_steps(name: str) -> None:
    """So the first steps of three of them."""
    _searched(name, 0)
