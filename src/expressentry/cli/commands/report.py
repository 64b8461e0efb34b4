"""`expressentry report`: the answer for a person as a document, or one for each client of a list."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from expressentry.cli.help import Command
from expressentry.cli.options import (
    INSTANT,
    day_option,
    format_option,
    lang_option,
    law_options,
    limits_options,
    option,
    raw_cells_option,
)
from expressentry.cli.people import alone_in, only_alone, only_several, people_argument, with_batch
from expressentry.cli.support import (
    LANG,
    context_of_run,
    law_of_run,
    note_record_age,
    note_warnings,
    print_json,
    read_person,
    say,
)
from expressentry.errors import Problem, UsageError, needs
from expressentry.files import write_atomically
from expressentry.text import Text

MOST_LETTERS = 200
_ABOUT = Text(
    """Write a report on a person as a PDF: the answer first, then programs and categories with the reasons, the rounds
    that would have invited the person, what changes and when, the score line by line with its sources, the open
    questions, the documents, and the dates of the law and of the record of rounds.

    PROFILE is a file of dated facts. The PDF is tagged (PDF/UA-1). The same facts, day, language and name always give
    the same bytes. Several files, or a folder of them, become a folder of reports with a summary.csv. Clients without a
    report are listed, the others continue, and the exit status is 1.""",
    """Écrire un rapport PDF sur une personne : la réponse d'abord, puis les programmes et les catégories avec leurs
    raisons, les rondes qui auraient invité la personne, ce qui change et quand, la note ligne par ligne avec ses
    sources, les questions ouvertes, les documents, et les dates du droit et de l'historique des rondes.

    PROFILE est un fichier de faits datés. Le PDF est balisé (PDF/UA-1). Les mêmes faits, jour, langue et nom donnent
    toujours les mêmes octets. Plusieurs fichiers, ou un dossier de fichiers, deviennent un dossier de rapports avec un
    summary.csv. Les clients sans rapport sont nommés, les autres continuent, et le code de sortie est 1.""",
)


@click.command(
    "report",
    cls=Command,
    about=_ABOUT,
    example="expressentry report me.toml --out report.pdf --on 2026-10-01",
)
@people_argument
@option("--out", required=True, metavar="FILE.pdf|FOLDER", about=Text("Where the report goes.", "Où va le rapport."))
@option(
    "--batch",
    metavar="CLIENTS",
    about=Text(
        "More people: the same as naming them after the command.",
        "D'autres personnes : comme les nommer après la commande.",
    ),
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
@limits_options
@day_option
@law_options
@format_option("text", "json")
@raw_cells_option
@lang_option
def report(
    profiles: tuple[str, ...],
    out: str,
    batch: str | None,
    name: str | None,
    submitted: tuple[datetime, ...],
    jobs: int | None,
    most_seconds: float | None,
    on: date,
    laws: tuple[str, ...],
    numbers: tuple[str, ...],
    form: str,
) -> None:
    """Write a report, or one for each client of a list."""
    sources = with_batch(profiles, batch)
    alone = batch is None and alone_in(sources)
    only_alone(alone, name=name, submitted=submitted)
    only_several(alone, jobs=jobs, most_seconds=most_seconds)
    _check(name)
    needs("report", "typst")
    if not alone:
        from expressentry.cli.commands.report_batch import report_batch
        from expressentry.cli.many import Limits, Run

        report_batch(sources, out, Run.of(on, laws, numbers), Limits(jobs, most_seconds), form)
        return
    _one(sources[0], Path(out), name, submitted, on, laws, numbers, form)


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
    context = context_of_run(law, on)
    record, person = context.record, read_person(profile, law)
    dossier = build_dossier(person, on, record, law, submitted=submitted, draws=context.draws)
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


def _check(name: str | None) -> None:
    """Refuse a name that is none."""
    if name is not None and not (name.strip() and name.isprintable() and len(name) <= MOST_LETTERS):
        rule = Text("one line of 1 to {n} letters", "une ligne de 1 à {n} lettres").fill(n=MOST_LETTERS)
        raise UsageError(Problem("not_a_name", "name", rule, Text("shorten it", "l'abréger"), name))
