"""`expressentry pool seal`: the sealer, once or as a service."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from expressentry.cli.commands.pool.group import database_option, server_of_run
from expressentry.cli.help import Command
from expressentry.cli.options import format_option, lang_option, option
from expressentry.cli.support import note, print_json, say, until_ended
from expressentry.errors import PoolError
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.pool.server.connect import Server
    from expressentry.pool.store.postgres import PostgresStore

_GONE = ("connection_lost", "no_connection", "57P", "08")
"""How the codes begin of errors that pass when the server is back."""


@click.command(
    "seal",
    cls=Command,
    about=Text(
        """Chain the events that wait, and say how long the chain is. With --every it goes on, so often, until it is
        ended by SIGTERM or Ctrl-C; it waits for a server that is away. A round seals before it ranks, so the sealer
        matters between rounds: what waits is durable, but not yet in the chain.

        It needs no right but the sealer's: on a server of your own connect as `expressentry_sealer`.""",
        """Enchaîner les événements qui attendent, et dire la longueur de la chaîne. Avec --every, il continue, aussi
        souvent, jusqu'à SIGTERM ou Ctrl-C; il attend un serveur absent. Une ronde scelle avant de classer : entre
        les rondes, ce qui attend est durable, mais pas encore dans la chaîne.

        Il n'a besoin que des droits du scelleur : sur un serveur à vous, se connecter sous `expressentry_sealer`.""",
    ),
    example="expressentry pool seal",
)
@option(
    "--every",
    type=click.FloatRange(0.1, 3600),
    metavar="SECONDS",
    about=Text("Go on until ended, so often.", "Continuer jusqu'à l'arrêt, aussi souvent."),
)
@database_option
@format_option("text", "json")
@lang_option
def pool_seal(every: float | None, database: str | None, form: str) -> None:
    """Chain what waits."""
    from expressentry.pool.server.roles import ROLES
    from expressentry.pool.store.postgres import PostgresStore

    with (
        until_ended() as wait,
        server_of_run(database) as server,
        PostgresStore(server.url(ROLES["sealer"])) as store,
    ):
        sealed = store.seal()
        if every is not None:
            told = Text("sealing every {n} s · Ctrl-C ends it", "scelle toutes les {n} s · Ctrl-C l'arrête")
            note(told.fill(n=f"{every:g}"))
            sealed += _go_on(server, store, every, wait)
            note(Text("stopped", "arrêté"))
        length, head = store.look(lambda tx: tx.head())
    if form == "json":
        print_json({"sealed": sealed, "events": length, "head": head})
        return
    wording = Text("events in the chain: {n}, sealed now: {s}", "événements enchaînés : {n}, à l'instant : {s}")
    click.echo(say(wording.fill(n=length, s=sealed)))


def _go_on(server: Server, store: PostgresStore, every: float, wait: Callable[[float], bool]) -> int:
    """Seal so often until asked to end; return how many events that were. A server that is away is waited for."""
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
