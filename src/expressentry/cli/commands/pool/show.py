"""`expressentry pool` show, rank, stats, health: reading, which stops nobody."""

from __future__ import annotations

from datetime import date, datetime

import click

from expressentry.cli.commands.pool.group import act_options, database_option, pool_of_run
from expressentry.cli.help import Command
from expressentry.cli.options import day_option, format_option, lang_option, moment, option
from expressentry.cli.support import LANG, print_csv, print_json
from expressentry.text import Text


@click.command(
    "show",
    cls=Command,
    about=Text(
        """Show the state of the pool: the law in force, how many in each state, the newest round, the head of the
        chain. With INTEREST show one candidate instead: state, stamp, standing by rule set, open invitation.

        `--format openmetrics` is for a monitor.""",
        """Montrer l'état du bassin : le droit en vigueur, combien dans chaque état, la dernière ronde, la tête de la
        chaîne. Avec INTEREST, montrer un candidat : état, horodatage, position par règles, invitation ouverte.

        `--format openmetrics` est pour un moniteur.""",
    ),
    example="expressentry pool show",
)
@click.argument("interest", type=int, required=False)
@database_option
@format_option("text", "json", "openmetrics")
@lang_option
def pool_show(interest: int | None, database: str | None, form: str) -> None:
    """Show the pool, or a candidate."""
    from expressentry.pool.ops.status import candidate_record, openmetrics, status_record
    from expressentry.present.text.pool import print_candidate, print_status

    with pool_of_run(database) as pool:
        if interest is not None:
            record = candidate_record(pool, interest)
            (print_json(record) if form == "json" else print_candidate(record, LANG.get()))
            return
        record = status_record(pool)
    if form == "openmetrics":
        click.echo(openmetrics(record), nl=False)
    elif form == "json":
        print_json(record)
    else:
        print_status(record, LANG.get())


@click.command(
    "rank",
    cls=Command,
    about=Text(
        """List candidates in the order in which a round would invite them: the highest score first, the earliest
        submission first at equal score.

        LIST is general, pnp, cec, fsw, fst, or a category.""",
        """Lister les candidats dans l'ordre où une ronde les inviterait : la plus haute note d'abord, à égalité la
        plus ancienne soumission.

        LIST est general, pnp, cec, fsw, fst, ou une catégorie.""",
    ),
    example="expressentry pool rank general",
)
@click.argument("list_", metavar="LIST")
@option("--first", type=click.IntRange(1, 100_000), default=50, metavar="N", about=Text("How many.", "Combien."))
@database_option
@format_option("text", "json", "csv")
@lang_option
def pool_rank(list_: str, first: int, database: str | None, form: str) -> None:
    """List candidates in the order of rank."""
    from expressentry.pool.ops.status import rank_rows

    with pool_of_run(database) as pool:
        rows = rank_rows(pool, list_, first)
    if form == "json":
        print_json(rows)
    elif form == "csv":
        print_csv(rows, ("place", "interest", "crs", "submitted_at", "program"))
    else:
        from expressentry.present.text.pool import print_rank

        print_rank(rows, LANG.get())


@click.command(
    "stats",
    cls=Command,
    about=Text(
        "Show the distribution of the pool in the bands in which the department publishes it.",
        "Montrer la répartition du bassin dans les tranches que publie le ministère.",
    ),
    example="expressentry pool stats --on 2026-10-01",
)
@database_option
@day_option
@format_option("text", "json", "csv")
@lang_option
def pool_stats(database: str | None, on: date, form: str) -> None:
    """Show the distribution."""
    from expressentry.answers.rounds import pool_rows
    from expressentry.law.law import refuse_before_start
    from expressentry.pool.ops.publish import distribution

    refuse_before_start(on)
    with pool_of_run(database) as pool:
        day = distribution(pool, on)
    if form == "text":
        from expressentry.present.text.rounds import print_pool

        print_pool(day, LANG.get())
    else:
        (print_json if form == "json" else print_csv)(pool_rows(day))


@click.command(
    "health",
    cls=Command,
    about=Text(
        """Say whether anything is overdue: the law of the day in force, the day's upkeep done, no event waiting for
        the sealer for over a minute. Exit status 1 where anything is, or the pool cannot be reached.""",
        """Dire s'il y a du retard : droit du jour en vigueur, entretien du jour fait, aucun événement en attente du
        scelleur depuis plus d'une minute. Code de sortie 1 s'il y en a, ou si le bassin est hors d'atteinte.""",
    ),
    example="expressentry pool health --on 2026-10-01",
)
@act_options
def pool_health(database: str | None, on: date, at: datetime | None, form: str) -> None:
    """Say whether anything is overdue."""
    from expressentry.law.law import refuse_before_start
    from expressentry.pool.ops.health import health_record
    from expressentry.present.text.pool import print_health

    refuse_before_start(on)
    with pool_of_run(database) as pool:
        record = health_record(pool, on, moment(on, at), LANG.get())
    (print_json(record) if form == "json" else print_health(record, LANG.get()))
    if not record["ok"]:
        raise click.exceptions.Exit(1)
