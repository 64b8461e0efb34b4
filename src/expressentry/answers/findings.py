"""Programs and categories as plain data, each with its reason; and what is open in a person's facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expressentry.answers.basis import cite_record
from expressentry.answers.why import CATEGORY, CRITERION, PROGRAM, summary, why
from expressentry.assess.person.criteria import Answer, Finding
from expressentry.assess.person.programs import CategoryFinding, ProgramFinding, grid_lines
from expressentry.assess.person.readings import Assessment
from expressentry.assess.person.score import AssessedReading
from expressentry.law.schema import Columns
from expressentry.profile.labels import entry_names
from expressentry.rounds.record import Record
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from expressentry.answers.records.person import (
        CategoryFindingRecord,
        CriterionRecord,
        DerivedFactRecord,
        DoubtRecord,
        ProgramRecord,
        ReadingRecord,
    )
    from expressentry.factors.derive import Derived, Doubt


def program_records(found: Assessment, lang: Lang) -> dict[str, ProgramRecord]:
    """Every program: the finding, the points, each criterion with its reason and source."""
    return {id_: _program(found.first, one, found.programs[id_], lang) for id_, one in found.first.programs.items()}


def _program(found: AssessedReading, one: ProgramFinding, answer: Answer, lang: Lang) -> ProgramRecord:
    columns = found.rules.crs.columns
    told: ProgramRecord = {
        "title": one.program.title.say(lang),
        "finding": PROGRAM[answer],
        "why": summary(one, columns, one.answer).say(lang),
        "first_language": one.first_language,
        "missing": list(one.missing),
    }
    if one.points is not None:
        low, high = one.points
        worst, best = grid_lines(found.rules.selection, found.factors, one.first_language)
        told["points"] = low if low == high else None
        told["points_range"] = [low, high]
        told["lines"] = [
            {"id": a.id, "title": a.title.say(lang), "points": a.points, "points_best": b.points, "max": a.maximum}
            for a, b in zip(worst, best, strict=True)
        ]
    told["criteria"] = [criterion_record(finding, columns, lang) for finding in one.findings]
    return told


def criterion_record(finding: Finding, columns: Columns, lang: Lang) -> CriterionRecord:
    """One criterion, with those that it is made of."""
    criterion = finding.criterion
    told: CriterionRecord = {
        "id": criterion.id,
        "title": criterion.title.say(lang),
        "finding": CRITERION[finding.answer],
        "why": why(finding, columns).say(lang),
        "missing": list(finding.missing),
        "cites": [cite_record(criterion.cite, lang)],
    }
    below = [criterion_record(one, columns, lang) for one in finding.below]
    if below:
        told[criterion.how] = below  # type: ignore[literal-required]
    return told


def category_records(found: Assessment, record: Record, lang: Lang) -> list[CategoryFindingRecord]:
    """Every category of the day: the finding, why, its last round and whether it is dormant."""
    answers = found.categories
    return [_category(found.first, one, answers[one.law.category], record, lang) for one in found.first.categories]


def _category(
    found: AssessedReading, one: CategoryFinding, answer: Answer, record: Record, lang: Lang
) -> CategoryFindingRecord:
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


def report_choice(found: Assessment) -> Text | None:
    """Where test reports differ and none is better in every ability: those used, and the score with the others."""
    first = found.first
    if not first.others:
        return None
    others = [_WITH.fill(t=entry_names(one.reports), n=one.total) for one in first.others]
    return _CHOICE.fill(t=entry_names(first.reports), n=first.total, o=Text("; ", "; ").join(others))


_WITH = Text("with {t}: {n} points", "avec {t} : {n} points")
_CHOICE = Text(
    "No test report is better in every ability: {t} gives you most points ({n}); {o}. All four abilities must come "
    "from one report",
    "Aucun résultat de test n'est meilleur dans chaque habileté : {t} vous donne le plus de points ({n}); {o}. Les "
    "quatre habiletés doivent venir d'une même attestation",
)


def doubt_record(doubt: Doubt, lang: Lang) -> DoubtRecord:
    """What is open, and the fact that would settle it."""
    return {
        "id": doubt.id,
        "open": doubt.open.say(lang),
        "missing": doubt.missing.say(lang),
        "law": doubt.law,
        "options": {name: option.say(lang) for name, option in doubt.options.items()},
    }


def reading_records(found: Assessment) -> list[ReadingRecord]:
    """The score and the findings of each reading of the facts."""
    return [
        {
            "assumed": dict(reading.assumed),
            "crs": reading.total,
            "programs": {id_: PROGRAM[one.answer] for id_, one in reading.programs.items()},
            "categories": {one.law.category: CATEGORY[one.answer] for one in reading.categories},
        }
        for reading in found.readings
        if not reading.end
    ]


def derived_facts(derived: Derived, lang: Lang) -> dict[str, DerivedFactRecord]:
    """The factors of the first reading, each with its reason."""
    return {
        name: {"value": derived.facts[name], "why": because.text.say(lang)} for name, because in derived.because.items()
    }
