"""A population of a day: drawn, calibrated to what was published, and reported with all that is not known.

found = synthesize(100_000, 7, date(2026, 9, 27), load_law(), load_record())
found.frame                     the table, see `simulate.table`
found.fitted.effective          0.9…: the effective sample size, as a share of the people
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from expressentry.law.languages import ABILITIES
from expressentry.law.law import Law
from expressentry.law.rule_set import RuleSet
from expressentry.rounds.record import PoolDay, Record
from expressentry.simulate.calibrate.fit import Fit, Fitted, Open, Reached
from expressentry.simulate.calibrate.margins import Wanted, shipped_wanted
from expressentry.simulate.calibrate.targets import bands_of, targets_of
from expressentry.simulate.data import Kinds, kinds
from expressentry.simulate.population.make import eligible_people
from expressentry.simulate.population.passed import of_last_year

_PILOT = 20_000
"""So many people are drawn first, by the shipped shares, to see which shares of archetypes the day asks for."""
_DIGITS = 4


@dataclass(frozen=True, slots=True, repr=False)
class Population:
    """A population of a day and its report.

    `pool` is the distribution it is calibrated to; `shares` those of the archetypes it was drawn by. `fitted` has the
    weights and what each target reached, `compared` what was held out, `left_open` what the figures do not settle.
    """

    frame: pl.DataFrame = field(repr=False)
    on: date
    seed: int
    rules: RuleSet
    pool: PoolDay
    total: int
    kinds: Kinds = field(repr=False)
    shares: Mapping[str, float]
    fitted: Fitted = field(repr=False)
    compared: tuple[Reached, ...]
    left_open: tuple[Open, ...]

    def __repr__(self) -> str:
        people = f"{self.frame.height} people for {self.total} candidates on {self.on}, seed {self.seed}"
        return f"<{type(self).__name__}: {people}>"

    @property
    def unmet(self) -> list[Reached]:
        """The targets outside their range."""
        return [one for one in self.fitted.reached if one.missed]


def synthesize(
    size: int,
    seed: int,
    on: date,
    law: Law,
    record: Record,
    *,
    of: Kinds | None = None,
    wanted: Wanted | None = None,
    progress: Callable[[int], None] | None = None,
) -> Population:
    """Draw people for a day and give them weights by which they add up to the pool that was published.

    Args:
        size: How many people.
        seed: The seed: same seed, size, day, law and version give the same table to the byte.
        on: The day: its facts, its law. The bands are the newest published up to it.
        law: The law, with what a user added.
        record: The rounds and distributions.
        of: The archetypes, the shipped ones unless given.
        wanted: The margins, the shipped ones unless given.
        progress: Called with the number of people of each batch.

    Raises:
        UsageError: The size is not one, no distribution is known near the day, or a condition names no column.
        FactorsError: A band, or a margin that must be reached, cannot be: which, and by how much.
    """
    known, asked = of or kinds(), wanted or shipped_wanted()
    rules, pool = law.on(on), bands_of(record, on)
    passed, total = of_last_year(record, pool.as_of, rules), sum(people for *_, people in pool.finest)
    targets = targets_of(pool, record, rules, asked)

    def drawn(number: int, stream: int, shares: Mapping[str, float] | None) -> tuple[pl.DataFrame, Fit]:
        frame, scores = eligible_people(
            number, (seed, stream), on, law, of=known, shares=shares, rounds=passed, progress=progress
        )
        return frame, Fit(_known(frame, scores), targets, total, asked)

    pilot, first = drawn(_PILOT, 0, None)
    shares = _shares(pilot, first, known)
    frame, fit = drawn(size, 1, shares)
    fitted = fit.fitted()
    invited = [one.mask for one in targets if one.id.endswith("-least")]
    return Population(
        frame.with_columns(weight=pl.Series(fitted.weights)),
        on,
        seed,
        rules,
        pool,
        total,
        known,
        shares,
        fitted,
        tuple(fit.compared(fitted.weights, invited, pool.as_of)),
        tuple(fit.left_open(fitted.weights)),
    )


def _known(frame: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """What conditions of margins may name: the table, what the law says, and two columns in short."""
    lowest = pl.min_horizontal(*(f"french_{ability}" for ability in ABILITIES))
    tested = pl.col("french_reading").is_not_null()
    more = frame.with_columns(
        in_canada=pl.col("permit_until").is_not_null(), french_lowest=pl.when(tested).then(lowest).otherwise(0)
    )
    return more.hstack(scores.select(name for name in scores.columns if name not in frame.columns))


def _shares(pilot: pl.DataFrame, fit: Fit, known: Kinds) -> dict[str, float]:
    """Shares of archetypes that need the least weighting: drawn shares times what the weights make of each."""
    weighted = (
        pilot.with_columns(weight=pl.Series(fit.weights())).group_by("archetype").agg(times=pl.col("weight").mean())
    )
    times = dict(weighted.iter_rows())
    mean = float(fit.total) / pilot.height
    found = {one.id: one.share * times.get(one.id, mean) / mean for one in known.archetypes.values()}
    return {id_: round(share / sum(found.values()), _DIGITS) for id_, share in found.items()}
