"""Rounds and distributions in the form in which the department publishes them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from expressentry.files import PUBLIC, write_atomically
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.pool.acts.model import RoundRow, Terms
from expressentry.pool.acts.ports import Tx
from expressentry.pool.acts.rebuild import Rebuilt
from expressentry.pool.acts.rounds import by_band
from expressentry.pool.open import Pool
from expressentry.rounds.feed import LAYOUT
from expressentry.rounds.ranking import published_instant
from expressentry.rounds.record import PoolDay

_FEDERAL = "Federal Skilled Worker Program, Canadian Experience Class and Federal Skilled Trades Program"
_ALL = (
    "Provincial Nominee Program, Federal Skilled Worker Program, Canadian Experience Class and "
    "Federal Skilled Trades Program"
)


def distribution(pool: Pool, on: date) -> PoolDay:
    """The pool in the published bands, as it is now."""
    counts = pool.store.read(lambda tx: tx.counts(pool.active_rule_sets(tx)[0].id, "general"))
    return PoolDay(on, by_band(counts), (), "pool", on)


def feed(pool: Pool, number_from: int = 1, law: Law | None = None) -> list[dict[str, Any]]:
    """Every round that invited anyone, newest first, with the distribution of the pool just before it.

    Args:
        pool: The pool.
        number_from: The number of the first round.
        law: The law that names the versions of categories; the shipped one where none is given.
    """
    return pool.store.read(lambda tx: _feed(tx, number_from, law or load_law()))


def _feed(tx: Tx, number_from: int, law: Law) -> list[dict[str, Any]]:
    stored = {one.event: one for one in tx.rounds()}
    rows, rebuilt = [], Rebuilt(tx)
    for event in tx.events():
        one = stored.get(event.seq)
        if one is not None and one.invited:
            rows.append(_row(one, by_band(rebuilt.counts(one.rule_set, "general")), number_from, law))
        rebuilt.apply(event)
    return rows[::-1]


def _row(one: RoundRow, bands: dict[tuple[int, int], int], number_from: int, law: Law) -> dict[str, Any]:
    day = _day(one.terms.day)
    return {
        "drawNumber": str(number_from - 1 + one.number),
        "drawDate": str(one.terms.day),
        "drawDateFull": day,
        "drawName": round_name(one.terms, law),
        "drawSize": f"{one.invited:,}",
        "drawCRS": str(one.cutoff),
        "drawText2": _programs(one, law),
        "drawDateTime": published_instant(one.as_of).en,
        "drawCutOff": published_instant(one.tie_break).en if one.tie_break else "",
        "drawDistributionAsOn": day,
        **{f"dd{at}": f"{bands[band]:,}" for at, band in enumerate(LAYOUT, 1)},
        "chainHead": one.head,
    }


def _day(day: date) -> str:
    return published_instant(datetime(day.year, day.month, day.day, tzinfo=UTC)).en.split(" at ")[0]


def round_name(terms: Terms, law: Law) -> str:
    """The name that the department would give a round of these terms."""
    if terms.kind != "category":
        return law.round_names.usual[terms.list]
    version = next(v.version for v in law.category_versions(terms.day) if v.category == terms.list)
    return f"{law.round_names.usual[terms.list]} {terms.day.year}-Version {version.removeprefix('v')}"


def _programs(one: RoundRow, law: Law) -> str:
    if one.terms.kind == "general":
        return _ALL
    return _FEDERAL if one.terms.kind == "category" else law.round_names.usual[one.terms.list]


def write_feed(rows: list[dict[str, Any]], path: Path) -> None:
    """Write the feed whole, or not at all.

    Raises:
        FileError: The file cannot be written.
    """
    write_atomically(path, json.dumps({"rounds": rows}, ensure_ascii=False, indent=1) + "\n", mode=PUBLIC)
