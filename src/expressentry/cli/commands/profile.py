"""`expressentry profile`: new, check, show, schema. Imports no Polars."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import click

from expressentry.cli.help import Command, Group
from expressentry.cli.options import day_option, format_option, lang_option, today, with_law
from expressentry.cli.people import named, people_argument, placed, print_name, print_records, read_all
from expressentry.cli.support import LANG, print_json, say
from expressentry.errors import FactorsError, FileError, Problem
from expressentry.law.law import Law
from expressentry.profile.clients import Client
from expressentry.profile.read import is_profile, read_document
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.profile.remarks import Remark

profile = Group(
    "profile",
    members={
        "new": (
            "expressentry.cli.commands.interview:profile_new",
            Text("Answer questions, get a file.", "Répondre à des questions, obtenir un fichier."),
        ),
        "check": (
            "expressentry.cli.commands.profile:profile_check",
            Text("List everything that is wrong with a file.", "Lister tout ce qui est faux dans un fichier."),
        ),
        "show": (
            "expressentry.cli.commands.profile:profile_show",
            Text("The factors of a day, and why.", "Les facteurs d'un jour, et pourquoi."),
        ),
        "schema": (
            "expressentry.cli.commands.profile:profile_schema",
            Text("The JSON Schema, for editors.", "Le schéma JSON, pour les éditeurs."),
        ),
    },
    about=Text(
        "A person's documents as one TOML or JSON file of dated facts. You are never asked what can be computed.",
        "Les documents d'une personne en un fichier TOML ou JSON de faits datés. Rien de calculable n'est demandé.",
    ),
    example="expressentry profile check me.toml",
)


@click.command(
    "check",
    cls=Command,
    about=Text(
        """Read profiles and confirm that they are valid, or list everything that is wrong: field, value, rule and
        fix. PROFILE is a file or a folder of files.

        The exit status is 1 if anything is wrong. Days that are possible but look like typing errors are listed below,
        for example a test in the future. A valid profile may still leave questions open: see `show`.""",
        """Lire des profils et confirmer qu'ils sont valides, ou lister tout ce qui est faux : champ, valeur, règle et
        correction. PROFILE est un fichier ou un dossier de fichiers.

        Le code de sortie est 1 si quelque chose est faux. Les jours possibles qui ressemblent à des fautes de frappe
        sont listés dessous, par exemple un test dans le futur. Un profil valide peut laisser des questions ouvertes :
        voir `show`.""",
    ),
    example="expressentry profile check me.toml",
)
@people_argument
@day_option
@with_law
@format_option("text", "json")
@lang_option
def profile_check(profiles: tuple[str, ...], on: date, law: Law, form: str) -> None:
    """Check profiles."""
    law.on(on)  # refuses a day before the law
    found = named(profiles, law.columns)
    checked = [(client, *_problems(client, law, on)) for client in found.clients]
    if form == "json":
        from expressentry.answers.person import remark_records
        from expressentry.answers.problems import field_problem_record

        records = [
            {
                "file": _file(client),
                "ok": not problems,
                "problems": [field_problem_record(problem, LANG.get()) for problem in problems],
                "remarks": remark_records(noticed, LANG.get()),
            }
            for client, problems, noticed in checked
        ]
        print_json(records[0] if found.alone else records)
    for client, problems, noticed in checked if form == "text" else ():
        if not problems:
            click.echo(say(Text("{file}: ok", "{file} : conforme").fill(file=_file(client))))
        for one in noticed:
            click.echo(f"  {say(one.text)}.")
    wrong = [
        problem if found.alone else placed(client, problem) for client, problems, _ in checked for problem in problems
    ]
    if wrong and form == "text":
        raise FactorsError(wrong)
    if wrong:
        raise click.exceptions.Exit(1)


@click.command(
    "show",
    cls=Command,
    about=Text(
        """Show the factors that a profile gives on a day, each with the documents and the rule it comes from.

        Open questions, in the law or because a document is missing, are listed below: the factors that may differ,
        and the fact that would settle each question.""",
        """Montrer les facteurs qu'un profil donne à un jour, chacun avec ses documents et sa règle.

        Les questions ouvertes, dans le droit ou parce qu'un document manque, sont listées dessous : les facteurs qui
        peuvent différer, et le fait qui trancherait chaque question.""",
    ),
    example="expressentry profile show me.toml --on 2026-10-01",
)
@people_argument
@day_option
@with_law
@format_option("text", "json")
@lang_option
def profile_show(profiles: tuple[str, ...], on: date, law: Law, form: str) -> None:
    """Show the factors of profiles on a day."""
    from expressentry.factors.derive import derive
    from expressentry.profile.read import read_profile

    rules = law.on(on)  # refuses a day before the law
    found = named(profiles, law.columns)
    derived = read_all(found, lambda client: derive(read_profile(_profile_document(client), law), on, law))
    if form == "json":
        from expressentry.answers.person import derived_record

        print_records([(name, derived_record(one, LANG.get())) for name, one in derived], alone=found.alone)
        return
    from expressentry.present.text.profile import print_derived

    for name, one in derived:
        print_name(name, alone=found.alone)
        print_derived(one, rules.crs.columns, LANG.get())


@click.command(
    "schema",
    cls=Command,
    about=Text(
        """Write the JSON Schema (2020-12) of a profile file, its titles and descriptions in the language asked.

        An editor that has it completes keys and words, and marks what is wrong while you type.""",
        """Écrire le schéma JSON (2020-12) d'un fichier de profil, titres et descriptions dans la langue demandée.

        Un éditeur qui l'utilise complète clés et mots, et marque ce qui est faux pendant la frappe.""",
    ),
    example="expressentry profile schema",
)
@format_option("json")
@lang_option
def profile_schema(form: str) -> None:
    """Write the JSON Schema of a profile."""
    from expressentry.profile.json_schema import profile_schema as schema

    print_json(schema(LANG.get()))


def _file(client: Client) -> str:
    """What was named: the file, or the row of a table."""
    return str(client.path) if client.row is None else client.name


def _profile_document(client: Client) -> Mapping[str, object]:
    """The document; a file of factors is refused."""
    document = read_document(client.path) if client.facts is None else client.facts
    if not is_profile(document) and "age" in document:
        rule = Text(
            "a file of factors, not a profile with dates", "un fichier de facteurs, pas un profil avec des dates"
        )
        fix = Text("make one with `expressentry profile new`", "en faire un avec `expressentry profile new`")
        raise FileError(Problem("not_a_profile", _file(client), rule, fix))
    return document


def _problems(client: Client, law: Law, on: date) -> tuple[tuple[Problem, ...], tuple[Remark, ...]]:
    """What is wrong with a profile; where nothing is, what looks like a typing error."""
    from expressentry.profile.read import read_profile
    from expressentry.profile.remarks import remarks

    try:
        return (), remarks(read_profile(_profile_document(client), law), on, past=on < today())
    except (FactorsError, FileError) as error:
        return error.problems, ()
