"""What a person states for a province: the columns that nominee streams ask for and no other document has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from expressentry.errors import ABSENT, Problem
from expressentry.law.law import Law
from expressentry.law.schema import Column
from expressentry.law.streams import PROVINCES, Streams
from expressentry.noc.codes import check_noc
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Text, same

PROVINCE = "province"
_OF_CODE = ("nominee_teer", "nominee_broad")
"""What the code of an occupation says already."""
_WEEKS, _HOURS = 52, 40
_CORRECT = Text("correct the value", "corriger la valeur")


def stated_columns(streams: Streams) -> tuple[str, ...]:
    """The columns that a person may state for a province, in the order of the law."""
    return tuple(name for name in streams.columns.by_name if name in streams.own and name not in _OF_CODE)


def tables_in(given: object) -> list[Mapping[str, Any]]:
    """The tables of what was stated for provinces; none where it is no list of them, which the model says."""
    listed = given if isinstance(given, list | tuple) else ()
    tables = [one for one in listed if isinstance(one, Mapping)]
    return tables if len(tables) == len(listed) else []


def once_each(given: object, law: Law) -> object:
    """The tables with each value that is the same for every province in one of them: the first that is asked for it.

    What is no list of tables, or says a value and another, stays as it is.
    """
    tables = [dict(one) for one in tables_in(given)]
    for name in law.streams.everywhere:
        stated = [one for one in tables if name in one]
        if not stated or any(one[name] != stated[0][name] for one in stated):
            continue
        value = stated[0][name]
        asking = (one for one in tables if name in law.streams.asked_in(str(one.get(PROVINCE))))
        first = next(asking, stated[0])
        for one in stated:
            del one[name]
        first[name] = value
    return tables or given


def check_provinces(entries: Sequence[Mapping[str, Any]], law: Law, field: str = "provinces") -> list[Problem]:
    """Everything that is wrong with what was stated for provinces, at once."""
    return list(_problems(entries, law, field)) if entries else []


def _problems(entries: Sequence[Mapping[str, Any]], law: Law, field: str) -> Iterator[Problem]:
    streams, seen, shared = law.streams, set[str](), dict[str, tuple[str, Any]]()
    known = stated_columns(streams)
    for position, entry in enumerate(entries, 1):
        place, province = f"{field}[{position}]", entry.get(PROVINCE)
        if province not in PROVINCES:
            rule = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(PROVINCES))
            fix = Text("name the province or territory", "nommer la province ou le territoire")
            code = "unknown_province" if PROVINCE in entry else "missing"
            yield Problem(code, f"{place}.{PROVINCE}", rule, fix, entry.get(PROVINCE, ABSENT))
        elif province in seen:
            rule = Text("each province once", "chaque province une fois")
            yield Problem("twice", f"{place}.{PROVINCE}", rule, Text("join the tables", "réunir les tables"), province)
        seen.add(str(province))
        for name, value in entry.items():
            if name == PROVINCE:
                continue
            if name not in known:
                near = suggestion(name, known)
                rule = Text("unknown key", "clé inconnue")
                fix = did_you_mean(near) if near else Text("see the profile schema", "voir le schéma du profil")
                yield Problem("unknown_key", f"{place}.{name}", rule, fix, value)
            else:
                yield from _value(f"{place}.{name}", streams.columns[name], value)
            if name in streams.everywhere:
                first, said = shared.setdefault(name, (place, value))
                if said != value:
                    rule = Text(
                        "the same for every province, and {f} says {v}", "pareil pour chaque province, et {f} dit {v}"
                    ).fill(f=f"{first}.{name}", v=same(said))
                    fix = Text("state it once, for one province", "le dire une fois, pour une province")
                    yield Problem("differs", f"{place}.{name}", rule, fix, value)


def _value(place: str, column: Column, value: Any) -> Iterator[Problem]:
    if column.kind == "occupation":
        problem = check_noc(value, 2021, place)
        if problem is not None:
            yield problem
    elif not column.accepts(value):
        fix = _CORRECT
        if column.name == "offer_wage" and type(value) in (int, float) and value > column.values[-1]:
            fix = Text(
                "a wage a year? divided by {w} weeks of {h} hours it is {n} dollars an hour",
                "un salaire annuel ? divisé par {w} semaines de {h} heures, cela fait {n} dollars l'heure",
            ).fill(w=_WEEKS, h=_HOURS, n=int(value / _WEEKS / _HOURS))
        elif column.kind == "integer" and type(value) is float:
            fix = Text("leave out what is after the point", "laisser ce qui suit la virgule")
        yield Problem("out_of_range", place, column.expected(), fix, value)
