"""What categories and programs ask for in sentences, figure by figure beside the criteria of the law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from expressentry.law.criteria.categories import CategoryVersion
from expressentry.law.criteria.model import Abilities, Known, Points
from expressentry.law.languages import ABILITIES
from expressentry.law.law import Law
from expressentry.law.schema import MonthsTest
from expressentry.law.verify.pages.html import Line, Page
from expressentry.law.verify.pages.labels import fits, page_data, plain
from expressentry.law.verify.pages.model import Found
from expressentry.law.verify.pages.sentences import LEVEL, Figure, manner, read_sentence, title_of, unread_words
from expressentry.text import Text

_MONTHS_A_YEAR = 12
_EXPERIENCE = ("months", "window_years")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the law has for each label, and which of them a page must name; of some any one is enough."""

    figures: Mapping[str, int | str]
    needed: tuple[tuple[str, ...], ...]


def compare_category_conditions(page: Page, law: Law, found: Found, day: date) -> None:
    """Compare the conditions under the name of each category, and say which names are not those of the law."""
    held = {one.category: one for one in law.category_versions(day)}
    titles = {
        plain(title.say(page.lang)): id_ for id_, one in held.items() for title in (one.title, one.category_title)
    }
    under: dict[str, list[Line]] = {id_: [] for id_ in held}
    for line in page.lines:
        named = (titles.get(plain(words).removesuffix(":").strip()) for words in reversed(line.headings))
        id_ = next((one for one in named if one is not None), None)
        if id_ is not None:
            under[id_].append(line)
        elif any(
            one.label == "months" or one.label.startswith(LEVEL) for one in read_sentence(line.text, page.lang).figures
        ):
            found.not_read(line.headings[-1] if line.headings else page.title, _WHOSE.fill(s=line.text[:160]))
    for id_, lines in under.items():
        version = held[id_]
        codes = frozenset(version.occupations)
        _compare(found, version.title.say(page.lang), f"condition {id_}", lines, _of_category(version, law, day), codes)


def compare_program(program: str, page: Page, law: Law, found: Found, day: date) -> None:
    """Compare what a program asks for with its criteria; a table of such a page is not known."""
    title = next(one.title for one in law.on(day).selection.programs if one.program == program).say(page.lang)
    for table in page.tables:
        if any(character.isdigit() for row in table.rows for cell in row for character in cell):
            found.not_read(table.name, _NO_TABLE)
    _compare(found, title, f"program {program}", page.lines, _of_program(program, law, day), frozenset())


def _compare(found: Found, name: str, place: str, lines: Iterable[Line], wanted: Wanted, codes: frozenset[str]) -> None:
    seen = set[str]()
    for line in lines:
        text = " ".join(word for word in line.text.split() if word.strip("(),.;:") not in codes)
        sentence = read_sentence(text, found.lang)
        if sentence.unknown:
            found.not_read(name, unread_words(sentence, line.text))
        figures = list(sentence.figures)
        if "continuous" in wanted.figures:
            figures += _manner(text, figures, found)
        for one in figures:
            seen.add(one.label)
            _row(found, name, place, one, wanted.figures.get(one.label), line.text)
    for labels in wanted.needed:
        if not seen.intersection(labels):
            label = labels[0]
            law = wanted.figures[label]
            found.add(name, title_of(label).say(found.lang), "", None, law, f"{place} {label}")


def _manner(text: str, figures: Iterable[Figure], found: Found) -> Iterator[Figure]:
    """How the months are to be worked: where, only in a sentence about work; "abroad too" anywhere."""
    work = any(one.label in _EXPERIENCE for one in figures) or fits(page_data()["sentences"]["work"], text, found.lang)
    return (one for one in manner(text, found.lang) if work or one.value != "Canada")


def _row(found: Found, name: str, place: str, one: Figure, law: int | str | None, text: str) -> None:
    found.add(name, title_of(one.label).say(found.lang), text[:60], one.value, law, f"{place} {one.label}")


