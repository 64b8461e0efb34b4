"""`expressentry serve`: the site and the API on one port, until it is stopped."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING

import click

from expressentry.cli.help import Command
from expressentry.cli.options import format_option, lang_option, law_options, option, today
from expressentry.cli.support import LANG, home, note, parse_numbers, print_json, say
from expressentry.errors import FileError, Problem, UsageError, needs
from expressentry.text import Text, same

if TYPE_CHECKING:
    from fastapi import FastAPI

    from expressentry.answers.context import Context

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?")
_KEEP_ALIVE_SECONDS = 15
_FILES = 64
"""Files that the server itself has open, its workers' lines among them."""


@click.command(
    "serve",
    cls=Command,
    about=Text(
        """Serve the site, in English and French, and the API under /api/v1. There is no database, no account and no
        cookie; what a visitor enters is not kept.

        The site answers on this computer only, unless you give --host. With --check the command reads the law and the
        record of rounds, shows what it would serve, and stops.""",
        """Servir le site, en français et en anglais, et l'API sous /api/v1. Il n'y a ni base de données, ni compte, ni
        témoin; ce qu'un visiteur saisit n'est pas gardé.

        Le site ne répond qu'à cet ordinateur, sauf si vous donnez --host. Avec --check, la commande lit le droit et
        l'historique des rondes, montre ce qu'elle servirait, et s'arrête.""",
    ),
    example="expressentry serve --check",
)
@option("--host", default="127.0.0.1", metavar="HOST", about=Text("Where to listen.", "Où écouter."))
@option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    about=Text("The port; 0: a free one.", "Le port; 0 : un libre."),
)
@option(
    "--address",
    metavar="URL",
    about=Text("The public address of the site, for links in feeds.", "L'adresse publique du site, pour les fils."),
)
@option(
    "--rate",
    type=click.IntRange(0),
    default=600,
    metavar="N",
    about=Text(
        "Requests per minute and client (600); 0: no limit.",
        "Demandes par minute et par client (600); 0 : sans limite.",
    ),
)
@option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    metavar="N",
    about=Text(
        "Processes that compute what visitors send (2).", "Processus qui calculent ce qu'envoient les visiteurs (2)."
    ),
)
@option(
    "--behind-proxy",
    is_flag=True,
    about=Text(
        "Take the client's address from a proxy on this computer.", "Prendre l'adresse du client d'un proxy local."
    ),
)
@option(
    "--log",
    is_flag=True,
    about=Text("Log method, path, status and time.", "Journaliser méthode, chemin, statut et durée."),
)
@option(
    "--check",
    is_flag=True,
    about=Text("Show what would be served, and stop.", "Montrer ce qui serait servi, et s'arrêter."),
)
@law_options
@format_option("text", "json")
@lang_option
def serve(
    host: str,
    port: int,
    address: str | None,
    rate: int,
    workers: int,
    behind_proxy: bool,
    log: bool,
    check: bool,
    laws: tuple[str, ...],
    numbers: tuple[str, ...],
    form: str,
) -> None:
    """Serve the site and the API."""
    needs("web", "fastapi", "jinja2", "uvicorn")
    from expressentry.answers.current import Current, Sources
    from expressentry.web import Limits, Settings, create_app

    if address is not None and not _ADDRESS.fullmatch(address.rstrip("/")):
        rule = Text("an address of http or https, without a path", "une adresse http ou https, sans chemin")
        fix = Text("for example https://ee.example.org", "par exemple https://ee.example.org")
        raise UsageError(Problem("not_an_address", "address", rule, fix, address))
    public = address.rstrip("/") if address else None
    # Law that a visitor would be refused under is told before anybody visits.
    current = Current(Sources(home(), laws, parse_numbers(numbers)))
    limits = Limits(requests=rate, workers=workers)
    app = create_app(Settings(today, home(), address=public, limits=limits, log=log, draw_ahead=True), current=current)
    if check:
        _tell(current.context, f"http://{_host(host)}:{port}", form)
        return
    _run(app, host, port, behind_proxy=behind_proxy, log=log)


def _host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _tell(context: Context, address: str, form: str) -> None:
    """Show what would be served."""
    rules, record = context.rules(today()), context.record
    if form == "json":
        print_json(
            {
                "address": address,
                "pages": [f"{address}/en", f"{address}/fr"],
                "api": f"{address}/api/v1/openapi.json",
                "rule_set": rules.id,
                "record": record.as_of.isoformat(),
            }
        )
        return
    wording = Text(
        "{a}/en and {a}/fr · API {a}/api/v1/openapi.json\n{g} · rounds up to {d}",
        "{a}/fr et {a}/en · API {a}/api/v1/openapi.json\n{g} · rondes jusqu'au {d}",
    )
    click.echo(say(wording.fill(a=address, g=rules.label, d=record.as_of)))


def _run(app: FastAPI, host: str, port: int, *, behind_proxy: bool, log: bool) -> None:
    """Serve until stopped."""
    import logging

    import uvicorn

    from expressentry.web.app import settle
    from expressentry.web.server import MOST_HEADER_BYTES, protocol

    settle()
    if log:
        logging.basicConfig(format="%(asctime)s %(message)s")
        logging.getLogger("expressentry.web").setLevel(logging.INFO)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        use_colors=False,
        server_header=False,
        proxy_headers=behind_proxy,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_KEEP_ALIVE_SECONDS,
        http=protocol(behind_proxy=behind_proxy, most=_most_connections()),
        h11_max_incomplete_event_size=MOST_HEADER_BYTES,
        ws="none",
    )
    bound = _bound(host, port)
    url = f"http://{_host(host)}:{bound.getsockname()[1]}/{LANG.get()}"
    note(Text("{u} · Ctrl-C to stop", "{u} · Ctrl-C pour arrêter").fill(u=url))
    try:
        uvicorn.Server(config).run(sockets=[bound])
    except KeyboardInterrupt:
        note(Text("stopped", "arrêté"))
    finally:
        bound.close()


def _most_connections() -> int:
    """As many connections as this process may have files open, without those that it needs itself."""
    from expressentry.web.server import MOST_CONNECTIONS

    try:
        import resource
    except ImportError:  # not on this system
        return MOST_CONNECTIONS
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(MOST_CONNECTIONS, max(soft - _FILES, 1)) if soft > 0 else MOST_CONNECTIONS


def _bound(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises FileError where the host is not this machine's or the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, because asyncio sends without delay only on sockets that say so.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(128)
    except OSError as error:
        found.close()
        fix = Text("give another --port or --host", "donner un autre --port ou --host")
        raise FileError(Problem("not_bound", f"{host}:{port}", same(error.strerror or error), fix)) from None
    return found
