"""`expressentry convert`: the levels that the printed scores of a test come to."""

from __future__ import annotations

from datetime import date

import click

from expressentry.answers.lookups import convert, levels_record
from expressentry.cli.help import Command
from expressentry.cli.options import DAY, format_option, lang_option, option, with_law
from expressentry.cli.support import LANG, print_json
from expressentry.law.law import Law
from expressentry.text import Text


@click.command(
    "convert",
    cls=Command,
    about=Text(
        """Convert the printed scores of a language test to Canadian Language Benchmarks.

        TEST is celpip, ielts, pte, tef or tcf. The chart is the one for the day on which the test was taken. For TEF
        Canada, give the scores of the column "Équivalence ancien score".""",
        """Convertir les scores imprimés d'un test de langue en niveaux de compétence linguistique canadiens.

        TEST est celpip, ielts, pte, tef ou tcf. Le tableau est celui du jour où le test a été passé. Pour le TEF
        Canada, donnez les scores de la colonne « Équivalence ancien score ».""",
    ),
    example="expressentry convert ielts --date 2026-01-15 7.5 7 6.5 6",
)
@click.argument("test", metavar="TEST")
@click.argument("listening", metavar="LISTENING")
@click.argument("reading", metavar="READING")
@click.argument("writing", metavar="WRITING")
@click.argument("speaking", metavar="SPEAKING")
@option(
    "--taken-on",
    "--date",
    "taken_on",
    type=DAY,
    required=True,
    about=Text("The day on which the test was taken.", "Le jour où le test a été passé."),
)
@with_law
@format_option("text", "json")
@lang_option
def convert_scores(test: str, taken_on: date, law: Law, form: str, **scores: str) -> None:
    """Convert the scores of one test report."""
    found = convert(law, test, taken_on, scores)
    if form == "json":
        print_json(levels_record(found, LANG.get()))
        return
    from expressentry.present.text.listed import print_converted

    print_converted(found, scores, LANG.get())
