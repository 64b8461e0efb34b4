"""How the body of each kind of event is written, as a pattern, from the table of kinds; the migrations have the same.

Digests and names are not counted in the pattern, which would make it slow; their length is checked besides.
"""

from __future__ import annotations

from collections.abc import Mapping

from expressentry.pool.acts.kinds import KINDS

_DAY = '"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}"'
_INSTANT = '"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z"'
_NUMBER = "[1-9][0-9]{0,18}"
_CRS = "(0|[1-9][0-9]{0,3})"
_DIGEST = '"[0-9a-f]+"'
_NAME = r'"[ !#-\[\]-~]+"'
_LIST = '"[a-z_0-9]{1,60}"'
_FLAG = "(true|false)"


def several(one: str, least: int = 0) -> str:
    """Values in a list."""
    return rf"\[{one}(,{one})*\]" if least else rf"\[({one}(,{one})*)?\]"


_SCORE = rf'"[1-9][0-9]{{0,3}}":\[{_FLAG},{_CRS},(null|"[a-z]{{3}}"),{several(_LIST)}\]'
TYPES: Mapping[str, str] = {
    "number": _NUMBER,
    "count": "(0|[1-9][0-9]{0,9})",
    "crs": _CRS,
    "flag": _FLAG,
    "name": _NAME,
    "uuid": '"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"',
    "digest": _DIGEST,
    "day": _DAY,
    "instant": _INSTANT,
    "state": '"[a-z_]{1,20}"',
    "numbers": several(_NUMBER, 1),
    "scores": rf"\{{{_SCORE}(,{_SCORE})*\}}",
    "terms": rf'\{{"day":{_DAY},"kind":{_NAME},"of":(null|{_NAME}),"size":(0|[1-9][0-9]{{0,9}})\}}',
    "nominations": several(rf"\[{_NAME},(null|{_DAY})\]"),
    "places": several(rf'\[{_NUMBER},{_CRS},(null|"[a-z]{{3}}"),{_INSTANT}\]'),
    "reviews": several(rf"\[{_NUMBER},(null|{_DAY}),{_DIGEST}\]", 1),
}


def of_type(name: str) -> str:
    """The pattern of one type."""
    wanted, _, nullable = name.partition(" or ")
    return f"(null|{TYPES[wanted]})" if nullable else TYPES[wanted]


def pattern(kind: str) -> str:
    """The pattern of the body of a kind: its keys in their order, each with a value of its type."""
    keys = ",".join(f'"{key}":{of_type(type_)}' for key, type_ in sorted(KINDS[kind].items()))
    return rf"^\{{{keys}\}}$"


def keys_of(kind: str, type_: str) -> str:
    """The keys of a kind that are of a type, as an array: `digest` or `name`, whose length is checked besides."""
    return "{" + ",".join(sorted(key for key, found in KINDS[kind].items() if found == type_)) + "}"


def row(kind: str) -> str:
    """What the migrations have of a kind."""
    return f"'{keys_of(kind, 'digest')}', '{keys_of(kind, 'name')}',\n    '{pattern(kind)}'"
