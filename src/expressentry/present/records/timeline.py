"""A timeline as plain data and as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from rich.text import Text as Styled

from expressentry.advise.timeline.days import TimelineEvent
from expressentry.advise.timeline.documents import Cause
from expressentry.advise.timeline.snapshot import DaySnapshot
from expressentry.assess.person.criteria import Answer
from expressentry.dates import long_day
from expressentry.present.text.console import show, table
from expressentry.present.text.why import CATEGORY, PROGRAM, WORDS
from expressentry.text import Lang, Text, same

_ABSENT = Text("not in force", "pas en vigueur")


def event_record(event: TimelineEvent, lang: Lang) -> dict[str, Any]:
    """One day; a score is null where readings differ, and `totals_…` have them all."""
    before, after = event.before, event.after
    return {
        "date": event.date.isoformat(),
        "crs_before": before.total,
        "crs_after": after.total,
        "totals_before": list(before.totals),
        "totals_after": list(after.totals),
        "sections": {
            id_: {"before": list(before.sections.get(id_, ())), "after": list(points)}
            for id_, points in after.sections.items()
            if before.sections.get(id_) != points
        },
        "programs": _answers(before.programs, after.programs, PROGRAM),
        "categories": _answers(before.categories, after.categories, CATEGORY),
        "answers_change": event.answers_change,
        "grid": after.rules.crs.id,
        "current": after.rules.established,
        "causes": [cause_record(cause, lang) for cause in event.causes],
    }


def cause_record(cause: Cause, lang: Lang) -> dict[str, Any]:
    """One cause."""
    return {
        "kind": cause.kind,
        "text": cause.text.say(lang),
        "field": cause.field,
        "why": cause.why.say(lang) if cause.why else None,
    }


def _answers(
    before: Mapping[str, Answer], after: Mapping[str, Answer], words: Mapping[Answer, str]
) -> dict[str, dict[str, str | None]]:
    """What changed; null on the side where a category is not in force."""
    changed = [id_ for id_ in {**before, **after} if before.get(id_, "") is not after.get(id_, "")]
    return {
        id_: {side: words[one[id_]] if id_ in one else None for side, one in (("before", before), ("after", after))}
        for id_ in changed
    }


def changes(event: TimelineEvent) -> Iterator[Text]:
    """What changes in the answers of a day, in words: sections, programs, categories."""
    before, after = event.before, event.after
    names = {one.category: one.label for rules in (before.rules, after.rules) for one in rules.categories}
    titles = {line.id: line.title for line in (*before.found.first.sections, *after.found.first.sections)}
    for id_, points in after.sections.items():
        was = before.sections.get(id_, ())
        if was != points:
            yield _FROM_TO.fill(w=titles[id_], a=_range(was), b=_range(points))
    programs = {program.program: program.title for program in after.rules.selection.programs}
    for id_, sides in _answers(before.programs, after.programs, PROGRAM).items():
        yield _FROM_TO.fill(w=programs[id_], a=_word(sides["before"]), b=_word(sides["after"]))
    for id_, sides in _answers(before.categories, after.categories, CATEGORY).items():
        yield _FROM_TO.fill(w=names[id_], a=_word(sides["before"]), b=_word(sides["after"]))


_FROM_TO = Text("{w}: {a} → {b}", "{w} : {a} → {b}")


def _word(finding: str | None) -> Text:
    return WORDS[finding] if finding is not None else _ABSENT


def _range(points: tuple[int, ...]) -> Text:
    return score(points) if points else same("–")


def score(totals: Sequence[int]) -> Text:
    """A score, or the range that open questions leave."""
    low, high = min(totals), max(totals)
    return same(low) if low == high else same(f"{low}–{high}")


def signed(event: TimelineEvent) -> str:
    """The change in points with its sign; of a range both ends, empty where nothing moves."""
    low, high = (pick(event.after.totals) - pick(event.before.totals) for pick in (min, max))
    if low == high == 0:
        return ""
    return f"{low:+}".replace("-", "−") if low == high else f"{low:+}/{high:+}".replace("-", "−")


def headline(first: DaySnapshot, events: Sequence[TimelineEvent], until: date) -> Text:
    """The score at the start, and how many days change something."""
    wording = Text(
        "CRS {n} points on {a} · days with a change up to {b}: {m}; days on which an answer changes: {k}",
        "SCG {n} points le {a} · jours avec un changement d'ici le {b} : {m}; jours où une réponse change : {k}",
    )
    return wording.fill(
        n=score(first.totals),
        a=long_day(first.rules.day),
        b=long_day(until),
        m=len(events),
        k=sum(event.answers_change for event in events),
    )


def print_timeline(
    first: DaySnapshot, events: Sequence[TimelineEvent], shown: Sequence[TimelineEvent], until: date, lang: Lang
) -> None:
    """Write the days shown: score, change, what happens and what it does to the answers."""
    headings = Text("date|CRS|change|what happens, and its effect", "date|SCG|écart|ce qui arrive, et son effet")
    rows = [
        [
            event.date,
            score(event.after.totals).say(lang),
            Styled(signed(event), style="green" if signed(event).startswith("+") else "red"),
            _told(event, lang),
        ]
        for event in shown
    ]
    drawn = [table(headings.say(lang).split("|"), rows, right=(1, 2))] if rows else []
    show(Styled(headline(first, events, until).say(lang), style="bold"), *drawn)


def _told(event: TimelineEvent, lang: Lang) -> Styled:
    """The causes, and below them what they change."""
    told = Styled()
    for cause in event.causes:
        told.append(f"{cause.text.say(lang)}\n")
    for change in changes(event):
        told.append(f"  {change.say(lang)}\n", style="bold")
    told.right_crop(1)
    return told
