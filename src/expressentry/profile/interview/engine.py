"""The engine: walks through the questions, checks every answer as a file is checked, and goes back."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from expressentry.dates import long_days
from expressentry.errors import FactorsError, Problem
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.profile.interview.conditions import worked_between
from expressentry.profile.interview.model import Ask, Item, Many, OfLaw, One, Rare, Table
from expressentry.profile.interview.questions import QUESTIONS
from expressentry.profile.read import read_profile
from expressentry.profile.validation import Location, place
from expressentry.text import Text

GivenAnswer = tuple[str, Any]
"""Where an answer belongs, and its value."""


@dataclass(frozen=True, slots=True)
class Step:
    """A question at its place in the profile; `gate` where it asks whether there is such a table at all.

    A gate to a few keys of the same table has them in `keys`, and the first of them as its place.
    """

    place: str
    ask: Ask
    gate: bool = False
    keys: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """What an answer to it is kept under: its place, with a question mark for a gate."""
        return f"{self.place}?" if self.gate else self.place


Walk = Generator[Step, Any, None]


class Around(NamedTuple):
    """What a condition looks at beside its own table: the whole profile so far, and the law."""

    whole: Table
    law: Law


class Interview:
    """A profile in the making. Every state is the answers so far: going back and taking up a draft are a replay."""

    def __init__(
        self, answers: Sequence[GivenAnswer] = (), questions: tuple[Item, ...] = QUESTIONS, *, law: Law | None = None
    ) -> None:
        self.questions, self.law = questions, law or load_law()
        self.answers: list[GivenAnswer] = []
        self.earlier: dict[str, Any] = {}
        self.facts: Table = {}
        self.step: Step | None = None
        self._replay(answers)

    def answer(self, value: Any) -> list[Problem]:
        """Take an answer, None for an empty one; where it has problems they are returned and the step stays.

        An empty answer is one only where the question says what it means.
        """
        step = self.step
        if step is None:
            return []
        if step.gate and not isinstance(value, bool):
            fix = Text("answer yes or no", "répondre oui ou non")
            return [Problem.outside(step.place, _YES_NO, value, fix, code="wrong_type")]
        if value is None and step.ask.empty is None:
            return [unanswered(step)]
        before = self._due()
        kept = list(self.answers)
        self._send(step, value)
        found = [one for one in self._due() if one.field == step.place or _is_new(one, before)]
        if found:
            self._replay(kept)
        return found

    def take(self, value: Any) -> None:
        """Take an answer unchecked: `problems` then says what is wrong with all of them.

        None for a question whether there is something means that it has no answer yet: then nothing is known of it,
        and the profile has no list where it asks for one.
        """
        if self.step is not None:
            self._send(self.step, value)

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong with the profile so far, what is yet to be asked included."""
        return _problems(self.facts, self.law)

    def _due(self) -> list[Problem]:
        """What is wrong so far; what is wrong with a table as a whole is not known before all of it is asked."""
        at = self.step.place if self.step else ""
        return [one for one in self.problems if not at.startswith(f"{one.field}.")]

    def back(self) -> None:
        """Go one question back; at the first question nothing happens. `earlier` keeps what was answered there."""
        self.earlier.update(self.answers[-1:])
        self._replay(self.answers[:-1])

    def _replay(self, answers: Sequence[GivenAnswer]) -> None:
        """Start again with some answers; stops at the first that is not asked any more."""
        self.answers, self.facts = [], {}
        self._walk = _walk(self.questions, self.facts, Around(self.facts, self.law), ())
        self.step = next(self._walk, None)
        for where, value in answers:
            if self.step is None or self.step.id != where:
                return
            self._send(self.step, value)

    def _send(self, step: Step, value: Any) -> None:
        self.answers.append((step.id, value))
        try:
            self.step = self._walk.send(value)
        except StopIteration:
            self.step = None


def _walk(items: tuple[Item, ...], table: Table, around: Around, at: Location) -> Walk:
    """Ask every item of a table in turn, and fill the table with the answers."""
    for item in items:
        if isinstance(item, Rare):
            if item.when(table, *around) and (answer := (yield _rare(at, item))) is not None:
                yield from _walk(item.asks if answer is True else item.otherwise, table, around, at)
            continue
        if isinstance(item, OfLaw):
            yield from _walk(item.make(around.law), table, around, at)
            continue
        here = (*at, item.key)
        if isinstance(item, Ask):
            if item.when(table, *around):
                value = yield Step(place(here), item)
                if value is not None:
                    table[item.key] = value
        elif isinstance(item, One):
            if item.when(table, *around) and (item.text is None or (yield _gate(here, item, item.text)) is True):
                yield from _walk(item.asks, table.setdefault(item.key, {}), around, here)
        else:
            yield from _list(item, table, around, here)


def _list(item: Many, table: Table, around: Around, here: Location) -> Walk:
    if not item.when(table, *around):
        if not item.left_out:
            table[item.key] = []
        return
    entries: list[Table] = []
    while (answer := (yield _gate((*here, len(entries)), item, item.another if entries else item.text))) is True:
        table[item.key] = entries
        entries.append({})
        yield from _walk(item.asks, entries[-1], around, (*here, len(entries) - 1))
    if answer is False and not (item.left_out_on_no and not entries):
        table[item.key] = entries
    if answer is False and item.between is not None:
        yield from _gaps(item.between, entries, table, here)


def _gaps(between: Ask, entries: list[Table], table: Table, here: Location) -> Walk:
    """Ask of each gap between the entries in which there was work, and make its answer an entry of its own."""
    for first, last in worked_between(entries, table):
        ask = replace(between, key=f"gap:{first}", text=between.text.fill(days=long_days(first, last)))
        if (kind := (yield Step(place((*here, ask.key)), ask))) is not None:
            entries.append({between.key: kind, "from": first.isoformat(), "to": last.isoformat()})


def _rare(at: Location, item: Rare) -> Step:
    ask = Ask(item.keys[0], "yes_no", item.text, item.help)
    return Step(place((*at, ask.key)), ask, gate=True, keys=item.keys)


def _gate(here: Location, item: One | Many, text: Text) -> Step:
    return Step(place(here), Ask(item.key, "yes_no", text, item.help or text), gate=True)


def unanswered(step: Step) -> Problem:
    """The problem of a question that needs an answer and has none."""
    return Problem("missing", step.id, _NEEDED, _CHOOSE if step.ask.kind == "yes_no" else _ANSWER)


def _problems(facts: Table, law: Law) -> list[Problem]:
    try:
        read_profile(facts, law)
    except FactorsError as error:
        return list(error.problems)
    return []


def _is_new(problem: Problem, before: Sequence[Problem]) -> bool:
    """Whether a problem came with the last answer; what is still missing is yet to be asked."""
    return problem.code != "missing" and problem not in before


_YES_NO = Text("yes or no", "oui ou non")
_NEEDED = Text("this question needs an answer", "cette question demande une réponse")
_CHOOSE = Text("choose yes or no", "choisir oui ou non")
_ANSWER = Text("answer it", "y répondre")
