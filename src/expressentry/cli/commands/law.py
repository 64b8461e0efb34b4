"""`expressentry law`: list, show, diff, check."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from expressentry.answers import law as answers
from expressentry.cli.help import Command, Group
from expressentry.cli.options import day_option, format_option, lang_option, with_law
from expressentry.cli.support import LANG, print_json, print_rows
from expressentry.law.check import check
from expressentry.law.instruments import Instrument
from expressentry.law.law import Law, unknown_id
from expressentry.text import Text

law = Group(
    "law",
    members={
        "list": (
            "expressentry.cli.commands.law:law_list",
            Text("Every instrument and grid.", "Chaque texte et chaque grille."),
        ),
        "show": ("expressentry.cli.commands.law:law_show", Text("One instrument or grid.", "Un texte ou une grille.")),
        "diff": (
            "expressentry.cli.commands.law:law_diff",
            Text("What changed between two grids.", "Ce qui a changé entre deux grilles."),
        ),
        "check": (
            "expressentry.cli.commands.law:law_check",
            Text("Check the law files.", "Contrôler les fichiers de droit."),
        ),
    },
    about=Text(
        "The law as data: every instrument since 2015, every grid, what changed, and a check of the files.",
        "Le droit en données : chaque texte depuis 2015, chaque grille, ce qui a changé, et un contrôle des fichiers.",
    ),
    example="expressentry law diff crs-2020-10-20 crs-2025-03-25",
)


@click.command(
    "list",
    cls=Command,
    about=Text(
        "List every instrument, and mark the grid of the day.", "Lister chaque texte, et marquer la grille du jour."
    ),
    example="expressentry law list --on 2026-10-01",
)
@day_option
@with_law
@format_option("text", "json", "csv")
@lang_option
def law_list(on: date, law: Law, form: str) -> None:
    """List every instrument."""
    rules, rows = law.on(on), answers.instruments(law, LANG.get())
    if form != "text":
        print_rows(rows, form)
        return
    from expressentry.present.text.law import print_instruments

    print_instruments(rows, rules, LANG.get())


@click.command(
    "show",
    cls=Command,
    about=Text(
        """Show an instrument, or a whole grid with the source of every number.

        ID is an instrument, a grid, or the first day of a grid. With --format toml a grid is written as a law
        file, as a start for your own.""",
        """Montrer un texte, ou une grille entière avec la source de chaque nombre.

        ID est un texte, une grille ou le premier jour d'une grille. Avec --format toml la grille est écrite
        comme fichier de droit, pour en commencer un.""",
    ),
    example="expressentry law show crs-2025-03-25",
)
@click.argument("id_", metavar="ID")
@with_law
@format_option("text", "json", "toml")
@lang_option
def law_show(id_: str, law: Law, form: str) -> None:
    """Show an instrument or a grid."""
    from expressentry.present.text.law import print_grid, print_instrument

    found = answers.find_law(law, id_)
    if isinstance(found, Instrument):
        if form == "toml":
            raise unknown_id(id_, [grid.id for grid in law.grids])
        if form == "json":
            print_json(answers.instrument_record(found))
        else:
            print_instrument(found, LANG.get())
    elif form == "toml":
        click.echo(found.text, nl=False)
    elif form == "json":
        print_json(answers.grid_with_law(law, found, LANG.get()))
    else:
        print_grid(found, LANG.get())


@click.command(
    "diff",
    cls=Command,
    about=Text(
        "Show what changed from grid A to grid B: ids, or days on which a grid began.",
        "Montrer ce qui a changé de la grille A à la grille B : identifiants, ou jours où une grille a commencé.",
    ),
    example="expressentry law diff crs-2017-06-06 crs-2020-10-20",
)
@click.argument("a")
@click.argument("b")
@with_law
@format_option("text", "json", "csv")
@lang_option
def law_diff(a: str, b: str, law: Law, form: str) -> None:
    """Show what changed between two grids."""
    rows = answers.law_changes(law, a, b, LANG.get())
    if form != "text":
        print_rows(rows, form)
        return
    from expressentry.present.text.law import print_law_changes

    print_law_changes(rows, LANG.get())


@click.command(
    "check",
    cls=Command,
    about=Text(
        """Check the shipped law and, on top of it, your own law files: keys, places, sources, both languages, and
        that every day is covered once.""",
        """Contrôler le droit livré et, par-dessus, vos propres fichiers de droit : clés, endroits, sources, les deux
        langues, et que chaque jour est couvert une fois.""",
    ),
    example="expressentry law check",
)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@format_option("text", "json")
@lang_option
def law_check(files: tuple[str, ...], form: str) -> None:
    """Check the law files."""
    found = check([Path(file) for file in files])
    if form == "json":
        print_json({name: list(value) if name == "files" else value for name, value in asdict(found).items()})
        return
    from expressentry.present.text.law import print_checked

    print_checked(found, LANG.get())
