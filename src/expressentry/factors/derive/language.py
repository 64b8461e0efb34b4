"""Language: levels from test reports, all four abilities from one report, and the best report of each language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice, product
from typing import Any

from expressentry.dates import anniversary
from expressentry.factors.derive.combine import between
from expressentry.factors.derive.model import LAW_IS_OPEN, Because, Choice, Doubt, ReportChoice, Uncounted
from expressentry.law.languages import ABILITIES, NAMES, Converted, Languages
from expressentry.law.law import Law
from expressentry.profile.labels import entry_name, entry_names
from expressentry.profile.model import Individual, Person
from expressentry.text import Text

TOP = 10
"""Levels above this one give no more points and meet no more criteria."""

MOST_CHOICES = 16
"""So many ways to choose among reports are tried; one more is given, so that it is seen that there are more."""


@dataclass(frozen=True, slots=True)
class Report:
    """One test report; it counts from its results on, for as many years as the law of a day says."""

    field: str
    converted: Converted
    retaken: bool
    start: date

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels in the order listening, reading, writing, speaking."""
        return tuple(self.converted.levels[ability] for ability in ABILITIES)


def reports_of(whose: Individual, owner: str, languages: Languages) -> tuple[Report, ...]:
    """The reports of a person, converted by the chart of the test's day."""
    return tuple(
        Report(
            f"{owner}.tests[{position}]",
            languages.convert(test.test, test.taken_on, {ability: getattr(test, ability) for ability in ABILITIES}),
            test.one_skill_retake,
            test.results_on,
        )
        for position, test in enumerate(whose.tests, 1)
    )


def best_reports(reports: Iterable[Report]) -> list[Report]:
    """The reports that no other one beats or equals in every ability, the most levels in all first."""
    found: list[Report] = []
    for report in sorted(reports, key=lambda one: -sum(min(level, TOP) for level in one.levels)):
        if not any(all(a >= b for a, b in zip(one.levels, report.levels, strict=True)) for one in found):
            found.append(report)
    return found


class _Language(Uncounted):
    """The reports of one person, and the doubt over a retaken skill."""

    def __init__(self, whose: Individual, owner: str, law: Law) -> None:
        self.evidence = law.evidence
        self.reports = reports_of(whose, owner, law.languages)
        retaken = [report for report in self.reports if report.retaken]
        self._best: tuple[date, bool, dict[str, list[Report]]] | None = None
        self.doubts: dict[str, Doubt] = {"one_skill_retake": _retake(retaken, self._until)} if retaken else {}

    @property
    def pieces(self) -> int:
        """The reports."""
        return len(self.reports)

    def best(self, on: date, chosen: Choice) -> Mapping[str, list[Report]]:
        """For each language the reports to choose from; readings that say the same of a retaken skill share them."""
        accepted = chosen.get("one_skill_retake") == "accepted"
        if self._best is None or self._best[:2] != (on, accepted):
            self._best = on, accepted, self._best_of(self.valid(on, accepted=accepted), on)
        return self._best[2]

    def _best_of(self, valid: list[Report], on: date) -> dict[str, list[Report]]:
        raise NotImplementedError

    def possible(self, on: date) -> dict[str, tuple[Any, ...]]:
        """The levels of every report that may be used, whichever is chosen and whatever is assumed."""
        found: dict[str, tuple[Any, ...]] = {}
        accepted, refused = (self.best(on, {"one_skill_retake": option}) for option in ("accepted", "refused"))
        for group, reports in accepted.items():
            none = [None] if not reports or not refused[group] else []
            used = [*reports, *refused[group], *none]
            found |= between(*(levels(group, one) for one in used))
        return found

    def valid(self, on: date, *, accepted: bool) -> list[Report]:
        """The reports that count on a day, with a retaken skill only where that is accepted."""
        years = self.evidence.on(on).language_valid_years
        held = [one for one in self.reports if one.start <= on < anniversary(one.start, years)]
        return [one for one in held if accepted or not one.retaken]

    def _until(self, report: Report) -> date:
        """The latest first day on which a report may no longer count, whichever rule is in force then."""
        years = {self.evidence.on(day).language_valid_years for day in self.evidence.days}
        return anniversary(report.start, max(years))


