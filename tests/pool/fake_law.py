"""A fake law for the pool's tests: quick, and every kind of change can be asked for in the facts."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from expressentry.dates import anniversary
from expressentry.errors import FactorsError, Problem
from expressentry.law.load import load_law
from expressentry.pool.acts import scorer as scoring
from expressentry.pool.acts.model import PROGRAM_LISTS, CandidateScore, RuleSetName, Scored
from expressentry.text import Text, same

DAY = date(2026, 1, 5)
LAWS = (date(2015, 1, 1), date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1))
"""The days on which the fake law changes: from each on, who has the number's `taste` gets ten points more or less."""


def noon(day: date, second: int = 0) -> datetime:
    """An instant of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(seconds=second)


def facts(crs: int = 500, *, lists: Sequence[str] = ("general", "cec"), **more: Any) -> dict[str, Any]:
    """Someone with a score; `drops` is a day from which it is 50 lower, `ends` one from which nothing is met.

    Factors are `sure` unless said otherwise: those are scored in bulk.
    """
    return {"crs": crs, "lists": list(lists), "drops": None, "ends": None, "taste": 0, "nominations": [], **more}


class FakeLaw:
    """The fake law, by the pool's own rule of who enters which list."""

    schema_version = 1
    categories = tuple(load_law().round_names.categories)

    def law(self, day: date) -> RuleSetName:
        """The fake law of a day."""
        number = law_number(day)
        return RuleSetName(f"fake-{number}", f"digest-{number}")

    def check(self, facts: Mapping[str, Any]) -> None:
        """Refuse facts without a score."""
        if not isinstance(facts.get("crs"), int):
            raise FactorsError(Problem("missing", "crs", same("required"), Text("give it", "le donner")))

    def score(self, facts: Mapping[str, Any], day: date, law_days: Sequence[date]) -> list[Scored]:
        """Score the facts of a day under each law."""
        self.check(facts)
        factors, sure = _factors(facts, day), facts.get("sure", True)
        # Of several readings the columns hold one, and it need not be the one that counts.
        stored = factors if sure else {**factors, "funds_cad": factors["funds_cad"] + 7}
        return [Scored(_scored(factors, law_day), stored, sure, next_review(facts, day)) for law_day in law_days]

    def score_table(self, table: bytes, law_day: date) -> Any:
        """Score stored factors in bulk under the law of a day."""
        import polars as pl

        rows = list(csv.DictReader(table.decode().splitlines()))
        scored = [_scored(row, law_day) for row in rows]
        return pl.DataFrame(
            {
                "interest": [int(row["interest"]) for row in rows],
                "eligible": [one.eligible for one in scored],
                "crs": [one.crs for one in scored],
                "program": [one.program for one in scored],
                "lists": ["{" + ",".join(one.lists) + "}" for one in scored],
            },
            schema={
                "interest": pl.Int64, "eligible": pl.Boolean, "crs": pl.Int16, "program": pl.String,
                "lists": pl.String,
            },
        )  # fmt: skip

    def answer_by(self, day: date) -> date | None:
        """Sixty days; in July the window is not established."""
        return None if day.month == 7 else day + timedelta(days=60)

    def profile_ends(self, submitted: datetime) -> date:
        """One year after the submission."""
        return anniversary(submitted.astimezone(UTC).date(), 1)


def law_number(day: date) -> int:
    """Which of the fake laws holds on a day."""
    return sum(start <= day for start in LAWS)


def next_review(facts: Mapping[str, Any], day: date) -> date | None:
    """The next day after one on which a fact changes."""
    days = [date.fromisoformat(facts[name]) for name in ("drops", "ends") if facts[name]]
    return min((one for one in days if one > day), default=None)


def _factors(facts: Mapping[str, Any], day: date) -> dict[str, Any]:
    """What the fake law sees on a day, in columns that the pool has."""
    return {
        "funds_cad": facts["crs"],
        "age": facts["taste"] + 2,
        "category_months": " ".join(facts["lists"]),
        "provincial_nomination": any(not one.get("withdrawn_on") for one in facts["nominations"]),
        "intends_quebec": bool(facts["drops"]) and str(day) >= facts["drops"],
        "certificate_of_qualification": bool(facts["ends"]) and str(day) >= facts["ends"],
    }


def _scored(factors: Mapping[str, Any], law_day: date) -> CandidateScore:
    """Score factors, be they fresh or read back from a table of text."""
    nominee, dropped, ended = (
        str(factors[name]).lower() in ("true", "t")
        for name in ("provincial_nomination", "intends_quebec", "certificate_of_qualification")
    )
    taste, number, lists = int(factors["age"]) - 2, law_number(law_day), factors["category_months"].split()
    out = taste == -2 and number == 3
    crs = int(factors["funds_cad"]) + 10 * taste * number + (600 if nominee else 0) - (50 if dropped else 0)
    met: dict[str, bool | None] = {name: name in lists and not ended and not out for name in PROGRAM_LISTS}
    members = [name for name in lists if name not in (*PROGRAM_LISTS, "general")]
    named = "pnp" if nominee else "cec"
    return scoring.score_of({**met, "pnp": not out}, members, min(max(crs, 0), 1200), nominee, named)


def score(facts: Mapping[str, Any], day: date, law_day: date) -> CandidateScore:
    """The same once more, in other words: what the fake law of a day says of facts as they are on another."""
    number = law_number(law_day)
    nominee = any(not one.get("withdrawn_on") for one in facts["nominations"])
    ended = bool(facts["ends"]) and str(day) >= facts["ends"] and not nominee
    crs = facts["crs"] + 10 * facts["taste"] * number + (600 if nominee else 0)
    crs -= 50 if facts["drops"] and str(day) >= facts["drops"] else 0
    barred_by_law = facts["taste"] == -2 and number == 3
    eligible = not ended and not barred_by_law
    lists = ("general", "pnp") if nominee else tuple(sorted(facts["lists"]))
    program = "pnp" if nominee else "cec"
    crs = min(max(crs, 0), 1200)
    return CandidateScore(eligible, crs, program if eligible else None, lists if eligible else ())
