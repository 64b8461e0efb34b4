"""The best plan: which steps raise a score, by when, at what cost, and which reach a target.

found = plan(profile, date(2026, 10, 1), PlanRequest(target=500))
found.entry                for who is not eligible: what is lacking, and the ways to become so
found.front                no plan has more points, sooner, with fewer steps than one of these
found.options_to_target    the cheapest plans that reach the target
found.effects              what each step adds by itself, and which maximum limits it
found.tried                how many combinations were tried
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from expressentry.advise.moves.case import PlanningCase
from expressentry.advise.moves.couple import PARTNER_DOES_NOT_COUNT, partner_does_not_count
from expressentry.advise.moves.kinds import Excluded, Step, moves_of, possible_steps
from expressentry.advise.plan.effects import Effect, effects
from expressentry.advise.plan.entry import Entry, entry
from expressentry.advise.plan.request import PlanRequest
from expressentry.advise.plan.target import OptionToTarget, Target, cheapness, options_to_target, target_of
from expressentry.advise.plan.trial import Plan, Trial, try_all
from expressentry.assess.person.stream_people import assess_streams
from expressentry.assess.person.streams import StreamFinding
from expressentry.dates import as_day
from expressentry.errors import Problem, UsageError
from expressentry.factors.derive import Doubt
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.law.rule_set import RuleSet
from expressentry.profile.model import Profile
from expressentry.profile.read import as_profile
from expressentry.rounds.load import load_record
from expressentry.rounds.record import Record
from expressentry.shown import Shown
from expressentry.text import Text


@dataclass(frozen=True, slots=True)
class Front:
    """A plan that no other one beats in points, day and number of steps.

    `equal` are other plans just as good, at a higher cost.
    """

    plan: Plan
    equal: tuple[Plan, ...]


@dataclass(frozen=True, repr=False)
class Plans(Shown):
    """The answer: now, the front, the options to the target, the effect of each step, and what was excluded and why.

    `entry` is for a person who is not eligible for certain; plans that leave the person so are not in the front.
    `rules` are those of the first day, `last_rules` those of the last day of any plan.
    """

    start: date
    rules: RuleSet
    last_rules: RuleSet
    now: Plan
    entry: Entry | None
    front: tuple[Front, ...]
    target: Target | None
    options_to_target: tuple[OptionToTarget, ...]
    effects: tuple[Effect, ...]
    excluded: tuple[Excluded, ...]
    doubts: tuple[Doubt, ...]
    size: int
    trial: Trial
    streams: tuple[StreamFinding, ...] = ()

    def _in_short(self) -> str:
        return f"{self.now.crs} CRS points on {self.start}, {self.best.crs} at best; {self.tried} combinations tried"

    @property
    def total(self) -> int:
        """The CRS score on the first day, before any step: the lowest of the readings."""
        return self.now.crs

    @property
    def tried(self) -> int:
        """How many combinations of one or more steps were tried."""
        return len(self.trial.plans) - 1

    @property
    def bounded(self) -> Text | None:
        """That combinations were left out, and why; None where every one was tried."""
        return _LEFT_OUT.fill(n=self.trial.left_out) if self.trial.left_out else None

    @property
    def ranked(self) -> list[Effect]:
        """The effects, those with most points first; for who is not eligible, those first that open a program."""
        closed = self.entry is not None and self.entry.sure
        return sorted(self.effects, key=lambda one: (not (closed and one.opens), -one.gain, one.step.ready_on))

    @property
    def best(self) -> Plan:
        """The plan with the most points; of several the soonest, with the fewest steps. Where none is good, now."""
        return self.front[-1].plan if self.front else self.now


def plan(
    profile: Profile,
    start: date | str,
    request: PlanRequest | None = None,
    *,
    record: Record | None = None,
    law: Law | None = None,
) -> Plans:
    """Try every combination of the steps a person can take, each on the day when it would be done.

    Steps are taken side by side: a plan is ready on the last of their days, and the person is assessed on that day,
    with the age, the expired tests and the work of that day. Where readings of the facts differ, a plan counts with its
    lowest score.

    Args:
        profile: The dated facts.
        start: The day on which plans begin: a `date`, or text written YYYY-MM-DD.
        request: How many steps, by when, for which target, with which moves; everything by default.
        record: The rounds in which a target is looked up; those of this installation by default.
        law: The law of each day; the shipped law by default.

    Raises:
        UsageError: Everything that is wrong with the request: an unknown move or round, a target above 1,200, a day in
            the past, moves that contradict the profile.

    >>> from expressentry.profile.read import read_profile
    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1993-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> found = plan(read_profile(facts), date(2026, 10, 1), PlanRequest(only=["nomination", "english_7"]))
    >>> found.tried, found.now.crs, found.entry is None, found.best.moves
    (3, 88, False, ())
    """
    profile, start = as_profile(profile), as_day(start, "start")
    law, record, request = law or load_law(), record or load_record(), request or PlanRequest()
    return _plan(PlanningCase(profile, start, law, request.days), request, record)


def _plan(case: PlanningCase, request: PlanRequest, record: Record) -> Plans:
    profile, start, law = case.profile, case.start, case.law
    moves = moves_of(profile)
    target, problems = target_of(request.target, request.round_number, request.series, record, start, law.round_names)
    _refuse([*problems, *request.problems(start, moves)])
    category = target.round.category if target and target.round else None
    case.category = category
    wanted = [move for move in moves if request.wants(move)]
    tried = [move for move in wanted if not move.on_request or request.asks_for(move)]
    possible, excluded = possible_steps(case, tried, request.by)
    excluded += [Excluded(move, _ON_REQUEST) for move in wanted if move not in tried]
    possible, late = _in_time(possible, request.by)
    combined = [step for step in possible if not step.move.alone]
    _refuse(request.contradictions(combined, [*excluded, *late]))
    found = effects(case, possible)
    idle = [one for one in found if one.idle and partner_does_not_count(case, one.step.move)]
    excluded += [Excluded(one.step.move, PARTNER_DOES_NOT_COUNT) for one in idle]
    trial = try_all(case, combined, request.size, request.effort, request.needed)
    kept = [one for one in trial.plans if set(request.needed) <= set(one.moves)]
    _refuse([] if kept else [request.adds_nothing()])
    return Plans(
        start=start,
        rules=law.on(start),
        last_rules=law.on(max(one.ready_on for one in kept)),
        now=trial.plans[0],
        entry=entry(case, trial.plans[0], combined, kept),
        front=pareto(one for one in kept if one.eligible is not False),
        target=target,
        options_to_target=tuple(options_to_target(case, target, kept)) if target else (),
        effects=tuple(one for one in found if one not in idle),
        excluded=(*excluded, *late),
        doubts=case.variants.derive(profile, start).doubts,
        size=request.size,
        trial=trial,
        streams=_streams(case) if any(step.move.kind == "nomination" for step in possible) else (),
    )


def _streams(case: PlanningCase) -> tuple[StreamFinding, ...]:
    """Where a nomination may come from: the streams of the first day that are not closed, as the person is that day."""
    found = assess_streams(case.assess(case.profile, case.start))
    return tuple(one for one in found if one.stream.status_on(case.start) != "closed")


def pareto(plans: Iterable[Plan]) -> tuple[Front, ...]:
    """The plans that no other one beats: in points (lowest reading), day and number of steps, fewest points first.

    Of plans alike in all three the cheapest is first.
    """
    best: dict[tuple[int, date, int], list[Plan]] = {}
    for one in plans:
        best.setdefault((-one.crs, one.ready_on, len(one.steps)), []).append(one)
    front: list[tuple[int, date, int]] = []
    for key in sorted(best):
        if not any(other[0] <= key[0] and other[1] <= key[1] and other[2] <= key[2] for other in front):
            front.append(key)
    found = [sorted(best[key], key=cheapness) for key in reversed(front)]
    return tuple(Front(first, tuple(others)) for first, *others in found)


_LEFT_OUT = Text(
    "{n} other combinations were not tried: with so many steps and open questions there are too many. Those of few "
    "steps were tried first. Leave out steps that you would not take, or answer open questions",
    "{n} autres combinaisons n'ont pas été essayées : avec tant de démarches et de questions ouvertes, il y en a trop. "
    "Celles de peu de démarches ont été essayées d'abord. Excluez des démarches que vous ne feriez pas, ou répondez à "
    "des questions ouvertes",
)
_ON_REQUEST = Text("tried only if you ask for it", "essayée seulement si vous le demandez")


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise UsageError(problems)


def _in_time(possible: Sequence[Step], by: date | None) -> tuple[list[Step], list[Excluded]]:
    """The steps that are done by a day, and the others."""
    late = [step for step in possible if by is not None and step.ready_on > by]
    reason = Text("it would be done only on {day}", "elle ne serait faite que le {day}")
    excluded = [Excluded(step.move, reason.fill(day=step.ready_on)) for step in late]
    return [step for step in possible if step not in late], excluded
