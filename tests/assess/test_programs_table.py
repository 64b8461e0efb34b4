"""One person, a frame and the plain calculator agree; every form of a table gives the same; facts only settle."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry import FactorsError, assess_person, load_law, score_file
from expressentry.assess.frame.table import missing_columns, score_frame
from expressentry.assess.person.criteria import Answer
from expressentry.assess.person.programs import CategoryFinding, ProgramFinding
from expressentry.law.schema import Asked
from tests import program_reference as reference
from tests.often import often
from tests.people import ALONE
from tests.program_people import ENTRY, facts_of_programs, frame_of

DAYS = tuple(map(date.fromisoformat, ("2015-06-01", "2022-11-15", "2024-04-11", "2025-12-10", "2026-10-01")))
"""The first tables and order; the last day of the NOC 2016; two orders of programs; four and eleven categories."""
PROGRAMS = ("fsw", "cec", "fst", "pnp")
SHARES = (0.0, 0.1, 0.3, 0.6)
ANSWERS = {True: "true", False: "false", None: ""}


def asked_on(day: date) -> Asked:
    """What programs and categories of a day look at."""
    return load_law().on(day).asked(programs=True, categories=True)


def some_people(day: date, count: int) -> list[dict[str, Any]]:
    """Invented people of a day; of some everything is known, of others little."""
    rng = random.Random(day.toordinal())
    return [facts_of_programs(rng, asked_on(day), rng.choice(SHARES)) for _ in range(count)]


def orders_of(person: dict[str, Any]) -> list[str]:
    """The languages that may come first."""
    return [person["first_language"]] if person.get("first_language") else list(reference.ORDERS)


def any_of(found: list[Answer]) -> Answer:
    """What holds where one of several is enough."""
    return True if True in found else None if None in found else False


def one_by_one(person: dict[str, Any], day: date) -> dict[str, Any]:
    """The columns of a frame, from the assessment of one person."""
    found = assess_person(person, day).first
    programs = found.programs
    low, high = programs["fsw"].points or (None, None)
    return {
        "crs": found.total,
        "first_language_used": found.first_language,
        **{id_: one.answer for id_, one in programs.items()},
        "fsw_points_low": low,
        "fsw_points_high": high,
        "program": found.invitation.program,
        "programs_missing": {name for one in programs.values() for name in one.missing},
        **{f"category_{one.law.category}": one.answer for one in found.categories},
        "categories_missing": {name for one in found.categories for name in one.missing},
    }


def in_a_frame(people: list[dict[str, Any]], day: date) -> list[dict[str, Any]]:
    """The same columns, from a frame."""
    asked = asked_on(day)
    frame = score_frame(frame_of(people, asked), day, programs=True, categories=True)
    added = frame.drop(*asked.coded, "rule_set")
    masks = ("programs_missing", "categories_missing")
    return [{**row, **{mask: set(missing_columns(row[mask])) for mask in masks}} for row in added.iter_rows(named=True)]


def agree_with_each_other(day: date, count: int) -> None:
    """Every column of every person, by both paths."""
    people = some_people(day, count)
    for person, row in zip(people, in_a_frame(people, day), strict=True):
        assert row == one_by_one(person, day), person


def agree_with_the_reference(day: date, count: int) -> None:
    """Every finding, and the range of points, against the plain calculator that tries what is unknown."""
    for person in some_people(day, count):
        found, orders = assess_person(person, day).first, orders_of(person)
        for program in reference.PROGRAMS:
            expected = any_of([reference.program_finding(person, program, day, order) for order in orders])
            assert found.programs[program].answer is expected, (program, person)
        nominee = any_of([reference.nominee_finding(person, day, order) for order in orders])
        assert found.programs["pnp"].answer is nominee, person
        first = found.programs["fsw"].first_language
        assert found.programs["fsw"].points == reference.points_range(person, day, first), person
        for one in found.categories:
            key = one.law.category
            assert one.answer is reference.category_finding(person, key, day), (key, person)


@pytest.mark.parametrize("day", DAYS)
class TestAgreement:
    """Generated people on days spread over the law."""

    def test_one_person_and_frame(self, day: date) -> None:
        """Programs, points, invitation, categories and masks are equal for 4,000 people."""
        agree_with_each_other(day, 800)

    def test_reference(self, day: date) -> None:
        """The findings are those of the plain calculator for 4,000 people."""
        agree_with_the_reference(day, 800)

    @pytest.mark.long
    def test_one_person_and_frame_long(self, day: date) -> None:
        """The same for 100,000 people."""
        agree_with_each_other(day, 20_000)

    @pytest.mark.long
    def test_reference_long(self, day: date) -> None:
        """The same for 100,000 people."""
        agree_with_the_reference(day, 20_000)

    def test_generated_people_are_of_every_kind(self, day: date) -> None:
        """Every finding of every program occurs among them, else the agreement proves little."""
        rows = in_a_frame(some_people(day, 800), day)

        assert all({row[program] for row in rows} == {True, False, None} for program in PROGRAMS)
        categories = [name for name in rows[0] if name.startswith("category_")]
        assert all({row[name] for row in rows} >= {True, False} for name in categories)


class TestMissing:
    """The masks name what is missing, and nothing else."""

    @pytest.mark.parametrize("day", DAYS)
    def test_what_decides_is_named(self, day: date) -> None:
        """Each fact of which some value changes a finding is named; each fact named is unknown."""
        asked, counted = asked_on(day), 0
        for person in some_people(day, 200):
            order = orders_of(person)[0]
            if sum(person.get(name) is None for name in reference.READS["fsw"]) > 4:
                continue  # every combination of what is unknown is tried
            found = assess_person({**person, "first_language": order}, day).first.programs
            for program in reference.PROGRAMS:
                named = set(found[program].missing)
                assert reference.missing(person, program, day, order) <= named, (program, person)
                assert all(person.get(name) is None and asked.columns[name].empty == "unknown" for name in named)
                counted += len(named)

        assert counted > 20

    def test_bits(self) -> None:
        """The first column of the schema that may be unknown is the lowest bit."""
        assert missing_columns(0) == ()
        assert missing_columns(0b11) == ("primary_continuous_years", "work_years_10y")

    def test_every_bit_of_a_day_fits(self) -> None:
        """With nothing known, exactly what programs and categories look at is missing."""
        day = DAYS[-1]
        row = in_a_frame([{**ALONE, "accompanied": False}], day)[0]
        alone = {name for name, column in asked_on(day).inputs.items() if column.empty == "unknown" and not column.when}

        # The TEER is not asked for: the person's CLB 9 is enough for any.
        assert row["programs_missing"] | row["categories_missing"] == alone - {"cec_main_teer"}


def as_text(person: dict[str, Any], names: Iterable[str]) -> dict[str, str | None]:
    """A row of a CSV file."""
    return {name: None if person.get(name) is None else _text(person[name]) for name in names}


def _text(value: Any) -> str:
    if isinstance(value, list):
        entries = (f"{e['noc']}:{e['months']}:{e['run']}:{e['canada_months']}" for e in value)
        return " ".join(entries) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


class TestForms:
    """Every format and every type that may hold the facts."""

    DAY = DAYS[-1]
    ADDED = (*PROGRAMS, "program", "programs_missing", "category_stem", "categories_missing")

    def frame(self) -> pl.DataFrame:
        """Invented people in the usual types."""
        return frame_of(some_people(self.DAY, 300), asked_on(self.DAY))

    def expected(self) -> pl.DataFrame:
        """Their findings."""
        found = score_frame(self.frame(), self.DAY, programs=True, categories=True)
        return found.select(pl.col(self.ADDED))

    def scored(self, source: Path) -> pl.DataFrame:
        """The findings of a file."""
        out = source.with_name("out.parquet")
        found = score_file(source, out, self.DAY, programs=True, categories=True)
        assert (found.read, found.rejected) == (300, 0)
        return pl.read_parquet(out).select(self.ADDED)

    def test_csv(self, tmp_path: Path) -> None:
        """In text: `true`, `21231:12:6:0 21211:6:6:6`, `none`, and nothing for what is not known."""
        people, names = some_people(self.DAY, 300), self.frame().columns
        pl.DataFrame([as_text(person, names) for person in people], schema=dict.fromkeys(names, pl.String)).write_csv(
            tmp_path / "in.csv"
        )

        assert self.scored(tmp_path / "in.csv").equals(self.expected())

    def test_csv_out(self, tmp_path: Path) -> None:
        """In a CSV file a finding is true, false or empty, and a list of months comes out as it went in."""
        rows: list[dict[str, Any]] = [
            {"trade_years_5y": None},
            {"trade_years_5y": 0},
            {"cec_years_3y": 1, "intends_quebec": False},
        ]
        known: list[dict[str, Any]] = [{**ALONE, **row, "category_months": "21231:12:6:0 21211:6:6:6"} for row in rows]
        names = list(dict.fromkeys(name for row in known for name in row))
        pl.DataFrame([as_text(row, names) for row in known], infer_schema_length=None).write_csv(tmp_path / "in.csv")
        score_file(tmp_path / "in.csv", tmp_path / "out.csv", self.DAY, programs=True, categories=True)
        out = pl.read_csv(tmp_path / "out.csv", infer_schema=False).fill_null("")
        people = [{**ALONE, **row} for row in rows]

        assert out["category_months"].unique().to_list() == ["21231:12:6:0 21211:6:6:6"]
        for program in PROGRAMS:
            told = [ANSWERS[one_by_one(person, self.DAY)[program]] for person in people]
            assert out[program].to_list() == told

    @pytest.mark.parametrize("ending", ["ndjson", "parquet", "arrow"])
    def test_nested(self, tmp_path: Path, ending: str) -> None:
        """Formats that hold lists of structures."""
        source = tmp_path / f"in.{ending}"
        frame = self.frame()
        write: dict[str, Any] = {
            "ndjson": frame.write_ndjson,
            "parquet": frame.write_parquet,
            "arrow": frame.write_ipc,
        }
        write[ending](source)

        assert self.scored(source).equals(self.expected())

    @pytest.mark.parametrize("number", [pl.Int8, pl.UInt8, pl.Int16, pl.UInt32, pl.Float64])
    @pytest.mark.parametrize("word", [pl.Categorical, pl.Enum])
    def test_types(self, number: Any, word: Any) -> None:
        """Narrow integers, floats of whole numbers, enumerations and categories."""
        asked, frame, cast = asked_on(self.DAY), self.frame(), {}
        for name, column in asked.coded.items():
            if column.kind == "integer":
                cast[name] = pl.col(name).cast(number)
            elif column.kind in ("name", "occupation"):
                cast[name] = pl.col(name).cast(word(list(column.values)) if word is pl.Enum else word)
            elif column.kind == "months":
                codes = pl.Enum(list(column.values)) if word is pl.Enum else word
                fields = {field.name: codes if field.name == "noc" else number for field in ENTRY.fields}
                cast[name] = pl.col(name).cast(pl.List(pl.Struct(fields)))
        found = score_frame(frame.with_columns(**cast), self.DAY, programs=True, categories=True)

        assert found.select(self.ADDED).equals(self.expected())

    def test_no_entry_anywhere(self, tmp_path: Path) -> None:
        """A table in which no one has worked in anything is known to be so: nobody is a member."""
        people = [{**ALONE, "category_months": []}] * 3
        pl.DataFrame(people).write_ndjson(tmp_path / "in.ndjson")
        score_file(tmp_path / "in.ndjson", tmp_path / "out.parquet", self.DAY, categories=True)

        assert pl.read_parquet(tmp_path / "out.parquet")["category_stem"].to_list() == [False] * 3


GOOD: dict[str, Any] = {"noc": "21231", "months": 12, "run": 6, "canada_months": 12}


class TestBadMonths:
    """Entries that are wrong are refused with the row named, alike for one person and in every form of a table."""

    DAY = DAYS[-1]
    BAD = (
        [{**GOOD, "noc": "99999"}],
        [{**GOOD, "noc": "2173"}],
        [{**GOOD, "run": 13}],
        [{**GOOD, "canada_months": 13}],
        [{**GOOD, "months": 37}],
        [{**GOOD, "months": -1}],
        [GOOD] * 16,
        [GOOD, {**GOOD, "months": None}],
    )

    @pytest.mark.parametrize("bad", BAD)
    def test_one_person(self, bad: list[dict[str, Any]]) -> None:
        """A person with such an entry is refused."""
        with pytest.raises(FactorsError, match="category_months"):
            assess_person({**ALONE, "category_months": bad}, self.DAY)

    @pytest.mark.parametrize("bad", BAD)
    @pytest.mark.parametrize("text", [True, False])
    def test_row(self, bad: list[dict[str, Any]], text: bool) -> None:
        """The row is named; the rows around it are right."""
        lists = [[GOOD], [GOOD] * 15, bad, [], None]
        values = [None if one is None else _text(one) for one in lists] if text else lists
        frame = pl.DataFrame([ALONE] * len(lists)).with_columns(
            pl.Series("category_months", values, dtype=pl.String if text else pl.List(ENTRY))
        )
        with pytest.raises(FactorsError) as refused:
            score_frame(frame, self.DAY, categories=True)

        assert [(p.code, p.field, p.where.en if p.where else "") for p in refused.value.problems] == [
            ("out_of_range", "category_months", "row 3")
        ]

    @pytest.mark.parametrize(
        "text", ["21231", "21231:6:6", "21231:6:6:0:1", "21231:6.0:6:0", "21231:6:6:0;21211:6:6:0", "NONE", ""]
    )
    def test_text(self, text: str) -> None:
        """Text that is not a list is refused."""
        frame = pl.DataFrame([{**ALONE, "category_months": text}])
        with pytest.raises(FactorsError, match="row 1: category_months"):
            score_frame(frame, self.DAY, categories=True)

    @pytest.mark.parametrize("part", ["noc", "months", "more"])
    def test_wrong_type(self, part: str) -> None:
        """A code stored as a number has lost its zeros; months as text and a field too many are refused too."""
        entry = {**GOOD, part: {"noc": 21231, "months": "12", "more": 1}[part]}
        with pytest.raises(FactorsError) as refused:
            score_frame(pl.DataFrame([{**ALONE, "category_months": [entry]}]), self.DAY, categories=True)

        assert [problem.code for problem in refused.value.problems] == ["wrong_type"]

    def test_part_of_a_month(self) -> None:
        """Half a month is no month, in a frame as for one person."""
        entry = {**GOOD, "months": 12.5}
        with pytest.raises(FactorsError, match="row 1: category_months"):
            score_frame(pl.DataFrame([{**ALONE, "category_months": [entry]}]), self.DAY, categories=True)

    def test_rejects(self, tmp_path: Path) -> None:
        """With a table of rejects the other rows are scored."""
        rows = [{**ALONE, "category_months": months} for months in ("none", "21231:13:14:0", "21231:12:6:0")]
        rows = [as_text(row, list(row)) for row in rows]
        pl.DataFrame(rows).write_csv(tmp_path / "in.csv")
        paths = (tmp_path / "in.csv", tmp_path / "out.csv")
        found = score_file(*paths, self.DAY, categories=True, rejects=tmp_path / "bad.csv")
        bad = pl.read_csv(tmp_path / "bad.csv")

        assert (found.accepted, found.rejected) == (2, 1)
        assert bad.select("row", "column", "value").rows() == [(2, "category_months", "21231:13:14:0")]

    def test_wrong_version_of_a_trade(self) -> None:
        """A code of the NOC 2016 in 2026 is refused with the row named and its counterpart as the fix."""
        frame = pl.DataFrame([{**ALONE, "trade_noc": noc} for noc in ("72310", "7271")])
        with pytest.raises(FactorsError) as refused:
            score_frame(frame, self.DAY, programs=True)
        (problem,) = refused.value.problems

        assert (problem.code, problem.where and problem.where.en) == ("wrong_noc_version", "row 2")
        assert "72310" in problem.fix.en


def findings(person: dict[str, Any], day: date) -> dict[str, Answer]:
    """Every program and category of the day."""
    found = assess_person(person, day)
    return {**found.programs, **found.categories}


@st.composite
def partial_people(draw: st.DrawFn) -> tuple[dict[str, Any], date]:
    """A person of whom some facts are known, and a day."""
    day = draw(st.sampled_from(DAYS))
    rng = random.Random(draw(st.integers(0, 10**9)))
    return facts_of_programs(rng, asked_on(day), draw(st.sampled_from((0.1, 0.4, 0.8, 1.0)))), day


def a_value(column: Any) -> st.SearchStrategy[Any]:
    """Any value of a column."""
    if column.kind == "amount":
        return st.integers(0, 200_000)
    if column.kind != "months":
        return st.sampled_from(column.values)
    entry = st.tuples(st.sampled_from(column.values), st.lists(st.integers(0, 36), min_size=3, max_size=3).map(sorted))
    entries = entry.map(lambda e: {"noc": e[0], "months": e[1][2], "run": e[1][1], "canada_months": e[1][0]})
    return st.lists(entries, max_size=15)


class TestWhatWeDidNotThinkOf:
    """Properties that hold of everyone."""

    @settings(max_examples=often(300))
    @given(data=st.data(), found=partial_people())
    def test_a_fact_filled_in_settles_or_leaves(self, data: st.DataObject, found: tuple[dict[str, Any], date]) -> None:
        """Whatever an unknown fact turns out to be, what was known stays as it was."""
        person, day = found
        partner = person["accompanied"] or person.get("partner_resident_abroad")
        columns = asked_on(day).inputs.items()
        unknown = [n for n, c in columns if c.empty == "unknown" and person.get(n) is None and (partner or not c.when)]
        if not unknown:
            return
        name = data.draw(st.sampled_from(unknown))
        filled = {**person, name: data.draw(a_value(asked_on(day).inputs[name]))}
        before, after = findings(person, day), findings(filled, day)

        assert {id_: after[id_] for id_, answer in before.items() if answer is not None} == {
            id_: answer for id_, answer in before.items() if answer is not None
        }

    @settings(max_examples=often(300))
    @given(data=st.data(), found=partial_people())
    def test_more_never_loses(self, data: st.DataObject, found: tuple[dict[str, Any], date]) -> None:
        """Higher levels, more money, more years or more schooling turn no program that is met into one that is not."""
        person, day = found
        more = [
            name
            for name, column in asked_on(day).inputs.items()
            if person.get(name) is not None
            and (column.kind == "amount" or column.ordered)
            and name not in ("age", "family_size", "cec_main_teer", "partner_education")
        ]
        name = data.draw(st.sampled_from(more))
        column, value = asked_on(day).inputs[name], person[name]
        rest = [value + 1, value + 50_000] if column.kind == "amount" else column.values[column.values.index(value) :]
        before, after = findings(person, day), findings({**person, name: data.draw(st.sampled_from(rest))}, day)

        assert all(after[id_] is True for id_, answer in before.items() if answer is True)
        assert all(before[id_] is False for id_, answer in after.items() if answer is False)

    @settings(max_examples=often(200))
    @given(found=partial_people())
    def test_cannot_tell_says_what_is_missing(self, found: tuple[dict[str, Any], date]) -> None:
        """Whatever cannot be told names a fact, or what the law leaves open; what is known names neither."""
        person, day = found
        assessed = assess_person(person, day).first

        told: list[ProgramFinding | CategoryFinding] = [*assessed.programs.values(), *assessed.categories]
        for one in told:
            assert bool(one.missing or one.unsettled) is (one.answer is None)
