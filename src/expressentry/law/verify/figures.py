"""The figures that a place sets, and whether they are in the words of a provision, as digits or as number words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from expressentry.law.criteria.model import Abilities, Condition, Criterion, Dollars, Known, Points
from expressentry.law.grid.tree import Grid, Node
from expressentry.law.instruments import Cite
from expressentry.law.law import Law
from expressentry.law.schema import MonthsTest
from expressentry.law.verify.known import words_of
from expressentry.text import LANGS, Lang, Text


@dataclass(frozen=True, slots=True)
class Asked:
    """One number and its unit; of a row of points also the number or words that must be in the same sentence."""

    value: int
    unit: str
    beside: int | None = None
    words: Text | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What cites a provision: an id, its source, the days on which it holds, and the figures that it sets."""

    id: str
    title: Text
    cite: Cite = field(repr=False)
    start: date
    until: date | None
    figures: tuple[Asked, ...] = ()


_UNITS: Mapping[str, tuple[str, ...]] = {
    "points": ("point", "points"),
    "years": ("year", "years", "an", "ans", "année", "années"),
    "months": ("month", "months", "mois"),
    "hours": ("hour", "hours", "heure", "heures"),
    "level": ("level", "niveau"),
    "group": ("group", "groupe"),
    "teer": ("teer", "féer"),
}
_BEFORE = ("level", "group", "teer")
"""Units that are written before their number: "benchmark level 5", "Major Group 72", "TEER Category 0, 1, 2 or 3"."""

