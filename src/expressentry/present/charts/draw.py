"""The charts, one definition each, for the site, the PDF and notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from expressentry.present.charts.data import GROUPS, ChartData
from expressentry.present.charts.style import COLOURS, NARROW, SHAPES, framed, ticks_of, tones_of, values_of
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    import altair as alt

_SPLIT = 600
_CRS = Text("CRS score", "Note du SCG")
_CANDIDATES = Text("Candidates", "Candidats")
_EACH_TEN = Text("Candidates for each 10 points", "Candidats par 10 points")
_INVITATIONS = Text("Invitations", "Invitations")


def cutoffs_chart(
    data: ChartData, lang: Lang, *, dark: bool = False, narrow: bool = False, own: Sequence[tuple[date, int]] = ()
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
    above = [row for row in data.rows if row["cutoff"] > _SPLIT]
    up_to = [row for row in data.rows if row["cutoff"] <= _SPLIT]
    for height, domain, rows in ((110, (_SPLIT, 950), above), (360, (floor, _SPLIT), up_to)):
        ours = [row for row in mine if domain[0] <= row["cutoff"] <= domain[1]]
        if not rows and not ours:
            continue  # an empty panel says nothing
        years = rows is up_to or not (up_to or lowest <= _SPLIT)  # the panel at the bottom has the days
        score = alt.Scale(domain=list(domain))
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
        if ours:
            layers += _own(ours, lang, dark=dark)
        panels.append(alt.layer(*layers).properties(width=NARROW if narrow else 680, height=height))
    return framed(alt.vconcat(*panels, spacing=14), data, lang, dark=dark, narrow=narrow)


def _own(rows: list[dict[str, Any]], lang: Lang, *, dark: bool) -> list[Any]:
    """A person's score as a stair, labelled at its end."""
    import altair as alt

    ink = tones_of(dark)["ink"]
    base = alt.Chart(values_of(rows)).encode(x="date:T", y="cutoff:Q")
    stair = base.mark_line(interpolate="step-after", strokeWidth=3, strokeDash=[7, 3], color=ink)
    label = alt.Chart(values_of(rows[-1:])).encode(x="date:T", y="cutoff:Q")
    words = Text("your score", "votre note").say(lang)
    return [stair, label.mark_text(text=words, align="left", dx=8, fontWeight="bold", fontSize=12, color=ink)]


def pool_chart(data: ChartData, lang: Lang, *, dark: bool = False, narrow: bool = False) -> alt.VConcatChart:
    """The distribution of the pool now, filled, and a year before, as a line; each band has its true width."""
    import altair as alt

    days = list(dict.fromkeys(row["day"] for row in data.rows))
    blue, ink = COLOURS["cec"][dark], tones_of(dark)["ink"]
    colours = alt.Scale(domain=days[::-1], range=[blue, ink][: len(days)])
    colour = alt.Color("day:N", scale=colours, legend=alt.Legend(title=None))
    now = [row for row in data.rows if row["day"] == days[-1]]
    bands = (
        alt.Chart(values_of(now))
        .mark_rect(stroke=tones_of(dark)["background"], strokeWidth=0.6)
        .encode(
            x=alt.X("crs_low:Q", title=_CRS.say(lang), scale=alt.Scale(domain=[0, 1200]), axis=alt.Axis(tickCount=6)),
            x2="end:Q",
            y=alt.Y("density:Q", title=_EACH_TEN.say(lang), axis=alt.Axis(format=",d", tickCount=6)),
            y2=alt.datum(0),
            color=colour,
            tooltip=["day:N", "band:N", "candidates:Q"],
        )
    )
    before = sorted((row for row in data.rows if row["day"] != days[-1]), key=lambda row: row["crs_low"])
    stair = [*before, {**before[-1], "crs_low": before[-1]["end"]}] if before else []
    line = (
        alt.Chart(values_of(stair))
        .mark_line(interpolate="step-after", strokeWidth=1.5)
        .encode(x="crs_low:Q", y="density:Q", color=colour)
    )
    both = alt.layer(bands, line) if before else alt.layer(bands)
    both = both.properties(width=NARROW if narrow else 680, height=320)
    return framed(alt.vconcat(both), data, lang, dark=dark, narrow=narrow)


def invitations_chart(data: ChartData, lang: Lang, *, dark: bool = False, narrow: bool = False) -> alt.VConcatChart:
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
        .properties(width=NARROW if narrow else 620, height=360)
    )
    return framed(alt.vconcat(bars), data, lang, dark=dark, narrow=narrow)


def pool_time_chart(data: ChartData, lang: Lang, *, dark: bool = False, narrow: bool = False) -> alt.VConcatChart:
    """The pool over time: all candidates, and those with high scores."""
    import altair as alt

    names = list(dict.fromkeys(row["what"] for row in data.rows))
    colours = alt.Scale(domain=names, range=[COLOURS[name][dark] for name in ("all", "cec", "french")][: len(names)])
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
        .properties(width=NARROW if narrow else 680, height=320)
    )
    return framed(alt.vconcat(lines), data, lang, dark=dark, narrow=narrow)


def _present(data: ChartData, lang: Lang) -> list[str]:
    """The groups that a chart shows, in the order of the palette."""
    shown = {row["group"] for row in data.rows}
    return [name for name, label in GROUPS.items() if label.say(lang) in shown]


def _colour(data: ChartData, lang: Lang, *, dark: bool) -> alt.Color:
    import altair as alt

    names = _present(data, lang)
    scale = alt.Scale(domain=[GROUPS[n].say(lang) for n in names], range=[COLOURS[n][dark] for n in names])
    return alt.Color("group:N", scale=scale, legend=alt.Legend(title=None))


def _shape(data: ChartData, lang: Lang) -> alt.Shape:
    import altair as alt

    names = _present(data, lang)
    shapes = dict(zip(GROUPS, SHAPES, strict=True))
    scale = alt.Scale(domain=[GROUPS[n].say(lang) for n in names], range=[shapes[n] for n in names])
    return alt.Shape("group:N", scale=scale, legend=alt.Legend(title=None))
