"""`expressentry pool round`: preview and issue a round, list the rounds and the candidates whom each invited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import click

from expressentry.cli.commands.pool.group import (
    act_options,
    actor_option,
    database_option,
    meant_option,
    pool_of_run,
    pool_that_is_meant,
    uuid_of,
)
from expressentry.cli.help import Command, Group
from expressentry.cli.options import day_option, format_option, lang_option, moment, option, word
from expressentry.cli.support import LANG, law_of_run, print_csv, print_json
from expressentry.law.law import refuse_before_start
from expressentry.text import Text

pool_round = Group(
    "round",
    members={
        "preview": (
            "expressentry.cli.commands.pool.rounds:round_preview",
            Text("Show what a round would do.", "Montrer ce que ferait une ronde."),
        ),
        "issue": (
            "expressentry.cli.commands.pool.rounds:round_issue",
            Text("Issue a round.", "Lancer une ronde."),
        ),
        "list": (
            "expressentry.cli.commands.pool.rounds:round_list",
            Text("List the rounds issued.", "Lister les rondes."),
        ),
        "show": (
            "expressentry.cli.commands.pool.rounds:round_show",
            Text("List the candidates invited.", "Lister les invités."),
        ),
    },
    about=Text(
        "Rounds of invitations: preview a round as often as you like, issue it once.",
        "Rondes d'invitations : simuler une ronde autant de fois que voulu, la lancer une seule fois.",
    ),
    example="expressentry pool round preview general 500 --on 2026-10-01",
)


def words() -> dict[str, tuple[str, str | None]]:
    """What a round invites, in one word: kind and list."""
    programs = {program: ("program", program) for program in ("cec", "fsw", "fst")}
    categories = {category: ("category", category) for category in law_of_run().round_names.categories}
    return {"general": ("general", None), "pnp": ("nominee", None), **programs, **categories}


def _terms(function: Callable[..., Any]) -> Callable[..., Any]:
    function = click.argument("size", type=click.IntRange(0, 10**9 - 1))(function)
    return click.argument("what", type=word(words), metavar="LIST")(function)


@click.command(
    "preview",
    cls=Command,
    about=Text(
        """Show how many candidates would qualify and be invited, the cut-off, the tie-break, and how the scores of
        those who qualify are distributed. Nothing changes, and submissions go on meanwhile.

        LIST is general, pnp, cec, fsw, fst, or a category. SIZE is the number of candidates to invite.""",
        """Afficher combien de candidats pourraient être invités et combien le seraient, la note minimale, le bris
        d'égalité et la répartition des notes. Rien ne change, et les soumissions continuent.

        LIST est general, pnp, cec, fsw, fst, ou une catégorie. SIZE est le nombre de candidats à inviter.""",
    ),
    example="expressentry pool round preview general 2 --on 2026-10-01",
)
@_terms
@database_option
@day_option
@format_option("text", "json")
@lang_option
def round_preview(what: str, size: int, database: str | None, on: date, form: str) -> None:
    """Preview a round."""
    from expressentry.pool import Terms
    from expressentry.pool.ops.status import preview_record
    from expressentry.present.text.pool import print_preview

    refuse_before_start(on)
    kind, of = words()[what]
    with pool_of_run(database) as pool:
        found = pool.preview(Terms(kind, size, on, of))
    if form == "json":
        print_json(preview_record(found))
    else:
        print_preview(found, LANG.get())


@click.command(
    "issue",
    cls=Command,
    about=Text(
        """Issue a round, all of it or nothing, while nothing else changes the pool. The answer is issued,
        already_issued (the same request was answered before), differs (a request with other terms has this id) or
        refused, with the reason.

        Without --request, the id of the request is made from the terms: the same round of the same day is issued
        once, however often you ask for it.""",
        """Lancer une ronde, en entier ou pas du tout, pendant que rien d'autre ne change le bassin. La réponse est
        issued (ronde lancée), already_issued (demande déjà traitée), differs (une autre demande a cet identifiant) ou
        refused (refusée), avec la raison.

        Sans --request, l'identifiant est tiré des termes : la même ronde du même jour n'est lancée qu'une fois, quel
        que soit le nombre de demandes.""",
    ),
    example="expressentry pool round issue general 1 --on 2026-10-01",
)
@_terms
@option("--request", metavar="UUID", about=Text("The id of the request.", "L'identifiant de la demande."))
@option(
    "--reason",
    default="",
    metavar="TEXT",
    about=Text("Why. Give no personal data.", "Pourquoi. Aucune donnée personnelle."),
)
@actor_option()
@meant_option
@act_options
def round_issue(
    what: str,
    size: int,
    request: str | None,
    actor: str,
    reason: str,
    database: str | None,
    on: date,
    at: datetime | None,
    form: str,
    meant: date | None,
) -> None:
    """Issue a round."""
    from expressentry.pool import Terms
    from expressentry.pool.ops.status import issued_record
    from expressentry.present.text.pool import print_issued

    refuse_before_start(on)
    kind, of = words()[what]
    terms = Terms(kind, size, on, of)
    request_id = uuid_of(request, "request") if request else uuid5(NAMESPACE_URL, terms.digest)
    with pool_that_is_meant(database, on, at, meant) as pool:
        found = pool.issue(request_id, terms, moment(on, at), actor, reason)
    if form == "json":
        print_json({**issued_record(found, LANG.get()), "request": str(request_id)})
    else:
        print_issued(found, LANG.get())
    if found.answer in ("differs", "refused"):
        raise click.exceptions.Exit(1)


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
