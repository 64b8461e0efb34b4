"""Help pages in both languages, with an example that runs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from inspect import cleandoc
from typing import Any

import click
from click.shell_completion import CompletionItem

from expressentry.cli.support import say
from expressentry.errors import Problem, UsageError
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Text, same

WRITE_ME = "expressentry profile new --example > me.toml"
"""What the examples of commands that take a person begin with."""
WRITE_EXAMPLES = "expressentry examples --out examples"
"""What the examples that name a file of ours begin with."""


class Option(click.Option):
    """An option whose help is in both languages."""

    def __init__(self, *args: Any, about: Text, **attrs: Any) -> None:
        super().__init__(*args, **attrs)
        self.about = about

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option's two columns of the help page."""
        told, default = say(self.about), self.default
        # A bool is a flag, and a callable the day it is. Some texts name their number themselves.
        known = not self.is_flag and isinstance(default, (str, int, float)) and str(default) not in told.split("(")[-1]
        standard = f" [{say(Text('default: ', 'par défaut : '))}{default}]" if known else ""
        metavar = "" if self.is_flag else f" {self.make_metavar(ctx)}"
        return ", ".join(self.opts) + metavar, told + standard

    def make_metavar(self, ctx: click.Context) -> str:
        """The value as help names it: a number is N, in both languages."""
        number = isinstance(self.type, (click.types.IntParamType, click.types.FloatParamType))
        return "N" if number and self.metavar is None else super().make_metavar(ctx)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What the shell may put in for the value: names of files where one is asked for."""
        found = super().shell_complete(ctx, incomplete)
        files = any(word in (self.metavar or "") for word in _FILES)
        return complete_files(ctx, self, incomplete) if files and not found else found


_FILES = ("FILE", "FOLDER", "TABLE", "CLIENTS", "STATE")


def complete_files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Have the shell put in names of files."""
    return [CompletionItem(incomplete, type="file")]


class Command(click.Command):
    """A command with its text and example; its help page is in both languages."""

    def __init__(self, *args: Any, about: Text, example: str, **attrs: Any) -> None:
        super().__init__(*args, **attrs)
        self.about, self.example = about, example

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = self.collect_usage_pieces(ctx)
        formatter.write_usage(ctx.command_path, " ".join(pieces), say(Text("Usage: ", "Utilisation : ")))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command is for, and the example."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(cleandoc(say(self.about)))
        with formatter.section(say(Text("Example", "Exemple "))):
            # An example that names a person or a file works anywhere: its first line writes it.
            first = [WRITE_ME] if re.search(r"\bme\.toml\b", self.example) else []
            first += [WRITE_EXAMPLES] if "examples/" in self.example else []
            for line in (*first, *self.example.splitlines()):
                formatter.write(f"  {line}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        records = [param.get_help_record(ctx) for param in self.get_params(ctx)]
        with formatter.section(say(Text("Options", "Options "))):
            formatter.write_dl([record for record in records if record is not None])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The help option itself, in both languages."""

        def show(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
            if wanted and not ctx.resilient_parsing:
                click.echo(ctx.get_help())
                ctx.exit()

        about = Text("Show this page.", "Afficher cette page.")
        return Option(["--help"], about=about, is_flag=True, expose_value=False, is_eager=True, callback=show)


def _check_lang(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    """Refuse a language that the answers do not have; the language itself is read before the command line is."""
    if value not in (None, "en", "fr"):
        rule = Text("one of: en, fr", "l'un de : en, fr")
        raise UsageError(Problem.outside("lang", rule, value, code="unknown_word"))


def unknown_command(name: str, known: Sequence[str]) -> UsageError:
    """The error for a command that does not exist, with the nearest that does."""
    near = suggestion(name, known)
    fix = did_you_mean(near) if near else same(", ".join(known))
    return UsageError(Problem("unknown_command", name, Text("unknown command", "commande inconnue"), fix))


class Group(Command, click.Group):
    """Commands loaded when they are called: name → module, attribute and one line of help."""

    def __init__(
        self, *args: Any, about: Text, example: str, members: Mapping[str, tuple[str, Text]], **attrs: Any
    ) -> None:
        super().__init__(*args, about=about, example=example, **attrs)
        self.members = members
        said = Text("Language of the answer: en or fr.", "Langue de la réponse : en ou fr.")
        self.params.append(Option(["--lang"], about=said, metavar="en|fr", expose_value=False, callback=_check_lang))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a command line; an unknown one is answered with the nearest known one."""
        if args[0] not in self.members:
            raise unknown_command(args[0], list(self.members))
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order of their table."""
        return list(self.members)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in self.members:
            return None
        module, name = self.members[cmd_name][0].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading them."""
        with formatter.section(say(Text("Commands", "Commandes "))):
            formatter.write_dl([(name, say(line)) for name, (_, line) in self.members.items()])
