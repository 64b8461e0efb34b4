"""News as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.text import Text as Styled

from expressentry.advise.watch.news import News
from expressentry.dates import long_day
from expressentry.present.text.console import show, table
from expressentry.text import Lang, Text

WORDS = {
    "round": Text("round", "ronde"),
    "invited": Text("invited", "invitation"),
    "threshold": Text("cut-off", "note minimale"),
    "law": Text("law", "droit"),
    "profile": Text("file", "fichier"),
    "score": Text("score", "note"),
    "program": Text("program", "programme"),
    "category": Text("category", "catégorie"),
    "event": Text("event", "événement"),
    "ahead": Text("coming up", "à venir"),
}


def print_news(news: Sequence[News], ahead: Sequence[News], began: Sequence[str], on: date, lang: Lang) -> None:
    """Write what is new; for people seen for the first time what lies ahead."""
    parts: list[Any] = [Styled(_headline(len(news), on).say(lang), style="bold")]
    if began:
        told = Text("The watch starts for: {n}", "Le suivi commence pour : {n}").fill(n=", ".join(began))
        parts.append(told.say(lang))
    if news:
        parts.append(_table(news, lang))
    elif ahead:
        parts += [Text("Coming up:", "À venir :").say(lang), _table(ahead, lang)]
    show(*parts)


def _headline(count: int, on: date) -> Text:
    if not count:
        return Text("{d}: nothing new", "{d} : rien de nouveau").fill(d=long_day(on))
    return Text("{d}: {n} new", "{d} : {n} nouvelles").fill(d=long_day(on), n=count)


def _table(news: Sequence[News], lang: Lang) -> Any:
    headings = Text("day|who|what|", "jour|qui|quoi|").say(lang).split("|")
    everyone = Text("everyone", "tous").say(lang)
    rows = [[one.day, one.person or everyone, WORDS[one.kind].say(lang), one.text.say(lang)] for one in news]
    return table(headings, rows)
