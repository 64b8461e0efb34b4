"""Every kind of move: when it is impossible, when it is ready, and what it changes in a profile.

possible_steps(case, moves_of(profile))     the steps that a person can take, and the moves that are excluded
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from expressentry.advise.moves import couple, credential, language, permit, savings, study, work
from expressentry.advise.moves.case import PlanningCase
from expressentry.advise.moves.model import Move, shipped_moves
from expressentry.advise.moves.words import own
from expressentry.assess.person.readings import Assessment
from expressentry.dates import anniversary, completed_years
from expressentry.profile.consistency import parts_of
from expressentry.profile.model import Profile
from expressentry.text import Text

Impossible = Callable[[PlanningCase, Move], Text | None]
Ready = Callable[[PlanningCase, Move], date]
Apply = Callable[[Profile, PlanningCase, Move, date], Profile]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of move; `rank` is its turn where several are made: who applies is settled last."""

    rank: int
    impossible: Impossible
    apply: Apply
    ready: Ready = PlanningCase.after


@dataclass(frozen=True, slots=True)
class Step:
    """A move that this person can make, and the day on which it is done."""

    move: Move
    case: PlanningCase
    ready_on: date

    def apply(self, profile: Profile) -> Profile:
        """The profile after the step."""
        return KINDS[self.move.kind].apply(profile, self.case, self.move, self.ready_on)

    def alone(self) -> Assessment:
        """The person after this step by itself, on its day; worked out once for a plan."""
        known, id_ = self.case.alone, self.move.id
        if id_ not in known:
            known[id_] = self.case.assess(self.apply(self.case.profile), self.ready_on)
        return known[id_]

    @property
    def between(self) -> tuple[date, date]:
        """The days between which it is done: where all goes quickly, and where it takes long."""
        ready, (low, _, high) = KINDS[self.move.kind].ready, self.move.days
        first, last = (ready(self.case, replace(self.move, days=(n, n, n))) for n in (low, high))
        return first, last


@dataclass(frozen=True, slots=True)
class Excluded:
    """A move that this person cannot make, and why."""

    move: Move
    reason: Text


def _always(case: PlanningCase, move: Move) -> Text | None:
    return None


def _growing(case: PlanningCase, move: Move) -> Text | None:
    """Waiting may help where work goes on, where a fact is still to come, or before the age that gives most points."""
    jobs = any(case.open_jobs(who, canada=canada) for who in ("person", "partner") for canada in (True, False))
    parts = [entry for _, entry, _ in parts_of(case.profile)]
    parts += [done for entry in parts for done in getattr(entry, "assessments", None) or ()]
    parts += [case.profile.partner] if case.profile.partner else []
    days = [day for entry in parts for day in vars(entry).values() if isinstance(day, date)]
    young = completed_years(case.profile.person.birth_date, case.start) < _YOUNG
    if jobs or young or any(day > case.start for day in days):
        return None
    return Text("waiting would change nothing", "attendre ne changerait rien")


_YOUNG = 20


def _birthday(case: PlanningCase, move: Move) -> date:
    born = case.profile.person.birth_date
    return anniversary(born, completed_years(born, case.start) + 1)


def _nothing(profile: Profile, case: PlanningCase, move: Move, ready: date) -> Profile:
    """Change no fact."""
    return profile


KINDS: Mapping[str, Kind] = {
    "leave_study": Kind(0, permit.impossible_leave_study, permit.apply_leave_study),
    "permit": Kind(1, permit.impossible_permit, permit.apply_permit),
    "work": Kind(2, work.impossible_work, work.apply_work, work.ready_work),
    "listed_job": Kind(2, work.impossible_listed, work.apply_listed, work.ready_listed),
    "study": Kind(3, study.impossible_study, study.apply_study, study.ready_study),
    "degree": Kind(3, study.impossible_study, study.apply_degree, study.ready_study),
    "assessment": Kind(4, credential.impossible_assessment, credential.apply_assessment),
    "ability": Kind(5, language.impossible_ability, language.apply_test),
    "floor": Kind(5, language.impossible_floor, language.apply_test),
    "again": Kind(5, language.impossible_again, language.apply_test),
    "partner_test": Kind(5, language.impossible_floor, language.apply_test),
    "certificate": Kind(6, credential.impossible_certificate, credential.apply_certificate),
    "nomination": Kind(6, credential.impossible_nomination, credential.apply_nomination),
    "savings": Kind(6, savings.impossible_savings, savings.apply_savings),
    "first": Kind(6, language.impossible_first, language.apply_first),
    "wait": Kind(7, _growing, _nothing),
    "birthday": Kind(7, _always, _nothing, _birthday),
    "resubmit": Kind(7, _always, _nothing),
    "accompany": Kind(8, couple.impossible_accompany, couple.apply_accompany),
    "swap": Kind(9, couple.impossible_swap, couple.apply_swap),
}
_RENEWALS = ("assessment", "again")
LANGUAGE = ("ability", "floor", "again", "partner_test")


def moves_of(profile: Profile) -> list[Move]:
    """Every move for a profile, those that name a credential written out."""
    return [move for move in shipped_moves().values() if "{" not in move.id] + credential.assessments(profile)


def possible_steps(
    case: PlanningCase, moves: Iterable[Move], by: date | None = None
) -> tuple[list[Step], list[Excluded]]:
    """The steps that a person can take, in the order in which they are applied; and the other moves, with the reason.

    A document is renewed where it expires by the last day of the other moves, or by the day given.
    """
    possible: list[Step] = []
    excluded: list[Excluded] = []
    for move in sorted(moves, key=lambda move: move.kind in _RENEWALS):
        kind = KINDS[move.kind]
        if move.kind in _RENEWALS:
            case.horizon = max((step.ready_on for step in possible), default=case.start)
            case.horizon = min(case.horizon, by or case.horizon)
        reason = kind.impossible(case, move)
        if reason is None:
            named = own(case, move)
            possible.append(Step(named, case, kind.ready(case, named)))
        else:
            excluded.append(Excluded(move, reason))
    return sorted(possible, key=lambda step: KINDS[step.move.kind].rank), excluded
