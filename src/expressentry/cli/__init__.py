"""The command line."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

import click

from expressentry.cli.help import Group, Option
from expressentry.cli.support import LANG, language, say
from expressentry.errors import ExpressEntryError, Problem, UsageError
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Text, same

DISCLAIMER = Text(
    "Not a Government of Canada product, and no legal advice.",
    "Pas un produit du gouvernement du Canada, ni un avis juridique.",
)
COMMANDS = {
    "profile": (
        "expressentry.cli.commands.profile:profile",
        Text(
            "A person's documents as a file: ask, check, show, schema.",
            "Les documents d'une personne en fichier : demander, vérifier, montrer, schéma.",
        ),
    ),
    "assess": (
        "expressentry.cli.commands.assess:assess",
        Text(
            "One person's score, with the source of every point.",
            "La note d'une personne, avec la source de chaque point.",
        ),
    ),
    "compare": (
        "expressentry.cli.commands.compare:compare",
        Text(
            "People, or versions of one person, side by side.",
            "Des personnes, ou des versions d'une personne, côte à côte.",
        ),
    ),
    "report": (
        "expressentry.cli.commands.report:report",
        Text("The answer as a PDF for the client.", "La réponse en PDF pour le client."),
    ),
    "changes": (
        "expressentry.cli.commands.changes:changes",
        Text("Gains and losses of clients when the law changes.", "Gains et pertes des clients quand le droit change."),
    ),
    "watch": (
        "expressentry.cli.commands.watch:watch",
        Text(
            "What is new for people since last time.", "Ce qui est nouveau pour des personnes depuis la dernière fois."
        ),
    ),
    "plan": (
        "expressentry.cli.commands.plan:plan",
        Text(
            "What you could do: the steps that add most points.",
            "Ce que vous pourriez faire : les démarches qui ajoutent le plus de points.",
        ),
    ),
    "score": (
        "expressentry.cli.commands.score:score",
        Text("The scores of a table of any size.", "Les scores d'une table de toute taille."),
    ),
    "convert": (
        "expressentry.cli.commands.convert:convert_scores",
        Text("The levels (CLB, NCLC) of a language test.", "Les niveaux (NCLC, CLB) d'un test de langue."),
    ),
    "categories": (
        "expressentry.cli.commands.categories:categories",
        Text("Categories of rounds: list, show.", "Catégories de rondes : liste, détail."),
    ),
    "occupations": (
        "expressentry.cli.commands.occupations:occupations",
        Text(
            "Find and show occupations (NOC 2021, NOC 2016).",
            "Trouver et montrer des professions (CNP 2021, CNP 2016).",
        ),
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
        Text(
            "Check whether an invitation is still valid when you apply.",
            "Vérifier si une invitation est encore valide au moment de la demande.",
        ),
    ),
    "pool": (
        "expressentry.cli.commands.pool.group:pool",
        Text(
            "A local pool: submit, rank, invite, expire, audit.",
            "Un bassin local : soumettre, classer, inviter, expirer, auditer.",
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
        Text("The site and the API, on this computer.", "Le site et l'API, sur cet ordinateur."),
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


def usage_problem(error: click.ClickException) -> UsageError:
    """What click refused, as an error of this package, in both languages."""
    help_page = Text("see --help", "voir --help")
    if isinstance(error, click.NoSuchOption):
        near = ", ".join(error.possibilities or ())
        fix = did_you_mean(near) if near else help_page
        return UsageError(Problem("unknown_option", error.option_name, Text("unknown option", "option inconnue"), fix))
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param is not None else "?"
        return UsageError(Problem("missing_argument", name, Text("required", "obligatoire"), help_page))
    if isinstance(error, click.BadOptionUsage):
        rule = Text("needs a value", "demande une valeur")
        return UsageError(Problem("missing_value", error.option_name, rule, help_page))
    rule = Text("not understood: {m}", "pas compris : {m}").fill(m=error.format_message())
    return UsageError(Problem("misuse", "expressentry", rule, help_page))


def unknown_command(name: str, known: Sequence[str]) -> UsageError:
    """The error for a command that does not exist, with the nearest that does."""
    near = suggestion(name, known)
    fix = did_you_mean(near) if near else same(", ".join(known))
    return UsageError(Problem("unknown_command", name, Text("unknown command", "commande inconnue"), fix))


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
    except SystemExit:
        # So click ends where the reader of our output has closed it, as `head` does: that is no error.
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
