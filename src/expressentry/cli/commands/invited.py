"""`expressentry invited`: is an invitation still valid when the application is received."""

from __future__ import annotations

from datetime import date, datetime

import click

from expressentry.cli.help import Command
from expressentry.cli.options import DAY, INSTANT, day_option, format_option, lang_option, option, with_law, word
from expressentry.cli.people import only_alone, people_argument, print_name, print_records, profiles_of
from expressentry.cli.support import LANG, context_of_run
from expressentry.law.law import Law
from expressentry.text import Text

_ABOUT = Text(
    """Check whether an invitation is still valid on the day on which the application is received. The check compares
    the score of that day, on the grid of the invitation and with the age frozen, with the round's cut-off. It also
    looks at eligibility, the category, the nomination, tests and assessments. You see what changed in between, how
    many days are left, what happens if you decline or let the time pass, and which documents the application needs.

    PROFILE is a file of dated facts, up to date on the day of receipt, or a folder of such files.""",
    """Vérifier si une invitation est encore valide le jour où la demande est reçue. La vérification compare la note de
    ce jour, selon la grille de l'invitation et avec l'âge figé, à la note minimale de la ronde. Elle porte aussi sur
    l'admissibilité, la catégorie, la désignation, les tests et les évaluations. Vous voyez ce qui a changé
    entre-temps, les jours qui restent, ce qui se passe si vous déclinez ou laissez passer le délai, et les documents
    que la demande exige.

    PROFILE est un fichier de faits datés, à jour à la date de réception, ou un dossier de tels fichiers.""",
)


@click.command(
    "invited",
    cls=Command,
    about=_ABOUT,
    example="expressentry invited me.toml --round 293 --received 2024-05-20 --on 2024-05-01",
)
@people_argument
@option(
    "--round", "number", required=True, metavar="N", about=Text("The round that invited.", "La ronde qui a invité.")
)
@option(
    "--received",
    type=DAY,
    about=Text("Day of receipt (that of --on unless given).", "Jour de la réception (celui de --on, sinon)."),
)
@option(
    "--program",
    type=word("fsw", "cec", "fst", "pnp"),
    about=Text("The program that the invitation names.", "Le programme que nomme l'invitation."),
)
@option(
    "--submitted",
    type=INSTANT,
    about=Text("When the profile was submitted (UTC).", "Quand le profil a été soumis (UTC)."),
)
@day_option
@with_law
@format_option("text", "json")
@lang_option
def invited(
    profiles: tuple[str, ...],
    number: str,
    received: date | None,
    program: str | None,
    submitted: datetime | None,
    on: date,
    law: Law,
    form: str,
) -> None:
    """Check an invitation."""
    from expressentry.answers.invitation import invited as check
    from expressentry.answers.invitation import invited_record

    people, alone = profiles_of(profiles, law)
    only_alone(alone, program=program, submitted=submitted)
    context = context_of_run(law, on)
    found = [
        (name, person, check(context, person, number, received or on, program=program, submitted=submitted))
        for name, person in people
    ]
    if form == "json":
        records = [(name, invited_record(person, one, on, submitted, LANG.get())) for name, person, one in found]
        print_records(records, alone=alone)
        return
    from expressentry.present.text.invited import print_invited

    for name, person, one in found:
        print_name(name, alone=alone)
        print_invited(person, one, on, submitted, LANG.get())
