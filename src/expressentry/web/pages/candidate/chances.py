"""The chance of an invitation month by month, on a page of its own: it takes about a second to work out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.errors import ExpressEntryError, Problem, needs
from expressentry.profile.read import read_profile
from expressentry.web.forecasting import basis_in
from expressentry.web.pages.candidate.drawings import chances_drawing
from expressentry.web.pages.candidate.forms import candidate_page, chosen, sent
from expressentry.web.pages.candidate.questions import unready
from expressentry.web.request import state_of
from expressentry.web.workers.handing import Handed

if TYPE_CHECKING:
    from expressentry.answers.chances import Chances

router = APIRouter(route_class=Handed)
MONTHS = (3, 6, 12)
_USUAL = 6


@router.post("/candidate/chances")
async def chances(request: Request) -> Response:
    """The chances under the law known to us, or under the assumption that was agreed to."""
    found, state = await sent(request), state_of(request)
    back = unready(request, found)
    if back is not None:
        return back
    given = {name: found.form.get(name, "").strip()[:60] for name in ("months", "assume", "raise")}
    months = chosen(given["months"], MONTHS, _USUAL)
    made, problems = None, list[Problem]()
    try:
        needs("lab", "numpy", "scipy", field="forecast")
        from expressentry.answers.chances import chances as work_out

        profile = read_profile(found.carried.asked(state.law, whole=True).facts, state.law)
        basis = basis_in(state, state.today(), given["assume"] or None)
        made = work_out(state.context, profile, basis, months=months, plans=bool(given["raise"]))
    except ExpressEntryError as error:
        problems = list(error.problems)
    rules, rows = state.rules(state.today()), _rows(made)
    values: dict[str, Any] = {
        "found": made,
        "rows": rows,
        "drawn": chances_drawing(state.today(), [(end, *three) for end, _, three in rows]) if rows else None,
        "why": problems,
        "months": months,
        "offered": MONTHS,
        "given": given,
        "offer": (rules.crs.id, rules.crs.in_force),
    }
    if made is not None:
        from expressentry.present.text import forecast as words

        values |= {"percent": words.percent, "range": words.RANGE}
    again = {name: value for name, value in given.items() if value}
    status = 200 if all(one.code == "no_forecast" for one in problems) else 400
    return candidate_page(request, "chances.html", found.carried, values, again=again, status=status)


def _rows(made: Chances | None) -> list[tuple[date, int, tuple[float, float, float]]]:
    """The last day of each month, the lowest score on it, and the chance with its range."""
    return [] if made is None else list(zip(made.ends, made.scores, made.chances, strict=True))
