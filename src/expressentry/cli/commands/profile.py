"""`expressentry profile`: new, check, show, schema. Imports no Polars."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from expressentry.cli.base import LANG, print_json, say
from expressentry.cli.help import Command, Group
from expressentry.cli.laws import law_of_run
from expressentry.cli.options import day_option, format_option, lang_option
from expressentry.errors import ABSENT, FactorsError, FileError, Problem
from expressentry.profile.read import is_profile, read_document
from expressentry.text import Text

profile = Group(
    "profile",
    members={
        "new": (
            "expressentry.cli.commands.interview:profile_new",
            Text("Answer questions, get a file.", "Répondre à des questions, obtenir un fichier."),
        ),
        "check": (
            "expressentry.cli.commands.profile:profile_check",
            Text("Say all that is wrong with a file.", "Dire tout ce qui est faux dans un fichier."),
        ),
        "show": (
            "expressentry.cli.commands.profile:profile_show",
            Text("What a file says on a day, and why.", "Ce qu'un fichier dit un jour, et pourquoi."),
        ),
        "schema": (
            "expressentry.cli.commands.profile:profile_schema",
            Text("The JSON Schema, for editors.", "Le schéma JSON, pour les éditeurs."),
        ),
    },
    about=Text(
        "A person's papers as one TOML or JSON file of dated facts: nothing that can be computed is asked.",
        "Les papiers d'une personne en un fichier TOML ou JSON de faits datés : rien de calculable n'est demandé.",
    ),
    example="expressentry profile check examples/people/engineer.toml",
)


@click.command(
    "check",
    cls=Command,
    about=Text(
        """Read a profile and say that it is in order, or all that is wrong with it: field, value, rule and fix.

        Exit status 1 where anything is wrong. A profile in order may still leave questions open: see `show`.""",
        """Lire un profil et dire qu'il est en ordre, ou tout ce qui est faux : champ, valeur, règle et remède.

        Code de sortie 1 si quelque chose est faux. Un profil en ordre peut laisser des questions ouvertes :
        voir `show`.""",
    ),
    example="expressentry profile check examples/people/engineer.toml",
)
@click.argument("file")
@format_option("text", "json")
@lang_option
def profile_check(file: str, form: str) -> None:
    """Check a profile."""
    problems = _problems(Path(file))
    if form == "json":
        record = [_problem_record(problem) for problem in problems]
        print_json({"file": file, "ok": not problems, "problems": record})
        if problems:
            raise click.exceptions.Exit(1)
        return
    if problems:
        raise FactorsError(problems)
    click.echo(say(Text("{file}: ok", "{file} : conforme").fill(file=file)))


@click.command(
    "show",
    cls=Command,
    about=Text(
        """Show the factors that a profile's papers give on a day: each with the papers and the rule it comes from.

        What is open, in the law or for want of a paper, is listed below with its readings: the factors that
        differ, and the fact that would settle it.""",
        """Montrer les facteurs que les papiers d'un profil donnent un jour, chacun avec ses papiers et sa règle.

        Ce qui est ouvert, dans le droit ou faute d'un papier, est listé dessous avec ses lectures : les facteurs
        qui diffèrent, et le fait qui trancherait.""",
    ),
    example="expressentry profile show examples/people/engineer.toml --on 2026-10-01",
)
@click.argument("file")
@day_option
@format_option("text", "json")
@lang_option
def profile_show(file: str, on: date, form: str) -> None:
    """Show what a profile says on a day."""
    from expressentry.factors.derive import derive
    from expressentry.profile.read import read_profile

    rules = law_of_run().on(on)  # refuses a day before the law
    derived = derive(read_profile(_profile_document(Path(file))), on)
    if form == "json":
        from expressentry.present.records.profile import derived_record

        print_json(derived_record(derived, LANG.get()))
        return
    from expressentry.present.text.profile import print_derived

    print_derived(derived, rules.crs.columns, LANG.get())


@click.command(
    "schema",
    cls=Command,
    about=Text(
        """Write the JSON Schema (2020-12) of a profile file, its titles and descriptions in the language asked.

        An editor that knows it completes keys and words, and marks what is wrong while you type.""",
        """Écrire le schéma JSON (2020-12) d'un fichier de profil, titres et descriptions dans la langue demandée.

        Un éditeur qui le connaît complète clés et mots, et marque ce qui est faux pendant la frappe.""",
    ),
    example="expressentry profile schema",
)
@format_option("json")
@lang_option
def profile_schema(form: str) -> None:
    """Write the JSON Schema of a profile."""
    from expressentry.profile.json_schema import profile_schema as schema

    print_json(schema(LANG.get()))


def _profile_document(path: Path) -> dict[str, object]:
    """The document, refused where it is no profile but a file of factors."""
    document = read_document(path)
    if not is_profile(document) and "age" in document:
        rule = Text("a file of factors, not a profile of dated facts", "un fichier de facteurs, non de faits datés")
        fix = Text("begin one with `expressentry profile new`", "en commencer un par `expressentry profile new`")
        raise FileError(Problem("not_a_profile", str(path), rule, fix))
    return document


def _problems(path: Path) -> tuple[Problem, ...]:
    from expressentry.profile.read import read_profile

    document = _profile_document(path)
    try:
        read_profile(document)
    except FactorsError as error:
        return error.problems
    return ()


def _problem_record(problem: Problem) -> dict[str, object]:
    value = {} if problem.value is ABSENT else {"value": _plain(problem.value)}
    return {
        "code": problem.code,
        "field": problem.field,
        **value,
        "rule": say(problem.rule),
        "fix": say(problem.fix),
    }


def _plain(value: object) -> object:
    """A value as JSON can hold it; what JSON has no form for, as text."""
    from math import isfinite

    if value is None or isinstance(value, bool | int | str) or (isinstance(value, float) and isfinite(value)):
        return value
    return str(value)
