"""The state of a pool as plain records: for JSON, for a monitor."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from expressentry.pool.acts.common import refusal
from expressentry.pool.acts.model import Event, Issued, Preview, instant_text
from expressentry.pool.acts.ports import Tx
from expressentry.pool.acts.rounds import REASONS
from expressentry.pool.open import Pool
from expressentry.text import Lang, Text

EVENT_COLUMNS = ("seq", "at", "kind", "actor", "reason", "body", "hash")
ROUND_COLUMNS = ("number", "day", "list", "size", "invited", "cutoff", "tie_break", "event", "head")
INVITED_COLUMNS = ("place", "interest", "invitation", "crs", "program", "state", "answer_by")


def status_record(pool: Pool) -> dict[str, Any]:
    """The law in force and in building, candidates by state, the newest round, the chain, and how much waits."""

    def work(tx: Tx) -> dict[str, Any]:
        sets = pool._active(tx)
        last = tx.last_round()
        seq, head = tx.head()
        unsealed, oldest = tx.unsealed()
        return {
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

    return pool.store.look(work)


def openmetrics(record: dict[str, Any]) -> str:
    """The same as an OpenMetrics page; nothing personal is in it."""
    lines = ["# TYPE expressentry_pool_candidates gauge", "# HELP expressentry_pool_candidates Candidates by state."]
    lines += [f'expressentry_pool_candidates{{state="{s}"}} {n}' for s, n in sorted(record["candidates"].items())]
    for name, kind, what, value in (
        ("rounds", "counter", "Rounds issued.", record["rounds"]),
        ("events", "counter", "Events sealed.", record["events"]),
        ("unsealed_events", "gauge", "Events that wait for the sealer.", record["unsealed"]),
        ("rescoring", "gauge", "Whether another law is being scored.", int(record["building"] is not None)),
    ):
        total = "_total" if kind == "counter" else ""
        lines += [
            f"# TYPE expressentry_pool_{name} {kind}",
            f"# HELP expressentry_pool_{name} {what}",
            f"expressentry_pool_{name}{total} {value}",
        ]
    oldest = record["oldest_unsealed"]
    if oldest is not None:  # a gauge of nothing is left out, not zero
        name = "expressentry_pool_oldest_unsealed_event_timestamp_seconds"
        lines += [f"# TYPE {name} gauge", f"# UNIT {name} seconds", f"# HELP {name} When the oldest of them happened."]
        lines += [f"{name} {datetime.fromisoformat(oldest).timestamp():.6f}"]
    return "\n".join([*lines, "# EOF"]) + "\n"


def candidate_record(pool: Pool, interest: int) -> dict[str, Any]:
    """One candidate: state, stamp, standing by rule set, the open invitation. No facts.

    Raises UsageError for a number that does not exist.
    """

    def work(tx: Tx) -> dict[str, Any]:
        found = tx.interests([interest])
        if not found:
            rule = Text("no such expression of interest", "déclaration d'intérêt inconnue")
            raise refusal("unknown_interest", "interest", rule, _RANK, interest)
        one, names = found[0], {row.id: row.name for row in tx.rule_sets()}
        invitation = tx.open_invitation(interest)
        standings = tx.standings([interest]).get(interest, {})
        return {
            "interest": one.id,
            "state": one.state,
            "submitted_at": instant_text(one.submitted_at),
            "expires_on": str(one.expires_on),
            "due": one.due and str(one.due),
            "standings": [
                {"rule_set": names[id_], "crs": s.crs, "program": s.program, "lists": list(s.lists)}
                for id_, s in standings.items()
            ],
            "invitation": invitation
            and {
                "id": invitation.id,
                "round": invitation.round,
                "program": invitation.program,
                "answer_by": str(invitation.answer_by),
            },
        }

    return pool.store.act(work)


_RANK = Text("see `expressentry pool rank`", "voir `expressentry pool rank`")


def rank_rows(pool: Pool, list_: str, first: int) -> list[dict[str, Any]]:
    """The first of a list in the order of rank."""
    places = pool.store.look(lambda tx: tx.rank(pool._active(tx)[0].id, list_, first))
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
    rounds = pool.store.look(lambda tx: tx.rounds())
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
    """Whom a round invited, in the order of rank.

    Raises UsageError for a round that was not issued.
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

    return pool.store.look(work)


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
    values = (event.seq, instant_text(event.at), event.kind, event.actor, event.reason, event.body, event.hash)
    return dict(zip(EVENT_COLUMNS, values, strict=True))
