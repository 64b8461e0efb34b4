"""`expressentry pool`: the group of commands, the options that they share, and the pool of a run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from expressentry.cli.help import Group
from expressentry.cli.options import DAY, at_option, day_option, format_option, is_today, lang_option, option
from expressentry.cli.support import home, note
from expressentry.errors import Problem, UsageError
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.pool import Pool
    from expressentry.pool.server.connect import Server

pool = Group(
    "pool",
    members={
        "init": (
            "expressentry.cli.commands.pool.operate:pool_init",
            Text("Make an empty pool.", "Créer un bassin vide."),
        ),
        "submit": (
            "expressentry.cli.commands.pool.operate:pool_submit",
            Text("Submit a profile.", "Soumettre un profil."),
        ),
        "update": (
            "expressentry.cli.commands.pool.candidate:pool_update",
            Text("Replace a candidate's facts.", "Remplacer les faits d'un candidat."),
        ),
        "answer": (
            "expressentry.cli.commands.pool.operate:pool_answer",
            Text(
                "Accept or decline an invitation, or withdraw.",
                "Accepter ou refuser une invitation, ou se retirer.",
            ),
        ),
        "nomination": (
            "expressentry.cli.commands.pool.candidate:pool_nomination",
            Text(
                "Add or withdraw a provincial nomination.",
                "Ajouter ou retirer une désignation provinciale.",
            ),
        ),
        "show": (
            "expressentry.cli.commands.pool.show:pool_show",
            Text("Show the pool, or one candidate.", "Afficher le bassin, ou un candidat."),
        ),
        "rank": (
            "expressentry.cli.commands.pool.show:pool_rank",
            Text("List candidates by rank.", "Lister les candidats par rang."),
        ),
        "round": (
            "expressentry.cli.commands.pool.rounds:pool_round",
            Text(
                "Preview or issue a round; list rounds and invitations.",
                "Simuler ou lancer une ronde; lister rondes et invitations.",
            ),
        ),
        "cancel": (
            "expressentry.cli.commands.pool.candidate:pool_cancel",
            Text("Cancel an invitation issued in error.", "Annuler une invitation faite par erreur."),
        ),
        "bar": (
            "expressentry.cli.commands.pool.candidate:pool_bar",
            Text("Bar a person for misrepresentation.", "Exclure une personne pour fausses déclarations."),
        ),
        "erase": (
            "expressentry.cli.commands.pool.candidate:pool_erase",
            Text("Delete a person's personal data.", "Supprimer les données d'une personne."),
        ),
        "expire": (
            "expressentry.cli.commands.pool.operate:pool_expire",
            Text("Do a day's upkeep.", "Faire l'entretien d'un jour."),
        ),
        "rescore": (
            "expressentry.cli.commands.pool.operate:pool_rescore",
            Text("Score the pool under the rules of a day.", "Recalculer le bassin selon les règles d'un jour."),
        ),
        "token": (
            "expressentry.cli.commands.pool.seal:pool_token",
            Text("Sign for whom a site may act.", "Signer pour qui un site peut agir."),
        ),
        "seal": (
            "expressentry.cli.commands.pool.seal:pool_seal",
            Text("Add waiting events to the chain.", "Ajouter à la chaîne les événements en attente."),
        ),
        "health": (
            "expressentry.cli.commands.pool.show:pool_health",
            Text("Check that nothing is overdue.", "Vérifier que rien n'est en retard."),
        ),
        "verify": (
            "expressentry.cli.commands.pool.audit:pool_verify",
            Text("Check the chain and every round.", "Vérifier la chaîne et chaque ronde."),
        ),
        "heads": (
            "expressentry.cli.commands.pool.audit:pool_heads",
            Text("Publish the heads of the chain.", "Publier les têtes de la chaîne."),
        ),
        "events": (
            "expressentry.cli.commands.pool.audit:pool_events",
            Text("List the sealed events.", "Lister les événements scellés."),
        ),
        "stats": (
            "expressentry.cli.commands.pool.show:pool_stats",
            Text("Show how scores are distributed.", "Afficher la répartition des notes."),
        ),
        "publish": (
            "expressentry.cli.commands.pool.audit:pool_publish",
            Text("Write the rounds as the department does.", "Écrire les rondes comme le ministère."),
        ),
        "backup": (
            "expressentry.cli.commands.pool.audit:pool_backup",
            Text("Save the pool.", "Sauvegarder le bassin."),
        ),
        "restore": (
            "expressentry.cli.commands.pool.audit:pool_restore",
            Text("Restore a saved pool.", "Rétablir un bassin sauvegardé."),
        ),
    },
    about=Text(
        """Run a pool of candidates on PostgreSQL: on the embedded server, in the folder `pool` of EXPRESSENTRY_HOME,
        or on any other server with --database or EXPRESSENTRY_DATABASE.""",
        """Exploiter un bassin de candidats sur PostgreSQL : sur le serveur intégré, dans le dossier `pool`
        d'EXPRESSENTRY_HOME, ou sur un autre serveur avec --database ou EXPRESSENTRY_DATABASE.""",
    ),
    example="expressentry pool init --on 2026-10-01",
)


