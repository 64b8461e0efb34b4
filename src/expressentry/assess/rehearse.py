"""Added law tried on people: whatever it asks for, a person of each kind gets an answer on its days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from expressentry.assess.person.readings import Assessment, assess_person, assess_profile
from expressentry.assess.person.stream_people import assess_streams
from expressentry.errors import ExpressEntryError, LawError, Problem
from expressentry.law.grid.tree import Grid
from expressentry.law.law import Law
from expressentry.profile.interview.example import EXAMPLE
from expressentry.profile.read import read_profile
from expressentry.text import Text


def rehearse(law: Law) -> int:
    """Assess a dated profile and a flat file of factors, nominee streams too, on every day on which added law begins.

    Args:
        law: A law with what a user added.

    Returns:
        How many answers were computed.

    Raises:
        LawError: Someone of one of the kinds would be refused under this law; each problem names the day.

    >>> from expressentry.law.load import load_law
    >>> rehearse(load_law())
    0
    """
    problems: list[Problem] = []
    answers = 0
    for day in law.user_days:
        for kind, assess in _kinds(law, day):
            try:
                assess()
                answers += 1
            except ExpressEntryError as error:
                problems += [_told(problem, day, kind) for problem in error.problems]
    if problems:
        raise LawError(problems)
    return answers


def _kinds(law: Law, day: date) -> Iterator[tuple[Text, Any]]:
    """A way to assess somebody of each kind: dated facts, and factors as they are on the day."""
    rules = law.on(day)

    def dated() -> object:
        return _answers(assess_profile(read_profile(EXAMPLE, law), day, law))

    def flat() -> object:
        return _answers(assess_person(lowest_factors(rules.crs), day, law))

    yield Text("a dated profile", "un profil daté"), dated
    yield Text("a file of factors", "un fichier de facteurs"), flat


def _answers(found: Assessment) -> object:
    return found.totals, found.programs, found.categories, assess_streams(found)


def lowest_factors(grid: Grid) -> dict[str, Any]:
    """Factors that a grid cannot refuse: the first value of every column that may not be empty."""
    needed = {name: column for name, column in grid.inputs.items() if not column.may_be_empty and not column.when}
    return {name: column.values[0] for name, column in needed.items()}


def _told(problem: Problem, day: date, kind: Text) -> Problem:
    where = Text("{k} on {d}", "{k} le {d}").fill(k=kind, d=day)
    return Problem(problem.code, problem.field, problem.rule, problem.fix, problem.value, problem.where or where)
