"""A synthetic population as an answer: what was drawn, how well it fits, and what nobody can know from the figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from expressentry.answers.basis import law_record
from expressentry.answers.context import Context
from expressentry.files import check_writable
from expressentry.simulate.calibrate.fit import Open, Reached
from expressentry.simulate.calibrate.margins import shipped_wanted, with_margins
from expressentry.simulate.data import figure_sources
from expressentry.simulate.files import check_ending, write_population
from expressentry.simulate.synthesis import Population, synthesize
from expressentry.text import Lang
from expressentry.version import VERSION

if TYPE_CHECKING:
    from expressentry.answers.records.simulated import (
        ArchetypeShareRecord,
        LeftOpenRecord,
        PopulationRecord,
        TargetRecord,
    )

_DIGITS = 4


def make_population(
    context: Context,
    size: int,
    seed: int,
    on: date,
    out: Path,
    *,
    margins: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Population:
    """Draw and calibrate a population and write it.

    Args:
        context: The law and the record.
        size: How many people.
        seed: The seed.
        on: The day.
        out: The Parquet file to write.
        margins: A file with margins of the user's own.
        progress: Called with the number of people of each batch.

    Raises:
        UsageError: The size, the day or the name of the file will not do.
        FactorsError: What must be reached cannot be.
        FileError: The file cannot be written.
    """
    check_ending(out)
    check_writable(out)
    wanted = shipped_wanted() if margins is None else with_margins(margins, shipped_wanted())
    found = synthesize(size, seed, on, context.law, context.record, wanted=wanted, progress=progress)
    write_population(found, out)
    return found


def population_record(found: Population, lang: Lang) -> PopulationRecord:
    """The report on a population."""
    reached = [_target(one, lang) for one in found.fitted.reached]
    held_out = [_target(one, lang) for one in found.compared]
    used = {one["basis"] for one in (*reached, *held_out)}
    return {
        "as_of": found.on.isoformat(),
        "law": law_record(found.rules, lang),
        "version": VERSION,
        "seed": found.seed,
        "people": found.frame.height,
        "candidates": found.total,
        "bands_of": found.pool.as_of.isoformat(),
        "effective_sample": round(found.fitted.effective, _DIGITS),
        "largest_weight": round(found.fitted.largest, _DIGITS),
        "archetypes": _archetypes(found, lang),
        "targets": reached,
        "held_out": held_out,
        "left_open": [_left_open(one, lang) for one in found.left_open],
        "sources": [
            {"id": one.id, "title": one.title.say(lang), "address": one.address, "confidence": one.confidence}
            for one in figure_sources().values()
            if one.id in used
        ],
    }


def _archetypes(found: Population, lang: Lang) -> list[ArchetypeShareRecord]:
    by = found.frame.group_by("archetype").agg("weight").rows()
    size, weights = found.frame.height, {id_: (len(each), sum(each)) for id_, each in by}
    rows: list[ArchetypeShareRecord] = []
    for one in found.kinds.archetypes.values():
        people, weight = weights.get(one.id, (0, 0.0))
        share, weighted = round(people / size, _DIGITS), round(weight / found.total, _DIGITS)
        rows.append(
            {"id": one.id, "title": one.title.say(lang), "drawn": share, "weighted": weighted, "basis": one.basis}
        )
    return rows


def _target(one: Reached, lang: Lang) -> TargetRecord:
    target = one.target
    return {
        "id": target.id,
        "kind": target.kind,
        "title": target.title.say(lang),
        "wanted": round(target.wanted),
        "low": round(target.low),
        "high": None if target.high == float("inf") else round(target.high),
        "reached": round(one.people),
        "missed": round(one.missed),
        "use": target.use,
        "basis": target.basis,
        "day": target.day.isoformat(),
    }


def _left_open(one: Open, lang: Lang) -> LeftOpenRecord:
    return {
        "id": one.group.id,
        "title": one.group.title.say(lang),
        "share": round(one.share, _DIGITS),
        "by_bands": [round(share, _DIGITS) for share in one.by_bands],
        "by_all": [round(share, _DIGITS) for share in one.by_all],
    }
