"""The question what a person could do: every combination of steps, and what each adds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from expressentry.answers.basis import law_record
from expressentry.answers.context import Context
from expressentry.answers.streams import lacks, nearest_first, points_words
from expressentry.answers.why import CRITERION
from expressentry.text import Lang

if TYPE_CHECKING:
    from expressentry.advise.moves.model import Move
    from expressentry.advise.plan.effects import Effect
    from expressentry.advise.plan.entry import Entry, Unmet
    from expressentry.advise.plan.request import PlanRequest
    from expressentry.advise.plan.search import Plans
    from expressentry.advise.plan.target import OptionToTarget
    from expressentry.advise.plan.trial import Plan
    from expressentry.answers.records.advice import (
        EntryRecord,
        GoalRecord,
        LackingRecord,
        NominationRecord,
        PlanRecord,
        PlansRecord,
        StepRecord,
        UnmetRecord,
        WayRecord,
    )
    from expressentry.assess.person.streams import StreamFinding
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
        "now": _plan(found.now, lang),
        "size": found.size,
        "combinations": trial.combinations,
        "contradictory": trial.contradictory,
        "dominated": trial.dominated,
        "left_out": trial.left_out,
        "tried": found.tried,
        "goal": _goal(found),
        "entry": _entry(found.entry, lang) if found.entry else None,
        "ways": [_way(way, lang) for way in found.options_to_target],
        "front": [{**_plan(one.plan, lang), "equal": [list(p.moves) for p in one.equal]} for one in found.front],
        "alone": [_alone(one, lang) for one in found.effects],
        "not_possible": [{"move": one.move.id, "why": one.reason.say(lang)} for one in found.excluded],
        "doubts": [doubt.missing.say(lang) for doubt in found.doubts],
        "nominations": [_nomination(one, found, lang) for one in nearest_first(found.streams)],
    }


def _nomination(one: StreamFinding, found: Plans, lang: Lang) -> NominationRecord:
    columns = found.rules.law.streams.columns
    return {
        "key": one.stream.key,
        "province": one.stream.province,
        "name": one.stream.title.say(lang),
        "status": one.stream.status_on(found.start),
        "finding": CRITERION[one.answer],
        "points": points_words(one, found.rules.law).say(lang) if one.points else None,
        "lacks": [text.say(lang) for text in lacks(one, columns)],
        "checked": one.stream.cite.instrument.checked.isoformat(),
    }


def choices(context: Context, person: Profile, on: date) -> list[Move]:
    """The steps that this person can take or leave, in their own words; those never combined are left out."""
    from expressentry.advise.moves.case import PlanningCase
    from expressentry.advise.moves.kinds import moves_of, possible_steps

    possible, _ = possible_steps(PlanningCase(person, on, context.law), moves_of(person))
    return [step.move for step in possible if not step.move.alone]


def _entry(found: Entry, lang: Lang) -> EntryRecord:
    programs: list[LackingRecord] = [
        {
            "program": one.program.program,
            "title": one.program.title.say(lang),
            "unmet": [_unmet(unmet, lang) for unmet in one.unmet],
        }
        for one in found.lacking
    ]
    return {"sure": found.sure, "programs": programs, "ways": [_plan(plan, lang) for plan in found.ways]}


def _unmet(one: Unmet, lang: Lang) -> UnmetRecord:
    short = one.shortfall
    return {
        "criterion": short.criterion.id,
        "title": short.title.say(lang),
        "text": short.say().say(lang),
        "finding": CRITERION[short.answer],
        "have": list(short.have) if isinstance(short.have, tuple) else short.have,
        "need": list(short.need) if isinstance(short.need, tuple) else short.need,
        "unit": short.unit.say(lang) if short.unit else None,
        "instrument": short.place.instrument.id,
        "place": short.place.place.say(lang),
        "moves": [step.move.id for step in one.steps],
    }


def _plan(one: Plan, lang: Lang) -> PlanRecord:
    return {
        "moves": list(one.moves),
        "crs": one.crs,
        "crs_high": one.crs_high,
        "ready_on": one.ready_on.isoformat(),
        "cost_cad": list(one.cost_cad),
        "eligible": CRITERION[one.eligible],
        "missing": [text.say(lang) for text in one.missing],
        "current": one.current,
    }


def _way(way: OptionToTarget, lang: Lang) -> WayRecord:
    why = way.reason.say(lang) if way.reason else None
    return {**_plan(way.plan, lang), "enters": CRITERION[way.enters], "why": why}


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
        "between": [day.isoformat() for day in one.step.between],
        "days": list(move.days),
        "cost_cad": list(move.cost_cad),
        "assumed": move.assumed,
        "needs": move.needs.say(lang) if move.needs else None,
        "note": move.note.say(lang) if move.note else None,
        "caution": move.caution.say(lang) if move.caution else None,
        "sources": [source.address for source in move.sources],
        "crs": one.crs,
        "pays": one.gain,
        "opens": list(one.opens),
        "closes": list(one.closes),
        "lapses": list(one.lapses),
        "lines": [{"id": line.id, "change": change} for line, change in one.lines],
        "caps": [{"id": cap.id, "title": cap.title.say(lang), "max": cap.most, "taken": cap.taken} for cap in one.caps],
        "why": one.why.say(lang) if one.why else None,
        "warning": move.warning.say(lang) if move.warning else None,
        "combined": not move.alone,
    }
