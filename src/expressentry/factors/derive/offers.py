"""Job offers and nominations: what arranged employment, the trades class and the CRS see of them on a day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import chain
from typing import Any

from expressentry.dates import months_on
from expressentry.factors.derive.combine import between
from expressentry.factors.derive.crossing import Watched, year_watched
from expressentry.factors.derive.jobs import Task, code_of, counts_in, teer
from expressentry.factors.derive.ledger import Interval, Ledger, Units, YearRule, clipped, runs
from expressentry.factors.derive.model import LAW_IS_OPEN, Because, Choice, Doubt, Possible
from expressentry.factors.derive.status import NONE, ImmigrationStatus, named
from expressentry.factors.derive.trade import MINOR_DIGITS
from expressentry.factors.derive.work_doubts import noc_doubts, permit_doubts, year_doubt
from expressentry.law.evidence import EvidenceOn
from expressentry.law.instruments import provision
from expressentry.law.law import Law
from expressentry.law.measures import Measure
from expressentry.profile.consistency import NAMED
from expressentry.profile.labels import entry_name, entry_names
from expressentry.profile.model import Nomination, Offer, Profile, Status
from expressentry.text import Text

LMIA = "employer_lmia"
_CANNOT_WORK = ("visitor", "none")
_BEST_FIRST = ("a", "b", "d", "c")
TRADES_BEST_FIRST = ("ii", "iii", "v", "iv")
_CRS_OFFERS = ("none", "other", "major_group_00")


class Offers:
    """The job offers and nominations, beside the permits and jobs on which the law makes them depend."""

    steady = True

    def __init__(self, profile: Profile, immigration: ImmigrationStatus, tasks: tuple[Task, ...], law: Law) -> None:
        self.law = law
        self.offers, self.nominations = profile.job_offers, profile.nominations
        self.immigration, self.tasks = immigration, tasks
        self._employments: dict[tuple[tuple[str, ...], Units, frozenset[str]], tuple[Ledger, list[Interval]]] = {}
        self._watched: dict[tuple[Units, frozenset[str]], tuple[Watched, ...]] = {}
        self._days_open: tuple[Doubt, ...] = ()
        fields = [(f"job_offers[{n}]", one) for n, one in enumerate(self.offers, 1)]
        self.doubts: dict[str, Doubt] = {doubt.id: doubt for doubt in noc_doubts(fields, law)}
        if self.offers:
            theirs = {task.field: task.job for offer in self.offers for task in self._for(offer)}
            self.doubts |= {doubt.id: doubt for doubt in noc_doubts(theirs.items(), law)}
            self.doubts["year_of_work"] = year_doubt()
        if self.offers and immigration.entries is not None:
            self._days_open = tuple(permit_doubts(tasks, immigration, "person"))
            self.doubts |= {doubt.id: doubt for doubt in self._days_open}
        if self.offers and immigration.entries is None:
            self.doubts["permit"] = _permit(min(one.start for one in self.offers))
        for field, one in fields:
            if one.duration_months is not None:
                until = _too_short_from(one, law.evidence.on(one.start))
                if until > one.start:
                    self.doubts[f"after_visa:{field}"] = _after_visa(field, one, until)
            if one.lmia and any(_names(status, one) for status in immigration.entries or () if status.kind == LMIA):
                self.doubts["same_employer"] = _same_employer(min(offer.start for offer in self.offers))

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """The columns of offers and nominations."""
        live = self._live(on, chosen)
        cases = [(one, self._arranged(one, on, chosen)) for one in live]
        trades = [(one, self._trade(one, on, chosen)) for one in live]
        found = self._sure(on) | {
            "arranged_employment": _first(_BEST_FIRST, [case for _, case in cases]),
            "job_offer": _crs_offer(cases, trades, self.law, on, chosen),
        }
        return found | {row.column: self._given(row, live, on, chosen) for row in self._added(on)}

    def in_trades(self, on: date, chosen: Choice) -> dict[str, str]:
        """The best case of s. 87.2(3)(d) in each trade that is offered; the class asks for one in the trade named."""
        version, found = self.law.noc_version(on), dict[str, list[str]]()
        for one in self._live(on, chosen):
            found.setdefault(code_of(one, version, chosen), []).append(self._trade(one, on, chosen))
        best = {code: _first(TRADES_BEST_FIRST, cases) for code, cases in found.items()}
        return {code: case for code, case in best.items() if case != "none"}

    @property
    def pieces(self) -> int:
        """The offers, each beside the jobs and permits that it is compared with."""
        held = len(self.immigration.entries or ())
        spans = sum(1 + len(span.worked) for task in self.tasks for span in task.spans)
        return len(self.offers) * (1 + held + len(self.tasks)) + (spans if self.offers else 0) + len(self.nominations)

    def possible(self, on: date) -> Possible:
        """Every case of the law where an offer may count on the day; what depends on no doubt as it is."""
        live, measures = self.may_count(on), self.law.measures.by_column
        found = dict(between(self._sure(on)))
        cases = ("none", *_BEST_FIRST) if live else ("none",)
        found |= {"arranged_employment": cases, "job_offer": _CRS_OFFERS if live else ("none",)}
        for row in self._added(on):
            values: tuple[Any, ...] = (False, True) if row.gives == "held" else measures[row.column].values
            found[row.column] = values if live else values[:1]
        return found

    def may_count(self, on: date) -> list[Offer]:
        """The offers that count on a day if their work goes on for long enough."""
        fields = [f"job_offers[{n}]" for n in range(1, len(self.offers) + 1)]
        return self._live(on, {f"after_visa:{field}": "in_time" for field in fields})

    def _sure(self, on: date) -> dict[str, Any]:
        """The columns that depend on no doubt."""
        forces = [one for one in self.offers if one.canadian_forces and _made(one, on)]
        return {
            "provincial_nomination": any(_nominated(one, on) for one in self.nominations),
            "military_offer_years": max((_forces_years(one) for one in forces), default=0),
        }

    def _live(self, on: date, chosen: Choice) -> list[Offer]:
        """The offers that may count on a day."""
        evidence, listed = self.law.evidence.on(on), enumerate(self.offers, 1)
        found = [(f"job_offers[{n}]", one) for n, one in listed if _may_count(one, on, evidence)]
        return [one for field, one in found if self._lasts(field, one, on, chosen)]

    def _lasts(self, field: str, offer: Offer, on: date, chosen: Choice) -> bool:
        """Whether the work goes on for a year after the visa, which is issued on the day asked about or later."""
        evidence = self.law.evidence.on(on)
        if offer.publicly_funded_physician and evidence.physician_offer_any_length:
            return True
        if offer.months_after_visa is not None:
            return offer.months_after_visa >= evidence.offer_least_months
        if offer.duration_months is None:
            return True
        enough = on < _too_short_from(offer, evidence)
        return enough and chosen.get(f"after_visa:{field}") != "too_late"

    def _added(self, on: date) -> list[Measure]:
        """The measures of offers that were added to the law."""
        return [row for row in self.law.measures.on(on) if row.user and row.counts == "offer"]

    def _given(self, row: Measure, live: list[Offer], on: date, chosen: Choice) -> Any:
        """What an added measure gives: whether an offer of its occupations is held, or the best tier of one."""
        version, listed = self.law.noc_version(on), self.law.measures.lists_on(on)
        codes = [code_of(one, version, chosen) for one in live]
        fitting = [
            code for code in codes if counts_in(row.occupations, code, version, listed, self.law.trades(version))
        ]
        if row.gives == "held":
            return bool(fitting)
        tiers = [listed.tier(row.occupations.list or "", code) or row.values[0] for code in fitting]
        return max((tier for tier in tiers if tier in row.values), key=row.values.index, default=row.values[0])

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """Which offer or nomination, by which rule."""
        counted = [id(one) for one in self._live(on, chosen)]
        live = [f"job_offers[{n}]" for n, one in enumerate(self.offers, 1) if id(one) in counted]
        listed = Text("no job offer qualifies on this day", "aucune offre d'emploi n'est admissible ce jour-là")
        if live:
            listed = Text(
                "{all}: full time, for a year or more after the visa, from an eligible employer; permits of the day "
                "decide the case",
                "{all} : à temps plein, d'un an ou plus après le visa, d'un employeur admissible; les permis du jour "
                "décident du cas",
            ).fill(all=entry_names(live))
        held = [f"nominations[{n}]" for n, one in enumerate(self.nominations, 1) if _nominated(one, on)]
        nomination = Text("you have no enhanced nomination", "vous n'avez pas de désignation améliorée")
        if held:
            nomination = Text(
                "{all}: accepted and neither expired nor withdrawn", "{all} : acceptée, ni expirée ni retirée"
            )
            nomination = nomination.fill(all=entry_names(held))
        found = {"provincial_nomination": Because(nomination, Text("instructions, s. 28", "instructions, art. 28"))}
        for row in self.law.measures.on(on):
            if row.counts == "offer":
                words = _FORCES if row.column == "military_offer_years" else listed
                found[row.column] = Because(words, provision(row.cite), row.cite)
        return found

    def _arranged(self, offer: Offer, on: date, chosen: Choice) -> str:
        """The case of s. 82(2), or none."""
        version = self.law.noc_version(on)
        levels = self.law.measures.by_column["arranged_employment"].occupations.teer or ()
        if len(offer.employers) > 1 or teer(code_of(offer, version, chosen), version) not in levels:
            return "none"
        if self._works_on(offer, LMIA, on):
            if any(teer(code_of(one.job, version, chosen), version) in levels for one in self._at(offer, on)):
                return "a"
            # The permit is for lower work, and case (d) is for whom the permit's employer offers none: the law is open.
            if chosen.get("same_employer") != "counts":
                return "none"
        if self._works_on(offer, "employer_exempt", on) and self._year(offer, on, chosen):
            return "b"
        return self._approved(offer, on, chosen, with_permit="d", without="c", exempt="b")

    def _trade(self, offer: Offer, on: date, chosen: Choice) -> str:
        """The case of s. 87.2(3)(d), or none."""
        version = self.law.noc_version(on)
        code = code_of(offer, version, chosen)
        if code not in self.law.trades(version):
            return "none"
        minor = code[: MINOR_DIGITS[version]]
        for kind, case in ((LMIA, "ii"), ("employer_exempt", "iii")):
            jobs = self._at(offer, on) if self._works_on(offer, kind, on) else []
            alike = any(code_of(one.job, version, chosen).startswith(minor) for one in jobs)
            if alike and (case == "ii" or self._year(offer, on, chosen)):
                return case
        return self._approved(offer, on, chosen, with_permit="v", without="iv", exempt="iii")

    def _approved(self, offer: Offer, on: date, chosen: Choice, *, with_permit: str, without: str, exempt: str) -> str:
        """The case of an offer that rests on its own LMIA; where permits are not known, as assumed."""
        if self.immigration.entries is None:
            authorised = chosen["permit"] == "permit"
            if authorised and not _approved_by_lmia(offer, on):
                return exempt if self._year(offer, on, chosen) else "none"
        else:
            authorised = any(one.kind not in _CANNOT_WORK for one in self.immigration.holding(on))
        if not _approved_by_lmia(offer, on):
            return "none"
        return with_permit if authorised else without

    def _works_on(self, offer: Offer, kind: str, on: date) -> bool:
        """Whether the person works for the offer's employers on a permit of a kind that names them."""
        held = [one for one in self.immigration.holding(on) if one.kind == kind and _names(one, offer)]
        return bool(held) and bool(self._at(offer, on))

    def _at(self, offer: Offer, on: date) -> list[Task]:
        """The jobs in Canada for the offer's employers that continue."""
        day = on.toordinal()
        return [one for one in self._for(offer) if any(span.start <= day < span.end for span in one.spans)]

    def _for(self, offer: Offer) -> list[Task]:
        employers = {name.casefold() for name in offer.employers}
        return [one for one in self.tasks if one.canada and (one.job.employer or "").casefold() in employers]

    def _year(self, offer: Offer, on: date, chosen: Choice) -> bool:
        """A continuous year of full-time work, or as much part-time, for the offer's employers."""
        units = Units.of(self.law.evidence.on(on))
        ledger, employed = self._employment(offer, units, self._not_authorised(chosen))
        rule: YearRule = "calendar" if chosen.get("year_of_work") == "calendar" else "hours"
        return any(ledger.years(*clip, rule) >= 1 for clip in clipped(employed, (0, on.toordinal())))

    def _not_authorised(self, chosen: Choice) -> frozenset[str]:
        """The doubts over days without a permit by which the work of those days was not authorised."""
        return frozenset(one.id for one in self._days_open if chosen.get(one.id) == "not_authorised")

    def watched(self, on: date, chosen: Choice, *, asked: bool = False) -> tuple[Watched, ...]:
        """The authorised work for each offer's employers, as far as a year of it."""
        units, days = Units.of(self.law.evidence.on(on)), self._not_authorised(chosen)
        if (units, days) not in self._watched:
            found = (year_watched(*self._employment(offer, units, days)) for offer in self.offers)
            self._watched[units, days] = tuple(chain.from_iterable(found))
        return self._watched[units, days]

    def _employment(self, offer: Offer, units: Units, without: frozenset[str]) -> tuple[Ledger, list[Interval]]:
        key = (offer.employers, units, without)
        if key not in self._employments:
            self._employments[key] = self._employed(offer, units, without)
        return self._employments[key]

    def _employed(self, offer: Offer, units: Units, without: frozenset[str]) -> tuple[Ledger, list[Interval]]:
        spans = [
            span for one in self._for(offer) for span in one.spans if span.state != NONE and span.doubt not in without
        ]
        ledger = Ledger((piece for span in spans for piece in span.pieces()), units)
        return ledger, runs((span.start, span.end) for span in spans)


