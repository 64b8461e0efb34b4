"""Changes of one candidate outside a round: new facts, nominations, withdrawal, a bar (IRPA 10.1(4)), erasure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from expressentry.pool.acts.events import new_event, score_records
from expressentry.pool.acts.facts import (
    check_key,
    factors_row,
    facts_told,
    new_salt,
    nomination_refused,
    nominations_told,
    profile_digest,
    salted,
    stored_text,
)
from expressentry.pool.acts.model import LIVE, Interest, RuleSetRow, Scored, State
from expressentry.pool.acts.pool_acts import PoolActs
from expressentry.pool.acts.ports import Kept, StoredProfile, Tx
from expressentry.pool.acts.refusals import refusal
from expressentry.text import Text


class Candidates(PoolActs):
    """Change one candidate."""

    def update(
        self, interest: int, facts: Mapping[str, Any], at: datetime, actor: str = "web", token: str | None = None
    ) -> bool:
        """Replace the facts; the submission time stays. Returns whether the candidate is still in the pool.

        Nominations belong to the province: those that the pool knows stay, and new facts bring no other.

        Raises:
            FactorsError: The facts are wrong, or have a nomination that the pool does not know.
            UsageError: The candidate is not in the pool.
        """

        def changed(stored: dict[str, Any]) -> dict[str, Any]:
            known = stored.get("nominations") or []
            if (facts.get("nominations") or known) != known:
                raise nomination_refused()
            return {**facts, **({"nominations": known} if known else {})}

        self.scorer.check(facts)
        stored_text(facts)
        return self._refresh(interest, ("in_pool",), changed, "updated", at, actor, token)

    def nominate(self, interest: int, nomination: Mapping[str, Any], at: datetime, actor: str = "province") -> bool:
        """Add a nomination that was accepted, and score again; one that is there already stays as it is.

        Returns whether the candidate is still in the pool or invited.

        Raises:
            FactorsError: The nomination is wrong.
            UsageError: The candidate is neither in the pool nor invited.
        """

        def changed(stored: dict[str, Any]) -> dict[str, Any] | None:
            if dict(nomination) in stored.get("nominations", ()):
                return None
            facts = {**stored, "nominations": [*stored.get("nominations", ()), dict(nomination)]}
            self.scorer.check(facts)
            return facts

        return self._refresh(interest, LIVE, changed, "nominated", at, actor)

    def withdraw_nomination(self, interest: int, province: str, at: datetime, actor: str = "province") -> bool:
        """End a nomination that the province withdrew, and score again; asked twice on a day, it is done once.

        Returns whether the candidate is still in the pool or invited.

        Raises:
            UsageError: There is no such nomination, or the candidate is neither in the pool nor invited.
        """

        def changed(stored: dict[str, Any]) -> dict[str, Any] | None:
            day = str(at.astimezone(UTC).date())
            found = [
                {**one, "withdrawn_on": day} if one["province"] == province and not one.get("withdrawn_on") else one
                for one in stored.get("nominations", ())
            ]
            if found == list(stored.get("nominations", ())):
                if any(one["province"] == province and one.get("withdrawn_on") == day for one in found):
                    return None
                rule = Text("there is no nomination of this province", "il n'y a aucune désignation de cette province")
                raise refusal("no_nomination", "province", rule, Text("see the profile", "voir le profil"), province)
            return {**stored, "nominations": found}

        return self._refresh(interest, LIVE, changed, "nomination_withdrawn", at, actor)

    def withdraw(self, interest: int, at: datetime, actor: str = "web", token: str | None = None) -> None:
        """Withdraw an expression of interest, as the person asks; an invited candidate declines first."""

        def work(tx: Tx) -> None:
            if any(one.state == "withdrawn" for one in tx.interests([interest])):
                return
            self._live(tx, interest, ("in_pool",))
            self._leave(tx, [interest], "withdrawn", "withdrawn", at, actor)

        self.store.write(work, token)

    def bar(self, person: str, until: date, at: datetime, actor: str, reason: str) -> int | None:
        """Bar a person for misrepresentation until a day (IRPA 10.1(4)); a live expression of interest ends.

        A person who never submitted can be barred too. Returns the expression of interest that ended, if any.

        Raises:
            UsageError: The day has passed, or the key cannot be used.
        """

        def work(tx: Tx) -> int | None:
            found = tx.persons([person])[person]
            if found.barred_until == until and found.live is None:
                return None
            body = {"person": str(found.id), "key": salted(found.salt, person), "until": str(until)}
            tx.record([new_event("barred", at, actor, body, reason)])
            if found.live is not None:
                invitation = tx.open_invitation(found.live)
                more = {"invitation": invitation and invitation.id}
                self._leave(tx, [found.live], "barred", "left_by_bar", at, actor, more, reason)
            return found.live

        check_key(person)
        if until <= at.astimezone(UTC).date():
            rule = Text("a day that has passed", "un jour passé")
            raise refusal("passed", "until", rule, Text("give a later day", "donner un jour futur"), until)
        return self.store.write(work)

    def erase(self, person: str, at: datetime, actor: str, reason: str = "") -> bool:
        """Delete the personal data of a person; events keep numbers and scores, and the chain stays whole.

        Returns whether there was anything to delete.

        Raises:
            UsageError: The person is barred, and must stay known until the bar ends.
        """

        def work(tx: Tx) -> bool:
            found = tx.known(person)
            if found is None:
                return False
            if found.barred_until is not None and found.barred_until > at.astimezone(UTC).date():
                rule = Text(
                    "a person barred until {d} must stay known", "une personne exclue jusqu'au {d} doit rester connue"
                )
                fix = Text("wait until then", "attendre jusque-là")
                raise refusal("barred", "person", rule.fill(d=found.barred_until), fix)
            if found.live is not None:
                invitation = tx.open_invitation(found.live)
                more = {"invitation": invitation and invitation.id}
                self._leave(tx, [found.live], "withdrawn", "left_by_erasure", at, actor, more)
            tx.record([new_event("erased", at, actor, {"person": str(found.id)}, reason)])
            return True

        return self.store.write(work)

    def _refresh(
        self,
        interest: int,
        states: Sequence[State],
        changed: Callable[[dict[str, Any]], dict[str, Any] | None],
        kind: str,
        at: datetime,
        actor: str,
        token: str | None = None,
    ) -> bool:
        """Replace facts by what `changed` makes of them, None where nothing changes; whether the candidate stays.

        They are scored outside the act, so that nobody waits for it, and again where they changed meanwhile.
        """

        def look(tx: Tx) -> tuple[StoredProfile, list[RuleSetRow]]:
            self._live(tx, interest, states)
            return tx.profiles([interest])[interest], self.active_rule_sets(tx)

        def work(tx: Tx) -> bool | None:
            row = self._live(tx, interest, states)
            if tx.profiles([interest])[interest].salt != stored.salt or tx.rule_sets() != sets:
                return None
            return self._refreshed(tx, row, facts, scored, kind, at, actor)

        while True:
            stored, sets = self.store.write(look, token)
            new = changed(stored.facts)
            if new is None:
                return True
            facts, scored = new, self.score_facts(new, at.astimezone(UTC).date(), sets)
            done = self.store.write(work, token)
            if done is not None:
                return done

    def _refreshed(
        self,
        tx: Tx,
        row: Interest,
        facts: Mapping[str, Any],
        scored: Mapping[int, Scored],
        kind: str,
        at: datetime,
        actor: str,
    ) -> bool:
        """Store new facts and their scores; a candidate who is no longer eligible leaves the pool."""
        salt, text = new_salt(), stored_text(facts)
        factors, version = factors_row(scored), self.scorer.schema_version
        body = {
            "interest": row.id,
            "profile": profile_digest(salt, version, facts),
            "nominations": nominations_told(facts),
            **facts_told(scored, salt, factors),
            "standings": score_records(scored),
        }
        tx.record([new_event(kind, at, actor, body)], {row.id: Kept(factors, text, salt, version)})
        if row.state == "in_pool" and not next(iter(scored.values())).score.eligible:
            self._leave(tx, [row.id], "ineligible", "ineligible", at, actor)
            return False
        return True
