"""What a question is asked with: the law and the record, read once, and the facts of a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expressentry.errors import FactorsError, Problem, UsageError
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.law.rule_set import RuleSet
from expressentry.law.verify.known import look_in
from expressentry.profile.read import is_profile
from expressentry.rounds.load import load_record
from expressentry.rounds.record import Record
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.profile.model import Profile
    from expressentry.rounds.province_draws import Draws

SCHEMA = "$schema"
LAW_FOLDER, HISTORY_FOLDER = "law", "history"
"""What a user adds, in the folder of the user."""
_DAYS_KEPT = 256
"""Rule sets kept: two weeks of days around today and every day of a replay fit several times."""


@dataclass(frozen=True)
class Context:
    """The law and the record that answers rest on; a face makes it once, and nothing in it changes.

    `history` is the folder where updates stored what they brought: the rounds of provinces are read when asked about.

    >>> Context(load_law(), load_record()).rules(date(2026, 10, 1)).id
    'crs-2025-03-25'
    """

    law: Law
    record: Record
    history: Path | None = None

    @cached_property
    def draws(self) -> Draws:
        """The published rounds of the provinces and territories.

        Raises:
            RecordError: The stored file is wrong.
        """
        from expressentry.rounds.province_updates import load_draws  # only who asks for them needs them

        return load_draws(self.history)

    def rules(self, on: date) -> RuleSet:
        """The law of a day, kept for the next question.

        Raises:
            UsageError: The day is before Express Entry began.
        """
        return self._rules(on)

    @cached_property
    def _rules(self) -> Callable[[date], RuleSet]:
        return lru_cache(maxsize=_DAYS_KEPT)(self.law.on)


def read_law(home: Path | None, laws: Sequence[str] = (), numbers: Mapping[str, int] | None = None) -> Law:
    """Read the law of a run; what the user recorded of its comparison with the statutes is cited from then on.

    Takes and raises what `law_of` does.
    """
    look_in(home)
    return law_of(home, laws, numbers)


def law_of(home: Path | None, laws: Sequence[str] = (), numbers: Mapping[str, int] | None = None) -> Law:
    """Read the shipped law, the files in the folder `law` of a user's folder, and what is named.

    Args:
        home: The user's folder; None for the shipped law alone.
        laws: Law files (names that end in .toml), and at most one proposal by its id.
        numbers: The numbers that named law leaves open.

    Raises:
        LawError: A file is wrong.
        UsageError: A name is unknown, or two proposals are named.
    """
    folder = home / LAW_FOLDER if home else None
    files = sorted(folder.glob("*.toml")) if folder and folder.is_dir() else []
    named = [law for law in laws if not law.endswith(".toml")]
    if len(named) > 1:
        rule = Text("one proposal at a time", "un seul projet à la fois")
        raise UsageError(Problem("two_proposals", "law", rule, Text("name one", "en nommer un"), ", ".join(named)))
    paths = [Path(law) for law in laws if law.endswith(".toml")]
    return load_law(*paths, folder=files, name=named[0] if named else None, parameters=numbers or {})


def read_record(home: Path | None, law: Law) -> Record:
    """Read the shipped record and what `rounds update` stored in a user's folder, by the names of rounds in a law.

    Raises:
        RecordError: A stored file is wrong.
    """
    folder = history_of(home)
    return load_record(folder, law.round_names if folder and folder.is_dir() else None)


def read_context(home: Path | None) -> Context:
    """Read law and record from a user's folder, and make them a context."""
    law = read_law(home)
    return Context(law, read_record(home, law), history_of(home))


def history_of(home: Path | None) -> Path | None:
    """Where the updates of a user's folder are stored."""
    return home / HISTORY_FOLDER if home else None


def facts_of(document: object) -> dict[str, Any]:
    """One person's facts as they were sent.

    Raises:
        FactorsError: The document is not an object.
    """
    if not isinstance(document, Mapping):
        rule = Text("expected one object", "un objet attendu")
        fix = Text("send a person's facts", "envoyer les faits d'une personne")
        raise FactorsError(Problem("not_an_object", "", rule, fix))
    return {name: value for name, value in document.items() if name != SCHEMA}


def person_of(document: object, law: Law) -> Profile:
    """A person of dated facts, whose test scores fit the charts of a law.

    Raises:
        FactorsError: The facts are those of one day, which say nothing of another, or are wrong.
    """
    facts = facts_of(document)
    if not is_profile(facts):
        fix = Text("send a profile: it has a table `person`", "envoyer un profil : il a une table `person`")
        raise FactorsError(not_a_profile("person", fix))
    from expressentry.profile.read import read_profile

    return read_profile(facts, law)


def not_a_profile(field: str, fix: Text) -> Problem:
    """The problem of facts of one day where other days are asked about."""
    rule = Text(
        "this needs a profile with dates; a file of factors describes a single day",
        "il faut un profil avec des dates; un fichier de facteurs décrit un seul jour",
    )
    return Problem("not_a_profile", field, rule, fix)
