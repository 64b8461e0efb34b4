"""The factors of a population on a day: equal to dates counted one by one, and to a person with the same facts."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from expressentry.assess.frame.table import score_frame
from expressentry.dates import anniversary, completed_years, months_on
from expressentry.factors.derive import derive
from expressentry.law.languages import ABILITIES
from expressentry.law.load import load_law
from expressentry.simulate.facts import factors_on
from expressentry.simulate.population.make import uncalibrated
from expressentry.simulate.table import check, table
from tests.profiles import here, job, made, permit, report

DAY = date(2026, 9, 27)
LAW = load_law()


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    """A few people of every kind."""
    return uncalibrated(4_000, 3, DAY, LAW)


def months(row: dict[str, Any], where: str, on: date) -> int:
    """Months of work in one place up to a day, counted a month at a time."""
    done, start = row[f"{where}_months"], row["counted_on"]
    end = min(on, row[f"{where}_until"] or on)
    more = 0
    while row[f"{where}_works"] and months_on(start, more + 1) <= end:
        more += 1
    return int(done + more)


def in_window(row: dict[str, Any], where: str, on: date, years: int) -> int:
    """The months of the run that lie within so many years before a day."""
    total, until = months(row, where, on), row[f"{where}_until"]
    if until is None or until >= on:
        return min(total, 12 * years)
    gone = 0
    while months_on(until, gone) < on:
        gone += 1
    return max(min(total, 12 * years - gone), 0)


@pytest.mark.parametrize("on", [DAY, date(2027, 2, 28), date(2028, 2, 29), date(2031, 5, 1)])
def test_equal_to_days_counted_one_by_one(people: pl.DataFrame, on: date) -> None:
    """Ages, years of work within their windows, and valid tests, for every kind of candidate."""
    some = people.sample(400, seed=1)
    found = factors_on(some, on, LAW.on(on)).to_dicts()
    for row, facts in zip(some.to_dicts(), found, strict=True):
        assert facts["age"] == completed_years(row["birth_date"], on)
        assert facts["canadian_work_years"] == in_window(row, "canadian", on, 10) // 12
        assert facts["foreign_work_years"] == in_window(row, "foreign", on, 10) // 12
        assert facts["cec_years_3y"] == in_window(row, "canadian", on, 3) // 12
        assert facts["canadian_work_1y"] is (months(row, "canadian", on) >= 12)
        entry = facts["category_months"][0]
        assert entry["canada_months"] == in_window(row, "canadian", on, 3)
        assert entry["months"] == min(in_window(row, "canadian", on, 3) + in_window(row, "foreign", on, 3), 36)
        for language in ("english", "french"):
            day = row[f"{language}_taken_on"]
            valid = day is not None and on < anniversary(day, 2)
            levels = [row[f"{language}_{ability}"] if valid else None for ability in ABILITIES]
            assert [facts[f"{language}_{ability}"] for ability in ABILITIES] == levels
        assert facts["accompanied"] is (row["partner"] == "accompanies")
        assert facts["provincial_nomination"] is (row["nominated_on"] is not None)


def work_of(row: dict[str, Any], where: str) -> list[dict[str, Any]]:
    """The run of work in one place as the entry of a profile."""
    if not row[f"{where}_months"]:
        return []
    last = row["counted_on"] if row[f"{where}_works"] else row[f"{where}_until"]
    end = row[f"{where}_until"]
    made_of = here if where == "canadian" else job
    return [made_of(months_on(last, -row[f"{where}_months"]), end, noc=row["noc"])]


def profile_of(row: dict[str, Any]) -> Any:
    """A person of the table as documents, as far as work, tests and birth go."""
    tests = []
    if row["english_taken_on"]:
        tests.append(report(row["english_taken_on"], *(row[f"english_{ability}"] for ability in ABILITIES)))
    return made(
        birth_date=row["birth_date"],
        work=[*work_of(row, "canadian"), *work_of(row, "foreign")],
        tests=tests,
        status=[permit(row["birth_date"])],
    )


def test_equal_to_a_person_with_the_same_facts(people: pl.DataFrame) -> None:
    """The path of one person derives the same factors; days near the end of a month of work are left out.

    There a year of 1,560 hours is complete some days before twelve calendar months are.
    """
    able = people.filter(pl.col("english_reading").is_between(4, 10), pl.col("french_taken_on").is_null())
    compared = 0
    for row in able.sample(60, seed=5).to_dicts():
        start = months_on(row["counted_on"], random.Random(row["person"]).randint(0, 30)) + timedelta(days=16)
        ends = [row[f"{where}_until"] for where in ("canadian", "foreign")]
        if any(end is not None and end <= start for end in ends):
            continue
        rules, reading = LAW.on(start), derive(profile_of(row), start, LAW).readings[0]
        facts = factors_on(pl.DataFrame([row], schema=people.schema), start, rules).to_dicts()[0]
        names = (
            "age",
            "canadian_work_years",
            "foreign_work_years",
            "cec_years_3y",
            "canadian_work_1y",
            "cec_main_teer",
        )
        tested = [f"english_{ability}" for ability in ABILITIES]
        assert {name: facts[name] for name in (*names, *tested)} == {
            name: reading.facts[name] for name in (*names, *tested)
        }
        compared += 1
    assert compared >= 20


def test_legal_numbers_are_those_of_the_law(people: pl.DataFrame, tmp_path: Path) -> None:
    """Where added law makes tests valid for longer, tests of the table are; no number of the law is in the code."""
    file = tmp_path / "longer.toml"
    file.write_text(
        """
