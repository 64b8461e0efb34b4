"""The API: /api/v1, described by OpenAPI 3.1."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from expressentry.web.api import advice, forecasts, law, lookups, people, provinces, record, score
from expressentry.web.api.answering import PREFIX
from expressentry.web.api.describe import DESCRIPTION, SUMMARY, describe
from expressentry.web.request import JSON

__all__ = ["DESCRIPTION", "SUMMARY", "add_to", "describe"]


_itself = APIRouter(prefix=PREFIX)


@_itself.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> Response:
    """The description of the API."""
    answer = JSON(request.app.openapi())
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def add_to(app: FastAPI) -> None:
    """Add every route, all on one level: each router between the app and a route would be asked at each request."""
    parts = (
        *(people.router, people.handed_over, provinces.handed_over),
        *(part.router for part in (advice, forecasts, score, lookups, record, law, provinces)),
    )
    for router in (*parts, _itself):
        app.router.routes.extend(router.routes)
