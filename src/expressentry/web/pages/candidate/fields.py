"""A question as a field of a form: its words, its options, and what a form says back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from expressentry.dates import day_or_none
from expressentry.errors import Problem
from expressentry.law.law import Law
from expressentry.noc.codes import Group, broad_groups, noc2021, units_of
from expressentry.profile.countries import CANADA, countries, inhabited
from expressentry.profile.interview import Step
from expressentry.profile.interview.answers import CHOSEN, UNKNOWN
from expressentry.profile.remarks import Remark
from expressentry.text import YES_NO, Lang, Text, same
from expressentry.web.pages.candidate.carried import short

PARTS = ("year", "month", "day")
HITS = 8
_RADIOS = 8
"""Up to so many words are shown as buttons; more of them as a list that opens."""

AHEAD = "ahead"
"""The field of a form that names the questions in it that only may follow: ids, and a bar between groups."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from."""

    value: str
    label: Text
    chosen: bool


Groups = tuple[tuple[Group, tuple[Option, ...]], ...]
"""The ten broad groups with the occupations in each."""


@dataclass(frozen=True, slots=True)
class Field:
    """A question in a form; `id` is where a link leads, `words` what was searched for in a list of occupations.

    `remarks` are what looks like a typing error in the answer; `groups` are where to look when words found nothing.
    """

    id: str
    step: Step
    kind: str
    text: Text
    hint: Text
    typed: str
    options: tuple[Option, ...]
    problems: tuple[Problem, ...]
    fresh: bool = False
    words: str = ""
    remarks: tuple[Text, ...] = ()
    groups: Groups = ()

    @property
    def name(self) -> str:
        """The name in the form."""
        return self.step.id

    @property
    def left_out(self) -> Text:
        """What an empty answer says."""
        return self.step.ask.empty or _LEFT_OPEN

    @property
    def parts(self) -> tuple[str, str, str]:
        """Year, month and day of a day as typed."""
        year, month, day = (*self.typed.split("-", 2), "", "", "")[:3]
        return year, month, day

    @property
    def day(self) -> date | None:
        """The day that was typed, where it is one."""
        return day_or_none(self.typed) if self.kind == "day" else None

    @property
    def described(self) -> str:
        """The ids of what describes it to a screen reader."""
        parts = {"hint": self.hint.en, "error": self.problems, "remark": self.remarks}
        return " ".join(f"{self.id}-{part}" for part, there in parts.items() if there)

    @property
    def focus(self) -> str:
        """Where a link of the summary of errors leads: the first thing that can be filled in."""
        return f"{self.id}-year" if self.kind == "day" else f"{self.id}-0" if self.kind == "radios" else self.id

    @property
    def money(self) -> bool:
        """Whether it is an amount of money."""
        return self.step.ask.kind in ("money", "wage")


@dataclass(frozen=True, slots=True)
class Around:
    """What the fields of a page have in common: the answers, the language and the law; remarks by question."""

    typed: Mapping[str, str]
    lang: Lang
    law: Law
    remarks: Mapping[str, Sequence[Remark]] = field(default_factory=dict)


def field_of(
    step: Step, around: Around, problems: Sequence[Problem] = (), *, words: str = "", fresh: bool = False
) -> Field:
    """A question with what was answered to it."""
    text = around.typed.get(step.id, "")
    kind, options = _options(step, text, words, around)
    if kind == "noc" and not words and text and not any(option.chosen for option in options):
        words = text
    told = tuple(_of_day(one, text) if one.code == "not_a_day" else one for one in problems)
    noted = tuple(one.text for one in around.remarks.get(step.id, ()))
    found = Field(slug(step.id), step, kind, step.ask.text, _hint(step), text, options, told, fresh, words, noted)
    return replace(found, groups=all_groups()) if kind == "noc" and words and not options else found


def said_once(fields: Sequence[Field]) -> list[Field]:
    """The same fields; what is below a question is not repeated where the one above has it too."""
    above = [same(""), *(one.hint for one in fields)]
    return [replace(one, hint=same("")) if one.hint == last else one for one, last in zip(fields, above, strict=False)]


def _hint(step: Step) -> Text:
    """What is below a question; where no answer is one, what that means."""
    ask = step.ask
    hint = _HINTS.get(ask.key if ask.kind == "noc" else "", ask.help)
    return hint if ask.empty is None or ask.kind in CHOSEN else _LEFT_EMPTY.fill(hint=hint, what=ask.empty)


def slug(id_: str) -> str:
    """The id of a question as an id of a page: `person.tests[1]?` is `person-tests-1-is`."""
    return re.sub(r"[^a-z0-9]+", "-", id_.lower().replace("?", "-is")).strip("-")


