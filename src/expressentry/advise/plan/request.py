"""What is asked of a plan: how many steps, by when, for which target, with which moves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from math import comb

from expressentry.advise.moves.kinds import Excluded, Step
from expressentry.advise.moves.model import Move, written
from expressentry.errors import Problem
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Text

MOST_STEPS = 6
MOST_COMBINATIONS = 100_000
MOST_EFFORT = 600_000
"""So many pieces of the profile are read for a plan: enough for four steps and some open questions."""

SIZE = 4
"""How many steps are combined unless asked otherwise."""


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What is asked of a plan; every field may be left out.

    Attributes:
        size: How many steps are combined at most.
        by: The last day on which a step may be done.
        target: A score to reach.
        round_number: A round whose cut-off is to be reached.
        series: A type or category whose last cut-off is to be reached.
        needed: Moves that every plan must hold, by id.
        without: Moves that no plan holds.
        also: Moves that are tried only where they are asked for, by id.
        only: The only moves that are tried.
        days: Your own durations in days, by id of the move.
        effort: How many pieces of the profile are read at most; None for all that it takes.
    """

    size: int = SIZE
    by: date | None = None
    target: int | None = None
    round_number: str | None = None
    series: str | None = None
    needed: Collection[str] = ()
    without: Collection[str] = ()
    also: Collection[str] = ()
    only: Collection[str] | None = None
    days: Mapping[str, int] = field(default_factory=dict)
    effort: int | None = MOST_EFFORT

    def __post_init__(self) -> None:
        """Take the names of moves as they are written on a command line, with hyphens, too."""
        for name in ("needed", "without", "also", "only"):
            given: Collection[str] | None = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, tuple(one.replace("-", "_") for one in given))
        object.__setattr__(self, "days", {one.replace("-", "_"): days for one, days in self.days.items()})

    def wants(self, move: Move) -> bool:
        """Whether a move is to be tried, or excluded with a reason."""
        return move.id not in self.without and (self.only is None or move.id in self.only)

    def asks_for(self, move: Move) -> bool:
        """Whether a move that is tried only on request is asked for."""
        return move.id in (*self.needed, *self.also, *(self.only or ()))

    def problems(self, start: date, moves: Sequence[Move]) -> list[Problem]:
        """Everything that is wrong with the request for a plan from a day, among the moves of a profile."""
        return [*self._wrong_numbers(start), *self._unknown(moves), *self._negative()]

    def contradictions(self, possible: Sequence[Step], excluded: Sequence[Excluded]) -> list[Problem]:
        """Needed moves that the profile or each other rules out, and more combinations than are tried."""
        reasons = {one.move.id: one.reason for one in excluded}
        found = {step.move.id: step.move for step in possible}
        problems = [
            Problem("impossible_move", "with", reasons.get(name, _ONLY_ALONE), _LEAVE_OUT, written(name))
            for name in self.needed
            if name not in found
        ]
        for one, other in combinations([found[name] for name in dict.fromkeys(self.needed) if name in found], 2):
            if one.conflicts_with(other):
                rule = Text("these steps exclude each other", "ces démarches s'excluent")
                fix = Text("keep one of them", "garder l'une d'elles")
                problems.append(Problem("contradiction", "with", rule, fix, f"{written(one.id)}, {written(other.id)}"))
        return [*problems, *self._too_many(len(possible))]

    def adds_nothing(self) -> Problem:
        """What is wrong where no combination holds every needed move."""
        rule = Text("one of these steps adds nothing to the others", "l'une de ces démarches n'ajoute rien aux autres")
        return Problem("dominated", "with", rule, _LEAVE_OUT, ", ".join(map(written, self.needed)))

    def _wrong_numbers(self, start: date) -> list[Problem]:
        found = []
        if not 1 <= self.size <= MOST_STEPS:
            rule = Text("a number of steps from 1 to {n}", "un nombre de démarches de 1 à {n}").fill(n=MOST_STEPS)
            found.append(Problem.outside("size", rule, self.size))
        elif len(set(self.needed)) > self.size:
            rule = Text("more steps than are combined", "plus de démarches qu'on n'en combine")
            fix = Text("combine more steps", "combiner plus de démarches")
            found.append(Problem("too_many", "with", rule, fix, ", ".join(map(written, self.needed))))
        if self.by is not None and self.by <= start:
            rule = Text("a day after {day}, on which the plan begins", "un jour après le {day}, où le plan commence")
            found.append(Problem.outside("by", rule.fill(day=start), self.by, code="day_in_the_past"))
        return found

    def _unknown(self, moves: Sequence[Move]) -> list[Problem]:
        """Names of moves that this profile does not have."""
        given: dict[str, Iterable[str]] = {
            "without": self.without, "with": self.needed, "also": self.also, "only": self.only or (),
            "assume": self.days,
        }  # fmt: skip
        known = [move.id for move in moves]
        found = []
        for option, names in given.items():
            for name in names:
                if name in known:
                    continue
                near = suggestion(name, known)
                fix = Text("`expressentry plan` lists them all", "`expressentry plan` les énumère toutes")
                if near:
                    fix = did_you_mean(written(near))
                rule = Text("this profile has no such step", "ce profil n'a pas cette démarche")
                found.append(Problem("unknown_move", option, rule, fix, written(name)))
        return found

    def _negative(self) -> list[Problem]:
        rule = Text("a number of days, 0 or more", "un nombre de jours, 0 ou plus")
        negative = [(name, days) for name, days in self.days.items() if days < 0]
        return [Problem.outside(f"assume {written(name)}", rule, days) for name, days in negative]

    def _too_many(self, steps: int) -> list[Problem]:
        total = sum(comb(steps, n) for n in range(1, self.size + 1))
        if total <= MOST_COMBINATIONS:
            return []
        rule = Text("at most {n} combinations", "au plus {n} combinaisons").fill(n=MOST_COMBINATIONS)
        fix = Text("combine fewer steps, or leave some out", "combiner moins de démarches, ou en exclure")
        return [Problem("too_many", "size", rule, fix, total)]


_LEAVE_OUT = Text("leave it out", "la retirer")
_ONLY_ALONE = Text("it is never combined, or was left out", "elle ne se combine jamais, ou a été exclue")
