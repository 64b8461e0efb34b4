"""The pool in plain memory: the same acts, for simulations and tests. One process, one thread.

Every change goes through a journal, so that an act that fails is undone, as on PostgreSQL, at no more than the cost of
the act.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID, uuid4

from expressentry.errors import PoolError, Problem
from expressentry.pool.acts.events import GENESIS, event_hash, round_of, score_of_record
from expressentry.pool.acts.facts import new_salt, salted
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
    Snapshot,
    State,
    Terms,
    instant_text,
)
from expressentry.pool.acts.ports import Answered, Kept, StoredProfile, T, Tx
from expressentry.pool.acts.refusals import CLOCK, CLOCK_FIX

if TYPE_CHECKING:
    from expressentry.pool.acts.bulk import Batch


@dataclass
class _Data:
    """Everything that the pool holds."""

    opening: dict[str, bool] = field(default_factory=dict)
    sets: dict[int, RuleSetRow] = field(default_factory=dict)
    persons: dict[UUID, Person] = field(default_factory=dict)
    keys: dict[str, UUID] = field(default_factory=dict)
    answers: dict[UUID, Answered] = field(default_factory=dict)
    interests: dict[int, Interest] = field(default_factory=dict)
    live: dict[UUID, int] = field(default_factory=dict)
    facts: dict[int, tuple[str, int, str]] = field(default_factory=dict)
    factors: dict[int, dict[str, Any]] = field(default_factory=dict)
    scores: dict[int, dict[int, CandidateScore]] = field(default_factory=dict)
    invitations: dict[int, InvitationRow] = field(default_factory=dict)
    rounds: list[RoundRow] = field(default_factory=list)
    batches: dict[tuple[int, int], tuple[int, bytes]] = field(default_factory=dict)
    inbox: list[Event] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


K = TypeVar("K")
V = TypeVar("V")


class _Journal:
    """The changes of one act, and how each is undone."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], object]] = []

    def put(self, table: dict[K, V], key: K, value: V) -> None:
        """Set a row of a table."""
        if key in table:
            before = table[key]
            self._undo.append(lambda: table.__setitem__(key, before))
        else:
            self._undo.append(lambda: table.pop(key))
        table[key] = value

    def drop(self, table: dict[K, V], key: K) -> None:
        """Remove a row of a table, where there is one."""
        if key in table:
            before = table.pop(key)
            self._undo.append(lambda: table.__setitem__(key, before))

    def extend(self, rows: list[V], more: Sequence[V]) -> None:
        """Add rows at the end of a list."""
        length = len(rows)
        self._undo.append(lambda: rows.__delitem__(slice(length, None)))
        rows.extend(more)

    def clear(self, rows: list[V]) -> None:
        """Empty a list."""
        before = list(rows)
        self._undo.append(lambda: rows.extend(before))
        rows.clear()

    def undo(self) -> None:
        """Undo every change, the last one first."""
        for one in reversed(self._undo):
            one()


MINUTE = timedelta(minutes=1)
AGE = dict.fromkeys(
    ("due", "reviewed", "ineligible", "expired", "lapsed", "rule_set_opened", "rescored", "law_in_force"),
    timedelta(days=1),
)
"""How old an instant may be when it is recorded, where that is more than a minute: long acts have one instant."""
CLOSES: Mapping[str, InvitationState] = {
    "accepted": "accepted",
    "declined": "declined",
    "cancelled": "cancelled",
    "lapsed": "lapsed",
    "left_by_bar": "cancelled",
    "left_by_erasure": "declined",
}
"""What becomes of an open invitation by each kind of event."""


