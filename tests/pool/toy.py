"""A toy law for the pool's tests: quick, and every kind of change can be asked for in the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from expressentry.errors import FactorsError, Problem
from expressentry.pool.model import RuleSetName, Scored, Standing
from expressentry.words import Text, same

DAY = date(2026, 1, 5)
LAWS = (date(2015, 1, 1), date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1))
"""The days on which the toy law changes: from each on, who has the number's `taste` gets ten points more or less."""


def noon(day: date, second: int = 0) -> datetime:
    """An instant of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(seconds=second)


def facts(crs: int = 500, *, lists: Sequence[str] = ("general", "cec"), **more: Any) -> dict[str, Any]:
    """Someone with a score; `drops` is a day from which it is 50 lower, `ends` one from which nothing is met."""
    return {"crs": crs, "lists": list(lists), "drops": None, "ends": None, "taste": 0, "nominations": [], **more}


class ToyScorer:
    """The toy law."""

    schema_version = 1

    def law(self, day: date) -> RuleSetName:
        """The toy law of a day."""
        number = sum(start <= day for start in LAWS)
        return RuleSetName(f"toy-{number}", f"digest-{number}")

    def check(self, facts: Mapping[str, Any]) -> None:
        """Refuse facts without a score."""
        if not isinstance(facts.get("crs"), int):
            raise FactorsError(Problem("missing", "crs", same("required"), Text("give it", "le donner")))

    def score(self, facts: Mapping[str, Any], day: date, law_days: Sequence[date]) -> list[Scored]:
        """Score the facts of a day under each law."""
        self.check(facts)
        return [Scored(standing(facts, day, law_day), {}, True, self._due(facts, day)) for law_day in law_days]

    def window(self, day: date) -> int | None:
        """Sixty days; in February the window is not established."""
        return None if day.month == 2 else 60

    @staticmethod
    def _due(facts: Mapping[str, Any], day: date) -> date | None:
        days = [date.fromisoformat(facts[name]) for name in ("drops", "ends") if facts[name]]
        return min((one for one in days if one > day), default=None)


def standing(facts: Mapping[str, Any], day: date, law_day: date) -> Standing:
    """What the toy law of a day says of facts as they are on another."""
    number = sum(start <= law_day for start in LAWS)
    nominee = any(not one.get("withdrawn_on") for one in facts["nominations"])
    ended = bool(facts["ends"]) and str(day) >= facts["ends"] and not nominee
    crs = facts["crs"] + 10 * facts["taste"] * number + (600 if nominee else 0)
    crs -= 50 if facts["drops"] and str(day) >= facts["drops"] else 0
    barred_by_law = facts["taste"] == -2 and number == 3
    eligible = not ended and not barred_by_law
    lists = ("general", "pnp") if nominee else tuple(sorted(facts["lists"]))
    program = "pnp" if nominee else "cec"
    crs = min(max(crs, 0), 1200)
    return Standing(eligible, crs, program if eligible else None, lists if eligible else ())
