"""Questions about nominee streams and their published rounds: which there are, what one asks, what a file brought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from expressentry.answers.basis import cite_record
from expressentry.answers.context import Context
from expressentry.answers.law import grid_record
from expressentry.answers.problems import unknown
from expressentry.dates import long_day
from expressentry.errors import Problem, UsageError
from expressentry.law.law import Law
from expressentry.law.streams import PROVINCES, Stream
from expressentry.rounds.province_draws import Draw
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from expressentry.answers.records.provinces import (
        DrawRecord,
        DrawsReachRecord,
        DrawsUpdateRecord,
        StreamRecord,
        StreamRowRecord,
    )
    from expressentry.rounds.province_updates import DrawsUpdate

STREAM_COLUMNS = (
    *("key", "province", "name", "status", "from", "until", "eoi", "pass_mark", "checked", "confidence"),
    *("known_from", "reason", "our_french"),
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
                "our_french": True,
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
        "status": one.status_on(on),
        "from": one.start.isoformat() if one.start else None,
        "until": one.until.isoformat() if one.until else None,
        "eoi": one.eoi.say(lang),
        "pass_mark": one.pass_mark,
        "checked": one.cite.instrument.checked.isoformat(),
        "confidence": one.cite.confidence,
        "known_from": one.known.isoformat(),
        "reason": None,
        "our_french": one.ours,
    }


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
    of = next((one for one in streams.keys if key.startswith(f"{one}-")), None)
    if of is not None:
        rule = Text("no such version of {k}", "aucune telle version de {k}").fill(k=of)
        fix = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join((of, *(one.id for one in streams.of(of)))))
        raise UsageError(Problem("unknown_stream", "stream", rule, fix, key))
    raise unknown("unknown_stream", "stream", Text("unknown stream", "volet inconnu"), key, streams.keys)


def streams_of_day(law: Law, names: Sequence[str], on: date) -> tuple[Stream, ...]:
    """The streams of a day that are named: each by its key, by the version of the day, or all of a province.

    Raises:
        UsageError: For each name that is none, and each stream or version that is not known to be in force on the day.
    """
    known, problems, named = law.streams.on(on), list[Problem](), set[str]()
    for name in names:
        if name in PROVINCES:
            found = {one.key for one in known if one.province == name}
            named |= found
            problems += [] if found else [_none_there(name, on)]
            continue
        try:
            one = find_stream(law, name, on)
        except UsageError as error:
            problems += error.problems
            continue
        named.add(one.key)
        problems += [] if one in known else [_not_that_day(one, known, name, on)]
    if problems:
        raise UsageError(problems)
    return tuple(one for one in known if one.key in named)


def _none_there(province: str, on: date) -> Problem:
    rule = Text("no stream known on {d}", "aucun volet connu le {d}").fill(d=long_day(on))
    fix = Text(
        "`provinces list --all` has every stream that we know, and those not encoded with the reason",
        "`provinces list --all` a chaque volet connu, et ceux non encodés avec la raison",
    )
    return Problem("not_that_day", "stream", rule, fix, province)


def _not_that_day(one: Stream, known: Sequence[Stream], name: str, on: date) -> Problem:
    rule = Text("not known to be in force on {d}", "pas connu en vigueur le {d}").fill(d=long_day(on))
    now = next((other for other in known if other.key == one.key), None)
    if now is not None:
        fix = Text("the version of that day: {v}", "la version de ce jour : {v}").fill(v=now.id)
    elif one.until is not None:
        wording = Text("a day from {a} to the day before {b}", "un jour du {a} à la veille du {b}")
        fix = wording.fill(a=long_day(one.known), b=long_day(one.until))
    else:
        fix = Text("a day from {a} on", "un jour à partir du {a}").fill(a=long_day(one.known))
    return Problem("not_that_day", "stream", rule, fix, name)


def stream_record(context: Context, key: str, on: date, lang: Lang) -> StreamRecord:
    """One stream on a day: what it asks with its sources, its grids, its versions, its newest rounds up to that day.

    Raises:
        UsageError: There is no such stream, or the day is before Express Entry began.
    """
    law = context.law
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
        "draws": [draw_record(draw, lang) for draw in context.draws.of(one.draws, on)[-_NEWEST:][::-1]],
        "draws_read": draws_reach(context, one.province, on),
    }


def draws_reach(context: Context, province: str, on: date) -> DrawsReachRecord:
    """The day up to which the rounds of a province were read, and how old that is on a day."""
    read = context.draws.checked(province)
    return {
        "as_of": read.isoformat() if read else None,
        "age_days": max((on - read).days, 0) if read else None,
        "stale": context.draws.stale(province, on),
    }


def find_draws(context: Context, on: date, province: str | None = None, key: str | None = None) -> list[Draw]:
    """Every published round up to a day, newest first, of one province or one stream if it is named.

    Raises:
        UsageError: There is no such province or stream.
    """
    if province is not None and province not in PROVINCES:
        rule = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(PROVINCES))
        fix = Text("name the province or territory", "nommer la province ou le territoire")
        raise UsageError(Problem("unknown_province", "province", rule, fix, province))
    draws = [one for one in context.draws if one.day <= on]
    if key is not None:
        known = {one.stream for one in context.draws}
        names = {key} if key in known else set(find_stream(context.law, key, on).draws)
        names |= {name for one in context.law.streams.of(key) for name in one.draws}
        draws = [one for one in draws if one.stream in names]
    return [one for one in reversed(draws) if province in (None, one.province)]


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


def update_draws(context: Context, path: Path, folder: Path, on: date) -> DrawsUpdate:
    """Merge a file of published rounds into those of the user's folder.

    Raises:
        RecordError: A row is wrong; then nothing is stored.
        FileError: The file cannot be read, or the folder cannot be written.
    """
    from expressentry.rounds.province_updates import bring_draws, shipped_draws

    names = {one.stream: one.province for one in context.draws} | dict(context.law.streams.published)
    return bring_draws(path, context.draws, shipped_draws(), folder, names, on)


def draws_update_record(update: DrawsUpdate, lang: Lang) -> DrawsUpdateRecord:
    """What a file of rounds brought."""
    return {
        "known": len(update.draws),
        "new": [draw_record(one, lang) for one in update.new],
        "differences": [
            {
                "stream": one.draw.stream,
                "date": one.draw.day.isoformat(),
                "field": one.field,
                "record": None if one.record is None else str(one.record),
                "file": str(one.file),
                "used": one.used,
                "why": one.why,
            }
            for one in update.differences
        ],
        "same": update.same,
    }
