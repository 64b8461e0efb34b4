"""`expressentry rounds`: list, show, update; `pool` and `chart` stand in their own modules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from expressentry.cli.base import LANG, note, print_csv, print_json
from expressentry.cli.help import Command, Group
from expressentry.cli.laws import law_of_run
from expressentry.cli.options import Day, Word, day_option, format_option, lang_option, option
from expressentry.cli.records import history_folder, note_record_age, record_of_run, stored_record
from expressentry.errors import FileError, Problem
from expressentry.present.records.rounds import record_record, round_record, show_record, update_record
from expressentry.rounds.record import Round
from expressentry.text import Text, same

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
            Text("The pool, and where a score stands in it.", "Le bassin, et la place d'une note."),
        ),
        "replay": (
            "expressentry.cli.commands.rounds.replay:rounds_replay",
            Text("Would a person have been invited.", "Une personne aurait-elle été invitée."),
        ),
        "update": (
            "expressentry.cli.commands.rounds.group:rounds_update",
            Text("Take the department's newest rounds.", "Prendre les dernières rondes du ministère."),
        ),
        "chart": (
            "expressentry.cli.commands.rounds.chart:chart",
            Text("Charts of the record.", "Graphiques du dossier."),
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
        "List rounds, the newest first. Filters join with AND; days and scores are included.",
        "Lister les rondes, la dernière d'abord. Les filtres se cumulent; jours et notes sont inclus.",
    ),
    example="expressentry rounds list --from 2024-03-01 --to 2024-04-11 --on 2026-10-01",
)
@option(
    "--type",
    "type_",
    type=Word(lambda: law_of_run().round_names.types),
    about=Text("Rounds of one type.", "Rondes d'un type."),
)
@option(
    "--category",
    type=Word(lambda: law_of_run().round_names.categories),
    about=Text("Rounds of one category.", "Rondes d'une catégorie."),
)
@option("--from", "from_", type=Day(), about=Text("From this day.", "À partir de ce jour."))
@option("--to", type=Day(), about=Text("Up to this day.", "Jusqu'à ce jour."))
@option(
    "--cutoff-min", type=int, metavar="CRS", about=Text("With this cut-off or above.", "Note minimale : ceci ou plus.")
)
@option(
    "--cutoff-max", type=int, metavar="CRS", about=Text("With this cut-off or below.", "Note minimale : ceci ou moins.")
)
@day_option
@format_option("text", "json", "csv")
@lang_option
def rounds_list(
    type_: str | None,
    category: str | None,
    from_: date | None,
    to: date | None,
    cutoff_min: int | None,
    cutoff_max: int | None,
    on: date,
    form: str,
) -> None:
    """List rounds."""
    record = record_of_run(on)
    first, last = from_ or date.min, min(to or on, on)

    def wanted(one: Round) -> bool:
        return (
            type_ in (None, one.type)
            and category in (None, one.category)
            and first <= one.date <= last
            and (cutoff_min is None or one.cutoff >= cutoff_min)
            and (cutoff_max is None or one.cutoff <= cutoff_max)
        )

    found = [one for one in reversed(record.rounds) if wanted(one)]
    rows = [round_record(one, LANG.get()) for one in found]
    if form == "json":
        print_json(rows)
    elif form == "csv":
        print_csv(rows)
    else:
        from expressentry.present.text.rounds import print_rounds

        print_rounds(found, LANG.get())
    note_record_age(record, on)


@click.command(
    "show",
    cls=Command,
    about=Text(
        """Show one round: what was invited, cut-off, tie-break, the grid and category version of its day, the pool
        just before it, the rounds of the same kind around it.

        NUMBER is the round's number; 91a and 91b are two rounds.""",
        """Montrer une ronde : invitations, note minimale, bris d'égalité, la grille et la version de catégorie de
        son jour, le bassin juste avant, les rondes du même genre autour d'elle.

        NUMBER est le numéro de la ronde; 91a et 91b sont deux rondes.""",
    ),
    example="expressentry rounds show 293",
)
@click.argument("number")
@format_option("text", "json")
@lang_option
def rounds_show(number: str, form: str) -> None:
    """Show one round."""
    from expressentry.present.records.person import law_record

    record = stored_record()
    one = record.round(number)
    rules = law_of_run().on(one.date)
    if form == "json":
        answer = show_record(record, one, LANG.get())
        print_json({**answer, "law": law_record(rules, LANG.get()), "record": record_record(record)})
        return
    from expressentry.present.text.rounds import print_round

    print_round(record, one, rules, LANG.get())


@click.command(
    "update",
    cls=Command,
    about=Text(
        """Take rounds and distributions from the department's data file, by default from its own address; say what
        is new, what differs and which value is used. A file that cannot be read whole changes nothing.

        SOURCE is a file, or an https address. What comes is stored in the folder `history` of EXPRESSENTRY_HOME.""",
        """Prendre rondes et répartitions du fichier de données du ministère, par défaut à son adresse; dire ce qui
        est nouveau, ce qui diffère et quelle valeur est retenue. Un fichier illisible ne change rien.

        SOURCE est un fichier, ou une adresse https. Ce qui vient va dans le dossier `history` d'EXPRESSENTRY_HOME.""",
    ),
    example="expressentry rounds update examples/ee_rounds_excerpt.json",
)
@click.argument("source", required=False)
@day_option
@format_option("text", "json")
@lang_option
def rounds_update(source: str | None, on: date, form: str) -> None:
    """Take the department's newest rounds."""
    from expressentry.rounds.fetch import ADDRESS, is_address
    from expressentry.rounds.updates import bring, bring_from

    record = record_of_run(on)
    if source is None or is_address(source):
        update = bring_from(source or ADDRESS, record, history_folder(), on, law_of_run().round_names)
    else:
        update = bring(_read(Path(source)), record, history_folder(), source, on, law_of_run().round_names)
    if form == "json":
        print_json(update_record(update, LANG.get()))
        return
    from expressentry.present.text.rounds import print_update

    print_update(update, LANG.get())
    for remark in update.remarks:
        note(remark)


def _read(path: Path) -> bytes:
    """Read a file, no more of it than a feed may have."""
    from expressentry.rounds.feed import MOST_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        fix = Text("give a file, or an https address", "donner un fichier, ou une adresse https")
        raise FileError(Problem("unreadable", str(path), same(error.strerror or error), fix)) from None
