"""What one act reads and writes on PostgreSQL: each method is a statement, or a few, of `sql/`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
from psycopg import sql

from expressentry.pool.acts.events import GENESIS
from expressentry.pool.acts.facts import factors_row
from expressentry.pool.acts.model import (
    LIVE,
    CandidateScore,
    Event,
    Interest,
    InvitationRow,
    InvitationState,
    Person,
    Place,
    RoundRow,
    RuleSetName,
    RuleSetRow,
    Scored,
    Snapshot,
    State,
    Terms,
    first_review,
)
from expressentry.pool.acts.ports import Answered, New, StoredProfile
from expressentry.pool.store.schema import statements

if TYPE_CHECKING:
    import polars as pl

    from expressentry.pool.acts.bulk import Batch

MANY = 50
"""From so many rows on they are stored by COPY."""


def _columns(rows: Iterable[Sequence[Any]], names: Sequence[str]) -> dict[str, list[Any]]:
    """Rows as an array for each column."""
    whole = list(rows)
    return {name: [row[at] for row in whole] for at, name in enumerate(names)}


_SCORE = ("rule_set", "interest", "eligible", "crs", "program", "lists")


def _array(names: Sequence[str]) -> str:
    """Names of lists as PostgreSQL writes an array; they are plain words."""
    return "{" + ",".join(names) + "}"


def _score_columns(rows: Iterable[tuple[int, int, CandidateScore]]) -> dict[str, list[Any]]:
    given = ((s, id_, one.eligible, one.crs, one.program, json.dumps(one.lists)) for s, id_, one in rows)
    return _columns(given, _SCORE)


class PostgresTx:
    """What one act may read and write, on PostgreSQL."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self.kinds: set[str] = set()

    def _do(self, name: str, /, **values: Any) -> list[Any]:
        cursor = self._connection.execute(statements()[name], values or None)
        return cursor.fetchall() if cursor.description else []

    def _put(self, name: str, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Store rows by a statement; many of them by COPY, which is quicker but not allowed under row security."""
        if len(rows) < MANY or self._do("row_security", table=f"pool.{table}")[0][0]:
            self._do(name, **_columns(rows, columns))
            return
        target = sql.SQL("copy {} ({}) from stdin").format(
            sql.Identifier("pool", table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with self._connection.cursor().copy(target) as into:
            for row in rows:
                into.write_row(row)

    def rule_sets(self) -> list[RuleSetRow]:
        """The rule set in force, then the one that is being scored, if any."""
        return [RuleSetRow(*row) for row in self._do("rule_sets")]

    def known(self, key: str) -> Person | None:
        """The person of a key, locked, where there is one."""
        rows = self._do("persons", keys=[key])
        live = dict(self._do("live_interests", persons=[row[0] for row in rows]))
        return next((Person(id_, of, salt, barred, live.get(id_)) for id_, of, salt, barred in rows), None)

    def persons(self, keys: Sequence[str]) -> dict[str, Person]:
        """The persons of these keys, made where they are new, locked in the order of their keys."""
        self._do("new_persons", keys=sorted(keys))
        rows = self._do("persons", keys=list(keys))
        live = dict(self._do("live_interests", persons=[row[0] for row in rows]))
        return {key: Person(id_, key, salt, barred, live.get(id_)) for id_, key, salt, barred in rows}

    def answered(self, client_ids: Sequence[UUID]) -> dict[UUID, Answered]:
        """The submissions that these ids already name."""
        return {row[0]: Answered(*row) for row in self._do("answered", client_ids=list(client_ids))}

    def add(self, rows: Sequence[New]) -> list[int]:
        """Store expressions of interest with profile, factors and scores."""
        if not rows:
            return []
        given = [(row.person, row.submitted_at, row.expires_on, first_review(row.scored.values())) for row in rows]
        added = self._do("add_interests", **_columns(given, ("person", "submitted_at", "expires_on", "due")))
        ids = sorted(id_ for (id_,) in added)
        profiles = [(id_, row.schema_version, row.facts, row.salt) for id_, row in zip(ids, rows, strict=True)]
        self._put("add_profiles", "profile", ("interest", "schema_version", "facts", "salt"), profiles)
        self._factors({id_: next(iter(row.scored.values())) for id_, row in zip(ids, rows, strict=True)})
        each = [(id_, row, s, one) for id_, row in zip(ids, rows, strict=True) for s, one in row.scored.items()]
        scores = [
            (s, id_, one.score.eligible, one.score.crs, row.submitted_at, one.score.program,
             _array(one.score.lists))
            for id_, row, s, one in each
        ]  # fmt: skip
        names = ("rule_set", "interest", "eligible", "crs", "submitted_at", "program", "lists")
        self._put("add_standings", "standing", names, scores)
        return ids

    def _factors(self, rows: Mapping[int, Scored]) -> None:
        given = [{"interest": id_, **factors_row(one)} for id_, one in rows.items()]
        statement = statements()["put_factors"]
        names = _factor_names(self._connection)
        columns, excluded = ", ".join(names), ", ".join(f"excluded.{name}" for name in names)
        statement = statement.replace("{columns}", columns).replace("{excluded}", excluded)
        self._connection.execute(statement, {"rows": json.dumps(given)})

    def answer(self, rows: Sequence[Answered]) -> None:
        """Store the answers of submissions."""
        given = [(row.client_id, row.person, row.digest, json.dumps(row.answer), row.interest) for row in rows]
        self._put("add_answers", "submission", ("client_id", "person", "digest", "answer", "interest"), given)

    def interests(self, ids: Sequence[int]) -> list[Interest]:
        """These expressions of interest, locked, in the order of their numbers."""
        return [Interest(*row) for row in self._do("interests", ids=list(ids))]

    def facts(self, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """The facts as submitted."""
        return dict(self._do("facts", ids=list(ids)))

    def profiles(self, ids: Sequence[int]) -> dict[int, StoredProfile]:
        """Facts as submitted, with their salts."""
        return {id_: StoredProfile(*row) for id_, *row in self._do("profiles", ids=list(ids))}

    def scores(self, ids: Sequence[int]) -> dict[int, dict[int, CandidateScore]]:
        """For each of these, its score by rule set."""
        return _by_interest(self._do("standings", ids=list(ids)))

    def put_facts(self, interest: int, facts: str, salt: str, schema_version: int) -> None:
        """Replace the facts of an expression of interest."""
        self._do("put_facts", interest=interest, facts=facts, salt=salt, schema_version=schema_version)

    def put_scores(self, rows: Mapping[int, Mapping[int, Scored]]) -> None:
        """Replace factors, day of review and scores."""
        self._factors({id_: next(iter(scored.values())) for id_, scored in rows.items()})
        review_on = [(id_, first_review(scored.values())) for id_, scored in rows.items()]
        self._do("put_due", **_columns(review_on, ("interest", "due")))
        each = ((s, id_, one.score) for id_, scored in rows.items() for s, one in scored.items())
        self._do("put_standings", **_score_columns(each))

    def move(self, ids: Sequence[int], state: State) -> None:
        """Change the state of expressions of interest."""
        self._do("move", ids=list(ids), state=state)

    def to_review(self, day: date, most: int) -> list[int]:
        """Some of those live whose facts may have changed, locked."""
        ids = [id_ for (id_,) in self._do("to_review", day=day, most=most)]
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

    def close(self, ids: Sequence[int], state: InvitationState) -> None:
        """Change the state of invitations."""
        self._do("close", ids=list(ids), state=state)

    def bar(self, person: UUID, until: date) -> None:
        """Bar a person until a day."""
        self._do("bar", person=person, until=until)

    def erase(self, person: UUID) -> None:
        """Remove all personal facts of a person."""
        for name in ("erase_facts", "erase_factors", "erase_answers", "erase_key"):
            self._do(name, person=person)

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

    def issue(self, round_: RoundRow, places: Sequence[Place], answer_by: date) -> None:
        """Store a round and its invitations, and move the invited."""
        values = {name: getattr(round_, name) for name in RoundRow.__slots__ if name != "terms"}
        terms = round_.terms
        values |= {"kind": terms.kind, "list": terms.list, "size": terms.size, "day": terms.day}
        self._do("add_round", **values, terms_digest=terms.digest)
        given = _columns(((p.interest, p.crs, p.program) for p in places), ("interest", "crs", "program"))
        first = self.last_invitation() + 1
        self._do("add_invitations", round=round_.number, answer_by=answer_by, first=first, **given)
        self.move(given["interest"], "invited")

    def record(self, events: Sequence[Event]) -> None:
        """Record events in the inbox."""
        self.kinds |= {one.kind for one in events}
        given = [(one.kind, one.at, one.actor, one.reason, one.body) for one in events]
        self._put("write_events", "inbox", ("kind", "at", "actor", "reason", "body"), given)

    def seal(self) -> int:
        """Chain what is in the inbox."""
        return int(self._do("seal")[0][0])

    def head(self) -> tuple[int, str]:
        """Number and hash of the last event of the chain."""
        return next(((seq, hash_) for seq, hash_ in self._do("head")), (0, GENESIS))

    def open_rule_set(self, name: RuleSetName, law_day: date) -> int:
        """Make a rule set that is being scored."""
        return int(self._do("open_rule_set", name=name.name, law_day=law_day, digest=name.digest)[0][0])

    def bring_into_force(self, rule_set: int) -> None:
        """Bring a rule set into force, and retire the one before."""
        self._do("retire")
        self._do("take", rule_set=rule_set)

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
        from expressentry.pool.acts.bulk import Batch, as_csv, as_rows

        self._do("given_standings")
        with self._connection.cursor().copy(statements()["copy_given"]) as into:
            into.write(as_csv(scored))
        ids = [id_ for (id_,) in self._do("add_given", rule_set=rule_set)]
        added = scored if len(ids) == scored.height else scored.filter(scored["interest"].is_in(ids))
        return Batch(sorted(ids), as_rows(added))

    def add_scores(self, rule_set: int, rows: Mapping[int, CandidateScore]) -> list[int]:
        """Add scores where there is none yet and the candidate is still live; return whose."""
        columns = _score_columns((rule_set, id_, one) for id_, one in rows.items())
        return [id_ for (id_,) in self._do("add_missing_standings", **columns)]

    def keep_batch(self, rule_set: int, ids: Sequence[int], digest: str, rows: bytes) -> None:
        """Keep the rows of a batch of a re-scoring."""
        self._do("keep_batch", rule_set=rule_set, first=ids[0], last=ids[-1], digest=digest, rows=rows)

    def ineligible(self, rule_set: int) -> list[int]:
        """Those in the pool whom a rule set does not find eligible."""
        return [id_ for (id_,) in self._do("ineligible", rule_set=rule_set)]

    def events(self, after: int = 0) -> Iterator[Event]:
        """The sealed events after a number, a few thousand at a time."""
        with self._connection.cursor("events") as cursor:
            cursor.itersize = 5000
            for row in cursor.execute(statements()["events"], {"after": after}):
                yield Event(*row)

    def waiting(self) -> list[Event]:
        """The events that wait for the sealer, in the order in which they were written."""
        return [Event(*row) for row in self._do("waiting")]

    def batch(self, rule_set: int, first: int) -> bytes:
        """The rows of a batch kept."""
        return bytes(self._do("batch", rule_set=rule_set, first=first)[0][0])

    def state_counts(self) -> dict[str, int]:
        """How many expressions of interest are in each state."""
        return dict(self._do("state_counts"))

    def unsealed(self) -> tuple[int, datetime | None]:
        """How many events wait for the sealer, and the instant of the oldest."""
        waiting, oldest = self._do("unsealed")[0]
        return int(waiting), oldest

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
