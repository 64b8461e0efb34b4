"""What an event of each kind says: its keys and their types, and the changes of state that it may make.

An event says everything that decides, so that every row of the pool that matters can be rebuilt from the events. It
says nothing else, so that nothing personal and nothing unforeseen gets into the chain.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

KINDS: Mapping[str, Mapping[str, str]] = {
    "rule_set_opened": {"rule_set": "number", "name": "name", "digest": "name", "law_day": "day", "rehearsal": "flag"},
    "rescored": {"rule_set": "number", "batch": "number", "last": "number", "candidates": "number", "digest": "digest"},
    "law_in_force": {"rule_set": "number"},
    "submitted": {
        "interest": "number", "person": "uuid", "key": "digest", "submitted_at": "instant", "expires_on": "day",
        "review_on": "day or null", "profile": "digest", "factors": "digest", "nominations": "nominations",
        "answer": "digest", "standings": "scores",
    },
    "refused": {"person": "uuid", "key": "digest", "why": "name", "crs": "crs or null", "answer": "digest"},
    "updated": {
        "interest": "number", "profile": "digest", "factors": "digest", "nominations": "nominations",
        "review_on": "day or null", "standings": "scores",
    },
    "nominated": {
        "interest": "number", "profile": "digest", "factors": "digest", "nominations": "nominations",
        "review_on": "day or null", "standings": "scores",
    },
    "nomination_withdrawn": {
        "interest": "number", "profile": "digest", "factors": "digest", "nominations": "nominations",
        "review_on": "day or null", "standings": "scores",
    },
    "due": {
        "interest": "number", "day": "day", "factors": "digest", "review_on": "day or null", "standings": "scores",
    },
    "reviewed": {"day": "day", "reviews": "reviews"},
    "withdrawn": {"interests": "numbers", "state": "state"},
    "expired": {"interests": "numbers", "state": "state", "day": "day"},
    "ineligible": {"interests": "numbers", "state": "state"},
    "lapsed": {"interests": "numbers", "state": "state", "day": "day", "invitations": "numbers"},
    "accepted": {"interests": "numbers", "state": "state", "invitation": "number"},
    "declined": {"interests": "numbers", "state": "state", "invitation": "number"},
    "cancelled": {"interests": "numbers", "state": "state", "invitation": "number"},
    "barred": {"person": "uuid", "key": "digest", "until": "day"},
    "left_by_bar": {"interests": "numbers", "state": "state", "invitation": "number or null"},
    "left_by_erasure": {"interests": "numbers", "state": "state", "invitation": "number or null"},
    "erased": {"person": "uuid"},
    "round": {
        "number": "number", "request_id": "uuid", "terms": "terms", "as_of": "instant", "rule_set": "number",
        "rule_set_digest": "name", "invited": "count", "cutoff": "crs or null", "tie_break": "instant or null",
        "invited_digest": "digest", "next_digest": "digest", "answer_by": "day", "first_invitation": "number",
        "places": "places",
    },
}  # fmt: skip
"""The keys of each kind, all of which an event has, and their types."""

MOVES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    kind: (frozenset(before.split()), frozenset(after.split()))
    for kind, before, after in (
        ("submitted", "", "in_pool"),
        ("round", "in_pool", "invited"),
        ("withdrawn", "in_pool", "withdrawn"),
        ("expired", "in_pool", "expired"),
        ("ineligible", "in_pool", "ineligible"),
        ("lapsed", "invited", "lapsed"),
        ("accepted", "invited", "applied"),
        ("declined", "invited", "in_pool expired ineligible"),
        ("cancelled", "invited", "in_pool expired ineligible"),
        ("left_by_bar", "in_pool invited", "barred"),
        ("left_by_erasure", "in_pool invited", "withdrawn"),
    )
}
"""The states from which a kind of event may take a candidate, and those to which it may; other kinds move nobody."""

CHANGES: Mapping[str, frozenset[str]] = {
    "updated": frozenset({"in_pool"}),
    "nominated": frozenset({"in_pool", "invited"}),
    "nomination_withdrawn": frozenset({"in_pool", "invited"}),
    "due": frozenset({"in_pool", "invited"}),
    "reviewed": frozenset({"in_pool", "invited"}),
    "rescored": frozenset({"in_pool", "invited"}),
}
"""The states in which a kind of event may give a candidate other facts or another score."""

_STATES = frozenset().union(*(after for _, after in MOVES.values()))
_DAY = re.compile(r"[2-9]\d{3}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"[2-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NUMBER = re.compile(r"[1-9]\d{0,4}", re.ASCII)
_PROGRAMS = (None, "pnp", "cec", "fsw", "fst")
_MOST = {"number": 2**63 - 1, "count": 2**31 - 1, "crs": 1200}
_MOST_LETTERS = 200


class BodyError(ValueError):
    """What an event says is not what its kind says."""


def read_body(kind: str, text: str) -> dict[str, Any]:
    """Read what an event says.

    Raises:
        BodyError: It is no event: another kind, a key too many or too few, a value of another type or out of range.

    >>> read_body("law_in_force", '{"rule_set": 1}')
    {'rule_set': 1}
    """
    try:
        body = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse, parse_float=_refuse)
    except (ValueError, RecursionError):
        raise BodyError(kind) from None
    check_body(kind, body)
    return dict(body)


def check_body(kind: str, body: object) -> None:
    """Refuse what an event of a kind cannot say.

    Raises:
        BodyError: A key is too many or too few, or a value is of another type or out of range; it has the key.
    """
    keys = KINDS.get(kind)
    if keys is None or not isinstance(body, dict) or body.keys() != keys.keys():
        raise BodyError(kind)
    for key, type_ in keys.items():
        if not _is(type_, body[key]):
            raise BodyError(f"{kind}.{key}")


def is_instant(value: object) -> bool:
    """Whether a text is an instant as events have it: UTC, microseconds, from the year 2000 to 9999."""
    return isinstance(value, str) and bool(_INSTANT.fullmatch(value)) and _parses(datetime.fromisoformat, value)


def is_digest(value: object) -> bool:
    """Whether a value is a digest as events have it."""
    return _TYPES["digest"](value)


def _is(type_: str, value: object) -> bool:
    return _check_of(type_)(value)


@cache
def _check_of(type_: str) -> Callable[[Any], bool]:
    wanted, _, nullable = type_.partition(" or ")
    check = _TYPES[wanted]
    return (lambda value: value is None or check(value)) if nullable else check


def _whole(type_: str, least: int) -> Callable[[object], bool]:
    return lambda value: type(value) is int and least <= value <= _MOST[type_]


def _text(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


def _name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _MOST_LETTERS and value.isprintable()


def _day(value: object) -> bool:
    return isinstance(value, str) and bool(_DAY.fullmatch(value)) and _parses(date.fromisoformat, value)


def _parses(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True


def _rows(*types: str) -> Callable[[object], bool]:
    """Rows of a few values each."""

    def check(value: object) -> bool:
        checks = [_check_of(one) for one in types]
        return isinstance(value, list) and all(
            isinstance(row, list)
            and len(row) == len(checks)
            and all(is_right(one) for is_right, one in zip(checks, row, strict=True))
            for row in value
        )

    return check


def _scores(value: object) -> bool:
    """A score for each rule set."""
    return isinstance(value, dict) and all(_NUMBER.fullmatch(id_) and is_score(row) for id_, row in value.items())


def is_score(row: object) -> bool:
    """Whether a row is a score as events have it: eligible or not, CRS, program, lists."""
    return isinstance(row, list) and len(row) == 4 and all(map(_is, ("flag", "crs", "program", "names"), row))


def _terms(value: object) -> bool:
    types = {"kind": "name", "of": "name or null", "size": "count", "day": "day"}
    return isinstance(value, dict) and value.keys() == types.keys() and all(_is(types[n], v) for n, v in value.items())


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "number": _whole("number", 1),
    "count": _whole("count", 0),
    "crs": _whole("crs", 0),
    "flag": lambda value: isinstance(value, bool),
    "name": _name,
    "uuid": _text(_UUID),
    "digest": _text(_DIGEST),
    "day": _day,
    "instant": is_instant,
    "state": lambda value: isinstance(value, str) and value in _STATES,
    "program": lambda value: value is None or (isinstance(value, str) and value in _PROGRAMS),
    "names": lambda value: isinstance(value, list) and all(map(_name, value)),
    "numbers": lambda value: isinstance(value, list) and len(value) > 0 and all(_is("number", one) for one in value),
    "scores": _scores,
    "terms": _terms,
    "nominations": _rows("name", "day or null"),
    "places": _rows("number", "crs", "program", "instant"),
    "reviews": _rows("number", "day or null", "digest"),
}
"""What each type takes: `nominations` are province and day of withdrawal; `places` candidate, CRS, program and
submission time, in the order of rank; `reviews` candidate, next day of review and digest of the factors."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no key comes twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _refuse(_: str) -> None:
    """No event has a fraction, or a number that is none."""
    raise ValueError
