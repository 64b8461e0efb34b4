"""Forecasts as charts: a fan with past forecasts and what came, and how often what was given came true."""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING, Any

from expressentry.answers.forecast import TypeForecast
from expressentry.dates import long_day
from expressentry.forecast.ahead import Published, chosen_models
from expressentry.forecast.distribution import Distribution
from expressentry.forecast.settings import FOLDER
from expressentry.present.charts.data import ChartData, credit
from expressentry.present.charts.style import COLOURS, framed, ticks_of, tones_of, values_of
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    import altair as alt

_PAST = 15
"""So many past rounds are drawn, each with the forecast made on its morning."""
_MARGIN = 10
_BLUE, _ORANGE = COLOURS["cec"], COLOURS["french"]
_CRS = Text("CRS score", "Note du SCG")


def fan_data(found: TypeForecast, lang: Lang) -> ChartData:
    """Past rounds with the forecasts that the same models would have made of them, and the rounds to come."""
    rows = [*_past_rows(found), *_coming_rows(found)]
    its = [row for row in rows if row["came"] is not None]
    inside = sum(row["low80"] <= row["came"] <= row["high80"] for row in its)
    summary = Text(
        "Of the last {n} rounds {k} had a cut-off inside the 80% interval.",
        "Sur les {n} dernières rondes, {k} avaient une note minimale dans l'intervalle à 80 %.",
    ).fill(n=len(its), k=inside)
    if found.ahead:
        first = found.ahead[0]
        low, high = first.cutoff.interval(80)
        next_one = Text(
            "Next: {m}, with 80% from {a} to {b}, likely on {d}.",
            "Prochaine : {m}, avec 80 % de {a} à {b}, probable le {d}.",
        ).fill(m=round(first.cutoff.median), a=round(low), b=round(high), d=long_day(first.day(0.5)))
        summary = Text("{a} {b}", "{a} {b}").fill(a=next_one, b=summary)
    subtitle = Text(
        "Median and 50, 80 and 95% intervals on the morning of each round; points are what came",
        "Médiane et intervalles à 50, 80 et 95 % le matin de chaque ronde; les points sont les notes réalisées",
    )
    if found.basis.assumption is not None:
        subtitle = found.basis.assumption
    table: list[list[object]] = [
        [
            long_day(date.fromisoformat(row["date"])).say(lang),
            row["median"],
            f"{row['low80']}–{row['high80']}",
            "–" if row["came"] is None else row["came"],
        ]
        for row in rows
    ]
    title = Text("Cut-off forecasts: {t}", "Prévisions de note minimale : {t}").fill(t=found.title)
    return ChartData(
        title,
        subtitle,
        summary,
        credit(found.basis.history.record),
        [{**row, "kind": (_COMING if row["came"] is None else _HELD).say(lang)} for row in rows],
        Text("date|median|80% interval|cut-off", "date|médiane|intervalle à 80 %|note minimale"),
        table,
    )


_HELD = Text("forecast, then held", "prévue, puis tenue")
_COMING = Text("to come", "à venir")


def _past_rows(found: TypeForecast) -> list[dict[str, Any]]:
    """The newest rounds before the day, each with the forecast of its own morning."""
    past = found.basis.history.past(found.basis.on)
    model, own = Published(chosen_models()), past.of(found.series)
    rows = []
    for at in range(max(1, own.rows.size - _PAST), own.rows.size):
        asked = past.target(found.series, at, 1)
        made = None if asked is None else model.forecast(*asked)
        if made is not None:
            rows.append(_row(date.fromordinal(int(own.days[at])), made, int(own.cutoffs[at])))
    return rows


def _coming_rows(found: TypeForecast) -> list[dict[str, Any]]:
    return [_row(one.day(0.5), one.cutoff, None) for one in found.ahead]


def _row(day: date, made: Distribution, came: int | None) -> dict[str, Any]:
    row: dict[str, Any] = {"date": day.isoformat(), "came": came, "median": round(made.median)}
    for percent in (50, 80, 95):
        low, high = made.interval(percent)
        row |= {f"low{percent}": round(low), f"high{percent}": round(high)}
    return row


