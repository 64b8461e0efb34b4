"""The page that says how right we are: what is checked, what is open, what others get wrong."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.law.check import check
from expressentry.law.verify.known import compared
from expressentry.noc.codes import all_doubts
from expressentry.text import Text
from expressentry.web.pages.render import page
from expressentry.web.request import state_of

router = APIRouter()
PEERS = Path(__file__).parent.parent.parent / "data" / "peers" / "errors.csv"


@dataclass(frozen=True, slots=True)
class PeerError:
    """One class of error: how many of the calculators compared have it, and what it alone does to scores."""

    what: Text
    projects: int
    wide: int
    pool_like: int
    mean_points: float
    lowest: int
    highest: int


@cache
def peer_errors() -> tuple[PeerError, ...]:
    """The classes of error found in other calculators, the most common first."""
    with PEERS.open(encoding="utf-8", newline="") as file:
        return tuple(
            PeerError(
                Text(row["en"], row["fr"]),
                int(row["projects"]),
                int(row["changed_wide"]),
                int(row["changed_pool_like"]),
                float(row["mean_points"]),
                int(row["lowest"]),
                int(row["highest"]),
            )
            for row in csv.DictReader(file)
        )


@cache
def _checked() -> Any:
    """What `law check` counts; it reads everything, so once is enough."""
    return check([])


@router.get("/how-right")
async def how_right(request: Request) -> Response:
    """How right we are."""
    state = state_of(request)
    record = state.record
    values = {
        "checked": _checked(),
        "compared": compared(),
        "peers": peer_errors(),
        "law_doubts": [one for one in state.law.instruments.values() if one.doubt],
        "category_doubts": [one for one in state.law.all_versions if one.doubt],
        "round_doubts": [one for one in record.rounds if one.doubt],
        "pool_doubts": [one for one in (*record.pool, *record.quoted) if one.doubt],
        "source_doubts": [one for one in record.sources.values() if one.doubt],
        "noc_doubts": all_doubts(),
    }
    return page(request, "right.html", values)
