"""`expressentry pool round` list and show: the rounds issued, and whom each invited."""

from __future__ import annotations

import click

from expressentry.cli.commands.pool.group import database_option, pool_of_run
from expressentry.cli.help import Command
from expressentry.cli.options import format_option, lang_option
from expressentry.cli.support import LANG, print_csv, print_json
from expressentry.text import Text


@click.command(
    "list",
    cls=Command,
    about=Text(
        "List the rounds issued, the newest first, each with the head of the chain to which it is sealed.",
        "Lister les rondes tenues, la plus récente d'abord, chacune avec la tête de chaîne où elle est scellée.",
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
        """List whom a round invited, in the order of rank, with the number of each invitation, the program it names,
        its state and the last day to answer.

        NUMBER is the number of the round.""",
        """Lister qui une ronde a invité, dans l'ordre du classement, avec le numéro de chaque invitation, le programme
        nommé, son état et le dernier jour pour répondre.

        NUMBER est le numéro de la ronde.""",
    ),
    example="expressentry pool round show 1",
)
@click.argument("number", type=int)
@database_option
@format_option("text", "json", "csv")
@lang_option
def round_show(number: int, database: str | None, form: str) -> None:
    """List whom a round invited."""
    from expressentry.pool.ops.status import INVITED_COLUMNS, invited_rows
    from expressentry.present.text.pool import print_invited

    with pool_of_run(database) as pool:
        rows = invited_rows(pool, number)
    if form == "text":
        print_invited(rows, LANG.get())
    else:
        print_json(rows) if form == "json" else print_csv(rows, INVITED_COLUMNS)
