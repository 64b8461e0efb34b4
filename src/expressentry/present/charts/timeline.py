"""The score over time as steps, and the days on which it changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from expressentry.advise.timeline.days import TimelineEvent
from expressentry.advise.timeline.snapshot import DaySnapshot
from expressentry.dates import long_day
from expressentry.present.charts.data import ChartData
from expressentry.present.charts.style import COLOURS, framed, ticks_of, tones_of, values_of
from expressentry.present.text.timeline import score, signed
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    import altair as alt

_LINE, _LOST = COLOURS["cec"], COLOURS["french"]
_MARGIN = 25
CREDIT = Text(
    "Computed by expressentry from the documents given. Not a Government of Canada product. Not legal advice.",
    "Calculé par expressentry d'après les documents fournis. N'est pas un produit du gouvernement du Canada, ni un "
    "avis juridique.",
)


def timeline_data(first: DaySnapshot, events: Sequence[TimelineEvent], until: date, lang: Lang) -> ChartData:
    """Rows of the chart: the score from each day on, its range where questions are open."""
    start = first.rules.day
    rows = [_row(start, first, "", "")]
    rows += [_row(event.date, event.after, signed(event), event.causes[0].text.say(lang)) for event in events]
    changes = [event for event in events if event.before.totals != event.after.totals]
    table: list[list[object]] = [[start, score(first.totals).say(lang), "", ""]]
    table += [
        [event.date, score(event.after.totals).say(lang), signed(event), event.causes[0].text.say(lang)]
        for event in changes
    ]
    last = events[-1].after if events else first
    summary = Text(
        "{a} points on {d}, {b} on {e}; days on which the score changes: {n}.",
        "{a} points le {d}, {b} le {e}; jours où la note change : {n}.",
    )
    days = {"d": long_day(start), "e": long_day(until)}
    subtitle = Text("CRS score from {d} to {e}", "Note du SCG du {d} au {e}").fill(**days)
    if any(not one.rules.established for one in (first, last)):
        subtitle = Text("{s} ({g})", "{s} ({g})").fill(s=subtitle, g=last.rules.label)
    return ChartData(
        Text("What changes, and when", "Ce qui change, et quand"),
        subtitle,
        summary.fill(a=score(first.totals), b=score(last.totals), n=len(changes), **days),
        CREDIT,
        [*rows, {**rows[-1], "date": until.isoformat(), "change": "", "cause": ""}],
        Text("date|CRS|change|reason", "date|SCG|écart|raison"),
        table,
    )


def _row(day: date, snapshot: DaySnapshot, change: str, cause: str) -> dict[str, Any]:
    low, high = min(snapshot.totals), max(snapshot.totals)
    return {"date": day.isoformat(), "low": low, "high": high, "change": change, "cause": cause}


def timeline_chart(data: ChartData, lang: Lang, *, dark: bool = False) -> alt.VConcatChart:
    """The steps, shaded between their ends where questions are open, with the change written at each."""
    import altair as alt

    days = [row["date"] for row in data.rows]
    lowest, highest = min(row["low"] for row in data.rows), max(row["high"] for row in data.rows)
    x = alt.X(
        "date:T", title=None, scale=alt.Scale(domain=[days[0], days[-1]]),
        axis=alt.Axis(**ticks_of(date.fromisoformat(days[0]), date.fromisoformat(days[-1]))),
    )  # fmt: skip
    scale = alt.Scale(domain=[max(lowest - _MARGIN, 0), highest + _MARGIN], nice=True)
    y = alt.Y("high:Q", title=Text("CRS score", "Note du SCG").say(lang), scale=scale)
    base = alt.Chart(values_of(data.rows)).encode(x=x)
    blue, ink = _LINE[dark], tones_of(dark)["ink"]
    stair = base.mark_line(interpolate="step-after", strokeWidth=2.5, color=blue).encode(y=y)
    floor = base.mark_line(interpolate="step-after", strokeWidth=1.5, strokeDash=[5, 3], color=blue)
    band = base.mark_area(interpolate="step-after", opacity=0.18, color=blue)
    moved = [row for row in data.rows if row["change"]]
    points = alt.Chart(values_of(moved)).encode(x=x, y=y)
    falls = alt.condition("datum.change[0] == '+'", alt.value(blue), alt.value(_LOST[dark]))
    dots = points.mark_point(filled=True, size=55, opacity=1).encode(
        color=falls, tooltip=["date:T", "high:Q", "change:N", "cause:N"]
    )
    texts: list[Any] = []
    for rises, end, below in ((True, "high:Q", -12), (False, "low:Q", 17)):
        rows = [row for row in moved if row["change"].startswith("+") is rises]
        text = alt.Chart(values_of(rows)).encode(x=x, y=alt.Y(end, scale=scale), text="change:N")
        texts.append(text.mark_text(dy=below, fontSize=11, fontWeight="bold", color=ink))
    layers = [band.encode(y=y, y2="low:Q"), floor.encode(y=alt.Y("low:Q", scale=scale)), stair, dots, *texts]
    return framed(alt.vconcat(alt.layer(*layers).properties(width=680, height=300)), data, lang, dark=dark)
