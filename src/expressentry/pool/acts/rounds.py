"""Rounds of invitations (IRPA 10.3), and what is answered to an invitation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from uuid import UUID

from expressentry.pool.acts.events import new_event, place_rows, places_digest, round_of
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
    instant_text,
)
from expressentry.pool.acts.pool_acts import PoolActs
from expressentry.pool.acts.ports import Tx
from expressentry.pool.acts.refusals import REASONS, SHOW, TERMS, refusal
from expressentry.rounds.feed import LAYOUT
from expressentry.text import Text


class Rounds(PoolActs):
    """Preview a round, issue it once and exactly, and take the answers."""

    def preview(self, terms: Terms) -> Preview:
        """What a round of these terms would do now; nobody waits for it.

        Raises:
            UsageError: The terms are unknown, or there is no pool.
        """

        def work(tx: Tx) -> Preview:
            in_force = self.active_rule_sets(tx)[0]
            places = tx.rank(in_force.id, terms.list, terms.size)
            counts = tx.counts(in_force.id, terms.list)
            return Preview(terms, sum(counts.values()), len(places), *_ends(places), by_band(counts))

        if not terms.is_known(self.scorer.categories):
            raise refusal("unknown_terms", "terms", REASONS["unknown_terms"], TERMS, terms.list)
        return self.store.read(work)

    def issue(self, request_id: UUID, terms: Terms, as_of: datetime, actor: str, reason: str = "") -> Issued:
        """Issue a round: one act, alone. Asked again with the same id, the answer is the round that was issued then."""
        if not terms.is_known(self.scorer.categories):
            return Issued("refused", reason="unknown_terms")
        return self.store.write_exclusive(lambda tx: self._issue(tx, request_id, terms, as_of, actor, reason))

    def _issue(self, tx: Tx, request_id: UUID, terms: Terms, as_of: datetime, actor: str, reason: str) -> Issued:
        known = tx.round_of(request_id)
        if known is not None:
            return Issued("already_issued" if known.terms.digest == terms.digest else "differs", known)
        in_force, last, answer_by = self.active_rule_sets(tx)[0], tx.last_round(), self.scorer.answer_by(terms.day)
        refused = self._refused(tx, in_force, terms, as_of, last)
        if refused or answer_by is None:
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
            "as_of": instant_text(as_of),
            "rule_set": in_force.id,
            "rule_set_digest": in_force.digest,
            "invited": len(places),
            "cutoff": cutoff,
            "tie_break": tie_break and instant_text(tie_break),
            "invited_digest": places_digest(places),
            "next_digest": places_digest(after),
            "answer_by": str(answer_by),
            "first_invitation": tx.last_invitation() + 1,
            "places": place_rows(places),
        }
        event = new_event("round", as_of, actor, result, reason)
        row = round_of(event, *tx.issue(event, terms))
        return Issued("issued", row)

    def _refused(
        self, tx: Tx, in_force: RuleSetRow, terms: Terms, as_of: datetime, last: RoundRow | None
    ) -> str | None:
        if last is not None and (terms.day < last.terms.day or as_of < last.as_of):
            return "before_last"
        if self.scorer.law(terms.day).digest != in_force.digest:
            return "other_law"
        return "stale" if tx.needs_review(terms.day) else None

    def accept(self, interest: int, at: datetime, actor: str = "web", token: str | None = None) -> None:
        """Accept the open invitation within its window, once; the application is another procedure."""

        def work(tx: Tx) -> None:
            if not _is_already(tx, interest, "applied"):
                self._answer(tx, interest, at, actor, "accepted")

        self.store.write(work, token)

    def decline(self, interest: int, at: datetime, actor: str = "web", token: str | None = None) -> None:
        """Decline the open invitation: back in the pool with the same submission time (IRPA 10.1(7))."""
        self.store.write(lambda tx: self._answer(tx, interest, at, actor, "declined"), token)

    def cancel(self, invitation: int, at: datetime, actor: str, reason: str) -> None:
        """Cancel an invitation issued in error: a new event, never a deletion; asked twice, it is done once."""

        def work(tx: Tx) -> None:
            found = tx.invitation(invitation)
            if found is None:
                rule = Text("no such invitation", "invitation inconnue")
                raise refusal("unknown_invitation", "invitation", rule, SHOW, invitation)
            if found.state == "cancelled":
                return
            row = self._live(tx, found.interest, ("invited",))
            current = tx.open_invitation(row.id)
            if current is None or current.id != invitation:
                rule = Text("the invitation is not open", "l'invitation n'est pas ouverte")
                raise refusal("not_open", "invitation", rule, SHOW, invitation)
            self._close(tx, row, found, "cancelled", at, actor, reason)

        self.store.write(work)

    def _answer(self, tx: Tx, interest: int, at: datetime, actor: str, answer: InvitationState) -> None:
        row = self._live(tx, interest, ("invited",))
        found = tx.open_invitation(interest)
        if found is None or at.astimezone(UTC).date() > found.answer_by:
            rule = Text("the time to answer has run out", "le délai pour répondre est écoulé")
            fix = Text("submit the profile again", "soumettre le profil à nouveau")
            raise refusal("too_late", "interest", rule, fix, interest)
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
        """Close an invitation, and move its candidate."""
        state = "applied" if answer == "accepted" else self._back(tx, row, at.astimezone(UTC).date())
        self._leave(tx, [row.id], state, answer, at, actor, {"invitation": found.id}, reason)

    def _back(self, tx: Tx, row: Interest, day: date) -> State:
        """The state of a candidate who comes back: in the pool, unless the profile has expired or is not eligible."""
        if row.expires_on <= day:
            return "expired"
        score = tx.scores([row.id])[row.id][self.active_rule_sets(tx)[0].id]
        return "in_pool" if score.eligible else "ineligible"


def _is_already(tx: Tx, interest: int, state: State) -> bool:
    """Whether an act was done before: a client that lost the answer may ask again."""
    return any(one.state == state for one in tx.interests([interest]))


def _ends(places: Sequence[Place]) -> tuple[int | None, datetime | None]:
    """The cut-off and the tie-break: score and submission time of the last invited."""
    return (places[-1].crs, places[-1].submitted_at.astimezone(UTC)) if places else (None, None)


def by_band(counts: dict[int, int]) -> dict[tuple[int, int], int]:
    """Candidates by the bands in which the department publishes the pool."""
    return {band: sum(n for crs, n in counts.items() if band[0] <= crs <= band[1]) for band in LAYOUT}
