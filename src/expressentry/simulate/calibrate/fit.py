"""Fitting people to targets: weights, what each target reached, and what other beginnings would have given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from expressentry.errors import FactorsError, Problem, UsageError, listed
from expressentry.simulate.calibrate.margins import Group, Wanted, Where, holds
from expressentry.simulate.calibrate.raking import ASKED, FIRM, YIELDING, effective, rake
from expressentry.simulate.calibrate.targets import Target, of_invited
from expressentry.suggest import suggestion
from expressentry.text import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_DIGITS = 6
"""Weights are rounded: the last bits of an optimum are no information."""
_ROUNDING = 1e-4
"""A range counts as reached where it is missed by less, as a share of the count."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What a target reached with the weights: `missed` is how many people outside its range, below it negative."""

    target: Target
    people: float

    @property
    def missed(self) -> float:
        """How far outside the range, 0 within it."""
        slack = _ROUNDING * max(self.target.wanted, 1.0)
        if self.people < self.target.low - slack:
            return self.people - self.target.low
        return self.people - self.target.high if self.people > self.target.high + slack else 0.0


@dataclass(frozen=True, slots=True)
class Open:
    """A share that the figures leave open: with our beginning, and lowest and highest over others that fit as well.

    `by_bands` is the range where only the bands are fitted, `by_all` where everything is.
    """

    group: Group
    share: float
    by_bands: tuple[float, float]
    by_all: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of people, one each, and what they reach."""

    weights: Numbers
    reached: tuple[Reached, ...]
    effective: float
    largest: float


class Fit:
    """People and targets, made ready once and fitted from one beginning or several."""

    def __init__(self, people: pl.DataFrame, targets: Sequence[Target], total: float, wanted: Wanted) -> None:
        _check_columns(people, targets, wanted)
        self.people, self.total, self.wanted = people, total, wanted
        self.targets = [one for one in targets if one.use != "held_out"]
        self.held_out = [one for one in targets if one.use == "held_out"]
        masks = [one.mask.alias(f"t{at}") for at, one in enumerate(self.targets)]
        shifts = [holds(one.where).alias(f"s{at}") for at, one in enumerate(wanted.shifted)]
        marks = people.select(*masks, *shifts)
        cells = marks.with_row_index("~at").group_by(marks.columns, maintain_order=True).agg("~at")
        self.sizes = cells["~at"].list.len().to_numpy().astype(float)
        where = cells.select(pl.col("~at"), cell=pl.int_range(pl.len())).explode("~at").sort("~at")
        self.cell = where["cell"].to_numpy()
        self.members = cells.select(f"t{at}" for at in range(len(self.targets))).to_numpy().astype(float)
        self.shifts = cells.select(f"s{at}" for at in range(len(shifts))).to_numpy().astype(float)

    def weights(self, times: Numbers | None = None, *, bands_only: bool = False) -> Numbers:
        """The weight of every person; `times` multiplies the cells' weights at the start."""
        used = [at for at, one in enumerate(self.targets) if one.kind == "band" or not bands_only]
        start = self.sizes * (1.0 if times is None else times)
        start = start / start.sum()
        low = np.array([self.targets[at].low for at in used]) / self.total
        high = np.array([min(self.targets[at].high, self.total) for at in used]) / self.total
        highest = np.array([_price(self.targets[at]) for at in used])
        factors = rake(start, self.members[:, used], low, high, highest).factors
        each = start * factors / self.sizes * self.total
        found: Numbers = each[self.cell].round(_DIGITS)
        return found

    def fitted(self) -> Fitted:
        """Fit everything from the beginning as it is.

        Raises:
            FactorsError: A target that must be reached is not; it names each, and by how much.
        """
        weights = self.weights()
        reached = self._reached(weights, self.targets)
        unmet = [one for one in reached if one.target.use == "must" and one.missed]
        if unmet:
            raise FactorsError(listed(unmet, _unmet, "more", "population"))
        return Fitted(weights, tuple(reached), effective(weights), float(weights.max() / weights.mean()))

    def compared(self, weights: Numbers, invited: Sequence[pl.Expr], day: date) -> list[Reached]:
        """What was held out, with these weights; figures about invitations are compared with those of these rounds."""
        found = self._reached(weights, self.held_out)
        if not invited:
            return found
        anybody = pl.any_horizontal(*invited)
        size = float(weights[self.people.select(anybody).to_series().to_numpy()].sum())
        return [*found, *self._reached(weights, of_invited(anybody, size, self.wanted, day))]

    def left_open(self, weights: Numbers) -> list[Open]:
        """The shares that other beginnings give which fit the bands, or everything, as well."""
        by = {bands_only: [*self._shifted(bands_only)] for bands_only in (True, False)}
        found = []
        for group in self.wanted.shown:
            inside, among = self._mask(group.where), self._mask(group.among)
            share = _share(weights, inside, among)
            ranges = []
            for runs in by.values():
                shares = [share, *(_share(one, inside, among) for one in runs)]
                ranges.append((min(shares), max(shares)))
            found.append(Open(group, share, ranges[0], ranges[1]))
        return found

    def _shifted(self, bands_only: bool) -> list[Numbers]:
        """Weights from beginnings in which a group counts for less or more; those that reach what must be reached."""
        found = [self.weights(bands_only=bands_only)]
        for at in range(self.shifts.shape[1]):
            for times in self.wanted.times:
                weights = self.weights(np.where(self.shifts[:, at] > 0, times, 1.0), bands_only=bands_only)
                must = [one for one in self.targets if one.kind == "band"]
                if not any(one.missed for one in self._reached(weights, must)):
                    found.append(weights)
        return found

    def _mask(self, where: Where) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.people.with_columns(found=holds(where))["found"].to_numpy()
        return found

    def _reached(self, weights: Numbers, targets: Sequence[Target]) -> list[Reached]:
        if not targets:
            return []
        masks = self.people.select(one.mask.alias(str(at)) for at, one in enumerate(targets))
        return [Reached(one, float(weights[masks[str(at)].to_numpy()].sum())) for at, one in enumerate(targets)]


