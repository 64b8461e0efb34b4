"""Every combination of moves, each on the day when it would be done, scored by the frame evaluator in one go.

tried = try_all(case, options, size=4)
tried.plans          every combination that was tried, the empty one first
tried.contradictory  combinations of moves that exclude each other
tried.dominated      combinations that give the very profile and day of a smaller one
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import comb
from typing import Any

from expressentry.advise.moves.case import Case
from expressentry.advise.moves.kinds import LANGUAGE, Option
from expressentry.advise.moves.language import language, nothing_new, who
from expressentry.assess.person.criteria import Answer
from expressentry.assess.person.score import rank
from expressentry.factors.derive import Derived
from expressentry.profile.model import Profile


@dataclass(frozen=True, slots=True)
class Plan:
    """One combination of moves and the person on the day on which the last one is done.

    `crs` is the lowest score of the readings of that day, `crs_high` the highest; `answers` what all readings agree on,
    by program and category, None where it cannot be told; `current` is false where the law of that day is not
    established.
    """

    options: tuple[Option, ...]
    ready_on: date
    crs: int
    crs_high: int
    cost_cad: tuple[int, int]
    answers: dict[str, Answer]
    current: bool

    @property
    def moves(self) -> tuple[str, ...]:
        """The ids of the moves."""
        return tuple(option.move.id for option in self.options)

    @property
    def eligible(self) -> Answer:
        """Whether the person is eligible for a program."""
        found = [self.answers[program] for program in PROGRAMS]
        return True if True in found else None if None in found else False


PROGRAMS = ("fsw", "cec", "fst", "pnp")


@dataclass(frozen=True, slots=True)
class Tried:
    """What was tried; `combinations` is how many there are of the moves, up to the size asked for."""

    plans: tuple[Plan, ...]
    combinations: int
    contradictory: int
    dominated: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A combination before it is scored."""

    options: tuple[Option, ...]
    profile: Profile
    ready_on: date


def try_all(case: Case, options: Sequence[Option], size: int) -> Tried:
    """Try every combination of up to so many moves; those that exclude each other cannot be, and are counted."""
    found = list(drafts(case, options, size))
    kept = [draft for draft in found if draft is not None]
    total = sum(comb(len(options), n) for n in range(1, size + 1))
    free = len(found) - 1
    return Tried(tuple(scored(case, kept)), total, total - free, len(found) - len(kept))


def drafts(case: Case, options: Sequence[Option], size: int) -> Iterator[Draft | None]:
    """Each combination without a contradiction, the empty one first; None for one that is dominated.

    A combination that holds a dominated one is dominated too, so that it need not be applied.
    """
    barred = {(a, b) for a, one in enumerate(options) for b, other in enumerate(options) if one.move.bars(other.move)}

    def extend(draft: Draft | None, taken: tuple[int, ...]) -> Iterator[Draft | None]:
        if len(taken) == size:
            return
        for at in range(taken[-1] + 1 if taken else 0, len(options)):
            if any((before, at) in barred for before in taken):
                continue
            chosen = (*(options[n] for n in taken), options[at])
            more = None if draft is None or dominated(case, chosen) else _extended(draft, options[at])
            yield more
            yield from extend(more, (*taken, at))

    whole = Draft((), case.profile, case.start)
    yield whole
    yield from extend(whole, ())


def _extended(draft: Draft, option: Option) -> Draft:
    return Draft((*draft.options, option), option.apply(draft.profile), max(draft.ready_on, option.ready_on))


def dominated(case: Case, chosen: Sequence[Option]) -> bool:
    """Whether the combination gives the very profile and day of itself without one of its moves.

    Two cases are sure before anything is computed: a wait that is over before another move is done; and a move about a
    language that adds no level to those of the others about the same language, and is done no later than they are.
    """
    for at, option in enumerate(chosen):
        others = [*chosen[:at], *chosen[at + 1 :]]
        if option.move.kind == "wait" and any(option.ready_on <= other.ready_on for other in others):
            return True
        if option.move.kind in LANGUAGE:
            about = (who(option.move), language(case, option.move))
            alike = [o for o in others if o.move.kind in LANGUAGE and (who(o.move), language(case, o.move)) == about]
            later = any(option.ready_on <= other.ready_on for other in alike)
            if later and nothing_new(case, option.move, [other.move for other in alike]):
                return True
    return False


