"""The ranking rule against a brute-force sort, and a pool cut as rounds are published."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expressentry.errors import FactorsError
from expressentry.rounds.ranking import Ranked, published_instant, rank_round

FIRST = datetime(2024, 1, 1)

# Few scores and few instants, so that ties and equal instants are the rule.
CANDIDATE = st.tuples(st.sampled_from([0, 1, 400, 491, 492, 1200]), st.integers(0, 3), st.integers(0, 5), st.booleans())


def columns(people: list[tuple[int, int, int, bool]]) -> dict[str, pl.Series]:
    """The columns of a pool: score, submission, key, and whether the person meets the round's terms."""
    scores, seconds, keys, meets = ([person[at] for person in people] for at in range(4))
    return {
        "crs": pl.Series(scores, dtype=pl.Int16),
        "submitted": pl.Series([FIRST + timedelta(seconds=s) for s in seconds], dtype=pl.Datetime("us")),
        "key": pl.Series(keys, dtype=pl.Int64),
        "meets": pl.Series(meets, dtype=pl.Boolean),
    }


def sorted_by_hand(people: list[tuple[int, int, int, bool]], number: int) -> list[int]:
    """The same by sorting everybody: the plainest way to say the rule."""
    order = sorted(
        (row for row in range(len(people)) if people[row][3]),
        key=lambda row: (-people[row][0], people[row][1], people[row][2], row),
    )
    return order[:number]


class TestAgainstSorting:
    """Counting must give what sorting gives."""

    @given(st.lists(CANDIDATE, max_size=60), st.integers(0, 80))
    def test_invited_cutoff_and_tie_break(self, people: list[tuple[int, int, int, bool]], number: int) -> None:
        """The invited in order, the cut-off and the tie-break equal those of a whole sort, for every size."""
        pool = columns(people)
        found = rank_round(pool["crs"], pool["submitted"], number, meets=pool["meets"], key=pool["key"])
        expected = sorted_by_hand(people, number)

        assert found.invited.to_list() == expected
        if expected:
            lowest = people[expected[-1]][0]
            latest = max(people[row][1] for row in expected if people[row][0] == lowest)
            assert found.cutoff == lowest
            assert found.tie_break == (FIRST + timedelta(seconds=latest)).replace(tzinfo=UTC)
        else:
            assert (found.cutoff, found.tie_break) == (None, None)

    @given(st.lists(CANDIDATE, min_size=1, max_size=60), st.integers(1, 80), st.randoms())
    def test_order_of_rows_does_not_matter(
        self, people: list[tuple[int, int, int, bool]], number: int, chance: random.Random
    ) -> None:
        """With a key of its own for everybody, a shuffled pool invites the same people in the same order."""
        people = [(crs, seconds, key, True) for key, (crs, seconds, _, _) in enumerate(people)]
        shuffled = people[:]
        chance.shuffle(shuffled)
        invited = []
        for rows in (people, shuffled):
            pool = columns(rows)
            found = rank_round(pool["crs"], pool["submitted"], number, key=pool["key"])
            invited.append([rows[row][2] for row in found.invited])

        assert invited[0] == invited[1]

    @pytest.mark.parametrize("kind", [pl.UInt16, pl.Int16, pl.Int32, pl.Int64, pl.UInt64])
    def test_any_whole_type(self, kind: type[pl.DataType]) -> None:
        """Scores may be whole numbers of any width."""
        found = rank_round(pl.Series([491, 492, 490], dtype=kind), pl.Series([FIRST] * 3), 2)

        assert found.invited.to_list() == [1, 0]

    def test_without_a_key_the_earlier_row(self) -> None:
        """Where score and instant are equal and no key is given, the earlier row goes first."""
        assert rank_round(pl.Series([500] * 4), pl.Series([FIRST] * 4), 3).invited.to_list() == [0, 1, 2]

    def test_equal_keys_too(self) -> None:
        """The earlier row goes first where even the key is the same."""
        crs = pl.Series([500] * 39 + [501])
        found = rank_round(crs, pl.Series([FIRST] * 40), 20, key=pl.Series([7] * 40))

        assert found.invited.to_list() == [39, *range(19)]


