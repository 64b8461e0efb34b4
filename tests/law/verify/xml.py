"""Acts and regulations as XML in the layout of the Department of Justice, made from what the shipped law cites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from expressentry.law.law import Law
from expressentry.law.verify.citations import Reference, references
from expressentry.law.verify.figures import Asked, places
from expressentry.law.verify.known import named_in_words, statute_of
from expressentry.law.verify.statutes import Path
from expressentry.text import LANGS, Lang

TAGS = ("Section", "Subsection", "Paragraph", "Subparagraph", "Clause")
ROOTS = {"irpa": ("Statute", "I-2.5"), "irpr": ("Regulation", "SOR/2002-227")}
UNITS: Mapping[str, tuple[str, str]] = {
    "points": ("{n} points", "{n} points"),
    "cap": ("to a maximum of {n} points", "un maximum de {n} points"),
    "years": ("{n} years", "{n} ans"),
    "hours": ("{n} hours", "{n} heures"),
    "level": ("benchmark level {n}", "niveau {n}"),
    "group": ("Major Group {n}", "grand groupe {n}"),
    "teer": ("TEER Category {n}", "catégorie FÉER {n}"),
}
Sentences = dict[tuple[str, Lang], dict[Path, list[str]]]


def sentence(one: Asked, lang: Lang) -> str:
    """A figure in words of a statute."""
    at = 0 if lang == "en" else 1
    text = UNITS.get(one.unit, ("{n}", "{n}"))[at].format(n=one.value)
    if one.words is not None:
        text += f", {one.words.say(lang)}"
    if one.beside is not None:
        text += f", {one.beside} {('years', 'ans')[at]}"
    return text


def _all(one: Reference) -> list[Path]:
    """What a reference means: itself, or everything from its first to its last."""
    if one.until is None:
        return [one.path]
    labels = ["i", "ii", "iii", "iv", "v"] if one.path[-1][0] in "iv" else [str(n) for n in range(1, 100)]
    ends = labels.index(one.path[-1]), labels.index(one.until[-1])
    return [(*one.path[:-1], label) for label in labels[ends[0] : ends[1] + 1]]


def cited(law: Law) -> Sentences:
    """For each statute and language the provisions that the law cites, each with the figures that it sets."""
    found: Sentences = {(id_, lang): {} for id_ in ROOTS for lang in LANGS}
    for place in places(law):
        usual = statute_of(place.cite.instrument)
        for lang in LANGS:
            for one in references(place.cite.place.say(lang), usual):
                for path in _all(one):
                    texts = found[one.statute, lang].setdefault(path, [])
                    if place.until is None:
                        texts += [sentence(figure, lang) for figure in place.figures]
    for both in named_in_words().items():
        for lang, text in zip(LANGS, both, strict=True):
            for one in references(text, None):
                found[one.statute, lang].setdefault(one.path, [])
    return found


def xml(
    root: str, number: str, lang: Lang, paths: Mapping[Path, Iterable[str]], day: str = "2013-05-04", head: str = ""
) -> bytes:
    """One statute; `day` is that from which everything in it is in force."""
    tree: dict[Path, None] = {}
    for path in sorted(paths, key=lambda one: (float(one[0]), one[1:])):
        for depth in range(1, len(path) + 1):
            tree.setdefault(path[:depth])

    def provision(path: Path) -> str:
        shown = path[-1] if len(path) == 1 else f"({path[-1]})" if lang == "en" else f"{path[-1]})"
        below = "".join(provision(other) for other in tree if other[:-1] == path)
        own = "".join(f"<Item><Text>{escape(text)}</Text></Item>" for text in dict.fromkeys(paths.get(path, ())))
        tag = TAGS[len(path) - 1]
        dated = f'lims:inforce-start-date="{day}"'
        return f"<{tag} {dated}><Label>{shown}</Label><Text>Words.</Text>{own}{below}</{tag}>"

    body = "".join(provision(path) for path in tree if len(path) == 1)
    named = f"<InstrumentNumber>{number}</InstrumentNumber>"
    if root == "Statute":
        named = f"<Chapter><ConsolidatedNumber>{number}</ConsolidatedNumber></Chapter>"
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{head}<{root} lims:current-date="2026-06-14" xml:lang="{lang}" '
        f'xmlns:lims="http://justice.gc.ca/lims"><Identification>{named}</Identification><Body>{body}</Body></{root}>'
    ).encode()


def statutes(sentences: Sentences, **days: str) -> dict[str, bytes]:
    """The four files of what a law cites, by name; `irpr="2024-01-01"` gives the day of a statute's words."""
    return {
        f"{id_}-{lang}.xml": xml(*ROOTS[id_], lang, paths, days.get(id_, "2013-05-04"))
        for (id_, lang), paths in sentences.items()
    }
