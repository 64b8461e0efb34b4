"""Jobs made ready for counting: their days, what allowed the work in Canada, and their occupation on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from expressentry.factors.derive.ledger import HUNDREDTHS, OPEN, Interval, Piece, without
from expressentry.factors.derive.model import LAW_IS_OPEN, Doubt
from expressentry.factors.derive.status import Authority, ImmigrationStatus
from expressentry.law.measures import Listed, Occupations
from expressentry.noc.codes import Version, noc2016, noc2021, skill_level, to_2016, to_2021
from expressentry.noc.codes import teer as teer_of
from expressentry.profile.countries import CANADA
from expressentry.profile.labels import entry_name, entry_names
from expressentry.profile.model import Certificate, Individual, Job, Offer
from expressentry.text import Text

ABROAD = "abroad"
_LEVELS = {"0": 0, "A": 1, "B": 2, "C": 4, "D": 5}


@cache
def teer(code: str, version: Version) -> int:
    """The TEER of an occupation; for the NOC 2016 its skill level, where A is 1 and B is 2."""
    return teer_of(code) if version == 2021 else _LEVELS[skill_level(code)]


def codes(entry: Job | Certificate | Offer, version: Version) -> tuple[str, ...]:
    """The codes of a version that an entry may have: its own, else the counterparts of the other version's."""
    own, other = (entry.noc2021, entry.noc2016) if version == 2021 else (entry.noc2016, entry.noc2021)
    if own is not None:
        return (own,)
    return to_2021(other) if version == 2021 else to_2016(other)


def doubt_id(entry: Job | Certificate | Offer, version: Version) -> str:
    """The id of the doubt over an entry's occupation: that of the code that was given."""
    return f"noc:{entry.noc2016 if version == 2021 else entry.noc2021}"


def code_of(entry: Job | Certificate | Offer, version: Version, chosen: Mapping[str, str]) -> str:
    """The occupation of an entry in a version; among several counterparts the one that is assumed."""
    all_codes = codes(entry, version)
    return all_codes[0] if len(all_codes) == 1 else chosen.get(doubt_id(entry, version), all_codes[0])


def counts_in(occupations: Occupations, code: str, version: Version, listed: Listed, trades: frozenset[str]) -> bool:
    """Whether an occupation is one of those that a measure of the law names."""
    if occupations.trades:
        return code in trades
    if occupations.list is not None:
        tier = listed.tier(occupations.list, code)
        return tier is not None and occupations.tier in (None, tier)
    return occupations.teer is None or teer(code, version) in occupations.teer


@dataclass(frozen=True, slots=True)
class Span:
    """Days of employment that one status covers, and those of them that were worked, each at its rate.

    A rate is in hundredths of an hour a week. `studies` and `doubt` are those of the authority to work.
    """

    start: int
    end: int
    state: str
    worked: tuple[Piece, ...]
    studies: bool = False
    doubt: str = ""

    def pieces(self, since: int = 0) -> list[Piece]:
        """What was worked, from a day on."""
        if not since:
            return [piece for piece in self.worked if piece[0] < piece[1]]
        return [(max(start, since), end, rate) for start, end, rate in self.worked if max(start, since) < end]


def job_name(field: str, job: Job) -> Text:
    """A job as people name it: its number, its occupation, and its employer where that is given."""
    title = noc2021()[job.noc2021].title if job.noc2021 else noc2016()[job.noc2016].title
    whose = f", {job.employer}" if job.employer else ""
    return Text("{job} ({title}{whose})", "{job} ({title}{whose})").fill(
        job=entry_name(field), title=title, whose=whose
    )


@dataclass(frozen=True, slots=True)
class Task:
    """One job, its days cut by what allowed the work."""

    field: str
    job: Job
    canada: bool
    foreign_employer: bool
    spans: tuple[Span, ...]

    @property
    def title(self) -> Text:
        """The job as reasons name it."""
        return job_name(self.field, self.job)


def law_doubt(id_: str, asked: Text, options: Mapping[str, Text], place: Text, tasks: Sequence[Task]) -> Doubt:
    """A doubt over what the law says of some jobs, from the first day of the first of them; `asked` names {jobs}."""
    jobs, since = entry_names(task.field for task in tasks), min(task.job.start for task in tasks)
    return Doubt(id_, asked.fill(jobs=jobs), LAW_IS_OPEN, options, law=True, place=place, since=since)


def tasks_of(whose: Individual, owner: str, immigration: ImmigrationStatus) -> tuple[Task, ...]:
    """Every paid job of a person; unpaid work is not work (IRPR 73(1))."""
    found = []
    for position, job in enumerate(whose.work, 1):
        if not job.paid:
            continue
        start = job.start.toordinal()
        end = OPEN if job.end is None else job.end.toordinal() + 1
        holes = [
            (leave.start.toordinal(), OPEN if leave.end is None else leave.end.toordinal() + 1) for leave in job.leave
        ]
        canada = job.worked_in == CANADA
        held = [Authority(start, end, ABROAD)]
        if canada:
            held = immigration.stretches(start, end, employer=job.employer)
        rates = _rates(job, start, end)
        spans = tuple(
            Span(one.start, one.end, one.state, _worked(one, holes, rates), one.studies, one.doubt) for one in held
        )
        foreign = job.employer_country not in (None, CANADA)
        found.append(Task(f"{owner}.work[{position}]", job, canada, canada and foreign, spans))
    return tuple(found)


def _rates(job: Job, start: int, end: int) -> list[Piece]:
    """The hours a week of each day of a job, in hundredths: the usual ones wherever no others are given."""
    usual, weeks = round(job.hours_per_week * HUNDREDTHS), sorted(job.varying_hours, key=lambda one: one.start)
    if not weeks:
        return [(start, end, usual)]
    found, nexts = list[Piece](), [*(one.start.toordinal() for one in weeks[1:]), end]
    for one, following in zip(weeks, nexts, strict=True):
        last = following if one.end is None else one.end.toordinal() + 1
        found.append((one.start.toordinal(), min(last, end), round(one.hours_per_week * HUNDREDTHS)))
    others = without((start, end), [(first, last) for first, last, _ in found])
    return sorted([*found, *((first, last, usual) for first, last in others if first < last)])


def _worked(held: Authority, holes: list[Interval], rates: list[Piece]) -> tuple[Piece, ...]:
    """The days of a stretch that are not leave, each at its rate."""
    return tuple(
        (*days, rate)
        for start, end, rate in rates
        if max(start, held.start) < min(end, held.end)
        for days in without((max(start, held.start), min(end, held.end)), holes)
    )
