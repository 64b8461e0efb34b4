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
    checked_text,
    factors_digest,
    factors_row,
    new_salt,
    nominations_told,
    profile_digest,
    salted,
)
from expressentry.pool.acts.model import (
    Event,
    Person,
    RuleSetRow,
    Scored,
    Submission,
    Submitted,
    digest,
    first_review,
    instant_text,
)
from expressentry.pool.acts.pool_acts import PoolActs
from expressentry.pool.acts.ports import Answered, New, Scorer, Tx
from expressentry.text import Text


class Submissions(PoolActs):
    """Submit profiles, one or many in one act."""

    def submit(
        self, client_id: UUID, person: str, facts: Mapping[str, Any], at: datetime, actor: str = "web"
    ) -> Submitted:
        """Submit a profile: accepted, or refused with the reason. Sent twice with one id, it is done once.

        Args:
            client_id: Made by the client, see `request_id`; it makes the request safe to send twice.
            person: The client's own key of the person.
            facts: The dated facts, as a profile has them.
            at: The submission time, in any time zone.
            actor: Who acts; it is in the event.

        Raises:
            FactorsError: The facts are wrong; it has every problem.
            UsageError: There is no pool, or the key cannot be used.
        """
        return self.submit_many([Submission(client_id, person, facts)], at, actor, as_person=person)[0]

    def submit_many(
        self, given: Sequence[Submission], at: datetime, actor: str = "web", as_person: str | None = None
    ) -> list[Submitted]:
        """Submit profiles in one act; the answers come in the same order.

        Raises:
            FactorsError: Facts of any of them are wrong; then none is stored.
            UsageError: There is no pool, or a key cannot be used.
        """
        for one in given:
            check_key(one.person)
        texts = [checked_text(one.facts) for one in given]
        day, scored, sets = at.astimezone(UTC).date(), list[dict[int, Scored]](), list[RuleSetRow]()

        def work(tx: Tx) -> list[Submitted] | None:
            if tx.rule_sets() != sets:
                return None  # another law has come into force since they were scored
            return _submit(tx, given, texts, scored, at, actor, self.scorer)

        while True:
            sets = self.store.read(self.active_rule_sets)
            scored = [self._scored(one, at_, day, sets) for at_, one in enumerate(given, 1)]
            found = self.store.write(work, as_person)
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
    checked_text(facts)
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
    new: list[tuple[int, New]] = []
    first: dict[UUID, int] = {}
    twins: dict[int, int] = {}
    told: list[Event] = []
    entering: set[UUID] = set()
    keys = [digest([one.person, canonical_facts(one.facts)]) for one in given]
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
                new.append((n, _new(person, texts[n], scored[n], at, scorer)))
    ids = tx.add([row for _, row in new])
    for (n, _), id_ in zip(new, ids, strict=True):
        answers[n] = replace(answers[n], interest=id_)
    stored, rows = [], dict(new)
    for n in first.values():
        person = persons[given[n].person]
        stored.append(_stored(given[n].client_id, person, keys[n], answers[n]))
        told.append(_event(given[n], stored[-1], rows.get(n), person, at, actor))
    tx.answer(stored)
    tx.record(told)
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


def _new(person: Person, text: str, scored: Mapping[int, Scored], at: datetime, scorer: Scorer) -> New:
    return New(person.id, at, scorer.profile_ends(at), text, new_salt(), scorer.schema_version, scored)


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


def _event(given: Submission, stored: Answered, row: New | None, person: Person, at: datetime, actor: str) -> Event:
    answer = answer_digest(person.salt, stored.client_id, stored.digest, stored.answer)
    common = {"person": str(person.id), "key": salted(person.salt, person.key), "answer": answer}
    if row is None:
        why = {"why": stored.answer["reason"], "crs": stored.answer["crs"]}
        return new_event("refused", at, actor, {**common, **why})
    review_on = first_review(row.scored.values())
    body = {
        **common,
        "interest": stored.interest,
        "submitted_at": instant_text(row.submitted_at),
        "expires_on": str(row.expires_on),
        "review_on": review_on and str(review_on),
        "profile": profile_digest(row.salt, row.schema_version, given.facts),
        "factors": factors_digest(row.salt, factors_row(next(iter(row.scored.values())))),
        "nominations": nominations_told(given.facts),
        "standings": score_records(row.scored),
    }
    return new_event("submitted", at, actor, body)
