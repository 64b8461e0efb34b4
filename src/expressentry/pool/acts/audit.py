"""Seal the events, export them, rebuild the pool from them, and rank every round again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from expressentry.errors import PoolError
from expressentry.pool.acts.common import Acts
from expressentry.pool.acts.model import (
    GENESIS,
    LIVE,
    Event,
    Place,
    RoundRow,
    Snapshot,
    Standing,
    State,
    event_hash,
    instant_text,
    places_digest,
)
from expressentry.pool.acts.ports import Tx
from expressentry.pool.acts.rescoring import unpacked
from expressentry.text import Text


@dataclass
class Verified:
    """What a verification found: how many events and rounds were checked, and everything that does not agree."""

    events: int = 0
    rounds: int = 0
    head: str = GENESIS
    wrong: list[Text] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.wrong


_NOT_ALLOWED = "42501"  # as SQL names it: insufficient privilege


class Audit(Acts):
    """The chain of events and what it proves."""

    def seal(self) -> int:
        """Chain the events that wait; return how many."""
        return self.store.act(lambda tx: tx.seal())

    def seal_if_allowed(self) -> None:
        """Chain the events that wait; who may only read takes the chain as it is."""
        try:
            self.seal()
        except PoolError as error:
            if error.problems[0].code != _NOT_ALLOWED:
                raise

    def events(self, after: int = 0) -> list[Event]:
        """The sealed events after a number."""
        return self.store.look(lambda tx: list(tx.events(after)))

    def verify(self, heads: Mapping[int, str] | None = None, scores_on: date | None = None) -> Verified:
        """Check the chain, rank each round again on the pool rebuilt up to it, and compare the end with the tables.

        `heads` are heads published with rounds, by number: what proves that the chain itself was not made anew.
        `scores_on` asks for every score in the pool to be computed anew from the facts of that day.
        """

        def work(tx: Tx) -> Verified:
            found, pool = _verify(tx, heads or {})
            if scores_on is not None:
                from expressentry.pool.acts.verify_scores import wrong_scores

                found.wrong += wrong_scores(self, tx, pool.profiles, scores_on)
            return found

        self.seal_if_allowed()
        return self.store.look(work)


class Rebuilt:
    """The pool as the events tell it, one after the other."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.states: dict[int, State] = {}
        self.stamps: dict[int, datetime] = {}
        self.standings: dict[int, dict[int, Standing]] = {}
        self.profiles: dict[int, str] = {}
        self.in_force: int | None = None
        self.wrong: list[Text] = []

    def take(self, event: Event) -> None:
        """Let an event happen again; one that cannot be is told of."""
        try:
            self._take(event, json.loads(event.body))
        except (KeyError, TypeError, ValueError, AttributeError):
            wording = Text("event {n} cannot be read", "l'événement {n} ne se lit pas").fill(n=event.seq)
            self.wrong.append(wording)

    def _take(self, event: Event, body: Mapping[str, Any]) -> None:
        if event.kind == "submitted":
            self.states[body["interest"]], self.stamps[body["interest"]] = "in_pool", event.at
        if "profile" in body:
            self.profiles[body["interest"]] = body["profile"]
        if "standings" in body:
            self._stand(body["interest"], body["standings"])
        if event.kind == "rescored":
            self._batch(body)
        elif event.kind == "law_in_force":
            self.in_force = body["rule_set"]
            for one in self.standings.values():
                for old in [id_ for id_ in one if id_ < body["rule_set"]]:
                    del one[old]
        if "state" in body:
            for id_ in body["interests"]:
                self.states[id_] = body["state"]
                if body["state"] not in LIVE:
                    self.standings.pop(id_, None)

    def _stand(self, interest: int, told: Mapping[str, list[Any]]) -> None:
        rows = self.standings.setdefault(interest, {})
        for id_, (eligible, crs, program, lists) in told.items():
            rows[int(id_)] = Standing(eligible, crs, program, tuple(lists))

    def _batch(self, body: Mapping[str, Any]) -> None:
        rows = self._tx.batch(body["rule_set"], body["batch"])
        if hashlib.sha256(rows).hexdigest() != body["digest"]:
            wording = Text("the batch {n} of a re-scoring was changed", "le lot {n} d'un recalcul a été modifié")
            self.wrong.append(wording.fill(n=body["batch"]))
            return
        for id_, standing in unpacked(rows).items():
            if self.states.get(id_) in LIVE:
                self.standings[id_].setdefault(body["rule_set"], standing)

    def rank(self, rule_set: int, list_: str) -> list[Place]:
        """Everyone in a list in the order of rank."""
        rows = [
            (-s[rule_set].crs, self.stamps[id_], id_, s[rule_set].program)
            for id_, s in self.standings.items()
            if self.states[id_] == "in_pool" and rule_set in s and list_ in s[rule_set].lists
        ]
        return [Place(id_, -crs, stamp, program) for crs, stamp, id_, program in sorted(rows, key=lambda row: row[:3])]

    def snapshot(self) -> Snapshot:
        """What can be compared with the tables."""
        return Snapshot(self.states, {id_: s for id_, s in self.standings.items() if s}, self.in_force)


