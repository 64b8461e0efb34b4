"""One tree of errors; every problem names field, value, rule and fix.

    ExpressEntryError
    ├── UsageError    misuse: an unknown id, a day before the law, options that exclude each other   (exit 2)
    ├── LawError      a law file is wrong: unknown key, number without a place, two grids on a day   (exit 1)
    ├── FactorsError  a person's or a table's facts are missing, misspelt or out of range            (exit 1)
    ├── RecordError   a record of rounds is wrong: a feed that is not one, a stored file that was cut    (exit 1)
    ├── PoolError     the database of the pool: not installed, not reachable, not ours           (exit 1)
    └── FileError     a file cannot be read or written: truncated, unreadable, disk full             (exit 1)

An error carries *all* problems found, in `problems`, each in both languages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from expressentry.text import Lang, Text


class _Absent:
    """Stays the one it is when a problem travels to another process."""

    def __reduce__(self) -> str:
        return "ABSENT"


ABSENT: object = _Absent()
"""The value of a field that was not given at all."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: which field, its value, the rule it breaks and how to fix it.

    `where` is a place in a file (`file:line`) or in a table (`row 7`); `code` is stable and meant for programs.
    """

    code: str
    field: str
    rule: Text
    fix: Text
    value: object = ABSENT
    where: Text | None = None

    def say(self, lang: Lang = "en") -> str:
        """Write the problem as one sentence.

        >>> print(Problem("missing", "age", Text("required", "obligatoire"), Text("give it", "la donner")).say("fr"))
        age : obligatoire. Remède : la donner.
        """
        colon, fix, got = (" : ", "Remède", "reçu") if lang == "fr" else (": ", "Fix", "got")
        place = f"{self.where.say(lang)}{colon}" if self.where else ""
        value = "" if self.value is ABSENT else f", {got} {self.shown()}"
        return f"{place}{self.field}{colon}{self.rule.say(lang)}{value}. {fix}{colon}{self.fix.say(lang)}."

    def shown(self) -> str:
        """The value as its owner wrote it: true, not True; short enough for one line."""
        if isinstance(self.value, bool):
            return str(self.value).lower()
        text = repr(self.value) if isinstance(self.value, str) else str(self.value)
        return text if len(text) <= 60 else text[:57] + "..."


class ExpressEntryError(Exception):
    """Whatever this package refuses; `problems` says everything that is wrong, at once."""

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


class PoolError(ExpressEntryError):
    """The pool's database cannot be made, started, reached or stopped."""


class FileError(ExpressEntryError):
    """A file cannot be read or written."""
