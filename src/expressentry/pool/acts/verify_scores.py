"""Every score computed anew: what the law says of the facts of a candidate is what stands in the pool.

The chain proves that nothing was changed after it was written. It cannot prove that what was written was right: whoever
submits for people computes their scores too. So the scores themselves are checked, from the facts, by somebody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from expressentry.errors import FactorsError
from expressentry.pool.acts.common import Acts, refusal
from expressentry.pool.acts.ports import Tx
from expressentry.pool.acts.rounds import REASONS
from expressentry.pool.acts.submissions import facts_text, salted
from expressentry.text import Text

BATCH = 500


def wrong_scores(acts: Acts, tx: Tx, digests: Mapping[int, str], day: date) -> Iterator[Text]:
    """Score everyone in the pool anew as of a day; say whose facts or standing is not what the pool has.

    `digests` are those of the facts in the events, by candidate. Raises UsageError while facts change by that day.
    """
    if tx.stale(day):
        fix = Text("run `expressentry pool expire`", "lancer `expressentry pool expire`")
        raise refusal("stale", "on", REASONS["stale"], fix, day)
    sets = acts._active(tx)
    ids = sorted(id_ for id_, state in tx.snapshot().states.items() if state == "in_pool")
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        profiles, standings = tx.profiles(part), tx.standings(part)
        for id_ in part:
            salt, facts = profiles[id_]
            if salted(salt, facts_text(facts)) != digests.get(id_):
                yield _WRONG.fill(n=id_, w=Text("facts changed without an event", "faits changés sans événement"))
            try:
                scored = acts._score(facts, day, sets)
            except FactorsError:
                yield _WRONG.fill(n=id_, w=Text("facts that are none", "faits qui n'en sont pas"))
                continue
            if any(one.standing != standings[id_].get(s) for s, one in scored.items()):
                wording = Text("a score that the facts do not give", "une note que les faits ne donnent pas")
                yield _WRONG.fill(n=id_, w=wording)


_WRONG = Text("candidate {n}: {w}", "candidat {n} : {w}")
