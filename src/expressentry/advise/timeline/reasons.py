"""From two days that differ to the causes in words: law, counts that the papers lead to, and open questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from expressentry.advise.timeline.causes import Cause
from expressentry.advise.timeline.snapshot import MONTHS, Snapshot
from expressentry.law.schema import Columns, value_of
from expressentry.text import Text


def reasons(before: Snapshot, after: Snapshot, papers: tuple[Cause, ...]) -> tuple[Cause, ...]:
    """Every cause of what differs between a day and the day before, the papers' own first."""
    law = tuple(_law(before, after))
    # A fact that only the new law asks for has no value before.
    changed = [name for name, values in after.facts.items() if before.facts.get(name, values) != values]
    counted = _counted(after)
    shown = [name for name in changed if name in counted or not (papers or law)]
    counts = tuple(_counts(shown, before, after))
    if before.categories != after.categories and not law:
        counts += tuple(_months(before, after))
    return (*papers, *law, *counts, *_open(before, after))


def _counted(snapshot: Snapshot) -> dict[str, int]:
    """Columns that change as work adds up or leaves its window, with the years of the window; 0 for none."""
    return {row.column: row.window_years for row in snapshot.rules.law.measures.rows if row.adds_up}


def _law(before: Snapshot, after: Snapshot) -> Iterator[Cause]:
    """What the law itself changed."""
    old, new = before.rules, after.rules
    if before.law == after.law:
        return
    if old.crs.id != new.crs.id:
        yield Cause("law", Text("the {g} is in force", "la {g} est en vigueur").fill(g=new.label), new.crs.id)
    if old.established != new.established:
        words = [warning.message for warning in new.warnings] or [Text("the law is established", "le droit est établi")]
        yield Cause("law", Text("; ", "; ").join(words), new.crs.id)
    known = {program.id for program in old.selection.programs}
    for program in new.selection.programs:
        if program.id not in known:
            words_ = Text("{t}: other criteria", "{t} : autres critères").fill(t=program.title)
            yield Cause("law", words_, program.id)
    yield from _categories(before, after)
    if old.selection.funds.start != new.selection.funds.start:
        yield Cause("law", _FUNDS, new.selection.funds.instrument)
    if old.selection.order.start != new.selection.order.start:
        yield Cause("law", _ORDER, new.selection.order.instrument)
    for id_, series in new.law.evidence.series.items():
        for entry in series[1:]:
            if old.day < entry.start <= new.day and (id_ in _RULES or entry.user):
                words_ = _RULES.get(id_, Text("{t}: {v}", "{t} : {v}"))
                yield Cause("law", words_.fill(t=entry.title, v=entry.value))


def _categories(before: Snapshot, after: Snapshot) -> Iterator[Cause]:
    old, new = ({one.category: one for one in snapshot.rules.categories} for snapshot in (before, after))
    for category, version in new.items():
        if category not in old:
            words = Text("category {c} {v} begins", "catégorie {c} {v} : début")
        elif old[category].version != version.version:
            words = Text("category {c} is now {v}", "la catégorie {c} est à présent {v}")
        else:
            continue
        yield Cause("law", words.fill(c=category, v=version.version), version.cite.instrument.id)
    for category in old.keys() - new.keys():
        words = Text("category {c} is no longer in force", "la catégorie {c} n'est plus en vigueur")
        yield Cause("law", words.fill(c=category), old[category].cite.instrument.id)


def _counts(names: list[str], before: Snapshot, after: Snapshot) -> Iterator[Cause]:
    """Columns that changed, before and after, and the rule that counts them."""
    columns, because = after.rules.crs.columns, after.found.derived.because
    counted = _counted(after)
    for name in names:
        text = changed_values(name, before, after, columns)
        if counted.get(name) and _fell(before.facts.get(name, ()), after.facts[name]):
            text = _LEAVES.fill(t=text, n=counted[name])
        yield Cause("fact", text, name, because[name].text if name in because else None)


