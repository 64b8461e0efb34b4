"""Languages: a new test report of the person or of the partner, and which language is first."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from expressentry.advise.moves.case import PlanningCase, with_documents
from expressentry.advise.moves.distance import Levels
from expressentry.advise.moves.model import Move
from expressentry.dates import anniversary
from expressentry.factors.derive.language import TOP, Report, best_reports, reports_of
from expressentry.law.languages import ABILITIES, Languages
from expressentry.profile.model import Profile, Test
from expressentry.text import Text

_USUAL = {"english": "ielts", "french": "tef"}
_RESULTS_AFTER = timedelta(days=14)
"""Between a test and its results, where a plan needs both."""


def language(case: PlanningCase, move: Move) -> str:
    """The language that a move is about; for the partner that of the best report, else English."""
    if move.kind != "partner_test":
        return str(move.given["language"])
    report = best(case, "partner", None)
    return report.converted.language if report else "english"


def who(move: Move) -> str:
    """Whose test it is."""
    return "partner" if move.kind == "partner_test" else "person"


def best(case: PlanningCase, owner: str, spoken: str | None) -> Report | None:
    """The best report that is valid on the first day; where none is, the one with the last results."""
    if (owner, spoken) not in case.reports:
        case.reports[owner, spoken] = _found(case, owner, spoken)
    return case.reports[owner, spoken]


def _found(case: PlanningCase, owner: str, spoken: str | None) -> Report | None:
    whose = case.whose(owner)
    of_both = [one for one in reports_of(whose, owner, case.law.languages) if one.start <= case.start] if whose else []
    reports = [one for one in of_both if spoken in (None, one.converted.language)]
    valid = best_reports(one for one in reports if case.start < _until(one, case))
    return valid[0] if valid else max(reports, key=lambda one: one.start, default=None)


def _until(report: Report, case: PlanningCase) -> date:
    """The first day on which a report no longer counts, by the rule of the first day."""
    return anniversary(report.start, case.law.evidence.on(case.start).language_valid_years)


def levels_now(case: PlanningCase, move: Move) -> dict[str, int]:
    """The levels from which a move starts; 0 where no test was taken."""
    report = best(case, who(move), language(case, move))
    return dict(report.converted.levels) if report else dict.fromkeys(ABILITIES, 0)


def raised(move: Move, now: Levels) -> dict[str, int]:
    """The levels after a move."""
    if move.kind == "ability":
        return {**now, move.given["ability"]: min(now[move.given["ability"]] + 1, TOP)}
    least = move.given.get("level", 0)
    return {ability: max(level, least) for ability, level in now.items()}


def impossible_ability(case: PlanningCase, move: Move) -> Text | None:
    """An ability rises from a report, and not above the level that gives most points."""
    if best(case, "person", language(case, move)) is None:
        return Text("you have no test in this language", "vous n'avez pas de test dans cette langue")
    if levels_now(case, move)[move.given["ability"]] >= TOP:
        return Text("already at the highest level", "déjà au plus haut niveau")
    return None


def impossible_floor(case: PlanningCase, move: Move) -> Text | None:
    """A level is reached by a test only where some ability is below it, or no report is valid."""
    if move.kind == "partner_test" and case.profile.partner is None:
        return Text("you have no partner", "vous n'avez pas de conjoint")
    report = best(case, who(move), language(case, move))
    holds = report is not None and report.start <= case.start < _until(report, case)
    if holds and min(levels_now(case, move).values()) >= move.given["level"]:
        return Text("already at this level", "déjà à ce niveau")
    return None


def impossible_again(case: PlanningCase, move: Move) -> Text | None:
    """A test is taken again where its results have expired, or will while the plans are carried out."""
    report = best(case, "person", language(case, move))
    if report is None:
        return Text("you have no test in this language", "vous n'avez pas de test dans cette langue")
    if case.start < _until(report, case) and case.horizon < _until(report, case):
        return Text(
            "the results are valid until the end of every plan",
            "les résultats sont valides jusqu'à la fin de tous les plans",
        )
    return None


def apply_test(profile: Profile, case: PlanningCase, move: Move, ready: date) -> Profile:
    """Add a new report; moves of one plan about one language make one report, as all abilities come from one."""
    owner, spoken = who(move), language(case, move)
    whose, before = profile.individuals().get(owner), case.whose(owner)
    if whose is None or before is None:
        return profile
    levels, results_on = raised(move, levels_now(case, move)), ready
    languages = case.law.languages
    kept = []
    for test in whose.tests:
        if languages.language_of(test.test) != spoken or test in before.tests:
            kept.append(test)
            continue
        planned = _levels(test, languages)
        levels = {ability: max(level, planned[ability]) for ability, level in levels.items()}
        results_on = max(results_on, test.results_on)
    report = best(case, owner, spoken)
    taken_on = max(case.start, results_on - _RESULTS_AFTER)
    kind = report.converted.test if report else _USUAL[spoken]
    test = _report(kind, taken_on, results_on, tuple(levels.items()), languages)
    return with_documents(profile, owner, tests=(*kept, test))


@lru_cache(maxsize=1 << 12)
def _report(
    test: str, taken_on: date, results_on: date, levels: tuple[tuple[str, int], ...], languages: Languages
) -> Test:
    """A report with the least scores that give the levels."""
    least = languages.least_scores(test, taken_on, dict(levels))
    scores = {a: int(s) if s == s.to_integral() else float(s) for a, s in least.items()}
    return Test.model_validate({"test": test, "taken_on": taken_on, "results_on": results_on, **scores})


@lru_cache(maxsize=1 << 12)
def _levels(test: Test, languages: Languages) -> Levels:
    """The levels of a report."""
    scores = {ability: getattr(test, ability) for ability in ABILITIES}
    return languages.convert(test.test, test.taken_on, scores).levels


def nothing_new(case: PlanningCase, move: Move, others: list[Move]) -> bool:
    """Whether a new report has the same levels without a move, the other moves being about the same language."""

    def together(moves: list[Move]) -> dict[str, int]:
        now = levels_now(case, move)
        found = [raised(one, now) for one in moves]
        return {ability: max(levels[ability] for levels in found) for ability in now}

    return bool(others) and together(others) == together([move, *others])


def impossible_first(case: PlanningCase, move: Move) -> Text | None:
    """A first language is changed where one was chosen; else the better one is used."""
    chosen = case.profile.person.first_language
    if chosen is None:
        return Text(
            "you have not chosen a first language: the better one is used",
            "vous n'avez pas choisi de première langue : la meilleure est utilisée",
        )
    if chosen == move.given["language"]:
        return Text("this is already the case", "c'est déjà le cas")
    return None


def apply_first(profile: Profile, case: PlanningCase, move: Move, ready: date) -> Profile:
    """Choose a language as first."""
    return with_documents(profile, "person", first_language=move.given["language"])
