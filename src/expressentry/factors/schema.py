"""The JSON Schema of one person's facts on a day, for editors, forms and other programs."""

from __future__ import annotations

from typing import Any

from expressentry.law.grid.tree import Grid
from expressentry.law.schema import MONTHS, MOST_MONTHS, MOST_OCCUPATIONS, Asked, Column
from expressentry.text import Lang, Text


def factors_schema(law: Asked | Grid, lang: Lang = "en", title: Text | None = None) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) that accepts exactly what `read_factors` accepts of this law.

    >>> from datetime import date
    >>> from expressentry.law.load import load_law
    >>> factors_schema(load_law().on(date(2026, 10, 1)).crs)["properties"]["age"]["maximum"]
    120
    """
    known, asked = law.columns.by_name, law.inputs
    needed = [column for column in asked.values() if not column.may_be_empty]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": (title or _TITLE).say(lang),
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _property(column, lang, asked=name in asked) for name, column in known.items()},
        "required": [column.name for column in needed if not column.when],
        "allOf": [_condition(flags, law) for flags in dict.fromkeys(c.when for c in known.values()) if flags],
    }


_TITLE = Text("Facts of one person on a day", "Faits d'une personne à un jour donné")


def _property(column: Column, lang: Lang, *, asked: bool) -> dict[str, Any]:
    described = {"title": column.title.say(lang), "description": column.meaning.say(lang)}
    optional = column.may_be_empty or bool(column.when) or not asked
    if column.kind == "amount":
        return {**described, "type": ["integer", "null"], "minimum": 0}
    if column.kind == "months":
        return {**described, "type": ["array", "null"], "items": _ENTRY | _noc(column), "maxItems": MOST_OCCUPATIONS}
    if column.kind == "integer":
        kind = ["integer", "null"] if optional else "integer"
        return {**described, "type": kind, "minimum": column.values[0], "maximum": column.values[-1]}
    if column.kind == "boolean":
        return {**described, "type": ["boolean", "null"] if optional else "boolean"}
    return {**described, "enum": [*column.values, *([None] if optional else [])]}


_MONTHS = {"type": "integer", "minimum": 0, "maximum": MOST_MONTHS}
_ENTRY = {"type": "object", "additionalProperties": False, "required": ["noc", *MONTHS]}


def _noc(column: Column) -> dict[str, Any]:
    return {"properties": {"noc": {"enum": list(column.values)}, **dict.fromkeys(MONTHS, _MONTHS)}}


def _condition(flags: tuple[str, ...], law: Asked | Grid) -> dict[str, Any]:
    """What must be given when one of the flags is true, and must be empty when none is."""
    under = [column for column in law.columns.by_name.values() if column.when == flags]
    needed = [column.name for column in under if not column.may_be_empty and column.name in law.inputs]
    return {
        "if": {"anyOf": [{"properties": {flag: {"const": True}}, "required": [flag]} for flag in flags]},
        "then": {"required": needed, "properties": {name: {"not": {"const": None}} for name in needed}},
        "else": {"properties": {column.name: {"const": None} for column in under}},
    }
