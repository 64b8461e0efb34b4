"""The plan: which moves raise the score, and which reach a target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.answers.plan import plan as best
from expressentry.errors import ExpressEntryError, Problem, UsageError
from expressentry.law.round_names import RoundNames
from expressentry.profile.read import read_profile
from expressentry.rounds.record import Record
from expressentry.text import Text
from expressentry.web.pages.candidate.forms import candidate_page, sent
from expressentry.web.pages.candidate.questions import unready
from expressentry.web.request import state_of

if TYPE_CHECKING:
    from expressentry.advise.plan.request import PlanRequest

router = APIRouter()
SIZE = 3
"""How many moves are combined unless asked otherwise: an answer within about a second."""
SIZES = (1, 2, 3, 4)


@router.post("/candidate/plan")
async def plan(request: Request) -> Response:
    """Every combination of moves that these facts allow."""
    found, state = await sent(request), state_of(request)
    back = unready(request, found)
    if back is not None:
        return back
    form, problems = found.form, list[Problem]()
    given, plans = {name: form.get(name, "").strip() for name in ("series", "target", "size")}, None
    try:
        wanted = _wanted(given)
        profile = read_profile(found.carried.asked(state.law, whole=True).facts, state.law)
        plans = await state.work(best, state.context, profile, state.today(), wanted)
    except ExpressEntryError as error:
        problems = list(error.problems)
    values = {
        "plans": plans,
        "given": given,
        "series": _series(state.record, state.law.round_names),
        "sizes": SIZES,
        "size": int(given["size"]) if given["size"] in map(str, SIZES) else SIZE,
        "problems": problems,
    }
    again = {name: value for name, value in given.items() if value}
    return candidate_page(request, "plan.html", found.carried, values, again=again, status=422 if problems else 200)


def _wanted(given: Mapping[str, str]) -> PlanRequest:
    """The target and the size.

    Raises UsageError for a target that is no number.
    """
    from expressentry.advise.plan.request import PlanRequest

    text = given["target"]
    if text and not (text.isascii() and text.isdigit() and len(text) < 6):
        raise UsageError(Problem("not_a_score", "target", _SCORE, _SCORE_CURE, text[:20]))
    return PlanRequest(
        size=int(given["size"]) if given["size"] in map(str, SIZES) else SIZE,
        target=int(text) if text else None,
        series=given["series"] or None,
    )


def _series(record: Record, names: RoundNames) -> dict[str, Text]:
    """The types and categories that have had a round."""
    known = {one.series for one in record.rounds}
    return {
        name: text for name, text in {**names.types, **names.categories}.items() if name in known and name != "unknown"
    }


_SCORE = Text("a score from 1 to 1200", "une note de 1 à 1200")
_SCORE_CURE = Text("for example 500", "par exemple 500")
