"""Forecasts for the pages: worked out in a worker, and kept until the day, the law or the record is another.

A worker arranges the record in series once; it hands back plain records and the rows of the fan, not its arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from fastapi import Request

from expressentry.answers.records.forecast import ForecastRecord
from expressentry.errors import ExpressEntryError, Problem, needs
from expressentry.forecast.settings import load_settings, series_of
from expressentry.present.charts.data import ChartData
from expressentry.rounds.record import Record, Round
from expressentry.text import Lang, Text
from expressentry.web.problems import RequestError
from expressentry.web.request import state_of
from expressentry.web.state import State
from expressentry.web.workers.handing import compute

if TYPE_CHECKING:
    from expressentry.answers.forecast import Basis

AHEAD = 5
"""Rounds that the page of a type looks ahead."""
_KEPT = 200
"""Forecasts kept: those of a day, of every type, in both languages and under a few assumptions."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a page shows: the forecasts, and its chart; for one type the record in words; or why there are none.

    The chart is the fan of a type, or for all types how often what was given came true.
    """

    records: list[ForecastRecord] = field(default_factory=list)
    chart: ChartData | None = None
    words: tuple[Text, ...] = ()
    problems: tuple[Problem, ...] = ()


async def found_of(request: Request, lang: Lang, series: str | None, assume: str | None) -> Found:
    """The forecasts of today: of a type, or of all types.

    Raises RequestError where the extra that forecasts need is not there, or no worker can.
    """
    try:
        needs("lab", "numpy", "scipy", field="forecast")
    except ExpressEntryError as error:
        raise RequestError(503, error.problems[0]) from None
    state = state_of(request)
    today = state.today()
    key = (today, assume, series, lang)
    if key not in state.forecasts:
        found = await compute(request, work_out, *key)
        for old in [one for one in state.forecasts if one[0] != today] or list(state.forecasts)[: 1 - _KEPT]:
            state.forecasts.pop(old, None)
        state.forecasts[key] = found
    kept: Found = state.forecasts[key]
    return kept


def work_out(state: State, on: date, assume: str | None, series: str | None, lang: Lang) -> Found:
    """Work forecasts out, or say why there are none."""
    from expressentry.answers.forecast import check_type, forecast, forecast_record, types_of
    from expressentry.present.charts.forecast import fan_data, reliability_data
    from expressentry.present.text.forecast import record_words

    try:
        basis = basis_in(state, on, assume)
        if series is None:
            records = [forecast_record(forecast(state.context, basis, one), lang) for one in types_of(basis)]
            return Found(records, reliability_data(lang))
        check_type(series, types_of(basis))
        one = forecast(state.context, basis, series, rounds=AHEAD)
    except ExpressEntryError as error:
        return Found(problems=tuple(error.problems))
    fan = fan_data(one, lang)
    words = record_words(series, one.ahead[0].horizon if one.ahead else 1)
    return Found([forecast_record(one, lang)], fan if fan.rows else None, tuple(words))


def basis_in(state: State, on: date, assume: str | None) -> Basis:
    """What forecasts of a day rest on; the record is arranged in series once for a state.

    Raises what `basis_of` does.
    """
    from expressentry.answers.forecast import basis_of
    from expressentry.forecast.past import History

    if state.history is None:
        state.history = History.of(state.record, state.law)
    return basis_of(state.context, on, assume, state.history)


def last_rounds(record: Record) -> Mapping[str, Round]:
    """The last round of each series that is forecast, the newest first."""
    found: dict[str, Round] = {}
    for one in reversed(record.rounds):
        if not _reasons(one):
            found.setdefault(series_of(one), one)
    return found


def left_out(record: Record) -> list[tuple[Round, Text]]:
    """The last round of each type of which every round is left out of the series, and why."""
    known = last_rounds(record)
    found = {series_of(one): (one, reason) for one in record.rounds for reason in _reasons(one)}
    return [pair for name, pair in found.items() if name not in known]


def _reasons(one: Round) -> list[Text]:
    return [out.reason for out in load_settings().left_out if out.holds(one)]


def draw(_: State, chart: ChartData, of_a_type: bool, lang: Lang, narrow: bool, dark: bool) -> bytes:
    """Draw the chart of a page as SVG."""
    from expressentry.present.charts.forecast import fan_chart, reliability_chart
    from expressentry.present.charts.save import as_svg

    maker = fan_chart if of_a_type else reliability_chart
    return as_svg(maker(chart, lang, dark=dark, narrow=narrow), lang)
