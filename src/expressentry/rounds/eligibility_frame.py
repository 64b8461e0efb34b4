"""Which candidates may enter a round, for a whole frame: the rule of `eligibility`, over columns of answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_

import polars as pl

from expressentry.rounds.eligibility import LISTS, NOMINEES, Invites


def enters_expr(
    invites: Invites, answers: Mapping[str, pl.Expr], *, nominee: pl.Expr, only_as_nominee: bool = True
) -> pl.Expr:
    """Say for each row whether the person may enter a round: true, false, null (cannot tell).

    Args:
        invites: Whom the round invites.
        answers: For each program and category a nullable boolean column; one left out cannot be told.
        nominee: Whether the person has a provincial nomination; a boolean column without nulls.
        only_as_nominee: Whether the law of the day says that a nominee is invited only as one.
    """
    unknown = pl.lit(None, dtype=pl.Boolean)
    if NOMINEES in invites.programs:
        as_nominee = answers.get(NOMINEES, unknown)
    else:
        as_nominee = pl.lit(False) if only_as_nominee else unknown
    # Of nullable booleans `|` and `&` follow Kleene's rules, as `some` and `every` do for one person.
    found = reduce(or_, [answers.get(program, unknown) for program in invites.federal], pl.lit(False))
    if invites.category is not None:
        found &= answers.get(invites.category, unknown)
    return pl.when(nominee).then(as_nominee).otherwise(found)


def lists_expr(answers: Mapping[str, pl.Expr], categories: Iterable[str], *, nominee: pl.Expr) -> dict[str, pl.Expr]:
    """For each list, whether the person is surely in it; in alphabetical order of the lists."""
    return {
        name: enters_expr(Invites.from_list(name), answers, nominee=nominee).fill_null(False)
        for name in sorted({*LISTS, *categories})
    }
