"""`expressentry simulate run`: a scenario, day by day, for one seed or several."""

from __future__ import annotations

from pathlib import Path

import click

from expressentry.cli.help import Command, complete_files
from expressentry.cli.options import format_option, lang_option, law_options, option, processes_option
from expressentry.cli.support import LANG, STOPPED, home, law_of_run, parse_numbers, print_json, progress, say
from expressentry.errors import needs
from expressentry.simulate.scenario.read import shipped_scenarios
from expressentry.text import Text

MOST_SEEDS = 1000
GOES_ON = Text("stopped; the same command goes on where it was", "arrêté; la même commande reprend où elle en était")


@click.command(
    "run",
    cls=Command,
    about=Text(
        """Simulate a scenario day by day: people arrive, have birthdays, complete years of work, are invited, decline,
        apply and leave; rounds are issued as published, on fixed days or by a rule, under the law of each day or with a
        law file.

        SCENARIO is a TOML file, or one of the shipped scenarios: simulate scenarios lists them. The folder gets
        rounds.ndjson, pool.ndjson, summary.json and groups.ndjson; with several seeds, or several values of an open
        number, one folder each. The same seed gives the same files, byte for byte. A run that was stopped goes on
        where it stopped when the same command is given again.""",
        """Simuler un scénario jour par jour : des personnes arrivent, ont leur anniversaire, complètent des années de
        travail, sont invitées, refusent, présentent une demande et partent; les rondes sont tenues telles que
        publiées, à jours fixes ou selon une règle, sous le droit de chaque jour ou avec un fichier de droit.

        SCENARIO est un fichier TOML, ou l'un des scénarios livrés : simulate scenarios les liste. Le dossier reçoit
        rounds.ndjson, pool.ndjson, summary.json et groups.ndjson; avec plusieurs graines, ou plusieurs valeurs d'un
        nombre ouvert, un dossier chacune. La même graine donne les mêmes fichiers, octet pour octet. Une simulation
        arrêtée reprend où elle en était quand la même commande est donnée de nouveau.""",
    ),
    example="expressentry simulate run examples/simulate/autumn.toml --out results",
)
@click.argument("scenario", shell_complete=complete_files, metavar="SCENARIO")
@option("--out", required=True, metavar="FOLDER", about=Text("Where the results go.", "Où vont les résultats."))
@option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    about=Text("The first seed.", "La première graine."),
)
@option(
    "--seeds",
    type=click.IntRange(1, MOST_SEEDS),
    default=1,
    about=Text("How many seeds, one after the other.", "Combien de graines, l'une après l'autre."),
)
@processes_option
@law_options
@format_option("text", "json")
@lang_option
def run(
    scenario: str,
    out: str,
    seed: int,
    seeds: int,
    processes: int | None,
    laws: tuple[str, ...],
    numbers: tuple[str, ...],
    form: str,
) -> None:
    """Simulate a scenario."""
    needs("lab", "numpy", "scipy")
    law_of_run(laws, numbers)  # what is wrong in it is said before anything is read
    from expressentry.answers.context import history_of
    from expressentry.simulate.run.many import days_of, jobs_of, run_all, write_index
    from expressentry.simulate.scenario.change import with_law_of_run
    from expressentry.simulate.scenario.read import read_scenario

    read = with_law_of_run(read_scenario(scenario), laws, parse_numbers(numbers), home())
    folder = Path(out)
    STOPPED.set(GOES_ON)
    jobs = jobs_of(read, range(seed, seed + seeds), folder, history_of(home()))
    with progress(say(read.title), lambda: sum(map(days_of, jobs))) as advance:
        found = run_all(jobs, advance, processes)
    if len(jobs) > 1:
        write_index(jobs, folder)
    if form == "json":
        print_json(found[0] if len(found) == 1 else found)
        return
    from expressentry.present.text.simulate import print_run

    print_run(read, found, out, LANG.get())


@click.command(
    "scenarios",
    cls=Command,
    about=Text(
        """List the shipped scenarios, or show the documentation of one: what it supposes, and what it does not say.

        SCENARIO is the id of one of them, or a TOML file.""",
        """Lister les scénarios livrés, ou montrer la documentation de l'un : ce qu'il suppose, ce qu'il ne dit pas.

        SCENARIO est l'identifiant de l'un d'eux, ou un fichier TOML.""",
    ),
    example="expressentry simulate scenarios stem-back",
)
@click.argument("scenario", shell_complete=complete_files, metavar="SCENARIO", required=False)
@format_option("text", "json")
@lang_option
def scenarios(scenario: str | None, form: str) -> None:
    """List the shipped scenarios, or show one."""
    from expressentry.present.text.simulate import print_scenario, print_scenarios
    from expressentry.simulate.scenario.described import described
    from expressentry.simulate.scenario.read import read_scenario

    found = [read_scenario(one) for one in ([scenario] if scenario else shipped_scenarios())]
    if form == "json":
        records = [described(one, LANG.get()) for one in found]
        print_json(records[0] if scenario else records)
    elif scenario:
        print_scenario(found[0], LANG.get())
    else:
        print_scenarios(found, LANG.get())
