"""What is forecast and what is scored, from `data/forecast`: periods, and rounds left out with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import tomli

from expressentry.rounds.record import Round
from expressentry.text import Text

FOLDER = Path(__file__).parent.parent / "data" / "forecast"
GENERAL = ("no_program", "general")
"""The types of rounds that invite from all programs: one series."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rounds that are in no series: one by its number, or all before a day."""

    round: str | None
    until: date | None
    reason: Text

    def holds(self, one: Round) -> bool:
        """Whether it names a round."""
        return one.number == self.round if self.round else one.date < (self.until or date.min)


@dataclass(frozen=True, slots=True)
class Period:
    """The rounds of one or more types on which models are scored; `with_pool`: only those with a published pool."""

    id: str
    types: tuple[str, ...]
    start: date
    until: date
    with_pool: bool
    title: Text


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole of `series.toml`."""

    left_out: tuple[LeftOut, ...]
    periods: tuple[Period, ...]
    chosen_before: date

    def period_of(self, series: str) -> Period | None:
        """The period on which the models of a type are judged, None where it was never scored."""
        return next((one for one in self.periods if series in one.types), None)


@cache
def load_settings() -> Settings:
    """Read what is forecast and scored, once."""
    data = tomli.loads((FOLDER / "series.toml").read_text(encoding="utf-8"))
    left_out = tuple(LeftOut(one.get("round"), one.get("until"), Text(**one["reason"])) for one in data["left_out"])
    periods = tuple(
        Period(
            one["id"],
            tuple(one["types"]),
            one["from"],
            one.get("until", date.max),
            one.get("with_pool", False),
            Text(**one["title"]),
        )
        for one in data["period"]
    )
    return Settings(left_out, periods, data["chosen_before"])


def series_of(one: Round) -> str:
    """The series of a round: its category whatever the version, `general` for all programs, else its type."""
    return "general" if one.type in GENERAL else one.series
