"""Days to come as text for a terminal: a timeline, and news since last time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from rich.text import Text as Styled

from expressentry.advise.timeline.days import CUT, TimelineEvent
from expressentry.advise.timeline.snapshot import DaySnapshot
from expressentry.advise.timeline.streams import State, StreamDay, StreamDays
from expressentry.advise.watch.news import News
from expressentry.answers.timeline import changed_findings
from expressentry.answers.why import CATEGORY, CRITERION, PROGRAM, WORDS
from expressentry.dates import long_day
from expressentry.present.text.console import show, table
from expressentry.shown import between
from expressentry.text import Lang, Text, same

_ABSENT = Text("not in force", "pas en vigueur")


def changes(event: TimelineEvent, names: Mapping[str, Text] = MappingProxyType({})) -> Iterator[Text]:
    """What changes in the answers of a day, in words: sections, programs, categories; `names` are of categories."""
    before, after = event.before, event.after
    names = {one.category: one.label for rules in (before.rules, after.rules) for one in rules.categories}
    titles = {line.id: line.title for line in (*before.found.first.sections, *after.found.first.sections)}
    for id_, points in after.sections.items():
        was, now = _range(before.sections.get(id_, ())), _range(points)
        if was != now:  # the same range may have other values between its ends
            yield _FROM_TO.fill(w=titles[id_], a=was, b=now)
    programs = {program.program: program.title for program in after.rules.selection.programs}
    for id_, sides in changed_findings(before.programs, after.programs, PROGRAM).items():
        yield _FROM_TO.fill(w=programs[id_], a=_word(sides["before"]), b=_word(sides["after"]))
    for id_, sides in changed_findings(before.categories, after.categories, CATEGORY).items():
        yield _FROM_TO.fill(w=names.get(id_, same(id_)), a=_word(sides["before"]), b=_word(sides["after"]))


_FROM_TO = Text("{w}: {a} → {b}", "{w} : {a} → {b}")


def _word(finding: str | None) -> Text:
    return WORDS[finding] if finding is not None else _ABSENT


def _range(points: tuple[int, ...]) -> Text:
    return score(points) if points else same("–")


def score(totals: Sequence[int]) -> Text:
    """A score, or the range that open questions leave."""
    return same(between(min(totals), max(totals)))


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


def print_stream_days(days: StreamDays, until: date, lang: Lang) -> None:
    """Write the days on which a nominee stream changes up to a day; what happens on a day is written once."""
    title = Text("Nominee streams: days with a change: {n}", "Volets des candidats : jours avec un changement : {n}")
    headings = Text("date|stream|finding|points|what changes", "date|volet|conclusion|points|ce qui change")
    rows, told = [], None
    for one in days:
        causes = "; ".join(cause.text.say(lang) for cause in one.causes)
        changed = "; ".join(text.say(lang) for text in one.changes)
        cell = Styled(causes if (one.date, causes) != told else "")
        told = (one.date, causes)
        cell.append(f"\n  {changed}" if cell.plain and changed else changed, style="bold")
        rows.append([one.date, one.stream.key, *(text.say(lang) for text in sides(one)), cell])
    drawn: list[Any] = [table(headings.say(lang).split("|"), rows)] if rows else []
    if days.until < until:
        drawn.append(CUT.fill(day=long_day(days.until + timedelta(days=1))).say(lang))
    show(Styled(title.fill(n=len({one.date for one in days})).say(lang), style="bold"), *drawn)


def sides(one: StreamDay) -> tuple[Text, Text]:
    """The finding of a stream and its points, before and after the day where they differ."""
    (finding, points), (found, now) = _state_words(one.before), _state_words(one.after)
    return _side(finding, found), _side(points, now)


def _state_words(state: State | None) -> tuple[Text, Text]:
    if state is None:
        return _ABSENT, same("–")
    answer, points = state
    return WORDS[CRITERION[answer]], score(points) if points else same("–")


def _side(before: Text, after: Text) -> Text:
    return after if before == after else Text("{a} → {b}", "{a} → {b}").fill(a=before, b=after)


def _told(event: TimelineEvent, lang: Lang) -> Styled:
    """The causes, and below them what they change."""
    told = Styled()
    for cause in event.causes:
        told.append(f"{cause.text.say(lang)}\n")
    for change in changes(event):
        told.append(f"  {change.say(lang)}\n", style="bold")
    told.right_crop(1)
    return told


_PLACED = ("document", "family", "work", "permit")


KINDS = {
    "round": Text("round", "ronde"),
    "invited": Text("invited", "invitation"),
    "threshold": Text("cut-off", "note minimale"),
    "law": Text("law", "droit"),
    "page": Text("the department's page", "page du ministère"),
    "profile": Text("file", "fichier"),
    "score": Text("score", "note"),
    "program": Text("program", "programme"),
    "category": Text("category", "catégorie"),
    "event": Text("event", "événement"),
    "ahead": Text("coming up", "à venir"),
}


def print_news(news: Sequence[News], ahead: Sequence[News], began: Sequence[str], on: date, lang: Lang) -> None:
    """Write what is new; for people seen for the first time what lies ahead."""
    parts: list[Any] = [Styled(_news_headline(len(news), on).say(lang), style="bold")]
    if began:
        told = Text("The watch starts for: {n}", "Le suivi commence pour : {n}").fill(n=", ".join(began))
        parts.append(told.say(lang))
    if news:
        parts.append(_news_table(news, lang))
    elif ahead:
        parts += [Text("Coming up:", "À venir :").say(lang), _news_table(ahead, lang)]
    show(*parts)


def _news_headline(count: int, on: date) -> Text:
    if not count:
        return Text("{d}: nothing new", "{d} : rien de nouveau").fill(d=long_day(on))
    return Text("{d}: {n} new", "{d} : {n} nouvelles").fill(d=long_day(on), n=count)


def _news_table(news: Sequence[News], lang: Lang) -> Any:
    headings = Text("day|who|what|", "jour|qui|quoi|").say(lang).split("|")
    everyone = Text("everyone", "tous").say(lang)
    rows = [[one.day, one.person or everyone, KINDS[one.kind].say(lang), one.text.say(lang)] for one in news]
    return table(headings, rows)
