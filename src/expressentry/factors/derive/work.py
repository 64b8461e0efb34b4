"""The columns of work, of the person and of a partner, on any day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple, cast

from expressentry.dates import anniversary, completed_years
from expressentry.factors.derive.adding_up import ADDING_UP, OCCUPATIONS, SERVING, period_doubt
from expressentry.factors.derive.counting import LEAVE, Counted, Counting
from expressentry.factors.derive.crossing import Watched, months_watched, work_watched
from expressentry.factors.derive.jobs import Task, tasks_of, teer
from expressentry.factors.derive.least_most import LeastMost
from expressentry.factors.derive.ledger import HUNDREDTHS, Interval, Ledger, Units, YearRule, category_months, clipped
from expressentry.factors.derive.model import Because, Choice, Doubt, Possible
from expressentry.factors.derive.status import ImmigrationStatus
from expressentry.factors.derive.work_doubts import work_doubts
from expressentry.law.instruments import Cite, provision
from expressentry.law.law import Law
from expressentry.law.measures import Measure
from expressentry.profile.model import Certificate, Individual
from expressentry.text import Text, thousands


class _Work:
    """The jobs of one person, and the ledgers made of them so far: few for all days of a life."""

    steady = True

    def __init__(self, whose: Individual, owner: str, law: Law, certificates: tuple[Certificate, ...] = ()) -> None:
        self.owner, self.law, self.certificates = owner, law, certificates
        self.immigration = ImmigrationStatus(whose.status)
        self.tasks = tasks_of(whose, owner, self.immigration)
        self.doubts: dict[str, Doubt] = work_doubts(self.tasks, self.immigration, owner, law)
        self.of_the_work = {id_: one for id_, one in self.doubts.items() if id_ not in ADDING_UP}
        """The doubts on which it depends which work counts; the others matter to the columns of a count alone."""
        # The rule of a year says how much a year is, and leave what a run is: neither which work counts.
        self._which = [name for name in self.of_the_work if name not in ("year_of_work", LEAVE)]
        self.pieces = sum(1 + len(span.worked) for task in self.tasks for span in task.spans)
        self._known: dict[tuple[Any, ...], Counting] = {}
        self._counted: dict[tuple[Any, ...], Counting] = {}
        self._ends: dict[Counted, LeastMost] = {}
        self._rules: dict[date, Counted] = {}
        self._own: tuple[tuple[Measure, ...], _Rows, _Rows] = ((), _Rows.of(()), _Rows.of(()))
        self._watched: dict[tuple[Counting, str], tuple[Watched, ...]] = {}

    def rules(self, on: date) -> Counted:
        """The rules of a day by which work is counted."""
        rules = self._rules.get(on)
        if rules is None:
            rules = self._rules[on] = Counted.on(self.law, on)
        return rules

    def least_most(self, on: date) -> LeastMost:
        """The least and the most work that may count by the rules of a day."""
        rules = self.rules(on)
        if rules not in self._ends:
            options = {id_.removesuffix(f":{self.owner}"): tuple(one.options) for id_, one in self.doubts.items()}
            self._ends[rules] = LeastMost(self.tasks, self.certificates, self.law, rules, options)
        return self._ends[rules]

    def counting(self, on: date, chosen: Choice) -> Counting:
        """The ledgers of a day under the options chosen."""
        rules = self.rules(on)
        key = (rules, *map(chosen.get, self._which), chosen.get(LEAVE))
        if key not in self._known:
            own = {name.removesuffix(f":{self.owner}"): option for name, option in chosen.items()}
            which = key[:-1]
            made = Counting(self.tasks, self.certificates, self.law, rules, own, self._counted.get(which))
            self._counted.setdefault(which, made)
            self._known[key] = made
        return self._known[key]

    def watched(self, on: date, chosen: Choice, *, asked: bool = False) -> tuple[Watched, ...]:
        """What is counted for the columns of work."""
        return self.watching("counts", work_watched, on, chosen)

    def watching(self, name: str, watch: Watching, on: date, chosen: Choice) -> tuple[Watched, ...]:
        """What is watched of the ledgers of a day under the options chosen, once."""
        key = self.counting(on, chosen), name
        if key not in self._watched:
            self._watched[key] = watch(key[0], [row for row in self.law.measures.rows if row.whose == self.owner])
        return self._watched[key]


Watching = Callable[[Counting, Sequence[Measure]], tuple[Watched, ...]]
"""What is watched of some ledgers, for the columns of some measures."""


def _rule(chosen: Choice) -> YearRule:
    return cast("YearRule", chosen.get("year_of_work", "hours"))


def _back(on: date, years: int) -> int:
    return anniversary(on, -years).toordinal() if years else 0


class _Columns(_Work):
    """The columns that the measures of the law give of a person's work."""

    _values_on: date | None = None
    _values: dict[tuple[Any, ...], dict[str, Any]]
    _since: dict[int, int]

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """The columns of work; the day itself is not yet worked."""
        return self.values(self.measures(on), on, chosen)

    def values(self, rows: _Rows, on: date, chosen: Choice) -> dict[str, Any]:
        """The columns of some measures."""
        work, rule, today = self.counting(on, chosen), _rule(chosen), on.toordinal()
        if on != self._values_on:
            self._values_on, self._values, self._since = on, {}, {}
        found, since = dict(rows.blank), self._since
        for asked, some in rows.by_doubts.items():
            # Most doubts leave most measures alone: what they share is counted once a day.
            key = (some, id(work.stretches), rule, *map(chosen.get, asked))
            values = self._values.get(key)
            if values is None:
                values = self._values[key] = {}
                for row in some:
                    years = row.window_years
                    if years not in since:
                        since[years] = _back(on, years)
                    values[row.column] = self._value(row, work, (since[years], today), rule, chosen)
            found |= values
        return found

    def possible(self, on: date) -> Possible:
        """Every value of the columns, between the least and the most work that may count."""
        return self.possible_values(self.measures(on).all, on)

    def possible_values(self, rows: Iterable[Measure], on: date) -> dict[str, tuple[Any, ...]]:
        """Every value of the columns of some measures."""
        ends, found, today = self.least_most(on), dict[str, tuple[Any, ...]](), on.toordinal()
        for row in rows:
            if row.counts == "service":
                usual = self.counting(on, {id_: next(iter(one.options)) for id_, one in self.doubts.items()})
                years = (min(_service(usual, today, serving=still), row.cap) for still in (True, False))
                found[row.column] = tuple(dict.fromkeys(years))
            else:
                found[row.column] = ends.values(row, (_back(on, row.window_years), today))
        return found

    def measures(self, on: date, *, months: bool = False) -> _Rows:
        """The measures of work and service of a day that are of this person, or else those of months by occupation.

        The columns of the trades class depend on the job offers too: see fst.py.
        """
        rows = self.law.measures.on(on)
        if rows is not self._own[0]:  # the same object for all days between two changes of the law
            self._own = rows, *_measures_of(rows, self.owner)
        return self._own[2] if months else self._own[1]

    def _value(self, row: Measure, work: Counting, window: Interval, rule: YearRule, chosen: Choice) -> Any:
        if row.gives in ("count", "reached"):
            count = _counted(work, row, window, rule, chosen)
            return count >= 1 if row.gives == "reached" else min(count, row.cap)
        if row.gives == "by_occupation":
            # Categories began after the NOC 2021, and name its codes only.
            return category_months(work.by_code(row), window, rule) if work.version == 2021 else []
        if row.gives == "main_teer":
            return _main_teer(work, row, window)
        if row.counts == "service":
            return min(_service(work, window[1], serving=chosen.get(SERVING) == "serving"), row.cap)
        return min(_longest(work, row, window, rule), row.cap)

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """Which jobs and which rule gave each column."""
        work = self.counting(on, chosen)
        said = _Said(_rule(chosen), on, work.units)
        return {row.column: self._reason(row, work, said) for row in self.measures(on).all}

    def months_because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """Which jobs and which rule gave the months in each occupation."""
        work = self.counting(on, chosen)
        said = _Said(_rule(chosen), on, work.units)
        return {row.column: self._reason(row, work, said) for row in self.measures(on, months=True).all}

    def trade_because(self, trade: str | None, on: date, chosen: Choice) -> dict[str, Because]:
        """Which jobs and which rule gave the columns of a trade."""
        work = self.counting(on, chosen)
        said = _Said(_rule(chosen), on, work.units)
        rows = [row for row in self.law.measures.on(on) if row.gives == "trade"]
        return {row.column: self._reason(row, work, said, trade) for row in rows}

    def _reason(self, row: Measure, work: Counting, said: _Said, trade: str | None = None) -> Because:
        since = _back(said.on, row.window_years)
        if row.column == "trade_years_5y":
            ledger = work.trades.get(trade or "", Ledger((), work.units))
            return said.hours(ledger, since, [one.task for one in work.stretches if one.code == trade], row.cite)
        words = _SERVICE if row.counts == "service" else _WORDS.get(row.column, _WORDS.get(row.gives))
        if words is None:
            found = said.hours(work.ledger(row), max(since, 1), [one.task for one in work.of(row)], row.cite)
            return replace(found, text=said.left_out(found.text, row, work, since))
        month = work.units.hours(work.units.month)
        return Because(words.fill(day=date.fromordinal(max(since, 1)), month=month), provision(row.cite), row.cite)