class TestSizes:
    """Nobody, all, more than all."""

    POOL = (pl.Series([480, 500]), pl.Series([FIRST, FIRST]))

    def test_nobody(self) -> None:
        """A round of size 0 and an empty pool have no cut-off and no tie-break."""
        empty = (pl.Series([], dtype=pl.Int16), pl.Series([], dtype=pl.Datetime("us")))
        for found in (rank_round(*self.POOL, 0), rank_round(*empty, 5)):
            assert (found.invited.to_list(), found.cutoff, found.tie_break) == ([], None, None)

    @pytest.mark.parametrize("number", [2, 3, 10_000])
    def test_all_and_more(self, number: int) -> None:
        """A round as large as the pool or larger invites everybody, down to the lowest score."""
        found = rank_round(*self.POOL, number)

        assert (found.invited.to_list(), found.cutoff) == ([1, 0], 480)

    def test_cannot_tell_does_not_enter(self) -> None:
        """An empty finding is not a yes."""
        meets = pl.Series([None, True])

        assert rank_round(*self.POOL, 2, meets=meets).invited.to_list() == [1]


class TestRefusals:
    """What cannot be ranked is said, all at once."""

    def test_all_problems_at_once(self) -> None:
        """Empty scores, days for instants, unequal lengths and a negative size are four problems."""
        with pytest.raises(FactorsError) as caught:
            rank_round(pl.Series([491, None]), pl.Series([FIRST.date()]), -1)

        assert [problem.code for problem in caught.value.problems] == [
            "missing",
            "unequal_length",
            "not_instants",
            "negative",
        ]

    @pytest.mark.parametrize("crs", [pl.Series([490.5]), pl.Series([-1]), pl.Series(["491"])])
    def test_scores_are_points(self, crs: pl.Series) -> None:
        """Half points, negative points and text are refused."""
        with pytest.raises(FactorsError) as caught:
            rank_round(crs, pl.Series([FIRST]), 1)

        assert "not_points" in {problem.code for problem in caught.value.problems}


class TestPublishedForm:
    """A synthetic pool, cut at published sizes, answers in the published form."""

    @pytest.mark.parametrize("number", [4500, 1500, 1980, 975, 2850])
    def test_synthetic_pool(self, number: int) -> None:
        """The size is exact; nobody left out is above the cut-off, or at it and earlier than the tie-break."""
        chance = random.Random(number)
        count = 30_000
        crs = pl.Series([min(1200, max(0, round(chance.gauss(430, 60)))) for _ in range(count)])
        submitted = pl.Series([FIRST + timedelta(seconds=chance.randrange(20_000_000)) for _ in range(count)])
        found: Ranked = rank_round(crs, submitted, number)
        left = pl.DataFrame({"crs": crs, "submitted": submitted}).with_row_index()
        left = left.filter(~pl.col("index").is_in(found.invited.implode()))

        assert found.cutoff is not None
        assert found.tie_break is not None
        assert found.invited.len() == found.invited.n_unique() == number
        assert left.filter(pl.col("crs") > found.cutoff).is_empty()
        at_cutoff = left.filter(pl.col("crs") == found.cutoff)
        assert at_cutoff.filter(pl.col("submitted") < found.tie_break.replace(tzinfo=None)).is_empty()
        assert published_instant(found.tie_break).en.endswith(" UTC")

    def test_words_of_an_instant(self) -> None:
        """As in round 293, in both languages; parts of a second are not published."""
        instant = datetime(2024, 2, 25, 11, 55, 12, 999, tzinfo=UTC)

        assert published_instant(instant) == (
            "February 25, 2024 at 11:55:12 UTC",
            "25 février 2024 à 11:55:12 UTC",
        )