in_force = 2027-01-01
made_by = "longer"
[instruments.longer]
kind = "ministerial_instruction"
status = "proposed"
title = { en = "Longer", fr = "Plus long" }
in_force = 2027-01-01
checked = 2026-10-01
confidence = "unverified"
address = "https://example.org"
doubt = { en = "Invented.", fr = "Inventé." }
[evidence.language_valid_years]
value = 9
place = { en = "s. 1", fr = "art. 1" }
""",
        encoding="utf-8",
    )
    on = date(2029, 1, 1)
    usual, longer = (factors_on(people, on, law.on(on)) for law in (LAW, load_law(file)))

    assert usual["english_reading"].null_count() == people.height
    assert longer["english_reading"].null_count() == people["english_reading"].null_count()


def test_columns_of_added_law(people: pl.DataFrame) -> None:
    """A measure that a user's law adds is counted of the same work, and the table can be scored by it."""
    law = load_law(Path(__file__).parents[2] / "examples" / "law" / "high-wage-2026-11-03.toml")
    on = date(2026, 11, 10)
    factors = factors_on(people, on, law.on(on))
    measures = [row for row in law.measures.on(on) if row.user and row.counts == "work"]

    assert measures
    for row in measures:
        listed = law.measures.lists_on(on)
        named = [bool(row.occupations.list and listed.tier(row.occupations.list, noc)) for noc in people["noc"]]
        counted = factors.filter(pl.Series(named))[row.column]
        assert counted.max() > 0  # type: ignore[operator]
        assert factors.filter(~pl.Series(named))[row.column].max() == 0
    assert score_frame(factors, on, law=law, programs=True, categories=True)["crs"].null_count() == 0


@pytest.mark.parametrize("on", [date(2015, 3, 1), date(2024, 4, 11)])
def test_scored_under_the_law_of_any_day(on: date) -> None:
    """Every column that the grid, the programs and the categories of a day ask for is there, in its domain."""
    drawn = uncalibrated(500, 1, on, LAW)
    scored = score_frame(factors_on(drawn, on, LAW.on(on)), on, law=LAW, programs=True, categories=True)

    assert scored.select(pl.any_horizontal("fsw", "cec", "fst")).to_series().all()
    assert scored["programs_missing"].max() == 0


def test_check_names_what_is_wrong(people: pl.DataFrame) -> None:
    """A frame that is no population is refused, with every column that is missing, of another type or empty."""
    wrong = people.drop("birth_date").with_columns(
        noc=pl.lit(None, pl.String), weight=pl.col("weight").cast(pl.Float32)
    )
    with pytest.raises(Exception, match="birth_date") as caught:
        check(wrong)

    assert {problem.field for problem in caught.value.problems} == {"birth_date", "noc", "weight"}  # type: ignore[attr-defined]
    assert check(people).height == people.height


def test_every_column_says_what_it_means() -> None:
    """Each column has a meaning in both languages."""
    assert all(column.meaning.en and column.meaning.fr != column.meaning.en for column in table().values())