class PersonWork(_Columns):
    """What the person's work says on a day."""

    def __init__(self, whose: Individual, law: Law, certificates: tuple[Certificate, ...] = ()) -> None:
        super().__init__(whose, "person", law, certificates)


class OccupationMonths:
    """The person's months of work in each occupation, apart: they change every month, and seldom decide anything."""

    steady = False

    def __init__(self, work: PersonWork) -> None:
        self.work, self.doubts, self.pieces = work, work.of_the_work, work.pieces

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """The months in each occupation."""
        return self.work.values(self.work.measures(on, months=True), on, chosen)

    def possible(self, on: date) -> Possible:
        """Every value that they may have."""
        return self.work.possible_values(self.work.measures(on, months=True).all, on)

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """By which rule."""
        return self.work.months_because(on, chosen)

    def watched(self, on: date, chosen: Choice, *, asked: bool = False) -> tuple[Watched, ...]:
        """The months in each occupation, or only those that a category asks for."""
        if asked:
            watch = partial(months_watched, asked=self.work.law.months_asked)
            return self.work.watching("asked", watch, on, chosen)
        return self.work.watching("months", months_watched, on, chosen)


class PartnerWork(_Columns):
    """What the partner's work says on a day, where the law counts the partner."""

    def __init__(self, whose: Individual, counts: Callable[[date], str], law: Law) -> None:
        super().__init__(whose, "partner", law)
        self._counts = counts

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """The columns of the partner's work; None where the grid that reads one does not count the partner."""
        counts, found = self._counts(on), super().facts(on, chosen)
        for row in self.measures(on).all:
            if not (counts if row.for_67_points else counts == "accompanied"):
                found[row.column] = None
        return found

    def possible(self, on: date) -> Possible:
        """Every value of the columns; None where the grid that reads one does not count the partner."""
        counts, found = self._counts(on), dict(super().possible(on))
        for row in self.measures(on).all:
            if not (counts if row.for_67_points else counts == "accompanied"):
                found[row.column] = (None,)
        return found


