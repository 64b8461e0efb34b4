"""Rounds, distributions and standings as plain data."""

from __future__ import annotations

from datetime import date
from typing import Any

from expressentry.rounds.merge import Update, shown
from expressentry.rounds.position import Position
from expressentry.rounds.record import PoolDay, Record, Round
from expressentry.text import Lang


def record_record(record: Record, on: date | None = None) -> dict[str, Any]:
    """How far the record reaches, and on a day how old it is."""
    age = {} if on is None else {"age_days": max((on - record.as_of).days, 0), "stale": record.stale(on)}
    return {"as_of": record.as_of.isoformat(), "newest_round": record.newest.number, **age}


def round_record(one: Round, lang: Lang) -> dict[str, Any]:
    """One round; the first seven keys are a contract."""
    return {
        "number": one.number,
        "date": one.date.isoformat(),
        "type": one.type,
        "category": one.category,
        "invitations": one.invitations,
        "cutoff": one.cutoff,
        "tie_break": shown(one.tie_break),
        "version": one.version,
        "label": one.label.say(lang),
        "at": shown(one.at),
        "name": one.name,
        "first_name": one.first_name,
        "programs": one.programs,
        "source": one.source,
        "checked": one.checked.isoformat(),
        "doubt": one.doubt.say(lang) if one.doubt else None,
    }


def pool_rows(day: PoolDay) -> list[dict[str, Any]]:
    """The bands that add up, highest first."""
    return [
        {"as_of": day.as_of.isoformat(), "crs_low": low, "crs_high": high, "candidates": count}
        for low, high, count in day.finest
    ]


def pool_record(day: PoolDay, lang: Lang) -> dict[str, Any]:
    """A distribution with its source."""
    return {
        "as_of": day.as_of.isoformat(),
        "rounds": list(day.rounds),
        "total": day.total,
        "bands": [{"crs_low": low, "crs_high": high, "candidates": count} for low, high, count in day.finest],
        "source": day.source,
        "checked": day.checked.isoformat(),
        "doubt": day.doubt.say(lang) if day.doubt else None,
    }


def standing_record(found: Position) -> dict[str, Any]:
    """Where a score stands; every pair is at least and at most."""
    return {
        "as_of": found.as_of.isoformat(),
        "total": found.total,
        "band": list(found.band),
        "ahead": list(found.ahead),
        "rank": list(found.rank),
        "lower_percent": list(found.lower),
    }


def show_record(record: Record, one: Round, lang: Lang) -> dict[str, Any]:
    """One round with the pool before it, its neighbours and where it comes from; the law is added by the caller."""
    pool = record.pool_before(one)
    before, after = record.neighbours(one)
    source = record.sources[one.source]
    return {
        **round_record(one, lang),
        "program_ids": list(one.program_ids) if one.program_ids is not None else None,
        "corrected": dict(one.corrected),
        "earlier": [{"field": e.field, "value": e.value, "source": e.source} for e in one.earlier],
        "pool_before": pool_record(pool, lang) if pool else None,
        "previous": round_record(before, lang) if before else None,
        "next": round_record(after, lang) if after else None,
        "read_from": {
            "title": source.title.say(lang),
            "address": source.address,
            "seen": source.seen.isoformat(),
            "confidence": source.confidence,
            "doubt": source.doubt.say(lang) if source.doubt else None,
        },
    }


def update_record(update: Update, lang: Lang) -> dict[str, Any]:
    """What an update brought."""
    return {
        "record": record_record(update.record),
        "new": [round_record(one, lang) for one in update.new],
        "new_pool": [day.as_of.isoformat() for day in update.new_pool],
        "differences": [
            {"subject": d.subject, "field": d.field, "record": d.record, "feed": d.feed, "used": d.used, "why": d.why}
            for d in update.differences
        ],
        "confirmed": update.confirmed,
        "missing": update.missing,
        "remarks": [remark.say(lang) for remark in update.remarks],
    }
