"""The figures of sentences by their labels: months of work, years, hours, levels of language, points.

A sentence is understood where each of its figures has a label: the words beside it, never its position.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from expressentry.law.verify.figures import number_words
from expressentry.law.verify.pages.labels import page_data, plain
from expressentry.text import Lang, Text

LEVEL = "level"
_MOST_LETTERS = 1_000
"""A longer sentence is not read: no condition is that long, and patterns would take their time."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a sentence by its label, such as `hours`, `months`, `level`, `level TEER 0` or `level listening`."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """The figures of a sentence, and the numbers in it that have no label."""

    figures: tuple[Figure, ...]
    unknown: tuple[str, ...]


def title_of(label: str) -> Text:
    """What a label is called.

    >>> title_of("hours").en, title_of("level TEER 0").en
    ('hours of work', 'language level, TEER 0')
    """
    name, _, of = label.partition(" ")
    if name == LEVEL:
        return Text("language level{o}", "niveau de langue{o}").fill(o=f", {of}" if of else "")
    if name in _OWN:
        return _OWN[name]
    return next(Text(**one["title"]) for one in page_data()["sentences"]["label"] if one["id"] == label)


_OWN: Mapping[str, Text] = {
    "continuous": Text("months without a break", "mois sans interruption"),
    "where": Text("place of work", "lieu de travail"),
}


def read_sentence(text: str, lang: Lang) -> Sentence:
    """Read every figure of a sentence.

    >>> read_sentence("At least 12 months of work in the past three years, in one occupation", "en").figures
    (Figure(label='months', value='12'), Figure(label='window_years', value='3'))
    >>> read_sentence("CLB 7 for TEER 0 or 1", "en").figures
    (Figure(label='level TEER 0', value='7'), Figure(label='level TEER 1', value='7'))
    >>> read_sentence("about 17 things", "en").unknown
    ('17',)
    """
    if len(text) > _MOST_LETTERS:
        return Sentence((), (text[:20] + "…",))
    data, left = page_data()["sentences"], plain(text)
    found, unclear = _levels(left, lang)
    left = _pattern(data["level"][lang], lang).sub(_blank, left)
    for pattern in data["ignore"]:
        left = _pattern(pattern[lang], lang).sub(_blank, left)
    for one in data["label"]:
        if "line" in one and not re.search(one["line"][lang], plain(text)):
            continue
        for match in _pattern(one["find"][lang], lang).finditer(left):
            found.append((match.start(), Figure(one["id"], str(_value(match, lang, times=one.get("times", False))))))
        left = _pattern(one["find"][lang], lang).sub(_blank, left)
    # A lone "one" is a word before it is a figure.
    rest = [match[0] for match in _pattern("NUM", lang).finditer(left) if _number(match[0], lang) > 1]
    odd = re.findall(r"\d[\d.,]*", _pattern("NUM", lang).sub(_blank, left))
    figures = tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))
    return Sentence(figures, (*unclear, *rest, *odd))


def manner(text: str, lang: Lang) -> Iterator[Figure]:
    """Whether months must be without a break, and where the work is done, as far as a sentence says so."""
    data, words = page_data()["sentences"], plain(text)
    if re.search(data["not_continuous"][lang], words):
        yield Figure("continuous", "no")
    elif re.search(data["continuous"][lang], words):
        yield Figure("continuous", "yes")
    if re.search(data["anywhere"][lang], words):
        yield Figure("where", "anywhere")
    elif re.search(data["canada"][lang], words):
        yield Figure("where", "Canada")


def _levels(words: str, lang: Lang) -> tuple[list[tuple[int, Figure]], list[str]]:
    """The levels of language, each with the TEER or the abilities named after it, up to the next level."""
    data = page_data()["sentences"]
    found: list[tuple[int, Figure]] = []
    unclear: list[str] = []
    matches = list(_pattern(data["level"][lang], lang).finditer(words))
    ends = [*(one.start() for one in matches), len(words)][1:]
    any_named = bool(_named(words, lang))
    for match, end in zip(matches, ends, strict=True):
        named = _named(words if len(matches) == 1 else words[match.end() : end], lang)
        if any_named and not named:
            unclear.append(match[0])
            continue
        value = str(_value(match, lang, times=False))
        found += [(match.start(), Figure(f"{LEVEL} {one}" if one else LEVEL, value)) for one in named or [""]]
    return found, unclear


def _named(words: str, lang: Lang) -> list[str]:
    """The TEER categories and the abilities that words name."""
    teer = [
        digit
        for one in re.finditer(page_data()["sentences"]["teer"][lang], words)
        for digit in one[1]
        if digit.isdigit()
    ]
    abilities = page_data()["language"]["abilities"]
    return [*(f"TEER {one}" for one in teer), *(name for name, one in abilities.items() if re.search(one[lang], words))]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _value(match: re.Match[str], lang: Lang, *, times: bool) -> int:
    """The number of a label, or the product of its two."""
    numbers = [_number(one, lang) for one in match.groups() if one is not None]
    return numbers[0] * numbers[1] if times else numbers[0]


def _number(word: str, lang: Lang) -> int:
    digits = re.sub(r"[^0-9]", "", word)
    return int(digits) if digits else _words(lang)[word]


@cache
def _words(lang: Lang) -> Mapping[str, int]:
    return {plain(word): value for word, value in number_words(lang).items()}


@cache
def _pattern(pattern: str, lang: Lang) -> re.Pattern[str]:
    """A pattern with its numbers: in digits, with thousands grouped, or in words."""
    words = "|".join(sorted(map(re.escape, _words(lang)), key=len, reverse=True))
    number = rf"(?<![\w.,])(\d{{1,3}}(?:[, ]\d{{3}})+|\d+|{words})(?!\w|[.,]\d)"
    return re.compile(pattern.replace("NUM", number))


def unread_words(found: Sentence, text: str) -> Text:
    """That a sentence has figures whose labels are not known."""
    return Text("words that say what {n} is in “{s}”", "des mots qui disent ce qu'est {n} dans « {s} »").fill(
        n=", ".join(found.unknown), s=text[:160]
    )
