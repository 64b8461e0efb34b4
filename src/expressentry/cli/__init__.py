"""The command line."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
from collections.abc import Sequence
from threading import Event
from typing import TYPE_CHECKING, Any, NoReturn

import click

from expressentry.cli.help import Group, Option
from expressentry.cli.support import EXTRA_OF, LANG, LAWS, RAW_CELLS, STOPPED, language, say
from expressentry.errors import ABSENT, ExpressEntryError, Problem, UsageError, needs_extra
from expressentry.suggest import did_you_mean
from expressentry.terminal import guarded
from expressentry.text import HALF, Text, same, visible

if TYPE_CHECKING:
    from types import FrameType

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
        Text("The scores of a table of any size.", "Les notes d'une table de toute taille."),
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
    "provinces": (
        "expressentry.cli.commands.provinces:provinces",
        Text("Nominee streams of the provinces.", "Les volets des candidats des provinces."),
    ),
    "timeline": (
        "expressentry.cli.commands.timeline:timeline",
        Text("Every day on which something changes.", "Chaque jour où quelque chose change."),
    ),
    "forecast": (
        "expressentry.cli.commands.forecast.group:forecast",
        Text("The next cut-offs, and your chance of an invitation.", "Les prochaines notes minimales, et vos chances."),
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
    "simulate": (
        "expressentry.cli.commands.simulate.group:simulate",
        Text(
            "Invented candidates, and policies tried on them.",
            "Des candidats inventés, et des politiques essayées sur eux.",
        ),
    ),
    "law": (
        "expressentry.cli.commands.law:law",
        Text(
            "The law as data: list, show, diff, check.", "Le droit en données : liste, détail, différences, contrôle."
        ),
    ),
    "examples": (
        "expressentry.cli.commands.examples:examples",
        Text("The example files that help pages name.", "Les fichiers d'exemple que nomme l'aide."),
    ),
    "data": (
        "expressentry.cli.commands.data:data",
        Text("All of it as files for other programs.", "Le tout en fichiers pour d'autres programmes."),
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
    from expressentry.version import VERSION

    click.echo(f"expressentry {VERSION}\n{say(DISCLAIMER)}")
    ctx.exit()


main = Group(
    "expressentry",
    members=COMMANDS,
    about=Text(
        "Canada's Express Entry as software anyone can run, read and check.",
        "Entrée express du Canada en logiciel que chacun peut exécuter, lire et vérifier.",
    ),
    example="expressentry assess me.toml --on 2026-10-01",
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
    context = getattr(error, "ctx", None)
    example = getattr(context.command, "example", None) if context is not None else None
    shown = same(example.splitlines()[-1]) if example else _HELP_PAGE
    fix = Text("for example: {e}", "par exemple : {e}").fill(e=shown) if example else _HELP_PAGE
    if isinstance(error, click.NoSuchOption):
        near = ", ".join(error.possibilities or ())
        rule = Text("unknown option", "option inconnue")
        return UsageError(
            Problem("unknown_option", error.option_name, rule, did_you_mean(near) if near else _HELP_PAGE)
        )
    if isinstance(error, click.MissingParameter):
        return UsageError(Problem("missing_argument", _name(error.param), Text("required", "obligatoire"), fix))
    if isinstance(error, click.BadOptionUsage):
        return UsageError(Problem("missing_value", error.option_name, Text("needs a value", "demande une valeur"), fix))
    message = error.format_message()
    if isinstance(error, click.BadParameter) and error.param is not None:
        return UsageError(_bad_value(error.param, message))
    if message.startswith("Got unexpected extra argument"):
        rule = Text("more than the command takes", "plus que la commande n'en prend")
        return UsageError(Problem("extra_argument", message.partition("(")[2].rstrip(")."), rule, fix))
    rule = Text("not understood: {m}", "pas compris : {m}").fill(m=message.rstrip("."))
    return UsageError(Problem("misuse", "expressentry", rule, _HELP_PAGE))


def _name(param: click.Parameter | None) -> str:
    """A parameter as it is typed: an option with its hyphens, an argument as help writes it."""
    if param is None:
        return "?"
    return param.opts[0] if isinstance(param, click.Option) else param.human_readable_name


def _bad_value(param: click.Parameter, message: str) -> Problem:
    """A value that click could not read: a number or one of a few words."""
    told = message.partition(": ")[2]
    given = re.search(r"'([^']*)' is not", told)
    outside = re.match(r"(\S+) is not in the range", told)
    value = given[1] if given else float(outside[1]) if outside else ABSENT
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(param.type, click.Choice):
        rule = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(map(str, param.type.choices)))
        return Problem.outside(_name(param), rule, value, code="unknown_word")
    if isinstance(param.type, (click.types.IntParamType, click.types.FloatParamType)):
        return Problem.outside(_name(param), _number(param.type), value, code="wrong_type")
    return Problem("misuse", _name(param), Text("not understood", "pas compris"), _HELP_PAGE, value)


def _number(kind: click.ParamType[Any]) -> Text:
    """What a number must be, with the range that it has."""
    whole = isinstance(kind, click.types.IntParamType)
    name = Text("a whole number", "un nombre entier") if whole else Text("a number", "un nombre")
    if not isinstance(kind, (click.IntRange, click.FloatRange)) or kind.min is None:
        return name
    if kind.max is None:
        return Text("{n}, {a} or more", "{n}, {a} ou plus").fill(n=name, a=kind.min)
    return Text("{n} from {a} to {b}", "{n} de {a} à {b}").fill(n=name, a=kind.min, b=kind.max)


_NOTHING_WRITTEN = Text("stopped; nothing was written", "arrêté; rien n'a été écrit")
_PIPE_BROKE = Text(
    "a process that this command needs has ended; try again", "un processus nécessaire a pris fin; réessayer"
)
_HELP_PAGE = Text("see --help", "voir --help")
_NOT_UTF8 = Text("has a byte that is not UTF-8", "contient un octet qui n'est pas de l'UTF-8")
_WRITE_UTF8 = Text("write it in UTF-8", "l'écrire en UTF-8")


def run(args: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status: 0 done, 1 bad data, 2 misuse."""
    with guarded():
        return _run(list(sys.argv[1:] if args is None else args))


