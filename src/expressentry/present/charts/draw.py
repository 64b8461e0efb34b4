"""The charts, one Altair definition each, in English and French, light and dark, drawn without a network.

Colours are those that Okabe and Ito chose to be distinguished with any colour vision; shapes say the same again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expressentry.errors import Problem, UsageError
from expressentry.files import write_atomically
from expressentry.present.charts.data import GROUPS, ChartData
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    import altair as alt

ENDINGS = (".svg", ".png", ".html")
_SPLIT = 600
_FONT = "DejaVu Sans, Liberation Sans, Helvetica, Arial, sans-serif"
_COLOURS = {
    "all": ("#333333", "#dcdcdc"),
    "cec": ("#0072b2", "#3fa9f5"),
    "pnp": ("#cc79a7", "#cc79a7"),
    "french": ("#d55e00", "#e8762c"),
    "healthcare": ("#009e73", "#00b88a"),
    "stem": ("#56b4e9", "#8fd3ff"),
    "trades": ("#e69f00", "#e69f00"),
    "other": ("#999999", "#8a9099"),
}
_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")
_DARK = {"background": "#14171a", "ink": "#e8e8e8", "faint": "#3a3f45", "soft": "#b5bac0"}
_LIGHT = {"background": "#ffffff", "ink": "#1a1a1a", "faint": "#e3e3e3", "soft": "#595959"}


def cutoffs_chart(
    data: ChartData, lang: Lang, *, dark: bool = False, own: Sequence[tuple[date, int]] = ()
) -> alt.VConcatChart:
    """Cut-offs over time by kind of round, above and up to 600 apart; with a person's own score drawn on top."""
    import altair as alt

    reached = max(data.rows, key=lambda row: row["date"])["date"]
    mine: list[dict[str, Any]] = [
        {"date": day.isoformat(), "cutoff": score} for day, score in sorted(own) if day.isoformat() <= reached
    ]
    if mine:
        mine.append({"date": reached, "cutoff": mine[-1]["cutoff"]})
    dates = [row["date"] for row in data.rows] + [row["date"] for row in mine]
    span = alt.Scale(domain=[min(dates), max(dates)], nice="month")
    ticks = ticks_of(date.fromisoformat(min(dates)), date.fromisoformat(max(dates)))
    panels = []
    lowest = min([row["cutoff"] for row in (*data.rows, *mine)])
    floor = min(lowest // 50 * 50, _SPLIT - 100)
    for height, domain, years in ((110, (_SPLIT, 950), False), (360, (floor, _SPLIT), True)):
        score = alt.Scale(domain=list(domain))
        rows = [row for row in data.rows if (row["cutoff"] > _SPLIT) is not years]
        base = alt.Chart(values_of(rows)).encode(
            x=alt.X("date:T", scale=span, title=None, axis=alt.Axis(labels=years, ticks=years, **ticks)),
            y=alt.Y("cutoff:Q", scale=score, title=_CRS.say(lang), axis=alt.Axis(values=list(range(0, 1000, 100)))),
            color=_colour(data, lang, dark=dark),
        )
        line = base.mark_line(strokeWidth=1, opacity=0.45, clip=True).encode(detail="run:N")
        points = base.mark_point(filled=True, size=28, opacity=0.9).encode(
            shape=_shape(data, lang), tooltip=["number:N", "date:T", "label:N", "cutoff:Q", "invitations:Q"]
        )
        layers: list[Any] = [line.transform_filter("datum.run !== null"), points]
        if ours := [row for row in mine if domain[0] <= row["cutoff"] <= domain[1]]:
            layers += _own(ours, lang, dark=dark)
        panels.append(alt.layer(*layers).properties(width=680, height=height))
    return framed(alt.vconcat(*panels, spacing=14), data, lang, dark=dark)


_CRS = Text("CRS score", "Note du SCG")
_CANDIDATES = Text("Candidates", "Candidats")
_INVITATIONS = Text("Invitations", "Invitations")


def ticks_of(first: date, last: date) -> dict[str, Any]:
    """Ticks that never say one year twice: years over a long time, months over a short one."""
    years = (last - first).days / 365
    if years > _MANY_YEARS:
        return {"tickCount": {"interval": "year", "step": 1}, "format": "%Y"}
    step = 1 if years < 1 else 3 if years < 2 else 6
    return {"tickCount": {"interval": "month", "step": step}, "format": "%b %Y"}


_MANY_YEARS = 4


def _own(rows: list[dict[str, Any]], lang: Lang, *, dark: bool) -> list[Any]:
    """A person's score as a stair, labelled at its end."""
    import altair as alt

    ink = tones_of(dark)["ink"]
    base = alt.Chart(values_of(rows)).encode(x="date:T", y="cutoff:Q")
    stair = base.mark_line(interpolate="step-after", strokeWidth=3, strokeDash=[7, 3], color=ink)
    label = alt.Chart(values_of(rows[-1:])).encode(x="date:T", y="cutoff:Q")
    words = Text("your score", "votre note").say(lang)
    return [stair, label.mark_text(text=words, align="left", dx=8, fontWeight="bold", fontSize=12, color=ink)]


def pool_chart(data: ChartData, lang: Lang, *, dark: bool = False) -> alt.VConcatChart:
    """The distribution of the pool now and a year before, as bars, the highest band on top."""
    import altair as alt

    days = list(dict.fromkeys(row["day"] for row in data.rows))
    bands = [row["band"] for row in sorted(data.rows, key=lambda row: -row["crs_low"])]
    blue, grey = _COLOURS["cec"][dark], _COLOURS["other"][dark]
    colours = alt.Scale(domain=days[::-1], range=[blue, grey][: len(days)])
    bars = (
        alt.Chart(values_of(data.rows))
        .mark_bar()
        .encode(
            y=alt.Y("band:N", sort=list(dict.fromkeys(bands)), title=_CRS.say(lang)),
            yOffset=alt.YOffset("day:N", sort=days[::-1]),
            x=alt.X("candidates:Q", title=_CANDIDATES.say(lang), axis=alt.Axis(format=",d", tickCount=6)),
            color=alt.Color("day:N", scale=colours, legend=alt.Legend(title=None)),
            tooltip=["day:N", "band:N", "candidates:Q"],
        )
        .properties(width=620, height=alt.Step(11))
    )
    return framed(alt.vconcat(bars), data, lang, dark=dark)


def invitations_chart(data: ChartData, lang: Lang, *, dark: bool = False) -> alt.VConcatChart:
    """Invitations by year, stacked by kind of round."""
    import altair as alt

    bars = (
        alt.Chart(values_of(data.rows))
        .mark_bar(stroke=tones_of(dark)["background"], strokeWidth=0.6)
        .encode(
            x=alt.X("year_label:O", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("invitations:Q", title=_INVITATIONS.say(lang), axis=alt.Axis(format=",d")),
            color=_colour(data, lang, dark=dark),
            order="order:Q",
            tooltip=["year_label:O", "group:N", "invitations:Q"],
        )
        .properties(width=620, height=360)
    )
    return framed(alt.vconcat(bars), data, lang, dark=dark)


def pool_time_chart(data: ChartData, lang: Lang, *, dark: bool = False) -> alt.VConcatChart:
    """The pool over time: all candidates, and those with high scores."""
    import altair as alt

    names = list(dict.fromkeys(row["what"] for row in data.rows))
    colours = alt.Scale(domain=names, range=[_COLOURS[name][dark] for name in ("all", "cec", "french")][: len(names)])
    dates = [row["as_of"] for row in data.rows]
    ticks = ticks_of(date.fromisoformat(min(dates)), date.fromisoformat(max(dates)))
    lines = (
        alt.Chart(values_of(data.rows))
        .mark_line(point={"filled": True, "size": 16}, strokeWidth=1.5)
        .encode(
            x=alt.X("as_of:T", title=None, axis=alt.Axis(**ticks)),
            y=alt.Y("candidates:Q", title=_CANDIDATES.say(lang), axis=alt.Axis(format=",d", tickCount=6)),
            color=alt.Color("what:N", scale=colours, sort=names, legend=alt.Legend(title=None)),
            detail="run:N",
            tooltip=["as_of:T", "what:N", "candidates:Q"],
        )
        .properties(width=680, height=320)
    )
    return framed(alt.vconcat(lines), data, lang, dark=dark)


def values_of(rows: list[dict[str, Any]]) -> Any:
    """Rows as the data of a chart."""
    import altair as alt

    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


def tones_of(dark: bool) -> dict[str, str]:
    """The tones of a ground, light or dark."""
    return _DARK if dark else _LIGHT


def _present(data: ChartData, lang: Lang) -> list[str]:
    """The groups that a chart shows, in the order of the palette."""
    shown = {row["group"] for row in data.rows}
    return [name for name, label in GROUPS.items() if label.say(lang) in shown]


def _colour(data: ChartData, lang: Lang, *, dark: bool) -> alt.Color:
    import altair as alt

    names = _present(data, lang)
    scale = alt.Scale(domain=[GROUPS[n].say(lang) for n in names], range=[_COLOURS[n][dark] for n in names])
    return alt.Color("group:N", scale=scale, legend=alt.Legend(title=None))


def _shape(data: ChartData, lang: Lang) -> alt.Shape:
    import altair as alt

    names = _present(data, lang)
    shapes = dict(zip(GROUPS, _SHAPES, strict=True))
    scale = alt.Scale(domain=[GROUPS[n].say(lang) for n in names], range=[shapes[n] for n in names])
    return alt.Shape("group:N", scale=scale, legend=alt.Legend(title=None))


def framed(chart: alt.VConcatChart, data: ChartData, lang: Lang, *, dark: bool) -> alt.VConcatChart:
    """Title and subtitle above, source and day below."""
    import altair as alt

    tones = tones_of(dark)
    titled = chart.properties(
        title=alt.TitleParams(data.title.say(lang), subtitle=data.subtitle.say(lang), anchor="start", offset=12)
    )
    below = alt.TitleParams(
        data.credit.say(lang), orient="bottom", anchor="start", fontSize=10, fontWeight="normal",
        color=tones["soft"], offset=10,
    )  # fmt: skip
    ink = tones["ink"]
    framed: alt.VConcatChart = (
        alt.vconcat(titled, title=below)
        .configure(background=tones["background"], font=_FONT, padding=16)
        .configure_view(stroke=None)
        .configure_title(fontSize=17, color=ink, subtitleColor=tones["soft"], subtitleFontSize=12)
        .configure_axis(
            labelColor=ink, titleColor=ink, gridColor=tones["faint"], domainColor=tones["soft"],
            tickColor=tones["soft"], labelFontSize=11, titleFontSize=12, titleFontWeight="normal",
        )
        .configure_legend(labelColor=ink, labelFontSize=12, symbolSize=70, symbolOpacity=1, labelLimit=240)
    )  # fmt: skip
    return framed


def save(chart: alt.VConcatChart, data: ChartData, path: Path, lang: Lang, *, dark: bool = False) -> None:
    """Write a chart as SVG, PNG or one HTML page with everything in it.

    Raises UsageError for another ending, FileError where the file cannot be written.
    """
    import vl_convert

    check_ending(path)
    spec = chart.to_dict()
    locale = _locale(lang)
    ending = path.suffix.lower()
    if ending == ".svg":
        content = as_svg(chart, lang)
    elif ending == ".png":
        content = vl_convert.vegalite_to_png(spec, scale=1.5, **locale)
    else:
        content = _page(spec, data, lang, tones_of(dark)).encode()
    write_atomically(path, content)


def as_svg(chart: alt.VConcatChart, lang: Lang) -> bytes:
    """Draw a chart as SVG."""
    import vl_convert

    return vl_convert.vegalite_to_svg(chart.to_dict(), **_locale(lang)).encode()


def _locale(lang: Lang) -> dict[str, Any]:
    """How numbers and months are written; the short months of the Canadian French table are not those in use."""
    import vl_convert

    return {
        "format_locale": vl_convert.get_format_locale("fr-CA" if lang == "fr" else "en-CA"),
        "time_format_locale": vl_convert.get_time_format_locale("fr-FR" if lang == "fr" else "en-CA"),
    }


def check_ending(path: Path) -> None:
    """Refuse a file whose ending names no picture that can be written."""
    if path.suffix.lower() not in ENDINGS:
        rule = Text("a file ending in {a}", "un fichier finissant par {a}").fill(a=", ".join(ENDINGS))
        raise UsageError(Problem("unknown_format", "out", rule, Text("choose one", "en choisir un"), str(path)))


def _page(spec: dict[str, Any], data: ChartData, lang: Lang, tones: dict[str, str]) -> str:
    """One page: the chart, its sentence and its table; scripts and data inside, nothing fetched."""
    import vl_convert

    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in data.headings.say(lang).split("|"))
    rows = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in data.table)
    locale = _locale(lang)
    options = {
        "renderer": "svg",
        "actions": False,
        "formatLocale": locale["format_locale"],
        "timeFormatLocale": locale["time_format_locale"],
    }
    embed = f'vegaEmbed("#chart", {json.dumps(spec)}, {json.dumps(options)});'.replace("</", "<\\/")
    return f"""<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(data.title.say(lang))}</title>
<style>
body {{ font-family: {_FONT}; background: {tones["background"]}; color: {tones["ink"]}; margin: 1.5rem; }}
td, th {{ padding: 0.15rem 1rem 0.15rem 0; text-align: right; }}
td:first-child, th:first-child {{ text-align: left; }}
</style>
</head>
<body>
<div id="chart" role="img" aria-label="{escape(data.summary.say(lang))}"></div>
<p>{escape(data.summary.say(lang))}</p>
<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>
<script>{vl_convert.javascript_bundle(embed)}</script>
</body>
</html>
"""
