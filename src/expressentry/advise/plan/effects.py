"""Each move alone: what it pays on the day it is done, and what took it where it pays nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from expressentry.advise.moves.case import Case
from expressentry.advise.moves.kinds import Option
from expressentry.assess.person.explain import Line
from expressentry.assess.person.score import AssessedReading, assess_factors, better
from expressentry.factors.check import read_factors
from expressentry.law.rule_set import RuleSet
from expressentry.profile.model import Profile
from expressentry.text import Text


@dataclass(frozen=True, slots=True)
class Cap:
    """A place of the grid whose cap took points: what it would have paid, and what it pays at most."""

    id: str
    title: Text
    most: int
    taken: int


@dataclass(frozen=True, slots=True)
class Alone:
    """One move by itself on the day when it is done.

    `crs` is the lowest score of the readings; `pays` compares it with the same day without the move, or with the first
    day where only time passes; `lines` are the places of the grid that change, and by how much; `caps` those that took
    points; `why` says in words what a move that pays nothing runs into.
    """

    option: Option
    crs: int
    pays: int
    lines: tuple[tuple[Line, int], ...]
    caps: tuple[Cap, ...]
    why: Text | None


def alone(case: Case, options: list[Option]) -> list[Alone]:
    """Measure each move by itself."""
    known: dict[date, AssessedReading] = {}

    def without(day: date) -> AssessedReading:
        if day not in known:
            known[day] = lowest(case, case.profile, day)
        return known[day]

    return [_alone(case, option, without(_compared(case, option))) for option in options]


def _compared(case: Case, option: Option) -> date:
    """The day of comparison: that of the move; the first day where only time passes: a wait, a job that goes on."""
    waits = option.move.kind in ("wait", "birthday")
    goes_on = option.move.kind == "work" and option.apply(case.profile) is case.profile
    return case.start if waits or goes_on else option.ready_on


def lowest(case: Case, profile: Profile, day: date) -> AssessedReading:
    """The assessment of the reading with the lowest score; of several test reports those that pay most."""
    rules = case.law.on(day)
    readings = case.variants.derive(profile, day).readings
    found = []
    for reading in readings:
        facts = [{**reading.facts, **choice.facts} for choice in reading.report_choices] or [dict(reading.facts)]
        found.append(better(_assessed(rules, one) for one in facts))
    return min(found, key=lambda assessment: assessment.total)


def _assessed(rules: RuleSet, facts: Mapping[str, Any]) -> AssessedReading:
    return assess_factors(rules, read_factors(facts, rules.asked(programs=True, categories=True)))


def _alone(case: Case, option: Option, before: AssessedReading) -> Alone:
    after = lowest(case, option.apply(case.profile), option.ready_on)
    pays = after.total - before.total
    caps = taken_by_caps(before, after)
    return Alone(
        option, after.total, pays, changed_lines(before, after), caps, _why(before, after, caps) if not pays else None
    )


def changed_lines(before: AssessedReading, after: AssessedReading) -> tuple[tuple[Line, int], ...]:
    """The places without places below them whose points differ, and by how much."""
    old = {line.id: line.points for line in before.lines}
    parents = {line.parent for line in after.lines}
    leaves = [line for line in after.lines if line.id not in parents and line.id in old]
    return tuple((line, line.points - old[line.id]) for line in leaves if line.points != old[line.id])


def taken_by_caps(before: AssessedReading, after: AssessedReading) -> tuple[Cap, ...]:
    """The places whose cap took more after a change than before it.

    Each place is compared with itself, so that a cap counts only for what this change would have added there.
    """
    old = {line.id: line for line in before.lines}
    found = []
    for line in after.lines:
        if line.uncapped is None or line.id not in old:
            continue
        taken = (line.uncapped - line.points) - _taken(old[line.id])
        if taken > 0:
            found.append(Cap(line.id, line.title, line.maximum, taken))
    return tuple(found)


def _taken(line: Line) -> int:
    return 0 if line.uncapped is None else line.uncapped - line.points


def _why(before: AssessedReading, after: AssessedReading, caps: tuple[Cap, ...]) -> Text:
    """What a move that pays nothing runs into."""
    if caps:
        named = Text(", ", ", ").join(
            Text("{t} (at most {n})", "{t} (au plus {n})").fill(t=cap.title, n=cap.most) for cap in caps
        )
        return Text("capped: {caps}", "plafonné : {caps}").fill(caps=named)
    read = [name for name in after.rules.crs.inputs if before.factors.codes.get(name) != after.factors.codes.get(name)]
    if not read:
        return Text("changes nothing that the grid reads that day", "ne change rien que la grille lise ce jour-là")
    columns = after.rules.crs.columns
    titles = Text(", ", ", ").join(dict.fromkeys(columns[name].title for name in read[:_MOST_NAMED]))
    return Text("the grid pays the same: {what}", "la grille paie autant : {what}").fill(what=titles)


_MOST_NAMED = 4
