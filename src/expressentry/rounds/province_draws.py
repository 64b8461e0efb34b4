"""Published rounds of the provinces and territories: who was selected, when, and from which score on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from expressentry.rounds.record import STALE_AFTER
from expressentry.text import Text

CRS_SCALE = "CRS"
"""The scale of rounds that select by the federal score; a score is comparable within its scale only."""
FILE = "province_draws.csv"
KINDS = ("invitation", "notification", "letter", "selection")
"""An invitation, a notification of interest, a letter of advice to apply, or the selection of a month."""
COLUMNS = (
    *("province", "stream", "date", "date_to", "kind", "scale", "score_min", "score_max", "invitations"),
    *("fewer_than", "enhanced", "target", "source", "checked", "confidence", "doubt_en", "doubt_fr"),
)
"""The columns of a file of rounds."""


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


@dataclass(frozen=True)
class Draws:
    """Published results, oldest first.

    >>> from expressentry.rounds.province_updates import load_draws
    >>> len(load_draws()), load_draws().checked("SK")
    (435, datetime.date(2026, 6, 26))
    """

    rows: tuple[Draw, ...]

    def __iter__(self) -> Iterator[Draw]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def of(self, names: Collection[str], on: date | None = None) -> list[Draw]:
        """The results of a stream up to a day, oldest first: those of its key and of the wider groups that hold it."""
        found = (one for name in dict.fromkeys(names) for one in self._by_stream.get(name, ()))
        return sorted((one for one in found if on is None or one.day <= on), key=in_order)

    def last(self, names: Collection[str], on: date) -> Draw | None:
        """The newest result of a stream up to a day; of several on one day the one with a score."""
        return max(self.of(names, on), key=lambda one: (one.day, one.score_min is not None), default=None)

    def checked(self, province: str) -> date | None:
        """The day up to which the results of a province were read; None where there are none, or their day is unknown.

        Results that were published later are not known.
        """
        return self._checked.get(province)

    def stale(self, province: str, on: date) -> bool:
        """Whether results of a province may be missing on a day: those known were read more than 30 days before."""
        read = self.checked(province)
        return read is not None and on - read > STALE_AFTER

    @cached_property
    def _by_stream(self) -> dict[str, list[Draw]]:
        found: dict[str, list[Draw]] = {}
        for one in self.rows:
            found.setdefault(one.stream, []).append(one)
        return found

    @cached_property
    def _checked(self) -> dict[str, date]:
        found: dict[str, date] = {}
        for one in self.rows:
            if one.checked is not None:
                found[one.province] = max(found.get(one.province, one.checked), one.checked)
        return found


def in_order(one: Draw) -> tuple[date, str, str]:
    """The order of results: by day, then by province."""
    return one.day, one.province, one.stream


def draw_of(row: dict[str, str]) -> Draw:
    """One row of a file of results, whose cells are known to be right."""
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
