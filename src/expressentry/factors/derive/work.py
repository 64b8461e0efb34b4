"""The columns of work, of the person and of a partner, on any day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, cast

from expressentry.dates import anniversary, completed_years
from expressentry.factors.derive.counting import Counted, Counting
from expressentry.factors.derive.jobs import Task, tasks_of, teer
from expressentry.factors.derive.ledger import Ledger, YearRule, category_months, clipped
from expressentry.factors.derive.model import Because, Choice, Doubt
from expressentry.factors.derive.status import ImmigrationStatus
from expressentry.factors.derive.trade import best_trade
from expressentry.factors.derive.work_doubts import work_doubts
from expressentry.law.law import Law
from expressentry.profile.model import Certificate, Self
from expressentry.text import Text

MOST_YEARS = 60


class _Work:
    """The jobs of one person, and the ledgers made of them so far: few for all days of a life."""

    def __init__(self, whose: Self, owner: str, law: Law, certificates: tuple[Certificate, ...] = ()) -> None:
        self.owner, self.law, self.certificates = owner, law, certificates
        self.immigration = ImmigrationStatus(whose.status)
        self.tasks = tasks_of(whose, owner, self.immigration)
        self.doubts: dict[str, Doubt] = work_doubts(self.tasks, owner, law)
        self._known: dict[tuple[Any, ...], Counting] = {}

    def counting(self, on: date, chosen: Choice) -> Counting:
        """The ledgers of a day under the options chosen."""
        rules = Counted.on(self.law, on)
        # Every doubt but the rule of a year says which work counts; that rule says how much a year is.
        key = (*rules, *(chosen.get(name) for name in self.doubts if name != "year_of_work"))
        if key not in self._known:
            own = {name.removesuffix(f":{self.owner}"): option for name, option in chosen.items()}
            self._known[key] = Counting(self.tasks, self.certificates, self.law, rules, own)
        return self._known[key]


def _rule(chosen: Choice) -> YearRule:
    return cast("YearRule", chosen.get("year_of_work", "hours"))


def _back(on: date, years: int) -> int:
    return anniversary(on, -years).toordinal()


class PersonWork(_Work):
    """What the person's work says on a day."""

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """The columns of work; the day itself is not yet worked."""
        work, rule, day = self.counting(on, chosen), _rule(chosen), on.toordinal()
        ten, three, five = _back(on, 10), _back(on, 3), _back(on, 5)
        found: dict[str, Any] = {
            "canadian_work_years": work.canadian.years(ten, day, rule),
            "foreign_work_years": work.foreign.years(ten, day, rule),
            "primary_continuous_years": min(_longest(work, (ten, day), rule), 10),
            "work_years_10y": min(work.anywhere.years(ten, day, rule), 10),
            "canadian_work_1y": work.permitted.years(0, day, rule) >= 1,
            "cec_years_3y": min(work.cec.years(three, day, rule), 3),
            "cec_main_teer": _main_teer(work, (three, day)),
            "military_years": min(_service(work, day), MOST_YEARS),
        }
        found |= best_trade(work.trades, self.certificates, (five, day), self.law.on(on), rule)
        # Categories began after the NOC 2021, and name its codes only.
        found["category_months"] = category_months(work.occupations, (three, day), rule) if work.version == 2021 else []
        return found

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """Which jobs and which rule gave each column."""
        work, rule = self.counting(on, chosen), _rule(chosen)
        ten, three, five = _back(on, 10), _back(on, 3), _back(on, 5)
        facts = self.facts(on, chosen)
        said = _Said(rule, on)
        found = {
            "canadian_work_years": said.hours(work.canadian, ten, work.canadian_jobs, _S15),
            "foreign_work_years": said.hours(work.foreign, ten, work.foreign_jobs, _S25),
            "work_years_10y": said.hours(work.anywhere, ten, _jobs(work, skilled=True), _R80),
            "primary_continuous_years": Because(
                Text(
                    "the longest run of work in one occupation since {day}; a weekend between two jobs does not end it",
                    "la plus longue suite de travail dans une profession depuis le {day}; une fin de semaine entre "
                    "deux emplois n'y met pas fin",
                ).fill(day=date.fromordinal(ten)),
                Text("IRPR 75(2)(a)", "RIPR 75(2)a)"),
            ),
            "canadian_work_1y": said.hours(work.permitted, 1, _jobs(work, skilled=True, canada=True), _R83),
            "cec_years_3y": said.hours(work.cec, three, work.canadian_jobs, _R87),
            "cec_main_teer": Because(_MAIN_TEER, Text("IRPR 87.1(2)(e)", "RIPR 87.1(2)e)")),
            "military_years": Because(_SERVICE),
            "category_months": Because(_MONTHS.fill(day=date.fromordinal(three)), _CATEGORIES),
        }
        trade = facts["trade_noc"] or ""
        ledger = work.trades.get(trade, Ledger((), work.units))
        found["trade_years_5y"] = said.hours(ledger, five, _jobs(work, code=trade), _R872)
        found["trade_noc"] = Because(_TRADE, _R872)
        found["trade_certificate"] = Because(_CERTIFICATE, Text("IRPR 87.2(3)(d)(i)", "RIPR 87.2(3)d)(i)"))
        return found


