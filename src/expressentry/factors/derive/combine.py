"""From doubts to readings: which doubts matter on a day, and every set of facts that they leave possible.

Few doubts are tried in every combination. Where there are too many, nothing is left out all the same: for each column
every value that it may have is given, and what is made of the facts lies between the ends of these.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import islice, product
from math import prod
from typing import Any, NamedTuple

from expressentry.factors.derive.horizon import DocumentDays
from expressentry.factors.derive.model import Choice, Component, Doubt, Possible, Watched

MOST_READINGS = 32
"""So many different sets of facts are readings; beyond, the values of each column are given."""

MOST_TRIED = 128
"""So many combinations of doubts are tried, of a component and of all of them together."""

MOST_PIECES = 8_000
"""A component is derived as often as keeps what it reads on a day below so many pieces."""

_MOST_DAYS = 2
"""So many days are kept: one, and that before it."""

_LEAST_TRIED = 4
_DERIVATION = 40
"""What a derivation costs besides what it reads, in pieces."""

Values = dict[str, Any]

Key = tuple[str, ...]
"""The options chosen for the doubts that may matter on a day."""


@dataclass(slots=True)
class Effort:
    """What was worked out so far, in pieces read: the same for the same question, on any machine."""

    pieces: int = 0


class Part:
    """A component, with the option of each of its doubts that holds where nothing else is assumed.

    What was tried on some days is kept; with `remember` on all, for the next profile that shares the component.
    """

    def __init__(self, component: Component, effort: Effort, *, remember: bool = False) -> None:
        self.component, self.effort = component, effort
        self._remember = remember
        self._days: list[date] = []
        self._kept: list[Tried] = []
        self.doubts = tuple(component.doubts.values())
        self.default = {doubt.id: next(iter(doubt.options)) for doubt in self.doubts}
        self.cost = _DERIVATION + component.pieces
        self.most = max(_LEAST_TRIED, min(MOST_TRIED, MOST_PIECES // self.cost))

    def whole(self, choice: Choice) -> Choice:
        """An option for every doubt of the component, the default where a choice names none."""
        return {name: choice.get(name, option) for name, option in self.default.items()}

    def tried(self, on: date, documents: DocumentDays | None = None) -> Tried:
        """The component under the combinations of its doubts on a day.

        With the days of the documents: as on an earlier day where none can differ.
        """
        at = bisect_right(self._days, on) - 1
        before = self._kept[at] if at >= 0 else None
        if before is not None and before.on == on:
            return before
        unchanged: Mapping[Key, _Found] = {}
        if before is not None and documents is not None and self.component.steady:
            if on < before.until(documents):
                return before
            unchanged = before.unchanged(on)
        found = Tried(self, on, unchanged)
        self._days.insert(at + 1, on)
        self._kept.insert(at + 1, found)
        if not self._remember and len(self._days) > _MOST_DAYS:
            del self._days[0], self._kept[0]
        return found

    def forget(self) -> None:
        """Forget what was tried on other days, so that the next ones cost what they cost anybody."""
        self._days, self._kept = [], []


class Combined(NamedTuple):
    """Every different set of facts with what it assumes, and the doubts that matter.

    Where there are too many sets `possible` has the values of each column, and `found` the first set and some others.
    """

    found: list[tuple[Values, Choice]]
    doubts: list[Doubt]
    possible: Possible | None


def combine(tried: Sequence[Tried]) -> Combined:
    """Return what the components say on a day under every combination of the doubts that matter."""
    sure: Values = {}
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


def _facts(sure: Values, open_: Iterable[Tried], choice: Choice) -> Values:
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


class _Found:
    """The facts of a combination, and the same as text where they are compared with others."""

    __slots__ = ("_text", "facts")

    def __init__(self, facts: Values) -> None:
        self.facts, self._text = facts, ""

    def text(self) -> str:
        """The facts as text, written once."""
        if not self._text:
            self._text = repr(self.facts)
        return self._text


class Tried:
    """A component under the combinations of the doubts that may matter to it on a day.

    `every` is whether all were tried; `matter` then has the doubts that change a fact, else all that may.
    """

    def __init__(self, part: Part, on: date, unchanged: Mapping[Key, _Found]) -> None:
        self.part, self.on = part, on
        self._known: dict[Key, _Found] = dict(unchanged)
        self._changes: dict[bool, dict[Key, date]] = {}
        self._outcomes: dict[Key, int] = {}
        self._kinds: dict[str, int] = {}
        self._next_day: date | None = None
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
            others: dict[Key, int] = {}
            if any(others.setdefault(key[:at] + key[at + 1 :], kind) != kind for key, kind in self._outcomes.items()):
                matter[doubt.id] = doubt
        return matter

    def until(self, documents: DocumentDays, *, asked: bool = False) -> date:
        """The first later day on which the facts of any combination may differ; see `Component.watched`."""
        if not self.every:
            return self.on + timedelta(days=1)  # not every combination was tried, so none is followed
        if self._next_day is None:
            self._next_day = documents.after(self.on)
        if asked not in self._changes:
            self._changes[asked] = dict(self._first_changes(self._next_day, asked=asked))
        return min(self._changes[asked].values())

    def _first_changes(self, next_day: date, *, asked: bool) -> Iterator[tuple[Key, date]]:
        """For each combination the first later day on which its facts may differ; some share their ledgers."""
        known: dict[tuple[Watched, ...], date] = {}
        for key in self._known or [self._key({})]:
            watched = self.part.component.watched(self.on, self._chosen(key), asked=asked)
            if watched not in known:
                known[watched] = min((one.until(self.on, next_day) for one in watched), default=next_day)
                self.part.effort.pieces += len(watched)
            yield key, known[watched]

    def unchanged(self, on: date) -> dict[Key, _Found]:
        """What was found for the combinations whose facts are the same on a later day."""
        if self._next_day is None or on >= self._next_day:
            return {}
        changes = self._changes.get(False, {})
        return {key: self._known[key] for key, until in changes.items() if on < until and key in self._known}

    @cached_property
    def possible(self) -> Possible:
        """Every value that each column may have: those of all combinations, or what surely holds them."""
        if not self.every:
            return self.part.component.possible(self.on)
        return each_value(one.facts for one in self._known.values())

    def _key(self, choice: Choice) -> Key:
        default = self.part.default
        return tuple([choice.get(name, default[name]) for name in self.live])

    def _chosen(self, key: Key) -> Choice:
        return {**self.part.default, **dict(zip(self.live, key, strict=True))}

    def outcome(self, choice: Choice) -> int:
        """A number that is the same for the combinations with the same facts."""
        key = self._key(choice)
        if key not in self._outcomes:
            self._outcomes[key] = self._kinds.setdefault(self._of(key).text(), len(self._kinds))
        return self._outcomes[key]

    def facts(self, choice: Choice) -> Values:
        """The component's facts; doubts that are not its own, or that cannot matter on the day, are left aside."""
        return self._of(self._key(choice)).facts

    def _of(self, key: Key) -> _Found:
        """The facts of a combination."""
        if key not in self._known:
            self._known[key] = _Found(self.part.component.facts(self.on, self._chosen(key)))
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
