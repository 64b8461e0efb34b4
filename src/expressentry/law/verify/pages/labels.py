"""The words of a page's labels: patterns from the data, ranges of numbers, cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import tomli

from expressentry.files import unaccented
from expressentry.law.schema import Column
from expressentry.law.verify.figures import tokens
from expressentry.law.verify.known import FOLDER
from expressentry.text import Lang

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_DIGITS = re.compile(r"(?<![\d.])\d{1,3}(?:[., ]\d{3})+(?!\d)|(?<![\d.,])\d+(?:[.,]\d+)?(?![\d])")
_PARENTHESES = re.compile(r"\([^()]*\)")


@cache
def page_data() -> Mapping[str, Any]:
    """How pages name what they show."""
    return tomli.loads((FOLDER / "pages.toml").read_text("utf-8"))


def plain(text: str) -> str:
    """A label as patterns see it: no accents, small letters, plain spaces and apostrophes.

    >>> plain("Première\u00a0langue  d’Ici")
    "premiere langue d'ici"
    """
    return _SPACES.sub(" ", unaccented(text.replace("’", "'").replace("‑", "-"))).strip().casefold()


def fits(pattern: Mapping[str, str], text: str, lang: Lang) -> re.Match[str] | None:
    """Where a pattern is in a label."""
    return re.search(pattern[lang], plain(text))


def number(text: str) -> int | None:
    """The whole number that a cell is, with or without separators, "points" or a dollar sign; None for anything else.

    >>> number("$15,263"), number("15 263 $"), number("120"), number("12 or 13"), number("1,5")
    (15263, 15263, 120, None, None)
    """
    bare = re.sub(r"\s*points?$", "", plain(text)).strip("$ ").strip()
    if re.fullmatch(r"\d{1,6}", bare):
        return int(bare)
    return int(re.sub(r"\D", "", bare)) if re.fullmatch(r"\d{1,3}([, ]\d{3})+", bare) else None


def numbers(text: str) -> list[int]:
    """The whole numbers in digits of a label, what is between brackets left out."""
    bare = _PARENTHESES.sub(" ", plain(text))
    found = [one.group() for one in _DIGITS.finditer(bare)]
    return [int(re.sub(r"\D", "", one)) for one in found if not re.fullmatch(r"\d+[.,]\d{1,2}", one)]


def interval(text: str, lang: Lang) -> tuple[int | None, int | None] | None:
    """From which to which number a label goes, None where it is open; nothing where it cannot be read.

    >>> interval("20 to 29 years of age", "en"), interval("45 ans ou plus", "fr"), interval("Less than CLB 4", "en")
    ((20, 29), (45, None), (None, 3))
    >>> interval("CLB 7 or more on all abilities, with one or more under 9 (Maximum 25 points)", "en")
    (7, 8)
    """
    ranges, found, bare = page_data()["ranges"], numbers(text), _PARENTHESES.sub(" ", plain(text))
    if fits(ranges["none"], bare, lang):
        more = [one for one in tokens(bare, lang) if isinstance(one, int) and one > 1]
        return None if more else (None, 0)
    below = re.search(rf"(?:{ranges['below'][lang]})\D*(\d+)", bare)
    from_ = re.search(rf"(\d+)\D{{0,30}}?(?:{ranges['from'][lang]})", bare)
    up_to = re.search(rf"(\d+)\D{{0,30}}?(?:{ranges['up_to'][lang]})", bare)
    if len(found) == 2:
        return _between(found, bare, from_, below, up_to)
    if len(found) != 1 or sum(one is not None for one in (below, from_, up_to)) > 1:
        return None
    if below:
        return (None, found[0] - 1)
    return (found[0], None) if from_ else (None, found[0]) if up_to else (found[0], found[0])


Match = re.Match[str] | None


def _between(found: list[int], bare: str, from_: Match, below: Match, up_to: Match) -> tuple[int, int] | None:
    """A label with two numbers: "20 to 29", or "7 or more …, with one or more under 9"."""
    low, high = found
    if from_ and below and not up_to and from_.start(1) < below.start(1):
        return (low, high - 1)
    joined = re.search(r"\d+\s*(?:ans |years )?(?:to|a|or|ou|et|and|-|–)\s*\d+", bare)
    return (low, high) if joined and low < high and not (below or up_to or from_) else None


def codes(column: Column, label: str, section: str, lang: Lang) -> Sequence[int] | None:
    """The positions in a column's domain that a row or a column of a page is about; None where it cannot be read."""
    if column.kind == "integer":
        ends = interval(label, lang)
        if ends is None:
            return None
        low = column.values[0] if ends[0] is None else ends[0]
        high = column.values[-1] if ends[1] is None else ends[1]
        return [at for at, value in enumerate(column.values) if low <= value <= high] or None
    if column.kind == "boolean":
        return [1] if numbers(label) == [] else None
    for one in page_data()["crs"]["education"]:
        if one.get("section", section) == section and fits(one["label"], label, lang):
            return [column.values.index(value) for value in one["values"] if value in column.values] or None
    return None
