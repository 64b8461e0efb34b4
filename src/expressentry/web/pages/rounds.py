"""Pages of the rounds: the list with its filter and charts, the same as a file, one page a round."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.answers.rounds import round_row
from expressentry.errors import UsageError
from expressentry.present.tables import comma_separated
from expressentry.rounds.record import Round
from expressentry.web.pages.asked import rounds_asked
from expressentry.web.pages.charts import chart_of
from expressentry.web.pages.render import lang_of_path, page
from expressentry.web.request import state_of

router = APIRouter()
SHOWN = 60


@router.get("/rounds")
async def rounds(request: Request) -> Response:
    """Every round, filtered."""
    names, asked = state_of(request).law.round_names, rounds_asked(request)
    found, of = asked.found, asked.found if asked.query else None
    values = {
        "given": asked.given,
        "problems": asked.problems,
        "found": found,
        "shown": found if "all" in asked.given else found[:SHOWN],
        "total": sum(one.invitations for one in found),
        "types": names.types,
        "categories": names.categories,
        "filtered": bool(asked.query),
        "asked": asked.query,
        "cutoffs": chart_of(request, "cutoffs", of, asked.query) if found else None,
        "invitations": chart_of(request, "invitations", of, asked.query) if found else None,
    }
    return page(request, "rounds.html", values, status=400 if asked.problems else 200)


@router.get("/rounds.csv")
async def as_csv(request: Request) -> Response:
    """The rounds of the filter as a table: a row for each, the newest first."""
    asked = rounds_asked(request)
    if asked.problems:
        raise UsageError(asked.problems)
    rows = [round_row(one, lang_of_path(request)) for one in asked.found]
    columns = list(round_row(state_of(request).record.newest, "en"))
    headers = {"Content-Disposition": 'attachment; filename="rounds.csv"', "Cache-Control": "public, max-age=300"}
    return Response(comma_separated(rows, columns), media_type="text/csv; charset=utf-8", headers=headers)


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
