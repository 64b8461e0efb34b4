"""Which rounds a page is asked for: the filter, read once for the list, its charts and its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import Request

from expressentry.answers.rounds import find_rounds
from expressentry.dates import first_day, last_day
from expressentry.errors import Problem
from expressentry.law.round_names import RoundNames
from expressentry.rounds.record import TOTAL, Round
from expressentry.text import Text, whole_number
from expressentry.web.request import state_of

_DAYS = ("since", "until")
_SCORES = ("cutoff_min", "cutoff_max")


@dataclass(frozen=True, slots=True)
class RoundsAsked:
    """What was typed, the rounds found (the newest first), the filter as a query, and what is wrong with it.

    The query is empty where everything is asked for; it is the same however the filter was typed.
    """

    given: dict[str, str]
    found: list[Round]
    query: str
    problems: list[Problem]


def rounds_asked(request: Request) -> RoundsAsked:
    """Read the filter of a request and find the rounds; all of them where the filter cannot be read."""
    state, given = state_of(request), dict(request.query_params)
    asked, problems = read_filter(given, state.law.round_names)
    found = find_rounds(reversed(state.record.rounds), **({} if problems else asked))
    words = {"type" if name == "kind" else name: str(value) for name, value in asked.items()}
    return RoundsAsked(given, found, f"?{urlencode(words)}" if words and not problems else "", problems)


def read_filter(given: dict[str, str], names: RoundNames) -> tuple[dict[str, Any], list[Problem]]:
    """What the filter asks for, and what is wrong with it; an empty field asks nothing."""
    asked: dict[str, Any] = {}
    problems = []
    for name, known, argument in (
        ("type", names.types, "kind"),
        ("category", names.categories, "category"),
    ):
        if value := given.get(name, "").strip():
            if value in known:
                asked[argument] = value
            else:
                problems.append(Problem("unknown_word", name, _LISTED, _CHOOSE, value))
    for at, name in enumerate(_DAYS):
        if value := given.get(name, "").strip():
            try:
                asked[name] = (first_day, last_day)[at](value[:40])
            except ValueError:
                problems.append(Problem("not_a_day", name, _DAY, _DAY_FIX, value))
    for name in _SCORES:
        if value := given.get(name, "").strip():
            score = whole_number(value, TOTAL[1])
            if score is None:
                problems.append(not_a_score(name, value))
            else:
                asked[name] = score
    return asked, problems


def not_a_score(field: str, typed: str) -> Problem:
    """What is wrong with a field in which no score was typed."""
    rule = Text("a score from {a} to {b}", "une note de {a} à {b}").fill(a=TOTAL[0], b=TOTAL[1])
    return Problem("not_a_score", field, rule, Text("for example 491", "par exemple 491"), typed)


_LISTED = Text("one of the list", "un de la liste")
_CHOOSE = Text("choose from the list", "choisir dans la liste")
_DAY = Text("a year, a month or a day", "une année, un mois ou un jour")
_DAY_FIX = Text("for example 2024, April 2024 or 11 April 2024", "par exemple 2024, avril 2024 ou 11 avril 2024")