def database_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--database`."""
    about = Text(
        "A server instead of the embedded one (or EXPRESSENTRY_DATABASE).",
        "Un serveur au lieu de l'intégré (ou EXPRESSENTRY_DATABASE).",
    )
    return option("--database", metavar="URL", envvar="EXPRESSENTRY_DATABASE", about=about)(function)


def act_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add what every act takes: the database, its day, its instant, and the form of its answer."""
    for add in (lang_option, format_option("text", "json"), at_option, day_option, database_option):
        function = add(function)
    return function


def actor_option(standard: str = "operator") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add `--actor`, which is in the event."""
    return option(
        "--actor",
        default=standard,
        metavar="NAME",
        about=Text("The name recorded for this action.", "Le nom inscrit pour cette action."),
    )


def reason_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--reason`, which stays in the event forever."""
    about = Text(
        "Why. It stays in the chain forever: give no personal data.",
        "Pourquoi. Reste à jamais dans la chaîne : aucune donnée personnelle.",
    )
    return option("--reason", type=Reason(), required=True, metavar="TEXT", about=about)(function)


class Reason(click.ParamType[Any]):
    """A reason that is not empty."""

    name = "reason"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse an empty one, and one that is no text."""
        str(value).encode()
        if str(value).strip():
            return str(value).strip()
        rule = Text("a reason is required", "un motif est obligatoire")
        fix = Text("say why, without naming the person", "dire pourquoi, sans nommer la personne")
        raise UsageError(Problem("no_reason", "reason", rule, fix, value))


def meant_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--yes-i-mean`, for acts that cannot be undone."""
    about = Text(
        "Confirm a day that is not today; this act cannot be undone.",
        "Confirmer un jour qui n'est pas aujourd'hui; cet acte est irréversible.",
    )
    return option("--yes-i-mean", "meant", type=DAY, about=about)(function)


@contextmanager
def pool_that_is_meant(database: str | None, on: date, at: datetime | None, meant: date | None) -> Iterator[Pool]:
    """The pool of a run, for an act that cannot be undone.

    Raises:
        UsageError: The day is not today, and nobody has said that it is meant.
    """
    with pool_of_run(database) as pool:
        _refuse_unmeant(pool, on, at, meant)
        yield pool


def _refuse_unmeant(pool: Pool, on: date, at: datetime | None, meant: date | None) -> None:
    """Ask about the day of an act that cannot be undone, where it is not today; a rehearsal takes any.

    Raises:
        UsageError: Nobody has said that the day is meant.
    """
    day = on if at is None or is_today(at.date()) else at.date()
    if is_today(day) or meant == day or pool.is_rehearsal():
        return
    rule = Text("{d} is not today, and this cannot be undone", "le {d} n'est pas aujourd'hui; acte irréversible")
    fix = Text("if you mean that day, add --yes-i-mean {d}", "si c'est bien ce jour, ajouter --yes-i-mean {d}")
    raise UsageError(Problem("not_today", "on", rule.fill(d=day), fix.fill(d=day), str(day)))


def uuid_of(text: str, field: str) -> UUID:
    """Read the id of a request.

    Raises:
        UsageError: It is not a UUID.
    """
    try:
        return UUID(text)
    except ValueError:
        fix = Text("leave it out: it is then made from the request", "l'omettre : il est alors tiré de la demande")
        raise UsageError(Problem("not_a_uuid", field, Text("not a UUID", "n'est pas un UUID"), fix, text)) from None


@contextmanager
def server_of_run(database: str | None, *, make: bool = False) -> Iterator[Server]:
    """The server of a run; the embedded one runs as long as it is used. `make` is for commands that may make a pool."""
    from expressentry.pool.acts.refusals import INIT, NO_POOL, refusal
    from expressentry.pool.server.connect import locate, open_server

    place = locate(database, home() / "pool")
    if place.folder is not None and not make and not place.folder.exists():
        raise refusal("no_pool", "pool", NO_POOL, INIT)
    log = os.environ.get("EXPRESSENTRY_POOL_LOG")
    if log:
        from expressentry.pool.store.postgres import log_to

        log_to(Path(log))
    with open_server(place) as server:
        if make:
            _note_programs(server)
        yield server


def _note_programs(server: Server) -> None:
    """Say which PostgreSQL runs, where it is not that of the extra."""
    binaries = getattr(server, "binaries", None)
    if binaries is None or binaries.carried:
        return
    wording = Text("PostgreSQL {n} of this system: {place}", "PostgreSQL {n} de ce système : {place}")
    note(wording.fill(n=binaries.major, place=binaries.folder))


@contextmanager
def pool_of_run(database: str | None, *, make: bool = False) -> Iterator[Pool]:
    """The pool of a run, as its operator."""
    from expressentry.cli.support import law_of_run
    from expressentry.pool import LawScorer, Pool, PostgresStore
    from expressentry.pool.server.connect import ROLES

    with server_of_run(database, make=make) as server:
        if make:
            from expressentry.pool import migrate
            from expressentry.pool.server.embedded import Embedded

            migrate(server.admin_url())
            if isinstance(server, Embedded):
                for role in ROLES.values():
                    server.ensure_role(role)
        with PostgresStore(server.url(ROLES["operator"])) as store:
            yield Pool(store, LawScorer(law_of_run()))
