"""The command line."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

import click

from expressentry.cli.base import LANG, language, say
from expressentry.cli.help import Group, Option
from expressentry.cli.misuse import unknown_command, usage_problem
from expressentry.errors import ExpressEntryError
from expressentry.text import Text

DISCLAIMER = Text(
    "Not a Government of Canada product, and no legal advice.",
    "Pas un produit du gouvernement du Canada, ni un avis juridique.",
)
COMMANDS = {
    "profile": (
        "expressentry.cli.commands.profile:profile",
        Text(
            "A person's papers as a file: asked for, checked, shown with what they say on a day.",
            "Les papiers d'une personne en fichier : demandés, vérifiés, montrés avec ce qu'ils disent un jour.",
        ),
    ),
    "assess": (
        "expressentry.cli.commands.assess:assess",
        Text("One person's score, every point cited.", "Le score d'une personne, chaque point cité."),
    ),
    "compare": (
        "expressentry.cli.commands.compare:compare",
        Text("People, or versions of one, side by side.", "Des personnes, ou des versions d'une, côte à côte."),
    ),
    "report": (
        "expressentry.cli.commands.report:report",
        Text("The answer as a PDF to hand over.", "La réponse en PDF à remettre."),
    ),
    "changes": (
        "expressentry.cli.commands.changes:changes",
        Text("Who gains and who loses when the law moves.", "Qui gagne et qui perd quand le droit change."),
    ),
    "watch": (
        "expressentry.cli.commands.watch:watch",
        Text("What is new for people since last time.", "Ce qui est nouveau pour des gens depuis la dernière fois."),
    ),
    "plan": (
        "expressentry.cli.commands.plan:plan",
        Text(
            "What to do: the moves that raise the score most.", "Que faire : les gestes qui élèvent le plus le score."
        ),
    ),
    "score": (
        "expressentry.cli.commands.score:score",
        Text("The scores of a table, of any size.", "Les scores d'une table, de toute taille."),
    ),
    "convert": (
        "expressentry.cli.commands.convert:convert_scores",
        Text("A test report to levels (CLB, NCLC).", "Une attestation de test en niveaux (NCLC, CLB)."),
    ),
    "categories": (
        "expressentry.cli.commands.categories:categories",
        Text("Categories of rounds: list, show.", "Catégories de rondes : liste, détail."),
    ),
    "occupations": (
        "expressentry.cli.commands.occupations:occupations",
        Text("Find and show occupations (NOC 2021, NOC 2016).", "Trouver et montrer des professions (CNP 2021, 2016)."),
    ),
    "rounds": (
        "expressentry.cli.commands.rounds.group:rounds",
        Text("Every round since 2015, and the pool.", "Chaque ronde depuis 2015, et le bassin."),
    ),
    "timeline": (
        "expressentry.cli.commands.timeline:timeline",
        Text("Every day on which something changes.", "Chaque jour où quelque chose change."),
    ),
    "invited": (
        "expressentry.cli.commands.invited:invited",
        Text("After an invitation: may I still go on?", "Après une invitation : puis-je continuer?"),
    ),
    "pool": (
        "expressentry.cli.commands.pool.group:pool",
        Text(
            "A live pool: submit, rank, invite, expire, audit.",
            "Un bassin réel : soumettre, classer, inviter, expirer, auditer.",
        ),
    ),
    "law": (
        "expressentry.cli.commands.law:law",
        Text(
            "The law as data: list, show, diff, check.", "Le droit en données : liste, détail, différences, contrôle."
        ),
    ),
    "serve": (
        "expressentry.cli.commands.serve:serve",
        Text("The site and the API, on this machine.", "Le site et l'API, sur cet ordinateur."),
    ),
    "mcp": (
        "expressentry.cli.commands.mcp:mcp",
        Text("The same answers for an assistant (MCP).", "Les mêmes réponses pour un assistant (MCP)."),
    ),
}


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from importlib.metadata import version

    click.echo(f"expressentry {version('expressentry')}\n{say(DISCLAIMER)}")
    ctx.exit()


class _Main(Group):
    """The whole command line; an unknown command is answered with the nearest known one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a command line."""
        if args[0] not in self.members:
            raise unknown_command(args[0], list(self.members))
        return super().resolve_command(ctx, args)


main = _Main(
    "expressentry",
    members=COMMANDS,
    about=Text(
        "Canada's Express Entry as software anyone can run, read and check.",
        "Entrée express du Canada en logiciel que chacun peut exécuter, lire et vérifier.",
    ),
    example="expressentry assess examples/engineer.toml --on 2026-10-01",
    params=[
        Option(
            ["--version"],
            about=Text("Show the version.", "Afficher la version."),
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_version,
        ),
    ],
    no_args_is_help=False,
    invoke_without_command=True,
    callback=lambda: _help_when_alone(),
)


def _help_when_alone() -> None:
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def run(args: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status: 0 done, 1 bad data, 2 misuse."""
    given = list(sys.argv[1:] if args is None else args)
    token = LANG.set(language(given, os.environ))
    try:
        status = main.main(given, prog_name="expressentry", standalone_mode=False)  # that of an Exit, else None
    except ExpressEntryError as error:
        click.echo(error.say(LANG.get()), err=True)
        return error.exit_code
    except click.ClickException as error:
        problem = usage_problem(error)
        click.echo(problem.say(LANG.get()), err=True)
        return problem.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo(say(Text("stopped; nothing was written", "arrêté; rien n'a été écrit")), err=True)
        return 130
    except BrokenPipeError:
        # Whoever read our output has had enough; the null device takes what is still buffered.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    finally:
        LANG.reset(token)
    return status or 0


def entry() -> None:
    """Run the command line of this process; asked to end, it cleans up as it does for Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Whether some package adds to pydantic is looked up in every package installed; a command needs none of it.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    sys.exit(run())
