"""From the facts of a person to a standing: the law as the pool asks it.

Where the law or the papers leave something open there are several readings. A candidate stands with what is certain:
the lowest score of all readings, and only the programs and categories that every reading gives.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from expressentry.assess.person.readings import Assessment, Assessor
from expressentry.factors.derive import derive
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.pool.acts.model import RuleSetName, Scored, Standing
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile
from expressentry.rounds.eligibility import lists_entered
from expressentry.text import Text

LOOK_AHEAD_DAYS = 120
"""How far ahead the next day of change is looked for; beyond it the candidate is simply looked at again."""


class LawScorer:
    """The scorer of the real pool: dated facts under the law as data."""

    schema_version = 1

    def __init__(self, law: Law | None = None) -> None:
        self._law = law or load_law()
        self._names: dict[tuple[int, int], RuleSetName] = {}

    @property
    def categories(self) -> Collection[str]:
        """The categories that a round may invite from."""
        return self._law.round_names.categories

    def law(self, day: date) -> RuleSetName:
        """The rule set of a day; days under the same law share one."""
        rules = self._law.on(day)
        key = (id(rules.crs), id(rules.selection))
        if key not in self._names:
            self._names[key] = RuleSetName(rules.id, rules.digest)
        return self._names[key]

    def check(self, facts: Mapping[str, Any]) -> None:
        """Raise FactorsError with all that is wrong with a profile."""
        read_profile(facts, self._law)

    def score(self, facts: Mapping[str, Any], day: date, law_days: Sequence[date]) -> list[Scored]:
        """Score a profile as it stands on a day under the law of each day named.

        Raises FactorsError with everything that is wrong with it.
        """
        profile = read_profile(facts, self._law)
        assessor, due, derived = (
            Assessor(profile, self._law),
            next_change(profile, day, self._law),
            derive(profile, day, self._law),
        )
        return [self._scored(assessor.under(derived, self._law.on(law_day)), due) for law_day in law_days]

    def score_table(self, csv: bytes, law_day: date) -> Any:
        """Score sure factors in bulk under the law of a day."""
        from expressentry.pool.acts.bulk import score_table

        return score_table(csv, self._law, law_day)

    def window(self, day: date) -> int | None:
        """Days to answer an invitation of a day; None where they are not established."""
        row = self._law.row("invitation_windows", day)
        return int(row.values["days"]) if row.values["days"] else None

    def _scored(self, found: Assessment, due: date | None) -> Scored:
        standing = standing_of(found)
        sure = len(found.readings) == 1 and not found.first.reports
        findings = () if standing.eligible else findings_of(found)
        return Scored(standing, found.derived.facts, sure, due, findings)


def standing_of(found: Assessment) -> Standing:
    """What is certain of a candidate on a day."""
    programs, total = found.programs, found.totals[0]
    nominee = any(reading.factors.values.get("provincial_nomination") for reading in found.readings)
    members = [id_ for id_, answer in found.categories.items() if answer]
    return standing(programs, members, total, nominee, found.program)


def standing(
    programs: Mapping[str, bool | None], members: Sequence[str], total: int, nominee: bool, named: str | None
) -> Standing:
    """The lists that a candidate enters: a nominee those that invite nominees, others those of program and category."""
    lists = lists_entered({**programs, **dict.fromkeys(members, True)}, nominee=nominee)
    return Standing(bool(lists), total, named if lists else None, lists)


def findings_of(found: Assessment) -> tuple[Text, ...]:
    """Why a person is not eligible: for each program what is not met, or which fact is missing."""
    texts = []
    for program, finding in found.first.programs.items():
        failed = [one for one in finding.findings if one.answer is not True]
        names = ", ".join(one.criterion.id for one in failed)
        wording = Text("{p}: not met: {c}", "{p} : non rempli : {c}")
        if finding.answer is None:
            wording = Text("{p}: cannot tell: {c}", "{p} : indéterminé : {c}")
        texts.append(wording.fill(p=program, c=names or "–"))
    return tuple(texts)


def next_change(profile: Profile, day: date, law: Law) -> date:
    """The next day on which any fact of a profile changes: a birthday, a dying test, a completed month or year."""
    now = _facts(profile, day, law)
    for ahead in range(1, LOOK_AHEAD_DAYS):
        then = day + timedelta(days=ahead)
        if _facts(profile, then, law) != now:
            return then
    return day + timedelta(days=LOOK_AHEAD_DAYS)


def _facts(profile: Profile, day: date, law: Law) -> list[tuple[Any, Any]]:
    return [(reading.facts, reading.report_choices) for reading in derive(profile, day, law).readings]