def _run(given: list[str]) -> int:
    token, laws, raw = LANG.set(language(given, os.environ)), LAWS.set({}), RAW_CELLS.set(False)
    stopped = STOPPED.set(None)
    _ASKED_TO_END.clear()
    try:
        status = main.main(given, prog_name="expressentry", standalone_mode=False)  # that of an Exit, else None
    except BaseException as error:
        # A library in which the signal came may have made an error of its own of it: Polars panics.
        if _ASKED_TO_END.is_set() or isinstance(error, KeyboardInterrupt | click.Abort):
            click.echo(say(STOPPED.get() or _NOTHING_WRITTEN), err=True)
            return 130
        return _told(error, given)
    finally:
        LANG.reset(token)
        LAWS.reset(laws)
        RAW_CELLS.reset(raw)
        STOPPED.reset(stopped)
    return status or 0


def _told(error: BaseException, given: list[str]) -> int:
    """Say what is wrong, and return the exit status; a fault of ours is raised again."""
    if isinstance(error, SystemExit):
        # So click ends with 1 after a broken pipe, and with 0 where it has completed a line for a shell.
        return _after_a_broken_pipe() if error.code else 0
    if isinstance(error, ExpressEntryError):
        problem = error
    elif isinstance(error, click.ClickException):
        problem = usage_problem(error)
    elif isinstance(error, ModuleNotFoundError):
        problem = _missing_extra(given, error)
    elif isinstance(error, UnicodeEncodeError) and (odd := next(filter(HALF.search, given), None)) is not None:
        # Names of files may be any bytes, and words may not; the pool, for one, takes text alone.
        problem = UsageError(Problem("not_utf8", visible(odd), _NOT_UTF8, _WRITE_UTF8))
    else:
        raise error
    click.echo(problem.say(LANG.get()), err=True)
    return problem.exit_code


def _after_a_broken_pipe() -> int:
    """The exit status where click ended us for a broken pipe.

    It means the reader who closed our output, as `head` does, and that is no error; but it takes any broken pipe for
    that, also one to a process of ours.
    """
    if _closed_by_its_reader():
        return 0
    click.echo(say(_PIPE_BROKE), err=True)
    return 1


def _closed_by_its_reader() -> bool:
    """Whether whoever read our output has closed it; taken for granted where the system cannot tell."""
    if not hasattr(select, "poll"):
        return True
    outputs = select.poll()
    outputs.register(1, 0)
    outputs.register(2, 0)
    return any(event & select.POLLERR for _, event in outputs.poll(0))


def _missing_extra(given: Sequence[str], error: ModuleNotFoundError) -> UsageError:
    """The error for a module of an extra that is not installed; any other error of import is a fault, and raised."""
    extra = EXTRA_OF.get((error.name or "").partition(".")[0])
    if extra is None:
        raise error
    return needs_extra(extra, given[0])


_ASKED_TO_END = Event()
"""Ctrl-C was pressed in this run, or the process was asked to end."""


def entry() -> None:
    """Run the command line of this process; asked to end, it cleans up as it does for Ctrl-C."""
    signal.signal(signal.SIGTERM, _end)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not where a shell has us ignore it
        signal.signal(signal.SIGINT, _end)
    # Whether some package adds to pydantic is looked up in every package installed; a command needs none of it.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    sys.exit(run())


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    _ASKED_TO_END.set()
    raise KeyboardInterrupt
