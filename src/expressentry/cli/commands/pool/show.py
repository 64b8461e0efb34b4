"""`expressentry pool` show, rank, stats, health: commands that only read, while others write."""

from __future__ import annotations

from datetime import date, datetime

import click

from expressentry.cli.commands.pool.group import act_options, database_option, pool_of_run
from expressentry.cli.commands.pool.rounds import words
from expressentry.cli.help import Command
from expressentry.cli.options import day_option, format_option, lang_option, moment, option, word
from expressentry.cli.support import LANG, print_csv, print_json
from expressentry.text import Text


@click.command(
    "show",
    cls=Command,
    about=Text(
        """Show the state of the pool: the rule set in force, how many candidates are in each state, the newest round,
        the head of the chain. With INTEREST show one candidate instead: state, submission time, score under each rule
        set, open invitation.

        `--format openmetrics` is for a monitoring system.""",
        """Afficher l'état du bassin : l'ensemble de règles en vigueur, le nombre de candidats dans chaque état, la
        dernière ronde, la tête de la chaîne. Avec INTEREST, afficher un candidat : état, heure de soumission, note
        selon chaque ensemble de règles, invitation ouverte.

        `--format openmetrics` est pour un système de surveillance.""",
    ),
    example="expressentry pool show",
)
@click.argument("interest", type=int, required=False)
@database_option
@format_option("text", "json", "openmetrics")
@lang_option
def pool_show(interest: int | None, database: str | None, form: str) -> None:
    """Show the pool, or a candidate."""
    from expressentry.pool.ops.monitor import openmetrics
    from expressentry.pool.ops.status import candidate_record, status_record
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
        """List candidates in the order in which a round would invite them: the highest score first; at equal score, the
        earliest submission first.

        LIST is general, pnp, cec, fsw, fst, or a category.""",
        """Lister les candidats dans l'ordre où une ronde les inviterait : la note la plus élevée d'abord; à note égale,
        la soumission la plus ancienne.

        LIST est general, pnp, cec, fsw, fst, ou une catégorie.""",
    ),
    example="expressentry pool rank general",
)
@click.argument("list_", type=word(words), metavar="LIST")
@option(
    "--first",
    type=click.IntRange(1, 100_000),
    default=50,
    metavar="N",
    about=Text("How many.", "Combien."),
)
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
        "Show how many candidates have which score, in the ranges that the department publishes.",
        "Afficher combien de candidats ont quelle note, dans les tranches que publie le ministère.",
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
        """Check that nothing is overdue: the rules of the day are in force, the upkeep of the day is done, and no event
        has been waiting for the sealer for over a minute. The exit status is 1 if anything is overdue, or if the pool
        cannot be reached.""",
        """Vérifier que rien n'est en retard : les règles du jour sont en vigueur, l'entretien du jour est fait, et
        aucun événement n'attend le scelleur depuis plus d'une minute. Le code de sortie est 1 si quelque chose est en
        retard, ou si le bassin est hors d'atteinte.""",
    ),
    example="expressentry pool health --on 2026-10-01",
)
@act_options
def pool_health(database: str | None, on: date, at: datetime | None, form: str) -> None:
    """Check that nothing is overdue."""
    from expressentry.law.law import refuse_before_start
    from expressentry.pool.ops.monitor import health_record
    from expressentry.present.text.pool import print_health

    refuse_before_start(on)
    with pool_of_run(database) as pool:
        record = health_record(pool, on, moment(on, at), LANG.get())
    (print_json(record) if form == "json" else print_health(record, LANG.get()))
    if not record["ok"]:
        raise click.exceptions.Exit(1)
