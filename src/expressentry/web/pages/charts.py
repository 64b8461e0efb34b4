"""The charts as pictures, at two widths and in two tones: drawn ahead or when first asked for, and kept in memory.

The page has the same as a table. A chart of rounds follows the filter of the page; a phone gets the last years only.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from expressentry.dates import anniversary
from expressentry.present.charts import data as chart_data
from expressentry.rounds.record import Round
from expressentry.text import Lang
from expressentry.web.pages.asked import rounds_asked
from expressentry.web.pages.render import lang_of_path
from expressentry.web.problems import RequestError
from expressentry.web.request import state_of
from expressentry.web.state import State
from expressentry.web.workers.handing import compute

router = APIRouter()
OF_ROUNDS, OF_THE_POOL = ("cutoffs", "invitations"), ("pool", "pool_time")
WIDTHS, TONES = ("wide", "narrow"), ("light", "dark")
LANGUAGES: tuple[Lang, ...] = ("en", "fr")
_LAST_YEARS = 4
_KEPT = 64
"""How many pictures of filtered rounds are kept: the oldest make room."""


def drawable() -> bool:
    """Whether the extra that draws is there; without it the pages show the tables alone."""
    return all(find_spec(name) is not None for name in ("altair", "vl_convert"))


@router.get("/charts/{name}.{width}.{tone}.svg")
async def chart(request: Request, name: str, width: str, tone: str) -> Response:
    """One chart, wide or narrow, light or dark."""
    if name not in (*OF_ROUNDS, *OF_THE_POOL) or width not in WIDTHS or tone not in TONES or not drawable():
        raise HTTPException(404)
    state, lang = state_of(request), lang_of_path(request)
    asked = rounds_asked(request) if name in OF_ROUNDS else None
    if asked is not None and (asked.problems or not asked.found):
        raise HTTPException(404)
    key = picture(name, width, tone, lang) + (asked.query if asked else "")
    if key not in state.pictures:
        of = asked.found if asked and asked.query else None
        drawn = await compute(request, draw, name, lang, of, width == "narrow", tone == "dark")
        filtered = [known for known in state.pictures if "?" in known]
        for known in filtered[: max(len(filtered) - _KEPT + 1, 0)]:
            del state.pictures[known]
        state.pictures[key] = drawn
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(state.pictures[key], media_type="image/svg+xml", headers=headers)


def picture(name: str, width: str, tone: str, lang: Lang) -> str:
    """The name under which a picture of everything is kept."""
    return f"{name}.{width}.{tone}.{lang}"


async def draw_ahead(state: State) -> None:
    """Draw every chart of everything, one after the other, so that no visitor waits for one."""
    if not drawable():
        return
    for name in (*OF_ROUNDS, *OF_THE_POOL):
        for lang in LANGUAGES:
            for width in WIDTHS:
                for tone in TONES:
                    key = picture(name, width, tone, lang)
                    if key not in state.pictures:
                        asked = (name, lang, None, width == "narrow", tone == "dark")
                        with suppress(RequestError):  # then it is drawn for the first who asks for it
                            state.pictures[key] = await state.compute("", draw, *asked)


def draw(state: State, name: str, lang: Lang, rounds: Sequence[Round] | None, narrow: bool, dark: bool) -> bytes:
    """Draw a chart as SVG, of some rounds (the newest first) where they are given."""
    from expressentry.present.charts import draw as charts
    from expressentry.present.charts.save import as_svg

    makers: dict[str, Any] = {
        "cutoffs": charts.cutoffs_chart,
        "pool": charts.pool_chart,
        "invitations": charts.invitations_chart,
        "pool_time": charts.pool_time_chart,
    }
    data = data_of(state, name, lang, rounds, narrow=narrow)
    return as_svg(makers[name](data, lang, dark=dark, narrow=narrow), lang)


SIZES = {
    "cutoffs": ((900, 661), (345, 745)),
    "invitations": ((900, 520), (345, 600)),
    "pool_time": ((900, 470), (345, 500)),
    "pool": ((900, 470), (345, 500)),
}
"""Width and height of each picture, wide and narrow, near enough that a page does not jump when it comes."""


def chart_of(request: Request, name: str, rounds: Sequence[Round] | None = None, asked: str = "") -> dict[str, Any]:
    """What a page needs to show a chart: its data, its sizes, what it is asked with, and whether it can be drawn."""
    data, (wide, narrow) = data_of(state_of(request), name, lang_of_path(request), rounds), SIZES[name]
    return {**vars(data), "drawn": drawable(), "wide": wide, "narrow": narrow, "asked": asked}


def data_of(
    state: State, name: str, lang: Lang, rounds: Sequence[Round] | None = None, *, narrow: bool = False
) -> chart_data.ChartData:
    """What a chart shows: rows, a sentence, a short table; of some rounds (the newest first) where they are given."""
    today = state.today()
    of = state.record.rounds if rounds is None else rounds[::-1]
    if narrow and name in OF_ROUNDS:
        of = [one for one in of if one.date > anniversary(max(one.date for one in of), -_LAST_YEARS)]
    makers = {
        "cutoffs": lambda: chart_data.cutoffs(state.record, today, None, lang, of),
        "pool": lambda: chart_data.pool(state.record, today, lang),
        "invitations": lambda: chart_data.invitations(state.record, today, lang, of),
        "pool_time": lambda: chart_data.pool_time(state.record, today, lang),
    }
    return makers[name]()
