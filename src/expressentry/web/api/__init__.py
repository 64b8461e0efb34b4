"""The API: /api/v1, described by OpenAPI 3.1."""

from __future__ import annotations

from fastapi import APIRouter

from expressentry.web.api import advice, law, lookups, people, record, score, spec
from expressentry.web.api.describe import DESCRIPTION, SUMMARY, describe

__all__ = ["DESCRIPTION", "SUMMARY", "describe", "router"]

router = APIRouter(prefix="/api/v1")
for part in (people, advice, score, lookups, record, law, spec):
    router.include_router(part.router)
