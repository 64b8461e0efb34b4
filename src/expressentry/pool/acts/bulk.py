"""Scoring candidates by the ten thousand: factors as columns in, scores as columns out. Needs Polars."""

from __future__ import annotations

import io
import zlib
from datetime import date
from typing import NamedTuple

import polars as pl

from expressentry.assess.frame.table import score_frame
from expressentry.law.criteria.programs import PROGRAMS
from expressentry.law.law import Law
from expressentry.rounds.eligibility_frame import lists_expr


class Batch(NamedTuple):
    """A batch scored: the numbers of those whose score was added, and the rows as they are kept."""

    ids: list[int]
    rows: bytes


def score_table(csv: bytes, law: Law, law_day: date) -> pl.DataFrame:
    """Score sure factors, one row a candidate: `interest, eligible, crs, program, lists`, the lists as PostgreSQL's.

    Each row is what `certain_score` gives for the same facts; a test compares the two.
    """
    read = pl.read_csv(io.BytesIO(csv), infer_schema=False)
    scored = score_frame(read, law_day, law=law, programs=True, categories=True)
    nominee = (pl.col("provincial_nomination") == "true").fill_null(False)
    categories = [one.category for one in law.on(law_day).selection.categories]
    answers = {name: pl.col(name) for name in PROGRAMS} | {name: pl.col(f"category_{name}") for name in categories}
    entered = lists_expr(answers, categories, nominee=nominee)
    eligible = entered["general"]
    lists = pl.concat_str(
        [pl.when(flag).then(pl.lit(name)) for name, flag in entered.items()], separator=",", ignore_nulls=True
    )
    return scored.select(
        pl.col("interest").cast(pl.Int64),
        eligible.alias("eligible"),
        pl.col("crs").cast(pl.Int16),
        pl.when(eligible).then(pl.col("program").cast(pl.String)).alias("program"),
        ("{" + lists.fill_null("") + "}").alias("lists"),
    )


def as_rows(scored: pl.DataFrame) -> bytes:
    """The scores as the rows of a batch are kept: one JSON line a candidate, compressed."""
    program = pl.when(pl.col("program").is_null()).then(pl.lit("null")).otherwise('"' + pl.col("program") + '"')
    inner = pl.col("lists").str.strip_chars("{}").str.replace_all(",", '","')
    lists = pl.when(inner == "").then(pl.lit("[]")).otherwise('["' + inner + '"]')
    eligible = pl.col("eligible").cast(pl.String)
    line = pl.concat_str(
        pl.lit("["), pl.col("interest"), pl.lit(","), eligible, pl.lit(","), pl.col("crs"), pl.lit(","), program,
        pl.lit(","), lists, pl.lit("]"),
    )  # fmt: skip
    return zlib.compress(scored.select(line.str.join("\n")).item().encode(), 1)
