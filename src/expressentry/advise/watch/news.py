"""What is new for a person since the last time: rounds, law, days that passed or come near, scores that changed.

watch(name, key, profile, digest, on, record, law, seen)     the news, and what to remember for next time
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from expressentry.advise.timeline.days import TimelineEvent, snapshot_on, timeline
from expressentry.advise.timeline.snapshot import DaySnapshot
from expressentry.advise.watch.state import Seen
from expressentry.assess.person.criteria import Answer
from expressentry.errors import Problem, UsageError
from expressentry.law.law import Law
from expressentry.rounds.record import Record, Round
from expressentry.rounds.replay import Replayed, replay
from expressentry.shown import between
from expressentry.text import FLAG_WORDS, Text, same, thousands

if TYPE_CHECKING:
    from expressentry.profile.model import Profile

KINDS = ("round", "invited", "threshold", "law", "page", "profile", "score", "program", "category", "event", "ahead")
AHEAD_DAYS = 60
"""How far ahead days are announced, unless asked otherwise."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that is new: its kind, its day, whom it is about (None: everyone), and its text.

    `id` is the same whenever the same thing is reported. `matters` says whether it can change what a person does: a
    round that somebody watched could enter, a day that moves an answer or on which a document ends.
    """

    id: str
    kind: str
    day: date
    person: str | None
    text: Text
    matters: bool = True


@dataclass(frozen=True, slots=True)
class WatchedPerson:
    """A person who is watched: a name for the news, the key and digest of the file, and the facts."""

    name: str
    key: str
    digest: str
    profile: Profile


@dataclass(frozen=True, slots=True)
class WatchResult:
    """What is new for a person, what comes in the days ahead, and what to remember; `began` where nothing was known."""

    news: tuple[News, ...]
    ahead: tuple[News, ...]
    seen: Seen
    began: bool


def watch(
    person: WatchedPerson, on: date, record: Record, law: Law, seen: Seen | None, *, ahead_days: int = AHEAD_DAYS
) -> WatchResult:
    """Find what is new for a person on a day since they were last seen.

    Raises:
        UsageError: The day is before that.
    """
    if seen is not None and on < seen.as_of:
        rule = Text("not before the last run, {d}", "pas avant la dernière exécution, le {d}").fill(d=seen.as_of)
        fix = Text("give a later day, or another state file", "donner un jour ultérieur, ou un autre fichier d'état")
        raise UsageError(Problem("before_state", "on", rule, fix, on))
    now, until = snapshot_on(person.profile, on, law), on + timedelta(days=ahead_days)
    since = on if seen is None else seen.as_of
    events = timeline(person.profile, since, until, law)
    ahead = tuple(_events(person, (event for event in events if event.date > on), "ahead"))
    if seen is None:
        return WatchResult((), ahead, _seen(person, now, on, until, record), began=True)
    news = [
        *_rounds(person, record, law, seen, on),
        *_law(now, seen),
        *_answers(person, now, seen),
        *_events(person, (event for event in events if event.date <= on), "event"),
        *_events(person, (event for event in events if max(on, seen.announced_until) < event.date), "ahead"),
    ]
    announced_until = max(until, seen.announced_until)
    return WatchResult(tuple(news), ahead, _seen(person, now, on, announced_until, record), began=False)


def _seen(person: WatchedPerson, now: DaySnapshot, on: date, announced_until: date, record: Record) -> Seen:
    rules, newest = now.rules, _newest(record, on)
    return Seen(
        as_of=on,
        announced_until=announced_until,
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


def _rounds(person: WatchedPerson, record: Record, law: Law, seen: Seen, on: date) -> Iterator[News]:
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
        text = wording.fill(n=one.number, k=one.label, i=thousands(one.invitations), c=one.cutoff)
        mine, earlier = by_number.get(one.number), record.neighbours(one)[0]
        enters = mine is not None and mine.entry is not False
        yield News(f"round|{one.number}", "round", one.date, None, text, enters)
        if mine is not None and enters:
            yield from _mine(person, mine, by_number.get(earlier.number) if earlier else None)


def _mine(person: WatchedPerson, mine: Replayed, earlier: Replayed | None) -> Iterator[News]:
    """What a new round means for a person: would it have invited, and did the cut-off pass the score."""
    one, day = mine.round, mine.round.date
    if mine.answer is not False:
        would = Text("round {n} would have invited this profile: {w}", "la ronde {n} aurait invité ce profil : {w}")
        might = Text(
            "round {n} might have invited this profile: {w}", "la ronde {n} aurait peut-être invité ce profil : {w}"
        )
        text = (would if mine.answer else might).fill(n=one.number, w=mine.reason)
        yield News(f"{person.key}|invited|{one.number}", "invited", day, person.name, text)
    if earlier is None or not earlier.margins or not mine.margins:
        return
    was, is_ = earlier.margins[0] >= 0, mine.margins[0] >= 0
    if was is not is_:
        down = Text(
            "{k}: the cut-off fell from {a} to {b}; with {s} points, this profile now reaches it",
            "{k} : la note minimale est passée de {a} à {b}; avec {s} points, ce profil l'atteint maintenant",
        )
        up = Text(
            "{k}: the cut-off rose from {a} to {b}, above the {s} points of this profile",
            "{k} : la note minimale est passée de {a} à {b}, au-dessus des {s} points de ce profil",
        )
        text = (down if is_ else up).fill(k=one.label, a=earlier.round.cutoff, b=one.cutoff, s=mine.scores[0])
        yield News(f"{person.key}|threshold|{one.number}", "threshold", day, person.name, text)


def _law(now: DaySnapshot, seen: Seen) -> Iterator[News]:
    """What is in force now and was not then."""
    rules = now.rules
    if rules.id != seen.rule_set:
        text = Text(
            "the score now uses new rules: {g}", "la note repose maintenant sur de nouvelles règles : {g}"
        ).fill(g=rules.label)
        yield News(f"law|{rules.id}", "law", rules.day, None, text)
    elif rules.digest != seen.law:
        text = Text(
            "programs, categories, rules or lists have changed since the last time",
            "les programmes, catégories, règles ou listes ont changé depuis la dernière fois",
        )
        yield News(f"law|{rules.digest}", "law", rules.day, None, text)
    if rules.established != seen.established:
        words = [warning.message for warning in rules.warnings]
        text = (
            Text("; ", "; ").join(words)
            if words
            else Text("all rules of this day are known", "toutes les règles de ce jour sont connues")
        )
        yield News(f"law|{rules.id}|{rules.established}", "law", rules.day, None, text)


def _answers(person: WatchedPerson, now: DaySnapshot, seen: Seen) -> Iterator[News]:
    """The person's own file, score, programs and categories."""
    day, key = now.rules.day, person.key
    if person.digest != seen.digest:
        text = Text("the file has changed", "le fichier a changé")
        yield News(f"{key}|profile|{person.digest[:16]}", "profile", day, person.name, text)
    if now.totals != seen.totals:
        text = Text("score {a} → {b}", "note {a} → {b}").fill(a=_score(seen.totals), b=_score(now.totals))
        yield News(f"{key}|score|{day}|{now.totals}", "score", day, person.name, text)
    titles = {program.program: program.title for program in now.rules.selection.programs}
    names: Mapping[str, Mapping[str, Text]] = {"program": titles, "category": now.rules.law.round_names.categories}
    sides = {"program": (seen.programs, now.programs), "category": (seen.categories, now.categories)}
    for kind, (before, after) in sides.items():
        for id_ in {**before, **after}:
            old, new = before.get(id_, False), after.get(id_, False)
            if old is not new:
                wording = Text("{t}: {a} → {b}", "{t} : {a} → {b}")
                text = wording.fill(t=names[kind].get(id_, same(id_)), a=_WORDS[old], b=_WORDS[new])
                yield News(f"{key}|{kind}|{id_}|{day}|{new}", kind, day, person.name, text)


