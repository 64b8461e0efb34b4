"""What one act reads and writes on PostgreSQL: each method is a statement, or a few, of `sql/`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg

from expressentry.pool.acts.events import GENESIS
from expressentry.pool.acts.model import (
    LIVE,
    CandidateScore,
    Event,
    Interest,
    InvitationRow,
    Person,
    Place,
    RoundRow,
    RuleSetName,
    RuleSetRow,
    Snapshot,
    Terms,
    canonical,
)
from expressentry.pool.acts.ports import Answered, Kept, StoredProfile
from expressentry.pool.store.schema import changes_of_schema, statements

if TYPE_CHECKING:
    import polars as pl

    from expressentry.pool.acts.bulk import Batch


def _columns(rows: Iterable[Sequence[Any]], names: Sequence[str]) -> dict[str, list[Any]]:
    """Rows as an array for each column."""
    whole = list(rows)
    return {name: [row[at] for row in whole] for at, name in enumerate(names)}


_SCORE = ("interest", "eligible", "crs", "program", "lists")


def _array(names: Sequence[str]) -> str:
    """Names of lists as PostgreSQL writes an array; they are plain words."""
    return "{" + ",".join(names) + "}"


class PostgresTx:
    """What one act may read and write, on PostgreSQL."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self.kinds: set[str] = set()

    def _do(self, name: str, /, **values: Any) -> list[Any]:
        cursor = self._connection.execute(statements()[name], values or None)
        return cursor.fetchall() if cursor.description else []

    def open(self, rehearsal: bool) -> None:
        """Make the pool."""
        self._do("open_pool", rehearsal=rehearsal)

    def rehearsal(self) -> bool:
        """Whether the pool is a rehearsal."""
        return any(found for (found,) in self._do("opening"))

    def rule_sets(self) -> list[RuleSetRow]:
        """The rule set in force, then the one that is being scored, if any."""
        return [RuleSetRow(*row) for row in self._do("rule_sets")]

    def known(self, key: str) -> Person | None:
        """The person of a key, locked, where there is one."""
        return next((Person(*row) for row in self._do("persons", keys=[key], make=False)), None)

    def persons(self, keys: Sequence[str]) -> dict[str, Person]:
        """The persons of these keys, made where they are new, locked in the order of their keys."""
        return {row[1]: Person(*row) for row in self._do("persons", keys=list(keys), make=True)}

    def answered(self, client_ids: Sequence[UUID]) -> dict[UUID, Answered]:
        """The submissions that these ids already name."""
        return {row[0]: Answered(*row) for row in self._do("answered", client_ids=list(client_ids))}

    def next_interests(self, many: int) -> list[int]:
        """Numbers for new expressions of interest, in order."""
        return sorted(id_ for (id_,) in self._do("next_interests", many=many)) if many else []

    def interests(self, ids: Sequence[int]) -> list[Interest]:
        """These expressions of interest, locked, in the order of their numbers."""
        return [Interest(*row) for row in self._do("interests", ids=list(ids))]

    def look_at(self, ids: Sequence[int]) -> list[Interest]:
        """These expressions of interest, not locked."""
        return [Interest(*row) for row in self._do("look_at", ids=list(ids))]

    def facts(self, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """The facts as submitted."""
        return dict(self._do("facts", ids=list(ids)))

    def profiles(self, ids: Sequence[int]) -> dict[int, StoredProfile]:
        """Facts as submitted, with their salts."""
        return {id_: StoredProfile(*row) for id_, *row in self._do("profiles", ids=list(ids))}

    def scores(self, ids: Sequence[int]) -> dict[int, dict[int, CandidateScore]]:
        """For each of these, its score by rule set."""
        return _by_interest(self._do("standings", ids=list(ids)))

    def to_review(self, day: date, most: int, without: Sequence[int] = ()) -> list[int]:
        """Some of those live whose facts may have changed, locked."""
        ids = [id_ for (id_,) in self._do("to_review", day=day, most=most, without=list(without))]
        locked = self.interests(ids)
        return [one.id for one in locked if one.review_on is not None and one.review_on <= day and one.state in LIVE]

    def expiring(self, day: date, most: int) -> list[int]:
        """Some whose term is over."""
        return [id_ for (id_,) in self._do("expiring", day=day, most=most)]

    def overdue_invitations(self, day: date, most: int) -> list[InvitationRow]:
        """Some of the open invitations whose window has passed, their candidates locked first."""
        found = self._do("overdue_invitations", day=day, most=most)
        invited = {one.id for one in self.interests([row[2] for row in found]) if one.state == "invited"}
        return [InvitationRow(*row) for row in found if row[2] in invited]

    def needs_review(self, day: date) -> bool:
        """Whether anyone in the pool is to be reviewed, or over their term."""
        return bool(self._do("needs_review", day=day)[0][0])

    def has_overdue_invitations(self, day: date) -> bool:
        """Whether any open invitation is past its window."""
        return bool(self._do("has_overdue_invitations", day=day)[0][0])

    def open_invitation(self, interest: int) -> InvitationRow | None:
        """The open invitation of an expression of interest."""
        return next((InvitationRow(*row) for row in self._do("open_invitation", interest=interest)), None)

    def invitation(self, id_: int) -> InvitationRow | None:
        """One invitation."""
        rows = self._do("invitations", id=id_, interest=None, round=None)
        return next((InvitationRow(*row) for row in rows), None)

    def last_invitation(self) -> int:
        """The number of the newest invitation."""
        return int(self._do("last_invitation")[0][0])

    def invited(self, round_: int) -> list[InvitationRow]:
        """The invitations of a round, in the order of rank."""
        return [InvitationRow(*row) for row in self._do("invitations", id=None, interest=None, round=round_)]

    def rank(self, rule_set: int, list_: str, most: int) -> list[Place]:
        """The first of a list in the order of rank."""
        return [Place(*row) for row in self._do("rank", rule_set=rule_set, list=list_, most=most)]

    def counts(self, rule_set: int, list_: str) -> dict[int, int]:
        """How many of a list have each score."""
        return dict(self._do("counts", rule_set=rule_set, list=list_))

    def round_of(self, request_id: UUID) -> RoundRow | None:
        """The round that a request issued."""
        return next(map(_round, self._do("rounds", request_id=request_id)), None)

    def rounds(self) -> list[RoundRow]:
        """Every round."""
        return [_round(row) for row in self._do("rounds", request_id=None)]

    def last_round(self) -> RoundRow | None:
        """The newest round."""
        return next(map(_round, self._do("last_round")), None)

    def issue(self, event: Event, terms: Terms) -> tuple[int, str]:
        """Let a round happen; the server ranks once more, and invites nobody else."""
        self.kinds.add(event.kind)
        given = {"at": event.at, "actor": event.actor, "reason": event.reason, "body": event.body}
        ((seq, head),) = self._do("issue", **given, terms_digest=terms.digest)
        return seq, head

    def record(
        self, events: Sequence[Event], kept: Mapping[int, Kept] | None = None, answers: Sequence[Answered] = ()
    ) -> None:
        """Let events happen, and write them to the inbox."""
        self.kinds |= {one.kind for one in events}
        given = ((one.kind, one.at, one.actor, one.reason, one.body) for one in events)
        new = [(id_, one.facts, one.salt, canonical(one.factors)) for id_, one in (kept or {}).items()]
        told = [(row.client_id, row.person, row.digest, json.dumps(row.answer), row.interest) for row in answers]
        self._do(
            "record",
            **_columns(given, ("kind", "at", "actor", "reason", "body")),
            **_columns(told, ("client_id", "person", "digest", "answer", "answered")),
            **_columns(new, ("interest", "facts", "salt", "factors")),
            schema_version=next((one.schema_version for one in (kept or {}).values()), None),
        )

    def seal(self) -> int:
        """Chain what is in the inbox."""
        return int(self._do("seal")[0][0])

    def head(self) -> tuple[int, str]:
        """Number and hash of the last event of the chain."""
        return next(((seq, hash_) for seq, hash_ in self._do("head")), (0, GENESIS))

    def open_rule_set(self, name: RuleSetName, law_day: date) -> int:
        """Make a rule set that is being scored."""
        return int(self._do("open_rule_set", name=name.name, law_day=law_day, digest=name.digest)[0][0])

    def clear(self, rule_set: int) -> None:
        """Remove the scores of a retired rule set."""
        self._do("clear_rule_set", rule_set=rule_set)

    def unscored(self, rule_set: int, after: int, most: int) -> list[int]:
        """Some who are live and not yet scored under a rule set."""
        return [id_ for (id_,) in self._do("unscored", rule_set=rule_set, after=after, most=most)]

    def sure_factors(self, rule_set: int, after: int, day: date, most: int) -> bytes | None:
        """Stored factors of some who have no score yet, sure and valid on a day, as CSV."""
        names = [name for name in _factor_names(self._connection) if name != "sure"]
        columns = ", ".join(f"f.{name}::text" for name in ("interest", *names))
        wanted = statements()["sure_factors"].replace("{columns}", columns)
        values = {"rule_set": rule_set, "after": after, "day": day, "most": most}
        with self._connection.cursor().copy(wanted, values) as out:
            table = b"".join(out)
        return table if table.count(b"\n", 0, 100_000) > 1 else None

    def add_scored(self, rule_set: int, scored: pl.DataFrame) -> Batch:
        """Add scores computed in bulk where there is none yet and the candidate is still live."""
        from expressentry.pool.acts.bulk import Batch, as_rows

        columns = {name: scored[name].to_list() for name in _SCORE}
        ids = [id_ for (id_,) in self._do("add_scores", rule_set=rule_set, **columns)]
        added = scored if len(ids) == scored.height else scored.filter(scored["interest"].is_in(ids))
        return Batch(sorted(ids), as_rows(added))

    def add_scores(self, rule_set: int, rows: Mapping[int, CandidateScore]) -> list[int]:
        """Add scores where there is none yet and the candidate is still live; return whose."""
        given = ((id_, one.eligible, one.crs, one.program, _array(one.lists)) for id_, one in rows.items())
        return [id_ for (id_,) in self._do("add_scores", rule_set=rule_set, **_columns(given, _SCORE))]

    def keep_batch(self, rule_set: int, ids: Sequence[int], digest: str, rows: bytes) -> None:
        """Keep the rows of a batch of a re-scoring."""
        self._do("keep_batch", rule_set=rule_set, first=ids[0], last=ids[-1], digest=digest, rows=rows)

    def ineligible(self, rule_set: int) -> list[int]:
        """Those in the pool whom a rule set does not find eligible."""
        return [id_ for (id_,) in self._do("ineligible", rule_set=rule_set)]

    def events(self, after: int = 0) -> Iterator[Event]:
        """The sealed events after a number, a few thousand at a time."""
        return (Event(*row) for row in self._stream("events", {"after": after}))

    def waiting(self) -> list[Event]:
        """The events that wait for the sealer, in the order in which they were written."""
        return [Event(*row) for row in self._do("waiting")]

    def batch(self, rule_set: int, first: int) -> bytes | None:
        """The rows of a batch kept, where it is there."""
        return next((bytes(rows) for (rows,) in self._do("batch", rule_set=rule_set, first=first)), None)

    def state_counts(self) -> dict[str, int]:
        """How many expressions of interest are in each state."""
        return dict(self._do("state_counts"))

    def unsealed(self) -> tuple[int, datetime | None]:
        """How many events wait for the sealer, and the instant of the oldest."""
        waiting, oldest = self._do("unsealed")[0]
        return int(waiting), oldest

    def rows(self, table: str) -> Iterator[tuple[str | None, ...]]:
        """Every row of a table as text, in the order of its key."""
        return self._stream(f"rows_{table}")

    def keep_scores(self) -> None:
        """Let no scores be cleared away as long as this reads."""
        self._do("keep_scores")

    def is_readable(self, table: str) -> bool:
        """Whether the role may read a table."""
        return bool(self._do("is_readable", table=f"pool.{table}")[0][0])

    def changes_of_schema(self) -> list[str]:
        """What of the schema is not as our migrations make it."""
        return changes_of_schema(self._connection)

    def _stream(self, name: str, values: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """The rows of a statement, a few thousand at a time."""
        with self._connection.cursor(name) as cursor:
            cursor.itersize = 5000
            yield from cursor.execute(statements()[name], values)

    def snapshot(self) -> Snapshot:
        """States and scores of everyone."""
        in_force = next((one.id for one in self.rule_sets() if one.state == "in_force"), None)
        return Snapshot(dict(self._do("states")), _by_interest(self._do("all_standings")), in_force)


def _factor_names(connection: psycopg.Connection[Any]) -> list[str]:
    """The columns of the table of factors, the key left out."""
    described = connection.execute("select * from pool.factors limit 0").description or []
    return [column.name for column in described if column.name != "interest"]


def _by_interest(rows: Iterable[Sequence[Any]]) -> dict[int, dict[int, CandidateScore]]:
    found: dict[int, dict[int, CandidateScore]] = {}
    for id_, s, eligible, crs, program, lists in rows:
        found.setdefault(id_, {})[s] = CandidateScore(eligible, crs, program, tuple(lists))
    return found


def _round(row: Sequence[Any]) -> RoundRow:
    number, request_id, kind, list_, size, day, as_of, actor, *rest = row
    terms = Terms(kind, size, day, list_ if kind in ("program", "category") else None)
    rule_set, digest, invited, cutoff, tie_break, *sealed = rest
    instant: datetime | None = tie_break.astimezone(UTC) if tie_break is not None else None
    return RoundRow(
        number,
        request_id,
        terms,
        as_of.astimezone(UTC),
        actor,
        rule_set,
        digest,
        invited,
        cutoff,
        instant,
        *sealed,
    )
