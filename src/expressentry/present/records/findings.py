"""Programs and categories as plain data: the part of the JSON of `assess` that tells who may be invited."""

from __future__ import annotations

from typing import Any

from expressentry.assess.person.criteria import Answer, Finding
from expressentry.assess.person.programs import CategoryFinding, ProgramFinding, grid_lines
from expressentry.assess.person.readings import Assessment
from expressentry.assess.person.score import AssessedReading
from expressentry.law.schema import Columns
from expressentry.present.text.why import CATEGORY, CRITERION, PROGRAM, summary, why
from expressentry.rounds.record import Record
from expressentry.text import Lang


def program_records(found: Assessment, lang: Lang) -> dict[str, Any]:
    """Every program: the finding, the points, each criterion with its reason and source."""
    return {id_: _program(found.first, one, found.programs[id_], lang) for id_, one in found.first.programs.items()}


def _program(found: AssessedReading, one: ProgramFinding, answer: Answer, lang: Lang) -> dict[str, Any]:
    columns = found.rules.crs.columns
    points: dict[str, Any] = {}
    if one.points is not None:
        low, high = one.points
        worst, best = grid_lines(found.rules.selection, found.factors, one.first_language)
        lines = [
            {"id": a.id, "title": a.title.say(lang), "points": a.points, "points_best": b.points, "max": a.maximum}
            for a, b in zip(worst, best, strict=True)
        ]
        points = {"points": low if low == high else None, "points_range": [low, high], "lines": lines}
    return {
        "title": one.program.title.say(lang),
        "finding": PROGRAM[answer],
        "why": summary(one, columns, one.answer).say(lang),
        "first_language": one.first_language,
        "missing": list(one.missing),
        **points,
        "criteria": [criterion_record(finding, columns, lang) for finding in one.findings],
    }


def criterion_record(finding: Finding, columns: Columns, lang: Lang) -> dict[str, Any]:
    """One criterion, with those below it."""
    from expressentry.present.records.person import cite_record

    below = [criterion_record(one, columns, lang) for one in finding.below]
    return {
        "id": finding.criterion.id,
        "title": finding.criterion.title.say(lang),
        "finding": CRITERION[finding.answer],
        "why": why(finding, columns).say(lang),
        "missing": list(finding.missing),
        "cites": [cite_record(finding.criterion.cite, lang)],
        **({finding.criterion.how: below} if below else {}),
    }


def category_records(found: Assessment, record: Record, lang: Lang) -> list[dict[str, Any]]:
    """Every category of the day: the finding, why, the last round of it and whether it is dormant."""
    answers = found.categories
    return [_category(found.first, one, answers[one.law.category], record, lang) for one in found.first.categories]


def _category(
    found: AssessedReading, one: CategoryFinding, answer: Answer, record: Record, lang: Lang
) -> dict[str, Any]:
    version, columns, day = one.law, found.rules.crs.columns, found.rules.day
    last = record.last_round(version.category, on=day)
    return {
        "id": version.category,
        "version": version.version,
        "title": version.title.say(lang),
        "finding": CATEGORY[answer],
        "why": summary(one, columns, one.answer).say(lang),
        "missing": list(one.missing),
        "criteria": [criterion_record(finding, columns, lang) for finding in one.findings],
        "last_round": {"number": last.number, "version": last.version} if last else None,
        "dormant": record.dormant(version.category, on=day),
    }


def reading_records(found: Assessment, lang: Lang) -> dict[str, Any]:
    """What is open for a person of dated facts: the doubts, and the score and findings of each reading."""
    return {
        "doubts": [
            {
                "id": doubt.id,
                "open": doubt.open.say(lang),
                "missing": doubt.missing.say(lang),
                "law": doubt.law,
                "options": {name: text.say(lang) for name, text in doubt.options.items()},
            }
            for doubt in found.doubts
        ],
        "readings": [
            {
                "assumed": dict(reading.assumed),
                "crs": reading.total,
                "programs": {id_: PROGRAM[one.answer] for id_, one in reading.programs.items()},
                "categories": {one.law.category: CATEGORY[one.answer] for one in reading.categories},
            }
            for reading in found.readings
        ],
        "derived": {
            name: {"value": found.derived.facts[name], "why": because.text.say(lang)}
            for name, because in found.derived.because.items()
        },
    }