class PersonLanguage(_Language):
    """The person's two languages."""

    def __init__(self, person: Person, law: Law) -> None:
        super().__init__(person, "person", law)
        self.first_language = person.first_language

    def _best_of(self, valid: list[Report], on: date) -> dict[str, list[Report]]:
        return {
            language: best_reports(one for one in valid if one.converted.language == language)
            for language in ("english", "french")
        }

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """The levels of the reports used; None where no report is valid."""
        found: dict[str, Any] = {"first_language": self.first_language}
        for language, reports in self.best(on, chosen).items():
            found |= levels(language, reports[0] if reports else None)
        return found

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """Which report, by which chart."""
        found: dict[str, Because] = {}
        for language, reports in self.best(on, chosen).items():
            why = _why(reports, self.reports, language, self.evidence.on(on).language_valid_years)
            found |= {f"{language}_{ability}": why for ability in ABILITIES}
        return found


class PartnerLanguage(_Language):
    """The partner's better single report, in either language."""

    def __init__(self, whose: Individual, counts: Callable[[date], str], law: Law) -> None:
        super().__init__(whose, "partner", law)
        self._counts = counts

    def _best_of(self, valid: list[Report], on: date) -> dict[str, list[Report]]:
        """The reports to choose from, where the law counts the partner."""
        return {"partner": best_reports(valid) if self._counts(on) else []}

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """The levels of the report used."""
        reports = self.best(on, chosen)["partner"]
        return levels("partner", reports[0] if reports else None)

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """Which report, by which chart."""
        years = self.evidence.on(on).language_valid_years
        why = _why(self.best(on, chosen)["partner"], self.reports, None, years)
        return {f"partner_{ability}": why for ability in ABILITIES}


def levels(group: str, report: Report | None) -> dict[str, int | None]:
    """The four columns of a report."""
    return {f"{group}_{ability}": report.converted.levels[ability] if report else None for ability in ABILITIES}


def report_choices(best: Mapping[str, list[Report]]) -> tuple[ReportChoice, ...]:
    """Every way to choose among reports of which none is better in every ability; empty where there is no choice."""
    if all(len(reports) < 2 for reports in best.values()):
        return ()
    groups = {group: reports for group, reports in best.items() if reports}
    found = []
    for picked in islice(product(*groups.values()), MOST_CHOICES + 1):
        facts: dict[str, Any] = {}
        for group, report in zip(groups, picked, strict=True):
            facts |= levels(group, report)
        found.append(ReportChoice(facts, tuple(report.field for report in picked)))
    return tuple(found)


def _why(best: list[Report], reports: Iterable[Report], language: str | None, years: int) -> Because:
    if not best:
        taken = [one for one in reports if language in (None, one.converted.language)]
        if not taken:
            return Because(Text("no test is given", "aucun test n'est donné"))
        listed = [
            _VALID_FROM.fill(name=entry_name(one.field), a=one.start, b=anniversary(one.start, years)) for one in taken
        ]
        text = Text(
            "no test result is valid on this day: {listed}; results are valid for two years",
            "aucun résultat de test n'est valide ce jour-là : {listed}; les résultats sont valides deux ans",
        )
        return Because(text.fill(listed=Text(", ", ", ").join(listed)), _VALID)
    report = best[0]
    text = Text(
        "{name}: {test} taken on {day}, results of {start}, converted by the chart for the date of the test; all four "
        "abilities come from one report",
        "{name} : {test} passé le {day}, résultats du {start}, convertis selon le tableau à la date du test; les "
        "quatre habiletés viennent d'une même attestation",
    ).fill(
        name=entry_name(report.field),
        test=NAMES[report.converted.test],
        day=report.converted.taken_on,
        start=report.start,
    )
    if len(best) > 1:
        others = entry_names(one.field for one in best[1:])
        more = Text(
            "{text}; better in at least one ability: {others}", "{text}; meilleur dans au moins une habileté : {others}"
        )
        text = more.fill(text=text, others=others)
    cite = report.converted.cites[0]
    return Because(text, cite.place)


def _retake(reports: list[Report], until: Callable[[Report], date]) -> Doubt:
    return Doubt(
        "one_skill_retake",
        Text(
            "whether a report with one retaken skill is accepted: {names}",
            "si une attestation dont une habileté a été reprise est acceptée : {names}",
        ).fill(names=entry_names(report.field for report in reports)),
        LAW_IS_OPEN,
        {
            "accepted": Text("it is accepted", "elle est acceptée"),
            "refused": Text("it is not accepted", "elle n'est pas acceptée"),
        },
        law=True,
        place=Text("no provision was found", "aucune disposition n'a été trouvée"),
        since=min(report.start for report in reports),
        until=max(map(until, reports)),
    )


_VALID_FROM = Text("{name} (valid from {a}, until before {b})", "{name} (valide du {a} jusqu'avant le {b})")
_VALID = Text("instructions, s. 12(3); IRPR 75(2)(d)", "instructions, par. 12(3); RIPR 75(2)d)")
