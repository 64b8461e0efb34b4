"""From two days that differ to the causes in words: law, counts that the documents lead to, and open questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from expressentry.advise.timeline.documents import Cause
from expressentry.advise.timeline.snapshot import MONTHS, OF_ROUNDS, DaySnapshot
from expressentry.law.schema import Columns, value_of
from expressentry.noc.codes import noc2016, noc2021
from expressentry.text import FLAG_WORDS, Text


def reasons(before: DaySnapshot, after: DaySnapshot, documents: tuple[Cause, ...]) -> tuple[Cause, ...]:
    """Every cause of what differs between a day and the day before, those of documents first."""
    law = tuple(_law(before, after))
    # A fact that only the new law asks for has no value before.
    changed = [name for name, values in after.facts.items() if before.facts.get(name, values) != values]
    counted = _counted(after)
    shown = [name for name in changed if name in counted or not (documents or law)]
    counts = tuple(_counts(shown, before, after))
    if before.categories != after.categories and not law:
        counts += tuple(_months(before, after))
    found = (*documents, *law, *counts, *_open(before, after), *_depends(changed, before, after))
    return found or tuple(_together(after))


def _counted(snapshot: DaySnapshot) -> dict[str, int]:
    """Columns that change as work adds up or leaves its window, with the years of the window; 0 for none."""
    return {row.column: row.window_years for row in snapshot.rules.law.measures.rows if row.adds_up}


def _law(before: DaySnapshot, after: DaySnapshot) -> Iterator[Cause]:
    """What the law itself changed."""
    old, new = before.rules, after.rules
    if before.law == after.law:
        return
    if old.crs.id != new.crs.id:
        yield Cause("law", Text("new CRS rules: {g}", "nouvelles règles du SCG : {g}").fill(g=new.label), new.crs.id)
        yield from _factors(before, after)
    if old.established != new.established:
        words = [warning.message for warning in new.warnings] or [_ALL_KNOWN]
        yield Cause("law", Text("; ", "; ").join(words), new.crs.id)
    known = {program.id for program in old.selection.programs}
    for program in new.selection.programs:
        if program.id not in known:
            words_ = Text("{t}: new criteria", "{t} : nouveaux critères").fill(t=program.title)
            yield Cause("law", words_, program.id)
    yield from _categories(before, after)
    if old.selection.funds.start != new.selection.funds.start:
        yield Cause("law", _FUNDS, new.selection.funds.instrument)
    if old.selection.order.start != new.selection.order.start:
        yield Cause("law", _ORDER, new.selection.order.instrument)
    for id_, series in new.law.evidence.series.items():
        for entry in series[1:]:
            if old.day < entry.start <= new.day and (id_ not in OF_ROUNDS or entry.user):
                words_ = _RULES.get(id_, Text("{t}: {v}", "{t} : {v}"))
                value = FLAG_WORDS[entry.value] if isinstance(entry.value, bool) else entry.value
                yield Cause("law", words_.fill(t=entry.title, v=value))


def _factors(before: DaySnapshot, after: DaySnapshot) -> Iterator[Cause]:
    """The factors that a new grid pays differently, in the usual reading: each place with an input of its own."""
    old, new = ({line.id: line for line in one.found.first.lines} for one in (before, after))
    leaves = {node.id: node for one in (after, before) for node in one.rules.crs.root.walk() if node.leaf is not None}
    for id_, node in leaves.items():
        was, now = (lines[id_].points if id_ in lines else None for lines in (old, new))
        if (was or 0) == (now or 0) or (id_ in old and id_ in new and old[id_].given != new[id_].given):
            continue  # the same points, or a fact that changed on the same day
        column = node.leaf.inputs[0].column if node.leaf is not None and len(node.leaf.inputs) == 1 else None
        title = node.title if column is None or column.kind == "integer" else column.title
        words = _NO_LONGER if now is None else _NOW if was is None else _PAYS
        yield Cause("law", words.fill(t=title, a=was or 0, b=now or 0), id_)


_NO_LONGER = Text("{t}: no longer gives points ({a} before)", "{t} : ne donne plus de points ({a} auparavant)")
_NOW = Text("{t}: now gives {b} points", "{t} : donne désormais {b} points")
_PAYS = Text("{t}: gives {b} points, {a} before", "{t} : donne {b} points, {a} auparavant")


def _categories(before: DaySnapshot, after: DaySnapshot) -> Iterator[Cause]:
    old, new = ({one.category: one for one in snapshot.rules.categories} for snapshot in (before, after))
    for category, version in new.items():
        if category not in old:
            words = Text("the category {c} begins ({v})", "la catégorie {c} commence ({v})")
        elif old[category].version != version.version:
            words = Text("the category {c} has a new version ({v})", "la catégorie {c} a une nouvelle version ({v})")
        else:
            continue
        yield Cause("law", words.fill(c=version.title, v=version.version_words), version.cite.instrument.id)
    for category in old.keys() - new.keys():
        words = Text("the category {c} is no longer in force", "la catégorie {c} n'est plus en vigueur")
        yield Cause("law", words.fill(c=old[category].title), old[category].cite.instrument.id)


def _counts(names: list[str], before: DaySnapshot, after: DaySnapshot) -> Iterator[Cause]:
    """Columns that changed, before and after, and the rule that counts them."""
    columns, because = after.rules.crs.columns, after.found.derived.because
    counted = _counted(after)
    for name in names:
        text = changed_values(name, before, after, columns)
        if counted.get(name) and _fell(before.facts.get(name, ()), after.facts[name]):
            text = _LEAVES.fill(t=text, n=counted[name])
        yield Cause("fact", text, name, because[name].text if name in because else None)


def changed_values(name: str, before: DaySnapshot, after: DaySnapshot, columns: Columns) -> Text:
    """A column with its values before and after; the unit is written once."""
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


def _months(before: DaySnapshot, after: DaySnapshot) -> Iterator[Cause]:
    """The months of work in an occupation, where a category began or ceased to have enough of them."""
    columns, because = after.rules.crs.columns, after.found.derived.because
    was, now = (_by_code(snapshot) for snapshot in (before, after))
    for code in sorted(was.keys() | now.keys()):
        for measure, title in _MEASURES.items():
            old, new = (tuple(dict.fromkeys(found.get(code, _NONE)[measure])) for found in (was, now))
            if old != new:
                a, b = (Text(" or ", " ou ").join(values) for values in (old, new))
                text = _IN_MONTHS.fill(c=_occupation(code), t=title, a=a, b=b)
                yield Cause("fact", text, MONTHS, because[MONTHS].text)
    facts = {name for name in columns.by_name if before.facts.get(name) != after.facts.get(name)}
    for name in sorted(facts & set(columns.groups["french"])):
        yield Cause("fact", changed_values(name, before, after, columns), name)


def _occupation(code: str) -> str | Text:
    """An occupation by its code and title."""
    group = noc2021().get(code) or noc2016().get(code)
    return Text("{c} {t}", "{c} {t}").fill(c=code, t=group.title) if group else code


def _by_code(snapshot: DaySnapshot) -> dict[str, dict[str, list[int]]]:
    """For each occupation its months in every reading."""
    readings = snapshot.found.derived.values(MONTHS)
    codes = {entry["noc"] for months in readings for entry in months}
    found: dict[str, dict[str, list[int]]] = {}
    for code in codes:
        entries: list[Mapping[str, Any]] = [
            next((one for one in months if one["noc"] == code), {}) for months in readings
        ]
        found[code] = {measure: [entry.get(measure, 0) for entry in entries] for measure in _MEASURES}
    return found


def _open(before: DaySnapshot, after: DaySnapshot) -> Iterator[Cause]:
    """Questions that begin or cease to matter."""
    old, new = ({doubt.id: doubt for doubt in one.found.derived.doubts} for one in (before, after))
    for id_, doubt in new.items():
        if id_ not in old:
            text = Text("open question from this day: {o}", "question ouverte à partir de ce jour : {o}").fill(
                o=doubt.open
            )
            yield Cause("open", text, id_, doubt.missing)
    for id_, doubt in old.items():
        if id_ not in new:
            text = Text("no longer an open question: {o}", "n'est plus une question ouverte : {o}").fill(o=doubt.open)
            yield Cause("open", text, id_)


def _depends(changed: list[str], before: DaySnapshot, after: DaySnapshot) -> Iterator[Cause]:
    """Questions that were open before, and from this day decide a fact that changes."""
    old = {doubt.id for doubt in before.found.derived.doubts}
    for doubt in after.found.derived.doubts:
        if doubt.id in old and any(
            _splits(doubt.id, name, after) > _splits(doubt.id, name, before) for name in changed
        ):
            text = _DEPENDS.fill(o=doubt.open)
            yield Cause("open", text, doubt.id, doubt.missing)


def _together(after: DaySnapshot) -> Iterator[Cause]:
    """Where each fact may be what it might be before, but not with the others: the questions that decide it."""
    doubts = after.found.derived.doubts
    if doubts:
        words = Text("; ", "; ").join(doubt.open for doubt in doubts)
        yield Cause("open", _OTHERWISE.fill(o=words), doubts[0].id, doubts[0].missing)


def _splits(id_: str, name: str, snapshot: DaySnapshot) -> bool:
    """Whether readings that differ in one doubt alone differ in a fact."""
    found: dict[frozenset[tuple[str, str]], list[Any]] = {}
    for reading in snapshot.found.derived.readings:
        others = frozenset(pair for pair in reading.assumed.items() if pair[0] != id_)
        found.setdefault(others, []).append(reading.facts.get(name))
    return any(value != values[0] for values in found.values() for value in values)


_OTHERWISE = Text(
    "your open questions decide this in another way from this day: {o}",
    "vos questions ouvertes en décident autrement à partir de ce jour : {o}",
)
_DEPENDS = Text("this depends on an open question: {o}", "cela dépend d'une question ouverte : {o}")
_NONE: dict[str, list[int]] = {"months": [0], "run": [0], "canada_months": [0]}
_MEASURES = {
    "months": Text("months", "mois"),
    "run": Text("months in a row", "mois de suite"),
    "canada_months": Text("months in Canada", "mois au Canada"),
}
_IN_MONTHS = Text("{c}: {a} → {b} {t}", "{c} : {a} → {b} {t}")
_LEAVES = Text("{t} (some work is now more than {n} years old)", "{t} (une partie du travail date de plus de {n} ans)")
_ALL_KNOWN = Text("all rules of this day are known", "toutes les règles de ce jour sont connues")
_FUNDS = Text("the settlement funds required change", "les fonds d'établissement exigés changent")
_ORDER = Text(
    "the order in which an invitation names programs changes",
    "l'ordre dans lequel une invitation nomme les programmes change",
)
_RULES = {
    "offer_exempt_counts": Text(
        "job offers without an LMIA may give points", "les offres d'emploi sans EIMT peuvent donner des points"
    ),
    "dependent_child_under": Text(
        "children are dependent until they turn {v}", "les enfants sont à charge jusqu'à leurs {v} ans"
    ),
    "noc_version": Text("the NOC {v} replaces the one before", "la CNP {v} remplace la précédente"),
    "physician_offer_any_length": Text(
        "job offers to publicly funded physicians may be of any length",
        "les offres d'emploi à des médecins rémunérés par des fonds publics peuvent être de toute durée",
    ),
    "study_relief": Text(
        "study in Canada from March 2020 to August 2022 may be by distance, outside Canada or part time",
        "les études canadiennes de mars 2020 à août 2022 peuvent être à distance, hors du Canada ou à temps partiel",
    ),
    "physician_self_employment": Text(
        "self-employed work of publicly funded physicians counts",
        "le travail autonome des médecins rémunérés par des fonds publics compte",
    ),
}
"""What a change of a rule of evidence means; others are named by their title."""
