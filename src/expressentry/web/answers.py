"""The questions that the API and the assistant's server answer: plain values in, plain data out.

The command line gives the same records; nothing here knows of HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from expressentry.assess.person.readings import assess_facts, assess_profile
from expressentry.errors import FactorsError, Problem, UsageError
from expressentry.law.criteria.categories import CategoryVersion
from expressentry.law.grid.diff import diff
from expressentry.law.languages import ABILITIES
from expressentry.law.law import Law, unknown_id
from expressentry.occupations.card import occupation
from expressentry.occupations.search import search
from expressentry.present.records import listed
from expressentry.present.records.occupation import occupation_record
from expressentry.present.records.person import (
    assessment_record,
    brief_record,
    change_record,
    grid_record,
    law_record,
)
from expressentry.present.records.replay import replayed_record
from expressentry.present.records.rounds import pool_record, record_record, round_record, show_record, standing_record
from expressentry.profile.model import Profile
from expressentry.profile.read import is_profile, read_profile
from expressentry.rounds.position import position
from expressentry.rounds.record import PoolDay, Round
from expressentry.rounds.replay import replay
from expressentry.text import Lang, Text
from expressentry.web.state import State

SCHEMA = "$schema"


def facts_of(document: object) -> dict[str, Any]:
    """One person's facts as they were sent.

    Raises FactorsError for anything but an object.
    """
    if not isinstance(document, Mapping):
        rule = Text("expected one object", "un objet attendu")
        fix = Text("send a person's facts", "envoyer les faits d'une personne")
        raise FactorsError(Problem("not_an_object", "", rule, fix))
    return {name: value for name, value in document.items() if name != SCHEMA}


def person_of(document: object) -> Profile:
    """A person of dated facts.

    Raises FactorsError for facts of one day, which say nothing of another, and for facts that are wrong.
    """
    facts = facts_of(document)
    if not is_profile(facts):
        rule = Text("dated facts, for other days than one", "des faits datés, pour d'autres jours qu'un seul")
        fix = Text("send a profile: it has a table `person`", "envoyer un profil : il a une table `person`")
        raise FactorsError(Problem("not_a_profile", "person", rule, fix))
    return read_profile(facts)


def assess(state: State, facts: Mapping[str, Any], on: date, lang: Lang, *, brief: bool = False) -> dict[str, Any]:
    """Everything about one person on a day: of dated facts, or of factors as they stand that day.

    Raises FactorsError for facts that are wrong.
    """
    rules, told = state.rules(on), brief_record if brief else assessment_record
    if is_profile(facts):
        return told(assess_profile(read_profile(facts), on, state.law), state.record, lang)
    return told(assess_facts(rules, facts), state.record, lang)


def converted(state: State, test: str, taken_on: date, scores: Mapping[str, float | str], lang: Lang) -> dict[str, Any]:
    """The levels of a test report.

    Raises FactorsError for scores that the test does not have.
    """
    numbers = {ability: _decimal(scores[ability]) for ability in ABILITIES}
    return listed.converted_record(state.law.languages.convert(test, taken_on, numbers), lang)


def _decimal(score: float | str) -> Decimal | str:
    """A score as printed, with a point or a comma; what is none is left for the check of all four to refuse."""
    text = str(score).replace(",", ".")
    digits = text.replace(".", "", 1)
    return Decimal(text) if digits.isascii() and digits.isdigit() and len(text) < 10 else str(score)


def occupations(words: str, lang: Lang, limit: int) -> list[dict[str, Any]]:
    """Occupations that a few words may mean, the likeliest first."""
    return [
        {"noc": hit.noc, "title": hit.title.say(lang), "teer": hit.teer, "matched": hit.matched, "score": hit.score}
        for hit in search(words, limit=limit)
    ]


def one_occupation(state: State, code: str, lang: Lang) -> dict[str, Any]:
    """All that is known of one occupation.

    Raises UsageError for a code that does not exist.
    """
    return occupation_record(occupation(code, state.law), lang)


def categories(state: State, on: date, lang: Lang, *, every: bool = False) -> list[dict[str, Any]]:
    """The categories in force on a day, or every version, each with its newest round up to that day."""
    versions = state.law.all_versions if every else state.law.category_versions(on)
    return [{**listed.version_record(one, lang), **listed.round_record(one, state.record, on)} for one in versions]


def category(state: State, key: str, on: date, lang: Lang) -> dict[str, Any]:
    """One category: its versions, its occupations on a day, and what each version changed.

    Raises UsageError for a category that does not exist.
    """
    versions = versions_of(state.law, key)
    now = next((one for one in versions if one.holds(on)), None)
    return {
        "id": key,
        "title": versions[0].category_title.say(lang),
        "versions": [listed.version_record(one, lang) for one in versions],
        "in_force": now.version if now else None,
        **listed.round_record(versions[-1], state.record, on),
        "occupations": listed.occupation_records(now, lang) if now else [],
        "changes": [
            {"to": one.after.version, "added": list(one.added), "removed": list(one.removed)}
            for one in listed.changes(versions)
        ],
    }


def versions_of(law: Law, key: str) -> tuple[CategoryVersion, ...]:
    """The versions of a category.

    Raises UsageError for a category that does not exist.
    """
    known = law.categories
    if key not in known:
        rule = Text("unknown category", "catégorie inconnue")
        fix = Text("one of: {a}", "l'une de : {a}").fill(a=", ".join(known))
        raise UsageError(Problem("unknown_category", "key", rule, fix, key))
    return known[key]


def rounds_between(
    state: State,
    *,
    kind: str | None = None,
    category: str | None = None,
    since: date | None = None,
    until: date | None = None,
    cutoff_min: int | None = None,
    cutoff_max: int | None = None,
) -> list[Round]:
    """Rounds, the newest first; filters join with AND, days and scores included."""
    return [
        one
        for one in reversed(state.record.rounds)
        if kind in (None, one.type)
        and category in (None, one.category)
        and (since or date.min) <= one.date <= (until or date.max)
        and (cutoff_min is None or one.cutoff >= cutoff_min)
        and (cutoff_max is None or one.cutoff <= cutoff_max)
    ]


def one_round(state: State, number: str, lang: Lang) -> dict[str, Any]:
    """One round with the pool before it, its neighbours, its source and the law of its day.

    Raises UsageError for a number that the record does not have.
    """
    one = state.record.round(number)
    told = show_record(state.record, one, lang)
    return {**told, "law": law_record(state.rules(one.date), lang), "record": record_record(state.record)}


def pool(state: State, on: date, lang: Lang, score: int | None = None) -> dict[str, Any]:
    """The newest distribution of the pool on a day, and where a score stands in it.

    Raises UsageError for a day before the first distribution.
    """
    day = pool_day(state, on)
    placed = {} if score is None else {"standing": standing_record(position(score, day))}
    return {**pool_record(day, lang), **placed, "record": record_record(state.record, on)}


def pool_day(state: State, on: date) -> PoolDay:
    """The newest distribution of the pool on a day.

    Raises UsageError for a day before the first one.
    """
    day = state.record.pool_on(on)
    if day is None:
        first = min(one.as_of for one in state.record.pool)
        rule = Text("no distribution before {d}", "aucune répartition avant le {d}").fill(d=first)
        fix = Text("give a later day", "donner un jour ultérieur")
        raise UsageError(Problem("unknown_day", "on", rule, fix, on))
    return day


def replayed(
    state: State,
    person: Profile,
    on: date,
    lang: Lang,
    *,
    submitted: tuple[datetime, ...] = (),
    last: int | None = None,
) -> dict[str, Any]:
    """Which of the rounds up to a day would have invited a person."""
    rounds = [one for one in state.record.rounds if one.date <= on]
    found = replay(person, state.record, submitted=submitted, rounds=rounds[-last:] if last else rounds, law=state.law)
    return {
        "since": found.since.isoformat() if found.since else None,
        "before": found.before,
        "invited": len(found.invited),
        "rounds": [replayed_record(one, lang) for one in reversed(found.rounds)],
        "record": record_record(state.record, on),
    }


def instruments(state: State, lang: Lang) -> list[dict[str, Any]]:
    """Every instrument that numbers are cited to."""
    made = {grid.made_by.id: grid.id for grid in state.law.grids}
    made |= {by: id_ for id_, by in state.law.proposals.items()}
    return [
        {
            "id": one.id,
            "in_force": one.in_force.isoformat() if one.in_force else None,
            "status": one.status,
            "confidence": one.confidence,
            "grid": made.get(one.id),
            "title": one.title.say(lang),
        }
        for one in state.law.instruments.values()
    ]


def one_law(state: State, id_: str, lang: Lang) -> dict[str, Any]:
    """One instrument, or one whole grid with the source of every number.

    Raises UsageError for an id that does not exist.
    """
    if id_ in state.law.instruments:
        return state.law.instruments[id_].record()
    known = {grid.id: grid for grid in state.law.grids}
    if id_ not in known:
        raise unknown_id(id_, [*state.law.instruments, *known])
    return grid_record(known[id_], lang)


def law_changes(state: State, before: str, after: str, lang: Lang) -> list[dict[str, Any]]:
    """What changed between two grids, named by id or by the day on which they began.

    Raises UsageError for a grid that does not exist.
    """
    return [change_record(one, lang) for one in diff(state.law.grid(before), state.law.grid(after))]


def rounds_list(state: State, found: list[Round], lang: Lang) -> list[dict[str, Any]]:
    """Rounds as rows."""
    return [round_record(one, lang) for one in found]


def timeline(state: State, person: Profile, on: date, lang: Lang, *, until: date | None = None) -> dict[str, Any]:
    """Every day on which something changes for a person, with what changes and why.

    Raises UsageError for an end before the beginning, or too long after it.
    """
    from expressentry.advise.timeline.days import DEFAULT_YEARS, snapshot_on
    from expressentry.advise.timeline.days import timeline as timeline_of
    from expressentry.dates import anniversary
    from expressentry.present.records.timeline import event_record

    last = until or anniversary(on, DEFAULT_YEARS)
    events = timeline_of(person, on, last, state.law)
    first = snapshot_on(person, on, state.law)
    return {
        "as_of": on.isoformat(),
        "until": last.isoformat(),
        "law": law_record(first.rules, lang),
        "crs": {"total": first.total, "totals": list(first.totals)},
        "events": [event_record(event, lang) for event in events],
    }


def plan(
    state: State,
    person: Profile,
    on: date,
    lang: Lang,
    *,
    by: date | None = None,
    target: int | None = None,
    series: str | None = None,
) -> dict[str, Any]:
    """Every combination of moves, and what it brings.

    Raises UsageError for a goal that does not exist.
    """
    from expressentry.advise.plan.request import PlanRequest
    from expressentry.advise.plan.search import plan as best
    from expressentry.present.records.plan import plans_record

    request = PlanRequest(by=by, target=target, series=series)
    found = best(person, on, request, record=state.record, law=state.law)
    return plans_record(found, lang)
