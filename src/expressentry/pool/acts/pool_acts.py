"""What every act of the pool uses: the store, the law by which candidates are scored, their rows and their moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from expressentry.errors import FactorsError, UsageError
from expressentry.pool.acts.events import new_event
from expressentry.pool.acts.model import LIVE, Interest, RuleSetRow, Scored, State
from expressentry.pool.acts.ports import Scorer, Store, Tx
from expressentry.pool.acts.refusals import INIT, NO_POOL, SHOW, UNKNOWN_INTEREST, refusal
from expressentry.text import Text

UNREADABLE = (FactorsError, KeyError, TypeError, AttributeError)
"""What is raised over facts that are stored and cannot be read: a site that was taken over can store any."""


def unreadable(ids: Sequence[int]) -> UsageError:
    """The error for candidates whose facts cannot be read, once the others are done; ten of them are named."""
    named = ", ".join(map(str, ids[:10])) + (" …" if len(ids) > 10 else "")
    return refusal("unreadable", "interest", _UNREADABLE.fill(n=len(ids)), _UNREADABLE_FIX, named)


_UNREADABLE = Text(
    "the stored facts of {n} candidates cannot be read; all others are done",
    "les faits enregistrés de {n} candidats sont illisibles; tous les autres sont traités",
)
_UNREADABLE_FIX = Text(
    "correct the facts with `expressentry pool update`, or end it with `expressentry pool bar` or `pool erase`",
    "corriger les faits avec `expressentry pool update`, ou y mettre fin avec `pool bar` ou `pool erase`",
)


class PoolActs:
    """A pool: a store, and the law by which it scores."""

    def __init__(self, store: Store, scorer: Scorer) -> None:
        self.store, self.scorer = store, scorer

    def is_rehearsal(self) -> bool:
        """Whether the pool is a rehearsal, which takes the days and instants that it is given."""
        return self.store.read(lambda tx: tx.rehearsal())

    def active_rule_sets(self, tx: Tx) -> list[RuleSetRow]:
        """The rule sets under which every change of a candidate is scored, the one in force first.

        Raises:
            UsageError: There is no pool yet.
        """
        found = tx.rule_sets()
        if not found or found[0].state != "in_force":
            raise refusal("no_pool", "pool", NO_POOL, INIT)
        return found

    def score_facts(self, facts: Mapping[str, Any], day: date, sets: Sequence[RuleSetRow]) -> dict[int, Scored]:
        """Score facts under each rule set, by its number; one not yet in force looks at its first day, not before.

        Raises:
            FactorsError: The facts are wrong.
        """
        found: dict[int, Scored] = {}
        for on in sorted({self._day(one, day) for one in sets}):
            same_day = [one for one in sets if self._day(one, day) == on]
            scored = self.scorer.score(facts, on, [one.law_day for one in same_day])
            found |= {one.id: score for one, score in zip(same_day, scored, strict=True)}
        return {one.id: found[one.id] for one in sets}

    def score_stored(self, facts: Mapping[str, Any], day: date, sets: Sequence[RuleSetRow]) -> dict[int, Scored] | None:
        """Score facts that are stored; None where they cannot be read, so that the others do not wait for these."""
        try:
            return self.score_facts(facts, day, sets)
        except UNREADABLE:
            return None

    @staticmethod
    def _day(one: RuleSetRow, day: date) -> date:
        return day if one.state == "in_force" else max(day, one.law_day)

    def _live(self, tx: Tx, id_: int, states: Sequence[State] = LIVE) -> Interest:
        """One expression of interest, locked, in one of the states named."""
        found = tx.interests([id_])
        if not found:
            raise refusal("unknown_interest", "interest", UNKNOWN_INTEREST, SHOW, id_)
        if found[0].state not in states:
            rule = Text("must be {s}, and is {t}", "doit être {s}, et est {t}")
            raise refusal("wrong_state", "interest", rule.fill(s="/".join(states), t=found[0].state), SHOW, id_)
        return found[0]

    def _leave(
        self,
        tx: Tx,
        ids: Sequence[int],
        state: State,
        kind: str,
        at: datetime,
        actor: str,
        more: Mapping[str, Any] | None = None,
        reason: str = "",
    ) -> None:
        """Let candidates move to another state by one event for all of them; `more` is what else it says."""
        if ids:
            tx.record([new_event(kind, at, actor, {**(more or {}), "interests": list(ids), "state": state}, reason)])
