"""`expressentry report`: the answer for a person as a document, or one for each client of a list."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from expressentry.cli.commands.assess import one_or_many
from expressentry.cli.help import Command
from expressentry.cli.options import INSTANT, day_option, format_option, lang_option, law_options, option
from expressentry.cli.support import (
    LANG,
    law_of_run,
    needs,
    note_record_age,
    note_warnings,
    print_json,
    read_person,
    record_of_run,
    say,
)
from expressentry.errors import Problem, UsageError
from expressentry.files import write_atomically
from expressentry.text import Text

MOST_LETTERS = 200
_ABOUT = Text(
    """Write a report on a person as a PDF: the answer first, then programs and categories with the reasons, the rounds
    that would have invited the person, what changes and when, the score line by line with its sources, the open
    questions, the documents, and the dates of the law and of the record of rounds.

    PROFILE is a file of dated facts. The PDF is tagged (PDF/UA-1). The same facts, day, language and name always give
    the same bytes. With --batch a folder of profiles becomes a folder of reports with a summary.csv. Clients without a
    report are listed, the others continue, and the exit status is 1.""",
    """Écrire un rapport PDF sur une personne : la réponse d'abord, puis les programmes et les catégories avec leurs
    raisons, les rondes qui auraient invité la personne, ce qui change et quand, la note ligne par ligne avec ses
    sources, les questions ouvertes, les documents, et les dates du droit et de l'historique des rondes.

    PROFILE est un fichier de faits datés. Le PDF est balisé (PDF/UA-1). Les mêmes faits, jour, langue et nom donnent
    toujours les mêmes octets. Avec --batch, un dossier de profils devient un dossier de rapports avec un summary.csv.
    Les clients sans rapport sont nommés, les autres continuent, et le code de sortie est 1.""",
)


@click.command(
    "report",
    cls=Command,
    about=_ABOUT,
    example="expressentry report examples/people/engineer.toml --out report.pdf --on 2026-10-01",
)
@click.argument("profile", required=False)
@option("--out", required=True, metavar="FILE.pdf|FOLDER", about=Text("Where the report goes.", "Où va le rapport."))
@option(
    "--batch",
    metavar="CLIENTS",
    about=Text("A folder of profiles, one report each.", "Un dossier de profils, un rapport chacun."),
)
@option(
    "--name",
    metavar="TEXT",
    about=Text("A name for the title; not kept elsewhere.", "Un nom pour le titre; il n'est pas gardé ailleurs."),
)
@option(
    "--submitted",
    type=INSTANT,
    multiple=True,
    about=Text(
        "When the profile was submitted (UTC); repeat for each later profile.",
        "Quand le profil a été soumis (UTC); à répéter pour chaque profil suivant.",
    ),
)
@option(
    "--jobs",
    type=int,
    metavar="N",
    about=Text("With --batch: processes (one per core).", "Avec --batch : processus (un par cœur)."),
)
@day_option
@law_options
@format_option("text", "json")
@lang_option
def report(
    profile: str | None,
    out: str,
    batch: str | None,
    name: str | None,
    submitted: tuple[datetime, ...],
    jobs: int | None,
    on: date,
    laws: tuple[str, ...],
    numbers: tuple[str, ...],
    form: str,
) -> None:
    """Write a report, or one for each client of a list."""
    one_or_many(profile, batch)
    _check(name, batch, submitted, jobs)
    needs("report", "typst")
    if batch is not None:
        from expressentry.cli.commands.report_batch import Order, report_batch

        report_batch(Order(batch, out, on, LANG.get(), laws, numbers), jobs, form)
        return
    _one(profile or "", Path(out), name, submitted, on, laws, numbers, form)


def _one(
    profile: str,
    out: Path,
    name: str | None,
    submitted: tuple[datetime, ...],
    on: date,
    laws: tuple[str, ...],
    numbers: tuple[str, ...],
    form: str,
) -> None:
    from expressentry.advise.dossier import build_dossier
    from expressentry.present.report import report_pdf

    _check_ending(out)
    law = law_of_run(laws, numbers)
    record = record_of_run(law, on)
    dossier = build_dossier(read_person(profile, law), on, record, law, submitted=submitted)
    content = report_pdf(dossier, LANG.get(), name=name)
    write_atomically(out, content)
    totals, rules = list(dossier.found.totals), dossier.found.rules
    if form == "json":
        from expressentry.answers.basis import law_record

        total = totals[0] if len(totals) == 1 else None
        answer = {"as_of": on.isoformat(), "out": str(out), "bytes": len(content), "law": law_record(rules, LANG.get())}
        print_json({**answer, "crs": {"total": total, "totals": totals}})
        return
    told = Text("{o}: report as of {d}, {n} CRS points", "{o} : rapport au {d}, {n} points au SCG")
    score = "–".join(map(str, dict.fromkeys((totals[0], totals[-1]))))
    click.echo(say(told.fill(o=out, d=on, n=score)))
    note_warnings(rules)
    note_record_age(record, on)


def _check_ending(out: Path) -> None:
    if out.suffix.lower() != ".pdf":
        rule = Text("a file ending in .pdf", "un fichier finissant par .pdf")
        raise UsageError(
            Problem("unknown_format", "out", rule, Text("change the ending", "changer la terminaison"), str(out))
        )


def _check(name: str | None, batch: str | None, submitted: tuple[datetime, ...], jobs: int | None) -> None:
    """Refuse what belongs to one person beside a list, and the other way round, all at once."""
    problems = []
    if batch is not None and (name is not None or submitted):
        rule = Text("for one person, not for a list", "pour une personne, pas pour une liste")
        field = "name" if name is not None else "submitted"
        problems.append(Problem("not_of_a_list", field, rule, Text("leave it out", "le retirer")))
    if jobs is not None and (batch is None or jobs < 1):
        rule = Text("1 or more, with --batch", "1 ou plus, avec --batch")
        problems.append(Problem("not_a_count", "jobs", rule, Text("for example 2", "par exemple 2"), jobs))
    if name is not None and not (name.strip() and name.isprintable() and len(name) <= MOST_LETTERS):
        rule = Text("one line of 1 to {n} letters", "une ligne de 1 à {n} lettres").fill(n=MOST_LETTERS)
        problems.append(Problem("not_a_name", "name", rule, Text("shorten it", "l'abréger"), name))
    if problems:
        raise UsageError(problems)
