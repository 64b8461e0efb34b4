"""The answer: eligible or not, the score line by line, rounds, the pool, and what changes when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.answers.findings import category_records, program_records
from expressentry.answers.rounds import replay
from expressentry.answers.timeline import timeline
from expressentry.assess.person.explain import Line
from expressentry.assess.person.readings import Assessment, assess_profile
from expressentry.assess.person.score import AssessedReading
from expressentry.law.schema import NOT_GIVEN, value_of
from expressentry.present.text.timeline import changes, score, signed
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile
from expressentry.rounds.position import position
from expressentry.rounds.replay import nearest_miss
from expressentry.text import Lang, Text, same
from expressentry.web.pages.candidate.carried import Carried
from expressentry.web.pages.candidate.drawings import rounds_drawing, timeline_drawing
from expressentry.web.pages.candidate.files import reportable
from expressentry.web.pages.candidate.forms import candidate_page, sent
from expressentry.web.pages.candidate.questions import unready
from expressentry.web.pages.candidate.what_if import choices_of, outcome_of, outcome_values
from expressentry.web.pages.law import CONFIDENCE
from expressentry.web.pages.render import lang_of_path
from expressentry.web.request import state_of
from expressentry.web.state import State

router = APIRouter()
_SHOWN_YEARS = 2
_SHOWN_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the score as the page shows it."""

    line: Line
    given: Text
    depth: int


@router.post("/candidate/answer")
async def answer(request: Request) -> Response:
    """The answer to all that was answered; where something is open or wrong, that first."""
    found = await sent(request)
    back = unready(request, found)
    return back or await answered(request, found.carried)


async def answered(request: Request, carried: Carried, extra: dict[str, Any] | None = None) -> Response:
    """The page of the answer."""
    state, lang = state_of(request), lang_of_path(request)
    profile = read_profile(carried.asked(state.law, whole=True).facts, state.law)
    values = await state.work(values_of, state, profile, state.today(), lang)
    told = {"outcome": None, "part": False, "wished": {}, "problems": [], **values, **(extra or {})}
    return candidate_page(request, "answer.html", carried, told)


@router.post("/candidate/what-if")
async def changed(request: Request) -> Response:
    """The answers with some facts changed: the whole page of the answer, or for a script the changed piece alone."""
    found = await sent(request)
    back = unready(request, found)
    if back is not None:
        return back
    state = state_of(request)
    wished = {name[2:]: value for name, value in found.form.items() if name.startswith("w:")}
    profile = read_profile(found.carried.asked(state.law, whole=True).facts, state.law)
    outcome = await state.work(outcome_of, state, profile, wished)
    if found.form.get("part"):
        return candidate_page(request, "outcome.html", found.carried, {**outcome_values(outcome), "part": True})
    return await answered(request, found.carried, {**outcome_values(outcome), "wished": wished})


def values_of(state: State, profile: Profile, on: date, lang: Lang) -> dict[str, Any]:
    """Everything that the page says of a person on a day."""
    whole = assess_profile(profile, on, state.law)
    found, programs = whole.first, whole.programs
    eligible = [found.programs[id_].program.title for id_, one in programs.items() if one is True]
    unknown = [found.programs[id_].program.title for id_, one in programs.items() if one is None]
    columns = found.rules.crs.columns
    return {
        "found": found,
        "whole": whole,
        "totals": whole.totals,
        "score": score(whole.totals),
        "eligible": eligible,
        "unknown": unknown,
        "rules": found.rules,
        "confidence": CONFIDENCE,
        "lines": list(_lines(found)),
        "programs": program_records(whole, lang),
        "categories": category_records(whole, state.record, lang),
        "invitation": found.invitation,
        "doubts": whole.derived.doubts,
        "because": {name: one.text for name, one in whole.derived.because.items() if name in columns.by_name},
        "columns": columns,
        "choices": choices_of(found),
        "reportable": reportable(),
        **_rounds(state, profile, on),
        **_pool(state, whole, on),
        **_ahead(state, profile, whole, on),
    }


def _lines(found: AssessedReading) -> Iterator[Told]:
    """Each line that applies, with what it looked at in words."""
    nodes = {node.id: node for node in found.rules.crs.root.walk()}
    sections = {line.id for line in found.sections}
    for line in found.lines:
        if line.status == "not_applicable" and line.id not in sections:
            continue
        leaf = nodes[line.id].leaf
        given = same("")
        if leaf is not None and line.status != "not_applicable":
            parts = line.given if len(leaf.inputs) > 1 else [line.given]
            names = [an_input.members[found.first_language][0] for an_input in leaf.inputs]
            told = [_value(found, name, part) for name, part in zip(names, parts, strict=True)]
            given = Text("; ", "; ").join(told)
        yield Told(line, given, line.id.count(".") + 1 if line.parent else 0)


def _value(found: AssessedReading, name: str, value: Any) -> Text:
    column = found.rules.crs.columns[name]
    if not isinstance(value, list):
        return value_of(column, value)
    if all(part is None for part in value):
        return NOT_GIVEN
    unit = Text("{u} ", "{u} ").fill(u=column.unit) if column.unit else same("")
    levels = " · ".join("–" if part is None else str(part) for part in value)
    return Text("{u}{v}", "{u}{v}").fill(u=unit, v=levels)


def _rounds(state: State, profile: Profile, on: date) -> dict[str, Any]:
    """The rounds that would have invited, and those of the last years that the person could enter."""
    found = replay(state.context, profile, on)
    since = date(state.record.as_of.year - _SHOWN_YEARS, state.record.as_of.month, 1)
    entered = [one for one in found.rounds if one.entry is not False and one.round.date >= since]
    return {
        "replayed": found,
        "invited": list(reversed(found.invited)),
        "undecided": [one for one in found.rounds if one.answer is None][::-1],
        "nearest": nearest_miss(entered),
        "drawn": rounds_drawing(entered),
        "entered": entered[::-1],
        "shown_rounds": _SHOWN_ROUNDS,
    }


def _pool(state: State, whole: Assessment, on: date) -> dict[str, Any]:
    """Where the score stands in the newest distribution of the pool."""
    day = state.record.pool_on(on)
    places = [position(total, day) for total in dict.fromkeys((whole.totals[0], whole.totals[-1]))] if day else []
    return {"pool_day": day, "places": places}


def _ahead(state: State, profile: Profile, whole: Assessment, on: date) -> dict[str, Any]:
    """The days of the next years on which an answer changes."""
    ahead = timeline(state.context, profile, on)
    events, until = [one for one in ahead.events if one.answers_change], ahead.until
    rows = [
        {
            "day": one.date,
            "score": score(one.after.totals),
            "change": signed(one),
            "causes": one.causes,
            "changes": list(changes(one)),
            "current": one.after.rules.established,
        }
        for one in events
    ]
    return {
        "events": rows,
        "until": until,
        "drawn_ahead": timeline_drawing(whole.first.total, events, on, until),
    }
