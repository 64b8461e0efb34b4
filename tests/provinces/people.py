"""Invented people for nominee streams: by columns, known or not."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st

from expressentry import load_law
from expressentry.assess.person.streams import StreamFacts
from expressentry.law.criteria.model import columns_of
from expressentry.law.schema import Column
from expressentry.law.streams import Stream

LAW = load_law()
STREAMS = LAW.streams
DAY = "2026-10-09"
RULES = LAW.on(DAY)
PROGRAMS = ("fsw", "cec", "fst")


def stream(key: str) -> Stream:
    """A stream of the day."""
    return next(one for one in RULES.streams if one.key == key)


def columns_read(*chosen: Stream) -> list[Column]:
    """The columns that streams read, the first language among them."""
    names = {"first_language"}
    for one in chosen:
        names = names.union(*(STREAMS.grids[grid].inputs for grid in one.grids))
        names = names.union(*(columns_of(c) for top in one.criteria for c in top.conditions()))
    return [column for name, column in STREAMS.columns.by_name.items() if name in names]


def value_of(column: Column, rng: Random) -> Any:
    """A value of a column; low numbers are likelier, because that is where most bands are."""
    if column.empty in ("no_test", "both_tried") and rng.random() < 0.3:
        return None
    if column.kind == "amount":
        return rng.choice([0, 9000, 15263, 15264, 22000, 60000])
    if column.kind == "integer" and len(column.values) > 15:
        return rng.choice(column.values[: rng.choice([8, 30, 80, len(column.values)])])
    return rng.choice(column.values)


def known_people(chosen: list[Stream], count: int, seed: int, unknown: float = 0.0) -> list[dict[str, Any]]:
    """People of whom every column that the streams read is known, or a share of them is not."""
    rng, read = Random(seed), columns_read(*chosen)
    found = []
    for _ in range(count):
        person = {column.name: value_of(column, rng) for column in read}
        for column in read:
            if column.empty == "unknown" and rng.random() < unknown:
                person[column.name] = None
        found.append(
            person | {name: rng.choice([True, False, None]) for name in PROGRAMS} | {"crs": rng.randrange(600)}
        )
    return found


def facts_of(person: dict[str, Any]) -> StreamFacts:
    """A person as the one-person evaluator takes it."""
    known = {
        name: (value,)
        for name, value in person.items()
        if name in STREAMS.columns.by_name and (value is not None or STREAMS.columns[name].empty != "unknown")
    }
    programs = {name: person[name] for name in PROGRAMS}
    return StreamFacts(known, STREAMS.columns, programs, (person["crs"],) * 2, RULES.selection.funds)


def partly_known(chosen: Stream) -> st.SearchStrategy[dict[str, Any]]:
    """People of whom each column may be unknown."""
    parts: dict[str, st.SearchStrategy[Any]] = {}
    for column in columns_read(chosen):
        values = st.sampled_from([0, 9000, 15263, 60000]) if column.kind == "amount" else st.sampled_from(column.values)
        empty = column.empty != "refused" and column.empty != "not_applicable"
        parts[column.name] = st.none() | values if empty else values
    parts |= {name: st.sampled_from([True, False, None]) for name in PROGRAMS}
    return st.fixed_dictionaries(parts | {"crs": st.integers(0, 1200)})
