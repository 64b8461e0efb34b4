"""Pages about the site: what it is, what it keeps (nothing), how to use the API."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.web.pages.render import page
from expressentry.web.request import state_of

router = APIRouter()


@router.get("/about")
async def about(request: Request) -> Response:
    """What this is."""
    return page(request, "about.html")


@router.get("/privacy")
async def privacy(request: Request) -> Response:
    """What is kept: nothing."""
    return page(request, "privacy.html", {"limits": state_of(request).settings.limits})


@router.get("/api")
async def api(request: Request) -> Response:
    """The routes of the API, from its own description."""
    described = request.app.openapi()
    routes: list[dict[str, Any]] = [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation["summary"],
            "parameters": [one["name"] for one in operation.get("parameters", ())],
        }
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    return page(request, "api.html", {"routes": routes, "limits": state_of(request).settings.limits})
