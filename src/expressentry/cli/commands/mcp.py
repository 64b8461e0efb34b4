"""`expressentry mcp`: the assistant's server on standard input and output."""

from __future__ import annotations

import click

from expressentry.cli.help import Command
from expressentry.cli.options import format_option, lang_option, law_options, option, today
from expressentry.cli.support import home, parse_numbers, print_json, say
from expressentry.errors import needs
from expressentry.text import Text


@click.command(
    "mcp",
    cls=Command,
    about=Text(
        """Answer an assistant over the Model Context Protocol on standard input and output: the same functions as
        the API, every answer with its citations.

        The assistant starts it by `expressentry mcp`. With --check it lists its tools and stops.""",
        """Répondre à un assistant par le Model Context Protocol sur l'entrée et la sortie standard : les mêmes
        fonctions que l'API, chaque réponse avec ses citations.

        L'assistant le lance par `expressentry mcp`. Avec --check, la commande énumère ses outils et s'arrête.""",
    ),
    example="expressentry mcp --check",
)
@option("--check", is_flag=True, about=Text("List the tools and stop.", "Énumérer les outils et s'arrêter."))
@law_options
@format_option("text", "json")
@lang_option
def mcp(check: bool, laws: tuple[str, ...], numbers: tuple[str, ...], form: str) -> None:
    """Answer an assistant."""
    needs("web", "fastapi", "mcp")
    from expressentry.answers.current import Current, Sources
    from expressentry.web.mcp import TOOLS, create_server

    current = Current(Sources(home(), laws, parse_numbers(numbers)))
    if not check:
        create_server(current.newest, today).run("stdio")
    elif form == "json":
        print_json({"tools": {name: say(about) for name, about in TOOLS.items()}})
    else:
        for name, about in TOOLS.items():
            click.echo(say(Text("{n}: {a}", "{n} : {a}").fill(n=name, a=about)))
