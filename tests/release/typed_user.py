"""A program of a user, checked by mypy and pyright, both strict, against the installed package; and it runs."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from expressentry import assess_profile, load_law, load_record, read_profile


def scores(file: Path, days: list[date]) -> dict[date, tuple[int, ...]]:
    """The possible scores of a person on some days."""
    person = read_profile(file)
    return {day: assess_profile(person, day).totals for day in days}


def cutoff(number: str) -> int | None:
    """The cut-off of a round."""
    return load_record().round(number).cutoff


def main(file: Path) -> None:
    """Print the scores before and after a birthday, and how they compare with a round."""
    found = scores(file, [date(2024, 4, 11), date(2025, 3, 1)])
    assert found[date(2024, 4, 11)] == (491,), found
    assert cutoff("293") == 491
    rules = load_law().on(date(2026, 10, 1))
    day: date = rules.day
    sys.stdout.write(f"{found} {rules.label.en} {day}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
