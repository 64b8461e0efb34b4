"""No combination of answers to the open questions lies outside what is given, however few of them were tried."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expressentry.assess.person.readings import Assessment, Assessor, assess_profile
from expressentry.assess.person.score import AssessedReading
from expressentry.factors.derive import combine
from expressentry.factors.derive.combine import combinations
from expressentry.factors.derive.days import Prepared
from expressentry.factors.derive.least_most import calendar_days, fewest, utmost
from expressentry.factors.derive.ledger import Ledger, Units
from expressentry.factors.derive.model import Choice, Derived
from expressentry.law.load import load_law
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile
from tests.profiles import DAY, dated_facts, days, degree, facts, here, job, offer, permit, relative, report

MONTHS = "category_months"
_MOST = 48


def choices_of(made: Prepared, seed: int) -> Iterator[Choice]:
    """Every combination of all doubts of a profile; of many, some at random, on which they are independent."""
    doubts = {doubt.id: doubt for part in made.parts for doubt in part.doubts}.values()
    count = 1
    for doubt in doubts:
        count *= len(doubt.options)
    if count <= _MOST:
        yield from combinations(doubts)
        return
    chance = random.Random(seed)
    for _ in range(_MOST):
        yield {doubt.id: chance.choice(list(doubt.options)) for doubt in doubts}


def readings_of(profile: Profile, day: date, seed: int) -> Iterator[AssessedReading]:
    """What each combination gives, derived and assessed by itself, without any of the shortcuts."""
    law = load_law()
    made, assessor = Prepared(profile, law), Assessor(profile, law)
    for choice in choices_of(made, seed):
        found: dict[str, Any] = {}
        for part in made.parts:
            found |= part.component.facts(day, part.whole(choice))
        yield assessor._best(made._reading(found, choice, day), law.on(day))


def holds(derived: Derived, column: str, value: Any) -> bool:
    """Whether a column may have a value, by what was given; months lie between the least and the most of each."""
    values = derived.values(column)
    if column != MONTHS or not derived.bounded:
        return value in values
    if value in values:
        return True
    least, most = ({one["noc"]: one for one in ends} for ends in (derived.possible or {})[MONTHS][:2])
    entries = {one["noc"]: one for one in value}
    names = ("months", "run", "canada_months")
    enough = all(code in entries and all(entries[code][n] >= one[n] for n in names) for code, one in least.items())
    return enough and all(code in most and all(one[n] <= most[code][n] for n in names) for code, one in entries.items())


def check(found: Assessment, reading: AssessedReading) -> None:
    """One combination lies within the answer."""
    derived = found.derived
    assert reading.reading is not None
    for column, value in reading.reading.facts.items():
        assert holds(derived, column, value), (column, value, derived.values(column))
    assert found.totals[0] <= reading.total <= found.totals[-1]
    for id_, one in reading.programs.items():
        assert found.programs[id_] in (None, one.answer), id_
    for category in reading.categories:
        assert found.categories[category.law.category] in (None, category.answer), category.law.category
    for section in reading.sections:
        points = [line.points for one in found.readings for line in one.sections if line.id == section.id]
        assert min(points) <= section.points <= max(points), section.id


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(whole=dated_facts(), day=days(date(2015, 1, 1), date(2027, 12, 31)), seed=st.integers(0, 9))
@pytest.mark.parametrize("tried", [1, 4, combine.MOST_TRIED])
def test_every_combination_lies_within_the_answer(
    monkeypatch: pytest.MonkeyPatch, tried: int, whole: dict[str, Any], day: date, seed: int
) -> None:
    """Whatever is assumed gives facts, a score and findings within what is given, the fewer tried the wider."""
    with monkeypatch.context() as few:
        few.setattr(combine, "_LEAST_TRIED", tried)
        few.setattr(combine, "MOST_TRIED", tried)
        few.setattr(combine, "MOST_READINGS", min(tried, combine.MOST_READINGS))
        found = assess_profile(read_profile(whole), day)
        assert found.bounded is None or found.derived.bounded
    for reading in readings_of(read_profile(whole), day, seed):
        check(found, reading)


MANY: dict[str, dict[str, Any]] = {
    "occupations that were divided": facts(
        work=[
            here(date(2020 + n % 4, 1 + n % 12, 1), date(2024 + n % 3, 6 + n % 6, 1 + n), noc2016=code)
            if n % 2
            else job(date(2018 + n, 1 + n % 12, 1), date(2018 + n, 12, 1), noc2016=code)
            for n, code in enumerate(("2172", "2171", "2147", "0213", "6221", "4012", "1123", "0112"))
        ],
        status=[permit(date(2021, 6, 1) + n * (date(2021, 3, 1) - date(2021, 1, 1))) for n in range(4)],
        tests=[report(date(2026, 1, 1), 9)],
        credentials=[degree("masters", date(2016, 6, 1), date(2024, 1, 1))],
    ),
    "gaps between permits": facts(
        work=[here(date(2019, 1, 7), noc="72410", self_employed=True), here(date(2020, 1, 6), noc2016="7241")],
        status=[permit(date(y, m, 1), date(y, m + 4, 1)) for y in range(2019, 2025) for m in (1, 7)],
        job_offers=[offer(date(2026, 1, 1), noc2016="7241", duration_months=30), offer(date(2026, 2, 1))],
        tests=[report(date(2026, 1, 1), 7), report(date(2026, 2, 1), 8, 6, 7, 9)],
    ),
    "relatives of unknown age": facts(
        relatives=[{**relative(kind), "birth_date": None} for kind in ("sibling", "parent", "aunt_or_uncle") * 4],
        tests=[report(date(2026, 1, 1), 9)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MANY)
def test_many_open_questions_widen_and_never_mislead(name: str) -> None:
    """Of more combinations than are tried, those drawn at random lie within the answer, the mixed ones too."""
    whole = MANY[name]
    for one in whole["person"]["relatives"]:
        one.pop("birth_date", None)
    profile = read_profile(whole)
    found = assess_profile(profile, DAY)

    for seed in range(4):
        for reading in readings_of(profile, DAY, seed):
            check(found, reading)


def test_the_worst_of_all_is_not_missed() -> None:
    """The lowest score needs several answers at once: no doubt alone, and not all together, gives it."""
    whole = MANY["gaps between permits"]
    found = assess_profile(read_profile(whole), DAY)

    assert found.bounded is not None
    assert found.totals[0] == min(reading.total for reading in found.readings)
    assert found.total is None


@given(st.integers(1, 60), st.dates(date(1950, 1, 1), date(2050, 1, 1)), st.integers(0, 9000), st.integers(1, 3000))
@settings(max_examples=200)
def test_a_count_lies_between_the_ends(most: int, first: date, worked: int, rate: int) -> None:
    """By either rule of the year, years and months lie between the fewest and the most that such work may be."""
    units = Units(3000, 1_092_000)
    ledger = Ledger([(first.toordinal(), first.toordinal() + worked, rate)], units)
    window = first.toordinal() - 9, first.toordinal() + 9000
    total = ledger.total(*window)
    for rule in ("hours", "calendar"):
        years, months = ledger.years(*window, rule), ledger.months(*window, rule)
        assert fewest(units, total, 12, most) <= min(years, most) <= utmost(units, total, 12, most)
        assert fewest(units, total, 1, most) <= min(months, most) <= utmost(units, total, 1, most)


def test_days_of_months() -> None:
    """A number of months has these days at least and at most, whichever day it begins on, leap centuries included."""
    assert [calendar_days(months) for months in (1, 2, 12, 36, 48)] == [
        (28, 31),
        (59, 62),
        (365, 366),
        (1095, 1096),
        (1460, 1461),
    ]


def test_the_combinations_that_are_tried_are_few() -> None:
    """Doubts are counted before anything is derived, so that no profile is derived more than so often."""
    profile = read_profile(MANY["occupations that were divided"])
    made = Prepared(profile, load_law())
    made.on(DAY)

    assert made.effort.pieces <= len(made.parts) * 2 * combine.MOST_PIECES
    assert all(len(list(islice(combinations(part.doubts), combine.MOST_TRIED + 1))) for part in made.parts)
