"""`expressentry assess`: one person. Imports no Polars."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from expressentry.assess.person import assess_person
from expressentry.candidate.documents import read_document
from expressentry.cli.base import LANG, note, print_json
from expressentry.cli.help import Command
from expressentry.cli.laws import law_of_run, note_warnings
from expressentry.cli.options import day_option, format_option, lang_option, law_options
from expressentry.law.rule_set import RuleSet
from expressentry.present.record import assessment_record
from expressentry.words import Text

_ABOUT = Text(
    """Score one person: total, sections, every line with its source, and what the next step of each factor
    would pay.

    PROFILE is a TOML or JSON file of the columns listed in docs/reference/factors.md. A language test that was
    not taken is left out.""",
    """Calculer le score d'une personne : total, sections, chaque ligne avec sa source, et ce que rapporterait
    le prochain pas de chaque facteur.

    PROFILE est un fichier TOML ou JSON des colonnes de docs/reference/factors.md. Un test de langue non passé
    est omis.""",
)


@click.command(
    "assess", cls=Command, about=_ABOUT, example="expressentry assess examples/engineer.toml --on 2026-10-01"
)
@click.argument("profile")
@day_option
@law_options
@format_option("text", "json")
@lang_option
def assess(profile: str, on: date, laws: tuple[str, ...], numbers: tuple[str, ...], form: str) -> None:
    """Score one person."""
    found = assess_person(read_document(Path(profile)), on, law_of_run(laws, numbers))
    if form == "json":
        print_json(assessment_record(found, LANG.get()))
        return
    from expressentry.present.text import print_assessment

    print_assessment(found, LANG.get())
    note_warnings(found.rules)
    _note_age(found.rules)


def _note_age(rules: RuleSet) -> None:
    """Say up to which day the law was compared with what the department shows, where that is before the day asked."""
    if rules.checked < rules.day and rules.established:
        wording = Text(
            "The grid was last checked on {day}.", "La grille a été vérifiée le {day} pour la dernière fois."
        )
        note(wording.fill(day=rules.checked))
