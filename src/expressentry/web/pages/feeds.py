"""What programs read of the pages: Atom feeds of rounds by type, and the map of the site."""

from __future__ import annotations

from datetime import UTC, datetime, time

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.errors import Problem, UsageError
from expressentry.law.round_names import RoundNames
from expressentry.noc.codes import noc2021
from expressentry.rounds.record import Round
from expressentry.text import Text, visible
from expressentry.web.forecasting import last_rounds
from expressentry.web.pages.render import absolute, lang_of_path, page
from expressentry.web.request import state_of

router = APIRouter()
_ENTRIES = 40
ALL = Text("All rounds", "Toutes les rondes")


def series(names: RoundNames) -> dict[str, Text]:
    """What a feed can be of: every round, a type, or a category."""
    types = {name: label for name, label in names.types.items() if name not in ("unknown", "category")}
    return {"all": ALL, **types, **names.categories}


@router.get("/feeds")
async def feeds(request: Request) -> Response:
    """The list of feeds."""
    return page(request, "feeds.html", {"series": series(state_of(request).law.round_names)})


@router.get("/feeds/{name}.atom")
async def feed(request: Request, name: str) -> Response:
    """The newest rounds of a kind as an Atom feed."""
    known = series(state_of(request).law.round_names)
    if name not in known:
        fix = Text("one of: {a}", "l'un de : {a}").fill(a=", ".join(known))
        raise UsageError(Problem("unknown_id", "name", Text("no such feed", "aucun tel fil"), fix, name[:40]))
    rounds = state_of(request).record.rounds
    found = [one for one in reversed(rounds) if name in ("all", one.type, one.category)][:_ENTRIES]
    values = {
        "name": name,
        "title": known[name],
        "entries": [(one, instant_of(one)) for one in found],
        "updated": instant_of(found[0]) if found else instant_of(rounds[0]),
        "self_": absolute(request, f"/{lang_of_path(request)}/feeds/{name}.atom"),
    }
    # A name that a record brings may have characters that XML must not have; markup has none of them.
    written = visible(bytes(page(request, "feed.xml", values).body).decode(), lines=True)
    return Response(written, media_type="application/atom+xml; charset=utf-8")


def instant_of(one: Round) -> str:
    """When a round was issued; where only the day is published, the end of that day in UTC."""
    found = one.at or datetime.combine(one.date, time(23, 59, 59), UTC)
    return found.strftime("%Y-%m-%dT%H:%M:%SZ")


machines = APIRouter(include_in_schema=False)
"""Addresses without a language, for programs that read the site."""


@machines.get("/robots.txt")
async def robots(request: Request) -> Response:
    """What a search engine may read: all pages, not the API."""
    lines = ("User-agent: *", "Disallow: /api/", f"Sitemap: {absolute(request, '/sitemap.xml')}")
    return Response("\n".join(lines) + "\n", media_type="text/plain")


@machines.get("/sitemap.xml")
async def sitemap(request: Request) -> Response:
    """Every page, in both languages."""
    state = state_of(request)
    paths = [
        *(
            "",
            "/rounds",
            "/forecasts",
            "/pool",
            "/categories",
            "/occupations",
            "/law",
            "/how-right",
            "/about",
            "/privacy",
            "/api",
        ),
        *(f"/rounds/{one.number}" for one in reversed(state.record.rounds)),
        *(f"/forecasts/{name}" for name in last_rounds(state.record)),
        *(f"/pool/{one.as_of}" for one in reversed(state.record.pool)),
        *(f"/categories/{key}" for key in state.law.categories),
        *(f"/law/{id_}" for id_ in (*state.law.instruments, *(grid.id for grid in state.law.grids))),
        *(f"/law/programs/{one.program}" for one in state.rules(state.today()).selection.programs),
        *(f"/occupations/{code}" for code in noc2021()),
    ]
    parts = ['<?xml version="1.0" encoding="utf-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    parts += [f"<url><loc>{absolute(request, f'/{lang}{path}')}</loc></url>" for path in paths for lang in ("en", "fr")]
    return Response("\n".join([*parts, "</urlset>"]) + "\n", media_type="application/xml")
