"""Language: levels from test reports, all four abilities from one report, and the best report of each language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from expressentry.dates import anniversary
from expressentry.factors.derive.model import Because, Choice, Doubt, ReportChoice
from expressentry.law.languages import ABILITIES, NAMES, Converted, Languages
from expressentry.law.law import Law
from expressentry.profile.model import Person, Self
from expressentry.text import Text

TOP = 10
"""Levels above pay and open no more than this one."""

MOST_CHOICES = 16


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


def reports_of(whose: Self, owner: str, languages: Languages) -> tuple[Report, ...]:
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


class _Language:
    """The reports of one person, and the doubt over a retaken skill."""

    def __init__(self, whose: Self, owner: str, law: Law) -> None:
        self.evidence = law.evidence
        self.reports = reports_of(whose, owner, law.languages)
        retaken = [report for report in self.reports if report.retaken]
        self.doubts: dict[str, Doubt] = {"one_skill_retake": _retake(retaken, self._until)} if retaken else {}

    def valid(self, on: date, chosen: Choice) -> list[Report]:
        """The reports that count on a day."""
        accepted = chosen.get("one_skill_retake") == "accepted"
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

    def best(self, on: date, chosen: Choice) -> dict[str, list[Report]]:
        """For each language the reports to choose from."""
        valid = self.valid(on, chosen)
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

    def __init__(self, whose: Self, counts: Callable[[date], str], law: Law) -> None:
        super().__init__(whose, "partner", law)
        self._counts = counts

    def best(self, on: date, chosen: Choice) -> dict[str, list[Report]]:
        """The reports to choose from, where the law counts the partner."""
        return {"partner": best_reports(self.valid(on, chosen)) if self._counts(on) else []}

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
    for picked in product(*groups.values()):
        facts: dict[str, Any] = {}
        for group, report in zip(groups, picked, strict=True):
            facts |= levels(group, report)
        found.append(ReportChoice(facts, tuple(report.field for report in picked)))
    return tuple(found[:MOST_CHOICES])


def _why(best: list[Report], reports: Iterable[Report], language: str | None, years: int) -> Because:
    if not best:
        sat = [one for one in reports if language in (None, one.converted.language)]
        if not sat:
            return Because(Text("no test is listed", "aucun test n'est donné"))
        listed = ", ".join(f"{one.field} ({one.start} – {anniversary(one.start, years)})" for one in sat)
        text = Text(
            "no report counts on this day: {listed}; results hold from their day until before the second anniversary",
            "aucun relevé ne compte ce jour-là : {listed}; les résultats valent de leur jour jusqu'avant le deuxième "
            "anniversaire",
        )
        return Because(text.fill(listed=listed), _VALID)
    report = best[0]
    text = Text(
        "{field}: {test} taken on {day}, results of {start}, by the chart of the test's day; all four abilities come "
        "from one report",
        "{field} : {test} passé le {day}, résultats du {start}, selon le tableau du jour de l'examen; les quatre "
        "habiletés viennent d'un même relevé",
    ).fill(field=report.field, test=NAMES[report.converted.test], day=report.converted.taken_on, start=report.start)
    if len(best) > 1:
        others = ", ".join(one.field for one in best[1:])
        more = Text("{text}; {others} is better in some ability", "{text}; {others} est meilleur en quelque habileté")
        text = more.fill(text=text, others=others)
    cite = report.converted.cites[0]
    return Because(text, cite.place)


def _retake(reports: list[Report], until: Callable[[Report], date]) -> Doubt:
    fields = ", ".join(report.field for report in reports)
    return Doubt(
        "one_skill_retake",
        Text(
            "whether a report with one retaken skill is accepted: {fields}",
            "si un relevé dont une habileté a été reprise est accepté : {fields}",
        ).fill(fields=fields),
        Text("nothing you have: the law is open", "rien que vous ayez : le droit est ouvert"),
        {
            "accepted": Text("it is accepted", "il est accepté"),
            "refused": Text("it is not accepted", "il n'est pas accepté"),
        },
        law=True,
        place=Text("no text was found", "aucun texte n'a été trouvé"),
        since=min(report.start for report in reports),
        until=max(map(until, reports)),
    )


_VALID = Text("instructions, s. 12(3); IRPR 75(2)(d)", "instructions, par. 12(3); RIPR 75(2)d)")
