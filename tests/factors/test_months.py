"""Lists of occupations with months in a table: how many tests of the law one number has room for."""

from __future__ import annotations

import polars as pl
import pytest

from expressentry.errors import LawError
from expressentry.factors.months import MOST_TESTS, packed, passes
from expressentry.law.load import load_law
from expressentry.law.schema import MonthsTest

COLUMN = load_law().columns["category_months"]
ROWS = pl.DataFrame({COLUMN.name: ["21231:12:12:0", "21231:15:15:0", "none"]})


def months_tests(count: int) -> list[MonthsTest]:
    """So many different tests: at least one month, at least two, and so on."""
    return [MonthsTest(COLUMN.name, "months", least, frozenset({"21231"})) for least in range(1, count + 1)]


class TestRoom:
    """A row's number holds as many tests as fit in 64 bits, and no more are accepted."""

    def test_as_many_as_fit(self) -> None:
        """The last test that has room is read as exactly as the first."""
        coded = packed(COLUMN, pl.String(), months_tests(MOST_TESTS))
        assert coded is not None
        found = ROWS.select(coded).select(
            first=passes(COLUMN.name, 0), twelfth=passes(COLUMN.name, 11), last=passes(COLUMN.name, MOST_TESTS - 1)
        )

        assert found.rows() == [(True, True, False), (True, True, True), (False, False, False)]

    def test_one_too_many(self) -> None:
        """A law with one test more is refused in words, and no bit is lost in silence."""
        with pytest.raises(LawError) as refused:
            packed(COLUMN, pl.String(), months_tests(MOST_TESTS + 1))

        (problem,) = refused.value.problems
        assert (problem.code, problem.field, problem.value) == ("too_many_tests", COLUMN.name, 16)
