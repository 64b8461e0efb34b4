"""Drawing people of one archetype: facts from the copula, and those that follow from them or from nothing.

A word is drawn as its place among the words of its column: comparing and storing numbers is many times faster.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from expressentry.factors.derive.language import TOP
from expressentry.law.languages import ABILITIES
from expressentry.noc.codes import codes_of
from expressentry.simulate.data import Archetype, Common, Kinds
from expressentry.simulate.population.copula import along, below, one_of, together
from expressentry.simulate.table import table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Columns = dict[str, NDArray[Any]]

NO_DAY = np.datetime64("NaT", "D")
NOTHING = -1
"""Stands for an empty value among whole numbers until columns become a table."""
_YEAR_DAYS, _MONTH_DAYS, _MONTHS = 365.2425, 30.436875, 12
_LAST_IS_SHORT = 0.5
"""Of those with several credentials, how many have a shorter one from Canada."""
_WORKS_FROM_AGE, _STUDY_MONTHS = 18, 24
_LOWEST = 1
_DAY = 86_400_000_000
"""Microseconds."""


def people(archetype: Archetype, kinds: Kinds, size: int, on: date, rng: np.random.Generator) -> Columns:
    """Draw people of an archetype as they are on a day: one array a column, in no unit but days, months and levels."""
    common, facts = kinds.common, together(rng, size, kinds.pairs)
    day = np.datetime64(on)

    def uniform() -> Any:
        return rng.random(size)

    age = along(archetype.age, facts["age"])
    found: Columns = {"birth_date": day - (age * _YEAR_DAYS).astype(int)}
    submitted = (along(common.submitted_days, uniform()) * _DAY).astype(np.int64)
    found["submitted_at"] = np.datetime64(on, "us") - np.maximum(submitted, 1)
    since = -(-submitted // _DAY)
    found |= _studies(archetype, common, facts["education"], since, day, uniform)
    found |= _permit(archetype, common, day, since, uniform)
    found |= _work(archetype, common, facts, age, found, day, uniform)
    for language in ("english", "french"):
        found |= _tests(language, archetype, common, facts[language], since, day, rng)
    found |= _family(archetype, common, age, rng)
    return found | _standing(archetype, common, found, uniform)


def _studies(archetype: Archetype, common: Common, fact: Any, since: Any, day: Any, uniform: Any) -> Columns:
    """Education, whether it was in Canada, and when it was assessed."""
    level = partial(places, "education")
    education = level(*archetype.education)[one_of(archetype.education, fact)]
    studied = ~np.isin(education, level("none", "secondary")) & (uniform() < archetype.canadian_study)
    short = np.isin(education, level("one_year", "two_year"))
    short |= (education == level("two_or_more")) & (uniform() < _LAST_IS_SHORT)
    none, shorter, longer = places("canadian_study", "none", "one_or_two_year", "three_year_or_more")
    study = np.where(studied, np.where(short, shorter, longer), none)
    ago = (since + uniform() * (common.assessed_within_days - since).clip(0)).astype(int)
    return {
        "education": education,
        "canadian_study": study,
        "canadian_study_2y": studied & (education != level("one_year")),
        "assessed_on": np.where(studied | (education == level("none")), NO_DAY, day - ago),
    }


def _permit(archetype: Archetype, common: Common, day: Any, since: Any, uniform: Any) -> Columns:
    """The end of the permit of who is in Canada, and a nomination."""
    until = day + along(common.permit_days, uniform()).astype(int)
    named = day - np.minimum(since, (uniform() * common.nominated_within_days).astype(int))
    return {
        "permit_until": until if archetype.in_canada else np.full(since.shape, NO_DAY),
        "nominated_on": named if archetype.nominee else np.full(since.shape, NO_DAY),
    }


def _work(
    archetype: Archetype, common: Common, facts: Mapping[str, Any], age: Any, found: Columns, day: Any, uniform: Any
) -> Columns:
    """One run of work in Canada and one outside it, that fit into the years since the person could work."""
    codes = np.array([codes_of(2021).index(code) for code in archetype.occupations])
    studied = found["canadian_study"] != places("canadian_study", "none")
    room = ((age - _WORKS_FROM_AGE) * _MONTHS - np.where(studied, _STUDY_MONTHS, 0)).clip(0)
    canadian = np.minimum(_months(archetype.canadian, archetype.canadian_none, facts["canadian"]), room.astype(int))
    foreign = _months(archetype.foreign, archetype.foreign_none, facts["foreign"])
    foreign = np.minimum(foreign, (room - canadian).clip(0).astype(int))
    works, stopped = uniform() < archetype.works, day - along(common.stopped_days, uniform()).astype(int)
    here, abroad = works & archetype.in_canada, works & (not archetype.in_canada)
    canadian_until = np.where(here, found["permit_until"], stopped)
    came = day - ((canadian + np.where(studied, _STUDY_MONTHS, 0)) * _MONTH_DAYS).astype(int)
    foreign_until = np.where(abroad, NO_DAY, np.minimum(came, stopped) if archetype.in_canada else stopped)
    return {
        "noc": codes[one_of(archetype.occupations, uniform())],
        "canadian_months": canadian,
        "canadian_works": here,
        "canadian_until": np.where(here | (canadian > 0), canadian_until, NO_DAY),
        "foreign_months": foreign,
        "foreign_works": abroad,
        "foreign_until": np.where(foreign > 0, foreign_until, NO_DAY),
    }


def _months(points: Any, none: float, fact: Any) -> Any:
    """Whole months of work; the lowest of the people have none."""
    return np.where(fact < none, 0, along(points, ((fact - none) / (1 - none)).clip(0))).astype(int)


def _tests(
    language: str, archetype: Archetype, common: Common, fact: Any, since: Any, day: Any, rng: np.random.Generator
) -> Columns:
    """One test report of a language: four abilities around one level."""
    size = len(fact)
    tested = rng.random(size) < getattr(archetype, f"{language}_tested")
    ago = (since + rng.random(size) * (common.tested_within_days - since).clip(0)).astype(int)
    found: Columns = {f"{language}_taken_on": np.where(tested, day - ago, NO_DAY)}
    level = along(getattr(archetype, language), fact)
    for ability in ABILITIES:
        found[f"{language}_{ability}"] = np.where(tested, _ability(level, common, rng), NOTHING)
    return found


def _ability(level: Any, common: Common, rng: np.random.Generator) -> Any:
    spread = common.ability_sd * rng.standard_normal(len(level))
    return np.rint(level + spread).clip(_LOWEST, TOP).astype(int)


def _family(archetype: Archetype, common: Common, age: Any, rng: np.random.Generator) -> Columns:
    """The partner by age, what the partner brings, children, and settlement funds for all of them."""
    size = len(age)
    has = rng.random(size) < below(common.partner_by_age, age)
    status = places("partner", *common.partner_status)[one_of(common.partner_status, rng.random(size))]
    comes = has & (status == places("partner", "accompanies"))
    levels = places("partner_education", *common.partner_education)
    tested = comes & (rng.random(size) < common.partner_tested)
    level = along(common.partner_level, rng.random(size))
    years = one_of(common.partner_canadian_years, rng.random(size)) * archetype.in_canada
    family = 1 + has + has * one_of(common.children, rng.random(size))
    funds = common.funds_first_cad + common.funds_each_cad * (family - 1)
    found: Columns = {
        "partner": np.where(has, status, places("partner", "none")),
        "partner_education": np.where(comes, levels[one_of(common.partner_education, rng.random(size))], NOTHING),
        "partner_canadian_work_years": np.where(comes, years, NOTHING),
        "partner_canadian_work_any": np.where(comes, years > 0, NOTHING),
        "partner_canadian_study_2y": np.where(comes, rng.random(size) < common.partner_study, NOTHING),
        "family_size": family,
        "funds_cad": (funds * along(common.funds_times, rng.random(size))).astype(int),
    }
    for ability in ABILITIES:
        found[f"partner_{ability}"] = np.where(tested, _ability(level, common, rng), NOTHING)
    return found


def _standing(archetype: Archetype, common: Common, found: Columns, uniform: Any) -> Columns:
    """Relatives, a certificate, a job offer, the first language."""
    sibling, offered = uniform() < archetype.sibling, uniform() < archetype.job_offer
    senior, trade = _groups("00")[found["noc"]], _groups("7", "8", "9", "632")[found["noc"]]
    none, top, other = places("job_offer", "none", "major_group_00", "other")
    arranged = places("arranged_employment", "none", "b" if archetype.in_canada else "c")
    offer = places("fst_offer", "none", "iii" if archetype.in_canada else "iv")
    both = (found["english_reading"] != NOTHING) & (found["french_reading"] != NOTHING)
    return {
        "sibling_in_canada": sibling,
        "relative_in_canada": sibling | (uniform() < common.relative),
        "certificate_of_qualification": trade & (uniform() < archetype.certificate),
        "job_offer": np.where(offered, np.where(senior, top, other), none),
        "arranged_employment": np.where(offered, arranged[1], arranged[0]),
        "fst_offer": np.where(offered & trade, offer[1], offer[0]),
        "intends_quebec": np.zeros(len(sibling), dtype=bool),
        "first_language": np.where(both, NOTHING, places("first_language", archetype.first)),
    }


@cache
def places(column: str, *words: str) -> NDArray[np.intp]:
    """The places of words among those that a column of the table knows."""
    dtype = table()[column].dtype
    known = dtype.categories.to_list() if isinstance(dtype, pl.Enum) else []
    return np.array([known.index(word) for word in words])


@cache
def _groups(*groups: str) -> NDArray[np.bool_]:
    """For each occupation whether its code begins with one of these."""
    return np.array([code.startswith(groups) for code in codes_of(2021)])
