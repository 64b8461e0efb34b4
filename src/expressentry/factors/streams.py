"""What is known of a person as seen from one province: what was stated for it, and what the documents show.

For each column every value that it may have; a column that is left out is not known at all. Nothing is assumed: what
the documents leave open is a range.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from expressentry.dates import anniversary, months_on
from expressentry.factors.derive.assessors import valid_assessments
from expressentry.factors.derive.jobs import ABROAD, Span, Task, tasks_of
from expressentry.factors.derive.ledger import Ledger, Piece, Units
from expressentry.factors.derive.status import CLAIMANT, NONE, UNKNOWN, ImmigrationStatus
from expressentry.law.law import Law
from expressentry.law.schema import Columns
from expressentry.law.streams import PROVINCES, Count
from expressentry.noc.codes import noc2021
from expressentry.noc.codes import teer as teer_of
from expressentry.profile.countries import CANADA
from expressentry.profile.model import Profile

Values = Sequence[Any]
PROVINCE = "province"

_KINDS: Mapping[str, tuple[str, str]] = {
    "secondary": ("secondary", "secondary"),
    "under_one_year": ("none", "secondary"),
    "one_year": ("under_two_years", "under_two_years"),
    "two_year": ("two_years", "associate"),
    "three_year": ("two_years", "bachelor"),
    "post_bachelors": ("postgraduate", "postgraduate"),
    "postgraduate": ("postgraduate", "postgraduate"),
    "professional": ("bachelor", "masters"),
    "masters": ("masters", "masters"),
    "doctoral": ("doctoral", "doctoral"),
    "none": ("none", "none"),
}
"""The least and the most that a level of a credential may be by kind: a program of three years may be a diploma."""

_NO_OFFER: Mapping[str, Any] = {
    "offer": "none",
    "offer_wage": 0,
    "works_there": False,
    "employer_months": 0,
    "position_months": 0,
    "offer_by_authority": False,
}
_ELSEWHERE: Mapping[str, Any] = {
    "legal_status": True,
    "refugee_claimant": False,
    "lives_other_province": False,
    "permit_here": "none",
    "lived_here_months": 0,
}
"""What is so of a person who lives outside Canada."""
_NO_CANADIAN_WORK: Mapping[str, Any] = {"other_here_months": 0, "earnings": 0}
_NO_CANADIAN_CREDENTIAL: Mapping[str, Any] = {
    "credential_where": "abroad",
    "canadian_credentials": 0,
    "college_graduate_certificate": False,
    "graduate_here_years": 0,
    "recent_graduate_here": False,
}
_NO_PARTNER: Mapping[str, Any] = {"partner_work_3y": False}
_NO_RELATIVES: Mapping[str, Any] = {"relative_parent_or_sibling": False, "relative_child": False}


def stated_everywhere(provinces: Iterable[Mapping[str, Any]] | None, everywhere: frozenset[str]) -> dict[str, Any]:
    """What a person stated for one province that is the same for all: the columns of `everywhere`."""
    return {name: value for one in provinces or () for name, value in one.items() if name in everywhere}


def stated_for(provinces: Iterable[Mapping[str, Any]] | None, province: str) -> dict[str, Any]:
    """What a person stated for a province."""
    found = next((one for one in provinces or () if one[PROVINCE] == province), {})
    return {name: value for name, value in found.items() if name != PROVINCE}


def stream_values(
    said: Mapping[str, Any], columns: Columns, documents: Documents | None, province: str
) -> dict[str, Values]:
    """Every value of the columns of a province: as stated, else as the documents show."""
    found: dict[str, Values] = {name: (value,) for name, value in said.items()}
    code = said.get("nominee_noc")
    if code is not None:
        found |= {"nominee_teer": (teer_of(code),), "nominee_broad": (int(code[0]),)}
    shown = {} if documents is None else documents.of(province, code)
    if said.get("offer") == "none":
        shown |= {name: (value,) for name, value in _NO_OFFER.items()}
    return {name: values for name, values in shown.items() if name in columns.by_name} | found


class Documents:
    """The documents of a profile on a day, read once for all provinces."""

    def __init__(self, profile: Profile, on: date, law: Law) -> None:
        self.profile, self.on, self.law = profile, on, law
        units = Units.of(law.evidence.on(on))
        self._jobs: _Jobs = profile.once(("work by province", units), lambda: _Jobs(profile, units))
        self._found: dict[tuple[str, str, str | None], Values] = {}
        self._totals: dict[_Work, int] = {}

    @property
    def provinces(self) -> frozenset[str]:
        """The provinces in which a job was: every other one sees the same work."""
        return self._jobs.provinces

    def of(self, province: str, code: str | None) -> dict[str, Values]:
        """What they show as seen from a province; `code` is the occupation for the nomination, where it is known."""
        return {**self._person, **self._work(province, code)}

    @cached_property
    def _person(self) -> dict[str, Values]:
        """What is the same for every province."""
        person, profile = self.profile.person, self.profile
        found: dict[str, Any] = {}
        outside = person.lives_in is not None and person.lives_in != CANADA
        if outside:
            found |= _ELSEWHERE
        elif person.status is not None:
            held = [one for one in person.status if one.start <= self.on and (one.end is None or self.on <= one.end)]
            found["refugee_claimant"] = any(one.kind == "refugee_claimant" for one in held)
            if any(one.kind not in ("none", "refugee_claimant") for one in held):
                found["legal_status"] = True
        if profile.partner is None or not profile.partner.is_one(self.on):
            found |= _NO_PARTNER
        if not person.relatives:
            found |= _NO_RELATIVES
        if not any(job.worked_in == CANADA for job in person.work):
            found |= _NO_CANADIAN_WORK
        if not any(one.country == CANADA for one in person.credentials):
            found |= _NO_CANADIAN_CREDENTIAL
        here = [job for job in person.work if job.worked_in == CANADA and job.goes_on(self.on)]
        if not profile.job_offers and not here:
            found |= _NO_OFFER
        if any(one.issued_on <= self.on and (one.end is None or self.on <= one.end) for one in person.certificates):
            found["trade_certificate_held"] = True
        return {**{name: (value,) for name, value in found.items()}, **self._education()}

    def _education(self) -> dict[str, Values]:
        order = self.law.streams.columns["highest_credential"].values
        ends: list[tuple[int, int]] = [(0, 0)]
        years: list[tuple[int, int]] = []
        for one in self.profile.person.credentials:
            if one.completed_on is None or one.completed_on > self.on:
                continue
            levels, sure = [str(one.level)], True
            if one.country != CANADA:
                evidence = self.law.evidence.on(self.on)
                found = [str(a.result) for a in valid_assessments(one, self.on, evidence)]
                levels, sure = (found, True) if one.assessments is not None else (levels, False)
            for level in levels:
                low, high = (order.index(end) for end in _KINDS[level])
                ends.append((low if sure else 0, high))
                shortest, longest = _YEARS.get(level, (0, max(self.law.streams.columns["program_years"].values)))
                years.append((shortest if sure else 0, longest))
        low, high = (max(one[end] for one in ends) for end in (0, 1))
        least, most = (max([one[end] for one in years], default=0) for end in (0, 1))
        two = [sum(one[end] >= _TWO for one in years) >= _TWO for end in (0, 1)]
        return {
            "highest_credential": tuple(order[low : high + 1]),
            "program_years": range(least, most + 1),
            "two_programs": tuple(dict.fromkeys(two)),
        }

    def _work(self, province: str, code: str | None) -> dict[str, Values]:
        """Work by place, window and occupation: from what surely counts to what may."""
        return {
            name: self._counts(name, count, province if count.by_province else "", code if count.related else None)
            for name, count in self.law.streams.counts.items()
        }

    def _counts(self, name: str, count: Count, province: str, code: str | None) -> Values:
        """Every value of one count; those that no province changes are worked out once."""
        key = (name, province, code)
        if key not in self._found:
            cap = self.law.streams.columns[name].values[-1]
            low, high = (min(self._total(one), cap) for one in self._jobs.ends(count, province, code))
            self._found[key] = range(low, high + 1)
        return self._found[key]

    def _total(self, work: _Work) -> int:
        """Whole years or months of some work in its window; the same work is added up once."""
        if work not in self._totals:
            self._totals[work] = self._jobs.total(work, self.on)
        return self._totals[work]


class _Work(NamedTuple):
    """Some jobs, their days that surely count or those that may, and the window and unit in which they are counted."""

    taken: tuple[bool, ...]
    sure: bool
    window: tuple[int, ...]
    unit: str


class _Jobs:
    """The jobs of a person, whatever the day."""

    def __init__(self, profile: Profile, units: Units) -> None:
        self.units = units
        self.tasks = tasks_of(profile.person, "person", ImmigrationStatus(profile.person.status))
        self.provinces = frozenset(task.job.province for task in self.tasks if task.job.province is not None)
        self._pieces: dict[bool, list[list[Piece]]] = {
            sure: [
                [piece for span in task.spans if _authorized(span, sure=sure) for piece in span.pieces()]
                for task in self.tasks
            ]
            for sure in (True, False)
        }
        self._ledgers: dict[tuple[tuple[bool, ...], bool], Ledger] = {}

    def ends(self, count: Count, province: str, code: str | None) -> tuple[_Work, _Work]:
        """The work that a count surely takes, and that which it may."""
        tests = [_counted(count, task, province, code) for task in self.tasks]
        surely = tuple(test is True for test in tests)
        maybe = tuple(test is not False for test in tests)
        return _Work(surely, True, count.window, count.unit), _Work(maybe, False, count.window, count.unit)

    def total(self, work: _Work, on: date) -> int:
        """Whole years or months of some work in its window on a day."""
        if True not in work.taken:
            return 0
        near, far = work.window or (0, None)
        end = anniversary(on, -near).toordinal()
        start = 0 if far is None else anniversary(on, -far).toordinal()
        ledger = self._ledger(work.taken, work.sure)
        return (ledger.years if work.unit == "years" else ledger.months)(start, end, "hours")

    def _ledger(self, taken: tuple[bool, ...], sure: bool) -> Ledger:
        key = (taken, sure)
        if key not in self._ledgers:
            jobs = (pieces for pieces, one in zip(self._pieces[sure], taken, strict=True) if one)
            self._ledgers[key] = Ledger([piece for pieces in jobs for piece in pieces], self.units)
        return self._ledgers[key]


def days_of_counts(
    profile: Profile, start: date, until: date, law: Law, most: int | None = None
) -> tuple[set[date], date]:
    """The days after a first one on which a count of work by place and window is another than on the day before.

    Also the last day looked at: `until`, or an earlier one where `most` sums of work were made before it.
    """
    codes: set[str | None] = {None, *(one.get("nominee_noc") for one in profile.provinces or ())}
    found, before, jobs, units = set[date](), dict[_Work, int](), None, None
    works, made = list[_Work](), 0
    for number in range(start.toordinal(), until.toordinal() + 1):
        day, made = date.fromordinal(number), made + len(works)
        if most is not None and made > most:
            return found, day - timedelta(days=1)
        if units != (of_day := Units.of(law.evidence.on(day))):
            units, jobs = of_day, _Jobs(profile, of_day)
            works = list(_works(jobs, law, codes))
        after = {work: jobs.total(work, day) for work in works} if jobs is not None else {}
        if before and after != before:
            found.add(day)
        before = after
    return found, until


def _works(jobs: _Jobs, law: Law, codes: Iterable[str | None]) -> Iterable[_Work]:
    """All work that some count takes, seen from any province."""
    ends = (
        work
        for count in law.streams.counts.values()
        for province in (PROVINCES if count.by_province else ("",))
        for code in (codes if count.related else (None,))
        for work in jobs.ends(count, province, code)
        if True in work.taken
    )
    return dict.fromkeys(ends)


def _counted(count: Count, task: Task, province: str, code: str | None) -> bool | None:
    """Whether a count takes the work of a job; None where the documents do not say."""
    job, end = task.job, task.spans[-1].end if task.spans else 0
    tests: list[bool | None] = [True]
    if count.where == "canada":
        tests.append(task.canada)
    elif count.where != "anywhere":
        named = None if job.province is None else (job.province == province) == (count.where == "here")
        tests.append(named if task.canada else False)
    if count.teer:
        tests.append(None if job.noc2021 not in noc2021() else teer_of(job.noc2021) in count.teer)
    if count.related:
        tests.append(True if code is not None and job.noc2021 == code else None)
    if count.job_months:
        tests.append(months_on(job.start, count.job_months).toordinal() <= end)
    return False if False in tests else None if None in tests else True


_TWO = 2
_YEARS: Mapping[str, tuple[int, int]] = {
    "none": (0, 0),
    "secondary": (0, 0),
    "under_one_year": (0, 0),
    "one_year": (1, 1),
    "two_year": (2, 2),
    "three_year": (3, 3),
}


def _authorized(span: Span, *, sure: bool) -> bool:
    """Whether work counts as authorized: work abroad does; days without a known permit only may."""
    if span.state in (NONE, CLAIMANT):
        return False
    return span.state == ABROAD or not sure or not (span.doubt or span.state == UNKNOWN)
