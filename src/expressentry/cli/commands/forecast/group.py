"""`expressentry forecast`: the next rounds; `backtest`, `publish` and `score` are in their own module."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from expressentry.cli.help import Command, Group, complete_files
from expressentry.cli.options import LAST_DAY, day_option, format_option, lang_option, option, with_law
from expressentry.cli.support import LANG, context_of_run, drawable, note, note_warnings, print_json, read_person
from expressentry.errors import Problem, UsageError, needs
from expressentry.law.law import Law
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.answers.context import Context
    from expressentry.answers.forecast import Basis, TypeForecast
    from expressentry.profile.model import Profile

_SHOW = "show"


class _Forecast(Group):
    """A group whose first word may be a type or a file: then it is `show` that is meant."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `show` before what is no command of the group."""
        if not args or (args[0] not in self.members and args[0] != "--help"):
            args = [_SHOW, *args]
        return super().parse_args(ctx, args)


forecast = _Forecast(
    "forecast",
    members={
        _SHOW: (
            "expressentry.cli.commands.forecast.group:show",
            Text("The next rounds of a type (may be left out).", "Les prochaines rondes d'un type (peut s'omettre)."),
        ),
        "backtest": (
            "expressentry.cli.commands.forecast.record:backtest",
            Text("How good the forecasts would have been.", "Ce que les prévisions auraient valu."),
        ),
        "publish": (
            "expressentry.cli.commands.forecast.record:publish",
            Text("Write down forecasts before a round.", "Consigner des prévisions avant une ronde."),
        ),
        "score": (
            "expressentry.cli.commands.forecast.record:score",
            Text("Score what was published.", "Évaluer ce qui a été publié."),
        ),
    },
    about=Text(
        """Say when the next round of a type is likely, how large it may be, and its cut-off, as ranges: no date and no
        score without its interval. The record of these forecasts is shown beside each, next to that of the simplest
        forecast: the last cut-off again.

        Give a type (cec, french, pnp …), nothing for all types, or a PROFILE: then you see the chance of an invitation
        month by month, along that person's own timeline. Where rounds are missing or the law is not known to us there
        is a forecast only under an assumption that you name with --assume.""",
        """Dire quand la prochaine ronde d'un type est probable, quelle taille elle peut avoir, et sa note minimale, en
        intervalles : ni date ni note sans son intervalle. Le bilan de ces prévisions est montré à côté, avec celui de
        la prévision la plus simple : la dernière note de nouveau.

        Donnez un type (cec, french, pnp …), rien pour tous les types, ou un PROFILE : vous voyez alors la probabilité
        d'une invitation mois par mois, le long de l'échéancier de cette personne. Si des rondes manquent ou si le droit
        ne nous est pas connu, il n'y a de prévision que sous une hypothèse nommée par --assume.""",
    ),
    example="expressentry forecast cec --on 2026-10-02",
)


@click.command(
    _SHOW,
    cls=Command,
    about=Text(
        "Show the next rounds of a type, of all types, or the chance of an invitation of a person.",
        "Montrer les prochaines rondes d'un type, de tous les types, ou la probabilité d'invitation d'une personne.",
    ),
    example="expressentry forecast show french --horizon 3 --on 2026-10-02",
)
@click.argument("what", shell_complete=complete_files, required=False, metavar="[TYPE|PROFILE]")
@option(
    "--horizon",
    type=int,
    metavar="ROUNDS",
    about=Text("So many rounds ahead (1 unless given).", "Tant de rondes à venir (1 par défaut)."),
)
@option(
    "--until",
    type=LAST_DAY,
    about=Text("Instead: all rounds likely by this day.", "Ou bien : toutes les rondes probables d'ici à ce jour."),
)
@option(
    "--months",
    type=int,
    metavar="MONTHS",
    about=Text("For a person: so many months (6 unless given).", "Pour une personne : tant de mois (6 par défaut)."),
)
@option(
    "--assume",
    metavar="GRID",
    about=Text(
        "Assume that these points apply (an id of `law list`) and that rounds went on.",
        "Supposer que ces points s'appliquent (identifiant de `law list`) et que les rondes ont continué.",
    ),
)
@option("--chart", metavar="FILE", about=Text("Draw it: .svg, .png or .html.", "Le tracer : .svg, .png ou .html."))
@option("--dark", is_flag=True, about=Text("Use a dark background.", "Sur fond sombre."))
@day_option
@with_law
@format_option("text", "json")
@lang_option
def show(
    what: str | None,
    horizon: int | None,
    until: date | None,
    months: int | None,
    assume: str | None,
    chart: str | None,
    dark: bool,
    on: date,
    law: Law,
    form: str,
) -> None:
    """Show a forecast."""
    needs("lab", "numpy", "scipy", field="forecast")
    if horizon is not None and until is not None:
        rule = Text("cannot be given together with --until", "ne se donne pas avec --until")
        raise UsageError(Problem("both_given", "horizon", rule, Text("give one of them", "donner l'un des deux")))
    if chart is not None:
        drawable(chart)
    from expressentry.answers.forecast import basis_of, check_type, forecast, types_of

    context = context_of_run(law, on)
    person = read_person(what, law) if what is not None and _is_file(what) else None
    basis = basis_of(context, on, assume)
    if person is not None:
        _chances(context, person, basis, 6 if months is None else months, form)
        note_warnings(context.rules(on))
        return
    known = types_of(basis)
    if what is not None:
        check_type(what, known)
    if months is not None:
        rule = Text("is for a person's profile", "est pour le profil d'une personne")
        fix = Text("use --horizon or --until", "prendre --horizon ou --until")
        raise UsageError(Problem("not_of_a_type", "months", rule, fix))
    rounds = 1 if horizon is None else horizon
    found = [
        forecast(context, basis, name, rounds=rounds, until=until) for name in (known if what is None else (what,))
    ]
    if chart is not None:
        _draw(found[0], Path(chart), dark=dark)
    _print(found, form, alone=what is not None)
    note_warnings(context.rules(on))


def _chances(context: Context, person: Profile, basis: Basis, months: int, form: str) -> None:
    """Print the chance of an invitation of a person, month by month."""
    from expressentry.answers.chances import chances, chances_record
    from expressentry.present.text.forecast import print_chances

    chance = chances(context, person, basis, months=months)
    if form == "json":
        print_json(chances_record(chance, LANG.get()))
    else:
        print_chances(chance, LANG.get())


def _draw(found: TypeForecast, path: Path, *, dark: bool) -> None:
    """Draw the forecast of a type."""
    from expressentry.present.charts.forecast import fan_chart, fan_data
    from expressentry.present.charts.save import save

    data = fan_data(found, LANG.get())
    save(fan_chart(data, LANG.get(), dark=dark), data, path, LANG.get(), dark=dark)
    note(Text("written: {f}", "écrit : {f}").fill(f=path))


def _print(found: Sequence[TypeForecast], form: str, *, alone: bool) -> None:
    """Print the forecasts of all types, or that of one."""
    from expressentry.answers.forecast import forecast_record
    from expressentry.present.text.forecast import print_forecast, print_forecasts

    if form == "json":
        records = [forecast_record(one, LANG.get()) for one in found]
        print_json(records[0] if alone else records)
    elif alone:
        print_forecast(found[0], LANG.get())
    else:
        print_forecasts(found, LANG.get())


def _is_file(what: str) -> bool:
    """Whether a word names a file and not a type: by its ending, or because it is there."""
    return Path(what).suffix.lower() in (".toml", ".json") or Path(what).is_file()
