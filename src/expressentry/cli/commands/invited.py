"""`expressentry invited`: after an invitation, does it still stand."""

from __future__ import annotations

from datetime import date, datetime

import click

from expressentry.cli.base import LANG, print_json
from expressentry.cli.help import Command
from expressentry.cli.laws import law_of_run
from expressentry.cli.options import Day, Instant, Word, day_option, format_option, lang_option, law_options, option
from expressentry.cli.people import read_person
from expressentry.cli.records import record_of_run
from expressentry.text import Text

_ABOUT = Text(
    """After an invitation, say whether it still stands on the day on which the application is received: the score of
    that day on the grid of the invitation, the age frozen, against the round's cut-off; still eligible, still in
    the category, nomination, tests and assessments; what changed in between; the days left; what declining and
    lapsing mean; and what the application needs.

    PROFILE is a file of dated facts, kept up to the day of receipt.""",
    """Après une invitation, dire si elle tient encore le jour où la demande est reçue : la note de ce jour selon la
    grille de l'invitation, l'âge figé, contre la note minimale de la ronde; encore admissible, encore dans la
    catégorie, désignation, tests et évaluations; ce qui a changé entre-temps; les jours qui restent; ce que décliner
    et laisser passer veulent dire; et ce que demande la demande.

    PROFILE est un fichier de faits datés, tenu à jour jusqu'à la réception.""",
)


@click.command(
    "invited",
    cls=Command,
    about=_ABOUT,
    example="expressentry invited examples/people/engineer.toml --round 293 --received 2024-05-20 --on 2024-05-01",
)
@click.argument("profile")
@option(
    "--round", "number", required=True, metavar="N", about=Text("The round that invited.", "La ronde qui a invité.")
)
@option(
    "--received",
    type=Day(),
    about=Text("Day of receipt (that of --on unless given).", "Jour de la réception (celui de --on, sinon)."),
)
@option(
    "--program",
    type=Word("fsw", "cec", "fst", "pnp"),
    about=Text("The program that the invitation names.", "Le programme que nomme l'invitation."),
)
@option(
    "--submitted",
    type=Instant(),
    about=Text("When the profile was submitted (UTC).", "Quand le profil a été soumis (UTC)."),
)
@day_option
@law_options
@format_option("text", "json")
@lang_option
def invited(
    profile: str,
    number: str,
    received: date | None,
    program: str | None,
    submitted: datetime | None,
    on: date,
    laws: tuple[str, ...],
    numbers: tuple[str, ...],
    form: str,
) -> None:
    """Check an invitation."""
    from expressentry.advise.invitation.decide import invited as invited_by

    record = record_of_run(on)
    person, one = read_person(profile), record.round(number)
    found = invited_by(
        person, one, received or on, record, law_of_run(laws, numbers), program=program, submitted=submitted
    )
    from expressentry.present.records.invited import invited_record, print_invited

    if form == "json":
        print_json(invited_record(person, found, on, submitted, LANG.get()))
    else:
        print_invited(person, found, on, submitted, LANG.get())
