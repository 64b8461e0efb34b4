"""The people of a simulation: those in the pool on its first day, and all who arrive while it runs.

Each simulated person stands for the same number of people, `one_in`: the weights of a drawn population are taken up by
drawing from it at even steps of weight, once, at the start. A round of 4,500 then invites exactly 4,500 over `one_in`,
and what does not divide is carried to the next round of the same list; with weights a round could not be filled
exactly, and a tie-break would fall inside a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from expressentry.law.languages import ABILITIES
from expressentry.law.law import Law
from expressentry.rounds.windows import profile_ends
from expressentry.simulate.run.days import NEVER, Days, column, day_of, number, numbers
from expressentry.simulate.run.draws import ARRIVALS, EXTRA, PER_PERSON, STOCK, for_people, waiting_days
from expressentry.simulate.table import LANGUAGES

_DAY_MICROSECONDS, _SECOND = 86_400_000_000, 1_000_000
_HIGHEST = 10
"""The benchmark above which a better test brings no more points."""
_WITHDRAWS, _NOMINATED, _RETESTS, _GAINS, _FATE, _INSTANT, _COUNTED, _LIKE = range(PER_PERSON)
"""What each of the numbers that a person draws is for."""
_THEN = "~then "
"""How a fact is called that a better test brings."""
DAYS_MOVED = ("counted_on", "birth_date", "assessed_on", "canadian_until", "foreign_until", "english_taken_on",
              "french_taken_on", "permit_until")  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """Everybody who ever takes part, one row a person: the facts, and what is drawn for each.

    `enters` is the day from which a person takes part, `expires` the first on which the profile is no longer valid.
    """

    frame: pl.DataFrame
    stock: int
    enters: Days
    expires: Days
    withdraws: Days
    submitted: NDArray[np.int64]
    fate: NDArray[np.float64]
    in_canada: NDArray[np.bool_]

    def __len__(self) -> int:
        return self.frame.height


def evenly(weights: NDArray[np.float64], size: int, start: float) -> NDArray[np.int64]:
    """Rows drawn at even steps of weight: each as often as its share of `size`, rounded up or down.

    >>> evenly(np.array([1.0, 2.0, 1.0]), 4, 0.5).tolist()
    [0, 1, 1, 2]
    """
    sums = np.cumsum(weights)
    at = (np.arange(size) + start) * (sums[-1] / size)
    found: NDArray[np.int64] = np.minimum(np.searchsorted(sums, at, side="right"), len(weights) - 1)
    return found


def moved(frame: pl.DataFrame, days: NDArray[np.int32]) -> pl.DataFrame:
    """The same people so many days later: every day of theirs is moved, what they have stays what it is."""
    by = pl.Series(days).cast(pl.Int32)
    return frame.with_columns(
        (frame[name].to_physical().cast(pl.Int32) + by).cast(pl.Date).alias(name) for name in DAYS_MOVED
    )


def cast_of(
    stock: pl.DataFrame,
    arrivals: pl.DataFrame,
    arrive: Days,
    extra: pl.DataFrame,
    extra_arrive: Days,
    *,
    first: date,
    seed: int,
    law: Law,
    rates: dict[str, float],
) -> Cast:
    """Put everybody together and draw what each will meet.

    Args:
        stock: The people of the first day.
        arrivals: Those who arrive, in any order, as they are on that day.
        arrive: The day of each.
        extra: Those who arrive because of the scenario, beside the ones of its baseline.
        extra_arrive: The day of each.
        first: The first day.
        seed: The seed.
        law: The law, for how long a profile is valid.
        rates: The hazards.
    """
    parts = [(stock, STOCK), (arrivals, ARRIVALS), (extra, EXTRA)]
    drawn = np.concatenate([for_people(seed, use, part.height) for part, use in parts])
    enters = np.concatenate([np.full(stock.height, number(first), dtype=np.int32), arrive, extra_arrive])
    came = np.arange(len(enters)) >= stock.height
    instant = enters.astype(np.int64) * _DAY_MICROSECONDS + (drawn[:, _INSTANT] * _DAY_MICROSECONDS).astype(np.int64)
    frame = pl.concat([part for part, _ in parts])
    submitted = np.where(came, instant, frame["submitted_at"].dt.timestamp("us").to_numpy()) // _SECOND * _SECOND
    frame = frame.with_columns(submitted_at=pl.Series(submitted).cast(pl.Datetime("us", "UTC")))
    frame = _retested(_nominated(frame, enters, drawn, rates), enters, drawn, rates)
    in_canada = frame.select(pl.col("canadian_works") | pl.col("permit_until").is_not_null()).to_series().to_numpy()
    return Cast(
        frame.with_columns(person=pl.int_range(frame.height, dtype=pl.UInt32)),
        stock.height,
        enters,
        _expiry(submitted, law),
        _later(enters, waiting_days(drawn[:, _WITHDRAWS], rates["withdraws_weekly"])),
        submitted,
        drawn[:, _FATE],
        in_canada,
    )


def _later(enters: Days, waits: NDArray[np.float64]) -> Days:
    """The day so many days after entering and one; what lies beyond all calendars never comes."""
    far = waits > 100_000
    return np.where(far, NEVER, enters + 1 + np.where(far, 0, waits)).astype(np.int32)


def _expiry(submitted: NDArray[np.int64], law: Law) -> Days:
    """The first day on which each profile is no longer valid; the law is asked once for each day of submission."""
    days, back = np.unique(submitted // _DAY_MICROSECONDS, return_inverse=True)
    ends = [number(profile_ends(law, _at(int(day)))) for day in days]
    return np.array(ends, dtype=np.int32)[back]


def _at(day: int) -> datetime:
    on = day_of(day)
    return datetime(on.year, on.month, on.day, tzinfo=UTC)


def _nominated(frame: pl.DataFrame, enters: Days, drawn: NDArray[np.float64], rates: dict[str, float]) -> pl.DataFrame:
    """A province may nominate whoever is not nominated yet."""
    days = _later(enters, waiting_days(drawn[:, _NOMINATED], rates["nominated_weekly"]))
    known = numbers(frame["nominated_on"])
    return frame.with_columns(nominated_on=column(np.minimum(known, days)))


def _retested(frame: pl.DataFrame, enters: Days, drawn: NDArray[np.float64], rates: dict[str, float]) -> pl.DataFrame:
    """A better test of the first language: each ability may rise by one benchmark; its results count from that day.

    What the person has from then on stands beside the facts that it replaces, under their names with `~then`.
    """
    days = _later(enters, waiting_days(drawn[:, _RETESTS], rates["retests_weekly"]))
    scale, share, retested = drawn[:, _GAINS], rates["retest_gains"], column(days)
    first = frame["first_language"].cast(pl.String).fill_null("english")
    then = []
    for language in LANGUAGES:
        this, taken = first == language, frame[f"{language}_taken_on"]
        later = pl.max_horizontal(pl.lit(retested), pl.lit(taken))
        then.append(
            pl.when(this & taken.is_not_null()).then(later).otherwise(taken).alias(f"{_THEN}{language}_taken_on")
        )
        for at, ability in enumerate(ABILITIES):
            rises = this & pl.Series((scale * 7 ** (at + 1)) % 1.0 < share)
            now = pl.col(f"{language}_{ability}")
            risen = pl.when((now < _HIGHEST) & rises).then(now + 1).otherwise(now)
            then.append(risen.alias(f"{_THEN}{language}_{ability}"))
    return frame.with_columns(retested.alias("retested_on"), *then)


def facts_then(frame: pl.DataFrame, on: str) -> pl.DataFrame:
    """The facts of each row on its own day, with the better test where it has come."""
    came = (pl.col("retested_on") <= pl.col(on)).fill_null(False)
    later = {name: name.removeprefix(_THEN) for name in frame.columns if name.startswith(_THEN)}
    return frame.with_columns(
        pl.when(came).then(pl.col(then)).otherwise(pl.col(now)).alias(now) for then, now in later.items()
    ).drop(later)
