"""The state of a pool as plain records: for JSON, for a monitor."""

from __future__ import annotations

from typing import Any

from expressentry.pool.acts import refusal
from expressentry.pool.issuing import REASONS
from expressentry.pool.model import Event, Issued, Preview, instant_text
from expressentry.pool.pool import Pool
from expressentry.pool.store import Tx
from expressentry.words import Lang, Text

EVENT_COLUMNS = ("seq", "at", "kind", "actor", "reason", "body", "hash")


def status_record(pool: Pool) -> dict[str, Any]:
    """The law in force and in building, candidates by state, the newest round, the chain, and how much waits."""

    def work(tx: Tx) -> dict[str, Any]:
        sets = pool._active(tx)
        last = tx.last_round()
        seq, head = tx.head()
        return {
            "rule_set": sets[0].name,
            "building": sets[1].name if len(sets) > 1 else None,
            "candidates": tx.state_counts(),
            "rounds": last.number if last else 0,
            "newest_round": str(last.terms.day) if last else None,
            "events": seq,
            "head": head,
            "unsealed": tx.unsealed(),
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
