"""`expressentry occupations`: search, show. Imports no Polars."""

from __future__ import annotations

import click

from expressentry.cli.base import LANG, print_csv, print_json, say
from expressentry.cli.help import Command, Group
from expressentry.cli.options import format_option, lang_option, option
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
        "Occupations of the NOC 2021 and the NOC 2016: found by words, shown with all that is known of them.",
        "Les professions de la CNP 2021 et de la CNP 2016 : trouvées par mots, montrées avec tout ce qu'on en sait.",
    ),
    example="expressentry occupations search data scientist",
)


@click.command(
    "search",
    cls=Command,
    about=Text(
        """Find occupations of the NOC 2021 by title, job title or duties, in English and French.

        Typing errors, accents, the order of the words, number and gender do not matter. A code finds itself; a
        code of the NOC 2016 finds its counterparts. Duties are searched in English, definitions in both.""",
        """Trouver des professions de la CNP 2021 par titre, appellation d'emploi ou fonctions, en anglais et en
        français.

        Fautes de frappe, accents, ordre des mots, nombre et genre n'importent pas. Un code se trouve lui-même; un
        code de la CNP 2016 trouve ses correspondants. Les fonctions se cherchent en anglais, les définitions dans
        les deux langues.""",
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
    from expressentry.occupations.search import search

    hits = search(" ".join(words), limit=limit)
    rows: list[dict[str, object]] = [
        {
            "noc": hit.noc,
            "title": hit.title.say(LANG.get()),
            "teer": hit.teer,
            "matched": hit.matched,
            "score": hit.score,
        }
        for hit in hits
    ]
    if form == "json":
        print_json(rows)
    elif form == "csv":
        print_csv(rows)
    elif not rows:
        click.echo(say(Text("Nothing found: try other words.", "Rien trouvé : essayer d'autres mots.")))
    else:
        from expressentry.present.text.console import show, table

        headings = Text("NOC|title|TEER|found by|score", "CNP|titre|FEER|trouvé par|note")
        show(table(say(headings).split("|"), [list(row.values()) for row in rows], right=(2, 4)))


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
@format_option("text", "json")
@lang_option
def occupations_show(code: str, form: str) -> None:
    """Show one occupation."""
    from expressentry.cli.laws import law_of_run
    from expressentry.occupations.card import occupation

    found = occupation(code, law_of_run())
    if form == "json":
        from expressentry.present.records.occupation import occupation_record

        print_json(occupation_record(found, LANG.get()))
        return
    from expressentry.present.records.occupation import print_occupation

    print_occupation(found, LANG.get())
