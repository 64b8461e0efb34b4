"""How far a person is from what a move reaches, and so how long it takes: hours of lessons, dollars to save.

lessons = read_distances(source).lessons
lessons.days("french", nothing, seven)     (275, 559, 1198): quick, typical, slow
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

from expressentry.law.source import Source
from expressentry.text import Text

Levels = Mapping[str, int]
Range = tuple[int, int, int]
"""Days or dollars: low, typical, high."""

_DAYS_OF_A_WEEK = 7
_DAYS_OF_A_MONTH = 30.4


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of lessons from nothing to each of some levels of a language; between them a straight line."""

    levels: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    sources: tuple[str, ...]

    def at(self, level: int) -> tuple[float, float]:
        """The hours from nothing to a level, low and high."""
        for n, (before, after) in enumerate(pairwise(self.levels)):
            if before <= level <= after:
                share = (level - before) / (after - before)
                low, high = (one[n] + share * (one[n + 1] - one[n]) for one in (self.low, self.high))
                return low, high
        return self.low[-1], self.high[-1]


@dataclass(frozen=True, slots=True)
class Rare:
    """What most people do not reach: from a level below `below` to `level` or more."""

    language: str
    below: int
    level: int
    text: Text
    source: str | None


@dataclass(frozen=True, slots=True)
class Lessons:
    """The time and the cost of reaching a level from another one, and what most people do not reach."""

    hours: Mapping[str, Hours]
    per_week: Range
    lesson_cad: int
    test_days: Range
    test_cad: tuple[int, int]
    rare: tuple[Rare, ...]

    def between(self, language: str, now: Levels, then: Levels) -> tuple[int, int]:
        """The hours of lessons that the farthest ability needs, low and high.

        Abilities are learnt together: of several the farthest one counts, whichever moves of a plan raise them.
        """
        found = [(0, 0)]
        for ability, level in then.items():
            (a, b), (c, d) = self.hours[language].at(now[ability]), self.hours[language].at(level)
            low, high = sorted((c - a, d - b))
            found.append((round(low), round(high)))
        return max(found)

    def days(self, language: str, now: Levels, then: Levels) -> Range:
        """The days until the results: the lessons, then the test."""
        low, high = self.between(language, now, then)
        weeks = [hours / week for hours, week in zip((low, (low + high) / 2, high), self.per_week, strict=True)]
        quick, typical, slow = (
            ceil(one * _DAYS_OF_A_WEEK) + test for one, test in zip(weeks, self.test_days, strict=True)
        )
        return quick, typical, slow

    def cost(self, language: str, now: Levels, then: Levels) -> tuple[int, int]:
        """The dollars: the test alone, and with every hour paid."""
        _, high = self.between(language, now, then)
        return self.test_cad[0], self.test_cad[1] + high * self.lesson_cad

    def rarely(self, language: str, now: Levels, then: Levels) -> Rare | None:
        """Whether most people do not reach this from here."""
        lowest, reached = min(now.values()), min(then.values())
        fitting = (one for one in self.rare if one.language == language)
        return next((one for one in fitting if lowest < one.below and reached >= one.level), None)


@dataclass(frozen=True, slots=True)
class Distances:
    """What days and cost follow from where they are no numbers of a move."""

    lessons: Lessons
    per_month_cad: Range

    def saving(self, dollars: int) -> Range:
        """The days in which so many dollars are put aside: quick, typical, slow."""
        quick, typical, slow = (max(1, ceil(dollars / month * _DAYS_OF_A_MONTH)) for month in self.per_month_cad)
        return quick, typical, slow


def read_distances(source: Source) -> Distances:
    """Read the tables `lessons` and `savings` of the file of moves."""
    data: Mapping[str, Any] = source.data["lessons"]
    hours = {
        language: Hours(**{key: tuple(value) for key, value in one.items()}) for language, one in data["hours"].items()
    }
    rare = tuple(
        Rare(one["language"], one["below"], one["level"], Text(one["text"]["en"], one["text"]["fr"]), one.get("source"))
        for one in data["rare"]
    )
    lessons = Lessons(
        hours=hours,
        per_week=_three(data["per_week"]),
        lesson_cad=data["lesson_cad"],
        test_days=_three(data["test_days"]),
        test_cad=(data["test_cad"][0], data["test_cad"][1]),
        rare=rare,
    )
    return Distances(lessons, _three(source.data["savings"]["per_month_cad"]))


def _three(found: list[int]) -> Range:
    low, typical, high = found
    return low, typical, high
