"""`expressentry pool`: the group, and how a run comes to its pool. The commands stand in their own modules."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expressentry.cli.base import home
from expressentry.cli.help import Group
from expressentry.cli.options import option
from expressentry.errors import Problem, UsageError
from expressentry.words import Text

if TYPE_CHECKING:
    from expressentry.pool import Pool

pool = Group(
    "pool",
    members={
        "init": ("expressentry.cli.pool_life:pool_init", Text("Make an empty pool.", "Créer un bassin vide.")),
        "submit": ("expressentry.cli.pool_life:pool_submit", Text("Submit a profile.", "Soumettre un profil.")),
        "show": (
            "expressentry.cli.pool_show:pool_show",
            Text("The state of the pool, or of one candidate.", "L'état du bassin, ou d'un candidat."),
        ),
        "rank": ("expressentry.cli.pool_show:pool_rank", Text("The order of rank.", "L'ordre de classement.")),
        "round": (
            "expressentry.cli.pool_rounds:pool_round",
            Text("Preview a round, or issue it.", "Prévoir une ronde, ou la tenir."),
        ),
        "answer": (
            "expressentry.cli.pool_life:pool_answer",
            Text("What a candidate or a province says.", "Ce que dit un candidat ou une province."),
        ),
        "expire": ("expressentry.cli.pool_life:pool_expire", Text("A day's upkeep.", "L'entretien d'un jour.")),
        "rescore": (
            "expressentry.cli.pool_life:pool_rescore",
            Text("Score the whole pool under another law.", "Calculer tout le bassin selon un autre droit."),
        ),
        "verify": (
            "expressentry.cli.pool_audit:pool_verify",
            Text("Check the chain, rank every round again.", "Contrôler la chaîne, reclasser chaque ronde."),
        ),
        "events": ("expressentry.cli.pool_audit:pool_events", Text("The sealed events.", "Les événements scellés.")),
        "stats": (
            "expressentry.cli.pool_show:pool_stats",
            Text("The distribution in the published bands.", "La répartition par tranches publiées."),
        ),
        "publish": (
            "expressentry.cli.pool_audit:pool_publish",
            Text("Rounds in the form of the department's feed.", "Les rondes en la forme du fichier du ministère."),
        ),
        "backup": ("expressentry.cli.pool_audit:pool_backup", Text("Save the pool.", "Sauvegarder le bassin.")),
        "restore": ("expressentry.cli.pool_audit:pool_restore", Text("Bring it back.", "Le rétablir.")),
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


@contextmanager
def address_of_run(database: str | None, *, owner: bool = False, make: bool = False) -> Iterator[str]:
    """The address of the pool of a run; the embedded server is held as long as it is used.

    The `owner` may change the schema; `make` is for the one command that may begin a pool.
    """
    from expressentry.pool.connect import opened, where
    from expressentry.pool.roles import ROLES

    place = where(database, home() / "pool")
    if place.folder is not None:
        if not make and not place.folder.exists():
            raise UsageError(Problem("no_pool", "pool", _NO_POOL, _INIT))
        place.folder.parent.mkdir(parents=True, exist_ok=True)
    with opened(place) as server:
        if make:
            from expressentry.pool import migrate
            from expressentry.pool.embedded import Embedded

            migrate(server.admin_url())
            if isinstance(server, Embedded):
                for role in ROLES.values():
                    server.ensure_role(role)
        yield server.admin_url() if owner else server.url(ROLES["operator"])


@contextmanager
def pool_of_run(database: str | None, *, make: bool = False) -> Iterator[Pool]:
    """The pool of a run."""
    from expressentry.cli.laws import law_of_run
    from expressentry.pool import LawScorer, Pool, PostgresStore

    log = os.environ.get("EXPRESSENTRY_POOL_LOG")
    if log:
        from expressentry.pool.log import log_to

        log_to(Path(log))
    with address_of_run(database, make=make) as address, PostgresStore(address) as store:
        yield Pool(store, LawScorer(law_of_run()))


_NO_POOL = Text("there is no pool here yet", "il n'y a pas encore de bassin ici")
_INIT = Text("run `expressentry pool init`", "lancer `expressentry pool init`")