def _names(status: Status, offer: Offer) -> bool:
    """Whether a permit names the offer's employers; a permit whose names were not given is assumed to."""
    return status.kind in NAMED and (status.employers is None or all(named(one, status) for one in offer.employers))


def _made(offer: Offer, on: date) -> bool:
    return offer.start <= on and (offer.end is None or on <= offer.end)


def _may_count(offer: Offer, on: date, evidence: EvidenceOn) -> bool:
    """Whether an offer may count, its length aside: it is open, full time, and from an eligible employer."""
    full_time = offer.hours_per_week >= evidence.full_time_hours
    return _made(offer, on) and full_time and not offer.barred_employer


def _approved_by_lmia(offer: Offer, on: date) -> bool:
    """Whether an assessment of the labour market that is valid on the day supports the offer."""
    issued = offer.lmia_issued_on is None or offer.lmia_issued_on <= on
    return offer.lmia and issued and (offer.lmia_expires_on is None or on <= offer.lmia_expires_on)


def _too_short_from(offer: Offer, evidence: EvidenceOn) -> date:
    """The first day on which a visa would come less than a year before the end of the work offered."""
    least, end = evidence.offer_least_months, months_on(offer.start, offer.duration_months or 0)
    day = max(offer.start, months_on(end, -least))
    while months_on(day, least) <= end:
        day += timedelta(days=1)
    return day


