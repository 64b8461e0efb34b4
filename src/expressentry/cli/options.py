"""The options that commands share: --on, --format, --lang, --law and --set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any

import click
from click.shell_completion import CompletionItem

from expressentry.cli.help import Option
from expressentry.cli.support import RAW_CELLS, law_of_run
from expressentry.dates import (
    A_DAY,
    AN_INSTANT,
    LIKE_A_DAY,
    LIKE_AN_INSTANT,
    first_day,
    last_day,
    parse_day,
    parse_instant,
)
from expressentry.errors import Problem, UsageError
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Text


class Parsed(click.ParamType[Any]):
    """A value that is written in one way; `read` reads it, and the error says how it is written."""

    name = "parsed"

    def __init__(
        self,
        read: Callable[[str], Any],
        code: str,
        rule: Text | Callable[[], Text],
        fix: Text,
        metavar: str | Callable[[], str],
    ) -> None:
        self.read, self.code, self.fix = read, code, fix
        self.hint: Callable[[str], Text | None] = lambda value: None
        self._rule, self._metavar = rule, metavar
        self.words: Callable[[], list[str]] = list

    @property
    def rule(self) -> Text:
        """How the value is written, in words."""
        return self._rule if isinstance(self._rule, Text) else self._rule()

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the value, where it is not read already.

        Raises:
            UsageError: It is written in another way.
        """
        if not isinstance(value, str):
            return value
        try:
            return self.read(value)
        except ValueError:
            field = param.opts[-1].lstrip("-") if param is not None else self.name
            fix = self.hint(value) or self.fix
            raise UsageError(Problem.outside(field, self.rule, value, fix, code=self.code)) from None

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The words of a closed list that begin so."""
        return [CompletionItem(one) for one in self.words() if one.startswith(incomplete)]

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """The value as help names it."""
        return self._metavar if isinstance(self._metavar, str) else self._metavar()


_A_PERIOD = Text(
    "a real day, month or year: YYYY-MM-DD, YYYY-MM or YYYY",
    "un jour, un mois ou une année réels : AAAA-MM-JJ, AAAA-MM ou AAAA",
)
DAY = Parsed(parse_day, "not_a_day", A_DAY, LIKE_A_DAY, "DATE")
FIRST_DAY = Parsed(first_day, "not_a_day", _A_PERIOD, LIKE_A_DAY, "DATE")
LAST_DAY = Parsed(last_day, "not_a_day", _A_PERIOD, LIKE_A_DAY, "DATE")
INSTANT = Parsed(parse_instant, "not_an_instant", AN_INSTANT, LIKE_AN_INSTANT, "INSTANT")


def word(
    *words: str | Callable[[], Iterable[str]], other: tuple[str, Callable[[], Iterable[str]]] | None = None
) -> Parsed:
    """One word of a closed list; parts of it may be worked out when they are first needed.

    `other` is an option with the words that it takes: who gives one of them here is shown that option.
    """

    def listed() -> list[str]:
        return [one for part in words for one in ((part,) if isinstance(part, str) else part())]

    def read(text: str) -> str:
        if text not in listed():
            raise ValueError(text)
        return text

    def rule() -> Text:
        return Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(listed()))

    def hint(text: str) -> Text | None:
        if other is not None and text in other[1]():
            return did_you_mean(f"{other[0]} {text}")
        near = suggestion(text, listed())
        return did_you_mean(near) if near else None

    fix = Text("use one of them", "prendre l'un d'eux")
    parsed = Parsed(read, "unknown_word", rule, fix, lambda: "|".join(listed()))
    parsed.hint, parsed.words = hint, listed
    return parsed


def option(*names: str, about: Text, **attrs: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add an option with help in both languages."""
    return click.option(*names, cls=Option, about=about, **attrs)


