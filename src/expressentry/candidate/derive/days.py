"""A profile made ready for any day."""

from __future__ import annotations

from datetime import date

from expressentry.candidate.derive.combine import Part, combine
from expressentry.candidate.derive.education import PartnerEducation, PersonEducation
from expressentry.candidate.derive.family import Family
from expressentry.candidate.derive.language import PartnerLanguage, PersonLanguage, Report, levels, report_choices
from expressentry.candidate.derive.model import Because, Choice, Component, Derived, Reading
from expressentry.candidate.derive.money import Certificates, Money
from expressentry.candidate.derive.offers import Offers
from expressentry.candidate.derive.work import PartnerWork, PersonWork
from expressentry.candidate.profile import Profile

NO_PARTNER = {
    "partner_education": None,
    "partner_canadian_work_years": None,
    "partner_canadian_work_any": None,
    "partner_canadian_study_2y": None,
    **levels("partner", None),
}


def derive(profile: Profile, on: date) -> Derived:
    """Return what a profile says on a day: readings of the facts, the doubts that part them, and the reasons.

    Facts are columns of the schema; None says unknown, or no test. Raises FactorsError for a day outside the person's
    life.

    >>> from expressentry.candidate.profile import read_profile
    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1993-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> derive(read_profile(facts), date(2026, 4, 11)).facts["age"]
    32
    """
    return prepared(profile).on(on)


def prepared(profile: Profile) -> Prepared:
    """The profile made ready for any day, once."""
    found: Prepared | None = profile._prepared
    if found is None:
        found = profile._prepared = Prepared(profile)
    return found


class Prepared:
    """Every component of a profile, with what it computes once for all days."""

    def __init__(self, profile: Profile) -> None:
        family, work = Family(profile), PersonWork(profile.person, "person", profile.person.certificates)
        languages: list[PersonLanguage | PartnerLanguage] = [PersonLanguage(profile.person)]
        components: list[Component] = [
            family,
            PersonEducation(profile.person, "person"),
            work,
            Offers(profile, work.standing, work.tasks),
            Certificates(profile),
            Money(profile),
        ]
        if profile.partner is not None:
            languages.append(PartnerLanguage(profile.partner, family.counts))
            components += [
                PartnerEducation(profile.partner, family.counts),
                PartnerWork(profile.partner, family.counts),
            ]
        self.parts = [Part(component) for component in (*components, *languages)]
        self.languages = list(zip(self.parts[len(components) :], languages, strict=True))

    def on(self, on: date) -> Derived:
        """The facts of a day."""
        found, doubts, bounded = combine(self.parts, on)
        readings = []
        for facts, choice in found:
            best: dict[str, list[Report]] = {}
            for part, language in self.languages:
                best |= language.best(on, part.whole(choice))
            readings.append(Reading({**NO_PARTNER, **facts}, choice, report_choices(best)))
        first = readings[0].assumed
        return Derived(on, tuple(readings), tuple(doubts), bounded, lambda: self._because(on, first))

    def _because(self, on: date, choice: Choice) -> dict[str, Because]:
        found: dict[str, Because] = {}
        for part in self.parts:
            found |= part.component.because(on, part.whole(choice))
        return found
