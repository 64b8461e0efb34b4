"""A round on a Spark frame: the one ranking rule by counting, so that nothing but the last tie is ever put in order.

How many have each score says where the cut-off is. While many are tied there, how many of them came on each day, then
in each second, then in each microsecond, narrows it down; only the few that are left are put in order, by instant and
key. Whom the round invites is then a plain condition on each row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from expressentry.errors import FactorsError, Problem, UsageError
from expressentry.law.criteria.programs import PROGRAMS
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.pool.acts.model import Terms
from expressentry.rounds.eligibility import Invites
from expressentry.shown import Shown
from expressentry.spark.carry import Carried, carry, one_thread, rules_of
from expressentry.text import Text

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa
    from pyspark.sql import DataFrame

_CRS, _AT, _KEY = "crs", "at", "key"
_CATEGORY = "category_"
_STEPS = (86_400_000_000, 1_000_000, 1)
"""A day, a second and a microsecond: each count narrows the instant of the tie-break down to one of these."""
SMALL = 100_000
"""So many are put in order; while more are left, they are counted."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, repr=False)
class Selected(Shown):
    """Whom a round invites: a frame of their rows in no order, how many, the cut-off, and the tie-break.

    `last_key` is the highest key invited of those at the cut-off and the instant of the tie-break. Cut-off, tie-break
    and key are None when nobody is invited.
    """

    invited: DataFrame = field(repr=False)
    number: int
    cutoff: int | None
    tie_break: datetime | None
    last_key: Any

    def _in_short(self) -> str:
        return f"{self.number} invited, cut-off {self.cutoff}"


