"""Pages of the rounds: the list with its filter and chart, one page a round."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.answers.rounds import find_rounds
from expressentry.dates import parse_day
from expressentry.errors import Problem
from expressentry.law.round_names import RoundNames
from expressentry.rounds.record import Round
from expressentry.text import Text
from expressentry.web.pages.charts import chart_of
from expressentry.web.pages.render import page
from expressentry.web.request import state_of

router = APIRouter()
SHOWN = 60
_DAYS = ("since", "until")
_SCORES = ("cutoff_min", "cutoff_max")


@router.get("/rounds")
async def rounds(request: Request) -> Response:
    """Every round, filtered."""
    given = dict(request.query_params)
    names = state_of(request).law.round_names
    asked, problems = read_filter(given, names)
    found = find_rounds(reversed(state_of(request).record.rounds), **asked)
    every = "all" in given
    values = {
        "given": given,
        "problems": problems,
        "found": found,
        "shown": found if every else found[:SHOWN],
        "total": sum(one.invitations for one in found),
        "types": names.types,
        "categories": names.categories,
        "filtered": bool(asked),
        "cutoffs": chart_of(request, "cutoffs"),
        "invitations": chart_of(request, "invitations"),
    }
    return page(request, "rounds.html", values, status=400 if problems else 200)


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
    for name in _DAYS:
        if value := given.get(name, "").strip():
            try:
                asked[name] = parse_day(value)
            except ValueError:
                problems.append(Problem("not_a_day", name, _DAY, _DAY_CURE, value))
    for name in _SCORES:
        if value := given.get(name, "").strip():
            if value.isascii() and value.isdigit() and int(value[:5]) <= 1200:
                asked[name] = int(value)
            else:
                problems.append(Problem("not_a_score", name, _SCORE, _SCORE_CURE, value))
    return asked, problems


@router.get("/rounds/{number}")
async def one_round(request: Request, number: str) -> Response:
    """One round."""
    state = state_of(request)
    record, one = state.record, state.record.round(number)
    before, after = record.neighbours(one)
    values = {
        "one": one,
        "source": record.sources[one.source],
        "rules": state.rules(one.date),
        "pool": record.pool_before(one),
        "around": [other for other in (after, one, before) if other is not None],
        "previous": _at(record.rounds, one, -1),
        "following": _at(record.rounds, one, 1),
        "programs": state_of(request).law.round_names.types,
    }
    return page(request, "round.html", values)


def _at(rounds: tuple[Round, ...], one: Round, step: int) -> Round | None:
    """The round before or after another, whatever its kind."""
    at = rounds.index(one) + step
    return rounds[at] if 0 <= at < len(rounds) else None


_LISTED = Text("one of the list", "un de la liste")
_CHOOSE = Text("choose from the list", "choisir dans la liste")
_DAY = Text("a day written YYYY-MM-DD", "un jour écrit AAAA-MM-JJ")
_DAY_CURE = Text("for example 2024-04-11", "par exemple 2024-04-11")
_SCORE = Text("a score from 0 to 1200", "une note de 0 à 1200")
_SCORE_CURE = Text("for example 491", "par exemple 491")
