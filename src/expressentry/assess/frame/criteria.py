"""Programs and categories of a whole frame: nullable true or false, and bit masks of the columns that were missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from operator import or_

import polars as pl

from expressentry.assess.bounds import bounds
from expressentry.assess.frame.criteria_expr import Judging, Stage, met_name
from expressentry.assess.frame.fuse import joined
from expressentry.assess.frame.stages import OTHER, Stages, grid_stages, merged
from expressentry.factors.table import code_name
from expressentry.law.criteria.programs import PROGRAMS, orders
from expressentry.law.grid.tree import Grid
from expressentry.law.rule_set import Selection
from expressentry.law.schema import FIRST_LANGUAGE, Columns

_KEPT = 16
"""So many selections of the law are kept as expressions: tables are joined once for many small frames."""


@dataclass(frozen=True, slots=True)
class CriteriaStages:
    """Stages to be added after those of the grids, and the columns of the answer on top of them.

    `eligible` names, for each order, the stage column that says whether some program is met.
    """

    stages: tuple[Stage, ...]
    results: Mapping[str, pl.Expr]
    eligible: Mapping[str, str]


def missing_names(columns: Columns) -> tuple[str, ...]:
    """The columns that may be unknown: the bits of a mask, the first column the lowest."""
    return tuple(column.name for column in columns.by_name.values() if column.empty == "unknown")


@lru_cache(maxsize=_KEPT)
def fsw_stages(selection: Selection) -> Stages:
    """The stages of the 67-point grid at worst and at best."""
    both = bounds(selection.fsw)
    return merged(whole_grid(both.worst, "fsw_low"), whole_grid(both.best, "fsw_high"))


def whole_grid(grid: Grid, name: str) -> Stages:
    """The stages of a grid of which only the total is wanted: its sections are joined like any siblings."""
    return grid_stages(grid, joined(replace(grid.root, cap=None, children=(grid.root,))), name)


@lru_cache(maxsize=_KEPT)
def judged_programs(selection: Selection, columns: Columns) -> CriteriaStages:
    """Every program: `fsw`, `cec`, `fst`, `pnp`, the points of the 67-point grid, the program of an invitation."""
    languages = selection.fsw.orders
    judging = {
        order: [Judging(one.program, one.criteria, selection, columns, order) for one in selection.programs]
        for order in languages
    }
    everyone = [judge for judges in judging.values() for judge in judges]
    first = [judge for judge in everyone if not judge.asks_for_programs]
    then = [judge for judge in everyone if judge.asks_for_programs]
    eligible = {order: f"~eligible~{order}" for order in languages}
    stages = [
        *_level(everyone),
        _conditions(first),
        _met(first),
        _conditions(then),
        _met(then),
        {
            name: reduce(or_, [pl.col(met_name(judge.name, order)) for judge in judging[order]]).fill_null(False)
            for order, name in eligible.items()
        },
        {
            f"~{program}": any_first({order: pl.col(met_name(program, order)) for order in languages})
            for program in PROGRAMS
        },
    ]
    results = {program: pl.col(f"~{program}") for program in PROGRAMS}
    shown = _shown("fsw", languages)
    for end in ("low", "high"):
        one, other = (pl.col(f"~fsw_{end}~total~{order}") for order in languages)
        results[f"fsw_points_{end}"] = pl.when(shown).then(other).otherwise(one)
    results["program"] = _invitation(selection)
    unknown = {
        order: [(judge.unknown(), pl.col(f"~{judge.name}").is_null()) for judge in judges]
        for order, judges in judging.items()
    }
    masks = {order: _mask(found, columns) for order, found in unknown.items()}
    results["programs_missing"] = any_first(masks)
    return CriteriaStages(tuple(stages), results, eligible)


@lru_cache(maxsize=_KEPT)
def judged_categories(selection: Selection, columns: Columns) -> CriteriaStages:
    """Every category of the day: `category_stem` and so on."""
    order = selection.fsw.orders[0]  # no category asks which language comes first
    judging = [Judging(law.category, law.criteria, selection, columns, order) for law in selection.categories]
    results = {f"category_{judge.name}": pl.col(met_name(judge.name, order)) for judge in judging}
    results["categories_missing"] = _mask([(judge.unknown(), pl.lit(True)) for judge in judging], columns)
    return CriteriaStages(judged_stages(judging), results, {})


def judged_stages(judging: Sequence[Judging]) -> tuple[Stage, ...]:
    """The stages that judge what rests on no program judged beside it."""
    return (*_level(judging), _conditions(judging), _met(judging))


def _level(judging: Iterable[Judging]) -> tuple[Stage, Stage]:
    found = [judge.levels() for judge in judging]
    fill = {name: expr for stage, _ in found for name, expr in stage.items()}
    return fill, {name: expr for _, stage in found for name, expr in stage.items()}


def _conditions(judging: Iterable[Judging]) -> Stage:
    return {name: expr for judge in judging for name, expr in judge.conditions().items()}


def _met(judging: Iterable[Judging]) -> Stage:
    return {met_name(judge.name, judge.order): judge.all_met() for judge in judging}


def any_first(by_order: Mapping[str, pl.Expr]) -> pl.Expr:
    """What holds with any of the languages that may come first (the one chosen, else each): answers, or bits."""
    return with_chosen(by_order, reduce(or_, by_order.values()))


def with_chosen(by_order: Mapping[str, pl.Expr], otherwise: pl.Expr) -> pl.Expr:
    """What holds with the language first that was chosen as first; `otherwise` where none was."""
    chosen = pl.col(code_name(FIRST_LANGUAGE))
    for code, expr in enumerate(by_order.values()):
        otherwise = pl.when(chosen == code).then(expr).otherwise(otherwise)
    return otherwise


def _shown(program: str, languages: tuple[str, ...]) -> pl.Expr:
    """Whether a program is shown with the second order: that of the score, unless only the other gives an answer."""
    one, other = (pl.col(met_name(program, order)) for order in languages)
    used = pl.when(pl.col(OTHER)).then(other).otherwise(one)
    return pl.col(OTHER) ^ used.ne_missing(pl.col(f"~{program}"))


def _mask(found: Iterable[tuple[Mapping[str, pl.Expr], pl.Expr]], columns: Columns) -> pl.Expr:
    """One bit for each column that is missing in any of the maps, where the expression beside the map holds."""
    parts: dict[str, list[pl.Expr]] = {}
    for unknown, holds in found:
        for name, expr in unknown.items():
            parts.setdefault(name, []).append(expr & holds)
    bits = {name: 1 << at for at, name in enumerate(missing_names(columns))}
    mask = pl.lit(0, pl.UInt32)
    for name, exprs in parts.items():
        mask += reduce(or_, exprs).cast(pl.UInt32) * pl.lit(bits[name], pl.UInt32)
    return mask


def _invitation(selection: Selection) -> pl.Expr:
    """The program that an invitation names; null where none is met, one cannot be told, or the order is not known."""
    kind = pl.Enum(list(PROGRAMS))
    found = []
    for order in orders(selection.order):
        named = pl.lit(None, dtype=kind)
        for program in reversed(order):
            met = pl.col(f"~{program}")
            named = pl.when(met).then(pl.lit(program, dtype=kind)).when(met.is_null()).then(None).otherwise(named)
        found.append(named)
    first, *others = found
    for other in others:
        first = pl.when(first == other).then(first)
    return first
