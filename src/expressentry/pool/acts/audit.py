"""Seal the events, and verify the pool: check the chain, rebuild the pool, rank every round again, compare scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from expressentry.errors import FactorsError, PoolError
from expressentry.pool.acts.events import GENESIS, event_hash, places_digest
from expressentry.pool.acts.facts import profile_digest
from expressentry.pool.acts.kinds import BodyError, read_body
from expressentry.pool.acts.model import Event, RoundRow, Snapshot, Terms, instant_text
from expressentry.pool.acts.pool_acts import PoolActs
from expressentry.pool.acts.ports import Tx
from expressentry.pool.acts.rebuild import Rebuilt
from expressentry.pool.acts.refusals import REASONS, UPKEEP, refusal
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


BATCH = 500
_NOT_ALLOWED = "42501"  # as SQL names it: insufficient privilege


class Audit(PoolActs):
    """The chain of events and what it proves."""

    def seal(self) -> int:
        """Chain the events that wait; return how many."""
        return self.store.write(lambda tx: tx.seal())

    def seal_if_allowed(self) -> None:
        """Chain the events that wait; a role that may only read takes the chain as it is."""
        try:
            self.seal()
        except PoolError as error:
            if error.problems[0].code != _NOT_ALLOWED:
                raise

    def events(self, after: int = 0) -> list[Event]:
        """The sealed events after a number."""
        return self.store.read(lambda tx: list(tx.events(after)))

    def verify(self, heads: Mapping[int, str] | None = None, scores_on: date | None = None) -> Verified:
        """Check the chain, rank each round again on the pool rebuilt up to it, and compare the end with the tables.

        Args:
            heads: Heads that were published with rounds, by number. They prove that nobody replaced the whole chain.
            scores_on: A day; every score in the pool is computed again from the facts of that day. The chain proves
                that nothing was changed after it was written, but not that what was written was right: a site that
                submits for people computes their scores too.

        Raises:
            UsageError: Scores are asked for, and facts of candidates change by that day.
        """

        def work(tx: Tx) -> Verified:
            found, pool = _verify(tx, heads or {})
            if scores_on is not None:
                found.wrong += self._wrong_scores(tx, pool.profiles, scores_on)
            return found

        self.seal_if_allowed()
        return self.store.read(work)

    def _wrong_scores(self, tx: Tx, digests: Mapping[int, str], day: date) -> Iterator[Text]:
        """Score everyone in the pool again as of a day; whose facts or score are not what the pool has.

        `digests` are those of the facts in the events, by candidate.
        """
        if tx.needs_review(day):
            raise refusal("stale", "on", REASONS["stale"], UPKEEP, day)
        sets = self.active_rule_sets(tx)
        ids = sorted(id_ for id_, state in tx.snapshot().states.items() if state == "in_pool")
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            profiles, scores = tx.profiles(part), tx.scores(part)
            for id_ in part:
                facts = profiles[id_].facts
                if profile_digest(*profiles[id_]) != digests.get(id_):
                    wording = Text("the facts were changed without an event", "les faits ont changé sans événement")
                    yield _WRONG.fill(n=id_, w=wording)
                try:
                    scored = self.score_facts(facts, day, sets)
                except FactorsError:
                    wording = Text("the facts cannot be read", "les faits ne peuvent être lus")
                    yield _WRONG.fill(n=id_, w=wording)
                    continue
                if any(one.score != scores[id_].get(s) for s, one in scored.items()):
                    wording = Text("the facts give another score", "les faits donnent une autre note")
                    yield _WRONG.fill(n=id_, w=wording)


_WRONG = Text("candidate {n}: {w}", "candidat {n} : {w}")


def _verify(tx: Tx, heads: Mapping[int, str]) -> tuple[Verified, Rebuilt]:
    found, pool, before = Verified(), Rebuilt(tx), GENESIS
    stored = {one.event: one for one in tx.rounds()}
    for event in tx.events():
        found.events += 1
        if event.seq != found.events or event_hash(before, event) != event.hash:
            wording = Text("the chain is broken at event {n}", "la chaîne est rompue à l'événement {n}")
            found.wrong.append(wording.fill(n=event.seq))
        before = event.hash
        if event.kind == "round":
            found.rounds += 1
            found.wrong += _wrong_in(stored.get(event.seq), event, pool, found.rounds, heads)
        pool.apply(event)
    for event in tx.waiting():  # done, and in the tables, but not yet in the chain
        pool.apply(event)
    found.head, found.wrong = before, [*found.wrong, *pool.wrong]
    if len(stored) != found.rounds:
        found.wrong.append(Text("there are rounds without an event", "il y a des rondes sans événement"))
    found.wrong += _differences(pool.snapshot(), tx.snapshot())
    return found, pool


def _wrong_in(
    row: RoundRow | None, event: Event, pool: Rebuilt, number: int, heads: Mapping[int, str]
) -> Iterator[Text]:
    """What of a round is not reproduced."""
    try:
        body = read_body(event.kind, event.body)
    except BodyError:
        return  # told of where it is applied
    if row is None or row.number != body["number"] or row.number != number:
        wording = Text("round {n} is not stored, or the one before it", "ronde {n} absente, ou celle d'avant")
        yield wording.fill(n=body["number"])
        return
    ranked = pool.rank(row.rule_set, row.terms.list)
    invited, after = ranked[: row.terms.size], ranked[row.terms.size : row.terms.size + 1]
    ends = (invited[-1].crs, instant_text(invited[-1].submitted_at)) if invited else (None, None)
    parts = {
        "rule_set": row.rule_set == pool.in_force == body["rule_set"]
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
            wording = Text("round {n}: the {p} cannot be reproduced", "ronde {n} : non reproduit : {p}")
            yield wording.fill(n=row.number, p=_PARTS[name])


_PARTS = {
    "rule_set": Text("rule set", "ensemble de règles"),
    "terms": Text("terms", "termes"),
    "invited": Text("list of the invited", "liste des invités"),
    "next": Text("first candidate not invited", "premier candidat non invité"),
    "cutoff": Text("cut-off", "note minimale"),
    "tie_break": Text("tie-break", "bris d'égalité"),
    "head": Text("head of the chain", "tête de la chaîne"),
}


def _terms_digest(terms: Mapping[str, Any]) -> str:
    return Terms(terms["kind"], terms["size"], date.fromisoformat(terms["day"]), terms["of"]).digest


def _differences(rebuilt: Snapshot, tables: Snapshot) -> Iterator[Text]:
    """Where the tables differ from the pool rebuilt from the events."""
    if rebuilt.in_force != tables.in_force:
        yield Text("the tables have another rule set in force", "les tables ont un autre ensemble de règles en vigueur")
    wording = Text("candidate {n}: {w} differs from the events", "candidat {n} : {w} diffère des événements")
    for id_ in sorted({*rebuilt.states, *tables.states}):
        if rebuilt.states.get(id_) != tables.states.get(id_):
            yield wording.fill(n=id_, w=Text("state", "état"))
        elif rebuilt.scores.get(id_) != tables.scores.get(id_):
            yield wording.fill(n=id_, w=Text("score", "note"))
