"""`expressentry law`: list, show, diff, check."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from expressentry.cli.base import LANG, print_csv, print_json, say
from expressentry.cli.help import Command, Group
from expressentry.cli.laws import law_of_run
from expressentry.cli.options import day_option, format_option, lang_option, law_options
from expressentry.errors import UsageError
from expressentry.law.check import check
from expressentry.law.grid.diff import diff
from expressentry.law.grid.tree import Grid
from expressentry.law.law import Law, unknown_id
from expressentry.present.records.person import change_record, grid_record, law_record
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
        "The law as data: every instrument since 2015, every grid, what changed, and whether the files are whole.",
        "Le droit en données : chaque texte depuis 2015, chaque grille, ce qui a changé, et l'état des fichiers.",
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
@law_options
@format_option("text", "json", "csv")
@lang_option
def law_list(on: date, laws: tuple[str, ...], numbers: tuple[str, ...], form: str) -> None:
    """List every instrument."""
    law_ = law_of_run(laws, numbers)
    rules = law_.on(on)
    made = {grid.made_by.id: grid.id for grid in law_.grids} | {by: id_ for id_, by in law_.proposals.items()}
    rows = [
        {
            "id": one.id,
            "in_force": one.in_force.isoformat() if one.in_force else None,
            "status": one.status,
            "confidence": one.confidence,
            "grid": made.get(one.id),
            "title": one.title.say(LANG.get()),
        }
        for one in law_.instruments.values()
    ]
    if form == "json":
        print_json(rows)
    elif form == "csv":
        print_csv(rows)
    else:
        from expressentry.present.text.console import show, table

        headings = Text("id|in force|status|confidence|grid|title", "id|en vigueur|statut|confiance|grille|titre")
        show(table(say(headings).split("|"), [list(row.values()) for row in rows]))
        click.echo(say(Text("{day}: {grid}", "{day} : {grid}").fill(day=on, grid=rules.label)) + f" ({rules.id})")


@click.command(
    "show",
    cls=Command,
    about=Text(
        """Show an instrument, or a whole grid with the source of every number.

        ID is an instrument, a grid, or the first day of a grid. With --format toml a grid is written as a law
        file, to start one of your own.""",
        """Montrer un texte, ou une grille entière avec la source de chaque nombre.

        ID est un texte, une grille ou le premier jour d'une grille. Avec --format toml la grille est écrite
        comme fichier de droit, pour en commencer un.""",
    ),
    example="expressentry law show crs-2025-03-25",
)
@click.argument("id_", metavar="ID")
@law_options
@format_option("text", "json", "toml")
@lang_option
def law_show(id_: str, laws: tuple[str, ...], numbers: tuple[str, ...], form: str) -> None:
    """Show an instrument or a grid."""
    law_ = law_of_run(laws, numbers)
    instrument = law_.instruments.get(id_)
    if instrument is not None:
        if form == "toml":
            raise unknown_id(id_, [grid.id for grid in law_.grids])
        record = instrument.record()
        if form == "json":
            print_json(record)
            return
        from expressentry.present.text.law import print_instrument

        print_instrument(instrument, LANG.get())
        return
    grid = _grid(law_, id_)
    if form == "toml":
        click.echo(grid.text, nl=False)
    elif form == "json":
        print_json(
            {
                "law": law_record(law_.on(grid.in_force), LANG.get()) if grid.in_force else None,
                **grid_record(grid, LANG.get()),
            }
        )
    else:
        from expressentry.present.text.law import print_grid

        print_grid(grid, LANG.get())


def _grid(law_: Law, id_: str) -> Grid:
    try:
        return law_.grid(id_)
    except UsageError:
        known = [*law_.instruments, *(grid.id for grid in law_.grids)]
        raise unknown_id(id_, known) from None


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
@law_options
@format_option("text", "json", "csv")
@lang_option
def law_diff(a: str, b: str, laws: tuple[str, ...], numbers: tuple[str, ...], form: str) -> None:
    """Show what changed between two grids."""
    law_ = law_of_run(laws, numbers)
    changes = diff(law_.grid(a), law_.grid(b))
    rows = [change_record(change, LANG.get()) for change in changes]
    if form == "json":
        print_json(rows)
    elif form == "csv":
        print_csv(rows)
    elif not rows:
        click.echo(say(Text("No difference.", "Aucune différence.")))
    else:
        from expressentry.present.text.console import show, table

        headings = Text("place|title|what|before|after|instrument", "élément|titre|quoi|avant|après|texte")
        show(table(say(headings).split("|"), [list(row.values()) for row in rows], right=(3, 4)))


@click.command(
    "check",
    cls=Command,
    about=Text(
        """Check the shipped law and, on top of it, law files of your own: keys, places, sources, both languages,
        every day covered once.""",
        """Contrôler le droit livré et, par-dessus, vos fichiers de droit : clés, endroits, sources, deux langues,
        chaque jour couvert une fois.""",
    ),
    example="expressentry law check",
)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@format_option("text", "json")
@lang_option
def law_check(files: tuple[str, ...], form: str) -> None:
    """Check the law files."""
    found = check([Path(file) for file in files])
    names = ("instruments", "grids", "proposals", "places", "cells", "lists", "programs", "categories")
    counts = {name: getattr(found, name) for name in names}
    if form == "json":
        print_json({**counts, "files": list(found.files)})
        return
    wording = Text(
        "law ok: instruments {instruments}, grids {grids}, proposals {proposals}, cited places {places}, "
        "cells {cells}, lists {lists}, programs {programs}, versions of categories {categories}",
        "droit correct : textes {instruments}, grilles {grids}, projets {proposals}, endroits cités {places}, "
        "cases {cells}, listes {lists}, programmes {programs}, versions de catégories {categories}",
    )
    click.echo(say(wording.fill(**counts)))
    for file in found.files:
        click.echo(f"{file}: ok")
