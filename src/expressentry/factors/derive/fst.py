"""The Federal Skilled Trades class: the trade that goes furthest, its certificate, and the job offer in that trade."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, cast

from expressentry.dates import anniversary
from expressentry.factors.derive.crossing import Watched, trades_watched
from expressentry.factors.derive.jobs import codes
from expressentry.factors.derive.least_most import most_years
from expressentry.factors.derive.ledger import Ledger, Piece, Units, YearRule
from expressentry.factors.derive.model import Because, Choice, Doubt, Possible
from expressentry.factors.derive.offers import TRADES_BEST_FIRST, Offers
from expressentry.factors.derive.trade import certified
from expressentry.factors.derive.work import PersonWork
from expressentry.law.law import Law
from expressentry.noc.codes import Version
from expressentry.profile.model import Certificate, Job, Offer
from expressentry.text import Text

_FREE_OF_FUNDS = ("ii", "iii", "v")
_NO_TRADE: dict[str, Any] = {"trade_noc": None, "trade_years_5y": 0, "trade_certificate": False, "fst_offer": "none"}


class Trades:
    """The columns of the trades class: all of them are about one trade, the one that the application would name."""

    steady = True

    def __init__(self, work: PersonWork, offers: Offers, certificates: tuple[Certificate, ...], law: Law) -> None:
        self.work, self.offers, self.certificates, self.law = work, offers, certificates, law
        versions: tuple[Version, ...] = (2016, 2021)
        entries: list[Job | Offer] = [*(task.job for task in work.tasks), *offers.offers]
        found = {(version, code) for version in versions for one in entries for code in codes(one, version)}
        self._any = any(code in law.trades(version) for version, code in found)
        self.doubts: dict[str, Doubt] = {**work.of_the_work, **offers.doubts} if self._any else {}
        self.pieces = work.pieces + offers.pieces if self._any else len(work.tasks)
        self._worked: dict[tuple[Version, Units], dict[str, Ledger]] = {}

    def possible(self, on: date) -> Possible:
        """Every trade that may be the one, and for each column what any of them may have."""
        version, evidence = self.law.noc_version(on), self.law.evidence.on(on)
        trades, row = self.law.trades(version), self.law.measures.by_column["trade_years_5y"]
        back = anniversary(on, -row.window_years).toordinal() if row.window_years else 0
        ledgers, window = self._may_be_worked(version, Units.of(evidence)), (back, on.toordinal())
        worked = {code for code, ledger in ledgers.items() if ledger.total(*window)}
        offered = {code for one in self.offers.may_count(on) for code in codes(one, version) if code in trades}
        named = sorted(worked | offered)
        years = most_years((ledgers[code] for code in worked), window, Units.of(evidence), row.cap)
        certificates = {certified(self.certificates, code, self.law, on) for code in named}
        return {
            "trade_noc": (*named, self._last_occupation(on)),
            "trade_years_5y": tuple(range(years + 1)),
            "trade_certificate": tuple(sorted({False, *certificates})),
            "fst_offer": ("none", *TRADES_BEST_FIRST) if offered else ("none",),
        }

    def _may_be_worked(self, version: Version, units: Units) -> dict[str, Ledger]:
        """All work in each trade that a job may have been in."""
        if (version, units) not in self._worked:
            pieces: dict[str, list[Piece]] = {}
            for task in self.work.tasks:
                for code in codes(task.job, version):
                    if code in self.law.trades(version):
                        pieces.setdefault(code, []).extend(piece for span in task.spans for piece in span.pieces())
            self._worked[version, units] = {code: Ledger(found, units) for code, found in pieces.items()}
        return self._worked[version, units]

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """The columns of the trade that goes furthest; without one the occupation is that of the last job."""
        found = self._best(on, chosen) if self._any else dict(_NO_TRADE)
        return found if found["trade_noc"] is not None else {**found, "trade_noc": self._last_occupation(on)}

    def _last_occupation(self, on: date) -> str | None:
        """The occupation of the last job that is surely no trade: then it is known that the person has none."""
        version = self.law.noc_version(on)
        begun = [task.job for task in self.work.tasks if task.job.start <= on]
        last = max(begun, key=lambda job: job.start, default=None)
        known = codes(last, version) if last is not None else ()
        return None if any(code in self.law.trades(version) for code in known) else next(iter(known), None)

    def _best(self, on: date, chosen: Choice) -> dict[str, Any]:
        """Two years of work come first, then a certificate or an offer, then the most work.

        An offer that frees from settlement funds goes further than a certificate. A trade that is only offered is one
        that the application could name, too.
        """
        row = self.law.measures.by_column["trade_years_5y"]
        back = anniversary(on, -row.window_years).toordinal() if row.window_years else 0
        window, rule = (back, on.toordinal()), cast("YearRule", chosen.get("year_of_work", "hours"))
        needed, offered = self.law.evidence.on(on).trade_years_needed, self.offers.in_trades(on, chosen)
        ledgers = self.work.counting(on, chosen).trades
        worked = {code: ledger for code, ledger in ledgers.items() if ledger.total(*window)}
        best: tuple[tuple[int, int, int, int], dict[str, Any]] | None = None
        for code in sorted({*worked, *offered}):
            done = worked.get(code)
            years = min(done.years(*window, rule), row.cap) if done else 0
            case, certificate = offered.get(code, "none"), certified(self.certificates, code, self.law, on)
            helped = 1 + (case in _FREE_OF_FUNDS) if certificate or case != "none" else 0
            rank = (min(years, needed), helped, years, done.total(*window) if done else 0)
            found = {"trade_noc": code, "trade_years_5y": years, "trade_certificate": certificate, "fst_offer": case}
            if best is None or rank > best[0]:
                best = rank, found
        return dict(_NO_TRADE) if best is None else best[1]

    def watched(self, on: date, chosen: Choice, *, asked: bool = False) -> tuple[Watched, ...]:
        """The work in trades, and that for the employers of the offers."""
        if not self._any:
            return ()
        trades = self.work.watching("trades", partial(trades_watched, law=self.law), on, chosen)
        return (*trades, *self.offers.watched(on, chosen))

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """Which jobs are in that trade."""
        code = self.facts(on, chosen)["trade_noc"]
        # Without any trade nothing of the work is asked here, and none of its doubts is chosen.
        usual = {doubt.id: next(iter(doubt.options)) for doubt in self.work.of_the_work.values()}
        whole = {**usual, **chosen}
        if code is None or code in self.law.trades(self.law.noc_version(on)):
            return self.work.trade_because(code, on, whole)
        found = self.work.trade_because(None, on, whole)
        return {**found, "trade_noc": replace(found["trade_noc"], text=_OTHER)} if "trade_noc" in found else found


_OTHER = Text(
    "no work in a trade and no offer of one: the occupation of your last job",
    "aucun travail dans un métier ni offre dans l'un d'eux : la profession de votre dernier emploi",
)
