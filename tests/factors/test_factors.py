"""Facts of one person: what is refused, all at once, and the same rules in JSON Schema and in a frame."""

from __future__ import annotations

from datetime import date
from typing import Any

import jsonschema
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry import FactorsError, assess_person, load_law, score_frame
from expressentry.factors.check import read_factors
from expressentry.factors.schema import factors_schema
from expressentry.law.schema import value_of
from expressentry.suggest import near_miss
from tests.often import often
from tests.people import ALONE, PARTNER, facts_of

DAY = date(2026, 10, 1)
GRID = load_law().on(DAY).crs
VALID = jsonschema.Draft202012Validator(factors_schema(GRID))


def problems(**changes: Any) -> list[tuple[str, str]]:
    """The problems of the usual person with some facts changed; a value of `...` removes the fact."""
    facts = {name: value for name, value in (ALONE | changes).items() if value is not ...}
    with pytest.raises(FactorsError) as refused:
        assess_person(facts, DAY)
    return [(problem.code, problem.field) for problem in refused.value.problems]


class TestRefused:
    """No silent value."""

    @pytest.mark.parametrize(
        ("change", "problem"),
        [
            ({"age": ...}, ("missing", "age")),
            ({"age": None}, ("missing", "age")),
            ({"age": 29.9}, ("out_of_range", "age")),
            ({"age": 29.0}, ("out_of_range", "age")),
            ({"age": "29"}, ("out_of_range", "age")),
            ({"age": True}, ("out_of_range", "age")),
            ({"age": -1}, ("out_of_range", "age")),
            ({"age": 121}, ("out_of_range", "age")),
            ({"english_reading": 99}, ("out_of_range", "english_reading")),
            ({"education": "phd"}, ("out_of_range", "education")),
            ({"accompanied": 1}, ("out_of_range", "accompanied")),
            ({"first_language": "both"}, ("out_of_range", "first_language")),
            ({"job_offer": "maybe"}, ("out_of_range", "job_offer")),
            ({"partner_education": "masters"}, ("not_applicable", "partner_education")),
            ({"partner_reading": 7}, ("not_applicable", "partner_reading")),
            ({"foriegn_work_years": 3}, ("unknown_key", "foriegn_work_years")),
        ],
    )
    def test_one(self, change: dict[str, Any], problem: tuple[str, str]) -> None:
        """Each wrong fact is refused by name."""
        assert problems(**change) == [problem]

    def test_all_at_once(self) -> None:
        """Every problem is told together."""
        found = problems(age=..., education="phd", english_reading=99, acompanied=True)

        assert sorted(found) == [
            ("missing", "age"),
            ("out_of_range", "education"),
            ("out_of_range", "english_reading"),
            ("unknown_key", "acompanied"),
        ]

    def test_partner_facts_are_required_when_accompanied(self) -> None:
        """A partner's education and work must be said; a language test may be missing."""
        found = problems(accompanied=True)

        assert found == [("missing", "partner_education"), ("missing", "partner_canadian_work_years")]
        assert assess_person({**ALONE, "accompanied": True, **PARTNER}, DAY).totals > (0,)

    def test_says_field_value_rule_and_fix(self) -> None:
        """The message has all of them, once, in both languages."""
        with pytest.raises(FactorsError) as refused:
            assess_person({**ALONE, "english_reading": 99, "foriegn_work_years": 3}, DAY)

        assert refused.value.say("en").splitlines() == [
            "foriegn_work_years: unknown key, got `3`. Did you mean foreign_work_years?",
            "english_reading: `99` is not a whole number from 0 to 12 (CLB).",
        ]
        assert "Vouliez-vous dire foreign_work_years?" in refused.value.say("fr")

    def test_required_columns_follow_the_day(self) -> None:
        """A job offer is asked in 2024 and not in 2026; study in Canada not in 2015."""
        without = {name: value for name, value in ALONE.items() if name not in ("job_offer", "canadian_study")}
        with pytest.raises(FactorsError, match="job_offer"):
            assess_person(without | {"canadian_study": "none"}, date(2024, 1, 1))

        assert assess_person(without | {"job_offer": "none"}, date(2015, 1, 1)).total == 469


class TestNearMisses:
    """Misspelt names are seen; other words are not."""

    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            ("foriegn_work_years", "foreign_work_years"),
            ("Age", "age"),
            ("Canadian Work Years", "canadian_work_years"),
            ("english-reading", "english_reading"),
            ("english_readin", "english_reading"),
            ("educaton", "education"),
            ("sibling_in_Canada", "sibling_in_canada"),
            ("wage", None),
            ("id", None),
            ("name", None),
            ("english_level", None),
            ("education_country", None),
        ],
    )
    def test_near(self, name: str, meant: str | None) -> None:
        """One slip for every six letters, a swap counting as one."""
        assert near_miss(name, GRID.columns.by_name) == meant


