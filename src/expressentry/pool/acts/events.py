"""Events: how they are made, chained by their hashes, and written out; the scores and batches that they carry."""

from __future__ import annotations

import hashlib
import json
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from expressentry.pool.acts.kinds import check_body, is_score
from expressentry.pool.acts.model import CandidateScore, Event, Place, RoundRow, Scored, Terms, canonical, instant_text
from expressentry.pool.acts.refusals import refusal
from expressentry.text import Text

GENESIS = "0" * 64
"""The hash before the first event."""


def new_event(kind: str, at: datetime, actor: str, body: Mapping[str, Any], reason: str = "") -> Event:
    """Make an event that is not sealed yet.

    Raises:
        UsageError: The instant has no time zone, or the actor or the reason is not plain text.
        BodyError: The body is not what an event of this kind says.
    """
    if at.tzinfo is None:
        rule = Text("an instant without a time zone", "un instant sans fuseau horaire")
        raise refusal("no_zone", "at", rule, Text("give it in UTC", "le donner en UTC"), at)
    check_plain(actor, reason)
    check_body(kind, body)
    return Event(kind, instant_text(at), actor, reason, canonical(body))


def check_plain(actor: str, reason: str) -> None:
    """Refuse an actor or a reason that no event may have; only a reason may have several lines.

    Raises:
        UsageError: One of them is too long, or has characters that are not printed.
    """
    for field, text, most in (("actor", actor, 200), ("reason", reason, 2000)):
        shown = text.replace("\n", "") if field == "reason" else text
        if len(text) > most or any(unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") for one in shown):
            rule = Text("at most {n} characters, all of them printed", "au plus {n} caractères, tous imprimés")
            fix = Text("type it again as plain text", "le retaper en texte simple")
            raise refusal("not_plain", field, rule.fill(n=most), fix, text)


def event_hash(before: str, event: Event) -> str:
    """Hash an event: SHA-256 over the hash before it and everything that the event has.

    Each part comes after its length in bytes and a colon, so that nothing can move from one part to the next.
    """
    parts = (before, str(event.seq), str(event.inbox), event.kind, event.at, event.actor, event.reason, event.body)
    whole = hashlib.sha256()
    for part in parts:
        text = part.encode(errors="surrogatepass")
        whole.update(b"%d:" % len(text))
        whole.update(text)
    return whole.hexdigest()


def ndjson(events: Iterable[Event]) -> Iterator[str]:
    """Events as lines of JSON; with the line before, each hash can be computed again."""
    for event in events:
        yield json.dumps(
            {
                "seq": event.seq,
                "inbox": event.inbox,
                "kind": event.kind,
                "at": event.at,
                "actor": event.actor,
                "reason": event.reason,
                "body": event.body,
                "hash": event.hash,
            },
            ensure_ascii=False,
        )


def score_record(score: CandidateScore) -> list[Any]:
    """One score as events have it."""
    return [score.eligible, score.crs, score.program, list(score.lists)]


def score_of_record(record: Sequence[Any]) -> CandidateScore:
    """The score that an event has."""
    eligible, crs, program, lists = record
    return CandidateScore(eligible, crs, program, tuple(lists))


def terms_of(told: Mapping[str, Any]) -> Terms:
    """The terms of a round, from its event."""
    return Terms(told["kind"], told["size"], date.fromisoformat(told["day"]), told["of"])


def round_of(event: Event, seq: int, head: str) -> RoundRow:
    """The round that an event is about, sealed under a number."""
    body = json.loads(event.body)
    terms = terms_of(body["terms"])
    tie_break = body["tie_break"] and datetime.fromisoformat(body["tie_break"])
    return RoundRow(
        body["number"], UUID(body["request_id"]), terms, datetime.fromisoformat(event.at), event.actor,
        body["rule_set"], body["rule_set_digest"], body["invited"], body["cutoff"], tie_break or None,
        body["invited_digest"], body["next_digest"], seq, head,
    )  # fmt: skip


def score_records(scored: Mapping[int, Scored]) -> dict[str, list[Any]]:
    """Scores by rule set as events have them."""
    return {str(id_): score_record(one.score) for id_, one in scored.items()}


def places_digest(places: Sequence[Place]) -> str:
    """Digest of a list of invited candidates: who, with what score, submission time and program, in which order."""
    return rows_digest(place_rows(places))


def place_rows(places: Sequence[Place]) -> list[list[Any]]:
    """Places as events have them."""
    return [[p.interest, p.crs, p.program, instant_text(p.submitted_at)] for p in places]


def rows_digest(rows: Sequence[Sequence[Any]]) -> str:
    """The digest of places, from their rows."""
    lines = (f"{interest} {crs} {submitted_at} {program or '-'}" for interest, crs, program, submitted_at in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def packed(scores: Mapping[int, CandidateScore]) -> bytes:
    """The rows of a batch of a re-scoring: one JSON line a candidate, compressed."""
    lines = (json.dumps([id_, *score_record(one)], separators=(",", ":")) for id_, one in scores.items())
    return zlib.compress("\n".join(lines).encode(), 1)


def unpacked(rows: bytes) -> dict[int, CandidateScore]:
    """The scores of a batch, from its rows.

    Raises:
        ValueError: They are no such rows.
    """
    found = {}
    try:
        for line in zlib.decompress(rows).decode().splitlines():
            id_, *score = json.loads(line)
            if type(id_) is not int or not is_score(score):
                raise ValueError(line[:100])
            found[id_] = CandidateScore(score[0], score[1], score[2], tuple(score[3]))
    except (zlib.error, TypeError, RecursionError):
        raise ValueError from None
    return found
