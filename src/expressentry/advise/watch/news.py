"""What is new for a person since last time: rounds, law, days that passed or come near, scores that moved.

watch(name, key, profile, digest, on, record, law, seen)     the news, and what to remember for next time
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from expressentry.advise.timeline.days import Event, snapshot_on, timeline
from expressentry.advise.timeline.snapshot import Snapshot
from expressentry.advise.watch.state import Seen
from expressentry.assess.person.criteria import Answer
from expressentry.errors import Problem, UsageError
from expressentry.law.law import Law
from expressentry.rounds.record import Record, Round
from expressentry.rounds.replay import Replayed, replay
from expressentry.text import Text, same

if TYPE_CHECKING:
    from expressentry.profile.model import Profile

KINDS = ("round", "invited", "threshold", "law", "profile", "score", "program", "category", "event", "ahead")
AHEAD_DAYS = 60
"""How far ahead a day is told of, unless asked otherwise."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that is new: its kind, its day, whom it is about (None: everyone), and what it says.

    `id` is the same whenever the same thing is told.
    """

    id: str
    kind: str
    day: date
    person: str | None
    text: Text


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who is watched: a name for the news, the key and digest of the file, and the facts."""

    name: str
    key: str
    digest: str
    profile: Profile


@dataclass(frozen=True, slots=True)
class Watched:
    """What is new for a person, what comes in the days ahead, and what to remember; `began` where nothing was known."""

    news: tuple[News, ...]
    ahead: tuple[News, ...]
    seen: Seen
    began: bool


def watch(
    person: Person, on: date, record: Record, law: Law, seen: Seen | None, *, ahead_days: int = AHEAD_DAYS
) -> Watched:
    """Say what is new for a person on a day since they were last seen.

    Raises UsageError for a day before that.
    """
    if seen is not None and on < seen.as_of:
        rule = Text("not before the last run, {d}", "pas avant la dernière fois, le {d}").fill(d=seen.as_of)
        fix = Text("give a later day, or another state", "donner un jour ultérieur, ou un autre état")
        raise UsageError(Problem("before_state", "on", rule, fix, on))
    now, until = snapshot_on(person.profile, on, law), on + timedelta(days=ahead_days)
    since = on if seen is None else seen.as_of
    events = timeline(person.profile, since, until, law)
    ahead = tuple(_event(person, event, "ahead") for event in events if event.date > on)
    if seen is None:
        return Watched((), ahead, _seen(person, now, on, until, record), began=True)
    news = [
        *_rounds(person, record, law, seen, on),
        *_law(now, seen),
        *_answers(person, now, seen),
        *(_event(person, event, "event") for event in events if event.date <= on),
        *(_event(person, event, "ahead") for event in events if max(on, seen.told_to) < event.date),
    ]
    told_to = max(until, seen.told_to)
    return Watched(tuple(news), ahead, _seen(person, now, on, told_to, record), began=False)


def _seen(person: Person, now: Snapshot, on: date, told_to: date, record: Record) -> Seen:
    rules, newest = now.rules, _newest(record, on)
    return Seen(
        as_of=on,
        told_to=told_to,
        digest=person.digest,
        rule_set=rules.id,
        law=rules.digest,
        established=rules.established,
        newest_round=newest.number if newest else None,
        totals=now.totals,
        programs=dict(now.programs),
        categories=dict(now.categories),
    )


def _newest(record: Record, on: date) -> Round | None:
    return next((one for one in reversed(record.rounds) if one.date <= on), None)


def _rounds(person: Person, record: Record, law: Law, seen: Seen, on: date) -> Iterator[News]:
    """Every round since the one last known; of those the person could enter, what became of it."""
    known = [one.number for one in record.rounds]
    after = known.index(seen.newest_round) + 1 if seen.newest_round in known else 0
    new = [one for one in record.rounds[after:] if one.date <= on and (after or one.date > seen.as_of)]
    before = [earlier for one in new if (earlier := record.neighbours(one)[0]) is not None]
    found = replay(person.profile, record, rounds={one.number: one for one in [*before, *new]}.values(), law=law)
    by_number = {one.round.number: one for one in found.rounds}
    for one in new:
        wording = Text(
            "round {n}, {k}: {i} invited, cut-off {c}", "ronde {n}, {k} : {i} invitations, note minimale {c}"
        )
        told = wording.fill(n=one.number, k=one.label, i=_thousands(one.invitations), c=one.cutoff)
        yield News(f"round|{one.number}", "round", one.date, None, told)
        mine, earlier = by_number.get(one.number), record.neighbours(one)[0]
        if mine is not None and mine.entry is not False:
            yield from _mine(person, mine, by_number.get(earlier.number) if earlier else None)


