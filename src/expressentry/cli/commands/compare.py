"""`expressentry compare`: people, or versions of one person, side by side."""

from __future__ import annotations

from datetime import date

import click

from expressentry.assess.person.readings import assess
from expressentry.cli.help import Command
from expressentry.cli.options import day_option, format_option, lang_option, option, with_law
from expressentry.cli.people import named, people_argument, read_all
from expressentry.cli.support import LANG, note_warnings, print_json
from expressentry.errors import Problem, UsageError
from expressentry.law.law import Law
from expressentry.text import Text

_ABOUT = Text(
    """Show people, or versions of one person, side by side on a day: score, sections and lines with what was given,
    programs, categories, open questions; rows that differ are marked.

    Each PROFILE is a file of dated facts or of factors, a folder of such files, or a table of factors.""",
    """Montrer des personnes, ou des versions d'une personne, côte à côte un jour donné : score, sections et lignes
    avec ce qui était donné, programmes, catégories, questions ouvertes; les lignes qui diffèrent sont marquées.

    Chaque PROFILE est un fichier de faits datés ou de facteurs, un dossier de tels fichiers, ou une table de
    facteurs.""",
)


@click.command(
    "compare",
    cls=Command,
    about=_ABOUT,
    example="expressentry compare examples/people/engineer.toml examples/people/nurse.toml --on 2026-10-01",
)
@people_argument
@option("--differing", is_flag=True, about=Text("Only rows that differ.", "Seulement les lignes qui diffèrent."))
@day_option
@with_law
@format_option("text", "json")
@lang_option
def compare(profiles: tuple[str, ...], differing: bool, on: date, law: Law, form: str) -> None:
    """Compare people."""
    rules = law.on(on)
    found = named(profiles, rules.crs.columns)
    if len(found.clients) < 2:
        rule = Text("two profiles or more", "deux profils ou plus")
        raise UsageError(Problem("nothing_to_compare", "PROFILE", rule, Text("name another", "en nommer un autre")))
    from expressentry.answers.clients import compare as compared
    from expressentry.answers.clients import comparison_record

    assessed = read_all(found, lambda client: assess(client.read(law), on, law))
    names, people = [name for name, _ in assessed], [one for _, one in assessed]
    rows = [row for row in compared(people) if row.differs or not differing]
    if form == "json":
        print_json(comparison_record(names, rules, rows, LANG.get()))
        return
    from expressentry.present.text.clients import print_comparison

    print_comparison(names, rules, rows, LANG.get())
    note_warnings(rules)
