"""Randomness by counter: what a person draws depends on the seed and the person, and on nothing that a policy changes.

Two scenarios of the same seed therefore compare the same people with the same luck.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STOCK, ARRIVALS, EXTRA, COUNTS, PICKS = range(5)
"""What a stream is for: people of the first day, arrivals, more arrivals, how many arrive, and who they are like."""
PER_PERSON = 8
"""Numbers that each person may draw: a multiple of four, what Philox gives at one count."""
_AGAIN = 0.6180339887498949


def stream(seed: int, use: int, at: int = 0) -> np.random.Generator:
    """The stream of random numbers of one use, from a count on.

    >>> float(stream(1, STOCK).random()) == float(stream(1, STOCK).random()) != float(stream(1, ARRIVALS).random())
    True
    """
    return np.random.Generator(np.random.Philox(key=[seed, use], counter=[at, 0, 0, 0]))


def for_people(seed: int, use: int, people: int) -> NDArray[np.float64]:
    """What each person draws: one row a person, uniform from 0 to 1; a longer column begins with a shorter one.

    >>> bool((for_people(1, STOCK, 5)[:3] == for_people(1, STOCK, 3)).all())
    True
    """
    return stream(seed, use).random((people, PER_PERSON))


def again(drawn: NDArray[np.float64], times: NDArray[np.integer]) -> NDArray[np.float64]:
    """What the same people draw the next time: their number moved on by the golden ratio, as often as that."""
    found: NDArray[np.float64] = (drawn + _AGAIN * times) % 1.0
    return found


def waiting_days(drawn: NDArray[np.float64], weekly: float) -> NDArray[np.float64]:
    """Days until something happens that happens at a weekly rate; infinite at a rate of 0."""
    if weekly == 0:
        return np.full(len(drawn), np.inf)
    found: NDArray[np.float64] = np.floor(-np.log1p(-drawn) * 7 / weekly)
    return found
