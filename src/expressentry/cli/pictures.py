"""Before a picture is drawn: can it be."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from expressentry.errors import Problem, UsageError
from expressentry.words import Text


def drawable(path: str) -> None:
    """Refuse a picture where what draws it is not installed, or the ending names no picture."""
    if any(find_spec(name) is None for name in ("altair", "vl_convert")):
        rule = Text("needs the extra `charts`", "demande l'extra `charts`")
        cure = Text("pip install 'expressentry[charts]'", "pip install 'expressentry[charts]'")
        raise UsageError(Problem("extra_missing", "out", rule, cure))
    from expressentry.present.charts import check_ending

    check_ending(Path(path))
