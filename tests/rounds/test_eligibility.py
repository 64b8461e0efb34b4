"""Who may enter a round: the rule for one person and the rule for a frame are one."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from itertools import product
from typing import Any

import polars as pl
import pytest

from expressentry import assess_person, load_law, score_frame
from expressentry.law.criteria.programs import PROGRAMS
from expressentry.rounds.eligibility import INVITED, LISTS, Invites, eligibility, enters, lists_entered
from expressentry.rounds.eligibility_frame import enters_expr, lists_expr
from expressentry.rounds.record import Round
from tests.program_people import facts_of_programs, frame_of

BEFORE, SINCE = date(2017, 6, 21), date(2017, 6, 22)
ANSWERS = (True, False, None)


def a_round(day: date, type_: str, category: str | None = None, version: str | None = None) -> Round:
    """A round of a day, of some type."""
    blank: Mapping[str, Any] = dict.fromkeys(("at", "first_name", "programs", "tie_break"))
    return Round(
        "1", day, type=type_, category=category, version=version, name="", invitations=1, cutoff=0, source="",
        checked=day, **blank,
    )  # fmt: skip


def test_the_rule_begins_between_the_days() -> None:
    """The days tried lie on both sides of the rule about nominees."""
    assert [load_law().on(day).evidence.nominee_only_as_nominee for day in (BEFORE, SINCE)] == [False, True]


@pytest.mark.parametrize("only", [True, False])
@pytest.mark.parametrize("list_", [*LISTS, "stem"])
def test_every_answer_both_ways(list_: str, only: bool) -> None:
    """Every combination of answers, with a nomination and without, before the rule and since: row and frame agree."""
    invites = Invites.from_list(list_)
    rows = [
        {**dict(zip((*PROGRAMS, "stem"), answers, strict=True)), "nominee": nominee}
        for answers in product(ANSWERS, repeat=len(PROGRAMS) + 1)
        for nominee in (True, False)
    ]
    one_by_one = [enters(invites, row, nominee=row["nominee"] is True, only_as_nominee=only) for row in rows]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.Boolean))
    columns = {name: pl.col(name) for name in rows[0]}
    found = frame.select(enters_expr(invites, columns, nominee=pl.col("nominee"), only_as_nominee=only))

    assert found.to_series().to_list() == one_by_one


def test_every_list_both_ways() -> None:
    """The lists that a person is surely in are the same by row and by frame."""
    names = (*PROGRAMS, "french", "stem")
    rows = [
        {**dict(zip(names, answers, strict=True)), "nominee": nominee}
        for answers in product(ANSWERS, repeat=len(names))
        for nominee in (True, False)
    ]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.Boolean))
    columns = {name: pl.col(name) for name in names}
    flags = frame.select(**lists_expr(columns, ("french", "stem"), nominee=pl.col("nominee"))).rows(named=True)

    for row, found in zip(rows, flags, strict=True):
        answers = {name: row[name] for name in names}
        assert lists_entered(answers, nominee=row["nominee"] is True) == tuple(n for n, held in found.items() if held)


@pytest.mark.parametrize("day", [BEFORE, SINCE, date(2024, 4, 11), date(2026, 10, 1)])
def test_people_both_ways(day: date) -> None:
    """Invented people, for a round of every type and category of a day: the assessment and the table agree."""
    rng, rules = random.Random(day.toordinal()), load_law().on(day)
    only = rules.evidence.nominee_only_as_nominee
    asked = rules.asked(programs=True, categories=True)
    everyone = [facts_of_programs(rng, asked, rng.choice((0.0, 0.1, 0.3))) for _ in range(60)]
    scored = score_frame(frame_of(everyone, asked), day, programs=True, categories=True)
    readings = [assess_person(person, day).first for person in everyone]
    versions = {law.category: law.version for law in rules.selection.categories}
    answers = {name: pl.col(name) for name in PROGRAMS} | {name: pl.col(f"category_{name}") for name in versions}
    kinds = [(a_round(day, type_), Invites(INVITED[type_])) for type_ in INVITED if type_ != "category"]
    kinds += [(a_round(day, "category", *one), Invites.from_list(one[0])) for one in versions.items()]
    for one, invites in kinds:
        expr = enters_expr(invites, answers, nominee=pl.col("provincial_nomination"), only_as_nominee=only)
        found = scored.select(expr).to_series().to_list()

        assert Invites.of(one) == invites
        assert [eligibility(one, reading).answer for reading in readings] == found, one


def test_what_is_not_known_of_a_round() -> None:
    """A round of unknown type, and a version of a category that is not that of the day, cannot be told."""
    day = date(2026, 10, 1)
    reading = assess_person(
        facts_of_programs(random.Random(1), load_law().on(day).asked(programs=True), 0.0), day
    ).first

    assert eligibility(a_round(day, "unknown"), reading).answer is None
    assert eligibility(a_round(day, "category", "stem", "v99"), reading).answer in (None, False)