_WORDS: Mapping[Answer, Text] = {
    True: FLAG_WORDS[True],
    False: FLAG_WORDS[False],
    None: Text("undetermined", "indéterminé"),
}


def _events(person: WatchedPerson, events: Iterable[TimelineEvent], kind: str) -> Iterator[News]:
    """Days of the timeline: what the law does is for everyone, once; the rest is the person's, with the score.

    A count that moves no answer is no news.
    """
    for event in events:
        law = [cause.text for cause in event.causes if cause.kind == "law"]
        own = [
            cause.text
            for cause in event.causes
            if cause.kind != "law" and (event.answers_change or cause.kind != "fact")
        ]
        if law:
            yield News(f"law|{kind}|{event.date}", kind, event.date, None, _SEMICOLON.join(law))
        if own or event.answers_change:
            text = _SEMICOLON.join(own) if own else Text("your answer changes", "votre réponse change")
            if event.before.totals != event.after.totals:
                wording = Text("{t} (score {a} → {b})", "{t} (note {a} → {b})")
                text = wording.fill(t=text, a=_score(event.before.totals), b=_score(event.after.totals))
            matters = event.answers_change or any(cause.kind not in _QUIET for cause in event.causes)
            yield News(f"{person.key}|{kind}|{event.date}", kind, event.date, person.name, text, matters)


_QUIET = ("age", "fact", "law")
"""Causes that are worth a message only where they move an answer."""
_SEMICOLON = Text("; ", "; ")


def _score(totals: tuple[int, ...]) -> Text:
    return same(between(min(totals), max(totals)))
