"""What changes in the next years: the score over time, and the days on which an answer changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from expressentry.advise.dossier import Dossier, nearest
from expressentry.advise.timeline.days import TimelineEvent
from expressentry.dates import long_day, months_on, spelled
from expressentry.present.report.blocks import Block, Writer
from expressentry.present.text.timeline import changes, score, signed
from expressentry.text import Text, same

_STEP = 50
_ROOM = 15
_MONTHS = 3
_NEAR = 150
_APART = 40
"""Days between two labels of the chart, so that none is printed over another."""


def timeline(dossier: Dossier, w: Writer) -> Block:
    """The score from the day on as steps of a chart, and every day on which an answer changes."""
    title = Text("What changes, and when", "Ce qui change, et quand")
    telling = [event for event in dossier.events if event.answers_change]
    if not telling:
        none = Text(
            "We know of nothing that changes an answer up to {d}.",
            "Nous ne connaissons rien qui change une réponse d'ici le {d}.",
        )
        return w.section(title, w.words("para", none.fill(d=long_day(dossier.until))), w.words("small", _AS_KNOWN))
    rows = [
        [
            long_day(event.date),
            w.cell(score(event.after.totals), bold=True),
            signed(event),
            Text("; ", "; ").join(spelled(cause.text) for cause in event.causes),
            Text("; ", "; ").join(changes(event)),
        ]
        for event in telling
    ]
    headings = Text("day|score|change|what happens|effect", "jour|note|écart|ce qui arrive|effet")
    return w.section(
        title, chart(dossier, w), w.table(headings, rows, (0, 0, 0, 5, 5), right=(1, 2)), w.words("small", _AS_KNOWN)
    )


_AS_KNOWN = Text(
    "From your documents and the law known on the day of this report. Your present jobs are assumed to continue; no "
    "new test, degree or job is assumed.",
    "D'après vos documents et le droit connu au jour de ce rapport. Vos emplois actuels sont supposés continuer; aucun "
    "nouveau test, diplôme ou emploi n'est supposé.",
)


def chart(dossier: Dossier, w: Writer) -> Block:
    """The score over time, its low end where questions are open, and the nearest cut-off that could be reached."""
    start, now = dossier.day, dossier.now
    stairs = [(start, now.totals), *((event.date, event.after.totals) for event in dossier.events)]
    lines = _cutoff(dossier, w)
    heights = [end for _, totals in stairs for end in (totals[0], totals[-1])] + [line["score"] for line in lines]
    low = (min(heights) - _ROOM) // _STEP * _STEP
    high = -((-max(heights) - _ROOM) // _STEP) * _STEP
    step = _STEP if high - low <= 8 * _STEP else 2 * _STEP
    return {
        "kind": "chart",
        "alt": w.say(_in_words(dossier)),
        "days": (dossier.until - start).days,
        "low": max(low, 0),
        "high": high,
        "points": [[(day - start).days, totals[0], totals[-1]] for day, totals in stairs],
        "marks": _marks(dossier.events, start),
        "yticks": list(range(max(low, 0), high + 1, step)),
        "xticks": [
            {"day": (day - start).days, "label": day.isoformat()[:7]} for day in _quarters(start, dossier.until)
        ],
        "lines": lines,
    }


def _marks(events: tuple[TimelineEvent, ...], start: date) -> list[dict[str, Any]]:
    """A dot at each step; its change in points, where the label before it leaves room."""
    found: list[dict[str, Any]] = []
    free = 0
    for event in events:
        if event.before.totals == event.after.totals:
            continue
        day = (event.date - start).days
        label = signed(event) if day >= free else ""
        free = day + _APART if label else free
        found.append({"day": day, "score": event.after.totals[-1], "label": label})
    return found


def _quarters(start: date, until: date) -> list[date]:
    """The first days of quarters between two days."""
    first = date(start.year, (start.month - 1) // _MONTHS * _MONTHS + 1, 1)
    days = [months_on(first, _MONTHS * n) for n in range((until.year - start.year + 1) * 4 + 1)]
    return [day for day in days if start <= day <= until]


def _cutoff(dossier: Dossier, w: Writer) -> list[dict[str, Any]]:
    """The lowest cut-off among the newest rounds of each kind that the person could enter, where it is near."""
    lowest = nearest(dossier.replayed, dossier.day)
    if lowest is None or abs(lowest.round.cutoff - dossier.found.totals[-1]) > _NEAR:
        return []
    words = Text("cut-off {c}: {k}, {d}", "note minimale {c} : {k}, {d}")
    label = words.fill(c=lowest.round.cutoff, k=lowest.round.label, d=long_day(lowest.round.date))
    return [{"score": lowest.round.cutoff, "label": w.say(label)}]


def _in_words(dossier: Dossier) -> Text:
    """The chart in words, for readers who cannot see it."""
    changing = [event for event in dossier.events if event.before.totals != event.after.totals]
    start = Text("{s} points on {d}", "{s} points le {d}").fill(s=score(dossier.now.totals), d=long_day(dossier.day))
    steps = [
        Text("{s} from {d}", "{s} à partir du {d}").fill(s=score(event.after.totals), d=long_day(event.date))
        for event in changing
    ]
    listed = Text(", ", ", ").join([start, *steps])
    wording = Text("Score over time: {t}, up to {u}.", "Note dans le temps : {t}, jusqu'au {u}.")
    return wording.fill(t=listed, u=long_day(dossier.until))


def next_change(dossier: Dossier) -> Text:
    """The first day on which the score changes."""
    changing = (event for event in dossier.events if event.before.totals != event.after.totals)
    event = next(changing, None)
    if event is None:
        return Text("none known up to {d}", "aucun connu d'ici le {d}").fill(d=long_day(dossier.until))
    cause = spelled(event.causes[0].text) if event.causes else same("")
    wording = Text("{d}: {s} points ({c}), {w}", "{d} : {s} points ({c}), {w}")
    return wording.fill(d=long_day(event.date), s=score(event.after.totals), c=signed(event), w=cause)