def _thousands(number: int) -> Text:
    return Text(f"{number:,}", f"{number:,}".replace(",", " "))


def _mine(person: Person, mine: Replayed, earlier: Replayed | None) -> Iterator[News]:
    """What a new round says of a person: would it have invited, and did the cut-off pass the score."""
    one, day = mine.round, mine.round.date
    if mine.answer is not False:
        would = Text("round {n} would have invited this profile: {w}", "la ronde {n} aurait invité ce profil : {w}")
        open_ = Text("whether round {n} would have invited: {w}", "si la ronde {n} aurait invité : {w}")
        told = (would if mine.answer else open_).fill(n=one.number, w=mine.reason)
        yield News(f"{person.key}|invited|{one.number}", "invited", day, person.name, told)
    if earlier is None or not earlier.margins or not mine.margins:
        return
    was, is_ = earlier.margins[0] >= 0, mine.margins[0] >= 0
    if was is not is_:
        down = Text(
            "{k}: the cut-off fell to the score, {a} to {b} with {s} points",
            "{k} : la note minimale est descendue jusqu'au score, de {a} à {b} pour {s} points",
        )
        up = Text(
            "{k}: the cut-off rose above the score, {a} to {b} with {s} points",
            "{k} : la note minimale dépasse le score, de {a} à {b} pour {s} points",
        )
        told = (down if is_ else up).fill(k=one.label, a=earlier.round.cutoff, b=one.cutoff, s=mine.scores[0])
        yield News(f"{person.key}|threshold|{one.number}", "threshold", day, person.name, told)


def _law(now: Snapshot, seen: Seen) -> Iterator[News]:
    """What holds now that did not hold then."""
    rules = now.rules
    if rules.id != seen.rule_set:
        told = Text("the score rests on the {g}", "le score repose sur la {g}").fill(g=rules.label)
        yield News(f"law|{rules.id}", "law", rules.day, None, told)
    elif rules.digest != seen.law:
        told = Text(
            "programs, categories or lists of the day are other than last time",
            "programmes, catégories ou listes du jour ne sont plus ceux de la dernière fois",
        )
        yield News(f"law|{rules.digest}", "law", rules.day, None, told)
    if rules.established != seen.established:
        words = [warning.message for warning in rules.warnings]
        told = Text("; ", "; ").join(words) if words else Text("the law is established", "le droit est établi")
        yield News(f"law|{rules.id}|{rules.established}", "law", rules.day, None, told)


def _answers(person: Person, now: Snapshot, seen: Seen) -> Iterator[News]:
    """The person's own file, score, programs and categories."""
    day, key = now.rules.day, person.key
    if person.digest != seen.digest:
        told = Text("the file has changed", "le fichier a changé")
        yield News(f"{key}|profile|{person.digest[:16]}", "profile", day, person.name, told)
    if now.totals != seen.totals:
        told = Text("score {a} → {b}", "note {a} → {b}").fill(a=_score(seen.totals), b=_score(now.totals))
        yield News(f"{key}|score|{day}|{now.totals}", "score", day, person.name, told)
    titles = {program.program: program.title for program in now.rules.selection.programs}
    names: Mapping[str, Mapping[str, Text]] = {"program": titles, "category": now.rules.law.round_names.categories}
    sides = {"program": (seen.programs, now.programs), "category": (seen.categories, now.categories)}
    for kind, (before, after) in sides.items():
        for id_ in {**before, **after}:
            old, new = before.get(id_, False), after.get(id_, False)
            if old is not new:
                wording = Text("{t}: {a} → {b}", "{t} : {a} → {b}")
                told = wording.fill(t=names[kind].get(id_, same(id_)), a=_WORDS[old], b=_WORDS[new])
                yield News(f"{key}|{kind}|{id_}|{day}|{new}", kind, day, person.name, told)


_WORDS: Mapping[Answer, Text] = {
    True: Text("yes", "oui"),
    False: Text("no", "non"),
    None: Text("cannot tell", "indéterminé"),
}


def _event(person: Person, event: Event, kind: str) -> News:
    """A day of the timeline with its causes, and the score where it moves."""
    told = Text("; ", "; ").join(cause.text for cause in event.causes)
    if event.before.totals != event.after.totals:
        wording = Text("{t} (score {a} → {b})", "{t} (note {a} → {b})")
        told = wording.fill(t=told, a=_score(event.before.totals), b=_score(event.after.totals))
    return News(f"{person.key}|{kind}|{event.date}", kind, event.date, person.name, told)


def _score(totals: tuple[int, ...]) -> Text:
    low, high = min(totals), max(totals)
    return same(low) if low == high else same(f"{low}–{high}")
