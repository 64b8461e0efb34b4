"""The rules of evidence: the dated numbers by which a person's documents become facts, each with its source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from expressentry.dates import START
from expressentry.law.instruments import Cite, Instrument, read_cite
from expressentry.law.source import Fields, Source
from expressentry.text import Text, same

Value = int | bool | date


@dataclass(frozen=True, slots=True)
class EvidenceOn:
    """The rules of evidence of one day; `entries` has the source of each.

    Hours, months, years and percentages are whole numbers. A rule that may be in force or not is true or false.
    """

    noc_version: int
    full_time_hours: int
    year_hours: int
    language_valid_years: int
    assessment_valid_years: int
    study_present_months: int
    study_distance_percent: int
    study_language_percent: int
    study_academic_years: int
    study_relief: bool
    study_relief_first: date
    study_relief_last: date
    relative_adult_age: int
    dependent_child_under: int
    offer_least_months: int
    offer_exempt_counts: bool
    physician_self_employment: bool
    physician_offer_any_length: bool
    foreign_employer_canadian: bool
    trade_years_needed: int
    profile_valid_years: int
    profile_anniversary_counts: bool
    profile_ends_at_time: bool
    invitation_day_counts: bool
    birthday_leaves_points: bool
    nominee_only_as_nominee: bool
    tie_break: bool
    entries: Mapping[str, Entry] = field(repr=False, compare=False, hash=False)

    def cite(self, id_: str) -> Cite:
        """The instrument and place that set a rule."""
        return self.entries[id_].cite


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a rule of evidence, from its first day until the next one begins."""

    id: str
    title: Text
    unit: Text
    start: date
    value: Value
    cite: Cite
    user: bool = False


_TYPES = {"int": int, "bool": bool, "date": date}
RULES: Mapping[str, type] = {one.name: _TYPES[str(one.type)] for one in fields(EvidenceOn) if one.name != "entries"}
"""Every rule of evidence and the type of its values."""


_DAYS_KEPT = 10_000
"""The work of a person is looked at day by day, and every look asks for the rules of its day."""


class Evidence:
    """Every rule of evidence with all of its values; `on(day)` gives those of a day."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.series: dict[str, list[Entry]] = {}
        for entry in entries:
            known = self.series.setdefault(entry.id, [])
            # A value that is added for a day takes the place of the one that began on it.
            known[:] = sorted([*(one for one in known if one.start != entry.start), entry], key=lambda one: one.start)
        self.days = tuple(sorted({entry.start for one in self.series.values() for entry in one}))
        self._known: dict[int, EvidenceOn] = {}
        self._by_day: dict[date, EvidenceOn] = {}

    def on(self, day: date) -> EvidenceOn:
        """The rules of a day; days before Express Entry have those of its first."""
        found = self._by_day.get(day)
        if found is None:
            if len(self._by_day) == _DAYS_KEPT:
                self._by_day.clear()
            found = self._by_day[day] = self._from(bisect_right(self.days, max(day, self.days[0])))
        return found

    def _from(self, at: int) -> EvidenceOn:
        if at not in self._known:
            found = {id_: _of(series, self.days[at - 1]) for id_, series in self.series.items()}
            values: dict[str, Any] = {id_: entry.value for id_, entry in found.items()}
            self._known[at] = EvidenceOn(**values, entries=found)
        return self._known[at]

    def changes(self, id_: str) -> tuple[date, ...]:
        """The days on which a rule took another value than before."""
        return tuple(entry.start for entry in self.series[id_][1:])


def _of(series: list[Entry], day: date) -> Entry:
    return [entry for entry in series if entry.start <= day][-1]


def read_evidence(source: Source, instruments: Mapping[str, Instrument]) -> list[Entry]:
    """Read the shipped rules of evidence: every rule, each from the first day of Express Entry on.

    Raises LawError with every problem found, each with file and line.
    """
    found: list[Entry] = []
    for id_, record in source.data.items():
        rule = Fields(source, (id_,), record)
        title, unit = rule.text("title") or same(id_), rule.text("unit") or same("")
        values = rule.take("values", list, _VALUES, required=True) or []
        rule.close()
        found += [read_entry(Fields(source, (id_,), one), id_, instruments, title, unit) for one in values]
    missing = RULES.keys() - {entry.id for entry in found if entry.start <= START}
    for id_ in sorted(missing):
        source.wrong("gap", (id_,), _FROM_START.fill(day=START), _ADD)
    source.finish()
    return found


def read_entry(
    head: Fields,
    id_: str,
    instruments: Mapping[str, Instrument],
    title: Text,
    unit: Text,
    *,
    start: date | None = None,
    instrument: str | None = None,
    user: bool = False,
) -> Entry:
    """Read one value of a rule; `start` and `instrument` are those of a law file that adds it and names no other."""
    kind = RULES.get(id_)
    begun = head.day("from", required=start is None) or start or date.max
    cited = head.string("instrument", required=instrument is None) or instrument or ""
    if kind is None:
        fix = Text("one of: {all}", "l'une de : {all}").fill(all=", ".join(RULES))
        head.source.wrong("unknown_rule", head.path, Text("no such rule of evidence", "règle de preuve inconnue"), fix)
        head.left.pop("value", None)
    expected = {int: _WHOLE, bool: _YES_NO, date: _DAY}[kind or int]
    value = head.take("value", kind or int, expected, required=kind is not None)
    cite = read_cite(head, cited, instruments, begun if begun != date.max else None, named=True)
    head.close()
    return Entry(id_, title, unit, begun, value if value is not None else 0, cite, user)


_VALUES = Text("expected values, each from its day", "valeurs attendues, chacune dès son jour")
_FROM_START = Text("a value from {day} on", "une valeur dès le {day}")
_ADD = Text("add it", "l'ajouter")
_WHOLE = Text("expected a whole number", "nombre entier attendu")
_YES_NO = Text("expected true or false", "true ou false attendu")
_DAY = Text("expected a day, YYYY-MM-DD", "jour attendu, AAAA-MM-JJ")
