"""Answers as they were typed, each under the id of its question: what a form holds, in any order, all or some.

asked = ask(typed)            every question those answers lead to, and the profile they make
asked.open                    the first question that has no answer yet; None: all is answered
misplaced(asked)              what is wrong, each problem under the question it belongs to
noticed(asked, day)           what looks like a typing error, in the same way
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
from expressentry.profile.interview.answers import CHOSEN, UNKNOWN, answers, converted, value_of
from expressentry.profile.interview.engine import Interview, Step, unanswered
from expressentry.profile.interview.model import Table
from expressentry.profile.provinces import once_each
from expressentry.profile.remarks import Remark, remarks_so_far

Path = tuple[str | int, ...]
ExtraFact = tuple[Path, Any]
"""A fact that no question asks for, and its place."""

MOST_QUESTIONS = 1500
_UNSAID = (("status",),)
"""Lists that a profile may leave out without saying that there is nothing: then the question stays open."""

_PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Questions in their order, the answers to them as typed, and the profile so far."""

    steps: tuple[Step, ...]
    typed: Mapping[str, str]
    facts: Table
    problems: tuple[Problem, ...]
    law: Law
    cut: bool = False
    """Whether there are more questions than were allowed."""

    @property
    def open(self) -> Step | None:
        """The first question without an answer."""
        return next((step for step in self.steps if not self.answered(step)), None)

    def answered(self, step: Step) -> bool:
        """Whether a question has an answer, right or wrong."""
        return answers(step.ask, self.typed.get(step.id))

    def inside(self, field: str) -> list[Step]:
        """The questions that fill a table of the profile."""
        return [step for step in self.steps if step.place.startswith(f"{field}.") and not step.gate]

    def step(self, id_: str) -> Step | None:
        """The question of that id, None where these answers do not lead to it."""
        return next((step for step in self.steps if step.id == id_), None)


def ask(
    typed: Mapping[str, str],
    law: Law | None = None,
    *,
    complete: bool = False,
    extra: Sequence[ExtraFact] = (),
    most: int = MOST_QUESTIONS,
) -> Questionnaire:
    """Ask what these answers lead to.

    Args:
        typed: The answers as typed, by the id of their question.
        law: The law by which some questions are needed; the shipped law by default.
        complete: Whether to go on past the first question without an answer. What has no answer is then not known: it
            is left out, and what would follow from it is not asked.
        extra: Facts of a file that no question asks for; they are kept where their table still exists.
        most: The most questions; where there are more, the last are cut off, and the answer says so.

    Returns:
        The questions, up to the first one without an answer or to the end, and the profile so far.
    """
    interview = Interview(law=law)
    steps: list[Step] = []
    cut = False
    while (step := interview.step) is not None:
        if len(steps) >= most:
            cut = True
            break
        steps.append(step)
        if not complete and not answers(step.ask, typed.get(step.id)):
            break
        interview.take(_value(step, typed.get(step.id, "")))
    for path, value in extra:
        _put(interview.facts, path, value)
    return Questionnaire(tuple(steps), typed, interview.facts, tuple(interview.problems), interview.law, cut)


def _value(step: Step, typed: str) -> Any:
    value = value_of(step.ask, typed)
    return value if not step.gate or isinstance(value, bool) else None


def misplaced(asked: Questionnaire) -> dict[str, list[Problem]]:
    """Everything wrong with what was answered, each problem under the id of the question it belongs to.

    A fact whose question has no answer yet is not a problem: see `open`.
    """
    found: dict[str, list[Problem]] = {}
    by_place = {step.place: step for step in asked.steps if not step.gate}
    for step in asked.steps:
        if step.gate and asked.answered(step) and not isinstance(value_of(step.ask, asked.typed[step.id]), bool):
            found[step.id] = [unanswered(step)]
    for problem in asked.problems:
        owner = by_place.get(problem.field)
        if problem.code == "missing" and asked.open is not None and (owner is None or not asked.answered(owner)):
            continue
        if owner is None and any(not asked.answered(step) for step in asked.inside(problem.field)):
            continue
        owner = owner or _nearest(asked, problem.field)
        if owner is not None:
            found.setdefault(owner.id, []).append(problem)
    return found


def may_be_unsaid(asked: Questionnaire) -> bool:
    """Whether a file can leave out all that has no answer without saying by it that there is nothing."""
    open_ = [step for step in asked.steps if not asked.answered(step)]
    return all(not step.gate or _path(step.place)[-2:-1] in _UNSAID for step in open_)


def noticed(asked: Questionnaire, on: date) -> dict[str, list[Remark]]:
    """Everything answered that looks like a typing error or was converted, each remark under the id of its question."""
    found: dict[str, list[Remark]] = {}
    by_place = {step.place: step.id for step in asked.steps if not step.gate}
    for remark in remarks_so_far(asked.facts, on):
        if remark.field in by_place:
            found.setdefault(by_place[remark.field], []).append(remark)
    for step in asked.steps:
        if not step.gate and (said := converted(step.ask, asked.typed.get(step.id, ""))) is not None:
            found.setdefault(step.id, []).append(Remark("converted", step.place, said))
    return found


def _nearest(asked: Questionnaire, field: str) -> Step | None:
    """The question nearest above a place that no question has: the last one that its table begins with."""
    while field:
        inside = [step for step in asked.steps if step.place == field or step.place.startswith(f"{field}.")]
        if inside:
            return inside[0]
        field = field.rpartition(".")[0]
    return asked.steps[0] if asked.steps else None


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
    """A profile as the answers that make it, and what of it no question asks for.

    What the profile leaves out and a person should say has no answer: its question is open.
    """
    interview, typed, count = Interview(law=law), {}, 0
    if "provinces" in facts:
        facts = {**facts, "provinces": once_each(facts["provinces"], interview.law)}
    while (step := interview.step) is not None and count < MOST_QUESTIONS:
        path, count = _path(step.place), count + 1
        found = _at(facts, path)
        if step.gate:
            said = [_at(facts, (*path[:-1], key)) for key in step.keys] or [found]
            value: Any = any(one is not None and one != [] for one in said)
            if value or path[-2:-1] not in _UNSAID or _at(facts, path[:-1]) is not None:
                typed[step.id] = "yes" if value else "no"
        else:
            value = _plain(found)
            if _at(facts, path[:-1]) is not None:  # nothing is known of a table that the profile does not have
                typed |= _left_out(step) if found is None else {step.id: _typed(found)}
        interview.take(value)
    return typed, list(_extra(facts, interview.facts, ()))


def _left_out(step: Step) -> dict[str, str]:
    """The answer that a file gives which leaves a key out."""
    if step.ask.default is not None:
        return {step.id: _typed(step.ask.default)}
    if step.ask.empty is None:
        return {}
    return {step.id: UNKNOWN if step.ask.kind in CHOSEN else ""}


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
