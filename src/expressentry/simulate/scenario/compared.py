"""The shipped scenarios, each compared with its baseline ahead: figures as data; `compare.ahead` makes them again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from expressentry.simulate.data import FOLDER

FILE = FOLDER / "compared.json"


@cache
def shipped_comparisons() -> tuple[Mapping[str, Any], ...]:
    """Every comparison as it ships: a scenario, or one value of its open numbers, with its figures and its digests.

    >>> sorted(shipped_comparisons()[0])[:4]
    ['baseline', 'calibrations', 'cutoffs', 'digests']
    """
    return tuple(json.loads(FILE.read_text(encoding="utf-8")))


def comparisons_of(scenario: str) -> list[Mapping[str, Any]]:
    """The comparisons of one scenario, one for each value of its open numbers.

    >>> {one["baseline"] for one in comparisons_of("stem-back")}
    {'year-ahead'}
    """
    return [one for one in shipped_comparisons() if one["scenario"] == scenario]
