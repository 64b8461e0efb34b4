"""What an answer rests on: the law of its day, the record of rounds, the place of a number."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from expressentry.law.instruments import Cite
from expressentry.law.rule_set import RuleSet
from expressentry.rounds.record import Record
from expressentry.text import Lang

if TYPE_CHECKING:
    from expressentry.answers.records.common import CiteRecord, ReachRecord, RuleSetRecord


def law_record(rules: RuleSet, lang: Lang) -> RuleSetRecord:
    """The law that an answer rests on."""
    return {
        "rule_set": rules.id,
        "digest": rules.digest,
        "established": rules.established,
        "checked": rules.checked.isoformat(),
        "warnings": [{"code": w.code, "message": w.message.say(lang)} for w in rules.warnings],
    }


def cite_record(cite: Cite, lang: Lang) -> CiteRecord:
    """Where a number comes from."""
    from expressentry.law.verify.links import compared_until, link  # an answer in text needs none of it

    found: CiteRecord = {
        "instrument": cite.instrument.id,
        "place": cite.place.say(lang),
        "url": link(cite, lang),
        "confidence": cite.confidence,
    }
    day = compared_until(cite)
    if day is not None:
        found["compared"] = day.isoformat()
    if cite.doubt:
        found["doubt"] = cite.doubt.say(lang)
    return found


def reach_record(record: Record, on: date | None = None) -> ReachRecord:
    """How far the record of rounds reaches, and on a day how old it is."""
    found: ReachRecord = {"as_of": record.as_of.isoformat(), "newest_round": record.newest.number}
    if on is not None:
        found["age_days"] = max((on - record.as_of).days, 0)
        found["stale"] = record.stale(on)
    return found