class _Rows(NamedTuple):
    """Some measures, those that depend on the same doubts together; `blank` has their columns in order."""

    all: tuple[Measure, ...]
    blank: Mapping[str, None]
    by_doubts: Mapping[tuple[str, ...], tuple[Measure, ...]]

    @classmethod
    def of(cls, rows: Iterable[Measure]) -> _Rows:
        """Measures made ready."""
        rows, found = tuple(rows), dict[tuple[str, ...], tuple[Measure, ...]]()
        for row in rows:
            found[_asked_of(row)] = (*found.get(_asked_of(row), ()), row)
        return cls(rows, dict.fromkeys(row.column for row in rows), found)


@lru_cache(maxsize=64)
def _measures_of(rows: tuple[Measure, ...], owner: str) -> tuple[_Rows, _Rows]:
    """The measures of work and service of one person: the columns of their own, and those of months by occupation."""
    mine = [row for row in rows if row.whose == owner and row.counts in ("work", "service")]
    columns = _Rows.of(row for row in mine if row.gives not in ("by_occupation", "trade"))
    return columns, _Rows.of(row for row in mine if row.gives == "by_occupation")


def _asked_of(row: Measure) -> tuple[str, ...]:
    """The doubts on which the value of a measure depends, beside those over which work counts and what a year is."""
    if row.counts == "service":
        return (SERVING,)
    if row.gives in ("longest_run", "by_occupation"):
        return (LEAVE,)
    if row.gives not in ("count", "reached"):
        return ()
    occupations = (OCCUPATIONS,) if row.one_occupation == "open" else ()
    return (*occupations, period_doubt(row)) if row.one_period == "open" else occupations


def _counted(work: Counting, row: Measure, window: Interval, rule: YearRule, chosen: Choice) -> int:
    """Years or months of the work; of its longest occupation, period or both where only that counts."""
    ledgers = [work.ledger(row)]
    if row.one_occupation == "yes" or (row.one_occupation == "open" and chosen.get(OCCUPATIONS) == "one"):
        ledgers = [one.all for one in work.by_code(row).values()]
    longest = row.one_period == "yes" or (row.one_period == "open" and chosen.get(period_doubt(row)) == "longest")
    counts = [
        (one.months if row.unit == "months" else one.years)(*clip, rule)
        for one in ledgers
        for clip in (clipped(one.periods, window) if longest else [window])
    ]
    return max(counts, default=0)


def _longest(work: Counting, row: Measure, window: tuple[int, int], rule: YearRule) -> int:
    works = work.by_code(row).values()
    return max((one.all.years(*clip, rule) for one in works for clip in clipped(one.runs, window)), default=0)


def _main_teer(work: Counting, row: Measure, window: tuple[int, int]) -> int | None:
    """The TEER of the occupation with the most experience; at a tie the one that asks more of the language."""
    found = [(one.all.total(*window), -teer(code, work.version)) for code, one in work.by_code(row).items()]
    units, level = max(found, default=(0, 0))
    return -level if units else None


