"""`expressentry simulate population`: invented candidates for the pool of a day, with weights and a report."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from expressentry.cli.help import Command
from expressentry.cli.options import day_option, format_option, lang_option, option, with_law
from expressentry.cli.support import (
    LANG,
    context_of_run,
    note,
    note_record_age,
    note_warnings,
    print_json,
    progress,
    say,
)
from expressentry.errors import needs
from expressentry.law.law import Law
from expressentry.text import Text

_ABOUT = Text(
    """Draw invented people for the pool of a day, and give each a weight so that together they add up to what was
    published: the score bands, programs, margins of yearly reports, and the rounds of the two weeks after.

    The table has the factors, and the dates that change them: birth, tests, work, permit, nomination, submission.
    Scores and programs are those of the law of the day. The report shows how far each figure is missed, what was held
    out, and which shares the figures leave open. Same seed, size, day, law and version: same file, to the byte.

    --margins adds figures of your own, in the form of the shipped file; `use = "must"` makes one that cannot be
    reached an error.""",
    """Tirer des personnes inventées pour le bassin d'un jour, et donner à chacune un poids pour qu'elles fassent
    ensemble ce qui a été publié : tranches de notes, programmes, marges des rapports annuels, et les rondes des deux
    semaines suivantes.

    La table a les facteurs, et les dates qui les changent : naissance, tests, travail, permis, désignation,
    soumission. Notes et programmes sont ceux du droit du jour. Le rapport montre de combien chaque chiffre est manqué,
    ce qui a été tenu à part, et les parts que les chiffres ne tranchent pas. Même graine, même taille, même jour, même
    droit et même version : même fichier, à l'octet près.

    --margins ajoute vos chiffres, dans la forme du fichier fourni; `use = "must"` fait une erreur d'un chiffre qui ne
    peut être atteint.""",
)


@click.command(
    "population",
    cls=Command,
    about=_ABOUT,
    example="expressentry simulate population --size 10000 --seed 1 --on 2026-09-27 --out population.parquet",
)
@option("--size", type=int, default=100_000, metavar="N", about=Text("How many people.", "Combien de personnes."))
@option("--seed", type=click.IntRange(min=0), default=1, metavar="S", about=Text("The seed.", "La graine."))
@option("--out", required=True, metavar="FILE.parquet", about=Text("Where the table goes.", "Où va la table."))
@option(
    "--margins",
    metavar="FILE.toml",
    about=Text("Figures of your own to agree with.", "Vos chiffres, avec lesquels s'accorder."),
)
@day_option
@with_law
@format_option("text", "json")
@lang_option
def population(size: int, seed: int, out: str, margins: str | None, on: date, law: Law, form: str) -> None:
    """Draw a population."""
    needs("lab", "numpy", "scipy")
    from expressentry.answers.simulated import make_population, population_record

    context = context_of_run(law, on)
    drawing = say(Text("People", "Personnes"))
    with progress(drawing, lambda: size) as advance:
        found = make_population(
            context,
            size,
            seed,
            on,
            Path(out),
            margins=None if margins is None else Path(margins),
            progress=advance,
        )
    note_warnings(found.rules)
    note_record_age(context.record, on)
    record = population_record(found, LANG.get())
    if form == "json":
        print_json({**record, "out": out})
        return
    from expressentry.present.text.simulated import print_population

    print_population(record, LANG.get())
    note(Text("Written: {file}", "Écrit : {file}").fill(file=out))
