"""Records cut short or changed after a day, for tests that nothing looks ahead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

from expressentry import load_law, load_record
from expressentry.forecast.past import History
from expressentry.rounds.record import Record, Round

LAW = load_law()
RECORD = load_record()


@cache
def history() -> History:
    """The shipped record as series."""
    return History.of(RECORD, LAW)


def changed_after(day: date, change: Callable[[list[Round]], list[Round]]) -> Record:
    """The record with its rounds from a day on changed, and without the pools first published with them."""
    before = [one for one in RECORD.rounds if one.date < day]
    after = change([one for one in RECORD.rounds if one.date >= day])
    early = {one.number for one in before}
    pool = tuple(one for one in RECORD.pool if set(one.rounds) & early)
    return replace(RECORD, rounds=(*before, *after), pool=pool)


def dropped(rounds: list[Round]) -> list[Round]:
    """None of them."""
    return []


def shuffled(rounds: list[Round]) -> list[Round]:
    """Each with the size and cut-off of another."""
    others = [rounds[(at * 7 + 3) % len(rounds)] for at in range(len(rounds))]
    pairs = zip(rounds, others, strict=True)
    return [replace(one, cutoff=other.cutoff, invitations=other.invitations) for one, other in pairs]


def poisoned(rounds: list[Round]) -> list[Round]:
    """Each with values that would show anywhere."""
    return [replace(one, cutoff=1199, invitations=1) for one in rounds]
