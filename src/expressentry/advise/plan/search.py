"""The best plan: which moves raise a score, by when, at what cost, and which reach a target.

found = plan(profile, date(2026, 10, 1), target=500)
found.front       no plan has more points, sooner, with fewer moves than one of these
found.ways        the cheapest ways to the target
found.alone       what each move pays by itself, and which cap took it
found.tried       how many combinations were tried
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import comb

from expressentry.advise.moves.case import Case
from expressentry.advise.moves.kinds import Option, SetAside, moves_of, options
from expressentry.advise.moves.model import Move
from expressentry.advise.plan.effects import Alone, alone
from expressentry.advise.plan.target import Goal, Way, cheapness, goal_of, ways
from expressentry.advise.plan.trial import Plan, Tried, try_all
from expressentry.errors import ABSENT, Problem, UsageError
from expressentry.factors.derive import Doubt
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.law.rule_set import RuleSet
from expressentry.profile.model import Profile
from expressentry.rounds.load import load_record
from expressentry.rounds.record import Record
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Text

MOST_MOVES = 6
MOST_COMBINATIONS = 100_000
SIZE = 4
"""How many moves are combined unless asked otherwise."""


@dataclass(frozen=True, slots=True)
class Front:
    """A plan that no other one beats in points, day and number of moves; `equal` are others just as good, dearer."""

    plan: Plan
    equal: tuple[Plan, ...]


@dataclass(frozen=True)
class Plans:
    """The answer: now, the front, the ways to the target, each move alone, and what was not tried and why.

    `rules` are those of the first day, `last_rules` those of the last day of any plan.
    """

    start: date
    rules: RuleSet
    last_rules: RuleSet
    now: Plan
    front: tuple[Front, ...]
    goal: Goal | None
    ways: tuple[Way, ...]
    alone: tuple[Alone, ...]
    aside: tuple[SetAside, ...]
    doubts: tuple[Doubt, ...]
    size: int
    trial: Tried

    @property
    def tried(self) -> int:
        """How many combinations of one or more moves were tried."""
        return len(self.trial.plans) - 1

    @property
    def best(self) -> Plan:
        """The plan with the most points; of several the soonest, with the fewest moves."""
        return self.front[-1].plan


def plan(
    profile: Profile,
    start: date,
    *,
    size: int = SIZE,
    by: date | None = None,
    target: int | None = None,
    round_number: str | None = None,
    series: str | None = None,
    needed: Collection[str] = (),
    without: Collection[str] = (),
    only: Collection[str] | None = None,
    days: Mapping[str, int] | None = None,
    record: Record | None = None,
    law: Law | None = None,
) -> Plans:
    """Try every combination of the moves a person can make, each on the day when it would be done.

    Moves are made side by side: a plan is ready on the last of their days, and the person is assessed on that day, age,
    dying tests and continuing work included. Where readings of the facts differ, a plan counts with its lowest score.
    At most `size` moves are combined, none done after `by`. The target is a score, the cut-off of a round by its
    number, or the last cut-off of a type or category (`series`). Plans hold every move that is `needed`; `without`
    leaves moves out, `only` keeps none but these; `days` are one's own durations. Raises UsageError with everything
    that is wrong: an unknown move or round, a target above 1,200, a day in the past, moves that contradict the profile.

    >>> from expressentry.profile.read import read_profile
    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1993-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> found = plan(read_profile(facts), date(2026, 10, 1), only=["nomination", "english_7"])
    >>> found.tried, found.best.moves, found.best.crs
    (3, ('english_7', 'nomination'), 751)
    """
    law, record, own = law or load_law(), record or load_record(), dict(days or {})
    moves = moves_of(profile)
    goal, problems = goal_of(target, round_number, series, record, start, law.round_names)
    names = {"without": without, "with": needed, "only": only or (), "assume": own}
    _refuse([*problems, *_wrong_numbers(start, size, by, needed), *_unknown(names, moves), *_negative(own)])
    category = goal.round.category if goal and goal.round else None
    case = Case(profile, start, law, own, category)
    chosen = [move for move in moves if move.id not in without and (only is None or move.id in only)]
    possible, aside = options(case, chosen, by)
    possible, late = _in_time(possible, by)
    combined = [option for option in possible if not option.move.alone]
    _refuse([*_contradictions(needed, combined, [*aside, *late]), *_too_many(len(combined), size)])
    tried = try_all(case, combined, size)
    kept = _with(needed, tried)
    return Plans(
        start=start,
        rules=law.on(start),
        last_rules=law.on(max(one.ready_on for one in kept)),
        now=tried.plans[0],
        front=pareto(kept),
        goal=goal,
        ways=tuple(ways(case, goal, kept)) if goal else (),
        alone=tuple(alone(case, possible)),
        aside=(*aside, *late),
        doubts=case.variants.derive(profile, start).doubts,
        size=size,
        trial=tried,
    )


def pareto(plans: Iterable[Plan]) -> tuple[Front, ...]:
    """The plans that no other one beats: in points (lowest reading), day and number of moves, fewest points first.

    Of plans alike in all three the cheapest stands for them.
    """
    best: dict[tuple[int, date, int], list[Plan]] = {}
    for one in plans:
        best.setdefault((-one.crs, one.ready_on, len(one.options)), []).append(one)
    front: list[tuple[int, date, int]] = []
    for key in sorted(best):
        if not any(other[0] <= key[0] and other[1] <= key[1] and other[2] <= key[2] for other in front):
            front.append(key)
    found = [sorted(best[key], key=cheapness) for key in reversed(front)]
    return tuple(Front(first, tuple(others)) for first, *others in found)


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise UsageError(problems)


def _with(needed: Collection[str], tried: Tried) -> list[Plan]:
    """The plans that hold every move asked for."""
    kept = [one for one in tried.plans if set(needed) <= set(one.moves)]
    if not kept:
        fix = Text("leave it out", "le retirer")
        raise UsageError(Problem("dominated", "with", _ADDS_NOTHING, fix, ", ".join(needed)))
    return kept


def _in_time(possible: Sequence[Option], by: date | None) -> tuple[list[Option], list[SetAside]]:
    """The moves that are done by a day, and the others."""
    late = [option for option in possible if by is not None and option.ready_on > by]
    reason = Text("done only on {day}", "fait seulement le {day}")
    aside = [SetAside(option.move, reason.fill(day=option.ready_on)) for option in late]
    return [option for option in possible if option not in late], aside


def _wrong_numbers(start: date, size: int, by: date | None, needed: Collection[str]) -> list[Problem]:
    found = []
    if not 1 <= size <= MOST_MOVES:
        rule = Text("from 1 to {n} moves", "de 1 à {n} gestes").fill(n=MOST_MOVES)
        found.append(Problem("out_of_range", "size", rule, Text("for example 4", "par exemple 4"), size))
    elif len(set(needed)) > size:
        rule = Text("more moves than are combined", "plus de gestes qu'on n'en combine")
        fix = Text("raise --size", "augmenter --size")
        found.append(Problem("too_many", "with", rule, fix, ", ".join(needed)))
    if by is not None and by <= start:
        rule = Text("a day after {day}, on which the plan begins", "un jour après le {day}, où le plan commence")
        fix = Text("give a later day", "donner un jour ultérieur")
        found.append(Problem("day_in_the_past", "by", rule.fill(day=start), fix, by))
    return found


def _unknown(given: Mapping[str, Iterable[str]], moves: Sequence[Move]) -> list[Problem]:
    """Names of moves that this profile does not have."""
    known = [move.id for move in moves]
    found = []
    for field, names in given.items():
        for name in names:
            if name in known:
                continue
            near = suggestion(name, known)
            fix = Text("`expressentry plan` names them all", "`expressentry plan` les nomme tous")
            if near:
                fix = did_you_mean(near)
            rule = Text("no such move for this profile", "aucun tel geste pour ce profil")
            found.append(Problem("unknown_move", field, rule, fix, name))
    return found


def _too_many(moves: int, size: int) -> list[Problem]:
    total = sum(comb(moves, n) for n in range(1, size + 1))
    if total <= MOST_COMBINATIONS:
        return []
    rule = Text("at most {n} combinations", "au plus {n} combinaisons").fill(n=MOST_COMBINATIONS)
    fix = Text("lower --size, or leave moves out (--without)", "baisser --size, ou exclure des gestes (--without)")
    return [Problem("too_many", "size", rule, fix, total)]


def _negative(own: Mapping[str, int]) -> list[Problem]:
    rule = Text("a number of days, 0 or more", "un nombre de jours, 0 ou plus")
    fix = Text("for example 90", "par exemple 90")
    return [Problem("out_of_range", f"assume {name}", rule, fix, days) for name, days in own.items() if days < 0]


def _contradictions(needed: Collection[str], possible: Sequence[Option], aside: Sequence[SetAside]) -> list[Problem]:
    """Moves that were asked for, and that the profile or each other rules out."""
    reasons = {one.move.id: one.reason for one in aside}
    found = {option.move.id: option.move for option in possible}
    fix = Text("leave it out", "le retirer")
    problems = [
        Problem("impossible_move", "with", reasons.get(name, _ONLY_ALONE), fix, name)
        for name in needed
        if name not in found
    ]
    for one, other in combinations([found[name] for name in dict.fromkeys(needed) if name in found], 2):
        if one.bars(other):
            rule = Text("moves that exclude each other", "des gestes qui s'excluent")
            pair = f"{one.id}, {other.id}"
            problems.append(Problem("contradiction", "with", rule, Text("keep one", "en garder un"), pair or ABSENT))
    return problems


_ADDS_NOTHING = Text("one of them adds nothing to the others", "l'un d'eux n'ajoute rien aux autres")
_ONLY_ALONE = Text("it is never combined, or left out", "il ne se combine jamais, ou est exclu")
