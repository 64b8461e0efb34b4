"""The API: /api/v1, described by OpenAPI 3.1."""

from __future__ import annotations

from fastapi import FastAPI

from expressentry.web.api import advice, law, lookups, people, record, score, spec
from expressentry.web.api.describe import DESCRIPTION, SUMMARY, describe

__all__ = ["DESCRIPTION", "SUMMARY", "add_to", "describe"]


def add_to(app: FastAPI) -> None:
    """Add every route, all on one level: each router between the app and a route would be asked at each request."""
    for part in (people, advice, score, lookups, record, law, spec):
        app.router.routes.extend(part.router.routes)
