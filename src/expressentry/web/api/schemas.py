"""The shapes of bodies and answers, as the description of the API names them."""

from __future__ import annotations

from typing import Any

_TEXT, _NUMBER, _FLAG = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
_DAY = {"type": "string", "format": "date"}


def _or_null(one: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [one, {"type": "null"}]}


def _object(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """An object with keys that are always there; more may come in a later version."""
    return {"type": "object", "required": list(required), "properties": {**required, **optional}}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


_OBJECT = {"type": "object"}
_PROBLEM = _object(
    {
        "code": {**_TEXT, "description": "Stable, for programs."},
        "pointer": {**_or_null(_TEXT), "description": "RFC 6901, into the body; null for a parameter."},
        "parameter": _or_null(_TEXT),
        "field": _TEXT,
        "message": {**_TEXT, "description": "In the language asked for."},
        "rule": _TEXT,
        "fix": _TEXT,
    }
)
_ROUND_KEYS = {
    "number": _TEXT,
    "date": _DAY,
    "type": _TEXT,
    "category": _or_null(_TEXT),
    "invitations": _NUMBER,
    "cutoff": _NUMBER,
    "tie_break": _or_null({"type": "string", "format": "date-time"}),
}
_ROUND = _object(_ROUND_KEYS, version=_or_null(_TEXT), label=_TEXT, doubt=_or_null(_TEXT))
_LEVEL = {"type": "integer", "minimum": 0, "maximum": 12}
_PUBLISHED = _object({"as_of": _DAY, "newest_round": _TEXT})
_LAW = _object({"rule_set": _TEXT, "digest": _TEXT, "established": _FLAG, "checked": _DAY, "warnings": _list(_OBJECT)})
_VERSION = _object(
    {
        "id": _TEXT,
        "version": _TEXT,
        "title": _TEXT,
        "from": _DAY,
        "until": _or_null(_DAY),
        "occupations": _NUMBER,
        "condition": _TEXT,
    },
    dormant=_FLAG,
)
_CRS = _object(
    {
        "total": {**_or_null(_NUMBER), "description": "null where readings of the facts differ."},
        "totals": _list(_NUMBER),
        "grid": _TEXT,
        "current": {**_FLAG, "description": "false where law of that day is not established."},
        "first_language": _OBJECT,
        "sections": {"type": "object", "additionalProperties": _NUMBER},
    },
    lines=_list(_OBJECT),
    next_steps=_list(_OBJECT),
)
ANSWERS: dict[str, dict[str, Any]] = {
    "Problems": _object(
        {
            "type": _TEXT,
            "title": _TEXT,
            "status": _NUMBER,
            "detail": _TEXT,
            "code": _TEXT,
            "pointer": _or_null(_TEXT),
            "message": _TEXT,
            "problems": _list(_PROBLEM),
        }
    ),
    "Assessment": _object(
        {
            "as_of": _DAY,
            "law": _LAW,
            "record": _PUBLISHED,
            "crs": _CRS,
            "programs": {"type": "object", "additionalProperties": _OBJECT},
            "invitation": _OBJECT,
            "categories": _list(_OBJECT),
        },
        doubts=_list(_OBJECT),
        readings=_list(_OBJECT),
        derived=_OBJECT,
    ),
    "Replay": _object(
        {
            "since": _or_null(_DAY),
            "before": _NUMBER,
            "invited": _NUMBER,
            "rounds": _list(_OBJECT),
            "record": _PUBLISHED,
        }
    ),
    "Timeline": _object({"as_of": _DAY, "until": _DAY, "law": _LAW, "crs": _OBJECT, "events": _list(_OBJECT)}),
    "Plans": _object({"tried": _NUMBER, "front": _list(_OBJECT)}),
    "Levels": _object(
        dict.fromkeys(("listening", "reading", "writing", "speaking"), _LEVEL)
        | {"at_most": _list(_TEXT), "test": _TEXT, "language": _TEXT, "chart": _TEXT, "cites": _list(_OBJECT)}
    ),
    "Occupations": _list(
        _object(
            {"noc": _TEXT, "title": _TEXT, "teer": _NUMBER, "matched": _or_null(_TEXT), "score": {"type": "number"}}
        )
    ),
    "Occupation": _object({"noc": _TEXT, "version": _NUMBER, "title": _TEXT, "job_titles": _list(_TEXT)}),
    "Categories": _list(_VERSION),
    "Category": _object(
        {
            "id": _TEXT,
            "title": _TEXT,
            "versions": _list(_VERSION),
            "in_force": _or_null(_TEXT),
            "occupations": _list(_OBJECT),
            "changes": _list(_OBJECT),
        }
    ),
    "Rounds": _list(_ROUND),
    "Round": _object({**_ROUND_KEYS, "law": _LAW, "pool_before": _or_null(_OBJECT)}),
    "Pool": _object({"as_of": _DAY, "total": _or_null(_NUMBER), "bands": _list(_OBJECT)}, standing=_OBJECT),
    "Instruments": _list(
        _object(
            {
                "id": _TEXT,
                "in_force": _or_null(_DAY),
                "status": _TEXT,
                "confidence": _TEXT,
                "grid": _or_null(_TEXT),
                "title": _TEXT,
            }
        )
    ),
    "Law": _object({"id": _TEXT}),
    "Changes": _list(_object({"id": _TEXT, "what": _TEXT, "before": _or_null(_NUMBER), "after": _or_null(_NUMBER)})),
    "Scored": _object({"row": _NUMBER}, id=_or_null(_TEXT), crs=_or_null(_NUMBER), problems=_list(_PROBLEM)),
}


def ok(name: str, media: str = "application/json") -> dict[str, Any]:
    """How an answer is described; its example is filled in from a real answer."""
    return {"description": "The answer.", "content": {media: {"schema": _ref(name)}}}


def body(name: str, media: str = "application/json") -> dict[str, Any]:
    """How a body is described."""
    return {"requestBody": {"required": True, "content": {media: {"schema": _ref(name)}}}}
