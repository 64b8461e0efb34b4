"""`expressentry assess`: one person. Imports no Polars, and pydantic only for dated facts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from expressentry.answers.person import assess as assess_one
from expressentry.cli.help import Command
from expressentry.cli.options import (
    day_option,
    format_option,
    lang_option,
    law_options,
    limits_options,
    option,
    raw_cells_option,
)
from expressentry.cli.people import alone_in, only_several, people_argument, with_batch
from expressentry.cli.support import LANG, context_of_run, law_of_run, note, note_record_age, note_warnings, print_json
from expressentry.law.rule_set import RuleSet
from expressentry.profile.read import read_document
from expressentry.text import Text

_ABOUT = Text(
    """Assess one person on a day: programs, categories, and the score with the source of every line and the points that
    the next step of each factor would add.

    PROFILE is a TOML or JSON file. It has a person's dated facts, as `expressentry profile new` writes them, or the
    columns listed in docs/reference/factors.md as they are on that day. Where a fact is missing, the answer says which
    one we need.

    Several files, a folder of them, or a CSV or NDJSON table of factors are several people: each is a row of a table,
    on the screen or in --out. Those who cannot be assessed are listed, the others continue, and the exit status is
    1.""",
    """Évaluer une personne à un jour donné : programmes, catégories, et la note avec la source de chaque ligne et les
    points qu'ajouterait le prochain palier de chaque facteur.

    PROFILE est un fichier TOML ou JSON. Il contient les faits datés d'une personne, comme les écrit `expressentry
    profile new`, ou les colonnes de docs/reference/factors.md telles qu'elles sont ce jour-là. S'il manque un fait, la
    réponse dit lequel.

    Plusieurs fichiers, un dossier de fichiers, ou une table CSV ou NDJSON de facteurs sont plusieurs personnes :
    chacune est une ligne d'une table, à l'écran ou dans --out. Celles qui ne peuvent pas être évaluées sont nommées,
    les autres continuent, et le code de sortie est 1.""",
)


@click.command("assess", cls=Command, about=_ABOUT, example="expressentry assess me.toml --on 2026-10-01")
@people_argument
@option(
    "--batch",
    metavar="CLIENTS",
    about=Text(
        "More people: the same as naming them after the command.",
        "D'autres personnes : comme les nommer après la commande.",
    ),
)
@option(
    "--out",
    metavar="TABLE",
    about=Text("Write the table to a file: .csv, .ndjson or .xlsx.", "Écrire la table : .csv, .ndjson ou .xlsx."),
)
@option(
    "--brief",
    is_flag=True,
    about=Text("Only score, programs and categories.", "Seulement la note, les programmes et les catégories."),
)
@limits_options
@day_option
@law_options
@format_option("text", "json")
@raw_cells_option
@lang_option
def assess(
    profiles: tuple[str, ...],
    batch: str | None,
    out: str | None,
    brief: bool,
    jobs: int | None,
    most_seconds: float | None,
    on: date,
    laws: tuple[str, ...],
    numbers: tuple[str, ...],
    form: str,
) -> None:
    """Assess one person, or several."""
    sources = with_batch(profiles, batch)
    if out is not None or batch is not None or not alone_in(sources):
        from expressentry.cli.commands.batch import assess_batch
        from expressentry.cli.many import Limits, Run

        assess_batch(sources, out, Run.of(on, laws, numbers), Limits(jobs, most_seconds), form)
        return
    only_several(True, jobs=jobs, most_seconds=most_seconds)
    context = context_of_run(law_of_run(laws, numbers), on)
    found = assess_one(context, read_document(Path(sources[0])), on)
    if form == "json":
        from expressentry.answers.person import assessment_record

        print_json(assessment_record(found, context.record, LANG.get()))
        return
    from expressentry.present.text.person import print_person

    print_person(found, context.record, LANG.get(), brief=brief)
    note_warnings(found.rules)
    _note_age(found.rules)
    if found.categories:
        note_record_age(context.record, on)


def _note_age(rules: RuleSet) -> None:
    """Say on which day the law was last compared with what the department shows, where that is before the day asked."""
    if rules.checked < rules.day and rules.established:
        wording = Text(
            "The grid was last checked on {day}.", "La grille a été vérifiée le {day} pour la dernière fois."
        )
        note(wording.fill(day=rules.checked))
