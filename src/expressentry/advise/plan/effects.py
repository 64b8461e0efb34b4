"""Each step by itself: what it adds on the day it is done, and what limits it where it adds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from expressentry.advise.moves.case import PlanningCase
from expressentry.advise.moves.kinds import Step
from expressentry.assess.person.explain import Line
from expressentry.assess.person.readings import Assessment
from expressentry.assess.person.score import AssessedReading
from expressentry.law.criteria.programs import PROGRAMS
from expressentry.text import Text


@dataclass(frozen=True, slots=True)
class Cap:
    """A place of the grid whose maximum was reached: what it would have given, and what it gives at most."""

    id: str
    title: Text
    most: int
    taken: int


@dataclass(frozen=True, slots=True)
class Effect:
    """One step by itself on the day when it is done.

    `crs` is the lowest score of the readings; `gain` compares it with the same day without the step, or with the first
    day where only time passes; `lines` are the places of the grid that change, and by how much; `caps` those whose
    maximum was reached; `why` says in words why a step adds nothing. `opens` are the programs for which the person is
    eligible with the step and not without it, `closes` the other way round. `lapses` are the programs of the first day
    where the person is surely eligible for none any more when the step is done, though not because of it.
    """

    step: Step
    crs: int
    gain: int
    lines: tuple[tuple[Line, int], ...]
    caps: tuple[Cap, ...]
    why: Text | None
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    lapses: tuple[str, ...] = ()

    @property
    def idle(self) -> bool:
        """Whether the step by itself changes neither the score nor any program."""
        return not (self.gain or self.lines or self.opens or self.closes)


def effects(case: PlanningCase, steps: list[Step]) -> list[Effect]:
    """Measure each step by itself."""
    known: dict[date, Assessment] = {}

    def without(day: date) -> Assessment:
        if day not in known:
            known[day] = case.assess(case.profile, day)
        return known[day]

    now = without(case.start)
    return [_effect(step, without(_compared(case, step)), now) for step in steps]


def _compared(case: PlanningCase, step: Step) -> date:
    """The day of comparison: that of the step; the first day where only time passes: a wait, a job that goes on."""
    waits = step.move.kind in ("wait", "birthday")
    goes_on = step.move.kind == "work" and step.apply(case.profile) is case.profile
    return case.start if waits or goes_on else step.ready_on


def lowest(found: Assessment) -> AssessedReading:
    """The reading with the lowest score."""
    return min(found.readings, key=lambda reading: reading.total)


def _effect(step: Step, without: Assessment, now: Assessment) -> Effect:
    changed = step.alone()
    before, after = lowest(without), lowest(changed)
    opens, closes = (
        tuple(id_ for id_ in PROGRAMS if one.programs[id_] is True and other.programs[id_] is not True)
        for one, other in ((changed, without), (without, changed))
    )
    gone = not closes and all(answer is False for answer in changed.programs.values())
    lapses = tuple(id_ for id_ in PROGRAMS if gone and now.programs[id_] is True)
    gain = after.total - before.total
    caps = taken_by_caps(before, after)
    why = None if gain else _why(before, after, caps)
    return Effect(step, after.total, gain, changed_lines(before, after), caps, why, opens, closes, lapses)


def changed_lines(before: AssessedReading, after: AssessedReading) -> tuple[tuple[Line, int], ...]:
    """The places without places below them whose points differ, and by how much."""
    old = {line.id: line.points for line in before.lines}
    parents = {line.parent for line in after.lines}
    leaves = [line for line in after.lines if line.id not in parents and line.id in old]
    return tuple((line, line.points - old[line.id]) for line in leaves if line.points != old[line.id])


def taken_by_caps(before: AssessedReading, after: AssessedReading) -> tuple[Cap, ...]:
    """The places whose maximum cut more after a change than before it.

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
    """Why a step adds nothing."""
    if caps:
        named = Text(", ", ", ").join(
            Text("{t} (at most {n})", "{t} (au plus {n})").fill(t=cap.title, n=cap.most) for cap in caps
        )
        return Text("maximum reached: {caps}", "maximum atteint : {caps}").fill(caps=named)
    read = [name for name in after.rules.crs.inputs if before.factors.codes.get(name) != after.factors.codes.get(name)]
    if not read:
        return Text("changes nothing that gives points on that day", "ne change rien qui donne des points ce jour-là")
    columns = after.rules.crs.columns
    titles = Text(", ", ", ").join(dict.fromkeys(columns[name].title for name in read[:_MOST_NAMED]))
    return Text("gives the same points: {what}", "donne les mêmes points : {what}").fill(what=titles)


_MOST_NAMED = 4
