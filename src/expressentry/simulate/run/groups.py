"""People who entered and were invited, and after how long: by age, education, language and so on, and for everybody.

People are sorted once, by what they are on the day they come: a later birthday moves nobody from one group to another,
so two scenarios can be compared group by group.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from expressentry.law.languages import ABILITIES
from expressentry.simulate.run.days import NEVER, column
from expressentry.simulate.run.engine import Simulation
from expressentry.simulate.run.state import Place
from expressentry.simulate.table import LANGUAGES

EVERYBODY, NOBODY = "all", "none"
_AGES = (25, 30, 35, 40, 45)
_LEVELS = (5, 7, 9)
_ENOUGH_FRENCH = 7
_TEER = 1


def groups_of(simulation: Simulation) -> Iterator[dict[str, Any]]:
    """One row a dimension and value: people entered, invited, and the mean days from entering to the invitation."""
    cast, state, one_in = simulation.cast, simulation.state, simulation.scenario.people.one_in
    took_part = (state.place != Place.OUTSIDE) & (state.place != Place.REFUSED)
    waited = np.where(state.first_invited == NEVER, 0, state.first_invited - cast.enters)
    lists = pl.Series([*simulation.lists, NOBODY])
    frame = dimensions(simulation).with_columns(
        invited=pl.Series(state.first_invited != NEVER),
        waited=pl.Series(waited),
        round=lists.gather(pl.Series(state.first_list).cast(pl.Int64).replace(-1, len(simulation.lists))),
    )
    frame = frame.filter(pl.Series(took_part))
    for name in ("everybody", "round", *DIMENSIONS):
        counted = frame.group_by(name).agg(
            pl.len().alias("entered"),
            pl.col("invited").sum(),
            pl.col("waited").filter("invited").mean().round(1).alias("mean_days"),
        )
        for row in counted.sort(name).iter_rows(named=True):
            yield {
                "dimension": name,
                "value": str(row[name]),
                "entered": row["entered"] * one_in,
                "invited": row["invited"] * one_in,
                "mean_days": row["mean_days"],
            }


DIMENSIONS = ("age", "education", "language", "french", "place_of_work", "occupation", "partner")
"""By what people are sorted."""


def dimensions(simulation: Simulation) -> pl.DataFrame:
    """What each person is on the day of coming."""
    frame = simulation.cast.frame
    entered = column(simulation.cast.enters)
    age = entered.dt.year() - frame["birth_date"].dt.year()
    english, french = (
        pl.min_horizontal(pl.col(f"{language}_{ability}") for ability in ABILITIES) for language in LANGUAGES
    )
    best = pl.max_horizontal(english.fill_null(0), french.fill_null(0))
    here, abroad = pl.col("canadian_months") > 0, pl.col("foreign_months") > 0
    return frame.with_columns(age=age).select(
        everybody=pl.lit(EVERYBODY),
        age=_classes(pl.col("age"), _AGES),
        education=pl.col("education").cast(pl.String),
        language=_classes(best, _LEVELS),
        french=pl.when(french.fill_null(0) >= _ENOUGH_FRENCH).then(pl.lit("yes")).otherwise(pl.lit("no")),
        place_of_work=pl.when(here & abroad)
        .then(pl.lit("both"))
        .when(here)
        .then(pl.lit("canada"))
        .when(abroad)
        .then(pl.lit("abroad"))
        .otherwise(pl.lit("none")),
        occupation=pl.col("noc").str.slice(0, _TEER),
        partner=pl.col("partner").cast(pl.String),
    )


def _classes(value: pl.Expr, lows: tuple[int, ...]) -> pl.Expr:
    """The class of a number: below the first, from each to the next, from the last on."""
    found: Any = pl.when(value < lows[0]).then(pl.lit(f"under {lows[0]}"))
    for low, above in pairwise(lows):
        found = found.when(value < above).then(pl.lit(f"{low}-{above - 1}"))
    made: pl.Expr = found.otherwise(pl.lit(f"{lows[-1]} and over"))
    return made
