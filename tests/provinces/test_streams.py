"""Streams as law: two evaluators, published figures, a second calculator, and what a missing fact does."""

from __future__ import annotations

from itertools import product
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry.assess.frame.streams import stream_stages, streams_frame
from expressentry.assess.person.ends import spans
from expressentry.assess.person.streams import judge_stream
from expressentry.factors.table import code_name
from expressentry.law.grid.tree import Grid
from tests.provinces.calculators import BY_GRID
from tests.provinces.people import (
    DAY,
    RULES,
    STREAMS,
    columns_read,
    facts_of,
    known_people,
    partly_known,
    stream,
    value_of,
)

MAXIMA = {
    "sk-2026-06-20": (110, [80, 30]),
    "mb-ranking-2026-04-20": (1000, [125, 75, 175, 125, 500, 0]),
    "mb-assessment-2026-06-20": (100, [25, 10, 15, 25, 25]),
    "bc-2026-06-10": (200, [40, 40, 40, 55, 25]),
    "ab-2025-08-07": (100, [69, 31]),
    "on-2026-06-26": (130, [70, 20, 25, 15]),
    "pe-2026-01-13": (100, [20, 20, 15, 20, 15, 15]),
    "nl-2026-04-22": (100, [28, 27, 20, 12, 13]),
}
PASS_MARKS = {"sk-ee": 60, "mb-swo": 60, "nl-ee-sw": 67}


def test_published_maxima() -> None:
    """Each grid gives at most what its page prints, factor by factor."""
    found = {
        id_: (grid.root.maximum[0], [one.maximum[0] for one in grid.root.children])
        for id_, grid in STREAMS.grids.items()
    }

    assert found == MAXIMA


def test_risk_goes_down_to_minus_200() -> None:
    """Negative rows: the least that the ranking of Manitoba can give is 200 below nothing."""
    grid = STREAMS.grids["mb-ranking-2026-04-20"]
    least = {name: [0] for name in grid.inputs}
    least |= {"work_other_province_months": [1], "study_other_province": [1]}

    assert spans(grid, least, "english")["mb"] == (-200, -200)
    assert spans(grid, least, "english")["risk"] == (-200, -200)


def test_published_pass_marks() -> None:
    """The streams that ask for points ask for those printed."""
    assert {one.key: one.pass_mark for one in RULES.streams if one.pass_mark is not None} == PASS_MARKS


@pytest.mark.parametrize("grid", STREAMS.grids.values(), ids=lambda grid: grid.id)
def test_every_cell_both_ways(grid: Grid) -> None:
    """Every cell of every table is the same by both evaluators, in both orders of languages."""
    chosen = next(one for one in STREAMS.versions if grid.id in one.grids)
    stages, results = stream_stages([chosen], STREAMS, RULES.selection)
    columns, languages = columns_read(chosen), list(STREAMS.columns.orders)
    kinds = {code_name(column.name): _KIND.get(column.kind, pl.UInt8) for column in columns}
    federal = {"~met~fsw": True, "~met~cec": True, "~met~fst": True, "~crs_low~total": 0, "~crs_high~total": 0}
    people: list[tuple[str, dict[str, int | None]]] = []
    for order, node in product(grid.orders, grid.root.walk()):
        for codes in product(*(range(an_input.size) for an_input in node.leaf.inputs)) if node.leaf else ():
            person: dict[str, int | None] = {column.name: 0 for column in columns}
            for an_input, code in zip(node.leaf.inputs if node.leaf else (), codes, strict=True):
                person |= dict.fromkeys(an_input.members[order], code)
            people.append((order, person | {"first_language": languages.index(order)}))
    frame = pl.DataFrame(
        [{code_name(name): code for name, code in one.items()} for _, one in people], schema=kinds
    ).lazy()
    frame = frame.with_columns(
        **{f"{name}~{each}": pl.lit(value) for name, value in federal.items() for each in languages}
    )
    for stage in stages:
        frame = frame.with_columns(**stage) if stage else frame
    found = frame.select(results[f"{grid.id}_low"].alias("low"), results[f"{grid.id}_high"].alias("high")).collect()
    expected = [spans(grid, {n: [code] for n, code in one.items()}, order)[grid.root.id] for order, one in people]

    assert found.rows() == expected
    assert all(low == high for low, high in expected)
    assert len(people) >= sum(len(node.leaf.cells[0]) for node in grid.root.walk() if node.leaf)


_KIND = {"occupation": pl.UInt16, "amount": pl.Int64}


@pytest.mark.parametrize("province", sorted({one.province for one in RULES.streams}))
def test_one_person_and_frame_agree(province: str) -> None:
    """Findings and points of people known in part are the same by both paths, stream by stream."""
    chosen = [one for one in RULES.streams if one.province == province]
    people = known_people(chosen, 150, seed=7, unknown=0.15)
    table = streams_frame(
        pl.DataFrame(people, infer_schema_length=None), [one.key for one in chosen], DAY, federal=False
    )
    for person, row in zip(people, table.iter_rows(named=True), strict=True):
        for one in chosen:
            found = judge_stream(one, STREAMS, facts_of(person))
            assert found.answer is row[one.key]
            assert [points.total for points in found.points] == [(row[f"{g}_low"], row[f"{g}_high"]) for g in one.grids]


def _equal_to_the_calculator(count: int, seed: int) -> None:
    for grid, (key, calculate) in BY_GRID.items():
        chosen = stream(key)
        people = known_people([chosen], count, seed)
        table = streams_frame(pl.DataFrame(people, infer_schema_length=None), [key], DAY, federal=False)
        expected = [calculate(person) for person in people]
        assert table[f"{grid}_low"].to_list() == expected
        assert table[f"{grid}_high"].to_list() == expected
        for person, points in list(zip(people, expected, strict=True))[:50]:
            found = judge_stream(chosen, STREAMS, facts_of(person))
            assert next(one.total for one in found.points if one.grid == grid) == (points, points)


def test_a_second_calculator_gives_the_same() -> None:
    """SK, MB, BC and AB: a calculator written from the published tables, on invented people."""
    _equal_to_the_calculator(2000, seed=1)


@pytest.mark.long
def test_a_second_calculator_gives_the_same_to_many() -> None:
    """The same on many more people."""
    _equal_to_the_calculator(20_000, seed=2)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), key=st.sampled_from(sorted(one.key for one in RULES.streams)), seed=st.integers(0, 1000))
def test_a_missing_fact_filled_in_only_narrows(data: st.DataObject, key: str, seed: int) -> None:
    """Filling in a fact never turns a known finding into "cannot tell", and points stay within the range."""
    chosen = stream(key)
    person = data.draw(partly_known(chosen))
    before = judge_stream(chosen, STREAMS, facts_of(person))
    rng, filled = Random(seed), dict(person)
    for column in columns_read(chosen):
        if filled[column.name] is None and column.empty == "unknown":
            filled[column.name] = value_of(column, rng)
    after = judge_stream(chosen, STREAMS, facts_of(filled))

    if before.answer is not None:
        assert after.answer is before.answer
    for old, new in zip(before.points, after.points, strict=True):
        assert old.total[0] <= new.total[0] <= new.total[1] <= old.total[1]
    for was, now in zip(before.findings, after.findings, strict=True):
        if len(facts_of(person).orders) == 1 and was.answer is not None:
            assert now.answer is was.answer
    assert all(name in STREAMS.columns.by_name for name in before.missing)
