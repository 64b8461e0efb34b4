"""What many answers have in them: the law and the record behind them, citations, problems."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict

Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
Instant = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Met = Literal["met", "not_met", "cannot_tell"]
Eligible = Literal["eligible", "not_eligible", "cannot_tell"]
Member = Literal["member", "not_member", "cannot_tell"]


class LawWarningRecord(TypedDict):
    """A warning about the law, shown beside every number."""

    code: str
    message: str


class RuleSetRecord(TypedDict):
    """The law that an answer rests on; `established` is false where law of that day could not be read."""

    rule_set: str
    digest: str
    established: bool
    checked: Day
    warnings: list[LawWarningRecord]


class ReachRecord(TypedDict):
    """How far the record of rounds reaches; on a day also how old it is then."""

    as_of: Day
    newest_round: str
    age_days: NotRequired[int]
    stale: NotRequired[bool]


class CiteRecord(TypedDict):
    """Where a number comes from: an instrument, a place in it, its address.

    `compared` is the day of the consolidation of the statute with whose words the place was last compared.
    """

    instrument: str
    place: str
    url: str
    confidence: str
    compared: NotRequired[Day]
    doubt: NotRequired[str]


class BothLanguagesRecord(TypedDict):
    """A wording in English and in French."""

    en: str
    fr: str


class ProblemRecord(TypedDict):
    """One thing that is wrong."""

    code: Annotated[str, Field(description="Stable, for programs.")]
    pointer: Annotated[str | None, Field(description="RFC 6901, into the body; null for a parameter.")]
    parameter: str | None
    field: str
    message: Annotated[str, Field(description="In the language asked for.")]
    rule: str
    fix: str


class ProblemsRecord(TypedDict):
    """A request that is refused (RFC 9457): the first problem at the top, all of them in `problems`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    pointer: str | None
    message: str
    problems: list[ProblemRecord]


class FieldProblemRecord(TypedDict):
    """One thing that is wrong with a file; `value` is absent where the field is."""

    code: str
    field: str
    value: NotRequired[Any]
    rule: str
    fix: str
