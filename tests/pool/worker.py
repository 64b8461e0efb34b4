"""A client that submits, re-scores and issues until it is killed: `python -m tests.pool.worker`.

It says `ready`, reads `URL SEED FIRST` from its input, and then says of every act when it begins (`+issue`), when it is
done (`-issue`) and what it was promised: numbers of the accepted (`submit 1 2 3`) and of rounds (`issue 4`).
"""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

import polars  # noqa: F401  (so that it is not what a kill hits)

from expressentry.errors import PoolError
from expressentry.pool import Pool, Submission, Terms, open_pool
from expressentry.pool.acts import rescoring
from tests.pool.fake_law import LAWS, FakeLaw, facts, noon

TOGETHER = 20
SIZE = 7


def say(line: str) -> None:
    """Say something at once; after it the parent knows."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def work(url: str, seed: int, first: int) -> None:
    """Do acts whose ids follow from seed and number, so that whoever takes over asks for the same again."""
    rescoring.BATCH, rescoring.BULK = 25, 100
    day = LAWS[-1]
    with open_pool(url, FakeLaw()) as pool:
        for n in count(first):
            at, rng = noon(day, 10 * n), Random(f"{seed} {n}")
            given = [
                Submission(
                    UUID(int=rng.getrandbits(128), version=4),
                    f"{seed} {n} {i}",
                    facts(rng.randrange(300, 600), taste=i % 3, sure=i % 2 == 0),
                )
                for i in range(TOGETHER)
            ]
            say("+submit")
            accepted = pool.submit_many(given, at)
            say("submit " + " ".join(str(one.interest) for one in accepted))
            say("-submit")
            pool.upkeep(day, at)
            if seed == 0:  # of several clients one scores, so that rounds are not always refused
                say("+rescore")
                for on in (LAWS[1 + n % 2], day):  # away from the law of the day, and back
                    rescore(pool, on, at)
                say("-rescore")
            say("+issue")
            last = pool.store.read(lambda tx: tx.last_round())
            as_of = last.as_of + timedelta(seconds=1) if last else noon(day)
            issued = pool.issue(UUID(int=rng.getrandbits(128), version=4), Terms("general", SIZE, day), as_of, "worker")
            say(f"issue {issued.round.number if issued.round else issued.reason}")
            say("-issue")


def rescore(pool: Pool, on: date, at: datetime) -> None:
    """Score the pool under the law of a day, once what somebody left half done is finished."""
    for one in pool.store.read(lambda tx: tx.rule_sets()):
        if one.state == "building":
            pool.rescore(one.law_day, at, "worker")
    pool.rescore(on, at, "worker")


def main() -> None:
    """Wait for work and do it until the end, or until the database is gone."""
    say("ready")
    url, seed, first = sys.stdin.readline().split()
    try:
        work(url, int(seed), int(first))
    except PoolError as error:
        say(f"lost {error.problems[0].code}")


if __name__ == "__main__":
    main()
