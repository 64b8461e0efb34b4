"""`expressentry provinces`: list, show, assess, draws."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from expressentry.answers import provinces as answers
from expressentry.answers.streams import assess_provinces
from expressentry.cli.help import Command, Group, complete_files
from expressentry.cli.options import day_option, format_option, lang_option, option, with_law
from expressentry.cli.support import (
    LANG,
    context_of_run,
    drawable,
    history_folder,
    note,
    print_json,
    print_rows,
)
from expressentry.dates import long_day
from expressentry.law.law import Law
from expressentry.profile.labels import PROVINCES
from expressentry.profile.read import read_document
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.answers.records.provinces import DrawsReachRecord

provinces = Group(
    "provinces",
    members={
        "list": (
            "expressentry.cli.commands.provinces:provinces_list",
            Text("The nominee streams of a day.", "Les volets des candidats d'un jour."),
        ),
        "show": (
            "expressentry.cli.commands.provinces:provinces_show",
            Text("What one stream asks, with the sources.", "Ce qu'un volet demande, avec les sources."),
        ),
        "assess": (
            "expressentry.cli.commands.provinces:provinces_assess",
            Text("Which streams one person meets.", "Les volets auxquels une personne satisfait."),
        ),
        "draws": (
            "expressentry.cli.commands.provinces:provinces_draws",
            Text("Published rounds of the provinces.", "Les rondes publiées des provinces."),
        ),
        "update": (
            "expressentry.cli.commands.provinces:provinces_update",
            Text("Add published rounds from a file.", "Ajouter des rondes publiées d'un fichier."),
        ),
    },
    about=Text(
        "Nominee streams of the provinces and territories whose nomination counts in Express Entry: criteria, points, "
        "published rounds.",
        "Les volets des candidats des provinces et territoires dont la désignation compte dans Entrée express : "
        "critères, points, rondes publiées.",
    ),
    example="expressentry provinces list --on 2026-10-01",
)


@click.command(
    "list",
    cls=Command,
    about=Text(
        """List the streams that we know to be in force on a day.

        What changed after the day on which a stream was checked is not known. With --all also closed streams, and
        those that are not encoded, with the reason.""",
        """Lister les volets que nous savons en vigueur un jour donné.

        Ce qui a changé après le jour où un volet a été vérifié n'est pas connu. Avec --all aussi les volets fermés, et
        ceux qui ne sont pas encodés, avec la raison.""",
    ),
    example="expressentry provinces list --on 2026-10-01",
)
@option(
    "--all", "every", is_flag=True, about=Text("Closed and missing streams too.", "Aussi les fermés et les absents.")
)
@day_option
@with_law
@format_option("text", "json", "csv")
@lang_option
def provinces_list(every: bool, on: date, law: Law, form: str) -> None:
    """List streams."""
    rows = answers.stream_rows(law, on, LANG.get(), every=every)
    if not rows:
        note(Text("No stream is known on {day}.", "Aucun volet n'est connu le {day}.").fill(day=long_day(on)))
    if form != "text":
        print_rows(rows, form, answers.STREAM_COLUMNS)
    elif rows:
        from expressentry.present.text.provinces import print_streams

        print_streams(rows, LANG.get())
        _note_copies([row["checked"] for row in rows if row["checked"]], on)


@click.command(
    "show",
    cls=Command,
    about=Text(
        """Show what a stream asks and how it counts points, each with its source and doubt, and its newest rounds.

        STREAM is a key that `provinces list` shows.""",
        """Montrer ce que demande un volet et comment il compte les points, avec source et doute, et ses dernières
        rondes.

        STREAM est une clé que montre `provinces list`.""",
    ),
    example="expressentry provinces show sk-ee --on 2026-10-01",
)
@click.argument("key", metavar="STREAM")
@day_option
@with_law
@format_option("text", "json")
@lang_option
def provinces_show(key: str, on: date, law: Law, form: str) -> None:
    """Show one stream."""
    record = answers.stream_record(context_of_run(law), key, on, LANG.get())
    if form == "json":
        print_json(record)
        return
    from expressentry.present.text.provinces import print_stream

    print_stream(record, LANG.get())


@click.command(
    "assess",
    cls=Command,
    about=Text(
        """Judge one person by every stream of a day: met, not met or undetermined, with the reason, the points, and the
        newest round.

        PROFILE is a file as for `expressentry assess`. What streams ask for besides is written under [[provinces]], a
        table for each province; what is left out is not known, and points are then a range. What only an employer
        knows is never asked: the answer says so.""",
        """Juger une personne selon chaque volet d'un jour : rempli, non rempli ou indéterminé, avec la raison, les
        points et la dernière ronde.

        PROFILE est un fichier comme pour `expressentry assess`. Ce que les volets demandent de plus s'écrit sous
        [[provinces]], une table par province; ce qui manque est inconnu, et les points sont alors un intervalle. Ce
        que seul l'employeur sait n'est jamais demandé : la réponse le dit.""",
    ),
    example="expressentry provinces assess examples/provinces/sk-ee-met.toml --on 2026-10-09 --stream SK",
)
@click.argument("profile", shell_complete=complete_files, metavar="PROFILE")
@option(
    "--stream",
    "keys",
    multiple=True,
    metavar="STREAM",
    about=Text("Only this stream, or a province; may be repeated.", "Seulement ce volet, ou une province; répétable."),
)
@day_option
@with_law
@format_option("text", "json", "csv")
@lang_option
def provinces_assess(profile: str, keys: tuple[str, ...], on: date, law: Law, form: str) -> None:
    """Judge one person."""
    context = context_of_run(law, on)
    records = assess_provinces(context, read_document(Path(profile)), on, LANG.get(), keys)
    if form == "json":
        print_json(records)
        return
    if form == "csv":
        from expressentry.present.text.provinces import finding_cells

        print_rows([finding_cells(one, LANG.get()) for one in records], form)
        return
    from expressentry.present.text.provinces import print_findings

    print_findings(records, LANG.get(), details=bool(keys))
    _note_copies([one["checked"] for one in records], on)


@click.command(
    "draws",
    cls=Command,
    about=Text(
        """List the published rounds of the provinces and territories up to a day, newest first.

        A score is comparable in its own scale only. What was published after the day on which the rounds of a
        province were read is not known; --chart also draws them.""",
        """Lister les rondes publiées des provinces et territoires jusqu'à un jour, les plus récentes d'abord.

        Une note n'est comparable que dans sa propre échelle. Ce qui a été publié après le jour où les rondes d'une
        province ont été lues n'est pas connu; --chart les trace aussi.""",
    ),
    example="expressentry provinces draws --province SK --on 2026-10-01",
)
@option("--province", metavar="CODE", about=Text("Only this province.", "Seulement cette province."))
@option("--stream", "key", metavar="STREAM", about=Text("Only this stream.", "Seulement ce volet."))
@option(
    "--chart",
    metavar="FILE",
    about=Text("Draw them too, as .svg, .png or .html.", "Les tracer aussi, en .svg, .png ou .html."),
)
@option("--dark", is_flag=True, about=Text("Use a dark background.", "Sur fond sombre."))
@day_option
@with_law
@format_option("text", "json", "csv")
@lang_option
def provinces_draws(
    province: str | None, key: str | None, chart: str | None, dark: bool, on: date, law: Law, form: str
) -> None:
    """List rounds."""
    context, lang = context_of_run(law, on), LANG.get()
    found = answers.find_draws(context, on, province, key)
    if chart is not None:
        drawable(chart)
        from expressentry.present.charts import provinces as charts
        from expressentry.present.charts.save import save

        data = charts.draws(found, on, lang)
        save(charts.draws_chart(data, lang, dark=dark), data, Path(chart), lang, dark=dark)
    rows = [answers.draw_record(one, lang) for one in found]
    if form != "text":
        print_rows(rows, form, answers.DRAW_COLUMNS)
    else:
        from expressentry.present.text.provinces import print_draws

        print_draws(rows, lang)
    for code in sorted({one.province for one in found}):
        _note_draws_age(code, answers.draws_reach(context, code, on))
    if chart is not None:
        note(Text("written: {f}", "écrit : {f}").fill(f=chart))


