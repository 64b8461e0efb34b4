"""A new law (IRPA 10.3(3)): the whole pool scored under it beside the old, then taken into force by one row."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from expressentry.pool.acts.common import Acts, happened, refusal, told
from expressentry.pool.acts.model import RuleSetRow, Standing
from expressentry.pool.acts.ports import Tx
from expressentry.text import Text

if TYPE_CHECKING:
    import polars as pl

BATCH = 50
BULK = 20_000
"""So many in one act: a round waits for the act that runs, and whoever comes after waits for the round."""


@dataclass(frozen=True, slots=True)
class Rescored:
    """What a re-scoring did: how many now, whether the new law has taken force, and who left by it."""

    rule_set: str
    scored: int
    in_force: bool
    ineligible: int = 0


class Rescoring(Acts):
    """Begin, go on with, and take into force the scores of another law."""

    def init(self, day: date, at: datetime, actor: str) -> bool:
        """Open an empty pool under the law of a day; False where there is one already."""

        def work(tx: Tx) -> bool:
            if tx.rule_sets():
                return False
            id_ = self._open(tx, day, at, actor)
            self._take(tx, id_, at, actor)
            return True

        return self.store.alone(work)

    def rescore(
        self, on: date, at: datetime, actor: str, progress: Callable[[int], None] | None = None
    ) -> Rescored | None:
        """Score the whole pool under the law of a day; None where that law is in force already.

        Submissions go on meanwhile. A crash loses nothing: called again, it goes on where it stopped. The law takes
        force when its day has come; before, the scores wait, kept current.
        """
        building = self.store.alone(lambda tx: self._begin(tx, on, at, actor))
        if building is None:
            return None
        scored = 0
        for done in chain(self._in_bulk(building, at, actor), self._one_by_one(building, at, actor)):
            scored += done
            if progress is not None:
                progress(done)
        if at.astimezone(UTC).date() < building.law_day:
            return Rescored(building.name, scored, in_force=False)
        left = self.store.alone(lambda tx: self._take(tx, building.id, at, actor))
        self.store.act(_clear)
        return Rescored(building.name, scored, in_force=True, ineligible=left)

    def _begin(self, tx: Tx, on: date, at: datetime, actor: str) -> RuleSetRow | None:
        sets, wanted = self._active(tx), self.scorer.law(on)
        for one in sets:
            if one.digest == wanted.digest:
                return one if one.state == "building" else None
        if len(sets) > 1:
            rule = Text("{n} is being scored", "{n} est en cours de calcul").fill(n=sets[1].name)
            fix = Text("finish it: --on {d}", "le terminer : --on {d}").fill(d=sets[1].law_day)
            raise refusal("other_building", "on", rule, fix, on)
        id_ = self._open(tx, on, at, actor)
        return next(one for one in tx.rule_sets() if one.id == id_)

    def _open(self, tx: Tx, day: date, at: datetime, actor: str) -> int:
        name = self.scorer.law(day)
        id_ = tx.open_rule_set(name, day)
        body = {"rule_set": id_, "name": name.name, "digest": name.digest, "law_day": str(day)}
        tx.write([happened("rule_set_opened", at, actor, body)])
        return id_

    def _in_bulk(self, building: RuleSetRow, at: datetime, actor: str) -> Iterator[int]:
        """Score those whose stored factors are sure, a batch after the other; yields how many each time.

        Read and scored outside the act, so that nobody waits for it, and while the batch before is stored: whoever
        changes meanwhile is scored by that change, and a standing that is there already is kept.
        """
        score = getattr(self.scorer, "score_table", None)
        if score is None:
            return
        on = self._day(building, at.astimezone(UTC).date())
        with closing(self.store.beside()) as beside, ThreadPoolExecutor(1) as ahead:

            def scored_after(last: int) -> pl.DataFrame | None:
                csv = beside.look(lambda tx: tx.sure_factors(building.id, last, on, BULK))
                return None if csv is None else score(csv, building.law_day)

            coming = ahead.submit(scored_after, 0)
            while (scored := coming.result()) is not None:
                coming = ahead.submit(scored_after, scored.select("interest").max().item())
                yield self.store.act(partial(self._add_scored, building.id, scored, at, actor))

    def _add_scored(self, rule_set: int, scored: pl.DataFrame, at: datetime, actor: str, tx: Tx) -> int:
        batch = tx.add_scored(rule_set, scored)
        self._kept(tx, rule_set, batch.ids, batch.rows, at, actor)
        return len(batch.ids)

    def _one_by_one(self, building: RuleSetRow, at: datetime, actor: str) -> Iterator[int]:
        """Score those who are left from their facts; yields how many each time."""
        last: int | None = 0
        while last is not None:
            after = last
            last, done = self.store.act(lambda tx: self._batch(tx, building, after, at, actor))  # noqa: B023
            if last is not None:
                yield done

    def _batch(self, tx: Tx, building: RuleSetRow, after: int, at: datetime, actor: str) -> tuple[int | None, int]:
        """Score some who have no score yet."""
        ids = tx.unscored(building.id, after, BATCH)
        if not ids:
            return None, 0
        day = self._day(building, at.astimezone(UTC).date())
        facts = tx.facts(ids)
        found = {id_: self.scorer.score(facts[id_], day, [building.law_day])[0].standing for id_ in ids}
        self._keep(tx, building.id, found, at, actor)
        return ids[-1], len(ids)

    def _keep(self, tx: Tx, rule_set: int, found: Mapping[int, Standing], at: datetime, actor: str) -> None:
        added = sorted(tx.add_standings(rule_set, found))
        self._kept(tx, rule_set, added, packed({id_: found[id_] for id_ in added}), at, actor)

    @staticmethod
    def _kept(tx: Tx, rule_set: int, ids: Sequence[int], rows: bytes, at: datetime, actor: str) -> None:
        """Keep the rows of a batch, and write the event that has their digest."""
        if ids:
            digest = hashlib.sha256(rows).hexdigest()
            tx.keep_batch(rule_set, ids, digest, rows)
            body = {"rule_set": rule_set, "batch": ids[0], "candidates": len(ids), "digest": digest}
            tx.write([happened("rescored", at, actor, body)])

    def _take(self, tx: Tx, id_: int, at: datetime, actor: str) -> int:
        """Let a law take force once nobody is left without a score under it."""
        if tx.unscored(id_, 0, 1):
            rule = Text("candidates came that are not scored", "des candidats arrivés ne sont pas calculés")
            raise refusal("not_scored", "on", rule, Text("run it again", "relancer"))
        tx.take(id_)
        tx.write([happened("law_in_force", at, actor, {"rule_set": id_})])
        out = tx.ineligible(id_)
        self._leave(tx, out, "ineligible", happened("ineligible", at, actor))
        return len(out)


def _clear(tx: Tx) -> None:
    for one in range(1, tx.rule_sets()[0].id):
        tx.clear(one)


def packed(standings: Mapping[int, Standing]) -> bytes:
    """The rows of a batch, small: one JSON line a candidate, compressed."""
    lines = (json.dumps([id_, *told(one)], separators=(",", ":")) for id_, one in standings.items())
    return zlib.compress("\n".join(lines).encode(), 1)


def unpacked(rows: bytes) -> dict[int, Standing]:
    """The rows of a batch again."""
    found = {}
    for line in zlib.decompress(rows).decode().splitlines():
        id_, eligible, crs, program, lists = json.loads(line)
        found[id_] = Standing(eligible, crs, program, tuple(lists))
    return found
