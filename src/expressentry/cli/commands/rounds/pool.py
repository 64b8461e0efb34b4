"""`expressentry rounds pool`: the pool as published, and the rank of a score in it."""

from __future__ import annotations

from datetime import date

import click

from expressentry.answers.rounds import pool_day, pool_rows, position_row, positions, positions_record, scores
from expressentry.cli.help import Command
from expressentry.cli.options import day_option, format_option, lang_option, option, with_law
from expressentry.cli.support import (
    LANG,
    context_of_run,
    note,
    note_record_age,
    print_csv,
    print_json,
    print_rows,
    read_person,
)
from expressentry.law.law import Law
from expressentry.rounds.record import PoolDay, Record
from expressentry.text import Text


@click.command(
    "pool",
    cls=Command,
    about=Text(
        """Show the newest published distribution of the pool on a day. With --score you see the rank of that score in
        it, and in the distributions of the year before. Only bands are published, so ranks and shares are ranges.""",
        """Montrer la dernière répartition publiée du bassin à un jour donné. Avec --score, vous voyez le rang de cette
        note, et son rang dans les répartitions de l'année précédente. Seules des tranches sont publiées : les rangs et
        les parts sont donc des intervalles.""",
    ),
    example="expressentry rounds pool --on 2026-10-01",
)
@option(
    "--score", type=int, metavar="CRS", about=Text("Show the rank of this score.", "Montrer le rang de cette note.")
)
@option(
    "--profile",
    metavar="PROFILE",
    about=Text(
        "Show the rank of this person's score on the day.", "Montrer le rang de la note de cette personne ce jour-là."
    ),
)
@day_option
@with_law
@format_option("text", "json", "csv")
@lang_option
def rounds_pool(score: int | None, profile: str | None, on: date, law: Law, form: str) -> None:
    """Show the pool, or the rank of a score in it."""
    context = context_of_run(law, on)
    record = context.record
    if profile is not None:
        own = scores(context, read_person(profile, law), [on])
        score = own[0][1] if own and score is None else score
    day = pool_day(record, on, quoted=True)
    if day not in record.pool:
        wording = Text("Not from the department's data file: {t}.", "Pas du fichier de données du ministère : {t}.")
        note(wording.fill(t=record.sources[day.source].title))
    if score is None:
        if form == "text":
            from expressentry.present.text.rounds import print_pool

            print_pool(day, LANG.get())
        else:
            print_rows(pool_rows(day), form)
    else:
        _position(record, day, score, on, form)
    note_record_age(record, on)


def _position(record: Record, day: PoolDay, score: int, on: date, form: str) -> None:
    found, year = positions(record, score, day)
    if form == "text":
        from expressentry.present.text.rounds import print_standing

        print_standing(found, day, year, LANG.get())
    elif form == "json":
        print_json(positions_record(record, found, year, on))
    else:
        print_csv([position_row(one) for one in year])