_REACH: Mapping[str, int] = {"level": 1, "group": 3, "teer": 6}
_AFTER = 4
_SMALL: Mapping[Lang, tuple[str, ...]] = {
    "en": (
        *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
    ),
    "fr": (
        *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
        *("treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
    ),
}
_TENS: Mapping[Lang, tuple[str, ...]] = {
    "en": ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
    "fr": ("vingt", "trente", "quarante", "cinquante", "soixante", "soixante-dix", "quatre-vingt", "quatre-vingt-dix"),
}


def number_words(lang: Lang) -> dict[str, int]:
    """The numbers below one hundred as they are written, hyphens for blanks.

    >>> number_words("fr")["quarante-et-un"], number_words("en")["forty-one"], number_words("fr")["soixante-quinze"]
    (41, 41, 75)
    """
    found = {word: value for value, word in enumerate(_SMALL[lang])}
    found |= {"une": 1} if lang == "fr" else {}
    for at, ten in enumerate(_TENS[lang], 2):
        found[ten] = 10 * at
        for unit, word in enumerate(_SMALL[lang][1:10], 1):
            found[f"{ten}-{word}"] = 10 * at + unit
            found[f"{ten}-et-{word}"] = 10 * at + unit
    for base, ten in ((60, "soixante"), (80, "quatre-vingt")) if lang == "fr" else ():
        for unit, word in enumerate(_SMALL["fr"][10:20], 10):
            found[f"{ten}-{word}"] = base + unit
            found[f"{ten}-et-{word}"] = base + unit
    return found


_NUMBERS = {lang: number_words(lang) for lang in LANGS}
_TOKEN = re.compile(r"\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?!\d)|\d+|[^\W\d_]+")


def tokens(text: str, lang: Lang) -> list[int | str]:
    """Words in small letters, numbers as whole numbers however they are written.

    >>> tokens("Ten points, 1,560 hours, one-year", "en")
    [10, 'points', 1560, 'hours', 1, 'year']
    >>> tokens("quarante et un ans", "fr")
    [41, 'ans']
    """
    found: list[int | str] = []
    raw = [one.casefold() for one in _TOKEN.findall(text)]
    at = 0
    while at < len(raw):
        if raw[at][0].isdigit():
            found.append(int(re.sub(r"\D", "", raw[at])))
            at += 1
            continue
        for length in (4, 3, 2, 1):
            word = "-".join(raw[at : at + length])
            if word in _NUMBERS[lang] and at + length <= len(raw):
                found.append(_NUMBERS[lang][word])
                at += length
                break
        else:
            found.append(raw[at])
            at += 1
    return found


def has(one: Asked, units: tuple[str, ...], lang: Lang) -> bool:
    """Whether the words of a provision, given sentence by sentence, have a figure; of a row of points all of it."""
    if one.unit == "cap":
        # A maximum stands in the words before the list, in the heading ("Age (12 points)") or both.
        return any(f"({one.value} points)" in text or _most(one.value, text, lang) for text in units)
    whole = one.beside is not None or one.words is not None
    for text in units:
        if not _near(one, text, lang):
            continue
        if not whole or (one.words is not None and one.words.say(lang) in text):
            return True
        if one.beside is not None and any(
            _near(Asked(one.beside, unit), text, lang, reached=True) for unit in ("years", "level")
        ):
            return True
    return False


def _near(one: Asked, text: str, lang: Lang, *, reached: bool = False) -> bool:
    found, names = tokens(text, lang), _UNITS.get(one.unit, ())
    for at, token in enumerate(found):
        if token != one.value or (reached and _under(found[:at])):
            continue
        reach = _REACH.get(one.unit, _AFTER)
        around = found[max(at - reach, 0) : at] if one.unit in _BEFORE else found[at + 1 : at + 1 + reach]
        if any(name in names for name in around):
            return True
    return False


def _under(before: list[int | str]) -> bool:
    """Whether the number after these words is one that is not reached."""
    return before[-1:] == ["under"] or before[-2:] in (["less", "than"], ["moins", "de"])


def _most(value: int, text: str, lang: Lang) -> bool:
    found = tokens(text, lang)
    return "maximum" in found and value in found


def places(law: Law) -> Iterator[Place]:
    """Everything in the law that cites a provision, with the figures that it sets there."""
    for grids, kind in ((law.grids, "crs"), (law.fsw_grids, "fsw")):
        for grid, later in zip(grids, [*grids[1:], None], strict=True):
            yield from _grid(grid, kind, later.in_force if later else None)
    for program in law.programs:
        later_days = [one.in_force for one in law.programs if one.program == program.program]
        until = min((day for day in later_days if day > program.in_force), default=None)
        base = f"program.{program.program}"
        yield Place(base, program.title, program.cite, program.in_force, until)
        for criterion in program.criteria:
            data = program.data["criteria"].get(criterion.id, {})
            yield from _criterion(criterion, f"{base}.{criterion.id}", data, program.in_force, until)
    for version in law.all_versions:
        base = f"category.{version.category}"
        yield Place(base, version.title, version.cite, version.start, version.until)
    for series in law.evidence.series.values():
        for entry, end in zip(series, [*(one.start for one in series[1:]), None], strict=True):
            figures = _in_unit(entry.value, entry.unit.en)
            yield Place(f"evidence.{entry.id}", entry.title, entry.cite, entry.start, end, figures)
    for row in law.measures.rows:
        figures = (Asked(row.window_years, "years"),) if row.window_years else ()
        figures += (Asked(row.cap, "years"),) if row.cap and (row.gives == "reached" or row.counts == "offer") else ()
        figures += tuple(Asked(level, "teer") for level in sorted(row.occupations.teer or ()))
        title = (row.column_added or law.columns[row.column]).title
        yield Place(f"measure.{row.column}", title, row.cite, row.start, None, figures)


def _in_unit(value: Any, unit: str) -> tuple[Asked, ...]:
    if isinstance(value, bool) or not isinstance(value, int):
        return ()
    if unit == "months" and value % 12 == 0:
        return (Asked(value // 12, "years"),)
    return (Asked(value, next((name for name in _UNITS if unit.startswith(name)), unit)),)


def _grid(grid: Grid, kind: str, until: date | None) -> Iterator[Place]:
    start = grid.in_force or date.max
    for node in grid.root.walk():
        figures = tuple(_of_node(node)) if kind == "fsw" and node is not grid.root else ()
        yield Place(f"{kind}.{node.id}", node.title, node.cite, start, until, figures)


def _of_node(node: Node) -> Iterator[Asked]:
    """The cap and the rows of a place: points, and from which value on."""
    if node.cap:
        yield Asked(max(node.cap), "cap")
    below, wordings = 0, words_of(node.id)
    for value, *points in node.leaf.rows if node.leaf else ():
        most = max(points)
        if str(value) in wordings:
            yield Asked(most, "points", words=wordings[str(value)])
        elif most or below:
            # A row that ends the points ("47 or older: 0 points") is a figure; one before any points is not.
            number = value if isinstance(value, int) and not isinstance(value, bool) else None
            yield Asked(most, "points", beside=number)
        below = most


def _criterion(
    criterion: Criterion, id_: str, data: Mapping[str, Any], start: date, until: date | None
) -> Iterator[Place]:
    figures = tuple(_asked(criterion.condition, data)) if criterion.condition is not None else ()
    yield Place(id_, criterion.title, criterion.cite, start, until, figures)
    table = data.get(criterion.how, {}) if criterion.condition is None else {}
    for one in criterion.below:
        below = table.get(one.id, {}) if isinstance(table, Mapping) else {}
        yield from _criterion(one, f"{id_}.{one.id}", below, start, until)


def _asked(condition: Condition, data: Mapping[str, Any]) -> Iterator[Asked]:
    if isinstance(condition, Known) and condition.column.kind == "integer":
        yield Asked(int(condition.column.values[condition.allowed.index(True)]), "years")
    elif isinstance(condition, Known):
        groups = data.get("is_in", {})
        yield from (Asked(int(group), "group") for group in (*groups.get("groups", ()), *groups.get("except", ())))
    elif isinstance(condition, Abilities):
        yield from (Asked(level, "level") for level in sorted({one for four in condition.levels for one in four}))
    elif isinstance(condition, Points):
        yield Asked(condition.least, "points")
    elif isinstance(condition, MonthsTest):
        yield from _in_unit(condition.least, "months")
    elif isinstance(condition, Dollars):
        yield Asked(0, "amount")
