"""`expressentry convert`: the levels that the printed scores of a test come to."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import click

from expressentry.cli.base import LANG, print_json
from expressentry.cli.help import Command
from expressentry.cli.laws import law_of_run
from expressentry.cli.options import Day, format_option, lang_option, option
from expressentry.law.languages import ABILITIES
from expressentry.present.records.listed import converted_record
from expressentry.text import Text


@click.command(
    "convert",
    cls=Command,
    about=Text(
        """Convert the printed scores of a language test to Canadian Language Benchmarks.

        TEST is celpip, ielts, pte, tef or tcf. The day on which it was taken chooses the chart. For TEF Canada the
        scores are those of the column "Équivalence ancien score".""",
        """Convertir les scores imprimés d'un test de langue en niveaux de compétence linguistique canadiens.

        TEST est celpip, ielts, pte, tef ou tcf. Le jour où il a été passé choisit le tableau. Pour le TEF Canada,
        les scores sont ceux de la colonne « Équivalence ancien score ».""",
    ),
    example="expressentry convert ielts --date 2026-01-15 7.5 7 6.5 6",
)
@click.argument("test", metavar="TEST")
@click.argument("listening", metavar="LISTENING")
@click.argument("reading", metavar="READING")
@click.argument("writing", metavar="WRITING")
@click.argument("speaking", metavar="SPEAKING")
@option(
    "--date",
    "taken_on",
    type=Day(),
    required=True,
    about=Text("The day on which the test was taken.", "Le jour où le test a été passé."),
)
@format_option("text", "json")
@lang_option
def convert_scores(test: str, taken_on: date, form: str, **scores: str) -> None:
    """Convert the scores of one test report."""
    printed = {ability: _number(scores[ability]) for ability in ABILITIES}
    found = law_of_run().languages.convert(test, taken_on, printed)
    if form == "json":
        print_json(converted_record(found, LANG.get()))
        return
    from expressentry.present.text.listed import print_converted

    print_converted(found, {ability: scores[ability] for ability in ABILITIES}, LANG.get())


def _number(text: str) -> Decimal | str:
    """The number typed, with a point or a comma; what is none is left for the check of all four to refuse."""
    return Decimal(text.replace(",", ".")) if re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?", text) else text