def changed_values(name: str, before: Snapshot, after: Snapshot, columns: Columns) -> Text:
    """A column with its values before and after; a unit is said once."""
    column = columns[name]
    either, was_and_is = Text(" or ", " ou "), (before.facts.get(name, ()), after.facts[name])
    if column.kind == "integer" and all(type(value) is int for values in was_and_is for value in values):
        was, now = (either.join(sorted(values)) for values in was_and_is)
        if column.unit is not None:
            now = Text("{n} ({u})", "{n} ({u})").fill(n=now, u=column.unit)
    else:
        was, now = (either.join(value_of(column, value) for value in values) for values in was_and_is)
    return Text("{c}: {a} → {b}", "{c} : {a} → {b}").fill(c=column.title, a=was, b=now)


def _fell(before: tuple[Any, ...], after: tuple[Any, ...]) -> bool:
    numbers = [value for value in (*before, *after) if type(value) is int]
    return len(numbers) == len(before) + len(after) and (min(after), max(after)) < (min(before), max(before))


def _months(before: Snapshot, after: Snapshot) -> Iterator[Cause]:
    """The months of work in an occupation, where a category began or ceased to have enough of them."""
    columns, because = after.rules.crs.columns, after.found.derived.because
    was, now = (_by_code(snapshot) for snapshot in (before, after))
    for code in sorted(was.keys() | now.keys()):
        for measure, title in _MEASURES.items():
            old, new = (tuple(dict.fromkeys(found.get(code, _NONE)[measure])) for found in (was, now))
            if old != new:
                a, b = (Text(" or ", " ou ").join(values) for values in (old, new))
                text = _IN_MONTHS.fill(c=code, t=title, a=a, b=b)
                yield Cause("fact", text, MONTHS, because[MONTHS].text)
    facts = {name for name in columns.by_name if before.facts.get(name) != after.facts.get(name)}
    for name in sorted(facts & set(columns.groups["french"])):
        yield Cause("fact", changed_values(name, before, after, columns), name)


def _by_code(snapshot: Snapshot) -> dict[str, dict[str, list[int]]]:
    """For each occupation its months in every reading."""
    readings = [reading.facts[MONTHS] for reading in snapshot.found.derived.readings]
    codes = {entry["noc"] for months in readings for entry in months}
    found: dict[str, dict[str, list[int]]] = {}
    for code in codes:
        entries: list[Mapping[str, Any]] = [
            next((one for one in months if one["noc"] == code), {}) for months in readings
        ]
        found[code] = {measure: [entry.get(measure, 0) for entry in entries] for measure in _MEASURES}
    return found


def _open(before: Snapshot, after: Snapshot) -> Iterator[Cause]:
    """Questions that begin or cease to matter."""
    old, new = ({doubt.id: doubt for doubt in one.found.derived.doubts} for one in (before, after))
    for id_, doubt in new.items():
        if id_ not in old:
            text = Text("open from here: {o}", "en suspens dès lors : {o}").fill(o=doubt.open)
            yield Cause("open", text, id_, doubt.missing)
    for id_, doubt in old.items():
        if id_ not in new:
            text = Text("no longer open: {o}", "n'est plus en suspens : {o}").fill(o=doubt.open)
            yield Cause("open", text, id_)


_NONE: dict[str, list[int]] = {"months": [0], "run": [0], "canada_months": [0]}
_MEASURES = {
    "months": Text("months", "mois"),
    "run": Text("months in a row", "mois de suite"),
    "canada_months": Text("months in Canada", "mois au Canada"),
}
_IN_MONTHS = Text("{c}: {a} → {b} {t}", "{c} : {a} → {b} {t}")
_LEAVES = Text("{t} (work leaves its window of {n} years)", "{t} (du travail sort de sa période de {n} ans)")
_FUNDS = Text("other amounts of settlement funds are asked for", "d'autres montants de fonds d'établissement exigés")
_ORDER = Text("an invitation names programs in another order", "une invitation nomme les programmes en un autre ordre")
_RULES = {
    "offer_exempt_counts": Text("offers without an LMIA may pay", "les offres sans EIMT peuvent rapporter"),
    "dependent_child_under": Text("a child is dependent to {v}", "un enfant est à charge jusqu'à {v} ans"),
    "noc_version": Text("the NOC {v} replaces the one before", "la CNP {v} remplace la précédente"),
    "physician_self_employment": Text(
        "self-employed work of publicly funded physicians counts",
        "le travail autonome des médecins rémunérés par des fonds publics compte",
    ),
}
"""What a change of a rule of evidence means; others are named by their title."""
