"""What is wrong, as plain data; and errors that several questions raise alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from expressentry.errors import ABSENT, Problem, UsageError, listed
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Lang, Text, same

if TYPE_CHECKING:
    from expressentry.answers.records.common import FieldProblemRecord, ProblemRecord

MOST_PROBLEMS = 100
"""Problems that one answer names: who sends as many corrects the first and sends again."""
_PATH_PART = re.compile(r"\[(\d+)\]|\.?([^.\[\]]+)")


def pointer(field: str) -> str:
    """Write a field as a JSON pointer; entries of a list count from 1 in a field, from 0 in a pointer.

    >>> pointer("person.work[1].from")
    '/person/work/0/from'
    """
    parts = [str(int(at) - 1) if at else name for at, name in _PATH_PART.findall(field)]
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def problem_record(problem: Problem, lang: Lang, *, body: bool = True) -> ProblemRecord:
    """One problem of a request: of its body, where a pointer leads there, or of a parameter."""
    return {
        "code": problem.code,
        "pointer": pointer(problem.field) if body else None,
        "parameter": None if body else problem.field,
        "field": problem.field,
        "message": problem.say(lang),
        "rule": problem.rule.say(lang),
        "fix": problem.fix.say(lang),
    }


def first_problems(problems: Sequence[Problem]) -> list[Problem]:
    """As many problems as an answer names, and how many more there are.

    >>> [one.code for one in first_problems([Problem("x", "a", same("b"), same("c"))] * 102)][-2:]
    ['x', 'more_problems']
    """
    return listed(problems, lambda one: one, "more_problems", "", MOST_PROBLEMS)


def field_problem_record(problem: Problem, lang: Lang) -> FieldProblemRecord:
    """One problem of a file, with the value that is wrong."""
    rule, fix = problem.rule.say(lang), problem.fix.say(lang)
    if problem.value is ABSENT:
        return {"code": problem.code, "field": problem.field, "rule": rule, "fix": fix}
    return {"code": problem.code, "field": problem.field, "value": _plain(problem.value), "rule": rule, "fix": fix}


def _plain(value: object) -> object:
    """A value as JSON can hold it; what JSON has no form for, as text."""
    if value is None or isinstance(value, bool | int | str) or (isinstance(value, float) and isfinite(value)):
        return value
    return str(value)


def unknown(code: str, field: str, rule: Text, name: str, known: Iterable[str]) -> UsageError:
    """The error for a name that does not exist: with the nearest that does, else with all of them."""
    listed = list(known)
    near = suggestion(name, listed)
    fix = did_you_mean(near) if near else same(", ".join(listed))
    return UsageError(Problem(code, field, rule, fix, name))
