"""How long a profile and an invitation are valid: the last day, and the day after it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from expressentry.law.load import load_law
from expressentry.rounds.windows import profile_ends, window_on


class TestInvitation:
    """The days to apply after an invitation."""

    @pytest.mark.parametrize(
        ("invited", "numbers"),
        [
            (date(2016, 11, 18), (60,)),
            (date(2016, 11, 19), (90,)),
            (date(2018, 6, 25), (90,)),
            (date(2018, 6, 26), (60,)),
            (date(2020, 2, 29), (60,)),
            (date(2020, 3, 15), (60, 90)),
            (date(2020, 4, 1), (90,)),
            (date(2021, 6, 28), (90,)),
            (date(2021, 6, 29), (60,)),
        ],
    )
    def test_list(self, invited: date, numbers: tuple[int, ...]) -> None:
        """The number of days is that of the day of the invitation; in March 2020 it is one of two."""
        window = window_on(load_law(), invited)

        assert window.days == numbers
        assert window.open_on(invited + timedelta(days=min(numbers) - 1)) is True
        assert window.open_on(invited + timedelta(days=min(numbers))) is None
        assert window.open_on(invited + timedelta(days=max(numbers) + 1)) is False
        assert window.established == (numbers[0] if len(numbers) == 1 else None)


class TestProfile:
    """The twelve months of a profile."""

    @pytest.mark.parametrize(
        ("submitted", "ends"),
        [
            (datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC), date(2027, 3, 2)),
            (datetime(2024, 2, 29, tzinfo=UTC), date(2025, 3, 1)),
        ],
    )
    def test_twelve_months(self, submitted: datetime, ends: date) -> None:
        """A profile expires on the same day of the next year; one of 29 February on 1 March."""
        assert profile_ends(load_law(), submitted) == ends
