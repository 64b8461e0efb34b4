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
    is_today,
    lang_option,
    law_options,
    option,
    today,
    type_option,
    with_law,
)
from expressentry.cli.repeating import period, repeat, until_ended
from expressentry.cli.support import (
    LANG,
    context_of_run,
    history_folder,
    law_of_run,
    note,
    note_record_age,
    print_json,
    print_rows,
    record_of_run,
)
from expressentry.errors import Problem, UsageError
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

        SOURCE is a file, or an https address. The rounds are stored in the folder `history` of EXPRESSENTRY_HOME.

        With --every the command runs until SIGTERM or Ctrl-C and looks again after that time, a little sooner or later.
        It writes only what is new. If the server is away, it says so once and tries again, first after a minute. A site
        that runs follows without a restart.""",
        """Prendre les rondes et les répartitions du fichier de données du ministère, par défaut à son adresse. La
        commande liste ce qui est nouveau, ce qui diffère et la valeur retenue. Un fichier illisible ne change rien.

        SOURCE est un fichier, ou une adresse https. Les rondes vont dans le dossier `history` d'EXPRESSENTRY_HOME.

        Avec --every, la commande tourne jusqu'à SIGTERM ou Ctrl-C et regarde de nouveau après ce temps, un peu plus tôt
        ou plus tard. Elle n'écrit que ce qui est nouveau. Si le serveur est absent, elle le dit une fois et réessaie,
        d'abord après une minute. Un site en service suit sans redémarrage.""",
    ),
    example="expressentry rounds update examples/ee_rounds_excerpt.json",
)
@click.argument("source", required=False)
@option(
    "--every",
    type=period("1m", "7d"),
    about=Text("Run on, and look again after this time: 30m, 1h.", "Continuer, et regarder après ce temps : 30m, 1h."),
)
@day_option
@law_options
@format_option("text", "json")
@lang_option
def rounds_update(
    source: str | None, every: float | None, on: date, laws: tuple[str, ...], numbers: tuple[str, ...], form: str
) -> None:
    """Get the department's newest rounds."""
    if every is None:
        _update(source, on, law_of_run(laws, numbers), form)
        return
    if not is_today(on):
        rule = Text("cannot be given together with --every", "ne se donne pas avec --every")
        raise UsageError(Problem("misuse", "on", rule, Text("leave it out", "l'omettre"), on))
    with until_ended() as wait:
        # The law is read each time: a file added to it may name new kinds of rounds.
        repeat(lambda: _update(source, today(), law_of_run(laws, numbers), form, quiet=True), wait, every)


def _update(source: str | None, on: date, law: Law, form: str, *, quiet: bool = False) -> None:
    """Bring what a feed has; where that is quiet, write only what is new."""
    from expressentry.rounds.fetch import ADDRESS, is_address
    from expressentry.rounds.updates import bring, bring_from

    record = record_of_run(law, on)
    if source is None or is_address(source):
        update = bring_from(source or ADDRESS, record, history_folder(), on, law.round_names)
    else:
        update = bring(_read(Path(source)), record, history_folder(), source, on, law.round_names)
    if quiet and not update.news:
        return
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
