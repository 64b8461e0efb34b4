"""`expressentry plan`: which steps raise the score, and which reach a target."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import click

from expressentry.cli.help import Command
from expressentry.cli.options import DAY, day_option, format_option, lang_option, option, with_law
from expressentry.cli.people import people_argument, print_name, print_records, profiles_of
from expressentry.cli.support import LANG, context_of_run, note_record_age, note_warnings
from expressentry.errors import Problem, UsageError
from expressentry.law.law import Law
from expressentry.text import Text, whole_number

_MOST_DAYS = 9_999
_ABOUT = Text(
    """Try every combination of steps that a person can take: a better test, another credential, work, a nomination,
    the partner as principal applicant. Each step is tried on the day when it would be done. You see which combinations
    add most points, soonest, with the fewest steps.

    PROFILE is a file of dated facts, or a folder of them. All steps begin on the day of --on and run at the same
    time. The person is assessed on the day the last one is done, with the age, the tests and the work of that day.
    With a target the cheapest ways to reach it come first; a round is a target only if the person could enter it.
    Durations and costs marked * are assumed: give your own.""",
    """Essayer chaque combinaison de démarches à la portée d'une personne : un meilleur test, un autre diplôme, du
    travail, une désignation, le conjoint comme demandeur principal. Chaque démarche est essayée au jour où elle serait
    terminée. Vous voyez quelles combinaisons ajoutent le plus de points, le plus tôt, avec le moins de démarches.

    PROFILE est un fichier de faits datés, ou un dossier de tels fichiers. Toutes les démarches commencent le jour de
    --on et avancent en même temps. La personne est évaluée le jour où la dernière est terminée, avec l'âge, les tests
    et le travail de ce jour. Avec une cible, les moyens les moins chers viennent d'abord; une ronde ne sert de cible
    que si la personne pouvait y entrer. Les durées et les coûts marqués * sont supposés : donnez les vôtres.""",
)


@click.command(
    "plan",
    cls=Command,
    about=_ABOUT,
    example="expressentry plan examples/people/couple.toml --type trades --size 2 --on 2026-10-01",
)
@people_argument
@option("--target", type=int, metavar="SCORE", about=Text("A score to reach.", "Une note à atteindre."))
@option(
    "--round",
    "number",
    metavar="N",
    about=Text("Reach the cut-off of this round.", "Atteindre la note minimale de cette ronde."),
)
@option(
    "--type",
    "series",
    metavar="TYPE",
    about=Text(
        "Reach the last cut-off of a type or category.",
        "Atteindre la dernière note minimale d'un type ou d'une catégorie.",
    ),
)
@option("--by", type=DAY, about=Text("Only steps done by this day.", "Seulement les démarches terminées à ce jour."))
@option(
    "--size",
    type=int,
    default=4,
    metavar="N",
    about=Text("The most steps in a plan (4 unless given).", "Le plus de démarches par plan (4 par défaut)."),
)
@option(
    "--with", "needed", multiple=True, metavar="STEP", about=Text("Steps in every plan.", "Démarches de chaque plan.")
)
@option("--without", multiple=True, metavar="STEP", about=Text("Steps in no plan.", "Démarches d'aucun plan."))
@option(
    "--also",
    multiple=True,
    metavar="STEP",
    about=Text(
        "Steps tried only where you ask for them: partner-stays.",
        "Démarches essayées seulement si vous les demandez : partner-stays.",
    ),
)
@option(
    "--assume",
    "assumed",
    multiple=True,
    metavar="STEP=DAYS",
    about=Text("Your own duration of a step, in days.", "Votre propre durée d'une démarche, en jours."),
)
@day_option
@with_law
@format_option("text", "json")
@lang_option
def plan(
    profiles: tuple[str, ...],
    target: int | None,
    number: str | None,
    series: str | None,
    by: date | None,
    size: int,
    needed: tuple[str, ...],
    without: tuple[str, ...],
    also: tuple[str, ...],
    assumed: tuple[str, ...],
    on: date,
    law: Law,
    form: str,
) -> None:
    """Try every combination of steps."""
    from expressentry.advise.plan.request import PlanRequest
    from expressentry.answers.plan import plan as best
    from expressentry.answers.plan import plans_record

    request = PlanRequest(
        effort=None,
        size=size,
        by=by,
        target=target,
        round_number=number,
        series=series,
        needed=needed,
        without=without,
        also=also,
        days=_days(assumed),
    )
    people, alone = profiles_of(profiles, law)
    context = context_of_run(law, on)
    found = [(name, best(context, person, on, request)) for name, person in people]
    if form == "json":
        print_records([(name, plans_record(one, LANG.get())) for name, one in found], alone=alone)
        return
    from expressentry.present.text.plan import print_plans

    for name, one in found:
        print_name(name, alone=alone)
        print_plans(one, LANG.get())
    note_warnings(found[0][1].last_rules)
    if any(one.target is not None and one.target.round is not None for _, one in found):
        note_record_age(context.record, on)


def _days(pairs: Iterable[str]) -> dict[str, int]:
    """Read `STEP=DAYS` pairs."""
    found, problems = {}, []
    for pair in pairs:
        name, _, days = pair.partition("=")
        number = whole_number(days, _MOST_DAYS)
        if number is not None:
            found[name] = number
            continue
        rule = Text("STEP=DAYS, a whole number of days", "DÉMARCHE=JOURS, un nombre entier de jours")
        fix = Text("for example nomination=120", "par exemple nomination=120")
        problems.append(Problem("not_a_number", "assume", rule, fix, pair))
    if problems:
        raise UsageError(problems)
    return found
