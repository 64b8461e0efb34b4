"""Answers as they were typed, each under the id of its question: what a form holds, in any order, all or some.

asked = ask(typed)            every question those answers lead to, and the profile they make
asked.open                    the first question that has no answer yet; None: all is asked
misplaced(asked)              what is wrong, each problem under the question it belongs to
typed_of(facts)               a profile as typed answers, and the facts that no question asks for
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from expressentry.errors import Problem
from expressentry.law.law import Law
from expressentry.profile.interview.answers import value_of
from expressentry.profile.interview.engine import Interview, Step
from expressentry.profile.interview.model import Table
from expressentry.text import Text

Path = tuple[str | int, ...]
ExtraFact = tuple[Path, Any]
"""A fact that no question asks for, and its place."""

MOST_QUESTIONS = 1500
_UNSAID = (("status",),)
"""Lists that a profile may leave out without saying that there is nothing: then the question stays open."""

_PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Questions in their order, the answers to them as typed, and the profile so far.

    A question without an answer is in `steps` and not in `typed`; `open` is the first of those.
    """

    steps: tuple[Step, ...]
    typed: Mapping[str, str]
    facts: Table
    problems: tuple[Problem, ...]
    law: Law

    @property
    def open(self) -> Step | None:
        """The first question without an answer."""
        return next((step for step in self.steps if step.id not in self.typed), None)

    def step(self, id_: str) -> Step | None:
        """The question of that id, None where these answers do not lead to it."""
        return next((step for step in self.steps if step.id == id_), None)

    def after(self, id_: str) -> Step | None:
        """The question after that one."""
        ids = [step.id for step in self.steps]
        return self.steps[ids.index(id_) + 1] if id_ in ids[:-1] else None

    def before(self, id_: str) -> Step | None:
        """The question before that one."""
        ids = [step.id for step in self.steps]
        return self.steps[ids.index(id_) - 1] if id_ in ids[1:] else None


def ask(
    typed: Mapping[str, str], law: Law | None = None, *, complete: bool = False, extra: Sequence[ExtraFact] = ()
) -> Questionnaire:
    """Ask what these answers lead to.

    Args:
        typed: The answers as typed, by the id of their question.
        law: The law by which some questions are needed; the shipped law by default.
        complete: Whether to go on past the first question without an answer. What has no answer is then left out, and
            what would follow from it is not asked.
        extra: Facts of a file that no question asks for; they are kept where their table still exists.

    Returns:
        The questions, up to the first one without an answer or to the end, and the profile so far.
    """
    interview = Interview(law=law)
    steps: list[Step] = []
    while (step := interview.step) is not None and len(steps) < MOST_QUESTIONS:
        steps.append(step)
        if step.id not in typed and not complete:
            break
        interview.take(_value(step, typed.get(step.id, "")))
    for path, value in extra:
        _put(interview.facts, path, value)
    return Questionnaire(tuple(steps), typed, interview.facts, tuple(interview.problems), interview.law)


def _value(step: Step, typed: str) -> Any:
    value = value_of(step.ask, typed)
    return value is True if step.gate else value


def answer_problems(asked: Questionnaire, id_: str) -> list[Problem]:
    """What is wrong with one answer beside the others, in the words that the checks of a file have for it."""
    step = asked.step(id_)
    if step is None or id_ not in asked.typed:
        return []
    if step.gate:
        return [] if isinstance(value_of(step.ask, asked.typed[id_]), bool) else [_unanswered(step)]
    without = ask({name: text for name, text in asked.typed.items() if name != id_}, asked.law, complete=True)
    ids = [one.id for one in asked.steps]
    before = set(ids[: ids.index(id_)])
    fields = {one.place for one in asked.steps if one.id in before}
    known = {_key(one) for one in without.problems}
    return [
        one
        for one in asked.problems
        if one.field == step.place or (one.code != "missing" and _key(one) not in known and one.field in fields)
    ]


