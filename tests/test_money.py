"""Money as people write it."""

from __future__ import annotations

import pytest

from expressentry.money import parse_dollars


class TestDollars:
    """One amount, many ways to write it; none that could mean another amount."""

    @pytest.mark.parametrize(
        "text",
        [
            *("25000", "25,000", "25 000", "25\u00a0000", "25\u202f000", "25'000", "25’000", " 25,000 "),
            *("$25,000", "$ 25 000", "25 000 $", "25,000$", "25 000 $CA", "CA$25,000", "C$25,000"),
            *("CAD 25,000", "25,000 CAD", "25 000 cad", "25000.00", "25,000.00", "25 000,00 $", "25000,00"),
        ],
    )
    def test_as_people_write_it(self, text: str) -> None:
        """Signs, separators of thousands and cents that are none change nothing."""
        assert parse_dollars(text) == 25000

    @pytest.mark.parametrize(
        "text",
        [
            *("", "$", "a lot", "1e5", "-25000", "25.000", "25,00", "25,0000", "2,50,000", "25,000,00"),
            *("25,000.50", "25 000,75", "25000.5", "25,000 000", "25k", "25000\n", "25000 25000", "٢٥٠٠٠"),
        ],
    )
    def test_what_could_mean_another_amount(self, text: str) -> None:
        """Cents, an amount below zero, and groups that leave a doubt are refused and never guessed."""
        with pytest.raises(ValueError, match="not an amount of whole dollars"):
            parse_dollars(text)

    def test_large_amounts(self) -> None:
        """Every group counts."""
        assert parse_dollars("$1,234,567") == 1_234_567
        assert parse_dollars("0") == 0
