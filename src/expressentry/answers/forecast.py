"""Forecasts of the next rounds of a type: under which assumption, when, how large, which cut-off, with which record."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from expressentry.answers.basis import reach_record
from expressentry.answers.context import Context
from expressentry.dates import long_day
from expressentry.errors import Problem, UsageError
from expressentry.forecast.ahead import MOST_ROUNDS, Ahead, next_rounds
from expressentry.forecast.distribution import Distribution
from expressentry.forecast.models import MODELS
from expressentry.forecast.past import History
from expressentry.forecast.settings import FOLDER, load_settings, series_of
from expressentry.law.law import Law
from expressentry.rounds.record import Round
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from expressentry.answers.records.forecast import (
        DayRangeRecord,
        ForecastRecord,
        RecordOfModel,
        RoundAheadRecord,
        SizeRangeRecord,
    )

GENERAL_TITLE = Text("All programs", "Tous les programmes")
FEW = 12
"""With fewer rounds than this a type's own history says little: it gets the errors of other types too."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What forecasts of a day rest on: the series, the grid, and what is assumed, None where nothing is."""

    history: History
    on: date
    grid: int
    assumed: str | None
    assumption: Text | None


def basis_of(context: Context, on: date, assume: str | None = None, history: History | None = None) -> Basis:
    """The basis of forecasts on a day.

    Args:
        context: The law and the record.
        on: The day of the forecast.
        assume: The id of the points grid that is assumed to apply, None to assume nothing.
        history: The record of the context as series, where it was arranged before.

    Raises:
        UsageError: The record is too old or the law not established, and nothing is assumed; or the grid is unknown.
        RecordError: The record has a gap.
    """
    history, rules = history or History.of(context.record, context.law), context.rules(on)
    reasons = []
    if context.record.stale(on):
        reasons.append(_TOO_OLD.fill(d=long_day(context.record.as_of)))
    reasons += [warning.message for warning in rules.warnings if warning.code == "law_unestablished"]
    if assume is None:
        if reasons:
            fix = Text(
                "name what is assumed: --assume {g}, as if these rules still applied",
                "nommer ce qui est supposé : --assume {g}, comme si ces règles s'appliquaient encore",
            )
            rule = Text("no forecast: {r}", "pas de prévision : {r}").fill(r=Text("; ", "; ").join(reasons))
            raise UsageError(Problem("no_forecast", "forecast", rule, fix.fill(g=rules.id)))
        return Basis(history, on, history.grid_on(on), None, None)
    grid = _grid(context.law, assume)
    wording = _ASSUMED if reasons else _ASSUMED_ALONE
    told = wording.fill(d=long_day(grid), r=Text("; ", "; ").join(reasons))
    return Basis(history, on, history.grid_on(grid), assume, told)


_TOO_OLD = Text("rounds since {d} are missing", "les rondes depuis le {d} manquent")
_ASSUMED_ALONE = Text(
    "Assumed: the points of {d} apply, and rounds go on as before.",
    "Supposé : les points du {d} s'appliquent, et les rondes continuent comme avant.",
)
_ASSUMED = Text(
    "Assumed: the points of {d} still apply, and rounds went on as before. We could not check it: {r}.",
    "Supposé : les points du {d} s'appliquent encore, et les rondes ont continué comme avant. Nous n'avons pas pu le "
    "vérifier : {r}.",
)


def _grid(law: Law, name: str) -> date:
    known = {one.id: one.in_force for one in law.grids if one.in_force and one.status != "proposed"}
    if name not in known:
        near = suggestion(name, list(known)) or list(known)[-1]
        rule = Text("no grid of points has this name", "aucune grille de points ne porte ce nom")
        raise UsageError(Problem("unknown_grid", "assume", rule, did_you_mean(near), name))
    found = known[name]
    assert found is not None
    return found


def types_of(basis: Basis) -> tuple[str, ...]:
    """The types that can be asked for, the one with the newest round first."""
    past = basis.history.past(basis.on)
    return tuple(sorted(past.names, key=lambda one: (-int(past.of(one).days[-1]), one)))


