"""A row a client: score or range, programs, categories, what is open, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from expressentry.assess.person.readings import Assessment
from expressentry.errors import Problem
from expressentry.law.rule_set import RuleSet
from expressentry.present.text.why import CATEGORY, PROGRAM
from expressentry.text import Lang, Text

Row = dict[str, Any]
_ORDER = ("fsw", "cec", "fst", "pnp")


def columns_on(rules: RuleSet) -> list[str]:
    """The columns of a table of clients on a day."""
    categories = [one.category for one in rules.categories]
    found = ["client", "crs", "crs_low", "crs_high", "rule_set", "current", "first_language", *_ORDER, "program"]
    return [*found, *categories, "missing", "doubts", "problems"]


def answered_row(name: str, found: Assessment, lang: Lang) -> Row:
    """The row of a client who could be assessed; `crs` is empty where readings differ."""
    return {
        "client": name,
        "crs": found.total,
        "crs_low": found.totals[0],
        "crs_high": found.totals[-1],
        "rule_set": found.rules.crs.id,
        "current": found.rules.established,
        "first_language": found.first_language,
        **{id_: PROGRAM[answer] for id_, answer in found.programs.items()},
        "program": found.program,
        **{id_: CATEGORY[answer] for id_, answer in found.categories.items()},
        "missing": " ".join(found.missing) or None,
        "doubts": "; ".join(doubt.open.say(lang) for doubt in found.doubts) or None,
        "problems": None,
    }


def failed_row(name: str, problems: Iterable[Problem], rules: RuleSet, lang: Lang) -> Row:
    """The row of a client who could not: everything empty but what is wrong."""
    told = " | ".join(problem.say(lang) for problem in problems)
    return {**dict.fromkeys(columns_on(rules)), "client": name, "problems": told}


def counted(done: int, failed: int) -> Text:
    """How many clients there were, and how many could not be done."""
    return Text("clients {n}, done {d}, failed {f}", "clients {n}, faits {d}, échoués {f}").fill(
        n=done + failed, d=done, f=failed
    )
