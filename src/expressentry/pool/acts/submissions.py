"""The life of an expression of interest (IRPA 10.1): submitted, updated, withdrawn, expired, looked at when due."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from expressentry.dates import anniversary
from expressentry.errors import FactorsError, Problem
from expressentry.pool.acts.common import Acts, happened, new_salt, refusal, told_all
from expressentry.pool.acts.model import (
    Daily,
    Event,
    Interest,
    Person,
    RuleSetRow,
    Scored,
    Submission,
    Submitted,
    canonical,
    digest,
)
from expressentry.pool.acts.ports import Answered, New, Tx
from expressentry.text import Text

MOST_BYTES = 1_000_000
"""A profile larger than this is no profile."""
MOST_KEY = 200
"""A key of a person has no more characters than this."""
BATCH = 500
DUE_BATCH = 25
"""So many are derived and scored anew in one act: a round waits for it, and others for the round."""


class Life(Acts):
    """Submissions and all that comes of them outside a round."""

    def submit(
        self, client_id: UUID, person: str, facts: Mapping[str, Any], at: datetime, actor: str = "web"
    ) -> Submitted:
        """Submit a profile: accepted, or refused with the reason. Sent twice with one id it is done once.

        Raises FactorsError with all that is wrong with the facts.
        """
        return self.submit_many([Submission(client_id, person, facts)], at, actor, as_person=person)[0]

    def submit_many(
        self, given: Sequence[Submission], at: datetime, actor: str = "web", as_person: str | None = None
    ) -> list[Submitted]:
        """Submit profiles in one act.

        Raises FactorsError with all that is wrong with any of the facts; then none is stored.
        """
        texts = [_checked(one) for one in given]
        day, scored, sets = at.astimezone(UTC).date(), list[dict[int, Scored]](), list[RuleSetRow]()

        def work(tx: Tx) -> list[Submitted] | None:
            if tx.rule_sets() != sets:
                return None  # the law has moved since they were scored
            return _submit(tx, given, texts, scored, at, actor, self.scorer.schema_version)

        while True:
            sets = self.store.look(self._active)
            scored = [self._scored(one, at_, day, sets) for at_, one in enumerate(given, 1)]
            found = self.store.act(work, as_person)
            if found is not None:
                return found

    def _scored(self, one: Submission, row: int, day: date, sets: Sequence[RuleSetRow]) -> dict[int, Scored]:
        try:
            return self._score(one.facts, day, sets)
        except FactorsError as error:
            where = Text("submission {n}", "soumission {n}").fill(n=row)
            raise FactorsError([replace(p, where=p.where or where) for p in error.problems]) from None

    def update(
        self, interest: int, facts: Mapping[str, Any], at: datetime, actor: str = "web", person: str | None = None
    ) -> bool:
        """Replace the facts; the stamp stays. Returns whether the candidate is still in the pool.

        An accepted nomination is the province's: those known to the pool stay whatever the new facts say.
        """

        def work(tx: Tx) -> bool:
            row, stored = self._live(tx, interest, ("in_pool",)), tx.facts([interest])[interest]
            kept = {"nominations": stored["nominations"]} if stored.get("nominations") else {}
            return self._refreshed(tx, row, {**facts, **kept}, happened("updated", at, actor))

        self.scorer.check(facts)
        _checked_facts(facts)
        return self.store.act(work, person)

    def nominate(self, interest: int, nomination: Mapping[str, Any], at: datetime, actor: str = "province") -> bool:
        """Add a nomination on its acceptance, and score again; one that stands already stays as it is.

        Returns whether the candidate is still in the pool or invited.
        """

        def work(tx: Tx) -> bool:
            row, stored = self._live(tx, interest), tx.facts([interest])[interest]
            if dict(nomination) in stored.get("nominations", ()):
                return True
            facts = {**stored, "nominations": [*stored.get("nominations", ()), dict(nomination)]}
            self.scorer.check(facts)
            return self._refreshed(tx, row, facts, happened("nominated", at, actor))

        return self.store.act(work)

    def withdraw_nomination(self, interest: int, province: str, at: datetime, actor: str = "province") -> bool:
        """End a nomination, which only the province does, and score again; twice on a day it is done once.

        Returns whether the candidate is still in the pool or invited.
        """

        def work(tx: Tx) -> bool:
            row, stored = self._live(tx, interest), tx.facts([interest])[interest]
            day = str(at.astimezone(UTC).date())
            found = [
                {**one, "withdrawn_on": day} if one["province"] == province and not one.get("withdrawn_on") else one
                for one in stored.get("nominations", ())
            ]
            if found == list(stored.get("nominations", ())):
                if any(one["province"] == province and one.get("withdrawn_on") == day for one in found):
                    return True
                rule = Text("no nomination of this province stands", "aucune désignation de cette province")
                raise refusal("no_nomination", "province", rule, Text("see the profile", "voir le profil"), province)
            event = happened("nomination_withdrawn", at, actor)
            return self._refreshed(tx, row, {**stored, "nominations": found}, event)

        return self.store.act(work)

    def withdraw(self, interest: int, at: datetime, actor: str = "web", person: str | None = None) -> None:
        """End an expression of interest at the person's wish; one who is invited declines first."""

        def work(tx: Tx) -> None:
            if any(one.state == "withdrawn" for one in tx.interests([interest])):
                return
            self._live(tx, interest, ("in_pool",))
            self._leave(tx, [interest], "withdrawn", happened("withdrawn", at, actor))

        self.store.act(work, person)

    def bar(self, person: str, until: date, at: datetime, actor: str, reason: str) -> int | None:
        """Bar a person for misrepresentation until a day (IRPA 10.1(4)); what is live ends, and is returned.

        A person who never submitted can be barred too. Raises UsageError for a day that has passed.
        """

        def work(tx: Tx) -> int | None:
            found = tx.persons([person])[person]
            if found.barred_until == until and found.live is None:
                return None
            tx.bar(found.id, until)
            tx.write([happened("barred", at, actor, {"person": str(found.id), "until": str(until)}, reason)])
            if found.live is not None:
                invitation = tx.open_invitation(found.live)
                if invitation is not None:
                    tx.close([invitation.id], "cancelled")
                self._leave(tx, [found.live], "barred", happened("left_by_bar", at, actor, None, reason))
            return found.live

        _check_key(person)
        if until <= at.astimezone(UTC).date():
            rule, fix = (
                Text("a day that has passed", "un jour passé"),
                Text("give a later day", "donner un jour futur"),
            )
            raise refusal("passed", "until", rule, fix, until)
        return self.store.act(work)

    def erase(self, person: str, at: datetime, actor: str, reason: str = "") -> bool:
        """Remove the personal facts of a person; events keep numbers and scores, and the chain stays whole.

        Returns whether there was anything to remove.
        """

        def work(tx: Tx) -> bool:
            found = tx.known(person)
            if found is None:
                return False
            if found.barred_until is not None and found.barred_until > at.astimezone(UTC).date():
                rule = Text("a person barred until {d} stays known", "une personne exclue jusqu'au {d} reste connue")
                fix = Text("wait until then", "attendre jusque-là")
                raise refusal("barred", "person", rule.fill(d=found.barred_until), fix)
            if found.live is not None:
                invitation = tx.open_invitation(found.live)
                if invitation is not None:
                    tx.close([invitation.id], "declined")
                self._leave(tx, [found.live], "withdrawn", happened("left_by_erasure", at, actor))
            tx.erase(found.id)
            tx.write([happened("erased", at, actor, {"person": str(found.id)}, reason)])
            return True

        return self.store.act(work)

    def daily(self, day: date, at: datetime, actor: str = "daily") -> Daily:
        """Do a day's upkeep: lapse, expire, and look at those whose facts change by this day, and only at them."""
        done = Daily()
        for step in (self._lapse, self._expire, self._look_again):
            while True:
                more = self.store.act(lambda tx, step=step: step(tx, day, at, actor))  # type: ignore[misc]
                if more is None:
                    break
                done = Daily(*(a + b for a, b in zip(asdict(done).values(), asdict(more).values(), strict=True)))
        return done

    def _lapse(self, tx: Tx, day: date, at: datetime, actor: str) -> Daily | None:
        found = tx.overdue(day, BATCH)
        if not found:
            return None
        tx.interests([one.interest for one in found])
        tx.close([one.id for one in found], "lapsed")
        self._leave(tx, [one.interest for one in found], "lapsed", happened("lapsed", at, actor))
        return Daily(lapsed=len(found))

    def _expire(self, tx: Tx, day: date, at: datetime, actor: str) -> Daily | None:
        found = [one.id for one in tx.interests(tx.expiring(day, BATCH)) if one.state == "in_pool"]
        if not found:
            return None
        self._leave(tx, found, "expired", happened("expired", at, actor))
        return Daily(expired=len(found))

    def _look_again(self, tx: Tx, day: date, at: datetime, actor: str) -> Daily | None:
        """Derive the facts of the day anew; an event is written only where a standing changes."""
        ids = tx.due(day, DUE_BATCH)
        if not ids:
            return None
        sets, facts = self._active(tx), tx.facts(ids)
        before = tx.standings(ids)
        scored = {id_: self._score(facts[id_], day, sets) for id_ in ids}
        tx.put_scores(scored)
        # While a law is being scored some have no standing under it yet; the one that they get here is a change too.
        changed = [id_ for id_ in ids if any(one.standing != before[id_].get(s) for s, one in scored[id_].items())]
        tx.write([happened("due", at, actor, {"interest": i, "standings": told_all(scored[i])}) for i in changed])
        pool = {one.id for one in tx.interests(changed) if one.state == "in_pool"}
        out = [i for i in changed if i in pool and not scored[i][sets[0].id].standing.eligible]
        self._leave(tx, out, "ineligible", happened("ineligible", at, actor))
        return Daily(looked_at=len(ids), changed=len(changed), ineligible=len(out))

    def _refreshed(self, tx: Tx, row: Interest, facts: Mapping[str, Any], event: Event) -> bool:
        """Store new facts and what the law says of them; whoever is no longer eligible leaves."""
        sets, salt, text = self._active(tx), new_salt(), facts_text(facts)
        scored = self._score(facts, event.at.date(), sets)
        tx.put_facts(row.id, text, salt, self.scorer.schema_version)
        tx.put_scores({row.id: scored})
        body = {"interest": row.id, "standings": told_all(scored), "profile": salted(salt, text)}
        tx.write([replace(event, body=canonical(body))])
        if row.state == "in_pool" and not scored[sets[0].id].standing.eligible:
            self._leave(tx, [row.id], "ineligible", happened("ineligible", event.at, event.actor))
            return False
        return True


