"""Questions about rounds and the pool: listed, one shown, a score in the pool, rounds replayed for a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from expressentry.answers.basis import law_record, reach_record
from expressentry.answers.context import Context
from expressentry.answers.why import CRITERION
from expressentry.errors import Problem, UsageError
from expressentry.rounds.merge import Update, shown
from expressentry.rounds.position import Position, over_the_year, position
from expressentry.rounds.record import PoolDay, Record, Round
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from expressentry.answers.records.advice import ReplayedRecord, ReplayRecord
    from expressentry.answers.records.published import (
        BandRecord,
        PoolDayRecord,
        PoolRecord,
        PoolRowRecord,
        PositionRecord,
        PositionRowRecord,
        PositionsRecord,
        RoundRecord,
        RoundRowRecord,
        UpdateRecord,
    )
    from expressentry.profile.model import Profile
    from expressentry.rounds.replay import Replay, Replayed


def find_rounds(
    rounds: Iterable[Round],
    *,
    kind: str | None = None,
    category: str | None = None,
    since: date | None = None,
    until: date | None = None,
    cutoff_min: int | None = None,
    cutoff_max: int | None = None,
) -> list[Round]:
    """The rounds that pass every filter, in their order; days and scores are included.

    `kind` is a type, or a category: people call both the kind of a round.
    """
    return [
        one
        for one in rounds
        if kind in (None, one.type, one.category)
        and category in (None, one.category)
        and (since or date.min) <= one.date <= (until or date.max)
        and (cutoff_min is None or one.cutoff >= cutoff_min)
        and (cutoff_max is None or one.cutoff <= cutoff_max)
    ]


def round_row(one: Round, lang: Lang) -> RoundRowRecord:
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


def one_round(context: Context, number: str, lang: Lang) -> RoundRecord:
    """One round with the pool before it, its neighbours, its source and the law of its day.

    Raises:
        UsageError: The record has no such number.
    """
    record = context.record
    one = record.round(number)
    pool = record.pool_before(one)
    before, after = record.neighbours(one)
    source = record.sources[one.source]
    return {
        **round_row(one, lang),
        "program_ids": list(one.program_ids) if one.program_ids is not None else None,
        "corrected": dict(one.corrected),
        "earlier": [{"field": e.field, "value": e.value, "source": e.source} for e in one.earlier],
        "pool_before": pool_day_record(pool, lang) if pool else None,
        "previous": round_row(before, lang) if before else None,
        "next": round_row(after, lang) if after else None,
        "read_from": {
            "title": source.title.say(lang),
            "address": source.address,
            "seen": source.seen.isoformat(),
            "confidence": source.confidence,
            "doubt": source.doubt.say(lang) if source.doubt else None,
        },
        "law": law_record(context.rules(one.date), lang),
        "record": reach_record(record),
    }


def pool_day(record: Record, on: date, *, quoted: bool = False) -> PoolDay:
    """The newest distribution of the pool on a day.

    Args:
        record: The record of rounds.
        on: The day.
        quoted: Whether, before the department's own distributions begin, one counts that others quoted.

    Raises:
        UsageError: The day is before the first one.
    """
    day = record.pool_on(on)
    others = record.quoted if quoted else ()
    if day is None:
        day = max((one for one in others if one.as_of <= on), key=lambda one: one.as_of, default=None)
    if day is None:
        first = min(one.as_of for one in (*record.pool, *others))
        rule = Text("the first distribution is that of {d}", "la première répartition est celle du {d}").fill(d=first)
        fix = Text("give a later day", "donner un jour ultérieur")
        raise UsageError(Problem("no_distribution" if quoted else "unknown_day", "on", rule, fix, on))
    return day


def pool(record: Record, on: date, lang: Lang, score: int | None = None) -> PoolRecord:
    """The newest distribution of the pool on a day, and where a score is in it.

    Raises:
        UsageError: The day is before the first distribution, or there is no such score.
    """
    day = pool_day(record, on)
    # mypy takes no `**` of a record for one that may have more keys.
    found = cast("PoolRecord", {**pool_day_record(day, lang), "record": reach_record(record, on)})
    if score is not None:
        found["standing"] = position_record(position(score, day))
    return found


def pool_day_record(day: PoolDay, lang: Lang) -> PoolDayRecord:
    """A distribution with its source; the bands add up, the highest first."""
    return {
        "as_of": day.as_of.isoformat(),
        "rounds": list(day.rounds),
        "total": day.total,
        "bands": _bands(day),
        "source": day.source,
        "checked": day.checked.isoformat(),
        "doubt": day.doubt.say(lang) if day.doubt else None,
    }


def pool_rows(day: PoolDay) -> list[PoolRowRecord]:
    """The bands of a distribution as rows."""
    return [{"as_of": day.as_of.isoformat(), **band} for band in _bands(day)]


def _bands(day: PoolDay) -> list[BandRecord]:
    return [{"crs_low": low, "crs_high": high, "candidates": count} for low, high, count in day.finest]


def positions(record: Record, score: int, day: PoolDay) -> tuple[Position, list[Position]]:
    """Where a score is in a distribution, and where it was in those of the year before."""
    found = position(score, day)
    return found, over_the_year(score, record.pool, day.as_of) or [found]


def positions_record(record: Record, found: Position, year: Sequence[Position], on: date) -> PositionsRecord:
    """The position of a score, now and over the year, as plain data."""
    past = [position_record(one) for one in year]
    return {"score": found.score, **position_record(found), "year": past, "record": reach_record(record, on)}


def position_record(found: Position) -> PositionRecord:
    """Where a score is; every pair is at least and at most."""
    return {
        "as_of": found.as_of.isoformat(),
        "total": found.total,
        "band": list(found.band),
        "ahead": list(found.ahead),
        "rank": list(found.rank),
        "lower_percent": list(found.lower),
    }


def position_row(found: Position) -> PositionRowRecord:
    """The position of a score in one distribution, as one row of a table."""
    return {
        "as_of": found.as_of.isoformat(),
        "total": found.total,
        "rank_best": found.rank[0],
        "rank_worst": found.rank[1],
        "lower_percent_min": found.lower[0],
        "lower_percent_max": found.lower[1],
    }


def replay(
    context: Context,
    person: Profile,
    on: date,
    *,
    submitted: Sequence[datetime] = (),
    rounds: Iterable[Round] | None = None,
    last: int | None = None,
) -> Replay:
    """Which of the rounds up to a day would have invited a person, each under the law of its own day.

    Args:
        context: The law and the record.
        person: The dated facts.
        on: Later rounds are left out.
        submitted: The instants (UTC) at which the profile was submitted; they decide ties.
        rounds: Only these rounds.
        last: Only so many, the newest.
    """
    from expressentry.rounds.replay import replay as replayed

    chosen = [one for one in (context.record.rounds if rounds is None else rounds) if one.date <= on]
    chosen = chosen[-last:] if last else chosen
    return replayed(person, context.record, submitted=submitted, rounds=chosen, law=context.law)


def replay_record(found: Replay, record: Record, on: date, lang: Lang) -> ReplayRecord:
    """The rounds replayed, the newest first."""
    return {
        "since": found.since.isoformat() if found.since else None,
        "before": found.before,
        "left_out": found.left_out,
        "invited": len(found.invited),
        "rounds": [replayed_record(one, lang) for one in reversed(found.rounds)],
        "record": reach_record(record, on),
    }


def replayed_record(one: Replayed, lang: Lang) -> ReplayedRecord:
    """One replayed round; `margin` is null where the person could not enter it, or readings differ."""
    from expressentry.rounds.replay import INVITED

    return {
        "number": one.round.number,
        "date": one.round.date.isoformat(),
        "type": one.round.type,
        "category": one.round.category,
        "version": one.round.version,
        "cutoff": one.round.cutoff,
        "tie_break": one.round.tie_break.isoformat() if one.round.tie_break else None,
        "score": one.scores[0] if len(one.scores) == 1 else None,
        "scores": list(one.scores),
        "entry": CRITERION[one.entry],
        "margin": one.margins[0] if len(one.margins) == 1 else None,
        "answer": INVITED[one.answer],
        "why": one.reason.say(lang),
    }


def scores(context: Context, person: Profile, days: Iterable[date]) -> list[tuple[date, int]]:
    """A person's score on each day from the first result of a language test on, under the law of that day."""
    from expressentry.rounds.replay import scores as scores_on

    return scores_on(person, days, context.law)


def update_record(update: Update, lang: Lang) -> UpdateRecord:
    """What an update brought."""
    return {
        "record": reach_record(update.record),
        "new": [round_row(one, lang) for one in update.new],
        "new_pool": [day.as_of.isoformat() for day in update.new_pool],
        "differences": [
            {"subject": d.subject, "field": d.field, "record": d.record, "feed": d.feed, "used": d.used, "why": d.why}
            for d in update.differences
        ],
        "confirmed": update.confirmed,
        "missing": update.missing,
        "remarks": [remark.say(lang) for remark in update.remarks],
    }
