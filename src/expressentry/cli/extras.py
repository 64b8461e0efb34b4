"""Before work begins that needs an extra: is it installed."""

from __future__ import annotations

from importlib.util import find_spec

from expressentry.errors import Problem, UsageError
from expressentry.text import Text, same


def needs(extra: str, *modules: str) -> None:
    """Refuse what needs modules of an extra that is not installed."""
    if any(find_spec(name) is None for name in modules):
        rule = Text("needs the extra `{e}`", "demande l'extra `{e}`").fill(e=extra)
        raise UsageError(Problem("extra_missing", "out", rule, same(f"pip install 'expressentry[{extra}]'")))