def misplaced(asked: Questionnaire) -> dict[str, list[Problem]]:
    """Everything wrong with what was answered, each problem under the id of the question it belongs to.

    A fact whose question has not been asked yet is not a problem.
    """
    found: dict[str, list[Problem]] = {}
    by_place = {step.place: step for step in asked.steps if not step.gate}
    for step in asked.steps:
        if step.gate and step.id in asked.typed and not isinstance(value_of(step.ask, asked.typed[step.id]), bool):
            found[step.id] = [_unanswered(step)]
    for problem in asked.problems:
        owner = by_place.get(problem.field)
        if problem.code == "missing" and asked.open is not None and (owner is None or owner.id not in asked.typed):
            continue
        owner = owner or _nearest(asked, problem.field)
        if owner is not None:
            found.setdefault(owner.id, []).append(problem)
    return found


def _nearest(asked: Questionnaire, field: str) -> Step | None:
    """The question nearest above a place that no question has: the last one that its table begins with."""
    while field:
        inside = [step for step in asked.steps if step.place == field or step.place.startswith(f"{field}.")]
        if inside:
            return inside[0]
        field = field.rpartition(".")[0]
    return asked.steps[0] if asked.steps else None


def _key(problem: Problem) -> tuple[str, str, Text]:
    return problem.code, problem.field, problem.rule


def _unanswered(step: Step) -> Problem:
    return Problem("missing", step.id, _NEEDED, _YES_OR_NO)


def without_entry(typed: Mapping[str, str], entry: str) -> dict[str, str]:
    """The answers without one entry of a list (`person.work[2]`); the entries after it move up."""
    stem, _, number = entry.rstrip("]").rpartition("[")
    gone = int(number)
    kept = {}
    for name, text in typed.items():
        match = re.match(re.escape(stem) + r"\[(\d+)\](.*)", name, re.DOTALL)
        if match is None:
            kept[name] = text
            continue
        at, rest = int(match[1]), match[2]
        if at != gone:
            kept[f"{stem}[{at - 1 if at > gone else at}]{rest}"] = text
    return kept


def typed_of(facts: Mapping[str, Any], law: Law | None = None) -> tuple[dict[str, str], list[ExtraFact]]:
    """A profile as the answers that make it, and what of it no question asks for."""
    interview, typed, count = Interview(law=law), {}, 0
    while (step := interview.step) is not None and count < MOST_QUESTIONS:
        path, count = _path(step.place), count + 1
        found = _at(facts, path)
        if step.gate:
            value: Any = found is not None
            if value or path[-2:-1] not in _UNSAID or _at(facts, path[:-1]) is not None:
                typed[step.id] = "yes" if value else "no"
        else:
            value = _plain(found)
            if _at(facts, path[:-1]) is not None:  # nothing is known of a table that the profile does not have
                typed[step.id] = _typed(found)
        interview.take(value)
    return typed, list(_extra(facts, interview.facts, ()))


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(_plain(value))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _extra(facts: Any, asked: Any, path: Path) -> Iterator[ExtraFact]:
    """What a profile has and the answers do not lead to."""
    for key, value in facts.items() if isinstance(facts, Mapping) else enumerate(facts):
        known = asked.get(key) if isinstance(asked, Mapping) else dict(enumerate(asked)).get(key)
        if known is None:
            yield (*path, key), _as_text(value)
        elif isinstance(value, Mapping) or (isinstance(value, list) and all(isinstance(one, Mapping) for one in value)):
            yield from _extra(value, known, (*path, key))


def _as_text(value: Any) -> Any:
    """A fact with its days as text, so that it travels."""
    if isinstance(value, Mapping):
        return {key: _as_text(one) for key, one in value.items()}
    return [_as_text(one) for one in value] if isinstance(value, list) else _plain(value)


def _path(place: str) -> Path:
    return tuple(int(number) - 1 if number else name for number, name in _PART.findall(place))


def _at(facts: Any, path: Path) -> Any:
    for part in path:
        if isinstance(part, int):
            facts = facts[part] if isinstance(facts, list | tuple) and part < len(facts) else None
        else:
            facts = facts.get(part) if isinstance(facts, Mapping) else None
    return facts


def _put(facts: Any, path: Path, value: Any) -> None:
    """Set a fact where its table is there and says nothing else."""
    table, last = _at(facts, path[:-1]), path[-1]
    if isinstance(table, dict) and isinstance(last, str):
        table.setdefault(last, value)
    elif isinstance(table, list) and last == len(table):
        table.append(value)


_NEEDED = Text("this question needs an answer", "cette question demande une réponse")
_YES_OR_NO = Text("choose yes or no", "choisir oui ou non")