def _verify(tx: Tx, heads: Mapping[int, str]) -> tuple[Verified, Rebuilt]:
    found, pool, before = Verified(), Rebuilt(tx), GENESIS
    stored = {one.event: one for one in tx.rounds()}
    for event in tx.events():
        found.events += 1
        if event.seq != found.events or event_hash(before, event) != event.hash:
            wording = Text("the chain breaks at event {n}", "la chaîne se rompt à l'événement {n}")
            found.wrong.append(wording.fill(n=event.seq))
        before = event.hash
        if event.kind == "round":
            found.rounds += 1
            found.wrong += _wrong_in(stored.get(event.seq), event, pool, found.rounds, heads)
        pool.take(event)
    for event in tx.waiting():  # done, and in the tables, but not yet in the chain
        pool.take(event)
    found.head, found.wrong = before, [*found.wrong, *pool.wrong]
    if len(stored) != found.rounds:
        found.wrong.append(Text("rounds without an event", "des rondes sans événement"))
    found.wrong += _differences(pool.snapshot(), tx.snapshot())
    return found, pool


def _wrong_in(
    row: RoundRow | None, event: Event, pool: Rebuilt, number: int, heads: Mapping[int, str]
) -> Iterator[Text]:
    """What of a round does not come out again."""
    body = json.loads(event.body)
    if row is None or row.number != body["number"] or row.number != number:
        yield Text("round {n} is not stored, or has a gap before it", "ronde {n} absente ou précédée d'un trou").fill(
            n=body["number"]
        )
        return
    ranked = pool.rank(row.rule_set, row.terms.list)
    invited, after = ranked[: row.terms.size], ranked[row.terms.size : row.terms.size + 1]
    ends = (invited[-1].crs, instant_text(invited[-1].submitted_at)) if invited else (None, None)
    parts = {
        "rule set": row.rule_set == pool.in_force == body["rule_set"]
        and row.rule_set_digest == body["rule_set_digest"],
        "terms": row.terms.digest == _terms_digest(body["terms"]),
        "invited": row.invited_digest == body["invited_digest"] == places_digest(invited),
        "next": row.next_digest == body["next_digest"] == places_digest(after),
        "cutoff": row.cutoff == body["cutoff"] == ends[0],
        "tie_break": (row.tie_break and instant_text(row.tie_break)) == body["tie_break"] == ends[1],
        "head": row.head == event.hash == heads.get(row.number, row.head),
    }
    for name, agrees in parts.items():
        if not agrees:
            yield Text("round {n}: {p} does not come out again", "ronde {n} : {p} ne se retrouve pas").fill(
                n=row.number, p=name
            )


def _terms_digest(told: Mapping[str, Any]) -> str:
    from expressentry.pool.acts.model import Terms

    return Terms(told["kind"], told["size"], date.fromisoformat(told["day"]), told["of"]).digest


def _differences(rebuilt: Snapshot, tables: Snapshot) -> Iterator[Text]:
    """Where the tables are not what the events make of the pool."""
    if rebuilt.in_force != tables.in_force:
        yield Text("the tables have another law in force", "les tables ont un autre droit en vigueur")
    wording = Text("candidate {n}: {w} differs from the events", "candidat {n} : {w} diffère des événements")
    for id_ in sorted({*rebuilt.states, *tables.states}):
        if rebuilt.states.get(id_) != tables.states.get(id_):
            yield wording.fill(n=id_, w=Text("state", "état"))
        elif rebuilt.standings.get(id_) != tables.standings.get(id_):
            yield wording.fill(n=id_, w=Text("standing", "position"))


def ndjson(events: Iterable[Event]) -> Iterator[str]:
    """Events as lines of JSON; with the line before, each hash can be computed again."""
    for event in events:
        yield json.dumps(
            {
                "seq": event.seq,
                "kind": event.kind,
                "at": instant_text(event.at),
                "actor": event.actor,
                "reason": event.reason,
                "body": event.body,
                "hash": event.hash,
            },
            ensure_ascii=False,
        )
