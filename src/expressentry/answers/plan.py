"""The question what a person could do: every combination of steps, and what each adds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from expressentry.answers.basis import law_record
from expressentry.answers.context import Context
from expressentry.answers.why import CRITERION
from expressentry.text import Lang

if TYPE_CHECKING:
    from expressentry.advise.plan.effects import Effect
    from expressentry.advise.plan.request import PlanRequest
    from expressentry.advise.plan.search import Plans
    from expressentry.advise.plan.target import OptionToTarget
    from expressentry.advise.plan.trial import Plan
    from expressentry.answers.records.advice import GoalRecord, PlanRecord, PlansRecord, StepRecord, WayRecord
    from expressentry.profile.model import Profile


def plan(context: Context, person: Profile, on: date, request: PlanRequest) -> Plans:
    """Every combination of steps, and what it brings.

    Raises:
        UsageError: The target or a step does not exist.
    """
    from expressentry.advise.plan.search import plan as best

    return best(person, on, request, record=context.record, law=context.law)


def plans_record(found: Plans, lang: Lang) -> PlansRecord:
    """The whole answer; `crs` is the lowest score of the readings of the day, `crs_high` the highest."""
    trial = found.trial
    return {
        "as_of": found.start.isoformat(),
        "law": law_record(found.last_rules, lang),
        "now": _plan(found.now),
        "size": found.size,
        "combinations": trial.combinations,
        "contradictory": trial.contradictory,
        "dominated": trial.dominated,
        "tried": found.tried,
        "goal": _goal(found),
        "ways": [_way(way, lang) for way in found.options_to_target],
        "front": [{**_plan(one.plan), "equal": [list(p.moves) for p in one.equal]} for one in found.front],
        "alone": [_alone(one, lang) for one in found.effects],
        "not_possible": [{"move": one.move.id, "why": one.reason.say(lang)} for one in found.excluded],
        "doubts": [doubt.missing.say(lang) for doubt in found.doubts],
    }


def _plan(one: Plan) -> PlanRecord:
    return {
        "moves": list(one.moves),
        "crs": one.crs,
        "crs_high": one.crs_high,
        "ready_on": one.ready_on.isoformat(),
        "cost_cad": list(one.cost_cad),
        "eligible": CRITERION[one.eligible],
        "current": one.current,
    }


def _way(way: OptionToTarget, lang: Lang) -> WayRecord:
    why = way.reason.say(lang) if way.reason else None
    return {**_plan(way.plan), "enters": CRITERION[way.enters], "why": why}


def _goal(found: Plans) -> GoalRecord | None:
    target = found.target
    if target is None:
        return None
    reached = found.now.crs >= target.cutoff and any(not way.plan.steps for way in found.options_to_target)
    told: GoalRecord = {"crs": target.cutoff, "round": None, "reached_now": reached}
    if one := target.round:
        told["round"] = {
            "number": one.number,
            "date": one.date.isoformat(),
            "type": one.type,
            "category": one.category,
        }
    return told


def _alone(one: Effect, lang: Lang) -> StepRecord:
    move = one.step.move
    return {
        "move": move.id,
        "title": move.title.say(lang),
        "changes": move.changes.say(lang),
        "ready_on": one.step.ready_on.isoformat(),
        "days": list(move.days),
        "cost_cad": list(move.cost_cad),
        "assumed": move.assumed,
        "sources": [source.address for source in move.sources],
        "crs": one.crs,
        "pays": one.gain,
        "lines": [{"id": line.id, "change": change} for line, change in one.lines],
        "caps": [{"id": cap.id, "title": cap.title.say(lang), "max": cap.most, "taken": cap.taken} for cap in one.caps],
        "why": one.why.say(lang) if one.why else None,
        "warning": move.warning.say(lang) if move.warning else None,
        "combined": not move.alone,
    }
