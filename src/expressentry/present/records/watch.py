"""News as plain data, as text and as an Atom feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from rich.text import Text as Styled

from expressentry.advise.watch.news import News
from expressentry.dates import long_day
from expressentry.present.text.console import show, table
from expressentry.text import Lang, Text

WORDS = {
    "round": Text("round", "ronde"),
    "invited": Text("invited", "invitation"),
    "threshold": Text("threshold", "seuil"),
    "law": Text("law", "droit"),
    "profile": Text("file", "fichier"),
    "score": Text("score", "note"),
    "program": Text("program", "programme"),
    "category": Text("category", "catégorie"),
    "event": Text("happened", "arrivé"),
    "ahead": Text("ahead", "à venir"),
}
_ATOM = "http://www.w3.org/2005/Atom"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def news_record(one: News, lang: Lang) -> dict[str, Any]:
    """One piece of news; `person` is null where it is for everyone."""
    return {
        "id": urn(one.id),
        "kind": one.kind,
        "date": one.day.isoformat(),
        "person": one.person,
        "text": one.text.say(lang),
    }


def urn(key: str) -> str:
    """The address of a piece of news: the same whenever and in whatever language it is told."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'expressentry:watch:{key}')}"


def print_news(news: Sequence[News], ahead: Sequence[News], began: Sequence[str], on: date, lang: Lang) -> None:
    """Write what is new; for people seen for the first time what lies ahead."""
    parts: list[Any] = [Styled(_headline(len(news), on).say(lang), style="bold")]
    if began:
        told = Text("Watching from now on: {n}", "Suivis dès maintenant : {n}").fill(n=", ".join(began))
        parts.append(told.say(lang))
    if news:
        parts.append(_table(news, lang))
    elif ahead:
        parts += [Text("In the days ahead:", "Dans les jours à venir :").say(lang), _table(ahead, lang)]
    show(*parts)


def _headline(count: int, on: date) -> Text:
    if not count:
        return Text("{d}: nothing new", "{d} : rien de nouveau").fill(d=long_day(on))
    return Text("{d}: {n} news", "{d} : {n} nouvelles").fill(d=long_day(on), n=count)


def _table(news: Sequence[News], lang: Lang) -> Any:
    headings = Text("day|who|what|", "jour|qui|quoi|").say(lang).split("|")
    everyone = Text("everyone", "tous").say(lang)
    rows = [[one.day, one.person or everyone, WORDS[one.kind].say(lang), one.text.say(lang)] for one in news]
    return table(headings, rows)


def atom(news: Sequence[News], feed: str, on: date, lang: Lang) -> bytes:
    """News as an Atom feed (RFC 4287): one entry each, under ids that stay.

    `feed` is what the feed's own id is made of. Days are midnights UTC; what lies ahead is dated when it is told.
    """
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed", {_XML_LANG: lang})
    _add(root, "id", urn(f"feed|{feed}"))
    _add(root, "title", Text("expressentry: what is new", "expressentry : ce qui est nouveau").say(lang))
    _add(root, "updated", _midnight(on))
    _add(ElementTree.SubElement(root, f"{{{_ATOM}}}author"), "name", "expressentry")
    _add(root, "generator", "expressentry")
    for one in news:
        entry = ElementTree.SubElement(root, f"{{{_ATOM}}}entry")
        _add(entry, "id", urn(one.id))
        _add(entry, "title", _title(one, lang))
        _add(entry, "updated", _midnight(min(one.day, on)))
        ElementTree.SubElement(entry, f"{{{_ATOM}}}category", {"term": one.kind, "label": WORDS[one.kind].say(lang)})
        content = _add(entry, "content", f"{long_day(one.day).say(lang)} · {one.text.say(lang)}")
        content.set("type", "text")
    ElementTree.indent(root, " ")
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _title(one: News, lang: Lang) -> str:
    who = f"{one.person} · " if one.person else ""
    return f"{who}{WORDS[one.kind].say(lang)} · {one.text.say(lang)}"


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}")
    element.text = text
    return element


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
