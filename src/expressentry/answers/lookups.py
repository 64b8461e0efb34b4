"""Look-ups: categories and their versions, occupations, the levels that a language test comes to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from expressentry.answers.basis import cite_record
from expressentry.answers.context import Context
from expressentry.answers.problems import unknown
from expressentry.law.criteria.categories import CategoryVersion
from expressentry.law.languages import ABILITIES, NAMES, Converted
from expressentry.law.law import Law
from expressentry.noc.codes import CHANGES, Link, noc2016, noc2021
from expressentry.rounds.record import Record
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from expressentry.answers.records.published import (
        CategoryRecord,
        CategoryRoundRecord,
        CategoryRowRecord,
        CounterpartRecord,
        HitRecord,
        LevelsRecord,
        ListedOccupationRecord,
        OccupationRecord,
        VersionRecord,
    )
    from expressentry.occupations.card import Occupation

Versions = tuple[CategoryVersion, ...]
_PRINTED = re.compile(r"[0-9]{1,5}(?:[.,][0-9]{1,5})?")


def category_rows(context: Context, on: date, lang: Lang, *, every: bool = False) -> list[CategoryRowRecord]:
    """The categories in force on a day, or every version, each with its newest round up to that day."""
    versions = context.law.all_versions if every else context.law.category_versions(on)
    return [{**version_record(one, lang), **category_round(one, context.record, on)} for one in versions]


def first_category_day(law: Law) -> date:
    """The first day on which there was a category."""
    return min(one.start for one in law.all_versions)


def versions_of(law: Law, key: str) -> Versions:
    """The versions of a category, oldest first.

    Raises:
        UsageError: There is no such category; the nearest is named.
    """
    known = law.categories
    if key not in known:
        raise unknown("unknown_category", "key", Text("unknown category", "catégorie inconnue"), key, known)
    return known[key]


def version_on(versions: Versions, on: date) -> CategoryVersion | None:
    """The version in force on a day."""
    return next((one for one in versions if one.holds(on)), None)


def category(context: Context, key: str, on: date, lang: Lang) -> CategoryRecord:
    """One category: its versions, its occupations on a day, and what each version changed.

    Raises:
        UsageError: There is no such category.
    """
    versions = versions_of(context.law, key)
    now = version_on(versions, on)
    return {
        "id": key,
        "title": versions[0].category_title.say(lang),
        "versions": [version_record(one, lang) for one in versions],
        "in_force": now.version if now else None,
        **category_round(versions[-1], context.record, on),
        "occupations": occupation_rows(now, lang) if now else [],
        "changes": [
            {"to": one.after.version, "added": list(one.added), "removed": list(one.removed)}
            for one in list_changes(versions)
        ],
    }


def version_record(one: CategoryVersion, lang: Lang) -> VersionRecord:
    """One version of a category: when, how many occupations, and what it asks for in words."""
    return {
        "id": one.category,
        "version": one.version,
        "title": one.title.say(lang),
        "from": one.start.isoformat(),
        "until": one.until.isoformat() if one.until else None,
        "occupations": len(one.occupations),
        "condition": "; ".join(condition.say(lang) for condition in one.conditions),
    }


def category_round(one: CategoryVersion, record: Record, on: date) -> CategoryRoundRecord:
    """The newest round of the category up to a day, whatever the version, and whether the category is dormant."""
    last = record.last_round(one.category, on=on)
    return {
        "last_round": last.number if last else None,
        "last_round_date": last.date.isoformat() if last else None,
        "last_round_version": last.version if last else None,
        "dormant": record.dormant(one.category, on=on),
    }


VERSION_COLUMNS = (
    *("id", "version", "title", "from", "until", "occupations", "condition"),
    *("last_round", "last_round_date", "last_round_version", "dormant"),
)
HIT_COLUMNS = ("noc", "title", "teer", "matched", "score")
OCCUPATION_COLUMNS = ("category", "version", "noc", "title", "teer")


def occupation_rows(one: CategoryVersion, lang: Lang) -> list[ListedOccupationRecord]:
    """The occupations of a version of a category, one a row."""
    groups = noc2021()
    return [
        {
            "category": one.category,
            "version": one.version,
            "noc": code,
            "title": groups[code].title.say(lang),
            "teer": groups[code].teer,
        }
        for code in sorted(one.occupations)
    ]


@dataclass(frozen=True, slots=True)
class ListChange:
    """What a version of a category added to the list before it and removed from it."""

    before: CategoryVersion
    after: CategoryVersion
    added: tuple[str, ...]
    removed: tuple[str, ...]


def list_changes(versions: Sequence[CategoryVersion]) -> list[ListChange]:
    """The change from each version to the next."""
    return [
        ListChange(
            before,
            after,
            tuple(sorted(after.occupations - before.occupations)),
            tuple(sorted(before.occupations - after.occupations)),
        )
        for before, after in pairwise(versions)
    ]


def find_occupations(words: str, lang: Lang, limit: int) -> list[HitRecord]:
    """Occupations that a few words may mean, the likeliest first.

    Raises:
        UsageError: The limit is below 1.
    """
    from expressentry.occupations.search import search

    return [
        {"noc": hit.noc, "title": hit.title.say(lang), "teer": hit.teer, "matched": hit.matched, "score": hit.score}
        for hit in search(words, limit=limit)
    ]


def occupation(law: Law, code: str) -> Occupation:
    """All that is known of one occupation, with the categories of a law that list it or did.

    Raises:
        UsageError: There is no such code.
    """
    from expressentry.occupations.card import occupation as show

    return show(code, law)


def occupation_record(one: Occupation, lang: Lang) -> OccupationRecord:
    """One occupation; duties and requirements are in English, and `duties_language` says so."""
    found: OccupationRecord = {
        "noc": one.noc,
        "version": one.version,
        "title": one.title.say(lang),
        "skilled": one.skilled,
        "definition": one.definition.say(lang) if one.definition else None,
        "hierarchy": [{"level": g.level, "code": g.code, "title": g.title.say(lang)} for g in one.hierarchy],
        "duties_language": one.language if one.duties else None,
        "duties": [{"profile": told.profile, "text": told.text} for told in one.duties],
        "requirements": [{"profile": told.profile, "text": told.text} for told in one.requirements],
        "job_titles": [title.title for title in one.job_titles if title.language == lang],
        "counterparts": [counterpart(one, link, lang) for link in one.links],
        "categories": None,
        "doubts": [{"noc": d.code, "other": d.other or None, "doubt": d.doubt.say(lang)} for d in one.doubts],
    }
    if one.version == 2021:
        found["teer"] = int(one.level)
    else:
        found["skill_level"] = one.level
    if one.categories is not None:
        found["categories"] = [
            {
                "category": row.category,
                "version": row.version,
                "from": row.start.isoformat(),
                "until": row.until.isoformat() if row.until else None,
            }
            for row in one.categories
        ]
    return found


def counterpart(one: Occupation, link: Link, lang: Lang) -> CounterpartRecord:
    """The other end of a link: code, version, title, level, and how the work came there."""
    change = list(link.change)
    meaning = "; ".join(CHANGES[word].say(lang) for word in link.change)
    if one.version == 2021:
        old = noc2016()[link.noc2016]
        return {
            "noc": old.code,
            "version": 2016,
            "title": old.title.say(lang),
            "skill_level": old.skill_level,
            "change": change,
            "meaning": meaning,
        }
    new = noc2021()[link.noc2021]
    return {
        "noc": new.code,
        "version": 2021,
        "title": new.title.say(lang),
        "teer": new.teer,
        "change": change,
        "meaning": meaning,
    }


def convert(law: Law, test: str, taken_on: date, scores: Mapping[str, str]) -> Converted:
    """The levels that the printed scores of a test come to; a score may have a point or a comma.

    Args:
        law: The law that has the charts.
        test: celpip, ielts, pte, tef or tcf.
        taken_on: The day of the test; it chooses the chart.
        scores: The score of each ability, as printed.

    Raises:
        FactorsError: The test does not have such scores.
        UsageError: There is no such test, or not on that day.
    """
    return law.languages.convert(test, taken_on, {ability: _number(scores[ability]) for ability in ABILITIES})


def _number(score: str) -> Decimal | str:
    """A score as a number; what is not one is left for the check of all four to refuse."""
    return Decimal(score.replace(",", ".")) if _PRINTED.fullmatch(score) else score


def levels_record(found: Converted, lang: Lang) -> LevelsRecord:
    """The levels of a test report, then what they rest on."""
    levels = found.levels
    return {
        "listening": levels["listening"],
        "reading": levels["reading"],
        "writing": levels["writing"],
        "speaking": levels["speaking"],
        "at_most": list(found.at_most),
        "test": found.test,
        "name": NAMES[found.test],
        "language": found.language,
        "taken_on": found.taken_on.isoformat(),
        "line": found.line.say(lang) if found.line else None,
        "chart": found.chart,
        "cites": [cite_record(cite, lang) for cite in found.cites],
    }
