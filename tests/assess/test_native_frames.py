"""`score_frame` and `rounds_frame`: what is given comes back, of the same kind and with the same values."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import expressentry.assess.frame.native as native
from expressentry import FactorsError, UsageError, load_law, load_record, rounds_frame, score_frame
from tests.people import people, table

ROOT = Path(__file__).parents[2]
DAY = date(2026, 10, 1)
KINDS: dict[str, Any] = {
    "polars": pl.DataFrame,
    "pandas": pd.DataFrame,
    "pyarrow": pa.Table,
    "duckdb": duckdb.DuckDBPyRelation,
}


def given(kind: str) -> Any:
    """People as a frame of some kind, a column of the owner among them, and no French test but of one."""
    frame = table(people(12, seed=3), load_law().on(DAY).crs).with_columns(note=pl.lit("007"))
    if kind == "pandas":
        return frame.to_pandas().set_axis(range(100, 112))
    if kind == "pyarrow":
        return frame.to_arrow()
    return duckdb.from_arrow(frame.to_arrow()) if kind == "duckdb" else frame


def as_rows(frame: Any) -> list[dict[str, Any]]:
    """The rows of a frame of any kind."""
    if isinstance(frame, pd.DataFrame):
        rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
        return [{str(name): value for name, value in row.items()} for row in rows]
    if isinstance(frame, duckdb.DuckDBPyRelation):
        frame = frame.to_arrow_table()
    found: list[dict[str, Any]] = frame.to_pylist() if isinstance(frame, pa.Table) else frame.to_dicts()
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_scored(kind: str) -> None:
    """Every kind has the scores of Polars, programs that cannot be told are empty, and its own columns stay."""
    wishes: dict[str, Any] = {"sections": True, "programs": True, "categories": True}
    expected, frame = score_frame(given("polars"), DAY, **wishes), given(kind)
    found = score_frame(frame, DAY, **wishes)

    assert isinstance(found, KINDS[kind])
    assert list(found.columns if kind != "pyarrow" else found.column_names) == expected.columns
    assert any(value is None for value in expected["fsw"])
    assert as_rows(found) == as_rows(expected)


def test_pandas_keeps_its_own() -> None:
    """Index and types of what was given stay; whole numbers stay whole where some are empty; it is a new frame."""
    frame = given("pandas")
    found = score_frame(frame, DAY, programs=True)

    assert found.index.equals(frame.index)
    pd.testing.assert_frame_equal(found[frame.columns], frame)
    assert "crs" not in frame
    assert str(found["crs"].dtype) == "int64"
    assert str(found["fsw"].dtype) == "boolean"


def test_lazy() -> None:
    """A query of Polars stays one."""
    found = score_frame(given("polars").lazy(), DAY)

    assert isinstance(found, pl.LazyFrame)
    assert found.collect().equals(score_frame(given("polars"), DAY))


@pytest.mark.parametrize("kind", KINDS)
def test_wrong_rows(kind: str) -> None:
    """A wrong value is refused with its row, whatever the kind."""
    frame = table(people(12, seed=3), load_law().on(DAY).crs).with_columns(
        education=pl.when(pl.int_range(12) == 4).then(pl.lit("Master")).otherwise(pl.col("education").cast(pl.String))
    )
    one = {"pandas": pl.DataFrame.to_pandas, "pyarrow": pl.DataFrame.to_arrow}.get(kind, lambda frame: frame)(frame)
    if kind == "duckdb":
        one = duckdb.from_arrow(frame.to_arrow())
    with pytest.raises(FactorsError) as caught:
        score_frame(one, DAY)

    assert [(problem.field, problem.value) for problem in caught.value.problems] == [("education", "Master")]
    assert "row 5" in str(caught.value)


@pytest.mark.parametrize("wrong", [[{"age": 29}], {"age": [29]}, "people.csv", None, pd.Series([29])])
def test_no_frame(wrong: Any) -> None:
    """What is no frame is refused with what is one."""
    with pytest.raises(UsageError, match="a frame of Polars, pandas or PyArrow"):
        score_frame(wrong, DAY)


@pytest.mark.parametrize("kind", KINDS)
def test_rounds(kind: str) -> None:
    """The rounds are the same as a frame of any kind."""
    found = rounds_frame(kind=kind)
    rows = as_rows(found)

    assert isinstance(found, KINDS[kind])
    assert [row["number"] for row in rows] == [one.number for one in load_record()]
    assert [row["invitations"] for row in rows] == [one.invitations for one in load_record()]


def test_rounds_of_no_kind() -> None:
    """A kind that is not known is refused with those that are."""
    with pytest.raises(UsageError, match="polars, pandas, pyarrow, duckdb"):
        rounds_frame(kind="excel")


def test_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not installed is named with the way to install it."""

    def lacking(kind: str) -> Any:
        raise ModuleNotFoundError(f"No module named {kind!r}", name=kind)

    monkeypatch.setattr(native, "_module", lacking)
    with pytest.raises(UsageError, match="pip install duckdb"):
        rounds_frame(kind="duckdb")
