"""People in numbers: archetypes by their shares, only those who are eligible, the same for the same seed.

uncalibrated(10_000, 7, date(2026, 9, 27), load_law())        a table whose weights are all 1
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from expressentry.assess.frame.table import score_frame
from expressentry.errors import Problem, UsageError
from expressentry.law.criteria.programs import PROGRAMS
from expressentry.law.law import Law
from expressentry.noc.codes import codes_of
from expressentry.rounds.eligibility import FEDERAL
from expressentry.simulate.data import Kinds, kinds
from expressentry.simulate.facts import factors_on
from expressentry.simulate.population.copula import one_of
from expressentry.simulate.population.draw import NOTHING
from expressentry.simulate.population.draw import people as people_of
from expressentry.simulate.population.passed import Passed, left_by
from expressentry.simulate.table import FACTORS, check, table
from expressentry.text import Text

BATCH = 10_000
"""People are drawn in batches of this size, each by a stream of its own: the first ones do not depend on how many."""
_MOST = 5_000_000
_FEWEST_ELIGIBLE = 0.01
_MOST_TOGETHER = 20
Progress = Callable[[int], None]


def uncalibrated(size: int, seed: int, on: date, law: Law) -> pl.DataFrame:
    """Draw so many eligible people as they are on a day, by the shipped shares; every weight is 1.

    Raises:
        UsageError: The size is not from 1 to five millions, or the day is before Express Entry began.
    """
    return eligible_people(size, (seed,), on, law)[0]


def eligible_people(
    size: int,
    seed: Sequence[int],
    on: date,
    law: Law,
    *,
    of: Kinds | None = None,
    shares: Mapping[str, float] | None = None,
    rounds: Sequence[Passed] = (),
    progress: Progress | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """People who are eligible on a day, and beside them what the law of the day says of each.

    Args:
        size: How many people.
        seed: The seed, as one number or several; with size, day and law it settles every value.
        on: The day.
        law: The law.
        of: The archetypes, the shipped ones unless given.
        shares: Shares of archetypes to draw by, where others than their own are wanted.
        rounds: Rounds that have passed: who would have been invited by one is gone, but for a few who declined.
        progress: Called with the number of people of each batch that was kept.

    Raises:
        UsageError: The size is not one, or nobody who is drawn is eligible.
    """
    _check_size(size)
    known = of or kinds()
    found, kept, batch, together = (
        list[tuple[pl.DataFrame, pl.DataFrame]](),
        0,
        0,
        min(-(-size // BATCH), _MOST_TOGETHER),
    )
    while kept < size:
        drawn = [_batch(known, on, (*seed, at), shares) for at in range(batch, batch + together)]
        frame, scores = _still_there(pl.concat(drawn), on, law, rounds)
        if frame.height < together * BATCH * _FEWEST_ELIGIBLE:
            raise UsageError(_nobody(on))
        found.append((frame.head(size - kept), scores.head(size - kept)))
        kept, batch = kept + found[-1][0].height, batch + together
        if progress is not None:
            progress(found[-1][0].height)
        # As many batches as are probably still missing are judged at once: each time has a cost of its own.
        together = max(min(-(-(size - kept) * together // frame.height), _MOST_TOGETHER), 1)
    frame = pl.concat([frame for frame, _ in found]).with_columns(
        person=pl.int_range(pl.len(), dtype=pl.UInt32), weight=pl.lit(1.0)
    )
    return check(frame.select(list(table()))), pl.concat([scores for _, scores in found])


def _still_there(
    frame: pl.DataFrame, on: date, law: Law, rounds: Sequence[Passed]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Those who surely meet a program and were not invited before, and what the law says of them."""
    scores = judged(frame, on, law)
    left = scores.with_columns(frame["submitted_at"]).select(left_by(rounds, law.on(on))).to_series()
    meets = scores.select(pl.any_horizontal(*FEDERAL).fill_null(False)).to_series()
    rows = (meets & (frame["declined"] | ~left)).arg_true()
    return frame[rows], scores[rows]


def judged(frame: pl.DataFrame, on: date, law: Law) -> pl.DataFrame:
    """Score, programs and categories of every person on a day, by the rule engine; and whether a nominee."""
    rules = law.on(on)
    factors = factors_on(frame, on, rules)
    scored = score_frame(factors, on, law=law, sections=True, programs=True, categories=True)
    return scored.select("crs", *PROGRAMS, *(f"category_{one.category}" for one in rules.categories), *_KEPT)


_KEPT = (
    "provincial_nomination",
    "program",
    "first_language_used",
    "age",
    "canadian_work_years",
    "foreign_work_years",
    "additional",
)
"""What margins are about, beside the answers."""


def _batch(of: Kinds, on: date, seed: Sequence[int], shares: Mapping[str, float] | None) -> pl.DataFrame:
    """One batch of people of all archetypes, mixed as they were drawn, by a stream of its own."""
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed)))
    by = [(shares or {}).get(one.id, one.share) for one in of.archetypes.values()]
    which = one_of(by, rng.random(BATCH))
    parts = []
    for at, archetype in enumerate(of.archetypes.values()):
        size = int((which == at).sum())
        columns = people_of(archetype, of, size, on, rng)
        parts.append(_as_table(columns).with_columns(archetype=pl.lit(archetype.id), counted_on=pl.lit(on)))
    order = np.argsort(np.argsort(which, kind="stable"), kind="stable")
    return pl.concat(parts)[order].with_columns(declined=pl.Series(rng.random(BATCH) < of.common.declined))


def _as_table(columns: Mapping[str, Any]) -> pl.DataFrame:
    """Arrays as the columns of a population; words are places among those of their column."""
    return pl.DataFrame(columns).select(_typed(name) for name in columns)


def _typed(name: str) -> pl.Expr:
    """A column as the table has it; empty where nothing was drawn."""
    column, dtype = pl.col(name), table()[name].dtype
    if table()[name].empty is not None and name in FACTORS:
        column = pl.when(column != NOTHING).then(column)
    if isinstance(dtype, pl.Enum) or name == "noc":
        words = dtype.categories if isinstance(dtype, pl.Enum) else codes_of(2021)
        return pl.lit(pl.Series(name, words, dtype=dtype)).gather(column).alias(name)
    return column.dt.replace_time_zone("UTC") if dtype == pl.Datetime("us", "UTC") else column.cast(dtype)


def _check_size(size: int) -> None:
    if not 1 <= size <= _MOST:
        expected = Text("a whole number from 1 to {n}", "un nombre entier de 1 à {n}").fill(n=_MOST)
        raise UsageError(Problem.outside("size", expected, size))


def _nobody(on: date) -> Problem:
    rule = Text(
        "nobody who is drawn is eligible under the law of {day}",
        "personne de ceux tirés n'est admissible selon le droit du {day}",
    ).fill(day=on)
    fix = Text("check the law that was added", "vérifier le droit ajouté")
    return Problem("nobody_eligible", "population", rule, fix)
