"""Published rounds of the provinces and territories: who was selected, when, and from which score on."""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from expressentry.rounds.load import HISTORY
from expressentry.text import Text

CRS_SCALE = "CRS"
"""The scale of rounds that select by the federal score; a score is comparable within its scale only."""


@dataclass(frozen=True, slots=True)
class Draw:
    """One published result. `stream` is a stream, or a wider group where the source does not tell streams apart.

    `until` is the last day of a result that is of several days. A score or number that was not published is None;
    `fewer_than` is a bound where the source prints only that. `enhanced` counts those with an Express Entry profile.
    """

    province: str
    stream: str
    day: date
    until: date | None
    kind: str
    scale: str
    score_min: int | None
    score_max: int | None
    invitations: int | None
    fewer_than: int | None
    enhanced: int | None
    target: str
    source: str
    checked: date | None
    confidence: str
    doubt: Text | None


@cache
def load_draws() -> tuple[Draw, ...]:
    """Every published result that was collected, oldest first.

    >>> len(load_draws())
    435
    """
    text = (HISTORY / "province_draws.csv").read_text(encoding="utf-8")
    found = [_draw(row) for row in csv.DictReader(text.splitlines())]
    return tuple(sorted(found, key=lambda one: (one.day, one.province, one.stream)))


def draws_of(names: Collection[str], draws: Sequence[Draw] | None = None) -> list[Draw]:
    """The results of a stream, oldest first: those of its key and of the wider groups that have it in them."""
    return [one for one in (load_draws() if draws is None else draws) if one.stream in names]


def last_draw(names: Collection[str], on: date) -> Draw | None:
    """The newest result of a stream up to a day; of several on one day the one with a score."""
    known = [one for one in draws_of(names) if one.day <= on]
    return max(known, key=lambda one: (one.day, one.score_min is not None), default=None)


def _draw(row: dict[str, str]) -> Draw:
    return Draw(
        province=row["province"],
        stream=row["stream"],
        day=date.fromisoformat(row["date"]),
        until=_day(row["date_to"]),
        kind=row["kind"],
        scale=row["scale"],
        score_min=_number(row["score_min"]),
        score_max=_number(row["score_max"]),
        invitations=_number(row["invitations"]),
        fewer_than=_number(row["fewer_than"]),
        enhanced=_number(row["enhanced"]),
        target=row["target"],
        source=row["source"],
        checked=_day(row["checked"]),
        confidence=row["confidence"],
        doubt=Text(row["doubt_en"], row["doubt_fr"]) if row["doubt_en"] else None,
    )


def _number(text: str) -> int | None:
    return int(text) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
