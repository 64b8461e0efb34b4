"""The upkeep of a day: invitations lapse, profiles expire, and candidates whose facts have changed are scored again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from functools import partial
from typing import Any

from expressentry.pool.acts.events import new_event, score_records
from expressentry.pool.acts.facts import factors_digest, factors_row
from expressentry.pool.acts.model import Scored, Upkeep, first_review
from expressentry.pool.acts.pool_acts import PoolActs
from expressentry.pool.acts.ports import Kept, Tx

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
        more = {"day": str(day), "invitations": [one.id for one in found]}
        self._leave(tx, [one.interest for one in found], "lapsed", "lapsed", at, actor, more)
        return Upkeep(lapsed=len(found))

    def _expire(self, day: date, at: datetime, actor: str, tx: Tx) -> Upkeep | None:
        found = [one.id for one in tx.interests(tx.expiring(day, BATCH)) if one.state == "in_pool"]
        if not found:
            return None
        self._leave(tx, found, "expired", "expired", at, actor, {"day": str(day)})
        return Upkeep(expired=len(found))

    def _review(self, day: date, at: datetime, actor: str, tx: Tx) -> Upkeep | None:
        """Derive the facts of the day and score them; an event for each whose score changes, and one for all others."""
        ids = tx.to_review(day, REVIEW_BATCH)
        if not ids:
            return None
        sets, profiles = self.active_rule_sets(tx), tx.profiles(ids)
        before = tx.scores(ids)
        scored = {id_: self.score_facts(profiles[id_].facts, day, sets) for id_ in ids}
        factors = {id_: factors_row(next(iter(scored[id_].values()))) for id_ in ids}
        # While another law is being scored, some have no score under it yet; one that they get here is a change too.
        changed = [id_ for id_ in ids if any(one.score != before[id_].get(s) for s, one in scored[id_].items())]
        told = {id_: _review(scored[id_], profiles[id_].salt, factors[id_]) for id_ in ids}
        bodies = [{"interest": i, "day": str(day), **told[i], "standings": score_records(scored[i])} for i in changed]
        tx.record([new_event("due", at, actor, body) for body in bodies], {i: Kept(factors[i]) for i in changed})
        unchanged = sorted(set(ids).difference(changed))
        same = [[i, *told[i].values()] for i in unchanged]
        if same:
            tx.record(
                [new_event("reviewed", at, actor, {"day": str(day), "reviews": same})],
                {i: Kept(factors[i]) for i in unchanged},
            )
        pool = {one.id for one in tx.interests(changed) if one.state == "in_pool"}
        out = [i for i in changed if i in pool and not scored[i][sets[0].id].score.eligible]
        self._leave(tx, out, "ineligible", "ineligible", at, actor)
        return Upkeep(looked_at=len(ids), changed=len(changed), ineligible=len(out))


def _review(scored: Mapping[int, Scored], salt: str, row: Mapping[str, Any]) -> dict[str, str | None]:
    """What a review found beside the scores: the next day of review, and the factors."""
    review_on = first_review(scored.values())
    return {"review_on": str(review_on) if review_on else None, "factors": factors_digest(salt, row)}