def _submit(
    tx: Tx,
    given: Sequence[Submission],
    texts: Sequence[str],
    scored: Sequence[Mapping[int, Scored]],
    at: datetime,
    actor: str,
    schema_version: int,
) -> list[Submitted]:
    """Answer every submission of a batch, the first of two for one person before the second."""
    persons = tx.persons(sorted({one.person for one in given}))
    known = tx.answered([one.client_id for one in given])
    answers: dict[int, Submitted] = {}
    new: list[tuple[int, New]] = []
    first: dict[UUID, int] = {}
    twins: dict[int, int] = {}
    entering: set[UUID] = set()
    keys = [digest([one.person, text]) for one, text in zip(given, texts, strict=True)]
    for n, one in enumerate(given):
        person = persons[one.person]
        if one.client_id in known:
            answers[n] = _again(known[one.client_id], keys[n], person)
        elif one.client_id in first:
            twins[n] = first[one.client_id]
        else:
            first[one.client_id] = n
            answers[n] = _decided(person, scored[n], at, person.id in entering)
            if answers[n].answer == "accepted":
                entering.add(person.id)
                new.append((n, _new(person, texts[n], scored[n], at, schema_version)))
    ids = tx.add([row for _, row in new])
    for (n, _), id_ in zip(new, ids, strict=True):
        answers[n] = replace(answers[n], interest=id_)
    tx.answer([_stored(given[n].client_id, persons[given[n].person], keys[n], answers[n]) for n in first.values()])
    stored = dict(new)
    tx.write([_event(answers[n], stored.get(n), persons[given[n].person], at, actor) for n in first.values()])
    for n, m in twins.items():
        answers[n] = replace(answers[m], again=True) if keys[n] == keys[m] else Submitted("differs")
    return [answers[n] for n in range(len(given))]


