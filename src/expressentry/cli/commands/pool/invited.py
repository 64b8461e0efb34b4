"""`expressentry pool round` list and show: the rounds issued, and the candidates whom each invited."""

from __future__ import annotations

import click

from expressentry.cli.base import LANG, print_csv, print_json
from expressentry.cli.commands.pool.group import database_option, pool_of_run
from expressentry.cli.help import Command
from expressentry.cli.options import format_option, lang_option
from expressentry.text import Text


@click.command(
    "list",
    cls=Command,
    about=Text(
        "List the rounds issued, the newest first, each with the head of the chain at that round.",
        "Lister les rondes lancées, la plus récente d'abord, chacune avec la tête de la chaîne à cette ronde.",
    ),
    example="expressentry pool round list",
)
@database_option
@format_option("text", "json", "csv")
@lang_option
def round_list(database: str | None, form: str) -> None:
    """List the rounds."""
    from expressentry.pool.ops.status import ROUND_COLUMNS, round_rows
    from expressentry.present.text.pool import print_rounds

    with pool_of_run(database) as pool:
        rows = round_rows(pool)
    if form == "text":
        print_rounds(rows, LANG.get())
    else:
        print_json(rows) if form == "json" else print_csv(rows, ROUND_COLUMNS)


@click.command(
    "show",
    cls=Command,
    about=Text(
        """List the candidates whom a round invited, in the order of rank, with the number of each invitation, its
        program, its state and the last day to answer.

        NUMBER is the number of the round.""",
        """Lister les candidats qu'une ronde a invités, par rang, avec le numéro de chaque invitation, son programme,
        son état et le dernier jour pour répondre.

        NUMBER est le numéro de la ronde.""",
    ),
    example="expressentry pool round show 1",
)
@click.argument("number", type=int)
@database_option
@format_option("text", "json", "csv")
@lang_option
def round_show(number: int, database: str | None, form: str) -> None:
    """List the candidates whom a round invited."""
    from expressentry.pool.ops.status import INVITED_COLUMNS, invited_rows
    from expressentry.present.text.pool import print_invited

    with pool_of_run(database) as pool:
        rows = invited_rows(pool, number)
    if form == "text":
        print_invited(rows, LANG.get())
    else:
        print_json(rows) if form == "json" else print_csv(rows, INVITED_COLUMNS)