class MemoryStore:
    """A store in memory."""

    def __init__(self) -> None:
        self._data = _Data()

    def write(self, work: Callable[[Tx], T], token: str | None = None) -> T:
        """Do one act; where it fails, everything that it changed is undone."""
        journal = _Journal()
        try:
            return work(MemoryTx(self._data, journal))
        except BaseException:
            journal.undo()
            raise

    def write_exclusive(self, work: Callable[[Tx], T]) -> T:
        """Do one act; nobody else writes here."""
        return self.write(work)

    def write_aside(self, work: Callable[[Tx], T]) -> T | None:
        """Do what can wait, at once: nobody is held up here."""
        return self.write(work)

    def read(self, work: Callable[[Tx], T]) -> T:
        """Read; nothing that the work changes stays."""
        journal = _Journal()
        try:
            return work(MemoryTx(self._data, journal))
        finally:
            journal.undo()

    def clone(self) -> MemoryStore:
        """This store: there is one in the process."""
        return self

    def close(self) -> None:
        """Nothing is held open."""


class MemoryTx:
    """What one act may read and write, in memory."""

    def __init__(self, data: _Data, journal: _Journal) -> None:
        self._d, self._journal = data, journal

    def open(self, rehearsal: bool) -> None:
        """Make the pool."""
        self._journal.put(self._d.opening, "rehearsal", rehearsal)

    def rehearsal(self) -> bool:
        """Whether the pool is a rehearsal."""
        return self._d.opening.get("rehearsal", False)

    def rule_sets(self) -> list[RuleSetRow]:
        """The rule set in force, then the one that is being scored, if any."""
        found = [one for one in self._d.sets.values() if one.state != "retired"]
        return sorted(found, key=lambda one: one.state != "in_force")

    def known(self, key: str) -> Person | None:
        """The person of a key, where there is one."""
        return self.persons([key])[key] if key in self._d.keys else None

    def persons(self, keys: Sequence[str]) -> dict[str, Person]:
        """The persons of these keys, made where they are new."""
        found = {}
        for key in keys:
            if key not in self._d.keys:
                id_ = uuid4()
                self._journal.put(self._d.keys, key, id_)
                self._journal.put(self._d.persons, id_, Person(id_, key, new_salt(), None, None))
            person = self._d.persons[self._d.keys[key]]
            found[key] = replace(person, live=self._d.live.get(person.id))
        return found

    def answered(self, client_ids: Sequence[UUID]) -> dict[UUID, Answered]:
        """The submissions that these ids already name."""
        return {id_: self._d.answers[id_] for id_ in client_ids if id_ in self._d.answers}

    def next_interests(self, many: int) -> list[int]:
        """Numbers for new expressions of interest."""
        return list(range(len(self._d.interests) + 1, len(self._d.interests) + many + 1))

    def interests(self, ids: Sequence[int]) -> list[Interest]:
        """These expressions of interest."""
        return [self._d.interests[id_] for id_ in sorted(ids) if id_ in self._d.interests]

    def look_at(self, ids: Sequence[int]) -> list[Interest]:
        """These expressions of interest; nothing is locked here."""
        return self.interests(ids)

    def facts(self, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """The facts as submitted."""
        return {id_: one.facts for id_, one in self.profiles(ids).items()}

    def profiles(self, ids: Sequence[int]) -> dict[int, StoredProfile]:
        """Facts as submitted, with their salts."""
        found = {id_: self._d.facts[id_] for id_ in ids if id_ in self._d.facts}
        return {id_: StoredProfile(salt, version, json.loads(text)) for id_, (salt, version, text) in found.items()}

    def scores(self, ids: Sequence[int]) -> dict[int, dict[int, CandidateScore]]:
        """For each of these, its score by rule set."""
        return {id_: dict(self._d.scores[id_]) for id_ in ids if id_ in self._d.scores}

    def _change(self, id_: int, **values: Any) -> None:
        self._journal.put(self._d.interests, id_, replace(self._d.interests[id_], **values))

    def _some(self, most: int, wanted: Callable[[Interest], bool]) -> list[int]:
        return [one.id for one in self._d.interests.values() if wanted(one)][:most]

    def to_review(self, day: date, most: int, without: Sequence[int] = ()) -> list[int]:
        """Some of those live whose facts may have changed."""

        def wanted(one: Interest) -> bool:
            due = one.review_on is not None and one.review_on <= day
            return due and one.state in LIVE and one.id not in without

        return self._some(most, wanted)

    def expiring(self, day: date, most: int) -> list[int]:
        """Some whose term is over."""
        return self._some(most, lambda one: one.state == "in_pool" and one.expires_on <= day)

    def overdue_invitations(self, day: date, most: int) -> list[InvitationRow]:
        """Some of the open invitations whose window has passed."""
        return [one for one in self._d.invitations.values() if one.state == "open" and one.answer_by < day][:most]

    def needs_review(self, day: date) -> bool:
        """Whether anyone in the pool is to be reviewed, or over their term."""
        return any(
            one.state == "in_pool" and (one.expires_on <= day or (one.review_on is not None and one.review_on <= day))
            for one in self._d.interests.values()
        )

    def has_overdue_invitations(self, day: date) -> bool:
        """Whether any open invitation is past its window."""
        return bool(self.overdue_invitations(day, 1))

    def open_invitation(self, interest: int) -> InvitationRow | None:
        """The open invitation."""
        found = (one for one in self._d.invitations.values() if one.interest == interest and one.state == "open")
        return next(found, None)

    def invitation(self, id_: int) -> InvitationRow | None:
        """One invitation."""
        return self._d.invitations.get(id_)

    def last_invitation(self) -> int:
        """The number of the newest invitation."""
        return len(self._d.invitations)

    def invited(self, round_: int) -> list[InvitationRow]:
        """The invitations of a round, in the order of rank."""
        return [one for one in self._d.invitations.values() if one.round == round_]

    def rank(self, rule_set: int, list_: str, most: int) -> list[Place]:
        """The first of a list, by the one ranking rule."""
        import polars as pl

        from expressentry.rounds.ranking import rank_round

        rows = self._entered(rule_set, list_)
        if not rows:
            return []
        submitted_at = pl.Series([self._d.interests[id_].submitted_at for id_, _ in rows])
        ids = pl.Series([id_ for id_, _ in rows])
        found = rank_round(pl.Series([one.crs for _, one in rows]), submitted_at, most, key=ids).invited
        return [
            Place(id_, one.crs, self._d.interests[id_].submitted_at, one.program)
            for id_, one in (rows[n] for n in found)
        ]

    def _entered(self, rule_set: int, list_: str) -> list[tuple[int, CandidateScore]]:
        return [
            (id_, s[rule_set])
            for id_, s in self._d.scores.items()
            if rule_set in s and list_ in s[rule_set].lists and self._d.interests[id_].state == "in_pool"
        ]

    def counts(self, rule_set: int, list_: str) -> dict[int, int]:
        """How many of a list have each score."""
        found: dict[int, int] = {}
        for _, one in self._entered(rule_set, list_):
            found[one.crs] = found.get(one.crs, 0) + 1
        return found

    def round_of(self, request_id: UUID) -> RoundRow | None:
        """The round that a request issued."""
        return next((one for one in self._d.rounds if one.request_id == request_id), None)

    def rounds(self) -> list[RoundRow]:
        """Every round."""
        return list(self._d.rounds)

    def last_round(self) -> RoundRow | None:
        """The newest round."""
        return self._d.rounds[-1] if self._d.rounds else None

    def issue(self, event: Event, terms: Terms) -> tuple[int, str]:
        """Let a round happen."""
        self.record([event])
        self.seal()
        self._journal.extend(self._d.rounds, [round_of(event, *self.head())])
        return self.head()

    def record(
        self, events: Sequence[Event], kept: Mapping[int, Kept] | None = None, answers: Sequence[Answered] = ()
    ) -> None:
        """Let events happen, and write them to the inbox."""
        for event in events:
            self._check_clock(event)
            self._apply(event, json.loads(event.body))
            number = len(self._d.events) + len(self._d.inbox) + 1
            self._journal.extend(self._d.inbox, [replace(event, inbox=number)])
        for id_, one in (kept or {}).items():
            self._journal.put(self._d.factors, id_, dict(one.factors))
            if one.facts is not None:
                self._journal.put(self._d.facts, id_, (str(one.salt), one.schema_version or 0, one.facts))
        for row in answers:
            self._journal.put(self._d.answers, row.client_id, row)

    def _check_clock(self, event: Event) -> None:
        """Refuse an instant that is not now, as a server does; a rehearsal takes any."""
        now, at = datetime.now(UTC), datetime.fromisoformat(event.at)
        if not self.rehearsal() and not now - AGE.get(event.kind, MINUTE) <= at <= now + MINUTE:
            why = f"{event.at}, {instant_text(now)}"
            raise PoolError(Problem("clock", "database", CLOCK.fill(why=why), CLOCK_FIX))

    def _apply(self, event: Event, body: Mapping[str, Any]) -> None:
        """Let one event happen: what it says is what changes."""
        if event.kind == "submitted":
            id_, person, ends = body["interest"], UUID(body["person"]), date.fromisoformat(body["expires_on"])
            at = datetime.fromisoformat(body["submitted_at"])
            self._journal.put(self._d.interests, id_, Interest(id_, person, "in_pool", at, ends, None))
            self._journal.put(self._d.live, person, id_)
            self._journal.put(self._d.scores, id_, {})
        if "standings" in body:
            self._change(body["interest"], review_on=_day(body["review_on"]))
            for rule_set, score in body["standings"].items():
                self._journal.put(self._d.scores[body["interest"]], int(rule_set), score_of_record(score))
        for id_, review_on, _ in body.get("reviews", ()):
            self._change(id_, review_on=_day(review_on))
        for id_ in body.get("interests", ()):
            self._move(id_, body["state"], CLOSES.get(event.kind))
        if event.kind == "round":
            self._invite(body)
        elif event.kind == "barred":
            row = self._d.persons[UUID(body["person"])]
            self._journal.put(self._d.persons, row.id, replace(row, barred_until=_day(body["until"])))
        elif event.kind == "erased":
            self._erase(UUID(body["person"]))
        elif event.kind == "law_in_force":
            self._bring_into_force(body["rule_set"])

    def _move(self, id_: int, state: State, closes: InvitationState | None) -> None:
        self._change(id_, state=state)
        invitation = self.open_invitation(id_)
        if invitation is not None and closes is not None:
            self._journal.put(self._d.invitations, invitation.id, replace(invitation, state=closes))
        if state not in LIVE:
            self._journal.drop(self._d.scores, id_)
            self._journal.drop(self._d.live, self._d.interests[id_].person)

    def _invite(self, body: Mapping[str, Any]) -> None:
        until = date.fromisoformat(body["answer_by"])
        for place, (interest, crs, program, _) in enumerate(body["places"], 1):
            id_ = body["first_invitation"] + place - 1
            row = InvitationRow(id_, body["number"], interest, place, crs, program, "open", until)
            self._journal.put(self._d.invitations, id_, row)
            self._move(interest, "invited", None)

    def _erase(self, person: UUID) -> None:
        """Remove all personal facts."""
        self._journal.drop(self._d.keys, self._d.persons[person].key)
        self._journal.put(self._d.persons, person, replace(self._d.persons[person], key="", salt=""))
        for old in [one for one in self._d.answers.values() if one.person == person]:
            self._journal.drop(self._d.answers, old.client_id)
            kept = replace(old, client_id=uuid4(), digest="", answer={**old.answer, "findings": []})
            self._journal.put(self._d.answers, kept.client_id, kept)
        for one in self._d.interests.values():
            if one.person == person:
                self._journal.drop(self._d.facts, one.id)
                self._journal.drop(self._d.factors, one.id)

    def _bring_into_force(self, rule_set: int) -> None:
        for id_, one in list(self._d.sets.items()):
            if one.state == "in_force":
                self._journal.put(self._d.sets, id_, replace(one, state="retired"))
        self._journal.put(self._d.sets, rule_set, replace(self._d.sets[rule_set], state="in_force"))

    def seal(self) -> int:
        """Chain what is in the inbox."""
        for event in self._d.inbox:
            seq, before = self.head()
            whole = replace(event, seq=seq + 1)
            self._journal.extend(self._d.events, [replace(whole, hash=event_hash(before, whole))])
        done = len(self._d.inbox)
        self._journal.clear(self._d.inbox)
        return done

    def head(self) -> tuple[int, str]:
        """Number and hash of the last event."""
        return (self._d.events[-1].seq, self._d.events[-1].hash) if self._d.events else (0, GENESIS)

    def open_rule_set(self, name: RuleSetName, law_day: date) -> int:
        """Make a rule set that is being scored."""
        id_ = len(self._d.sets) + 1
        self._journal.put(self._d.sets, id_, RuleSetRow(id_, name.name, law_day, name.digest, "building"))
        return id_

    def clear(self, rule_set: int) -> None:
        """Remove the scores of a retired rule set."""
        for one in self._d.scores.values():
            self._journal.drop(one, rule_set)

    def unscored(self, rule_set: int, after: int, most: int) -> list[int]:
        """Some who are live and not yet scored under a rule set."""
        return self._some(
            most, lambda one: one.id > after and one.state in LIVE and rule_set not in self._d.scores[one.id]
        )

    def sure_factors(self, rule_set: int, after: int, day: date, most: int) -> None:
        """There are no columns here to score in bulk."""

    def add_scored(self, rule_set: int, scored: object) -> Batch:
        """Never called: nothing is read in bulk."""
        raise NotImplementedError

    def add_scores(self, rule_set: int, rows: Mapping[int, CandidateScore]) -> list[int]:
        """Add scores where there is none yet."""
        for id_, one in rows.items():
            self._journal.put(self._d.scores[id_], rule_set, one)
        return list(rows)

    def keep_batch(self, rule_set: int, ids: Sequence[int], digest: str, rows: bytes) -> None:
        """Keep the rows of a batch."""
        self._journal.put(self._d.batches, (rule_set, ids[0]), (ids[-1], rows))

    def ineligible(self, rule_set: int) -> list[int]:
        """Those in the pool whom a rule set does not find eligible."""
        return self._some(10**9, lambda one: one.state == "in_pool" and not self._d.scores[one.id][rule_set].eligible)

    def events(self, after: int = 0) -> Iterator[Event]:
        """The sealed events after a number."""
        return iter(self._d.events[after:])

    def waiting(self) -> list[Event]:
        """The events that wait for the sealer."""
        return list(self._d.inbox)

    def batch(self, rule_set: int, first: int) -> bytes | None:
        """The rows of a batch kept, where it is there."""
        return self._d.batches[rule_set, first][1] if (rule_set, first) in self._d.batches else None

    def state_counts(self) -> dict[str, int]:
        """How many are in each state."""
        return dict(Counter(one.state for one in self._d.interests.values()))

    def unsealed(self) -> tuple[int, datetime | None]:
        """How many events wait, and the instant of the oldest."""
        return len(self._d.inbox), min((datetime.fromisoformat(one.at) for one in self._d.inbox), default=None)

    def rows(self, table: str) -> Iterator[tuple[str | None, ...]]:
        """Every row of a table as text, in the order of its key."""
        rows: Iterable[tuple[Any, ...]] = getattr(self, f"_rows_{table}")()
        return (tuple(map(_as_text, row)) for row in sorted(rows, key=lambda row: row[:3]))

    def keep_scores(self) -> None:
        """Nothing: here nobody acts meanwhile."""

    def is_readable(self, table: str) -> bool:
        """Everything can be read."""
        return True

    def changes_of_schema(self) -> list[str]:
        """There is none."""
        return []

    def _rows_rule_set(self) -> Iterable[tuple[Any, ...]]:
        return ((one.id, one.name, one.law_day, one.digest, one.state) for one in self._d.sets.values())

    def _rows_person(self) -> Iterable[tuple[Any, ...]]:
        return ((str(p.id), salted(p.salt, p.key) if p.key else None, p.barred_until) for p in self._d.persons.values())

    def _rows_interest(self) -> Iterable[tuple[Any, ...]]:
        return (
            (one.id, one.person, one.state, one.submitted_at, one.expires_on, one.review_on)
            for one in self._d.interests.values()
        )

    def _rows_submission(self) -> Iterable[tuple[Any, ...]]:
        return (
            (str(one.person), str(one.client_id), self._d.persons[one.person].salt or None, one.digest,
             json.dumps(one.answer), one.interest)
            for one in self._d.answers.values()
        )  # fmt: skip

    def _rows_profile(self) -> Iterable[tuple[Any, ...]]:
        return ((id_, *row) for id_, row in self._d.facts.items())

    def _rows_factors(self) -> Iterable[tuple[Any, ...]]:
        return ((id_, self._d.facts[id_][0], json.dumps(row)) for id_, row in self._d.factors.items())

    def _active_scores(self) -> Iterable[tuple[int, int, CandidateScore, datetime]]:
        active = {one.id for one in self._d.sets.values() if one.state != "retired"}
        return (
            (id_, rule_set, one, self._d.interests[id_].submitted_at)
            for id_, rows in self._d.scores.items()
            for rule_set, one in rows.items()
            if rule_set in active
        )

    def _rows_standing(self) -> Iterable[tuple[Any, ...]]:
        return (
            (id_, rule_set, one.eligible, one.crs, at, one.program, " ".join(one.lists))
            for id_, rule_set, one, at in self._active_scores()
        )

    def _rows_entry(self) -> Iterable[tuple[Any, ...]]:
        return (
            (id_, rule_set, name, one.crs, at)
            for id_, rule_set, one, at in self._active_scores()
            if self._d.interests[id_].state == "in_pool"
            for name in one.lists
        )

    def _rows_round(self) -> Iterable[tuple[Any, ...]]:
        return (
            (one.number, one.request_id, t.kind, t.list, t.size, t.day, t.digest, one.as_of, one.actor, one.rule_set,
             one.rule_set_digest, one.invited, one.cutoff, one.tie_break, one.invited_digest, one.next_digest,
             one.event, one.head)
            for one in self._d.rounds
            for t in [one.terms]
        )  # fmt: skip

    def _rows_invitation(self) -> Iterable[tuple[Any, ...]]:
        return (
            (one.id, one.round, one.interest, one.place, one.crs, one.program, one.state, one.answer_by)
            for one in self._d.invitations.values()
        )

    def _rows_rescore_batch(self) -> Iterable[tuple[Any, ...]]:
        return ((*key, last, hashlib.sha256(rows).hexdigest()) for key, (last, rows) in self._d.batches.items())

    def snapshot(self) -> Snapshot:
        """States and scores of everyone."""
        active = {one.id for one in self._d.sets.values() if one.state != "retired"}
        scores = {id_: {s: one for s, one in rows.items() if s in active} for id_, rows in self._d.scores.items()}
        in_force = next((one.id for one in self._d.sets.values() if one.state == "in_force"), None)
        return Snapshot({i: one.state for i, one in self._d.interests.items()}, scores, in_force)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _as_text(value: object) -> str | None:
    """A value as the rows of a table have it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return instant_text(value)
    return None if value is None else str(value)