def check_type(name: str, known: Sequence[str]) -> None:
    """Refuse a type that had no round.

    Raises:
        UsageError: With the nearest type.
    """
    if name not in known:
        near = suggestion(name, list(known))
        fix = did_you_mean(near) if near else Text("one of: {a}", "l'un de : {a}").fill(a=", ".join(sorted(known)))
        rule = Text("no type of round, and no file, has this name", "aucun type de ronde ni fichier ne porte ce nom")
        raise UsageError(Problem("unknown_type", "TYPE", rule, fix, name))


@dataclass(frozen=True, slots=True)
class TypeForecast:
    """The forecast of a type: the next rounds, none for a type that had no round for a year; and its last round."""

    basis: Basis
    series: str
    title: Text
    last: Round
    number_of_rounds: int
    ahead: tuple[Ahead, ...]
    first_not_established: date | None


def forecast(
    context: Context, basis: Basis, series: str, *, rounds: int = 1, until: date | None = None
) -> TypeForecast:
    """The forecast of a type.

    Args:
        context: The law and the record.
        basis: What forecasts of the day rest on.
        series: The type.
        rounds: How many rounds ahead.
        until: Instead: all rounds that are more likely than not held by this day.

    Raises:
        UsageError: The horizon is further than the record supports, or the day is before the first.
    """
    if not 1 <= rounds <= MOST_ROUNDS:
        expected = Text("a number of rounds from 1 to {n}", "un nombre de rondes de 1 à {n}").fill(n=MOST_ROUNDS)
        raise UsageError(Problem.outside("horizon", expected, rounds))
    if until is not None and until < basis.on:
        rule = Text("is before the day of the forecast", "précède le jour de la prévision")
        raise UsageError(
            Problem("day_order", "until", rule, Text("give a later day", "donner un jour ultérieur"), until)
        )
    history = basis.history
    found = next_rounds(history, series, basis.on, basis.grid, rounds=rounds if until is None else MOST_ROUNDS)
    if until is not None:
        if found and found[-1].day(0.5) <= until:
            rule = Text(
                "is further than the record supports: {n} rounds of this type are likely by {d}",
                "dépasse ce que l'historique permet : {n} rondes de ce type sont probables d'ici au {d}",
            ).fill(n=MOST_ROUNDS, d=long_day(found[-1].day(0.5)))
            raise UsageError(
                Problem("too_far", "until", rule, Text("give an earlier day", "donner un jour antérieur"), until)
            )
        found = [one for one in found if one.day(0.5) <= until] or found[:1]
    begins = None
    if basis.assumed is None:
        # Of days whose law is not established nothing is said, unless something is assumed.
        held = [one for one in found if context.rules(one.day(0.5)).established]
        begins = found[len(held)].day(0.5) if len(held) < len(found) else None
        found = held
    past = history.past(basis.on)
    its = [one for one in history.rounds if series_of(one) == series and one.date < basis.on]
    return TypeForecast(
        basis, series, title_of(its[-1], context.law), its[-1], past.of(series).rows.size, tuple(found), begins
    )


def title_of(one: Round, law: Law) -> Text:
    """The name of the type that a round is of."""
    return GENERAL_TITLE if series_of(one) == "general" else law.round_names.label(one.type, one.category)


_LATER = Text("give a later day", "donner un jour ultérieur")
_EARLIER = Text("give an earlier day", "donner un jour antérieur")


