"""The shapes of what the assistant's tools answer where that is not the answer of one question alone."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from expressentry.answers.records.advice import PlansRecord, ReplayRecord, TimelineRecord
from expressentry.answers.records.common import BothLanguagesRecord, Day, ReachRecord, RuleSetRecord
from expressentry.answers.records.forecast import ChancesRecord, ForecastRecord
from expressentry.answers.records.provinces import DrawRecord, StreamFindingRecord, StreamRecord, StreamRowRecord
from expressentry.answers.records.published import (
    CategoryChangeRecord,
    CategoryRowRecord,
    GridChangeRecord,
    HitRecord,
    InstrumentRowRecord,
    LevelsRecord,
    ListedOccupationRecord,
    OccupationRecord,
    PartRecord,
    PlaceRecord,
    PoolRecord,
    RoundRecord,
    RoundRowRecord,
    VersionRecord,
)


class RestsOnRecord(TypedDict):
    """The day of an answer, and the law and the record that it rests on."""

    as_of: Day
    law: RuleSetRecord
    record: ReachRecord


class ReplayToolRecord(ReplayRecord, RestsOnRecord):
    """The rounds that would have invited a person."""


class TimelineToolRecord(TimelineRecord, RestsOnRecord):
    """Every day on which something changes."""


class PlansToolRecord(PlansRecord, RestsOnRecord):
    """Every combination of steps."""


class LevelsToolRecord(LevelsRecord, RestsOnRecord):
    """The levels of a test report, by the law of the day of the test."""


class OccupationToolRecord(OccupationRecord, RestsOnRecord):
    """One occupation."""


class RoundToolRecord(RoundRecord):
    """One round, with its day as that of the answer."""

    as_of: Day


class ForecastsToolRecord(RestsOnRecord):
    """The forecasts of all types, or of one."""

    forecasts: list[ForecastRecord]


class ChancesToolRecord(ChancesRecord, RestsOnRecord):
    """The chance of an invitation, and what it rests on."""


class PoolToolRecord(PoolRecord, RestsOnRecord):
    """The newest distribution of a day; `as_of` is its own day."""


class OccupationsToolRecord(RestsOnRecord):
    """Occupations that a few words may mean."""

    occupations: list[HitRecord]


class RoundsToolRecord(RestsOnRecord):
    """Rounds of invitations, the newest first."""

    rounds: list[RoundRowRecord]


class ChangesToolRecord(RestsOnRecord):
    """What changed between two grids."""

    changes: list[GridChangeRecord]


class CategoriesToolRecord(RestsOnRecord):
    """The categories of a day, in `categories`; or, where a key was given, that one category."""

    categories: NotRequired[list[CategoryRowRecord]]
    id: NotRequired[str]
    title: NotRequired[str]
    versions: NotRequired[list[VersionRecord]]
    in_force: NotRequired[str | None]
    last_round: NotRequired[str | None]
    last_round_date: NotRequired[Day | None]
    last_round_version: NotRequired[str | None]
    dormant: NotRequired[bool]
    occupations: NotRequired[list[ListedOccupationRecord]]
    changes: NotRequired[list[CategoryChangeRecord]]


class LawToolRecord(TypedDict, total=False):
    """Every instrument, in `instruments`; or, where an id was given, that instrument, grid or other part."""

    instruments: list[InstrumentRowRecord]
    as_of: Day
    law: RuleSetRecord
    record: ReachRecord
    id: str
    kind: str
    status: str
    title: str | BothLanguagesRecord
    signed: Day | None
    published: Day | None
    in_force: Day | None
    checked: Day | None
    confidence: str
    address: str
    doubt: BothLanguagesRecord | None
    made_by: str
    cases: str
    inputs: list[str]
    parameters: dict[str, Any]
    places: list[PlaceRecord]
    parts: list[PartRecord]


class StreamsToolRecord(RestsOnRecord):
    """The nominee streams of a day."""

    streams: list[StreamRowRecord]


class StreamToolRecord(StreamRecord, RestsOnRecord):
    """One nominee stream."""


class StreamFindingsToolRecord(RestsOnRecord):
    """Every nominee stream for one person."""

    streams: list[StreamFindingRecord]


class DrawsToolRecord(RestsOnRecord):
    """Published rounds of provinces, the newest first; what was published after their `checked` is not known."""

    draws: list[DrawRecord]
