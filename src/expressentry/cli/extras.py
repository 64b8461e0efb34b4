"""Parts of the package that need libraries of an extra."""

from __future__ import annotations

from importlib.util import find_spec

from expressentry.errors import Problem, UsageError
from expressentry.words import Text, same


def need_extra(extra: str, *modules: str) -> None:
    """Refuse to go on where a library of an extra is not installed.

    Raises UsageError that names the extra.
    """
    if any(find_spec(name) is None for name in modules):
        rule = Text("needs the extra `{e}`", "demande l'extra `{e}`").fill(e=extra)
        raise UsageError(Problem("extra_missing", extra, rule, same(f"pip install 'expressentry[{extra}]'")))
