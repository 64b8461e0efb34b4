"""The shapes of answers about people on one day."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from expressentry.answers.records.common import (
    CiteRecord,
    Day,
    Eligible,
    Member,
    Met,
    ProblemRecord,
    ReachRecord,
    RuleSetRecord,
)


class FirstLanguageRecord(TypedDict):
    """The language scored as first, the one given, and the total with the other one first."""

    used: str
    given: str | None
    other_total: int | None


class ScoreLineRecord(TypedDict):
    """One place of the grid: what was looked up, the points, where they come from."""

    id: str
    parent: str | None
    title: str
    given: Any
    points: int
    max: int
    uncapped: Annotated[int | None, Field(description="The sum before the cap; null where the cap took nothing.")]
    status: str
    cites: list[CiteRecord]


class NextStepRecord(TypedDict):
    """The smallest rise of a factor that adds points."""

    line: str
    columns: list[str]
    value: Any
    total: int
    change: int


class CrsRecord(TypedDict):
    """The score; `lines` and `next_steps` are left out of a brief answer."""

    total: Annotated[int | None, Field(description="null where readings of the facts differ.")]
    totals: list[int]
    grid: str
    current: Annotated[bool, Field(description="false where law of that day is not established.")]
    first_language: FirstLanguageRecord
    sections: dict[str, int]
    lines: NotRequired[list[ScoreLineRecord]]
    next_steps: NotRequired[list[NextStepRecord]]


class CriterionRecord(TypedDict):
    """One criterion; one that is made of others has them under `all`, `any` or `readings`."""

    id: str
    title: str
    finding: Met
    why: str
    missing: list[str]
    cites: list[CiteRecord]
    all: NotRequired[list[CriterionRecord]]
    any: NotRequired[list[CriterionRecord]]
    readings: NotRequired[list[CriterionRecord]]


class PointsLineRecord(TypedDict):
    """One line of the 67-point grid, with unknown facts at worst and at best."""

    id: str
    title: str
    points: int
    points_best: int
    max: int


class ProgramRecord(TypedDict):
    """One program; a brief answer has the finding alone, and only a program with a grid has points."""

    finding: Eligible
    title: NotRequired[str]
    why: NotRequired[str]
    first_language: NotRequired[str]
    missing: NotRequired[list[str]]
    points: NotRequired[int | None]
    points_range: NotRequired[list[int]]
    lines: NotRequired[list[PointsLineRecord]]
    criteria: NotRequired[list[CriterionRecord]]


class NamedProgramRecord(TypedDict):
    """The program that an invitation would name, and those that it may name."""

    program: str | None
    possible: list[str]


class LastRoundRecord(TypedDict):
    """The newest round of a category."""

    number: str
    version: str | None


class CategoryFindingRecord(TypedDict):
    """One category for one person; a brief answer has `id` and `finding` alone."""

    id: str
    finding: Member
    version: NotRequired[str]
    title: NotRequired[str]
    why: NotRequired[str]
    missing: NotRequired[list[str]]
    criteria: NotRequired[list[CriterionRecord]]
    last_round: NotRequired[LastRoundRecord | None]
    dormant: NotRequired[bool]


class DoubtRecord(TypedDict):
    """What is open, in the law or in the facts, and the fact that would settle it."""

    id: str
    open: str
    missing: str
    law: bool
    place: NotRequired[str | None]
    options: dict[str, str]


class ReadingRecord(TypedDict):
    """One way to read the facts, and its answers."""

    assumed: dict[str, str]
    crs: int
    programs: dict[str, Eligible]
    categories: dict[str, Member]


class DerivedFactRecord(TypedDict):
    """A factor that dated facts give, and why."""

    value: Any
    why: str


class SummaryRecord(TypedDict):
    """The answer in three sentences; `gap` is the score less the cut-off of `round`, at least and at most."""

    verdict: Eligible
    program: Annotated[str | None, Field(description="The program that `margin` is about.")]
    headline: str
    margin: str
    round: Annotated[str | None, Field(description="The last round, of the lowest cut-off, that the person may enter.")]
    gap: list[int] | None
    standing: str
    first: Annotated[str, Field(description="What to do first.")]
    fields: Annotated[list[str], Field(description="Where the fact belongs that `first` asks for.")]


class RemarkRecord(TypedDict):
    """A fact that is probably a typing error, and where it is in the profile."""

    code: Literal["future", "age", "too_young", "far_apart", "not_accepted", "converted"]
    field: str
    text: str


class AssessmentRecord(TypedDict):
    """Everything about one person on a day; the last five keys only for dated facts.

    `report_choice` says in words that a choice was made among test reports, null where one is best in every ability.
    """

    as_of: Day
    summary: SummaryRecord
    law: RuleSetRecord
    record: ReachRecord
    crs: CrsRecord
    programs: dict[str, ProgramRecord]
    invitation: NamedProgramRecord
    categories: list[CategoryFindingRecord]
    remarks: NotRequired[list[RemarkRecord]]
    report_choice: NotRequired[str | None]
    bounded: NotRequired[
        Annotated[
            str | None,
            Field(
                description="Why the answers are a range: so many questions are open that not every combination of "
                "answers was tried. null where all were."
            ),
        ]
    ]
    doubts: NotRequired[list[DoubtRecord]]
    readings: NotRequired[list[ReadingRecord]]
    derived: NotRequired[dict[str, DerivedFactRecord]]


class ReasonRecord(TypedDict):
    """Why a factor has its value, and where the rule is."""

    text: str
    place: str | None


class DifferingRecord(TypedDict):
    """One reading of the facts of a day: what differs from the first, and the test reports that it may use."""

    assumed: dict[str, str]
    differs: dict[str, Any]
    reports: list[list[str]]


class DerivedRecord(TypedDict):
    """What a profile gives on a day: the factors, each with its reason, and what is open."""

    as_of: Day
    facts: dict[str, Any]
    because: dict[str, ReasonRecord]
    doubts: list[DoubtRecord]
    readings: list[DifferingRecord]
    bounded: bool


class ComparedRecord(TypedDict):
    """One row of people side by side."""

    id: str
    part: str
    title: str
    values: list[Any]
    differs: bool


class ComparisonRecord(TypedDict):
    """People side by side."""

    as_of: Day
    law: RuleSetRecord
    people: list[str]
    rows: list[ComparedRecord]


class FlowRecord(TypedDict):
    """How many enter and leave a program or category, and how many it is open for."""

    entered: int
    left: int
    open: int


class GainsRecord(TypedDict):
    """How many gain, lose and stay between two laws; the mean change is of those whose change is known."""

    clients: int
    gains: int
    loses: int
    same: int
    cannot_tell: int
    mean_change: float | None
    programs: dict[str, FlowRecord]
    categories: dict[str, FlowRecord]
    failed: NotRequired[int]


class MovedRecord(TypedDict):
    """One client under two laws; names of programs and categories are separated by spaces."""

    client: str
    outcome: str
    crs_before: int | None
    crs_after: int | None
    change_low: int
    change_high: int
    programs_gained: str
    programs_lost: str
    programs_open: str
    categories_entered: str
    categories_left: str
    categories_open: str


class BothLawsRecord(TypedDict):
    """The law before and after."""

    before: RuleSetRecord
    after: RuleSetRecord


class GainsAndLossesRecord(TypedDict):
    """Clients under two laws."""

    as_of: Day
    law: BothLawsRecord
    summary: GainsRecord
    clients: list[MovedRecord]
    failures: list[str]


class ScoreRecord(TypedDict):
    """The score of one person of many, and what was asked for beside it."""

    crs: int | None
    totals: list[int]
    sections: dict[str, int]
    first_language: str
    programs: NotRequired[dict[str, Eligible]]
    categories: NotRequired[dict[str, Member]]
    rule_set: str
    current: bool


class ScoredRecord(TypedDict):
    """One line of many: its number, the id that came with it, and the score or what is wrong with the line."""

    row: int
    id: NotRequired[str | int | None]
    crs: NotRequired[int | None]
    totals: NotRequired[list[int]]
    sections: NotRequired[dict[str, int]]
    first_language: NotRequired[str]
    programs: NotRequired[dict[str, Eligible]]
    categories: NotRequired[dict[str, Member]]
    rule_set: NotRequired[str]
    current: NotRequired[bool]
    problems: NotRequired[list[ProblemRecord]]
