"""The bodies that the Minister designated to assess credentials from abroad, and the professions with their own.

law.on(day).bodies          the bodies of a day by code, each with its name
law.bodies.code_of("Medical Council of Canada")      'MCC'
law.bodies.of_profession("31102", day)               the body that a general practitioner needs
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from expressentry.dates import parse_day
from expressentry.errors import Problem
from expressentry.files import fold
from expressentry.law.lists import Row
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Text


@dataclass(frozen=True, slots=True)
class Body:
    """A designated body: `code` as a profile has it, and the days from which and until which it may assess."""

    code: str
    name: Text
    start: date
    until: date | None
    instrument: str

    def holds(self, day: date) -> bool:
        """Whether an assessment of a day is one of a designated body."""
        return self.start <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class ProfessionBody:
    """The body whose assessment a profession needs, in the NOC of its days.

    `licensed` says that it is needed only for work that needs a licence; assessments of other bodies from before
    `others_before` are still accepted.
    """

    noc: str
    body: str
    licensed: bool
    start: date
    until: date | None
    others_before: date


class Bodies:
    """Every designated body, and every profession that needs one of its own.

    >>> from expressentry.law.load import load_law
    >>> bodies = load_law().bodies
    >>> bodies.code_of("world education services"), bodies.of_profession("31102", date(2026, 10, 1)).body
    ('WES', 'MCC')
    """

    def __init__(self, designated: Iterable[Row], professions: Iterable[Row]) -> None:
        self.all = tuple(map(_body, designated))
        self.professions = tuple(map(_profession, professions))
        self._codes = {fold(word): one.code for one in self.all for word in (one.code, *one.name)}

    def on(self, day: date) -> Mapping[str, Body]:
        """The bodies designated on a day, by code."""
        return {one.code: one for one in self.all if one.holds(day)}

    def code_of(self, written: str) -> str | None:
        """The code of a body that is written as its code or its name; None for one that was never designated."""
        return self._codes.get(fold(written))

    def name(self, code: str) -> Text:
        """The name of a body."""
        return next(one.name for one in self.all if one.code == code)

    def designated(self, written: str, day: date) -> bool:
        """Whether a body was designated on the day of its assessment."""
        return self.code_of(written) in self.on(day)

    def of_profession(self, noc: str, day: date) -> ProfessionBody | None:
        """The body that an occupation needs on a day, None where any designated body will do."""
        held = (one for one in self.professions if one.start <= day and (one.until is None or day < one.until))
        return next((one for one in held if one.noc == noc), None)

    def problem(self, field: str, written: str) -> Problem | None:
        """What is wrong with the name of a body, with what was probably meant; None where it is one.

        >>> from expressentry.law.load import load_law
        >>> load_law().bodies.problem("body", "Medical Counsil").fix.en
        'did you mean MCC (Medical Council of Canada)?'
        """
        if self.code_of(written) is not None:
            return None
        near = suggestion(written, self._codes) if len(fold(written)) > 1 else None
        listed = Text("; ", "; ").join(_LISTED.fill(code=one.code, name=one.name) for one in self.all)
        fix = _ONE_OF.fill(all=listed)
        if near is not None:
            code = self._codes[near]
            fix = did_you_mean(_NAMED.fill(code=code, name=self.name(code)))
        return Problem.outside(field, _RULE, written, fix, code="unknown_body")


def _body(row: Row) -> Body:
    name = Text(row.values["name_en"], row.values["name_fr"])
    return Body(row.values["body"], name, row.start, row.until, row.instrument)


def _profession(row: Row) -> ProfessionBody:
    until, values = row.values.get("others_before"), row.values
    licensed = values["who"] == "licensed"
    return ProfessionBody(
        values["noc"], values["body"], licensed, row.start, row.until, parse_day(until) if until else date.min
    )


_NAMED = Text("{code} ({name})", "{code} ({name})")
_LISTED = Text("{code}: {name}", "{code} : {name}")
_RULE = Text(
    "a body designated for immigration; others, among them NNAS, assess for a licence only",
    "un organisme désigné pour l'immigration; les autres, dont le SNEI, évaluent seulement pour un permis d'exercice",
)
_ONE_OF = Text("use one of: {all}", "choisir l'un de : {all}")