def scored(case: Case, found: Sequence[Draft]) -> list[Plan]:
    """Score drafts; days under the same law go into one frame."""
    derived = [case.variants.derive(draft.profile, draft.ready_on) for draft in found]
    groups: dict[tuple[int, ...], list[int]] = {}
    laws = {day: case.law.on(day) for day in {draft.ready_on for draft in found}}
    for at, draft in enumerate(found):
        rules = laws[draft.ready_on]
        groups.setdefault((id(rules.crs), id(rules.selection), id(rules.asked(programs=True))), []).append(at)
    plans: dict[int, Plan] = {}
    for members in groups.values():
        day = found[members[0]].ready_on
        rows = _evaluated(case, day, [derived[at] for at in members])
        for at, readings in zip(members, rows, strict=True):
            plans[at] = _plan(found[at], readings, current=laws[found[at].ready_on].established)
    return [plans[at] for at in range(len(found))]


Row = dict[str, Any]


def _evaluated(case: Case, day: date, derived: Sequence[Derived]) -> Iterator[list[Row]]:
    """For each person the row of each reading; of several test reports those that pay most where eligible."""
    import polars as pl

    from expressentry.assess.frame.table import score_frame

    rules = case.law.on(day)
    asked = rules.asked(programs=True, categories=True)
    texts: dict[int, str] = {}
    choices = [[_choices(reading) for reading in one.readings] for one in derived]
    flat = [facts for one in choices for reading in one for facts in reading]
    columns: dict[str, list[Any]] = {name: [facts.get(name) for facts in flat] for name in asked.inputs}
    kinds = {"integer": pl.Int16, "boolean": pl.Boolean, "amount": pl.Int64}
    for name, column in asked.inputs.items():
        if column.kind == "months":
            columns[name] = [texts.setdefault(id(value), _months(value)) for value in columns[name]]
    schema = {name: kinds.get(column.kind, pl.String) for name, column in asked.inputs.items()}
    frame = pl.DataFrame(columns, schema=schema)
    result = score_frame(frame, day, law=case.law, programs=True, categories=True)
    categories = {f"category_{law.category}": law.category for law in rules.selection.categories}
    rows = result.select("crs", *PROGRAMS, *categories).rename(categories).iter_rows(named=True)
    for one in choices:
        yield [max((next(rows) for _ in reading), key=_rank) for reading in one]


def _months(entries: list[dict[str, Any]]) -> str:
    """A list of months as text, the form that a frame reads quickest from Python."""
    return " ".join(f"{one['noc']}:{one['months']}:{one['run']}:{one['canada_months']}" for one in entries) or "none"


def _choices(reading: Any) -> list[Row]:
    if not reading.report_choices:
        return [reading.facts]
    return [{**reading.facts, **choice.facts} for choice in reading.report_choices]


def _rank(row: Row) -> tuple[bool, int]:
    return rank((row[program] for program in PROGRAMS), row["crs"])


def _plan(draft: Draft, readings: list[Row], *, current: bool) -> Plan:
    first, *others = readings
    joint = {
        name: answer if all(other[name] is answer for other in others) else None
        for name, answer in first.items()
        if name != "crs"
    }
    scores = [row["crs"] for row in readings]
    return Plan(draft.options, draft.ready_on, min(scores), max(scores), cost(draft.options), joint, current)


def cost(options: Sequence[Option]) -> tuple[int, int]:
    """What moves cost together: those of one sitting are paid once, at the price of the dearest."""
    paid: dict[str, tuple[int, int]] = {}
    for option in options:
        key = option.move.sitting or option.move.id
        known = paid.get(key, (0, 0))
        low, high = option.move.cost_cad
        paid[key] = (max(known[0], low), max(known[1], high))
    return sum(low for low, _ in paid.values()), sum(high for _, high in paid.values())
