"""`expressentry timeline`: every day on which something changes for a person."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from expressentry.cli.base import LANG, note, print_json
from expressentry.cli.help import Command
from expressentry.cli.laws import law_of_run, note_warnings
from expressentry.cli.options import Day, Instant, day_option, format_option, lang_option, law_options, option
from expressentry.cli.people import read_person
from expressentry.cli.pictures import drawable
from expressentry.errors import FileError, Problem
from expressentry.text import Text, same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from expressentry.advise.timeline.days import TimelineEvent
    from expressentry.advise.timeline.snapshot import DaySnapshot

_ABOUT = Text(
    """Say on which days something changes for a person, and only those: birthdays, years of work completed or leaving
    their window, permits, tests and assessments that end, a child's 22nd birthday, known changes of law. For each
    the score before and after, programs and categories gained or lost, and why.

    PROFILE is a file of dated facts. Work that goes on is taken to go on, in Canada to the last authorised day; after
    it what counts cannot be told.""",
    """Dire quels jours quelque chose change pour une personne, et seulement ceux-là : anniversaires, années de
    travail complétées ou sorties de leur période, fins de permis, de tests et d'évaluations, les 22 ans d'un enfant,
    changements de droit connus. Pour chacun, le score avant et après, les programmes et catégories gagnés ou perdus,
    et pourquoi.

    PROFILE est un fichier de faits datés. Un travail en cours est censé continuer, au Canada jusqu'au dernier jour
    autorisé; ensuite, ce qui compte est indéterminé.""",
)


@click.command(
    "timeline", cls=Command, about=_ABOUT, example="expressentry timeline examples/people/engineer.toml --on 2026-10-01"
)
@click.argument("profile")
@option(
    "--until",
    type=Day(),
    about=Text("The last day looked at (two years on unless given).", "Le dernier jour (deux ans plus tard, sinon)."),
)
@option(
    "--submitted",
    type=Instant(),
    about=Text("When the profile was submitted: it lives a year.", "Quand le profil a été soumis : il vit un an."),
)
@option(
    "--invited",
    type=Day(),
    about=Text("Day of an invitation: its time runs out too.", "Jour d'une invitation : son délai court aussi."),
)
@option(
    "--brief", is_flag=True, about=Text("Only days that change the answers.", "Les jours qui changent une réponse.")
)
@option("--ics", metavar="FILE", about=Text("Write a calendar of these days.", "Écrire un calendrier de ces jours."))
@option(
    "--chart",
    metavar="FILE",
    about=Text("Draw the score: .svg, .png or .html.", "Tracer la note : .svg, .png ou .html."),
)
@option("--dark", is_flag=True, about=Text("On a dark ground.", "Sur fond sombre."))
@day_option
@law_options
@format_option("text", "json")
@lang_option
def timeline(
    profile: str,
    until: date | None,
    submitted: datetime | None,
    invited: date | None,
    brief: bool,
    ics: str | None,
    chart: str | None,
    dark: bool,
    on: date,
    laws: tuple[str, ...],
    numbers: tuple[str, ...],
    form: str,
) -> None:
    """List the days on which something changes."""
    if chart is not None:
        drawable(chart)
    from expressentry.advise.timeline.days import DEFAULT_YEARS, snapshot_on
    from expressentry.advise.timeline.days import timeline as timeline_of
    from expressentry.dates import anniversary

    law, person = law_of_run(laws, numbers), read_person(profile)
    last = until or anniversary(on, DEFAULT_YEARS)
    events = timeline_of(person, on, last, law, submitted=submitted, invited=invited)
    first = snapshot_on(person, on, law)
    shown = [event for event in events if event.answers_change or not brief]
    _files(first, events, shown, last, profile, ics, chart, dark=dark)
    if form == "json":
        from expressentry.present.records.person import law_record
        from expressentry.present.records.timeline import event_record

        told = {
            "as_of": on.isoformat(),
            "until": last.isoformat(),
            "law": law_record(first.rules, LANG.get()),
            "crs": {"total": first.total, "totals": list(first.totals)},
            "events": [event_record(event, LANG.get()) for event in shown],
        }
        print_json(told)
        return
    from expressentry.present.records.timeline import print_timeline

    print_timeline(first, events, shown, last, LANG.get())
    note_warnings(first.rules)


def _files(
    first: DaySnapshot,
    events: Sequence[TimelineEvent],
    shown: Sequence[TimelineEvent],
    until: date,
    profile: str,
    ics: str | None,
    chart: str | None,
    *,
    dark: bool,
) -> None:
    """Write the calendar and the picture where they are wanted."""
    if ics is not None:
        from expressentry.present.records.calendar import calendar_of

        _write(Path(ics), calendar_of(shown, first.rules.day, Path(profile).stem, LANG.get()))
    if chart is not None:
        from expressentry.present.charts.save import save
        from expressentry.present.charts.timeline import timeline_chart, timeline_data

        data = timeline_data(first, events, until, LANG.get())
        save(timeline_chart(data, LANG.get(), dark=dark), data, Path(chart), LANG.get(), dark=dark)
        note(Text("written: {f}", "écrit : {f}").fill(f=chart))


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        fix = Text("check the folder and its rights", "vérifier le dossier et ses droits")
        raise FileError(Problem("unwritable", str(path), same(error.strerror or error), fix)) from None
    finally:
        part.unlink(missing_ok=True)
    note(Text("written: {f}", "écrit : {f}").fill(f=path))
