"""Plans: 12 moves up to 4 at a time, against the same combinations one person after the other."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

from bench.measure import alternate, report
from expressentry.advise.moves.case import PlanningCase
from expressentry.advise.moves.kinds import moves_of, possible_steps
from expressentry.advise.plan.request import PlanRequest
from expressentry.advise.plan.search import plan
from expressentry.advise.plan.trial import Combination, combinations_of
from expressentry.assess.person.readings import assess_profile
from expressentry.law.load import load_law
from expressentry.profile.read import read_profile

DAY = date(2026, 10, 1)
PROFILE = Path(__file__).parent.parent / "examples" / "people" / "couple.toml"
TWELVE = (
    *("english_listening_up", "english_reading_up", "english_writing_up", "english_speaking_up"),
    *("french_7", "certificate", "nomination", "partner_stays", "partner_work_1"),
    *("canadian_work_1", "masters_at_home", "second_credential"),
)
"""Twelve moves of which none excludes another, so that all 793 combinations are tried."""


def bench() -> None:
    """Time both."""
    profile = read_profile(PROFILE)
    case = PlanningCase(profile, DAY, load_law())
    chosen = possible_steps(case, [move for move in moves_of(profile) if move.id in TWELVE])[0]
    loop = [one for one in combinations_of(case, chosen, 4) if one is not None]
    tried = plan(profile, DAY, PlanRequest(only=TWELVE)).tried
    jobs = {"plan": lambda: plan(profile, DAY, PlanRequest(only=TWELVE)), "loop": lambda: _loop(loop)}
    taken = alternate(jobs, 3)
    begun = time.process_time()
    plan(profile, DAY, PlanRequest(only=TWELVE))
    processor = time.process_time() - begun
    more = f"{taken['loop'] / taken['plan']:.0f} times one person after another; {processor:.2f} s of processor"
    report(
        f"plan: 12 moves up to 4, {tried} combinations", taken["plan"], "s", "≤ 1", met=taken["plan"] <= 1, more=more
    )
    begun = time.process_time()
    everything = plan(profile, DAY)
    spent = time.process_time() - begun
    each = spent / everything.tried * 1e3
    report(f"plan: every move, {everything.tried} combinations", each, "ms", "≤ 1 each", met=each <= 1)


def _loop(found: list[Combination]) -> int:
    """The one-person path, each combination from its documents."""
    best = 0
    for one in found:
        best = max(best, assess_profile(one.profile.model_copy(), one.ready_on).totals[0])
    return best
