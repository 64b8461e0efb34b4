"""Another law (IRPA 10.3(3)): the whole pool is scored under it beside the old one; one row brings it into force."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from expressentry.errors import FactorsError
from expressentry.pool.acts.events import new_event, packed
from expressentry.pool.acts.model import CandidateScore, RuleSetRow
from expressentry.pool.acts.pool_acts import PoolActs, unreadable
from expressentry.pool.acts.ports import Tx
from expressentry.pool.acts.refusals import refusal
from expressentry.text import Text

if TYPE_CHECKING:
    import polars as pl

BATCH = 50
BULK = 20_000
"""So many in one act: a round waits for the act that runs, and later acts wait for the round."""


@dataclass(frozen=True, slots=True)
class Rescored:
    """What a re-scoring did: how many now, whether the law is in force, and how many left because of it."""

    rule_set: str
    scored: int
    in_force: bool
    ineligible: int = 0


class Rescoring(PoolActs):
    """Score the pool under another law, and bring that law into force."""

    def init(self, day: date, at: datetime, actor: str, rehearsal: bool = False) -> bool:
        """Open an empty pool under the law of a day; False where there is one already.

        Args:
            day: The day whose law it begins with.
            at: The instant.
            actor: Who acts.
            rehearsal: The pool takes invented days and instants. One that is none takes what is now by the clock of
                its server, and can never be made a rehearsal.
        """

        def work(tx: Tx) -> bool:
            if tx.rule_sets():
                return False
            tx.open(rehearsal)
            id_ = self._open(tx, day, at, actor)
            self._bring_into_force(tx, id_, at, actor)
            return True

        return self.store.write_exclusive(work)

    def rescore(
        self, on: date, at: datetime, actor: str, progress: Callable[[int], None] | None = None
    ) -> Rescored | None:
        """Score the whole pool under the law of a day; None where that law is in force already.

        Submissions go on meanwhile. A crash loses nothing: called again, it goes on where it stopped. The law comes
        into force when its day has come; until then its scores are kept current.

        Raises:
            UsageError: There is no pool, another law is being scored, candidates came in too fast, or facts of some
                cannot be read; it names these, and all others are scored.
        """
        building = self.store.write_exclusive(lambda tx: self._begin(tx, on, at, actor))
        if building is None:
            self.store.write_aside(_clear)
            return None
        scored, unread = 0, list[int]()
        for done in chain(self._in_bulk(building, at, actor), self._one_by_one(building, at, actor, unread)):
            scored += done
            if progress is not None:
                progress(done)
        if unread:
            raise unreadable(unread)
        if at.astimezone(UTC).date() < building.law_day:
            return Rescored(building.name, scored, in_force=False)
        left = self.store.write_exclusive(lambda tx: self._bring_into_force(tx, building.id, at, actor))
        self.store.write_aside(_clear)
        return Rescored(building.name, scored, in_force=True, ineligible=left)

    def _begin(self, tx: Tx, on: date, at: datetime, actor: str) -> RuleSetRow | None:
        sets, wanted = self.active_rule_sets(tx), self.scorer.law(on)
        for one in sets:
            if one.digest == wanted.digest:
                return one if one.state == "building" else None
        if len(sets) > 1:
            rule = Text("the pool is being scored under {n}", "le bassin est en cours de calcul selon {n}")
            fix = Text("finish that first, with --on {d}", "le terminer d'abord, avec --on {d}")
            raise refusal("other_building", "on", rule.fill(n=sets[1].name), fix.fill(d=sets[1].law_day), on)
        id_ = self._open(tx, on, at, actor)
        return next(one for one in tx.rule_sets() if one.id == id_)

    def _open(self, tx: Tx, day: date, at: datetime, actor: str) -> int:
        name = self.scorer.law(day)
        id_ = tx.open_rule_set(name, day)
        body = {
            "rule_set": id_,
            "name": name.name,
            "digest": name.digest,
            "law_day": str(day),
            "rehearsal": tx.rehearsal(),
        }
        tx.record([new_event("rule_set_opened", at, actor, body)])
        return id_

    def _in_bulk(self, building: RuleSetRow, at: datetime, actor: str) -> Iterator[int]:
        """Score those whose stored factors are sure, a batch after the other; yields how many each time.

        Read and scored outside the act, so that nobody waits for it, and while the batch before is stored. A candidate
        who changes meanwhile is scored by that change; a score that is there already is kept.
        """
        on = self._day(building, at.astimezone(UTC).date())
        with closing(self.store.clone()) as store, ThreadPoolExecutor(1) as ahead:

            def scored_after(last: int) -> tuple[pl.DataFrame | None, int] | None:
                csv = store.read(lambda tx: tx.sure_factors(building.id, last, on, BULK))
                return None if csv is None else (self._readable(csv, building.law_day), _last_of(csv))

            coming = ahead.submit(scored_after, 0)
            while (found := coming.result()) is not None:
                scored, last = found
                coming = ahead.submit(scored_after, last)
                if scored is not None:
                    yield self.store.write(partial(self._add_scored, building.id, scored, at, actor))

    def _readable(self, csv: bytes, law_day: date) -> pl.DataFrame | None:
        """Score a table; rows that cannot be read are found by halves and left out: they come again from the facts."""
        try:
            return self.scorer.score_table(csv, law_day)
        except FactorsError:
            head, *rows = csv.splitlines(keepends=True)
        if len(rows) == 1:
            return None
        halves = (rows[: len(rows) // 2], rows[len(rows) // 2 :])
        parts = [self._readable(b"".join([head, *half]), law_day) for half in halves]
        whole = [one for one in parts if one is not None]
        return whole[0].vstack(whole[1]) if len(whole) > 1 else next(iter(whole), None)

    def _add_scored(self, rule_set: int, scored: pl.DataFrame, at: datetime, actor: str, tx: Tx) -> int:
        batch = tx.add_scored(rule_set, scored)
        self._kept(tx, rule_set, batch.ids, batch.rows, at, actor)
        return len(batch.ids)

    def _one_by_one(self, building: RuleSetRow, at: datetime, actor: str, unread: list[int]) -> Iterator[int]:
        """Score the others from their facts, outside the act as well; yields how many each time.

        Those whose facts cannot be read are added to `unread`, and left out.
        """
        day, last = self._day(building, at.astimezone(UTC).date()), 0

        def look(tx: Tx) -> dict[int, dict[str, Any]]:
            return tx.facts(tx.unscored(building.id, last, BATCH))

        while facts := self.store.read(look):
            known = {i: self.score_stored(one, day, [building]) for i, one in sorted(facts.items())}
            unread += [i for i, one in known.items() if one is None]
            found = {i: one[building.id].score for i, one in known.items() if one is not None}
            last = max(facts)
            self.store.write(partial(self._keep, building.id, found, at, actor))
            yield len(found)

    def _keep(self, rule_set: int, found: Mapping[int, CandidateScore], at: datetime, actor: str, tx: Tx) -> None:
        added = sorted(tx.add_scores(rule_set, found))
        self._kept(tx, rule_set, added, packed({id_: found[id_] for id_ in added}), at, actor)

    @staticmethod
    def _kept(tx: Tx, rule_set: int, ids: Sequence[int], rows: bytes, at: datetime, actor: str) -> None:
        """Keep the rows of a batch, and write the event that has their digest."""
        if ids:
            digest = hashlib.sha256(rows).hexdigest()
            tx.keep_batch(rule_set, ids, digest, rows)
            named = {"batch": ids[0], "last": ids[-1], "candidates": len(ids)}
            body = {"rule_set": rule_set, **named, "digest": digest}
            tx.record([new_event("rescored", at, actor, body)])

    def _bring_into_force(self, tx: Tx, id_: int, at: datetime, actor: str) -> int:
        """Bring a law into force once everyone has a score under it."""
        if tx.unscored(id_, 0, 1):
            rule = Text(
                "new candidates were submitted during the re-scoring",
                "de nouveaux candidats ont été soumis pendant le recalcul",
            )
            fix = Text("run `expressentry pool rescore` again", "relancer `expressentry pool rescore`")
            raise refusal("not_scored", "on", rule, fix)
        tx.record([new_event("law_in_force", at, actor, {"rule_set": id_})])
        out = tx.ineligible(id_)
        self._leave(tx, out, "ineligible", "ineligible", at, actor)
        return len(out)


def _last_of(csv: bytes) -> int:
    """The number of the last candidate of a table."""
    return int(csv.rstrip().rpartition(b"\n")[2].partition(b",")[0])


def _clear(tx: Tx) -> None:
    """Remove the scores of laws that are no longer in force; where somebody reads them, the next re-scoring does."""
    for one in range(1, tx.rule_sets()[0].id):
        tx.clear(one)
