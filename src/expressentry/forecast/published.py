"""Forecasts published before a round, and their scores after it.

Their file is in `chain`. Its columns are those of hubverse model output, with the instant of publication and the
assumption.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from expressentry.forecast.ahead import Ahead
from expressentry.forecast.backtest import skill_interval
from expressentry.forecast.distribution import LEVELS, Distribution
from expressentry.forecast.models import BASELINE
from expressentry.forecast.past import History
from expressentry.forecast.settings import series_of
from expressentry.rounds.record import Round

CUTOFF, SIZE, DAYS = "cutoff", "invitations", "days to round"
"""The targets: a day is given as days after the reference date."""
NEXT = "1"
"""The horizon of the next round, which is the one that is published."""
PUBLISHED = "published"
FEW_LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
"""The levels at which sizes and days are published; cut-offs have all of them."""

Row = dict[str, str]


def rows_of(found: Sequence[Ahead], on: date, at: datetime, assumption: str | None) -> list[Row]:
    """The rows of a publication, without their chain.

    Args:
        found: The next round of each type.
        on: The day from which rounds are ahead.
        at: The instant of publication.
        assumption: What the forecasts assume, None for nothing.
    """
    rows = []
    for one in found:
        head = {"published_at": at.isoformat(timespec="seconds"), "reference_date": on.isoformat()}
        tail = {"type": one.series, "horizon": str(one.number), "assumption": assumption or ""}
        for model, made in ((PUBLISHED, one.cutoff), (BASELINE, one.baseline)):
            quantiles = zip(LEVELS, made.quantiles, strict=True)
            rows += [_row(head, tail, model, CUTOFF, level, f"{value:.2f}") for level, value in quantiles]
        for level in FEW_LEVELS:
            rows.append(_row(head, tail, PUBLISHED, SIZE, level, f"{one.sizes.quantile(level):.0f}"))
            rows.append(_row(head, tail, PUBLISHED, DAYS, level, str((one.day(level) - on).days)))
    return rows


def level_name(level: float) -> str:
    """A level as its column has it.

    >>> level_name(0.1), level_name(0.975)
    ('0.1', '0.975')
    """
    return f"{level:.3f}".rstrip("0")


def _row(head: Row, tail: Row, model: str, target: str, level: float, value: str) -> Row:
    found = {**head, **tail, "model_id": model, "target": target, "output_type": "quantile"}
    return {**found, "output_type_id": level_name(level), "value": value}


@dataclass(frozen=True, slots=True)
class Scored:
    """One published forecast beside its round: `open` before the round, `late` where it came on its day or after."""

    type: str
    published_at: str
    reference_date: str
    assumption: str
    state: str
    round: Round | None
    median: float
    low80: float
    high80: float
    inside80: bool | None
    inside95: bool | None
    crps: float | None
    crps_last_value: float | None


def score(rows: Sequence[Row], history: History) -> list[Scored]:
    """Each published forecast of a cut-off with the round it was about; of several for one round the last counts."""
    made: dict[tuple[str, str, str, str], dict[str, dict[float, float]]] = {}
    for row in rows:
        if row["target"] == CUTOFF and row["horizon"] == NEXT:
            key = row["type"], row["reference_date"], row["published_at"], row["assumption"]
            levels = made.setdefault(key, {}).setdefault(row["model_id"], {})
            levels[float(row["output_type_id"])] = float(row["value"])
    found = [_scored(*key, history=history, levels=levels) for key, levels in made.items()]
    last = {(one.type, one.round.number): one for one in found if one.state == "scored" and one.round}
    return [one for one in found if one.state != "scored" or (one.round and last[one.type, one.round.number] is one)]


def _scored(
    series: str, reference: str, at: str, assumption: str, history: History, levels: dict[str, dict[float, float]]
) -> Scored:
    mine, base = (
        Distribution(np.array([levels[name][level] for level in LEVELS.round(2)])) for name in (PUBLISHED, BASELINE)
    )
    day = date.fromisoformat(reference)
    one = next((one for one in history.rounds if series_of(one) == series and one.date >= day), None)
    late = one is not None and datetime.fromisoformat(at).date() >= one.date
    state = "open" if one is None else "late" if late else "scored"
    low, high = mine.interval(80)
    low95, high95 = mine.interval(95)
    value = None if one is None else one.cutoff
    return Scored(
        series,
        at,
        reference,
        assumption,
        state,
        one,
        mine.median,
        low,
        high,
        None if value is None else low <= value <= high,
        None if value is None else low95 <= value <= high95,
        None if value is None else mine.crps(value),
        None if value is None else base.crps(value),
    )


@dataclass(frozen=True, slots=True)
class Running:
    """The record of published forecasts of a type so far, beside the last value."""

    type: str
    n: int
    crps: float
    crps_last_value: float
    coverage80: float
    coverage95: float
    skill: float
    skill_low: float
    skill_high: float


def running(found: Sequence[Scored]) -> list[Running]:
    """The running table: by type, and `all`."""
    counted = [one for one in found if one.state == "scored"]
    table = []
    for name in [*sorted({one.type for one in counted}), *(["all"] if counted else [])]:
        its = [one for one in counted if name in ("all", one.type)]
        mine = np.array([one.crps for one in its], dtype=np.float64)
        theirs = np.array([one.crps_last_value for one in its], dtype=np.float64)
        low, high = skill_interval(mine, theirs)
        inside80, inside95 = (float(np.mean([getattr(one, f"inside{p}") for one in its])) for p in (80, 95))
        skill = float(1 - mine.mean() / max(theirs.mean(), 1e-9))
        table.append(
            Running(name, len(its), float(mine.mean()), float(theirs.mean()), inside80, inside95, skill, low, high)
        )
    return table
