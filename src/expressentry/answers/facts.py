"""Facts in words: the value of a factor, and what a line of the grid was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from expressentry.assess.person.explain import Line
from expressentry.law.grid.tree import Input, Node
from expressentry.law.languages import SCALE_NAMES
from expressentry.law.schema import Column, value_of
from expressentry.text import Text, same

NO_TEST = Text("no test", "aucun test")
_SEMICOLON = Text("; ", "; ")


def fact(column: Column, value: Any) -> Text:
    """The value of a factor; of months of work, each occupation."""
    if isinstance(value, list):
        return _SEMICOLON.join(map(_months, value)) if value else Text("none", "aucun")
    return value_of(column, value)


def _months(one: Mapping[str, Any]) -> Text:
    wording = Text(
        "{noc}: {months} months ({run} in a row, {canada_months} in Canada)",
        "{noc} : {months} mois ({run} de suite, {canada_months} au Canada)",
    )
    return wording.fill(**one)


def given(line: Line, node: Node, first_language: str) -> Text:
    """What was looked up for a line of the grid; empty where nothing is."""
    if node.leaf is None or line.status == "not_applicable":
        return same("")
    values = line.given if len(node.leaf.inputs) > 1 else [line.given]
    return _SEMICOLON.join(
        _value(one, value, first_language) for one, value in zip(node.leaf.inputs, values, strict=True)
    )


def _value(an_input: Input, value: object, first_language: str) -> Text:
    # The first and the second language are another one for another person, and so is their scale.
    group = an_input.members[first_language][0].rpartition("_")[0]
    unit = SCALE_NAMES.get(group) or an_input.column.unit or same("")
    if isinstance(value, list):
        if all(one is None for one in value):
            return NO_TEST
        levels = " ".join("–" if one is None else str(one) for one in value)
        return Text("{u} {v}", "{u} {v}").fill(u=unit, v=levels)
    if an_input.how == "lowest":
        return NO_TEST if value is None else Text("{u} {v} or more", "{u} {v} ou plus").fill(u=unit, v=value)
    return value_of(an_input.column, value)
