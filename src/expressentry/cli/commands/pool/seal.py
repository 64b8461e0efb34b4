"""`expressentry pool seal`: the sealer, once or as a service; `token`: who a site may act for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from expressentry.cli.commands.pool.group import database_option, server_of_run
from expressentry.cli.help import Command
from expressentry.cli.options import format_option, lang_option, option
from expressentry.cli.repeating import until_ended
from expressentry.cli.support import note, print_json, say
from expressentry.errors import PoolError
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.pool.server.connect import Server
    from expressentry.pool.store.postgres import PostgresStore

_GONE = ("connection_lost", "no_connection", "57P", "08")
"""Errors whose codes begin like this pass when the server is back."""


@click.command(
    "seal",
    cls=Command,
    about=Text(
        """Add waiting events to the chain, and show how long the chain is. With --every the command repeats this until
        SIGTERM or Ctrl-C; if the server is away, it waits. A round seals events before it ranks. Between rounds,
        waiting events are stored safely but are not in the chain yet.

        The command needs only the rights of the sealer: on another server than the embedded one, connect as
        `expressentry_sealer`.""",
        """Ajouter à la chaîne les événements en attente, et afficher la longueur de la chaîne. Avec --every, la
        commande recommence jusqu'à SIGTERM ou Ctrl-C; si le serveur est absent, elle attend. Une ronde scelle les
        événements avant de classer. Entre les rondes, les événements en attente sont enregistrés de façon sûre, mais
        ne sont pas encore dans la chaîne.

        La commande n'a besoin que des droits du scelleur : sur un autre serveur que le serveur intégré, se connecter
        sous `expressentry_sealer`.""",
    ),
    example="expressentry pool seal",
)
@option(
    "--every",
    type=click.FloatRange(0.1, 3600),
    metavar="SECONDS",
    about=Text("Repeat every so many seconds.", "Recommencer toutes les tant de secondes."),
)
@database_option
@format_option("text", "json")
@lang_option
def pool_seal(every: float | None, database: str | None, form: str) -> None:
    """Add waiting events to the chain."""
    from expressentry.pool.server.connect import ROLES
    from expressentry.pool.store.postgres import PostgresStore

    with (
        until_ended() as wait,
        server_of_run(database) as server,
        PostgresStore(server.url(ROLES["sealer"])) as store,
    ):
        sealed = store.seal()
        if every is not None:
            started = Text("sealing every {n} s · stop with Ctrl-C", "scelle toutes les {n} s · arrêter avec Ctrl-C")
            note(started.fill(n=f"{every:g}"))
            sealed += _go_on(server, store, every, wait)
            note(Text("stopped", "arrêté"))
        length, head = store.read(lambda tx: tx.head())
    if form == "json":
        print_json({"sealed": sealed, "events": length, "head": head})
        return
    wording = Text("events in the chain: {n}, sealed now: {s}", "événements de la chaîne : {n}, nouveaux : {s}")
    click.echo(say(wording.fill(n=length, s=sealed)))


def _go_on(server: Server, store: PostgresStore, every: float, wait: Callable[[float], bool]) -> int:
    """Seal repeatedly until asked to end; return how many events were sealed. Wait for a server that is away."""
    from expressentry.pool.server.embedded import Embedded

    sealed, away = 0, False
    while not wait(every):
        try:
            if away and isinstance(server, Embedded):
                server.ensure()
            sealed += store.seal()
            away = False
        except PoolError as error:
            if not error.problems[0].code.startswith(_GONE):
                raise
            if not away:
                note(error.say())
            away = True
    return sealed


@click.command(
    "token",
    cls=Command,
    about=Text(
        """Make a token by which a site acts for one person, for a while. Only the login of a site should make tokens,
        because it knows who has logged in. The site itself, as `expressentry_web`, cannot make one.

        PERSON is your key of the person. On another server than the embedded one, connect as
        `expressentry_login`.""",
        """Créer un jeton par lequel un site agit pour une seule personne, un moment. Seule l'ouverture de session d'un
        site devrait pouvoir en créer : elle sait qui s'est identifié. Le site lui-même, sous `expressentry_web`, ne le
        peut pas.

        PERSON est votre clé de la personne. Sur un autre serveur que le serveur intégré, se connecter sous
        `expressentry_login`.""",
    ),
    example="expressentry pool token anna --seconds 60",
)
@click.argument("person")
@option(
    "--seconds",
    type=click.IntRange(1, 3600),
    default=900,
    metavar="N",
    about=Text("How long it is valid.", "Combien de temps il est valide."),
)
@database_option
@format_option("text", "json")
@lang_option
def pool_token(person: str, seconds: int, database: str | None, form: str) -> None:
    """Make a token for a person."""
    from expressentry.pool.acts.facts import check_key
    from expressentry.pool.server.connect import ROLES
    from expressentry.pool.store.postgres import PostgresStore

    check_key(person)
    with server_of_run(database) as server, PostgresStore(server.url(ROLES["login"])) as store:
        token = store.token(person, seconds)
    if form == "json":
        print_json({"person": person, "token": token, "seconds": seconds})
        return
    click.echo(token)
