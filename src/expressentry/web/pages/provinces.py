"""Pages of the nominee streams: those of today, one page a stream, the published rounds and their chart."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from expressentry.answers.provinces import DRAW_COLUMNS, draw_record, find_draws, find_stream
from expressentry.law.streams import PROVINCES as CODES
from expressentry.present.charts import provinces as drawing
from expressentry.present.tables import comma_separated
from expressentry.present.text.provinces import KIND, STATUS
from expressentry.profile.labels import PROVINCES
from expressentry.rounds.province_draws import Draw
from expressentry.text import Lang, Text
from expressentry.web.pages.charts import TONES, WIDTHS, drawable
from expressentry.web.pages.law import CONFIDENCE, places_of
from expressentry.web.pages.render import lang_of_path, page
from expressentry.web.request import state_of
from expressentry.web.state import State
from expressentry.web.workers.handing import compute

router = APIRouter()
SHOWN = 40
_SIZES = ((900, 470), (345, 520))
_EVERY = "all"


@router.get("/provinces")
async def provinces(request: Request) -> Response:
    """The streams that we know to be in force today, by province; then what is closed, and what is not encoded."""
    state = state_of(request)
    streams, today, draws = state.law.streams, state.today(), state.context.draws
    held = streams.on(today)
    open_ = [{"one": one, "status": one.status_on(today), "last": draws.last(one.draws, today)} for one in held]
    closed = [one for one in streams.versions if one.status_on(today) == "closed"]
    values = {
        "rows": open_,
        "closed": closed,
        "missing": streams.missing,
        "names": PROVINCES,
        "statuses": STATUS,
        "oldest": min((one.cite.instrument.checked for one in held), default=None),
        "read": _read(state, [one.province for one in held]),
    }
    return page(request, "provinces.html", values)


@router.get("/provinces/draws")
async def draws(request: Request) -> Response:
    """Published rounds, of one province where one is chosen."""
    state, asked = state_of(request), request.query_params.get("province", "")[:2]
    found = find_draws(state.context, state.today(), asked or None)
    values = {
        "found": found,
        "shown": found if "all" in request.query_params else found[:SHOWN],
        "given": asked,
        "names": {code: PROVINCES[code] for code in CODES if state.context.draws.checked(code)},
        "kinds": KIND,
        "read": _read(state, [asked] if asked else list(CODES)),
        "chart": _chart(request, found, asked or _EVERY),
    }
    return page(request, "province_draws.html", values)


@router.get("/provinces/draws.csv")
async def as_csv(request: Request) -> Response:
    """The rounds as a table, the newest first."""
    state, asked = state_of(request), request.query_params.get("province", "")[:2]
    rows = [draw_record(one, lang_of_path(request)) for one in find_draws(state.context, state.today(), asked or None)]
    headers = {
        "Content-Disposition": 'attachment; filename="province_draws.csv"',
        "Cache-Control": "public, max-age=300",
    }
    return Response(comma_separated(rows, DRAW_COLUMNS), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/provinces/draws/{of}.{width}.{tone}.svg")
async def chart(request: Request, of: str, width: str, tone: str) -> Response:
    """The rounds of a province, a stream, or everywhere, drawn; wide or narrow, light or dark."""
    state, lang = state_of(request), lang_of_path(request)
    if width not in WIDTHS or tone not in TONES or not drawable() or not _of(state, of):
        raise HTTPException(404)
    key = f"draws-{of}.{width}.{tone}.{lang}"
    if key not in state.pictures:
        state.pictures[key] = await compute(request, draw, of, lang, width == "narrow", tone == "dark")
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(state.pictures[key], media_type="image/svg+xml", headers=headers)


def draw(state: State, of: str, lang: Lang, narrow: bool, dark: bool) -> bytes:
    """Draw the rounds of a province, a stream, or everywhere as SVG."""
    from expressentry.present.charts.save import as_svg

    data = drawing.draws(_of(state, of), state.today(), lang)
    return as_svg(drawing.draws_chart(data, lang, dark=dark, narrow=narrow), lang)


def _of(state: State, of: str) -> list[Draw]:
    """The rounds of a picture; none for a name that is none."""
    today = state.today()
    if of == _EVERY or of in CODES:
        return find_draws(state.context, today, None if of == _EVERY else of)
    known = state.law.streams.of(of)
    return state.context.draws.of({name for one in known for name in one.draws}, today)[::-1]


@router.get("/provinces/{key}")
async def province_stream(request: Request, key: str) -> Response:
    """One stream: what it asks, how it counts points, its rounds."""
    state = state_of(request)
    today, streams = state.today(), state.law.streams
    one = find_stream(state.law, key[:60], today)
    found = state.context.draws.of(one.draws, today)[::-1]
    values = {
        "one": one,
        "status": one.status_on(today),
        "statuses": STATUS,
        "names": PROVINCES,
        "grids": [(streams.grids[name], places_of(streams.grids[name], streams.columns)) for name in one.grids],
        "versions": streams.of(one.key),
        "found": found,
        "shown": found[:SHOWN],
        "kinds": KIND,
        "confidence": CONFIDENCE,
        "read": _read(state, [one.province]) if found else [],
        "chart": _chart(request, found, one.key),
    }
    return page(request, "province_stream.html", values)


def _read(state: State, provinces: list[str]) -> list[tuple[Text, date, bool]]:
    """Up to which day the rounds of each province were read, and whether that is long ago."""
    draws, today = state.context.draws, state.today()
    found = [(code, draws.checked(code)) for code in dict.fromkeys(provinces)]
    return [(PROVINCES[code], day, draws.stale(code, today)) for code, day in found if day is not None]


def _chart(request: Request, found: list[Draw], of: str) -> dict[str, Any] | None:
    """What a page needs to show the chart of some rounds; None where nothing of them can be drawn."""
    if not any(one.score_min is not None or one.invitations is not None for one in found):
        return None
    data = drawing.draws(found, state_of(request).today(), lang_of_path(request))
    wide, narrow = _SIZES
    return {**vars(data), "drawn": drawable(), "wide": wide, "narrow": narrow, "asked": "", "of": of}
