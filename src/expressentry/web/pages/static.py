"""The files of ours that pages ask for, and nothing else of the disk."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from expressentry.web.pages.render import STATIC

router = APIRouter(include_in_schema=False)
_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8"}
_FILES = {path.name: (path.read_bytes(), _TYPES[path.suffix]) for path in STATIC.iterdir() if path.suffix in _TYPES}


@router.get("/static/{name}")
async def static_file(request: Request, name: str) -> Response:
    """One file, found by its name in a list made at the start: no path reaches the disk."""
    if name not in _FILES:
        raise HTTPException(404)
    data, media = _FILES[name]
    keep = "public, max-age=31536000, immutable" if "v" in request.query_params else "public, max-age=300"
    return Response(data, media_type=media, headers={"Cache-Control": keep})


@router.get("/favicon.ico")
async def icon() -> Response:
    """The icon, where a browser asks for it unasked."""
    data, media = _FILES["icon.svg"]
    return Response(data, media_type=media, headers={"Cache-Control": "public, max-age=86400"})


@router.get("/health")
async def health() -> Response:
    """Say that the app is up."""
    return Response("ok\n", media_type="text/plain")
