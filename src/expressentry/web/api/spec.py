"""The route of the description itself."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.web.api.answering import PREFIX
from expressentry.web.json import JSON

router = APIRouter(prefix=PREFIX)


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> Response:
    """The description of the API."""
    answer = JSON(request.app.openapi())
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
