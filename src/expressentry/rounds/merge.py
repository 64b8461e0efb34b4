"""Merging a feed into the record: what is new, changed or contradictory, and which value is used.

The publication seen later is used, and the value that it replaces is kept with the row. A feed older than the record
changes nothing; where it differs, that is reported. Where the record deliberately departs from the department's file
(its `corrected` values), the record is kept and a value never seen before is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from expressentry.rounds.feed import Feed
from expressentry.rounds.record import Earlier, PoolDay, Record, RecordSource, Round, number_order
from expressentry.text import Text

WHY = {
    "renamed": Text("the department gave it another name", "le ministère lui a donné un autre nom"),
    "corrected": Text("published later", "publié plus tard"),
    "filled": Text("the record had nothing", "l'historique n'avait rien"),
    "older": Text("published earlier than the record", "publié avant l'historique"),
    "contradictory": Text("contradicts the record", "contredit l'historique"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs between the feed and the record: which of the two is used, and why."""

    subject: str
    field: str
    record: str | None
    feed: str | None
    used: str
    why: str


@dataclass
class Update:
    """What a feed brought: the record with it, what is new, what differs, and what only the record has.

    `missing` are rounds that the feed does not have, `dropped` distributions that it has no longer; both are kept.
    `confirmed` were known from copies and are now read from the department itself; `touched` are rounds whose row, or
    whose distribution, changed.
    """

    record: Record
    source: RecordSource
    new: list[Round] = field(default_factory=list)
    new_pool: list[PoolDay] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    remarks: list[Text] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)

    @property
    def news(self) -> bool:
        """Whether it changed the record, beyond the day on which it was checked."""
        return bool(self.touched)


def merge(record: Record, feed: Feed, source: RecordSource) -> Update:
    """Merge a feed into the record."""
    update = Update(record, source)
    rounds = dict(record.by_number)
    for number, fed in feed.rounds.items():
        known = rounds.get(number)
        if known is None:
            rounds[number] = fed
            update.new.append(fed)
            update.touched.add(number)
        else:
            rounds[number] = _one(known, fed, feed, update)
    newest = feed.newest
    update.missing = [one.number for one in record.rounds if one.number not in feed.rounds and one.date <= newest]
    if update.missing:
        wording = Text("not in the feed: rounds {a}; kept", "absentes du fichier : rondes {a}; conservées")
        update.remarks.append(wording.fill(a=_ranges(update.missing, [one.number for one in record.rounds])))
    pool = _pool(record, feed, update)
    if update.confirmed:
        wording = Text("now from the department itself: {a}", "désormais du ministère lui-même : {a}")
        update.remarks.append(wording.fill(a=", ".join(update.confirmed)))
    # What the record itself says of its rows is not reported again at every update.
    reported = {one.number for one in record.rounds if one.doubt} | {str(day.as_of) for day in record.pool if day.doubt}
    update.remarks += [r.text for r in feed.remarks if r.subject not in reported or r.subject in update.touched]
    update.record = replace(
        record,
        rounds=tuple(sorted(rounds.values(), key=lambda one: number_order(one.number))),
        pool=pool,
        as_of=max(record.as_of, source.seen),
        sources={**record.sources, source.id: source} if update.news else record.sources,
    )
    return update


def _ranges(numbers: list[str], among: list[str]) -> str:
    """Numbers as ranges: 1-429, 435.

    >>> _ranges(["1", "2", "4"], ["1", "2", "3", "4"])
    '1-2, 4'
    """
    runs: list[list[str]] = []
    wanted = set(numbers)
    for before, number in zip([None, *among], among, strict=False):
        if number in wanted:
            runs[-1].append(number) if before in wanted else runs.append([number])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _one(known: Round, fed: Round, feed: Feed, update: Update) -> Round:
    """A round that both have: field by field, the value seen later."""
    later = fed.checked >= known.checked
    merged = replace(known, checked=max(known.checked, fed.checked))
    worded = _wording(known, fed, feed, update)
    if worded:
        merged = replace(merged, name=fed.name, programs=fed.programs or known.programs)
        update.touched.add(known.number)
    elif later and _weaker(update.record.sources.get(known.source), update.source):
        # Known from copies until now: with the department's own word the doubt about the copy is gone.
        merged = replace(merged, source=update.source.id, doubt=fed.doubt)
        update.confirmed.append(known.number)
        update.touched.add(known.number)
    for name in ("date", "at", "kind", "name", "programs", "invitations", "cutoff", "tie_break"):
        before, after = shown(_value(merged, name)), shown(_value(fed, name))
        if after is None or before == after or (name in ("name", "programs") and feed.lang == "fr"):
            continue
        found = Difference(known.number, name, before, after, *_rule(known, name, after, later))
        merged = _settle(merged, fed, found, known.source, update)
    return merged


def _wording(known: Round, fed: Round, feed: Feed, update: Update) -> bool:
    """Whether the row has the department's French words and the feed brings the English ones for the same kind."""
    source = update.record.sources.get(known.source)
    return (
        source is not None
        and (source.lang, feed.lang) == ("fr", "en")
        and known.name != fed.name
        and _value(known, "kind") == _value(fed, "kind")
    )


