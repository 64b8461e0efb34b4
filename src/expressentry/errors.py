"""One tree of errors; every problem names the field, the value, the rule and the fix.

    ExpressEntryError
    ├── UsageError    a wrong request: an unknown id, a day before the law, options that exclude each other (exit 2)
    ├── LawError      a law file is wrong: unknown key, number without a place, two grids on a day          (exit 1)
    ├── FactorsError  a person's or a table's facts are missing, misspelt or out of range                   (exit 1)
    ├── RecordError   a record of rounds is wrong: not a feed, a stored file that was cut                   (exit 1)
    ├── ScenarioError a scenario is wrong: unknown key, rounds that contradict each other                   (exit 1)
    ├── PoolError     the database of the pool: not installed, not reachable, not ours                      (exit 1)
    └── FileError     a file cannot be read or written: truncated, unreadable, disk full                    (exit 1)

An error carries *all* problems found, in `problems`, each in both languages.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import ClassVar, TypeVar

from expressentry.text import Lang, Text, same


class _Absent:
    """Stays the one it is when a problem travels to another process."""

    def __reduce__(self) -> str:
        return "ABSENT"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: object = _Absent()
"""The value of a field that was not given at all."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: which field, its value, the rule it breaks and how to fix it.

    Attributes:
        code: What kind of problem it is; stable and meant for programs.
        field: The field, as its owner writes it: `age`, `person.work[1].from`.
        rule: The rule, so worded that it makes sense alone.
        fix: What to do, so worded that it makes sense alone; a question where it can only be guessed.
        value: What was given; `ABSENT` where nothing was, or where it says nothing.
        where: A place in a file (`file:line`) or in a table (`row 7`).
        expected: Whether `rule` names what the value should be ("a whole number"), and not what is wrong with it.
    """

    code: str
    field: str
    rule: Text
    fix: Text
    value: object = ABSENT
    where: Text | None = None
    expected: bool = False

    @classmethod
    def outside(
        cls,
        field: str,
        expected: Text,
        value: object,
        fix: Text | None = None,
        *,
        code: str = "out_of_range",
        where: Text | None = None,
    ) -> Problem:
        """A value that is not what was expected; without a fix of its own, the fix is to give what was expected.

        >>> age = Text("a whole number from 0 to 120", "un nombre entier de 0 à 120")
        >>> print(Problem.outside("age", age, 29.9).say())
        age: `29.9` is not a whole number from 0 to 120.
        """
        return cls(code, field, expected, fix or give(expected), value, where, expected=True)

    def say(self, lang: Lang = "en") -> str:
        """Write the problem in a sentence, and the fix in a second one where it says more.

        >>> print(Problem("missing", "age", Text("required", "obligatoire"), Text("add it", "la donner")).say("fr"))
        age : obligatoire. Correction : la donner.
        """
        colon, fix = (" : ", "Correction") if lang == "fr" else (": ", "Fix")
        rule, remedy = self.rule.say(lang), self.fix.say(lang)
        place = f"{self.where.say(lang)}{colon}" if self.where else ""
        sentence = f"{place}{self.field}{colon}{self._statement(rule, lang)}."
        if self.expected and rule in remedy:
            return sentence
        if remedy.endswith("?"):
            return f"{sentence} {remedy[:1].upper()}{remedy[1:]}"
        return f"{sentence} {fix}{colon}{remedy}."

    def _statement(self, rule: str, lang: Lang) -> str:
        if self.value is ABSENT:
            return rule
        if self.expected:
            return f"`{self.shown()}` n'est pas {rule}" if lang == "fr" else f"`{self.shown()}` is not {rule}"
        return f"{rule}, {'reçu' if lang == 'fr' else 'got'} `{self.shown()}`"

    def shown(self) -> str:
        """The value as its owner wrote it: true, not True; short enough for one line.

        Text that could be taken for another value is in quotes; tables and lists are written as JSON.

        >>> nothing = Text("", "")
        >>> [Problem("", "", nothing, nothing, value).shown() for value in ("toefl", "29", 29, True, {"at": [None]})]
        ['toefl', "'29'", '29', 'true', '{"at": [null]}']
        """
        if isinstance(self.value, bool):
            return str(self.value).lower()
        if isinstance(self.value, Mapping | list | tuple):
            text = json.dumps(self.value, ensure_ascii=False, default=str, skipkeys=True)
        else:
            text = repr(self.value) if isinstance(self.value, str) and _ambiguous(self.value) else str(self.value)
        return text if len(text) <= 60 else text[:57] + "..."


Found = TypeVar("Found")

MOST_LISTED = 50
"""So many problems of one kind are listed; of more, the number."""


def listed(
    found: Sequence[Found], problem: Callable[[Found], Problem], code: str, field: str, most: int = MOST_LISTED
) -> list[Problem]:
    """The problems of what was found, made for the first only; where there are more, how many.

    >>> many = listed("abc" * 20, lambda _: Problem("", "", Text("", ""), Text("", "")), "more", "profile")
    >>> print(len(many), many[-1].say())
    51 profile: there are 10 more problems. Fix: correct those above first.
    """
    problems = [problem(one) for one in found[:most]]
    if more := len(found) - len(problems):
        rule = Text("there are {n} more problems", "il y a {n} autres problèmes").fill(n=more)
        fix = Text("correct those above first", "corriger d'abord ceux qui précèdent")
        problems.append(Problem(code, field, rule, fix))
    return problems


def give(expected: Text) -> Text:
    """The fix for a value that is missing or wrong: to give what was expected."""
    return Text("give {rule}", "donner {rule}").fill(rule=expected)


def _ambiguous(text: str) -> bool:
    """Whether text without quotes could be taken for another value, or would not show on one line."""
    try:
        float(text)
    except ValueError:
        return not text.isprintable() or text != text.strip() or text in ("", "true", "false", "null", "None")
    return True


class ExpressEntryError(Exception):
    """Everything this package refuses; `problems` lists all that is wrong, at once."""

    exit_code: ClassVar[int] = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(*self.problems)

    def say(self, lang: Lang = "en") -> str:
        """Write every problem, one a line."""
        return "\n".join(problem.say(lang) for problem in self.problems)

    def __str__(self) -> str:
        return self.say()


class UsageError(ExpressEntryError):
    """The request itself is wrong."""

    exit_code = 2


class LawError(ExpressEntryError):
    """A law file is wrong."""


class FactorsError(ExpressEntryError):
    """The facts of a person or of a table are wrong."""


class RecordError(ExpressEntryError):
    """A record of rounds is wrong."""


class ScenarioError(ExpressEntryError):
    """The scenario of a simulation is wrong, or a run does not fit it."""


class PoolError(ExpressEntryError):
    """The pool's database cannot be made, started, reached or stopped."""


class FileError(ExpressEntryError):
    """A file cannot be read or written."""


def needs(extra: str, *modules: str, field: str = "out") -> None:
    """Refuse what needs modules of an extra that is not installed.

    Args:
        extra: The extra that has them.
        modules: The modules.
        field: What asked for them.

    Raises:
        UsageError: One of them is missing.

    >>> needs("web", "json")
    """
    if any(find_spec(name) is None for name in modules):
        raise needs_extra(extra, field)


def needs_extra(extra: str, field: str) -> UsageError:
    """The error for what needs an extra that is not installed; quoted so that every shell takes the line as it is."""
    rule = Text("needs the extra `{e}`", "demande l'extra `{e}`").fill(e=extra)
    return UsageError(Problem("extra_missing", field, rule, same(f'pip install "expressentry[{extra}]"')))
