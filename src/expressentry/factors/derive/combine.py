"""From doubts to readings: which doubts matter on a day, and every set of facts that they leave possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import product
from math import prod
from typing import Any

from expressentry.factors.derive.model import Choice, Component, Doubt

MOST_READINGS = 32
"""Beyond so many combinations: the default, each doubt alone, and all together with each doubt alone at its default."""

Values = dict[str, Any]


class Part:
    """A component, with the option of each of its doubts that holds where nothing else is assumed.

    With `remember` what was tried on a day is kept, for the next profile that shares the component.
    """

    def __init__(self, component: Component, *, remember: bool = False) -> None:
        self.component = component
        self.known: dict[date, _Tried] | None = {} if remember else None
        self.doubts = tuple(component.doubts.values())
        self.default = {doubt.id: next(iter(doubt.options)) for doubt in self.doubts}

    def whole(self, choice: Choice) -> Choice:
        """An option for every doubt of the component, the default where a choice names none."""
        return {name: choice.get(name, option) for name, option in self.default.items()}

    def tried(self, on: date) -> _Tried:
        """The component under every combination of its doubts on a day."""
        if self.known is None:
            return _Tried(self, on)
        if on not in self.known:
            self.known[on] = _Tried(self, on)
        return self.known[on]


def combine(parts: Sequence[Part], on: date) -> tuple[list[tuple[Values, Choice]], list[Doubt], bool]:
    """Return every different set of facts with what it assumes, the doubts that matter, and whether bounds were hit."""
    sure: Values = {}
    open_parts: list[_Tried] = []
    bounded = False
    for part in parts:
        tried = part.tried(on)
        bounded = bounded or tried.bounded
        if tried.matter:
            open_parts.append(tried)
        else:
            sure |= tried.facts(part.default)
    matter: dict[str, Doubt] = {}
    for tried in open_parts:
        matter |= tried.matter
    readings: list[tuple[Values, Choice]] = []
    for choice in combinations(matter.values()):
        facts = dict(sure)
        for tried in open_parts:
            facts |= tried.facts(choice)
        if all(facts != known for known, _ in readings):
            readings.append((facts, choice))
    return readings[:MOST_READINGS], list(matter.values()), bounded or _many(matter.values())


def combinations(doubts: Iterable[Doubt]) -> Iterator[dict[str, str]]:
    """Every combination of the options, the defaults first; a bounded choice of them where they are too many."""
    doubts = list(doubts)
    if not _many(doubts):
        for options in product(*(doubt.options for doubt in doubts)):
            yield {doubt.id: option for doubt, option in zip(doubts, options, strict=True)}
        return
    first = {doubt.id: next(iter(doubt.options)) for doubt in doubts}
    last = {doubt.id: list(doubt.options)[-1] for doubt in doubts}
    yield from (first, last)
    for doubt in doubts:
        yield from ({**first, doubt.id: option} for option in list(doubt.options)[1:])
        yield from ({**last, doubt.id: option} for option in list(doubt.options)[:-1])


def _many(doubts: Iterable[Doubt]) -> bool:
    return prod(len(doubt.options) for doubt in doubts) > MOST_READINGS


class _Tried:
    """A component under every combination of the doubts that may matter to it on a day."""

    def __init__(self, part: Part, on: date) -> None:
        self.part, self.on = part, on
        self.known: dict[tuple[str, ...], Values] = {}
        live = [doubt for doubt in part.doubts if doubt.matters(on)]
        self.live = tuple(doubt.id for doubt in live)
        self.bounded = _many(live) if len(live) > 1 else False
        self.matter: dict[str, Doubt] = {}
        if live:
            choices = list(combinations(live))
            self.matter = {d.id: d for d in live if any(self._changes(choice, d.id) for choice in choices)}

    def _changes(self, choice: Choice, name: str) -> bool:
        default = self.part.default[name]
        return choice[name] != default and self.facts(choice) != self.facts({**choice, name: default})

    def facts(self, choice: Choice) -> Values:
        """The component's facts; doubts that are not its own, or that cannot matter on the day, are left aside."""
        key = tuple([choice.get(name, self.part.default[name]) for name in self.live])
        if key not in self.known:
            chosen = {**self.part.default, **dict(zip(self.live, key, strict=True))}
            self.known[key] = self.part.component.facts(self.on, chosen)
        return self.known[key]
