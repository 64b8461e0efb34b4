"""A person's file as commands over many days need it: dated facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from expressentry.candidate.documents import is_profile, read_document
from expressentry.errors import Problem, UsageError
from expressentry.words import Text

if TYPE_CHECKING:
    from expressentry.candidate.profile import Profile


def profile_of(path: str) -> Profile:
    """Read a profile.

    Raises UsageError for a file of factors as they stand one day, which says nothing of other days.
    """
    facts = read_document(Path(path))
    if not is_profile(facts):
        rule = Text("dated facts, for other days", "des faits datés, pour d'autres jours")
        cure = Text("write a profile: expressentry profile new", "écrire un profil : expressentry profile new")
        raise UsageError(Problem("not_a_profile", path, rule, cure))
    from expressentry.candidate.profile import read_profile

    return read_profile(facts)
