"""How much of the work that counts is added up, where the law does not say: several occupations, several periods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expressentry.dates import START
from expressentry.factors.derive.jobs import Task, codes, teer
from expressentry.factors.derive.ledger import Ledger, Units
from expressentry.factors.derive.model import LAW_IS_OPEN, Doubt
from expressentry.factors.derive.status import CLAIMANT, NONE
from expressentry.law.law import Law
from expressentry.law.measures import Measure
from expressentry.noc.codes import Version
from expressentry.profile.labels import entry_names
from expressentry.text import Text

_FOREIGN_PERIODS, _CANADIAN_PERIODS = "foreign_periods", "canadian_periods"
SERVING = "still_serving"
ADDING_UP = ("foreign_occupations", _FOREIGN_PERIODS, _CANADIAN_PERIODS, SERVING)
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
    return Doubt(
        "foreign_occupations",
        Text(
            "whether foreign work in several occupations is added up: {jobs}",
            "si le travail étranger dans plusieurs professions s'additionne : {jobs}",
        ).fill(jobs=entry_names(task.field for task in tasks)),
        LAW_IS_OPEN,
        {
            "added": Text("it is added up", "il s'additionne"),
            "one": Text("only the occupation with the most counts", "seule compte la profession qui en a le plus"),
        },
        law=True,
        place=Text(
            "instructions, s. 25, known from a summary; the department's own tool asks for one occupation only",
            "instructions, art. 25, connu par un résumé; l'outil du ministère ne demande qu'une seule profession",
        ),
        since=min(task.job.start for task in tasks),
    )


def _may_be_there(task: Task, row: Measure) -> bool:
    """Whether a measure may count a job, by its place and level."""
    there = row.where == "anywhere" or task.canada == (row.where == "canada") or task.foreign_employer
    return there and any(_levels(task, row))


def _levels(task: Task, row: Measure) -> list[bool]:
    """For each occupation that a job may be in, whether it is of a level that a measure counts."""
    versions: tuple[Version, ...] = (2016, 2021)
    known = {(version, code) for version in versions for code in codes(task.job, version)}
    return [row.occupations.teer is None or teer(code, version) in row.occupations.teer for version, code in known]


def _may_be_several(tasks: Sequence[Task], row: Measure, law: Law) -> bool:
    """Whether work may be in several periods: it has a gap, or days within it may not count."""
    pieces = [piece for task in tasks for span in task.spans for piece in span.pieces()]
    # What is all at work on one day is one period, whichever of it counts.
    if not pieces or max(start for start, _, _ in pieces) <= min(end for _, end, _ in pieces):
        return False
    units = Units.of(law.evidence.on(START))
    periods = Ledger(pieces, units, full_time_only=row.full_time_only).periods
    whole = sum(len(task.spans) for task in tasks) == 1 or all(_surely_counts(task, row) for task in tasks)
    return len(periods) > 1 or (bool(periods) and not whole)


def _surely_counts(task: Task, row: Measure) -> bool:
    """Whether a measure counts every day of a job, whatever is assumed."""
    named = row.occupations.list is None and not row.occupations.trades and all(_levels(task, row))
    plain = not (task.foreign_employer or task.job.self_employed or task.job.full_time_student)
    sure = all(not span.doubt and not span.studies and span.state not in (NONE, CLAIMANT) for span in task.spans)
    return named and plain and sure


def _foreign_periods(tasks: list[Task]) -> Doubt:
    return Doubt(
        "foreign_periods",
        Text(
            "whether foreign work in several periods is added up: {jobs}",
            "si le travail étranger en plusieurs périodes s'additionne : {jobs}",
        ).fill(jobs=entry_names(task.field for task in tasks)),
        LAW_IS_OPEN,
        {
            "added": Text("it is added up", "il s'additionne"),
            "longest": Text("only the longest continuous period counts", "seule la plus longue période compte"),
        },
        law=True,
        place=Text(
            "instructions, s. 25, known from a summary that says “continuous”; the department's own tool asks for "
            "the total of the years",
            "instructions, art. 25, connu par un résumé qui dit « continu »; l'outil du ministère demande le total "
            "des années",
        ),
        since=min(task.job.start for task in tasks),
    )


def _canadian_periods(tasks: list[Task]) -> Doubt:
    return Doubt(
        "canadian_periods",
        Text(
            "whether full-time work in Canada in several periods makes the year of the 67-point grid: {jobs}",
            "si le travail à temps plein au Canada en plusieurs périodes fait l'année de la grille de 67 points : "
            "{jobs}",
        ).fill(jobs=entry_names(task.field for task in tasks)),
        LAW_IS_OPEN,
        {
            "added": Text("they are added up", "elles s'additionnent"),
            "longest": Text("one of them must be a year", "l'une d'elles doit durer un an"),
        },
        law=True,
        place=Text(
            "IRPR 83(1)(c), “any previous period”; the French text names no period",
            "RIPR 83(1)c); le texte anglais dit « any previous period », le texte français ne parle pas de période",
        ),
        since=min(task.job.start for task in tasks),
    )
