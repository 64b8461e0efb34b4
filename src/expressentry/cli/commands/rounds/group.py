"""`expressentry rounds`: list, show, update; `pool`, `replay` and `chart` are in their own modules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from expressentry.answers.rounds import find_rounds, one_round, round_row, update_record
from expressentry.cli.help import Command, Group
from expressentry.cli.options import (
    FIRST_DAY,
    LAST_DAY,
    category_option,
    day_option,
    format_option,
    lang_option,
    option,
    type_option,
    with_law,
)
from expressentry.cli.support import (
    LANG,
    context_of_run,
    history_folder,
    note,
    note_record_age,
    print_json,
    print_rows,
    record_of_run,
)
from expressentry.law.law import Law
from expressentry.text import Text

rounds = Group(
    "rounds",
    members={
        "list": (
            "expressentry.cli.commands.rounds.group:rounds_list",
            Text("Every round, filtered.", "Chaque ronde, avec filtres."),
        ),
        "show": ("expressentry.cli.commands.rounds.group:rounds_show", Text("One round.", "Une ronde.")),
        "pool": (
            "expressentry.cli.commands.rounds.pool:rounds_pool",
            Text("The pool, and the rank of a score in it.", "Le bassin, et le rang d'une note."),
        ),
        "replay": (
            "expressentry.cli.commands.rounds.replay:rounds_replay",
            Text("Which rounds would have invited a person.", "Quelles rondes auraient invité une personne."),
        ),
        "update": (
            "expressentry.cli.commands.rounds.group:rounds_update",
            Text("Get the department's newest rounds.", "Prendre les dernières rondes du ministère."),
        ),
        "chart": (
            "expressentry.cli.commands.rounds.chart:chart",
            Text("Charts of rounds and pool.", "Graphiques des rondes et du bassin."),
        ),
    },
    about=Text(
        "Every round of invitations since 2015 and every published pool distribution, each with its source.",
        "Chaque ronde d'invitations depuis 2015 et chaque répartition publiée du bassin, avec leur source.",
    ),
    example="expressentry rounds list --from 2024-03-01 --to 2024-04-11",
)


@click.command(
    "list",
    cls=Command,
    about=Text(
        "List rounds, the newest first. Every filter that you give must match; days and scores are included.",
        "Lister les rondes, la dernière d'abord. Les filtres se cumulent; les jours et les notes sont inclus.",
    ),
    example="expressentry rounds list --from 2024-03-01 --to 2024-04-11 --on 2026-10-01",
)
@type_option
@category_option
@option(
    "--since",
    "--from",
    "since",
    type=FIRST_DAY,
    about=Text("From this day, month or year.", "À partir de ce jour, mois ou an."),
)
@option(
    "--until",
    "--to",
    "until",
    type=LAST_DAY,
    about=Text("Up to this day, month or year.", "Jusqu'à ce jour, mois ou an."),
)
@option(
    "--cutoff-min", type=int, metavar="CRS", about=Text("With this cut-off or above.", "Note minimale : ceci ou plus.")
)
@option(
    "--cutoff-max", type=int, metavar="CRS", about=Text("With this cut-off or below.", "Note minimale : ceci ou moins.")
)
@day_option
@with_law
@format_option("text", "json", "csv")
@lang_option
def rounds_list(
    type_: str | None,
    category: str | None,
    since: date | None,
    until: date | None,
    cutoff_min: int | None,
    cutoff_max: int | None,
    on: date,
    law: Law,
    form: str,
) -> None:
    """List rounds."""
    record = record_of_run(law, on)
    found = find_rounds(
        reversed(record.rounds),
        kind=type_,
        category=category,
        since=since,
        until=min(until or on, on),
        cutoff_min=cutoff_min,
        cutoff_max=cutoff_max,
    )
    if form == "text":
        from expressentry.present.text.rounds import print_rounds

        print_rounds(found, LANG.get())
    else:
        print_rows([round_row(one, LANG.get()) for one in found], form)
    note_record_age(record, on)


@click.command(
    "show",
    cls=Command,
    about=Text(
        """Show one round: who was invited, the cut-off, the tie-break, the grid and the version of the category of its
        day, the pool just before it, and the rounds of the same kind before and after it.

        NUMBER is the round's number, or latest; 91a and 91b are two rounds.""",
        """Montrer une ronde : qui a été invité, la note minimale, le bris d'égalité, la grille et la version de la
        catégorie de son jour, le bassin juste avant, et les rondes du même genre avant et après elle.

        NUMBER est le numéro de la ronde, ou latest; 91a et 91b sont deux rondes.""",
    ),
    example="expressentry rounds show 293",
)
@click.argument("number")
@with_law
@format_option("text", "json")
@lang_option
def rounds_show(number: str, law: Law, form: str) -> None:
    """Show one round."""
    context = context_of_run(law)
    if form == "json":
        print_json(one_round(context, number, LANG.get()))
        return
    from expressentry.present.text.rounds import print_round

    one = context.record.round(number)
    print_round(context.record, one, context.rules(one.date), LANG.get())


@click.command(
    "update",
    cls=Command,
    about=Text(
        """Get rounds and distributions from the department's data file, by default from its own address. The command
        lists what is new, what differs and which value is used. A file that cannot be read whole changes nothing.

        SOURCE is a file, or an https address. The rounds are stored in the folder `history` of EXPRESSENTRY_HOME.""",
        """Prendre les rondes et les répartitions du fichier de données du ministère, par défaut à son adresse. La
        commande liste ce qui est nouveau, ce qui diffère et la valeur retenue. Un fichier illisible ne change rien.

        SOURCE est un fichier, ou une adresse https. Les rondes vont dans le dossier `history` d'EXPRESSENTRY_HOME.""",
    ),
    example="expressentry rounds update examples/ee_rounds_excerpt.json",
)
@click.argument("source", required=False)
@day_option
@with_law
@format_option("text", "json")
@lang_option
def rounds_update(source: str | None, on: date, law: Law, form: str) -> None:
    """Get the department's newest rounds."""
    from expressentry.rounds.fetch import ADDRESS, is_address
    from expressentry.rounds.updates import bring, bring_from

    record = record_of_run(law, on)
    if source is None or is_address(source):
        update = bring_from(source or ADDRESS, record, history_folder(), on, law.round_names)
    else:
        update = bring(_read(Path(source)), record, history_folder(), source, on, law.round_names)
    if form == "json":
        print_json(update_record(update, LANG.get()))
        return
    from expressentry.present.text.rounds import print_update

    print_update(update, LANG.get())
    for remark in update.remarks:
        note(remark)


def _read(path: Path) -> bytes:
    """Read a file, no larger than a feed may be."""
    from expressentry.documents import read_bytes
    from expressentry.rounds.feed import MOST_BYTES

    fix = Text("give a file, or an https address", "donner un fichier, ou une adresse https")
    return read_bytes(path, fix=fix, most=MOST_BYTES)
