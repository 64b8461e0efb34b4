"""Rounds that have passed: who would have been invited by one since submitting is no longer in the pool.

So the pool of a day is what arrivals and rounds leave: above a cut-off only those who came after the round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import reduce
from operator import or_

import polars as pl

from expressentry.dates import anniversary
from expressentry.law.criteria.programs import PROGRAMS
from expressentry.law.rule_set import RuleSet
from expressentry.rounds.eligibility import Invites
from expressentry.rounds.eligibility_frame import enters_expr
from expressentry.rounds.record import Record, Round

_NOON = time(12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Passed:
    """A round with whom it invites, as far as the law of the day of the population can say."""

    round: Round
    invites: Invites

    @property
    def at(self) -> datetime:
        """The instant of the round; noon of its day where none was published."""
        return self.round.at or datetime.combine(self.round.date, _NOON)


def rounds_between(record: Record, after: date, until: date, rules: RuleSet) -> list[Passed]:
    """The rounds after a day and up to another whose list the law of the day knows, oldest first."""
    known = {one.category for one in rules.categories}
    found = []
    for one in record.rounds:
        invites = Invites.of(one) if after < one.date <= until else None
        if invites is not None and (invites.category is None or invites.category in known):
            found.append(Passed(one, invites))
    return found


def of_last_year(record: Record, until: date, rules: RuleSet) -> list[Passed]:
    """The rounds of the time for which a profile is valid, up to a day."""
    return rounds_between(record, anniversary(until, -rules.evidence.profile_valid_years), until, rules)


def enters(passed: Passed, rules: RuleSet) -> pl.Expr:
    """Whether a person whom the rule engine has judged may surely enter a round."""
    answers = {name: pl.col(name) for name in PROGRAMS}
    answers |= {one.category: pl.col(f"category_{one.category}") for one in rules.categories}
    only = rules.evidence.nominee_only_as_nominee
    return enters_expr(
        passed.invites, answers, nominee=pl.col("provincial_nomination"), only_as_nominee=only
    ).fill_null(False)


def invited(passed: Passed, rules: RuleSet) -> pl.Expr:
    """Whether a round would have invited a person, by the score of the population's day."""
    one, crs, submitted = passed.round, pl.col("crs"), pl.col("submitted_at")
    tie = submitted <= (one.tie_break or passed.at)
    reaches = (crs > one.cutoff) | ((crs == one.cutoff) & tie)
    return (submitted < passed.at) & reaches & enters(passed, rules)


def left_by(rounds: Sequence[Passed], rules: RuleSet) -> pl.Expr:
    """Whether any of the rounds would have invited a person."""
    return reduce(or_, [invited(one, rules) for one in rounds], pl.lit(False))
