"""Every kind of move: when it is impossible, when it is ready, and what it changes in a profile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from expressentry.advise.moves import couple as family
from expressentry.advise.moves import language, time
from expressentry.advise.moves.case import Case
from expressentry.advise.moves.model import Move, shipped_moves
from expressentry.dates import anniversary, completed_years
from expressentry.profile.model import Profile
from expressentry.text import Text

Impossible = Callable[[Case, Move], Text | None]
Ready = Callable[[Case, Move], date]
Apply = Callable[[Profile, Case, Move, date], Profile]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of move; `rank` is its turn where several are made: who applies is settled last."""

    rank: int
    impossible: Impossible
    apply: Apply
    ready: Ready = Case.after


@dataclass(frozen=True, slots=True)
class Option:
    """A move that this person can make, and the day on which it is done."""

    move: Move
    case: Case
    ready_on: date

    def apply(self, profile: Profile) -> Profile:
        """The profile after the move."""
        return KINDS[self.move.kind].apply(profile, self.case, self.move, self.ready_on)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A move that this person cannot make, and why."""

    move: Move
    reason: Text


def _always(case: Case, move: Move) -> Text | None:
    return None


def _growing(case: Case, move: Move) -> Text | None:
    """Waiting may help where work goes on, where a fact is still to come, or before the age that pays most."""
    from expressentry.profile.consistency import parts_of

    jobs = any(case.open_jobs(who, canada=canada) for who in ("person", "partner") for canada in (True, False))
    parts = [entry for _, entry, _ in parts_of(case.profile)]
    parts += [done for entry in parts for done in getattr(entry, "assessments", None) or ()]
    parts += [case.profile.partner] if case.profile.partner else []
    days = [day for entry in parts for day in vars(entry).values() if isinstance(day, date)]
    young = completed_years(case.profile.person.birth_date, case.start) < _YOUNG
    if jobs or young or any(day > case.start for day in days):
        return None
    return Text("nothing grows by waiting", "rien ne grandit en attendant")


_YOUNG = 20


def _birthday(case: Case, move: Move) -> date:
    born = case.profile.person.birth_date
    return anniversary(born, completed_years(born, case.start) + 1)


KINDS: Mapping[str, Kind] = {
    "leave_study": Kind(0, time.impossible_leave_study, time.apply_leave_study),
    "permit": Kind(1, time.impossible_permit, time.apply_permit),
    "work": Kind(2, time.impossible_work, time.apply_work, time.ready_work),
    "listed_job": Kind(2, time.impossible_listed, time.apply_listed, time.ready_listed),
    "study": Kind(3, time.impossible_study, time.apply_study, time.ready_study),
    "degree": Kind(3, time.impossible_study, time.apply_degree, time.ready_study),
    "assessment": Kind(4, family.impossible_assessment, family.apply_assessment),
    "ability": Kind(5, language.impossible_ability, language.apply_test),
    "floor": Kind(5, language.impossible_floor, language.apply_test),
    "again": Kind(5, language.impossible_again, language.apply_test),
    "partner_test": Kind(5, language.impossible_floor, language.apply_test),
    "certificate": Kind(6, family.impossible_certificate, family.apply_certificate),
    "nomination": Kind(6, family.impossible_nomination, family.apply_nomination),
    "first": Kind(6, family.impossible_first, family.apply_first),
    "wait": Kind(7, _growing, time.apply_nothing),
    "birthday": Kind(7, _always, time.apply_nothing, _birthday),
    "resubmit": Kind(7, _always, time.apply_nothing),
    "accompany": Kind(8, family.impossible_accompany, family.apply_accompany),
    "swap": Kind(9, family.impossible_swap, family.apply_swap),
}
_RENEWALS = ("assessment", "again")
LANGUAGE = ("ability", "floor", "again", "partner_test")


def moves_of(profile: Profile) -> list[Move]:
    """Every move for a profile, those that name a credential written out."""
    return [move for move in shipped_moves().values() if "{" not in move.id] + family.assessments(profile)


def options(case: Case, moves: Iterable[Move], by: date | None = None) -> tuple[list[Option], list[SetAside]]:
    """The moves that a person can make, in the order in which they are applied; and the others, each with a reason.

    What dies is renewed where it dies by the last day of the other moves, or by the day given.
    """
    possible: list[Option] = []
    aside: list[SetAside] = []
    for move in sorted(moves, key=lambda move: move.kind in _RENEWALS):
        kind = KINDS[move.kind]
        if move.kind in _RENEWALS:
            case.horizon = max((option.ready_on for option in possible), default=case.start)
            case.horizon = min(case.horizon, by or case.horizon)
        reason = kind.impossible(case, move)
        if reason is None:
            possible.append(Option(move, case, kind.ready(case, move)))
        else:
            aside.append(SetAside(move, reason))
    return sorted(possible, key=lambda option: KINDS[option.move.kind].rank), aside
