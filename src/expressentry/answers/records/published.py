"""The shapes of answers about what is published: law, rounds, the pool, categories, occupations, language tests."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from expressentry.answers.records.common import (
    BothLanguagesRecord,
    CiteRecord,
    Day,
    Instant,
    ReachRecord,
    RuleSetRecord,
)


class InstrumentRowRecord(TypedDict):
    """One instrument of the list, with the grid that it made."""

    id: str
    in_force: Day | None
    status: str
    confidence: str
    grid: str | None
    title: str


class InstrumentRecord(TypedDict):
    """One instrument, its texts in both languages."""

    id: str
    kind: str
    status: str
    title: BothLanguagesRecord
    signed: Day | None
    published: Day | None
    in_force: Day | None
    checked: Day | None
    confidence: str
    address: str
    doubt: BothLanguagesRecord | None


class InputRecord(TypedDict):
    """What a table of a grid looks at."""

    source: str
    how: str
    empty: Any


class PlaceRecord(TypedDict):
    """One place of a grid; only one that is a table has inputs, columns and rows."""

    id: str
    title: str
    cite: CiteRecord
    when: list[str]
    cap: list[int] | None
    max: list[int]
    inputs: NotRequired[list[InputRecord]]
    columns: NotRequired[list[Any]]
    rows: NotRequired[list[list[Any]]]


class GridRecord(TypedDict):
    """One whole grid, with the source of every number."""

    id: str
    title: str
    status: str
    in_force: Day | None
    made_by: str
    cases: str
    inputs: list[str]
    parameters: dict[str, Any]
    places: list[PlaceRecord]


class GridWithLawRecord(GridRecord):
    """One grid, with the law of its first day."""

    law: RuleSetRecord | None


class PartRecord(TypedDict):
    """One dated part of the law: a grid, a version of a program or category, a rule, a measure, a row of a list."""

    kind: str
    id: str
    key: str
    in_force: Day
    until: Day | None
    title: str
    says: str
    instrument: str
    place: str
    doubt: str | None
    user: bool


class PartsRecord(TypedDict):
    """Every part of one id: each version, value or row with its days."""

    id: str
    kind: str
    title: str
    parts: list[PartRecord]


class GridChangeRecord(TypedDict):
    """One difference between two grids or two days; `before` or `after` is null where the place is not there.

    Points are numbers; what another part of the law says is text.
    """

    id: str
    title: str
    what: str
    before: int | str | None
    after: int | str | None
    instrument: str


class RoundKeysRecord(TypedDict):
    """The keys of a round that never change."""

    number: str
    date: Day
    type: str
    category: str | None
    invitations: int
    cutoff: int
    tie_break: Instant | None


class RoundRowRecord(RoundKeysRecord):
    """One round as published."""

    version: str | None
    label: str
    at: Instant | None
    name: str
    first_name: str | None
    programs: str | None
    source: str
    checked: Day
    doubt: str | None


class BandRecord(TypedDict):
    """How many candidates have a score of a band."""

    crs_low: int
    crs_high: int
    candidates: int


class PoolRowRecord(BandRecord):
    """One band, with the day of its distribution."""

    as_of: Day


class PoolDayRecord(TypedDict):
    """One published distribution of the pool."""

    as_of: Day
    rounds: list[str]
    total: int | None
    bands: list[BandRecord]
    source: str
    checked: Day
    doubt: str | None


class PositionRecord(TypedDict):
    """Where a score is in a distribution; every pair is at least and at most."""

    as_of: Day
    total: int
    band: list[int]
    ahead: list[int]
    rank: list[int]
    lower_percent: list[float]


class PositionRowRecord(TypedDict):
    """The position of a score in one distribution, as one row of a table."""

    as_of: Day
    total: int
    rank_best: int
    rank_worst: int
    lower_percent_min: float
    lower_percent_max: float


class PoolRecord(PoolDayRecord):
    """The newest distribution of a day, and where a score is in it."""

    standing: NotRequired[PositionRecord]
    record: ReachRecord


class PositionsRecord(PositionRecord):
    """Where a score is in the newest distribution, and where it was in the year before."""

    score: int
    year: list[PositionRecord]
    record: ReachRecord


class EarlierRecord(TypedDict):
    """A value that was published before."""

    field: str
    value: str
    source: str


class ReadFromRecord(TypedDict):
    """Where a row of the record comes from."""

    title: str
    address: str
    seen: Day
    confidence: str
    doubt: str | None


class RoundRecord(RoundRowRecord):
    """One round with the pool before it, its neighbours, its source and the law of its day."""

    program_ids: list[str] | None
    corrected: dict[str, str]
    earlier: list[EarlierRecord]
    pool_before: PoolDayRecord | None
    previous: RoundRowRecord | None
    next: RoundRowRecord | None
    read_from: ReadFromRecord
    law: RuleSetRecord
    record: ReachRecord


class DifferenceRecord(TypedDict):
    """One value that the department's file has otherwise than the record: which is used, and why."""

    subject: str
    field: str
    record: str | None
    feed: str | None
    used: str
    why: str


