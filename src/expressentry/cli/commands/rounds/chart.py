"""`expressentry rounds chart`: cutoffs, pool, invitations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from expressentry.cli.help import Command, Group
from expressentry.cli.options import DAY, day_option, format_option, lang_option, option, with_law
from expressentry.cli.support import (
    LANG,
    context_of_run,
    drawable,
    note,
    note_record_age,
    print_rows,
    read_person,
    record_of_run,
)
from expressentry.dates import parse_day
from expressentry.errors import Problem, UsageError
from expressentry.law.law import Law
from expressentry.present.charts.data import ChartData
from expressentry.text import Text

chart = Group(
    "chart",
    members={
        "cutoffs": (
            "expressentry.cli.commands.rounds.chart:chart_cutoffs",
            Text("Cut-offs over time.", "Notes minimales au fil du temps."),
        ),
        "pool": (
            "expressentry.cli.commands.rounds.chart:chart_pool",
            Text("The pool now and a year before.", "Le bassin, et un an avant."),
        ),
        "invitations": (
            "expressentry.cli.commands.rounds.chart:chart_invitations",
            Text("Invitations by year.", "Invitations par année."),
        ),
    },
    about=Text(
        "Charts as SVG, PNG or one offline HTML page. The text that is printed describes what they show.",
        "Graphiques en SVG, en PNG ou en une page HTML hors ligne. Le texte affiché décrit ce qu'ils montrent.",
    ),
    example="expressentry rounds chart cutoffs --out cutoffs.svg --on 2026-10-01",
)


def _picture(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every chart."""
    out = Text(
        "Where the picture goes: .svg, .png or .html. Without it only the text is written.",
        "Où va l'image : .svg, .png ou .html. Sans elle, seul le texte est écrit.",
    )
    function = lang_option(format_option("text", "json", "csv")(day_option(function)))
    function = option("--dark", is_flag=True, about=Text("Use a dark background.", "Sur fond sombre."))(function)
    return option("--out", metavar="FILE", about=out)(function)


@click.command(
    "cutoffs",
    cls=Command,
    about=Text(
        "Draw the cut-offs over time for each kind of round, and your own score if you give it.",
        "Tracer les notes minimales au fil du temps pour chaque genre de ronde, et votre note si vous la donnez.",
    ),
    example="expressentry rounds chart cutoffs --out cutoffs.svg --on 2026-10-01",
)
@option("--from", "from_", type=DAY, about=Text("From this day.", "À partir de ce jour."))
@option(
    "--own",
    multiple=True,
    metavar="DATE=CRS",
    about=Text("Your score from a day on. Can be repeated.", "Votre note dès un jour. Répétable."),
)
@option(
    "--profile",
    metavar="PROFILE",
    about=Text("Draw this person's score over time.", "Tracer la note de cette personne au fil du temps."),
)
@with_law
@_picture
def chart_cutoffs(
    from_: date | None,
    own: tuple[str, ...],
    profile: str | None,
    law: Law,
    out: str | None,
    dark: bool,
    on: date,
    form: str,
) -> None:
    """Draw the cut-offs."""
    from expressentry.present.charts import data as chart_data

    mine, context = _own_scores(own), context_of_run(law, on)
    record = context.record
    if profile is not None:
        from expressentry.answers.rounds import scores

        days = sorted({one.date for one in record if (from_ or one.date) <= one.date <= on} | {on})
        mine = _steps([*mine, *scores(context, read_person(profile, law), days)])
    data = chart_data.cutoffs(record, on, from_, LANG.get())

    def draw() -> Any:
        from expressentry.present.charts.draw import cutoffs_chart

        return cutoffs_chart(data, LANG.get(), dark=dark, own=mine)

    _answer(data, draw, out, form, dark=dark)
    note_record_age(record, on)


@click.command(
    "pool",
    cls=Command,
    about=Text(
        "Draw the newest distribution of the pool on a day, and that of a year before.",
        "Tracer la dernière répartition du bassin à un jour, et celle d'un an avant.",
    ),
    example="expressentry rounds chart pool --out pool.svg --on 2026-10-01",
)
@with_law
@_picture
def chart_pool(law: Law, out: str | None, dark: bool, on: date, form: str) -> None:
    """Draw the pool."""
    from expressentry.present.charts import data as chart_data

    record = record_of_run(law, on)
    data = chart_data.pool(record, on, LANG.get())

    def draw() -> Any:
        from expressentry.present.charts.draw import pool_chart

        return pool_chart(data, LANG.get(), dark=dark)

    _answer(data, draw, out, form, dark=dark)
    note_record_age(record, on)


@click.command(
    "invitations",
    cls=Command,
    about=Text(
        "Draw the invitations of each year by kind of round.",
        "Tracer les invitations de chaque année par genre de ronde.",
    ),
    example="expressentry rounds chart invitations --out invitations.svg --on 2026-10-01",
)
@with_law
@_picture
def chart_invitations(law: Law, out: str | None, dark: bool, on: date, form: str) -> None:
    """Draw the invitations."""
    from expressentry.present.charts import data as chart_data

    record = record_of_run(law, on)
    data = chart_data.invitations(record, on, LANG.get())

    def draw() -> Any:
        from expressentry.present.charts.draw import invitations_chart

        return invitations_chart(data, LANG.get(), dark=dark)

    _answer(data, draw, out, form, dark=dark)
    note_record_age(record, on)


def _answer(data: ChartData, draw: Callable[[], Any], out: str | None, form: str, *, dark: bool) -> None:
    """Write the picture where one is wanted, and what it shows as text or data."""
    if out is not None:
        drawable(out)
        from expressentry.present.charts.save import save

        save(draw(), data, Path(out), LANG.get(), dark=dark)
    if form == "text":
        from expressentry.present.text.rounds import print_chart

        print_chart(data, LANG.get())
    else:
        print_rows(data.rows, form)
    if out is not None:
        note(Text("written: {f}", "écrit : {f}").fill(f=out))


def _steps(scores: Sequence[tuple[date, int]]) -> list[tuple[date, int]]:
    """Only the days on which a score differs from the one before."""
    ordered = sorted(scores)
    return [one for at, one in enumerate(ordered) if at == 0 or one[1] != ordered[at - 1][1]]


def _own_scores(pairs: Sequence[str]) -> list[tuple[date, int]]:
    """Read `DATE=CRS` pairs."""
    found, problems = [], []
    for pair in pairs:
        day, _, score = pair.partition("=")
        try:
            found.append((parse_day(day), int(score)))
        except ValueError:
            fix = Text("for example 2026-01-05=491", "par exemple 2026-01-05=491")
            problems.append(Problem("not_a_score", "own", Text("DATE=CRS", "DATE=SCG"), fix, pair))
    if problems:
        raise UsageError(problems)
    return found
