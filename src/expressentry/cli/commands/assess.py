"""`expressentry assess`: one person. Imports no Polars, and pydantic only for dated facts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from expressentry.assess.person.readings import Assessment, assess_person, assess_profile
from expressentry.cli.base import LANG, note, print_json
from expressentry.cli.help import Command
from expressentry.cli.laws import law_of_run, note_warnings
from expressentry.cli.options import day_option, format_option, lang_option, law_options, option
from expressentry.cli.records import note_record_age, record_of_run
from expressentry.errors import Problem, UsageError
from expressentry.law.law import Law
from expressentry.law.rule_set import RuleSet
from expressentry.profile.read import is_profile, read_document
from expressentry.text import Text

_ABOUT = Text(
    """Assess one person on a day: programs, categories, and the score with every line's source and what the next
    step of each factor would pay.

    PROFILE is a TOML or JSON file: dated facts of a person, as `expressentry profile new` writes them, or the
    columns listed in docs/reference/factors.md as they stand that day. What rests on a fact that is not given
    cannot be told, and the answer says which.

    With --batch a list of clients is assessed into a table, a row each: a folder of such files, or a CSV or NDJSON
    table of factors. Whoever cannot be assessed is listed and the others go on; then the exit status is 1.""",
    """Évaluer une personne à un jour donné : programmes, catégories, et le score avec la source de chaque ligne
    et ce que rapporterait le prochain pas de chaque facteur.

    PROFILE est un fichier TOML ou JSON : les faits datés d'une personne, comme les écrit `expressentry profile
    new`, ou les colonnes de docs/reference/factors.md telles qu'elles sont ce jour-là. Ce qui repose sur un fait
    non fourni est indéterminé, et la réponse dit lequel.

    Avec --batch, une liste de clients est évaluée dans une table, une ligne chacun : un dossier de tels fichiers,
    ou une table CSV ou NDJSON de facteurs. Qui ne peut être évalué est nommé et les autres continuent; le code de
    sortie est alors 1.""",
)


@click.command(
    "assess", cls=Command, about=_ABOUT, example="expressentry assess examples/engineer.toml --on 2026-10-01"
)
@click.argument("profile", required=False)
@option(
    "--batch",
    metavar="CLIENTS",
    about=Text("A list of clients: folder, CSV or NDJSON.", "Une liste de clients : dossier, CSV ou NDJSON."),
)
@option(
    "--out",
    metavar="TABLE",
    about=Text("With --batch: .csv, .ndjson or .xlsx.", "Avec --batch : .csv, .ndjson ou .xlsx."),
)
@option(
    "--brief",
    is_flag=True,
    about=Text("Only score, programs and categories.", "Seulement le score, les programmes et les catégories."),
)
@day_option
@law_options
@format_option("text", "json")
@lang_option
def assess(
    profile: str | None,
    batch: str | None,
    out: str | None,
    brief: bool,
    on: date,
    laws: tuple[str, ...],
    numbers: tuple[str, ...],
    form: str,
) -> None:
    """Assess one person, or a list of clients."""
    one_or_many(profile, batch)
    if batch is not None:
        from expressentry.cli.commands.batch import assess_batch

        assess_batch(batch, out, on, law_of_run(laws, numbers), form)
        return
    if out is not None:
        rule = Text("only with --batch", "seulement avec --batch")
        raise UsageError(Problem("out_without_batch", "out", rule, Text("leave it out", "le retirer"), out))
    record = record_of_run(on)
    found = _assessed(Path(profile or ""), on, law_of_run(laws, numbers))
    if form == "json":
        from expressentry.present.records.person import assessment_record

        print_json(assessment_record(found, record, LANG.get()))
        return
    from expressentry.present.text.person import print_person

    print_person(found, record, LANG.get(), brief=brief)
    note_warnings(found.rules)
    _note_age(found.rules)
    if found.categories:
        note_record_age(record, on)


def one_or_many(profile: str | None, batch: str | None) -> None:
    """Refuse a command line that names both one person and a list, or neither."""
    if (profile is None) is (batch is None):
        rule = Text("either one PROFILE or --batch", "soit un PROFILE, soit --batch")
        fix = Text("name one of them", "nommer l'un d'eux")
        raise UsageError(Problem("one_or_many", "PROFILE", rule, fix))


def _assessed(path: Path, on: date, law: Law) -> Assessment:
    """Assess a file: dated facts, or factors as they stand that day."""
    facts = read_document(path)
    if not is_profile(facts):
        return assess_person(facts, on, law)
    from expressentry.profile.read import read_profile

    return assess_profile(read_profile(facts), on, law)


def _note_age(rules: RuleSet) -> None:
    """Say up to which day the law was compared with what the department shows, where that is before the day asked."""
    if rules.checked < rules.day and rules.established:
        wording = Text(
            "The grid was last checked on {day}.", "La grille a été vérifiée le {day} pour la dernière fois."
        )
        note(wording.fill(day=rules.checked))
