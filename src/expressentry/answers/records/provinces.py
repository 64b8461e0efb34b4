"""Nominee streams as plain data: rows of a list, one stream, the answer for a person, published rounds."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from expressentry.answers.records.common import CiteRecord, Day, Met
from expressentry.answers.records.person import CriterionRecord
from expressentry.answers.records.published import PlaceRecord

Status = Literal["open", "intakes", "paused", "closed", "not_encoded"]
"""Open; open in announced periods; open without selections; no longer open; or not in this law."""

StreamRowRecord = TypedDict(
    "StreamRowRecord",
    {
        "key": str,
        "province": str,
        "name": str,
        "status": Status,
        "from": "Day | None",
        "until": "Day | None",
        "eoi": "str | None",
        "pass_mark": "int | None",
        "checked": "Day | None",
        "confidence": "str | None",
        "known_from": "Day | None",
        "reason": "str | None",
        "our_french": bool,
    },
)
"""One stream of a list.

`from` is null where its first day was not found; `known_from` is the first day from which we have its text. Of a stream
that is not encoded there is only the `reason`. `our_french` says that no official French name was found.
"""


class AskedRecord(TypedDict):
    """One thing that a stream asks, with its source."""

    id: str
    title: str
    cites: list[CiteRecord]


class StreamGridRecord(TypedDict):
    """One grid of a stream: its places, and the most that it gives."""

    id: str
    title: str
    max: int
    places: list[PlaceRecord]


class DrawRecord(TypedDict):
    """One published round of a province; what was not published is null. A score is comparable in its scale only."""

    province: str
    stream: str
    date: Day
    date_to: Day | None
    kind: str
    scale: str
    score_min: int | None
    score_max: int | None
    invitations: int | None
    fewer_than: int | None
    enhanced: int | None
    target: str
    source: str
    checked: Day | None
    confidence: str
    doubt: str | None


class DrawsReachRecord(TypedDict):
    """The day up to which the rounds of a province were read, null where there are none; later ones are not known."""

    as_of: Day | None
    age_days: int | None
    stale: bool


class DrawDifferenceRecord(TypedDict):
    """One value that a file of rounds has otherwise than the record: `used` is `file` or `record`, and `why`."""

    stream: str
    date: Day
    field: str
    record: str | None
    file: str
    used: str
    why: str


class DrawsUpdateRecord(TypedDict):
    """What a file of rounds brought: how many are known now, the new ones, what differs, and how many were known."""

    known: int
    new: list[DrawRecord]
    differences: list[DrawDifferenceRecord]
    same: int


class StreamRecord(TypedDict):
    """One stream: what it asks, its grids, its versions and its newest rounds."""

    stream: StreamRowRecord
    version: str
    our_french: bool
    doubt: str | None
    criteria: list[AskedRecord]
    grids: list[StreamGridRecord]
    versions: list[str]
    draws: list[DrawRecord]
    draws_read: DrawsReachRecord


class RangeRecord(TypedDict):
    """Points: equal ends where every fact is known."""

    low: int
    high: int
    max: int


class StreamLineRecord(TypedDict):
    """The points of one place of a grid, lowest and highest."""

    id: str
    title: str
    low: int
    high: int
    max: int
    cites: list[CiteRecord]


class PersonGridRecord(TypedDict):
    """The points of a person on one grid, place by place."""

    grid: str
    points: RangeRecord
    lines: list[StreamLineRecord]


class LastDrawRecord(DrawRecord):
    """The newest round of a stream; `reached` says whether this person's points reach its lowest score."""

    reached: bool | None


class StreamFindingRecord(TypedDict):
    """A stream for one person; `points` are those of the grid that ranks expressions of interest, null without one.

    `last_draws` are the newest rounds, each with whether these points would have reached its lowest score.
    """

    key: str
    province: str
    name: str
    status: Status
    finding: Met
    why: str
    missing: list[str]
    ask: list[str]
    points: RangeRecord | None
    criteria: list[CriterionRecord]
    grids: list[PersonGridRecord]
    last_draw: LastDrawRecord | None
    last_draws: list[LastDrawRecord]
    draws_read: DrawsReachRecord
    checked: Day
    confidence: str