def _price(target: Target) -> float:
    if target.kind == "band":
        return FIRM
    return ASKED if target.use == "must" else YIELDING


def _share(weights: Numbers, inside: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    total = float(weights[among].sum())
    return float(weights[inside & among].sum()) / total if total else 0.0


def _unmet(one: Reached) -> Problem:
    target = one.target
    rule = Text(
        "{title}: {n} wanted, from {low} to {high}; {got} is as near as these people come",
        "{title} : {n} voulus, de {low} à {high}; {got} est le plus près que ces personnes atteignent",
    )
    fill = {"n": target.wanted, "low": target.low, "high": target.high, "got": one.people}
    said = rule.fill(title=target.title, **{name: round(value) for name, value in fill.items()})
    fix = Text(
        "draw more people, or give a margin that agrees with the others",
        "tirer plus de personnes, ou donner une marge qui s'accorde avec les autres",
    )
    return Problem("target_not_met", target.id, said, fix)


def _check_columns(people: pl.DataFrame, targets: Sequence[Target], wanted: Wanted) -> None:
    """Refuse conditions on columns that the people do not have."""
    named: Mapping[str, list[str]] = {one.id: one.mask.meta.root_names() for one in targets}
    groups = {one.id: [*one.where, *one.among] for one in (*wanted.shifted, *wanted.shown)}
    problems = []
    for id_, names in {**named, **groups}.items():
        for name in sorted(set(names) - set(people.columns)):
            near = suggestion(name, people.columns)
            fix = Text("one of: {all}", "l'une de : {all}").fill(all=near or ", ".join(people.columns))
            problems.append(Problem("unknown_column", f"{id_}.where", _NO_COLUMN, fix, name))
    if problems:
        raise UsageError(problems)


_NO_COLUMN = Text("a population has no such column", "une population n'a pas cette colonne")
