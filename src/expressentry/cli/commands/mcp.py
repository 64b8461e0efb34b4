"""`expressentry mcp`: the assistant's server on standard input and output."""

from __future__ import annotations

import click

from expressentry.cli.base import LANG, home, print_json, say
from expressentry.cli.extras import needs
from expressentry.cli.help import Command
from expressentry.cli.options import format_option, lang_option, option, today
from expressentry.text import Text


@click.command(
    "mcp",
    cls=Command,
    about=Text(
        """Answer an assistant over the Model Context Protocol on standard input and output: the same functions as
        the API, every answer with its citations.

        With --check it lists its tools and stops. The assistant starts it by `expressentry mcp`.""",
        """Répondre à un assistant par le Model Context Protocol sur l'entrée et la sortie standard : les mêmes
        fonctions que l'API, chaque réponse avec ses citations.

        Avec --check il énumère ses outils et s'arrête. L'assistant le lance par `expressentry mcp`.""",
    ),
    example="expressentry mcp --check",
)
@option("--check", is_flag=True, about=Text("List the tools, and stop.", "Énumérer les outils, et finir."))
@format_option("text", "json")
@lang_option
def mcp(check: bool, form: str) -> None:
    """Answer an assistant."""
    needs("web", "fastapi", "mcp")
    from expressentry.web.mcp import TOOLS, create_server
    from expressentry.web.settings import Settings
    from expressentry.web.state import State

    if not check:
        create_server(State(Settings(today, home()))).run("stdio")
    elif form == "json":
        print_json({"tools": {name: tool.about.say(LANG.get()) for name, tool in TOOLS.items()}})
    else:
        for name, tool in TOOLS.items():
            click.echo(f"{name}: {say(tool.about)}" if LANG.get() == "en" else f"{name} : {say(tool.about)}")