def anything() -> st.SearchStrategy[Any]:
    """Values that a careless file may hold."""
    return st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 130),
        st.sampled_from([29.5, "masters", "none", "english", "french", "", "29", "doctoral"]),
    )


class TestSchema:
    """The JSON Schema accepts exactly what the reader accepts."""

    @settings(max_examples=often(300))
    @given(data=st.data())
    def test_equal(self, data: st.DataObject) -> None:
        """Valid people with some facts spoilt, dropped or added: both agree."""
        facts = data.draw(facts_of(GRID))
        names = st.sampled_from([*GRID.columns.by_name, "agee"])
        for name in data.draw(st.lists(names, max_size=3)):
            facts[name] = data.draw(anything())
        for name in data.draw(st.lists(st.sampled_from(sorted(facts)), max_size=2)):
            facts.pop(name, None)
        try:
            read_factors(facts, GRID)
            accepted = True
        except FactorsError:
            accepted = False

        assert VALID.is_valid(facts) == accepted

    def test_is_a_schema(self) -> None:
        """The schema is itself valid, in both languages."""
        for lang in ("en", "fr"):
            jsonschema.Draft202012Validator.check_schema(factors_schema(GRID, lang))


class TestFrame:
    """A frame refuses what the one-person path refuses."""

    @settings(max_examples=often(200))
    @given(data=st.data())
    def test_equal(self, data: st.DataObject) -> None:
        """Rows spoilt within their column's type are refused by both or by neither."""
        facts = data.draw(facts_of(GRID))
        for name in data.draw(st.lists(st.sampled_from(list(GRID.inputs)), max_size=3)):
            kind = GRID.columns[name].kind
            wild: dict[str, st.SearchStrategy[Any]] = {
                "integer": st.one_of(st.none(), st.integers(-300, 300)),
                "boolean": st.one_of(st.none(), st.booleans()),
                "name": st.one_of(st.none(), st.sampled_from(["none", "phd", "masters", "english", ""])),
            }
            facts[name] = data.draw(wild[kind])
        kinds = {"integer": pl.Int64, "boolean": pl.Boolean, "name": pl.String}
        frame = pl.DataFrame(
            {name: pl.Series([facts.get(name)], dtype=kinds[column.kind]) for name, column in GRID.inputs.items()}
        )
        try:
            one: int | str = assess_person(facts, DAY).first.total
        except FactorsError as error:
            one = "refused " + ", ".join(sorted({problem.field for problem in error.problems}))
        try:
            row: int | str = score_frame(frame, DAY)["crs"][0]
        except FactorsError as error:
            row = "refused " + ", ".join(sorted({problem.field for problem in error.problems}))

        assert one == row

    @pytest.mark.parametrize(
        ("series", "fine"),
        [
            (pl.Series([29], dtype=pl.UInt8), True),
            (pl.Series([29.0]), True),
            (pl.Series([29.9]), False),
            (pl.Series([float("nan")]), False),
            (pl.Series([None], dtype=pl.Null), False),
            (pl.Series(["29"]), True),
            (pl.Series(["29.9"]), False),
            (pl.Series([" 29"]), False),
            (pl.Series([300]), False),
            (pl.Series([29 + 256]), False),
            (pl.Series([-1]), False),
            (pl.Series([True]), False),
        ],
    )
    def test_types_of_an_integer_column(self, series: pl.Series, fine: bool) -> None:
        """Whole numbers in any type that can hold them; nothing rounded, nothing wrapped."""
        frame = pl.DataFrame([{k: v for k, v in ALONE.items() if k != "age"}]).with_columns(series.alias("age"))
        if fine:
            assert score_frame(frame, DAY)["crs"].to_list() == [469]
        else:
            with pytest.raises(FactorsError, match="age"):
                score_frame(frame, DAY)

    @pytest.mark.parametrize("dtype", [pl.String, pl.Categorical, pl.Enum(["masters", "phd"])])
    def test_types_of_a_name_column(self, dtype: Any) -> None:
        """Names as text, categories or an enumeration."""
        frame = pl.DataFrame([ALONE]).with_columns(pl.col("education").cast(dtype))

        assert score_frame(frame, DAY)["crs"].to_list() == [469]


def test_a_unit_follows_its_number() -> None:
    """One year is not one years, and in French none is one too."""
    column = load_law().columns["age"]

    assert [value_of(column, n).en for n in (0, 1, 2)] == ["0 years", "1 year", "2 years"]
    assert [value_of(column, n).fr for n in (0, 1, 2)] == ["0 an", "1 an", "2 ans"]
    assert value_of(load_law().columns["english_reading"], 1).fr == "NCLC 1"