def _forces_years(offer: Offer) -> int:
    """Whole years of an offer of the Canadian Forces; one without an end lasts as long as any."""
    return 60 if offer.duration_months is None else min(offer.duration_months // 12, 60)


def _nominated(nomination: Nomination, on: date) -> bool:
    """Whether an enhanced nomination is accepted, not expired and not withdrawn on a day."""
    if nomination.kind != "enhanced" or nomination.accepted_on is None or on < nomination.accepted_on:
        return False
    ended = nomination.withdrawn_on is not None and on >= nomination.withdrawn_on
    return not ended and (nomination.expires_on is None or on <= nomination.expires_on)


def _first(order: tuple[str, ...], cases: list[str]) -> str:
    return next((case for case in order if case in cases), "none")


def _crs_offer(
    cases: list[tuple[Offer, str]], trades: list[tuple[Offer, str]], law: Law, on: date, chosen: Choice
) -> str:
    """What the CRS gave points for, on the days when it did: an offer of arranged employment, the better of several."""
    version, exempt = law.noc_version(on), law.evidence.on(on).offer_exempt_counts
    qualifying = [
        code_of(offer, version, chosen)
        for offer, case in (*cases, *trades)
        if case != "none" and (exempt or case not in ("b", "iii"))
    ]
    if not qualifying:
        return "none"
    return "major_group_00" if any(code.startswith("00") for code in qualifying) else "other"


def _after_visa(field: str, offer: Offer, until: date) -> Doubt:
    name = entry_name(field)
    return Doubt(
        f"after_visa:{field}",
        Text(
            "whether {name} lasts for a year after your visa is issued, on a day that is not known yet",
            "si {name} dure un an après la délivrance de votre visa, dont le jour n'est pas encore connu",
        ).fill(name=name),
        Text(
            "for {name}: the months of work that it promises after permanent residence",
            "pour {name} : les mois de travail promis après la résidence permanente",
        ).fill(name=name),
        {
            "in_time": Text("the visa comes a year or more before its end", "le visa vient un an ou plus avant sa fin"),
            "too_late": Text("the visa comes later", "le visa vient plus tard"),
        },
        place=Text("IRPR 82(1) and 87.2(3)(d)", "RIPR 82(1) et 87.2(3)d)"),
        since=offer.start,
        until=until,
        fields=(f"{field}.months_after_visa",),
    )


def _same_employer(since: date) -> Doubt:
    return Doubt(
        "same_employer",
        Text(
            "whether an offer with an LMIA of the employer on your permit counts where the permit is for work of TEER "
            "4 or 5",
            "si une offre avec EIMT de l'employeur de votre permis compte alors que le permis vise un travail de FEER "
            "4 ou 5",
        ),
        LAW_IS_OPEN,
        {"counts": Text("it counts", "elle compte"), "does_not": Text("it does not", "elle ne compte pas")},
        law=True,
        place=Text("IRPR 82(2)(a)(i) and (d)(i)", "RIPR 82(2)a)(i) et d)(i)"),
        since=since,
    )


def _permit(since: date) -> Doubt:
    return Doubt(
        "permit",
        Text("whether you hold a permit on this day", "si vous avez un permis ce jour-là"),
        Text("your permits in Canada, or that you have none", "vos permis au Canada, ou que vous n'en avez pas"),
        {
            "no_permit": Text("no permit", "pas de permis"),
            "permit": Text(
                "a permit, or the right to work without one", "un permis, ou le droit de travailler sans permis"
            ),
        },
        place=Text("IRPR 82(2)", "RIPR 82(2)"),
        since=since,
        fields=("person.status",),
    )


_FORCES = Text(
    "whole years of the longest open offer of the Canadian Forces",
    "années entières de la plus longue offre en cours des Forces canadiennes",
)
