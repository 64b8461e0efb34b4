"""The options that commands share: --on, --format, --lang, --law and --set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

import click

from expressentry.cli.base import say
from expressentry.cli.help import Option
from expressentry.dates import parse_day, parse_instant
from expressentry.errors import Problem, UsageError
from expressentry.text import Text


class Day(click.ParamType[Any]):
    """A day written YYYY-MM-DD."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day."""
        if isinstance(value, date):
            return value
        try:
            return parse_day(value)
        except ValueError:
            field = param.name if param is not None and param.name else "day"
            rule = Text("a real day written YYYY-MM-DD", "un jour réel écrit AAAA-MM-JJ")
            fix = Text("for example 2026-10-01", "par exemple 2026-10-01")
            raise UsageError(Problem("not_a_day", field, rule, fix, value)) from None

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What stands for the value in help."""
        return say(Text("DATE", "DATE"))


class Instant(click.ParamType[Any]):
    """An instant in UTC, written YYYY-MM-DDTHH:MM:SSZ."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the instant."""
        if isinstance(value, datetime):
            return value
        try:
            return parse_instant(value)
        except ValueError:
            field = param.name if param is not None and param.name else "instant"
            rule = Text("an instant in UTC: YYYY-MM-DDTHH:MM:SSZ", "un instant UTC : AAAA-MM-JJTHH:MM:SSZ")
            fix = Text("for example 2024-02-20T15:00:00Z", "par exemple 2024-02-20T15:00:00Z")
            raise UsageError(Problem("not_an_instant", field, rule, fix, value)) from None

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What stands for the value in help."""
        return say(Text("INSTANT", "INSTANT"))


class Word(click.ParamType[Any]):
    """One word of a closed list, which may be worked out when it is first needed."""

    name = "word"

    def __init__(self, *words: str | Callable[[], Iterable[str]]) -> None:
        self._words = words

    @property
    def words(self) -> tuple[str, ...]:
        """The words, in their order."""
        return tuple(word for one in self._words for word in ((one,) if isinstance(one, str) else one()))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Accept the word, or say which there are."""
        if value in self.words:
            return str(value)
        field = param.name if param is not None and param.name else "word"
        rule = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(self.words))
        raise UsageError(Problem("unknown_word", field, rule, Text("use one of them", "prendre l'un d'eux"), value))

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What stands for the value in help."""
        return "|".join(self.words)


def option(*names: str, about: Text, **attrs: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add an option with help in both languages."""
    return click.option(*names, cls=Option, about=about, **attrs)


def lang_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--lang`; its value is read before the command line is parsed, so that help and errors follow it too."""
    about = Text("Language of the answer.", "Langue de la réponse.")
    return option("--lang", type=Word("en", "fr"), expose_value=False, about=about)(function)


def format_option(*formats: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add `--format`."""
    about = Text("Form of the answer.", "Forme de la réponse.")
    return option("--format", "form", type=Word(*formats), default=formats[0], about=about)


def today() -> date:
    """The day it is; the site asks anew for every answer."""
    return date.today()


def day_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--on`; the clock is read here and nowhere below."""
    about = Text(
        "The day the law is asked about (today unless given).", "Le jour du droit demandé (aujourd'hui par défaut)."
    )
    return option("--on", type=Day(), default=today, about=about)(function)


def at_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--at`; see `moment`."""
    about = Text(
        "The instant of the act (now; noon UTC where --on names another day).",
        "L'instant de l'acte (maintenant; midi UTC si --on nomme un autre jour).",
    )
    return option("--at", type=Instant(), about=about)(function)


def moment(on: date, at: datetime | None) -> datetime:
    """The instant of an act: the one given, else now, else noon of the day that was named."""
    now = datetime.now(UTC)
    if at is not None:
        return at
    # In the evening it is tomorrow in UTC already: today is the day here or there.
    return now if on in (now.date(), today()) else datetime(on.year, on.month, on.day, 12, tzinfo=UTC)


def law_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--law` and `--set`."""
    law = Text(
        "Add a law file, or name proposed law by its id. Can be repeated.",
        "Ajouter un fichier de droit, ou nommer un projet par son identifiant. Répétable.",
    )
    number = Text("Give a number that the named law leaves open.", "Donner un nombre que le texte nommé laisse ouvert.")
    function = option("--set", "numbers", multiple=True, metavar="NAME=N", about=number)(function)
    return option("--law", "laws", multiple=True, metavar="FILE|ID", about=law)(function)


def parse_numbers(given: Iterable[str]) -> dict[str, int]:
    """Read `NAME=NUMBER` pairs."""
    found, problems = {}, []
    for pair in given:
        name, _, number = pair.partition("=")
        try:
            found[name] = int(number)
        except ValueError:
            rule = Text("NAME=WHOLE NUMBER", "NOM=NOMBRE ENTIER")
            problems.append(Problem("not_a_number", "set", rule, Text("for example a=25", "par exemple a=25"), pair))
    if problems:
        raise UsageError(problems)
    return found
