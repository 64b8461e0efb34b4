"""The counts that a population of a day should have: bands, margins, and the rounds that follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from expressentry.dates import long_day
from expressentry.errors import Problem, UsageError
from expressentry.law.rule_set import RuleSet
from expressentry.rounds.record import PoolDay, Record
from expressentry.simulate.calibrate.margins import Margin, Wanted, holds
from expressentry.simulate.population.passed import Passed, enters, rounds_between
from expressentry.text import Text

OLDEST = timedelta(days=60)
"""A distribution older than that says nothing of a day, unless it is the newest there is."""


@dataclass(frozen=True, slots=True)
class Target:
    """A number of people who meet a condition: what was published, and the range that agrees with it.

    `kind` is band, program, margin, invited or round; `use` is must, fit or held_out.
    """

    id: str
    kind: str
    title: Text
    wanted: float
    low: float
    high: float
    use: str
    basis: str
    day: date
    mask: pl.Expr


def bands_of(record: Record, on: date) -> PoolDay:
    """The newest distribution on or before a day, published or quoted.

    Raises:
        UsageError: None was published within 60 days before it.
    """
    days = sorted((*record.pool, *record.quoted), key=lambda one: one.as_of)
    found = next((one for one in reversed(days) if one.as_of <= on), None)
    if found is None or (on - found.as_of > OLDEST and found is not days[-1]):
        near = min(days, key=lambda one: abs(one.as_of - on))
        rule = Text(
            "no distribution of the pool is known near this day",
            "aucune répartition du bassin n'est connue près de ce jour",
        )
        fix = Text("give a day such as {day}", "donner un jour comme le {day}").fill(day=near.as_of)
        raise UsageError(Problem("no_bands", "on", rule, fix, on))
    return found


def targets_of(pool: PoolDay, record: Record, rules: RuleSet, wanted: Wanted) -> list[Target]:
    """Every target of a day, bands first; those that are held out too."""
    total = sum(people for *_, people in pool.finest)
    rounds = rounds_between(
        record, pool.as_of - timedelta(days=1), pool.as_of + timedelta(days=wanted.within_days), rules
    )
    margins = [_margin(one, pool.as_of, total) for one in wanted.margins.values() if one.of != "invitations"]
    return [*_bands(pool, wanted), *margins, *_rounds(rounds, pool.as_of, rules, wanted)]


def of_invited(anybody: pl.Expr, size: float, wanted: Wanted, day: date) -> list[Target]:
    """The figures about the invitations of a year, as counts of so many people whom the rounds of a day invite."""
    return [
        replace(found, mask=found.mask & anybody)
        for found in (_margin(one, day, size) for one in wanted.margins.values() if one.of == "invitations")
    ]


def _bands(pool: PoolDay, wanted: Wanted) -> list[Target]:
    found = []
    for low, high, people in pool.finest:
        free = people * wanted.band_tolerance
        title = Text("{a} to {b} points", "de {a} à {b} points").fill(a=low, b=high)
        inside = pl.col("crs").is_between(low, high)
        edges = (people, people - free, people + free)
        found.append(Target(f"band-{low}-{high}", "band", title, *edges, "must", pool.source, pool.as_of, inside))
    return found


def _margin(one: Margin, day: date, total: float) -> Target:
    low, high = one.range_on(day)
    edges = (one.share * total, low * total, high * total)
    kind = {"pool": "program", "submissions": "margin", "invitations": "invited"}[one.of]
    return Target(one.id, kind, one.title, *edges, one.use, one.basis, one.day, holds(one.where))


def _rounds(rounds: Sequence[Passed], day: date, rules: RuleSet, wanted: Wanted) -> list[Target]:
    """The first round of each list after the day: those who reach its cut-off and were not invited by one before.

    At the cut-off itself the tie-break decides, so more may stand there than were invited: the range covers both.
    """
    found: list[Target] = []
    taken, seen = pl.lit(False), set[str]()
    for passed in rounds:
        one = passed.round
        reached, above = (
            (pl.col("crs") >= cut) & enters(passed, rules) & ~taken for cut in (one.cutoff, one.cutoff + 1)
        )
        if one.series not in seen:
            free = one.invitations * (wanted.round_tolerance + wanted.each_day * (one.date - day).days)
            low, high = one.invitations - free, one.invitations + free
            title = Text(
                "round {n} of {day}, {label}: {size} invited at {cut} or more",
                "ronde {n} du {day}, {label} : {size} invités à {cut} ou plus",
            )
            said = title.fill(
                n=one.number, day=long_day(one.date), label=one.label, size=one.invitations, cut=one.cutoff
            )
            edges = ("fit", one.source, one.date)
            found.append(
                Target(f"round-{one.number}-least", "round", said, one.invitations, low, _ANY, *edges, reached)
            )
            found.append(Target(f"round-{one.number}-most", "round", said, one.invitations, 0, high, *edges, above))
            seen.add(one.series)
        taken = taken | ((pl.col("crs") >= one.cutoff) & enters(passed, rules))
    return found


_ANY = float("inf")
