"""The records of the pool: what goes into it and what comes out of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import UUID

from expressentry.text import Text

State = Literal["in_pool", "invited", "applied", "withdrawn", "expired", "ineligible", "lapsed", "barred"]
LIVE: tuple[State, ...] = ("in_pool", "invited")
InvitationState = Literal["open", "accepted", "declined", "lapsed", "cancelled"]
ROUND_KINDS = ("general", "program", "category", "nominee")
PROGRAM_LISTS = ("cec", "fsw", "fst")


@dataclass(frozen=True, slots=True)
class CandidateScore:
    """A candidate under one rule set: eligible or not, the CRS score, the program named, the lists entered."""

    eligible: bool
    crs: int
    program: str | None
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate's score with what it rests on: facts as columns, whether they are sure, the next day of review."""

    score: CandidateScore
    factors: Mapping[str, Any]
    sure: bool
    review_on: date | None
    findings: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSetName:
    """The law of a day as the pool knows it: name of the grid and digest over all of it."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class RuleSetRow:
    """A rule set that the pool holds."""

    id: int
    name: str
    law_day: date
    digest: str
    state: str


@dataclass(frozen=True, slots=True)
class Interest:
    """An expression of interest."""

    id: int
    person: UUID
    state: State
    submitted_at: datetime
    expires_on: date
    review_on: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the pool knows them, and their live expression of interest."""

    id: UUID
    key: str
    salt: str
    barred_until: date | None
    live: int | None


@dataclass(frozen=True, slots=True)
class Submission:
    """One request to enter the pool; `client_id` is made by the client and makes it safe to send twice."""

    client_id: UUID
    person: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Submitted:
    """The answer: `accepted`, `refused` with the reason, or `differs` where the client's id is taken by other facts."""

    answer: Literal["accepted", "refused", "differs"]
    interest: int | None = None
    reason: str | None = None
    crs: int | None = None
    findings: tuple[Text, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a round: what kind, from which list, how many, on which day."""

    kind: str
    size: int
    day: date
    of: str | None = None

    @property
    def list(self) -> str:
        """The list that the round invites from."""
        return {"general": "general", "nominee": "pnp"}.get(self.kind) or str(self.of)

    def is_known(self, categories: Collection[str]) -> bool:
        """Whether kind, list and size are valid; `categories` are those of the law."""
        of: dict[str, Collection[str | None]] = {"program": PROGRAM_LISTS, "category": categories}
        return self.kind in ROUND_KINDS and self.of in of.get(self.kind, (None,)) and 0 <= self.size < 10**9

    @property
    def digest(self) -> str:
        """The digest of these terms."""
        return digest({"kind": self.kind, "of": self.of, "size": self.size, "day": str(self.day)})


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate in the order of rank."""

    interest: int
    crs: int
    submitted_at: datetime
    program: str | None


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round as stored: its inputs, its result, and the event to which it is sealed."""

    number: int
    request_id: UUID
    terms: Terms
    as_of: datetime
    actor: str
    rule_set: int
    rule_set_digest: str
    invited: int
    cutoff: int | None
    tie_break: datetime | None
    invited_digest: str
    next_digest: str
    event: int
    head: str


@dataclass(frozen=True, slots=True)
class Issued:
    """The answer to a request for a round."""

    answer: Literal["issued", "already_issued", "differs", "refused"]
    round: RoundRow | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a round of these terms would do now."""

    terms: Terms
    qualified: int
    invited: int
    cutoff: int | None
    tie_break: datetime | None
    distribution: Mapping[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation as stored."""

    id: int
    round: int
    interest: int
    place: int
    crs: int
    program: str | None
    state: InvitationState
    answer_by: date


@dataclass(frozen=True, slots=True)
class Event:
    """One event: what happened, when (as text, in UTC), by whom and why. No personal fact is in its body.

    `inbox` is its number in the order in which it was written, `seq` its number in the chain.
    """

    kind: str
    at: str
    actor: str
    reason: str
    body: str
    inbox: int = 0
    seq: int = 0
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The hash of an event, which covers all before it; `round` is the round that was sealed to it, if any."""

    event: int
    hash: str
    round: int | None = None


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What a day's upkeep did."""

    expired: int = 0
    lapsed: int = 0
    looked_at: int = 0
    changed: int = 0
    ineligible: int = 0


@dataclass(frozen=True)
class Snapshot:
    """The pool as far as its events show it: states and scores by rule set; what two stores are compared by."""

    states: Mapping[int, State] = field(default_factory=dict)
    scores: Mapping[int, Mapping[int, CandidateScore]] = field(default_factory=dict)
    in_force: int | None = None


def first_review(scored: Iterable[Scored]) -> date | None:
    """The first day on which any of them is to be reviewed."""
    return min((one.review_on for one in scored if one.review_on is not None), default=None)


def canonical(record: object) -> str:
    """JSON in one form only, so that its digest means something."""
    return json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(record: object) -> str:
    """SHA-256 over the canonical JSON of a record."""
    return hashlib.sha256(canonical(record).encode()).hexdigest()


def instant_text(instant: datetime) -> str:
    """An instant as events have it: UTC, microseconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
