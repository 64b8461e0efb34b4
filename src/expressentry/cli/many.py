"""A list of people answered on every core, in order, each within a limit of time; a bar shows how far it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from expressentry.cli.options import MOST_SECONDS
from expressentry.cli.people import apart
from expressentry.cli.support import LANG, LAWS, home, law_of_run, progress
from expressentry.errors import Problem
from expressentry.law.law import Law
from expressentry.processes.in_order import in_order
from expressentry.processes.lane import Unfinished, Work
from expressentry.text import Lang, Text

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_READ_BEFORE = (
    "expressentry.cli",
    "expressentry.answers.clients",
    "expressentry.assess.compare",
    "expressentry.factors.derive",
    "expressentry.profile.read",
    "expressentry.profile.model",
)


@dataclass(frozen=True, slots=True)
class Run:
    """What a process needs to answer as the command itself does; names and numbers of law are as they were written."""

    on: date
    laws: tuple[str, ...]
    numbers: tuple[str, ...]
    lang: Lang
    home: str

    @classmethod
    def of(cls, on: date, laws: tuple[str, ...] = (), numbers: tuple[str, ...] = ()) -> Run:
        """The run of this process."""
        return cls(on, laws, numbers, LANG.get(), str(home()))

    def law(self) -> Law:
        """The law of the run, once in a process."""
        return law_of_run(self.laws, self.numbers)

    def begin(self) -> None:
        """Take over language and folder in a process of its own."""
        os.environ["EXPRESSENTRY_HOME"] = self.home
        LANG.set(self.lang)
        if LAWS.get() is None:
            LAWS.set({})


@dataclass(frozen=True, slots=True)
class Limits:
    """How many processes at most (None: one for each core), and what one person may take (None: the usual)."""

    jobs: int | None
    most_seconds: float | None

    @property
    def seconds(self) -> float:
        """What one person may take."""
        return self.most_seconds or MOST_SECONDS


def answer_all(
    begin: Callable[[Run], Callable[[Item], Answer]],
    run: Run,
    items: Sequence[Item],
    title: str,
    limits: Limits,
    read_before: tuple[str, ...] = (),
) -> Iterator[Answer | tuple[Problem, ...]]:
    """What `begin(run)` makes of each item of a list, with a bar that shows how far it is; see `answer_each`.

    Args:
        begin: Called once in each process; gives the function that answers an item.
        run: What the processes are told.
        items: Clients, or what stands for them.
        title: What the bar is of.
        limits: How many processes, and how long an item may take.
        read_before: More modules that all processes need.
    """
    with progress(title, lambda: len(items)) as advance:
        for found in answer_each(begin, run, items, limits, read_before, total=len(items)):
            if advance is not None:
                advance(1)
            yield found


def answer_each(
    begin: Callable[[Run], Callable[[Item], Answer]],
    run: Run,
    items: Iterable[Item],
    limits: Limits,
    read_before: tuple[str, ...] = (),
    *,
    total: int | None = None,
) -> Iterator[Answer | tuple[Problem, ...]]:
    """What `begin(run)` makes of each item, in order, or everything that is wrong with it."""
    work = Work(_begin, (begin, run), limits.seconds, (*_READ_BEFORE, *read_before))
    for found in in_order(work, items, total=total, jobs=limits.jobs):
        yield (unfinished(found, limits.seconds),) if isinstance(found, Unfinished) else found


def _begin(begin: Callable[[Run], Callable[[Any], Any]], run: Run) -> Callable[[Any], Any]:
    run.begin()
    answer = begin(run)
    return lambda item: apart(lambda: answer(item))


def unfinished(found: Unfinished, seconds: float) -> Problem:
    """The problem of a person whose answer was given up."""
    if found.kind == "late":
        rule = Text("takes longer than {s} seconds", "prend plus de {s} secondes").fill(s=f"{seconds:g}")
        fix = Text(
            "answer some of the open questions, or allow more: --most-seconds",
            "répondre à quelques questions ouvertes, ou permettre plus : --most-seconds",
        )
        return Problem("too_slow", "client", rule, fix)
    rule = Text("its process ended before there was an answer", "son processus a pris fin avant la réponse")
    fix = Text("free some memory, and try this one alone", "libérer de la mémoire, et réessayer avec lui seul")
    return Problem("unfinished", "client", rule, fix)
