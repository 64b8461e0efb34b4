"""The question which nominee streams a person meets: findings with reasons and sources, points, the newest round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from expressentry.answers.basis import cite_record
from expressentry.answers.context import Context
from expressentry.answers.findings import criterion_record
from expressentry.answers.person import assess
from expressentry.answers.provinces import draw_record, draws_reach, streams_of_day
from expressentry.answers.why import ASK, CRITERION, missing, why
from expressentry.assess.person.ends import Span
from expressentry.assess.person.readings import Assessment
from expressentry.assess.person.stream_people import assess_streams
from expressentry.assess.person.streams import GridPoints, StreamFinding
from expressentry.dates import long_day
from expressentry.errors import FactorsError, Problem
from expressentry.law.law import Law
from expressentry.law.schema import Columns
from expressentry.law.streams import Stream
from expressentry.profile.provinces import check_provinces
from expressentry.rounds.province_draws import CRS_SCALE, Draw, Draws
from expressentry.shown import between
from expressentry.text import Lang, Text, same

if TYPE_CHECKING:
    from expressentry.answers.records.provinces import (
        LastDrawRecord,
        PersonGridRecord,
        RangeRecord,
        StreamFindingRecord,
    )


def assess_provinces(
    context: Context, facts: Mapping[str, Any], on: date, lang: Lang, keys: Sequence[str] = ()
) -> list[StreamFindingRecord]:
    """Every stream of a day for one person, of dated facts or of factors; `keys` are streams or provinces.

    A file of factors may have the tables `provinces` of a profile too.

    Raises:
        FactorsError: The facts are wrong.
        UsageError: There is no such stream or province, or it has no stream that is known on the day.
    """
    plain = {name: value for name, value in facts.items() if name != "provinces"}
    stated = facts.get("provinces") if "person" not in facts else None
    if stated is not None:
        problems = check_provinces(_tables(stated), context.law)
        if problems:
            raise FactorsError(problems)
    found = assess(context, facts if stated is None else plain, on)
    streams = context.rules(on).streams
    if keys:
        streams = streams_of_day(context.law, keys, on)
    judged = assess_streams(found, streams, stated=stated)
    return finding_records(context, found, judged, lang)


def finding_records(
    context: Context, found: Assessment, judged: Iterable[StreamFinding], lang: Lang
) -> list[StreamFindingRecord]:
    """Streams that were judged for an assessed person, as plain data."""
    on, crs = found.rules.day, (found.totals[0], found.totals[-1])
    return [_finding(one, context, on, crs, lang) for one in judged]


def _tables(stated: object) -> list[Mapping[str, Any]]:
    if isinstance(stated, list) and all(isinstance(one, Mapping) for one in stated):
        return stated
    rule = Text("expected a list of tables", "liste de tables attendue")
    fix = Text("write [[provinces]] with a province in each", "écrire [[provinces]] avec une province dans chacune")
    raise FactorsError(Problem("wrong_type", "provinces", rule, fix))


def _finding(one: StreamFinding, context: Context, on: date, crs: Span, lang: Lang) -> StreamFindingRecord:
    stream, law = one.stream, context.law
    columns = law.streams.columns
    last = context.draws.last(stream.draws, on)
    return {
        "key": stream.key,
        "province": stream.province,
        "name": stream.title.say(lang),
        "status": stream.status_on(on),
        "finding": CRITERION[one.answer],
        "why": summary(one, columns).say(lang),
        "missing": list(one.missing),
        "ask": list(one.asks),
        "points": _range(one.points[0], law) if one.points else None,
        "criteria": [criterion_record(finding, columns, lang) for finding in one.findings],
        "grids": [_grid(points, law, lang) for points in one.points],
        "last_draw": last_record(last, one, crs, lang) if last else None,
        "last_draws": [last_record(draw, one, crs, lang) for draw in newest_draws(context.draws, stream, on)],
        "draws_read": draws_reach(context, stream.province, on),
        "checked": stream.cite.instrument.checked.isoformat(),
        "confidence": stream.cite.confidence,
    }


def summary(one: StreamFinding, columns: Columns) -> Text:
    """In one line: what is not met, or what is missing and whom to ask, or that everything is met."""
    failed = [finding for finding in one.findings if finding.answer is False]
    titled = Text("{t}: {v}", "{t} : {v}")
    if failed:
        told = [titled.fill(t=finding.criterion.title, v=why(finding, columns)) for finding in failed]
        return Text("; ", "; ").join(told)
    if one.answer is None:
        facts = [missing(one.missing, columns)] if one.missing else []
        asked = [
            titled.fill(t=ASK[who], v=finding.criterion.title)
            for finding in one.findings
            if finding.answer is None and finding.needed in ASK
            for who in [finding.needed]
        ]
        law_open = [
            finding.criterion.cite.doubt or finding.criterion.title
            for finding in one.findings
            if finding.answer is None and not finding.missing and finding.needed not in ASK
        ]
        return Text("; ", "; ").join([*facts, *asked, *law_open])
    return Text("everything that is asked is met", "tout ce qui est demandé est rempli")


def in_short(one: StreamFinding, columns: Columns) -> Text:
    """The same in few words: the first reason and how many more, or how many facts are missing and whom to ask."""
    failed = [finding for finding in one.findings if finding.answer is False]
    if failed:
        told = Text("{t}: {v}", "{t} : {v}").fill(t=failed[0].criterion.title, v=why(failed[0], columns))
        more = Text("{t}; and {n} more", "{t}; et {n} de plus").fill(t=told, n=len(failed) - 1)
        return more if len(failed) > 1 else told
    count = len(one.missing)
    if one.answer is not None or count <= _FEW:
        return summary(one, columns)
    facts = Text("we need {n} more facts", "il nous manque {n} faits").fill(n=count)
    return Text("; ", "; ").join([facts, *(ASK[who] for who in one.asks)])


def lacks(one: StreamFinding, columns: Columns) -> list[Text]:
    """What a person still lacks for a stream: criteria that are not met, facts that are missing, and whom to ask."""
    titled = Text("{t}: {v}", "{t} : {v}")
    failed = [finding for finding in one.findings if finding.answer is False]
    told = [titled.fill(t=finding.criterion.title, v=why(finding, columns)) for finding in failed]
    return [*told, *(missing((name,), columns) for name in one.missing), *(ASK[who] for who in one.asks)]


def within_reach(found: Iterable[StreamFinding]) -> list[StreamFinding]:
    """Streams that are met, may be met, or lack one criterion, the nearest first."""
    return [one for one in nearest_first(found) if _failed(one) <= 1]


_FEW = 2
_ORDER = {True: 0, None: 1, False: 2}


def nearest_first(found: Iterable[StreamFinding]) -> list[StreamFinding]:
    """Streams that are met first, then those with the fewest facts missing, those that are not met last."""
    return sorted(found, key=lambda one: (_ORDER[one.answer], _failed(one), len(one.missing)))


def _failed(one: StreamFinding) -> int:
    return sum(finding.answer is False for finding in one.findings)


def points_words(one: StreamFinding, law: Law) -> Text:
    """The points on the grid that ranks, as a range where facts are missing; "–" where a stream has no grid."""
    if not one.points:
        return same("–")
    most = max(law.streams.grids[one.points[0].grid].root.maximum)
    return same(f"{between(*one.points[0].total)} / {most}")


def last_words(one: StreamFinding, draws: Draws, on: date, crs: Span) -> Text:
    """The newest round of a stream: its day and, where a score is published, whether the points reach it."""
    last = draws.last(one.stream.draws, on)
    if last is None:
        return same("–")
    if last.score_min is None:
        return long_day(last.day)
    wording = Text("{d}: {n} ({r})", "{d} : {n} ({r})")
    return wording.fill(d=long_day(last.day), n=last.score_min, r=REACHED[reached(last, one, crs)])


REACHED = {
    True: Text("you reach it", "vous l'atteignez"),
    False: Text("you do not reach it", "vous ne l'atteignez pas"),
    None: Text("undetermined", "indéterminé"),
}


_NEWEST = 5
"""So many of the newest rounds of a stream say where a person would have stood."""


def newest_draws(draws: Draws, stream: Stream, on: date) -> list[Draw]:
    """The newest rounds of a stream up to a day, the newest first."""
    return draws.of(stream.draws, on)[-_NEWEST:][::-1]


def _range(points: GridPoints, law: Law) -> RangeRecord:
    low, high = points.total
    return {"low": low, "high": high, "max": max(law.streams.grids[points.grid].root.maximum)}


def _grid(points: GridPoints, law: Law, lang: Lang) -> PersonGridRecord:
    grid = law.streams.grids[points.grid]
    return {
        "grid": points.grid,
        "points": _range(points, law),
        "lines": [
            {
                "id": node.id,
                "title": node.title.say(lang),
                "low": points.spans[node.id][0],
                "high": points.spans[node.id][1],
                "max": max(node.maximum),
                "cites": [cite_record(node.cite, lang)],
            }
            for node in grid.root.walk()
        ],
    }


def last_record(last: Draw, one: StreamFinding, crs: Span, lang: Lang) -> LastDrawRecord:
    """The newest round of a stream, and whether the points of a person reach its lowest score."""
    return {**draw_record(last, lang), "reached": reached(last, one, crs)}


def reached(last: Draw, one: StreamFinding, crs: Span) -> bool | None:
    """Whether the points of a person reach the lowest score of a round; None where that is not known."""
    own = crs if last.scale == CRS_SCALE else one.points[0].total if one.points else None
    if last.score_min is None or own is None:
        return None
    low, high = own
    return True if low >= last.score_min else False if high < last.score_min else None
