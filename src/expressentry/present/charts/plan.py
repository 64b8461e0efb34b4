"""The chart of a plan: the score that each plan of the front reaches, and the day on which it is ready."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from expressentry.dates import long_day
from expressentry.present.charts.data import ChartData
from expressentry.present.charts.style import COLOURS, framed, tones_of, values_of
from expressentry.present.charts.timeline import CREDIT
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    import altair as alt

    from expressentry.advise.plan.search import Plans

_NOTHING = Text("nothing", "rien")
_APART = timedelta(days=90)
"""Scores of plans that are ready sooner after one another are not written: they would lie on each other."""


def plan_data(found: Plans, lang: Lang) -> ChartData:
    """Rows of the chart: the plans of the front."""
    plans = [one.plan for one in found.front]
    joined = [Text(" + ", " + ").join([step.move.title for step in one.steps] or [_NOTHING]) for one in plans]
    rows, labelled = [], date.min
    for one, steps in zip(plans, joined, strict=True):
        apart = one.ready_on - labelled >= _APART or one is plans[-1]
        labelled = one.ready_on if apart else labelled
        label = str(one.crs) if apart else ""
        rows.append({"ready": one.ready_on.isoformat(), "crs": one.crs, "label": label, "steps": steps.say(lang)})
    summary = Text("{a} points on {d}; {b} at best.", "{a} points le {d}; {b} au mieux.")
    return ChartData(
        Text("What you could do", "Ce que vous pourriez faire"),
        Text(
            "CRS score of each plan, and the day it is ready", "Note du SCG de chaque plan, et le jour où il est prêt"
        ),
        summary.fill(a=found.now.crs, b=found.best.crs, d=long_day(found.start)),
        CREDIT,
        rows,
        Text("ready|CRS|steps", "prêt|SCG|démarches"),
        [[row["ready"], row["crs"], row["steps"]] for row in rows],
    )


def plan_chart(data: ChartData, lang: Lang, *, dark: bool = False) -> alt.VConcatChart:
    """A point for each plan, with its score written beside it."""
    import altair as alt

    y = alt.Y("crs:Q", title=Text("CRS score", "Note du SCG").say(lang), scale=alt.Scale(zero=False, nice=True))
    base = alt.Chart(values_of(data.rows)).encode(x=alt.X("ready:T", title=None, scale=alt.Scale(padding=24)), y=y)
    dots = base.mark_point(filled=True, size=80, opacity=1, color=COLOURS["cec"][dark]).encode(
        tooltip=["ready:T", "crs:Q", "steps:N"]
    )
    words = base.mark_text(dy=-12, fontSize=11, color=tones_of(dark)["ink"]).encode(text="label:N")
    return framed(alt.vconcat((dots + words).properties(width=680, height=260)), data, lang, dark=dark)
