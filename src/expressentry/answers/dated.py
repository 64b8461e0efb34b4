"""Many people of dated facts: a line of JSON in, a row of factors and score out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from expressentry.answers.context import facts_of
from expressentry.answers.score import not_json, read_json
from expressentry.assess.person.readings import Assessment, assess_profile
from expressentry.errors import FactorsError, Problem
from expressentry.law.law import Law
from expressentry.law.rule_set import RuleSet
from expressentry.profile.clients import NAMING
from expressentry.profile.read import is_profile, read_profile
from expressentry.text import Text


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is added beyond the factors and the score: sections, programs, categories."""

    sections: bool = False
    programs: bool = False
    categories: bool = False


class DatedRows:
    """Makes rows of people of dated facts, under the law of one day.

    >>> from expressentry.law.load import load_law
    >>> rows = DatedRows(load_law(), date(2026, 10, 1), Wishes())
    >>> nobody = b'"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []'
    >>> line = b'{"id": 7, "person": {"birth_date": "1993-04-12", %s}, "children": [], "nominations": [], ' % nobody
    >>> row = rows.row(1, line + b'"job_offers": []}')
    >>> row["client"], row["age"], row["crs"]
    ('7', 33, 88)
    """

    def __init__(self, law: Law, on: date, wishes: Wishes) -> None:
        self.law, self.on, self.wishes = law, on, wishes
        self.rules = law.on(on)
        asked = self.rules.asked(programs=wishes.programs, categories=wishes.categories)
        self.factors = asked.inputs

    def row(self, number: int, line: bytes) -> dict[str, Any]:
        """The row of one person.

        Factors and sections are those of the usual reading; `crs` and `sections` are empty where readings differ.

        Args:
            number: Which line it is; the client's name where the line has none.
            line: A profile as JSON, and beside it a `client`, `file`, `id` or `name`.

        Raises:
            FactorsError: The line is no profile, or its facts are wrong.
        """
        try:
            facts = facts_of(read_json(line))
        except ValueError as error:
            raise FactorsError(not_json(error)) from None
        named = next((str(facts[name]) for name in NAMING if facts.get(name) not in (None, "")), str(number))
        if not is_profile(facts):
            raise FactorsError(_NO_PROFILE)
        profile = read_profile({name: value for name, value in facts.items() if name not in NAMING}, self.law)
        return {"client": named, **self._answer(assess_profile(profile, self.on, self.law))}

    def _answer(self, found: Assessment) -> dict[str, Any]:
        wishes, facts = self.wishes, found.first.factors.values
        sure = found.total is not None
        row: dict[str, Any] = {name: facts.get(name) for name in self.factors}
        row |= {"crs": found.total, "crs_low": found.totals[0], "crs_high": found.totals[-1]}
        if wishes.sections:
            row |= {line.id: line.points if sure else None for line in found.sections}
        row["first_language_used"] = found.first_language
        if wishes.programs:
            row |= {**found.programs, "program": found.program}
        if wishes.categories:
            row |= {f"category_{name}": answer for name, answer in found.categories.items()}
        if wishes.programs or wishes.categories:
            row["missing"] = " ".join(found.missing) or None
        return {**row, "rule_set": self.rules.crs.id}


def columns_of(rules: RuleSet, wishes: Wishes) -> Mapping[str, str]:
    """The columns of the rows, and what each has: `text`, `integer`, `boolean` or `months`."""
    asked = rules.asked(programs=wishes.programs, categories=wishes.categories)
    kinds = {"integer": "integer", "amount": "integer", "boolean": "boolean", "months": "months"}
    found = {"client": "text", **{name: kinds.get(column.kind, "text") for name, column in asked.inputs.items()}}
    found |= dict.fromkeys(("crs", "crs_low", "crs_high"), "integer")
    if wishes.sections:
        found |= dict.fromkeys((node.id for node in rules.crs.root.children), "integer")
    found["first_language_used"] = "text"
    if wishes.programs:
        found |= {**dict.fromkeys((one.program for one in rules.selection.programs), "boolean"), "program": "text"}
    if wishes.categories:
        found |= {f"category_{one.category}": "boolean" for one in rules.selection.categories}
    if wishes.programs or wishes.categories:
        found["missing"] = "text"
    return {**found, "rule_set": "text"}


_NO_PROFILE = Problem(
    "not_a_profile",
    "person",
    Text("each line of this table is a profile", "chaque ligne de cette table est un profil"),
    Text("score lines of factors as a table of their own", "calculer les lignes de facteurs dans une autre table"),
)
