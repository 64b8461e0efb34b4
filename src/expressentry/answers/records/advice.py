"""The shapes of answers about one person's past rounds and days to come."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from expressentry.answers.records.common import Day, Instant, Met, ReachRecord, RuleSetRecord


class GoalRoundRecord(TypedDict):
    """The round whose cut-off is the target."""

    number: str
    date: Day
    type: str
    category: str | None


class InvitingRoundRecord(GoalRoundRecord):
    """The round that invited."""

    version: str | None
    cutoff: int


class ReplayedRecord(InvitingRoundRecord):
    """One round replayed; `margin` is null where the person could not enter it, or readings differ."""

    tie_break: Instant | None
    score: int | None
    scores: list[int]
    entry: Met
    margin: int | None
    answer: str
    why: str


class ReplayRecord(TypedDict):
    """The rounds since the first result of a language test, the newest first; `before` counts those before it.

    `left_out` counts the oldest that were not replayed, as too many questions are open.
    """

    since: Day | None
    before: int
    left_out: int
    invited: int
    rounds: list[ReplayedRecord]
    record: ReachRecord


class CauseRecord(TypedDict):
    """Why something changes."""

    kind: str
    text: str
    field: str | None
    why: str | None


class SectionChangeRecord(TypedDict):
    """The points of a section before and after, one number for each reading that differs."""

    before: list[int]
    after: list[int]


class FindingChangeRecord(TypedDict):
    """A finding before and after; null where a category is not in force."""

    before: str | None
    after: str | None


class EventRecord(TypedDict):
    """One day on which something changes; a score is null where readings differ."""

    date: Day
    crs_before: int | None
    crs_after: int | None
    totals_before: list[int]
    totals_after: list[int]
    sections: dict[str, SectionChangeRecord]
    programs: dict[str, FindingChangeRecord]
    categories: dict[str, FindingChangeRecord]
    answers_change: bool
    grid: str
    current: bool
    causes: list[CauseRecord]


class TotalRecord(TypedDict):
    """A score, null where readings differ, and the scores of all readings."""

    total: int | None
    totals: list[int]


class StreamStateRecord(TypedDict):
    """A stream on one side of a day: the finding, and the lowest and highest points of the grid that ranks."""

    finding: Met
    points: list[int] | None


class StreamDayRecord(TypedDict):
    """A day on which a nominee stream changes; a side is null where the stream is not known to be in force."""

    date: Day
    key: str
    province: str
    name: str
    before: StreamStateRecord | None
    after: StreamStateRecord | None
    changes: list[str]
    causes: list[CauseRecord]


class TimelineRecord(TypedDict):
    """Every day on which something changes; `streams` is there where it was asked for.

    `streams_until` is the last day for which streams were judged: before `until` where so many questions are open that
    each day takes long.
    """

    as_of: Day
    until: Day
    law: RuleSetRecord
    crs: TotalRecord
    events: list[EventRecord]
    streams: NotRequired[list[StreamDayRecord]]
    streams_until: NotRequired[Day]


class PlanRecord(TypedDict):
    """Steps taken together: the lowest and highest score of the readings on the day the last one is done.

    `missing` says in words which facts would settle whether the person is eligible, where that is not known.
    """

    moves: list[str]
    crs: int
    crs_high: int
    ready_on: Day
    cost_cad: list[int]
    eligible: Met
    missing: list[str]
    current: bool


class WayRecord(PlanRecord):
    """A plan that reaches the target, and whether the person could enter that round."""

    enters: Met
    why: str | None


class FrontRecord(PlanRecord):
    """A plan that no other beats, and those that are equal to it."""

    equal: list[list[str]]


class UnmetRecord(TypedDict):
    """A criterion that is not met: in words, in figures, where the law asks it, and the steps that meet it alone.

    `have` and `need` are numbers, four levels, or words of the profile; null where there is none.
    """

    criterion: str
    title: str
    text: str
    finding: Met
    have: int | str | bool | list[int | None] | None
    need: int | str | bool | list[int] | None
    unit: str | None
    instrument: str
    place: str
    moves: list[str]


class LackingRecord(TypedDict):
    """A program, and what is lacking for it."""

    program: str
    title: str
    unmet: list[UnmetRecord]


class EntryRecord(TypedDict):
    """What is lacking for the nearest programs, and the ways to become eligible for any.

    `sure` is false where the person may be eligible already, by a fact that is missing.
    """

    sure: bool
    programs: list[LackingRecord]
    ways: list[PlanRecord]


class GoalRecord(TypedDict):
    """The score to reach."""

    crs: int
    round: GoalRoundRecord | None
    reached_now: bool


class LineChangeRecord(TypedDict):
    """A line of the score, and how many points more or less it gives."""

    id: str
    change: int


class CapRecord(TypedDict):
    """A cap that takes points."""

    id: str
    title: str
    max: int
    taken: int


class StepRecord(TypedDict):
    """One step alone: what it takes, what it adds, and why not more."""

    move: str
    title: str
    changes: str
    ready_on: Day
    between: list[Day]
    days: list[int]
    cost_cad: list[int]
    assumed: bool
    needs: str | None
    note: str | None
    caution: str | None
    sources: list[str]
    crs: int
    pays: int
    opens: list[str]
    closes: list[str]
    lapses: list[str]
    lines: list[LineChangeRecord]
    caps: list[CapRecord]
    why: str | None
    warning: str | None
    combined: bool


class ExcludedRecord(TypedDict):
    """A step that is not possible, and why."""

    move: str
    why: str


class NominationRecord(TypedDict):
    """A stream that could nominate the person: `lacks` has what is not met, not known, or for others to say."""

    key: str
    province: str
    name: str
    status: str
    finding: Met
    points: str | None
    lacks: list[str]
    checked: Day


class PlansRecord(TypedDict):
    """Every combination of steps, the best of them, and each step alone.

    `nominations` are the streams from which a nomination may come, the nearest first; empty where it is no step.
    `entry` is null for who is eligible for certain. `left_out` counts the combinations that were not tried, those of
    most steps, as there are too many for a profile with so many open questions.
    """

    as_of: Day
    law: RuleSetRecord
    now: PlanRecord
    size: int
    combinations: int
    contradictory: int
    dominated: int
    left_out: int
    tried: int
    goal: GoalRecord | None
    entry: EntryRecord | None
    ways: list[WayRecord]
    front: list[FrontRecord]
    alone: list[StepRecord]
    not_possible: list[ExcludedRecord]
    doubts: list[str]
    nominations: list[NominationRecord]


class TwoAgesRecord(TypedDict):
    """The age when invited, and the age on receipt; the score takes the better of the two."""

    at_invitation: int
    on_receipt: int


class InvitedCrsRecord(TypedDict):
    """The scores at the invitation and on receipt."""

    at_invitation: list[int]
    at_receipt: list[int]
    margins: list[int]
    grid: str
    age: TwoAgesRecord


class CheckRecord(TypedDict):
    """One thing that must hold."""

    id: str
    title: str
    finding: Met
    why: str
    decides: bool


class DatedCauseRecord(CauseRecord):
    """What changed since the invitation, and when, as far as known."""

    date: Day | None


class WindowRecord(TypedDict):
    """The time to apply."""

    days: list[int]
    last: Day
    last_at_most: Day
    left: int
    doubt: str | None


class ItemRecord(TypedDict):
    """One document that the application needs."""

    id: str
    text: str
    last: Day | None
    sourced: bool
    place: str | None
    field: str | None


class InvitedRecord(TypedDict):
    """Whether an invitation is still valid on the day of receipt."""

    as_of: Day
    round: InvitingRoundRecord
    received: Day
    answer: str
    programs: list[str]
    crs: InvitedCrsRecord
    checks: list[CheckRecord]
    changes: list[DatedCauseRecord]
    window: WindowRecord
    declining: str
    lapsing: str
    going_on: str
    checklist: list[ItemRecord]
    open: list[str]


class NewsRecord(TypedDict):
    """One piece of news; `person` is null where it is for everyone."""

    id: str
    kind: str
    date: Day
    person: str | None
    text: str


class WatchRecord(TypedDict):
    """What is new since last time, and what comes for people seen for the first time."""

    as_of: Day
    state: str
    began: list[str]
    news: list[NewsRecord]
    ahead: list[NewsRecord]
