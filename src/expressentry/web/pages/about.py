"""Pages about the site: what it is, what it keeps (nothing), how to use the API; and the files that pages ask for."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from expressentry.web.pages.render import STATIC, page
from expressentry.web.request import state_of

router = APIRouter()


@router.get("/about")
async def about(request: Request) -> Response:
    """What this is."""
    return page(request, "about.html")


@router.get("/rules-changed")
async def rules_changed(request: Request) -> Response:
    """What to do when the rules have changed."""
    return page(request, "changed.html")


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


files = APIRouter(include_in_schema=False)
"""The files of ours that pages ask for, and nothing else of the disk."""

_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8"}
_FILES = {path.name: (path.read_bytes(), _TYPES[path.suffix]) for path in STATIC.iterdir() if path.suffix in _TYPES}


@files.get("/static/{name}")
async def static_file(request: Request, name: str) -> Response:
    """One file, found by its name in a list made at the start: no path reaches the disk."""
    if name not in _FILES:
        raise HTTPException(404)
    data, media = _FILES[name]
    keep = "public, max-age=31536000, immutable" if "v" in request.query_params else "public, max-age=300"
    return Response(data, media_type=media, headers={"Cache-Control": keep})


@files.get("/favicon.ico")
async def icon() -> Response:
    """The icon, where a browser asks for it unasked."""
    data, media = _FILES["icon.svg"]
    return Response(data, media_type=media, headers={"Cache-Control": "public, max-age=86400"})
