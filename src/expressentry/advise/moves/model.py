"""Moves as data: what a person may do, how long it takes, what it costs, and by which source.

    shipped_moves()["nomination"].days     (60, 180, 365): low, typical, high

What a move changes in a profile, and when it is impossible, depends on its kind (see `kinds`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from expressentry.advise.moves.distance import Distances, read_distances
from expressentry.errors import ABSENT
from expressentry.law.languages import ABILITY_NAMES, LANGUAGE_NAMES
from expressentry.law.source import Fields, Source
from expressentry.text import Text, capital, same

DATA = Path(__file__).parent.parent.parent / "data" / "advice" / "moves.toml"
_LISTED = ("language", "ability", "level", "years")
_PARAMETERS = (*_LISTED, "months", "who", "canada", "comes")

WORDS: Mapping[str, Text] = {
    **{language: capital(name) for language, name in LANGUAGE_NAMES.items()},
    **ABILITY_NAMES,
}
YEARS: Mapping[object, Text] = {
    1: Text("one more year", "une année de plus"),
    2: Text("two more years", "deux années de plus"),
    3: Text("three more years", "trois années de plus"),
}


@dataclass(frozen=True, slots=True)
class AdviceSource:
    """Where days and costs come from."""

    id: str
    title: Text
    address: str
    seen: date


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that a person may do.

    `days` are low, typical and high; `cost_cad` low and high, in dollars. `assumed` is true where some of these numbers
    have no source. Moves of one `exclusive_group` exclude each other, as do those that a move names in `excludes`;
    those of one `sitting` are paid once. A move that is `alone` is measured and never combined; one `on_request` is
    tried only where it is asked for. `asks` names the degree that is required, `needs` who else must agree. `caution`
    is shown wherever the move is in a plan. The title, the days and the cost of a possible step are those of the
    person; `by_distance` moves have others for each person.
    """

    id: str
    kind: str
    title: Text
    changes: Text
    days: tuple[int, int, int]
    cost_cad: tuple[int, int]
    assumed: bool
    sources: tuple[AdviceSource, ...] = ()
    note: Text | None = None
    warning: Text | None = None
    exclusive_group: str | None = None
    excludes: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    sitting: str | None = None
    alone: bool = False
    on_request: bool = False
    by_distance: bool = False
    needs: Text | None = None
    caution: Text | None = None
    given: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def conflicts_with(self, other: Move) -> bool:
        """Whether two moves exclude each other."""
        named = self.id in other.excludes or other.id in self.excludes
        return named or (self.exclusive_group is not None and self.exclusive_group == other.exclusive_group)


def written(id_: str) -> str:
    """The name of a move as it is written on a command line and shown to people.

    >>> written("canadian_work_1")
    'canadian-work-1'
    """
    return id_.replace("_", "-")


@cache
def shipped_moves() -> Mapping[str, Move]:
    """Every move of the shipped file by its id, languages, abilities, levels and years written out.

    Raises LawError for a file that is wrong.

    >>> shipped_moves()["french_7"].title.fr
    'Français : niveau 7 ou plus aux quatre habiletés'
    """
    source = Source(DATA)
    listed = {name: _source(source, name, record) for name, record in source.data["sources"].items()}
    found = [m for name, record in source.data["moves"].items() for m in _moves(source, name, record, listed)]
    source.finish()
    return {move.id: move for move in found}


@cache
def shipped_distances() -> Distances:
    """The time and cost of what depends on the distance: hours of lessons, dollars to save.

    >>> shipped_distances().lessons.between("english", {"reading": 7}, {"reading": 9})
    (200, 200)
    """
    return read_distances(Source(DATA))


def distance_sources() -> list[AdviceSource]:
    """Where the hours of lessons, and what few people reach, come from."""
    source = Source(DATA)
    listed = {name: _source(source, name, record) for name, record in source.data["sources"].items()}
    lessons = read_distances(source).lessons
    names = [name for hours in lessons.hours.values() for name in hours.sources]
    names += [one.source for one in lessons.rare if one.source]
    return [listed[name] for name in dict.fromkeys(names)]


