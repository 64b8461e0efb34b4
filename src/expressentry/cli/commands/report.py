"""`expressentry report`: what is said of a person as a document, or of a list of clients, one each."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from expressentry.cli.base import LANG, print_json, say
from expressentry.cli.commands.assess import one_or_many
from expressentry.cli.extras import needs
from expressentry.cli.help import Command
from expressentry.cli.laws import law_of_run, note_warnings
from expressentry.cli.options import Instant, day_option, format_option, lang_option, law_options, option
from expressentry.cli.people import read_person
from expressentry.cli.records import note_record_age, record_of_run
from expressentry.errors import Problem, UsageError
from expressentry.text import Text

MOST_LETTERS = 200
_ABOUT = Text(
    """Write a report on a person as a PDF: the answer first, programs and categories with why, the rounds that would
    have invited, what changes and when, the score line by line with its sources, what is open, the papers, and the
    dates of law and record.

    PROFILE is a file of dated facts. The document is tagged (PDF/UA-1), and the same bytes for the same facts, day,
    language and name. With --batch a folder of profiles becomes a folder of reports with a summary.csv; whoever
    cannot be reported on is listed and the others go on; then the exit status is 1.""",
    """Écrire un rapport PDF sur une personne : la réponse d'abord, programmes et catégories avec leurs raisons, les
    rondes qui auraient invité, ce qui change et quand, le score ligne par ligne avec ses sources, ce qui est ouvert,
    les papiers, et les dates du droit et du dossier.

    PROFILE est un fichier de faits datés. Le document est balisé (PDF/UA-1) et identique, octet pour octet, pour les
    mêmes faits, jour, langue et nom. Avec --batch, un dossier de profils devient un dossier de rapports avec un
    summary.csv; ce qui échoue est nommé et le reste continue; le code de sortie est alors 1.""",
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
    about=Text("A name for the title; kept nowhere else.", "Un nom pour le titre; gardé nulle part ailleurs."),
)
@option(
    "--submitted",
    type=Instant(),
    multiple=True,
    about=Text(
        "When the profile was submitted (UTC); again for each later one.",
        "Quand le profil a été soumis (UTC); à répéter pour chaque suivant.",
    ),
)
@option(
    "--jobs",
    type=int,
    metavar="N",
    about=Text("With --batch: processes (one a core).", "Avec --batch : processus (un par cœur)."),
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
    from expressentry.present.tables import write_whole

    _check_ending(out)
    record = record_of_run(on)
    dossier = build_dossier(read_person(profile), on, record, law_of_run(laws, numbers), submitted=submitted)
    content = report_pdf(dossier, LANG.get(), name=name)
    write_whole(content, out)
    totals, rules = list(dossier.found.totals), dossier.found.first.rules
    if form == "json":
        from expressentry.present.records.person import law_record

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
        raise UsageError(Problem("unknown_format", "out", rule, Text("name it so", "le nommer ainsi"), str(out)))


def _check(name: str | None, batch: str | None, submitted: tuple[datetime, ...], jobs: int | None) -> None:
    """Refuse what belongs to one person beside a list, and the other way round, all at once."""
    problems = []
    if batch is not None and (name is not None or submitted):
        rule = Text("said of one person, not of a list", "dit d'une personne, non d'une liste")
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