def _decided(person: Person, scored: Mapping[int, Scored], at: datetime, entering: bool) -> Submitted:
    if person.barred_until is not None and at.astimezone(UTC).date() < person.barred_until:
        return Submitted("refused", reason="barred")
    if person.live is not None or entering:
        return Submitted("refused", reason="already_live")
    one = next(iter(scored.values()))  # the rule set in force comes first
    if not one.standing.eligible:
        return Submitted("refused", reason="not_eligible", crs=one.standing.crs, findings=one.findings)
    return Submitted("accepted", crs=one.standing.crs)


def _new(person: Person, text: str, scored: Mapping[int, Scored], at: datetime, version: int) -> New:
    return New(person.id, at, anniversary(at.astimezone(UTC).date(), 1), text, new_salt(), version, scored)


def _stored(client_id: UUID, person: Person, key: str, answer: Submitted) -> Answered:
    told = {"answer": answer.answer, "reason": answer.reason, "crs": answer.crs, "findings": list(answer.findings)}
    return Answered(client_id, person.id, key, told, answer.interest)


def _again(known: Answered, key: str, person: Person) -> Submitted:
    """The stored answer once more, or `differs`."""
    if known.digest != key or known.person != person.id:
        return Submitted("differs")
    told = known.answer
    findings = tuple(Text(en, fr) for en, fr in told["findings"])
    return Submitted(told["answer"], known.interest, told["reason"], told["crs"], findings, again=True)