def _note_copies(checked: Sequence[str], on: date) -> None:
    """Say of which day the oldest copy is, where that is before the day asked about."""
    days = [date.fromisoformat(one) for one in checked]
    if days and min(days) < on:
        wording = Text(
            "The oldest copy of a stream is of {day}; what changed later is not known.",
            "La plus ancienne copie d'un volet est du {day}; ce qui a changé depuis n'est pas connu.",
        )
        note(wording.fill(day=long_day(min(days))))


def _note_draws_age(code: str, reach: DrawsReachRecord) -> None:
    """Say that newer rounds may be missing, where those of a province were read more than 30 days before."""
    if reach["stale"] and reach["as_of"]:
        wording = Text(
            "Warning: rounds of {p} since {day} are missing. `expressentry provinces update` adds them.",
            "Avertissement : les rondes depuis le {day} manquent ({p}). `expressentry provinces update` les ajoute.",
        )
        note(wording.fill(p=PROVINCES[code], day=long_day(date.fromisoformat(reach["as_of"]))))


@click.command(
    "update",
    cls=Command,
    about=Text(
        """Add published rounds from a CSV file. The command lists what is new, what differs and which value is used. A
        file with a mistake changes nothing; all mistakes are named with their line.

        FILE has the columns that `provinces draws --format csv` writes, `doubt` as doubt_en and doubt_fr. Province,
        stream, date, kind, source, checked (the day on which you read it) and confidence are required. The rounds are
        stored in the folder `history` of EXPRESSENTRY_HOME.""",
        """Ajouter des rondes publiées d'un fichier CSV. La commande liste ce qui est nouveau, ce qui diffère et la
        valeur retenue. Un fichier qui contient une erreur ne change rien; chaque erreur est nommée avec sa ligne.

        FILE a les colonnes que `provinces draws --format csv` écrit, `doubt` en doubt_en et doubt_fr. Province,
        stream, date, kind, source, checked (le jour de votre lecture) et confidence sont obligatoires. Les rondes vont
        dans le dossier `history` d'EXPRESSENTRY_HOME.""",
    ),
    example="expressentry provinces update examples/province_rounds.csv",
)
@click.argument("file", metavar="FILE")
@day_option
@with_law
@format_option("text", "json")
@lang_option
def provinces_update(file: str, on: date, law: Law, form: str) -> None:
    """Add rounds."""
    update = answers.update_draws(context_of_run(law, on), Path(file), history_folder(), on)
    record = answers.draws_update_record(update, LANG.get())
    if form == "json":
        print_json(record)
        return
    from expressentry.present.text.provinces import print_draws_update

    print_draws_update(record, LANG.get())
