"""The plan: what makes eligible, which steps raise the score, and which reach a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.advise.moves.model import Move, written
from expressentry.answers.plan import choices
from expressentry.answers.plan import plan as best
from expressentry.answers.streams import lacks, within_reach
from expressentry.answers.why import CRITERION
from expressentry.errors import ExpressEntryError, Problem, UsageError
from expressentry.law.round_names import RoundNames
from expressentry.present.text import steps as steps_words
from expressentry.profile.labels import PROVINCES
from expressentry.profile.read import read_profile
from expressentry.rounds.record import Record
from expressentry.text import Text, whole_number
from expressentry.web.pages.candidate.forms import candidate_page, chosen, sent
from expressentry.web.pages.candidate.questions import unready
from expressentry.web.request import state_of
from expressentry.web.workers.handing import Handed

if TYPE_CHECKING:
    from expressentry.advise.plan.request import PlanRequest
    from expressentry.advise.plan.search import Plans

router = APIRouter(route_class=Handed)
SIZE = 3
"""How many steps are combined unless asked otherwise: an answer within about a second."""
SIZES = (1, 2, 3, 4)
_MOST = 99_999
"""A number above is a slip of the keyboard; whether a smaller one is a score or a time, the plan says."""


@router.post("/candidate/plan")
async def plan(request: Request) -> Response:
    """Every combination of steps that these facts allow."""
    found, state = await sent(request), state_of(request)
    back = unready(request, found)
    if back is not None:
        return back
    problems, plans, steps = list[Problem](), None, list[Move]()
    given = {name: found.form.get(name, "").strip() for name in ("series", "target", "size")}
    try:
        profile = read_profile(found.carried.asked(state.law, whole=True).facts, state.law)
        steps = choices(state.context, profile, state.today())
        plans = best(state.context, profile, state.today(), _wanted(given, found.form, steps))
    except ExpressEntryError as error:
        problems = list(error.problems)
    values = {
        "plans": plans,
        "given": given,
        "series": _series(state.record, state.law.round_names),
        "sizes": SIZES,
        "size": chosen(given["size"], SIZES, SIZE),
        "steps": [_row(move, found.form) for move in steps],
        "chosen": CHOSEN in found.form,
        "problems": problems,
        "names": {f"{DAYS}{written(move.id)}": move.title for move in steps},
        "words": steps_words,
        "streams": _streams(plans),
    }
    again = {name: value for name, value in found.form.items() if value and name.startswith(_KEPT)}
    return candidate_page(request, "plan.html", found.carried, values, again=again, status=422 if problems else 200)


def _streams(plans: Plans | None) -> list[dict[str, Any]]:
    """The streams within reach, with what each lacks."""
    if plans is None:
        return []
    columns = plans.rules.law.streams.columns
    return [
        {
            "one": one,
            "finding": CRITERION[one.answer],
            "lacks": lacks(one, columns),
            "place": PROVINCES[one.stream.province],
        }
        for one in within_reach(plans.streams)
    ]


CHOSEN, USE, DAYS = "chosen", "use.", "days."
"""The fields of the list of steps: that it was sent, which steps are tried, and how long each takes."""
_KEPT = ("series", "target", "size", CHOSEN, USE, DAYS)


@dataclass(frozen=True, slots=True)
class Choice:
    """A step in the list: whether it is tried, and the days as they were typed."""

    move: Move
    name: str
    used: bool
    days: str


def _row(move: Move, form: Mapping[str, str]) -> Choice:
    """A step is tried unless it was taken out; one that is tried on request only where it was asked for."""
    name = written(move.id)
    used = USE + name in form if CHOSEN in form else not move.on_request
    return Choice(move, name, used, form.get(DAYS + name, "").strip())


def _wanted(given: Mapping[str, str], form: Mapping[str, str], steps: Sequence[Move]) -> PlanRequest:
    """The target, the size, the steps that are tried and their days.

    Raises UsageError for a target or days that are no number.
    """
    from expressentry.advise.plan.request import PlanRequest

    text, rows, problems = given["target"], [_row(move, form) for move in steps], list[Problem]()
    target = whole_number(text, _MOST)
    if text and target is None:
        problems.append(Problem("not_a_score", "target", _SCORE, _SCORE_FIX, text[:20]))
    days = {row.move.id: whole_number(row.days, _MOST) for row in rows if row.days}
    wrong = [row for row in rows if row.days and days[row.move.id] is None]
    problems += [Problem("not_a_number", DAYS + row.name, _DAYS, _DAYS_FIX, row.days[:20]) for row in wrong]
    if problems:
        raise UsageError(problems)
    return PlanRequest(
        size=chosen(given["size"], SIZES, SIZE),
        target=target,
        series=given["series"] or None,
        without=[row.move.id for row in rows if not row.used],
        also=[row.move.id for row in rows if row.used and row.move.on_request],
        days={id_: number for id_, number in days.items() if number is not None},
    )


def _series(record: Record, names: RoundNames) -> dict[str, Text]:
    """The types and categories that have had a round."""
    known = {one.series for one in record.rounds}
    return {
        name: text for name, text in {**names.types, **names.categories}.items() if name in known and name != "unknown"
    }


_SCORE = Text("a score from 1 to 1200", "une note de 1 à 1200")
_SCORE_FIX = Text("for example 500", "par exemple 500")
_DAYS = Text("a whole number of days", "un nombre entier de jours")
_DAYS_FIX = Text("for example 120", "par exemple 120")
