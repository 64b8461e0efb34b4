"""Questions about nominee streams: which there are, what one asks, what a person meets, and published rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from expressentry.answers.basis import cite_record
from expressentry.answers.context import Context
from expressentry.answers.findings import criterion_record
from expressentry.answers.law import grid_record
from expressentry.answers.person import assess
from expressentry.answers.problems import unknown
from expressentry.answers.why import ASK, CRITERION, missing, why
from expressentry.assess.person.criteria import Finding
from expressentry.assess.person.ends import Span
from expressentry.assess.person.stream_people import assess_streams
from expressentry.assess.person.streams import GridPoints, StreamFinding
from expressentry.errors import FactorsError, Problem, UsageError
from expressentry.law.law import Law
from expressentry.law.schema import Columns
from expressentry.law.streams import PROVINCES, Stream
from expressentry.profile.provinces import check_provinces
from expressentry.rounds.province_draws import CRS_SCALE, Draw, draws_of, last_draw, load_draws
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from expressentry.answers.records.provinces import (
        DrawRecord,
        LastDrawRecord,
        PersonGridRecord,
        RangeRecord,
        Status,
        StreamFindingRecord,
        StreamRecord,
        StreamRowRecord,
    )

STREAM_COLUMNS = (
    *("key", "province", "name", "status", "from", "until", "eoi", "pass_mark", "checked", "confidence"),
    *("known_from", "reason"),
)
DRAW_COLUMNS = (
    *("province", "stream", "date", "date_to", "kind", "scale", "score_min", "score_max", "invitations"),
    *("fewer_than", "enhanced", "target", "source", "checked", "confidence", "doubt"),
)
_NEWEST = 10


def stream_rows(law: Law, on: date, lang: Lang, *, every: bool = False) -> list[StreamRowRecord]:
    """The streams that we know to be in force on a day, by province.

    With `every` also those that are closed or not yet known, and those that are not encoded, with the reason.
    """
    law.on(on)
    known = law.streams.versions if every else law.streams.on(on)
    rows = [stream_row(one, on, lang) for one in known]
    if every:
        rows += [
            {
                "key": one.key,
                "province": one.province,
                "name": one.title.say(lang),
                "status": "not_encoded",
                "from": None,
                "until": None,
                "eoi": None,
                "pass_mark": None,
                "checked": None,
                "confidence": None,
                "known_from": None,
                "reason": one.reason.say(lang),
            }
            for one in law.streams.missing
        ]
        rows.sort(key=lambda row: row["province"])
    return rows


def stream_row(one: Stream, on: date, lang: Lang) -> StreamRowRecord:
    """One stream."""
    return {
        "key": one.key,
        "province": one.province,
        "name": one.title.say(lang),
        "status": _status(one, on),
        "from": one.start.isoformat() if one.start else None,
        "until": one.until.isoformat() if one.until else None,
        "eoi": one.eoi.say(lang),
        "pass_mark": one.pass_mark,
        "checked": one.cite.instrument.checked.isoformat(),
        "confidence": one.cite.confidence,
        "known_from": one.known.isoformat(),
        "reason": None,
    }


def _status(one: Stream, on: date) -> Status:
    return "closed" if one.until is not None and one.until <= on else one.status  # type: ignore[return-value]


def find_stream(law: Law, key: str, on: date) -> Stream:
    """The version of a stream on a day, else its newest one; a version may be named by its own id.

    Raises:
        UsageError: There is no such stream; the nearest is named, or why it is not encoded.
    """
    streams = law.streams
    versions = streams.of(key) or tuple(one for one in streams.versions if one.id == key)
    if versions:
        return next((one for one in versions if one.holds(on)), versions[-1])
    left_out = next((one for one in streams.missing if one.key == key), None)
    if left_out is not None:
        rule = Text("not encoded: {r}", "non encodé : {r}").fill(r=left_out.reason)
        fix = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(streams.keys))
        raise UsageError(Problem("stream_not_encoded", "stream", rule, fix, key))
    raise unknown("unknown_stream", "stream", Text("unknown stream", "volet inconnu"), key, streams.keys)


def stream_record(law: Law, key: str, on: date, lang: Lang) -> StreamRecord:
    """One stream on a day: what it asks with its sources, its grids, its versions, its newest rounds.

    Raises:
        UsageError: There is no such stream, or the day is before Express Entry began.
    """
    law.on(on)
    one = find_stream(law, key, on)
    grids = [law.streams.grids[name] for name in one.grids]
    return {
        "stream": stream_row(one, on, lang),
        "version": one.id,
        "our_french": one.ours,
        "doubt": one.cite.doubt.say(lang) if one.cite.doubt else None,
        "criteria": [
            {"id": top.id, "title": top.title.say(lang), "cites": [cite_record(top.cite, lang)]} for top in one.criteria
        ],
        "grids": [
            {
                "id": grid.id,
                "title": grid.title.say(lang),
                "max": max(grid.root.maximum),
                "places": grid_record(grid, lang)["places"],
            }
            for grid in grids
        ],
        "versions": [version.id for version in law.streams.of(one.key)],
        "draws": [draw_record(draw, lang) for draw in draws_of(one.draws)[-_NEWEST:][::-1]],
    }


def draw_rows(
    lang: Lang, province: str | None = None, law: Law | None = None, key: str | None = None
) -> list[DrawRecord]:
    """Every published round, newest first, of one province or one stream if it is named.

    Raises:
        UsageError: There is no such province or stream.
    """
    if province is not None and province not in PROVINCES:
        rule = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(PROVINCES))
        fix = Text("name the province or territory", "nommer la province ou le territoire")
        raise UsageError(Problem("unknown_province", "province", rule, fix, province))
    draws: Sequence[Draw] = load_draws()
    if key is not None and law is not None:
        names = {name for one in law.streams.of(key) for name in one.draws} | {key}
        draws = draws_of(names)
        if not draws:
            find_stream(law, key, date.max)
    return [draw_record(one, lang) for one in reversed(draws) if province in (None, one.province)]


def draw_record(one: Draw, lang: Lang) -> DrawRecord:
    """One published round."""
    return {
        "province": one.province,
        "stream": one.stream,
        "date": one.day.isoformat(),
        "date_to": one.until.isoformat() if one.until else None,
        "kind": one.kind,
        "scale": one.scale,
        "score_min": one.score_min,
        "score_max": one.score_max,
        "invitations": one.invitations,
        "fewer_than": one.fewer_than,
        "enhanced": one.enhanced,
        "target": one.target,
        "source": one.source,
        "checked": one.checked.isoformat() if one.checked else None,
        "confidence": one.confidence,
        "doubt": one.doubt.say(lang) if one.doubt else None,
    }


def assess_provinces(
    context: Context, facts: Mapping[str, Any], on: date, lang: Lang, keys: Sequence[str] = ()
) -> list[StreamFindingRecord]:
    """Every stream of a day for one person, of dated facts or of factors; `keys` are streams or provinces.

    A file of factors may have the tables `provinces` of a profile too.

    Raises:
        FactorsError: The facts are wrong.
        UsageError: There is no such stream or province.
    """
    plain = {name: value for name, value in facts.items() if name != "provinces"}
    stated = facts.get("provinces") if "person" not in facts else None
    if stated is not None:
        problems = check_provinces(_tables(stated), context.law)
        if problems:
            raise FactorsError(problems)
    found = assess(context, facts if stated is None else plain, on)
    streams = context.law.on(on).streams
    if keys:
        wanted = [key for key in keys if key not in PROVINCES]
        named = {find_stream(context.law, key, on).key for key in wanted} | set(keys)
        streams = tuple(one for one in streams if one.key in named or one.province in named)
    crs = (found.totals[0], found.totals[-1])
    judged = assess_streams(found, streams, stated=stated)
    return [_finding(one, context.law, on, crs, lang) for one in judged]


def _tables(stated: object) -> list[Mapping[str, Any]]:
    if isinstance(stated, list) and all(isinstance(one, Mapping) for one in stated):
        return stated
    rule = Text("expected a list of tables", "liste de tables attendue")
    fix = Text("write [[provinces]] with a province in each", "écrire [[provinces]] avec une province dans chacune")
    raise FactorsError(Problem("wrong_type", "provinces", rule, fix))


def _finding(one: StreamFinding, law: Law, on: date, crs: Span, lang: Lang) -> StreamFindingRecord:
    stream, columns = one.stream, law.streams.columns
    return {
        "key": stream.key,
        "province": stream.province,
        "name": stream.title.say(lang),
        "status": _status(stream, on),
        "finding": CRITERION[one.answer],
        "why": summary(one, columns).say(lang),
        "missing": list(one.missing),
        "ask": list(one.asks),
        "points": _range(one.points[0], law) if one.points else None,
        "criteria": [criterion_record(finding, columns, lang) for finding in one.findings],
        "grids": [_grid(points, law, lang) for points in one.points],
        "last_draw": _last(one, on, crs, lang),
        "checked": stream.cite.instrument.checked.isoformat(),
        "confidence": stream.cite.confidence,
    }


def summary(one: StreamFinding, columns: Columns) -> Text:
    """In one line: what is not met, or what is missing and whom to ask, or that everything is met."""
    failed = [finding for finding in one.findings if finding.answer is False]
    titled = Text("{t}: {v}", "{t} : {v}")
    if failed:
        told = [titled.fill(t=finding.criterion.title, v=_why(finding, columns)) for finding in failed]
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


def _why(finding: Finding, columns: Columns) -> Text:
    return why(finding, columns)


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


def _last(one: StreamFinding, on: date, crs: Span, lang: Lang) -> LastDrawRecord | None:
    found = last_draw(one.stream.draws, on)
    if found is None:
        return None
    reached: bool | None = None
    own = crs if found.scale == CRS_SCALE else one.points[0].total if one.points else None
    if found.score_min is not None and own is not None:
        low, high = own
        reached = True if low >= found.score_min else False if high < found.score_min else None
    return {**draw_record(found, lang), "reached": reached}
