"""Measures: which work, study or job offers a column of factors counts, as dated rows with their sources."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal, NamedTuple

from expressentry.dates import START
from expressentry.law.instruments import Cite, Instrument, read_cite
from expressentry.law.lists import Row
from expressentry.law.schema import MOST_VALUES, Column
from expressentry.law.source import Fields, Source
from expressentry.text import Text, same

COUNTS = ("work", "service", "study", "offer")
GIVES = ("count", "reached", "longest_run", "main_teer", "trade", "by_occupation", "held", "tier", "case")
WHERE = ("anywhere", "canada", "abroad")
ADDED: Mapping[str, tuple[str, ...]] = {
    "work": ("count", "reached", "longest_run"),
    "offer": ("held", "tier"),
}
"""What a row that is added to the law may count and give: all that needs no code of its own."""

Answer = Literal["yes", "no", "open"]
"""Whether some work counts; open where the law does not say."""


class Occupations(NamedTuple):
    """Which occupations count: levels, a list (of one tier, or whole), the trades of the class; any, if nothing."""

    teer: frozenset[int] | None = None
    list: str | None = None
    tier: str | None = None
    trades: bool = False


@dataclass(frozen=True, eq=False)
class Measure:
    """One row: what a column counts. Two rows that count the same work share its ledger.

    `window_years` is how far back work counts, 0 for ever; `cap` where counting ends. `values` are the tiers of an
    offer from none up, for a row that gives one. `foreign_employer` is whether work in Canada for an employer abroad is
    work in Canada for a row that names no employer.
    """

    column: str
    counts: str
    whose: str
    gives: str
    where: str
    occupations: Occupations
    authorized: Answer
    self_employed: Answer
    full_time_student: Answer
    refugee_claimant: Answer
    foreign_employer: Answer
    full_time_only: bool
    one_occupation: Answer
    one_period: Answer
    for_67_points: bool
    window_years: int
    unit: str
    cap: int
    start: date
    cite: Cite = field(repr=False)
    values: tuple[str, ...] = ()
    column_added: Column | None = field(default=None, repr=False)
    user: bool = False

    @property
    def adds_up(self) -> bool:
        """Whether the column changes as work adds up or leaves its window."""
        return self.cap > 0 and self.gives != "by_occupation"

    @cached_property
    def work(self) -> tuple[object, ...]:
        """Which work it counts, whatever is made of it."""
        return (
            *(self.where, self.occupations, self.authorized, self.self_employed),
            *(self.full_time_student, self.refugee_claimant, self.foreign_employer, self.full_time_only),
        )


class Measures:
    """Every measure; `on(day)` gives those of a day, `lists_on(day)` the occupations that they look up."""

    def __init__(self, rows: Iterable[Measure], lists: Mapping[str, tuple[Row, ...]]) -> None:
        self.rows = tuple(rows)
        self.by_column = {row.column: row for row in self.rows}
        self._named = {row.occupations.list: lists[row.occupations.list] for row in self.rows if row.occupations.list}
        edges = {row.start for row in self.rows}
        edges |= {edge for rows in self._named.values() for row in rows for edge in (row.start, row.until) if edge}
        self.days = tuple(sorted(edges))
        self._on: dict[int, tuple[Measure, ...]] = {}
        self._lists: dict[int, Listed] = {}

    def on(self, day: date) -> tuple[Measure, ...]:
        """The measures of a day."""
        at = bisect_right(self.days, day)
        if at not in self._on:
            self._on[at] = tuple(row for row in self.rows if row.start <= day)
        return self._on[at]

    def lists_on(self, day: date) -> Listed:
        """The lists of occupations of a day, the same object for all days between two changes."""
        at = bisect_right(self.days, day)
        if at not in self._lists:
            held = {name: [row.values for row in rows if row.holds(day)] for name, rows in self._named.items()}
            self._lists[at] = Listed({n: {v["noc"]: v.get("tier", "") for v in rows} for n, rows in held.items()})
        return self._lists[at]


class Listed:
    """Lists of occupations: for each the tier of every code."""

    def __init__(self, tiers: Mapping[str, Mapping[str, str]]) -> None:
        self.tiers = tiers

    def tier(self, name: str, code: str) -> str | None:
        """The tier of an occupation on a list; None where it is not on it."""
        return self.tiers[name].get(code)


def read_measures(source: Source, instruments: Mapping[str, Instrument]) -> list[Measure]:
    """Read the shipped measures.

    Raises LawError with every problem found, each with file and line.
    """
    found = [
        read_measure(Fields(source, (column,), record), column, instruments) for column, record in source.data.items()
    ]
    source.finish()
    return found


def read_measure(
    fields: Fields,
    column: str,
    instruments: Mapping[str, Instrument],
    *,
    start: date | None = None,
    instrument: str | None = None,
    user: bool = False,
    known: bool = False,
) -> Measure:
    """Read one row; `start` and `instrument` are those of a law file that adds it and names no other.

    `known` says that the row takes the place of another one, whose column exists.
    """
    _forget_the_rest(fields, "counts", tuple(ADDED) if user else COUNTS)
    counts = fields.choice("counts", tuple(ADDED) if user else COUNTS)
    if user:
        _forget_the_rest(fields, "gives", ADDED[counts])
    gives = fields.choice(
        "gives", ADDED[counts] if user else GIVES, default="count" if counts == "work" else "held" if user else None
    )
    begun = fields.day("from", required=False) or start or START
    added = _column(fields, column, counts, gives) if user and not known else None
    cited = fields.string("instrument", required=instrument is None) or instrument or ""
    table = fields.take("occupations", dict, _OCCUPATIONS, required=False) or {}
    row = Measure(
        column=column,
        counts=counts,
        whose=fields.choice("whose", ("person", "partner"), default="person"),
        gives=gives,
        where=fields.choice("where", WHERE, default="anywhere"),
        occupations=_occupations(Fields(fields.source, (*fields.path, "occupations"), table)),
        authorized=_answer(fields, "authorized", usual="yes"),
        self_employed=_answer(fields, "self_employed", usual="no"),
        full_time_student=_answer(fields, "full_time_student", usual="no"),
        refugee_claimant=_answer(fields, "refugee_claimant", usual="open"),
        foreign_employer=_answer(fields, "foreign_employer", usual="no"),
        full_time_only=fields.flag("full_time_only"),
        one_occupation=_answer(fields, "one_occupation", usual="no"),
        one_period=_answer(fields, "one_period", usual="no"),
        for_67_points=fields.flag("for_67_points"),
        window_years=_number(fields, "window_years"),
        unit=fields.choice("unit", ("years", "months"), default="years"),
        cap=_number(fields, "cap"),
        start=begun,
        values=added.values if added is not None and gives == "tier" else (),
        cite=read_cite(fields, cited, instruments, None, named=True),
        column_added=added,
        user=user,
    )
    fields.close()
    return row


def _forget_the_rest(fields: Fields, key: str, choices: Sequence[str]) -> None:
    """Where a word that decides which other keys there are is wrong, the others are not looked at: it is the error."""
    if key in fields.left and fields.left[key] not in choices:
        for other in ("gives", "values", "labels", "unit", "cap"):
            if other != key:
                fields.left.pop(other, None)
        fields.left["cap"] = 1


def _column(fields: Fields, name: str, counts: str, gives: str) -> Column:
    """The column that an added row fills: its domain follows from what the row gives."""
    title = fields.text("title", required=False) or same(name)
    meaning = fields.text("meaning", required=False) or title
    labels: dict[str, Text] = {}
    values: tuple[Any, ...] = (False, True)
    kind, unit = "boolean", None
    if gives in ("count", "longest_run"):
        cap = fields.left.get("cap")
        if not isinstance(cap, int) or not 1 <= cap < MOST_VALUES:
            fields.wrong("outside_domain", "cap", _CAP, _CORRECT, cap)
            cap = 1
        months = fields.left.get("unit") == "months"
        kind, values = "integer", tuple(range(cap + 1))
        unit = Text("months", "mois") if months else Text("years", "ans")
    elif gives == "tier":
        named = fields.take("values", list, _TIERS, required=True) or ["none"]
        kind, values = "name", tuple(map(str, named))
        table = fields.take("labels", dict, _LABELS, required=False) or {}
        told = Fields(fields.source, (*fields.path, "labels"), table)
        labels = {value: told.text(value, required=False) or same(value) for value in values}
        told.close()
        if values[0] != "none" or len(values) < 2:
            fields.wrong("outside_domain", "values", _TIERS, _CORRECT, list(values))
    elif counts == "offer":
        labels = {}
    return Column(name, kind, values, kind != "boolean", "refused", title, meaning, (), unit, labels)


def _occupations(fields: Fields) -> Occupations:
    levels = fields.take("teer", list, _LEVELS, required=False)
    found = Occupations(
        frozenset(levels) if levels is not None else None,
        fields.string("list", required=False),
        fields.string("tier", required=False),
        fields.flag("trades"),
    )
    if levels is not None and not set(levels) <= set(range(6)):
        fields.wrong("outside_domain", "teer", _LEVELS, _CORRECT, levels)
    if found.tier is not None and found.list is None:
        fields.wrong("missing_key", "list", _LIST_OF_TIER, Text("name the list", "nommer la liste"))
    fields.close()
    return found


def _answer(fields: Fields, key: str, *, usual: Answer) -> Answer:
    """True, false or "open"; what is left out is as the department usually counts."""
    value = fields.left.pop(key, None)
    if value is None:
        return usual
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value != "open":
        fields.wrong("unknown_word", key, _YES_NO_OPEN, _CORRECT, value)
    return "open"


def _number(fields: Fields, key: str) -> int:
    value = fields.take(key, int, Text("expected a whole number", "nombre entier attendu"), required=False)
    if value is not None and value < 0:
        fields.wrong("outside_domain", key, Text("0 or more", "0 ou plus"), _CORRECT, value)
    return max(int(value or 0), 0)


_OCCUPATIONS = Text(
    'expected { teer = […] }, { list = "…", tier = "…" } or { trades = true }',
    'attendu : { teer = […] }, { list = "…", tier = "…" } ou { trades = true }',
)
_LEVELS = Text("expected levels from 0 to 5", "niveaux de 0 à 5 attendus")
_LIST_OF_TIER = Text("a tier is one of a list", "un palier est celui d'une liste")
_YES_NO_OPEN = Text('expected true, false or "open"', 'attendu : true, false ou "open"')
_CAP = Text("a whole number from 1 to 255", "un nombre entier de 1 à 255")
_TIERS = Text('expected names, "none" first', 'noms attendus, "none" en premier')
_LABELS = Text("expected a table", "table attendue")
_CORRECT = Text("correct the value", "corriger la valeur")
