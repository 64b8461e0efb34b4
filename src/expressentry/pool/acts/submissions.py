"""Submissions (IRPA 10.1): profiles come in, and each is accepted, or refused with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from expressentry.errors import FactorsError
from expressentry.pool.acts.events import new_event, score_records
from expressentry.pool.acts.facts import (
    answer_digest,
    canonical_facts,
    check_key,
    factors_row,
    facts_told,
    new_salt,
    nomination_refused,
    nominations_told,
    salted,
    stored_text,
)
from expressentry.pool.acts.model import (
    Event,
    Person,
    RuleSetRow,
    Scored,
    Submission,
    Submitted,
    digest,
    instant_text,
)
from expressentry.pool.acts.pool_acts import PoolActs
from expressentry.pool.acts.ports import Answered, Kept, Scorer, Tx
from expressentry.text import Text


class Submissions(PoolActs):
    """Submit profiles, one or many in one act."""

    def submit(
        self,
        client_id: UUID,
        person: str,
        facts: Mapping[str, Any],
        at: datetime,
        actor: str = "web",
        token: str | None = None,
    ) -> Submitted:
        """Submit a profile: accepted, or refused with the reason. Sent twice with one id, it is done once.

        Args:
            client_id: Made by the client, see `request_id`; it makes the request safe to send twice.
            person: The client's own key of the person.
            facts: The dated facts, as a profile has them.
            at: The submission time, in any time zone.
            actor: Who acts; it is in the event.
            token: What proves to the server that the web acts for this person; the operator needs none.

        Raises:
            FactorsError: The facts are wrong; it has every problem.
            UsageError: There is no pool, or the key cannot be used.
        """
        return self.submit_many([Submission(client_id, person, facts)], at, actor, token)[0]

    def submit_many(
        self, given: Sequence[Submission], at: datetime, actor: str = "web", token: str | None = None
    ) -> list[Submitted]:
        """Submit profiles in one act; the answers come in the same order.

        Raises:
            FactorsError: Facts of any of them are wrong; then none is stored.
            UsageError: There is no pool, or a key cannot be used.
        """
        for one in given:
            check_key(one.person)
            if one.facts.get("nominations"):
                raise nomination_refused()
        texts = [stored_text(one.facts) for one in given]
        day, scored, sets = at.astimezone(UTC).date(), list[dict[int, Scored]](), list[RuleSetRow]()

        def work(tx: Tx) -> list[Submitted] | None:
            if tx.rule_sets() != sets:
                return None  # another law has come into force since they were scored
            return _submit(tx, given, texts, scored, at, actor, self.scorer)

        while True:
            sets = self.store.read(self.active_rule_sets)
            scored = [self._scored(one, at_, day, sets) for at_, one in enumerate(given, 1)]
            found = self.store.write(work, token)
            if found is not None:
                return found

    def _scored(self, one: Submission, row: int, day: date, sets: Sequence[RuleSetRow]) -> dict[int, Scored]:
        try:
            return self.score_facts(one.facts, day, sets)
        except FactorsError as error:
            where = Text("submission {n}", "soumission {n}").fill(n=row)
            raise FactorsError([replace(p, where=p.where or where) for p in error.problems]) from None


def request_id(person: str, day: date, facts: Mapping[str, Any]) -> UUID:
    """Make the id of a submission from what is submitted: the same facts of one day are one request.

    How a file orders its keys, and whether it writes 8 or 8.0, makes no difference.

    Raises:
        FactorsError: The facts cannot be stored.
        UsageError: The key cannot be used.
    """
    check_key(person)
    stored_text(facts)
    return uuid5(NAMESPACE_URL, digest([person, str(day), canonical_facts(facts)]))


def _submit(
    tx: Tx,
    given: Sequence[Submission],
    texts: Sequence[str],
    scored: Sequence[Mapping[int, Scored]],
    at: datetime,
    actor: str,
    scorer: Scorer,
) -> list[Submitted]:
    """Answer every submission of a batch, the first of two for one person before the second."""
    persons = tx.persons(sorted({one.person for one in given}))
    known = tx.answered([one.client_id for one in given])
    answers: dict[int, Submitted] = {}
    first: dict[UUID, int] = {}
    twins: dict[int, int] = {}
    entering: dict[UUID, int] = {}
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
                entering[person.id] = n
    new = dict(zip(entering.values(), tx.next_interests(len(entering)), strict=True))
    stored, told, kept = [], list[Event](), dict[int, Kept]()
    for n in first.values():
        person, answers[n] = persons[given[n].person], replace(answers[n], interest=new.get(n))
        stored.append(_stored(given[n].client_id, person, keys[n], answers[n]))
        common = _common(stored[-1], person)
        if n in new:
            row = factors_row(scored[n])
            kept[new[n]] = Kept(row, texts[n], new_salt(), scorer.schema_version)
            told.append(
                _submitted(common, new[n], given[n], kept[new[n]], scored[n], scorer.profile_ends(at), at, actor)
            )
        else:
            why = {"why": answers[n].reason, "crs": answers[n].crs}
            told.append(new_event("refused", at, actor, {**common, **why}))
    tx.record(told, kept, stored)
    for n, m in twins.items():
        answers[n] = replace(answers[m], again=True) if keys[n] == keys[m] else Submitted("differs")
    return [answers[n] for n in range(len(given))]


def _decided(person: Person, scored: Mapping[int, Scored], at: datetime, entering: bool) -> Submitted:
    if person.barred_until is not None and at.astimezone(UTC).date() < person.barred_until:
        return Submitted("refused", reason="barred")
    if person.live is not None or entering:
        return Submitted("refused", reason="already_live")
    one = next(iter(scored.values()))  # the rule set in force comes first
    if not one.score.eligible:
        return Submitted("refused", reason="not_eligible", crs=one.score.crs, findings=one.findings)
    return Submitted("accepted", crs=one.score.crs)


def _stored(client_id: UUID, person: Person, key: str, answer: Submitted) -> Answered:
    stored = {"answer": answer.answer, "reason": answer.reason, "crs": answer.crs, "findings": list(answer.findings)}
    return Answered(client_id, person.id, key, stored, answer.interest)


def _again(known: Answered, key: str, person: Person) -> Submitted:
    """The stored answer again, or `differs`."""
    if known.digest != key or known.person != person.id:
        return Submitted("differs")
    stored = known.answer
    findings = tuple(Text(en, fr) for en, fr in stored["findings"])
    return Submitted(stored["answer"], known.interest, stored["reason"], stored["crs"], findings, again=True)


def _common(stored: Answered, person: Person) -> dict[str, Any]:
    """What the event of a submission says of it, accepted or not."""
    answer = answer_digest(person.salt, stored.client_id, stored.digest, stored.answer)
    return {"person": str(person.id), "key": salted(person.salt, person.key), "answer": answer}


def _submitted(
    common: Mapping[str, Any],
    interest: int,
    given: Submission,
    kept: Kept,
    scored: Mapping[int, Scored],
    ends: date,
    at: datetime,
    actor: str,
) -> Event:
    salt = str(kept.salt)
    body = {
        **common,
        "interest": interest,
        "submitted_at": instant_text(at),
        "expires_on": str(ends),
        "profile": salted(salt, f"{kept.schema_version} {kept.facts}"),
        **facts_told(scored, salt, kept.factors),
        "nominations": nominations_told(given.facts),
        "standings": score_records(scored),
    }
    return new_event("submitted", at, actor, body)