class UpdateRecord(TypedDict):
    """What an update brought."""

    record: ReachRecord
    new: list[RoundRowRecord]
    new_pool: list[Day]
    differences: list[DifferenceRecord]
    confirmed: list[str]
    missing: list[str]
    remarks: list[str]


class _From(TypedDict("_From", {"from": Day})):
    """The first day; `from` is a word of Python and can only be written so."""


class VersionRecord(_From):
    """One version of a category."""

    id: str
    version: str
    title: str
    until: Day | None
    occupations: int
    condition: str


class CategoryRoundRecord(TypedDict):
    """The newest round of a category, and whether there was none for a year."""

    last_round: str | None
    last_round_date: Day | None
    last_round_version: str | None
    dormant: bool


class CategoryRowRecord(VersionRecord, CategoryRoundRecord):
    """One version of a category with the category's newest round."""


class ListedOccupationRecord(TypedDict):
    """One occupation of a version of a category."""

    category: str
    version: str
    noc: str
    title: str
    teer: int


class CategoryChangeRecord(TypedDict):
    """What a version added to the list before it, and removed from it."""

    to: str
    added: list[str]
    removed: list[str]


class CategoryRecord(CategoryRoundRecord):
    """One category: its versions, its occupations on a day, and what each version changed."""

    id: str
    title: str
    versions: list[VersionRecord]
    in_force: str | None
    occupations: list[ListedOccupationRecord]
    changes: list[CategoryChangeRecord]


class HitRecord(TypedDict):
    """One occupation that was found."""

    noc: str
    title: str
    teer: int
    matched: str | None
    score: float


class GroupRecord(TypedDict):
    """A group above an occupation."""

    level: str
    code: str
    title: str


class SentenceRecord(TypedDict):
    """A sentence about an occupation, or about the part of it that `profile` names."""

    profile: str
    text: str


class CounterpartRecord(TypedDict):
    """The same work in the other version of the NOC."""

    noc: str
    version: int
    title: str
    teer: NotRequired[int]
    skill_level: NotRequired[str]
    change: list[str]
    meaning: str


class MembershipRecord(_From):
    """A version of a category that lists an occupation."""

    category: str
    version: str
    until: Day | None


class OccupationDoubtRecord(TypedDict):
    """What is not sure of a code."""

    noc: str
    other: str | None
    doubt: str


class OccupationRecord(TypedDict):
    """One occupation; a code of 2021 has `teer`, one of 2016 `skill_level`."""

    noc: str
    version: int
    title: str
    teer: NotRequired[int]
    skill_level: NotRequired[str]
    skilled: bool
    definition: str | None
    hierarchy: list[GroupRecord]
    duties_language: str | None
    duties: list[SentenceRecord]
    requirements: list[SentenceRecord]
    job_titles: list[str]
    counterparts: list[CounterpartRecord]
    categories: list[MembershipRecord] | None
    doubts: list[OccupationDoubtRecord]


Level = Annotated[int, Field(ge=0, le=12)]


class LevelsRecord(TypedDict):
    """The levels (CLB, NCLC) of a test report; of those in `at_most` the chart only says that they are not higher."""

    listening: Level
    reading: Level
    writing: Level
    speaking: Level
    at_most: list[str]
    test: str
    name: str
    language: str
    taken_on: Day
    line: str | None
    chart: str
    cites: list[CiteRecord]
