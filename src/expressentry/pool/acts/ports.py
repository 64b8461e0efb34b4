"""What the acts of the pool need from outside: the law, by a scorer; and a store, PostgreSQL or plain memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

from expressentry.pool.acts.model import (
    CandidateScore,
    Event,
    Interest,
    InvitationRow,
    Person,
    Place,
    RoundRow,
    RuleSetName,
    RuleSetRow,
    Scored,
    Snapshot,
    Terms,
)

if TYPE_CHECKING:
    import polars as pl

    from expressentry.pool.acts.bulk import Batch

T = TypeVar("T")


class Scorer(Protocol):
    """The law, as far as the pool needs it."""

    schema_version: int

    @property
    def categories(self) -> Collection[str]:
        """The categories that a round may invite from."""

    def law(self, day: date) -> RuleSetName:
        """The rule set of a day."""

    def check(self, facts: Mapping[str, Any]) -> None:
        """Raise FactorsError with everything that is wrong with submitted facts."""

    def score(self, facts: Mapping[str, Any], day: date, law_days: Sequence[date]) -> list[Scored]:
        """Score the facts of a day under the law of each day named."""

    def score_table(self, csv: bytes, law_day: date) -> pl.DataFrame:
        """Score stored factors in bulk under the law of a day; the columns are those of `bulk.score_table`."""

    def answer_by(self, day: date) -> date | None:
        """The last day to answer an invitation of a day; None where we do not know."""

    def profile_ends(self, submitted: datetime) -> date:
        """The first day on which a profile submitted at an instant is no longer valid."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a candidate beside an event, and what the event has a digest of.

    What the grids see is a row; facts are as stored, where they are new, with salt and the version of their schema.
    """

    factors: Mapping[str, Any]
    facts: str | None = None
    salt: str | None = None
    schema_version: int | None = None


class StoredProfile(NamedTuple):
    """Facts as submitted, with their salt and the version of their schema."""

    salt: str
    schema_version: int
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """A submission with the answer that it got."""

    client_id: UUID
    person: UUID
    digest: str
    answer: Mapping[str, Any]
    interest: int | None


class Tx(Protocol):
    """What one act may read and write. Rows read for change are locked until the act ends."""

    def open(self, rehearsal: bool) -> None:
        """Make the pool: one that goes by the clock, or a rehearsal, which takes the instants that it is given."""

    def rehearsal(self) -> bool:
        """Whether the pool is a rehearsal."""

    def rule_sets(self) -> list[RuleSetRow]:
        """The rule set in force, then the one that is being scored, if any."""

    def known(self, key: str) -> Person | None:
        """The person of a key, locked, where there is one."""

    def persons(self, keys: Sequence[str]) -> dict[str, Person]:
        """The persons of these keys, made where they are new, locked in the order of their keys."""

    def answered(self, client_ids: Sequence[UUID]) -> dict[UUID, Answered]:
        """The submissions that these clients' ids already name."""

    def next_interests(self, many: int) -> list[int]:
        """Numbers for so many expressions of interest, in order."""

    def interests(self, ids: Sequence[int]) -> list[Interest]:
        """These expressions of interest, locked, in the order of their numbers."""

    def look_at(self, ids: Sequence[int]) -> list[Interest]:
        """These expressions of interest, not locked, for reading only."""

    def facts(self, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """The facts as submitted."""

    def profiles(self, ids: Sequence[int]) -> dict[int, StoredProfile]:
        """Facts as submitted, with their salts."""

    def scores(self, ids: Sequence[int]) -> dict[int, dict[int, CandidateScore]]:
        """For each of these, its score by rule set."""

    def to_review(self, day: date, most: int, without: Sequence[int] = ()) -> list[int]:
        """Some of those live whose facts may have changed by a day, locked."""

    def expiring(self, day: date, most: int) -> list[int]:
        """Some of those in the pool whose term is over on a day."""

    def overdue_invitations(self, day: date, most: int) -> list[InvitationRow]:
        """Some of the open invitations whose window has passed on a day."""

    def needs_review(self, day: date) -> bool:
        """Whether anyone in the pool is to be reviewed, or over their term, on a day."""

    def has_overdue_invitations(self, day: date) -> bool:
        """Whether any open invitation is past its window on a day."""

    def open_invitation(self, interest: int) -> InvitationRow | None:
        """The open invitation of an expression of interest."""

    def invitation(self, id_: int) -> InvitationRow | None:
        """One invitation."""

    def last_invitation(self) -> int:
        """The number of the newest invitation; 0 where there is none. The next round's follow it without a gap."""

    def invited(self, round_: int) -> list[InvitationRow]:
        """The invitations of a round, in the order of rank."""

    def rank(self, rule_set: int, list_: str, most: int) -> list[Place]:
        """The first of a list in the order of rank."""

    def counts(self, rule_set: int, list_: str) -> dict[int, int]:
        """How many of a list have each score."""

    def round_of(self, request_id: UUID) -> RoundRow | None:
        """The round that a request issued."""

    def rounds(self) -> list[RoundRow]:
        """Every round, the first first."""

    def last_round(self) -> RoundRow | None:
        """The newest round."""

    def issue(self, event: Event, terms: Terms) -> tuple[int, str]:
        """Let a round happen: seal its event, store it, invite; return number and hash of the event."""

    def record(
        self, events: Sequence[Event], kept: Mapping[int, Kept] | None = None, answers: Sequence[Answered] = ()
    ) -> None:
        """Let events happen, and write them to the inbox: states, scores and invitations follow from what they say.

        Args:
            events: What happens; nothing that decides changes otherwise.
            kept: For each candidate whom an event gives facts, factors or scores, in the same order, what is kept.
            answers: The answers to the submissions among the events, in the same order.
        """

    def seal(self) -> int:
        """Chain what is in the inbox; return how many events that were."""

    def head(self) -> tuple[int, str]:
        """Number and hash of the last event of the chain."""

    def open_rule_set(self, name: RuleSetName, law_day: date) -> int:
        """Make a rule set that is being scored."""

    def clear(self, rule_set: int) -> None:
        """Remove the scores of a retired rule set."""

    def unscored(self, rule_set: int, after: int, most: int) -> list[int]:
        """Numbers above `after` of some who are live and not yet scored under a rule set, in order."""

    def sure_factors(self, rule_set: int, after: int, day: date, most: int) -> bytes | None:
        """Stored factors of some above `after` who have no score yet, sure and valid on a day; None: none left.

        A table as CSV, its first line the names of the columns.
        """

    def add_scored(self, rule_set: int, scored: pl.DataFrame) -> Batch:
        """Add scores computed in bulk where there is none yet and the candidate is still live."""

    def add_scores(self, rule_set: int, rows: Mapping[int, CandidateScore]) -> list[int]:
        """Add scores where there is none yet and the candidate is still live; return whose."""

    def keep_batch(self, rule_set: int, ids: Sequence[int], digest: str, rows: bytes) -> None:
        """Keep the rows of a batch of a re-scoring."""

    def ineligible(self, rule_set: int) -> list[int]:
        """Those in the pool whom a rule set does not find eligible."""

    def events(self, after: int = 0) -> Iterator[Event]:
        """The sealed events after a number."""

    def waiting(self) -> list[Event]:
        """The events that wait for the sealer, in the order in which they were written."""

    def batch(self, rule_set: int, first: int) -> bytes | None:
        """The rows of a batch kept, where it is there."""

    def state_counts(self) -> dict[str, int]:
        """How many expressions of interest are in each state."""

    def unsealed(self) -> tuple[int, datetime | None]:
        """How many events wait for the sealer, and the instant of the oldest."""

    def rows(self, table: str) -> Iterator[tuple[str | None, ...]]:
        """Every row of a table as text, in the order of its key; the columns are those of `compare.TABLES`.

        Text, so that a value that no reader of ours can take is one more difference, and ends nothing.
        """

    def keep_scores(self) -> None:
        """Let no scores be cleared away as long as this reads: a table that is dropped is gone for earlier readers too.

        It comes before anything is read.
        """

    def is_readable(self, table: str) -> bool:
        """Whether the role that asks may read a table."""

    def changes_of_schema(self) -> list[str]:
        """What of the schema is not as our migrations make it, each as PostgreSQL describes it."""

    def snapshot(self) -> Snapshot:
        """States and scores of everyone."""


class Store(Protocol):
    """A place where a pool is kept."""

    def write(self, work: Callable[[Tx], T], token: str | None = None) -> T:
        """Do one act beside others: all of it, or nothing where it fails; `token` proves for whom the web acts."""

    def write_exclusive(self, work: Callable[[Tx], T]) -> T:
        """Do one act while nobody else writes."""

    def write_aside(self, work: Callable[[Tx], T]) -> T | None:
        """Do what can wait, holding up nobody for long; None where others did not let it."""

    def read(self, work: Callable[[Tx], T]) -> T:
        """Read one state of the pool; nobody waits for it."""

    def clone(self) -> Store:
        """The same pool once more, to be read by another thread."""

    def close(self) -> None:
        """Close what the store holds open."""
