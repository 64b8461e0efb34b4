"""`expressentry occupations`: search, show. Imports no Polars."""

from __future__ import annotations

import click

from expressentry.cli.help import Command, Group
from expressentry.cli.options import format_option, lang_option, option, with_law
from expressentry.cli.support import LANG, print_json, print_rows
from expressentry.law.law import Law
from expressentry.text import Text

occupations = Group(
    "occupations",
    members={
        "search": (
            "expressentry.cli.commands.occupations:occupations_search",
            Text("Find occupations by words.", "Trouver des professions par mots."),
        ),
        "show": ("expressentry.cli.commands.occupations:occupations_show", Text("One occupation.", "Une profession.")),
    },
    about=Text(
        "Occupations of the NOC 2021 and the NOC 2016: search them by words, show one with all that we know about it.",
        "Les professions de la CNP 2021 et de la CNP 2016 : chercher par mots, montrer tout ce qu'on sait de l'une.",
    ),
    example="expressentry occupations search data scientist",
)


@click.command(
    "search",
    cls=Command,
    about=Text(
        """Find occupations of the NOC 2021 by title, job title or duties, in English and French.

        Typing errors, accents, the order of the words, number and gender do not matter. You can also give a code; a
        code of the NOC 2016 finds the occupations of 2021 that took its work. Duties are searched in English,
        definitions in both languages.""",
        """Trouver des professions de la CNP 2021 par titre, appellation d'emploi ou fonctions, en anglais et en
        français.

        Les fautes de frappe, les accents, l'ordre des mots, le nombre et le genre n'ont pas d'importance. Vous pouvez
        aussi donner un code; un code de la CNP 2016 trouve les professions de 2021 qui ont repris son travail. Les
        fonctions se cherchent en anglais, les définitions dans les deux langues.""",
    ),
    example="expressentry occupations search sofware enginer",
)
@click.argument("words", nargs=-1, required=True)
@option(
    "--limit",
    type=int,
    default=10,
    metavar="N",
    about=Text("How many at most (10).", "Combien au plus (10)."),
)
@format_option("text", "json", "csv")
@lang_option
def occupations_search(words: tuple[str, ...], limit: int, form: str) -> None:
    """Find occupations."""
    from expressentry.answers.lookups import HIT_COLUMNS, find_occupations

    rows = find_occupations(" ".join(words), LANG.get(), limit)
    if form != "text":
        print_rows(rows, form, HIT_COLUMNS)
        return
    from expressentry.present.text.occupation import print_hits

    print_hits(rows, LANG.get())


@click.command(
    "show",
    cls=Command,
    about=Text(
        """Show an occupation: TEER, groups above, definition, duties, requirements, job titles, counterparts in the
        other version of the NOC and the change, and every category that lists it or did.

        CODE is a NOC 2021 code of five digits or a NOC 2016 code of four.""",
        """Montrer une profession : FEER, groupes supérieurs, définition, fonctions, conditions d'accès, appellations
        d'emploi, correspondants dans l'autre version de la CNP et le changement, et chaque catégorie qui la contient
        ou l'a contenue.

        CODE est un code de la CNP 2021 à cinq chiffres ou de la CNP 2016 à quatre.""",
    ),
    example="expressentry occupations show 21211",
)
@click.argument("code")
@with_law
@format_option("text", "json")
@lang_option
def occupations_show(code: str, law: Law, form: str) -> None:
    """Show one occupation."""
    from expressentry.answers.lookups import occupation

    found = occupation(law, code)
    if form == "json":
        from expressentry.answers.lookups import occupation_record

        print_json(occupation_record(found, LANG.get()))
        return
    from expressentry.present.text.occupation import print_occupation

    print_occupation(found, LANG.get())
