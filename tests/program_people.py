"""Invented people with what programs and categories look at, known and unknown, for both evaluators."""

from __future__ import annotations

import random
from typing import Any

import polars as pl

from expressentry.law.schema import MONTHS, Asked, Column
from tests.reference import random_person

LISTED = (
    *("21231", "21220", "31301", "72310", "63200", "63201", "72404", "41220", "31102", "00012", "41200"),
    *("13110", "65200"),
)
"""Occupations of every category, and of none."""
ENTRY = pl.Struct({"noc": pl.String, **dict.fromkeys(MONTHS, pl.Int64)})
TRADES = ("72310", "73200", "72600", "63200", "62200", "83101", "93200", "7236", "7322", "6321", "2173")


def facts_of_programs(rng: random.Random, asked: Asked, unknown: float) -> dict[str, Any]:
    """One person; each fact that may be unknown is so with this probability."""
    person = random_person(rng)
    if not person["accompanied"] and rng.random() < 0.1:
        person["partner_resident_abroad"] = True
        person |= {f"partner_{ability}": rng.randint(0, 12) for ability in _ABILITIES if rng.random() < 0.9}
    for name, column in asked.columns.by_name.items():
        applies = not column.when or any(person.get(flag) for flag in column.when)
        if column.empty == "unknown" and applies and rng.random() >= unknown:
            person[name] = _value(rng, column)
    return person if rng.random() < 0.5 else _promising(rng, person)


def _promising(rng: random.Random, person: dict[str, Any]) -> dict[str, Any]:
    """The same person with much of what programs ask for: at random alone hardly anyone would meet one."""
    for language in ("english", "french"):
        if rng.random() < 0.7:
            low = rng.choice((4, 5, 7, 8))
            person |= {f"{language}_{ability}": rng.randint(low, 10) for ability in _ABILITIES}
    person |= {"age": rng.randint(18, 47), "education": rng.choice(("secondary", "two_year", "three_year", "doctoral"))}
    wanted = {name: value for name, value in WANTED.items() if person.get(name) is not None and rng.random() < 0.9}
    return person | wanted


WANTED: dict[str, Any] = {
    "primary_continuous_years": 1,
    "work_years_10y": 4,
    "intends_quebec": False,
    "funds_cad": 60_000,
    "family_size": 2,
    "cec_years_3y": 1,
    "trade_years_5y": 2,
    "trade_certificate": True,
    "military_years": 10,
    "military_offer_years": 3,
}


_ABILITIES = ("listening", "reading", "writing", "speaking")


def _value(rng: random.Random, column: Column) -> Any:
    if column.kind == "months":
        return [_entry(rng, code) for code in rng.sample(LISTED, rng.choice((0, 1, 1, 2, 3)))]
    if column.kind == "amount":
        return rng.choice((0, 9_000, 11_930, 11_931, 15_262, 15_263, 19_001, 28_362, 60_000))
    if column.kind == "occupation":
        return rng.choice([code for code in TRADES if code in column.values])
    if column.kind == "boolean":
        return rng.random() < 0.3
    if column.kind == "name":
        return rng.choice((column.values[0], rng.choice(column.values)))
    return rng.choice((column.values[0], column.values[0] + 1, column.values[0] + 2, rng.choice(column.values)))


def _entry(rng: random.Random, code: str) -> dict[str, Any]:
    months = rng.choice((0, 5, 6, 11, 12, 36, rng.randint(0, 36)))
    return {"noc": code, "months": months, "run": rng.randint(0, months), "canada_months": rng.randint(0, months)}


def frame_of(rows: list[dict[str, Any]], asked: Asked) -> pl.DataFrame:
    """The same people as a frame with a typed column for everything that is looked at."""
    kinds = {"integer": pl.Int64, "boolean": pl.Boolean, "name": pl.String, "amount": pl.Int64, "occupation": pl.String}
    schema = {name: kinds.get(column.kind, pl.List(ENTRY)) for name, column in asked.coded.items()}
    return pl.DataFrame([[row.get(name) for name in schema] for row in rows], schema=schema, orient="row")
