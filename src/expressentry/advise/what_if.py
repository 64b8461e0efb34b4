"""What if: the answers of a day, and of the newest rounds, with some facts changed.

    what_if(profile, on, {"french": 7}, record)      all four abilities at level 7
    what_if(profile, on, {"canadian_work_years": 1, "provincial_nomination": True}, record)

A wish is a column of the schema, or `english`, `french`, `partner` for the four abilities of a language. Facts that
depend on it change too (see `along`): as little as they must, and where they may be either, they are unknown. The facts
are taken to be so on every day asked about; `plan` has the days, costs and documents that they need.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from expressentry.assess.person.readings import Assessment, Assessor
from expressentry.assess.person.score import AssessedReading
from expressentry.dates import anniversary
from expressentry.law.languages import ABILITIES
from expressentry.law.law import Law
from expressentry.law.rule_set import RuleSet
from expressentry.profile.model import Profile
from expressentry.rounds.record import Record
from expressentry.rounds.replay import Replayed, replayed

TOGETHER = ("english", "french", "partner")
_MONTHS, _MOST_MONTHS, _MOST_YEARS = 12, 36, 10
_SKILLED = "0123"
"""TEER of work that counts: of other work it is not known which the years wished for would be in."""


@dataclass(frozen=True)
class WhatIf:
    """The answers as they are and as they would be.

    `rounds` are those of the last year of the record, each replayed as things are and as they would be.
    """

    before: Assessment
    after: Assessment
    rounds: tuple[tuple[Replayed, Replayed], ...]

    @property
    def invited(self) -> tuple[int, int]:
        """How many of the rounds would have invited the person, before and after."""
        return (sum(one.answer is True for one, _ in self.rounds), sum(one.answer is True for _, one in self.rounds))

    @property
    def newest(self) -> tuple[tuple[Replayed, Replayed], ...]:
        """The last round of each type and category, the newest first."""
        found: dict[str, tuple[Replayed, Replayed]] = {}
        for pair in reversed(self.rounds):
            found.setdefault(pair[0].round.series, pair)
        return tuple(found.values())


def what_if(profile: Profile, on: date, wishes: Mapping[str, Any], record: Record, law: Law | None = None) -> WhatIf:
    """Assess a person on a day, and replay the last year of the record, as things are and with wishes granted.

    Raises:
        FactorsError: The wishes are not facts, or do not go together.
    """
    now = Assessor(profile, law)
    then = _Granted(profile, wishes, law)
    since = anniversary(record.as_of, -1)
    rounds = tuple(
        (replayed(one, now.on(one.date)), replayed(one, then.on(one.date)))
        for one in record.rounds
        if one.date > since and one.date >= profile.person.birth_date
    )
    return WhatIf(now.on(on), then.on(on), rounds)


class _Granted(Assessor):
    """Assesses a person whose wishes are granted, whatever the day and the reading."""

    def __init__(self, profile: Profile, wishes: Mapping[str, Any], law: Law | None) -> None:
        super().__init__(profile, law)
        self.wishes = spread(wishes)

    def assess_facts(self, facts: Mapping[str, Any], rules: RuleSet) -> AssessedReading:
        known = rules.asked(programs=True, categories=True).columns.by_name
        wished = {name: value for name, value in self.wishes.items() if name in known}
        return super().assess_facts({**facts, **along(facts, wished), **wished}, rules)


def spread(wishes: Mapping[str, Any]) -> dict[str, Any]:
    """Wishes by column: a language is its four abilities.

    >>> spread({"age": 30, "french": 7})["french_writing"]
    7
    """
    found: dict[str, Any] = {}
    for name, value in wishes.items():
        found.update({f"{name}_{ability}": value for ability in ABILITIES} if name in TOGETHER else {name: value})
    return found


def along(facts: Mapping[str, Any], wished: Mapping[str, Any]) -> dict[str, Any]:
    """What changes along with the facts wished; None for what may be either.

    >>> along({"canadian_study": "none"}, {"canadian_study": "three_year_or_more"})
    {'canadian_study_2y': True}
    """
    found: dict[str, Any] = {}
    changed = {name: value for name, value in wished.items() if facts.get(name) != value}
    if {"canadian_work_years", "foreign_work_years"} & changed.keys():
        found |= _work(facts, wished)
    if "canadian_study" in changed:
        found["canadian_study_2y"] = {"none": False, "three_year_or_more": True}.get(wished["canadian_study"])
    if "certificate_of_qualification" in changed and facts.get("trade_noc"):
        found["trade_certificate"] = None if wished["certificate_of_qualification"] else False
    if "sibling_in_canada" in changed:
        found["relative_in_canada"] = True if wished["sibling_in_canada"] else None
    if "partner_canadian_work_years" in changed:
        found["partner_canadian_work_any"] = wished["partner_canadian_work_years"] >= 1
    return found


def _work(facts: Mapping[str, Any], wished: Mapping[str, Any]) -> dict[str, Any]:
    """The other columns of work: what is added is the work of the last years, in the occupation with most of it now."""
    here, abroad = (
        (facts.get(name) or 0, wished.get(name, facts.get(name) or 0))
        for name in ("canadian_work_years", "foreign_work_years")
    )
    added_here, added = max(here[1] - here[0], 0), max(here[1] - here[0], 0) + max(abroad[1] - abroad[0], 0)
    whole = here[1] + abroad[1]

    def years(name: str, more: int, most: int) -> int:
        return min((facts.get(name) or 0) + more, most)

    main = next(iter(facts.get("category_months") or []), None)
    recent = years("cec_years_3y", added_here, min(here[1], 3))
    teer = facts.get("cec_main_teer")
    if teer is None and main is not None and main["noc"][1] in _SKILLED:
        teer = int(main["noc"][1])
    return {
        "canadian_work_1y": here[1] >= 1,
        "cec_years_3y": recent,
        "cec_main_teer": teer if recent else None,
        "work_years_10y": years("work_years_10y", added, min(whole, _MOST_YEARS)),
        "primary_continuous_years": min(max(facts.get("primary_continuous_years") or 0, added), whole, _MOST_YEARS),
        "category_months": _months(facts, added, added_here, here[1], whole),
    }


def _months(facts: Mapping[str, Any], added: int, here: int, years_here: int, whole: int) -> Any:
    """The months by occupation; without any occupation it is not known which one the work wished for would be in."""
    held = facts.get("category_months")
    if held:
        main, *others = held
        return [_main(main, added, here, years_here, whole), *others]
    return None if added else held


def _main(main: Mapping[str, Any], added: int, added_here: int, here: int, whole: int) -> dict[str, Any]:
    """The months of the main occupation."""

    def months(name: str, more: int, years: int) -> int:
        return min(max(int(main[name]), more * _MONTHS), years * _MONTHS + _MONTHS - 1, _MOST_MONTHS)

    run = months("run", added, whole)
    canada = months("canada_months", added_here, here)
    return {**main, "months": max(months("months", added, whole), run, canada), "run": run, "canada_months": canada}
