"""Rounds of invitations (IRPA 10.3), and what is answered to an invitation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from expressentry.pool.acts.base import Acts, happened, refusal
from expressentry.pool.acts.model import (
    Interest,
    InvitationRow,
    InvitationState,
    Issued,
    Place,
    Preview,
    RoundRow,
    RuleSetRow,
    State,
    Terms,
    canonical,
    digest,
    instant_text,
    places_digest,
)
from expressentry.pool.store.port import Tx
from expressentry.rounds.feed import LAYOUT
from expressentry.text import Text

REASONS = {
    "unknown_terms": Text("kind, list or size make no sense", "genre, liste ou nombre n'ont pas de sens"),
    "other_law": Text(
        "the pool is not scored under the law of that day: `expressentry pool rescore`",
        "le bassin n'est pas calculé selon le droit de ce jour : `expressentry pool rescore`",
    ),
    "stale": Text(
        "facts of candidates change by that day: `expressentry pool expire`",
        "des faits de candidats changent d'ici ce jour : `expressentry pool expire`",
    ),
    "before_last": Text("before the newest round", "avant la dernière ronde"),
    "no_window": Text("the window of that day is not established", "le délai de ce jour n'est pas établi"),
}
"""Why a round is refused."""


class Rounds(Acts):
    """Preview a round, issue it once and exactly, and take the answers."""

    def preview(self, terms: Terms) -> Preview:
        """Say what a round of these terms would do now; stops nobody.

        Raises UsageError for terms that make no sense.
        """

        def work(tx: Tx) -> Preview:
            in_force = self._active(tx)[0]
            places = tx.rank(in_force.id, terms.list, terms.size)
            counts = tx.counts(in_force.id, terms.list)
            return Preview(terms, sum(counts.values()), len(places), *_ends(places), by_band(counts))

        if not terms.is_known(self.scorer.categories):
            raise refusal("unknown_terms", "terms", REASONS["unknown_terms"], _TERMS, terms.list)
        return self.store.look(work)

    def issue(self, request_id: UUID, terms: Terms, as_of: datetime, actor: str, reason: str = "") -> Issued:
        """Issue a round: one act, alone. Asked again with the same id, the answer is the round that there is."""
        if not terms.is_known(self.scorer.categories):
            return Issued("refused", reason="unknown_terms")
        return self.store.alone(lambda tx: self._issue(tx, request_id, terms, as_of, actor, reason))

    def _issue(self, tx: Tx, request_id: UUID, terms: Terms, as_of: datetime, actor: str, reason: str) -> Issued:
        known = tx.round_of(request_id)
        if known is not None:
            return Issued("already_issued" if known.terms.digest == terms.digest else "differs", known)
        in_force, last, days = self._active(tx)[0], tx.last_round(), self.scorer.window(terms.day)
        refused = self._refused(tx, in_force, terms, as_of, last)
        if refused or days is None:
            return Issued("refused", reason=refused or "no_window")
        tx.seal()
        places = tx.rank(in_force.id, terms.list, terms.size + 1)
        places, after = places[: terms.size], places[terms.size :]
        cutoff, tie_break = _ends(places)
        number = 1 if last is None else last.number + 1
        result = {
            "number": number,
            "request_id": str(request_id),
            "terms": {**asdict(terms), "day": str(terms.day)},
            "rule_set": in_force.id,
            "rule_set_digest": in_force.digest,
            "invited": len(places),
            "cutoff": cutoff,
            "tie_break": tie_break and instant_text(tie_break),
            "invited_digest": places_digest(places),
            "next_digest": places_digest(after),
            "interests": [place.interest for place in places],
            "state": "invited",
        }
        tx.write([happened("round", as_of, actor, result, reason)])
        tx.seal()
        seq, head = tx.head()
        row = RoundRow(
            number,
            request_id,
            terms,
            as_of.astimezone(UTC),
            actor,
            in_force.id,
            in_force.digest,
            len(places),
            cutoff,
            tie_break,
            places_digest(places),
            places_digest(after),
            seq,
            head,
        )
        tx.issue(row, places, terms.day + timedelta(days=days))
        return Issued("issued", row)

    def _refused(
        self, tx: Tx, in_force: RuleSetRow, terms: Terms, as_of: datetime, last: RoundRow | None
    ) -> str | None:
        if last is not None and (terms.day < last.terms.day or as_of < last.as_of):
            return "before_last"
        if self.scorer.law(terms.day).digest != in_force.digest:
            return "other_law"
        return "stale" if tx.stale(terms.day) else None

    def accept(self, interest: int, at: datetime, actor: str = "web", person: str | None = None) -> None:
        """Accept the open invitation within its window, once; the application is another procedure."""

        def work(tx: Tx) -> None:
            if not _is_already(tx, interest, "applied"):
                self._answer(tx, interest, at, actor, "accepted")

        self.store.act(work, person)

    def decline(self, interest: int, at: datetime, actor: str = "web", person: str | None = None) -> None:
        """Decline the open invitation: back in the pool with the same stamp (IRPA 10.1(7))."""
        self.store.act(lambda tx: self._answer(tx, interest, at, actor, "declined"), person)

    def cancel(self, invitation: int, at: datetime, actor: str, reason: str) -> None:
        """Cancel an invitation issued in error: a new fact, never a deletion; asked again it is done once."""

        def work(tx: Tx) -> None:
            found = tx.invitation(invitation)
            if found is None:
                rule = Text("no such invitation", "invitation inconnue")
                raise refusal("unknown_invitation", "invitation", rule, _SHOW, invitation)
            if found.state == "cancelled":
                return
            row = self._live(tx, found.interest, ("invited",))
            current = tx.open_invitation(row.id)
            if current is None or current.id != invitation:
                rule = Text("is not open", "n'est pas ouverte")
                raise refusal("not_open", "invitation", rule, _SHOW, invitation)
            self._close(tx, row, found, "cancelled", at, actor, reason)

        self.store.act(work)

    def _answer(self, tx: Tx, interest: int, at: datetime, actor: str, answer: InvitationState) -> None:
        row = self._live(tx, interest, ("invited",))
        found = tx.open_invitation(interest)
        if found is None or at.astimezone(UTC).date() > found.answer_by:
            rule = Text("the window has passed", "le délai est passé")
            raise refusal("too_late", "interest", rule, Text("submit anew", "soumettre à nouveau"), interest)
        self._close(tx, row, found, answer, at, actor, "")

    def _close(
        self,
        tx: Tx,
        row: Interest,
        found: InvitationRow,
        answer: InvitationState,
        at: datetime,
        actor: str,
        reason: str,
    ) -> None:
        """Close an invitation, and move who had it."""
        tx.close([found.id], answer)
        state = "applied" if answer == "accepted" else self._back(tx, row, at.astimezone(UTC).date())
        self._leave(tx, [row.id], state, happened(answer, at, actor, {"invitation": found.id}, reason))

    def _back(self, tx: Tx, row: Interest, day: date) -> State:
        """Where somebody goes who comes back: into the pool, unless the profile no longer holds."""
        if row.expires_on <= day:
            return "expired"
        standing = tx.standings([row.id])[row.id][self._active(tx)[0].id]
        return "in_pool" if standing.eligible else "ineligible"


def _is_already(tx: Tx, interest: int, state: State) -> bool:
    """Whether an act was done before: whoever lost the answer may ask again."""
    return any(one.state == state for one in tx.interests([interest]))


def _ends(places: Sequence[Place]) -> tuple[int | None, datetime | None]:
    """The cut-off and the tie-break: score and stamp of the last invited."""
    return (places[-1].crs, places[-1].submitted_at.astimezone(UTC)) if places else (None, None)


def by_band(counts: dict[int, int]) -> dict[tuple[int, int], int]:
    """Candidates by the bands in which the department publishes the pool."""
    return {band: sum(n for crs, n in counts.items() if band[0] <= crs <= band[1]) for band in LAYOUT}


def round_digest(one: RoundRow) -> str:
    """What tells a round from any other, for comparing two stores."""
    return digest([canonical({**asdict(one.terms), "day": str(one.terms.day)}), one.number, one.invited_digest])


_TERMS = Text(
    "kind general, nominee, program (cec, fsw, fst) or category; size 0 or more",
    "genre general, nominee, program (cec, fsw, fst) ou category; nombre 0 ou plus",
)
_SHOW = Text("see `expressentry pool show`", "voir `expressentry pool show`")
