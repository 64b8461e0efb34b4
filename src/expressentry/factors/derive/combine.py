"""From doubts to readings: which doubts matter on a day, and every set of facts that they leave possible.

Few doubts are tried in every combination. Where there are too many, nothing is left out all the same: for each column
every value that it may have is given, and what is made of the facts lies between the ends of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice, product
from math import prod
from typing import Any, NamedTuple

from expressentry.factors.derive.model import Choice, Component, Doubt, Possible

MOST_READINGS = 32
"""So many different sets of facts are readings; beyond, the values of each column are given."""

MOST_TRIED = 128
"""So many combinations of doubts are tried, of a component and of all of them together."""

MOST_PIECES = 8_000
"""A component is derived as often as keeps what it reads on a day below so many pieces."""

_LEAST_TRIED = 4
_DERIVATION = 40
"""What a derivation costs besides what it reads, in pieces."""

Values = dict[str, Any]


@dataclass(slots=True)
class Effort:
    """What was worked out so far, in pieces read: the same for the same question, on any machine."""

    pieces: int = 0


class Part:
    """A component, with the option of each of its doubts that holds where nothing else is assumed.

    With `remember` what was tried on a day is kept, for the next profile that shares the component.
    """

    def __init__(self, component: Component, effort: Effort, *, remember: bool = False) -> None:
        self.component, self.effort = component, effort
        self.known: dict[date, _Tried] | None = {} if remember else None
        self.doubts = tuple(component.doubts.values())
        self.default = {doubt.id: next(iter(doubt.options)) for doubt in self.doubts}
        self.cost = _DERIVATION + component.pieces
        self.most = max(_LEAST_TRIED, min(MOST_TRIED, MOST_PIECES // self.cost))

    def whole(self, choice: Choice) -> Choice:
        """An option for every doubt of the component, the default where a choice names none."""
        return {name: choice.get(name, option) for name, option in self.default.items()}

    def tried(self, on: date) -> _Tried:
        """The component under the combinations of its doubts on a day."""
        if self.known is None:
            return _Tried(self, on)
        if on not in self.known:
            self.known[on] = _Tried(self, on)
        return self.known[on]


class Combined(NamedTuple):
    """Every different set of facts with what it assumes, and the doubts that matter.

    Where there are too many sets `possible` has the values of each column, and `found` the first set and some others.
    """

    found: list[tuple[Values, Choice]]
    doubts: list[Doubt]
    possible: Possible | None


def combine(parts: Sequence[Part], on: date) -> Combined:
    """Return what the components say on a day under every combination of the doubts that matter."""
    sure: Values = {}
    tried = [part.tried(on) for part in parts]
    for one in tried:
        if not one.matter:
            sure |= one.facts(one.part.default)
    open_ = [one for one in tried if one.matter]
    matter: dict[str, Doubt] = {}
    for one in open_:
        matter |= one.matter
    doubts = list(matter.values())
    found: dict[tuple[int, ...], Choice] = {}
    if all(one.every for one in open_) and _count(doubts) <= MOST_TRIED:
        for choice in combinations(doubts):
            found.setdefault(tuple([one.outcome(choice) for one in open_]), choice)
        if len(found) <= MOST_READINGS:
            return Combined([(_facts(sure, open_, choice), choice) for choice in found.values()], doubts, None)
    possible = {name: (value,) for name, value in sure.items()}
    for one in open_:
        possible |= one.possible
    some: dict[tuple[int, ...], Choice] = {}
    most = min([MOST_READINGS, *(one.part.most for one in open_ if not one.every)])
    for choice in islice(_one_by_one(doubts), most):
        some.setdefault(tuple([one.outcome(choice) for one in open_]), choice)
    return Combined([(_facts(sure, open_, choice), choice) for choice in some.values()], doubts, possible)


def _facts(sure: Values, open_: Iterable[_Tried], choice: Choice) -> Values:
    facts = dict(sure)
    for one in open_:
        facts |= one.facts(choice)
    return facts


def combinations(doubts: Iterable[Doubt]) -> Iterator[dict[str, str]]:
    """Every combination of the options, the defaults first."""
    doubts = list(doubts)
    for options in product(*(doubt.options for doubt in doubts)):
        yield {doubt.id: option for doubt, option in zip(doubts, options, strict=True)}


def _one_by_one(doubts: Sequence[Doubt]) -> Iterator[dict[str, str]]:
    """The defaults, then each doubt alone with another option."""
    first = {doubt.id: next(iter(doubt.options)) for doubt in doubts}
    yield first
    for doubt in doubts:
        yield from ({**first, doubt.id: option} for option in list(doubt.options)[1:])


def _count(doubts: Iterable[Doubt]) -> int:
    return prod(len(doubt.options) for doubt in doubts)


class _Tried:
    """A component under the combinations of the doubts that may matter to it on a day.

    `every` is whether all were tried; `matter` then has the doubts that change a fact, else all that may.
    """

    def __init__(self, part: Part, on: date) -> None:
        self.part, self.on = part, on
        self._known: dict[tuple[str, ...], Values] = {}
        self._outcomes: dict[tuple[str, ...], int] = {}
        self._kinds: dict[str, int] = {}
        live = [doubt for doubt in part.doubts if doubt.matters(on)]
        self.live = tuple(doubt.id for doubt in live)
        self.every = _count(live) <= part.most
        self.matter = self._mattering(live) if self.every else {doubt.id: doubt for doubt in live}

    def _mattering(self, live: Sequence[Doubt]) -> dict[str, Doubt]:
        """The doubts of which some option changes a fact, whatever is assumed of the others."""
        if not live:
            return {}
        for choice in combinations(live):
            self.outcome(choice)
        matter = {}
        for at, doubt in enumerate(live):
            others: dict[tuple[str, ...], int] = {}
            if any(others.setdefault(key[:at] + key[at + 1 :], kind) != kind for key, kind in self._outcomes.items()):
                matter[doubt.id] = doubt
        return matter

    @cached_property
    def possible(self) -> Possible:
        """Every value that each column may have: those of all combinations, or what surely holds them."""
        if not self.every:
            return self.part.component.possible(self.on)
        return each_value(self._known.values())

    def _key(self, choice: Choice) -> tuple[str, ...]:
        default = self.part.default
        return tuple([choice.get(name, default[name]) for name in self.live])

    def outcome(self, choice: Choice) -> int:
        """A number that is the same for the combinations with the same facts."""
        key = self._key(choice)
        if key not in self._outcomes:
            self._outcomes[key] = self._kinds.setdefault(repr(self._of(key)), len(self._kinds))
        return self._outcomes[key]

    def facts(self, choice: Choice) -> Values:
        """The component's facts; doubts that are not its own, or that cannot matter on the day, are left aside."""
        return self._of(self._key(choice))

    def _of(self, key: tuple[str, ...]) -> Values:
        if key not in self._known:
            chosen = {**self.part.default, **dict(zip(self.live, key, strict=True))}
            self._known[key] = self.part.component.facts(self.on, chosen)
            self.part.effort.pieces += self.part.cost
        return self._known[key]


def each_value(found: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Any, ...]]:
    """The values of each column in some sets of facts, each once; values may be lists.

    >>> each_value([{"a": [1]}, {"a": [2]}, {"a": [1]}])
    {'a': ([1], [2])}
    """
    values: dict[str, list[Any]] = {}
    for facts in found:
        for name, value in facts.items():
            known = values.setdefault(name, [])
            if value not in known:
                known.append(value)
    return {name: tuple(known) for name, known in values.items()}


def between(*ends: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """The values of each column at some ends, each once.

    >>> between({"a": 1, "b": True}, {"a": 1, "b": False})
    {'a': (1,), 'b': (True, False)}
    """
    return {name: tuple(dict.fromkeys(one[name] for one in ends)) for name in ends[0]}