def _weaker(known: RecordSource | None, new: RecordSource) -> bool:
    """Whether a row from copies is now read from the department itself."""
    return new.confidence == "primary" and known is not None and known.confidence != "primary"


def _value(one: Round, name: str) -> Any:
    return " ".join(filter(None, (one.type, one.category, one.version))) if name == "kind" else getattr(one, name)


def shown(value: object) -> str | None:
    """A value as it is reported and stored."""
    if value is None:
        return None
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, date | datetime) else str(value)


def _rule(known: Round, name: str, after: str, later: bool) -> tuple[str, str]:
    """Which value is used, and why."""
    if name in known.corrected:
        return "record", "as_published" if known.corrected[name] == after else "contradictory"
    if _value(known, name) is None:
        return "feed", "filled"
    if not later:
        return "record", "older"
    return "feed", "renamed" if name == "name" else "corrected"


def _settle(one: Round, fed: Round, found: Difference, source: str, update: Update) -> Round:
    """Note a difference, and take its value or keep it beside the row; `source` is where the row came from."""
    if found.why == "as_published":
        return one
    update.differences.append(found)
    if found.used == "record":
        if found.field == "name" and one.first_name is None:
            one, kept = replace(one, first_name=found.feed), True
        else:
            known = {(past.field, past.value) for past in one.earlier} | {("name", one.first_name)}
            kept = (found.field, found.feed) not in known
            if kept:
                one = replace(one, earlier=(*one.earlier, Earlier(found.field, str(found.feed), update.source.id)))
        update.touched |= {found.subject} if kept else set()
        return one
    update.touched.add(found.subject)
    if found.field == "kind":
        changes: dict[str, Any] = {"type": fed.type, "category": fed.category, "version": fed.version}
    else:
        changes = {found.field: getattr(fed, found.field)}
    if found.field == "name" and one.first_name is None:
        changes["first_name"] = one.name
    if found.record is not None:
        changes["earlier"] = (*one.earlier, Earlier(found.field, found.record, source))
    if fed.doubt and fed.doubt != one.doubt:
        changes["doubt"] = fed.doubt
    return replace(one, **changes, source=update.source.id)


def _pool(record: Record, feed: Feed, update: Update) -> tuple[PoolDay, ...]:
    """The distributions of both, those seen later first."""
    days = {day.as_of: day for day in record.pool}
    for as_of, fed in feed.pool.items():
        known = days.get(as_of)
        if known is None:
            if _superseded(record, fed):
                wording = Text(
                    "distribution of {d}: the record, seen later, has none with rounds {n}; not used",
                    "répartition du {d} : l'historique, vu plus tard, n'en a pas avec les rondes {n}; non utilisée",
                )
                update.remarks.append(wording.fill(d=as_of, n=", ".join(fed.rounds)))
                continue
            days[as_of] = fed
            update.new_pool.append(fed)
            update.touched |= set(fed.rounds)
            continue
        days[as_of] = _day(known, fed, update)
    dropped = [day for day in record.pool if day.as_of not in feed.pool and set(day.rounds) & feed.rounds.keys()]
    update.dropped = [str(day.as_of) for day in dropped]
    for day in dropped:
        if update.source.seen >= day.checked:
            wording = Text(
                "distribution of {d}: no longer in the feed; kept", "répartition du {d} : absente du fichier; conservée"
            )
            update.remarks.append(wording.fill(d=day.as_of))
    return tuple(days[as_of] for as_of in sorted(days))


def _superseded(record: Record, fed: PoolDay) -> bool:
    """Whether the record knows all these rounds, from a later day, and knows them without a distribution."""
    known: Mapping[str, Round] = record.by_number
    with_one = {number for day in record.pool for number in day.rounds}
    return all(n in known and n not in with_one and known[n].checked > fed.checked for n in fed.rounds)


def _day(known: PoolDay, fed: PoolDay, update: Update) -> PoolDay:
    """A distribution that both have: band by band, the value seen later; subtotals that were missing are filled in."""
    later = fed.checked >= known.checked
    bands, earlier, changed = dict(known.bands), list(known.earlier), False
    for band, candidates in fed.bands.items():
        before = known.bands.get(band)
        if before == candidates:
            continue
        why = "filled" if before is None else "corrected" if later else "older"
        used = "feed" if why != "older" else "record"
        name, changed = f"{band[0]}-{band[1]}", True
        text = None if before is None else str(before)
        update.differences.append(Difference(str(known.as_of), name, text, str(candidates), used, why))
        if used == "feed":
            bands[band] = candidates
        past = Earlier(name, str(candidates), update.source.id)
        if used == "feed":
            past = Earlier(name, text or "", known.source)
        if before is not None and (past.field, past.value) not in {(one.field, one.value) for one in earlier}:
            earlier.append(past)
    numbers = (*known.rounds, *(number for number in fed.rounds if number not in known.rounds))
    source, doubt = known.source, known.doubt
    if later and _weaker(update.record.sources.get(source), update.source):
        source, doubt, changed = update.source.id, fed.doubt, True
        update.confirmed.append(str(known.as_of))
    if changed or numbers != known.rounds:
        update.touched |= set(fed.rounds)
    return replace(
        known,
        bands=bands,
        rounds=numbers,
        earlier=tuple(earlier),
        checked=max(known.checked, fed.checked),
        source=source,
        doubt=doubt,
    )
