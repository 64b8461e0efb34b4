"""The pool rebuilt from its events alone: states, submission times, scores and the rule set in force."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from expressentry.pool.acts.events import unpacked
from expressentry.pool.acts.kinds import read_body
from expressentry.pool.acts.model import LIVE, CandidateScore, Event, Place, Snapshot, State
from expressentry.pool.acts.ports import Tx
from expressentry.text import Text


class Rebuilt:
    """The pool as it becomes when the events happen again, one after the other."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.states: dict[int, State] = {}
        self.submitted_at: dict[int, datetime] = {}
        self.scores: dict[int, dict[int, CandidateScore]] = {}
        self.profiles: dict[int, str] = {}
        self.in_force: int | None = None
        self.wrong: list[Text] = []

    def apply(self, event: Event) -> None:
        """Let an event happen again; an event that cannot be read is noted in `wrong`."""
        try:
            self._apply(event, read_body(event.kind, event.body))
        except (KeyError, ValueError):
            wording = Text("event {n} cannot be read", "l'événement {n} ne peut être lu").fill(n=event.seq)
            self.wrong.append(wording)

    def _apply(self, event: Event, body: Mapping[str, Any]) -> None:
        if event.kind == "submitted":
            self.states[body["interest"]] = "in_pool"
            self.submitted_at[body["interest"]] = datetime.fromisoformat(body["submitted_at"])
        if "profile" in body:
            self.profiles[body["interest"]] = body["profile"]
        if "standings" in body:
            self._score(body["interest"], body["standings"])
        if event.kind == "rescored":
            self._batch(body)
        elif event.kind == "law_in_force":
            self.in_force = body["rule_set"]
            for one in self.scores.values():
                for old in [id_ for id_ in one if id_ < body["rule_set"]]:
                    del one[old]
        if event.kind == "round":
            for id_, *_ in body["places"]:
                self.states[id_] = "invited"
        elif "state" in body:
            for id_ in body["interests"]:
                self.states[id_] = body["state"]
                if body["state"] not in LIVE:
                    self.scores.pop(id_, None)

    def _score(self, interest: int, scores: Mapping[str, list[Any]]) -> None:
        rows = self.scores.setdefault(interest, {})
        for id_, (eligible, crs, program, lists) in scores.items():
            rows[int(id_)] = CandidateScore(eligible, crs, program, tuple(lists))

    def _batch(self, body: Mapping[str, Any]) -> None:
        rows = self._tx.batch(body["rule_set"], body["batch"])
        if hashlib.sha256(rows).hexdigest() != body["digest"]:
            wording = Text("the batch {n} of a re-scoring was changed", "le lot {n} d'un recalcul a été modifié")
            self.wrong.append(wording.fill(n=body["batch"]))
            return
        for id_, score in unpacked(rows).items():
            if self.states.get(id_) in LIVE:
                self.scores[id_].setdefault(body["rule_set"], score)

    def rank(self, rule_set: int, list_: str) -> list[Place]:
        """Everyone in a list in the order of rank."""
        rows = [
            (-s[rule_set].crs, self.submitted_at[id_], id_, s[rule_set].program)
            for id_, s in self.scores.items()
            if self.states[id_] == "in_pool" and rule_set in s and list_ in s[rule_set].lists
        ]
        return [
            Place(id_, -crs, submitted_at, program)
            for crs, submitted_at, id_, program in sorted(rows, key=lambda row: row[:3])
        ]

    def snapshot(self) -> Snapshot:
        """The part that can be compared with the tables."""
        return Snapshot(self.states, {id_: s for id_, s in self.scores.items() if s}, self.in_force)