def _source(source: Source, name: str, record: Mapping[str, Any]) -> AdviceSource:
    fields = Fields(source, ("sources", name), record)
    title, address, seen = fields.text("title"), fields.string("address"), fields.day("seen")
    fields.close()
    return AdviceSource(name, title or same(""), address or "", seen or date.min)


def _moves(source: Source, name: str, record: Mapping[str, Any], listed: Mapping[str, AdviceSource]) -> Iterator[Move]:
    """The moves of one table: one for each combination of its lists."""
    fields = Fields(source, ("moves", name), record)
    given = {key: fields.left.pop(key) for key in _PARAMETERS if key in fields.left}
    id_, kind = fields.string("id") or name, fields.string("kind", required=False) or name
    title, changes = fields.text("title") or same(""), fields.text("changes") or same("")
    by_distance = fields.flag("by_distance")
    days, cost = ([0, 0, 0], [0, 0]) if by_distance else (_numbers(fields, "days", 3), _numbers(fields, "cost_cad", 2))
    words = {key: tuple(fields.left.pop(key, ())) for key in ("excludes", "asks", "sources")}
    sitting = fields.string("sitting", required=False)
    group = fields.string("exclusive_group", required=False)
    note, warning = fields.text("note", required=False), fields.text("warning", required=False)
    needs = fields.text("needs", required=False)
    assumed, alone, on_request = (fields.flag(key) for key in ("assumed", "alone", "on_request"))
    fields.close()
    for unknown in (one for one in words["sources"] if one not in listed):
        rule = Text("this file has no such source", "ce fichier n'a pas cette source")
        fields.wrong("unknown_id", "sources", rule, Text("add it", "l'ajouter"), unknown)
    cited = tuple(listed[one] for one in words["sources"] if one in listed)
    if not cited and not assumed and not alone:
        rule = Text("numbers without a source are assumed", "les nombres sans source sont supposés")
        fields.wrong("no_source", "sources", rule, Text("write assumed = true", "écrire assumed = true"))
    lists = [key for key in _LISTED if isinstance(given.get(key), list)]
    for values in product(*(given[key] for key in lists)):
        own = {**given, **dict(zip(lists, values, strict=True))}
        named = {key: (YEARS if key == "years" else WORDS).get(value, value) for key, value in own.items()}
        yield Move(
            id=_filled(id_, own),
            kind=kind,
            title=_say(title, named),
            changes=changes,
            days=(days[0], days[1], days[2]),
            cost_cad=(cost[0], cost[1]),
            assumed=assumed,
            sources=cited,
            note=note,
            warning=warning,
            exclusive_group=group,
            excludes=words["excludes"],
            asks=words["asks"],
            sitting=_filled(sitting, own) if sitting else None,
            alone=alone,
            on_request=on_request,
            by_distance=by_distance,
            needs=needs,
            given=own,
        )


def _filled(pattern: str, values: Mapping[str, Any]) -> str:
    """A pattern with the blanks filled that have a value; the others wait for a profile."""
    for key, value in values.items():
        pattern = pattern.replace(f"{{{key}}}", str(value))
    return pattern


def _say(wording: Text, values: Mapping[str, Any]) -> Text:
    both = {key: value if isinstance(value, Text) else same(value) for key, value in values.items()}
    en, fr = ({key: text.say(lang) for key, text in both.items()} for lang in ("en", "fr"))
    return Text(_filled(wording.en, en), _filled(wording.fr, fr))


def for_profile(move: Move, **values: Any) -> Move:
    """A move whose id and title still have blanks, written out for one document of a profile."""
    given = {**move.given, **values}
    return replace(move, id=_filled(move.id, given), title=_say(move.title, given), given=given)


def _numbers(fields: Fields, key: str, count: int) -> list[int]:
    """A list of so many whole numbers, none smaller than the one before."""
    expected = Text(
        "expected {n} whole numbers in increasing order", "attendu : {n} nombres entiers en ordre croissant"
    ).fill(n=count)
    found = fields.take(key, list, expected, required=True)
    whole = found is not None and len(found) == count and all(type(n) is int and n >= 0 for n in found)
    if not whole or sorted(found) != found:
        fix = Text("correct the numbers", "corriger les nombres")
        fields.wrong("wrong_numbers", key, expected, fix, ABSENT if found is None else found)
        return [0] * count
    return list(found)
