"""A profile made ready for any day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from math import prod
from typing import Any, cast

from expressentry.dates import as_day
from expressentry.factors.derive.added import Added
from expressentry.factors.derive.assessors import Assessors
from expressentry.factors.derive.combine import MOST_READINGS, Effort, Part, Tried, combine, each_value
from expressentry.factors.derive.education import PartnerEducation, PersonEducation
from expressentry.factors.derive.family import Family
from expressentry.factors.derive.fst import Trades
from expressentry.factors.derive.horizon import DocumentDays
from expressentry.factors.derive.language import (
    MOST_CHOICES,
    PartnerLanguage,
    PersonLanguage,
    Report,
    levels,
    report_choices,
)
from expressentry.factors.derive.model import Because, Choice, Component, Derived, Reading
from expressentry.factors.derive.money import Certificates, Money
from expressentry.factors.derive.offers import Offers
from expressentry.factors.derive.work import OccupationMonths, PartnerWork, PersonWork
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.profile.model import Profile
from expressentry.profile.read import as_profile

NO_PARTNER = {
    "partner_education": None,
    "partner_canadian_work_years": None,
    "partner_canadian_work_any": None,
    "partner_canadian_study_2y": None,
    **levels("partner", None),
}


def derive(profile: Profile, on: date | str, law: Law | None = None) -> Derived:
    """Return what a profile says on a day: readings of the facts, the doubts that part them, and the reasons.

    Facts are columns of the schema; None says unknown, or no test. `on` is a `date`, or text
    written YYYY-MM-DD. Without a `law` the shipped one is used. Raises FactorsError for a day outside the person's
    life, UsageError for what is no day or no profile.

    >>> from expressentry.profile.read import read_profile
    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1993-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> derive(read_profile(facts), date(2026, 4, 11)).facts["age"]
    32
    """
    return prepared(as_profile(profile), law or load_law()).on(as_day(on))


def prepared(profile: Profile, law: Law) -> Prepared:
    """The profile made ready for any day under a law, once."""
    return profile.once((Prepared, law), lambda: Prepared(profile, law))


def same_until(profile: Profile, derived: Derived, law: Law, *, asked: bool = False) -> date:
    """Return the first later day on which the facts may differ from those derived: on none before do they.

    With `asked`, months in an occupation may differ before, as long as they reach the same of the numbers that
    categories ask for.

    >>> from expressentry.profile.read import read_profile
    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1993-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> profile = read_profile(facts)
    >>> same_until(profile, derive(profile, date(2026, 3, 1)), load_law())
    datetime.date(2026, 4, 12)
    """
    return prepared(profile, law).until(derived, asked=asked)


class Variants:
    """Derives variants of one profile: what they share is prepared once, and worked out once for each day.

    Components are known by the facts that they read, so that a variant with another language test costs no new
    ledger of work. What it gives is what `derive` gives.
    """

    def __init__(self, law: Law) -> None:
        self.law, self.effort, self._forgot = law, Effort(), 0
        self._made: dict[Any, Part] = {}

    def derive(self, profile: Profile, on: date) -> Derived:
        """Return what a variant says on a day; see `derive`."""
        return Prepared(profile, self.law, self._part, self.effort).on(on)

    def forget(self) -> None:
        """Forget what was worked out where it has become much: it is worked out again where it is needed."""
        if self.effort.pieces - self._forgot > MOST_KEPT:
            self._made.clear()
            self._forgot = self.effort.pieces

    def _part(self, key: tuple[Any, ...], make: Callable[[], Component]) -> Part:
        part = self._made.get(key)
        if part is None:
            part = self._made[key] = Part(make(), self.effort, remember=True)
        return part


Making = Callable[[tuple[Any, ...], Callable[[], Component]], Part]
"""From the facts that a component reads, and a way to prepare it, to the component."""


class Prepared:
    """Every component of a profile, with what it computes once for all days."""

    def __init__(self, profile: Profile, law: Law, making: Making | None = None, effort: Effort | None = None) -> None:
        self._profile, self.law, evidence, self.effort = profile, law, law.evidence, effort or Effort()
        self._asked = False
        self._many = making is not None  # of many variants each is asked for few days: its documents are not walked
        part = making or (lambda _, make: Part(make(), self.effort))
        me, partner = profile.person, profile.partner
        kin = partner and (
            (partner.start, partner.end, partner.accompanying, partner.changes),
            (partner.citizen_or_resident, partner.living_in_canada),
        )
        home = (me.birth_date, me.relatives, profile.children, kin, partner and partner.relatives)
        jobs = (me.work, me.status, me.certificates)
        family = part((Family, *home), lambda: Family(profile, evidence))
        work = part((PersonWork, *jobs), lambda: PersonWork(me, law, me.certificates))
        counts, mine = cast("Family", family.component).counts, cast("PersonWork", work.component)
        offered = profile.job_offers, profile.nominations
        offers = part((Offers, *jobs, *offered), lambda: Offers(profile, mine.immigration, mine.tasks, law))
        theirs = cast("Offers", offers.component)
        self._me, self._work = me, mine
        self.parts = [
            family,
            part((PersonEducation, me.credentials, *jobs), lambda: PersonEducation(me, law, Assessors(law, me, mine))),
            work,
            offers,
            part((OccupationMonths, *jobs), lambda: OccupationMonths(mine)),
            part((Trades, *jobs, *offered), lambda: Trades(mine, theirs, me.certificates, law)),
            part((Certificates, me.certificates), lambda: Certificates(profile, law)),
            part((Added,), lambda: Added(law)),
            part((Money, profile.funds, profile.intent), lambda: Money(profile)),
        ]
        spoken = [part((PersonLanguage, me.tests, me.first_language), lambda: PersonLanguage(me, law))]
        if partner is not None:
            spoken.append(part((PartnerLanguage, *home, partner.tests), lambda: PartnerLanguage(partner, counts, law)))
            self.parts += [
                part((PartnerEducation, *home, partner.credentials), lambda: PartnerEducation(partner, counts, law)),
                part((PartnerWork, *home, partner.work, partner.status), lambda: PartnerWork(partner, counts, law)),
            ]
        self.parts += spoken
        self.languages = [(one, cast("PersonLanguage | PartnerLanguage", one.component)) for one in spoken]

    @cached_property
    def documents(self) -> DocumentDays:
        """The days of the documents."""
        return DocumentDays(self._profile, self.law, (doubt for part in self.parts for doubt in part.doubts))

    def until(self, derived: Derived, *, asked: bool = False) -> date:
        """The first later day on which the facts may differ from those derived; see `same_until`."""
        if derived.bounded:
            return derived.on + timedelta(days=1)  # not every combination of doubts was tried, so none is followed
        documents = self.documents
        tried = [part.tried(derived.on, documents) for part in self.parts]
        asked = asked and self._never_too_many(tried, derived.readings)
        return min(one.until(documents, asked=asked) for one in tried)

    @staticmethod
    def _never_too_many(tried: Sequence[Tried], readings: Sequence[Reading]) -> bool:
        """Whether each combination can be given until the next day of the documents, however many facts it changes."""
        most = prod({name: len(one.part.component.doubts[name].options) for one in tried for name in one.live}.values())
        return most <= MOST_READINGS and most * _ways(readings) <= MOST_WAYS

    def forget(self) -> None:
        """Forget what was worked out for some days, so that others cost what they cost anybody."""
        for part in self.parts:
            part.forget()

    @cached_property
    def assessors(self) -> Assessors:
        """Whose assessment of a credential counts for the person."""
        return Assessors(self.law, self._me, self._work)

    def on(self, on: date) -> Derived:
        """The facts of a day."""
        # The first day is worked out whole; those after it only as far as a document between them may change it.
        documents = self.documents if self._asked and not self._many else None
        self._asked = True
        found, doubts, possible = combine([part.tried(on, documents) for part in self.parts])
        readings = [self._reading(facts, choice, on) for facts, choice in found]
        ways = _ways(readings)
        if ways > MOST_CHOICES or ways * len(readings) > MOST_WAYS:
            possible = possible or each_value(facts for facts, _ in found)
        if possible is not None:
            possible = {**{name: (value,) for name, value in NO_PARTNER.items()}, **possible}
            for _, language in self.languages:
                possible |= language.possible(on)
            readings = [_cut(one) for one in readings[:MOST_SHOWN]]
        first = readings[0].assumed
        return Derived(on, tuple(readings), tuple(doubts), possible, lambda: self._because(on, first))

    def _reading(self, facts: Mapping[str, Any], choice: Choice, on: date) -> Reading:
        best: dict[str, list[Report]] = {}
        for part, language in self.languages:
            best |= language.best(on, part.whole(choice))
        return Reading({**NO_PARTNER, **facts}, choice, report_choices(best))

    def _because(self, on: date, choice: Choice) -> dict[str, Because]:
        found: dict[str, Because] = {}
        for part in self.parts:
            found |= part.component.because(on, part.whole(choice))
        return found


def _ways(readings: Iterable[Reading]) -> int:
    """The most ways that a reading leaves to choose among test reports."""
    return max(len(one.report_choices) for one in readings) or 1


MOST_KEPT = 400_000
"""What variants share is kept as long as no more pieces were read for it."""

MOST_WAYS = 128
"""So many readings are assessed, each way to choose among test reports counted."""

MOST_SHOWN, _MOST_SHOWN_CHOICES = 8, 2
"""So many readings, and ways to choose among reports, are given where there are too many to try each."""


def _cut(reading: Reading) -> Reading:
    """A reading of a day on which not all is tried, with the first ways to choose among test reports."""
    return replace(reading, report_choices=reading.report_choices[:_MOST_SHOWN_CHOICES])
