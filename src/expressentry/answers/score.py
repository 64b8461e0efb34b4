"""Many people at once: a line of JSON in, a line of JSON out, in the same order.

Lines of factors are scored together as a table; lines of dated facts one by one. What is wrong with a line is in its
own answer and stops nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from expressentry.answers.context import Context, facts_of
from expressentry.answers.problems import first_problems, problem_record
from expressentry.answers.why import CATEGORY, PROGRAM
from expressentry.assess.person.readings import assess_profile
from expressentry.documents import decode, encoding_of
from expressentry.errors import ExpressEntryError, FactorsError, FileError, Problem
from expressentry.factors.check import read_factors
from expressentry.law.schema import Column
from expressentry.profile.read import is_profile, read_profile
from expressentry.text import Lang, Text, same

if TYPE_CHECKING:
    from expressentry.answers.records.person import ScoredRecord, ScoreRecord

ID = "id"
"""A key of a line that is not a fact: it comes back as it came."""

_MOST_ID = 200


class Batch:
    """Scores lines of one request; `rows` counts them."""

    def __init__(self, context: Context, on: date, lang: Lang, *, programs: bool, categories: bool) -> None:
        self.context, self.on, self.lang = context, on, lang
        self.programs, self.categories = programs, categories
        self.rules = context.rules(on)
        self.asked = self.rules.asked(programs=programs, categories=categories)
        self.rows = 0

    def score(self, lines: Sequence[bytes], enough: Callable[[], bool] = lambda: False) -> list[ScoredRecord]:
        """Answer a few lines, one at least; no more where `enough` says so."""
        answers: list[ScoredRecord] = []
        together: list[tuple[int, dict[str, Any]]] = []
        for line in lines:
            if answers and enough():
                break
            self.rows += 1
            answer: ScoredRecord = {"row": self.rows}
            try:
                facts = self._facts(line, answer)
                if is_profile(facts):
                    answer = {**answer, **self._profile(facts)}
                else:
                    together.append((len(answers), dict(read_factors(facts, self.asked).values)))
            except ExpressEntryError as error:
                answer["problems"] = [problem_record(one, self.lang) for one in first_problems(error.problems)]
            answers.append(answer)
        for (at, _), found in zip(together, self._table([facts for _, facts in together]), strict=True):
            answers[at] = {**answers[at], **found}
        return answers

    def _facts(self, line: bytes, answer: ScoredRecord) -> dict[str, Any]:
        try:
            facts = facts_of(read_json(line))
        except ValueError as error:
            raise FactorsError(not_json(error)) from None
        if ID in facts:
            answer["id"] = facts.pop(ID)
            if not isinstance(answer["id"], str | int) or len(str(answer["id"])) > _MOST_ID:
                rule = Text("text or a whole number", "du texte ou un nombre entier")
                raise FactorsError(Problem("wrong_type", ID, rule, Text("give a name", "donner un nom")))
        return facts

    def _profile(self, facts: Mapping[str, Any]) -> ScoreRecord:
        found = assess_profile(read_profile(facts, self.context.law), self.on, self.context.law)
        answer: ScoreRecord = {
            "crs": found.total,
            "totals": list(found.totals),
            "sections": {line.id: line.points for line in found.sections},
            "first_language": found.first_language,
            "rule_set": self.rules.id,
            "current": self.rules.established,
        }
        if self.programs:
            answer["programs"] = {id_: PROGRAM[one] for id_, one in found.programs.items()}
        if self.categories:
            answer["categories"] = {id_: CATEGORY[one] for id_, one in found.categories.items()}
        return answer

    def _table(self, rows: list[dict[str, Any]]) -> list[ScoreRecord]:
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
        scored = score_frame(pl.DataFrame(columns), self.on, law=self.context.law, **flags)
        return [self._row(row) for row in scored.iter_rows(named=True)]

    def _row(self, row: Mapping[str, Any]) -> ScoreRecord:
        rules = self.rules
        answer: ScoreRecord = {
            "crs": row["crs"],
            "totals": [row["crs"]],
            "sections": {node.id: row[node.id] for node in rules.crs.root.children},
            "first_language": row["first_language_used"],
            "rule_set": rules.id,
            "current": rules.established,
        }
        if self.programs:
            named = (program.program for program in rules.selection.programs)
            answer["programs"] = {name: PROGRAM[row[name]] for name in named}
        if self.categories:
            named = (law.category for law in rules.selection.categories)
            answer["categories"] = {name: CATEGORY[row[f"category_{name}"]] for name in named}
        return answer


def _type(column: Column) -> Any:
    import polars as pl

    kinds = {"integer": pl.Int64, "amount": pl.Int64, "boolean": pl.Boolean}
    return kinds.get(column.kind, pl.String)


def read_json(data: bytes) -> Any:
    """Read JSON, in any form of Unicode: no NaN, no infinity, no depth without end.

    Raises:
        ValueError: The data is anything else.
    """
    try:
        return from_json(data, allow_inf_nan=False)
    except ValueError:
        if encoding_of(data) == ("utf-8", 0):
            raise
    try:
        return from_json(decode(data, "body"), allow_inf_nan=False)
    except FileError as error:
        raise ValueError(error.problems[0].rule.en) from None


def not_json(error: ValueError) -> Problem:
    """The problem of a body that is not JSON."""
    rule = Text("cannot be read as JSON ({m})", "ne se lit pas comme du JSON ({m})").fill(m=same(error))
    return Problem("not_json", "body", rule, Text("send one JSON object", "envoyer un objet JSON"))