class PartnerWork(_Work):
    """What the partner's work says on a day, where the law counts the partner."""

    def __init__(self, whose: Self, counts: Callable[[date], str], law: Law) -> None:
        super().__init__(whose, "partner", law)
        self._counts = counts

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """The columns of the partner's work."""
        counts = self._counts(on)
        work, rule, day = self.counting(on, chosen), _rule(chosen), on.toordinal()
        years = work.canadian.years(_back(on, 10), day, rule) if counts == "accompanied" else None
        any_level = work.permitted_any.years(0, day, rule) >= 1 if counts else None
        return {"partner_canadian_work_years": years, "partner_canadian_work_any": any_level}

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """Which jobs and which rule gave each column."""
        work, said = self.counting(on, chosen), _Said(_rule(chosen), on)
        everything = _jobs(work, canada=True)
        return {
            "partner_canadian_work_years": said.hours(work.canadian, _back(on, 10), work.canadian_jobs, _S19),
            "partner_canadian_work_any": said.hours(work.permitted_any, 1, everything, _R83P),
        }


def _longest(work: Counting, window: tuple[int, int], rule: YearRule) -> int:
    return max(
        (one.all.years(*clip, rule) for one in work.primary.values() for clip in clipped(one.runs, window)), default=0
    )


def _main_teer(work: Counting, window: tuple[int, int]) -> int | None:
    """The TEER of the occupation with the most experience; at a tie the one that asks more of the language."""
    found = [(ledger.total(*window), -teer(code, work.version)) for code, ledger in work.cec_by_code.items()]
    units, level = max(found, default=(0, 0))
    return -level if units else None


def _service(work: Counting, day: int) -> int:
    """Whole years of the longest continuous service, in the calendar's years."""
    served = [(date.fromordinal(start), date.fromordinal(end)) for start, end in clipped(work.service, (0, day))]
    return max((completed_years(start, end) for start, end in served), default=0)


def _jobs(work: Counting, *, skilled: bool = False, canada: bool = False, code: str | None = None) -> list[Task]:
    codes = work.primary if skilled else work.by_code if code is None else [code]
    return [task for one in codes for task, _, _ in work.by_code.get(one, ()) if task.canada or not canada]


class _Said:
    """Reasons in words for a day and a rule of the year."""

    def __init__(self, rule: YearRule, on: date) -> None:
        self.rule, self.on = rule, on

    def hours(self, ledger: Ledger, since: int, jobs: Iterable[Task], place: Text) -> Because:
        """The hours that count since a day, and the jobs that they are of."""
        named = {task.field: task.title for task in jobs}
        if not named:
            return Because(Text("no job counts", "aucun emploi ne compte"), place)
        text = Text(
            "{hours} hours before {day}, from {jobs}; hours above 30 a week add nothing; a year is {rule}",
            "{hours} heures avant le {day}, de {jobs}; les heures au-delà de 30 par semaine n'ajoutent rien; une année "
            "est {rule}",
        )
        if since > 1:
            text = Text(
                "{hours} hours since {since} and before {day}, from {jobs}; hours above 30 a week add nothing; a year "
                "is {rule}",
                "{hours} heures depuis le {since} et avant le {day}, de {jobs}; les heures au-delà de 30 par semaine "
                "n'ajoutent rien; une année est {rule}",
            )
        hours = ledger.total(since, self.on.toordinal()) // 700
        day, listed = date.fromordinal(since), Text(", ", ", ").join(named[field] for field in sorted(named))
        return Because(text.fill(hours=hours, since=day, day=self.on, jobs=listed, rule=_RULE[self.rule]), place)


_RULE = {
    "hours": Text("1,560 hours", "de 1 560 heures"),
    "calendar": Text("twelve calendar months", "de douze mois civils"),
}
_S15 = Text("instructions, s. 15: ten years, TEER 0 to 3", "instructions, art. 15 : dix ans, FEER 0 à 3")
_S19 = Text("instructions, s. 19: ten years, TEER 0 to 3", "instructions, art. 19 : dix ans, FEER 0 à 3")
_S25 = Text("instructions, ss. 25 and 26: ten years, TEER 0 to 3", "instructions, art. 25 et 26 : dix ans, FEER 0 à 3")
_R80 = Text("IRPR 80", "RIPR 80")
_R83 = Text("IRPR 83(1)(c): a year of full-time work", "RIPR 83(1)c) : un an de travail à temps plein")
_R83P = Text("IRPR 83(1)(c.1): a year of full-time work", "RIPR 83(1)c.1) : un an de travail à temps plein")
_R87 = Text("IRPR 87.1(2)(a) and (3)", "RIPR 87.1(2)a) et (3)")
_R872 = Text("IRPR 87.2(1) and (3)(b)", "RIPR 87.2(1) et (3)b)")
_CATEGORIES = Text("IRPA 10.3(1)(h.2), categories", "LIPR 10.3(1)h.2), catégories")
_MAIN_TEER = Text(
    "the level of the occupation with the most of that experience, not the highest",
    "le niveau de la profession qui a le plus de cette expérience, pas le plus élevé",
)
_SERVICE = Text(
    "whole years of the longest continuous service in a recognized foreign military",
    "années entières du plus long service continu dans une armée étrangère reconnue",
)
_MONTHS = Text(
    "whole months of 130 hours in each occupation since {day}",
    "mois entiers de 130 heures par profession depuis le {day}",
)
_TRADE = Text(
    "the trade that meets most of what the program asks", "le métier qui satisfait le plus aux exigences du programme"
)
_CERTIFICATE = Text("whether a certificate in that trade is valid", "si un certificat de ce métier est valide")