def _options(step: Step, typed: str, words: str, around: Around) -> tuple[str, tuple[Option, ...]]:
    """How a question is shown, and what there is to choose from."""
    ask, kind = step.ask, step.ask.kind
    unknown = [] if ask.empty is None else [Option(UNKNOWN, ask.empty, typed == UNKNOWN)]
    if kind == "yes_no":
        given = YES_NO.get(typed.lower())
        return "radios", (Option("yes", _YES, given is True), Option("no", _NO, given is False), *unknown)
    if kind == "word":
        options = tuple(Option(word, label, word == typed) for word, label in ask.labels.items())
        return ("radios" if len(options) <= _RADIOS else "select"), (*options, *unknown)
    if kind == "country":
        # Where no answer means Canada, Canada is that answer.
        codes = [code for code in inhabited(around.lang) if not (unknown and code == CANADA)]
        here = [Option(UNKNOWN, countries()[CANADA], typed in (UNKNOWN, CANADA))] if unknown else []
        return "select", (*here, *(Option(code, countries()[code], code == typed.upper()) for code in codes))
    if kind == "body":
        bodies = around.law.bodies
        known = [Option(one.code, one.name, bodies.code_of(typed) == one.code) for one in bodies.all]
        return "select", (*known, Option(OTHER, _OTHER, bool(typed) and bodies.code_of(typed) is None))
    if kind == "noc":
        return "noc", occupations(typed, words)
    return ("number" if kind in ("money", "wage") else kind), ()


def occupations(typed: str, words: str) -> tuple[Option, ...]:
    """The occupation chosen, and those that the words may mean; a code in the words is the only one."""
    from expressentry.occupations.search import search

    known, words = noc2021(), words.strip()
    if words in known:
        return (_occupation(words, chosen=True),)
    codes = [typed] if typed in known else []
    codes += [hit.noc for hit in search(words, limit=HITS)] if words and not has_digit(words) else []
    return tuple(_occupation(code, chosen=code == typed) for code in dict.fromkeys(codes))


def all_groups() -> Groups:
    """All occupations in their ten groups: to look in where words find none."""
    return tuple(
        (group, tuple(_occupation(one.code, chosen=False) for one in units_of(group.code))) for group in broad_groups()
    )


def _occupation(code: str, *, chosen: bool) -> Option:
    return Option(code, _OCCUPATION.fill(code=code, title=noc2021()[code].title), chosen)


def has_digit(words: str) -> bool:
    """Whether words are meant as a code."""
    return any(letter.isdigit() for letter in words)


def read_field(step: Step, form: Mapping[str, str]) -> str | None:
    """What a form says to a question; None where the question was not in it.

    A group of questions that only may follow is in it once one of them has an answer: left empty it was not opened.
    """
    group = next((ids for ids in map(str.split, form.get(AHEAD, "").split("|")) if step.id in ids), [])
    if group and not any(_filled(id_, form) for id_ in group):
        return None
    return {"day": _day, "noc": _noc}.get(step.ask.kind, _plain)(step.id, form)


def _filled(name: str, form: Mapping[str, str]) -> bool:
    """Whether a form has something in a field, or in a part of it."""
    return any(form.get(key, "").strip() for key in (name, *(f"{name}~{part}" for part in (*PARTS, "words"))))


def _plain(name: str, form: Mapping[str, str]) -> str | None:
    return short(form[name].strip()) if name in form else None


def _noc(name: str, form: Mapping[str, str]) -> str | None:
    """The occupation: what is typed wins over what was chosen from the list of other words.

    A code typed is the answer. Words are what to search for, and no answer until one of what they found is chosen.
    """
    words, listed, chosen = form.get(f"{name}~words"), form.get(f"{name}~listed", ""), form.get(name, "").strip()
    if words is None:
        return short(chosen) if name in form else None
    words = words.strip()
    if words and (has_digit(words) or words != listed.strip() or not chosen):
        return short(words)
    return short(chosen)


def _day(name: str, form: Mapping[str, str]) -> str | None:
    year, month, day = (form.get(f"{name}~{part}") for part in PARTS)
    if year is None or month is None or day is None:
        return None
    if not (year.strip() or month.strip() or day.strip()):
        return ""
    return short("-".join((year.strip(), _two(month.strip()), _two(day.strip()))))


def _two(figures: str) -> str:
    """A month or a day in two figures; what is none stays as it was typed."""
    return figures.zfill(2) if figures.isascii() and figures.isdigit() else figures


def _of_day(problem: Problem, typed: str) -> Problem:
    """What is wrong with a day in three fields: a part is missing or is no figures, or there is no such day."""
    whole = all(part.isascii() and part.isdigit() for part in (*typed.split("-"), "", "")[:3])
    rule, fix = (_NO_SUCH_DAY, _LOOK_AGAIN) if whole else (_WHOLE_DAY, _FOR_EXAMPLE)
    return Problem(problem.code, problem.field, rule, fix)


_YES, _NO = Text("Yes", "Oui"), Text("No", "Non")
_LEFT_OPEN = Text("not answered", "sans réponse")
_WHOLE_DAY = Text("give the year, the month and the day in figures", "donnez l'année, le mois et le jour en chiffres")
_FOR_EXAMPLE = Text("for example 2025, 3, 27", "par exemple 2025, 3, 27")
_NO_SUCH_DAY = Text("this day does not exist", "ce jour n'existe pas")
_LOOK_AGAIN = Text("year of four figures, month 1 to 12", "année de quatre chiffres, mois de 1 à 12")
_LEFT_EMPTY = Text('{hint}. You may leave it empty: "{what}"', "{hint}. Vous pouvez laisser vide : « {what} »")
OTHER = "other"
_OTHER = Text("another organization: not counted", "un autre organisme : ne compte pas")
_OCCUPATION = Text("{code} {title}", "{code} {title}")
_HINTS = {
    "noc2021": Text(
        "the duties count, not the job title: compare the duties in the letter of reference with those of the "
        "occupation",
        "ce sont les fonctions qui comptent, pas le titre du poste : comparez les fonctions de la lettre d'emploi avec "
        "celles de la profession",
    )
}
