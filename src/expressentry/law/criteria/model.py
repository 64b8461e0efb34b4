"""Criteria: what a program, category or stream asks, in six words, answered met, not met or cannot tell.

    at_least   a column's value, four abilities, points on a grid, dollars of a dated list, months in occupations
    is_in      a column's value, an occupation in groups and lists but for exceptions, or a program that is met
    all, any   of the criteria below
    readings   the law is open: each criterion below is one way to read it, and what all of them give is known
    ask        something that the person cannot know: always "cannot tell", with whom to ask

A condition on a column is kept as one true or false for each value of its domain, so that the evaluators for one
person and for a frame look up the same cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from expressentry.law.instruments import Cite
from expressentry.law.schema import Column, MonthsTest
from expressentry.text import Text


@dataclass(frozen=True)
class Known:
    """A column's value is one of those allowed: `allowed[code]`."""

    column: Column = field(repr=False)
    allowed: tuple[bool, ...] = field(repr=False)

    @cached_property
    def whatever(self) -> bool | None:
        """What holds of every value of the column; None where that differs."""
        return self.allowed[0] if len(set(self.allowed)) == 1 else None


@dataclass(frozen=True, slots=True)
class Abilities:
    """Four abilities reach their levels; with `by`, the levels that belong to another column's value.

    `members` are the columns by order of languages; `levels[code]` has the four levels for each value of `by`, and one
    entry where nothing is looked up. An ability that was not tested reaches no level.
    """

    source: str
    members: Mapping[str, tuple[str, ...]]
    levels: tuple[tuple[int, ...], ...]
    by: Column | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Dollars:
    """An amount reaches what a dated list asks for the value of another column."""

    column: Column = field(repr=False)
    list: str
    by: Column = field(repr=False)


@dataclass(frozen=True, slots=True)
class Points:
    """The points of a grid reach a number, whichever of the given languages comes first."""

    grid: str
    least: int


@dataclass(frozen=True, slots=True)
class Met:
    """One of these programs is met."""

    programs: tuple[str, ...]


ASKED_OF = ("employer", "province")
"""Who knows what a person cannot know."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What only somebody else knows: the staff and the revenue of an employer, say."""

    who: str


JOINED = ("all", "any", "readings")
"""The words that join criteria below."""

Condition = Known | Abilities | Dollars | Points | Met | Ask | MonthsTest


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is asked: a condition, or one of `JOINED` over the criteria below."""

    id: str
    title: Text
    cite: Cite = field(repr=False)
    how: str
    condition: Condition | None
    below: tuple[Criterion, ...] = ()

    def walk(self) -> Iterator[Criterion]:
        """This criterion and all below it."""
        yield self
        for criterion in self.below:
            yield from criterion.walk()

    def conditions(self) -> Iterator[Condition]:
        """Every condition in it."""
        for criterion in self.walk():
            if criterion.condition is not None:
                yield criterion.condition


def columns_of(condition: Condition) -> tuple[str, ...]:
    """The columns that a condition itself reads; a grid's and another program's are theirs."""
    if isinstance(condition, Abilities):
        names = tuple(dict.fromkeys(name for members in condition.members.values() for name in members))
        return (*names, condition.by.name) if condition.by else names
    if isinstance(condition, Dollars):
        return (condition.column.name, condition.by.name)
    if isinstance(condition, Known):
        return (condition.column.name,)
    return (condition.column,) if isinstance(condition, MonthsTest) else ()
