"""Whether the app is up, and how old the law and the rounds are that it answers from: for monitors, and as a page."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.answers.basis import law_record, reach_record
from expressentry.answers.published import page_warnings
from expressentry.errors import Problem
from expressentry.text import Text
from expressentry.web.pages.render import page
from expressentry.web.request import JSON, state_of
from expressentry.web.state import State

router = APIRouter()
machines = APIRouter(include_in_schema=False)
"""The address without a language."""


@machines.get("/health")
async def health(request: Request) -> Response:
    """Say that the app is up, and from what it answers: as lines, or as JSON for who accepts that alone.

    It is up also where newer files cannot be read: it goes on with those before.
    """
    state = state_of(request)
    today = state.today()
    rules, reach = state.rules(today), reach_record(state.record, today)
    differs = [one.message.en for one in page_warnings(state.settings.home, state.law)]
    troubles = [_said(one).en for one in state.troubles]
    if request.headers.get("accept", "").strip().lower() == "application/json":
        told = {"status": "ok", "record": reach, "law": law_record(rules, "en"), "differs": differs, "unread": troubles}
        return JSON(told, headers={"Cache-Control": "no-store"})
    lines = [
        "ok",
        f"record: rounds up to {reach['as_of']}, {reach['age_days']} days old, newest {reach['newest_round']}",
        f"law: {rules.id}, compared on {rules.checked.isoformat()}, {(today - rules.checked).days} days ago",
        *differs,
        *troubles,
    ]
    return Response("\n".join([*lines, ""]), media_type="text/plain", headers={"Cache-Control": "no-store"})


@router.get("/health")
async def health_page(request: Request) -> Response:
    """How the site is, for people."""
    state = state_of(request)
    return page(request, "health.html", _values(state), headers={"Cache-Control": "no-store"})


def _values(state: State) -> dict[str, Any]:
    today = state.today()
    rules = state.rules(today)
    return {
        "reach": reach_record(state.record, today),
        "rules": rules,
        "law_age": (today - rules.checked).days,
        "troubles": [_said(one) for one in state.troubles],
    }


def _said(one: Problem) -> Text:
    """A file that is not used, and why; not where it is, which is nobody's business."""
    place = one.where.en if one.where is not None else one.field
    wording = Text("not used, {f}: {r}", "non utilisé, {f} : {r}")
    return wording.fill(f=PurePath(place).name, r=one.rule)
