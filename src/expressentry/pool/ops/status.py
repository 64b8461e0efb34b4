"""The state of a pool as plain records, for JSON and for tables."""

from __future__ import annotations

from typing import Any

from expressentry.pool.acts.model import Event, Issued, Preview, instant_text
from expressentry.pool.acts.ports import Tx
from expressentry.pool.acts.refusals import REASONS, UNKNOWN_INTEREST, refusal
from expressentry.pool.open import Pool
from expressentry.text import Lang, Text

EVENT_COLUMNS = ("seq", "at", "kind", "actor", "reason", "body", "hash")
ROUND_COLUMNS = ("number", "day", "list", "size", "invited", "cutoff", "tie_break", "event", "head")
INVITED_COLUMNS = ("place", "interest", "invitation", "crs", "program", "state", "answer_by")


def status_record(pool: Pool) -> dict[str, Any]:
    """Rule sets, candidates by state, the newest round, the chain, and how many events wait."""

    def work(tx: Tx) -> dict[str, Any]:
        sets = pool.active_rule_sets(tx)
        last = tx.last_round()
        seq, head = tx.head()
        unsealed, oldest = tx.unsealed()
        return {
            "rehearsal": tx.rehearsal(),
            "rule_set": sets[0].name,
            "building": sets[1].name if len(sets) > 1 else None,
            "candidates": tx.state_counts(),
            "rounds": last.number if last else 0,
            "newest_round": str(last.terms.day) if last else None,
            "events": seq,
            "head": head,
            "unsealed": unsealed,
            "oldest_unsealed": instant_text(oldest) if oldest else None,
        }

    return pool.store.read(work)


def candidate_record(pool: Pool, interest: int) -> dict[str, Any]:
    """One candidate: state, submission time, score by rule set, the open invitation. No facts.

    Raises:
        UsageError: There is no such candidate.
    """

    def work(tx: Tx) -> dict[str, Any]:
        found = tx.look_at([interest])
        if not found:
            raise refusal("unknown_interest", "interest", UNKNOWN_INTEREST, _RANK, interest)
        one, names = found[0], {row.id: row.name for row in tx.rule_sets()}
        invitation = tx.open_invitation(interest)
        scores = tx.scores([interest]).get(interest, {})
        return {
            "interest": one.id,
            "state": one.state,
            "submitted_at": instant_text(one.submitted_at),
            "expires_on": str(one.expires_on),
            "due": one.review_on and str(one.review_on),
            "standings": [
                {"rule_set": names[id_], "crs": s.crs, "program": s.program, "lists": list(s.lists)}
                for id_, s in scores.items()
            ],
            "invitation": invitation
            and {
                "id": invitation.id,
                "round": invitation.round,
                "program": invitation.program,
                "answer_by": str(invitation.answer_by),
            },
        }

    return pool.store.read(work)


_RANK = Text("see `expressentry pool rank`", "voir `expressentry pool rank`")


def rank_rows(pool: Pool, list_: str, first: int) -> list[dict[str, Any]]:
    """The first of a list in the order of rank."""
    places = pool.store.read(lambda tx: tx.rank(pool.active_rule_sets(tx)[0].id, list_, first))
    return [
        {
            "place": at,
            "interest": one.interest,
            "crs": one.crs,
            "submitted_at": instant_text(one.submitted_at),
            "program": one.program,
        }
        for at, one in enumerate(places, 1)
    ]


def round_rows(pool: Pool) -> list[dict[str, Any]]:
    """The rounds issued, the newest first."""
    rounds = pool.store.read(lambda tx: tx.rounds())
    return [
        {
            "number": one.number,
            "day": str(one.terms.day),
            "list": one.terms.list,
            "size": one.terms.size,
            "invited": one.invited,
            "cutoff": one.cutoff,
            "tie_break": one.tie_break and instant_text(one.tie_break),
            "event": one.event,
            "head": one.head,
        }
        for one in reversed(rounds)
    ]


def invited_rows(pool: Pool, number: int) -> list[dict[str, Any]]:
    """The candidates that a round invited, in the order of rank.

    Raises:
        UsageError: No such round was issued.
    """

    def work(tx: Tx) -> list[dict[str, Any]]:
        if all(one.number != number for one in tx.rounds()):
            fix = Text("see `expressentry pool round list`", "voir `expressentry pool round list`")
            raise refusal("unknown_round", "number", Text("no such round", "ronde inconnue"), fix, number)
        return [
            {
                "place": one.place,
                "interest": one.interest,
                "invitation": one.id,
                "crs": one.crs,
                "program": one.program,
                "state": one.state,
                "answer_by": str(one.answer_by),
            }
            for one in tx.invited(number)
        ]

    return pool.store.read(work)


def preview_record(found: Preview) -> dict[str, Any]:
    """What a round would do."""
    bands = [{"crs_low": low, "crs_high": high, "candidates": n} for (low, high), n in found.distribution.items()]
    return {
        "list": found.terms.list,
        "size": found.terms.size,
        "qualified": found.qualified,
        "invited": found.invited,
        "cutoff": found.cutoff,
        "tie_break": found.tie_break and instant_text(found.tie_break),
        "distribution": bands,
    }


def issued_record(found: Issued, lang: Lang) -> dict[str, Any]:
    """The answer to a request for a round; the first five keys are a contract."""
    one = found.round
    return {
        "answer": found.answer,
        "number": one and one.number,
        "invited": one and one.invited,
        "cutoff": one and one.cutoff,
        "tie_break": instant_text(one.tie_break) if one and one.tie_break else None,
        "reason": REASONS[found.reason].say(lang) if found.reason else None,
        "code": found.reason,
        "event": one and one.event,
        "head": one and one.head,
    }


def event_record(event: Event) -> dict[str, Any]:
    """One event as a row."""
    values = (event.seq, event.at, event.kind, event.actor, event.reason, event.body, event.hash)
    return dict(zip(EVENT_COLUMNS, values, strict=True))
