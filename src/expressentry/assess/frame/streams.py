"""Nominee streams of a whole frame: the same cells and the same conditions as for one person, gathered by column.

A fact that is not known is an empty place. The points are those at worst and at best, and a finding is empty where it
is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from expressentry.assess.bounds import bounds
from expressentry.assess.frame.criteria import any_first, judged_stages, whole_grid, with_chosen
from expressentry.assess.frame.criteria_expr import Judging, Stage, met_name
from expressentry.assess.frame.stages import merged
from expressentry.assess.frame.table import Tally, checked_rows, score_frame, stopping
from expressentry.errors import Problem, UsageError
from expressentry.law.criteria.model import Met, Points
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.law.rule_set import Selection
from expressentry.law.schema import FIRST_LANGUAGE, Asked
from expressentry.law.streams import CRS, Stream, Streams
from expressentry.text import Text

_FEDERAL = ("fsw", "cec", "fst", "crs")


def streams_frame(
    frame: pl.DataFrame, keys: Sequence[str], on: date | str, *, law: Law | None = None, federal: bool = True
) -> pl.DataFrame:
    """Judge every row of a frame by streams of one province on a day, and add the answers.

    For each stream it adds a column of its key (true, false, or empty: cannot tell) and, for each of its grids,
    `GRID_low` and `GRID_high`.

    Args:
        frame: One row a person, with the columns that the streams read, as seen from their province.
        keys: The streams.
        on: The day.
        law: The law; the shipped one, if left out.
        federal: Whether the federal programs and the CRS score are worked out here; else the frame has them as `fsw`,
            `cec`, `fst` and `crs`.

    Raises:
        FactorsError: The first ten problems of the frame.
        UsageError: There is no such stream on the day, or the day is none.
    """
    rules = (law or load_law()).on(on)
    streams, found = rules.law.streams, {one.key: one for one in rules.streams}
    unknown = [key for key in keys if key not in found]
    if unknown:
        rule = Text("a stream that is known on the day", "un volet connu ce jour-là")
        fix = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(found))
        raise UsageError([Problem("unknown_stream", "keys", rule, fix, key) for key in unknown])
    chosen = [found[key] for key in keys]
    asked = _asked(chosen, streams)
    if federal and any(_rests_on_federal_law(one) for one in chosen):
        scored = score_frame(frame.drop(*_FEDERAL, strict=False), rules.day, law=rules.law, programs=True)
        frame = frame.with_columns(scored.select(_FEDERAL))
    given = frame.lazy()
    stages, results = stream_stages(chosen, streams, rules.selection)
    with stopping(given, asked):
        lazy, _ = checked_rows(given, asked)
        counted = pl.col("~bad").map_batches(Tally(stop=True), return_dtype=pl.Boolean, is_elementwise=True)
        lazy = lazy.with_columns(counted).with_columns(**_federal_names(frame.columns, streams))
        for stage in stages:
            lazy = lazy.with_columns(**stage) if stage else lazy
        added = lazy.select(**results).collect(engine="streaming")
    return frame.with_columns(added)


def _asked(chosen: Sequence[Stream], streams: Streams) -> Asked:
    """The columns that the streams read."""
    names = {FIRST_LANGUAGE}.union(*(streams.inputs(one) for one in chosen))
    inputs = {name: column for name, column in streams.columns.by_name.items() if name in names}
    return Asked(streams.columns, inputs)


def _rests_on_federal_law(stream: Stream) -> bool:
    conditions = [one for top in stream.criteria for one in top.conditions()]
    return any(isinstance(one, Met) or (isinstance(one, Points) and one.grid == CRS) for one in conditions)


def _federal_names(given: Sequence[str], streams: Streams) -> dict[str, pl.Expr]:
    """What federal law says, under the names by which conditions read it in each order of languages."""
    found: dict[str, pl.Expr] = {}
    for order in streams.columns.orders:
        found |= {met_name(name, order): pl.col(name) for name in ("fsw", "cec", "fst") if name in given}
        if CRS in given:
            found |= {f"~{CRS}_{end}~total~{order}": pl.col(CRS) for end in ("low", "high")}
    return found


def stream_stages(
    chosen: Sequence[Stream], streams: Streams, selection: Selection
) -> tuple[list[Stage], dict[str, pl.Expr]]:
    """The stages over coded columns, and the columns of the answer on top of them."""
    grids = [streams.grids[name] for name in dict.fromkeys(name for one in chosen for name in one.grids)]
    ends = [(grid, bounds(grid)) for grid in grids]
    parts = [
        whole_grid(g, f"{grid.id}_{end}")
        for grid, both in ends
        for end, g in (("low", both.worst), ("high", both.best))
    ]
    orders = tuple(streams.columns.orders)
    # A grid that names no role has one order; conditions read its points in every order.
    copies: Stage = {}
    for grid in grids:
        for end in ("low", "high"):
            for order in orders:
                if order not in grid.orders:
                    first = pl.col(f"~{grid.id}_{end}~total~{grid.orders[0]}")
                    copies[f"~{grid.id}_{end}~total~{order}"] = first
    judging = [Judging(one.key, one.criteria, selection, streams.columns, order) for one in chosen for order in orders]
    stages = [*(merged(*parts) if parts else []), copies, *judged_stages(judging)]
    results = {one.key: any_first({order: pl.col(met_name(one.key, order)) for order in orders}) for one in chosen}
    for grid in grids:
        for end in ("low", "high"):
            results[f"{grid.id}_{end}"] = _points(f"{grid.id}_{end}", orders)
    return stages, results


def _points(name: str, orders: tuple[str, ...]) -> pl.Expr:
    """The points with the better language first of those that may come first."""
    found = {order: pl.col(f"~{name}~total~{order}") for order in orders}
    return with_chosen(found, pl.max_horizontal(found.values()))
