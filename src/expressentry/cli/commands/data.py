"""`expressentry data`: rounds, pool, categories, occupations and law as files for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from expressentry.cli.help import Command, Group, complete_files
from expressentry.cli.options import format_option, lang_option, with_law
from expressentry.cli.support import context_of_run, print_json, say
from expressentry.law.law import Law
from expressentry.text import Text

data = Group(
    "data",
    members={
        "export": (
            "expressentry.cli.commands.data:data_export",
            Text("All tables as CSV, Parquet and SQLite.", "Toutes les tables en CSV, Parquet et SQLite."),
        ),
    },
    about=Text(
        "Rounds, pool, categories, occupations and law as files for other programs.",
        "Rondes, bassin, catégories, professions et droit en fichiers pour d'autres programmes.",
    ),
    example="expressentry data export data",
)


@click.command(
    "export",
    cls=Command,
    about=Text(
        """Write rounds, pool, categories, occupations, instruments and law into a folder: each table as CSV and as
        Parquet, all of them in one SQLite file, expressentry.db, and datapackage.json, which says what each column is,
        its unit, whose the data is and under which licence.

        The same data always gives the same bytes. Rounds and law of your own folder, and --law, are among them.""",
        """Écrire rondes, bassin, catégories, professions, textes et droit dans un dossier : chaque table en CSV et en
        Parquet, toutes dans un fichier SQLite, expressentry.db, et datapackage.json, qui dit ce qu'est chaque colonne,
        son unité, à qui sont les données et sous quelle licence.

        Les mêmes données donnent toujours les mêmes octets. Les rondes et le droit de votre dossier, et --law, en font
        partie.""",
    ),
    example="expressentry data export data",
)
@click.argument("folder", shell_complete=complete_files)
@with_law
@format_option("text", "json")
@lang_option
def data_export(folder: str, law: Law, form: str) -> None:
    """Write all tables into a folder."""
    from expressentry.answers.exported import tables
    from expressentry.answers.package import export

    context = context_of_run(law)
    as_of = context.record.as_of.isoformat()
    files = export(tables(context), Path(folder), as_of)
    if form == "json":
        print_json({"folder": folder, "record": {"as_of": as_of}, "files": files})
        return
    for name, size in files.items():
        click.echo(say(Text("{n}: {b} bytes", "{n} : {b} octets").fill(n=name, b=size)))
