"""What click refuses, as our own errors in both languages."""

from __future__ import annotations

from collections.abc import Sequence

import click

from expressentry.errors import Problem, UsageError
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Text, same


def usage_problem(error: click.ClickException) -> UsageError:
    """What click refused, as one of our own errors, in both languages."""
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
