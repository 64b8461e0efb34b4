"""From a scenario and a seed to a simulation that can run: the law, the people, the rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from expressentry.errors import FactorsError, Problem, ScenarioError
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.rounds.load import load_record
from expressentry.rounds.record import Record
from expressentry.simulate.arrivals import Arrivals, shipped_arrivals
from expressentry.simulate.data import kinds
from expressentry.simulate.files import read_population
from expressentry.simulate.hazards import rates
from expressentry.simulate.population.make import eligible_people
from expressentry.simulate.run.arrivals import (
    Bands,
    arrival_days,
    picked,
)
from expressentry.simulate.run.days import NEVER, number
from expressentry.simulate.run.draws import EXTRA, PICKS, STOCK, stream
from expressentry.simulate.run.engine import Simulation
from expressentry.simulate.run.law import law_of_scenario
from expressentry.simulate.run.people import Cast, cast_of, evenly, moved
from expressentry.simulate.run.plan import planned_rounds
from expressentry.simulate.scenario.model import Scenario
from expressentry.simulate.synthesis import synthesize
from expressentry.text import Text

_LIKE = 60_000
_NOMINEES = _LIKE // 10
"""How many people arrivals are drawn from, and how many more nominees: of the former only one in 300 is one, too few
for the lowest scores, which decide the cut-offs of their rounds."""
_NOMINEE = "nominee"
_OTHER_PEOPLE, _OTHER_NOMINEES = 2, 3
"""Goes with the seed, so that those who arrive are not those who are there."""
_ENOUGH = 20_000
"""So many people are drawn at least, so that every published band has some."""
_COUNTED, _ROWS, _COPIES = 10, 20, 30
"""Streams of their own beside those of the people."""
_COUNTED_DAYS = 28
"""Work completes its months on any day of the month: how far back the last whole month may lie."""


@dataclass(frozen=True)
class Drawn:
    """The people of the first day and the diagnostics of how they were drawn."""

    frame: pl.DataFrame
    effective_sample: float | None
    residuals: list[dict[str, Any]]


def variants(scenario: Scenario) -> list[Scenario]:
    """The scenario once for each value of its ranges; itself where it has none."""
    ranges = scenario.law.ranges
    found = []
    for at in range(max((len(values) for values in ranges.values()), default=0)):
        numbers = {**scenario.law.numbers, **{name: values[at] for name, values in ranges.items()}}
        law = replace(scenario.law, numbers=numbers, ranges={})
        found.append(replace(scenario, law=law))
    return found or [scenario]


def bands_of(record: Record, on: date) -> Bands:
    """The bands in which the pool is published, highest first."""
    day = record.pool_on(on) or record.pool[0]
    return tuple((low, high) for low, high, _ in day.finest)


def make(
    scenario: Scenario,
    seed: int,
    *,
    record: Record | None = None,
    arrivals: Arrivals | None = None,
    known: Record | None = None,
) -> Simulation:
    """Make a simulation of one seed.

    Args:
        scenario: A scenario without ranges.
        seed: The seed; with the scenario, the law and the record it settles every result.
        record: The published rounds and pool, the shipped ones unless given.
        arrivals: Who arrives, the shipped figures unless given.
        known: The record to which the people of the first day are fitted; the whole one unless given.
    """
    record = record or load_record()
    law, hazards = law_of_scenario(scenario), rates(scenario.hazards)
    bands = bands_of(record, scenario.first)
    drawn = stock_of(scenario, seed, known or record)
    cast = everybody(scenario, seed, drawn.frame, law, hazards, bands, arrivals or shipped_arrivals())
    made = Simulation(scenario, cast, law, planned_rounds(scenario, record), hazards, bands)
    made.effective_sample, made.residuals = drawn.effective_sample, drawn.residuals
    return made


def everybody(
    scenario: Scenario,
    seed: int,
    stock: pl.DataFrame,
    law: Law,
    hazards: Mapping[str, float],
    bands: Bands,
    arrivals: Arrivals,
) -> Cast:
    """The people of the first day and all who arrive. Those who arrive are the same under every law."""
    first, last, one_in = scenario.first, scenario.last, scenario.people.one_in
    like, scores = _whom_arrivals_are_like(seed, first)
    days, wanted = arrival_days(arrivals, bands, first, last, one_in, seed)
    rows = picked(scores, bands, arrivals, scenario.people.weights, days, wanted, seed)
    came = moved(like[rows], days - np.int32(number(first)))
    came, days, extra, extra_days = _times(came, days, scenario.people.times, seed)
    parts = [_spread(stock, seed, STOCK), _spread(came, seed, PICKS), _spread(extra, seed, EXTRA)]
    return cast_of(parts[0], parts[1], days, parts[2], extra_days, first=first, seed=seed, law=law, rates=dict(hazards))


@lru_cache(maxsize=2)
def _whom_arrivals_are_like(seed: int, on: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """People whom arrivals are like, and what the law of a day says of them; scenarios of one seed share them."""
    law, only = load_law(), {id_: float(id_ == _NOMINEE) for id_ in _archetypes()}
    several = (
        eligible_people(_LIKE, (seed, _OTHER_PEOPLE), on, law),
        eligible_people(_NOMINEES, (seed, _OTHER_NOMINEES), on, law, shares=only),
    )
    return pl.concat([frame for frame, _ in several]), pl.concat([scores for _, scores in several])


def _spread(frame: pl.DataFrame, seed: int, use: int) -> pl.DataFrame:
    """Let months of work complete on any day of the month."""
    back = stream(seed, use + _COUNTED).integers(0, _COUNTED_DAYS, frame.height).astype(np.int32)
    days = frame["counted_on"].to_physical().cast(pl.Int32) - pl.Series(back)
    return frame.with_columns(counted_on=days.cast(pl.Date))


def _times(
    came: pl.DataFrame, days: Any, times: Mapping[str, float], seed: int
) -> tuple[pl.DataFrame, Any, pl.DataFrame, Any]:
    """Arrivals of some archetypes multiplied: those of the baseline stay as they are, or some stay away; more come."""
    unknown = sorted(set(times) - set(_archetypes()))
    if unknown:
        rule = Text("no such archetype: {a}", "archétype inconnu : {a}").fill(a=", ".join(unknown))
        fix = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(_archetypes()))
        raise ScenarioError(Problem("unknown_archetype", "people.times", rule, fix))
    factor = came["archetype"].replace_strict(
        pl.Series(list(times), dtype=pl.String), pl.Series(list(times.values()), dtype=pl.Float64), default=1.0,
        return_dtype=pl.Float64,
    ).to_numpy()  # fmt: skip
    luck = stream(seed, EXTRA + _COPIES).random(came.height)
    copies = (np.floor(factor) + (luck < factor % 1.0)).astype(np.int64)
    stays, more = copies > 0, np.maximum(copies - 1, 0)
    extra = np.repeat(np.arange(came.height), more)
    # Whoever stays away is left in their place and never comes, so that all others draw what they draw.
    return came, np.where(stays, days, NEVER).astype(np.int32), came[extra], days[extra]


def _archetypes() -> tuple[str, ...]:
    return tuple(kinds().archetypes)


def stock_of(scenario: Scenario, seed: int, record: Record) -> Drawn:
    """The people in the pool on the first day; each represents as many as any other.

    They are those of a file, or are drawn and calibrated to the published pool under the law of the day: what the
    scenario changes in the law comes to them, and chooses nobody.

    Raises:
        ScenarioError: The pool of the first day is not known, and the scenario gives no size.
        FactorsError: The file is of another version, or of another day.
    """
    people = scenario.people
    pool = record.pool_on(scenario.first)
    size = people.size or round(((pool and pool.total) or 0) / people.one_in)
    if not size:
        raise ScenarioError(Problem("no_size", "people.size", _NO_POOL, _GIVE_SIZE))
    if people.file is not None:
        frame, made = read_population(people.file)
        if made.on != scenario.first:
            rule = _OTHER_DAY.fill(a=made.on, b=scenario.first)
            raise FactorsError(Problem("other_day", str(people.file), rule, _SAME_DAY))
        drawn = Drawn(frame, None, [])
    else:
        asked = (max(size, _ENOUGH), seed, scenario.first)
        drawn = _drawn_as_shipped(*asked) if record is load_record() else _drawn(*asked, record)
    rows = evenly(drawn.frame["weight"].to_numpy(), size, float(stream(seed, STOCK + _ROWS).random()))
    return replace(drawn, frame=drawn.frame[rows].with_columns(weight=pl.lit(float(people.one_in))))


@lru_cache(maxsize=2)
def _drawn_as_shipped(size: int, seed: int, on: date) -> Drawn:
    """A population calibrated to the shipped record; scenarios of one seed share it."""
    return _drawn(size, seed, on, load_record())


def _drawn(size: int, seed: int, on: date, record: Record) -> Drawn:
    """A calibrated population, and how well it fits."""
    found = synthesize(size, seed, on, load_law(), record)
    residuals = [
        {"target": one.target.id, "wanted": round(one.target.wanted), "missed": round(one.missed)}
        for one in found.fitted.reached
    ]
    return Drawn(found.frame, round(found.fitted.effective, 4), residuals)


_NO_POOL = Text("the pool of the first day is not known", "le bassin du premier jour n'est pas connu")
_GIVE_SIZE = Text("give the number of people", "donner le nombre de personnes")
_OTHER_DAY = Text("a population of {a}, the run begins on {b}", "une population du {a}, la simulation commence le {b}")
_SAME_DAY = Text("draw one of the first day", "en tirer une du premier jour")
