"""Answers as plain data: the JSON that the command line, the API and scripts share."""

from __future__ import annotations

from typing import Any

from expressentry.assess.person.explain import Line, section_points
from expressentry.assess.person.next_steps import next_steps
from expressentry.assess.person.readings import Assessment
from expressentry.law.grid.diff import Change
from expressentry.law.grid.tree import Grid, Leaf, Node
from expressentry.law.instruments import Cite
from expressentry.law.rule_set import RuleSet
from expressentry.present.records.findings import category_records, program_records, reading_records
from expressentry.present.text.why import CATEGORY, PROGRAM
from expressentry.rounds.record import Record
from expressentry.text import Lang


def law_record(rules: RuleSet, lang: Lang) -> dict[str, Any]:
    """The law that an answer rests on."""
    return {
        "rule_set": rules.id,
        "digest": rules.digest,
        "established": rules.established,
        "checked": rules.checked.isoformat(),
        "warnings": [{"code": w.code, "message": w.message.say(lang)} for w in rules.warnings],
    }


def assessment_record(found: Assessment, record: Record, lang: Lang = "en") -> dict[str, Any]:
    """Everything about one person; for a person of dated facts also what is open and where each factor comes from.

    `crs.total` is null where readings differ; `crs.totals` has them all.
    """
    first = found.first
    return {
        **_rests_on(found, record, lang),
        "crs": {
            **_score(found),
            "sections": {line.id: line.points for line in found.sections},
            "lines": [_line(line, lang) for line in found.lines],
            "next_steps": [
                {
                    "line": step.line,
                    "columns": list(step.columns),
                    "value": step.value,
                    "total": step.total,
                    "change": step.change,
                }
                for step in next_steps(found)
            ],
        },
        "programs": program_records(found, lang),
        "invitation": {"program": first.invitation.program, "possible": list(first.invitation.possible)},
        "categories": category_records(found, record, lang),
        **(reading_records(found, lang) if found.dated else {}),
    }


def brief_record(found: Assessment, record: Record, lang: Lang = "en") -> dict[str, Any]:
    """Only the score, its sections and the findings: the keys of `assessment_record`, without lines and reasons."""
    first = found.first
    return {
        **_rests_on(found, record, lang),
        "crs": {
            **_score(found),
            "sections": section_points(found.rules.crs, first.factors.codes, first.first_language),
        },
        "programs": {id_: {"finding": PROGRAM[answer]} for id_, answer in found.programs.items()},
        "invitation": {"program": first.invitation.program, "possible": list(first.invitation.possible)},
        "categories": [{"id": id_, "finding": CATEGORY[answer]} for id_, answer in found.categories.items()],
    }


def _rests_on(found: Assessment, record: Record, lang: Lang) -> dict[str, Any]:
    """What every answer begins with: its day, its law, and how far the record reaches."""
    return {
        "as_of": found.rules.day.isoformat(),
        "law": law_record(found.rules, lang),
        "record": {"as_of": record.as_of.isoformat(), "newest_round": record.newest.number},
    }


def _score(found: Assessment) -> dict[str, Any]:
    """The score, null where readings differ, with its grid and the language scored as first."""
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
    }


def _line(line: Line, lang: Lang) -> dict[str, Any]:
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


def cite_record(cite: Cite, lang: Lang = "en") -> dict[str, Any]:
    """Where a number comes from."""
    doubt = {"doubt": cite.doubt.say(lang)} if cite.doubt else {}
    return {
        "instrument": cite.instrument.id,
        "place": cite.place.say(lang),
        "url": cite.instrument.address,
        "confidence": cite.confidence,
        **doubt,
    }


def grid_record(grid: Grid, lang: Lang = "en") -> dict[str, Any]:
    """A whole grid as plain data."""
    return {
        "id": grid.id,
        "title": grid.title.say(lang),
        "status": grid.status,
        "in_force": grid.in_force.isoformat() if grid.in_force else None,
        "made_by": grid.made_by.id,
        "cases": grid.cases,
        "inputs": list(grid.inputs),
        "parameters": dict(grid.parameters),
        "places": [_place(node, lang) for node in grid.root.walk()],
    }


def _place(node: Node, lang: Lang) -> dict[str, Any]:
    return {
        "id": node.id,
        "title": node.title.say(lang),
        "cite": cite_record(node.cite, lang),
        "when": list(node.when),
        "cap": list(node.cap) if node.cap else None,
        "max": list(node.maximum),
        **(_leaf(node.leaf) if node.leaf else {}),
    }


def _leaf(leaf: Leaf) -> dict[str, Any]:
    inputs = [{"source": i.source, "how": i.how, "empty": i.empty} for i in leaf.inputs]
    return {"inputs": inputs, "columns": list(leaf.columns), "rows": [list(row) for row in leaf.rows]}


def change_record(change: Change, lang: Lang = "en") -> dict[str, Any]:
    """One difference between two grids."""
    return {
        "id": change.id,
        "title": change.title.say(lang),
        "what": change.what.say(lang),
        "before": change.before,
        "after": change.after,
        "instrument": change.instrument.id,
    }
