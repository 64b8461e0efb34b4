"""`expressentry pool`: the group, and how a run comes to its pool. The commands stand in their own modules."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from expressentry.cli.help import Group
from expressentry.cli.options import at_option, day_option, format_option, lang_option, option
from expressentry.cli.support import home
from expressentry.errors import Problem, UsageError
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.pool import Pool
    from expressentry.pool.server.connect import Server

pool = Group(
    "pool",
    members={
        "init": ("expressentry.cli.commands.pool.life:pool_init", Text("Make an empty pool.", "Créer un bassin vide.")),
        "submit": (
            "expressentry.cli.commands.pool.life:pool_submit",
            Text("Submit a profile.", "Soumettre un profil."),
        ),
        "update": (
            "expressentry.cli.commands.pool.acts:pool_update",
            Text("New facts of a candidate; the stamp stays.", "De nouveaux faits; l'horodatage reste."),
        ),
        "answer": (
            "expressentry.cli.commands.pool.life:pool_answer",
            Text(
                "What a candidate says: accept, decline, withdraw.",
                "Ce que dit un candidat : accept, decline, withdraw.",
            ),
        ),
        "nomination": (
            "expressentry.cli.commands.pool.acts:pool_nomination",
            Text(
                "What a province says: 600 points come and go.",
                "Ce que dit une province : 600 points vont et viennent.",
            ),
        ),
        "show": (
            "expressentry.cli.commands.pool.show:pool_show",
            Text("The state of the pool, or of one candidate.", "L'état du bassin, ou d'un candidat."),
        ),
        "rank": ("expressentry.cli.commands.pool.show:pool_rank", Text("The order of rank.", "L'ordre de classement.")),
        "round": (
            "expressentry.cli.commands.pool.rounds:pool_round",
            Text(
                "Preview a round, issue it, see whom it invited.", "Prévoir une ronde, la tenir, voir qui elle invite."
            ),
        ),
        "cancel": (
            "expressentry.cli.commands.pool.acts:pool_cancel",
            Text("Cancel an invitation issued in error.", "Annuler une invitation faite par erreur."),
        ),
        "bar": (
            "expressentry.cli.commands.pool.acts:pool_bar",
            Text("Bar a person for misrepresentation.", "Exclure quelqu'un pour fausses déclarations."),
        ),
        "erase": (
            "expressentry.cli.commands.pool.acts:pool_erase",
            Text("Erase what is personal of someone.", "Effacer ce qui est personnel de quelqu'un."),
        ),
        "expire": (
            "expressentry.cli.commands.pool.life:pool_expire",
            Text("A day's upkeep.", "L'entretien d'un jour."),
        ),
        "rescore": (
            "expressentry.cli.commands.pool.life:pool_rescore",
            Text("Score the whole pool under another law.", "Calculer tout le bassin selon un autre droit."),
        ),
        "seal": (
            "expressentry.cli.commands.pool.seal:pool_seal",
            Text(
                "Chain the events that wait, once or all the time.", "Enchaîner ce qui attend, une fois ou sans cesse."
            ),
        ),
        "health": (
            "expressentry.cli.commands.pool.show:pool_health",
            Text("Is anything overdue? For a monitor.", "Y a-t-il du retard? Pour un moniteur."),
        ),
        "verify": (
            "expressentry.cli.commands.pool.audit:pool_verify",
            Text("Check the chain, rank every round again.", "Contrôler la chaîne, reclasser chaque ronde."),
        ),
        "events": (
            "expressentry.cli.commands.pool.audit:pool_events",
            Text("The sealed events.", "Les événements scellés."),
        ),
        "stats": (
            "expressentry.cli.commands.pool.show:pool_stats",
            Text("The distribution in the published bands.", "La répartition par tranches publiées."),
        ),
        "publish": (
            "expressentry.cli.commands.pool.audit:pool_publish",
            Text("Rounds in the form of the department's feed.", "Les rondes en la forme du fichier du ministère."),
        ),
        "backup": (
            "expressentry.cli.commands.pool.audit:pool_backup",
            Text("Save the pool.", "Sauvegarder le bassin."),
        ),
        "restore": ("expressentry.cli.commands.pool.audit:pool_restore", Text("Bring it back.", "Le rétablir.")),
    },
    about=Text(
        """A live pool of candidates on PostgreSQL: embedded in the folder `pool` of EXPRESSENTRY_HOME, or on any
        server by --database or EXPRESSENTRY_DATABASE.""",
        """Un bassin réel de candidats sur PostgreSQL : intégré dans le dossier `pool` d'EXPRESSENTRY_HOME, ou sur
        un serveur par --database ou EXPRESSENTRY_DATABASE.""",
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
    """Add `--actor`, which stands in the event."""
    return option("--actor", default=standard, metavar="NAME", about=Text("Who does it.", "Qui le fait."))


def reason_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--reason`, which stands in the event for good."""
    about = Text(
        "Why; it is in the chain for good: nothing personal.",
        "Pourquoi; à jamais dans la chaîne : rien de personnel.",
    )
    return option("--reason", type=Reason(), required=True, metavar="TEXT", about=about)(function)


class Reason(click.ParamType[Any]):
    """A reason that says something."""

    name = "reason"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse an empty one."""
        if str(value).strip():
            return str(value).strip()
        rule = Text("required, and not empty", "obligatoire, et non vide")
        fix = Text("say why, without a name", "dire pourquoi, sans nom")
        raise UsageError(Problem("no_reason", "reason", rule, fix, value))


@contextmanager
def server_of_run(database: str | None, *, make: bool = False) -> Iterator[Server]:
    """The server of a run; the embedded one is held as long as it is used. `make` is for what may begin a pool."""
    from expressentry.pool.server.connect import opened, where

    place = where(database, home() / "pool")
    if place.folder is not None:
        if not make and not place.folder.exists():
            raise UsageError(Problem("no_pool", "pool", _NO_POOL, _INIT))
        place.folder.parent.mkdir(parents=True, exist_ok=True)
    log = os.environ.get("EXPRESSENTRY_POOL_LOG")
    if log:
        from expressentry.pool.ops.log import log_to

        log_to(Path(log))
    with opened(place) as server:
        yield server


@contextmanager
def pool_of_run(database: str | None, *, make: bool = False) -> Iterator[Pool]:
    """The pool of a run, as its operator."""
    from expressentry.cli.support import law_of_run
    from expressentry.pool import LawScorer, Pool, PostgresStore
    from expressentry.pool.server.roles import ROLES

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


_NO_POOL = Text("there is no pool here yet", "il n'y a pas encore de bassin ici")
_INIT = Text("run `expressentry pool init`", "lancer `expressentry pool init`")
