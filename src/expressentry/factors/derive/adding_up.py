"""How much of the work that counts is added up, where the law does not say: several occupations, several periods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter

from expressentry.dates import START
from expressentry.factors.derive.jobs import Task, codes, law_doubt, teer
from expressentry.factors.derive.ledger import Interval, Ledger, Units, runs
from expressentry.factors.derive.model import Doubt
from expressentry.factors.derive.status import CLAIMANT, NONE
from expressentry.law.law import Law
from expressentry.law.measures import Measure
from expressentry.noc.codes import Version
from expressentry.text import Text

OCCUPATIONS, _FOREIGN_PERIODS, _CANADIAN_PERIODS = "foreign_occupations", "foreign_periods", "canadian_periods"
SERVING = "still_serving"
ADDING_UP = (OCCUPATIONS, _FOREIGN_PERIODS, _CANADIAN_PERIODS, SERVING)
"""The doubts over how much of the work or service that counts is taken into account."""


def period_doubt(row: Measure) -> str:
    """The id of the doubt over whether several periods of the work of a measure add up."""
    return _FOREIGN_PERIODS if row.where == "abroad" else _CANADIAN_PERIODS


def adding_up(tasks: Sequence[Task], owner: str, law: Law) -> Iterator[Doubt]:
    """The doubts over whether work in several occupations, or in several periods, adds up."""
    rows = [one for one in law.measures.rows if one.whose == owner and one.counts == "work"]
    outside = [task for task in tasks if not task.canada or task.foreign_employer]
    if _several_occupations(outside) and any(row.one_occupation == "open" for row in rows):
        yield _foreign_occupations(outside)
    open_ = [row for row in rows if row.one_period == "open"]
    for make, name in ((_foreign_periods, _FOREIGN_PERIODS), (_canadian_periods, _CANADIAN_PERIODS)):
        found: dict[str, Task] = {}
        for row in open_:
            if period_doubt(row) == name:
                theirs = [task for task in tasks if _may_be_there(task, row)]
                if _may_be_several(theirs, row, law):
                    found |= {task.field: task for task in theirs}
        if found:
            yield make(list(found.values()))


def _several_occupations(tasks: Sequence[Task]) -> bool:
    versions: tuple[Version, ...] = (2016, 2021)
    return any(len({codes(task.job, version) for task in tasks}) > 1 for version in versions)


def _foreign_occupations(tasks: Sequence[Task]) -> Doubt:
    return law_doubt(
        OCCUPATIONS,
        Text(
            "whether foreign work in several occupations is added up: {jobs}",
            "si le travail étranger dans plusieurs professions s'additionne : {jobs}",
        ),
        {
            "added": Text("it is added up", "il s'additionne"),
            "one": Text("only the occupation with the most counts", "seule compte la profession qui en a le plus"),
        },
        Text(
            "instructions, s. 25, known from a summary; the department's own tool asks for one occupation only",
            "instructions, art. 25, connu par un résumé; l'outil du ministère ne demande qu'une seule profession",
        ),
        tasks,
    )


def _may_be_there(task: Task, row: Measure) -> bool:
    """Whether a measure may count a job, by its place and level."""
    there = row.where == "anywhere" or task.canada == (row.where == "canada") or task.foreign_employer
    return there and any(_levels(task, row))


def _levels(task: Task, row: Measure) -> list[bool]:
    """For each occupation that a job may be in, whether it is of a level that a measure counts."""
    levels = row.occupations.teer
    return [levels is None or teer(code, version) in levels for version, code in _occupations(task)]


def _occupations(task: Task) -> set[tuple[Version, str]]:
    """Every occupation that a job may be in."""
    versions: tuple[Version, ...] = (2016, 2021)
    return {(version, code) for version in versions for code in codes(task.job, version)}


def _may_be_several(tasks: Sequence[Task], row: Measure, law: Law) -> bool:
    """Whether work may be in several periods: all of it, or that in one occupation where only one may count."""
    sure = [task for task in tasks if _surely_counts(task, row)]
    if _in_several(sure, [task for task in tasks if task not in sure], row, law):
        return True
    if row.one_occupation == "no":
        return False
    groups: dict[tuple[Version, str], list[Task]] = {}
    for task in tasks:
        for version, code in _occupations(task):
            groups.setdefault((version, code), []).append(task)
    for (version, _), group in groups.items():
        surely = [task for task in group if task in sure and len(codes(task.job, version)) == 1]
        if _in_several(surely, [task for task in group if task not in surely], row, law):
            return True
    return False


def _in_several(sure: Sequence[Task], perhaps: Sequence[Task], row: Measure, law: Law) -> bool:
    """Whether some jobs that count, with some others that may or may not, can be in several periods."""
    pieces = [piece for task in (*sure, *perhaps) for span in task.spans for piece in span.pieces()]
    if not pieces or max(start for start, _, _ in pieces) <= min(end for _, end, _ in pieces):
        return False  # what is all at work on one day is one period, whichever of it counts
    if any(len(task.spans) > 1 for task in perhaps):
        return True  # a part of it may count
    if row.full_time_only and perhaps and len(sure) + len(perhaps) > 1:
        return True  # several jobs may be full time together on some days only
    units = Units.of(law.evidence.on(START))

    def periods(*some: Task) -> list[Interval]:
        pieces = (piece for task in some for span in task.spans for piece in span.pieces())
        return Ledger(pieces, units, full_time_only=row.full_time_only).periods

    if sure:
        return any(len(periods(*sure, *some)) > 1 for some in [(), *((task,) for task in perhaps)])
    alone = [periods(task) for task in perhaps]
    if any(len(one) > 1 for one in alone):
        return True
    runs_ = [one[0] for one in alone if one]
    return bool(runs_) and len(runs([min(runs_, key=itemgetter(1)), max(runs_)])) > 1


def _surely_counts(task: Task, row: Measure) -> bool:
    """Whether a measure counts every day of a job, whatever is assumed."""
    named = row.occupations.list is None and not row.occupations.trades and all(_levels(task, row))
    plain = not (task.foreign_employer or task.job.self_employed or task.job.full_time_student)
    sure = all(not span.doubt and not span.studies and span.state not in (NONE, CLAIMANT) for span in task.spans)
    return named and plain and sure


def _foreign_periods(tasks: Sequence[Task]) -> Doubt:
    return law_doubt(
        _FOREIGN_PERIODS,
        Text(
            "whether foreign work in several periods is added up: {jobs}",
            "si le travail étranger en plusieurs périodes s'additionne : {jobs}",
        ),
        {
            "added": Text("it is added up", "il s'additionne"),
            "longest": Text("only the longest continuous period counts", "seule la plus longue période compte"),
        },
        Text(
            "instructions, s. 25, known from a summary that says “continuous”; the department's own tool asks for "
            "the total of the years",
            "instructions, art. 25, connu par un résumé qui dit « continu »; l'outil du ministère demande le total "
            "des années",
        ),
        tasks,
    )


def _canadian_periods(tasks: Sequence[Task]) -> Doubt:
    return law_doubt(
        _CANADIAN_PERIODS,
        Text(
            "whether full-time work in Canada in several periods makes the year of the 67-point grid: {jobs}",
            "si le travail à temps plein au Canada en plusieurs périodes fait l'année de la grille de 67 points : "
            "{jobs}",
        ),
        {
            "added": Text("they are added up", "elles s'additionnent"),
            "longest": Text("one of them must be a year", "l'une d'elles doit durer un an"),
        },
        Text(
            "IRPR 83(1)(c), “any previous period”; the French text names no period",
            "RIPR 83(1)c); le texte anglais dit « any previous period », le texte français ne parle pas de période",
        ),
        tasks,
    )
