"""Where every person is on a day, and the books that are kept of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from expressentry.simulate.run.days import NEVER, Days


class Place(IntEnum):
    """Where a person is: outside, in the pool, invited, or gone and why."""

    OUTSIDE = 0
    POOL = 1
    INVITED = 2
    APPLIED = 3
    LAPSED = 4
    WITHDRAWN = 5
    EXPIRED = 6
    NOT_ELIGIBLE = 7
    REFUSED = 8


EXITS = (Place.APPLIED, Place.LAPSED, Place.WITHDRAWN, Place.EXPIRED, Place.NOT_ELIGIBLE)
"""How people leave."""


@dataclass
class State:
    """One row a person; and how many entered and left, counted when it happens."""

    place: NDArray[np.uint8]
    crs: NDArray[np.int16]
    lists: NDArray[np.uint32]
    invitations: NDArray[np.uint8]
    invited_on: Days
    returns: Days
    first_invited: Days
    first_list: NDArray[np.int8]
    entries: int = 0
    exits: dict[Place, int] = field(default_factory=lambda: dict.fromkeys(EXITS, 0))
    carried: dict[str, float] = field(default_factory=dict)

    @staticmethod
    def empty(people: int) -> State:
        """Nobody has come yet."""
        never = np.full(people, NEVER, dtype=np.int32)
        return State(
            np.zeros(people, dtype=np.uint8),
            np.zeros(people, dtype=np.int16),
            np.zeros(people, dtype=np.uint32),
            np.zeros(people, dtype=np.uint8),
            never.copy(),
            never.copy(),
            never.copy(),
            np.full(people, -1, dtype=np.int8),
        )

    def leave(self, rows: NDArray[np.integer], how: Place) -> None:
        """Let people go."""
        self.place[rows] = how
        self.exits[how] += len(rows)

    def count(self, place: Place) -> int:
        """How many people are in a place."""
        return int(np.count_nonzero(self.place == place))

    @property
    def stock(self) -> int:
        """The people in the pool or with an open invitation."""
        return self.count(Place.POOL) + self.count(Place.INVITED)

    def check(self, day: object) -> None:
        """Entries are stock and exits, in total and by the place of each person.

        Raises:
            AssertionError: The books do not agree: an error of ours.
        """
        gone = {how: self.count(how) for how in EXITS}
        agree = gone == self.exits and self.entries == self.stock + sum(gone.values())
        if not agree:
            raise AssertionError(f"{day}: {self.entries} entered, {self.stock} are here, {gone} left, {self.exits}")
