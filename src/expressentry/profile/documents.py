"""One person's file, TOML or JSON: a profile of dated facts, or a flat list of factors. No pydantic here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli

from expressentry.errors import ABSENT, FileError, Problem
from expressentry.text import Text, same


def is_profile(data: Mapping[str, Any]) -> bool:
    """Whether facts are a profile of dated facts: it has a table `person`, a file of factors has none.

    >>> is_profile({"age": 29})
    False
    """
    return isinstance(data.get("person"), Mapping)


def read_document(path: Path) -> dict[str, Any]:
    """Read one person's file, TOML or JSON.

    Raises FileError for a file that cannot be read or is not what its name says.
    """
    import json

    fix = Text("give a TOML or JSON file", "donner un fichier TOML ou JSON")
    try:
        text = path.read_text(encoding="utf-8")
        facts = json.loads(text) if path.suffix.lower() == ".json" else tomli.loads(text)
    except (OSError, ValueError) as error:
        raise FileError(Problem("unreadable", str(path), same(_reason(error)), fix)) from None
    if not isinstance(facts, dict):
        rule = Text("expected one object", "un objet attendu")
        raise FileError(Problem("not_an_object", str(path), rule, fix, ABSENT))
    facts.pop("$schema", None)  # says to an editor what the file is, and nothing about the person
    return facts


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
