"""Which work counts for what: every ledger of a person, under one set of assumptions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import NamedTuple

from expressentry.factors.derive.jobs import ABROAD, SKILLED, Span, Task, code_of, codes, teer
from expressentry.factors.derive.ledger import Interval, Ledger, OccupationWork, Piece, Units, runs
from expressentry.factors.derive.model import Choice
from expressentry.factors.derive.status import CLAIMANT, NONE, STUDY, UNKNOWN
from expressentry.law.law import Law
from expressentry.noc.codes import Version
from expressentry.profile.model import Certificate

Pieces = dict[str, list[Piece]]


class Counted(NamedTuple):
    """The rules of a day by which work is counted: the NOC, self-employed physicians, and what a year is."""

    version: Version
    physicians: bool
    units: Units

    @classmethod
    def on(cls, law: Law, day: date) -> Counted:
        """The rules of a day."""
        evidence = law.evidence.on(day)
        return cls(law.noc_version(day), evidence.physician_self_employment, Units.of(evidence))


class Counting:
    """The ledgers of one person, by the rules of a day and an option for each doubt; a year's rule comes later."""

    def __init__(
        self,
        tasks: tuple[Task, ...],
        certificates: tuple[Certificate, ...],
        law: Law,
        rules: Counted,
        chosen: Choice,
    ) -> None:
        self.version, self.physicians, self.units = rules
        self.chosen, trade_codes, version = chosen, law.trades(rules.version), rules.version
        self.certificates = certificates
        canadian: list[Piece] = []
        foreign: list[Piece] = []
        anywhere: list[Piece] = []
        permitted: list[Piece] = []
        permitted_any: list[Piece] = []
        cec: Pieces = {}
        trades: Pieces = {}
        service: list[Interval] = []
        self.by_code: dict[str, list[tuple[Task, Span, bool]]] = {}
        self.canadian_jobs: list[Task] = []
        self.foreign_jobs: list[Task] = []
        for task, span in _spans(tasks):
            code = code_of(task.job, version, chosen)
            skilled = teer(code, version) <= SKILLED
            pieces = span.pieces(task.rate)
            here = self._in_canada(task)
            counts_here = here and self._counts_in_canada(task, span)
            counts = self._counts(task, span)
            if task.job.recognized_military:
                service.append((span.start, span.end))
            if counts:
                self.by_code.setdefault(code, []).append((task, span, counts_here))
                if code in trade_codes and self._in_a_trade(task):
                    trades.setdefault(code, []).extend(span.pieces(task.rate, self._qualified(task, code)))
            if here and self._permitted(span):
                permitted_any += pieces
                permitted += pieces if skilled else []
            if not skilled:
                continue
            anywhere += pieces if counts else []
            if counts_here:
                canadian += pieces
                self.canadian_jobs.append(task)
                if span.state != CLAIMANT:
                    cec.setdefault(code, []).extend(pieces)
            elif not here:
                foreign += pieces
                self.foreign_jobs.append(task)
        units = self.units
        self.canadian, self.foreign, self.anywhere = (Ledger(one, units) for one in (canadian, foreign, anywhere))
        self.permitted = Ledger(permitted, units, full_time_only=True)
        self.permitted_any = Ledger(permitted_any, units, full_time_only=True)
        self.cec = Ledger(chain.from_iterable(cec.values()), units)
        self.cec_by_code = {code: Ledger(pieces, units) for code, pieces in cec.items()}
        self.trades = {code: Ledger(pieces, units) for code, pieces in trades.items()}
        self.service = runs(service)
        self.occupations = {code: self._occupation(work) for code, work in self.by_code.items()}
        self.primary = {code: work for code, work in self.occupations.items() if teer(code, version) <= SKILLED}

    def _occupation(self, work: list[tuple[Task, Span, bool]]) -> OccupationWork:
        """The work in one occupation; days of leave are not work, whether they end a run is open."""
        pieces = [(piece, here) for task, span, here in work for piece in span.pieces(task.rate)]
        ends = self.chosen.get("leave_in_a_run") == "ends"
        spans = [part for _, span, _ in work for part in (span.worked if ends else ((span.start, span.end),))]
        return OccupationWork(
            Ledger((piece for piece, _ in pieces), self.units),
            Ledger((piece for piece, here in pieces if here), self.units),
            runs(spans),
        )

    def _in_canada(self, task: Task) -> bool:
        return task.canada and not (task.foreign_employer and self.chosen.get("foreign_employer") == "foreign")

    def _permitted(self, span: Span) -> bool:
        """Work permit, study permit or s. 186."""
        if span.state == UNKNOWN:
            return self.chosen.get("status") == "authorised"
        return span.state not in (NONE, ABROAD)

    def _counts_in_canada(self, task: Task, span: Span) -> bool:
        """What the CRS counts as Canadian work, level aside."""
        if not self._permitted(span) or self._student(task, span):
            return False
        if task.job.self_employed and not (self.physicians and task.job.publicly_funded_physician):
            return False
        return span.state != CLAIMANT or self.chosen.get("refugee_claimant") == "counts"

    def _student(self, task: Task, span: Span) -> bool:
        if task.job.full_time_student is None and span.state == STUDY:
            return self.chosen.get("student") == "student"
        return bool(task.job.full_time_student)

    def _counts(self, task: Task, span: Span) -> bool:
        """What the regulations count as work for the 67-point grid, the trades and the categories."""
        if not task.canada or self._permitted(span):
            return True
        return span.state == NONE and self.chosen.get("unauthorised_work") == "counts"

    def _in_a_trade(self, task: Task) -> bool:
        return not task.job.self_employed or self.chosen.get("self_employed_trade") != "does_not"

    def _qualified(self, task: Task, code: str) -> int:
        """The day from which work in a trade counts: after qualifying to practise it."""
        if task.job.qualified_on is not None:
            return task.job.qualified_on.toordinal()
        if self.chosen.get("trade_qualified") != "not_shown":
            return 0
        issued = [one.issued_on.toordinal() for one in self.certificates if code in codes(one, self.version)]
        return min(issued, default=date.max.toordinal())


def _spans(tasks: tuple[Task, ...]) -> Iterator[tuple[Task, Span]]:
    for task in tasks:
        for span in task.spans:
            yield task, span
