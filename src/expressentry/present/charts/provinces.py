"""Published rounds of provinces: the lowest score of each, a panel a scale; without scores, how many people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from expressentry.dates import long_day
from expressentry.errors import Problem, UsageError
from expressentry.present.charts.data import ChartData
from expressentry.present.charts.style import COLOURS, NARROW, SHAPES, framed, ticks_of, values_of
from expressentry.profile.labels import PROVINCES
from expressentry.rounds.province_draws import CRS_SCALE, Draw
from expressentry.text import Lang, Text, same

if TYPE_CHECKING:
    import altair as alt

_PEOPLE = Text("People selected", "Personnes choisies")
_CREDIT = Text(
    "Source: pages of the provinces, read until {day}. Not a government product.",
    "Source : pages des provinces, lues jusqu'au {day}. N'est pas un produit d'un gouvernement.",
)
_MOST_SERIES = len(SHAPES)
_MOST_NAMED = 2


def draws(found: Sequence[Draw], on: date, lang: Lang) -> ChartData:
    """The rounds of a chart; `found` are those to draw, newest first.

    Raises:
        UsageError: There is none.
    """
    if not found:
        rule = Text("no round is known", "aucune ronde n'est connue")
        raise UsageError(Problem("nothing_to_show", "chart", rule, Text("ask for others", "en demander d'autres"), on))
    ordered = [*reversed(found)]
    scored = [one for one in ordered if one.score_min is not None]
    drawn = scored or [one for one in ordered if one.invitations is not None]
    # So many as colours and shapes tell apart: beyond it, provinces instead of streams.
    names = list(dict.fromkeys(one.stream for one in drawn))
    by_stream = len(names) <= _MOST_SERIES
    rows = [
        {
            "date": one.day.isoformat(),
            "series": one.stream if by_stream else PROVINCES[one.province].say(lang),
            "panel": _scale(one.scale).say(lang) if scored else _PEOPLE.say(lang),
            "value": one.score_min if scored else one.invitations,
            "people": one.invitations,
        }
        for one in drawn
    ]
    provinces = list(dict.fromkeys(one.province for one in ordered))
    read = max((one.checked for one in ordered if one.checked is not None), default=on)
    newest = ordered[-1]
    told = Text("the last, of {d} ({s}), is of {n}", "la dernière, du {d} ({s}), {n}")
    last = told.fill(d=long_day(newest.day), s=PROVINCES[newest.province], n=_said(newest))
    summary = Text("{n} rounds from {a} to {b}; {l}.", "{n} rondes du {a} au {b}; {l}.")
    return ChartData(
        _title(provinces),
        Text("Lowest score selected, each in its own scale", "Plus basse note choisie, chacune dans sa propre échelle")
        if scored
        else Text("People selected; no score is published", "Personnes choisies; aucune note n'est publiée"),
        summary.fill(n=len(ordered), a=long_day(ordered[0].day), b=long_day(newest.day), l=last),
        _CREDIT.fill(day=long_day(read)),
        rows,
        Text(
            "stream|rounds|lowest score|highest score|last day",
            "volet|rondes|note la plus basse|la plus haute|dernier jour",
        ),
        list(_table(ordered, lang)),
    )


def _table(ordered: Sequence[Draw], lang: Lang) -> Iterable[list[object]]:
    series = list(dict.fromkeys((one.stream, one.scale) for one in ordered))
    for stream, scale in sorted(series):
        its = [one for one in ordered if (one.stream, one.scale) == (stream, scale)]
        scores = [one.score_min for one in its if one.score_min is not None]
        ends = (min(scores), max(scores)) if scores else ("–", "–")
        titled = f"{stream} ({_scale(scale).say(lang)})" if scores else stream
        yield [titled, len(its), *ends, long_day(its[-1].day).say(lang)]


def _said(one: Draw) -> Text:
    if one.score_min is not None:
        return Text("at least {n} points", "demandait {n} points ou plus").fill(n=one.score_min)
    if one.invitations is not None:
        return Text("{n} people", "a choisi {n} personnes").fill(n=one.invitations)
    return Text("a number that is not published", "est d'un nombre non publié")


def _scale(scale: str) -> Text:
    return Text("CRS", "SCG") if scale == CRS_SCALE else same(scale)


def _title(provinces: Sequence[str]) -> Text:
    if len(provinces) > _MOST_NAMED:
        return Text("Rounds of provinces and territories", "Rondes des provinces et territoires")
    named = Text(", ", ", ").join(PROVINCES[one] for one in provinces)
    return Text("Rounds of provinces: {p}", "Rondes des provinces : {p}").fill(p=named)


def draws_chart(data: ChartData, lang: Lang, *, dark: bool = False, narrow: bool = False) -> alt.VConcatChart:
    """Points over time, a panel for each scale."""
    import altair as alt

    names = list(dict.fromkeys(row["series"] for row in data.rows))
    tones = [tone[dark] for key, tone in COLOURS.items() if key != "all"]
    tones = [*tones, COLOURS["all"][dark]] * (len(names) // len(SHAPES) + 1)
    colour = alt.Color(
        "series:N", scale=alt.Scale(domain=names, range=tones[: len(names)]), legend=alt.Legend(title=None)
    )
    shapes = [*SHAPES] * (len(names) // len(SHAPES) + 1)
    shape = alt.Shape(
        "series:N", scale=alt.Scale(domain=names, range=shapes[: len(names)]), legend=alt.Legend(title=None)
    )
    days = [row["date"] for row in data.rows]
    span = alt.Scale(domain=[min(days), max(days)], nice="month")
    ticks = ticks_of(date.fromisoformat(min(days)), date.fromisoformat(max(days)))
    panels = list(dict.fromkeys(row["panel"] for row in data.rows))
    drawn = []
    for panel in panels:
        rows: list[dict[str, Any]] = [row for row in data.rows if row["panel"] == panel]
        chart = (
            alt.Chart(values_of(rows))
            .mark_point(filled=True, size=34, opacity=0.9)
            .encode(
                x=alt.X("date:T", scale=span, title=None, axis=alt.Axis(**ticks)),
                y=alt.Y(
                    "value:Q",
                    title=panel,
                    scale=alt.Scale(zero=False, padding=8),
                    axis=alt.Axis(format=",d", tickCount=5),
                ),
                color=colour,
                shape=shape,
                tooltip=["date:T", "series:N", "value:Q", "people:Q"],
            )
            .properties(width=NARROW if narrow else 680, height=320 if len(panels) == 1 else 150)
        )
        drawn.append(chart)
    return framed(alt.vconcat(*drawn, spacing=14), data, lang, dark=dark, narrow=narrow)