@cache
def scored() -> Mapping[tuple[str, str, int, str], Mapping[str, float]]:
    """The table of the backtest: model, period, horizon and regime give the scores."""
    with (FOLDER / "scores.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    words = ("model", "type", "horizon", "regime")
    return {
        (row["model"], row["type"], int(row["horizon"]), row["regime"]): {
            name: float(value) for name, value in row.items() if name not in words
        }
        for row in rows
    }


def record_of(series: str, regime: str = "all", horizon: int = 1) -> RecordOfModel | None:
    """How the published forecasts of a type would have done, beside the last value; None where it was not scored."""
    period = load_settings().period_of(series)
    row = scored().get(("published", period.id, horizon, regime)) if period else None
    if period is None or row is None:
        return None
    return {
        "period": period.id,
        "horizon": horizon,
        "n": int(row["n"]),
        "crps": row["crps"],
        "crps_last_value": row["crps_last_value"],
        "coverage80": row["coverage80"],
        "coverage95": row["coverage95"],
        "skill": row["skill"],
        "skill_low": row["skill_low"],
        "skill_high": row["skill_high"],
        "better": row["skill_low"] > 0,
    }


def why_none(found: TypeForecast) -> Text | None:
    """Why there is no forecast of a type, None where there is one."""
    if found.ahead:
        return None
    if found.first_not_established is not None:
        return Text(
            "The next round is likely on {d}; the rules of that day are not known to us.",
            "La prochaine ronde est probable le {d}; les règles de ce jour ne nous sont pas connues.",
        ).fill(d=long_day(found.first_not_established))
    return Text(
        "No round for a year: nothing says whether there will be one.",
        "Aucune ronde depuis un an : rien n'indique s'il y en aura une.",
    )


def forecast_record(found: TypeForecast, lang: Lang) -> ForecastRecord:
    """The forecast of a type as plain data; every range goes from the lower to the higher value."""
    first = found.ahead[0] if found.ahead else None
    horizon = first.horizon if first else 1
    why = why_none(found)
    assumption = found.basis.assumption
    return {
        "type": found.series,
        "title": found.title.say(lang),
        "issued": found.basis.on.isoformat(),
        "assumption": found.basis.assumed,
        "assumption_text": assumption.say(lang) if assumption else None,
        "next_round": _days(first) if first else None,
        "size": _sizes(first) if first else None,
        "cutoff": _cutoffs(first.cutoff) if first else None,
        "baseline": {"cutoff": found.last.cutoff},
        "record": record_of(found.series, horizon=horizon),
        "record_held_out": record_of(found.series, "held_out", horizon),
        "model": first.model if first else None,
        "model_title": MODELS[first.model].title.say(lang) if first else None,
        "few_rounds": found.number_of_rounds < FEW,
        "at_most": _at_most(first.cutoff) if first else [],
        "last_round": {
            "number": found.last.number,
            "date": found.last.date.isoformat(),
            "cutoff": found.last.cutoff,
            "invitations": found.last.invitations,
        },
        "rounds": [_ahead(one) for one in found.ahead],
        "why": why.say(lang) if why else None,
        "reach": reach_record(found.basis.history.record, found.basis.on),
    }


def _ahead(one: Ahead) -> RoundAheadRecord:
    return {
        "ahead": one.number,
        "next_round": _days(one),
        "size": _sizes(one),
        "cutoff": _cutoffs(one.cutoff),
        "model": one.model,
    }


def _days(one: Ahead) -> DayRangeRecord:
    low, middle, high = (one.day(level).isoformat() for level in (0.1, 0.5, 0.9))
    return {"median_date": middle, "low80": low, "high80": high}


def _sizes(one: Ahead) -> SizeRangeRecord:
    low, high = one.sizes.interval(80)
    return {"median": round(one.sizes.median), "low80": round(low), "high80": round(high)}


def _cutoffs(made: Distribution) -> Any:
    found = {"median": round(made.median)}
    for percent in (50, 80, 95):
        low, high = made.interval(percent)
        found |= {f"low{percent}": round(low), f"high{percent}": round(high)}
    return found


def _at_most(made: Distribution) -> Any:
    """The probability that the cut-off is at most a score, at every fifth score of the 95 % interval."""
    low, high = made.interval(95)
    scores = range(int(low) // 5 * 5, int(high) + 6, 5)
    return [{"score": score, "probability": round(made.at_most(score), 2)} for score in scores]


def score_rows(table: Sequence[Any]) -> list[dict[str, Any]]:
    """The rows of a backtest as plain data, rounded to what they can say."""
    return [
        {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(one).items()}
        for one in table
    ]
