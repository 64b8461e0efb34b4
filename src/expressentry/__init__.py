"""Canada's Express Entry as software anyone can run, read and check.

    load_law().on(day)              all law in force on a day
    assess_person(facts, day)       one person: total, lines, sources
    score_frame(frame, day)         a Polars frame, one row a person
    score_file(table, out, day)     a file of any size
    diff_grids(a, b)                what changed between two grids
    search_occupations(words)       unit groups of the NOC 2021 that words may mean
    occupation(code)                all that is known of one

Not a Government of Canada product, and no legal advice.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from expressentry.assess.explain import Line
    from expressentry.assess.files import Scored, score_file
    from expressentry.assess.person import Assessment, assess_person
    from expressentry.assess.steps import NextStep, next_steps
    from expressentry.assess.table import score_frame
    from expressentry.candidate.schema import factors_schema
    from expressentry.errors import ExpressEntryError, FactorsError, FileError, LawError, Problem, UsageError
    from expressentry.law.check import check as check_law
    from expressentry.law.diff import Change
    from expressentry.law.diff import diff as diff_grids
    from expressentry.law.instruments import Instrument
    from expressentry.law.rule_set import RuleSet
    from expressentry.law.rules import Law, load_law
    from expressentry.law.tree import Grid
    from expressentry.occupations.search import search as search_occupations
    from expressentry.occupations.show import Occupation, occupation
    from expressentry.words import Text

# Loaded when first used, so that one person's score needs no Polars.
_PLACES = {
    "Assessment": "assess.person",
    "Change": "law.diff",
    "ExpressEntryError": "errors",
    "FactorsError": "errors",
    "FileError": "errors",
    "Grid": "law.tree",
    "Instrument": "law.instruments",
    "Law": "law.rules",
    "LawError": "errors",
    "Line": "assess.explain",
    "NextStep": "assess.steps",
    "Occupation": "occupations.show",
    "Problem": "errors",
    "RuleSet": "law.rule_set",
    "Scored": "assess.files",
    "Text": "words",
    "UsageError": "errors",
    "assess_person": "assess.person",
    "check_law": "law.check:check",
    "diff_grids": "law.diff:diff",
    "factors_schema": "candidate.schema",
    "load_law": "law.rules",
    "next_steps": "assess.steps",
    "occupation": "occupations.show",
    "score_file": "assess.files",
    "score_frame": "assess.table",
    "search_occupations": "occupations.search:search",
}

__all__ = [
    "Assessment",
    "Change",
    "ExpressEntryError",
    "FactorsError",
    "FileError",
    "Grid",
    "Instrument",
    "Law",
    "LawError",
    "Line",
    "NextStep",
    "Occupation",
    "Problem",
    "RuleSet",
    "Scored",
    "Text",
    "UsageError",
    "assess_person",
    "check_law",
    "diff_grids",
    "factors_schema",
    "load_law",
    "next_steps",
    "occupation",
    "score_file",
    "score_frame",
    "search_occupations",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'expressentry' has no attribute {name!r}")
    module, _, attribute = _PLACES[name].partition(":")
    return getattr(import_module(f"expressentry.{module}"), attribute or name)


def __dir__() -> list[str]:
    return __all__
