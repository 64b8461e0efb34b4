"""How long a profile and an invitation are valid: the last day, and the day after it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from expressentry.law.load import load_law
from expressentry.rounds.windows import left_pool, profile_ends, window_on

_COUNTED = """
in_force = 2026-01-01
made_by = "mine-2026"

[instruments.mine-2026]
kind = "guidance"
status = "in_force"
title = { en = "Mine", fr = "À moi" }
in_force = 2026-01-01
checked = 2026-01-01
confidence = "unverified"
address = "https://example.org/"

[evidence.invitation_day_counts]
value = true
place = { en = "s. 1", fr = "art. 1" }
"""


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
        """The number of days is that of the day of the invitation, itself not counted; in March 2020 one of two."""
        window = window_on(load_law(), invited)

        assert window.days == numbers
        assert window.open_on(invited + timedelta(days=min(numbers))) is True
        assert window.open_on(invited + timedelta(days=min(numbers) + 1)) is (None if len(numbers) > 1 else False)
        assert window.open_on(invited + timedelta(days=max(numbers) + 1)) is False
        assert (window.doubt is not None) is (len(numbers) > 1)
        assert window.established == (numbers[0] if len(numbers) == 1 else None)

    def test_the_day_of_the_invitation_is_not_counted(self) -> None:
        """Invited on 4 October 2017 with 90 days: to apply before 3 January 2018 (2019 FC 886, par. 2)."""
        window = window_on(load_law(), date(2017, 10, 4))

        assert (window.last, window.last_at_most) == (date(2018, 1, 2), date(2018, 1, 2))

    def test_a_law_that_counts_it(self, tmp_path: Path) -> None:
        """Which day is the first is law, and may be added like any other: then the last day is one earlier."""
        file = tmp_path / "mine.toml"
        file.write_text(_COUNTED, encoding="utf-8")

        assert window_on(load_law(file), date(2026, 10, 1)).last == date(2026, 11, 29)


class TestProfile:
    """The twelve months of a profile."""

    @pytest.mark.parametrize(
        ("submitted", "ends"),
        [
            (datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC), date(2027, 3, 3)),
            (datetime(2024, 2, 29, tzinfo=UTC), date(2025, 3, 2)),
        ],
    )
    def test_twelve_months(self, submitted: datetime, ends: date) -> None:
        """A profile is valid until the same day of the next year, and for all of it; one of 29 February to 1 March."""
        assert profile_ends(load_law(), submitted) == ends

    @pytest.mark.parametrize(
        ("submitted", "left"),
        [
            (datetime(2016, 6, 5, 9, tzinfo=UTC), datetime(2017, 6, 6, tzinfo=UTC)),
            (datetime(2016, 6, 6, 9, tzinfo=UTC), datetime(2017, 6, 6, 9, tzinfo=UTC)),
            (datetime(2024, 2, 29, 9, tzinfo=UTC), datetime(2025, 3, 1, 9, tzinfo=UTC)),
        ],
    )
    def test_the_time_of_day(self, submitted: datetime, left: datetime) -> None:
        """From 6 June 2017 it leaves the pool at the time of its receipt; before, it is valid for the whole day."""
        assert left_pool(load_law(), submitted) == left