def _event(answer: Submitted, row: New | None, person: Person, at: datetime, actor: str) -> Event:
    if row is None:
        return happened("refused", at, actor, {"person": str(person.id), "why": answer.reason})
    body = {
        "interest": answer.interest,
        "person": str(person.id),
        "expires_on": str(row.expires_on),
        "profile": salted(row.salt, row.facts),
        "standings": told_all(row.scored),
    }
    return happened("submitted", at, actor, body)


def facts_text(facts: Mapping[str, Any]) -> str:
    """Facts as JSON, days written YYYY-MM-DD and scores as numbers, as a person writes them."""
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def _checked(one: Submission) -> str:
    """The facts as they are stored, where they can be."""
    _check_key(one.person)
    return _checked_facts(one.facts)


def _checked_facts(facts: Mapping[str, Any]) -> str:
    text = facts_text(facts)
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise FactorsError(Problem("not_text", "facts", _TEXT, _RETYPE)) from None
    if "\\u0000" in text and any("\0" in one for one in _texts(facts)):
        raise FactorsError(Problem("not_text", "facts", _TEXT, _RETYPE))
    if size > MOST_BYTES:
        rule = Text("at most {n} bytes", "au plus {n} octets").fill(n=MOST_BYTES)
        fix = Text("give only the facts that are asked", "ne donner que les faits demandés")
        raise FactorsError(Problem("too_large", "facts", rule, fix, size))
    return text


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from (name, *_texts(one))
    elif isinstance(value, Sequence):
        for one in value:
            yield from _texts(one)


def _check_key(person: str) -> None:
    if not (0 < len(person) <= MOST_KEY and person.isprintable()):
        rule = Text("1 to {n} printable characters", "1 à {n} caractères imprimables").fill(n=MOST_KEY)
        fix = Text("give your own key of the person", "donner votre clé de la personne")
        raise refusal("not_a_key", "person", rule, fix, person)


_TEXT = Text("characters that are no text in it", "des caractères qui ne sont pas du texte")
_RETYPE = Text("type it anew", "le retaper")


def salted(salt: str, text: str) -> str:
    """Digest of facts that tells nothing without its salt."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()
