"""Many people at once: a line of JSON in, a line of JSON out, in the same order.

Lines of factors are scored together as a table; lines of dated facts one by one. What is wrong with a line is said in
its own answer and stops nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic_core import to_json

from expressentry.assess.person.readings import assess_profile
from expressentry.errors import ExpressEntryError, FactorsError, Problem
from expressentry.factors.check import read_factors
from expressentry.law.schema import Column
from expressentry.present.text.why import CATEGORY, PROGRAM
from expressentry.profile.read import is_profile, read_profile
from expressentry.text import Lang, Text
from expressentry.web.answers import facts_of
from expressentry.web.json import not_json, read_json
from expressentry.web.problems import problem_record
from expressentry.web.state import State

ID = "id"
"""A key of a line that is not a fact: it comes back as it came."""

_MOST_ID = 200


class Batch:
    """Scores lines of one request; `rows` counts them."""

    def __init__(self, state: State, on: date, lang: Lang, *, programs: bool, categories: bool) -> None:
        self.state, self.on, self.lang = state, on, lang
        self.programs, self.categories = programs, categories
        self.rules = state.rules(on)
        self.asked = self.rules.asked(programs=programs, categories=categories)
        self.rows = 0

    def score(self, lines: Sequence[bytes]) -> bytes:
        """Answer a few lines."""
        answers: list[dict[str, Any]] = []
        together: list[tuple[int, dict[str, Any]]] = []
        for line in lines:
            self.rows += 1
            answer: dict[str, Any] = {"row": self.rows}
            answers.append(answer)
            try:
                facts = self._facts(line, answer)
                if is_profile(facts):
                    answer |= self._profile(facts)
                else:
                    together.append((len(answers) - 1, dict(read_factors(facts, self.asked).values)))
            except ExpressEntryError as error:
                answer["problems"] = [problem_record(one, self.lang) for one in error.problems]
        for (at, _), found in zip(together, self._table([facts for _, facts in together]), strict=True):
            answers[at] |= found
        return b"".join(to_json(answer) + b"\n" for answer in answers)

    def _facts(self, line: bytes, answer: dict[str, Any]) -> dict[str, Any]:
        try:
            facts = facts_of(read_json(line))
        except ValueError as error:
            raise FactorsError(not_json(error)) from None
        if ID in facts:
            answer[ID] = facts.pop(ID)
            if not isinstance(answer[ID], str | int) or len(str(answer[ID])) > _MOST_ID:
                rule = Text("text or a whole number", "du texte ou un nombre entier")
                raise FactorsError(Problem("wrong_type", ID, rule, Text("give a name", "donner un nom")))
        return facts

    def _profile(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        found = assess_profile(read_profile(facts), self.on, self.state.law)
        answer: dict[str, Any] = {
            "crs": found.total,
            "totals": list(found.totals),
            "sections": {line.id: line.points for line in found.sections},
            "first_language": found.first_language,
        }
        if self.programs:
            answer["programs"] = {id_: PROGRAM[one] for id_, one in found.programs.items()}
        if self.categories:
            answer["categories"] = {id_: CATEGORY[one] for id_, one in found.categories.items()}
        return answer | self._law()

    def _law(self) -> dict[str, Any]:
        return {"rule_set": self.rules.id, "current": self.rules.established}

    def _table(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Score checked factors as one table."""
        if not rows:
            return []
        import polars as pl

        from expressentry.assess.frame.table import score_frame

        schema = {name: _type(column) for name, column in self.asked.inputs.items() if column.kind != "months"}
        columns = {name: pl.Series(name, [row.get(name) for row in rows], dtype) for name, dtype in schema.items()}
        months = [name for name, column in self.asked.inputs.items() if column.kind == "months"]
        columns |= {name: pl.Series(name, [row.get(name) for row in rows]) for name in months}
        flags = {"sections": True, "programs": self.programs, "categories": self.categories}
        scored = score_frame(pl.DataFrame(columns), self.on, law=self.state.law, **flags)
        sections = [node.id for node in self.rules.crs.root.children]
        names = [law.category for law in self.rules.selection.categories]
        categories = [(name, f"category_{name}") for name in names]
        programs = [program.program for program in self.rules.selection.programs]
        return [
            {
                "crs": row["crs"],
                "totals": [row["crs"]],
                "sections": {name: row[name] for name in sections},
                "first_language": row["first_language_used"],
                **({"programs": {name: PROGRAM[row[name]] for name in programs}} if self.programs else {}),
                **({"categories": {name: CATEGORY[row[at]] for name, at in categories}} if self.categories else {}),
                **self._law(),
            }
            for row in scored.iter_rows(named=True)
        ]


def _type(column: Column) -> Any:
    import polars as pl

    kinds = {"integer": pl.Int64, "amount": pl.Int64, "boolean": pl.Boolean}
    return kinds.get(column.kind, pl.String)
