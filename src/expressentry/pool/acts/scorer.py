"""From the facts of a person to a score in the pool: the law as the pool asks it.

Where the law or the documents leave something open there are several readings. A candidate gets what is certain: the
lowest score of all readings, and only the programs and categories that every reading gives.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from expressentry.assess.person.readings import Assessment, Assessor
from expressentry.factors.derive import Derived, derive
from expressentry.factors.derive.days import prepared
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.pool.acts.model import CandidateScore, RuleSetName, Scored
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile
from expressentry.rounds.eligibility import lists_entered
from expressentry.rounds.windows import profile_ends, window_on
from expressentry.text import Text

if TYPE_CHECKING:
    import polars as pl

MOST_AHEAD = 40_000
"""So many pieces of a profile are read at most to find its next change."""

LOOK_AHEAD_DAYS = 120
"""How far ahead the next change is looked for; a candidate without one is reviewed then."""


class LawScorer:
    """The scorer of the real pool: dated facts under the law as data."""

    schema_version = 1

    def __init__(self, law: Law | None = None) -> None:
        self._law = law or load_law()
        self._names: dict[date, RuleSetName] = {}

    @property
    def categories(self) -> Collection[str]:
        """The categories that a round may invite from."""
        return self._law.round_names.categories

    def law(self, day: date) -> RuleSetName:
        """The rule set of a day."""
        if day not in self._names:
            rules = self._law.on(day)
            self._names[day] = RuleSetName(rules.id, rules.digest)
        return self._names[day]

    def check(self, facts: Mapping[str, Any]) -> None:
        """Raise FactorsError with all that is wrong with a profile."""
        read_profile(facts, self._law)

    def score(self, facts: Mapping[str, Any], day: date, law_days: Sequence[date]) -> list[Scored]:
        """Score a profile as it is on a day under the law of each day named.

        Raises FactorsError with everything that is wrong with it.
        """
        profile = read_profile(facts, self._law)
        assessor, derived = Assessor(profile, self._law), derive(profile, day, self._law)
        review_on = next_change(profile, derived, self._law)
        return [self._scored(assessor.under(derived, self._law.on(law_day)), review_on) for law_day in law_days]

    def score_table(self, csv: bytes, law_day: date) -> pl.DataFrame:
        """Score sure factors in bulk under the law of a day."""
        from expressentry.pool.acts.bulk import score_table

        return score_table(csv, self._law, law_day)

    def answer_by(self, day: date) -> date | None:
        """The last day to answer an invitation of a day; None where it is not established."""
        window = window_on(self._law, day)
        return window.last if window.established else None

    def profile_ends(self, submitted: datetime) -> date:
        """The first day on which a profile submitted at an instant is no longer valid."""
        return profile_ends(self._law, submitted)

    def _scored(self, found: Assessment, review_on: date | None) -> Scored:
        score = certain_score(found)
        sure = len(found.readings) == 1 and not found.derived.bounded and not found.first.reports
        findings = () if score.eligible else findings_of(found)
        return Scored(score, found.derived.facts, sure, review_on, findings)


def certain_score(found: Assessment) -> CandidateScore:
    """What is certain of a candidate on a day."""
    programs, total = found.programs, found.totals[0]
    nominee = any(reading.factors.values.get("provincial_nomination") for reading in found.readings)
    members = [id_ for id_, answer in found.categories.items() if answer]
    return score_of(programs, members, total, nominee, found.program)


def score_of(
    programs: Mapping[str, bool | None], members: Sequence[str], total: int, nominee: bool, named: str | None
) -> CandidateScore:
    """The lists that a candidate enters: a nominee those that invite nominees, others those of program and category."""
    lists = lists_entered({**programs, **dict.fromkeys(members, True)}, nominee=nominee)
    return CandidateScore(bool(lists), total, named if lists else None, lists)


def findings_of(found: Assessment) -> tuple[Text, ...]:
    """Why a person is not eligible: for each program what is not met, or which fact is missing."""
    texts = []
    for program, finding in found.first.programs.items():
        failed = [one for one in finding.findings if one.answer is not True]
        names = ", ".join(one.criterion.id for one in failed)
        wording = Text("{p}: not met: {c}", "{p} : non rempli : {c}")
        if finding.answer is None:
            wording = Text("{p}: undetermined: {c}", "{p} : indéterminé : {c}")
        texts.append(wording.fill(p=program, c=names or "–"))
    return tuple(texts)


def next_change(profile: Profile, derived: Derived, law: Law) -> date:
    """The next day on which any fact of a profile differs from those derived: a birthday, a completed month or year.

    Only the days on which something may change are derived. LOOK_AHEAD_DAYS later at most; sooner for a profile with so
    many open questions that looking ahead costs more than scoring it again.
    """
    now, known = _facts(derived), prepared(profile, law)
    latest, effort = derived.on + timedelta(days=LOOK_AHEAD_DAYS), known.effort
    enough = effort.pieces + MOST_AHEAD
    then = derived
    while (day := known.until(then)) < latest:
        if derived.bounded or effort.pieces > enough:
            return day
        then = known.on(day)
        if _facts(then) != now:
            return day
    return latest


def _facts(derived: Derived) -> list[tuple[Any, Any]]:
    return [(reading.facts, reading.report_choices) for reading in derived.readings]
