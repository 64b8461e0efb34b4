"""`expressentry pool round`: preview and issue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import click

from expressentry.cli.commands.pool.group import act_options, actor_option, database_option, pool_of_run
from expressentry.cli.commands.pool.life import _id
from expressentry.cli.help import Command, Group
from expressentry.cli.options import day_option, format_option, lang_option, moment, option, word
from expressentry.cli.support import LANG, law_of_run, print_json
from expressentry.law.law import refuse_before_start
from expressentry.text import Text

pool_round = Group(
    "round",
    members={
        "preview": (
            "expressentry.cli.commands.pool.rounds:round_preview",
            Text("What a round would do.", "Ce que ferait une ronde."),
        ),
        "issue": (
            "expressentry.cli.commands.pool.rounds:round_issue",
            Text("Issue a round, once.", "Tenir une ronde."),
        ),
        "list": ("expressentry.cli.commands.pool.invited:round_list", Text("The rounds issued.", "Les rondes tenues.")),
        "show": ("expressentry.cli.commands.pool.invited:round_show", Text("Whom a round invited.", "Qui est invité.")),
    },
    about=Text(
        "A round of invitations: preview it as often as you like, issue it once and exactly.",
        "Une ronde d'invitations : la prévoir autant qu'on veut, la tenir une fois, exactement.",
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
        """Say how many would qualify and be invited, the cut-off, the tie-break and the distribution of those who
        qualify. Nothing is changed and nobody is stopped.

        LIST is general, pnp, cec, fsw, fst, or a category; SIZE how many to invite.""",
        """Dire combien seraient admis et invités, la note minimale, le bris d'égalité et la répartition des admis.
        Rien n'est changé, personne n'est arrêté.

        LIST est general, pnp, cec, fsw, fst, ou une catégorie; SIZE combien inviter.""",
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
        """Issue a round: one act, alone, all of it or nothing. The answer is issued, already_issued (the same request
        was answered before), differs (the request's id is taken by other terms) or refused, with the reason.

        Unless --request names it, the request's id is made from the terms: the same round of the same day is issued
        once, however often it is asked for.""",
        """Tenir une ronde : un seul acte, seul, en entier ou pas du tout. La réponse est issued, already_issued
        (demande déjà traitée), differs (identifiant pris par d'autres termes) ou refused, avec la raison.

        Sans --request, l'identifiant est tiré des termes : la même ronde du même jour n'est tenue qu'une fois.""",
    ),
    example="expressentry pool round issue general 1 --on 2026-10-01",
)
@_terms
@option("--request", metavar="UUID", about=Text("The id of the request.", "L'identifiant de la demande."))
@option("--reason", default="", metavar="TEXT", about=Text("Why; nothing personal.", "Pourquoi; rien de personnel."))
@actor_option()
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
) -> None:
    """Issue a round."""
    from expressentry.pool import Terms
    from expressentry.pool.ops.status import issued_record
    from expressentry.present.text.pool import print_issued

    refuse_before_start(on)
    kind, of = words()[what]
    terms = Terms(kind, size, on, of)
    request_id = _id(request, "request") if request else uuid5(NAMESPACE_URL, terms.digest)
    with pool_of_run(database) as pool:
        found = pool.issue(request_id, terms, moment(on, at), actor, reason)
    if form == "json":
        print_json({**issued_record(found, LANG.get()), "request": str(request_id)})
    else:
        print_issued(found, LANG.get())
    if found.answer in ("differs", "refused"):
        raise click.exceptions.Exit(1)