def fan_chart(data: ChartData, lang: Lang, *, dark: bool = False, narrow: bool = False) -> alt.VConcatChart:
    """The intervals of each round as bars, three deep, the median as a tick, what came as a point."""
    import altair as alt

    days = sorted(row["date"] for row in data.rows)
    ends = [row[key] for row in data.rows for key in ("low95", "high95")]
    ends += [row["came"] for row in data.rows if row["came"] is not None]
    scale = alt.Scale(domain=[min(ends) - _MARGIN, max(ends) + _MARGIN], nice=True, zero=False)
    x = alt.X(
        "date:T", title=None, axis=alt.Axis(**ticks_of(date.fromisoformat(days[0]), date.fromisoformat(days[-1])))
    )
    colour = alt.Color(
        "kind:N", title=None,
        scale=alt.Scale(
            domain=[_HELD.say(lang), _COMING.say(lang)], range=[_BLUE[dark], _ORANGE[dark]]
        ),
    )  # fmt: skip
    ink = tones_of(dark)["ink"]
    base = alt.Chart(values_of(data.rows)).encode(x=x, color=colour)
    layers: list[Any] = []
    for percent, opacity in ((95, 0.2), (80, 0.35), (50, 0.6)):
        y = alt.Y(f"low{percent}:Q", title=_CRS.say(lang), scale=scale)
        layers.append(base.mark_bar(width=7, opacity=opacity).encode(y=y, y2=f"high{percent}:Q"))
    middle = base.mark_tick(thickness=2, width=12, orient="horizontal").encode(y=alt.Y("median:Q", scale=scale))
    held = [row for row in data.rows if row["came"] is not None]
    tooltip = ["date:T", "median:Q", "low80:Q", "high80:Q", "came:Q"]
    points = alt.Chart(values_of(held)).encode(x=x, y=alt.Y("came:Q", scale=scale), tooltip=tooltip)
    dots = points.mark_point(filled=True, size=45, opacity=1, color=ink, shape="diamond")
    drawn = alt.layer(*layers, middle, dots).properties(width=270 if narrow else 680, height=320)
    return framed(alt.vconcat(drawn), data, lang, dark=dark, narrow=narrow)


def reliability_data(lang: Lang) -> ChartData:
    """How often what was given a probability came true, over all types, in ten classes."""
    with (FOLDER / "reliability.csv").open(encoding="utf-8", newline="") as file:
        kept = [row for row in csv.DictReader(file) if row["type"] == "all"]
    rows = [{"given": float(row["given"]), "came": float(row["came"]), "n": int(row["n"])} for row in kept]
    worst = max(rows, key=lambda row: abs(row["given"] - row["came"]))
    summary = Text(
        "{n} probabilities in ten classes; on the diagonal they would be exact. Furthest from it: given {g}, came {c}.",
        "{n} probabilités en dix classes; sur la diagonale elles seraient exactes. La plus éloignée : donnée {g}, "
        "réalisée {c}.",
    ).fill(n=sum(row["n"] for row in rows), g=_two(worst["given"]), c=_two(worst["came"]))
    from expressentry.rounds.load import load_record

    table: list[list[object]] = [[_two(r["given"]).say(lang), _two(r["came"]).say(lang), r["n"]] for r in rows]
    return ChartData(
        Text("Are the probabilities right?", "Les probabilités sont-elles justes ?"),
        Text(
            "P(cut-off at most x) one round ahead: given, and how often it came true",
            "P(note minimale d'au plus x) une ronde à l'avance : donnée, et fréquence réalisée",
        ),
        summary,
        credit(load_record()),
        rows,
        Text("given|came true|forecasts", "donnée|réalisée|prévisions"),
        table,
    )


def _two(value: float) -> Text:
    return Text(f"{value:.2f}", f"{value:.2f}".replace(".", ","))


def reliability_chart(data: ChartData, lang: Lang, *, dark: bool = False, narrow: bool = False) -> alt.VConcatChart:
    """Points as large as their number, and the diagonal."""
    import altair as alt

    tones = tones_of(dark)
    scale = alt.Scale(domain=[0, 1])
    x = alt.X("given:Q", title=Text("probability given", "probabilité donnée").say(lang), scale=scale)
    y = alt.Y("came:Q", title=Text("came true", "réalisée").say(lang), scale=scale)
    line = alt.Chart(values_of([{"given": 0, "came": 0}, {"given": 1, "came": 1}]))
    diagonal = line.mark_line(strokeDash=[5, 4], color=tones["soft"]).encode(x=x, y=y)
    legend = alt.Legend(title=Text("forecasts", "prévisions").say(lang), titleColor=tones["ink"])
    size = alt.Size("n:Q", legend=legend, scale=alt.Scale(range=[40, 500]))
    points = alt.Chart(values_of(data.rows)).mark_point(filled=True, opacity=0.9, color=_BLUE[dark])
    joined = alt.Chart(values_of(data.rows)).mark_line(color=_BLUE[dark], strokeWidth=1.5).encode(x=x, y=y)
    drawn = alt.layer(diagonal, joined, points.encode(x=x, y=y, size=size, tooltip=["given:Q", "came:Q", "n:Q"]))
    side = 270 if narrow else 420
    return framed(alt.vconcat(drawn.properties(width=side, height=side)), data, lang, dark=dark, narrow=narrow)
