"""`expressentry rounds replay`: which rounds would have invited a person."""

from __future__ import annotations

from datetime import date, datetime

import click

from expressentry.answers.records.advice import ReplayedRecord
from expressentry.answers.rounds import find_rounds, replay, replayed_record
from expressentry.cli.help import Command
from expressentry.cli.options import (
    INSTANT,
    category_option,
    day_option,
    format_option,
    lang_option,
    option,
    type_option,
    with_law,
)
from expressentry.cli.people import only_alone, people_argument, print_name, print_named_rows, profiles_of
from expressentry.cli.support import LANG, context_of_run, note_record_age
from expressentry.law.law import Law
from expressentry.text import Text

_ABOUT = Text(
    """Replay past rounds for a person, each under the law, charts and lists of its day: was the person eligible, in the
    category, above the cut-off, exactly at it before or after the tie-break, or below it.

    PROFILE is a file of dated facts, or a folder of them. Rounds before the first result of a language test are left
    out. Without --submitted we assume that the person was always in the pool; where the tie-break decided, we need the
    submission time. You see the rounds that would have invited the person and those where a fact is missing; with --all
    you see every round.""",
    """Rejouer les rondes passées pour une personne, chacune selon le droit, les tableaux et les listes de son jour : la
    personne était-elle admissible, dans la catégorie, au-dessus de la note minimale, juste à cette note avant ou après
    le bris d'égalité, ou au-dessous.

    PROFILE est un fichier de faits datés, ou un dossier de tels fichiers. Les rondes d'avant le premier résultat d'un
    test de langue sont laissées de côté. Sans --submitted, nous supposons que la personne a toujours été dans le
    bassin; là où le bris d'égalité a tranché, il nous faut le moment de la soumission. Vous voyez les rondes qui
    auraient invité la personne et celles où il manque un fait; avec --all, vous voyez toutes les rondes.""",
)


@click.command(
    "replay",
    cls=Command,
    about=_ABOUT,
    example="expressentry rounds replay me.toml --submitted 2025-12-01T15:00:00Z --all --on 2026-10-01",
)
@people_argument
@option(
    "--submitted",
    type=INSTANT,
    multiple=True,
    about=Text(
        "When the profile was submitted (UTC); repeat for each later profile.",
        "Quand le profil a été soumis (UTC); à répéter pour chaque profil suivant.",
    ),
)
@option("--round", "wanted", multiple=True, metavar="N", about=Text("Only this round.", "Seulement cette ronde."))
@type_option
@category_option
@option("--all", "everything", is_flag=True, about=Text("Every round replayed.", "Chaque ronde rejouée."))
@day_option
@with_law
@format_option("text", "json", "csv")
@lang_option
def rounds_replay(
    profiles: tuple[str, ...],
    submitted: tuple[datetime, ...],
    wanted: tuple[str, ...],
    type_: str | None,
    category: str | None,
    everything: bool,
    on: date,
    law: Law,
    form: str,
) -> None:
    """Replay past rounds for a person."""
    people, alone = profiles_of(profiles, law)
    only_alone(alone, submitted=submitted)
    context = context_of_run(law, on)
    record = context.record
    rounds = [record.round(number) for number in wanted] if wanted else record.rounds
    chosen = find_rounds(rounds, kind=type_, category=category)
    found = [(name, replay(context, one, on, submitted=submitted, rounds=chosen)) for name, one in people]
    shown = [[one for one in all_.rounds if everything or wanted or one.answer is not False] for _, all_ in found]
    if form == "text":
        from expressentry.present.text.rounds import print_replay

        for (name, all_), some in zip(found, shown, strict=True):
            print_name(name, alone=alone)
            print_replay(all_, some, LANG.get())
    else:
        rows = [
            (name, [replayed_record(one, LANG.get()) for one in some])
            for (name, _), some in zip(found, shown, strict=True)
        ]
        print_named_rows(rows, form, tuple(ReplayedRecord.__annotations__), alone=alone)
    note_record_age(record, on)
