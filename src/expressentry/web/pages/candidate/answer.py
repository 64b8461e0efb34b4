"""The answer: eligible or not, the score line by line, rounds, the pool, and what changes when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.answers.facts import given
from expressentry.answers.findings import category_records, program_records, report_choice
from expressentry.answers.first_step import most, step_words
from expressentry.answers.rounds import replay
from expressentry.answers.streams import REACHED, finding_records, in_short, nearest_first, newest_draws, reached
from expressentry.answers.summary import summarize
from expressentry.answers.timeline import timeline
from expressentry.assess.person.explain import Line
from expressentry.assess.person.readings import Assessment, assess_profile
from expressentry.assess.person.score import AssessedReading
from expressentry.assess.person.shortfalls import shortfalls
from expressentry.assess.person.stream_people import assess_streams
from expressentry.dates import anniversary, spelled
from expressentry.present.text.timeline import changes, score, signed
from expressentry.profile.labels import PROVINCES
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile
from expressentry.rounds.eligibility import lists_entered
from expressentry.rounds.position import position
from expressentry.rounds.replay import Replayed, nearest_miss
from expressentry.text import Lang, Text
from expressentry.web.pages.candidate.carried import Carried
from expressentry.web.pages.candidate.drawings import rounds_drawing, timeline_drawing
from expressentry.web.pages.candidate.files import reportable
from expressentry.web.pages.candidate.forms import candidate_page, sent
from expressentry.web.pages.candidate.questions import unready
from expressentry.web.pages.candidate.what_if import choices_of, outcome_of, outcome_values
from expressentry.web.pages.law import CONFIDENCE
from expressentry.web.pages.render import lang_of_path
from expressentry.web.pages.scenarios import Own
from expressentry.web.request import state_of
from expressentry.web.state import State
from expressentry.web.workers.handing import Handed

router = APIRouter(route_class=Handed)
_SHOWN_YEARS = 2
_SHOWN_ROUNDS = 12
_SHOWN_STEPS = 5
PROVINCES_ASKED = "provinces[1]"
"""The question whether a nomination by a province interests a person."""


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
    values = values_of(state, profile, state.today(), lang)
    asked = [step.id for step in carried.asked(state.law, whole=True).steps]
    values["places_asked"] = dict(_asked(_places(values), asked))
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
    outcome = outcome_of(state, profile, wished)
    if found.form.get("part"):
        return candidate_page(request, "outcome.html", found.carried, {**outcome_values(outcome), "part": True})
    return await answered(request, found.carried, {**outcome_values(outcome), "wished": wished})


def values_of(state: State, profile: Profile, on: date, lang: Lang) -> dict[str, Any]:
    """Everything that the page says of a person on a day."""
    whole = assess_profile(profile, on, state.law)
    found, columns = whole.first, whole.rules.crs.columns
    return {
        "found": found,
        "totals": whole.totals,
        "score": score(whole.totals),
        "summary": summarize(whole, state.record),
        "remarks": whole.remarks,
        "report_choice": report_choice(whole),
        "lacking": list(_lacking(whole)),
        "steps": list(_steps(whole)),
        "spelled": spelled,
        "rules": found.rules,
        "confidence": CONFIDENCE,
        "lines": list(_lines(found)),
        "programs": program_records(whole, lang),
        "categories": category_records(whole, state.record, lang),
        **_streams(state, whole, lang),
        "bounded": whole.bounded,
        "doubts": whole.doubts,
        "because": {name: one.text for name, one in whole.derived.because.items() if name in columns.by_name},
        "columns": columns,
        "choices": choices_of(found, profile),
        "reportable": reportable(),
        "for_scenarios": _for_scenarios(whole),
        "permit_end": _permit_end(profile, on),
        **_rounds(state, profile, on),
        **_pool(state, whole, on),
        **_ahead(state, profile, whole, on),
    }


def _for_scenarios(whole: Assessment) -> str:
    """What goes along to the pages of scenarios: the score, and the lists of rounds that the person may enter."""
    if whole.total is None:
        return ""
    nominee = any(reading.factors.values.get("provincial_nomination") for reading in whole.readings)
    lists = lists_entered({**whole.programs, **whole.categories}, nominee=nominee)
    return Own(whole.total, frozenset(lists)).query


def _permit_end(profile: Profile, on: date) -> date | None:
    """The end of the last permit of a person in Canada, where it lies within a year."""
    held = [one for one in profile.person.status or () if one.start <= on]
    if profile.person.lives_in != "CA" or any(one.end is None for one in held):
        return None
    last = max((one.end for one in profile.person.status or () if one.end is not None), default=None)
    return last if last is not None and on <= last < anniversary(on, 1) else None


def _funds_from(profile: Profile, undecided: Sequence[Replayed]) -> date | None:
    """The day of the first statement of funds, where an undecided round was before it."""
    first = min((one.on for one in profile.funds or ()), default=None)
    return first if first is not None and any(one.round.date < first for one in undecided) else None


def _places(values: Mapping[str, Any]) -> Iterator[str]:
    """The places in the profile that the first step, open questions and remarks are about."""
    yield from values["summary"].fields
    for doubt in values["doubts"]:
        yield from doubt.fields
    for remark in values["remarks"]:
        yield remark.field
    yield PROVINCES_ASKED


def _asked(places: Iterable[str], asked: Sequence[str]) -> Iterator[tuple[str, str]]:
    """For each place in the profile the question that asks for it, where the form has one.

    Of the questions about permits those about the days between two come first: they ask what is not known.
    """
    for place in places:
        between = (id_ for id_ in asked if id_.startswith(f"{place}.gap:"))
        question = next(between, None) or next((id_ for id_ in asked if id_.startswith(place)), None)
        if question is not None:
            yield place, question


def _lacking(whole: Assessment) -> Iterator[tuple[Text, list[Text]]]:
    """What each program lacks, the nearest first; nothing for a person who is eligible for one."""
    if True in whole.programs.values():
        return
    lacks = {id_: shortfalls(whole, id_) for id_ in whole.programs}
    for id_ in sorted(lacks, key=lambda id_: sum(one.share for one in lacks[id_])):
        yield whole.first.programs[id_].program.title, [one.say() for one in lacks[id_]]


def _steps(whole: Assessment) -> Iterator[tuple[int, Text, Text]]:
    """What would add most to the score: how much, of what, up to which value."""
    columns = whole.rules.crs.columns
    for step in most(whole)[:_SHOWN_STEPS]:
        yield step.change, *step_words(step, columns)


def _streams(state: State, whole: Assessment, lang: Lang) -> dict[str, Any]:
    """Every nominee stream of the day, the nearest first, and the names of their provinces."""
    columns, draws, on = state.law.streams.columns, state.context.draws, whole.rules.day
    judged, crs = nearest_first(assess_streams(whole)), (whole.totals[0], whole.totals[-1])
    rows = [
        {
            "one": found,
            "short": in_short(one, columns),
            "last": draws.last(one.stream.draws, on),
            "before": [
                (draw, REACHED[reached(draw, one, crs)])
                for draw in newest_draws(draws, one.stream, on)
                if draw.score_min is not None and draw is not draws.last(one.stream.draws, on)
            ],
            "copied": one.stream.cite.instrument.checked,
        }
        for one, found in zip(judged, finding_records(state.context, whole, judged, lang), strict=True)
    ]
    return {"streams": rows, "provinces": PROVINCES}


def _lines(found: AssessedReading) -> Iterator[Told]:
    """Each line that applies, with what it looked at in words."""
    nodes = {node.id: node for node in found.rules.crs.root.walk()}
    sections = {line.id for line in found.sections}
    for line in found.lines:
        if line.status != "not_applicable" or line.id in sections:
            yield Told(
                line, given(line, nodes[line.id], found.first_language), line.id.count(".") + 1 if line.parent else 0
            )


def _rounds(state: State, profile: Profile, on: date) -> dict[str, Any]:
    """The rounds that would have invited, and those of the last years that the person could enter."""
    found = replay(state.context, profile, on)
    since = date(state.record.as_of.year - _SHOWN_YEARS, state.record.as_of.month, 1)
    entered = [one for one in found.rounds if one.entry is not False and one.round.date >= since]
    undecided = [one for one in found.rounds if one.answer is None][::-1]
    return {
        "replayed": found,
        "invited": list(reversed(found.invited)),
        "undecided": undecided,
        "funds_from": _funds_from(profile, undecided),
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
        }
        for one in events
    ]
    return {
        "events": rows,
        "until": until,
        "drawn_ahead": timeline_drawing(whole.first.total, events, on, until),
    }
