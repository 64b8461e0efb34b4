"""The upkeep of a day: invitations lapse, profiles expire, and candidates whose facts have changed are scored again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from functools import partial

from expressentry.pool.acts.events import new_event, score_records
from expressentry.pool.acts.facts import factors_row, facts_told
from expressentry.pool.acts.model import LIVE, Interest, RuleSetRow, Scored, Upkeep
from expressentry.pool.acts.pool_acts import PoolActs, unreadable
from expressentry.pool.acts.ports import Kept, StoredProfile, Tx

BATCH = 500
REVIEW_BATCH = 25
"""So many are derived and scored, and then stored in one act."""


class DailyUpkeep(PoolActs):
    """Do what a day asks for."""

    def upkeep(self, day: date, at: datetime, actor: str = "daily") -> Upkeep:
        """Do a day's upkeep: invitations lapse, profiles expire, candidates whose facts change are reviewed.

        Only candidates whose facts change by this day are scored again. Asked twice on a day, it is done once.

        Raises:
            UsageError: Facts of some cannot be read; it names them, and all others are done.
        """
        done, unread = Upkeep(), set[int]()
        steps = (partial(self.store.write, partial(step, day, at, actor)) for step in (self._lapse, self._expire))
        for step in (*steps, partial(self._review, day, at, actor, unread)):
            while (more := step()) is not None:
                done = Upkeep(*(a + b for a, b in zip(asdict(done).values(), asdict(more).values(), strict=True)))
        if unread:
            raise unreadable(sorted(unread))
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

    def _review(self, day: date, at: datetime, actor: str, unread: set[int]) -> Upkeep | None:
        """Derive the facts of the day for some whose day has come, and score them; None where there is nobody left.

        That is done outside the act, so that nobody waits for it. Who changed meanwhile is left for the next time.
        Those whose facts cannot be read are added to `unread`, and left out.
        """

        def look(tx: Tx) -> tuple[dict[int, StoredProfile], list[RuleSetRow]]:
            return tx.profiles(tx.to_review(day, REVIEW_BATCH, sorted(unread))), self.active_rule_sets(tx)

        profiles, sets = self.store.write(look)
        if not profiles:
            return None
        found = {id_: self.score_stored(one.facts, day, sets) for id_, one in sorted(profiles.items())}
        scored = {id_: one for id_, one in found.items() if one is not None}
        unread |= found.keys() - scored.keys()

        def work(tx: Tx) -> Upkeep:
            if tx.rule_sets() != sets:
                return Upkeep()
            live = [one.id for one in tx.interests(list(scored)) if one.state in LIVE and _is_due(one, day)]
            now = tx.profiles(live)
            return self._reviewed(tx, {i: scored[i] for i in live if now[i] == profiles[i]}, now, day, at, actor)

        return self.store.write(work)

    def _reviewed(
        self,
        tx: Tx,
        scored: Mapping[int, Mapping[int, Scored]],
        profiles: Mapping[int, StoredProfile],
        day: date,
        at: datetime,
        actor: str,
    ) -> Upkeep:
        """Store what a review found: an event for each whose score changes, and one for all others."""
        before = tx.scores(list(scored))
        # While another law is being scored, some have no score under it yet; one that they get here is a change too.
        changed = [i for i, found in scored.items() if any(one.score != before[i].get(s) for s, one in found.items())]
        factors = {i: factors_row(found) for i, found in scored.items()}
        told = {i: facts_told(found, profiles[i].salt, factors[i]) for i, found in scored.items()}
        bodies = [{"interest": i, "day": str(day), **told[i], "standings": score_records(scored[i])} for i in changed]
        tx.record([new_event("due", at, actor, body) for body in bodies], {i: Kept(factors[i]) for i in changed})
        unchanged = [i for i in scored if i not in changed]
        same = [[i, *told[i].values()] for i in unchanged]
        if same:
            tx.record(
                [new_event("reviewed", at, actor, {"day": str(day), "reviews": same})],
                {i: Kept(factors[i]) for i in unchanged},
            )
        pool = {one.id for one in tx.interests(changed) if one.state == "in_pool"}
        out = [i for i in changed if i in pool and not next(iter(scored[i].values())).score.eligible]
        self._leave(tx, out, "ineligible", "ineligible", at, actor)
        return Upkeep(looked_at=len(scored), changed=len(changed), ineligible=len(out))


def _is_due(one: Interest, day: date) -> bool:
    return one.review_on is not None and one.review_on <= day
