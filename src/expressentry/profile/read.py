"""Reading one person's file, TOML or JSON: a profile of dated facts, or a flat list of factors.

What only reads a file needs no pydantic: the model is imported where a profile is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli

from expressentry.errors import FactorsError, FileError, Problem
from expressentry.text import Text, same

if TYPE_CHECKING:
    from expressentry.law.law import Law
    from expressentry.profile.model import Profile


def is_profile(data: Mapping[str, Any]) -> bool:
    """Whether facts are a profile of dated facts: a profile has a table `person`, a file of factors has none.

    >>> is_profile({"age": 29})
    False
    """
    return isinstance(data.get("person"), Mapping)


def read_document(path: Path) -> dict[str, Any]:
    """Read one person's file, TOML or JSON, and check nothing of what it says.

    Raises:
        FileError: The file cannot be read, or is not what its name says.
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
        raise FileError(Problem("not_an_object", str(path), rule, fix))
    facts.pop("$schema", None)  # says to an editor what the file is, and nothing about the person
    return facts


def read_profile(data: Mapping[str, Any] | Path, law: Law | None = None) -> Profile:
    """Read a profile from a mapping, or from a TOML or JSON file.

    Args:
        data: The facts as a file has them, or the path of a file. Days may be text or `datetime.date`.
        law: The law by whose charts test scores are checked; the shipped one where none is given.

    Returns:
        The profile, immutable, with every field checked.

    Raises:
        FactorsError: With everything that is wrong. Places in a list count from 1: `person.work[1]` is the first job.
        FileError: The file cannot be read.

    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1993-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> read_profile(facts).person.birth_date
    datetime.date(1993, 4, 12)
    """
    from pydantic import ValidationError

    from expressentry.law.load import load_law
    from expressentry.profile.consistency import check_profile, parts_of
    from expressentry.profile.model import Profile
    from expressentry.profile.validation import problems_of, sound_parts

    facts, law = read_document(data) if isinstance(data, Path) else data, law or load_law()
    try:
        profile = Profile.model_validate(facts)
    except ValidationError as error:
        found = problems_of(error, Profile)
        raise FactorsError([*found, *check_profile(sound_parts(facts, Profile), law)]) from None
    problems = check_profile(parts_of(profile), law)
    if problems:
        raise FactorsError(problems)
    return profile


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
