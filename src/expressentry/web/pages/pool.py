"""Pages of the pool: over time, and one day's distribution and the rank of a score in it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.errors import Problem, UsageError
from expressentry.present.charts.data import density
from expressentry.rounds.position import Position, over_the_year, position
from expressentry.rounds.record import TOTAL, PoolDay
from expressentry.text import Text, whole_number
from expressentry.web.pages.asked import not_a_score
from expressentry.web.pages.charts import chart_of
from expressentry.web.pages.render import page
from expressentry.web.request import state_of

router = APIRouter()
_HIGH = 500


@router.get("/pool")
async def pool(request: Request) -> Response:
    """The newest distribution, where a score stands, and every day published."""
    days = state_of(request).record.pool
    values = {
        "days": _rows(days)[::-1],
        "one_day": False,
        "pool_now": chart_of(request, "pool"),
        "pool_time": chart_of(request, "pool_time"),
    }
    return _page(request, days[-1], values)


@router.get("/pool/{as_of}")
async def pool_of_day(request: Request, as_of: str) -> Response:
    """One day's distribution."""
    days = state_of(request).record.pool
    day = next((one for one in days if one.as_of.isoformat() == as_of), None)
    if day is None:
        raise UsageError(Problem("unknown_day", "as_of", _NO_DAY, _NO_DAY_FIX, as_of[:20]))
    return _page(request, day, {"days": [], "one_day": True})


def _page(request: Request, day: PoolDay, values: dict[str, Any]) -> Response:
    found = _values(request, day)
    return page(request, "pool.html", {**found, **values}, status=400 if found["problems"] else 200)


def _values(request: Request, day: PoolDay) -> dict[str, Any]:
    record, text = state_of(request).record, request.query_params.get("score", "").strip()
    found: Position | None = None
    problems = []
    if text:
        score = whole_number(text, TOTAL[1])
        if score is None:
            problems = [not_a_score("score", text)]
        else:
            found = position(score, day)
    bands = [(low, high, count, density(low, high, count)) for low, high, count in day.finest]
    most = max(each for *_, each in bands)
    return {
        "day_": day,
        "source": record.sources[day.source],
        "bands": [(*band, round(band[-1] / most * 100, 1)) for band in bands],
        "total": total(day),
        "text": text,
        "found": found,
        "year": over_the_year(found.score, record.pool, day.as_of)[::-1] if found else [],
        "problems": problems,
        "rounds": [record.round(number) for number in day.rounds],
    }


def total(day: PoolDay) -> int:
    """The published total, or the sum of the bands."""
    return day.total if day.total is not None else sum(count for *_, count in day.finest)


def _rows(days: tuple[PoolDay, ...]) -> list[dict[str, Any]]:
    return [
        {
            "day": one.as_of,
            "total": total(one),
            "high": sum(count for low, _, count in one.finest if low > _HIGH),
            "doubt": one.doubt,
        }
        for one in sorted(days, key=lambda one: one.as_of)
    ]


_NO_DAY = Text("no distribution of this day", "aucune répartition de ce jour")
_NO_DAY_FIX = Text("the page of the pool lists them", "la page du bassin les énumère")
