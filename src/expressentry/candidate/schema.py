"""The JSON Schema of one person's facts on a day, for editors, forms and other programs."""

from __future__ import annotations

from typing import Any

from expressentry.law.columns import Column
from expressentry.law.tree import Grid
from expressentry.words import Lang


def factors_schema(grid: Grid, lang: Lang = "en") -> dict[str, Any]:
    """Return the JSON Schema (2020-12) that accepts exactly what `read_factors` accepts on this grid.

    >>> from datetime import date
    >>> from expressentry.law.rules import load_law
    >>> factors_schema(load_law().on(date(2026, 10, 1)).crs)["properties"]["age"]["maximum"]
    120
    """
    known, asked = grid.columns.by_name, grid.inputs
    needed = [column for column in asked.values() if not column.may_be_empty]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": grid.title.say(lang),
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _property(column, lang, asked=name in asked) for name, column in known.items()},
        "required": [column.name for column in needed if column.when is None],
        "allOf": [_condition(flag, grid) for flag in {column.when for column in known.values()} - {None} if flag],
    }


def _property(column: Column, lang: Lang, *, asked: bool) -> dict[str, Any]:
    described = {"title": column.title.say(lang), "description": column.meaning.say(lang)}
    optional = column.may_be_empty or column.when is not None or not asked
    if column.kind == "integer":
        kind = ["integer", "null"] if optional else "integer"
        return {**described, "type": kind, "minimum": column.values[0], "maximum": column.values[-1]}
    if column.kind == "boolean":
        return {**described, "type": ["boolean", "null"] if optional else "boolean"}
    return {**described, "enum": [*column.values, *([None] if optional else [])]}


def _condition(flag: str, grid: Grid) -> dict[str, Any]:
    """What must be given when a flag is true, and must be empty when it is not."""
    under = [column for column in grid.columns.by_name.values() if column.when == flag]
    needed = [column.name for column in under if not column.may_be_empty and column.name in grid.inputs]
    return {
        "if": {"properties": {flag: {"const": True}}, "required": [flag]},
        "then": {"required": needed, "properties": {name: {"not": {"const": None}} for name in needed}},
        "else": {"properties": {column.name: {"const": None} for column in under}},
    }
