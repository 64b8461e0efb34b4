"""The days on which a nominee stream changes for a person, on a page of its own: each day takes work of its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.answers.timeline import timeline
from expressentry.dates import anniversary, spelled
from expressentry.law.streams import PROVINCES as CODES
from expressentry.present.text.timeline import sides
from expressentry.profile.labels import PROVINCES
from expressentry.profile.read import read_profile
from expressentry.web.pages.candidate.forms import candidate_page, chosen, sent
from expressentry.web.pages.candidate.questions import unready
from expressentry.web.request import state_of
from expressentry.web.workers.handing import Handed

if TYPE_CHECKING:
    from expressentry.advise.timeline.streams import StreamDay

router = APIRouter(route_class=Handed)
YEARS = (1, 2, 3)
_USUAL = 2


@router.post("/candidate/streams")
async def streams(request: Request) -> Response:
    """The days of the next years on which a stream opens, is lost, or changes, of one province or of all."""
    found, state = await sent(request), state_of(request)
    back = unready(request, found)
    if back is not None:
        return back
    given = {name: found.form.get(name, "").strip()[:4] for name in ("years", "province")}
    years = chosen(given["years"], YEARS, _USUAL)
    province = given["province"] if given["province"] in CODES else ""
    profile, today = read_profile(found.carried.asked(state.law, whole=True).facts, state.law), state.today()
    ahead = timeline(state.context, profile, today, until=anniversary(today, years), streams=True)
    assert ahead.streams is not None
    now = state.law.streams.on(today)
    values = {
        "spelled": spelled,
        "days": _days([one for one in ahead.streams if province in ("", one.stream.province)]),
        "until": ahead.streams.until,
        "cut": ahead.streams.until < ahead.until,
        "years": years,
        "offered": YEARS,
        "province": province,
        "names": {one.province: PROVINCES[one.province] for one in now},
        "oldest": min((one.cite.instrument.checked for one in now), default=None),
    }
    again = {"years": str(years), "province": province}
    return candidate_page(request, "streams.html", found.carried, values, again=again)


def _days(found: Sequence[StreamDay]) -> list[dict[str, Any]]:
    """Day by day what happens, and each stream that it changes: first those that open, close or are decided."""
    days = []
    for day, listed in groupby(found, key=lambda one: one.date):
        rows = [_row(one) for one in listed]
        causes = dict.fromkeys(cause.text for row in rows for cause in row["one"].causes)
        decided = [row for row in rows if row["decided"]]
        days.append(
            {"day": day, "causes": list(causes), "decided": decided, "rows": [r for r in rows if not r["decided"]]}
        )
    return days


def _row(one: StreamDay) -> dict[str, Any]:
    finding, points = sides(one)
    before, after = one.before, one.after
    decided = before is None or after is None or before[0] is not after[0]
    return {
        "one": one,
        "finding": finding,
        "points": points,
        "place": PROVINCES[one.stream.province],
        "decided": decided,
    }
