"""Pages of forecasts: the next round of every type, and for one type the fan, the rounds ahead and the record."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from expressentry.answers.records.forecast import RecordOfModel
from expressentry.dates import long_day
from expressentry.errors import Problem, UsageError
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Text
from expressentry.web.forecasting import Found, draw, found_of, last_rounds, left_out
from expressentry.web.pages.charts import TONES, WIDTHS, drawable
from expressentry.web.pages.render import lang_of_path, page
from expressentry.web.request import state_of
from expressentry.web.workers.handing import compute

router = APIRouter()
SIZE, RELIABILITY_SIZE = ((900, 520), (345, 620)), ((640, 560), (345, 480))
"""Width and height of a chart, wide and narrow, near enough that a page does not jump when it comes."""
RELIABILITY = "reliability"


@router.get("/forecasts")
async def forecasts(request: Request) -> Response:
    """The next round of every type, or why there is no forecast."""
    found = await found_of(request, lang_of_path(request), None, _assume(request))
    by_type = {one["type"]: one for one in found.records}
    listed = [(name, by_type.get(name), one) for name, one in last_rounds(state_of(request).record).items()]
    values = {
        "listed": [row for row in listed if row[1] is None or row[1]["cutoff"]],
        "without": [row for row in listed if row[1] is not None and not row[1]["cutoff"]],
        "left_out": left_out(state_of(request).record),
        "first": found.records[0] if found.records else None,
        "chart_data": _chart(request, found, RELIABILITY_SIZE),
    }
    return page(request, "forecasts.html", {**values, **_values(request, found)}, status=_status(found))


@router.get("/forecasts/{series}")
async def one_type(request: Request, series: str) -> Response:
    """The forecast of a type with its fan, and the record of such forecasts beside the last cut-off again."""
    last = last_rounds(state_of(request).record)
    _check(series, list(last))
    found = await found_of(request, lang_of_path(request), series, _assume(request))
    values = {
        "series": series,
        "last": last[series],
        "one": found.records[0] if found.records else None,
        "chart_data": _chart(request, found, SIZE),
        "record_words": found.words,
    }
    return page(request, "forecast.html", {**values, **_values(request, found)}, status=_status(found))


@router.get("/charts/forecast-{series}.{width}.{tone}.svg")
async def chart(request: Request, series: str, width: str, tone: str) -> Response:
    """The fan of a type, or how often what was given came true; wide or narrow, light or dark."""
    state, lang, of_a_type = state_of(request), lang_of_path(request), series != RELIABILITY
    if (
        (of_a_type and series not in last_rounds(state.record))
        or width not in WIDTHS
        or tone not in TONES
        or not drawable()
    ):
        raise HTTPException(404)
    found = await found_of(request, lang, series if of_a_type else None, _assume(request))
    if found.chart is None:
        raise HTTPException(404)
    key = (state.today(), "chart", _assume(request), series, lang, width, tone)
    if key not in state.forecasts:
        drawn = await compute(request, draw, found.chart, of_a_type, lang, width == "narrow", tone == "dark")
        state.forecasts[key] = drawn
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(state.forecasts[key], media_type="image/svg+xml", headers=headers)


def _chart(request: Request, found: Found, size: tuple[tuple[int, int], tuple[int, int]]) -> dict[str, Any] | None:
    """What a page needs to show its chart; None where there is none."""
    if found.chart is None:
        return None
    wide, narrow = size
    return {**vars(found.chart), "drawn": drawable(), "wide": wide, "narrow": narrow, "asked": _query(request)}


def _assume(request: Request) -> str | None:
    """The points grid that is assumed: only one that is known, for what is kept is kept by it."""
    given = request.query_params.get("assume", "").strip()
    if not given:
        return None
    known = [one.id for one in state_of(request).law.grids if one.in_force and one.status != "proposed"]
    if given not in known:
        near = suggestion(given[:60], known) or known[-1]
        rule = Text("no grid of points has this name", "aucune grille de points ne porte ce nom")
        raise UsageError(Problem("unknown_grid", "assume", rule, did_you_mean(near), given[:60]))
    return given


def _query(request: Request) -> str:
    given = _assume(request)
    return f"?{urlencode({'assume': given})}" if given else ""


def _check(series: str, known: list[str]) -> None:
    """Refuse a type that had no round.

    Raises UsageError.
    """
    if series not in known:
        near = suggestion(series[:60], known)
        fix = did_you_mean(near) if near else Text("one of: {a}", "l'un de : {a}").fill(a=", ".join(known))
        rule = Text("no round of this type", "aucune ronde de ce type")
        raise UsageError(Problem("unknown_id", "type", rule, fix, series[:60]))


def _values(request: Request, found: Found) -> dict[str, Any]:
    """What both pages say: why there is no forecast, and which assumption gives one."""
    from expressentry.answers.forecast import title_of
    from expressentry.present.text.forecast import width_words

    state = state_of(request)
    rules = state.rules(state.today())
    return {
        "why": found.problems,
        "asked": _query(request),
        "offer": (rules.crs.id, rules.crs.in_force),
        "title_of": lambda one: title_of(one, state.law),
        "on_day": lambda iso: long_day(date.fromisoformat(iso)),
        "better_words": _better,
        "width_words": width_words,
    }


def _better(record: RecordOfModel) -> Text:
    """Whether the interval of the skill over the last cut-off repeated excludes zero."""
    if record["better"]:
        return Text("yes, beyond chance", "oui, au-delà du hasard")
    return Text("chance may explain it", "le hasard peut l'expliquer")


def _status(found: Found) -> int:
    """A page that says why there is no forecast is an answer; data that cannot be read are not."""
    return 200 if all(one.code == "no_forecast" for one in found.problems) else 503
