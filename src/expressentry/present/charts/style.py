"""What every chart has in common: colours, tones, ticks, and the frame with title and source.

Colours are those that Okabe and Ito chose so that they differ for any colour vision; shapes give the same information.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from expressentry.present.charts.data import ChartData
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    import altair as alt

FONT = "DejaVu Sans, Liberation Sans, Helvetica, Arial, sans-serif"
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")
"""The shapes of points, so that colours need not be told apart."""
COLOURS: Mapping[str, tuple[str, str]] = {
    "all": ("#333333", "#dcdcdc"),
    "cec": ("#0072b2", "#3fa9f5"),
    "pnp": ("#cc79a7", "#cc79a7"),
    "french": ("#d55e00", "#e8762c"),
    "healthcare": ("#009e73", "#00b88a"),
    "stem": ("#56b4e9", "#8fd3ff"),
    "trades": ("#e69f00", "#e69f00"),
    "other": ("#999999", "#8a9099"),
}
"""The colour of each group on a light and on a dark background."""

_DARK = {"background": "#14171a", "ink": "#e8e8e8", "faint": "#3a3f45", "soft": "#b5bac0"}
_LIGHT = {"background": "#ffffff", "ink": "#1a1a1a", "faint": "#e3e3e3", "soft": "#595959"}
_MANY_YEARS = 4
NARROW = 270
"""The width of a drawing for a phone, without its axis."""
_WRAPPED_AT = 44
_WIDE = 130
"""Letters of a line above a wide drawing: a longer one would make the picture wider than the drawing."""


def ticks_of(first: date, last: date) -> dict[str, Any]:
    """Ticks that never show one year twice: years over a long time, months over a short one."""
    years = (last - first).days / 365
    if years > _MANY_YEARS:
        return {"tickCount": {"interval": "year", "step": 1}, "format": "%Y"}
    step = 1 if years < 1 else 3 if years < 2 else 6
    return {"tickCount": {"interval": "month", "step": step}, "format": "%b %Y"}


def values_of(rows: list[dict[str, Any]]) -> Any:
    """Rows as the data of a chart."""
    import altair as alt

    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


def tones_of(dark: bool) -> dict[str, str]:
    """The tones of a background, light or dark."""
    return _DARK if dark else _LIGHT


def framed(
    chart: alt.VConcatChart, data: ChartData, lang: Lang, *, dark: bool, narrow: bool = False
) -> alt.VConcatChart:
    """Title and subtitle above, source and day below; for a phone in short lines, with the legend below."""
    import altair as alt

    tones = tones_of(dark)

    def lines(text: Text, most: int) -> str | list[str]:
        said = wrap(text.say(lang), most if narrow else _WIDE)
        return said if narrow or len(said) > 1 else text.say(lang)

    titled = chart.properties(
        title=alt.TitleParams(
            lines(data.title, _WRAPPED_AT - 10), subtitle=lines(data.subtitle, _WRAPPED_AT), anchor="start", offset=12
        )
    )
    below = alt.TitleParams(
        lines(data.credit, _WRAPPED_AT + 8), orient="bottom", anchor="start", fontSize=10, fontWeight="normal",
        color=tones["soft"], offset=10,
    )  # fmt: skip
    place: dict[str, Any] = {"orient": "bottom", "columns": 2} if narrow else {}
    ink = tones["ink"]
    framed: alt.VConcatChart = (
        alt.vconcat(titled, title=below)
        .configure(background=tones["background"], font=FONT, padding=8 if narrow else 16)
        .configure_view(stroke=None)
        .configure_title(fontSize=15 if narrow else 17, color=ink, subtitleColor=tones["soft"], subtitleFontSize=12)
        .configure_axis(
            labelColor=ink, titleColor=ink, gridColor=tones["faint"], domainColor=tones["soft"],
            tickColor=tones["soft"], labelFontSize=11, titleFontSize=12, titleFontWeight="normal",
        )
        .configure_legend(labelColor=ink, labelFontSize=12, symbolSize=70, symbolOpacity=1, labelLimit=240, **place)
    )  # fmt: skip
    return framed
