"""`expressentry plan`: which moves raise the score, and which reach a target."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import click

from expressentry.cli.base import LANG, print_json
from expressentry.cli.help import Command
from expressentry.cli.laws import law_of_run, note_warnings
from expressentry.cli.options import Day, day_option, format_option, lang_option, law_options, option
from expressentry.cli.people import read_person
from expressentry.cli.records import note_record_age, record_of_run
from expressentry.errors import Problem, UsageError
from expressentry.text import Text

_ABOUT = Text(
    """Try every combination of moves that a person can make — a better test, another credential, work, a nomination,
    who of two applies — each on the day when it would be done, and say which raise the score most, soonest, with the
    fewest moves.

    PROFILE is a file of dated facts. Moves are made side by side from the day of --on; the person is assessed on the
    day the last one is done, with the age, the tests and the work of that day. With a target the cheapest ways to it
    come first; a way into a round counts only where the person could enter it. Durations and costs marked * are
    assumed: give your own.""",
    """Essayer chaque combinaison de gestes à la portée d'une personne — un meilleur test, un autre diplôme, du
    travail, une désignation, qui des deux demande — chacun au jour où il serait fait, et dire lesquels élèvent le
    plus le score, le plus tôt, avec le moins de gestes.

    PROFILE est un fichier de faits datés. Les gestes se font côte à côte dès le jour de --on; la personne est évaluée
    le jour où le dernier est fait, avec l'âge, les tests et le travail de ce jour. Avec une cible, les moyens les moins
    chers viennent d'abord; une ronde ne compte que si la personne pouvait y entrer. Les durées et coûts marqués * sont
    supposés : donnez les vôtres.""",
)


@click.command(
    "plan",
    cls=Command,
    about=_ABOUT,
    example="expressentry plan examples/people/couple.toml --type trades --size 2 --on 2026-10-01",
)
@click.argument("profile")
@option("--target", type=int, metavar="SCORE", about=Text("A score to reach.", "Un score à atteindre."))
@option(
    "--round",
    "number",
    metavar="N",
    about=Text("The cut-off of this round, and its entry.", "La note minimale de cette ronde, et son accès."),
)
@option(
    "--type",
    "series",
    metavar="TYPE",
    about=Text("The last cut-off of a type or category.", "La dernière note minimale d'un type ou d'une catégorie."),
)
@option("--by", type=Day(), about=Text("Only moves done by this day.", "Seulement les gestes faits à ce jour."))
@option(
    "--size",
    type=int,
    default=4,
    metavar="N",
    about=Text("The most moves in a plan (4 unless given).", "Le plus de gestes par plan (4 par défaut)."),
)
@option("--with", "needed", multiple=True, metavar="MOVE", about=Text("In every plan.", "Dans chaque plan."))
@option("--without", multiple=True, metavar="MOVE", about=Text("In no plan.", "Dans aucun plan."))
@option(
    "--assume",
    "assumed",
    multiple=True,
    metavar="MOVE=DAYS",
    about=Text("Your own duration of a move, in days.", "Votre durée d'un geste, en jours."),
)
@day_option
@law_options
@format_option("text", "json")
@lang_option
def plan(
    profile: str,
    target: int | None,
    number: str | None,
    series: str | None,
    by: date | None,
    size: int,
    needed: tuple[str, ...],
    without: tuple[str, ...],
    assumed: tuple[str, ...],
    on: date,
    laws: tuple[str, ...],
    numbers: tuple[str, ...],
    form: str,
) -> None:
    """Try every combination of moves."""
    from expressentry.advise.plan.request import PlanRequest
    from expressentry.advise.plan.search import plan as best

    record = record_of_run(on)
    request = PlanRequest(
        size=size,
        by=by,
        target=target,
        round_number=number,
        series=series,
        needed=needed,
        without=without,
        days=_days(assumed),
    )
    found = best(read_person(profile), on, request, record=record, law=law_of_run(laws, numbers))
    from expressentry.present.records.plan import plans_record, print_plans

    if form == "json":
        print_json(plans_record(found, LANG.get()))
        return
    print_plans(found, LANG.get())
    note_warnings(found.last_rules)
    if found.target is not None and found.target.round is not None:
        note_record_age(record, on)


def _days(pairs: Iterable[str]) -> dict[str, int]:
    """Read `MOVE=DAYS` pairs."""
    found, problems = {}, []
    for pair in pairs:
        name, _, days = pair.partition("=")
        if days.isascii() and days.isdigit() and len(days) < len("10000"):
            found[name] = int(days)
            continue
        rule = Text("MOVE=DAYS, a whole number of days", "GESTE=JOURS, un nombre entier de jours")
        fix = Text("for example nomination=120", "par exemple nomination=120")
        problems.append(Problem("not_a_number", "assume", rule, fix, pair))
    if problems:
        raise UsageError(problems)
    return found
