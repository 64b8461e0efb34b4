"""The routes of the app, and how their errors are answered: what serves, and what a worker answers with."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from expressentry.errors import ExpressEntryError
from expressentry.version import VERSION
from expressentry.web import api, pages
from expressentry.web.problems import on_crash, on_disconnect, on_http_error, on_our_error, on_wrong_parameters
from expressentry.web.state import State


def add_routes(app: FastAPI, state: State) -> FastAPI:
    """Add the API under /api/v1 and the pages under /en and /fr to an app."""
    app.state.known, state.app = state, app
    api.add_to(app)
    pages.add_to(app)
    described: dict[str, Any] = {}
    app.openapi = lambda: described or described.update(api.describe(app, state)) or described  # type: ignore[method-assign]
    return app


def described() -> dict[str, Any]:
    """What every app of ours is made with."""
    return {
        "title": "expressentry",
        "version": VERSION,
        "summary": api.SUMMARY,
        "description": api.DESCRIPTION,
        "docs_url": None,
        "redoc_url": None,
        "openapi_url": None,
        "swagger_ui_oauth2_redirect_url": None,
        "redirect_slashes": False,
        "exception_handlers": {
            ExpressEntryError: on_our_error,
            RequestValidationError: on_wrong_parameters,
            HTTPException: on_http_error,
            ClientDisconnect: on_disconnect,
            Exception: on_crash,
        },
    }
