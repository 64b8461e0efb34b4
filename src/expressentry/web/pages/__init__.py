"""The pages, rendered on the server, the same in /en and in /fr, whole without JavaScript.

A page module has a `router` whose paths begin after the language: `@router.get("/rounds")` is /en/rounds and
/fr/rounds. A template writes every wording as a pair, `{{ t("Rounds", "Rondes") }}`.
"""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from expressentry.web.pages import (
    about,
    candidate,
    categories,
    charts,
    feeds,
    forecasts,
    health,
    home,
    law,
    occupations,
    pool,
    provinces,
    right,
    rounds,
    scenarios,
)
from expressentry.web.pages.charts import LANGUAGES
from expressentry.web.pages.charts import draw_ahead as draw_ahead
from expressentry.web.pages.render import error_page
from expressentry.web.request import accepted

PARTS = (
    *(home, candidate, rounds, forecasts, scenarios, pool, occupations, categories),
    *(provinces, law, right, about, health, feeds, charts),
)

_first = APIRouter()


@_first.get("/", include_in_schema=False)
async def first(request: Request) -> Response:
    """Lead to the first page in the language that the reader prefers."""
    headers = {"Vary": "Accept-Language", "Cache-Control": "no-cache"}
    return RedirectResponse(f"/{accepted(request)}", 302, headers)


def add_to(app: FastAPI) -> None:
    """Add every page to an app, in both languages, and the page that answers errors outside the API."""
    app.state.error_page = error_page
    app.include_router(_first)
    app.include_router(about.files)
    app.include_router(health.machines)
    app.include_router(feeds.machines)
    for lang in LANGUAGES:
        for part in PARTS:
            app.include_router(part.router, prefix=f"/{lang}", include_in_schema=False)
