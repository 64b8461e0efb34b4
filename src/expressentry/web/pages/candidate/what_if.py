"""What if: a few facts changed by hand, and the answers at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from expressentry.advise.what_if import TOGETHER, WhatIf, what_if
from expressentry.assess.person.explain import Line
from expressentry.assess.person.readings import assess_profile
from expressentry.assess.person.score import AssessedReading
from expressentry.errors import FactorsError, Problem
from expressentry.law.languages import ABILITIES
from expressentry.law.schema import Column, Columns, value_of
from expressentry.present.text.timeline import score
from expressentry.profile.model import Profile
from expressentry.text import Text
from expressentry.web.state import State

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
_GROUPS = {
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
    """What a page shows of changed facts: the answers before and after, and the lines that changed.

    `problems` say why there is no answer, where the facts do not go together.
    """

    found: WhatIf | None
    lines: tuple[tuple[Line, int], ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def better(self) -> bool:
        """Whether the score is higher."""
        return self.found is not None and self.found.after.totals > self.found.before.totals


def choices_of(found: AssessedReading, profile: Profile) -> list[Choice]:
    """What may be changed of these facts, under the grid of their day."""
    uncounted = _uncounted(profile)
    columns, values = found.rules.crs.columns, found.factors.values
    groups = [name for name in TOGETHER if name != "partner" or values.get("accompanied")]
    told = [_together(name, columns, values) for name in groups]
    for name in _PLAIN:
        if name in columns.by_name and (values.get("accompanied") or not name.startswith("partner_")):
            told.append(_plain(name, columns, values, uncounted.get(name)))
    for name in groups:
        told += [_single(f"{name}_{ability}", columns, values) for ability in ABILITIES]
    return told


def _together(group: str, columns: Columns, values: Mapping[str, Any]) -> Choice:
    now = {values.get(f"{group}_{ability}") for ability in ABILITIES}
    column = columns[f"{group}_listening"]
    present = str(now.pop()) if len(now) == 1 else ""
    listed = (("", Text("no change", "sans changement")), *_levels(column))
    return Choice(group, _GROUPS[group], listed, present if present in dict(listed) else "")


def _uncounted(profile: Profile) -> dict[str, Text]:
    """What to call no counted education of someone who has credentials: none of them is assessed, or counts yet."""
    owners = {"education": profile.person, "partner_education": profile.partner}
    return {name: _NOT_ASSESSED for name, whose in owners.items() if whose is not None and whose.credentials}


_NOT_ASSESSED = Text("as it is (not assessed)", "tel quel (non évalué)")


def _plain(name: str, columns: Columns, values: Mapping[str, Any], uncounted: Text | None) -> Choice:
    column, now = columns[name], values.get(name)
    known = [*column.values] if column.kind != "boolean" else [False, True]
    if len(known) > _MOST and now in known:
        at = max(0, min(known.index(now) - _MOST // 2, len(known) - _MOST))
        known = known[at : at + _MOST]
    told = {one: value_of(column, one) for one in known}
    if uncounted is not None and now == "none":
        told["none"] = uncounted
    return Choice(name, column.title, tuple((_code(one), text) for one, text in told.items()), _code(now))


def _single(name: str, columns: Columns, values: Mapping[str, Any]) -> Choice:
    column = columns[name]
    listed = (("", Text("no change", "sans changement")), *_levels(column))
    return Choice(name, column.title, listed, "", single=True)


def _levels(column: Column) -> list[tuple[str, Text]]:
    unit = column.unit or Text("level", "niveau")
    return [(str(n), Text("{u} {n}", "{u} {n}").fill(u=unit, n=n)) for n in _LEVELS]


def _code(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def outcome_of(state: State, profile: Profile, form: Mapping[str, str]) -> Outcome:
    """The answers of the same person with some facts changed, as a form asks."""
    found = assess_profile(profile, state.today(), state.law).first
    wishes = {
        choice.name: _read(found.rules.crs.columns, choice.name, value)
        for choice in choices_of(found, profile)
        if (value := form.get(choice.name, "")) in dict(choice.values) and value not in ("", choice.now)
    }
    try:
        answered = what_if(profile, state.today(), wishes, state.record, state.law)
    except FactorsError as error:
        return Outcome(None, (), tuple(error.problems))
    return Outcome(answered, tuple(_moved(answered.before.first, answered.after.first)))


def _moved(before: AssessedReading, after: AssessedReading) -> Iterator[tuple[Line, int]]:
    """The lines of the score that give more or fewer points, and how many."""
    known = {line.id: line for line in before.lines}
    above = {line.parent for line in before.lines}
    for line in after.lines:
        if line.id in known and line.id not in above and line.points != known[line.id].points:
            yield line, line.points - known[line.id].points


def _read(columns: Columns, name: str, value: str) -> Any:
    column = columns[f"{name}_listening" if name in TOGETHER else name]
    if column.kind == "boolean":
        return value == "true"
    return int(value) if column.kind == "integer" else value


def outcome_values(outcome: Outcome | None) -> dict[str, Any]:
    """What the piece of a page needs that tells an outcome."""
    if outcome is None or outcome.found is None:
        return {"outcome": outcome}
    before, after = outcome.found.before, outcome.found.after
    programs = [
        (one.program.title, after.programs[id_], before.programs[id_]) for id_, one in after.first.programs.items()
    ]
    categories = [
        (one.law.title, after.categories[id_], before.categories[id_])
        for one in after.first.categories
        if (id_ := one.law.category)
    ]
    return {
        "outcome": outcome,
        "before": score(before.totals),
        "after": score(after.totals),
        "difference": after.totals[0] - before.totals[0],
        "standing": [("program", *one) for one in programs]
        + [("category", *one) for one in categories if one[1] is not False or one[2] is not False],
    }
