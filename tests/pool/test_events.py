"""What an event may say, and how its hash is computed: the same in Python and in the database."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from expressentry.pool.acts.events import event_hash, new_event
from expressentry.pool.acts.kinds import CHANGES, KINDS, MOVES, BodyError, check_body, read_body
from expressentry.pool.acts.model import Event, canonical, instant_text
from tests.pool.fake_law import DAY, noon

DIGEST = "0f" * 32
PERSON = "01234567-89ab-cdef-0123-456789abcdef"
VALUES: dict[str, list[Any]] = {
    "number": [1, 2**63 - 1],
    "count": [0, 5],
    "crs": [0, 1200],
    "flag": [True, False],
    "name": ["crs-2025-03-25", "é"],
    "uuid": [PERSON],
    "digest": [DIGEST],
    "day": ["2026-01-05", "9999-12-31"],
    "instant": ["2026-01-05T12:00:00.000001Z"],
    "state": ["in_pool", "barred"],
    "numbers": [[1], [3, 1]],
    "scores": [{}, {"1": [True, 467, "cec", ["general", "cec"]], "12": [False, 0, None, []]}],
    "terms": [{"kind": "category", "of": "stem", "size": 3, "day": "2026-01-05"}],
    "nominations": [[], [["ON", None], ["BC", "2026-01-05"]]],
    "places": [[], [[1, 467, "cec", "2026-01-05T12:00:00.000001Z"], [2, 0, None, "2026-01-05T12:00:00.000001Z"]]],
    "reviews": [[[1, None, DIGEST], [2, "2026-01-05", DIGEST]]],
}
"""Values of each type; the first of each is used where only some value is needed."""
DEEP: Any = json.loads("[" * 500 + "]" * 500)
WRONG: dict[str, list[Any]] = {
    "number": [0, -1, 2**63, 10**5000, True, 1.0, "1", None, [1], DEEP],
    "count": [-1, 2**31, False, "0", None],
    "crs": [-1, 1201, True, "467", None],
    "flag": [0, 1, "true", None],
    "name": ["", "x" * 201, "line\nfeed", "\x1b[2J", "\ud800", 5, None, ["general"]],
    "uuid": [PERSON.upper(), PERSON[:-1], PERSON + "\n", 7, None],
    "digest": [DIGEST[:-1], DIGEST + "0", DIGEST + "\n", DIGEST.upper(), None],
    "day": ["2026-02-30", "1999-12-31", "20000-01-01", "infinity", "2026-01-05\n", "٢٠٢٦-01-05", 20260105, None],
    "instant": ["2026-01-05T12:00:00Z", "infinity", "0044-03-15T00:00:00.000000Z", "2026-01-05T25:00:00.000000Z", None],
    "state": ["living", ["in_pool"], None, 1],
    "numbers": [[], ["1"], [None], [[1]], 1, None, [0]],
    "scores": [
        [], {"0": [True, 467, "cec", []]}, {"1": [True, "x", "cec", []]}, {"1": [1, 467, "cec", []]},
        {"1": [True, 467, "law", []]}, {"1": [True, 467, "cec", [["general"]]]}, {"1": [True, 467, "cec"]},
        {"1": DEEP}, {"1": None}, {"123456": [True, 467, "cec", []]}, None,
    ],
    "terms": [
        {"kind": "category", "of": "stem", "size": 3}, {"kind": "general", "of": None, "size": -1, "day": "2026-01-05"},
        {"kind": "general", "of": None, "size": 1, "day": "2026-01-05", "more": 1}, [], None,
    ],
    "nominations": [[["ON"]], [["ON", "today"]], [None], {}, None],
    "places": [[[1, 467, "cec"]], [[1, 467.0, "cec", "2026-01-05T12:00:00.000001Z"]], [{}], None],
    "reviews": [[[1, "soon", DIGEST]], [[0, None, DIGEST]], None],
}  # fmt: skip
"""Values that a type refuses."""


def body_of(kind: str) -> dict[str, Any]:
    """What an event of a kind may say."""
    return {key: VALUES[type_.partition(" or ")[0]][0] for key, type_ in KINDS[kind].items()}


@pytest.mark.parametrize("kind", KINDS)
class TestKinds:
    """Each kind has its keys and their types, and takes nothing else."""

    def test_every_value_of_its_types(self, kind: str) -> None:
        """What it may say is read as it was written."""
        for key, type_ in KINDS[kind].items():
            wanted, _, null = type_.partition(" or ")
            for value in [*VALUES[wanted], *([None] if null else [])]:
                body = {**body_of(kind), key: value}
                assert read_body(kind, canonical(body)) == body

    def test_no_value_of_another_type(self, kind: str) -> None:
        """A value of another type or out of range is refused, however deep or long, and the key is named."""
        for key, type_ in KINDS[kind].items():
            wanted, _, null = type_.partition(" or ")
            for value in WRONG[wanted]:
                if not (null and value is None):
                    with pytest.raises(BodyError, match=f"{kind}.{key}"):
                        check_body(kind, {**body_of(kind), key: value})

    def test_no_key_too_many_or_too_few(self, kind: str) -> None:
        """All its keys are there, once, and no other."""
        with pytest.raises(BodyError):
            check_body(kind, {**body_of(kind), "more": 1})
        for key in KINDS[kind]:
            with pytest.raises(BodyError):
                check_body(kind, {name: value for name, value in body_of(kind).items() if name != key})
        key, value = next(iter(body_of(kind).items()))
        twice = canonical(body_of(kind))[:-1] + f',"{key}":{json.dumps(value)}}}'
        with pytest.raises(BodyError):
            read_body(kind, twice)


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "null", "1", '"{}"', "{", '{"rule_set": NaN}', '{"rule_set": 1e0}', '{"rule_set": 1.0}',
        '{"rule_set": ' + "9" * 5000 + "}", '{"rule_set": ' + "[" * 5000 + "]" * 5000 + "}", '{"rule_set": "\\ud800"}',
    ],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_what_is_no_body(text: str) -> None:
    """Text that is no object, too deep or has other numbers is refused, and ends in no other error."""
    with pytest.raises(BodyError):
        read_body("law_in_force", text)


def test_an_unknown_kind() -> None:
    """No event of a kind that we do not know can be written or read."""
    with pytest.raises(BodyError):
        read_body("note", "{}")
    with pytest.raises(BodyError):
        new_event("note", noon(DAY), "operator", {})


def test_whatever_changes_a_candidate_is_a_kind() -> None:
    """The tables of moves and of changes name kinds, and every kind that names candidates is in one of them."""
    about = {"interest", "interests", "places", "reviews", "batch"}

    assert MOVES.keys() | CHANGES.keys() == {kind for kind, keys in KINDS.items() if about & keys.keys()}


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.sampled_from(
    ["", "\n", "a\nb", '"', "\\", "1:a", "😀", "é", "e\u0301", "\u2028"]
)
bodies = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**400), 10**400) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
events = st.builds(
    Event,
    texts,
    st.datetimes(datetime(2000, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)).map(instant_text),
    texts,
    texts,
    bodies.map(canonical) | bodies.map(lambda body: json.dumps(body, indent=1)),
    st.integers(1, 2**63 - 1),
    st.integers(1, 2**63 - 1),
)


class TestHash:
    """The hash covers every part, and no part can be taken for another."""

    def test_the_database_computes_the_same(self, database: str) -> None:
        """Whatever the texts have in them: line feeds, quotes, any letter, numbers of any length."""
        statement = "select pool.hash_event(%s, %s, %s, %s, %s::timestamptz, %s, %s, %s::json)"
        with psycopg.connect(database, autocommit=True) as connection:

            @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
            @given(before=texts, event=events)
            def equal(before: str, event: Event) -> None:
                values = [event.seq, event.inbox, event.kind, event.at, event.actor, event.reason, event.body]
                found = connection.execute(statement, [before, *values]).fetchone()

                assert found == (event_hash(before, event),)

            equal()

    @given(text=texts, cuts=st.tuples(st.integers(0, 8), st.integers(0, 8)))
    @example("first\nsecond", (5, 6))
    @example("1:a", (0, 2))
    @settings(max_examples=100, deadline=None)
    def test_nothing_moves_from_one_part_to_the_next(self, text: str, cuts: tuple[int, int]) -> None:
        """A text divided between actor and reason at another place is another event."""
        parts = {(text[:at], text[at:]) for at in cuts}
        hashes = {event_hash("", Event("barred", "", actor, reason, "{}")) for actor, reason in parts}

        assert len(hashes) == len(parts)


@pytest.mark.parametrize("at", ["infinity", "-infinity", "20000-01-01", "0044-03-15 BC", "1999-12-31"])
@pytest.mark.parametrize("table", ["inbox", "event"])
def test_no_instant_out_of_the_calendar(database: str, table: str, at: str) -> None:
    """The tables of events take no instant that no reader of ours can read."""
    more = {"inbox": ("", ""), "event": (", seq, inbox, hash", ", 1, 1, ''")}[table]
    with psycopg.connect(database) as owner, pytest.raises(psycopg.errors.CheckViolation, match="_at_check"):
        owner.execute(
            f"insert into pool.{table} (kind, at, actor, reason, body{more[0]})"
            f" values ('erased', '{at}', '', '', '{{}}'{more[1]})"
        )
