"""What a simulation supposes: its documentation, its people, its law and its rounds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from expressentry.shown import Shown
from expressentry.text import Text


@dataclass(frozen=True, slots=True)
class People:
    """Where the people come from: a drawn population or a file, and what is changed in who arrives.

    `one_in` is how many people one simulated person stands for; `size` is how many are simulated at the start, None
    for the published pool of the first day over `one_in`. `times` multiplies the arrivals of an archetype. `weights`
    multiplies the calibrated weight of a group among the arrivals of a score band, whose number stays what it is.
    """

    one_in: int
    size: int | None = None
    file: Path | None = None
    times: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LawChange:
    """The law of the scenario where it is not that of each day: files that are added, a proposal and its numbers.

    `ranges` gives several values to a number that the proposal leaves open: one run for each. `remove` names places of
    the CRS grids that are left out; a place that is removed twice is removed once.
    """

    files: tuple[Path, ...] = ()
    name: str | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)
    ranges: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddedColumn:
    """A column of facts that the law of the scenario asks for and the population does not have, by occupation.

    People with less than `canadian_months` months of work in Canada have `otherwise`.
    """

    name: str
    by_occupation: Mapping[str, str]
    otherwise: str
    canadian_months: int


@dataclass(frozen=True, slots=True)
class FixedRounds:
    """Rounds of one list on fixed days: the first, and then every so many days."""

    list: str
    first: date
    last: date
    every_days: int
    size: int


@dataclass(frozen=True, slots=True)
class RuleRounds:
    """Rounds of one list by a rule: everybody down to a score, or a share of those who may enter; at most so many."""

    list: str
    first: date
    last: date
    every_days: int
    down_to: int | None
    share: float | None
    at_most: int | None


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """Which rounds there are: the published ones or none, without some lists, with sizes multiplied, and others."""

    published: bool
    without: tuple[str, ...] = ()
    times: Mapping[str, float] = field(default_factory=dict)
    fixed: tuple[FixedRounds, ...] = ()
    rules: tuple[RuleRounds, ...] = ()
    canada_first: bool = False


@dataclass(frozen=True, repr=False)
class Scenario(Shown):
    """One simulation: documentation first, then what is supposed. `last` is the last day simulated."""

    id: str
    title: Text
    reference: Text
    assumptions: tuple[Text, ...]
    does_not_say: tuple[Text, ...]
    baseline: str | None
    first: date
    last: date
    people: People
    law: LawChange
    columns: tuple[AddedColumn, ...]
    rounds: RoundPlan
    hazards: Mapping[str, float]

    @cached_property
    def digest(self) -> str:
        """Over all that is supposed, documentation apart: what changes nothing has the digest of its baseline."""
        parts = (self.first, self.last, self.people, self.law, self.columns, self.rounds, self.hazards)
        return hashlib.sha256(json.dumps([_plain(one) for one in parts], sort_keys=True).encode()).hexdigest()

    def _in_short(self) -> str:
        return f"{self.id}, {self.first} to {self.last}"


def _plain(value: Any) -> Any:
    """A value as JSON has it; of a file its content."""
    if isinstance(value, Path):
        return hashlib.sha256(value.read_bytes()).hexdigest()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return value
