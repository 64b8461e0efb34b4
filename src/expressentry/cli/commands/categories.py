"""`expressentry categories`: list, show."""

from __future__ import annotations

from datetime import date

import click

from expressentry.answers.lookups import (
    OCCUPATION_COLUMNS,
    VERSION_COLUMNS,
    category_rows,
    first_category_day,
    occupation_rows,
    version_on,
    versions_of,
)
from expressentry.cli.help import Command, Group
from expressentry.cli.options import day_option, format_option, lang_option, option, with_law
from expressentry.cli.support import LANG, context_of_run, note, note_record_age, print_rows
from expressentry.dates import long_day
from expressentry.law.law import Law
from expressentry.text import Text

categories = Group(
    "categories",
    members={
        "list": (
            "expressentry.cli.commands.categories:categories_list",
            Text("The categories of a day, or all versions.", "Les catégories d'un jour, ou toutes les versions."),
        ),
        "show": (
            "expressentry.cli.commands.categories:categories_show",
            Text("One category with its occupations.", "Une catégorie avec ses professions."),
        ),
    },
    about=Text(
        "The categories that rounds of invitations may be limited to, since 2023: occupations, conditions, changes.",
        "Les catégories auxquelles une ronde peut se limiter, depuis 2023 : professions, conditions, changements.",
    ),
    example="expressentry categories show stem --on 2026-10-01",
)


@click.command(
    "list",
    cls=Command,
    about=Text(
        """List the categories in force on a day, or with --all every version since 2023.

        A category is dormant when it had no round in the year up to that day, in any version.""",
        """Lister les catégories en vigueur un jour donné, ou avec --all chaque version depuis 2023.

        Une catégorie est en sommeil quand elle n'a eu aucune ronde, dans aucune version, durant l'année qui précède
        ce jour.""",
    ),
    example="expressentry categories list --on 2026-10-01",
)
@option("--all", "every", is_flag=True, about=Text("Every version since 2023.", "Chaque version depuis 2023."))
@day_option
@with_law
@format_option("text", "json", "csv")
@lang_option
def categories_list(on: date, every: bool, law: Law, form: str) -> None:
    """List categories."""
    context = context_of_run(law, on)
    note_record_age(context.record, on)
    rows = category_rows(context, on, LANG.get(), every=every)
    if not rows:
        note(_NONE_YET.fill(day=long_day(first_category_day(law))))
    if form != "text":
        print_rows(rows, form, VERSION_COLUMNS)
    elif rows:
        from expressentry.present.text.listed import print_versions

        print_versions(rows, context.record, LANG.get())


@click.command(
    "show",
    cls=Command,
    about=Text(
        """Show a category as it is on a day: conditions, economic goal, doubts, occupations, and what changed since
        its first version.

        KEY is an id that `categories list --all` shows. JSON and CSV have the occupations of that day.""",
        """Montrer une catégorie telle qu'elle est un jour donné : conditions, objectif économique, doutes,
        professions, et ce qui a changé depuis sa première version.

        KEY est un identifiant que montre `categories list --all`. JSON et CSV ont les professions de ce jour.""",
    ),
    example="expressentry categories show stem --on 2026-10-01",
)
@click.argument("key", metavar="KEY")
@day_option
@with_law
@format_option("text", "json", "csv")
@lang_option
def categories_show(key: str, on: date, law: Law, form: str) -> None:
    """Show one category."""
    context = context_of_run(law, on)
    versions = versions_of(law, key)
    if form == "text":
        from expressentry.present.text.listed import print_category

        note_record_age(context.record, on)
        print_category(versions, context.record, on, LANG.get())
        return
    now = version_on(versions, on)
    if now is None:
        note(_NOT_THEN.fill(key=key, day=long_day(on)))
    print_rows(occupation_rows(now, LANG.get()) if now else [], form, OCCUPATION_COLUMNS)


_NONE_YET = Text("No category before {day}.", "Aucune catégorie avant le {day}.")
_NOT_THEN = Text("{key}: no version in force on {day}.", "{key} : aucune version en vigueur le {day}.")
