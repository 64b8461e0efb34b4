"""`expressentry rounds replay`: would this person have been invited."""

from __future__ import annotations

from datetime import date, datetime

import click

from expressentry.cli.base import LANG, print_csv, print_json
from expressentry.cli.help import Command
from expressentry.cli.laws import law_of_run
from expressentry.cli.options import Instant, Word, day_option, format_option, lang_option, option
from expressentry.cli.people import read_person
from expressentry.cli.records import note_record_age, record_of_run
from expressentry.text import Text

_ABOUT = Text(
    """Replay past rounds for a person, each under the law, charts and lists of its day: eligible or not, in the
    category or not, above the cut-off, at it before or after the tie-break, or below.

    PROFILE is a file of dated facts. Rounds before the first result of a language test are left out. Without
    --submitted the person is taken to be in the pool throughout, and what the tie-break decided cannot be told.
    Shown are rounds that would have invited, or cannot be told; with --all every one.""",
    """Rejouer les rondes passées pour une personne, chacune selon le droit, les tableaux et les listes de son
    jour : admissible ou non, dans la catégorie ou non, au-dessus de la note minimale, à elle avant ou après
    l'égalité, ou au-dessous.

    PROFILE est un fichier de faits datés. Les rondes d'avant le premier résultat d'un test de langue sont
    laissées de côté. Sans --submitted, la personne est supposée toujours dans le bassin, et ce que l'égalité a
    tranché est indéterminé. Sont montrées les rondes qui l'auraient invitée ou restent indéterminées; avec --all,
    toutes.""",
)


@click.command(
    "replay",
    cls=Command,
    about=_ABOUT,
    example="expressentry rounds replay examples/people/engineer.toml --submitted 2024-02-20T15:00:00Z --on 2026-10-01",
)
@click.argument("profile")
@option(
    "--submitted",
    type=Instant(),
    multiple=True,
    about=Text(
        "When the profile was submitted (UTC); again for each later one.",
        "Quand le profil a été soumis (UTC); à répéter pour chaque suivant.",
    ),
)
@option("--round", "numbers", multiple=True, metavar="N", about=Text("Only this round.", "Seulement cette ronde."))
@option(
    "--type",
    "type_",
    type=Word(lambda: law_of_run().round_names.types),
    about=Text("Rounds of one type.", "Rondes d'un type."),
)
@option(
    "--category",
    type=Word(lambda: law_of_run().round_names.categories),
    about=Text("Rounds of one category.", "Rondes d'une catégorie."),
)
@option("--all", "everything", is_flag=True, about=Text("Every round replayed.", "Chaque ronde rejouée."))
@day_option
@format_option("text", "json", "csv")
@lang_option
def rounds_replay(
    profile: str,
    submitted: tuple[datetime, ...],
    numbers: tuple[str, ...],
    type_: str | None,
    category: str | None,
    everything: bool,
    on: date,
    form: str,
) -> None:
    """Replay past rounds for a person."""
    from expressentry.rounds.replay import replay

    record = record_of_run(on)
    person = read_person(profile)
    rounds = [record.round(number) for number in numbers] if numbers else list(record.rounds)
    chosen = [
        one for one in rounds if one.date <= on and type_ in (None, one.type) and category in (None, one.category)
    ]
    found = replay(person, record, submitted=submitted, rounds=chosen)
    shown = [one for one in found.rounds if everything or numbers or one.answer is not False]
    from expressentry.present.records.replay import print_replay, replayed_record

    if form == "text":
        print_replay(found, shown, LANG.get())
    else:
        rows = [replayed_record(one, LANG.get()) for one in shown]
        (print_json if form == "json" else print_csv)(rows)
    note_record_age(record, on)
