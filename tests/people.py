"""Invented people for the tests, and Hypothesis strategies for their facts."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
from hypothesis import strategies as st

from expressentry.law.grid.tree import Grid
from expressentry.law.schema import Column
from tests.reference import random_person

ALONE: dict[str, Any] = {
    "age": 29,
    "accompanied": False,
    "education": "masters",
    "canadian_work_years": 0,
    "foreign_work_years": 3,
    "certificate_of_qualification": False,
    "canadian_study": "none",
    "sibling_in_canada": False,
    "provincial_nomination": False,
    "job_offer": "none",
    "english_listening": 9,
    "english_reading": 9,
    "english_writing": 9,
    "english_speaking": 9,
}
PARTNER: dict[str, Any] = {"partner_education": "none", "partner_canadian_work_years": 0}


def clb(language: str, *levels: int | None) -> dict[str, Any]:
    """The four abilities of a language: one level for all, or listening, reading, writing, speaking."""
    four = levels if len(levels) == 4 else levels * 4
    return {f"{language}_{ability}": level for ability, level in zip(ABILITIES, four, strict=True)}


ABILITIES = ("listening", "reading", "writing", "speaking")


def best(*, accompanied: bool) -> dict[str, Any]:
    """A person with the most of everything, nomination included."""
    person = {
        **ALONE,
        "age": 25,
        "accompanied": accompanied,
        "education": "doctoral",
        "canadian_work_years": 10,
        "foreign_work_years": 10,
        "certificate_of_qualification": True,
        "canadian_study": "three_year_or_more",
        "sibling_in_canada": True,
        "provincial_nomination": True,
        "job_offer": "major_group_00",
        **clb("english", 10),
        **clb("french", 10),
    }
    partner = {"partner_education": "doctoral", "partner_canadian_work_years": 9, **clb("partner", 10)}
    return person | (partner if accompanied else {})


def people(count: int, seed: int) -> list[dict[str, Any]]:
    """Random valid people, the same for the same seed."""
    rng = random.Random(seed)
    return [random_person(rng) for _ in range(count)]


def table(rows: list[dict[str, Any]], grid: Grid) -> pl.DataFrame:
    """People as a frame with a typed column for each input of a grid."""
    kinds = {"integer": pl.Int64, "boolean": pl.Boolean, "name": pl.String}
    schema = {name: kinds[column.kind] for name, column in grid.inputs.items()}
    return pl.DataFrame([[row.get(name) for name in schema] for row in rows], schema=schema, orient="row")


def value_of(column: Column) -> st.SearchStrategy[Any]:
    """Any value of a column's domain."""
    return st.sampled_from(column.values)


def facts_of(grid: Grid) -> st.SearchStrategy[dict[str, Any]]:
    """Valid facts of one person on a grid: optional columns given, empty or left out."""

    @st.composite
    def person(draw: st.DrawFn) -> dict[str, Any]:
        facts: dict[str, Any] = {grid.cases: draw(st.booleans())}
        for name, column in grid.inputs.items():
            if name == grid.cases or (column.when and not any(facts.get(flag) for flag in column.when)):
                continue
            if not column.may_be_empty or draw(st.booleans()):
                facts[name] = draw(value_of(column))
            elif draw(st.booleans()):
                facts[name] = None
        return facts

    return person()
