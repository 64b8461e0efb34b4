"""Questions about one person on a day: the assessment, and what a profile gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from expressentry.answers.basis import cite_record, law_record, reach_record
from expressentry.answers.context import Context
from expressentry.answers.summary import summarize, summary_record
from expressentry.answers.why import CATEGORY, PROGRAM
from expressentry.assess.person.explain import Line, section_points
from expressentry.assess.person.next_steps import next_steps
from expressentry.assess.person.readings import Assessment, assess_facts, assess_profile
from expressentry.assess.person.score import AssessedReading
from expressentry.profile.read import is_profile
from expressentry.rounds.record import Record
from expressentry.text import Lang

if TYPE_CHECKING:
    from expressentry.answers.records.person import (
        AssessmentRecord,
        CrsRecord,
        DerivedRecord,
        NamedProgramRecord,
        NextStepRecord,
        RemarkRecord,
        ScoreLineRecord,
    )
    from expressentry.factors.derive import Derived
    from expressentry.profile.remarks import Remark


def assess(context: Context, facts: Mapping[str, Any], on: date) -> Assessment:
    """Everything about one person on a day: of dated facts, or of factors as they are that day.

    Raises:
        FactorsError: The facts are wrong.
        UsageError: The day is before Express Entry began.
    """
    if not is_profile(facts):
        return assess_facts(context.rules(on), facts)
    from expressentry.profile.read import read_profile

    return assess_profile(read_profile(facts, context.law), on, context.law)


def assessment_record(found: Assessment, record: Record, lang: Lang) -> AssessmentRecord:
    """Everything about one person; for dated facts also what is open and where each factor comes from.

    `crs.total` is null where readings differ; `crs.totals` has them all.
    """
    from expressentry.answers.findings import (
        category_records,
        derived_facts,
        doubt_record,
        program_records,
        reading_records,
        report_choice,
    )

    answer: AssessmentRecord = {
        "as_of": found.rules.day.isoformat(),
        "summary": summary_record(summarize(found, record), lang),
        "law": law_record(found.rules, lang),
        "record": reach_record(record),
        "crs": {
            **_score(found, {line.id: line.points for line in found.sections}),
            "lines": [_line(line, lang) for line in found.lines],
            "next_steps": next_step_records(found),
        },
        "programs": program_records(found, lang),
        "invitation": _invitation(found.first),
        "categories": category_records(found, record, lang),
    }
    if found.dated:
        answer["remarks"] = remark_records(found.remarks, lang)
        choice = report_choice(found)
        answer["report_choice"] = choice.say(lang) if choice else None
        answer["bounded"] = found.bounded.say(lang) if found.bounded else None
        answer["doubts"] = [doubt_record(doubt, lang) for doubt in found.doubts]
        answer["readings"] = reading_records(found)
        answer["derived"] = derived_facts(found.derived, lang)
    return answer


def remark_records(found: Iterable[Remark], lang: Lang) -> list[RemarkRecord]:
    """What looks like a typing error, each with the place of the fact."""
    return [{"code": one.code, "field": one.field, "text": one.text.say(lang)} for one in found]


def brief_record(found: Assessment, record: Record, lang: Lang) -> AssessmentRecord:
    """Only the score, its sections and the findings, without lines and reasons."""
    first = found.first
    return {
        "as_of": found.rules.day.isoformat(),
        "summary": summary_record(summarize(found, record), lang),
        "law": law_record(found.rules, lang),
        "record": reach_record(record),
        "crs": _score(found, section_points(found.rules.crs, first.factors.codes, first.first_language)),
        "programs": {id_: {"finding": PROGRAM[answer]} for id_, answer in found.programs.items()},
        "invitation": _invitation(first),
        "categories": [{"id": id_, "finding": CATEGORY[answer]} for id_, answer in found.categories.items()],
    }


def next_step_records(found: Assessment) -> list[NextStepRecord]:
    """What the next step of each factor would add."""
    return [
        {
            "line": step.line,
            "columns": list(step.columns),
            "value": step.value,
            "total": step.total,
            "change": step.change,
        }
        for step in next_steps(found)
    ]


def _invitation(first: AssessedReading) -> NamedProgramRecord:
    return {"program": first.invitation.program, "possible": list(first.invitation.possible)}


def _score(found: Assessment, sections: dict[str, int]) -> CrsRecord:
    """The score, null where readings differ, with its grid, the language scored as first, and the sections."""
    return {
        "total": found.total,
        "totals": list(found.totals),
        "grid": found.rules.crs.id,
        "current": found.rules.established,
        "first_language": {
            "used": found.first_language,
            "given": found.first.given_language,
            "other_total": found.other_total,
        },
        "sections": sections,
    }


def _line(line: Line, lang: Lang) -> ScoreLineRecord:
    return {
        "id": line.id,
        "parent": line.parent,
        "title": line.title.say(lang),
        "given": line.given,
        "points": line.points,
        "max": line.maximum,
        "uncapped": line.uncapped,
        "status": line.status,
        "cites": [cite_record(cite, lang) for cite in line.cites],
    }


def derived_record(derived: Derived, lang: Lang) -> DerivedRecord:
    """The factors that a profile gives on a day with their reasons, what is open, and every reading of it."""
    from expressentry.answers.findings import doubt_record

    return {
        "as_of": derived.on.isoformat(),
        "facts": dict(derived.facts),
        "because": {
            column: {"text": why.text.say(lang), "place": why.place.say(lang) if why.place else None}
            for column, why in derived.because.items()
        },
        "doubts": [
            {**doubt_record(doubt, lang), "place": doubt.place.say(lang) if doubt.place else None}
            for doubt in derived.doubts
        ],
        "readings": [
            {
                "assumed": dict(reading.assumed),
                "differs": differences(derived.facts, reading.facts),
                "reports": [list(choice.reports) for choice in reading.report_choices],
            }
            for reading in derived.readings
        ],
        "bounded": derived.bounded,
    }


def differences(first: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a reading that are not those of the first."""
    return {column: value for column, value in other.items() if value != first[column]}
