"""The same assessment, the same ranking and the same simulations on Apache Spark 4, for more than one machine holds.

    score(df, on=day)                    adds `crs`, `first_language_used` and `rule_set` to every row
    assess_columns(df, on=day)           adds sections, programs and categories too
    select_round(df, terms, key=...)     whom a round invites, its cut-off and its tie-break, without sorting all
    simulate_many(scenario, seeds)       every seed of a scenario, one run a task

Workers evaluate with the same code as `score_frame`, `rank_round` and `simulate run`, batch by batch. The law travels
with the job under its digest; a worker on which it has another digest, or that runs another version, refuses.
Needs the extra `spark`: `pip install 'expressentry[spark]'`. Nothing here imports pyspark before it is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expressentry.lazy import lazy

if TYPE_CHECKING:
    from expressentry.spark.columns import assess_columns as assess_columns
    from expressentry.spark.columns import score as score
    from expressentry.spark.many import simulate_many as simulate_many
    from expressentry.spark.selection import Selected as Selected
    from expressentry.spark.selection import select_round as select_round

_PLACES = {
    "Selected": "selection",
    "assess_columns": "columns",
    "score": "columns",
    "select_round": "selection",
    "simulate_many": "many",
}

__getattr__, __dir__, __all__ = lazy(__name__, _PLACES)
