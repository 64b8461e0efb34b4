"""Scoring ahead: each person on each day on which a fact changes, in one frame for all days under the same law.

A call of the rule engine costs about as much as a hundred thousand rows, so it is called once a stretch of days and not
once a day. Nothing scores outside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from expressentry.assess.frame.table import score_frame
from expressentry.law.criteria.programs import PROGRAMS
from expressentry.law.law import Law
from expressentry.law.rule_set import RuleSet
from expressentry.noc.codes import codes_of
from expressentry.rounds.eligibility import NOMINEES, Invites
from expressentry.rounds.eligibility_frame import enters_expr
from expressentry.simulate.facts import factors_on
from expressentry.simulate.run.days import Days, day_of, months_between, number, numbers
from expressentry.simulate.run.due import Pairs
from expressentry.simulate.run.people import Cast, facts_then
from expressentry.simulate.scenario.model import AddedColumn
from expressentry.simulate.table import table

IN_THE_POOL = 1
"""The bit of whoever is eligible for a program; the lists that rounds invite from follow."""
MOST_DAYS = 92
"""The longest stretch: longer ones score more people who will have left."""
_ON = "~on"
_CATEGORY = "category_"
_NEVER_SCORED = ("person", "archetype", "weight", "submitted_at", "permit_until")


@dataclass(frozen=True, slots=True)
class Scored:
    """What becomes of people: in the order of days, who has which score from that day, and the lists they are in."""

    rows: NDArray[np.int32]
    days: Days
    crs: NDArray[np.int16]
    lists: NDArray[np.uint32]

    def on(self, day: int) -> slice:
        """The rows of a day."""
        return slice(*np.searchsorted(self.days, np.array([day, day + 1], dtype=np.int32)))


class Scorer:
    """Scores people of a cast on days, and says which of some lists each may be invited from."""

    def __init__(self, cast: Cast, law: Law, invites: Sequence[Invites], added: Sequence[AddedColumn]) -> None:
        self.cast, self.law, self.invites, self.added = cast, law, invites, added
        self.bits = {one: 1 << at for at, one in enumerate(invites, 1)}
        named = set(table()) - set(_NEVER_SCORED) | {"retested_on"}
        kept = [name for name in cast.frame.columns if name in named or name.startswith("~")]
        # Occupations as numbers: text would be looked up again for each row scored.
        self.frame = cast.frame.select(kept).with_columns(pl.col("noc").cast(pl.Enum(codes_of(2021))))
        self.months = frozenset(one.canadian_months for one in added)
        self.scored = 0

    def score(self, pairs: Pairs, rules: RuleSet) -> Scored:
        """Score people by their row on days under the law of one of these days; a pair that comes twice once."""
        rows, days = pairs
        both = np.sort(days.astype(np.int64) << 32 | rows)
        both = both[np.append(True, both[1:] != both[:-1])] if len(both) else both
        rows, days = (both & 0xFFFFFFFF).astype(np.int32), (both >> 32).astype(np.int32)
        self.scored += len(rows)
        frame = self.frame[rows].with_columns(pl.Series(_ON, days).cast(pl.Date))
        frame = facts_then(frame, _ON).with_columns(self._added(rows, days))
        factors = factors_on(frame, _ON, rules)
        found = score_frame(factors, rules.day, law=self.law, programs=True, categories=True)
        answers = {name: pl.col(name) for name in PROGRAMS}
        answers |= {name.removeprefix(_CATEGORY): pl.col(name) for name in found.columns if name.startswith(_CATEGORY)}
        nominee = pl.col("provincial_nomination")
        only = rules.evidence.nominee_only_as_nominee
        everyone = Invites((NOMINEES, *(name for name in PROGRAMS if name != NOMINEES)))
        lists = pl.lit(0, pl.UInt32)
        for one, bit in ((everyone, IN_THE_POOL), *self.bits.items()):
            may = enters_expr(one, answers, nominee=nominee, only_as_nominee=only).fill_null(False)
            lists = lists + pl.when(may).then(pl.lit(bit, pl.UInt32)).otherwise(pl.lit(0, pl.UInt32))
        out = found.select(pl.col("crs").cast(pl.Int16), lists.alias("lists"))
        return Scored(rows, days, out["crs"].to_numpy(), out["lists"].to_numpy())

    def _added(self, rows: NDArray[np.int32], days: Days) -> Iterable[pl.Series]:
        """The columns that the scenario gives by occupation, to those with enough work in Canada on the day."""
        if not self.added:
            return
        frame = self.cast.frame
        until = numbers(frame["canadian_until"])[rows]
        works = frame["canadian_works"].to_numpy()[rows]
        more = np.maximum(months_between(numbers(frame["counted_on"])[rows], np.minimum(days, until)), 0)
        months = frame["canadian_months"].to_numpy()[rows] + np.where(works, more, 0)
        for one in self.added:
            by = pl.Series(one.by_occupation.values(), dtype=pl.String)
            named = (
                frame["noc"][rows]
                .cast(pl.String)
                .replace_strict(
                    pl.Series(one.by_occupation.keys(), dtype=pl.String),
                    by,
                    default=one.otherwise,
                    return_dtype=pl.String,
                )
            )
            enough = pl.Series(months >= one.canadian_months)
            yield named.set(~enough, one.otherwise).alias(one.name)


def stretches(law: Law, first: date, last: date, at_most: int = MOST_DAYS) -> list[tuple[int, int]]:
    """The days from `first` to `last` cut where the law changes, and at the latest after so many days."""
    cuts = {*law.days, *law.selection_days, *law.user_days, *law.evidence.days}
    starts = sorted({first, *(day for day in cuts if first < day <= last)})
    found = []
    for start, then in zip(starts, [*starts[1:], last + timedelta(days=1)], strict=True):
        at, end = number(start), number(then)
        while at < end:
            found.append((at, min(at + at_most, end) - 1))
            at += at_most
    return found


def law_of(law: Law, day: int) -> RuleSet:
    """The law of a day by its number."""
    return law.on(day_of(day))