def _service(work: Counting, day: int, *, serving: bool) -> int:
    """Whole years of the longest continuous service, in the calendar's years; or of that which has not ended yet."""
    runs = [run for run in work.service if not serving or run[1] > day]
    served = [(date.fromordinal(start), date.fromordinal(end)) for start, end in clipped(runs, (0, day))]
    return max((completed_years(start, end) for start, end in served), default=0)


class _Said:
    """Reasons in words for a day and a rule of the year."""

    def __init__(self, rule: YearRule, on: date, units: Units) -> None:
        self.rule, self.on, self.units = rule, on, units

    def hours(self, ledger: Ledger, since: int, jobs: Iterable[Task], cite: Cite) -> Because:
        """The hours that count since a day, and the jobs that they are of."""
        named, place = {task.field: task.title for task in jobs}, provision(cite)
        if not named:
            return Because(_NO_JOB, place, cite)
        text = Text(
            "{hours} hours before {day}: {jobs}; hours above {full} a week add nothing; a year is {rule}",
            "{hours} heures avant le {day} : {jobs}; les heures au-delà de {full} par semaine n'ajoutent rien; une "
            "année compte {rule}",
        )
        if since > 1:
            text = Text(
                "{hours} hours since {since} and before {day}: {jobs}; hours above {full} a week add nothing; a year "
                "is {rule}",
                "{hours} heures depuis le {since} et avant le {day} : {jobs}; les heures au-delà de {full} par semaine "
                "n'ajoutent rien; une année compte {rule}",
            )
        units = self.units
        listed = Text(", ", ", ").join(named[field] for field in sorted(named))
        rule = Text("twelve calendar months", "douze mois civils")
        if self.rule == "hours":
            rule = Text("{n} hours", "{n} heures").fill(n=thousands(units.hours(units.year)))
        said = text.fill(
            hours=units.hours(ledger.total(since, self.on.toordinal())),
            since=date.fromordinal(since),
            day=self.on,
            jobs=listed,
            full=units.full_time // HUNDREDTHS,
            rule=rule,
        )
        return Because(said, place, cite)

    def left_out(self, text: Text, row: Measure, work: Counting, since: int) -> Text:
        """The same with the jobs of that time that are not counted, each with its reasons."""
        why: dict[str, tuple[Text, dict[str, None]]] = {}
        for one in work.stretches:
            if one.span.end > since and one.span.start < self.on.toordinal() and (key := work.left_out(row, one)):
                why.setdefault(one.task.field, (one.task.title, {}))[1][key] = None
        if not why:
            return text
        each = Text("{j}, {r}", "{j}, {r}")
        jobs = [each.fill(j=title, r=_AND.join(_LEFT_OUT[key] for key in keys)) for title, keys in why.values()]
        also = Text("{t}; not counted: {l}", "{t}; non comptés : {l}")
        wording = Text("{t}: {l}", "{t} : {l}") if text == _NO_JOB else also
        return wording.fill(t=text, l=Text("; ", "; ").join(jobs))


_NO_JOB = Text("no job counts", "aucun emploi ne compte")
_AND = Text(" and ", " et ")
_LEFT_OUT = {
    "occupation": Text("an occupation that does not count", "une profession qui ne compte pas"),
    "authority": Text("days without authority to work", "des jours sans autorisation de travailler"),
    "student": Text("while a full-time student", "pendant des études à temps plein"),
    "self_employed": Text("self-employed", "à son compte"),
    "claimant": Text("as a refugee claimant", "comme demandeur d'asile"),
}
"""Why work is not counted, by the key of the reason."""

_SERVICE = Text(
    "whole years of the longest continuous service in a recognized foreign military",
    "années entières du plus long service continu dans une armée étrangère reconnue",
)
_WORDS = {
    "main_teer": Text(
        "the level of the occupation with the most of that experience, not the highest",
        "le niveau de la profession qui a le plus de cette expérience, pas le plus élevé",
    ),
    "longest_run": Text(
        "the longest run of work in one occupation since {day}; a weekend between two jobs does not end it",
        "la plus longue suite de travail dans une profession depuis le {day}; une fin de semaine entre deux emplois "
        "n'y met pas fin",
    ),
    "by_occupation": Text(
        "whole months of {month} hours in each occupation since {day}",
        "mois entiers de {month} heures par profession depuis le {day}",
    ),
    "trade_noc": Text(
        "the trade that meets most of what the program asks",
        "le métier qui satisfait le plus aux exigences du programme",
    ),
    "trade_certificate": Text(
        "whether a certificate in that trade is valid", "si un certificat de ce métier est valide"
    ),
}
"""The reasons that are no count of hours, by what a measure gives or, for a trade, by its column."""