def lang_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--lang`; its value is read before the command line is parsed, so that help and errors follow it too."""
    about = Text("Language of the answer.", "Langue de la réponse.")
    return option("--lang", type=word("en", "fr"), expose_value=False, about=about)(function)


def format_option(*formats: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add `--format`."""
    about = Text("Form of the answer.", "Forme de la réponse.")
    chosen = option("--format", "form", type=word(*formats), default=formats[0], about=about)
    return (lambda function: chosen(raw_cells_option(function))) if "csv" in formats else chosen


def raw_cells_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--raw-cells`; see `documents.text_cell`."""

    def keep(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
        if wanted and not ctx.resilient_parsing:
            RAW_CELLS.set(True)

    about = Text(
        "In CSV, leave out the apostrophe before text that a spreadsheet would run as a formula.",
        "En CSV, ne pas mettre d'apostrophe devant le texte qu'un tableur exécuterait comme une formule.",
    )
    return option("--raw-cells", is_flag=True, expose_value=False, callback=keep, about=about)(function)


def today() -> date:
    """The day it is; the site asks again for every answer."""
    return date.today()


def processes_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--processes`, for several simulations at once."""
    about = Text(
        "How many processes for several runs (one for each core).",
        "Combien de processus pour plusieurs simulations (un par cœur).",
    )
    return option("--processes", type=click.IntRange(1), about=about)(function)


def _jobs(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def _seconds(text: str) -> float:
    if not 0 < (number := float(text)) < float("inf"):
        raise ValueError(text)
    return number


_JOBS = Parsed(_jobs, "not_a_count", Text("1 or more", "1 ou plus"), Text("for example 2", "par exemple 2"), "N")
_SECONDS = Parsed(
    _seconds,
    "not_seconds",
    Text("seconds, above 0", "des secondes, plus que 0"),
    Text("for example 60", "par exemple 60"),
    "SECONDS",
)
MOST_SECONDS = 60
"""What one person of several may take, unless asked otherwise: hundreds of times what most take."""


def limits_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--jobs` and `--most-seconds`, for several people."""
    jobs = Text("For several: processes (one per core).", "Pour plusieurs : processus (un par cœur).")
    seconds = Text(
        "For several: what one may take ({n}); the others continue.",
        "Pour plusieurs : temps maximal pour une personne ({n}); les autres continuent.",
    ).fill(n=MOST_SECONDS)
    most = option("--most-seconds", type=_SECONDS, about=seconds)
    return option("--jobs", type=_JOBS, about=jobs)(most(function))


def now() -> datetime:
    """The instant it is, in UTC."""
    return datetime.now(UTC)


def day_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--on`; the clock is read here and nowhere below."""
    about = Text("The day asked about (today unless given).", "Le jour demandé (aujourd'hui par défaut).")
    return option("--on", type=DAY, default=today, about=about)(function)


def at_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--at`; see `moment`."""
    about = Text(
        "The instant of the act (now; noon UTC where --on names another day).",
        "L'instant de l'acte (maintenant; midi UTC si --on nomme un autre jour).",
    )
    return option("--at", type=INSTANT, about=about)(function)


def is_today(on: date) -> bool:
    """Whether a day is today, here or in UTC: in the evening it is tomorrow there already."""
    return on in (now().date(), today())


def moment(on: date, at: datetime | None) -> datetime:
    """The instant of an act: the one given, else now, else noon of the day that was named."""
    if at is not None:
        return at
    return now() if is_today(on) else datetime(on.year, on.month, on.day, 12, tzinfo=UTC)


def law_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--law` and `--set`, as they were written: `laws` and `numbers`."""
    law = Text(
        "Add a law file, or name proposed law by its id. Can be repeated.",
        "Ajouter un fichier de droit, ou nommer un projet par son identifiant. Répétable.",
    )
    number = Text("Give a number that the named law leaves open.", "Donner un nombre que le texte nommé laisse ouvert.")
    function = option("--set", "numbers", multiple=True, metavar="NAME=N", about=number)(function)
    return option("--law", "laws", multiple=True, metavar="FILE|ID", about=law)(function)


def with_law(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--law` and `--set`, and give the command the `law` of the run: theirs and that of the user's folder."""

    @wraps(function)
    def run(*args: Any, laws: tuple[str, ...], numbers: tuple[str, ...], **values: Any) -> Any:
        return function(*args, law=law_of_run(laws, numbers), **values)

    return law_options(run)


def _types() -> Iterable[str]:
    return law_of_run().round_names.types


def _categories() -> Iterable[str]:
    return law_of_run().round_names.categories


def type_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--type`: one of the types of rounds in the law of the run, or a category, which is one kind of round."""
    about = Text("Rounds of one type, or of one category.", "Rondes d'un type, ou d'une catégorie.")
    known = word(_types, _categories)
    return option("--type", "type_", type=known, about=about)(function)


def category_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--category`: one of the categories in the law of the run."""
    about = Text("Rounds of one category.", "Rondes d'une catégorie.")
    known = word(_categories, other=("--type", _types))
    return option("--category", type=known, about=about)(function)
