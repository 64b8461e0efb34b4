"""What if: a few facts changed by hand, and the score at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.assess.explain import Line
from expressentry.assess.person import Assessment, assess_factors
from expressentry.assess.profile import assess_profile
from expressentry.candidate.factors import read_factors
from expressentry.candidate.profile import read_profile
from expressentry.errors import FactorsError, Problem
from expressentry.law.columns import Column, Columns
from expressentry.law.values import value_of
from expressentry.web.asked import state_of
from expressentry.web.pages.candidate.forms import candidate_page, sent
from expressentry.words import Text

router = APIRouter()
ABILITIES = ("listening", "reading", "writing", "speaking")
_LEVELS = tuple(range(4, 11))
_PLAIN = (
    "age",
    "education",
    "canadian_work_years",
    "foreign_work_years",
    "canadian_study",
    "provincial_nomination",
    "certificate_of_qualification",
    "sibling_in_canada",
    "partner_education",
    "partner_canadian_work_years",
)
_TOGETHER = {
    "english": Text("English, all four abilities", "Anglais, les quatre habiletés"),
    "french": Text("French, all four abilities", "Français, les quatre habiletés"),
    "partner": Text("Your partner's language, all four", "Langue du conjoint, les quatre"),
}
_MOST = 14
"""Values that one control offers: the ones around the present one where a column has more."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One fact that may be changed: its values in words, and the present one; `single` for one ability of four."""

    name: str
    title: Text
    values: tuple[tuple[str, Text], ...]
    now: str
    single: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The score with the facts changed: before, after, and the lines that moved; None where it is as it was."""

    before: int
    after: int
    lines: tuple[tuple[Line, int], ...]
    problems: tuple[Problem, ...] = ()


def choices_of(found: Assessment) -> list[Choice]:
    """What may be changed of these facts, under the grid of their day."""
    columns, values = found.rules.crs.columns, found.factors.values
    groups = [name for name in _TOGETHER if name != "partner" or values.get("accompanied")]
    told = [_together(name, columns, values) for name in groups]
    for name in _PLAIN:
        if name in columns.by_name and (values.get("accompanied") or not name.startswith("partner_")):
            told.append(_plain(name, columns, values))
    for name in groups:
        told += [_single(f"{name}_{ability}", columns, values) for ability in ABILITIES]
    return told


def _together(group: str, columns: Columns, values: Mapping[str, Any]) -> Choice:
    now = {values.get(f"{group}_{ability}") for ability in ABILITIES}
    column = columns[f"{group}_listening"]
    present = str(now.pop()) if len(now) == 1 else ""
    listed = (("", Text("as it is", "comme elle est")), *_levels(column))
    return Choice(group, _TOGETHER[group], listed, present if present in dict(listed) else "")


def _plain(name: str, columns: Columns, values: Mapping[str, Any]) -> Choice:
    column, now = columns[name], values.get(name)
    known = [*column.values] if column.kind != "boolean" else [False, True]
    if len(known) > _MOST and now in known:
        at = max(0, min(known.index(now) - _MOST // 2, len(known) - _MOST))
        known = known[at : at + _MOST]
    return Choice(name, column.title, tuple((_code(one), value_of(column, one)) for one in known), _code(now))


def _single(name: str, columns: Columns, values: Mapping[str, Any]) -> Choice:
    column = columns[name]
    listed = (("", Text("as it is", "comme elle est")), *_levels(column))
    return Choice(name, column.title, listed, "", single=True)


def _levels(column: Column) -> list[tuple[str, Text]]:
    unit = column.unit or Text("level", "niveau")
    return [(str(n), Text("{u} {n}", "{u} {n}").fill(u=unit, n=n)) for n in _LEVELS]


def _code(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def outcome_of(found: Assessment, wished: Mapping[str, str]) -> Outcome:
    """The score of the same person with some facts changed.

    Only the score: programs and categories rest on more facts than these.
    """
    facts: dict[str, Any] = {name: value for name, value in found.factors.values.items() if value is not None}
    choices = {choice.name: choice for choice in choices_of(found)}
    for name, choice in choices.items():
        value = wished.get(name, "")
        if value in dict(choice.values) and value not in ("", choice.now if not choice.single else ""):
            for column in [f"{name}_{ability}" for ability in ABILITIES] if name in _TOGETHER else [name]:
                facts[column] = _read(found.rules.crs.columns, column, value)
    try:
        after = assess_factors(found.rules, read_factors(facts, found.rules.asked()))
    except FactorsError as error:
        return Outcome(found.total, found.total, (), tuple(error.problems))
    before = {line.id: line for line in found.lines}
    below = {line.parent for line in found.lines}
    moved = tuple(
        (line, line.points - before[line.id].points)
        for line in after.lines
        if line.id in before and line.id not in below and line.points != before[line.id].points
    )
    return Outcome(found.total, after.total, moved)


def _read(columns: Columns, name: str, value: str) -> Any:
    column = columns[name]
    if column.kind == "boolean":
        return value == "true"
    return int(value) if column.kind == "integer" else value


@router.post("/candidate/what-if")
async def what_if(request: Request) -> Response:
    """The score with some facts changed: the whole page of the answer, or for a script the changed piece alone."""
    from expressentry.web.pages.candidate.answer import answered, unready

    found = await sent(request)
    back = unready(request, found)
    if back is not None:
        return back
    state = state_of(request)
    wished = {name[2:]: value for name, value in found.form.items() if name.startswith("w:")}
    profile = read_profile(found.carried.asked(whole=True).facts)
    outcome = outcome_of(assess_profile(profile, state.today(), state.law).first, wished)
    if found.form.get("part"):
        return candidate_page(request, "outcome.html", found.carried, {"outcome": outcome})
    return await answered(request, found.carried, {"outcome": outcome, "wished": wished})
