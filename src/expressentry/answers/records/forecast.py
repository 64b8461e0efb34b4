"""Forecasts as plain data; the keys up to `record` are a contract with scripts."""

from __future__ import annotations

from typing_extensions import TypedDict

from expressentry.answers.records.common import Day, ReachRecord


class DayRangeRecord(TypedDict):
    """When a round is likely: the day by which it is as likely held as not, and the 80 % interval."""

    median_date: Day
    low80: Day
    high80: Day


class SizeRangeRecord(TypedDict):
    """How many invitations a round may have."""

    median: int
    low80: int
    high80: int


class CutoffRangeRecord(TypedDict):
    """The median cut-off and its 50, 80 and 95 % intervals."""

    median: int
    low50: int
    high50: int
    low80: int
    high80: int
    low95: int
    high95: int


class BaselineRecord(TypedDict):
    """What every forecast is compared with: the last cut-off again."""

    cutoff: int


class RecordOfModel(TypedDict):
    """How the forecasts of a type so many rounds ahead would have done.

    `better` is true only where the interval of the skill excludes zero.
    """

    period: str
    horizon: int
    n: int
    crps: float
    crps_last_value: float
    coverage80: float
    coverage95: float
    skill: float
    skill_low: float
    skill_high: float
    better: bool


class AtMostRecord(TypedDict):
    """The probability that the cut-off is at most a score."""

    score: int
    probability: float


class LastRoundRecord(TypedDict):
    """The last known round of a type."""

    number: str
    date: Day
    cutoff: int
    invitations: int


class RoundAheadRecord(TypedDict):
    """One round to come."""

    ahead: int
    next_round: DayRangeRecord
    size: SizeRangeRecord
    cutoff: CutoffRangeRecord
    model: str


class ForecastRecord(TypedDict):
    """The forecast of a type; `why` says why there is none, and then the ranges are null."""

    type: str
    title: str
    issued: Day
    assumption: str | None
    assumption_text: str | None
    next_round: DayRangeRecord | None
    size: SizeRangeRecord | None
    cutoff: CutoffRangeRecord | None
    baseline: BaselineRecord
    record: RecordOfModel | None
    record_held_out: RecordOfModel | None
    model: str | None
    model_title: str | None
    few_rounds: bool
    at_most: list[AtMostRecord]
    last_round: LastRoundRecord
    rounds: list[RoundAheadRecord]
    why: str | None
    reach: ReachRecord


class MonthChanceRecord(TypedDict):
    """The chance of an invitation by the end of a month, with its range, and the score at that end."""

    month: str
    crs: int
    chance: float
    low: float
    high: float


class TypeChanceRecord(TypedDict):
    """The chance of an invitation in the rounds of one type alone, by the last day."""

    type: str
    title: str
    chance: float


class RaiseRecord(TypedDict):
    """Steps that raise the chance, and the chance with them."""

    moves: list[str]
    titles: list[str]
    ready_on: Day
    crs: int
    chance: float
    gain: float


class ChancesRecord(TypedDict):
    """The chance of an invitation of a person, month by month."""

    issued: Day
    until: Day
    assumption: str | None
    assumption_text: str | None
    months: list[MonthChanceRecord]
    types: list[TypeChanceRecord]
    left_out: list[str]
    raises: list[RaiseRecord]
    reach: ReachRecord
