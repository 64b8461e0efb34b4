"""`expressentry compare`: people, or versions of one person, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from expressentry.assess.person.readings import Assessment, assess
from expressentry.cli.help import Command
from expressentry.cli.options import day_option, format_option, lang_option, option, with_law
from expressentry.cli.support import LANG, note_warnings, print_json
from expressentry.errors import ExpressEntryError, Problem, UsageError
from expressentry.law.law import Law
from expressentry.profile.clients import Client
from expressentry.text import Text

_ABOUT = Text(
    """Show people, or versions of one person, side by side on a day: score, sections and lines with what was given,
    programs, categories, open questions; rows that differ are marked.

    Each PROFILE is a file of dated facts or of factors.""",
    """Montrer des personnes, ou des versions d'une personne, côte à côte un jour donné : score, sections et lignes
    avec ce qui était donné, programmes, catégories, questions ouvertes; les lignes qui diffèrent sont marquées.

    Chaque PROFILE est un fichier de faits datés ou de facteurs.""",
)


@click.command(
    "compare",
    cls=Command,
    about=_ABOUT,
    example="expressentry compare examples/people/engineer.toml examples/people/nurse.toml --on 2026-10-01",
)
@click.argument("profiles", nargs=-1, metavar="PROFILE...")
@option("--differing", is_flag=True, about=Text("Only rows that differ.", "Seulement les lignes qui diffèrent."))
@day_option
@with_law
@format_option("text", "json")
@lang_option
def compare(profiles: tuple[str, ...], differing: bool, on: date, law: Law, form: str) -> None:
    """Compare people."""
    if len(profiles) < 2:
        rule = Text("two profiles or more", "deux profils ou plus")
        raise UsageError(Problem("nothing_to_compare", "PROFILE", rule, Text("name another", "en nommer un autre")))
    from expressentry.answers.clients import compare as compared
    from expressentry.answers.clients import comparison_record

    rules = law.on(on)
    people, names = _people(profiles, on, law), _names(profiles)
    rows = [row for row in compared(people) if row.differs or not differing]
    if form == "json":
        print_json(comparison_record(names, rules, rows, LANG.get()))
        return
    from expressentry.present.text.clients import print_comparison

    print_comparison(names, rules, rows, LANG.get())
    note_warnings(rules)


def _people(profiles: Sequence[str], on: date, law: Law) -> list[Assessment]:
    """Assess everyone.

    Raises FactorsError or FileError with the problems of all files, each with its name.
    """
    found, errors = [], []
    for path in profiles:
        try:
            found.append(assess(Client(path, Path(path)).read(law), on, law))
        except ExpressEntryError as error:
            errors.append((path, error))
    if errors:
        raise type(errors[0][1])([_placed(path, one) for path, error in errors for one in error.problems])
    return found


def _placed(path: str, problem: Problem) -> Problem:
    """A problem with the file that it is in."""
    if problem.where is not None or problem.field == path:
        return problem
    return Problem(problem.code, problem.field, problem.rule, problem.fix, problem.value, Text(path, path))


def _names(profiles: Sequence[str]) -> list[str]:
    """The stems of the files where they tell them apart, else the paths as given."""
    stems = [Path(path).stem for path in profiles]
    return stems if len(set(stems)) == len(stems) else list(profiles)
