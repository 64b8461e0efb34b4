"""From `--law`, `--set` and the user's folder to the law of a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from expressentry.cli.base import home, note
from expressentry.cli.options import parse_numbers
from expressentry.errors import Problem, UsageError
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.law.rule_set import RuleSet
from expressentry.text import Text


def law_of_run(laws: Sequence[str] = (), numbers: Sequence[str] = ()) -> Law:
    """Load the shipped law, the files in the user's folder `law/`, and what the command line names."""
    folder = home() / "law"
    files = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    named = [law for law in laws if not law.endswith(".toml")]
    if len(named) > 1:
        rule = Text("one proposal at a time", "un seul projet à la fois")
        raise UsageError(Problem("two_proposals", "law", rule, Text("name one", "en nommer un"), ", ".join(named)))
    paths = [Path(law) for law in laws if law.endswith(".toml")]
    return load_law(*paths, folder=files, name=named[0] if named else None, parameters=parse_numbers(numbers))


def note_warnings(rules: RuleSet) -> None:
    """Write what must be said of a rule set beside every number."""
    for warning in rules.warnings:
        note(Text("Warning: {m}", "Avertissement : {m}").fill(m=warning.message))