def _of_category(version: CategoryVersion, law: Law, day: date) -> Wanted:
    """The months, levels and years of a category."""
    figures: dict[str, int | str] = {}
    needed: list[tuple[str, ...]] = []
    for condition in (one for criterion in version.criteria for one in criterion.conditions()):
        if isinstance(condition, MonthsTest):
            figures |= {"months": condition.least, "continuous": "no", "where": "anywhere"}
            figures["full_time_hours"] = law.evidence.on(day).full_time_hours
            needed.append(("months",))
            if version.window_months:
                figures["window_years"] = version.window_months // _MONTHS_A_YEAR
                needed.append(("window_years",))
            if condition.measure == "run":
                figures["continuous"] = "yes"
                needed.append(("continuous",))
            elif condition.measure == "canada_months":
                figures["where"] = "Canada"
                needed.append(("where",))
        elif isinstance(condition, Abilities):
            figures |= _levels(condition)
            needed.append(tuple(_levels(condition)))
        elif isinstance(condition, Known) and condition.column.name in _YEARS:
            label = _YEARS[condition.column.name]
            figures[label] = _least(condition)
            needed.append((label,))
    return Wanted(figures, tuple(needed))


_YEARS = {
    "military_years": "service_years",
    "military_offer_years": "offer_years",
    "education": "credential_years",
    "cec_years_3y": "work_years",
    "primary_continuous_years": "work_years",
    "trade_years_5y": "work_years",
}
_LEAST_YEARS = {"one_year": 1, "two_year": 2, "three_year": 3}


def _least(condition: Known) -> int:
    value = condition.column.values[condition.allowed.index(True)]
    return _LEAST_YEARS[value] if isinstance(value, str) else int(value)


def _levels(condition: Abilities) -> dict[str, int | str]:
    """The levels of a condition by the label that sentences have: alone, by TEER, by ability."""
    found: dict[str, int | str] = {}
    if condition.by is not None:
        for value, levels in zip(condition.by.values, condition.levels, strict=True):
            if levels and isinstance(value, int) and len(set(levels)) == 1:
                found[f"{LEVEL} TEER {value}"] = levels[0]
        return found
    levels = condition.levels[0]
    if len(set(levels)) == 1:
        found[LEVEL] = levels[0]
    return found | {f"{LEVEL} {name}": level for name, level in zip(ABILITIES, levels, strict=True)}


def _of_program(program: str, law: Law, day: date) -> Wanted:
    """The years, hours, levels and points of a program, and the numbers by which they are counted."""
    evidence, rules = law.evidence.on(day), law.on(day)
    asked = next(one for one in rules.selection.programs if one.program == program)
    figures: dict[str, int | str] = {
        "full_time_hours": evidence.full_time_hours,
        "test_years": evidence.language_valid_years,
        "assessment_years": evidence.assessment_valid_years,
    }
    needed: list[tuple[str, ...]] = []
    for criterion in asked.criteria:
        levels: dict[str, int | str] = {}
        for condition in criterion.conditions():
            if isinstance(condition, Abilities) and (condition.by is not None or min(condition.levels[0]) > 1):
                levels |= _levels(condition)
            elif isinstance(condition, Points):
                figures |= {"points": condition.least, "maximum": max(rules.fsw.root.maximum)}
                needed.append(("points",))
            elif (
                isinstance(condition, Known)
                and condition.column.name in _YEARS
                and condition.column.name != "education"
            ):
                years = _least(condition)
                hours = years * evidence.year_hours
                figures |= {
                    "work_years": years,
                    "hours": hours,
                    "spread": years * evidence.full_time_hours * _MONTHS_A_YEAR,
                }
                figures["window_years"] = law.measures.by_column[condition.column.name].window_years
                needed += [("hours", "work_years"), ("window_years",)]
            elif isinstance(condition, Known) and condition.column.name == "fst_offer":
                figures["offer_years"] = evidence.offer_least_months // _MONTHS_A_YEAR
        figures |= levels
        needed += _ways(levels)
    return Wanted(figures, tuple(needed))


def _ways(levels: Mapping[str, int | str]) -> Iterator[tuple[str, ...]]:
    """What must be named of some levels: where one holds for all, that or any; else each of them."""
    if LEVEL in levels:
        yield tuple(levels)
    else:
        yield from ((label,) for label in levels)


_WHOSE = Text("the name of a category above “{s}”", "le nom d'une catégorie au-dessus de « {s} »")
_NO_TABLE = Text("sentences and no table", "des phrases et aucun tableau")
