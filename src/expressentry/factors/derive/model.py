"""What a profile says on a day: readings of the facts, the doubts that make them differ, and the reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from expressentry.dates import START
from expressentry.law.instruments import Cite
from expressentry.shown import Shown
from expressentry.text import Text

LAW_IS_OPEN = Text("nothing you can give: the law does not say", "rien que vous puissiez donner : la loi ne le dit pas")
"""What would settle a doubt of the law."""

Choice = Mapping[str, str]
"""For each doubt, the option that is assumed."""

Possible = Mapping[str, tuple[Any, ...]]
"""For each column every value that it may have; there may be some that it never has, and none is missing."""


@dataclass(frozen=True, slots=True)
class Because:
    """Why a column has its value: which documents and which rule, and the provision, as far as known.

    `cite` is that provision as the law has it, where the column is one that a measure of the law gives.
    """

    text: Text
    place: Text | None = None
    cite: Cite | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is open, in the law or because a fact is missing.

    Attributes:
        open: The open question.
        missing: What would settle it.
        options: The possible answers; the first is the usual one.
        law: Whether it is the law that is open, so that no fact of the person would settle it.
        fields: The places in the profile where the missing fact belongs.
        since: The first day on which it can matter; `until` is the first one after the last.
    """

    id: str
    open: Text
    missing: Text
    options: Mapping[str, Text]
    law: bool = False
    place: Text | None = None
    since: date = START
    until: date | None = None
    fields: tuple[str, ...] = ()

    def matters(self, on: date) -> bool:
        """Whether the doubt can matter on a day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """One way to choose among valid test reports of which none is better in every ability."""

    facts: Mapping[str, Any]
    reports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts of a day under one set of assumptions.

    `report_choices` is empty where every language has one best report; else it lists every way to choose, the one used
    in `facts` first, so that each can be tried exactly.
    """

    facts: Mapping[str, Any]
    assumed: Choice
    report_choices: tuple[ReportChoice, ...] = ()

    def choices(self) -> list[Mapping[str, Any]]:
        """The facts with each way to choose among the reports; one set of facts where there is nothing to choose."""
        return [{**self.facts, **choice.facts} for choice in self.report_choices] or [self.facts]


@dataclass(frozen=True, repr=False)
class Derived(Shown):
    """What a profile says on a day: one reading where nothing is open, else one for each set of facts possible.

    Only doubts that change a fact on this day are listed. Where there are too many combinations of them to try each,
    `possible` has every value that each column may have, and the readings are the first and some others; else it is
    None.
    """

    on: date
    readings: tuple[Reading, ...]
    doubts: tuple[Doubt, ...]
    possible: Possible | None = None
    explain: Callable[[], dict[str, Because]] = field(default=dict, repr=False, compare=False)

    def _in_short(self) -> str:
        return f"{len(self.facts)} factors on {self.on}, open questions: {len(self.doubts)}"

    @cached_property
    def because(self) -> Mapping[str, Because]:
        """For each column of the first reading, why it has its value."""
        return self.explain()

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts of the first reading."""
        return self.readings[0].facts

    @property
    def bounded(self) -> bool:
        """Whether there are too many combinations of doubts to try each: what follows is then a range."""
        return self.possible is not None

    def values(self, column: str) -> list[Any]:
        """Every value that a column may have on the day, that of the first reading first."""
        found: list[Any] = []
        for value in (*(reading.facts[column] for reading in self.readings), *(self.possible or {}).get(column, ())):
            if value not in found:
                found.append(value)
        return found


class Uncounted:
    """A component that counts nothing: its columns change on days of the documents only."""

    steady = True

    def watched(self, on: date, chosen: Choice, *, asked: bool = False) -> tuple[Watched, ...]:
        """Nothing."""
        return ()


class Watched(Protocol):
    """A count that may change something."""

    def until(self, on: date, next_day: date) -> date:
        """The first day on which there may be a change, the next day of the documents at the latest."""


class Component(Protocol):
    """One group of columns, and the doubts on which it depends."""

    @property
    def steady(self) -> bool:
        """Whether the columns seldom change, so that to follow what is counted costs less than to count again."""

    @property
    def doubts(self) -> Mapping[str, Doubt]:
        """Every doubt that may ever matter to the columns, by id."""

    @property
    def pieces(self) -> int:
        """How many parts of the profile are read for the columns: what a derivation costs."""

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """The columns on a day, under an option for each doubt."""

    def watched(self, on: date, chosen: Choice, *, asked: bool = False) -> tuple[Watched, ...]:
        """What is counted for the columns: between two days of the documents, they change with these only.

        With `asked`, of the months in an occupation only how many there are of those that a category asks for.
        """

    def possible(self, on: date) -> Possible:
        """Every value that the columns may have, whatever is assumed of the doubts, without trying each."""

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """The reason of each column."""
