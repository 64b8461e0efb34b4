"""Words made comparable: no accents, no case, no plural, no feminine, no small words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from expressentry.text import Lang

_ENGLISH_SMALL = "a an and as at by for from in into of on or other s the to with"
_FRENCH_SMALL = "a au aux autre autres avec d dans de des du en et l la le les n ou par pour s sans sur un une"
SMALL: dict[Lang, frozenset[str]] = {
    "en": frozenset(_ENGLISH_SMALL.split()),
    "fr": frozenset(_FRENCH_SMALL.split()),
}
_WRITTEN = (*(("œ", "oe"), ("Œ", "oe"), ("æ", "ae"), ("Æ", "ae"), ("ß", "ss")), *((mark, " ") for mark in "’‘–—•«»…"))
# A byte of plain text: a small letter, a digit or a new line stays, a capital becomes small, all else a blank.
_BYTES = bytes(
    ord(chr(at).lower()) if at < 128 and chr(at).isalnum() else at if chr(at) == "\n" else ord(" ") for at in range(256)
)


def plain(text: str) -> str:
    """Letters a to z, digits and single blanks' worth of anything else; lines are kept.

    >>> plain("Infirmière auxiliaire - Œuvres").split()
    ['infirmiere', 'auxiliaire', 'oeuvres']
    """
    if not text.isascii():
        for written, spelt in _WRITTEN:
            text = text.replace(written, spelt)
        text = unicodedata.normalize("NFKD", text)
    return text.encode("ascii", "ignore").translate(_BYTES).decode("ascii")


def stem(word: str, lang: Lang) -> str:
    """A plain word without the marks of plural and, in French, of the feminine.

    >>> stem("secretaries", "en"), stem("conseilleres", "fr"), stem("journaux", "fr")
    ('secretary', 'conseiller', 'journal')
    """
    return _english(word) if lang == "en" else _french(word)


def _english(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


_FEMININE = (
    ("trice", "teur"),
    ("euse", "eur"),
    ("ienne", "ien"),
    ("onne", "on"),
    ("elle", "el"),
    ("iere", "ier"),
    ("lere", "ler"),
    ("ere", "er"),
    ("esse", ""),
    ("ive", "if"),
    ("ante", "ant"),
    ("ente", "ent"),
    ("ate", "at"),
    ("ale", "al"),
    ("ee", "e"),
    ("ise", "is"),
    ("ine", "in"),
    ("ite", "it"),
    ("ie", "i"),
    ("ue", "u"),
)


def _french(word: str) -> str:
    if len(word) > 4 and word.endswith("aux"):
        word = word[:-1] if word.endswith("eaux") else word[:-3] + "al"
    elif len(word) > 3 and word.endswith(("s", "x")) and not word.endswith("ss"):
        word = word[:-1]
    if len(word) > 4:
        for feminine, masculine in _FEMININE:
            if word.endswith(feminine):
                return word[: -len(feminine)] + masculine
    return word


class Stems(dict[str, str]):
    """The stem of each word met so far; empty for a small word."""

    def __init__(self, lang: Lang) -> None:
        super().__init__()
        self.lang: Lang = lang

    def __missing__(self, word: str) -> str:
        self[word] = found = "" if word in SMALL[self.lang] else stem(word, self.lang)
        return found

    def of(self, words: Iterable[str]) -> list[str]:
        """The stems that carry meaning, each once, in order; of small words alone, their own."""
        words = list(words)
        found = [one for word in words if (one := "" if word in SMALL[self.lang] else stem(word, self.lang))]
        return list(dict.fromkeys(found or (stem(word, self.lang) for word in words)))
