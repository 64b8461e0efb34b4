"""What all acts of the pool share: the store, the law, how events are written and mistakes are said."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from expressentry.errors import ABSENT, Problem, UsageError
from expressentry.pool.acts.model import (
    LIVE,
    Event,
    Interest,
    RuleSetRow,
    Scored,
    Scorer,
    Standing,
    State,
    canonical,
)
from expressentry.pool.acts.ports import Store, Tx
from expressentry.text import Text


class Acts:
    """A pool: a store, and the law by which it scores."""

    def __init__(self, store: Store, scorer: Scorer) -> None:
        self.store, self.scorer = store, scorer

    def _active(self, tx: Tx) -> list[RuleSetRow]:
        """The rule sets that every change of a candidate is scored under."""
        found = tx.rule_sets()
        if not found or found[0].state != "in_force":
            raise refusal("no_pool", "pool", _NO_POOL, _INIT)
        return found

    def _score(self, facts: Mapping[str, Any], day: date, sets: Sequence[RuleSetRow]) -> dict[int, Scored]:
        """Score facts under each rule set; one that is not yet in force looks at its first day, not before."""
        found: dict[int, Scored] = {}
        for on in sorted({self._day(one, day) for one in sets}):
            same_day = [one for one in sets if self._day(one, day) == on]
            scored = self.scorer.score(facts, on, [one.law_day for one in same_day])
            found |= {one.id: score for one, score in zip(same_day, scored, strict=True)}
        return {one.id: found[one.id] for one in sets}

    @staticmethod
    def _day(one: RuleSetRow, day: date) -> date:
        return day if one.state == "in_force" else max(day, one.law_day)

    def _live(self, tx: Tx, id_: int, states: Sequence[State] = LIVE) -> Interest:
        """One expression of interest, locked, in one of the states named."""
        found = tx.interests([id_])
        if not found:
            raise refusal("unknown_interest", "interest", _UNKNOWN, _SHOW, id_)
        if found[0].state not in states:
            rule = Text("must be {s}, and is {t}", "doit être {s}, et est {t}")
            raise refusal("wrong_state", "interest", rule.fill(s="/".join(states), t=found[0].state), _SHOW, id_)
        return found[0]

    def _leave(self, tx: Tx, ids: Sequence[int], state: State, event: Event) -> None:
        """Move candidates and write one event that says so."""
        if ids:
            tx.move(ids, state)
            body = {**json.loads(event.body), "interests": list(ids), "state": state}
            tx.write([Event(event.kind, event.at, event.actor, event.reason, canonical(body))])


def happened(kind: str, at: datetime, actor: str, body: Mapping[str, Any] | None = None, reason: str = "") -> Event:
    """An event, not yet sealed."""
    if at.tzinfo is None:
        raise refusal("no_zone", "at", _ZONE, Text("give it in UTC", "le donner en UTC"), at)
    return Event(kind, at.astimezone(UTC), actor, reason, canonical(body or {}))


def told(standing: Standing) -> list[Any]:
    """A standing as it stands in events."""
    return [standing.eligible, standing.crs, standing.program, list(standing.lists)]


def told_all(scored: Mapping[int, Scored]) -> dict[str, list[Any]]:
    """Standings by rule set as they stand in events."""
    return {str(id_): told(one.standing) for id_, one in scored.items()}


def first_due(scored: Iterable[Scored]) -> date | None:
    """The first day on which any of them is to be looked at again."""
    return min((one.due for one in scored if one.due is not None), default=None)


def new_salt() -> str:
    """A salt that nobody can guess."""
    return secrets.token_hex(16)


def refusal(code: str, field: str, rule: Text, fix: Text, value: object = ABSENT) -> UsageError:
    """The error for an act that cannot be done."""
    return UsageError(Problem(code, field, rule, fix, value))


_NO_POOL = Text("there is no pool here yet", "il n'y a pas encore de bassin ici")
_INIT = Text("run `expressentry pool init`", "lancer `expressentry pool init`")
_UNKNOWN = Text("no such expression of interest", "déclaration d'intérêt inconnue")
_SHOW = Text("see `expressentry pool show`", "voir `expressentry pool show`")
_ZONE = Text("an instant needs its zone", "un instant exige son fuseau")
