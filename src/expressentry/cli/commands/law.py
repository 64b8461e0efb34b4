"""`expressentry law`: list, show, diff, check; `verify` is in a module of its own."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from expressentry.answers import law as answers
from expressentry.answers.records.published import PartRecord
from expressentry.cli.help import Command, Group, complete_files
from expressentry.cli.options import day_option, format_option, lang_option, option, with_law
from expressentry.cli.support import LANG, print_file, print_json, print_rows
from expressentry.law.instruments import Instrument
from expressentry.law.law import Law, unknown_id
from expressentry.law.parts import PART_KINDS
from expressentry.text import Text

law = Group(
    "law",
    members={
        "list": (
            "expressentry.cli.commands.law:law_list",
            Text("Every instrument; the law in force on a day.", "Chaque texte; le droit en vigueur un jour donné."),
        ),
        "show": (
            "expressentry.cli.commands.law:law_show",
            Text(
                "One instrument, grid, program, rule or list.",
                "Un texte, une grille, un programme, une règle, une liste.",
            ),
        ),
        "diff": (
            "expressentry.cli.commands.law:law_diff",
            Text("What changed between two grids or two days.", "Ce qui a changé entre deux grilles ou deux jours."),
        ),
        "check": (
            "expressentry.cli.commands.law:law_check",
            Text("Check the law files.", "Contrôler les fichiers de droit."),
        ),
        "verify": (
            "expressentry.cli.commands.law_verify:law_verify",
            Text("Compare the law with what is published.", "Comparer le droit avec ce qui est publié."),
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
        """List every instrument, and mark the grid of the day.

        With --kind the law in force on the day is listed instead: programs, versions of categories, rules of
        evidence, what is counted as work (measures), rows of lists, grids, or all of them.""",
        """Lister chaque texte, et marquer la grille du jour.

        Avec --kind, c'est le droit en vigueur ce jour qui est listé : programmes, versions de catégories, règles de
        preuve, ce qui est compté comme travail (measure), lignes des listes, grilles, ou tout.""",
    ),
    example="expressentry law list --kind evidence --on 2026-10-01",
)
@option(
    "--kind",
    type=click.Choice([*PART_KINDS, "all"]),
    about=Text("The part of the law to list.", "La partie du droit à lister."),
)
@day_option
@with_law
@format_option("text", "json", "csv")
@lang_option
def law_list(kind: str | None, on: date, law: Law, form: str) -> None:
    """List every instrument, or the law of a day."""
    if kind is not None:
        _tell_parts(answers.law_parts(law, None if kind == "all" else kind, on, LANG.get()), form)
        return
    rules, rows = law.on(on), answers.instruments(law, LANG.get())
    if form != "text":
        print_rows(rows, form)
        return
    from expressentry.present.text.law import print_instruments

    print_instruments(rows, rules, LANG.get())


def _tell_parts(rows: list[PartRecord], form: str) -> None:
    if form != "text":
        print_rows(rows, form, tuple(PartRecord.__annotations__))
        return
    from expressentry.present.text.law import print_parts

    print_parts(rows, LANG.get())


@click.command(
    "show",
    cls=Command,
    about=Text(
        """Show an instrument, a whole grid with the source of every number, or every version of another part of the
        law.

        ID is an instrument, a grid, the first day of a grid, a program, a category, a rule of evidence, a measure or
        a list; law list --kind all names them. With --format toml a grid is written as a law file, as a start for
        your own.""",
        """Montrer un texte, une grille entière avec la source de chaque nombre, ou chaque version d'une autre partie
        du droit.

        ID est un texte, une grille, le premier jour d'une grille, un programme, une catégorie, une règle de preuve,
        une mesure ou une liste; law list --kind all les nomme. Avec --format toml la grille est écrite comme fichier
        de droit, pour en commencer un.""",
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
    elif isinstance(found, list):
        if form == "toml":
            raise unknown_id(id_, [grid.id for grid in law.grids])
        record = answers.parts_record(found, LANG.get())
        if form == "json":
            print_json(record)
        else:
            _tell_parts(record["parts"], form)
    elif form == "toml":
        print_file(found.text)
    elif form == "json":
        print_json(answers.grid_with_law(law, found, LANG.get()))
    else:
        print_grid(found, LANG.get())


@click.command(
    "diff",
    cls=Command,
    about=Text(
        """Show what changed from grid A to grid B, cell by cell.

        A and B are grids or days. Between two days the command also shows the programs, categories, rules and lists
        that changed.""",
        """Montrer ce qui a changé de la grille A à la grille B, case par case.

        A et B sont des grilles ou des jours. Entre deux jours, la commande montre aussi les programmes, catégories,
        règles et listes qui ont changé.""",
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
        that every day is covered once. Your own law is then tried on people: every one of them must get an answer.""",
        """Contrôler le droit livré et, par-dessus, vos propres fichiers de droit : clés, endroits, sources, les deux
        langues, et que chaque jour est couvert une fois. Votre droit est ensuite essayé sur des personnes : chacune
        doit recevoir une réponse.""",
    ),
    example="expressentry law check",
)
@click.argument("files", nargs=-1, shell_complete=complete_files, metavar="[FILE]...")
@format_option("text", "json")
@lang_option
def law_check(files: tuple[str, ...], form: str) -> None:
    """Check the law files."""
    found = answers.check_law([Path(file) for file in files])
    if form == "json":
        print_json({name: list(value) if name == "files" else value for name, value in asdict(found).items()})
        return
    from expressentry.present.text.law import print_checked

    print_checked(found, LANG.get())
