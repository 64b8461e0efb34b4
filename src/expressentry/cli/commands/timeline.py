"""`expressentry timeline`: every day on which something changes for a person."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from expressentry.cli.help import Command
from expressentry.cli.options import DAY, INSTANT, day_option, format_option, lang_option, option, with_law
from expressentry.cli.people import only_alone, people_argument, print_name, print_records, profiles_of
from expressentry.cli.support import LANG, context_of_run, drawable, note, note_warnings
from expressentry.files import write_atomically
from expressentry.law.law import Law
from expressentry.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from expressentry.advise.timeline.days import TimelineEvent
    from expressentry.answers.timeline import Timeline

_ABOUT = Text(
    """List the days on which something changes for a person, and no others: birthdays, years of work that are completed
    or become too old, permits, tests and assessments that expire, a child's 22nd birthday, known changes of law. For
    each day you see the score before and after, the programs and categories gained or lost, and why.

    PROFILE is a file of dated facts, or a folder of them. A current job is assumed to continue, in Canada up to the
    last authorised day. After that day we need one more fact: the next permit.""",
    """Lister les jours où quelque chose change pour une personne, et seulement ceux-là : anniversaires, années de
    travail complétées ou devenues trop anciennes, permis, tests et évaluations qui expirent, 22e anniversaire d'un
    enfant, changements de droit connus. Pour chaque jour, vous voyez la note avant et après, les programmes et les
    catégories gagnés ou perdus, et pourquoi.

    PROFILE est un fichier de faits datés, ou un dossier de tels fichiers. Un emploi en cours est censé continuer, au
    Canada jusqu'au dernier jour autorisé. Après ce jour, il nous faut un fait de plus : le permis suivant.""",
)


@click.command("timeline", cls=Command, about=_ABOUT, example="expressentry timeline me.toml --on 2026-10-01")
@people_argument
@option(
    "--until",
    type=DAY,
    about=Text("The last day (two years later unless given).", "Le dernier jour (deux ans plus tard par défaut)."),
)
@option(
    "--submitted",
    type=INSTANT,
    about=Text(
        "When the profile was submitted: it is valid for one year.",
        "Quand le profil a été soumis : il est valide un an.",
    ),
)
@option(
    "--invited",
    type=DAY,
    about=Text(
        "Day of an invitation: adds the deadline to apply.",
        "Jour d'une invitation : ajoute la date limite de la demande.",
    ),
)
@option(
    "--brief",
    is_flag=True,
    about=Text("Only days that change an answer.", "Seulement les jours qui changent une réponse."),
)
@option(
    "--streams",
    is_flag=True,
    about=Text(
        "Also days on which a nominee stream opens, closes or changes; takes longer.",
        "Aussi les jours où un volet des candidats ouvre, ferme ou change; plus long.",
    ),
)
@option("--ics", metavar="FILE", about=Text("Write a calendar of these days.", "Écrire un calendrier de ces jours."))
@option(
    "--chart",
    metavar="FILE",
    about=Text("Draw the score: .svg, .png or .html.", "Tracer la note : .svg, .png ou .html."),
)
@option("--dark", is_flag=True, about=Text("Use a dark background.", "Sur fond sombre."))
@day_option
@with_law
@format_option("text", "json")
@lang_option
def timeline(
    profiles: tuple[str, ...],
    until: date | None,
    submitted: datetime | None,
    invited: date | None,
    brief: bool,
    streams: bool,
    ics: str | None,
    chart: str | None,
    dark: bool,
    on: date,
    law: Law,
    form: str,
) -> None:
    """List the days on which something changes."""
    if chart is not None:
        drawable(chart)
    from expressentry.answers.timeline import timeline as timeline_of
    from expressentry.answers.timeline import timeline_record

    people, alone = profiles_of(profiles, law)
    only_alone(alone, ics=ics, chart=chart, submitted=submitted, invited=invited)
    context = context_of_run(law, on)
    found = [
        (name, timeline_of(context, person, on, until=until, submitted=submitted, invited=invited, streams=streams))
        for name, person in people
    ]
    shown = [[event for event in one.events if event.answers_change or not brief] for _, one in found]
    if alone:
        _files(found[0][1], shown[0], profiles[0], ics, chart, dark=dark)
    if form == "json":
        records = [(name, timeline_record(one, LANG.get(), s)) for (name, one), s in zip(found, shown, strict=True)]
        print_records(records, alone=alone)
        return
    from expressentry.present.text.timeline import print_stream_days, print_timeline

    for (name, one), events in zip(found, shown, strict=True):
        print_name(name, alone=alone)
        print_timeline(one.first, one.events, events, one.until, LANG.get())
        if one.streams is not None:
            print_stream_days(one.streams, one.until, LANG.get())
    note_warnings(found[0][1].first.rules)


def _files(
    found: Timeline, shown: Sequence[TimelineEvent], profile: str, ics: str | None, chart: str | None, *, dark: bool
) -> None:
    """Write the calendar and the picture where they are wanted."""
    if ics is not None:
        from expressentry.present.feeds import calendar_of

        name, streams = Path(profile).stem, found.streams or ()
        write_atomically(Path(ics), calendar_of(shown, found.first.rules.day, name, LANG.get(), streams))
        note(_WRITTEN.fill(f=ics))
    if chart is not None:
        from expressentry.present.charts.save import save
        from expressentry.present.charts.timeline import timeline_chart, timeline_data

        data = timeline_data(found.first, found.events, found.until, LANG.get())
        save(timeline_chart(data, LANG.get(), dark=dark), data, Path(chart), LANG.get(), dark=dark)
        note(_WRITTEN.fill(f=chart))


_WRITTEN = Text("written: {f}", "écrit : {f}")
