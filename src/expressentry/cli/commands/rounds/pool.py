"""`expressentry rounds pool`: the pool as published, and where a score stands in it."""

from __future__ import annotations

from datetime import date

import click

from expressentry.cli.base import LANG, note, print_csv, print_json
from expressentry.cli.help import Command
from expressentry.cli.options import day_option, format_option, lang_option, option
from expressentry.cli.people import read_person
from expressentry.cli.records import note_record_age, record_of_run
from expressentry.errors import Problem, UsageError
from expressentry.present.records.rounds import pool_rows, record_record, standing_record
from expressentry.rounds.record import PoolDay, Record
from expressentry.text import Text


@click.command(
    "pool",
    cls=Command,
    about=Text(
        """Show the newest published distribution of the pool on a day; with --score where that score stands in it,
        and where it stood over the year before. Only bands are published, so ranks and shares are bounds.""",
        """Montrer la dernière répartition publiée du bassin à un jour; avec --score la place de cette note, et sa
        place durant l'année précédente. Seules des tranches sont publiées : rangs et parts sont des bornes.""",
    ),
    example="expressentry rounds pool --on 2026-10-01",
)
@option("--score", type=int, metavar="CRS", about=Text("Say where this score stands.", "Dire la place de cette note."))
@option(
    "--profile",
    metavar="PROFILE",
    about=Text(
        "Say where this person's score of the day stands.", "Dire la place de la note d'une personne ce jour-là."
    ),
)
@day_option
@format_option("text", "json", "csv")
@lang_option
def rounds_pool(score: int | None, profile: str | None, on: date, form: str) -> None:
    """Show the pool, or where a score stands in it."""
    record = record_of_run(on)
    if profile is not None:
        from expressentry.rounds.replay import scores

        own = scores(read_person(profile), [on])
        score = own[0][1] if own and score is None else score
    day = _distribution(record, on)
    if score is None:
        if form == "text":
            from expressentry.present.text.rounds import print_pool

            print_pool(day, LANG.get())
        else:
            (print_json if form == "json" else print_csv)(pool_rows(day))
    else:
        _standing(record, day, score, on, form)
    note_record_age(record, on)


def _standing(record: Record, day: PoolDay, score: int, on: date, form: str) -> None:
    from expressentry.rounds.position import over_the_year, position

    found = position(score, day)
    year = over_the_year(score, record.pool, day.as_of) or [found]
    if form == "text":
        from expressentry.present.text.rounds import print_standing

        print_standing(found, day, year, LANG.get())
    elif form == "json":
        past = [standing_record(one) for one in year]
        print_json({"score": score, **standing_record(found), "year": past, "record": record_record(record, on)})
    else:
        print_csv(
            [
                {
                    "as_of": one.as_of,
                    "total": one.total,
                    "rank_best": one.rank[0],
                    "rank_worst": one.rank[1],
                    "lower_percent_min": one.lower[0],
                    "lower_percent_max": one.lower[1],
                }
                for one in year
            ]
        )


def _distribution(record: Record, on: date) -> PoolDay:
    """The newest distribution on a day; before the department's own begin, one that others quoted, and said so."""
    day = record.pool_on(on)
    if day is not None:
        return day
    quoted = max((one for one in record.quoted if one.as_of <= on), key=lambda one: one.as_of, default=None)
    if quoted is None:
        first = min(one.as_of for one in (*record.pool, *record.quoted))
        rule = Text("no distribution is held from before {d}", "aucune répartition d'avant le {d} n'est au dossier")
        raise UsageError(
            Problem(
                "no_distribution", "on", rule.fill(d=first), Text("give a later day", "donner un jour ultérieur"), on
            )
        )
    source = record.sources[quoted.source]
    wording = Text("Not from the department's data file: {t}.", "Pas du fichier de données du ministère : {t}.")
    note(wording.fill(t=source.title))
    return quoted
