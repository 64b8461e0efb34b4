"""Reading one person's file, TOML or JSON: a profile of dated facts, or a flat list of factors.

What only reads a file needs no pydantic: the model is imported where a profile is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expressentry.documents import parse_document, read_text
from expressentry.errors import FactorsError, Problem, UsageError
from expressentry.text import Text

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
    facts = parse_document(read_text(path), str(path), as_json=path.suffix.lower() == ".json")
    facts.pop("$schema", None)  # says to an editor what the file is, and nothing about the person
    return facts


def read_profile(data: Mapping[str, Any] | str | PathLike[str], law: Law | None = None) -> Profile:
    """Read a profile from a TOML or JSON file, or from a mapping.

    Args:
        data: The path of a file, or the facts as a file has them. Days may be text or `datetime.date`.
        law: The law by whose charts test scores are checked; the shipped one where none is given.

    Returns:
        The profile, immutable, with every field checked.

    Raises:
        FactorsError: With everything that is wrong. Places in a list count from 1: `person.work[1]` is the first job.
        FileError: The file cannot be read.
        UsageError: What is given is neither.

    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1993-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> read_profile(facts).person.birth_date
    datetime.date(1993, 4, 12)
    """
    from pydantic import ValidationError

    from expressentry.law.load import load_law
    from expressentry.profile.consistency import check_profile, parts_of
    from expressentry.profile.model import Profile
    from expressentry.profile.provinces import check_provinces, tables_in
    from expressentry.profile.validation import problems_of, sound_parts

    facts, law = _facts(data), law or load_law()
    stated = check_provinces(tables_in(facts.get("provinces")), law)
    try:
        profile = Profile.model_validate(facts)
    except ValidationError as error:
        found = problems_of(error, Profile)
        raise FactorsError([*found, *check_profile(sound_parts(facts, Profile), law), *stated]) from None
    problems = [*check_profile(parts_of(profile), law), *stated]
    if problems:
        raise FactorsError(problems)
    return profile


def _facts(data: object) -> Mapping[str, Any]:
    """The facts of a mapping, or of the file at a path."""
    if isinstance(data, Mapping):
        return data
    if isinstance(data, str | PathLike):
        return read_document(Path(data))
    rule = Text("the path of a profile, or its facts as a mapping", "le chemin d'un profil, ou ses faits")
    fix = Text('for example read_profile("me.toml")', 'par exemple read_profile("moi.toml")')
    raise UsageError(Problem.outside("data", rule, data, fix, code="wrong_type"))


def as_profile(value: Profile) -> Profile:
    """A profile as it was given, where it is one.

    Raises:
        UsageError: It is something else: a path or facts that nobody has read yet.
    """
    if not hasattr(value, "once"):
        rule = Text("a profile that was read", "un profil déjà lu")
        fix = Text('read it first: read_profile("me.toml")', 'le lire d\'abord : read_profile("moi.toml")')
        shown = value if isinstance(value, str | PathLike) else type(value).__name__
        raise UsageError(Problem.outside("profile", rule, shown, fix, code="wrong_type"))
    return value