def select_round(
    df: DataFrame, terms: Terms, *, key: str, submitted: str = "submitted_at", law: Law | None = None
) -> Selected:
    """Invite the first of a frame, as `rank_round` does: highest score, earliest submission, lowest key.

    Args:
        df: What `assess_columns` gives, with the time of submission. It is read five times at most, so write it to
            files first, or persist it.
        terms: The terms of the round; who may enter is the law of its day.
        key: A column that is different in each row: Spark knows no order of rows.
        submitted: The column with the time of submission; without a zone it is in UTC.
        law: The law, the shipped one unless given; it goes with the job.

    Raises:
        UsageError: A column is missing.
        FactorsError: The size is below 0; a score, a time of submission or a key of someone who may enter is empty; or
            a key comes twice where the last place is decided.

    >>> from expressentry.spark import select_round
    >>> select_round.__module__
    'expressentry.spark.selection'
    """
    rules = (law or load_law()).on(terms.day)
    invites = Invites.from_list(terms.list)
    _check(df, terms, invites, key, submitted)
    answers = [name for name in df.columns if name in PROGRAMS or name == f"{_CATEGORY}{invites.category}"]
    asked = _Asked(carry(rules), invites, tuple(answers), key, submitted)
    key_type = df.schema[key].dataType.simpleString()
    may = df.mapInArrow(partial(_entering, asked), f"{_CRS} int, {_AT} bigint, {_KEY} {key_type}").persist()
    try:
        edge = _edge(may, terms.size)
    finally:
        may.unpersist()
    if edge is None:
        return Selected(df.limit(0), 0, None, None, None)
    number, cutoff, at, last = edge
    invited = df.mapInArrow(partial(_inside, asked, (cutoff, at, last)), df.schema)
    return Selected(invited, number, cutoff, _EPOCH + timedelta(microseconds=at), last)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a worker needs to say who may enter."""

    carried: Carried
    invites: Invites
    answers: tuple[str, ...]
    key: str
    submitted: str


def _check(df: DataFrame, terms: Terms, invites: Invites, key: str, submitted: str) -> None:
    if terms.size < 0:
        rule, fix = Text("not below 0", "pas sous 0"), Text("give a size", "donner un nombre")
        raise FactorsError(Problem("negative", "size", rule, fix, terms.size))
    of_category = () if invites.category is None else (f"{_CATEGORY}{invites.category}",)
    needed = (_CRS, "provincial_nomination", *invites.programs, *of_category, key, submitted)
    problems = [Problem("missing_column", name, _NEEDED, _ASSESS) for name in needed if name not in df.columns]
    if problems:
        raise UsageError(problems)


def _edge(may: DataFrame, size: int) -> tuple[int, int, int, Any] | None:
    """How many are invited, and the last of them: score, instant and key; None where nobody is."""
    from pyspark.sql import functions as f

    score, instant, key = f.col(_CRS), f.col(_AT), f.col(_KEY)
    empty = f.count_if(score.isNull() | instant.isNull() | key.isNull())
    counts = {row[0]: (row[1], row[2]) for row in may.groupBy(_CRS).agg(f.count(f.lit(1)), empty).collect()}
    if unknown := sum(row[1] for row in counts.values()):
        raise FactorsError(Problem("missing", f"{_CRS}, submitted, {_KEY}", _EMPTY, _GIVE, unknown))
    number = min(size, sum(people for people, _ in counts.values()))
    if number == 0:
        return None
    cutoff, left = _reached(sorted(((crs, n) for crs, (n, _) in counts.items()), reverse=True), number)
    at_cutoff = within = may.filter(score == cutoff)
    people, start = counts[cutoff][0], 0
    for step in _STEPS:
        if people <= SMALL:
            break
        each = (instant - start - f.pmod(instant - start, f.lit(step))).cast("long")
        found = sorted((row[0], row[1]) for row in within.groupBy(each.alias("from")).count().collect())
        offset, left = _reached(found, left)
        people, start = dict(found)[offset], start + offset
        within = at_cutoff.filter((instant >= start) & (instant < start + step))
    return number, cutoff, *_last(within, left)


def _reached(counts: Sequence[tuple[int, int]], wanted: int) -> tuple[int, int]:
    """The value, of values in order with how many have each, that the wanted one has; and how many of it are wanted."""
    for value, people in counts:
        if people >= wanted:
            return value, wanted
        wanted -= people
    raise AssertionError("fewer rows than were counted: the frame is not the same each time that it is read")


def _last(tied: DataFrame, wanted: int) -> tuple[int, Any]:
    """The instant and the key of the last one invited of those at the cut-off, or of the part where it must be."""
    last, *after = tied.orderBy(_AT, _KEY).offset(wanted - 1).limit(2).collect()
    if after and (after[0][_AT], after[0][_KEY]) == (last[_AT], last[_KEY]):
        raise FactorsError(Problem("twice", _KEY, _TWICE, _UNIQUE, last[_KEY]))
    return last[_AT], last[_KEY]


def _entering(asked: _Asked, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """On a worker: score, instant and key of those who may enter."""
    import pyarrow

    for batch, may, at in _judged(asked, batches):
        crs = batch.column(_CRS).cast(pyarrow.int32())
        columns = [crs, at, batch.column(asked.key)]
        yield pyarrow.RecordBatch.from_arrays(columns, names=[_CRS, _AT, _KEY]).filter(may)


def _inside(asked: _Asked, edge: tuple[int, int, Any], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """On a worker: the rows of those who may enter and come no later than the last one invited."""
    import pyarrow.compute as pc

    score, instant, last = edge
    for batch, may, at in _judged(asked, batches):
        crs, key = batch.column(_CRS), batch.column(asked.key)
        same = pc.and_(pc.equal(crs, score), pc.equal(at, instant))
        earlier = pc.and_(pc.equal(crs, score), pc.less(at, instant))
        before = pc.or_(pc.greater(crs, score), pc.or_(earlier, pc.and_(same, pc.less_equal(key, last))))
        yield batch.filter(pc.and_(may, before))


def _judged(asked: _Asked, batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[pa.RecordBatch, Any, Any]]:
    """Each batch with who may enter and when each submitted, in microseconds."""
    one_thread()
    import polars as pl

    from expressentry.rounds.eligibility_frame import enters_expr

    rules = rules_of(asked.carried)
    answers = {name.removeprefix(_CATEGORY): pl.col(name) for name in asked.answers}
    nominee = pl.col("provincial_nomination").cast(pl.Boolean).fill_null(False)
    only = rules.evidence.nominee_only_as_nominee
    may = enters_expr(asked.invites, answers, nominee=nominee, only_as_nominee=only).fill_null(False)
    for batch in batches:
        read = batch.select([*asked.answers, "provincial_nomination", asked.submitted])
        found = _frame(read).select(may.alias("may"), pl.col(asked.submitted).dt.timestamp("us").alias(_AT))
        yield batch, found["may"].to_arrow(), found[_AT].to_arrow()


def _frame(batch: pa.RecordBatch) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(pl.from_arrow(batch))


_NEEDED = Text("a round needs this column", "une ronde a besoin de cette colonne")
_ASSESS = Text("assess the frame first: assess_columns", "évaluer d'abord le tableau : assess_columns")
_EMPTY = Text("required for everyone who may enter", "obligatoire pour chaque personne qui peut participer")
_GIVE = Text("fill them, or leave these rows out", "les remplir, ou enlever ces lignes")
_TWICE = Text("the same key in two rows that are tied", "la même clé dans deux lignes à égalité")
_UNIQUE = Text("give a column that is different in each row", "donner une colonne différente à chaque ligne")
