"""A client that submits, changes, issues and re-scores until it is killed: `python -m tests.pool.worker URL SEED`."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import timedelta
from itertools import count
from random import Random
from uuid import UUID

from expressentry.errors import ExpressEntryError
from expressentry.pool import Submission, Terms, open_pool
from tests.pool.toy import DAY, LAWS, ToyScorer, facts, noon


def work(url: str, seed: int) -> None:
    """Do acts whose ids follow from the seed, so that a second run asks for the same again."""
    rng = Random(seed)
    with open_pool(url, ToyScorer()) as pool:
        print("ready", flush=True)
        for n in count():
            id_ = UUID(int=rng.getrandbits(128), version=4)
            # Days go on with the seed, past a change of the law now and then; in February no round can be held.
            day = max(DAY, LAWS[1] + timedelta(days=seed))
            at = noon(day, n)
            with suppress(ExpressEntryError):
                given = [
                    (UUID(int=id_.int ^ i), f"{seed} {n} {i}", facts(rng.randrange(300, 600), taste=i % 3))
                    for i in range(20)
                ]
                pool.submit_many([Submission(*one) for one in given], at)
                pool.daily(day, at)
                pool.rescore(day, at, "worker")
                pool.issue(id_, Terms("general", 7, day), at, "worker")
                pool.decline(rng.randrange(1, 200), at)


if __name__ == "__main__":
    work(sys.argv[1], int(sys.argv[2]))
