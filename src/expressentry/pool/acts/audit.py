"""Seal the events, and verify the pool: check the chain, rebuild the pool, compare it, and compute scores again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from expressentry.errors import PoolError
from expressentry.pool.acts.compare import differences, unread
from expressentry.pool.acts.events import GENESIS, event_hash, terms_of
from expressentry.pool.acts.facts import factors_digest, factors_row, nominations_told
from expressentry.pool.acts.model import Event, Head, RuleSetName, RuleSetRow
from expressentry.pool.acts.pool_acts import UNREADABLE, PoolActs
from expressentry.pool.acts.ports import StoredProfile, Tx
from expressentry.pool.acts.rebuild import Candidate, Rebuilt
from expressentry.pool.acts.refusals import REASONS, UPKEEP, refusal
from expressentry.text import Text


@dataclass
class Verified:
    """What a verification found: how many events and rounds were checked, and everything that does not agree.

    `unread` is what the role that asked may not read, and what was therefore not compared.
    """

    events: int = 0
    rounds: int = 0
    head: str = GENESIS
    wrong: list[Text] = field(default_factory=list)
    unread: list[Text] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.wrong


BATCH = 500
_MAY_PASS = ("no_connection", "connection_lost", "too_many", "08", "25", "40", "53", "55", "57")
"""How codes of errors begin that say nothing of the pool: no connection, no room, or somebody else was in the way."""
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

    def heads(self) -> list[Head]:
        """The heads of the chain to be published: at each round, and the newest.

        Others who keep them can find out later whether anything before them was changed (`verify`).
        """

        def work(tx: Tx) -> list[Head]:
            at_rounds = [Head(one.event, one.head, one.number) for one in tx.rounds()]
            seq, newest = tx.head()
            return (
                at_rounds if not seq or (at_rounds and at_rounds[-1].event == seq) else [*at_rounds, Head(seq, newest)]
            )

        self.seal_if_allowed()
        return self.store.read(work)

    def hashes(self, numbers: Collection[int]) -> dict[int, str]:
        """The hash of each of some sealed events, by its number; of those that the chain has."""
        wanted = set(numbers)

        def work(tx: Tx) -> dict[int, str]:
            events = tx.events(min(wanted) - 1) if wanted else ()
            return {one.seq: one.hash for one in events if one.seq in wanted}

        return self.store.read(work)

    def verify(self, heads: Iterable[Head] = (), scores_on: date | None = None) -> Verified:
        """Check the chain, rebuild the pool from it, rank each round again, and compare all tables with the rebuilt.

        The schema is compared with the one that our migrations make.

        Args:
            heads: Heads that were published. They prove that nobody replaced the chain, and that no event is missing
                that there was: the chain alone cannot, since the owner of the server can compute it again.
            scores_on: A day; every score in the pool is computed again from the facts of that day, or of the later day
                for which the pool has looked at a candidate. The chain proves that nothing was changed after it was
                written, but not that what was written was right: a site that submits for people computes their scores
                too.

        Raises:
            UsageError: Scores are asked for, and facts of candidates change by that day.
        """

        def work(tx: Tx) -> Verified:
            found, pool = _verify(tx, list(heads))
            found.wrong += unsealed
            if scores_on is not None:
                found.wrong += self._wrong_law(pool)
                found.wrong += self._wrong_scores(tx, pool, scores_on)
            return found

        unsealed: list[Text] = []
        try:
            self.seal_if_allowed()
        except PoolError as error:
            if error.problems[0].code.startswith(_MAY_PASS):
                raise
            # A sealer that was tampered with; who cannot read either is told below.
            unsealed.append(_UNSEALED.fill(w=error.problems[0].rule))
        return self.store.read(work)

    def _wrong_law(self, pool: Rebuilt) -> Iterator[Text]:
        """What the law does not say: a rule set, the term of a profile, the window of an open invitation."""
        for id_ in pool.active:
            rules = pool.rule_sets[id_]
            if self.scorer.law(date.fromisoformat(rules.law_day)) != RuleSetName(rules.name, rules.digest):
                wording = Text("rule set {n} is not the law of {d}", "l'ensemble de règles {n} n'est pas la loi du {d}")
                yield wording.fill(n=id_, d=rules.law_day)
        for id_, one in pool.candidates.items():
            if one.state == "in_pool":
                ends = self.scorer.profile_ends(datetime.fromisoformat(one.submitted_at))
                if one.expires_on != str(ends):
                    yield _WRONG.fill(
                        n=id_, w=Text("the profile ends on {d}", "le profil prend fin le {d}").fill(d=ends)
                    )
        for _, body in pool.rounds:
            answer_by = self.scorer.answer_by(terms_of(body["terms"]).day)
            if answer_by is not None and body["answer_by"] != str(answer_by):
                wording = Text(
                    "round {n}: the time to answer ends on {d}", "ronde {n} : le délai pour répondre finit le {d}"
                )
                yield wording.fill(n=body["number"], d=answer_by)

    def _wrong_scores(self, tx: Tx, pool: Rebuilt, day: date) -> Iterator[Text]:
        """Score everyone in the pool again as of a day; whose facts or score are not what the pool has.

        Facts that were derived on a later day are derived for that day.
        """
        if tx.needs_review(day):
            raise refusal("stale", "on", REASONS["stale"], UPKEEP, day)
        rules = [(id_, pool.rule_sets[id_]) for id_ in pool.active]
        sets = [RuleSetRow(n, one.name, date.fromisoformat(one.law_day), one.digest, one.state) for n, one in rules]
        ids = sorted(id_ for id_, one in pool.candidates.items() if one.state == "in_pool")
        for start in range(0, len(ids), BATCH):
            profiles = tx.profiles(ids[start : start + BATCH])
            for id_ in ids[start : start + BATCH]:
                for what in self._wrong_in(profiles.get(id_), pool.candidates[id_], day, sets):
                    yield _WRONG.fill(n=id_, w=what)

    def _wrong_in(
        self, stored: StoredProfile | None, one: Candidate, day: date, sets: Sequence[RuleSetRow]
    ) -> Iterator[Text]:
        if stored is None:
            yield Text("the facts are missing", "les faits manquent")
            return
        try:
            scored = self.score_facts(stored.facts, max(day, date.fromisoformat(one.derived_on)), sets)
            nominations = nominations_told(stored.facts)
        except UNREADABLE:
            yield Text("the facts cannot be read", "les faits ne peuvent être lus")
            return
        if nominations != one.nominations:
            yield Text("the nominations are others", "les désignations sont autres")
        if any(found.score != one.scores.get(rule_set) for rule_set, found in scored.items()):
            yield Text("the facts give another score", "les faits donnent une autre note")
        elif factors_digest(stored.salt, factors_row(scored)) != one.factors.hex():
            yield Text("the facts give other derived facts", "les faits donnent d'autres faits dérivés")


_WRONG = Text("candidate {n}: {w}", "candidat {n} : {w}")
_UNSEALED = Text("events cannot be sealed: {w}", "des événements ne peuvent être scellés : {w}")
_OTHER = Text("event {n} is not the one that was published", "l'événement {n} n'est pas celui qui fut publié")
_REHEARSAL = Text(
    "whether the pool is a rehearsal is not what its first event says",
    "que le bassin soit une répétition ou non n'est pas ce que dit son premier événement",
)
_MISSING = Text("event {n} was published, and is missing", "l'événement {n} fut publié, et il manque")
_MISSING_ROUND = Text(
    "round {r} was published, and its event {n} is missing",
    "la ronde {r} fut publiée, et son événement {n} manque",
)


def _verify(tx: Tx, heads: list[Head]) -> tuple[Verified, Rebuilt]:
    tx.keep_scores()
    found, pool, before = Verified(), Rebuilt(tx), GENESIS
    published: dict[int, list[Head]] = {}
    for head in heads:
        published.setdefault(head.event, []).append(head)
    for event in tx.events():
        found.events += 1
        if event.seq != found.events or event_hash(before, event) != event.hash:
            wording = Text("the chain is broken at event {n}", "la chaîne est rompue à l'événement {n}")
            found.wrong.append(wording.fill(n=event.seq))
        before = event.hash
        pool.apply(event)
        for head in published.pop(event.seq, ()):
            if head.hash != event.hash or head.round not in (None, _round_at(event, pool)):
                found.wrong.append(_OTHER.fill(n=event.seq))
    for head in (one for left in published.values() for one in left):
        found.wrong.append((_MISSING if head.round is None else _MISSING_ROUND).fill(n=head.event, r=head.round))
    for event in tx.waiting():  # done, and in the tables, but not yet in the chain
        pool.apply(event)
    if pool.rehearsal is not tx.rehearsal():
        found.wrong.append(_REHEARSAL)
    found.head, found.rounds, found.unread = before, len(pool.rounds), unread(tx)
    found.wrong += [*pool.wrong, *differences(tx, pool)]
    for change in tx.changes_of_schema():
        found.wrong.append(Text("the schema was changed: {c}", "le schéma a été modifié : {c}").fill(c=change))
    return found, pool


def _round_at(event: Event, pool: Rebuilt) -> int | None:
    """The number of the round of an event, where it is one."""
    return pool.rounds[-1][1]["number"] if pool.rounds and pool.rounds[-1][0] is event else None
