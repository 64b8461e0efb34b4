"""The one ranking rule: highest score first, earliest submission first at equal score, until the number is reached.

The cut-off is found by counting, not by sorting: how many have at least this score is one pass over a column, and
eleven such passes settle any cut-off from 0 to 1,200. Only those who reach it are then ordered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from expressentry.dates import long_day
from expressentry.errors import FactorsError, Problem
from expressentry.shown import Shown
from expressentry.text import Text

_OUT = -1
"""Below every score: the place of those who may not enter the round."""


@dataclass(frozen=True, repr=False)
class Ranked(Shown):
    """The candidates whom a round invites: row numbers in order of rank, the lowest score invited, and the tie-break.

    The tie-break is the latest submission among those invited at the cut-off. Both are None when nobody is invited.
    """

    invited: pl.Series
    cutoff: int | None
    tie_break: datetime | None

    def _in_short(self) -> str:
        return f"{self.invited.len()} invited, cut-off {self.cutoff}"


def rank_round(
    crs: pl.Series,
    submitted: pl.Series,
    number: int,
    *,
    meets: pl.Series | None = None,
    key: pl.Series | None = None,
) -> Ranked:
    """Invite the first `number` of a pool, as a round does.

    `crs` are whole points; `submitted` are instants, in UTC where they name no zone. Only rows where `meets` is true
    may enter; an empty finding (cannot tell) does not. Where score and instant are both equal the lower `key` goes
    first, or without one the earlier row: the instructions settle nothing there, and an order that depends on nothing
    else makes the same round come out the same twice. Raises FactorsError for an empty score, instant or key, columns
    of unequal length, and a number below 0.

    >>> day = datetime(2024, 2, 25, 11, 55, 12)
    >>> found = rank_round(pl.Series([491, 510, 491]), pl.Series([day, day, day.replace(hour=9)]), 2)
    >>> found.invited.to_list(), found.cutoff, str(found.tie_break)
    ([1, 2], 491, '2024-02-25 09:55:12+00:00')

    Source: Ministerial Instructions respecting the Express Entry system (ranking; tie by date and time, since
    2017-06-06).
    """
    _check(crs, submitted, number, meets, key)
    inside = crs.len() if meets is None else int(meets.sum())
    entered = crs if meets is None else pl.select(pl.when(meets).then(crs.cast(pl.Int32)).otherwise(_OUT)).to_series()
    cutoff = _cutoff(entered, min(number, inside))
    if cutoff is None:
        return Ranked(pl.Series("invited", [], dtype=pl.get_index_type()), None, None)
    rows = pl.arg_where(entered >= cutoff, eager=True)
    last = rows if key is None else key.gather(rows)
    reached = pl.DataFrame(
        {"row": rows, "crs": crs.gather(rows), "submitted": submitted.gather(rows), "last": last}
    ).sort("crs", "submitted", "last", "row", descending=[True, False, False, False])
    invited = reached.head(number)
    lowest = invited["crs"][-1]
    tie_break = invited.filter(pl.col("crs") == lowest)["submitted"][-1]
    return Ranked(invited["row"].rename("invited"), lowest, _in_utc(tie_break))


def _cutoff(entered: pl.Series, wanted: int) -> int | None:
    """The highest score that `wanted` rows reach; None where nobody is wanted."""
    if wanted == 0:
        return None
    low, high = 0, int(entered.max())  # type: ignore[arg-type]
    while low < high:
        middle = (low + high + 1) // 2
        if int((entered >= middle).sum()) >= wanted:
            low = middle
        else:
            high = middle - 1
    return low


def _in_utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def published_instant(instant: datetime) -> Text:
    """Write an instant as a round's tie-break is published: whole seconds, in UTC.

    >>> published_instant(datetime(2024, 2, 25, 11, 55, 12, tzinfo=UTC)).en
    'February 25, 2024 at 11:55:12 UTC'
    """
    day, clock = long_day(instant.date()), f"{instant:%H:%M:%S} UTC"
    number, month, year = day.en.split()
    return Text(f"{month} {number}, {year} at {clock}", f"{day.fr} à {clock}")


def _check(crs: pl.Series, submitted: pl.Series, number: int, meets: pl.Series | None, key: pl.Series | None) -> None:
    problems = []
    columns = {"crs": crs, "submitted": submitted, "meets": meets, "key": key}
    for name, column in columns.items():
        if column is None:
            continue
        if column.len() != crs.len():
            rule = Text("as long as crs", "aussi longue que crs")
            fix = Text("give one value a candidate", "donner une valeur par candidat")
            problems.append(Problem("unequal_length", name, rule, fix, column.len()))
        if name != "meets" and column.null_count():
            rule = Text("required for every candidate", "obligatoire pour chaque candidat")
            fix = Text("score everyone, or leave them out by `meets`", "calculer chacun, ou l'exclure par `meets`")
            problems.append(Problem("missing", name, rule, fix, column.null_count()))
    if not crs.dtype.is_integer() or (crs.len() - crs.null_count() and int(crs.min()) < 0):  # type: ignore[arg-type]
        rule = Text("whole points, not below 0", "des points entiers, pas sous 0")
        problems.append(Problem("not_points", "crs", rule, Text("give scores", "donner des notes"), str(crs.dtype)))
    if not isinstance(submitted.dtype, pl.Datetime):
        rule = Text("instants", "des instants")
        fix = Text("give date and time of submission", "donner la date et l'heure de soumission")
        problems.append(Problem("not_instants", "submitted", rule, fix, str(submitted.dtype)))
    if number < 0:
        rule = Text("not below 0", "pas sous 0")
        problems.append(Problem("negative", "number", rule, Text("give a size", "donner un nombre"), number))
    if problems:
        raise FactorsError(problems)
