"""Factors: what the grids see of one person on one day, as flat columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from expressentry.errors import ABSENT, FactorsError, Problem, give, listed
from expressentry.law.grid.tree import Grid
from expressentry.law.schema import Asked, Column
from expressentry.noc.codes import Version, check_noc, noc2021
from expressentry.suggest import did_you_mean, shortened, suggestion
from expressentry.text import Text


@dataclass(frozen=True, slots=True)
class Factors:
    """Checked facts of one person: values by column, None where empty, and their codes in the columns' domains."""

    values: Mapping[str, Any]
    codes: Mapping[str, int | None]


def read_factors(facts: Mapping[str, Any], law: Asked | Grid) -> Factors:
    """Check one person's facts against the schema.

    Args:
        facts: Values by column; see docs/reference/factors.md.
        law: What the law of the day asks, which decides the columns that are required.

    Returns:
        The facts, each with its code.

    Raises:
        FactorsError: With every problem at once: missing, unknown, out of range, or not to be given.
    """
    known, asked = law.columns.by_name, law.inputs
    unknown = [] if facts.keys() <= known.keys() else [(name, v) for name, v in facts.items() if name not in known]
    problems = listed(unknown, lambda one: _unknown(*one, list(known)), "unknown_key", "factors")
    values: dict[str, Any] = {}
    codes: dict[str, int | None] = {}
    for name, column in known.items():
        value = facts.get(name)
        if value is not None:
            values[name], codes[name] = value, column.code(value)
            if codes[name] is not None and not column.when:
                continue
            problem = _wrong(column, value, codes[name], facts)
        elif name in asked:
            values[name] = codes[name] = None
            if column.may_be_empty:
                continue
            problem = _missing(column, facts)
        else:
            continue
        if problem is not None:
            problems.append(problem)
    if problems:
        raise FactorsError(problems)
    return Factors(values, codes)


REQUIRED = Text("required on this day", "obligatoire ce jour-là")


def not_to_be_given(column: Column) -> tuple[Text, Text]:
    """Rule and fix for a value where its condition does not hold."""
    when = Text(" or ", " ou ").join(column.when)
    rule = Text("given only when {when} is true", "donné seulement quand {when} est vrai").fill(when=when)
    return rule, Text("leave it out, or set {when} = true", "le retirer, ou mettre {when} = true").fill(when=when)


def _holds(column: Column, facts: Mapping[str, Any]) -> bool:
    """Whether a column may be given at all."""
    return not column.when or any(facts.get(flag) is True for flag in column.when)


def _missing(column: Column, facts: Mapping[str, Any]) -> Problem | None:
    if not _holds(column, facts):
        return None
    return Problem("missing", column.name, REQUIRED, give(column.expected()))


def _wrong(column: Column, value: object, code: int | None, facts: Mapping[str, Any]) -> Problem | None:
    if not _holds(column, facts):
        rule, fix = not_to_be_given(column)
        return Problem("not_applicable", column.name, rule, fix, value)
    return None if code is not None or column.accepts(value) else outside(column, value)


def outside(column: Column, value: object, where: Text | None = None) -> Problem:
    """The problem of a value outside the domain; for an occupation, the codes that may have been meant."""
    if column.kind == "occupation":
        version: Version = 2021 if column.values == tuple(noc2021()) else 2016
        problem = check_noc(value, version, column.name)
        if problem is not None:
            return replace(problem, where=where)
    return Problem.outside(column.name, column.expected(), value, where=where)


def _unknown(name: str, value: object, known: list[str]) -> Problem:
    near = suggestion(name, known)
    fix = did_you_mean(near) if near else _LIST
    return Problem(
        "unknown_key", shortened(name), Text("unknown key", "clé inconnue"), fix, ABSENT if value is None else value
    )


_LIST = Text("see the columns in docs/reference/factors.md", "voir les colonnes dans docs/reference/factors.md")
