"""The upkeep of a day: invitations lapse, profiles expire, and candidates whose facts have changed are scored again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from functools import partial

from expressentry.pool.acts.events import new_event, score_records
from expressentry.pool.acts.model import Upkeep
from expressentry.pool.acts.pool_acts import PoolActs
from expressentry.pool.acts.ports import Tx

BATCH = 500
REVIEW_BATCH = 25
"""So many are derived and scored again in one act: a round waits for the act, and others wait for the round."""


class DailyUpkeep(PoolActs):
    """Do what a day asks for."""

    def upkeep(self, day: date, at: datetime, actor: str = "daily") -> Upkeep:
        """Do a day's upkeep: invitations lapse, profiles expire, candidates whose facts change are reviewed.

        Only candidates whose facts change by this day are scored again. Asked twice on a day, it is done once.
        """
        done = Upkeep()
        for step in (self._lapse, self._expire, self._review):
            while True:
                more = self.store.write(partial(step, day, at, actor))
                if more is None:
                    break
                done = Upkeep(*(a + b for a, b in zip(asdict(done).values(), asdict(more).values(), strict=True)))
        return done

    def _lapse(self, day: date, at: datetime, actor: str, tx: Tx) -> Upkeep | None:
        found = tx.overdue_invitations(day, BATCH)
        if not found:
            return None
        tx.interests([one.interest for one in found])
        tx.close([one.id for one in found], "lapsed")
        self._leave(tx, [one.interest for one in found], "lapsed", new_event("lapsed", at, actor))
        return Upkeep(lapsed=len(found))

    def _expire(self, day: date, at: datetime, actor: str, tx: Tx) -> Upkeep | None:
        found = [one.id for one in tx.interests(tx.expiring(day, BATCH)) if one.state == "in_pool"]
        if not found:
            return None
        self._leave(tx, found, "expired", new_event("expired", at, actor))
        return Upkeep(expired=len(found))

    def _review(self, day: date, at: datetime, actor: str, tx: Tx) -> Upkeep | None:
        """Derive the facts of the day and score them; there is an event only where a score changes."""
        ids = tx.to_review(day, REVIEW_BATCH)
        if not ids:
            return None
        sets, facts = self.active_rule_sets(tx), tx.facts(ids)
        before = tx.scores(ids)
        scored = {id_: self.score_facts(facts[id_], day, sets) for id_ in ids}
        tx.put_scores(scored)
        # While another law is being scored, some have no score under it yet; one that they get here is a change too.
        changed = [id_ for id_ in ids if any(one.score != before[id_].get(s) for s, one in scored[id_].items())]
        tx.record(
            [new_event("due", at, actor, {"interest": i, "standings": score_records(scored[i])}) for i in changed]
        )
        pool = {one.id for one in tx.interests(changed) if one.state == "in_pool"}
        out = [i for i in changed if i in pool and not scored[i][sets[0].id].score.eligible]
        self._leave(tx, out, "ineligible", new_event("ineligible", at, actor))
        return Upkeep(looked_at=len(ids), changed=len(changed), ineligible=len(out))
