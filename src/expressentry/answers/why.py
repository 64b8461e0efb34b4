"""Findings in words: what was looked at, what was asked, and which fact is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from expressentry.assess.person.criteria import Answer, Finding
from expressentry.assess.person.programs import CategoryFinding, ProgramFinding
from expressentry.dates import long_day
from expressentry.law.criteria.model import Abilities, Ask, Dollars, Known, Met, Points
from expressentry.law.languages import LANGUAGE_NAMES
from expressentry.law.schema import NOT_GIVEN, Columns, MonthsTest, dollars, value_of
from expressentry.text import Text, inner

CRITERION: Mapping[Answer, Literal["met", "not_met", "cannot_tell"]]
CRITERION = {True: "met", False: "not_met", None: "cannot_tell"}
PROGRAM: Mapping[Answer, Literal["eligible", "not_eligible", "cannot_tell"]]
PROGRAM = {True: "eligible", False: "not_eligible", None: "cannot_tell"}
CATEGORY: Mapping[Answer, Literal["member", "not_member", "cannot_tell"]]
CATEGORY = {True: "member", False: "not_member", None: "cannot_tell"}
WORDS = {
    "met": Text("met", "rempli"),
    "not_met": Text("not met", "non rempli"),
    "cannot_tell": Text("undetermined", "indéterminé"),
    "eligible": Text("eligible", "admissible"),
    "not_eligible": Text("not eligible", "non admissible"),
    "member": Text("member", "membre"),
    "not_member": Text("not a member", "non membre"),
}
ASK = {
    "employer": Text("ask your employer", "demandez à votre employeur"),
    "province": Text("ask the province", "demandez à la province"),
}
_SEMICOLON = Text("; ", "; ")
_TITLED = Text("{t}: {v}", "{t} : {v}")


def missing(names: tuple[str, ...], columns: Columns) -> Text:
    """Which facts are missing, by their titles."""
    one = Text("we need one more fact: {a}", "il nous manque un fait : {a}")
    several = Text("we need {n} more facts: {a}", "il nous manque {n} faits : {a}")
    titles = Text(", ", ", ").join(inner(columns[name].title) for name in names)
    return (one if len(names) == 1 else several).fill(n=len(names), a=titles)


def why(finding: Finding, columns: Columns) -> Text:
    """What a criterion looked at, and what it requires where the title does not show it."""
    condition = finding.criterion.condition
    if condition is None:
        return _joined(finding, columns)
    if finding.missing and finding.given is None:
        return missing(finding.missing, columns)
    if isinstance(condition, Known):
        return _TITLED.fill(t=inner(condition.column.title), v=value_of(condition.column, finding.given))
    if isinstance(condition, Met):
        return WORDS[PROGRAM[finding.answer]]
    if isinstance(condition, Ask):
        return ASK[condition.who]
    return _COMPARED[type(condition)](finding.given, finding.needed)


def _joined(finding: Finding, columns: Columns) -> Text:
    """What decides among the criteria below; where readings of the law differ, what each of them gives."""
    if finding.criterion.how == "readings":
        if finding.answer is None and not finding.missing:
            told = [_TITLED.fill(t=inner(one.criterion.title), v=WORDS[CRITERION[one.answer]]) for one in finding.below]
            return _SEMICOLON.join(told)
        return why(next(one for one in finding.below if one.answer is finding.answer), columns)
    kept = [one for one in finding.below if one.answer is finding.answer]
    if all(isinstance(one.criterion.condition, Abilities) for one in finding.below):
        return _languages(kept, finding, columns)
    deciding = [one for one in kept if not _is_tested(one)] or kept
    return _SEMICOLON.join(dict.fromkeys(why(one, columns) for one in deciding))


def _is_tested(finding: Finding) -> bool:
    """Whether a finding says no more than that there is a test, whatever its levels."""
    return isinstance(finding.criterion.condition, Abilities) and set(finding.needed or ()) == {1}


def _languages(kept: list[Finding], finding: Finding, columns: Columns) -> Text:
    """The better one of the languages that are high enough; else each that was tested, named where there are two."""
    tested = [one for one in finding.below if any(level is not None for level in one.given)]
    told = [one for one in kept if one in tested] or kept[:1]
    if finding.answer is not False:
        told = [max(told, key=lambda one: sum(level or 0 for level in one.given))]
    if len(tested) < 2:
        return why(told[0], columns)
    return _SEMICOLON.join(_TITLED.fill(t=_language(one), v=why(one, columns)) for one in told)


def _language(finding: Finding) -> Text:
    condition = finding.criterion.condition
    return LANGUAGE_NAMES[condition.source] if isinstance(condition, Abilities) else finding.criterion.title


def points(range_: tuple[int, int], needed: int) -> Text:
    """The points of a grid, or the range that unknown facts leave."""
    low, high = range_
    if low == high:
        return Text("{n} points, {m} needed", "{n} points, {m} exigés").fill(n=low, m=needed)
    wording = Text("{a} to {b} points, {m} needed", "de {a} à {b} points, {m} exigés")
    return wording.fill(a=low, b=high, m=needed)


def _abilities(given: list[int | None], needed: tuple[int, ...] | None) -> Text:
    have = " ".join("–" if level is None else str(level) for level in given)
    if all(level is None for level in given):
        return Text("no test", "aucun test")
    if needed is None:
        return Text("levels {a}", "niveaux {a}").fill(a=have)
    asked = str(needed[0]) if len(set(needed)) == 1 else " ".join(map(str, needed))
    return Text("levels {a}, {b} needed", "niveaux {a}, {b} exigé").fill(a=have, b=asked)


def _funds(given: int | None, needed: tuple[int, int | None]) -> Text:
    have = NOT_GIVEN if given is None else dollars(given)
    exact = needed[0] == needed[1]
    wording = Text("funds {a}, {b} needed", "fonds {a}, {b} exigés")
    least = Text("funds {a}, at least {b} needed", "fonds {a}, au moins {b} exigés")
    return (wording if exact else least).fill(a=have, b=dollars(needed[0]))


def _months(given: tuple[str | None, int, tuple[str, ...]], needed: int) -> Text:
    code, months, worked = given
    if code is not None and months:
        return Text("{c}: {n} months, {m} needed", "{c} : {n} mois, {m} exigés").fill(c=code, n=months, m=needed)
    if code is not None or not worked:
        return Text(
            "no month of work in a listed occupation counts",
            "aucun mois de travail ne compte dans une profession de la liste",
        )
    return _off_the_list(worked)


def _off_the_list(codes: tuple[str, ...]) -> Text:
    if len(codes) == 1:
        return Text("{c} is not on the list", "{c} n'est pas sur la liste").fill(c=codes[0])
    return Text("{c} are not on the list", "{c} ne sont pas sur la liste").fill(c=", ".join(codes))


_COMPARED: Mapping[type, Callable[[Any, Any], Text]] = {
    Abilities: _abilities,
    Dollars: _funds,
    Points: points,
    MonthsTest: _months,
}


def summary(found: ProgramFinding | CategoryFinding, columns: Columns, answer: Answer) -> Text:
    """In one line: the first reason why not, or what is missing, or what it rests on."""
    if answer is None:
        facts = [missing(found.missing, columns)] if found.missing else []
        choice = found.unsettled if isinstance(found, CategoryFinding) and found.by_choice else ()
        return _SEMICOLON.join([*facts, *choice, *(why(one, columns) for one in _unsettled(found))])
    if answer is False:
        reasons = [_TITLED.fill(t=one.criterion.title, v=_plain(one, columns)) for one in _failed(found)]
        more = [Text("and {n} more", "et {n} de plus").fill(n=len(reasons) - 1)] if len(reasons) > 1 else []
        left = _left(found) if isinstance(found, CategoryFinding) else []
        return _SEMICOLON.join([reasons[0], *more, *left])
    told: list[Text] = []
    for one in found.findings:
        words = why(one, columns)
        if not _is_word(one) and not any(words.en in before.en for before in told):
            told.append(words)
    return _SEMICOLON.join(told or [inner(one.criterion.title) for one in found.findings])


def _is_word(finding: Finding) -> bool:
    """Whether a finding rests on a word or a yes, which the title of the criterion already gives."""
    condition = finding.criterion.condition
    return isinstance(condition, Met) or (isinstance(condition, Known) and isinstance(finding.given, bool | str))


def why_not(found: CategoryFinding, columns: Columns) -> Text:
    """Why a person is not in a category, in few words: what was looked at, without what is required."""
    return _SEMICOLON.join([*(why(one, columns) for one in _failed(found)), *_left(found)])


def _unsettled(found: ProgramFinding | CategoryFinding) -> list[Finding]:
    return [one for one in found.findings if one.answer is None and not one.missing]


def _failed(found: ProgramFinding | CategoryFinding) -> list[Finding]:
    return [one for one in found.findings if one.answer is False]


def _left(found: CategoryFinding) -> list[Text]:
    """Which of the occupations worked in were once on the list, and until when."""
    now, before = found.law, []
    worked = [
        code for one in _failed(found) if isinstance(one.criterion.condition, MonthsTest) for code in one.given[2]
    ]
    for code in worked:
        listed = [one for one in now.earlier if code in one.occupations]
        if listed and code not in now.occupations:
            end = listed[-1].until or now.start
            wording = Text("{c} was on the list before {day}", "{c} était sur la liste avant le {day}")
            before.append(wording.fill(c=code, day=long_day(end)))
    return before


def _plain(finding: Finding, columns: Columns) -> Text:
    """The same, without the title of the column, where the criterion's own title stands before it."""
    condition = finding.criterion.condition
    return value_of(condition.column, finding.given) if isinstance(condition, Known) else why(finding, columns)
