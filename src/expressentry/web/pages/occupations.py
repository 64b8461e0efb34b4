"""Pages of the occupations: a search that works without JavaScript, one page an occupation."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.noc.codes import CHANGES, broad_groups, noc2016, noc2021, units_of
from expressentry.occupations.card import FRENCH_START, occupation
from expressentry.occupations.search import search
from expressentry.web.pages.render import page
from expressentry.web.request import state_of

router = APIRouter()
_HITS = 20
_MOST_WORDS = 200


@router.get("/occupations")
async def occupations(request: Request) -> Response:
    """The search."""
    words = request.query_params.get("q", "").strip()[:_MOST_WORDS]
    hits = search(words, None, _HITS) if words else []
    groups = [] if hits else [(group, units_of(group.code)) for group in broad_groups()]
    return page(request, "occupations.html", {"words": words, "hits": hits, "groups": groups})


@router.get("/occupations/{code}")
async def one_occupation(request: Request, code: str) -> Response:
    """One occupation, with the history of the categories that listed it."""
    state = state_of(request)
    one = occupation(code[:20], state.law)
    held = {row.category for row in one.categories}
    values = {
        "one": one,
        "noc2016": noc2016(),
        "noc2021": noc2021(),
        "changes": CHANGES,
        "french_start": FRENCH_START,
        "history": [(versions, one.noc) for id_, versions in state.law.categories.items() if id_ in held],
    }
    return page(request, "occupation.html", values)
