"""The people whom a command line names: files, folders of files and tables, in any mix, and alike in every command.

One file is one person, answered alone. Anything else is several people, each answered under a name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from expressentry.cli.help import complete_files
from expressentry.cli.support import WRITE_A_PROFILE, note, print_json, print_rows
from expressentry.errors import ExpressEntryError, Problem, UsageError
from expressentry.files import is_folder
from expressentry.law.law import Law
from expressentry.law.schema import Columns
from expressentry.profile.clients import TABLE_ENDINGS, Client, list_clients
from expressentry.text import Text, same, visible

if TYPE_CHECKING:
    from expressentry.profile.model import Profile

Answer = TypeVar("Answer")

people_argument = click.argument("profiles", nargs=-1, shell_complete=complete_files, metavar="PROFILE...")
"""Files, folders and tables; none is refused by `named`, which knows the older `--batch` too."""
_NOBODY = Problem(
    "missing_argument",
    "PROFILE",
    Text("required", "obligatoire"),
    Text("name a file, a folder or a table", "nommer un fichier, un dossier ou une table"),
)


@dataclass(frozen=True, slots=True)
class Named:
    """The people named; `alone` where it was one file, whose answer needs no name."""

    clients: tuple[Client, ...]
    alone: bool


def named(sources: Sequence[str], columns: Columns | None = None) -> Named:
    """The people of files, folders and tables.

    Raises:
        UsageError: Nobody was named.
        FileError: A folder or a table cannot be read, or has nobody.
    """
    if not sources:
        raise UsageError(_NOBODY)
    found = tuple(list_clients(*map(Path, sources), columns=columns))
    _note_left_out(list(map(Path, sources)))
    return Named(found, alone_in(sources))


def _note_left_out(sources: Sequence[Path]) -> None:
    """Say which tables lie in a folder that was named: only its profiles are read."""
    listed = {path for source in sources if is_folder(source) for path in source.iterdir()} - set(sources)
    tables = sorted(str(path) for path in listed if path.suffix.lower() in TABLE_ENDINGS and path.is_file())
    if tables:
        note(_LEFT_OUT.fill(f=", ".join(tables)))


_LEFT_OUT = Text(
    "Not read: {f}. A table is read where it is named itself.",
    "Non lu : {f}. Une table se lit si on la nomme elle-même.",
)


def with_batch(sources: Sequence[str], batch: str | None) -> tuple[str, ...]:
    """The sources, and that of the older option `--batch`.

    Raises:
        UsageError: Nobody was named.
    """
    found = (*sources, *([] if batch is None else [batch]))
    if not found:
        raise UsageError(_NOBODY)
    return found


def alone_in(sources: Sequence[str]) -> bool:
    """Whether the sources are one file of one person."""
    paths = [Path(source) for source in sources]
    return len(paths) == 1 and not is_folder(paths[0]) and paths[0].suffix.lower() not in TABLE_ENDINGS


def read_all(found: Named, read: Callable[[Client], Answer]) -> list[tuple[str, Answer]]:
    """What is read of each person, by name.

    Raises the first kind of error met, with the problems of everyone, each with whose it is.
    """
    answers: list[tuple[str, Answer]] = []
    errors: list[ExpressEntryError] = []
    for client in found.clients:
        try:
            answers.append((client.name, read(client)))
        except ExpressEntryError as error:
            problems = error.problems if found.alone else [placed(client, one) for one in error.problems]
            errors.append(type(error)(problems))
    if errors:
        raise type(errors[0])([problem for error in errors for problem in error.problems])
    return answers


def placed(client: Client, problem: Problem) -> Problem:
    """A problem with whose it is, where it does not say so already."""
    whose = str(client.path) if client.row is None else client.name
    said = problem.where.en if problem.where is not None else ""
    if whose in said or problem.field == whose:
        return problem
    where = same(whose) if problem.where is None else Text("{w}, {p}", "{w}, {p}").fill(w=whose, p=problem.where)
    return replace(problem, where=where)


def profiles_of(sources: Sequence[str], law: Law) -> tuple[list[tuple[str, Profile]], bool]:
    """The profiles of everyone named, by name, and whether it is one alone.

    Raises:
        UsageError: Nobody was named, or someone is given by factors, which say nothing of another day.
        FactorsError: The facts are wrong, with the problems of everyone.
    """
    found = named(sources, law.columns)
    return read_all(found, lambda client: profile_of(client, law)), found.alone


def apart(work: Callable[[], Answer]) -> Answer | tuple[Problem, ...]:
    """What is worked out of one client of many, or everything that is wrong.

    What nobody foresaw is that client's too, and the others go on: only its kind is shown, because its words may
    repeat what the client's file says.
    """
    try:
        return work()
    except ExpressEntryError as error:
        return error.problems
    except Exception as error:
        rule = Text("could not be worked out ({e})", "n'a pu être calculé ({e})").fill(e=type(error).__name__)
        fix = Text("check the file, and report the error", "vérifier le fichier, et signaler l'erreur")
        return (Problem("unforeseen", "client", rule, fix),)


def profile_of(client: Client, law: Law) -> Profile:
    """The profile of one of them.

    Raises:
        UsageError: The person is given by factors.
        FactorsError: The facts are wrong.
    """
    from expressentry.answers.context import not_a_profile

    person = client.read(law)
    if isinstance(person, Mapping):
        raise UsageError(not_a_profile(str(client.path) if client.row is None else client.name, WRITE_A_PROFILE))
    return person


def print_records(records: Sequence[tuple[str, Mapping[str, Any]]], *, alone: bool) -> None:
    """Write the record of one person, or those of several in a list, each with its `client`."""
    print_json(records[0][1] if alone else [{"client": name, **record} for name, record in records])


def print_named_rows(
    rows: Sequence[tuple[str, Sequence[Mapping[str, Any]]]], form: str, columns: Sequence[str], *, alone: bool
) -> None:
    """Write the rows of one person, or those of several, each with its `client`; `columns` head a table of nobody."""
    one = [row if alone else {"client": name, **row} for name, found in rows for row in found]
    print_rows(one, form, columns if alone else ("client", *columns))


def print_name(name: str, *, alone: bool) -> None:
    """Write whose answer comes next, where there are several."""
    if not alone:
        from expressentry.present.text.console import heading

        heading(visible(name))


def only_alone(alone: bool, **options: object) -> None:
    """Refuse options that belong to one person where several are named.

    Raises:
        UsageError: With each such option.
    """
    rule = Text("for one person, not for several", "pour une personne, pas pour plusieurs")
    given = [name for name, value in options.items() if value not in (None, (), False)]
    if given and not alone:
        fix = Text("leave it out, or name one file", "le retirer, ou nommer un seul fichier")
        raise UsageError([Problem("not_of_a_list", name, rule, fix) for name in given])


def only_several(alone: bool, **options: object) -> None:
    """Refuse options that belong to several people where one is named.

    Raises:
        UsageError: With each such option.
    """
    rule = Text("for several people, not for one", "pour plusieurs personnes, pas pour une")
    given = [name for name, value in options.items() if value is not None]
    if given and alone:
        fix = Text("leave it out", "le retirer")
        raise UsageError([Problem("only_of_a_list", name, rule, fix) for name in given])
