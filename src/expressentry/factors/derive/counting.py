"""Which work counts for what: every ledger of a person, under one set of assumptions."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import NamedTuple

from expressentry.factors.derive.jobs import ABROAD, Span, Task, code_of, codes, counts_in
from expressentry.factors.derive.ledger import Interval, Ledger, OccupationWork, Piece, Units, runs
from expressentry.factors.derive.model import Choice
from expressentry.factors.derive.status import CLAIMANT, NONE
from expressentry.law.law import Law
from expressentry.law.measures import Listed, Measure
from expressentry.noc.codes import Version
from expressentry.profile.model import Certificate

CANADIAN = "canada"
LEAVE = "leave_in_a_run"
"""The doubt over whether leave ends a run of work: of those that `Counting` knows the one that leaves all ledgers."""

ANY_EMPLOYER = "any_employer"
"""The doubt over whether work in Canada on a permit counts for the 67-point grid whoever the employer is."""

_FOREIGN_EMPLOYER = {"canadian": CANADIAN, "foreign": ABROAD, "neither": "nowhere"}
"""Where work in Canada for an employer abroad counts as done, by the reading."""


class Counted(NamedTuple):
    """The rules of a day by which work is counted.

    The NOC, self-employed physicians, whether work for an employer abroad may be Canadian, what a year is, and lists.
    """

    version: Version
    physicians: bool
    foreign_canadian: bool
    units: Units
    listed: Listed

    @classmethod
    def on(cls, law: Law, day: date) -> Counted:
        """The rules of a day."""
        evidence = law.evidence.on(day)
        exceptions = evidence.physician_self_employment, evidence.foreign_employer_canadian
        return cls(law.noc_version(day), *exceptions, Units.of(evidence), law.measures.lists_on(day))


class Stretch(NamedTuple):
    """Days of one job of one state, with what decides whether they count.

    `where` is canada, abroad, or nowhere for work that is neither Canadian nor foreign work.
    """

    task: Task
    span: Span
    code: str
    where: str
    permitted: bool
    counts: bool
    counts_here: bool


class Counting:
    """The ledgers of one person, by the rules of a day and an option for each doubt; a year's rule comes later.

    A measure says which work a ledger has; measures that count the same work share one.
    """

    def __init__(
        self,
        tasks: tuple[Task, ...],
        certificates: tuple[Certificate, ...],
        law: Law,
        rules: Counted,
        chosen: Choice,
        same: Counting | None = None,
    ) -> None:
        """With `same`, what counts the same work for the same rules: it differs in no option but that of LEAVE."""
        self.version, self.physicians, self.foreign_canadian, self.units, self.listed = rules
        self.chosen, self.certificates, self._same = chosen, certificates, same
        self._trade_codes = law.trades(rules.version)
        self._works: dict[Measure, dict[str, OccupationWork]] = {}
        self._occupations: dict[tuple[int, ...], OccupationWork] = {}
        counted = (
            [self.stretch(task, span) for task in tasks for span in task.spans] if same is None else same.stretches
        )
        self.stretches: list[Stretch] = counted
        self._taken: dict[Measure, list[Stretch]] = {} if same is None else same._taken
        # A measure is told from others by identity, at once; which work it counts is a long key, asked for once each.
        self._ledgers: dict[Measure, Ledger] = {} if same is None else same._ledgers
        self._shared: dict[tuple[object, ...], Ledger] = {} if same is None else same._shared
        # Measures differ in what they may count; of most people they count the same stretches.
        self._of_stretches: dict[tuple[int | bool, ...], Ledger] = {} if same is None else same._of_stretches

    def stretch(self, task: Task, span: Span) -> Stretch:
        """Days of one job of one state, and whether they count."""
        where, permitted = self._where(task), self._permitted(span)
        counts_here = where == CANADIAN and self._counts_in_canada(task, span)
        code = code_of(task.job, self.version, self.chosen)
        return Stretch(task, span, code, where, permitted, self._counts(task, span), counts_here)

    def of(self, measure: Measure) -> list[Stretch]:
        """The work that a measure counts."""
        found = self._taken.get(measure)
        if found is None:
            found = self._taken[measure] = [one for one in self.stretches if self.takes(measure, one)]
        return found

    def ledger(self, measure: Measure) -> Ledger:
        """The work that a measure counts, as one ledger."""
        found = self._ledgers.get(measure)
        if found is None:
            found = self._shared.get(measure.work)
            if found is None:
                found = self._shared[measure.work] = self._ledger(self.of(measure), measure.full_time_only)
            self._ledgers[measure] = found
        return found

    def _ledger(self, work: list[Stretch], full_time_only: bool) -> Ledger:
        """Some stretches of work as one ledger."""
        key = (full_time_only, *map(id, work))  # the stretches live as long as this does
        if key not in self._of_stretches:
            pieces = (piece for one in work for piece in one.span.pieces())
            self._of_stretches[key] = Ledger(pieces, self.units, full_time_only=full_time_only)
        return self._of_stretches[key]

    def by_code(self, measure: Measure) -> dict[str, OccupationWork]:
        """The work that a measure counts, by occupation."""
        if measure not in self._works:
            found: dict[str, list[Stretch]] = {}
            for one in self.of(measure):
                found.setdefault(one.code, []).append(one)
            self._works[measure] = {code: self._occupation(work) for code, work in found.items()}
        return self._works[measure]

    @cached_property
    def trades(self) -> dict[str, Ledger]:
        """The work in each trade, from the day from which the person may practise it."""
        if self._same is not None:
            return self._same.trades
        found: dict[str, list[Piece]] = {}
        for one in self.stretches:
            if one.counts and one.code in self._trade_codes and self._in_a_trade(one.task):
                pieces = one.span.pieces(self._qualified(one.task, one.code))
                found.setdefault(one.code, []).extend(pieces)
        return {code: Ledger(pieces, self.units) for code, pieces in found.items()}

    @cached_property
    def service(self) -> list[Interval]:
        """The runs of service in a recognized foreign military."""
        return runs((one.span.start, one.span.end) for one in self.stretches if one.task.job.recognized_military)

    def _occupation(self, work: list[Stretch]) -> OccupationWork:
        """The work in one occupation; days of leave are not work, whether they end a run is open."""
        key = tuple(map(id, work))
        if key in self._occupations:
            return self._occupations[key]
        whole = [(one.span.start, one.span.end) for one in work]
        spans = [(start, end) for one in work for start, end, _ in one.span.worked] if self.leave_ends_a_run else whole
        here = self._ledger([one for one in work if one.counts_here], False)
        found = self._occupations[key] = OccupationWork(self._ledger(work, False), here, runs(spans))
        return found

    def takes(self, measure: Measure, one: Stretch) -> bool:
        """Whether a measure counts a stretch of work."""
        if not counts_in(measure.occupations, one.code, self.version, self.listed, self._trade_codes):
            return False
        if measure.where == "anywhere":
            return one.counts and (one.where != CANADIAN or self._takes_here(measure, one))
        placed = one.where == measure.where or self._here_all_the_same(measure, one)
        return placed and (measure.where != CANADIAN or self._takes_here(measure, one))

    def _here_all_the_same(self, measure: Measure, one: Stretch) -> bool:
        """Whether work in Canada for an employer abroad is work in Canada for a measure that names no employer."""
        if measure.where != CANADIAN or not one.task.foreign_employer:
            return False
        open_ = measure.foreign_employer == "open" and self.chosen.get(ANY_EMPLOYER) == "counts"
        return open_ or measure.foreign_employer == "yes"

    def _takes_here(self, measure: Measure, one: Stretch) -> bool:
        """Whether a measure counts a stretch of work in Canada, its occupation aside."""
        permitted = measure.authorized != "yes" or one.permitted
        studied = measure.full_time_student == "no" and self._student(one.task, one.span)
        alone = measure.self_employed == "no" and self._own_account(one.task)
        claims = one.span.state == CLAIMANT and measure.refugee_claimant != "yes"
        claimed = claims and not (measure.refugee_claimant == "open" and self._claims_count())
        return permitted and not (studied or alone or claimed)

    def left_out(self, measure: Measure, one: Stretch) -> str | None:
        """Why a measure leaves out work at its place: the first reason, by a key; None for what it takes."""
        if measure.where not in (one.where, "anywhere") or self.takes(measure, one):
            return None
        if not counts_in(measure.occupations, one.code, self.version, self.listed, self._trade_codes):
            return "occupation"
        if not one.permitted:
            return "authority"
        if measure.full_time_student == "no" and self._student(one.task, one.span):
            return "student"
        own = measure.self_employed == "no" and self._own_account(one.task)
        return "self_employed" if own else "claimant"

    @property
    def leave_ends_a_run(self) -> bool:
        """Whether days of leave end a run of work, where the law does not say."""
        return self.chosen.get(LEAVE) == "ends"

    def _claims_count(self) -> bool:
        """Whether a refugee claimant's authorized work counts, where the law does not say."""
        return self.chosen.get("refugee_claimant") == "counts"

    def _own_account(self, task: Task) -> bool:
        """Self-employed work, other than that of physicians where it counts."""
        return task.job.self_employed and not (self.physicians and task.job.publicly_funded_physician)

    def _where(self, task: Task) -> str:
        """Where work counts as done: work in Canada for an employer abroad by what is assumed of it."""
        if task.foreign_employer:
            doubt = "foreign_employer_canadian" if self.foreign_canadian else "foreign_employer"
            return _FOREIGN_EMPLOYER[self.chosen[doubt]]
        return CANADIAN if task.canada else ABROAD

    def _permitted(self, span: Span) -> bool:
        """Work permit, study permit or s. 186; on days without any of them as assumed."""
        if span.doubt:
            return self.chosen.get(span.doubt) == "authorised"
        return span.state not in (NONE, ABROAD)

    def _counts_in_canada(self, task: Task, span: Span) -> bool:
        """What the CRS counts as Canadian work, level aside."""
        if not self._permitted(span) or self._student(task, span):
            return False
        if self._own_account(task):
            return False
        return span.state != CLAIMANT

    def _student(self, task: Task, span: Span) -> bool:
        """Whether work was done while a full-time student: where that is not given, open beside a study permit."""
        if task.job.full_time_student is None and span.studies:
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
