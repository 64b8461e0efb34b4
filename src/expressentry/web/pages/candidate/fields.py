"""A question as a field of a form: its words, its options, and what a form says back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from expressentry.errors import Problem
from expressentry.files import fold
from expressentry.noc.codes import noc2021
from expressentry.profile.countries import CANADA
from expressentry.profile.countries import countries as all_countries
from expressentry.profile.interview import Step
from expressentry.profile.interview.answers import YES_NO
from expressentry.text import Lang, Text, same
from expressentry.web.pages.candidate.carried import short

PARTS = ("year", "month", "day")
HITS = 8
_RADIOS = 8
"""Up to so many words are shown as buttons; more of them as a list that opens."""

_AFTER = re.compile(r"(?<=\?) (?:A code|Un code|Two letters|Deux lettres|YYYY|AAAA).*")
_EMPTY = re.compile(r"\s*\((?:empty: |vide : )([^)]*)\)")
"""What an empty answer means: a terminal has it in the question, a page below it."""

_CODES = re.compile(r"\s*: IN, .*")
"""Examples of codes, for which a page has names."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from."""

    value: str
    label: Text
    chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A question in a form; `id` is where a link leads, `words` what was searched for in a list of occupations."""

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

    @property
    def name(self) -> str:
        """The name in the form."""
        return self.step.id

    @property
    def left_out(self) -> Text:
        """What an empty answer says."""
        default = self.step.ask.default
        return (_NO if default is False else _YES) if isinstance(default, bool) else _LEFT_OPEN

    @property
    def parts(self) -> tuple[str, str, str]:
        """Year, month and day of a day as typed."""
        year, month, day = (*self.typed.split("-", 2), "", "", "")[:3]
        return year, month, day

    @property
    def described(self) -> str:
        """The ids of what describes it to a screen reader."""
        return f"{self.id}-hint {self.id}-error" if self.problems else f"{self.id}-hint"

    @property
    def focus(self) -> str:
        """Where a link of the summary of errors leads: the first thing that can be filled in."""
        return f"{self.id}-year" if self.kind == "day" else f"{self.id}-0" if self.kind == "radios" else self.id


def field_of(
    step: Step,
    typed: Mapping[str, str],
    lang: Lang,
    problems: Sequence[Problem] = (),
    *,
    words: str = "",
    fresh: bool = False,
) -> Field:
    """A question with what was answered to it."""
    text = typed.get(step.id, "")
    kind, options = _options(step, text, words, lang)
    asked, hint = _wording(step)
    if kind == "noc" and not words and text and not any(option.chosen for option in options):
        words = text
    told = tuple(_of_day(one, text) if one.code == "not_a_day" else one for one in problems)
    return Field(slug(step.id), step, kind, asked, hint, text, options, told, fresh, words)


def _wording(step: Step) -> tuple[Text, Text]:
    """The question and what stands below it, as a page says them."""
    en, fr = (_AFTER.sub("", one) for one in step.ask.text)
    hint = _HINTS.get(step.ask.key if step.ask.kind == "noc" else "", step.ask.help)
    hint = Text(_CODES.sub("", hint.en), _CODES.sub("", hint.fr))
    empty = _EMPTY.search(en), _EMPTY.search(fr)
    asked = Text(_EMPTY.sub("", en), _EMPTY.sub("", fr))
    if empty[0] is None or empty[1] is None or "empty" in hint.en:
        return asked, hint
    return asked, _LEFT_EMPTY.fill(hint=hint, what=Text(empty[0][1], empty[1][1]))


def slug(id_: str) -> str:
    """The id of a question as an id of a page: `person.tests[1]?` is `person-tests-1-is`."""
    return re.sub(r"[^a-z0-9]+", "-", id_.lower().replace("?", "-is")).strip("-")


def _options(step: Step, typed: str, words: str, lang: Lang) -> tuple[str, tuple[Option, ...]]:
    """How a question is shown, and what there is to choose from."""
    kind = step.ask.kind
    if kind == "yes_no":
        given = YES_NO.get(typed.lower())
        return "radios", (Option("yes", _YES, given is True), Option("no", _NO, given is False))
    if kind == "word":
        options = tuple(Option(word, label, word == typed) for word, label in step.ask.labels.items())
        return ("radios" if len(options) <= _RADIOS else "select"), options
    if kind == "country":
        return "select", tuple(Option(code, same(name), code == typed.upper()) for code, name in countries(lang))
    if kind == "noc":
        return "noc", occupations(typed, words)
    return kind, ()


def occupations(typed: str, words: str) -> tuple[Option, ...]:
    """The occupation chosen, and those that the words may mean."""
    from expressentry.occupations.search import search

    known = noc2021()
    codes = [typed] if typed in known else []
    codes += [hit.noc for hit in search(words, limit=HITS)] if words.strip() else []
    return tuple(
        Option(code, _OCCUPATION.fill(code=code, title=known[code].title), code == typed)
        for code in dict.fromkeys(codes)
    )


@cache
def countries(lang: Lang) -> tuple[tuple[str, str], ...]:
    """Every country by its name, Canada first."""
    known = [(code, name.say(lang)) for code, name in all_countries().items()]
    return tuple(sorted(known, key=lambda pair: (pair[0] != CANADA, fold(pair[1]))))


def read_field(step: Step, form: Mapping[str, str]) -> str | None:
    """What a form says to a question; None where the question was not in it."""
    name = step.id
    if step.ask.kind == "day":
        return _day(name, form)
    if step.ask.kind == "noc":
        words = form.get(f"{name}~words")
        chosen = form.get(name, "").strip()
        typed = (words or "").strip()
        if not chosen and typed:
            # A code typed is an answer; words are what to search for, and stay where they are until one is chosen.
            chosen = typed
        return None if words is None and name not in form else short(chosen)
    return short(form[name].strip()) if name in form else None


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
_LEFT_EMPTY = Text("{hint}; without an answer: {what}", "{hint}; sans réponse : {what}")
_OCCUPATION = Text("{code} {title}", "{code} {title}")
_HINTS = {
    "noc2021": Text(
        "the duties count, not the job title: compare the duties in the letter of reference with those of the "
        "occupation",
        "ce sont les fonctions qui comptent, pas le titre du poste : comparez les fonctions de la lettre d'emploi avec "
        "celles de la profession",
    )
}
