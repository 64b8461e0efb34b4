"""What people call their job where the classification does not: abbreviations, new titles, words of other countries.

`data/noc/everyday.csv` says for each such phrase what the published titles call it; the code then follows from those.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from expressentry.noc.codes import FOLDER
from expressentry.occupations.wording import plain, stem
from expressentry.text import Lang

_DOTTED = re.compile(r"\s*(?:[^\W\d_]\.\s*){2,}")
_MOST_READINGS = 4


class Phrase(NamedTuple):
    """A phrase of everyday language, what titles call it (nothing where it only fills), and who uses it."""

    language: Lang
    words: str
    means: str
    used_by: str


@cache
def phrases() -> tuple[Phrase, ...]:
    """Every phrase; one that has several meanings is there several times."""
    with (FOLDER / "everyday.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        Phrase("fr" if row["language"] == "fr" else "en", row["words"], row["means"], row["used_by"]) for row in rows
    )


def readings(text: str, lang: Lang, known: Callable[[str], bool]) -> list[str]:
    """What a text says in the words of the titles: one reading, or several where a phrase has several meanings.

    A phrase is replaced where it is all that was written, or where it has a word that no title has: "server" alone is
    a waiter, in "server administrator" it is not. What only fills ("Red Seal") is left out anywhere.

    Args:
        text: What was typed.
        lang: The language of the phrases to look for.
        known: Whether a plain word is one of the titles.

    >>> readings("HR manager", "en", lambda word: word == "manager")
    ['human resources manager']
    >>> readings("server administrator", "en", lambda word: True)
    ['server administrator']
    """
    words = plain(re.sub(r"[.\s]", "", text) if _DOTTED.fullmatch(text) else text).split()  # "P.S.W."
    kept = _without_fillers(words, lang)
    whole = tuple(stem(word, lang) for word in kept)
    if whole in _meanings(lang):
        return list(_meanings(lang)[whole])
    found: list[list[str]] = [[]]
    at = 0
    while at < len(kept):
        length, meanings = _longest(kept[at:], lang, known)
        found = [[*before, one] for before in found for one in meanings][:_MOST_READINGS]
        at += length
    return [" ".join(parts) for parts in found]


def is_phrase(text: str, lang: Lang) -> bool:
    """Whether a whole text is one everyday phrase of a language.

    >>> [is_phrase("kiné", lang) for lang in ("fr", "en")]
    [True, False]
    """
    return any(_meanings(lang).get(_stems(plain(text).split(), lang), ("",)))


def _without_fillers(words: Sequence[str], lang: Lang) -> list[str]:
    """The words without phrases that mean nothing by themselves; all of them where nothing would be left."""
    kept: list[str] = []
    at = 0
    while at < len(words):
        length = next((n for n in _lengths(lang) if _meanings(lang).get(_stems(words[at : at + n], lang)) == ("",)), 0)
        kept += () if length else (words[at],)
        at += length or 1
    return kept or list(words)


def _longest(words: Sequence[str], lang: Lang, known: Callable[[str], bool]) -> tuple[int, Sequence[str]]:
    """How many of the first words are one phrase to replace, and what it means; else the first word itself."""
    for length in _lengths(lang):
        meanings = _meanings(lang).get(_stems(words[:length], lang))
        if length <= len(words) and meanings and not all(map(known, words[:length])):
            return length, meanings
    return 1, words[:1]


def _stems(words: Sequence[str], lang: Lang) -> tuple[str, ...]:
    return tuple(stem(word, lang) for word in words)


@cache
def _meanings(lang: Lang) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The meanings of each phrase of a language, by the stems of its words."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for one in phrases():
        if one.language == lang:
            stems = _stems(plain(one.words).split(), lang)
            found[stems] = (*found.get(stems, ()), one.means)
    return found


@cache
def _lengths(lang: Lang) -> tuple[int, ...]:
    """How many words a phrase of a language can have, the most first."""
    return tuple(sorted({len(stems) for stems in _meanings(lang)}, reverse=True))
