"""`expressentry categories`: list, show."""

from __future__ import annotations

from datetime import date

import click

from expressentry.cli.base import LANG, note, print_csv, print_json
from expressentry.cli.help import Command, Group
from expressentry.cli.laws import law_of_run
from expressentry.cli.options import day_option, format_option, lang_option, option
from expressentry.cli.records import note_record_age, record_of_run
from expressentry.dates import long_day
from expressentry.errors import Problem, UsageError
from expressentry.law.law import Law, refuse_before_start
from expressentry.present.records.listed import (
    OCCUPATION_COLUMNS,
    VERSION_COLUMNS,
    occupation_records,
    round_record,
    version_record,
)
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Text, same

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

        A category is dormant when it had no round in the year up to that day, whatever its version, or none ever.""",
        """Lister les catégories en vigueur un jour donné, ou avec --all chaque version depuis 2023.

        Une catégorie est en sommeil quand elle n'a eu, quelle que soit la version, aucune ronde dans l'année jusqu'à
        ce jour, ou aucune du tout.""",
    ),
    example="expressentry categories list --on 2026-10-01",
)
@option("--all", "every", is_flag=True, about=Text("Every version since 2023.", "Chaque version depuis 2023."))
@day_option
@format_option("text", "json", "csv")
@lang_option
def categories_list(on: date, every: bool, form: str) -> None:
    """List categories."""
    law = law_of_run()
    versions = law.all_versions if every else law.category_versions(on)
    record = record_of_run(on)
    note_record_age(record, on)
    rows = [{**version_record(one, LANG.get()), **round_record(one, record, on)} for one in versions]
    if not rows:
        first = min(one.start for one in law.all_versions)
        note(_NONE_YET.fill(day=long_day(first)))
    if form == "json":
        print_json(rows)
    elif form == "csv":
        print_csv(rows, VERSION_COLUMNS)
    elif rows:
        from expressentry.present.text.listed import print_versions

        print_versions(rows, record, LANG.get())


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
@format_option("text", "json", "csv")
@lang_option
def categories_show(key: str, on: date, form: str) -> None:
    """Show one category."""
    refuse_before_start(on)
    law = law_of_run()
    versions = law.categories.get(key)
    if versions is None:
        raise _unknown(key, law)
    if form == "text":
        from expressentry.present.text.listed import print_category

        record = record_of_run(on)
        note_record_age(record, on)
        print_category(versions, record, on, LANG.get())
        return
    now = next((one for one in versions if one.holds(on)), None)
    if now is None:
        note(_NOT_THEN.fill(key=key, day=long_day(on)))
    rows = occupation_records(now, LANG.get()) if now else []
    if form == "json":
        print_json(rows)
    else:
        print_csv(rows, OCCUPATION_COLUMNS)


def _unknown(key: str, law: Law) -> UsageError:
    known = list(law.categories)
    near = suggestion(key, known)
    fix = did_you_mean(near) if near else same(", ".join(known))
    return UsageError(Problem("unknown_category", "key", Text("unknown category", "catégorie inconnue"), fix, key))


_NONE_YET = Text("No category before {day}.", "Aucune catégorie avant le {day}.")
_NOT_THEN = Text("{key}: no version in force on {day}.", "{key} : aucune version en vigueur le {day}.")
