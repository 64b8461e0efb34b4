"""Pages of the categories: those of today and before, one page a category with its versions and rounds."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.answers.lookups import list_changes, version_on, versions_of
from expressentry.noc.codes import noc2021
from expressentry.web.pages.render import page
from expressentry.web.request import state_of

router = APIRouter()


@router.get("/categories")
async def categories(request: Request) -> Response:
    """The categories, those in force first."""
    state, today = state_of(request), state_of(request).today()
    rows = [
        {
            "id": id_,
            "title": versions[0].category_title,
            "now": version_on(versions, today),
            "versions": versions,
            "last": state.record.last_round(id_, on=today),
            "dormant": state.record.dormant(id_, on=today),
        }
        for id_, versions in state.law.categories.items()
    ]
    return page(request, "categories.html", {"rows": sorted(rows, key=lambda row: row["now"] is None)})


@router.get("/categories/{key}")
async def category(request: Request, key: str) -> Response:
    """One category."""
    state, today = state_of(request), state_of(request).today()
    versions = versions_of(state.law, key[:40])
    codes = sorted(frozenset().union(*(one.occupations for one in versions)))
    values = {
        "key": key,
        "versions": versions,
        "now": version_on(versions, today),
        "codes": codes,
        "noc2021": noc2021(),
        "changes": list_changes(versions),
        "rounds": [one for one in reversed(state.record.rounds) if one.category == key],
        "dormant": state.record.dormant(key, on=today),
    }
    return page(request, "category.html", values)
