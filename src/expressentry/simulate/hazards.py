"""What happens to people in the pool beside the calendar: rates as data, each with its source or marked as ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import tomli

from expressentry.text import Text

_FILE = Path(__file__).parent.parent / "data" / "simulate" / "hazards.toml"


@dataclass(frozen=True, slots=True)
class Hazard:
    """One rate: its value, the range in which it may be set, and where it comes from.

    `confidence` is `derived` (computed from published figures), `calibrated` (set so that published totals are met) or
    `assumption` (ours).
    """

    name: str
    value: float
    range: tuple[float, float]
    unit: Text
    title: Text
    confidence: str
    source: Text


def _read() -> dict[str, Hazard]:
    found = {}
    for name, record in tomli.loads(_FILE.read_text(encoding="utf-8")).items():
        unit, title, source = (Text(**record.pop(key)) for key in ("unit", "title", "source"))
        low, high = record.pop("range")
        found[name] = Hazard(name, range=(low, high), unit=unit, title=title, source=source, **record)
    return found


HAZARDS: Mapping[str, Hazard] = _read()
"""Every rate by its name."""


def rates(changed: Mapping[str, float]) -> dict[str, float]:
    """Every rate, those of a scenario before the shipped ones.

    >>> rates({"declines": 0.1})["declines"], rates({})["applies"]
    (0.1, 0.78)
    """
    return {name: changed.get(name, float(one.value)) for name, one in HAZARDS.items()}
