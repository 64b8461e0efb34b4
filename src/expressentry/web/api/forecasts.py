"""Routes of forecasts: the next rounds of all types or of one, and a person's chance of an invitation."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from expressentry.answers.context import person_of
from expressentry.errors import UsageError, needs
from expressentry.web.api.answering import BODY, EVERY, NAMED, PREFIX, body, body_of, ok, told
from expressentry.web.forecasting import basis_in
from expressentry.web.problems import RequestError
from expressentry.web.request import DayQuery, QueryDay, day_of, lang_of, state_of
from expressentry.web.workers.handing import AllHanded

router = APIRouter(prefix=PREFIX, tags=["forecasts"], route_class=AllHanded)


class ForecastsQuery(DayQuery):
    """What forecasts are asked with."""

    assume: Annotated[
        str | None,
        Field(
            max_length=60,
            description="Assume that this points grid applies, and that rounds went on. Without it there is no "
            "forecast where rounds are missing or the law is not known.",
            examples=["crs-2025-03-25"],
        ),
    ] = None


class ForecastQuery(ForecastsQuery):
    """What the forecast of a type is asked with."""

    horizon: Annotated[int, Field(ge=1, le=12, description="So many rounds ahead.")] = 1
    until: Annotated[
        QueryDay | None,
        Field(description="Instead: all rounds that are more likely than not held by this day."),
    ] = None


class ChancesQuery(ForecastsQuery):
    """What a person's chances are asked with."""

    months: Annotated[int, Field(ge=1, le=12, description="So many months, this one among them.")] = 6


@router.get(
    "/forecasts", summary="The next round of every type, as intervals", responses={200: ok("Forecasts"), **EVERY}
)
async def forecasts(request: Request, query: Annotated[ForecastsQuery, Query()]) -> Response:
    """When the next round of each type is likely, its size and cut-off, and the record of such forecasts."""
    _ready()
    from expressentry.answers.forecast import forecast, forecast_record, types_of

    state, lang = state_of(request), lang_of(request)
    basis = basis_in(state, day_of(request, query), query.assume)
    found = [forecast(state.context, basis, one) for one in types_of(basis)]
    return told(request, [forecast_record(one, lang) for one in found])


@router.get(
    "/forecasts/{type}",
    summary="The next rounds of a type, as intervals",
    responses={200: ok("Forecast"), **EVERY, **NAMED},
)
async def one_forecast(
    request: Request,
    type: Annotated[str, Path(max_length=40, examples=["cec"])],  # noqa: A002
    query: Annotated[ForecastQuery, Query()],
) -> Response:
    """The next rounds of a type; `record` is how such forecasts would have done, beside the last cut-off repeated."""
    _ready()
    from expressentry.answers.forecast import check_type, forecast, forecast_record, types_of

    state, lang = state_of(request), lang_of(request)
    basis = basis_in(state, day_of(request, query), query.assume)
    check_type(type, types_of(basis))
    found = forecast(state.context, basis, type, rounds=query.horizon, until=query.until)
    return told(request, forecast_record(found, lang))


@router.post(
    "/chances",
    summary="The chance of an invitation by the end of each month",
    responses={200: ok("Chances"), **EVERY, **BODY},
    openapi_extra=body("Profile"),
)
async def chances(request: Request, query: Annotated[ChancesQuery, Query()]) -> Response:
    """Over all rounds that the person could enter, along the person's own timeline; and what would raise it."""
    _ready()
    from expressentry.answers.chances import chances as work_out
    from expressentry.answers.chances import chances_record

    state, day, lang = state_of(request), day_of(request, query), lang_of(request)
    person = person_of(await body_of(request), state.law)
    basis = basis_in(state, day, query.assume)
    return told(request, chances_record(work_out(state.context, person, basis, months=query.months), lang))


def _ready() -> None:
    """Refuse where what works forecasts out is not installed.

    Raises RequestError.
    """
    try:
        needs("lab", "numpy", "scipy", field="forecast")
    except UsageError as error:
        raise RequestError(503, error.problems[0]) from None
