"""The charts as pictures: drawn when first asked for, kept in memory; the page has the same as a table."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from expressentry.present.charts import data as chart_data
from expressentry.text import Lang
from expressentry.web.pages.render import lang_of_path
from expressentry.web.request import state_of
from expressentry.web.state import State

router = APIRouter()
NAMES = ("cutoffs", "pool", "invitations", "pool_time")


def drawable() -> bool:
    """Whether the extra that draws is there; without it the pages show the tables alone."""
    return all(find_spec(name) is not None for name in ("altair", "vl_convert"))


@router.get("/charts/{name}.{tone}.svg")
async def chart(request: Request, name: str, tone: str) -> Response:
    """One chart, light or dark."""
    if name not in NAMES or tone not in ("light", "dark") or not drawable():
        raise HTTPException(404)
    state, lang = state_of(request), lang_of_path(request)
    key = f"{name}.{tone}.{lang}"
    if key not in state.pictures:
        state.pictures[key] = await state.work(draw, state, name, lang, dark=tone == "dark")
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(state.pictures[key], media_type="image/svg+xml", headers=headers)


def draw(state: State, name: str, lang: Lang, *, dark: bool) -> bytes:
    """Draw a chart as SVG."""
    from expressentry.present.charts import draw as charts
    from expressentry.present.charts.save import as_svg

    makers: dict[str, Any] = {
        "cutoffs": charts.cutoffs_chart,
        "pool": charts.pool_chart,
        "invitations": charts.invitations_chart,
        "pool_time": charts.pool_time_chart,
    }
    return as_svg(makers[name](data_of(state, name, lang), lang, dark=dark), lang)


SIZES = {"cutoffs": (900, 661), "invitations": (900, 520), "pool_time": (900, 470), "pool": (800, 560)}
"""Width and height of each picture, near enough that a page does not jump when it comes."""


def chart_of(request: Request, name: str) -> dict[str, Any]:
    """What a page needs to show a chart: its data, its size, and whether it can be drawn."""
    data, (width, height) = data_of(state_of(request), name, lang_of_path(request)), SIZES[name]
    return {**vars(data), "drawn": drawable(), "width": width, "height": height}


def data_of(state: State, name: str, lang: Lang) -> chart_data.ChartData:
    """What a chart shows: rows, a sentence, a short table."""
    makers = {
        "cutoffs": lambda: chart_data.cutoffs(state.record, state.today(), None, lang),
        "pool": lambda: chart_data.pool(state.record, state.today(), lang),
        "invitations": lambda: chart_data.invitations(state.record, state.today(), lang),
        "pool_time": lambda: chart_data.pool_time(state.record, state.today(), lang),
    }
    return makers[name]()
