"""`expressentry score`: a table in, a table out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from expressentry.answers.basis import law_record
from expressentry.answers.dated import Wishes
from expressentry.assess.frame.files import Scored, row_count, score_file
from expressentry.cli.commands.score_profiles import has_profiles, line_count, score_profiles
from expressentry.cli.help import Command, complete_files
from expressentry.cli.many import Limits, Run
from expressentry.cli.options import day_option, format_option, lang_option, law_options, limits_options, option
from expressentry.cli.support import LANG, law_of_run, note, note_warnings, print_json, progress, say
from expressentry.errors import Problem, UsageError
from expressentry.text import Text

_ABOUT = Text(
    """Score a table of any size: CSV, Parquet, NDJSON or Arrow IPC, by the file's ending.

    The command adds the columns crs, first_language_used and rule_set. --sections adds core, partner, transferability
    and additional. --programs adds fsw, cec, fst and pnp (true, false, or empty where a fact is missing), the points of
    the 67-point grid, the program that an invitation names, and programs_missing. --categories adds a column for each
    category of the day, and categories_missing. The last two are bit masks of the columns that were missing: see
    docs/how-to/score-a-table.md. Other columns are kept as they are. Rows that break the schema go to --rejects;
    without it the first ten problems are shown and nothing is written.

    An NDJSON table may have a profile, dated facts, in each line: then the output has the factors of the day, the
    score and its lowest and highest value where questions are open.""",
    """Calculer les notes d'une table de toute taille : CSV, Parquet, NDJSON ou Arrow IPC, selon la terminaison du nom.

    La commande ajoute les colonnes crs, first_language_used et rule_set. --sections ajoute core, partner,
    transferability et additional. --programs ajoute fsw, cec, fst et pnp (true, false, ou vide s'il manque un fait),
    les points de la grille de 67 points, le programme que nomme une invitation, et programs_missing. --categories
    ajoute une colonne par catégorie du jour, et categories_missing. Ces deux dernières sont des masques de bits des
    colonnes manquantes : voir docs/how-to/score-a-table.md. Les autres colonnes sont gardées telles quelles. Les
    lignes qui enfreignent le schéma vont dans --rejects; sans lui, les dix premiers problèmes sont montrés et rien
    n'est écrit.

    Une table NDJSON peut avoir un profil, des faits datés, sur chaque ligne : la sortie a alors les facteurs du jour,
    la note, et sa plus petite et sa plus grande valeur si des questions sont ouvertes.""",
)


@click.command(
    "score",
    cls=Command,
    about=_ABOUT,
    example="expressentry score examples/people.csv --out scores.csv --on 2026-10-01",
)
@click.argument("table", shell_complete=complete_files)
@option(
    "--out", required=True, metavar="TABLE", about=Text("Where the scored rows go.", "Où vont les lignes calculées.")
)
@option("--sections", is_flag=True, about=Text("Add the four sections.", "Ajouter les quatre sections."))
@option("--programs", is_flag=True, about=Text("Add the programs.", "Ajouter les programmes."))
@option("--categories", is_flag=True, about=Text("Add the categories of the day.", "Ajouter les catégories du jour."))
@option(
    "--rejects",
    metavar="TABLE",
    about=Text(
        "Where problems go: row, column, value, rule.", "Où vont les problèmes : ligne, colonne, valeur, règle."
    ),
)
@limits_options
@day_option
@law_options
@format_option("text", "json")
@lang_option
def score(
    table: str,
    out: str,
    sections: bool,
    programs: bool,
    categories: bool,
    rejects: str | None,
    jobs: int | None,
    most_seconds: float | None,
    on: date,
    laws: tuple[str, ...],
    numbers: tuple[str, ...],
    form: str,
) -> None:
    """Score a table."""
    law = law_of_run(laws, numbers)
    if has_profiles(Path(table)):
        wishes, limits = Wishes(sections, programs, categories), Limits(jobs, most_seconds)
        places = Path(table), Path(out), None if rejects is None else Path(rejects)
        with progress(table, lambda: line_count(Path(table))) as advance:
            found = score_profiles(*places, wishes, Run.of(on, laws, numbers), limits, advance)
    else:
        _only_of_profiles(jobs=jobs, most_seconds=most_seconds)
        with progress(table, lambda: row_count(table)) as advance:
            wanted = {"sections": sections, "programs": programs, "categories": categories}
            found = score_file(table, out, on, law=law, rejects=rejects, lang=LANG.get(), progress=advance, **wanted)
    note_warnings(found.rules)
    if found.absent:
        wording = Text(
            "There is no column {names}: it counts as empty in every row.",
            "Il n'y a pas de colonne {names} : elle compte comme vide dans chaque ligne.",
        )
        note(wording.fill(names=", ".join(found.absent)))
    if form == "json":
        print_json({"law": law_record(found.rules, LANG.get()), **_counts(found), "absent": list(found.absent)})
        return
    wording = Text(
        "rows read {read}, scored {accepted} on the {grid}, rejected {rejected}",
        "lignes lues {read}, calculées {accepted} sur la {grid}, rejetées {rejected}",
    )
    click.echo(say(wording.fill(**_counts(found), grid=found.rules.label)))


def _counts(found: Scored) -> dict[str, int]:
    return {"read": found.read, "accepted": found.accepted, "rejected": found.rejected}


def _only_of_profiles(**options: object) -> None:
    """Refuse options of profiles beside a table of factors, which Polars scores on every core at once.

    Raises UsageError.
    """
    rule = Text("for a table of profiles, not of factors", "pour une table de profils, pas de facteurs")
    fix = Text("leave it out", "le retirer")
    given = [name for name, value in options.items() if value is not None]
    if given:
        raise UsageError([Problem("only_of_profiles", name, rule, fix) for name in given])
