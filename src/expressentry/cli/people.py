"""One person's file of dated facts, where a command asks for past or future days."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from expressentry.errors import Problem, UsageError
from expressentry.profile.read import is_profile, read_document
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.profile.model import Profile


def read_person(path: str) -> Profile:
    """Read a profile.

    Raises UsageError for a file of factors, which say nothing of another day, FactorsError for facts that are wrong.
    """
    facts = read_document(Path(path))
    if not is_profile(facts):
        rule = Text("dated facts, for other days than one", "des faits datés, pour d'autres jours qu'un seul")
        fix = Text("write a profile: expressentry profile new", "écrire un profil : expressentry profile new")
        raise UsageError(Problem("not_a_profile", path, rule, fix))
    from expressentry.profile.read import read_profile

    return read_profile(facts)
